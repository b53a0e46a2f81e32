package question

import (
	"context"
	"time"

	"glosa"
	"glosa/db"
)

// Item is one question before a moderator. It has no name, no contact, no
// municipality and not the first person's ground: whoever decides sees only words.
type Item struct {
	ID        glosa.QuestionID
	State     State
	Text      string
	Context   string
	Language  glosa.Code
	Addressed glosa.InstitutionKey
	Passage   glosa.PassageID
	Since     time.Time
	Due       time.Time // zero when it is held: no clock lets it go
	Edited    int
	Ground    glosa.Code       // of an appeal: what it was refused on
	First     glosa.Side       // the side that spoke already, when a second person is needed
	Follows   glosa.QuestionID // the answered question this one follows up
	Pace      glosa.Code       // how it came: with many others ("burst"), again in the same words ("same_text"), or ""

	Version     int         // of the words
	Struck      bool        // they hold marks
	Translation *Translated // into the edition's first language
	Unread      bool        // in a language the actor does not read, and not translated: only to be admitted
	Translated  time.Time   // when its translation is due; zero when none is awaited, or no clock runs
	Proposed    string      // of an open redaction: the accord's id
	Marks       []Span      // what it proposes to strike out
	Mine        bool        // the actor's own side proposed it

	Files      []Attached         // what came with it
	Commitment glosa.CommitmentID // the promise it is about
}

// Part is a part of the queue.
type Part struct {
	Held bool             // only what is held, which no clock lets go; else all the rest
	From int              // so many are left out, the longest waiting first
	ID   glosa.QuestionID // only this one, in whichever part it is; "" all
}

// Backlog is how many questions wait for moderators, to the last one.
type Backlog struct {
	Timed int // with a clock, and those whose words are awaited
	Held  int
}

// Backlog counts an edition's queue. Errors: Denied.
func (d *Desk) Backlog(ctx context.Context, by glosa.Actor, ed glosa.EditionID) (n Backlog, err error) {
	if err := by.MayIn(actQueue, ed); err != nil {
		return n, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = countQueue(tx, ed)
		return err
	})
	return n, err
}

// Queue is part of what moderators have to decide, the longest waiting first.
// Errors: Denied.
func (d *Desk) Queue(ctx context.Context, by glosa.Actor, ed glosa.EditionID, which Part, limit int) (out []Item, err error) {
	if err := by.MayIn(actQueue, ed); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if out, err = selectPart(tx, ed, which, listLimit(limit)); err != nil {
			return err
		}
		files, err := selectAttached(tx, ed)
		if err != nil {
			return err
		}
		for i := range out {
			out[i].Files = files[out[i].ID]
		}
		return readable(tx, by, ed, out)
	})
	return out, err
}

// selectPart puts those whose words are awaited before the others: they are public,
// and whoever opens their page finds nothing to read.
func selectPart(tx *db.Tx, ed glosa.EditionID, which Part, limit int) ([]Item, error) {
	if which.Held && which.ID == "" {
		return selectQueue(tx, ed, which, limit)
	}
	silent, err := selectUnwrittenItems(tx, ed, which, limit)
	if err != nil || len(silent) == limit {
		return silent, err
	}
	if which.From > 0 {
		n, err := countUnwritten(tx, ed)
		if err != nil {
			return nil, err
		}
		which.From = max(0, which.From-n)
	}
	rest, err := selectQueue(tx, ed, which, limit-len(silent))
	return append(silent, rest...), err
}
