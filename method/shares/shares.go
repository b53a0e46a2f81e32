package shares

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// The words of a rule, as the command line and the files write them.
const (
	EqualShares = "equal-shares"
	SeqPhragmen = "seq-phragmen"
	Greedy      = "greedy"
	SeqPAV      = "seq-pav"

	Cost        = "cost"
	Cardinality = "cardinality"

	None        = "none"
	Add1        = "add1"
	Add1U       = "add1u"
	Utilitarian = "utilitarian"
	Phragmen    = "phragmen"
	Approval    = "approval"
)

// The kinds of ballot, as .pb files call them.
const (
	Approvals  = "approval"   // a set of items
	Ordinal    = "ordinal"    // a ranking, the first one best
	Cumulative = "cumulative" // points shared out among items
	Scoring    = "scoring"    // points for each item
)

// MaxAmount bounds costs, budgets and their sums: integers that a float64 holds exactly.
const MaxAmount = int64(1) << 53

// maxSteps bounds how often add1 runs equal shares: beyond it the increment is too
// small for the amounts. Steps that change nothing are leapt over and cost no run.
const maxSteps = 20_000

// Item is one thing that may be bought.
type Item struct {
	ID       string
	Cost     int64
	Name     string
	Selected bool // what the file itself says was chosen, if it says; Run does not look
}

// Ballot is what one voter supports, as indexes into Items; in a ranking, the best first.
type Ballot struct {
	ID      string
	Choices []int32
	Points  []int64 // cumulative and scoring: those of each choice; else nil
}

// Instance is one election.
type Instance struct {
	Meta    []Pair // the file's META rows, in order; Write keeps the ones it does not make itself
	Votes   string // the kind of ballot; "" is approval
	Budget  int64
	Items   []Item
	Ballots []Ballot

	// Committee: Budget seats for items of cost 1. All seats are filled, ballots may
	// be empty (their share counts), and ties go to the item that is listed first.
	Committee bool
}

// Pair is one key and value of a file's META section.
type Pair struct{ Key, Value string }

// Rule says how an instance is decided. The zero value of the last three
// fields is the published rule; they exist to redo what other tools publish.
type Rule struct {
	Kind         string `json:"rule"`                 // equal-shares, seq-phragmen, greedy, seq-pav
	Satisfaction string `json:"satisfaction"`         // cost, cardinality
	Completion   string `json:"completion"`           // none, add1, add1u, utilitarian, phragmen, approval
	Increment    int64  `json:"increment,omitempty"`  // add1: units more for each voter; 0: see the package comment
	Exhaustive   bool   `json:"exhaustive,omitempty"` // add1: stop also when nothing more fits
	Integral     bool   `json:"integral,omitempty"`   // add1: start from the share rounded down

	ties func(t *tally, a, b int) int // tests only: how another tool breaks ties
}

// Default is the protocol's rule: equal shares, cardinality, add1u (that is,
// add1 and then utilitarian).
func Default() Rule { return Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: Add1U} }

var (
	kinds       = []string{EqualShares, SeqPhragmen, Greedy, SeqPAV}
	completions = []string{None, Add1, Add1U, Utilitarian, Phragmen, Approval}
	votes       = []string{Approvals, Ordinal, Cumulative, Scoring}
)

// Check refuses a rule that names something unknown.
func (r Rule) Check() error {
	switch {
	case !slices.Contains(kinds, r.Kind):
		return fmt.Errorf("rule %q: want %s", r.Kind, oneOf(kinds))
	case r.Satisfaction != Cost && r.Satisfaction != Cardinality:
		return fmt.Errorf("satisfaction %q: want %s or %s", r.Satisfaction, Cost, Cardinality)
	case !slices.Contains(completions, r.Completion):
		return fmt.Errorf("completion %q: want %s", r.Completion, oneOf(completions))
	case r.Kind != EqualShares && r.Completion != None:
		return fmt.Errorf("completion %q: %s leaves nothing to complete", r.Completion, r.Kind)
	case r.Increment < 0:
		return fmt.Errorf("increment %d is negative", r.Increment)
	}
	return nil
}

func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// on refuses ballots that the rule is not defined for.
func (r Rule) on(votes string) error {
	word := r.Kind
	if r.Completion == Phragmen {
		word = "completion " + Phragmen
	}
	if votes != Approvals && (r.Kind == SeqPhragmen || r.Kind == SeqPAV || r.Completion == Phragmen) {
		return fmt.Errorf("%s is not defined for %s ballots (vote_type), only for %s ballots", word, votes, Approvals)
	}
	return nil
}

// Round is one purchase: its part of the price system. Who paid what follows
// from it: under equal shares a supporter pays Price, or else all that was left
// of the share; under Phragmén's rule, what was missing to Load.
type Round struct {
	ID         string    `json:"id"`
	Cost       int64     `json:"cost"`
	Step       string    `json:"step"`                // the rule or completion that bought it
	Supporters int64     `json:"supporters"`          // voters whose ballots hold the item
	Price      string    `json:"price,omitempty"`     // what one supporter paid at most (for a point, where ballots give points); "" where nobody was charged
	Rho        string    `json:"rho,omitempty"`       // price per unit of satisfaction: what rounds are ordered by
	Full       int64     `json:"full,omitempty"`      // supporters who paid the whole price
	Points     int64     `json:"points,omitempty"`    // points of those who paid the whole price, where ballots give points
	Rest       int64     `json:"rest,omitempty"`      // supporters who paid all that they had left
	RestPaid   string    `json:"rest_paid,omitempty"` // what those paid together: Cost = Full × Price + RestPaid (Points × Price where there are points)
	Load       string    `json:"load,omitempty"`      // Phragmén: what each supporter has paid in all from then on, less the share where equal shares came before
	Paid       []Payment `json:"paid,omitempty"`      // Phragmén: Cost = Σ Voters × Each
	Score      string    `json:"score,omitempty"`     // sequential PAV: Σ over supporters of 1 / (1 + items bought before that they support)
}

// Payment is what each of some voters paid.
type Payment struct {
	Voters int64  `json:"voters"`
	Each   string `json:"each"`
}

// Why an item was not bought.
const (
	NoSupport = "no-support" // nobody supports it
	TooDear   = "too-dear"   // it costs more than the whole budget
	Spent     = "spent"      // its supporters had not enough left of their shares
	NoRoom    = "no-room"    // greedy and the like: it did not fit into what was left of the budget
	Stopped   = "stopped"    // Phragmén: it would have fitted, but the rule stops at the first item that does not
)

// Missed is an item that was not bought, and how far it was from it.
type Missed struct {
	ID         string `json:"id"`
	Cost       int64  `json:"cost"`
	Supporters int64  `json:"supporters"`
	Reason     string `json:"reason"`
	Left       string `json:"left"`  // money that its supporters had left together (rules without shares: that the budget had)
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
	return Decide(context.Background(), in, rule, nil)
}

// Decide is Run that ends when ctx does, and tells say, which may be nil, where it stands.
func Decide(ctx context.Context, in *Instance, rule Rule, say func(string)) (Result, error) {
	t, err := newTally(ctx, in, rule, say)
	if err != nil {
		return Result{}, err
	}
	return t.decide(in)
}

func (t *tally) decide(in *Instance) (res Result, err error) {
	rule := t.rule
	res = Result{Description: in.meta("description"), Budget: in.Budget, Voters: len(in.Ballots), Rule: rule, Selected: []string{}, Rounds: []Round{}, Missed: []Missed{}}
	chosen := make([]bool, len(t.items))
	if rule.Kind == EqualShares {
		err = t.equalShares(&res, chosen)
	} else {
		err = t.byTurns(&res, chosen)
	}
	if err != nil {
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

// votes is the kind of ballot.
func (in *Instance) votes() string { return cmp.Or(in.Votes, Approvals) }

// Check refuses an instance that cannot be decided.
func (in *Instance) Check() error {
	switch {
	case in.Budget <= 0 || in.Budget > MaxAmount:
		return fmt.Errorf("budget %d: want 1 to %d", in.Budget, MaxAmount)
	case len(in.Ballots) == 0:
		return errors.New("no ballots")
	case !slices.Contains(votes, in.votes()):
		return fmt.Errorf("vote_type %q: want %s", in.Votes, oneOf(votes))
	case in.Committee && (in.votes() != Approvals || in.Budget > int64(len(in.Items))):
		return fmt.Errorf("a committee of %d: want approval ballots, and no more seats than the %d candidates", in.Budget, len(in.Items))
	}
	ids := make(map[string]bool, len(in.Items))
	var sum int64
	for _, it := range in.Items {
		if it.ID == "" || ids[it.ID] {
			return fmt.Errorf("item %q: empty or repeated id", it.ID)
		}
		ids[it.ID] = true
		switch {
		case it.Cost < 0:
			return fmt.Errorf("item %q: negative cost %d", it.ID, it.Cost)
		case in.Committee && it.Cost != 1:
			return fmt.Errorf("item %q: cost %d in a committee, want 1", it.ID, it.Cost)
		}
		if sum += it.Cost; it.Cost > MaxAmount || sum > MaxAmount {
			return fmt.Errorf("item %q: costs add up to more than %d", it.ID, MaxAmount)
		}
	}
	return in.checkBallots()
}

func (in *Instance) checkBallots() error {
	seen := make([]int, len(in.Items))
	pointed := in.votes() == Cumulative || in.votes() == Scoring
	var sum int64
	for n, b := range in.Ballots {
		switch {
		case len(b.Choices) == 0 && !in.Committee:
			return fmt.Errorf("ballot %q: empty", b.ID)
		case pointed && len(b.Points) != len(b.Choices), !pointed && b.Points != nil:
			return fmt.Errorf("ballot %q: %d points for %d choices on a ballot of kind %s", b.ID, len(b.Points), len(b.Choices), in.votes())
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
		for i, p := range b.Points {
			if p < 0 || p > MaxAmount || sum+p > MaxAmount {
				return fmt.Errorf("ballot %q: %d points for item %q: want 0 or more, and at most %d in all", b.ID, p, in.Items[b.Choices[i]].ID, MaxAmount)
			}
			sum += p
		}
	}
	return nil
}

// ratio writes num/den in lowest terms: "p/q", or "p" where q is 1.
func ratio(num, den *big.Int) string {
	return new(big.Rat).SetFrac(num, den).RatString()
}
