package draw

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"maps"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/people/notice"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/db"
)

// Form is what a volunteer says.
type Form struct {
	Features  map[string]string // by category
	Contact   string            // a mailbox or a telephone: how they want to be reached
	Shown     voter.Credential  // of the door of a mailbox; the zero one where none was shown
	Household string            // a word that only those who live together share
	Language  string            // in which they read pages
	Adult     bool              // declares to be eighteen or more
}

// Receipt is what a volunteer takes home.
type Receipt struct {
	Ticket Ticket
	Key    string
}

// clean reads a form as the terms ask. Kinds: Invalid, by field.
func (f Form) clean(t Terms) (w words, err error) {
	var wrong []glosa.Field
	w = words{Features: map[string]string{}, Language: f.Language}
	for _, c := range t.Categories() {
		said := f.Features[c.Name]
		if !slices.Contains(c.Features, said) {
			wrong = append(wrong, glosa.Field{Name: c.Name, Key: "dw.choose"})
			continue
		}
		w.Features[c.Name] = said
	}
	if w.Contact, err = contact(f.Contact); err != nil {
		wrong = append(wrong, glosa.Field{Name: "contact", Key: "dw.bad.contact"})
	}
	w.Household = strings.TrimSpace(f.Household)
	if len([]rune(w.Household)) > mostHouse || strings.ContainsFunc(w.Household, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		wrong = append(wrong, glosa.Field{Name: "household", Key: "dw.bad.household"})
	}
	if !t.Households {
		w.Household = ""
	}
	if !f.Adult {
		wrong = append(wrong, glosa.Field{Name: "adult", Key: "dw.minor"})
	}
	if wrong != nil {
		return w, glosa.Wrong(wrong...)
	}
	return w, nil
}

// contact reads a mailbox or a telephone as people type it.
func contact(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if strings.Contains(typed, "@") {
		a, err := notice.Address(typed)
		if err != nil || len(typed) > mostContact {
			return "", glosa.WrongField("contact", "dw.bad.contact")
		}
		return a.Reveal(), nil
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -().\u00a0", r) {
			return -1
		}
		return r
	}, typed)
	plain := strings.TrimPrefix(digits, "+")
	if len(plain) < 10 || len(plain) > 15 || strings.Trim(plain, "0123456789") != "" {
		return "", glosa.WrongField("contact", "dw.bad.contact")
	}
	return digits, nil
}

// proof is the mark of the mailbox that somebody showed: one person, one
// registration for each mailbox that they can open. Kinds: Denied without one.
func (d *Desk) proof(ed glosa.EditionID, shown voter.Credential) (glosa.Hash, error) {
	if shown.Door() != voter.Contact {
		return glosa.Hash{}, glosa.Refuse(glosa.Denied, "dw.unproven", "rule", string(actRegister))
	}
	return shown.Row(d.Keys, ed, ContestOf(ed))
}

// ContestOf is what a mailbox is shown for: its row here is of no other contest.
func ContestOf(ed glosa.EditionID) glosa.ContestID { return glosa.ContestID(ed + "-draw") }

// mark is a contact that was only typed, under the edition's key: how many
// registrations share one is known by it, and nobody who has the table alone learns
// a contact.
func (d *Desk) mark(ed glosa.EditionID, contact string) (glosa.Hash, error) {
	key, err := d.Keys.EditionKey(ed)
	if err != nil {
		return glosa.Hash{}, err
	}
	same := contact
	if strings.Contains(same, "@") {
		same = people.Canonical(people.NewPrivate(same)).Reveal()
	} else {
		same = same[len(same)-10:] // with the country's number or without
	}
	m := hmac.New(sha256.New, key[:])
	m.Write([]byte("glosa/draw/contact/v1\x00" + string(ed) + "\x00" + same))
	return glosa.Hash(m.Sum(nil)), nil
}

// lockOf is what is kept of a key.
func lockOf(k question.Key) glosa.Hash {
	auth := k.Auth()
	return sha256.Sum256(auth[:])
}

// Register takes a volunteer in. Where contacts are proven, whoever showed a mailbox
// registers by it once. Where they are not, one that somebody else typed as well is
// like any other: who tries somebody's contact learns nothing and keeps nobody out.
// It leaves no event. Kinds: Invalid, Denied without a mailbox that was shown, Closed
// (with Until), NotFound, Conflict when this mailbox is registered.
func (d *Desk) Register(ctx context.Context, by glosa.Actor, id glosa.EditionID, f Form) (rc Receipt, err error) {
	if err := by.MayIn(actRegister, id); err != nil {
		return rc, err
	}
	var key question.Key
	_, _ = rand.Read(key[:]) // crypto/rand never fails on a working machine
	ticket := newTicket()
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		t, err := registering(tx, by, actRegister, id)
		if err != nil {
			return err
		}
		v, err := d.volunteer(id, t, f)
		if err != nil {
			return err
		}
		v.id, v.lock = ticket, lockOf(key)
		if d.Prove {
			if v.contact, err = d.proof(id, f.Shown); err != nil {
				return err
			}
			v.proven = true
			same, err := countProven(tx, id, v.contact)
			if err != nil {
				return err
			}
			if same > 0 {
				return glosa.Refuse(glosa.Conflict, "dw.already")
			}
		}
		fresh, err := insertVolunteer(tx, v)
		if err == nil && !fresh {
			err = glosa.Refuse(glosa.Busy, "e.busy")
		}
		return err
	})
	return Receipt{Ticket: ticket, Key: key.String()}, err
}

// volunteer is a registration of what a form says, with its box.
func (d *Desk) volunteer(id glosa.EditionID, t Terms, f Form) (v volunteer, err error) {
	w, err := f.clean(t)
	if err != nil {
		return v, err
	}
	v.edition = id
	if v.contact, err = d.mark(id, w.Contact); err != nil {
		return v, err
	}
	v.boxID, v.box, err = d.person(w)
	return v, err
}

// Uses tells whether a door is of use to a draw: a mailbox is, where contacts are
// proven, while registration is open. It is a [voter.Use].
func (d *Desk) Uses(tx *db.Tx, ed edition.Edition, door glosa.Code) (bool, error) {
	if !d.Prove || door != voter.Contact {
		return false, nil
	}
	r, err := selectDraw(tx, ed.ID)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return false, nil
	}
	return r.state == Open && tx.Now.Before(r.closes), err
}

// registering is the terms while registration is open. Kinds: NotFound, Closed.
func registering(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.EditionID) (Terms, error) {
	r, t, _, err := enter(tx, by, act, id, Announced, Open, Frozen, Drawn)
	switch {
	case err != nil:
		return t, err
	case r.state == Open && tx.Now.Before(r.closes):
		return t, nil
	case r.state == Announced:
		return t, glosa.Refuse(glosa.Closed, "dw.notyet", "edition", string(id), "rule", string(act))
	}
	return t, glosa.Refuse(glosa.Closed, "dw.shut", "edition", string(id), "rule", string(act))
}

// opens reads a registration with its key. A folio that does not exist and a key
// that does not fit are the same: Invalid, field "key".
func opens(tx *db.Tx, ticket Ticket, typed string) (volunteer, error) {
	wrong := glosa.WrongField("key", "dw.badkey")
	key, err := question.ParseKey(typed)
	if err != nil {
		return volunteer{}, wrong
	}
	v, err := selectTicket(tx, ticket)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return v, err
	}
	given := lockOf(key)
	if err != nil || subtle.ConstantTimeCompare(given[:], v.lock[:]) != 1 {
		return volunteer{}, wrong
	}
	return v, nil
}

// Card is a registration as its own page shows it.
type Card struct {
	Ticket    Ticket
	Edition   glosa.EditionID
	State     State
	Open      bool // it may still be changed
	Terms     Terms
	Features  map[string]string
	Contact   string
	Household string
	Number    int    // 0 before the freeze
	Chance    Chance // of the lottery; the zero one before
	Commit    glosa.Hash
	Salt      glosa.Hash
	Label     string // of the household in the pool
	Seat      Seat
	Why       glosa.Code
	For       int
	Until     time.Time // to answer
	Chair     Chair     // the zero one: none yet
	Gone      bool      // data taken back
}

// Own reads one's own registration. Kinds: Invalid (field "key"), Denied.
func (d *Desk) Own(ctx context.Context, by glosa.Actor, ticket Ticket, key string) (c Card, err error) {
	if err := by.May(actOwn); err != nil {
		return c, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		v, err := opens(tx, ticket, key)
		if err == nil {
			c, err = d.card(tx, v)
		}
		return err
	})
	return c, err
}

func (d *Desk) card(tx *db.Tx, v volunteer) (c Card, err error) {
	r, err := selectDraw(tx, v.edition)
	if err != nil {
		return c, err
	}
	w, err := d.unseal(v)
	if err != nil {
		return c, err
	}
	c = Card{Ticket: v.id, Edition: v.edition, State: r.state, Open: r.state == Open && tx.Now.Before(r.closes), Features: w.Features,
		Contact: w.Contact, Household: w.Household, Number: v.number, Commit: v.committed, Label: w.Label, Seat: v.seat, Why: v.why, For: v.forNumber,
		Chair: Chair{v.side, v.chair}, Gone: v.gone}
	if c.Terms, err = parseTerms(r.terms); err != nil {
		return c, err
	}
	if w.Salt != nil {
		c.Salt = *w.Salt
	}
	if !v.invited.IsZero() {
		c.Until = v.until(c.Terms)
	}
	if r.state == Frozen || r.state == Drawn {
		if v.number > 0 {
			c.Chance, err = d.chance(r, v.number)
		}
	}
	return c, err
}

func (v volunteer) until(t Terms) time.Time { return v.invited.AddDate(0, 0, t.Reply) }

// Amend puts other words in the place of one's own, while registration is open.
// Kinds: Invalid (also field "key"), Denied, Closed.
func (d *Desk) Amend(ctx context.Context, by glosa.Actor, ticket Ticket, key string, f Form) error {
	if err := by.May(actRegister); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		v, err := opens(tx, ticket, key)
		if err != nil {
			return err
		}
		t, err := registering(tx, by, actRegister, v.edition)
		if err != nil {
			return err
		}
		now, err := d.volunteer(v.edition, t, f)
		if err != nil {
			return err
		}
		if !v.proven {
			v.contact = now.contact
		}
		v.boxID, v.box = now.boxID, now.box
		if err := saveVolunteer(tx, v); err != nil {
			return err
		}
		return tx.Leave(kForgotten.Event(by, "", string(v.edition), noBody{}))
	})
}

// Withdraw takes one's registration back, in any state: before the freeze a
// leaf is left that says one was taken back, not which; afterwards the number stays in the files, with a commitment that
// nobody can open any more, and a seat that was held is given on. Kinds: Invalid
// (field "key"), Denied.
func (d *Desk) Withdraw(ctx context.Context, by glosa.Actor, ticket Ticket, key string) error {
	if err := by.May(actOwn); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		v, err := opens(tx, ticket, key)
		if err != nil {
			return err
		}
		_, err = d.forget(tx, by, v)
		return err
	})
}

// forget erases what is held on a volunteer; false when nothing was.
func (d *Desk) forget(tx *db.Tx, by glosa.Actor, v volunteer) (now bool, err error) {
	if v.gone {
		return false, nil
	}
	if v.number == 0 {
		if err := deleteVolunteer(tx, v.id); err != nil {
			return false, err
		}
		if err := tx.Leave(kForgotten.Event(by, "", string(v.edition), noBody{})); err != nil {
			return false, err
		}
		return true, tx.Leave(kBack.Event(by, v.edition, string(v.edition), backBody{Of: backOf(v.lock)}))
	}
	r, err := selectDraw(tx, v.edition)
	if err != nil {
		return false, err
	}
	v = v.emptied()
	v.gone = true
	held := v.seat.Holds()
	if held {
		v.seat = Withdrawn
	}
	if err := saveVolunteer(tx, v); err != nil {
		return false, err
	}
	if err := tx.Leave(kForgotten.Event(by, "", string(v.edition), noBody{})); err != nil {
		return false, err
	}
	if err := tx.Leave(kGone.Event(by, v.edition, string(v.edition), goneBody{Number: v.number})); err != nil {
		return false, err
	}
	if !held {
		return true, nil
	}
	if err := tx.Leave(kSeat.Event(by, v.edition, string(v.edition), seatBody{Number: v.number, State: glosa.Code(Withdrawn), For: v.forNumber})); err != nil {
		return false, err
	}
	return true, d.callNext(tx, r, v.number)
}

// emptied is a volunteer without what they said and without the chair they had; the
// mark of their contact becomes one of their random id, since no two may be the same.
func (v volunteer) emptied() volunteer {
	v.side, v.chair = "", 0
	v.boxID, v.box, v.contact = "", []byte{}, glosa.Digest([]byte("glosa/draw/gone\x00"+string(v.id)))
	return v
}

// Answer is what somebody who was drawn says: that they come, or not. Whoever
// accepted may still decline. Kinds: Invalid (field "key"), Denied, Conflict.
func (d *Desk) Answer(ctx context.Context, by glosa.Actor, ticket Ticket, key string, comes bool) error {
	if err := by.May(actOwn); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		v, err := opens(tx, ticket, key)
		if err != nil {
			return err
		}
		r, err := selectDraw(tx, v.edition)
		if err != nil {
			return err
		}
		if !v.seat.Holds() || comes && v.seat == Accepted {
			return glosa.Refuse(glosa.Conflict, "dw.noseat")
		}
		if comes {
			v.seat = Accepted
			if err := saveVolunteer(tx, v); err != nil {
				return err
			}
			return tx.Leave(kSeat.Event(by, v.edition, string(v.edition), seatBody{Number: v.number, State: glosa.Code(Accepted), For: v.forNumber}))
		}
		return d.empty(tx, by, r, v, Declined, "")
	})
}

// Held is everything that is held on a volunteer, for their own copy.
type Held struct {
	Ticket    Ticket            `json:"registration"`
	Number    int               `json:"number,omitempty"`
	Features  map[string]string `json:"features"`
	Contact   string            `json:"contact"`
	Household string            `json:"household,omitempty"`
	Seat      Seat              `json:"seat,omitempty"`
}

// Author tells whose registration a key opens: its edition. Kinds: Invalid (field "key").
func Author(tx *db.Tx, ticket Ticket, key string) (glosa.EditionID, error) {
	v, err := opens(tx, ticket, key)
	return v.edition, err
}

// KnownTicket tells which edition a typed registration is of. Kinds: Invalid (field "folios").
func KnownTicket(tx *db.Tx, ticket Ticket) (glosa.EditionID, error) {
	v, err := selectTicket(tx, ticket)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return "", glosa.WrongField("folios", "dw.badkey")
	}
	return v.edition, err
}

// Copy is what is held on a volunteer. Kinds: NotFound.
func (d *Desk) Copy(tx *db.Tx, ticket Ticket) (Held, error) {
	v, err := selectTicket(tx, ticket)
	if err != nil {
		return Held{}, err
	}
	w, err := d.unseal(v)
	return Held{Ticket: ticket, Number: v.number, Features: maps.Clone(w.Features), Contact: w.Contact, Household: w.Household, Seat: v.seat}, err
}

// EraseAsked erases what is held on a volunteer, as two persons of two sides
// granted; false when it was erased before.
func (d *Desk) EraseAsked(tx *db.Tx, by glosa.Actor, ticket Ticket) (bool, error) {
	v, err := selectTicket(tx, ticket)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return d.forget(tx, by, v)
}
