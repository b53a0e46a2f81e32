package question

import (
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Acts of a merge on its way.
const (
	actPropose glosa.Act = "question.propose_merge"
	actConsent glosa.Act = "question.consent"
)

// Outcomes of a proposal that is over.
const (
	outMerged    glosa.Code = "merged"
	outObjection glosa.Code = "objection" // an author keeps them apart
	outMovedOn   glosa.Code = "moved_on"  // meanwhile one was answered, withdrawn or put on the agenda
)

// proposal is one as the database keeps it.
type proposal struct {
	id       string
	edition  glosa.EditionID
	question glosa.QuestionID // would be joined
	target   glosa.QuestionID // would stand for it, in its own words
	post     glosa.Code
	at, due  time.Time
}

// Joining is a proposal to merge as pages show it.
type Joining struct {
	Question  glosa.QuestionID // would be joined
	Target    glosa.QuestionID // would stand for both, verbatim
	At        time.Time
	Clock     edition.Sum // when it takes effect, unless an author objects
	Authors   int         // who are asked
	Consented []glosa.QuestionID
}

// mergeTerm is how long authors may object where a protocol does not say it.
var mergeTerm = edition.Term{N: 72, Unit: edition.Hours}

// objectBy is when a proposal takes effect, and how that was counted.
func objectBy(e edition.Edition, from time.Time) edition.Sum {
	term := protocol(e).Moderation.Object
	if term == (edition.Term{}) {
		term = mergeTerm
	}
	return e.Deadline(from, term, nil, nil)
}

// ProposeMerge proposes that one of two questions that ask the same stand for
// both, word for word. Which one: keep, when the moderator says it, else the one
// with more supporters, then the older, then the smaller folio. The authors are
// told; it takes effect after the protocol's time, or when all have consented. A
// question still under review is admitted by the same act, since its words are
// published below the common ones.
// Errors: Invalid; Denied; Closed; NotFound; Conflict when one is answered, on
// the agenda, merged or proposed already, or was kept apart by its author.
func (d *Desk) ProposeMerge(ctx context.Context, by glosa.Actor, a, b, keep glosa.QuestionID) (into glosa.QuestionID, err error) {
	if err := by.May(actPropose); err != nil {
		return "", err
	}
	err = d.on(ctx, by, actPropose, a, func(t *turn) error {
		other, err := load(t.tx, b)
		if err != nil {
			return err
		}
		if other.root != b {
			if other, err = load(t.tx, other.root); err != nil {
				return err
			}
		}
		o := &turn{tx: t.tx, ed: t.ed, by: t.by, row: &other}
		if keep != "" && keep != a && keep != b && keep != other.id || a == other.id {
			return glosa.WrongField("ids", "mo.pick")
		}
		joined, target, err := d.order(t, o, keep)
		if err != nil {
			return err
		}
		into = target.row.id
		if err := joined.propose(target); err != nil {
			return err
		}
		return save(t.tx, &other)
	})
	return into, err
}

// order says which of two would be joined to which.
func (d *Desk) order(a, b *turn, keep glosa.QuestionID) (joined, target *turn, err error) {
	supporters := map[glosa.QuestionID]int{}
	if keep == "" && d.Supporters != nil {
		if supporters, err = d.Supporters(a.tx, a.row.edition); err != nil {
			return nil, nil, err
		}
	}
	first := supporters[a.row.id] - supporters[b.row.id]
	if first == 0 {
		first = b.row.received.Compare(a.row.received)
	}
	if keep == a.row.id || keep == "" && (first > 0 || first == 0 && a.row.id < b.row.id) {
		return b, a, nil
	}
	return a, b, nil
}

// mayJoin is nil when t may be merged into another. Invalid or Conflict otherwise.
func (t *turn) mayJoin(target *turn) error {
	r, root := t.row, target.row
	switch {
	case r.id == root.id || r.edition != root.edition || r.follows != "" || root.follows != "":
		return glosa.WrongField("ids", "mo.pick")
	case r.root != r.id, r.apart, r.agenda != NoAgenda, root.agenda != NoAgenda,
		!r.state.Can(vMerge) && r.state != Received, !root.state.Can(vMerge) && root.state != Received:
		return glosa.Refuse(glosa.Conflict, "mo.joined", "id", string(r.id))
	}
	return nil
}

// propose opens the proposal and starts its clock.
func (t *turn) propose(target *turn) error {
	if err := t.mayJoin(target); err != nil {
		return err
	}
	if target.row.apart {
		return glosa.Refuse(glosa.Conflict, "mo.joined", "id", string(target.row.id))
	}
	if err := target.notProposedInto(t.row.id); err != nil {
		return err
	}
	for _, one := range []*turn{target, t} {
		if err := one.admitWaiting(); err != nil {
			return err
		}
	}
	sum := objectBy(t.ed, t.tx.Now)
	p := proposal{id: t.tx.NewID(), edition: t.row.edition, question: t.row.id, target: target.row.id,
		post: glosa.Code(t.by.By()), at: t.tx.Now, due: sum.Due}
	if sum.Standing {
		p.due = t.tx.Now.Add(standing)
	}
	fresh, err := insertProposal(t.tx, p)
	if err != nil {
		return err
	}
	if !fresh {
		return glosa.Refuse(glosa.Conflict, "mo.proposed", "id", string(p.question))
	}
	return t.leave(kMergeProposed, mergeProposedBody{Into: p.target, Due: p.due.UTC()}, Step{Other: string(p.target)}, "question:"+string(p.target))
}

// notProposedInto is a Conflict when the same two are proposed the other way round.
func (t *turn) notProposedInto(other glosa.QuestionID) error {
	open, err := selectProposalsOf(t.tx, t.row.id)
	if err == nil && slices.ContainsFunc(open, func(p proposal) bool { return p.question == t.row.id && p.target == other }) {
		err = glosa.Refuse(glosa.Conflict, "mo.proposed", "id", string(t.row.id))
	}
	return err
}

// admitWaiting publishes a question that still waits for its first decision.
func (t *turn) admitWaiting() error {
	if t.row.state != Received {
		return nil
	}
	if err := t.written(); err != nil {
		return err
	}
	if err := t.move(vAdmit); err != nil {
		return err
	}
	return t.admit(decidedBody{}, "one", []glosa.Code{glosa.Code(t.by.By())})
}

// ConsentMerge is an author's yes to the proposals that their question stands in.
// The last one lets a proposal take effect at once. Twice is once.
// Errors: Invalid (field "key"); Conflict when nothing is proposed.
func (d *Desk) ConsentMerge(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof) error {
	return d.own(ctx, by, actConsent, id, proof, func(t *turn) error {
		all, err := selectProposalsOf(t.tx, t.row.root)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(t.row.state), "verb", "consent")
		}
		for _, p := range all {
			fresh, err := insertConsent(t.tx, p.id, id)
			if err != nil {
				return err
			}
			if !fresh { // said before; the others that it stands in are still asked
				continue
			}
			if err := t.leave(kMergeConsented, mergedBody{Into: p.target}, Step{Other: string(p.target)}, "question:"+string(p.question), "question:"+string(p.target)); err != nil {
				return err
			}
			if err := save(t.tx, t.row); err != nil {
				return err
			}
			if err := p.consented(t); err != nil {
				return err
			}
			if *t.row, err = load(t.tx, id); err != nil { // the merge may have moved it
				return err
			}
		}
		return nil
	})
}

// consented lets the proposal take effect when nobody is left to be asked.
func (p proposal) consented(t *turn) error {
	authors, err := p.authors(t.tx)
	if err != nil {
		return err
	}
	said, err := selectConsents(t.tx, p.id)
	if err != nil {
		return err
	}
	for _, a := range authors {
		if !slices.Contains(said, a) {
			return nil
		}
	}
	return p.effect(t.tx, t.ed)
}

// authors are the questions whose authors a proposal concerns: both, and all that
// were merged into either.
func (p proposal) authors(tx *db.Tx) (ids []glosa.QuestionID, err error) {
	for _, id := range []glosa.QuestionID{p.question, p.target} {
		group, err := loadGroup(tx, id)
		if err != nil {
			return nil, err
		}
		for _, r := range group {
			if r.state != Withdrawn {
				ids = append(ids, r.id)
			}
		}
	}
	return ids, nil
}

// effect merges, as an act of the system. What became impossible since the
// proposal was made ends it instead.
func (p proposal) effect(tx *db.Tx, ed edition.Edition) error {
	by := glosa.System()
	if err := by.May(actMerge); err != nil {
		return err
	}
	m, err := meet(tx, p.target, p.question)
	switch kind := glosa.KindOf(err); {
	case err != nil && (kind == glosa.Conflict || kind == glosa.Invalid): // and nothing is written yet
		return p.drop(tx, by, outMovedOn)
	case err != nil:
		return err
	}
	if err := m.join(tx, ed, by); err != nil {
		return err
	}
	return closeProposal(tx, p.id, outMerged)
}

// drop ends a proposal without a merge.
func (p proposal) drop(tx *db.Tx, by glosa.Actor, why glosa.Code) error {
	if err := closeProposal(tx, p.id, why); err != nil {
		return err
	}
	r, err := load(tx, p.question)
	if err != nil {
		return err
	}
	return leave(tx, by, &r, kMergeDropped, mergeDroppedBody{Into: p.target, Reason: why}, Step{Word: why, Other: string(p.target)}, "question:"+string(p.target))
}

// keepApart ends the proposals in which the question stands: its author objects.
func (t *turn) keepApart() error {
	all, err := selectProposalsOf(t.tx, t.row.id)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(t.row.state), "verb", "object")
	}
	for _, p := range all {
		if err := p.drop(t.tx, t.by, outObjection); err != nil {
			return err
		}
	}
	return nil
}

// mergeDue lets a proposal take effect whose time is over.
func mergeDue(tx *db.Tx, now time.Time, id string) error {
	p, open, err := selectProposal(tx, id)
	if err != nil || !open {
		return err
	}
	ed, err := edition.Load(tx, p.edition)
	if err != nil {
		return err
	}
	switch sum := objectBy(ed, p.at); {
	case p.due.After(now):
		return nil
	case sum.Standing: // the edition is suspended, nobody knows until when
		return moveProposal(tx, p.id, now.Add(standing))
	case sum.Due.After(now):
		return moveProposal(tx, p.id, sum.Due)
	}
	return p.effect(tx, ed)
}

// joiningOf adds the proposals in which a question, or the one it was merged into, stands.
func joiningOf(tx *db.Tx, ed edition.Edition, r *row, p *Page) error {
	all, err := selectProposalsOf(tx, r.root)
	if err != nil {
		return err
	}
	for _, x := range all {
		j := Joining{Question: x.question, Target: x.target, At: x.at, Clock: objectBy(ed, x.at)}
		authors, err := x.authors(tx)
		if err != nil {
			return err
		}
		if j.Consented, err = selectConsents(tx, x.id); err != nil {
			return err
		}
		j.Authors = len(authors)
		p.Joining = append(p.Joining, j)
		if due := j.Clock.Due; due.After(tx.Now) && (p.Until.IsZero() || due.Before(p.Until)) {
			p.Until = due
		}
	}
	return nil
}
