package question

import (
	"context"

	"glosa"
	"glosa/db"
)

// Merge joins questions that ask the same to one of them, whose words stand
// verbatim for all. Every folio and author stays; a clock that already ran for
// one of them is not restarted. A question still under review is admitted by
// the same act, since its words are published below the common ones.
// Errors: Invalid; Denied; Closed; NotFound; Conflict when one is decided
// otherwise, answered, on the agenda, or was taken out by its author.
func (d *Desk) Merge(ctx context.Context, by glosa.Actor, into glosa.QuestionID, ids ...glosa.QuestionID) error {
	if err := by.May(actMerge); err != nil {
		return err
	}
	if len(ids) == 0 || len(ids) > 100 {
		return glosa.WrongField("ids", "mo.pick")
	}
	return d.on(ctx, by, actMerge, into, func(t *turn) error {
		target := t
		if t.row.root != t.row.id {
			root, err := load(t.tx, t.row.root)
			if err != nil {
				return err
			}
			target = &turn{tx: t.tx, ed: t.ed, by: t.by, row: &root}
		}
		for _, id := range ids {
			if err := target.join(id); err != nil {
				return err
			}
		}
		if target == t {
			return nil
		}
		return save(t.tx, target.row)
	})
}

// join merges one question, with all that were merged into it, into t.
func (t *turn) join(id glosa.QuestionID) error {
	group, err := loadGroup(t.tx, id)
	if err != nil {
		return err
	}
	if len(group) == 0 || group[0].id != id {
		return glosa.Refuse(glosa.Conflict, "mo.joined", "id", string(id))
	}
	q := &turn{tx: t.tx, ed: t.ed, by: t.by, row: &group[0]}
	r, root := q.row, t.row
	switch {
	case r.id == root.id || r.edition != root.edition || r.follows != "" || root.follows != "":
		return glosa.WrongField("ids", "mo.pick")
	case !root.state.Can(vMerge) && root.state != Received, r.apart, r.agenda != NoAgenda, root.agenda != NoAgenda:
		return glosa.Refuse(glosa.Conflict, "mo.joined", "id", string(id))
	}
	for _, one := range []*turn{t, q} {
		if one.row.state == Received {
			if err := one.move(vAdmit); err != nil {
				return err
			}
			if err := one.admit(decidedBody{}, "one", []glosa.Code{glosa.Code(t.by.By())}); err != nil {
				return err
			}
		}
	}
	r.before = r.state
	if err := q.move(vMerge); err != nil {
		return err
	}
	r.into, r.next = root.id, noTime
	for i := range group {
		group[i].root = root.id
		if err := save(t.tx, &group[i]); err != nil {
			return err
		}
	}
	if err := q.leave(kMerged, mergedBody{Into: root.id}, Step{Other: string(root.id)}); err != nil {
		return err
	}
	return t.takeClock(r)
}

// takeClock lets a clock that ran for a merged question go on for the common
// one: the earliest start counts.
func (t *turn) takeClock(from *row) error {
	to := t.row
	if from.clock.IsZero() || !to.clock.IsZero() && to.clock.Before(from.clock) {
		return nil
	}
	to.clock = from.clock
	if to.state == Admitted {
		return t.route(from.institution)
	}
	return t.retime()
}

// Unmerge takes a question out again, at any time, with those merged into it
// before: each is what it was. What the common question gained meanwhile (a place
// on the agenda, an answer) stays with it. Errors: Denied; NotFound; Conflict.
func (d *Desk) Unmerge(ctx context.Context, by glosa.Actor, id glosa.QuestionID) error {
	return d.on(ctx, by, actUnmerge, id, func(t *turn) error { return t.part() })
}

// Object takes one's own question out of a merge; it is not merged again.
// Errors: Invalid (field "key"); Conflict.
func (d *Desk) Object(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof) error {
	return d.own(ctx, by, actObject, id, proof, func(t *turn) error {
		t.row.apart = true
		return t.part()
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
	r.state, r.before, r.into, r.root = r.before, "", "", r.id
	if r.state == Routed || r.state == Overdue {
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
