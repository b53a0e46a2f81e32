package priority

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/shares"
)

// Account is what an agenda's published file tells beside its result. Whoever has
// the file works it out too: nothing of it comes from anywhere else. It is worked
// out once, when the agenda is made, since it takes as long as the agenda itself;
// its digest is in the record, and auditors work it out again.
type Account struct {
	Raw     []glosa.QuestionID `json:"raw"`      // what the raw count would have chosen, most supporters first
	RawOnly []glosa.QuestionID `json:"raw_only"` // of those, what the agenda has not
	Without []glosa.QuestionID `json:"without"`  // on the agenda, and not in Raw, by place

	// Paid is what the supporters of a question left out had paid for, most
	// minutes first. A question with few supporters is not in it: a count over
	// fewer than five ballots would spell out single ones.
	Paid map[glosa.QuestionID][]Payment `json:"paid"`

	// In and Out are what would come onto the agenda, and go, were the folios in
	// the opposite order: then only the folio, the last word on ties, decided.
	In  []glosa.QuestionID `json:"in"`
	Out []glosa.QuestionID `json:"out"`
}

// Payment is what the supporters of a question left out paid for a chosen one.
type Payment struct {
	Question   glosa.QuestionID `json:"question"`
	Supporters int              `json:"supporters"` // of the question left out, who paid for this one; two or more
	Minutes    string           `json:"minutes"`    // that they paid together: "p/q"
}

const (
	fewest   = 5 // supporters of a question whose payments are told
	payments = 3 // told of each question
)

// Account is what was worked out of an agenda's published file. NotFound until it is made.
func (d *Desk) Account(ctx context.Context, id glosa.EditionID) (x Account, err error) {
	var js json.RawMessage
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		js, err = selectAccount(tx, ContestOf(id))
		return err
	})
	if err != nil {
		return x, err
	}
	return x, json.Unmarshal(js, &x)
}

// tell works the account of a computed agenda out.
func (c *computed) tell(id glosa.EditionID, criteria Criteria) error {
	a := Agenda{Edition: id, Criteria: criteria}
	if err := a.fill(c.stored); err != nil {
		return err
	}
	x, err := accountOf(c.file, a)
	if err != nil {
		return err
	}
	c.account, err = glosa.JCS(x)
	return err
}

// account works out again what pages tell of the file beside its result.
func (a *auditor) account(told glosa.Hash) {
	again, why := computed{stored: a.sel}, ""
	again.file = a.file
	switch err := again.tell(a.Edition, a.criteria); {
	case glosa.Digest(a.sel.account) != told:
		why = "what is told beside the result is not what the record names"
	case err != nil:
		why = "what the file tells beside its result cannot be worked out again: " + err.Error()
	case !bytes.Equal(again.account, a.sel.account):
		why = "the file tells something else beside its result than is shown"
	}
	a.Look(voter.LookResult, nil, why)
}

// accountOf works an account out of the file's bytes and the agenda they gave.
func accountOf(file []byte, a Agenda) (x Account, err error) {
	if len(file) == 0 {
		return Account{}, nil // no ballot counted
	}
	in, err := shares.Parse(bytes.NewReader(file))
	if err != nil {
		return x, err
	}
	var chosen []glosa.QuestionID
	for _, p := range a.Chosen {
		chosen = append(chosen, p.Question)
	}
	raw, err := shares.Run(in, rawCount)
	if err != nil {
		return x, err
	}
	x.Raw = folios(raw.Selected)
	x.RawOnly, x.Without = differ(x.Raw, chosen), differ(chosen, x.Raw)
	if !a.Computed {
		return x, nil
	}
	if x.Paid, err = paidFor(in, a); err != nil {
		return x, err
	}
	rule, err := a.Criteria.rule()
	if err != nil {
		return x, err
	}
	other, err := turned(in, rule)
	x.In, x.Out = differ(other, chosen), differ(chosen, other)
	return x, err
}

// Command is what anybody types to compute the agenda again out of its published
// file, kept under some name: it writes the result's own bytes. "" where nothing
// was computed from ballots.
func (a Agenda) Command(file string) string {
	rule, err := a.Criteria.rule()
	if err != nil || !a.Computed || a.Ballots == 0 {
		return ""
	}
	return "glosa method shares --json --rule " + rule.Kind + " --satisfaction " + rule.Satisfaction + " --completion " + rule.Completion + " " + file
}

// rawCount ranks by number of supporters alone, as they fit.
var rawCount = shares.Rule{Kind: shares.Greedy, Satisfaction: shares.Cost, Completion: shares.None}

func folios(ids []string) (out []glosa.QuestionID) {
	for _, id := range ids {
		out = append(out, glosa.QuestionID(id))
	}
	return out
}

// differ is what a has and b has not, in a's order.
func differ(a, b []glosa.QuestionID) (out []glosa.QuestionID) {
	for _, q := range a {
		if !slices.Contains(b, q) {
			out = append(out, q)
		}
	}
	return out
}

// turned is the outcome with the order of the ids reversed, all else equal.
func turned(in *shares.Instance, rule shares.Rule) ([]glosa.QuestionID, error) {
	order := slices.Clone(in.Items)
	slices.SortFunc(order, func(a, b shares.Item) int { return cmp.Compare(b.ID, a.ID) })
	alias, name := map[string]string{}, map[string]string{}
	for i, it := range order {
		id := fmt.Sprintf("%09d", i)
		alias[it.ID], name[id] = id, it.ID
	}
	mirror := *in
	mirror.Items = slices.Clone(in.Items)
	for i := range mirror.Items {
		mirror.Items[i].ID = alias[mirror.Items[i].ID]
	}
	res, err := shares.Run(&mirror, rule)
	for i, id := range res.Selected {
		res.Selected[i] = name[id]
	}
	return folios(res.Selected), err
}
