package rights

import (
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Identify says that somebody came in person, how it was seen who they are, and
// which questions are theirs: what is granted is done to those. A document is not
// copied, and nothing of it is written down. A request that names no question, as
// one whose box was emptied before it was executed, can be identified again; it
// then is in process again.
// Errors: Invalid (fields "folios", "check", "name"); Denied; NotFound; Conflict.
func (d *Desk) Identify(ctx context.Context, by glosa.Actor, id ID, s Seen) error {
	if err := by.May(actIdentify); err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return err
	}
	return d.on(ctx, by, actIdentify, id, func(tx *db.Tx, e edition.Edition, r *row) error {
		w, err := d.unseal(*r)
		if err != nil {
			return err
		}
		if r.state != Received && !(r.proof == Shown && len(w.Questions) == 0 && r.state != Executed && r.outcome != Denied) {
			return wrongTurn()
		}
		if w.Questions, err = d.known(tx, r.edition, s.Folios); err != nil {
			return err
		}
		if s.Name != "" {
			w.Name = s.Name
		}
		if r.kind == Rectification && w.Name == "" {
			return glosa.WrongField("name", "ar.noname")
		}
		r.proof, r.checked, r.seenBy = Shown, s.Check, by.Human
		if r.seenAt.IsZero() { // seen again, the term goes on
			r.seenAt = tx.Now
			r.due = clock(e, *r).Due
		}
		r.unsaid()
		if r.state = InProcess; !r.extended.IsZero() {
			r.state = Extended
		}
		r.boxID, r.box, err = d.seal(w)
		return err
	})
}

// known reads typed folios; each must be a question of the edition.
func (d *Desk) known(tx *db.Tx, ed glosa.EditionID, typed []string) (out []glosa.QuestionID, err error) {
	for _, folio := range typed {
		q, of, err := d.Rooms.Known(tx, folio)
		if err != nil {
			return nil, err
		}
		if of != ed {
			return nil, glosa.WrongField("folios", "ar.folios.edition")
		}
		if !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	return out, nil
}

// unsaid forgets what was said before it was known which questions it is about.
func (r *row) unsaid() {
	r.outcome, r.resolved, r.disputed = "", time.Time{}, time.Time{}
	r.firstHuman, r.firstSide, r.firstPost, r.firstWord, r.firstAt = "", "", "", "", time.Time{}
	r.secondHuman, r.secondSide, r.secondPost = "", "", ""
}
