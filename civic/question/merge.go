package question

import (
	"context"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// meeting is a merge that has been looked at from every side and not begun: the
// question that would stand for all, and those that would be joined to it.
type meeting struct {
	root  row
	group []row // the one that is joined, then all that were merged into it
}

// meet looks at everything that could forbid a merge of id into another question,
// or into the one that stands for that, and writes nothing.
// Invalid; NotFound; Conflict when one was answered, put on the agenda, merged
// otherwise, or was kept apart by its author.
func meet(tx *db.Tx, into, id glosa.QuestionID) (m meeting, err error) {
	if m.root, err = load(tx, into); err == nil && m.root.root != m.root.id {
		m.root, err = load(tx, m.root.root)
	}
	if err != nil {
		return m, err
	}
	if m.group, err = loadGroup(tx, id); err != nil {
		return m, err
	}
	if len(m.group) == 0 || m.group[0].id != id {
		return m, glosa.Refuse(glosa.Conflict, "mo.joined", "id", string(id))
	}
	t, q := &turn{tx: tx, row: &m.root}, &turn{tx: tx, row: &m.group[0]}
	if err := q.mayJoin(t); err != nil {
		return m, err
	}
	for _, one := range []*turn{t, q} {
		if one.row.state != Received {
			continue
		}
		if err := one.written(); err != nil {
			return m, err
		}
	}
	return m, nil
}

// join merges: the words of the one stand verbatim for all, every folio and author
// stays, and a clock that already ran for one of them is not restarted.
func (m meeting) join(tx *db.Tx, ed edition.Edition, by glosa.Actor) error {
	t, q := &turn{tx: tx, ed: ed, by: by, row: &m.root}, &turn{tx: tx, ed: ed, by: by, row: &m.group[0]}
	r, root := q.row, t.row
	for _, one := range []*turn{t, q} {
		if err := one.admitWaiting(); err != nil {
			return err
		}
	}
	r.before, r.sinceBefore = r.state, r.since
	if err := q.move(vMerge); err != nil {
		return err
	}
	r.into, r.next = root.id, noTime
	for i := range m.group {
		m.group[i].root = root.id
		if err := save(tx, &m.group[i]); err != nil {
			return err
		}
	}
	if err := q.leave(kMerged, mergedBody{Into: root.id}, Step{Other: string(root.id)}); err != nil {
		return err
	}
	if err := t.takeClock(r); err != nil {
		return err
	}
	return save(tx, root)
}

// takeClock lets a clock that ran for a merged question go on for the common
// one: the earliest start counts. Whoever held it holds the common one, even an
// office that has ended since, or nobody while the governor's office has to assign.
func (t *turn) takeClock(from *row) error {
	to := t.row
	if from.clock.IsZero() || !to.clock.IsZero() && to.clock.Before(from.clock) {
		return nil
	}
	unrouted := to.unrouted()
	to.clock = from.clock
	if unrouted {
		to.referrals = from.referrals
		return t.give(from.institution)
	}
	return t.retime()
}

// Unmerge takes a question out again, at any time, with those merged into it
// before: each is what it was. What the common question gained meanwhile (a place
// on the agenda, an answer) stays with it. Errors: Denied; NotFound; Conflict.
func (d *Desk) Unmerge(ctx context.Context, by glosa.Actor, id glosa.QuestionID) error {
	return d.on(ctx, by, actUnmerge, id, func(t *turn) error { return t.part() })
}

// Object keeps one's own question apart: it ends the proposals in which it stands,
// or takes it out of a merge, and it is not merged again.
// Errors: Invalid (field "key"); Conflict.
func (d *Desk) Object(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof) error {
	return d.own(ctx, by, actObject, id, proof, func(t *turn) error {
		t.row.apart = true
		if t.row.state == Merged {
			return t.part()
		}
		return t.keepApart()
	})
}

func (t *turn) part() error {
	r := t.row
	if r.state != Merged {
		return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(r.state), "verb", "unmerge")
	}
	group, err := loadGroup(t.tx, r.root)
	if err != nil {
		return err
	}
	below := map[glosa.QuestionID]bool{r.id: true}
	for grew := true; grew; { // the branch below r, at most as deep as the merges were
		grew = false
		for _, q := range group {
			if below[q.into] && !below[q.id] {
				below[q.id], grew = true, true
			}
		}
	}
	for i := range group {
		if q := &group[i]; below[q.id] && q.id != r.id {
			q.root = r.id
			if err := save(t.tx, q); err != nil {
				return err
			}
		}
	}
	old := r.root
	r.state, r.since, r.before, r.sinceBefore, r.into, r.root = r.before, r.sinceBefore, "", noTime, "", r.id
	if r.state == Admitted || r.state == Routed || r.state == Overdue {
		if err := t.retime(); err != nil {
			return err
		}
	}
	return t.leave(kUnmerged, unmergedBody{}, Step{Other: string(old)}, "question:"+string(old)) // the common page lists one less
}

// Canonical is the question whose words stand for this one: itself, or the one
// it was merged into. NotFound.
func Canonical(tx *db.Tx, id glosa.QuestionID) (glosa.QuestionID, error) {
	r, err := load(tx, id)
	return r.root, err
}

// Group lists every question the canonical one stands for, itself first: whoever
// supported any of them is counted once for all. NotFound.
func Group(tx *db.Tx, id glosa.QuestionID) ([]glosa.QuestionID, error) {
	r, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	rows, err := loadGroup(tx, r.root)
	if err != nil {
		return nil, err
	}
	out := make([]glosa.QuestionID, len(rows))
	for i, q := range rows {
		out[i] = q.id
	}
	return out, nil
}
