package notice

import (
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
	"glosa/db/dbtest"
)

var citizen = glosa.Citizen()

// room is a desk that takes addresses.
type room struct {
	*Desk
	t     *testing.T
	clock *glosa.FakeClock
}

func each(t *testing.T, body func(r room)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{edition.Schema(), people.Schema(), Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		body(room{&Desk{DB: d, Safe: people.NewSafe([32]byte{1}), Key: Key{2}, On: true}, t, clock})
	})
}

func (r room) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r room) want(kind glosa.Kind, err error) {
	r.t.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		r.t.Errorf("got %v, want %s", err, kind)
	}
}

var ours = Thing{Sort: Question, ID: "DEMO26-0427-K"}

func (r room) subscribe(address string, thing Thing, pace Pace) {
	r.t.Helper()
	r.ok(r.Subscribe(r.t.Context(), citizen, Wish{Thing: thing, Address: people.NewPrivate(address), Language: "es", Pace: pace, Caller: "n"}))
}

// asks are the subscriptions that a mail to confirm goes out for, in order.
func (r room) asks() (ids []string) {
	for _, e := range dbtest.Events(r.t, r.DB) {
		if e.Kind == Asked {
			ids = append(ids, e.Subject)
		}
	}
	return ids
}

func (r room) confirm() Subscription {
	r.t.Helper()
	ids := r.asks()
	s, err := r.Confirm(r.t.Context(), citizen, r.Key.Seal(Confirming, ids[len(ids)-1]))
	r.ok(err)
	return s
}

func (r room) audience(things ...Thing) (out []Listener) {
	r.t.Helper()
	r.ok(r.DB.Read(r.t.Context(), func(tx *db.Tx) (err error) {
		out, err = Audience(tx, things, tx.Now, "", 100)
		return err
	}))
	return out
}

func (r room) count(statement string) (n int) {
	r.t.Helper()
	r.ok(r.DB.Read(r.t.Context(), func(tx *db.Tx) error { return tx.Row(statement).Scan(&n) }))
	return n
}

const rows = `select (select count(*) from notice_contact) + (select count(*) from notice_subscription) + (select count(*) from private_person)`

func TestSubscribe(t *testing.T) {
	each(t, func(r room) {
		r.subscribe("Ana@Example.org", ours, Daily)
		if got := r.audience(ours); len(got) != 0 {
			t.Fatalf("told before it was confirmed: %v", got)
		}
		s := r.confirm()
		r.confirm() // twice is once
		if got := r.audience(ours); len(got) != 1 || got[0].Pace != Daily {
			t.Fatalf("%v", got)
		}
		r.subscribe("ana@example.org", ours, Each)
		if got := r.audience(ours); got[0].Pace != Daily || len(r.asks()) != 1 {
			t.Errorf("a stranger changed it: %v", got)
		}
		city := Thing{Sort: Edition, ID: "demo26"}
		r.subscribe("ana@EXAMPLE.org", city, Each)
		r.confirm()
		if got := r.audience(city, ours); len(got) != 1 || got[0].Pace != Each {
			t.Errorf("one address, told once and at the closest pace: %v", got)
		}
		var m Mailbox
		r.ok(r.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			m, err = r.Reach(tx, s.Contact)
			return err
		}))
		if m.Address.Reveal() != "Ana@Example.org" || m.Language != "es" {
			t.Errorf("reached at %q", m.Address.Reveal())
		}
	})
}

// What comes back is the same for an address that is unknown, known, or has had
// enough mail; and it gets no more than a few a day, whoever asks.
func TestRepliesSayNothing(t *testing.T) {
	each(t, func(r room) {
		for range 12 {
			r.subscribe("ana@example.org", ours, Each)
		}
		if n := len(r.asks()); n != asksADay {
			t.Errorf("%d mails to confirm in a day, want %d", n, asksADay)
		}
		r.clock.Advance(24 * time.Hour)
		r.subscribe("ana@example.org", ours, Each)
		if n := len(r.asks()); n != asksADay+1 {
			t.Errorf("%d mails after a day", n)
		}
		wish := Wish{Thing: ours, Address: people.NewPrivate("x@example.org"), Language: "es", Pace: Each, Caller: "flood"}
		var busy error
		for i := 0; busy == nil && i < 1000; i++ {
			busy = r.Subscribe(t.Context(), citizen, wish)
		}
		r.want(glosa.Busy, busy)
		wish.Caller = "another"
		r.ok(r.Subscribe(t.Context(), citizen, wish))
	})
}

func TestLinks(t *testing.T) {
	each(t, func(r room) {
		r.subscribe("ana@example.org", ours, Each)
		id := r.asks()[0]
		for _, token := range []string{"", "c", "c" + id, "c" + id + "-", "c" + id + "-" + strings.Repeat("0", 20),
			r.Key.Seal(Stopping, id), r.Key.Seal(Bouncing, id), Key{9}.Seal(Confirming, id), r.Key.Seal(Confirming, id) + "0"} {
			_, err := r.Confirm(t.Context(), citizen, token)
			r.want(glosa.NotFound, err)
		}
		r.want(glosa.NotFound, r.Stop(t.Context(), citizen, r.Key.Seal(Confirming, id), "", true))
		r.clock.Advance(ConfirmLasts)
		_, err := r.Confirm(t.Context(), citizen, r.Key.Seal(Confirming, id))
		r.want(glosa.NotFound, err)
	})
}

func TestStop(t *testing.T) {
	each(t, func(r room) {
		var all []Subscription
		for _, id := range []string{"demo25", "demo26", "qroo-9"} {
			r.subscribe("ana@example.org", Thing{Sort: Edition, ID: id}, Daily)
			all = append(all, r.confirm())
		}
		r.subscribe("luis@example.org", all[0].Thing, Daily)
		r.confirm()
		one, everything := r.Key.Seal(Stopping, string(all[0].ID)), r.Key.Seal(Leaving, string(all[0].Contact))
		stop := func(token string, only SubscriptionID, left int) {
			t.Helper()
			r.ok(r.Stop(t.Context(), citizen, token, only, false))
			x, err := r.Show(t.Context(), everything)
			r.ok(err)
			if len(x.All) != left || x.Gone != (left == 0) {
				t.Errorf("%d left, want %d", len(x.All), left)
			}
		}
		stop(one, "", 2)
		stop(one, "", 2) // twice is once
		stop(everything, all[1].ID, 1)
		stop(r.Key.Seal(Stopping, string(all[2].ID)), "", 0)
		stop(everything, "", 0)
		if n := r.count(rows); n != 3 {
			t.Errorf("%d rows are left, want the other person's three", n)
		}
	})
}

// What nobody confirmed is forgotten by the clock, with its address.
func TestLapse(t *testing.T) {
	each(t, func(r room) {
		r.subscribe("ana@example.org", ours, Each)
		due := Due()
		var next time.Time
		r.ok(r.DB.Act(t.Context(), func(tx *db.Tx) (err error) {
			next, err = due.Next(tx)
			return err
		}))
		r.clock.Set(next)
		r.ok(r.DB.Act(t.Context(), func(tx *db.Tx) error {
			_, err := due.Run(tx, tx.Now, 100)
			return err
		}))
		if n := r.count(rows); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// Whoever has a right to it gets all that is held, and has it erased; again is no error.
func TestRights(t *testing.T) {
	each(t, func(r room) {
		r.subscribe("ana@example.org", ours, Each)
		r.confirm()
		ana := people.NewPrivate("ANA@example.org")
		var h Holding
		r.ok(r.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			h, err = r.Held(tx, ana)
			return err
		}))
		if len(h.Subscriptions) != 1 || h.Subscriptions[0].Thing != ours || h.Language != "es" {
			t.Errorf("%+v", h)
		}
		for range 2 {
			r.ok(r.DB.Act(t.Context(), func(tx *db.Tx) error { return r.Forget(tx, glosa.System(), ana) }))
		}
		if n := r.count(rows); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		kinds := []string{}
		for _, e := range dbtest.Events(t, r.DB) {
			if kinds = append(kinds, e.Kind); e.Public || strings.Contains(string(e.Body)+e.Subject+strings.Join(e.Tags, ""), "DEMO26") {
				t.Errorf("%+v tells who is told of what", e)
			}
		}
		if !slices.Equal(kinds, []string{Asked, "notice.confirmed", Forgotten}) {
			t.Errorf("%v", kinds)
		}
	})
}

func TestNoMailNoAddress(t *testing.T) {
	each(t, func(r room) {
		r.On = false
		r.want(glosa.Closed, r.Subscribe(t.Context(), citizen, Wish{Thing: ours, Address: people.NewPrivate("ana@example.org"), Pace: Each}))
		if n := r.count(rows); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestAddress(t *testing.T) {
	for _, good := range []string{"ana@example.org", " ana@example.org ", "a+b.c_d-e@x.example.mx", "O'Higgins@example.org"} {
		if a, err := Address(good); err != nil || a.Reveal() != strings.TrimSpace(good) {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "ana", "ana@", "@example.org", "ana@example", "ana@example.org\r\nBcc: luis@example.org", "ana@example.org\nx",
		"Ana <ana@example.org>", "ana@example.org, luis@example.org", "ana@example.org;luis@example.org", "ana @example.org", "añá@example.org",
		"ana@[127.0.0.1]", `"ana luis"@example.org`, "ana@example..org", "ana@.example.org", "ana@example.org.", "ana@example.org\x00",
		strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("b.", 130) + "org"} {
		if _, err := Address(bad); glosa.KindOf(err) != glosa.Invalid || err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"ana@example.org", "a\r\nb@c.d", "<a@b.c>", "a@b.c,d@e.f", "ñ@b.c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		a, err := Address(typed)
		if err == nil && strings.ContainsAny(a.Reveal(), "\r\n\t <>,;\"") {
			t.Errorf("%q came through as %q", typed, a.Reveal())
		}
	})
}

func FuzzSeal(f *testing.F) {
	k := Key{7}
	f.Add(k.Seal(Confirming, "0123456789abcdef0123456789abcdef"))
	f.Add("cx-")
	f.Fuzz(func(t *testing.T, token string) {
		use, id, err := k.Open(token)
		if err == nil && k.Seal(use, id) != token {
			t.Errorf("%q opens to another seal", token)
		}
	})
}
