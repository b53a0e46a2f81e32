package priority

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/db"
	"glosa/method/shares"
)

// computed is an agenda worked out from the ballots, before it is written down.
type computed struct {
	stored
	res        shares.Result
	candidates []glosa.QuestionID
	standing   int                     // ballots of all doors
	tracker    func(glosa.Hash) string // nil: [Tracker]
	besides    []storedBeside
	networks   Networks
}

// Select makes the agenda, after the support window: it writes the published
// file, computes the result from its bytes, keeps both, and moves every
// candidate onto or off the agenda, in one act. The selector sets it off and
// chooses nothing. Run anew, the same ballots give the same bytes.
//
// Where no ballot counts the agenda is empty, the file too, and every question
// goes to writing: the window is over, so nothing else could come.
//
// Errors: Denied (also for whoever acts for a side that the protocol does not allow
// to select, or holds anything in government that day: see free.go); NotFound; Closed before the window ends, with Until; Conflict when
// it was done, when the protocol lets a selector pick, or when questions moved meanwhile.
func (d *Desk) Select(ctx context.Context, by glosa.Actor, id glosa.EditionID) (Agenda, error) {
	if err := by.MayIn(actSelect, id); err != nil {
		return Agenda{}, err
	}
	return d.decide(ctx, by, id, true, func(in *shares.Instance, c *computed, criteria Criteria) error {
		if len(in.Ballots) == 0 {
			return c.nobody(in, criteria)
		}
		return c.decide(criteria)
	})
}

// decide makes an agenda by a way that works on the published rows.
func (d *Desk) decide(ctx context.Context, by glosa.Actor, id glosa.EditionID, byRule bool,
	way func(*shares.Instance, *computed, Criteria) error) (Agenda, error) {
	if by.Side == glosa.Government || by.Human == "" {
		return Agenda{}, glosa.Refuse(glosa.Denied, "e.403", "rule", string(actSelect))
	}
	if err := d.lastBatch(ctx, by, id); err != nil {
		return Agenda{}, err
	}
	var c computed
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		criteria, ballots, candidates, err := d.gatherRows(tx, by, id)
		if err != nil {
			return err
		}
		ed, err := edition.Load(tx, id)
		if err != nil {
			return err
		}
		if criteria.computed() != byRule {
			return glosa.Refuse(glosa.Conflict, "g.otherway")
		}
		kept, out, err := splitExcluded(tx, criteria, ballots)
		if err != nil {
			return err
		}
		c = computed{standing: len(ballots)}
		c.excluded = len(out)
		in, err := c.rows(tx, ed, criteria, kept, candidates)
		if err != nil {
			return err
		}
		if err := way(in, &c, criteria); err != nil {
			return err
		}
		if err := c.tell(id, criteria); err != nil || !byRule {
			return err
		}
		if err := c.strong(tx, apart{ed, criteria, kept, candidates}); err != nil {
			return err
		}
		return c.whole(tx, apart{ed, criteria, ballots, candidates})
	})
	if err != nil {
		return Agenda{}, err
	}
	c.software, c.human, c.side, c.by = d.Software, by.Human, by.Side, by.By()
	c.networks = d.networks.of(ContestOf(id))
	var a Agenda
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		if err := d.settleAgenda(tx, by, id, c); err != nil {
			return err
		}
		a, err = agenda(tx, id)
		return err
	})
	if err == nil {
		d.networks.forget(a.Contest)
	}
	return a, err
}

// maySelect checks stage, side and window.
func maySelect(tx *db.Tx, by glosa.Actor, id glosa.EditionID) (edition.Edition, error) {
	ed, err := edition.Enter(tx, by, actSelect, id)
	if err != nil {
		return ed, err
	}
	if sides := ed.Protocol.Selection.Selector; len(sides) > 0 && !slices.Contains(sides, by.Side) {
		return ed, glosa.Refuse(glosa.Denied, "e.403", "rule", string(actSelect))
	}
	if end := ed.SupportCloses(); tx.Now.Before(end) {
		e := glosa.Refuse(glosa.Closed, "g.window", "edition", string(id), "rule", string(actSelect))
		e.Until = end
		return ed, e
	}
	_, err = free(tx, by, id)
	return ed, err
}

// lastBatch tells the record of the ballots of the last minutes. Nothing else can come.
func (d *Desk) lastBatch(ctx context.Context, by glosa.Actor, id glosa.EditionID) error {
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := maySelect(tx, by, id); err != nil {
			return err
		}
		c, err := selectContest(tx, id)
		if err != nil {
			return err
		}
		_, err = selectSelection(tx, c.Contest)
		if err == nil {
			return glosa.Refuse(glosa.Conflict, "g.done")
		}
		if glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		return tellBatch(tx, dueContest{c.Contest, id}, tx.Now, true)
	})
}

// gatherRows reads what the agenda is made of.
func (d *Desk) gatherRows(tx *db.Tx, by glosa.Actor, id glosa.EditionID) (c Criteria, ballots []*ballot, candidates []question.Candidate, err error) {
	if _, err = maySelect(tx, by, id); err != nil {
		return c, nil, nil, err
	}
	if c, err = selectContest(tx, id); err != nil {
		return c, nil, nil, err
	}
	if ballots, err = selectAllStanding(tx, c.Contest); err != nil {
		return c, nil, nil, err
	}
	candidates, err = question.Candidates(tx, id)
	return c, ballots, candidates, err
}

// rows writes the published file, which is empty when no ballot counts.
func (c *computed) rows(tx *db.Tx, ed edition.Edition, criteria Criteria, ballots []*ballot, candidates []question.Candidate) (*shares.Instance, error) {
	in := instance(ed, criteria, candidates)
	places := make(map[glosa.QuestionID]int32, len(candidates))
	for i, q := range in.Items {
		places[glosa.QuestionID(q.ID)] = int32(i)
		c.candidates = append(c.candidates, glosa.QuestionID(q.ID))
	}
	roots := rooter{tx, map[glosa.QuestionID]glosa.QuestionID{}}
	tracker := c.tracker
	if tracker == nil {
		tracker = voter.Tracker
	}
	for _, b := range ballots {
		if !criteria.Counts(b.door) {
			c.apart++
			continue
		}
		set, err := roots.set(b.choices)
		if err != nil {
			return nil, err
		}
		row := shares.Ballot{ID: tracker(b.salt())}
		for _, q := range set {
			if i, ok := places[q]; ok {
				row.Choices = append(row.Choices, i)
			}
		}
		if len(row.Choices) == 0 {
			c.void++
			continue
		}
		in.Ballots = append(in.Ballots, row)
	}
	if len(in.Ballots) == 0 {
		c.file = []byte{}
		return in, nil
	}
	slices.SortFunc(in.Ballots, func(a, b shares.Ballot) int { return cmp.Compare(a.ID, b.ID) })
	var file bytes.Buffer
	if err := shares.Write(&file, in); err != nil {
		return nil, err
	}
	c.file, c.ballots = file.Bytes(), len(in.Ballots)
	return in, nil
}

// described is the edition's name; a synthetic one says so in every file.
func described(ed edition.Edition) string {
	if ed.Synthetic && !strings.Contains(ed.Name, "SINTÉTICO") {
		return strings.TrimSpace(ed.Name + " (SINTÉTICO)")
	}
	return ed.Name
}

// instance is the contest without its ballots, questions by folio. Names stay
// empty: words can be erased by law, a published file cannot.
func instance(ed edition.Edition, c Criteria, candidates []question.Candidate) *shares.Instance {
	in := &shares.Instance{Budget: int64(c.Minutes), Meta: []shares.Pair{
		{Key: "description", Value: described(ed)}, {Key: "country", Value: "Mexico"}, {Key: "unit", Value: ed.Code},
		{Key: "instance", Value: string(c.Contest)}, {Key: "currency", Value: "minutes"},
		{Key: "rule", Value: string(c.Rule)}, {Key: "max_length", Value: itoa(c.Choices)}, shares.StepBudget()}}
	if ed.Synthetic {
		in.Meta = append(in.Meta, shares.Pair{Key: "synthetic", Value: "1"})
	}
	for _, q := range candidates {
		in.Items = append(in.Items, shares.Item{ID: string(q.ID), Cost: int64(c.PerQuestion)})
	}
	slices.SortFunc(in.Items, func(a, b shares.Item) int { return cmp.Compare(a.ID, b.ID) })
	return in
}

// decide computes the result from the published bytes, as anybody would.
func (c *computed) decide(criteria Criteria) error {
	in, err := shares.Parse(bytes.NewReader(c.file))
	if err != nil {
		return err
	}
	rule, err := criteria.rule()
	if err != nil {
		return err
	}
	if c.res, err = shares.Run(in, rule); err != nil {
		return err
	}
	return c.finish(in)
}

// nobody is the outcome where no ballot counts.
func (c *computed) nobody(in *shares.Instance, criteria Criteria) error {
	rule, err := criteria.rule()
	if err != nil {
		return err
	}
	c.res = shares.Result{Selected: []string{}, Budget: in.Budget, Rule: rule, Rounds: []shares.Round{}, Missed: []shares.Missed{},
		EJR: shares.Axiom{Holds: true}}
	for _, it := range in.Items {
		c.res.Missed = append(c.res.Missed, shares.Missed{ID: it.ID, Cost: it.Cost, Reason: shares.NoSupport, Left: "0", Short: it.Cost})
	}
	return c.finish(in)
}

// finish compares the outcome with the raw count and fixes the digests.
func (c *computed) finish(in *shares.Instance) error {
	if len(in.Ballots) > 0 {
		raw, err := shares.Run(in, rawCount)
		if err != nil {
			return err
		}
		c.covered, c.coveredRaw = covered(in, c.res.Selected), covered(in, raw.Selected)
	}
	var err error
	if c.result, err = c.res.File(); err != nil {
		return err
	}
	c.input, c.digest = glosa.Digest(c.file), glosa.Digest(c.result)
	return nil
}

// covered counts the ballots with at least one chosen question.
func covered(in *shares.Instance, selected []string) (n int) {
	chosen := make(map[string]bool, len(selected))
	for _, id := range selected {
		chosen[id] = true
	}
	for _, b := range in.Ballots {
		if slices.ContainsFunc(b.Choices, func(i int32) bool { return chosen[in.Items[i].ID] }) {
			n++
		}
	}
	return n
}

// settleAgenda writes a computed agenda down, if what it was computed from still holds.
func (d *Desk) settleAgenda(tx *db.Tx, by glosa.Actor, id glosa.EditionID, c computed) error {
	criteria, ballots, candidates, err := d.gatherRows(tx, by, id)
	if err != nil {
		return err
	}
	now := make([]glosa.QuestionID, len(candidates))
	for i, q := range candidates {
		now[i] = q.ID
	}
	slices.Sort(now)
	_, left, err := splitExcluded(tx, criteria, ballots)
	if err != nil {
		return err
	}
	if len(ballots) != c.standing || len(left) != c.excluded || !slices.Equal(now, c.candidates) {
		return glosa.Refuse(glosa.Conflict, "g.moved")
	}
	_, stand, err := selectSums(tx, criteria.Contest)
	if err != nil {
		return err
	}
	if rows := c.ballots + c.void + c.apart + c.excluded; rows != stand {
		return &glosa.Error{Kind: glosa.Internal, Key: "e.500", Err: sumError{rows, stand}}
	}
	if c.freeOn, err = free(tx, by, id); err != nil {
		return err
	}
	done, err := insertSelection(tx, criteria.Contest, c.stored)
	if err != nil {
		return err
	}
	if !done {
		return glosa.Refuse(glosa.Conflict, "g.done")
	}
	if err := deleteDue(tx, criteria.Contest); err != nil {
		return err
	}
	out := criteria.outside(c.void, c.apart)
	err = tx.Leave(kSelected.Event(by, id, string(criteria.Contest), selectedBody{Input: c.input, Result: c.digest, Ballots: c.ballots,
		Outside: out.all, Void: out.void, Apart: out.apart, Chosen: len(c.res.Selected), Minutes: int(c.res.Cost), Software: c.software, Covered: c.covered, CoveredRaw: c.coveredRaw, FreeOn: c.freeOn.Time(), Excluded: c.excluded,
		Account: glosa.Digest(c.account)}))
	if err != nil {
		return err
	}
	if err := c.leaveBesides(tx, by, id, criteria.Contest); err != nil {
		return err
	}
	for i, q := range c.res.Selected {
		if err := question.Selected(tx, by, glosa.QuestionID(q), criteria.Contest, i+1); err != nil {
			return err
		}
	}
	for _, m := range c.res.Missed {
		if err := question.NotSelected(tx, by, glosa.QuestionID(m.ID), glosa.Code(m.Reason), int(m.Short)); err != nil {
			return err
		}
	}
	return nil
}

// sumError: the batches told the record of another number of ballots than stand.
type sumError struct{ rows, batches int }

func (e sumError) Error() string {
	return "ballots that stand: " + itoa(e.rows) + "; new less withdrawn in the batches: " + itoa(e.batches)
}
