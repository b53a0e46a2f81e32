package site

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/opinion"
	"glosa/civic/panel/draw"
	"glosa/civic/people/notice"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/db"
	"glosa/record"
)

// Again does in a restored database what the record says and its backup does not
// know: texts and names that were erased since are erased, and what lay under
// them is overwritten. Files of erased evidence are then named by nothing:
// [Site.SweepFiles]. texts are what a copy of the record publishes of the lost leaves:
// words that took the place of struck ones are put back from it. erased counts the commitments that are gone by it.
func Again(ctx context.Context, d *db.DB, lost []record.Leaf, texts map[glosa.Hash]record.Text) (erased int, err error) {
	var t question.Trace
	var evidence []commitment.Tombstone
	var erasedIDs []glosa.QuestionID
	var targets []glosa.Hash
	for _, l := range lost {
		id := glosa.QuestionID(l.ID)
		switch l.Kind {
		case "text.erased":
			var body struct {
				Target glosa.Hash   `json:"target"`
				Ground glosa.Code   `json:"ground"`
				Law    glosa.Code   `json:"law"`
				Posts  []glosa.Code `json:"posts"`
			}
			if err := json.Unmarshal(l.Body, &body); err != nil {
				return 0, fmt.Errorf("leaf %d: %w", l.N, err)
			}
			erasedIDs, targets = append(erasedIDs, id), append(targets, body.Target)
			t.Erased = append(t.Erased, question.ErasedText{Target: body.Target, Ground: body.Ground, By: glosa.Code(l.By)})
			if len(body.Posts) == 2 { // of a question, or of evidence: each room knows its own
				evidence = append(evidence, commitment.Tombstone{Target: body.Target, Erasure: commitment.Erasure{At: l.At,
					Ground: body.Ground, Law: body.Law, Posts: [2]glosa.Code(body.Posts)}})
			}
		case "question.redacted":
			var body struct {
				Commit  glosa.Hash `json:"commit"`
				Sealed  []int      `json:"sealed"`
				Version int        `json:"version"`
			}
			if err := json.Unmarshal(l.Body, &body); err != nil {
				return 0, fmt.Errorf("leaf %d: %w", l.N, err)
			}
			s := question.StruckText{ID: id, Versions: body.Sealed, Version: body.Version, Commit: body.Commit, At: l.At}
			if kept, ok := texts[body.Commit]; ok {
				s.Salt, s.Object = kept.Salt[:], string(kept.Object)
			}
			t.Struck = append(t.Struck, s)
		case "question.names_gone":
			t.Over = append(t.Over, l.Edition)
		case "question.withdrawn", "question.unnamed":
			t.Unnamed = append(t.Unnamed, id)
		case "question.received", "question.followed":
			t.Taken = append(t.Taken, question.Folio{Edition: l.Edition, ID: id, Follow: l.Kind == "question.followed"})
		}
	}
	drawn, err := drawTrace(lost)
	if err != nil {
		return 0, err
	}
	if err := (&draw.Desk{DB: d}).Repeat(ctx, glosa.Admin(), drawn); err != nil {
		return 0, err
	}
	if err := ballots(ctx, d, lost); err != nil {
		return 0, err
	}
	erased, err = repeat(ctx, d, t, evidence, erasedIDs, targets)
	return erased, errors.Join(err, d.Purge(ctx))
}

// ballots forgets again those that the record says are gone.
func ballots(ctx context.Context, d *db.DB, lost []record.Leaf) error {
	if err := (&priority.Desk{DB: d}).Repeat(ctx, glosa.Admin(), overIn(lost, "key.destroyed")); err != nil {
		return err
	}
	_, err := (&opinion.Desk{DB: d}).Repeat(ctx, glosa.Admin(), nil, overIn(lost, "opinion.rows_gone"))
	return err
}

// overIn lists the editions of which the record says by a kind that ballots are gone.
func overIn(lost []record.Leaf, kind string) (over []glosa.EditionID) {
	for _, l := range lost {
		if l.Kind == kind {
			over = append(over, l.Edition)
		}
	}
	return over
}

// drawTrace is what the record says is gone of draws.
func drawTrace(lost []record.Leaf) (t draw.Trace, err error) {
	for _, l := range lost {
		switch l.Kind {
		case "draw.gone":
			var body struct {
				Number int `json:"number"`
			}
			if err := json.Unmarshal(l.Body, &body); err != nil {
				return t, fmt.Errorf("leaf %d: %w", l.N, err)
			}
			t.Gone = append(t.Gone, draw.GoneNumber{Edition: l.Edition, Number: body.Number})
		case "draw.seat":
			var body struct {
				Number int        `json:"number"`
				State  draw.Seat  `json:"state"`
				Why    glosa.Code `json:"why"`
				For    int        `json:"for"`
			}
			if err := json.Unmarshal(l.Body, &body); err != nil {
				return t, fmt.Errorf("leaf %d: %w", l.N, err)
			}
			t.Seats = append(t.Seats, draw.ToldSeat{Edition: l.Edition, Number: body.Number, State: body.State, Why: body.Why, For: body.For, At: l.At})
		case "draw.taken_back":
			var body struct {
				Of glosa.Hash `json:"of"`
			}
			if err := json.Unmarshal(l.Body, &body); err != nil {
				return t, fmt.Errorf("leaf %d: %w", l.N, err)
			}
			if t.Back == nil {
				t.Back = map[glosa.EditionID][]glosa.Hash{}
			}
			t.Back[l.Edition] = append(t.Back[l.Edition], body.Of)
		case "draw.destroyed":
			t.Destroyed = append(t.Destroyed, l.Edition)
		}
	}
	return t, nil
}

// repeat has each room do again what it kept the words of.
func repeat(ctx context.Context, d *db.DB, t question.Trace, evidence []commitment.Tombstone, of []glosa.QuestionID, targets []glosa.Hash) (erased int, err error) {
	if err := (&intake.Desk{DB: d}).Repeat(ctx, glosa.Admin()); err != nil {
		return 0, err
	}
	if err := (&notice.Desk{DB: d}).Repeat(ctx, glosa.Admin(), of); err != nil {
		return 0, err
	}
	if erased, err = (&question.Desk{DB: d, Elsewhere: intake.Forget}).Repeat(ctx, glosa.Admin(), t); err != nil {
		return 0, err
	}
	more, err := (&commitment.Desk{DB: d}).Repeat(ctx, glosa.Admin(), evidence) // the bytes that nothing names any more are swept
	if err != nil {
		return 0, err
	}
	statements, err := (&opinion.Desk{DB: d}).Repeat(ctx, glosa.Admin(), targets, nil)
	return erased + more + statements, err
}
