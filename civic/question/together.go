package question

import (
	"context"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// maxTogether is how many questions one draft may answer by one press.
const maxTogether = 100

// DraftAll keeps the same draft for several questions that the institution owes,
// all or none; send puts all of them before whoever signs. Those merged into one
// have one answer anyway: this is for questions that stand by themselves.
// Errors: Invalid naming the fields ("also" when one of the others cannot have
// it); Denied; NotFound; Conflict.
func (d *Desk) DraftAll(ctx context.Context, by glosa.Actor, ids []glosa.QuestionID, a Answer, send bool) error {
	a = a.tidy()
	return d.onEach(ctx, by, actDraft, ids, func(t *turn) error {
		err := t.draft(a)
		if err == nil && send {
			err = t.send()
		}
		switch kind := glosa.KindOf(err); {
		case err == nil || t.row.id == ids[0]:
			return err
		case kind == glosa.Denied || kind == glosa.Conflict:
			return glosa.WrongField("also", "of.also.no", "folio", string(t.row.id))
		}
		return err
	})
}

// SignAll signs and publishes the same words for several questions, all or none:
// whoever signs reads them once, and each answer is a statement of its own, with
// its own folio and digest.
// Errors: as [Desk.Sign].
func (d *Desk) SignAll(ctx context.Context, by glosa.Actor, ids []glosa.QuestionID, read glosa.Hash) error {
	return d.onEach(ctx, by, actAnswer, ids, func(t *turn) error { return t.sign(read) })
}

// onEach runs an official act on each of some questions, as one.
func (d *Desk) onEach(ctx context.Context, by glosa.Actor, act glosa.Act, ids []glosa.QuestionID, fn func(t *turn) error) error {
	if err := by.May(act); err != nil {
		return err
	}
	if len(ids) == 0 || len(ids) > maxTogether {
		return glosa.WrongField("also", "of.also.many", "n", itoa(maxTogether))
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		done := map[glosa.QuestionID]bool{}
		for _, id := range ids {
			if done[id] {
				continue
			}
			done[id] = true
			r, err := load(tx, id)
			if err != nil {
				return err
			}
			if err := d.enter(tx, by, act, r, fn); err != nil {
				return err
			}
		}
		return nil
	})
}

// Together lists what waits for the same signature with the same words as one
// question's draft, that one first.
// Errors: Denied; NotFound when it does not wait for the actor's signature.
func (d *Desk) Together(ctx context.Context, by glosa.Actor, id glosa.QuestionID) (out []Owed, err error) {
	all, err := d.ToSign(ctx, by, 0, maxTogether)
	if err != nil {
		return nil, err
	}
	var words glosa.Hash
	for _, o := range all {
		if o.ID == id {
			out, words = append(out, o), o.Words
		}
	}
	if len(out) == 0 {
		return nil, glosa.Missing("question", string(id))
	}
	for _, o := range all {
		if o.ID != id && !words.IsZero() && o.Words == words {
			out = append(out, o)
		}
	}
	return out, nil
}

// holds lists the keys under which an actor's institution holds questions: today's
// name and older ones.
func holds(tx *db.Tx, institution glosa.InstitutionKey) ([]string, error) {
	keys := []string{string(institution)}
	line, err := people.Lineage(tx, institution)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return nil, err
	}
	for _, i := range line {
		if i.Key != institution {
			keys = append(keys, string(i.Key))
		}
	}
	return keys, nil
}
