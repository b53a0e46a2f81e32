package priority

import (
	"testing"

	"glosa"
	"glosa/method/shares"
)

func TestRuleOfTheProtocol(t *testing.T) {
	base := Criteria{Rule: ruleEqualShares, Utility: "cardinality"}
	for _, c := range []struct {
		name        string
		completions []glosa.Code
		want        string // "" is refused
	}{
		{"default", []glosa.Code{"add1u", "utilitarian"}, shares.Add1U},
		{"add1 then utilitarian is add1u", []glosa.Code{"add1", "utilitarian"}, shares.Add1U},
		{"add1 alone", []glosa.Code{"add1"}, shares.Add1},
		{"utilitarian alone", []glosa.Code{"utilitarian"}, shares.Utilitarian},
		{"none", nil, shares.None},
		{"unknown word", []glosa.Code{"luck"}, ""},
		{"wrong order", []glosa.Code{"utilitarian", "add1"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := base
			x.Completions = c.completions
			r, err := x.rule()
			if (err == nil) != (c.want != "") || err == nil && r.Completion != c.want {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
	base.Rule = "outside_selector"
	if _, err := base.rule(); err == nil {
		t.Error("a rule that is not computed here was accepted")
	}
}

// TestSealIsTheCommitment: the short way gives what glosa.Commit gives.
func TestSealIsTheCommitment(t *testing.T) {
	for _, choices := range [][]glosa.QuestionID{{"DEMO26-0001-K"}, {"DEMO26-0001-K", "DEMO26-0400-A", "QR26-12345-B"}} {
		b := &ballot{contest: "demo26-agenda", choices: choices, saltServer: glosa.Hash{1}, saltDevice: [16]byte{2}, opener: glosa.Hash{3}}
		b.seal()
		want, err := glosa.Commit(b.salt(), b.receipt().Object())
		if err != nil || b.commit != want {
			t.Errorf("%v: %s, want %s (%v)", choices, b.commit, want, err)
		}
	}
}
