package intake

import (
	"context"
	"errors"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/db"
)

// entry is by which door one question came.
type entry struct {
	question    glosa.QuestionID
	edition     glosa.EditionID
	desk        DeskID
	askedOn     string
	who         string
	deliveredAt time.Time
	deliveredOn string
	how         glosa.Code
	version     int
}

// ask is the form as the room of questions takes it.
func (f Form) ask(t Table) question.Ask {
	a := question.Ask{Text: f.Text, Context: f.Context, Municipality: f.Municipality, Language: f.Language, NamePolicy: question.Anonymous,
		Once: f.Once, Caller: string(t.ID), Pace: f.Pace}
	if a.Municipality == "" {
		a.Municipality = t.Municipality
	}
	if f.Name != "" {
		a.NamePolicy, a.Name = question.Named, f.Name
	}
	return a
}

// Enter hands in one question: of a printed sheet at a paper desk, or told by
// somebody at another. The reply has the folio, the promise, and the key when
// there is no stub that has it. A sheet entered twice in the same words is the
// same question.
// Errors: Denied; Closed; NotFound; Invalid naming every wrong field; Conflict
// when the sheet has another question.
func (d *Desk) Enter(ctx context.Context, by glosa.Actor, id DeskID, f Form) (question.Receipt, error) {
	if err := by.May(actEnter); err != nil {
		return question.Receipt{}, err
	}
	return d.hand(ctx, by, actEnter, id, "", f)
}

// Ask hands in a question at a kiosk, where people do it themselves, on a device
// that was opened as this kiosk ([Desk.Unlock]).
// Errors: those of [question.Desk.Submit]; NotFound when the desk is no kiosk;
// Denied when the device is not.
func (d *Desk) Ask(ctx context.Context, by glosa.Actor, id DeskID, device string, f Form) (question.Receipt, error) {
	if err := by.May(actSubmit); err != nil {
		return question.Receipt{}, err
	}
	f.Folio, f.AskedOn = "", ""
	return d.hand(ctx, by, actSubmit, id, device, f)
}

// hand prepares a question by what its sheet says now, and receives it in one act.
func (d *Desk) hand(ctx context.Context, by glosa.Actor, act glosa.Act, id DeskID, device string, f Form) (rc question.Receipt, err error) {
	var a question.Ask
	var ed glosa.EditionID
	var folio glosa.QuestionID
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		t, err := load(tx, id)
		if err != nil {
			return err
		}
		if (t.Kind == Kiosk) != (act == actSubmit) {
			return glosa.Missing("desk", string(id))
		}
		a, ed = f.ask(t), t.Edition
		folio, err = lend(tx, t, f, &a)
		return err
	})
	if err != nil {
		return rc, err
	}
	h, err := d.Questions.Hand(ed, a)
	if err != nil {
		return rc, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		t, err := enter(tx, by, act, id)
		if err != nil {
			return err
		}
		if open, err := isKiosk(tx, id, device); act == actSubmit && (err != nil || !open) {
			return errors.Join(err, glosa.Refuse(glosa.Denied, "it.kiosk.shut"))
		}
		if rc, err = t.take(h, folio, f, a); err != nil {
			return err
		}
		if rc.Repeated {
			return nil
		}
		return t.leave(kEntered, enteredBody{}, "question:"+string(rc.ID))
	})
	return rc, err
}

// lend reads the folio of a paper desk's form and lends the question its sheet's
// key. What is wrong with it is told by [turn.take], with all the rest.
func lend(tx *db.Tx, t Table, f Form, a *question.Ask) (glosa.QuestionID, error) {
	if t.Kind != Paper {
		return "", nil
	}
	a.Once, a.Caller = "", "" // its folio keeps it from coming twice
	folio, err := question.ParseFolio(f.Folio)
	if err != nil {
		return "", nil
	}
	s, err := selectSheet(tx, folio)
	if err == nil {
		a.Auth, a.Lock = s.auth, s.lock
	}
	if glosa.KindOf(err) == glosa.NotFound {
		err = nil
	}
	return folio, err
}

// take receives one prepared question at the desk. One that is in already, in the
// same words, is told by Repeated.
func (t *turn) take(h *question.Handed, folio glosa.QuestionID, f Form, a question.Ask) (rc question.Receipt, err error) {
	repeated, wrong, err := t.sheetFor(folio, f, a)
	if err != nil || repeated {
		return question.Receipt{ID: folio, Repeated: repeated}, err
	}
	day, err := f.day(t.tx.Now.In(zoneOf(t.ed)), t.opened())
	wrong = append(wrong, fieldsOf(err)...)
	if len(wrong) > 0 {
		more, err := question.Wrong(t.tx, t.ed, a)
		if err != nil {
			return rc, err
		}
		return rc, glosa.Wrong(append(wrong, more...)...)
	}
	if rc, err = h.Receive(t.tx, t.ed, folio); err != nil || rc.Repeated {
		return rc, err
	}
	if folio != "" {
		if err := moveSheet(t.tx, folio, Captured, ""); err != nil {
			return rc, err
		}
		t.t.Ledger.Waiting-- // of this act's own copy: a batch takes many
	}
	return rc, insertEntry(t.tx, entry{question: rc.ID, edition: t.ed.ID, desk: t.t.ID, askedOn: day, who: t.by.By()})
}

// sheetFor tells whether a sheet can have its question now, or has it already.
func (t *turn) sheetFor(folio glosa.QuestionID, f Form, a question.Ask) (repeated bool, wrong []glosa.Field, err error) {
	bad := func(key string, args map[string]string) []glosa.Field {
		return []glosa.Field{{Name: "folio", Key: key, Args: args}}
	}
	if t.t.Kind != Paper {
		if t.closed() {
			return false, nil, glosa.Refuse(glosa.Closed, "s.closed")
		}
		return false, nil, nil
	}
	if folio == "" {
		return false, bad("it.folio.wrong", nil), nil
	}
	s, err := selectSheet(t.tx, folio)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return false, nil, err
	}
	switch {
	case err != nil, s.desk != t.t.ID:
		return false, bad("it.folio.notours", nil), nil
	case s.state == Void:
		return false, bad("it.folio.void", nil), nil
	case s.state == Captured:
		same, err := question.SaysTheSame(t.tx, folio, a)
		if err == nil && !same {
			wrong = bad("it.captured", map[string]string{"folio": string(folio)})
		}
		return same, wrong, err
	case t.closed() && t.t.Counted.IsZero() && t.ed.Sealed.IsZero():
		return false, nil, glosa.Refuse(glosa.Closed, "it.count.first")
	case t.closed() && t.t.Ledger.Waiting < 1:
		return false, bad("it.count.over", nil), nil
	}
	return false, nil, nil
}

func zoneOf(e edition.Edition) *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}
