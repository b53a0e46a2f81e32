package shares

import (
	"encoding/json"
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

// oneTie accepts two outcomes that differ only among items with one and the
// same number of supporters: in the completion the tool breaks ties of equal
// count by a rule that it does not publish.
func oneTie(t *testing.T, in *Instance, a, b []string) {
	t.Helper()
	count := map[string]int{}
	for _, v := range in.Ballots {
		for _, c := range v.Choices {
			count[in.Items[c].ID]++
		}
	}
	levels := map[int]bool{}
	for _, it := range in.Items {
		if slices.Contains(a, it.ID) != slices.Contains(b, it.ID) {
			levels[count[it.ID]] = true
		}
	}
	if len(levels) != 1 {
		t.Errorf("outcomes differ at the counts %v, not inside one tie", levels)
	}
}

// published is a file of outcomes by other people's programs.
func published[T any](t *testing.T, name string) map[string]T {
	t.Helper()
	text, err := os.ReadFile(data(t, "reference", name))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]T{}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

type toolRun struct {
	Fixture string
	Error   string
	Params  struct {
		TieBreaking []string
		Completion  string
		Options     []string `json:"add1options"`
		Comparison  string
		Increment   int64
	}
	Result struct {
		Winners []string
		Cost    int64 `json:"totalCost"`
	}
}

// TestEqualSharesNet redoes what the equalshares.net tool and its exact port
// published, with their options: start from whole units, stop when exhaustive.
func TestEqualSharesNet(t *testing.T) {
	for _, file := range []string{"js_reference.json", "pb_reference.json"} {
		for name, c := range published[toolRun](t, file) {
			if c.Error != "" {
				continue // the tool gave up on a tie and published no outcome; we have a rule for ties
			}
			t.Run(name, func(t *testing.T) {
				path := []string{"poland_wieliczka_2023_green-budget.pb"}
				if c.Fixture != "" {
					path = []string{"pb", c.Fixture}
				}
				rule := Rule{Kind: EqualShares, Satisfaction: Cost, Completion: c.Params.Completion,
					Increment: c.Params.Increment, Exhaustive: true, Integral: true}
				if slices.Contains(c.Params.TieBreaking, "maxCost") {
					rule.ties = "max-cost"
				}
				in := load(t, path...)
				res, err := Run(in, rule)
				if err != nil {
					t.Fatal(err)
				}
				if rule.Completion == Utilitarian && !slices.Equal(sorted(res.Selected), sorted(c.Result.Winners)) {
					oneTie(t, in, res.Selected, c.Result.Winners)
					return
				}
				if res.Cost != c.Result.Cost {
					t.Errorf("cost %d, want %d", res.Cost, c.Result.Cost)
				}
				same(t, res.Selected, c.Result.Winners)
			})
		}
	}
}

func TestPabutools(t *testing.T) {
	type outcome struct {
		Winners     []string
		Cost        []string `json:"greedy_cost"`
		Cardinality []string `json:"greedy_cardinality"`
	}
	run := func(t *testing.T, name string, r Rule, want []string) {
		res, err := Run(load(t, strings.Split(strings.TrimPrefix(name, "test/fixtures/"), "/")...), r)
		if err != nil {
			t.Fatal(err)
		}
		same(t, res.Selected, want)
	}
	for name, c := range published[outcome](t, "pabutools_reference.json") {
		t.Run("equal shares "+name, func(t *testing.T) {
			run(t, name, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, c.Winners)
		})
	}
	for name, c := range published[outcome](t, "pabutools_rules_reference.json") {
		t.Run("greedy by cost "+name, func(t *testing.T) {
			run(t, name, Rule{Kind: Greedy, Satisfaction: Cost, Completion: None, ties: "id"}, c.Cost)
		})
		t.Run("greedy by cardinality "+name, func(t *testing.T) {
			run(t, name, Rule{Kind: Greedy, Satisfaction: Cardinality, Completion: None, ties: "id"}, c.Cardinality)
		})
	}
}

func TestOtherBallotsAreRefused(t *testing.T) {
	for _, file := range []string{"pb_ordinal/synthetic_ordinal.pb", "pb_cardinal/synthetic_scoring.pb", "pabulib/france_toulouse_2019_.pb"} {
		f, err := os.Open(data(t, strings.Split(file, "/")...))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := Parse(f); err == nil || !strings.Contains(err.Error(), "vote_type") || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%s: %v, want the line of vote_type", file, err)
		}
	}
}

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
		Ballots: []Ballot{{"1", []int32{0, 1}}, {"2", []int32{1, 0}}, {"3", []int32{2}}}}
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
