package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/people/notice"
	"glosa/civic/people/rights"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/civic/report"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/job"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var schemas = []db.Schema{edition.Schema(), people.Schema(), notice.Schema(), voter.Schema(), report.Schema(), question.Schema(), rights.Schema(), job.Schema(), Schema()}

const ed = glosa.EditionID("demo26")

// office is a house with one edition that takes questions, and a courier.
type office struct {
	testing.TB
	d       *db.DB
	clock   *glosa.FakeClock
	courier *Courier
	server  *mailServer
	seen    int64 // how far the line was followed
}

// desks are the rooms that notify stands on, with the keys that every process of a test shares.
func desks(d *db.DB) *Desk {
	safe := people.NewSafe([32]byte{1})
	desk := &Desk{DB: d, Notice: &notice.Desk{DB: d, Safe: safe, Key: notice.Key{2}, On: true}, People: &people.Desk{DB: d},
		Question: &question.Desk{DB: d, Safe: safe, Promise: func(_ glosa.Code, _ glosa.Hash, at time.Time) ([]byte, time.Time, error) {
			return []byte("promise"), at.Add(time.Hour), nil
		}}, Voter: &voter.Desk{DB: d, Safe: safe, Keys: ring{3}, Mail: true,
			Uses: []voter.Use{func(*db.Tx, edition.Edition, glosa.Code) (bool, error) { return true, nil }}}, Zone: time.FixedZone("", -5*3600)}
	q := desk.Question
	desk.Rights = &rights.Desk{DB: d, Safe: safe, Mail: true, Rooms: rights.Rooms{Author: question.Author, Known: question.TypedFolio, Held: q.Held, Complete: q.Complete, Erase: q.EraseAsked,
		Rename: question.RenameAsked, Unname: question.UnnameAsked}}
	return desk
}

// ring is one key for all.
type ring [32]byte

func (r ring) EditionKey(glosa.EditionID) ([32]byte, error) { return r, nil }
func (ring) Destroy(glosa.EditionID) error                  { return nil }

func voice() Voice {
	return Voice{URL: "https://glosa.example", Place: "Quintana Roo", Checkpoint: func() (int64, string) { return 4217, "raiz" },
		Day: func(_ string, t time.Time) string { return t.Format(time.DateOnly) },
		Say: func(lang, key string, args ...string) string { return lang + "|" + key + "|" + strings.Join(args, "|") }}
}

func post(server string, cert []byte) Post {
	return Post{Server: server, From: "avisos@glosa.example", Name: "Glosa", Bounces: "avisos+{}@glosa.example", Roots: trust(cert)}
}

func open(t testing.TB, d *db.DB, clock *glosa.FakeClock) *office {
	t.Helper()
	o := &office{TB: t, d: d, clock: clock, server: newMailServer(t)}
	ref, err := people.ShippedReference("23")
	must(t, err)
	desk := desks(d)
	must(t, desk.People.Load(t.Context(), glosa.Admin(), ref))
	editiontest.At(t, &edition.Desk{DB: d}, clock, ed, edition.IntakeOpen)
	o.courier = &Courier{Desk: desk, Voice: voice(), Post: post(o.server.addr, o.server.cert)}
	o.hear()
	must(t, o.courier.Begin(t.Context()))
	return o
}

func each(t *testing.T, play func(o *office)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) { play(open(t, d, clock)) })
}

// hear follows the line to its end, and finds out who is told.
func (o *office) hear() {
	o.Helper()
	for _, e := range dbtest.Events(o, o.d) {
		if e.Seq > o.seen {
			must(o, o.d.Act(o.Context(), func(tx *db.Tx) error { return o.courier.Hear(tx, []glosa.Event{e}) }))
			o.seen = e.Seq
		}
	}
	_, err := (&job.Runner{DB: o.d, Work: o.courier.Jobs()}).Do(o.Context())
	must(o, err)
}

// deliver follows the line and sends what is due; it returns how many mails arrived.
func (o *office) deliver() int {
	o.Helper()
	o.hear()
	before := o.server.count()
	for {
		n, err := o.courier.Round(o.Context())
		must(o, err)
		if n == 0 {
			return o.server.count() - before
		}
	}
}

func (o *office) ask(text string) glosa.QuestionID {
	o.Helper()
	rc, err := o.courier.Question.Submit(o.Context(), glosa.Citizen(), ed, question.Ask{Text: text, Municipality: "23005", Language: "es"})
	must(o, err)
	return rc.ID
}

func (o *office) admit(id glosa.QuestionID) {
	o.Helper()
	by := glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	must(o, o.courier.Question.Admit(o.Context(), by, id))
}

func (o *office) subscribe(address, lang string, thing notice.Thing, pace notice.Pace) {
	o.Helper()
	must(o, o.courier.Notice.Subscribe(o.Context(), glosa.Citizen(), notice.Wish{Thing: thing, Address: people.NewPrivate(address),
		Language: glosa.Code(lang), Pace: pace}))
}

// confirmed subscribes and follows the link of the mail that came.
func (o *office) confirmed(address, lang string, thing notice.Thing, pace notice.Pace) {
	o.Helper()
	o.subscribe(address, lang, thing, pace)
	o.deliver()
	token := between(o.server.one(o, address), "/avisos/confirmar/", "\r\n")
	_, err := o.courier.Notice.Confirm(o.Context(), glosa.Citizen(), token)
	must(o, err)
	o.deliver()
	o.server.forget()
	o.clock.Advance(time.Second)
}

// between is what stands between two marks of a mail, its soft line ends undone.
func between(mail, from, to string) string {
	mail = strings.ReplaceAll(strings.ReplaceAll(mail, "=\r\n", ""), "=3D", "=")
	_, after, _ := strings.Cut(mail, from)
	what, _, _ := strings.Cut(after, to)
	return what
}

// crowd subscribes n strangers to an edition, each at once, as long confirmed.
func (o *office) crowd(n int) {
	o.Helper()
	for from := 0; from < n; from += 500 {
		to := min(from+500, n)
		var sealed []people.Sealed
		for i := from; i < to; i++ {
			s, err := o.courier.Notice.Safe.Seal(people.Contact, people.NewPrivate(stranger(i)))
			must(o, err)
			sealed = append(sealed, s)
		}
		must(o, o.d.Act(o.Context(), func(tx *db.Tx) error {
			var contacts, subscriptions [][]any
			for i := from; i < to; i++ {
				id, err := people.KeepContact(tx, sealed[i-from])
				if err != nil {
					return err
				}
				c := fmt.Sprintf("c%06d", i)
				contacts = append(contacts, []any{c, o.courier.Notice.Key.Lookup(people.NewPrivate(stranger(i))), string(id), "es"})
				subscriptions = append(subscriptions, []any{"s" + c, c, "edition", string(ed), "each"})
			}
			if _, err := tx.ExecMany(`insert into notice_contact (id, lookup, person, lang, made_at, asks, asks_at) values ($1, $2, $3, $4, 1, 1, 1)`, contacts); err != nil {
				return err
			}
			_, err := tx.ExecMany(`insert into notice_subscription (id, contact, sort, thing, pace, asked_at, confirmed_at) values ($1, $2, $3, $4, $5, 1, 1)`, subscriptions)
			return err
		}))
	}
}

func stranger(i int) string { return fmt.Sprintf("persona%06d@correo.example", i) }
