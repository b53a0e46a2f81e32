package priority

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
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

func TestDeviceTokens(t *testing.T) {
	key, other := [32]byte{1}, [32]byte{2}
	v := Device{id: [16]byte{9, 8, 7}}
	token := v.token(key)
	if got, ok := parseDevice(token, key); !ok || got != v {
		t.Error("our own token was refused")
	}
	if _, ok := parseDevice(strings.ToUpper(token), key); !ok {
		t.Error("upper case was refused")
	}
	flipped := []byte(token)
	flipped[3] ^= 1
	for name, bad := range map[string]string{"empty": "", "short": token[:20], "flipped": string(flipped), "text": "x' or 1"} {
		if _, ok := parseDevice(bad, key); ok {
			t.Errorf("%s token was accepted", name)
		}
	}
	if _, ok := parseDevice(token, other); ok {
		t.Error("a token under another key was accepted")
	}
}

// TestRowKeysDoNotJoin: the same device has unrelated keys in two contests, two
// doors and two editions.
func TestRowKeysDoNotJoin(t *testing.T) {
	var all []glosa.Hash
	for _, k := range [][32]byte{{1}, {2}} {
		for _, contest := range []glosa.ContestID{"a", "b"} {
			for _, door := range []glosa.Code{"device", "code"} {
				all = append(all, rowKey(k, contest, door, []byte("same")))
			}
		}
	}
	if n := len(all); len(distinct(all)) != n {
		t.Error("two row keys are equal")
	}
}

// TestMerkle checks against the tree hashes of RFC 6962 worked by hand.
func TestMerkle(t *testing.T) {
	leaf := func(h glosa.Hash) glosa.Hash { return sha256.Sum256(append([]byte{0}, h[:]...)) }
	node := func(a, b glosa.Hash) glosa.Hash { return sha256.Sum256(slices.Concat([]byte{1}, a[:], b[:])) }
	a, b, c := glosa.Hash{1}, glosa.Hash{2}, glosa.Hash{3}
	empty, _ := hex.DecodeString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	for _, x := range []struct {
		name string
		in   []glosa.Hash
		want glosa.Hash
	}{
		{"nothing", nil, glosa.Hash(empty)},
		{"one", []glosa.Hash{a}, leaf(a)},
		{"two, in any order", []glosa.Hash{b, a}, node(leaf(a), leaf(b))},
		{"three", []glosa.Hash{a, b, c}, node(node(leaf(a), leaf(b)), leaf(c))},
		{"five", []glosa.Hash{a, b, c, {4}, {5}}, node(node(node(leaf(a), leaf(b)), node(leaf(c), leaf(glosa.Hash{4}))), leaf(glosa.Hash{5}))},
		{"repeated", []glosa.Hash{a, a}, leaf(a)},
	} {
		if got := Merkle(distinct(x.in)); got != x.want {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

func TestCountsMoveInSteps(t *testing.T) {
	for _, c := range []struct{ was, n, want int }{
		{0, 9, 0}, {0, 10, 10}, {0, 17, 17}, {17, 26, 17}, {17, 27, 27}, {17, 8, 17}, {17, 7, 0}, {30, 20, 20}, {30, 21, 30},
	} {
		if got := moved(c.was, c.n); got != c.want {
			t.Errorf("shown %d, true %d: show %d, want %d", c.was, c.n, got, c.want)
		}
	}
}

func TestTrackerIsOfTheSalt(t *testing.T) {
	salt := glosa.Hash{7}
	h := sha256.Sum256(append([]byte("glosa/tracker/v1\x00"), salt[:]...))
	if Tracker(salt) != hex.EncodeToString(h[:]) {
		t.Error("another formula")
	}
	if DeviceSalt("") != [16]byte{} || DeviceSalt("mango") == DeviceSalt("mamey") {
		t.Error("a word makes its own salt, no word makes zeros")
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
