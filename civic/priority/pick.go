package priority

import (
	"context"
	"slices"
	"strconv"

	"glosa"
	"glosa/method/shares"
)

// notPicked is why a question is off an agenda that a selector picked.
const notPicked glosa.Code = "not-picked"

// Pick makes the agenda where the protocol leaves it to an outside selector
// (rule outside_selector): the questions named, in that order, as far as the
// minutes allow. The published file still tells who supported what, so that
// anybody may compare; nothing is claimed about proportionality.
//
// Errors: as Select; Invalid, field "chosen", for none, one twice, one that is no
// candidate, or more than the minutes hold; Conflict where the agenda is computed.
func (d *Desk) Pick(ctx context.Context, by glosa.Actor, id glosa.EditionID, chosen []glosa.QuestionID) (Agenda, error) {
	if err := by.MayIn(actSelect, id); err != nil {
		return Agenda{}, err
	}
	return d.decide(ctx, by, id, false, func(in *shares.Instance, c *computed, criteria Criteria) error {
		return c.pick(in, criteria, chosen)
	})
}

func (c *computed) pick(in *shares.Instance, criteria Criteria, chosen []glosa.QuestionID) error {
	if len(chosen) == 0 {
		return glosa.WrongField("chosen", "a.empty")
	}
	if most := criteria.Minutes / criteria.PerQuestion; len(chosen) > most {
		return glosa.WrongField("chosen", "g.toomany", "n", strconv.Itoa(most))
	}
	supporters := map[string]int64{}
	for _, b := range in.Ballots {
		for _, i := range b.Choices {
			supporters[in.Items[i].ID]++
		}
	}
	c.res = shares.Result{Selected: []string{}, Budget: in.Budget, Voters: len(in.Ballots),
		Rule: shares.Rule{Kind: string(ruleOutside)}, Rounds: []shares.Round{}, Missed: []shares.Missed{}}
	for n, q := range chosen {
		i := slices.IndexFunc(in.Items, func(it shares.Item) bool { return it.ID == string(q) })
		if i < 0 || slices.Contains(chosen[:n], q) {
			return glosa.WrongField("chosen", "g.nocandidate", "id", string(q))
		}
		it := in.Items[i]
		c.res.Selected = append(c.res.Selected, it.ID)
		c.res.Cost += it.Cost
		c.res.Rounds = append(c.res.Rounds, shares.Round{ID: it.ID, Cost: it.Cost, Step: string(ruleOutside), Supporters: supporters[it.ID]})
	}
	for _, it := range in.Items {
		if !slices.Contains(c.res.Selected, it.ID) {
			c.res.Missed = append(c.res.Missed, shares.Missed{ID: it.ID, Cost: it.Cost, Supporters: supporters[it.ID], Reason: string(notPicked), Left: "0"})
		}
	}
	return c.finish(in)
}
