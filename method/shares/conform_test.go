package shares

import (
	"cmp"
	"context"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"glosa/publishedtest"
)

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

// toolRun is what equalshares.net's tool, or an exact port of it, made of a file.
type toolRun struct {
	Fixture string
	Error   string
	Params  struct {
		TieBreaking []string
		Completion  string
		Options     []string `json:"add1options"`
		Comparison  string
		Accuracy    string
		Increment   int64
	}
	Result struct {
		Winners   []string
		Cost      int64   `json:"totalCost"`
		Endowment float64 // what each voter had in the end
	}
}

// The tool's tie rules. Ties that they leave open go by its order of projects,
// which is that of the numbers.
func toolTies(rules []string) func(t *tally, a, b int) int {
	return func(t *tally, a, b int) int {
		x, _ := strconv.Atoi(t.items[a].ID)
		y, _ := strconv.Atoi(t.items[b].ID)
		order := cmp.Compare(x, y)
		for _, r := range slices.Backward(rules) {
			switch r {
			case "maxVotes":
				order = cmp.Or(cmp.Compare(t.count[b], t.count[a]), order)
			case "minCost":
				order = cmp.Or(cmp.Compare(t.items[a].Cost, t.items[b].Cost), order)
			case "maxCost":
				order = cmp.Or(cmp.Compare(t.items[b].Cost, t.items[a].Cost), order)
			}
		}
		return order
	}
}

// TestEqualSharesNet redoes what the equalshares.net tool and its exact port
// published, with their options: start from whole units, stop when exhaustive.
// It counts in floating point or in fractions; we must agree with both, since
// none of these outcomes hangs on the last digit. The tool's utilitarian
// completion does not use its tie rules but its order of projects.
func TestEqualSharesNet(t *testing.T) {
	runs := 0
	for _, file := range []string{"js_reference.json", "pb_reference.json"} {
		for name, c := range published[toolRun](t, file) {
			runs++
			t.Run(name, func(t *testing.T) {
				path := []string{"poland_wieliczka_2023_green-budget.pb"}
				if c.Fixture != "" {
					path = []string{"pb", c.Fixture}
				}
				in := load(t, path...)
				rule := Rule{Kind: EqualShares, Satisfaction: Cost, Completion: c.Params.Completion,
					Increment: c.Params.Increment, Exhaustive: true, Integral: true, ties: toolTies(c.Params.TieBreaking)}
				if c.Error != "" {
					refuses(t, in, rule, c.Error)
					return
				}
				res, err := Run(in, rule)
				if err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(c.Params.Completion, "util") {
					base := rule
					base.Completion = None
					whole, err := Run(in, base)
					if err != nil {
						t.Fatal(err)
					}
					res.Selected, res.Cost = inToolOrder(in, whole)
				}
				if res.Cost != c.Result.Cost {
					t.Errorf("cost %d, want %d", res.Cost, c.Result.Cost)
				}
				same(t, res.Selected, c.Result.Winners)
				if share, _ := rat(res.Share).Float64(); share != c.Result.Endowment {
					t.Errorf("share %v, want %v", share, c.Result.Endowment)
				}
			})
		}
	}
	if runs != 8+18 {
		t.Errorf("%d runs of the tool, want 26", runs)
	}
}

// inToolOrder completes an outcome by number of supporters, then by number of the project.
func inToolOrder(in *Instance, res Result) ([]string, int64) {
	t, _ := newTally(context.Background(), in, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None, ties: toolTies(nil)}, nil)
	chosen := make([]bool, len(in.Items))
	for i, it := range in.Items {
		chosen[i] = slices.Contains(res.Selected, it.ID)
	}
	q := t.newQueue(Utilitarian, in.Budget-res.Cost, chosen, t.byCount)
	if t.play(q) == nil {
		t.take(&res, chosen, q)
	}
	return res.Selected, res.Cost
}

// refuses: where the tool gave up on a tie, we find that tie too: both items
// stand first in some round, and the order between them decides which is bought.
func refuses(t *testing.T, in *Instance, rule Rule, message string) {
	t.Helper()
	m := regexp.MustCompile(`between projects (\d+), (\d+) could`).FindStringSubmatch(message)
	if m == nil {
		t.Fatalf("the tool says %q", message)
	}
	ta, err := newTally(context.Background(), in, rule, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := ta.newSpending(big.NewRat(in.Budget, int64(len(in.Ballots))))
	for {
		tied := s.tied()
		var ids []string
		for _, i := range tied {
			ids = append(ids, in.Items[i].ID)
		}
		if slices.Equal(sorted(ids), sorted(m[1:])) {
			return
		}
		if len(tied) != 1 {
			t.Fatalf("tie of %v, want the first tie between %v", ids, m[1:])
		}
		s.buy(tied[0])
	}
}

func byID(t *tally, a, b int) int { return cmp.Compare(t.items[a].ID, t.items[b].ID) }

// TestPabutools redoes what pabutools (Python, exact fractions, ties by name)
// made of approval ballots, rankings (Borda) and points.
func TestPabutools(t *testing.T) {
	type outcome struct {
		Winners     []string
		Phragmen    []string
		Cost        []string `json:"greedy_cost"`
		Cardinality []string `json:"greedy_cardinality"`
		Total       int64    `json:"total_cost"`
	}
	done := 0
	check := func(what, name string, r Rule, want []string, cost int64) {
		t.Run(what+" "+filepath.Base(name), func(t *testing.T) {
			done++
			r.ties = byID
			in := load(t, strings.Split(strings.TrimPrefix(name, "test/fixtures/"), "/")...)
			res, err := Run(in, r)
			if err != nil {
				t.Fatal(err)
			}
			same(t, res.Selected, want)
			someOrder(t, in, r, want)
			if cost > 0 && res.Cost != cost {
				t.Errorf("cost %d, want %d", res.Cost, cost)
			}
		})
	}
	for name, c := range published[outcome](t, "pabutools_reference.json") {
		check("equal shares", name, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, c.Winners, c.Total)
	}
	for name, c := range published[outcome](t, "pabutools_rules_reference.json") {
		check("Phragmén", name, Rule{Kind: SeqPhragmen, Satisfaction: Cost, Completion: None}, c.Phragmen, 0)
		check("greedy by cost", name, Rule{Kind: Greedy, Satisfaction: Cost, Completion: None}, c.Cost, 0)
		check("greedy by cardinality", name, Rule{Kind: Greedy, Satisfaction: Cardinality, Completion: None}, c.Cardinality, 0)
	}
	for name, c := range published[outcome](t, "pabutools_cardinal_reference.json") {
		check("points", name, Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: None}, c.Winners, 0)
	}
	for name, c := range published[outcome](t, "pabutools_ordinal_reference.json") {
		check("Borda", name, Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: None}, c.Winners, 0)
	}
	if done != 4+9+3+2 {
		t.Errorf("%d outcomes, want 18", done)
	}
}

// someOrder: whatever the peer's tie rule, its outcome is among all outcomes.
func someOrder(t *testing.T, in *Instance, r Rule, want []string) {
	t.Helper()
	all, err := AllTies(context.Background(), in, r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(all, func(o []string) bool { return slices.Equal(sorted(o), sorted(want)) }) {
		t.Errorf("none of %d outcomes of ties is the peer's", len(all))
	}
}

// committees are the rules of abcvoting whose outcomes its files hold.
var committees = map[string]Rule{
	"equal-shares":                           {Kind: EqualShares, Satisfaction: Cardinality, Completion: Phragmen},
	"equal-shares-with-av-completion":        {Kind: EqualShares, Satisfaction: Cardinality, Completion: Approval},
	"equal-shares-with-increment-completion": {Kind: EqualShares, Satisfaction: Cardinality, Completion: Add1},
	"seqphragmen":                            {Kind: SeqPhragmen, Satisfaction: Cardinality, Completion: None},
	"seqpav":                                 {Kind: SeqPAV, Satisfaction: Cardinality, Completion: None},
}

var expected = regexp.MustCompile(`(?m)^- rule_id: (\S+)\n  result:((?s:.*?))\n  resolute: (true|false)$`)

// TestABCVoting redoes all 248 files: the one outcome must be among those that
// some tie-breaking returns, and all of them must be found.
func TestABCVoting(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(publishedtest.Path(t, "abc-instances"), "*.abc.yaml"))
	if err != nil || len(files) != 248 {
		t.Fatalf("%d files (%v), want 248", len(files), err)
	}
	one, all := 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		in, err := ParseABC(strings.NewReader(string(text)))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, m := range expected.FindAllStringSubmatch(string(text), -1) {
			rule, ok := committees[m[1]]
			if !ok {
				continue
			}
			want := committee(t, m[2])
			if m[3] == "true" {
				one++
				res, err := Run(in, rule)
				if err != nil {
					t.Fatalf("%s %s: %v", file, m[1], err)
				}
				if got := inOrder(in, res.Selected); !slices.ContainsFunc(want, func(w []string) bool { return slices.Equal(w, got) }) {
					t.Errorf("%s %s: %v, want one of %v", filepath.Base(file), m[1], got, want)
				}
				continue
			}
			all++
			got, err := AllTies(context.Background(), in, rule, nil)
			if err != nil {
				t.Fatalf("%s %s: %v", file, m[1], err)
			}
			if !slices.EqualFunc(got, want, slices.Equal) {
				t.Errorf("%s %s: all outcomes\n%v, want\n%v", filepath.Base(file), m[1], got, want)
			}
		}
	}
	if one != 5*248 || all != 4*248 {
		t.Errorf("%d outcomes and %d lists of outcomes, want 1240 and 992", one, all)
	}
}

func committee(t *testing.T, text string) [][]string {
	t.Helper()
	var sets [][]int
	if err := json.Unmarshal([]byte(text), &sets); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	slices.SortFunc(sets, slices.Compare)
	out := make([][]string, len(sets))
	for k, set := range sets {
		for _, c := range set {
			out[k] = append(out[k], strconv.Itoa(c))
		}
	}
	return out
}

func inOrder(in *Instance, selected []string) (ids []string) {
	for _, it := range in.Items {
		if slices.Contains(selected, it.ID) {
			ids = append(ids, it.ID)
		}
	}
	return ids
}

func TestRulesRefuseBallotsTheyAreNotDefinedFor(t *testing.T) {
	for _, file := range []string{"pb_ordinal/synthetic_ordinal.pb", "pb_cardinal/synthetic_scoring.pb", "pabulib/france_toulouse_2019_.pb", "pabulib/poland_krakow_2022_grzegorzki.pb"} {
		in := load(t, strings.Split(file, "/")...)
		for rule, word := range map[[2]string]string{{SeqPhragmen, None}: "seq-phragmen", {SeqPAV, None}: "seq-pav", {EqualShares, Phragmen}: "completion phragmen"} {
			want := word + " is not defined for " + in.Votes + " ballots"
			_, err := Run(in, Rule{Kind: rule[0], Satisfaction: Cardinality, Completion: rule[1]})
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: error %v, want %s", file, err, want)
			}
		}
		for _, r := range []Rule{{Kind: EqualShares, Completion: Add1U}, {Kind: EqualShares, Completion: Approval}, {Kind: Greedy, Completion: None}} {
			for _, r.Satisfaction = range []string{Cost, Cardinality} {
				if _, err := Run(in, r); err != nil {
					t.Errorf("%s %v: %v", file, r, err)
				}
			}
		}
	}
}
