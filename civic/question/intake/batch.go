package intake

import (
	"context"
	"fmt"
	"slices"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/db"
)

// BatchState is where a batch stands.
type BatchState string

const (
	Previewed BatchState = "previewed" // read and checked; nothing was received
	Running   BatchState = "running"   // part of it was received
	Done      BatchState = "done"      // its file is gone; the report stays
)

// Batch is one file of paper questions.
type Batch struct {
	ID      string
	Desk    DeskID
	State   BatchState
	Whole   bool // all or nothing was asked for
	Lines   int  // questions in it
	Taken   int  // received by it
	Known   int  // received before, in the same words
	Refused int
	At      time.Time
	Before  bool // this very file had come before
	digest  glosa.Hash
	next    int // the line to go on from
}

// Left is how many lines are still to be gone through.
func (b Batch) Left() int { return b.Lines - b.next }

// Gone is how many lines were gone through.
func (b Batch) Gone() int { return b.next }

// stored is the state as the row has it before its file is taken away.
func (b Batch) stored() BatchState {
	if b.State == Done {
		return Running
	}
	return b.State
}

// chunk is how many lines one act receives: a batch goes on from where it stopped.
const chunk = 200

// Preview reads a file and checks every line as if it were received now. Nothing
// is: it keeps the file for [FileLasts] and the report of what would be refused,
// and why. The same file again is the same batch.
// Errors: Denied; Closed; NotFound; Conflict when the desk takes no paper; Invalid
// (file) when the file as a whole cannot be read.
func (d *Desk) Preview(ctx context.Context, by glosa.Actor, id DeskID, raw []byte) (b Batch, err error) {
	if err := by.May(actEnter); err != nil {
		return b, err
	}
	rows, bad := readTable(raw)
	if bad != nil {
		return b, glosa.WrongField("file", bad.Reason, "x", bad.Column+fmt.Sprint(bad.Line), "line", fmt.Sprint(bad.Line), "column", bad.Column, "field", bad.Field)
	}
	digest := glosa.Digest(raw)
	err = d.at(ctx, by, actEnter, id, func(t *turn) error {
		if t.t.Kind != Paper {
			return glosa.Refuse(glosa.Conflict, "it.not.paper")
		}
		was, err := selectBatchBy(t.tx, id, digest)
		if err != nil {
			return err
		}
		if len(was) > 0 {
			if b, b.Before = was[0], true; b.State != Previewed {
				return nil
			}
			if err := deleteBatch(t.tx, b.ID); err != nil {
				return err
			}
		}
		var flaws []Flaw
		if b, flaws, err = t.survey(rows, digest); err != nil {
			return err
		}
		if err := insertBatch(t.tx, b, raw, by.By()); err != nil {
			return err
		}
		return saveFlaws(t.tx, b.ID, 0, flaws)
	})
	return b, err
}

// survey goes through every line without receiving any.
func (t *turn) survey(rows []parsed, digest glosa.Hash) (b Batch, flaws []Flaw, err error) {
	b = Batch{ID: t.tx.NewID(), Desk: t.t.ID, State: Previewed, Lines: len(rows), At: t.tx.Now, digest: digest}
	s, err := t.reader()
	if err != nil {
		return b, nil, err
	}
	for _, p := range rows {
		known, some, err := s.look(p)
		if err != nil {
			return b, nil, err
		}
		switch flaws = append(flaws, some...); {
		case len(some) > 0:
			b.Refused++
		case known:
			b.Known++
		default:
			t.t.Ledger.Waiting--
		}
	}
	return b, flaws, nil
}

// reader knows the places of an edition while a batch is read.
type reader struct {
	t      *turn
	places map[string]glosa.TerritoryCode
	seen   map[glosa.QuestionID]int // line by folio
}

func (t *turn) reader() (*reader, error) {
	r := &reader{t: t, places: map[string]glosa.TerritoryCode{}, seen: map[glosa.QuestionID]int{}}
	all, err := people.Municipalities(t.tx, t.ed.Territory, t.tx.Now.In(zoneOf(t.ed)))
	for _, m := range all {
		r.places[people.Fold(m.Name)] = m.Code
	}
	return r, err
}

// form is the line's form with its place by code.
func (r *reader) form(p parsed) Form {
	f := p.form
	if code, ok := r.places[people.Fold(string(f.Municipality))]; ok {
		f.Municipality = code
	}
	return f
}

// look tells whether a line's question is in already, and what is wrong with it.
func (r *reader) look(p parsed) (known bool, flaws []Flaw, err error) {
	if len(p.flaws) > 0 {
		return false, p.flaws, nil
	}
	f := r.form(p)
	folio, _ := question.ParseFolio(f.Folio) // "" is told by sheetFor
	if first, twice := r.seen[folio]; twice && folio != "" {
		return false, []Flaw{p.flaw(ColFolio, "it.twice", fmt.Sprint(first))}, nil
	}
	r.seen[folio] = p.line
	a := f.ask(r.t.t)
	known, wrong, err := r.t.sheetFor(folio, f, a)
	if err != nil || known {
		return known, nil, err
	}
	_, dayErr := f.day(r.t.tx.Now.In(zoneOf(r.t.ed)), r.t.opened())
	wrong = append(wrong, fieldsOf(dayErr)...)
	more, err := question.Wrong(r.t.tx, r.t.ed, a)
	for _, w := range append(wrong, more...) {
		flaws = append(flaws, p.flaw(w.Name, w.Key, argOf(w)))
	}
	return false, flaws, err
}

func argOf(f glosa.Field) string {
	for _, name := range []string{"n", "folio", "x"} {
		if v, ok := f.Args[name]; ok {
			return v
		}
	}
	return ""
}

// flaw names a field of the line and its column.
func (p parsed) flaw(field, reason, arg string) Flaw {
	if field == "name_policy" {
		field = ColName
	}
	return Flaw{Line: p.line, Column: p.where[field], Field: field, Reason: reason, Arg: arg}
}

// Import receives a previewed batch, at most most lines of it in a call: call it
// until Left is none. whole asks for all or nothing: then it is one act, and one
// wrong line refuses it. What was received before, in the same words, is left as
// it is, so a batch can be imported again and changes nothing.
// Errors: Denied; Closed; NotFound; Invalid (whole).
func (d *Desk) Import(ctx context.Context, by glosa.Actor, id DeskID, batch string, whole bool, most int) (b Batch, err error) {
	if err := by.May(actEnter); err != nil {
		return b, err
	}
	rows, b, err := d.lying(ctx, by, id, batch)
	if err != nil || b.State == Done {
		return b, err
	}
	if whole {
		return d.receive(ctx, by, b, rows, len(rows), true)
	}
	for most > 0 && b.State != Done {
		n := min(chunk, most, b.Left())
		if b, err = d.receive(ctx, by, b, rows, n, false); err != nil {
			return b, err
		}
		most -= max(n, 1)
	}
	return b, nil
}

// lying reads a batch and its file again.
func (d *Desk) lying(ctx context.Context, by glosa.Actor, id DeskID, batch string) (rows []parsed, b Batch, err error) {
	var raw []byte
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := d.mine(tx, by, id); err != nil {
			return err
		}
		if b, err = selectBatch(tx, id, batch); err != nil || b.State == Done {
			return err
		}
		raw, err = selectBytes(tx, batch)
		return err
	})
	if err != nil || b.State == Done {
		return nil, b, err
	}
	rows, bad := readTable(raw)
	if bad != nil || len(rows) != b.Lines {
		return nil, b, glosa.WrongField("file", "it.file.changed")
	}
	return rows, b, nil
}

// receive takes the next n lines of a batch in one act. Words are committed to and
// promises signed before it.
func (d *Desk) receive(ctx context.Context, by glosa.Actor, was Batch, rows []parsed, n int, whole bool) (b Batch, err error) {
	rows = rows[was.next:min(len(rows), was.next+n)]
	handed, err := d.handAll(ctx, was.Desk, rows)
	if err != nil {
		return was, err
	}
	err = d.at(ctx, by, actEnter, was.Desk, func(t *turn) error {
		if b, err = selectBatch(t.tx, was.Desk, was.ID); err != nil {
			return err
		}
		if b.State == Done || b.next != was.next {
			return nil // somebody else went on with it
		}
		r, err := t.reader()
		if err != nil {
			return err
		}
		if b.State == Previewed { // the report is of this import from now on
			b.Taken, b.Known, b.Refused = 0, 0, 0
			if err := saveFlaws(t.tx, b.ID, 0, nil); err != nil {
				return err
			}
		}
		b.State, b.Whole = Running, whole
		if err := r.receive(&b, rows, handed); err != nil {
			return err
		}
		if b.Left() == 0 {
			b.State = Done
		}
		if err := saveBatch(t.tx, b); err != nil {
			return err
		}
		return t.leave(kBatch, batchBody{b.Taken, b.Refused})
	})
	return b, err
}

// receive goes through some lines of a batch inside its act.
func (r *reader) receive(b *Batch, rows []parsed, handed []*question.Handed) error {
	var flaws []Flaw
	var tags []string
	for i, p := range rows {
		known, some, err := r.look(p)
		if err != nil {
			return err
		}
		switch {
		case len(some) > 0 && b.Whole:
			return glosa.WrongField("whole", "it.batch.whole", "line", fmt.Sprint(p.line))
		case len(some) > 0:
			b.Refused++
			flaws = append(flaws, some...)
			continue
		case known:
			b.Known++
			continue
		}
		f := r.form(p)
		folio, err := question.ParseFolio(f.Folio)
		if err == nil && handed[i] == nil {
			err = glosa.Refuse(glosa.Busy, "e.busy") // it could not be taken a moment ago
		}
		if err != nil {
			return err
		}
		rc, err := r.t.take(handed[i], folio, f, f.ask(r.t.t))
		if err != nil {
			return err
		}
		b.Taken++
		tags = append(tags, "question:"+string(rc.ID))
	}
	if err := saveFlaws(r.t.tx, b.ID, b.next, flaws); err != nil {
		return err
	}
	b.next += len(rows)
	for some := range slices.Chunk(tags, 100) {
		if err := r.t.leave(kEntered, enteredBody{}, some...); err != nil {
			return err
		}
	}
	return nil
}

// handAll prepares the lines that can be received; nil stands for the others.
func (d *Desk) handAll(ctx context.Context, id DeskID, rows []parsed) ([]*question.Handed, error) {
	asks := make([]*question.Ask, len(rows))
	var ed glosa.EditionID
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		table, err := load(tx, id)
		if err != nil {
			return err
		}
		t, err := readingTurn(tx, table)
		if err != nil {
			return err
		}
		ed = table.Edition
		r, err := t.reader()
		for i := 0; i < len(rows) && err == nil; i++ {
			asks[i] = nil
			var known bool
			var some []Flaw
			if known, some, err = r.look(rows[i]); err == nil && !known && len(some) == 0 {
				f := r.form(rows[i])
				a := f.ask(table)
				_, err = lend(tx, table, f, &a)
				asks[i] = &a
			}
		}
		return err
	})
	out := make([]*question.Handed, len(rows))
	for i := 0; i < len(rows) && err == nil; i++ {
		if asks[i] != nil {
			out[i], err = d.Questions.Hand(ed, *asks[i])
		}
	}
	return out, err
}

// Discard takes a previewed file away. Errors: Denied; NotFound; Conflict when it
// was imported.
func (d *Desk) Discard(ctx context.Context, by glosa.Actor, id DeskID, batch string) error {
	if err := by.May(actEnter); err != nil {
		return err
	}
	return d.at(ctx, by, actEnter, id, func(t *turn) error {
		b, err := selectBatch(t.tx, id, batch)
		if err != nil {
			return err
		}
		if b.State != Previewed {
			return glosa.Refuse(glosa.Conflict, "it.batch.begun")
		}
		return deleteBatch(t.tx, batch)
	})
}
