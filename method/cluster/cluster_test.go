package cluster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// file is the result's bytes.
func file(t interface{ Fatal(...any) }, v *Votes, rule Rule) string {
	res, err := v.Groups(context.Background(), rule)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := res.File()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// spoken are votes written "who statement vote", in the order of time.
func spoken(t testing.TB, text string) *Votes {
	t.Helper()
	v := &Votes{}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Fields(line)
		says, err := strconv.Atoi(f[2])
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Cast(Vote{f[0], f[1], says, int64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

const fourPeople = "ana 1 1\nana 2 -1\nana 3 1\nbeto 1 1\nbeto 2 -1\nbeto 3 1\n" +
	"carla 1 -1\ncarla 2 1\ncarla 3 1\ndani 1 -1\ndani 2 1\ndani 3 1"

// TestWorkedExample is the one of the package comment.
func TestWorkedExample(t *testing.T) {
	res, err := spoken(t, fourPeople).Groups(t.Context(), Rule{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{math.Sqrt2, math.Sqrt2, -math.Sqrt2, -math.Sqrt2} {
		p := res.Participants[i]
		if !near(p.X, want) || p.Y != 0 || *p.Group != i/2 {
			t.Errorf("%s is at %v, %v in group %d, want %v, 0 in %d", p.ID, p.X, p.Y, *p.Group, want, i/2)
		}
	}
	if !slices.Equal(res.PCA.Center, []float64{0, 0, 1}) || !slices.Equal(res.PCA.Components[1], []float64{0, 0, 0}) {
		t.Errorf("centre %v, second component %v", res.PCA.Center, res.PCA.Components[1])
	}
	if res.K != 2 || res.Groups[0].Votes["1"] != (Tally{2, 0, 2}) {
		t.Errorf("%d groups, the first voted %v on statement 1", res.K, res.Groups[0].Votes["1"])
	}
	first := res.Groups[0].Representative[0]
	if first.Statement != "1" || first.For != "agree" || !near(first.Share, 0.75) || !near(first.Test, math.Sqrt(3)) ||
		!near(first.Ratio, 3) || !near(first.RatioTest, math.Sqrt(3)) {
		t.Errorf("first representative of group 0: %+v", first)
	}
	if c := res.Consensus; len(c.Agree) != 1 || c.Agree[0].Statement != "3" || !near(c.Agree[0].Test, math.Sqrt(5)) || len(c.Disagree) != 0 {
		t.Errorf("consensus %+v", c)
	}
	if g := res.GroupAwareConsensus; !near(g["3"], 0.5625) || !near(g["1"], 0.1875) || !near(g["2"], 0.1875) {
		t.Errorf("group-aware consensus %v", g)
	}
}

// TestPlainConversations are those in which some step has nothing to go by.
func TestPlainConversations(t *testing.T) {
	for _, c := range []struct {
		name, votes string
		k           int
		second      bool // is there a second axis
	}{
		{"one participant", "a 1 1\na 2 -1", 1, false},
		{"one vote", "a 1 0", 1, false},
		{"all agree with all", "a 1 1\na 2 1\nb 1 1\nb 2 1\nc 1 1\nc 2 1", 1, false},
		{"one statement, two opinions", "a 1 1\nb 1 1\nc 1 -1\nd 1 -1", 2, false},
		{"two axes of equal length", "a 1 1\na 2 0\nb 1 -1\nb 2 0\nc 1 0\nc 2 1\nd 1 0\nd 2 -1", 2, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := spoken(t, c.votes).Groups(t.Context(), Rule{})
			if err != nil {
				t.Fatal(err)
			}
			if res.K != c.k {
				t.Errorf("%d groups, want %d", res.K, c.k)
			}
			long := dot(res.PCA.Components[1], res.PCA.Components[1])
			if c.second != near(long, 1) || !c.second && long != 0 {
				t.Errorf("second axis has length² %v", long)
			}
			if raw := file(t, spoken(t, c.votes), Rule{}); strings.Contains(raw, "NaN") || strings.Contains(raw, "-0,") {
				t.Errorf("%s", raw)
			}
		})
	}
}

// TestCampsAreFound, as many as there are and nobody in another's, with base
// clusters and without, and also by those who voted on half of the statements.
func TestCampsAreFound(t *testing.T) {
	for _, of := range [][2]int{{2, 20}, {3, 30}, {2, 150}, {3, 450}} {
		camps, people := of[0], of[1]
		rnd := rand.New(rand.NewPCG(3, uint64(people)))
		v := &Votes{}
		for p := range people {
			for s := range 60 {
				says := -1 // but for what one's own camp wants
				if s%camps == p%camps {
					says = 1
				}
				if rnd.IntN(20) == 0 {
					says = 0
				}
				if rnd.IntN(2) == 0 {
					if err := v.Cast(Vote{Participant: strconv.Itoa(p), Statement: strconv.Itoa(s), Says: says}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		res, err := v.Groups(t.Context(), Rule{})
		if err != nil {
			t.Fatal(err)
		}
		if res.K != camps {
			t.Errorf("%d camps of %d people: %d groups", camps, people, res.K)
		}
		of := map[int]int{} // camp → group
		for i, p := range res.Participants {
			g, known := of[i%camps]
			if !known {
				g, of[i%camps] = *p.Group, *p.Group
			}
			if g != *p.Group {
				t.Errorf("%d camps of %d people: %s is in group %d, their camp in %d", camps, people, p.ID, *p.Group, g)
			}
		}
	}
}

func TestWrongInputNamesTheID(t *testing.T) {
	for _, c := range []struct {
		name string
		rule Rule
		want string
	}{
		{"too many groups", Rule{K: 3}, "k is 3, but only 2 groups of participants can be told apart"},
		{"negative groups", Rule{K: -1}, "k is -1: want a number of groups"},
		{"unlisted statement", Rule{Statements: []Statement{{ID: "1"}, {ID: "3"}}}, `statement "2" was voted on but is not in the list of statements`},
		{"empty list", Rule{Statements: []Statement{}}, `statement "1" was voted on but is not in the list of statements`},
		{"listed twice", Rule{Statements: []Statement{{ID: "1"}, {ID: "1"}}}, `statement "1" twice in the list of statements`},
		{"unknown participant", Rule{Assign: map[string]int{"zoe": 1, "eva": 1, "ana": 0}}, `participant "eva" has a group but no votes`},
	} {
		if _, err := spoken(t, fourPeople).Groups(t.Context(), c.rule); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := new(Votes).Groups(t.Context(), Rule{}); err == nil || err.Error() != "no votes" {
		t.Errorf("no votes: %v", err)
	}
	v := spoken(t, fourPeople)
	before := file(t, v, Rule{})
	for _, b := range []Vote{{"", "1", 1, 0}, {"a", "", 1, 0}, {"a", "1", 2, 0}, {"\xff", "1", 1, 0}} {
		if v.Cast(b) == nil {
			t.Errorf("%+v was counted", b)
		}
	}
	if file(t, v, Rule{}) != before {
		t.Error("a refused vote left a trace")
	}
}

func TestCancelledEndsEarly(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := spoken(t, fourPeople).Groups(ctx, Rule{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestOrderOfIDs puts numbers in the order of numbers, and words in that of bytes.
func TestOrderOfIDs(t *testing.T) {
	for _, want := range [][]string{{"-10", "-2", "0", "2", "10", "123456789012345678901234567890"}, {"", "1", "a"}, {"02", "10", "9"}, {"10", "9", "b"}} {
		got := slices.Clone(want)
		slices.Reverse(got)
		if slices.SortFunc(got, byID(want)); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// conversation draws votes, some of them changed later.
func conversation(t *rapid.T) []Vote {
	people, statements := rapid.IntRange(1, 40).Draw(t, "people"), rapid.IntRange(1, 12).Draw(t, "statements")
	rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	seen := rapid.Float64Range(0.2, 1).Draw(t, "seen")
	votes := []Vote{{Participant: "0", Statement: "0", Says: 1}}
	for p := range people {
		for s := range statements {
			for rnd.Float64() < seen && len(votes) < 2000 {
				votes = append(votes, Vote{strconv.Itoa(p), strconv.Itoa(s), rnd.IntN(3) - 1, int64(len(votes))})
				if rnd.IntN(3) > 0 {
					break
				}
			}
		}
	}
	return votes
}

func votesOf(t *rapid.T, votes []Vote) *Votes {
	v := &Votes{}
	for _, b := range votes {
		if err := v.Cast(b); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

func TestSameBytes(t *testing.T) {
	t.Run("InAnyOrder", rapid.MakeCheck(func(t *rapid.T) {
		votes := conversation(t)
		want := file(t, votesOf(t, votes), Rule{})
		if got := file(t, votesOf(t, rapid.Permutation(votes).Draw(t, "order")), Rule{}); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	}))
	t.Run("LastVoteWins", rapid.MakeCheck(func(t *rapid.T) {
		votes := conversation(t)
		last := map[[2]string]Vote{}
		for _, b := range votes {
			last[[2]string{b.Participant, b.Statement}] = b
		}
		standing := slices.DeleteFunc(slices.Clone(votes), func(b Vote) bool { return last[[2]string{b.Participant, b.Statement}] != b })
		if got, want := file(t, votesOf(t, votes), Rule{}), file(t, votesOf(t, standing), Rule{}); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	}))
	t.Run("AskedInBetween", rapid.MakeCheck(func(t *rapid.T) {
		votes := conversation(t)
		v := &Votes{}
		for _, b := range votes {
			if err := v.Cast(b); err != nil {
				t.Fatal(err)
			}
			if b.At%17 == 3 {
				file(t, v, Rule{})
			}
		}
		if got, want := file(t, v, Rule{}), file(t, votesOf(t, votes), Rule{}); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	}))
}

// TestRenamed gives everybody and everything other names, in another order:
// counts are the same to the last one, places but for the last digits and the
// direction of an axis, which is compared where the axis is unique.
func TestRenamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		votes := conversation(t)
		name := func(kind string) func(id string) string {
			order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
				for i := range 40 {
					if !yield(i) {
						return
					}
				}
			})).Draw(t, kind)
			return func(id string) string {
				n, _ := strconv.Atoi(id)
				return fmt.Sprintf("%s%02d", kind, order[n])
			}
		}
		who, what := name("p"), name("s")
		renamed := slices.Clone(votes)
		for i := range renamed {
			renamed[i].Participant, renamed[i].Statement = who(renamed[i].Participant), what(renamed[i].Statement)
		}
		sameUnderNames(t, votesOf(t, votes), votesOf(t, renamed), who, what)
	})
}

func sameUnderNames(t *rapid.T, a, b *Votes, who, what func(string) string) {
	x, err := a.Groups(context.Background(), Rule{})
	if err != nil {
		t.Fatal(err)
	}
	assign, renamed := map[string]int{}, map[string]int{} // ties between groups may fall otherwise
	for _, p := range x.Participants {
		if p.Group != nil {
			assign[p.ID], renamed[who(p.ID)] = *p.Group, *p.Group
		}
	}
	y, err := b.Groups(context.Background(), Rule{Assign: renamed})
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, id := range y.PCA.Statements {
		at[id] = i
	}
	for i, id := range x.PCA.Statements {
		if x.PCA.Center[i] != y.PCA.Center[at[what(id)]] || math.Abs(x.GroupAwareConsensus[id]-y.GroupAwareConsensus[what(id)]) > 1e-15 {
			t.Fatalf("statement %s is not what %s was", what(id), id)
		}
		for g := range x.Groups {
			if x.Groups[g].Votes[id] != y.Groups[g].Votes[what(id)] {
				t.Fatalf("group %d voted otherwise on %s than on %s", g, what(id), id)
			}
		}
	}
	placed := map[string]Participant{}
	for _, p := range y.Participants {
		placed[p.ID] = p
	}
	for axis, gap := range a.gaps() {
		if gap < 1e-3 {
			return // and the second is at right angles to the first
		}
		sign := 0.0
		for i, id := range x.PCA.Statements {
			sign += x.PCA.Components[axis][i] * y.PCA.Components[axis][at[what(id)]]
		}
		sign = math.Copysign(1, sign)
		for _, p := range x.Participants {
			q := placed[who(p.ID)]
			if from, to := [2]float64{p.X, p.Y}[axis], [2]float64{q.X, q.Y}[axis]; math.Abs(from-sign*to) > 1e-9 {
				t.Fatalf("%s is at %v on axis %d, %s at %v", p.ID, from, axis, q.ID, to)
			}
		}
	}
}

// gaps are by how much the first axis is longer than the second, and the second
// than the third, as parts of the whole.
func (v *Votes) gaps() (gaps [2]float64) {
	m, err := v.arrange(Rule{})
	if err != nil {
		return gaps
	}
	columns := make([]int, len(m.order))
	for i := range columns {
		columns[i] = i
	}
	v.pairs.count(v.rows, len(v.sums))
	d := m.covariance(columns)
	trace := 0.0
	for i := range d.n {
		trace += d.at[i*d.n+i]
	}
	var values []float64
	var found [][]float64
	for len(values) < min(3, d.n) {
		value, axis, err := longest(context.Background(), d, d.n, trace, found)
		if err != nil {
			return gaps
		}
		values, found = append(values, value), append(found, axis)
	}
	for values = append(values, 0, 0, 0); trace > 0; {
		return [2]float64{(values[0] - values[1]) / trace, (values[1] - values[2]) / trace}
	}
	return gaps
}
