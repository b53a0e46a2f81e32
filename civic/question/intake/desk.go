package intake

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/db"
)

// Desk is where questions come in by the other doors.
type Desk struct {
	DB        *db.DB
	Questions *question.Desk
}

// Acts of this room, as testdata/may.txt names them.
const (
	actOpen    glosa.Act = "intake.open"
	actPrint   glosa.Act = "intake.print"
	actVoid    glosa.Act = "intake.void"
	actEnter   glosa.Act = "intake.enter"
	actCount   glosa.Act = "intake.count"
	actDeliver glosa.Act = "intake.deliver"
	actKiosk   glosa.Act = "intake.kiosk"
	actRead    glosa.Act = "intake.read"
	actSubmit  glosa.Act = "question.submit" // at a kiosk people hand in themselves
)

// Opening is a desk as it is opened.
type Opening struct {
	Kind         glosa.Code
	Name         string // public: who takes questions, an organisation or a place, never a person
	Place        string // public: where and when, or the number to call
	Municipality glosa.TerritoryCode
}

const maxWords = 200

// Open opens a desk of an edition.
// Errors: Denied; Closed; Invalid naming the fields.
func (d *Desk) Open(ctx context.Context, by glosa.Actor, ed glosa.EditionID, o Opening) (id DeskID, err error) {
	if err := by.MayIn(actOpen, ed); err != nil {
		return "", err
	}
	o.Name, o.Place = strings.Join(strings.Fields(o.Name), " "), strings.Join(strings.Fields(o.Place), " ")
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		e, err := edition.Enter(tx, by, actOpen, ed)
		if err != nil {
			return err
		}
		if err := o.check(tx, e); err != nil {
			return err
		}
		n, err := countDesks(tx, ed)
		if err != nil {
			return err
		}
		id = DeskID(fmt.Sprintf("%s-d%d", ed, n+1))
		words, err := wordsOf(o.Name, o.Place)
		if err != nil {
			return err
		}
		if err := insertDesk(tx, id, ed, n+1, o); err != nil {
			return err
		}
		return tx.Leave(kOpened.Event(by, ed, string(id), openedBody{o.Kind, o.Municipality, glosa.Digest([]byte(words))}))
	})
	return id, err
}

func (o Opening) check(tx *db.Tx, e edition.Edition) error {
	var wrong []glosa.Field
	for _, f := range []struct{ name, text string }{{"name", o.Name}, {"place", o.Place}} {
		if f.text == "" || utf8.RuneCountInString(f.text) > maxWords || strings.ContainsFunc(f.text, unicode.IsControl) {
			wrong = append(wrong, glosa.Field{Name: f.name, Key: "it." + f.name + ".wrong"})
		}
	}
	if !oneOf(o.Kind, Doors()) {
		wrong = append(wrong, glosa.Field{Name: "kind", Key: "it.kind.wrong"})
	}
	known, err := people.KnownMunicipality(tx, e.Territory, o.Municipality)
	if err != nil {
		return err
	}
	if !known {
		wrong = append(wrong, glosa.Field{Name: "municipality", Key: "a.mun"})
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// turn is one act at one desk.
type turn struct {
	tx *db.Tx
	ed edition.Edition
	by glosa.Actor
	t  Table
}

// at runs an act at a desk: may.txt first, then the desk, then the stage.
func (d *Desk) at(ctx context.Context, by glosa.Actor, act glosa.Act, id DeskID, fn func(t *turn) error) error {
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		t, err := enter(tx, by, act, id)
		if err != nil {
			return err
		}
		return fn(t)
	})
}

// enter loads a desk for an act. Another edition's desk is not there.
func enter(tx *db.Tx, by glosa.Actor, act glosa.Act, id DeskID) (*turn, error) {
	table, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	if by.Edition != "" && by.Edition != table.Edition {
		return nil, glosa.Missing("desk", string(id))
	}
	ed, err := edition.Enter(tx, by, act, table.Edition)
	return &turn{tx: tx, ed: ed, by: by, t: table}, err
}

// leave puts what happened on the line; tags move the pages of questions.
func (t *turn) leave(kind glosa.EventKind, body any, tags ...string) error {
	return t.tx.Leave(kind.Event(t.by, t.ed.ID, string(t.t.ID), body, tags...))
}

// closed tells whether people cannot ask any more: from then on only counted paper comes in.
func (t *turn) closed() bool { return t.ed.StageAt(t.tx.Now) != edition.IntakeOpen }

// Void marks a sheet as spoilt.
// Errors: Denied; Closed; NotFound; Invalid (reason); Conflict when its question was received.
func (d *Desk) Void(ctx context.Context, by glosa.Actor, id DeskID, typed string, reason glosa.Code) error {
	if err := by.May(actVoid); err != nil {
		return err
	}
	if !oneOf(reason, VoidReasons()) {
		return glosa.WrongField("reason", "it.reason.wrong")
	}
	folio, err := question.ParseFolio(typed)
	if err != nil {
		return glosa.WrongField("void_folio", "it.folio.wrong")
	}
	return d.at(ctx, by, actVoid, id, func(t *turn) error {
		s, err := selectSheet(t.tx, folio)
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		switch {
		case err != nil, s.desk != id:
			return glosa.WrongField("void_folio", "it.folio.notours")
		case s.state == Captured:
			return glosa.WrongField("void_folio", "it.captured", "folio", string(folio))
		case s.state == Void:
			return nil // pressed twice
		}
		if err := moveSheet(t.tx, folio, Void, reason); err != nil {
			return err
		}
		return t.leave(kVoided, voidedBody{reason}, "question:"+string(folio))
	})
}

// Tally is a desk's count at the end of the intake, as people count: with the
// sheets in their hands.
type Tally struct {
	Waiting int  // brought back, still to be captured
	Missing int  // never brought back
	Anyway  bool // log it though the sum fails
}

// Count logs a desk's count, once. Until the intake is sealed it can be logged;
// afterwards paper is received up to Waiting and not beyond. A sum that fails is
// refused with both numbers, unless it is to be logged anyway: then both are shown.
// Errors: Denied; Closed; Conflict when it was logged; Invalid.
func (d *Desk) Count(ctx context.Context, by glosa.Actor, id DeskID, c Tally) error {
	if err := by.May(actCount); err != nil {
		return err
	}
	return d.at(ctx, by, actCount, id, func(t *turn) error {
		if !t.ed.Sealed.IsZero() {
			return glosa.Refuse(glosa.Closed, "it.count.sealed")
		}
		if !t.t.Counted.IsZero() {
			return glosa.Refuse(glosa.Conflict, "it.count.twice")
		}
		l := t.t.Ledger
		l.Waiting, l.Missing = c.Waiting, c.Missing
		switch {
		case c.Waiting < 0 || c.Waiting > l.Issued-l.Captured-l.Void:
			return glosa.WrongField("waiting", "it.count.most", "n", fmt.Sprint(l.Issued-l.Captured-l.Void))
		case c.Missing < 0:
			return glosa.WrongField("missing", "it.count.less")
		case !l.Closes() && !c.Anyway:
			return glosa.WrongField("missing", "it.count.fails", "issued", fmt.Sprint(l.Issued), "sum", fmt.Sprint(l.Sum()))
		}
		return t.log(l)
	})
}

// log writes a count down and tells the world.
func (t *turn) log(l Ledger) error {
	if err := saveCount(t.tx, t.t.ID, l); err != nil {
		return err
	}
	return t.leave(kCounted, countedBody(l))
}

// Find is one desk, for an act of a later room. NotFound.
func Find(tx *db.Tx, id DeskID) (Table, error) { return load(tx, id) }
