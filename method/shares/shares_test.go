package shares

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"glosa/publishedtest"
)

// data is a path below Pabulib's results of equal shares.
func data(t testing.TB, path ...string) string {
	t.Helper()
	return publishedtest.Path(t, append([]string{"pabulib-mes"}, path...)...)
}

func load(t testing.TB, path ...string) *Instance {
	t.Helper()
	f, err := os.Open(data(t, path...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := Parse(f)
	if err != nil {
		t.Fatalf("%v: %v", path, err)
	}
	return in
}

func TestKnownOutcomes(t *testing.T) {
	wieliczka := []string{"poland_wieliczka_2023_green-budget.pb"}
	for _, c := range []struct {
		name string
		file []string
		rule Rule
		n    int
		cost int64
	}{
		{"the real election of Wieliczka", wieliczka, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: Add1}, 30, 995079},
		{"Wieliczka without completion", wieliczka, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, 21, 450548},
		{"Wieliczka by cardinality and add1", wieliczka, Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: Add1}, 32, 966789},
		{"Bielany", []string{"pb", "poland_warszawa_2021_bielany.pb"}, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, 57, 3324920},
		{"Amsterdam West", []string{"pb", "netherlands_amsterdam_2022_west.pb"}, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, 26, 238373},
		{"Budapest", []string{"pb", "hungary_budapest_2024.pb"}, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, 18, 633000000},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := load(t, c.file...)
			res, err := Run(in, c.rule)
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Selected) != c.n || res.Cost != c.cost {
				t.Errorf("%d items for %d, want %d for %d", len(res.Selected), res.Cost, c.n, c.cost)
			}
			if !res.EJR.Holds {
				t.Errorf("EJR+ fails: %+v", *res.EJR.Witness)
			}
		})
	}
}

// TestWieliczkaWasDecidedThisWay compares with the column that the town published.
func TestWieliczkaWasDecidedThisWay(t *testing.T) {
	in := load(t, "poland_wieliczka_2023_green-budget.pb")
	res, err := Run(in, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: Add1})
	if err != nil {
		t.Fatal(err)
	}
	var official []string
	for _, it := range in.Items {
		if it.Selected {
			official = append(official, it.ID)
		}
	}
	same(t, res.Selected, official)
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if a, b := sorted(got), sorted(want); !slices.Equal(a, b) {
		t.Errorf("selected %v\nwant     %v", a, b)
	}
}

func sorted(ids []string) []string { return slices.Sorted(slices.Values(ids)) }

// TestWorkedExample is the one of the package comment.
func TestWorkedExample(t *testing.T) {
	in := example(6)
	for _, c := range []struct {
		budget     int64
		completion string
		want       string // id@price…, then |id short left…
	}{
		{6, None, "a@1 b@1 c@2"},
		{4, None, "a@1 |b 2/3 short 2 |c 4/3 short 1"},
		{4, Add1, "a@1 |b 4/3 short 1 |c 5/3 short 1"},
		{4, Add1U, "a@1 b@ |c 5/3 short 1"},
		{4, Utilitarian, "a@1 b@ |c 4/3 short 1"},
	} {
		t.Run(fmt.Sprint(c.budget, c.completion), func(t *testing.T) {
			in.Budget = c.budget
			in.Meta = []Pair{StepBudget()}
			res, err := Run(in, Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: c.completion})
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(res); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func example(budget int64) *Instance {
	return &Instance{Budget: budget, Items: []Item{{ID: "a", Cost: 2}, {ID: "b", Cost: 2}, {ID: "c", Cost: 2}},
		Ballots: []Ballot{{ID: "1", Choices: []int32{0, 1}}, {ID: "2", Choices: []int32{1, 0}}, {ID: "3", Choices: []int32{2}}}}
}

func describe(res Result) string {
	var words []string
	for _, r := range res.Rounds {
		words = append(words, r.ID+"@"+r.Price)
	}
	for _, m := range res.Missed {
		words = append(words, fmt.Sprintf("|%s %s short %d", m.ID, m.Left, m.Short))
	}
	return strings.Join(words, " ")
}

// TestGreedyTellsTheRoomAtItsTurn: what is missed was short of what the budget
// had then, not of what it has when all is done.
func TestGreedyTellsTheRoomAtItsTurn(t *testing.T) {
	in := &Instance{Budget: 6, Items: []Item{{ID: "a", Cost: 2}, {ID: "b", Cost: 5}, {ID: "c", Cost: 1}},
		Ballots: []Ballot{{ID: "1", Choices: []int32{0, 1, 2}}, {ID: "2", Choices: []int32{0, 1}}, {ID: "3", Choices: []int32{0}}}}
	res, err := Run(in, Rule{Kind: Greedy, Satisfaction: Cost, Completion: None})
	if err != nil {
		t.Fatal(err)
	}
	if got := describe(res); got != "a@ c@ |b 4 short 1" {
		t.Error(got)
	}
}
