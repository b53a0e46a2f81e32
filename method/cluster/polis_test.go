package cluster

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"glosa/publishedtest"
)

// published opens other people's data.
func published(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(publishedtest.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// polisMath is what the Polis server computed.
type polisMath struct {
	PCA struct {
		Center []float64   `json:"center"`
		Comps  [][]float64 `json:"comps"`
	} `json:"pca"`
	Tids []int `json:"tids"`
	Base struct {
		ID      []int     `json:"id"`
		Members [][]int   `json:"members"`
		X       []float64 `json:"x"`
		Y       []float64 `json:"y"`
	} `json:"base-clusters"`
	GroupClusters []struct {
		ID      int   `json:"id"`
		Members []int `json:"members"`
	} `json:"group-clusters"`
	GroupVotes map[string]struct {
		Size  int              `json:"n-members"`
		Votes map[string]Tally `json:"votes"`
	} `json:"group-votes"`
	Repness map[string][]polisStatement `json:"repness"`
	Agree   struct {
		Agree    []polisStatement `json:"agree"`
		Disagree []polisStatement `json:"disagree"`
	} `json:"consensus"`
	GroupAware map[string]float64 `json:"group-aware-consensus"`
	UserCounts map[string]int     `json:"user-vote-counts"`
	ModOut     []int              `json:"mod-out"`
	InConv     []int              `json:"in-conv"`
}

type polisStatement struct {
	Tid       int     `json:"tid"`
	Success   int     `json:"n-success"`
	Trials    int     `json:"n-trials"`
	Share     float64 `json:"p-success"`
	Test      float64 `json:"p-test"`
	Ratio     float64 `json:"repness"`
	RatioTest float32 `json:"repness-test"`
	For       string  `json:"repful-for"`
	Best      bool    `json:"best-agree"`
	Agreed    *int    `json:"n-agree"`
}

// fixture is a conversation with its statements, and what Polis made of it.
func fixture(t *testing.T, name string) (*Votes, Rule, polisMath) {
	t.Helper()
	v, err := Read(published(t, "polis-math-fixtures/"+name+"/votes.json"))
	if err != nil {
		t.Fatal(err)
	}
	rule := Rule{}
	if rule.Statements, err = ReadStatements(published(t, "polis-math-fixtures/"+name+"/comments.json")); err != nil {
		t.Fatal(err)
	}
	var want polisMath
	if err := json.NewDecoder(published(t, "polis-math-fixtures/"+name+"/math-pca2.json")).Decode(&want); err != nil {
		t.Fatal(err)
	}
	return v, rule, want
}

var fixtures = []string{"below-100-ptpts", "25ptpt-3gp-no-strict-with-meta"}

// forced are Polis' own groups.
func (w polisMath) forced() map[string]int {
	members := map[int][]int{}
	for i, id := range w.Base.ID {
		members[id] = w.Base.Members[i]
	}
	assign := map[string]int{}
	for _, g := range w.GroupClusters {
		for _, base := range g.Members {
			for _, p := range members[base] {
				assign[strconv.Itoa(p)] = g.ID
			}
		}
	}
	return assign
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9 }

// TestPolis compares with the Polis server's own results: places to 1e-9, the
// rest as Polis wrote it, for Polis' own groups.
func TestPolis(t *testing.T) {
	for _, name := range fixtures {
		t.Run(name, func(t *testing.T) {
			v, rule, want := fixture(t, name)
			rule.Assign = want.forced()
			got, err := v.Groups(t.Context(), rule)
			if err != nil {
				t.Fatal(err)
			}
			comparePlaces(t, got, want)
			compareGroups(t, got, want)
			compareShown(t, "consensus agree", polisAgreed(got.Consensus.Agree), want.Agree.Agree)
			compareShown(t, "consensus disagree", polisAgreed(got.Consensus.Disagree), want.Agree.Disagree)
			for id, n := range want.UserCounts {
				if have := len(v.rows[v.people.at[id]]); have != n {
					t.Errorf("participant %s cast %d votes, want %d", id, have, n)
				}
			}
		})
	}
}

// comparePlaces knows that Polis computes with agreement as -1, and that the signs
// of its components are accidents.
func comparePlaces(t *testing.T, got *Result, want polisMath) {
	t.Helper()
	sign := [2]float64{}
	for i, id := range want.Tids {
		if got.PCA.Statements[i] != strconv.Itoa(id) || !near(got.PCA.Center[i], -want.PCA.Center[i]) {
			t.Errorf("statement %d: %s has centre %v, want %v", id, got.PCA.Statements[i], got.PCA.Center[i], -want.PCA.Center[i])
		}
	}
	for a, comp := range want.PCA.Comps {
		sign[a] = math.Copysign(1, dot(comp, got.PCA.Components[a]))
		for i, c := range comp {
			if !near(sign[a]*c, got.PCA.Components[a][i]) {
				t.Errorf("component %d of statement %d is %v, want %v", a, i, got.PCA.Components[a][i], sign[a]*c)
			}
		}
	}
	places := map[string]Participant{}
	for _, p := range got.Participants {
		places[p.ID] = p
	}
	for i, members := range want.Base.Members {
		var x, y float64
		for _, p := range members {
			x += places[strconv.Itoa(p)].X / float64(len(members))
			y += places[strconv.Itoa(p)].Y / float64(len(members))
		}
		if !near(x, -sign[0]*want.Base.X[i]) || !near(y, -sign[1]*want.Base.Y[i]) {
			t.Errorf("participants %v are at %v, %v, want %v, %v", members, x, y, -sign[0]*want.Base.X[i], -sign[1]*want.Base.Y[i])
		}
	}
}

func compareGroups(t *testing.T, got *Result, want polisMath) {
	t.Helper()
	if got.K != len(want.GroupVotes) || len(got.GroupAwareConsensus) != len(want.GroupAware) {
		t.Fatalf("%d groups, %d statements, want %d and %d", got.K, len(got.GroupAwareConsensus), len(want.GroupVotes), len(want.GroupAware))
	}
	for _, g := range got.Groups {
		id := strconv.Itoa(g.ID)
		if g.Size != want.GroupVotes[id].Size {
			t.Errorf("group %s has %d members, want %d", id, g.Size, want.GroupVotes[id].Size)
		}
		for s, tally := range want.GroupVotes[id].Votes {
			if g.Votes[s] != tally {
				t.Errorf("group %s voted %v on %s, want %v", id, g.Votes[s], s, tally)
			}
		}
		var shown []polisStatement
		for _, r := range g.Representative {
			tid, _ := strconv.Atoi(r.Statement)
			shown = append(shown, polisStatement{tid, r.Success, r.Trials, r.Share, r.Test, r.Ratio, float32(r.RatioTest), r.For, r.BestAgreed, r.Agreed})
		}
		compareShown(t, "group "+id, shown, want.Repness[id])
	}
	for s, p := range want.GroupAware {
		if math.Abs(got.GroupAwareConsensus[s]-p) > 1e-15 {
			t.Errorf("group-aware consensus of %s is %v, want %v", s, got.GroupAwareConsensus[s], p)
		}
	}
}

func polisAgreed(list []Agreed) (out []polisStatement) {
	for _, a := range list {
		tid, _ := strconv.Atoi(a.Statement)
		out = append(out, polisStatement{Tid: tid, Success: a.Success, Trials: a.Trials, Share: a.Share, Test: a.Test})
	}
	return out
}

// compareShown wants the same statements in the same order, counts and words equal
// and measures but for the last digits; Polis keeps one in single precision.
func compareShown(t *testing.T, what string, got, want []polisStatement) {
	t.Helper()
	same := slices.EqualFunc(got, want, func(a, b polisStatement) bool {
		close := func(x, y float64) bool { return math.Abs(x-y) <= 1e-14*max(1, math.Abs(y)) }
		return a.Tid == b.Tid && a.Success == b.Success && a.Trials == b.Trials && a.For == b.For && a.Best == b.Best &&
			(a.Agreed == nil) == (b.Agreed == nil) && (a.Agreed == nil || *a.Agreed == *b.Agreed) &&
			close(a.Share, b.Share) && close(a.Test, b.Test) && close(a.Ratio, b.Ratio) && math.Abs(float64(a.RatioTest-b.RatioTest)) <= 1e-6
	})
	if !same {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// TestPolisOwnNumberOfGroups finds Polis' participants without being told them,
// but for those whom Polis keeps only because they were once among the first.
func TestPolisOwnParticipants(t *testing.T) {
	kept := map[string][]int{"below-100-ptpts": {5, 10, 11, 14}}
	for _, name := range fixtures {
		v, rule, want := fixture(t, name)
		got, err := v.Groups(t.Context(), rule)
		if err != nil {
			t.Fatal(err)
		}
		var in []int
		for _, p := range got.Participants {
			if p.Group != nil {
				id, _ := strconv.Atoi(p.ID)
				in = append(in, id)
			}
		}
		slices.Sort(want.InConv)
		want.InConv = slices.DeleteFunc(want.InConv, func(p int) bool { return slices.Contains(kept[name], p) })
		if !slices.Equal(in, want.InConv) {
			t.Errorf("%s: %v are in a group, want %v", name, in, want.InConv)
		}
	}
}

// TestLastVoteWins compares every cell of the exports: the votes one by one, and
// the matrix that Polis made of them.
func TestLastVoteWins(t *testing.T) {
	cells := map[string]int{"15-per-hour-seattle": 2872, "brexit-consensus": 5303, "london.youth.policing": 638,
		"scoop-hivemind.freshwater": 3972, "scoop-hivemind.ubi": 7153, "vtaiwan.uberx": 49443}
	for name, want := range cells {
		t.Run(name, func(t *testing.T) {
			list, err := Read(published(t, "polis-open-data/"+name+"/votes.csv"))
			if err != nil {
				t.Fatal(err)
			}
			table, err := Read(published(t, "polis-open-data/"+name+"/participants-votes.csv"))
			if err != nil {
				t.Fatal(err)
			}
			a, b := cast(list), cast(table)
			if len(a) != want || list.Count() != want || !slices.Equal(a, b) {
				t.Fatalf("%d cells from the list, %d from the table, want the same %d", len(a), len(b), want)
			}
			statements, err := ReadStatements(published(t, "polis-open-data/"+name+"/comments.csv"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := list.Groups(t.Context(), Rule{Statements: statements}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// cast is every vote that stands, sorted.
func cast(v *Votes) (all []string) {
	for p, row := range v.rows {
		for _, c := range row {
			all = append(all, strings.Join([]string{v.people.id[p], v.statements.id[c.statement], strconv.Itoa(int(c.vote))}, " "))
		}
	}
	slices.Sort(all)
	return all
}

// TestSameBytesEverywhere: what these conversations come to, on any machine. Tried
// with GOARCH=386 too, whose compiler and sums of pairs are others.
func TestSameBytesEverywhere(t *testing.T) {
	for name, want := range map[string]string{
		"15-per-hour-seattle": "657cc4b305a89308", "brexit-consensus": "48443cb041447e18", "london.youth.policing": "49ab800871f08c31",
		"scoop-hivemind.freshwater": "07057c2f6e34c4c7", "scoop-hivemind.ubi": "a70cb50315f74a5c", "vtaiwan.uberx": "2b57d6525b9b5458",
	} {
		v, err := Read(published(t, "polis-open-data/"+name+"/votes.csv"))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%.8x", sha256.Sum256([]byte(file(t, v, Rule{})))); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
