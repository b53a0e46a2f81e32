package shares

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
)

// The words of a rule, as the command line and the files write them.
const (
	EqualShares = "equal-shares"
	Greedy      = "greedy"

	Cost        = "cost"
	Cardinality = "cardinality"

	None        = "none"
	Add1        = "add1"
	Add1U       = "add1u"
	Utilitarian = "utilitarian"
)

// MaxAmount bounds costs, budgets and their sums: integers that a float64 holds exactly.
const MaxAmount = int64(1) << 53

// maxSteps bounds add1: beyond it the increment is too small for the amounts.
const maxSteps = 20_000

// Item is one thing that may be bought.
type Item struct {
	ID       string
	Cost     int64
	Name     string
	Selected bool // what the file itself says was chosen, if it says; Run does not look
}

// Ballot is the set of items that one voter supports, as indexes into Items.
type Ballot struct {
	ID      string
	Choices []int32
}

// Instance is one election.
type Instance struct {
	Meta    []Pair // the file's META rows, in order; Write keeps the ones it does not make itself
	Budget  int64
	Items   []Item
	Ballots []Ballot
}

// Pair is one key and value of a file's META section.
type Pair struct{ Key, Value string }

// Rule says how an instance is decided. The zero value of the last three
// fields is the published rule; they exist to redo what other tools publish.
type Rule struct {
	Kind         string `json:"rule"`                 // equal-shares, greedy
	Satisfaction string `json:"satisfaction"`         // cost, cardinality
	Completion   string `json:"completion"`           // none, add1, add1u, utilitarian
	Increment    int64  `json:"increment,omitempty"`  // add1: units more for each voter; 0: see the package comment
	Exhaustive   bool   `json:"exhaustive,omitempty"` // add1: stop also when nothing more fits
	Integral     bool   `json:"integral,omitempty"`   // add1: start from the share rounded down

	ties string // tests only: how another tool breaks ties ("max-cost", "id")
}

// Default is the protocol's rule: equal shares, cardinality, add1u (that is,
// add1 and then utilitarian).
func Default() Rule { return Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: Add1U} }

// Check refuses a rule that names something unknown.
func (r Rule) Check() error {
	switch {
	case r.Kind != EqualShares && r.Kind != Greedy:
		return fmt.Errorf("rule %q: want %s or %s", r.Kind, EqualShares, Greedy)
	case r.Satisfaction != Cost && r.Satisfaction != Cardinality:
		return fmt.Errorf("satisfaction %q: want %s or %s", r.Satisfaction, Cost, Cardinality)
	case !slices.Contains([]string{None, Add1, Add1U, Utilitarian}, r.Completion):
		return fmt.Errorf("completion %q: want %s, %s, %s or %s", r.Completion, None, Add1, Add1U, Utilitarian)
	case r.Kind == Greedy && r.Completion != None:
		return fmt.Errorf("completion %q: greedy leaves nothing to complete", r.Completion)
	case r.Increment < 0:
		return fmt.Errorf("increment %d is negative", r.Increment)
	}
	return nil
}

// Round is one purchase: its part of the price system.
type Round struct {
	ID         string `json:"id"`
	Cost       int64  `json:"cost"`
	Step       string `json:"step"`                // equal-shares, utilitarian, greedy
	Supporters int64  `json:"supporters"`          // voters whose ballots hold the item
	Price      string `json:"price,omitempty"`     // what one supporter paid at most; "" where nobody was charged
	Rho        string `json:"rho,omitempty"`       // price per unit of satisfaction: what rounds are ordered by
	Full       int64  `json:"full,omitempty"`      // supporters who paid the whole price
	Rest       int64  `json:"rest,omitempty"`      // supporters who paid all that they had left
	RestPaid   string `json:"rest_paid,omitempty"` // what those paid together: Cost = Full × Price + RestPaid
}

// Why an item was not bought.
const (
	NoSupport = "no-support" // nobody supports it
	TooDear   = "too-dear"   // it costs more than the whole budget
	Spent     = "spent"      // its supporters had not enough left of their shares
	NoRoom    = "no-room"    // greedy: it did not fit into what was left of the budget
)

// Missed is an item that was not bought, and how far it was from it.
type Missed struct {
	ID         string `json:"id"`
	Cost       int64  `json:"cost"`
	Supporters int64  `json:"supporters"`
	Reason     string `json:"reason"`
	Left       string `json:"left"`  // money that its supporters had left together (greedy: that the budget had)
	Short      int64  `json:"short"` // cost less Left, rounded up: units short, at least 1
}

// Result is an outcome with its reasons.
type Result struct {
	// Description is the file's own, so that a result says of what it is.
	Description string `json:"description,omitempty"`

	Selected  []string `json:"selected"` // in the order of purchase
	Cost      int64    `json:"cost"`
	Budget    int64    `json:"budget"`
	Voters    int      `json:"voters"`
	Rule      Rule     `json:"rule"`
	Share     string   `json:"share,omitempty"`     // what each voter had to spend in the end
	Increment string   `json:"increment,omitempty"` // add1: what each voter got more per step
	Steps     int      `json:"steps,omitempty"`     // add1: steps taken
	Rounds    []Round  `json:"rounds"`
	Missed    []Missed `json:"missed"`
	EJR       Axiom    `json:"ejr_plus"`
}

// Run decides the instance by the rule. Wrong input is an error that names the
// item or ballot.
func Run(in *Instance, rule Rule) (Result, error) {
	if err := rule.Check(); err != nil {
		return Result{}, err
	}
	t, err := newTally(in, rule)
	if err != nil {
		return Result{}, err
	}
	res := Result{Description: in.meta("description"), Budget: in.Budget, Voters: len(in.Ballots), Rule: rule, Selected: []string{}, Rounds: []Round{}, Missed: []Missed{}}
	chosen := make([]bool, len(t.items))
	if rule.Kind == Greedy {
		t.greedy(&res, chosen)
	} else if err := t.equalShares(&res, chosen); err != nil {
		return Result{}, err
	}
	slices.SortFunc(res.Missed, func(a, b Missed) int {
		return cmp.Or(cmp.Compare(b.Supporters, a.Supporters), cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.ID, b.ID))
	})
	res.EJR = t.ejrPlus(chosen)
	return res, nil
}

// File is the result as one line of JSON that ends in a newline: what the command
// prints and a site publishes are the same bytes, with the same digest.
func (r Result) File() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(r)
	return b.Bytes(), err
}

// tally is an instance as the methods need it: equal ballots are one group.
type tally struct {
	items  []Item
	rule   Rule
	whole  bool // add1 steps are one unit for the whole budget
	budget int64
	voters int64
	groups [][]int32 // group → items, ascending
	weight []int64   // group → voters with that ballot
	sup    [][]int32 // item → groups that support it
	count  []int64   // item → voters that support it
	unit   []int64   // item → satisfaction it gives
}

func newTally(in *Instance, rule Rule) (*tally, error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	t := &tally{items: in.Items, rule: rule, whole: in.meta(stepKey) == wholeBudget, budget: in.Budget, voters: int64(len(in.Ballots)),
		sup: make([][]int32, len(in.Items)), count: make([]int64, len(in.Items)), unit: make([]int64, len(in.Items))}
	for i, it := range in.Items {
		t.unit[i] = 1
		if rule.Satisfaction == Cost && it.Cost > 0 {
			t.unit[i] = it.Cost
		}
	}
	t.group(in.Ballots)
	return t, nil
}

func (t *tally) group(ballots []Ballot) {
	seen := make(map[string]int32, len(ballots))
	var key []byte
	for _, b := range ballots {
		set := slices.Clone(b.Choices)
		slices.Sort(set)
		key = key[:0]
		for _, c := range set {
			key = append(key, byte(c>>24), byte(c>>16), byte(c>>8), byte(c))
		}
		g, ok := seen[string(key)]
		if !ok {
			g = int32(len(t.groups))
			seen[string(key)] = g
			t.groups = append(t.groups, set)
			t.weight = append(t.weight, 0)
			for _, c := range set {
				t.sup[c] = append(t.sup[c], g)
			}
		}
		t.weight[g]++
		for _, c := range set {
			t.count[c]++
		}
	}
}

// before is the tie rule: more supporters, lower cost, smaller id.
func (t *tally) before(a, b int) int {
	switch t.rule.ties {
	case "id":
		return cmp.Compare(t.items[a].ID, t.items[b].ID)
	case "max-cost":
		return cmp.Or(cmp.Compare(t.count[b], t.count[a]), cmp.Compare(t.items[b].Cost, t.items[a].Cost))
	}
	return cmp.Or(cmp.Compare(t.count[b], t.count[a]),
		cmp.Compare(t.items[a].Cost, t.items[b].Cost), cmp.Compare(t.items[a].ID, t.items[b].ID))
}

// meta is a value of the META section, or "".
func (in *Instance) meta(key string) string {
	for _, m := range in.Meta {
		if m.Key == key {
			return m.Value
		}
	}
	return ""
}

// StepBudget is the META row by which a file asks for add1 steps of one unit
// for the whole budget, whatever a voter's share is.
func StepBudget() Pair { return Pair{stepKey, wholeBudget} }

const (
	stepKey     = "add1_step"
	wholeBudget = "budget"
	eachVoter   = "voter"
)

// Check refuses an instance that cannot be decided.
func (in *Instance) Check() error {
	if in.Budget <= 0 || in.Budget > MaxAmount {
		return fmt.Errorf("budget %d: want 1 to %d", in.Budget, MaxAmount)
	}
	if len(in.Ballots) == 0 {
		return fmt.Errorf("no ballots")
	}
	ids := make(map[string]bool, len(in.Items))
	var sum int64
	for _, it := range in.Items {
		if it.ID == "" || ids[it.ID] {
			return fmt.Errorf("item %q: empty or repeated id", it.ID)
		}
		ids[it.ID] = true
		if it.Cost < 0 {
			return fmt.Errorf("item %q: negative cost %d", it.ID, it.Cost)
		}
		if sum += it.Cost; it.Cost > MaxAmount || sum > MaxAmount {
			return fmt.Errorf("item %q: costs add up to more than %d", it.ID, MaxAmount)
		}
	}
	seen := make([]int, len(in.Items))
	for n, b := range in.Ballots {
		if len(b.Choices) == 0 {
			return fmt.Errorf("ballot %q: empty", b.ID)
		}
		for _, c := range b.Choices {
			if c < 0 || int(c) >= len(in.Items) {
				return fmt.Errorf("ballot %q: no item number %d", b.ID, c)
			}
			if seen[c] == n+1 {
				return fmt.Errorf("ballot %q: item %q twice", b.ID, in.Items[c].ID)
			}
			seen[c] = n + 1
		}
	}
	return nil
}

// ratio writes num/den in lowest terms: "p/q", or "p" where q is 1.
func ratio(num, den *big.Int) string {
	return new(big.Rat).SetFrac(num, den).RatString()
}
