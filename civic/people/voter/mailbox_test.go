package voter_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/db/dbtest"
)

var schemas = []db.Schema{edition.Schema(), people.Schema(), voter.Schema()}

// ring is a key for each name.
type ring struct{}

func (ring) EditionKey(ed glosa.EditionID) ([32]byte, error) { return sha256.Sum256([]byte(ed)), nil }
func (ring) Destroy(glosa.EditionID) error                   { return nil }

// room is a voter's room with its database.
type room struct {
	testing.TB
	*voter.Desk
	db    *db.DB
	clock *glosa.FakeClock
}

func (r *room) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func each(t *testing.T, play func(r *room)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		play(&room{TB: t, db: d, clock: clock, Desk: &voter.Desk{DB: d, Keys: ring{}, Safe: people.NewSafe([32]byte{9}), Mail: true}})
	})
}

// mailing is each in an edition where a mailbox is of use.
func mailing(t *testing.T, play func(r *room)) {
	t.Helper()
	each(t, func(r *room) {
		r.ok((&edition.Desk{DB: r.db}).Found(r.Context(), editiontest.Facilitator(), editiontest.Founding(ed, r.clock.Now())))
		r.Uses = []voter.Use{func(*db.Tx, edition.Edition, glosa.Code) (bool, error) { return true, nil }}
		play(r)
	})
}

// asks mails a code to a mailbox and reads what the mail would say; "" when none goes out.
func (r *room) asks(mailbox, caller string) (handle, code string) {
	r.Helper()
	before := r.asked()
	handle, err := r.SendCode(r.Context(), glosa.Citizen(), voter.Showing{Mailbox: people.NewPrivate(mailbox), Language: "es", Edition: "demo26", Caller: caller})
	r.ok(err)
	after := r.asked()
	if len(after) == len(before) {
		return handle, ""
	}
	r.ok(r.db.Read(r.Context(), func(tx *db.Tx) error {
		l, err := r.Write(tx, after[len(after)-1])
		if err == nil && l.To.Reveal() != mailbox {
			r.Errorf("written to another mailbox")
		}
		code = l.Code
		return err
	}))
	return handle, code
}

// asked are the proofs that the line tells of, in order.
func (r *room) asked() (ids []string) {
	r.Helper()
	for _, e := range dbtest.Events(r, r.db) {
		if e.Kind == voter.Asked {
			ids = append(ids, e.Subject)
		}
	}
	return ids
}

func (r *room) shows(handle, code string) (voter.Credential, error) {
	r.Helper()
	token, err := r.ShowMailbox(r.Context(), glosa.Citizen(), handle, code)
	if err != nil {
		return voter.Credential{}, err
	}
	c, err := r.Read(voter.Contact, "demo26", token)
	r.ok(err)
	return c, nil
}

// TestAMailboxIsShownByItsCode: once, within ten minutes, and however it is
// spelled it is the same mailbox.
func TestAMailboxIsShownByItsCode(t *testing.T) {
	mailing(t, func(r *room) {
		handle, code := r.asks("Ana.Pech+glosa@correo.example", "n")
		if len(code) != 8 {
			t.Fatalf("the code %q", code)
		}
		one, err := r.shows(handle, code[:4]+" "+code[4:])
		r.ok(err)
		if _, err := r.shows(handle, code); glosa.KindOf(err) != glosa.Invalid {
			t.Errorf("used twice: %v", err)
		}
		handle, code = r.asks("ana.pech@CORREO.example", "n")
		two, err := r.shows(handle, code)
		r.ok(err)
		handle, code = r.asks("luz.pech@correo.example", "n")
		other, err := r.shows(handle, code)
		r.ok(err)
		if one != two || one == other || one.Door() != voter.Contact {
			t.Errorf("%v %v", one == two, one == other)
		}
		handle, code = r.asks("ana.pech@correo.example", "n")
		r.clock.Advance(voter.CodeLasts)
		if _, err := r.shows(handle, code); glosa.KindOf(err) != glosa.Invalid {
			t.Errorf("after ten minutes: %v", err)
		}
	})
}

// TestFiveTries: the sixth is refused though it is right, and what is said is the
// same for a wrong code, one too many, and a handle that was never given.
func TestFiveTries(t *testing.T) {
	mailing(t, func(r *room) {
		handle, code := r.asks("ana@correo.example", "n")
		wrong := "00000000"
		if code == wrong {
			wrong = "00000001"
		}
		_, never := r.shows("made-up", code)
		said := map[string]bool{fmt.Sprint(never): true}
		for range voter.Tries {
			_, err := r.shows(handle, wrong)
			said[fmt.Sprint(err)] = true
		}
		_, err := r.shows(handle, code)
		said[fmt.Sprint(err)] = true
		if glosa.KindOf(err) != glosa.Invalid || len(said) != 1 {
			t.Errorf("%v", said)
		}
		// Somebody else's handle is of no use, whatever code they saw.
		mine, _ := r.asks("eva@correo.example", "n")
		_, theirs := r.asks("sol@correo.example", "n")
		if _, err := r.shows(mine, theirs); err == nil {
			t.Error("a code opened another mailbox")
		}
	})
}

// TestNoReplyTellsOfAMailbox: when a mailbox has had its codes for today, who asks
// is told the same, and nothing is sent. A network is held back only by a machine's pace.
func TestNoReplyTellsOfAMailbox(t *testing.T) {
	mailing(t, func(r *room) {
		sent := 0
		for range 9 {
			handle, code := r.asks("ana@correo.example", "n")
			if handle == "" {
				t.Fatal("no handle")
			}
			if code != "" {
				sent++
			}
		}
		if sent != 5 {
			t.Errorf("%d mails to one mailbox in a day", sent)
		}
		if _, code := r.asks("ana@correo.example", "home"); code == "" {
			t.Error("a stranger's five requests lock the owner out")
		}
		for i := range 60 {
			if _, code := r.asks("ana@correo.example", fmt.Sprintf("n%d", i)); code != "" {
				sent++
			}
		}
		if sent != 24 { // and one at home
			t.Errorf("%d mails from everywhere", sent+1)
		}
		r.clock.Advance(24 * time.Hour)
		if _, code := r.asks("ana@correo.example", "n"); code == "" {
			t.Error("nothing the next day")
		}
		ask := func(i int) error {
			_, err := r.SendCode(r.Context(), glosa.Citizen(), voter.Showing{Mailbox: people.NewPrivate(fmt.Sprintf("p%d@escuela.example", i)), Language: "es", Edition: "demo26", Caller: "school"})
			return err
		}
		for i := range 600 {
			r.ok(ask(i))
		}
		for i := 600; i < 1100; i++ {
			if err := ask(i); err != nil && glosa.KindOf(err) != glosa.Busy {
				t.Fatal(err)
			}
		}
		if err := ask(1101); glosa.KindOf(err) != glosa.Busy {
			t.Errorf("no end of mails: %v", err)
		}
	})
}

// TestOfAMailboxNothingStays: neither the address, nor the code, nor the handle lies
// in a table or on the line; the letter goes when it was sent, the rest after ten minutes.
func TestOfAMailboxNothingStays(t *testing.T) {
	mailing(t, func(r *room) {
		handle, code := r.asks("canaria@correo.example", "n")
		look := func(when string) {
			r.ok(r.db.Read(r.Context(), func(tx *db.Tx) error {
				var id string
				var digest, identifier, box []byte
				if err := tx.Row(`select id, code, identifier, box from voter_proof`).Scan(&id, &digest, &identifier, &box); err != nil {
					return err
				}
				all := id + string(digest) + string(identifier) + string(box)
				for _, secret := range []string{"canaria", code, handle} {
					if strings.Contains(all, secret) {
						t.Errorf("%s the row holds %q", when, secret)
					}
				}
				return nil
			}))
		}
		look("before the mail")
		id := r.asked()[0]
		r.ok(r.db.Act(r.Context(), func(tx *db.Tx) error { return r.Written(tx, id) }))
		look("after the mail")
		r.ok(r.db.Read(r.Context(), func(tx *db.Tx) error {
			if _, err := r.Write(tx, id); glosa.KindOf(err) != glosa.NotFound {
				t.Errorf("it can be written again: %v", err)
			}
			return nil
		}))
		for _, e := range dbtest.Events(t, r.db) {
			if !strings.HasPrefix(string(e.Kind), "voter.") {
				continue
			}
			if strings.Contains(string(e.Body)+e.Subject, "canaria") || strings.Contains(string(e.Body), code) || e.Public {
				t.Errorf("the line says %s", e.Body)
			}
		}
		due := r.Due()
		r.ok(r.db.Act(r.Context(), func(tx *db.Tx) error {
			next, err := due.Next(tx)
			if err == nil && !next.Equal(r.clock.Now().Add(voter.CodeLasts)) {
				t.Errorf("next due %v", next)
			}
			if err == nil {
				_, err = due.Run(tx, next, 10)
			}
			return err
		}))
		if n, err := r.Waiting(t.Context()); err != nil || n != 0 {
			t.Errorf("%d proofs stay, %v", n, err)
		}
	})
}

// TestWithoutAMailServerNoMailboxIsTaken.
func TestWithoutAMailServerNoMailboxIsTaken(t *testing.T) {
	mailing(t, func(r *room) {
		r.Mail = false
		_, err := r.SendCode(t.Context(), glosa.Citizen(), voter.Showing{Mailbox: people.NewPrivate("ana@correo.example"), Edition: ed})
		if glosa.KindOf(err) != glosa.Closed {
			t.Error(err)
		}
	})
}

// TestNoMailGoesOutWhereItIsOfNoUse: where no room has a use for a mailbox in this
// edition now, nothing is kept and nobody is written to; one use is enough.
func TestNoMailGoesOutWhereItIsOfNoUse(t *testing.T) {
	mailing(t, func(r *room) {
		no := func(_ *db.Tx, e edition.Edition, door glosa.Code) (bool, error) {
			if e.ID != ed || door != voter.Contact {
				t.Errorf("asked of %s by %s", e.ID, door)
			}
			return false, nil
		}
		yes := r.Uses[0]
		r.Uses = []voter.Use{no, no}
		for id, want := range map[glosa.EditionID]glosa.Kind{ed: glosa.Closed, "none": glosa.NotFound} {
			_, err := r.SendCode(t.Context(), glosa.Citizen(), voter.Showing{Mailbox: people.NewPrivate("ana@correo.example"), Language: "es", Edition: id})
			r.is(want, err)
			r.is(want, r.TakesMail(t.Context(), id))
		}
		if n, err := r.Waiting(t.Context()); err != nil || n != 0 || len(r.asked()) != 0 {
			t.Errorf("%d proofs, %v asked, %v", n, r.asked(), err)
		}
		r.Uses = []voter.Use{no, yes, no}
		if _, code := r.asks("ana@correo.example", "n"); code == "" {
			t.Error("one use is not enough")
		}
	})
}

// TestACodeThatWasNeverMailedOpensNothing: whoever asks past a mailbox's share gets
// a handle like any other, and no code opens it, also not the one that was drawn for
// it. That one is known here: with the same chance it was mailed to another mailbox.
func TestACodeThatWasNeverMailedOpensNothing(t *testing.T) {
	mailing(t, func(r *room) {
		for range 5 {
			r.asks("ana@correo.example", "n")
		}
		again := func(mailbox string) (handle, code string) {
			cryptotest.SetGlobalRandom(r.TB.(*testing.T), 7)
			return r.asks(mailbox, "n")
		}
		handle, code := again("sol@correo.example")
		if _, err := r.shows(handle, code); err != nil {
			r.Fatalf("what was mailed opens nothing: %v", err)
		}
		same, none := again("ana@correo.example")
		if same != handle || none != "" {
			r.Fatalf("the chance is not the same: %q, %q; %q", same, handle, none)
		}
		if _, err := r.shows(same, code); glosa.KindOf(err) != glosa.Invalid {
			r.Errorf("a code that was never mailed opened a mailbox: %v", err)
		}
		if n := r.typed(); n != 1 {
			r.Errorf("%d tries are counted: whoever measures learns that nothing was mailed", n)
		}
	})
}

// typed is how often wrong codes were typed, of all that is being shown.
func (r *room) typed() (n int) {
	r.Helper()
	r.ok(r.db.Read(r.Context(), func(tx *db.Tx) error {
		return tx.Row(`select coalesce(sum(tries), 0) from voter_proof`).Scan(&n)
	}))
	return n
}
