package shares

import (
	"bytes"
	"strings"
	"testing"
)

const seats = "description: \"a small\n  one\"\nprofile: [[1, 2], [0,\n    1], []]\nnum_cand: 4\ncommitteesize: 2\ncompute:\n- rule_id: av\n  result: [[1, 2]]\n"

func TestCommitteeIsRead(t *testing.T) {
	in, err := ParseABC(strings.NewReader(seats))
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Items) != 4 || in.Items[3].ID != "3" || in.Budget != 2 || !in.Committee || len(in.Ballots) != 3 || in.Ballots[1].Choices[1] != 1 || in.meta("description") != "a small one" {
		t.Errorf("read %+v", in)
	}
	// Candidate 3 is nobody's, yet three seats are three seats.
	in.Budget = 4
	for _, r := range everyRule {
		res, err := Run(in, r)
		if err != nil || len(res.Selected) != 4 && (r.Kind != EqualShares || r.Completion != None) {
			t.Errorf("%s %s: %v elected (%v), want all four", r.Kind, r.Completion, res.Selected, err)
		}
	}
	var b bytes.Buffer
	if err := Write(&b, in); err == nil || err.Error() != `ballot "3": empty: a .pb file cannot hold it` {
		t.Errorf("an empty ballot written: %v", err)
	}
}

func TestParseABCNamesTheLine(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"no profile", "profile", "profil", `line 3: unknown key "profil"`},
		{"no size", "committeesize: 2\n", "", "line 1: no committeesize"},
		{"size is no number", "committeesize: 2", "committeesize: two", `line 6: committeesize "two": want a whole number`},
		{"size is NaN", "committeesize: 2", "committeesize: NaN", `line 6: committeesize "NaN"`},
		{"more seats than candidates", "committeesize: 2", "committeesize: 5", "line 6: committeesize 5, but there are 4 candidates"},
		{"unknown candidate", "[0,", "[7,", "line 3: ballot 2: no candidate 7"},
		{"negative candidate", "[0,", "[-1,", `line 3: profile: ballot 2: "-1,`},
		{"candidate twice", "[1, 2]", "[1, 1]", "line 3: ballot 1: candidate 1 twice"},
		{"no bracket", "profile: [[", "profile: [", "line 3: profile: want a ballot in brackets"},
		{"open bracket", "[]]", "[]", "line 4: profile: want , or ] after a ballot"},
		{"something after", "[]]", "[]]]", `line 4: profile: ']' after the last bracket`},
		{"no ballots", "[[1, 2], [0,\n    1], []]", "[]", "line 3: no ballots"},
		{"key twice", "num_cand: 4", "num_cand: 4\nnum_cand: 4", "line 6: num_cand twice, first in line 5"},
		{"no key", "num_cand: 4", "num_cand", `line 5: "num_cand": want a key`},
		{"not UTF-8", "small", "sm\xffll", "line 1: not UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(seats, c.from, c.to, 1)
			if text == seats {
				t.Fatal("nothing replaced")
			}
			_, err := ParseABC(strings.NewReader(text))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

// FuzzParseABC: no input crashes the reader, and what it accepts has its seats filled.
func FuzzParseABC(f *testing.F) {
	f.Add([]byte(seats))
	f.Add([]byte(strings.ReplaceAll(seats, "\n", "\r\n")))
	f.Add([]byte("profile: [[0]]\nnum_cand: 1\ncommitteesize: 1"))
	f.Add([]byte("# a comment\n\nprofile: []\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := ParseABC(bytes.NewReader(text))
		if err != nil || len(in.Items) > 30 || len(in.Ballots) > 60 {
			return
		}
		for _, r := range committees {
			res, err := Run(in, r)
			if err != nil || int64(len(res.Selected)) != in.Budget {
				t.Fatalf("%s %s: %d of %d seats (%v)", r.Kind, r.Completion, len(res.Selected), in.Budget, err)
			}
		}
	})
}
