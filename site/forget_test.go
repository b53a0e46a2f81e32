package site_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/record"
	"glosa/site"
)

const ed = glosa.EditionID("demo26")

// over is an edition that has been lived to its end: one question signed by
// name, one supported by a device.
type over struct {
	t      *testing.T
	site   *site.Site
	clock  *glosa.FakeClock
	data   string
	walker *edition.Desk // moves without the gates of other rooms
	signed question.Receipt
	device voter.Credential
}

func (o *over) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func live(t *testing.T, c db.Config) *over {
	t.Helper()
	o := &over{t: t, clock: glosa.NewFakeClock(time.Date(2026, 1, 12, 15, 0, 0, 0, time.UTC)), data: t.TempDir()}
	s, err := site.Open(t.Context(), site.Config{Data: o.data, Database: c.URL, Origin: "localhost/test", Software: "glosa-test",
		Clock: o.clock, NoSync: true, Log: dbtest.Log(t)})
	o.ok(err)
	t.Cleanup(func() { _ = s.Close() })
	o.site, o.walker = s, &edition.Desk{DB: s.DB}
	ref, err := people.ShippedReference("23")
	o.ok(err)
	o.ok(s.People.Load(t.Context(), glosa.Admin(), ref))
	editiontest.At(t, o.walker, o.clock, ed, edition.ReportPublished)
	_, err = s.Priority.Freeze(t.Context(), editiontest.Facilitator(), ed)
	o.ok(err)
	editiontest.Walk(t, o.walker, o.clock, ed, edition.IntakeOpen)
	o.signed, err = s.Question.Submit(t.Context(), glosa.Citizen(), ed, question.Ask{Text: "¿Cuándo abre el archivo?",
		Municipality: "23005", Language: "es", NamePolicy: question.Named, Name: "Persona Canaria"})
	o.ok(err)
	moderator := glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	o.ok(s.Question.Admit(t.Context(), moderator, o.signed.ID))
	token, err := s.Voter.NewDevice()
	o.ok(err)
	o.device, err = s.Voter.DeviceOf(token)
	o.ok(err)
	_, err = s.Priority.Support(t.Context(), glosa.Citizen(), o.device, o.signed.ID, [16]byte{7})
	o.ok(err)
	o.tick()
	return o
}

func (o *over) tick() {
	o.t.Helper()
	_, err := o.site.Edition.Tick(o.t.Context())
	o.ok(err)
}

// at moves the clock and lets it do what is due; twice, since it happens once.
func (o *over) at(when time.Time) {
	o.t.Helper()
	o.clock.Set(when)
	o.tick()
	o.tick()
}

func (o *over) walk(to edition.Stage) edition.Edition {
	o.t.Helper()
	return editiontest.Walk(o.t, o.walker, o.clock, ed, to)
}

// count is how many rows a statement tells of.
func (o *over) count(statement string) (n int) {
	o.t.Helper()
	o.ok(o.site.DB.Read(o.t.Context(), func(tx *db.Tx) error { return tx.Row(statement).Scan(&n) }))
	return n
}

func (o *over) left(kind string) (n int) {
	o.t.Helper()
	for _, e := range dbtest.Events(o.t, o.site.DB) {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

const (
	keptNames   = `select (select count(*) from private_person) + (select count(*) from question where person <> '' or signed = true)`
	keptBallots = `select count(*) from priority_ballot`
	keptBeside  = `select count(*) from priority_beside where length(file) > 0`
	keptCame    = `select count(*) from priority_came` // who ever came, by door
)

// TestNamesGoAYearAfterTheClosing: whoever signed is forgotten on the day, once.
func TestNamesGoAYearAfterTheClosing(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		o := live(t, c)
		closed := o.walk(edition.Closed).Plan.Happened(edition.Closed)
		if closed.IsZero() {
			t.Fatal("it never closed")
		}
		day := closed.In(closed.Location()).AddDate(1, 0, 0)
		o.at(day.Add(-time.Second))
		if n := o.count(keptNames); n != 2 {
			t.Fatalf("a second before the day: %d rows with a name, want the person's and the question's", n)
		}
		next, err := o.site.Edition.Next(t.Context())
		o.ok(err)
		if !next.Equal(day) {
			t.Errorf("the clock looks next at %s, want %s", next, day)
		}
		o.at(day)
		if n := o.count(keptNames); n != 0 {
			t.Errorf("%d rows with a name after the day", n)
		}
		if n := o.left("question.names_gone"); n != 1 {
			t.Errorf("told %d times, want once", n)
		}
		page, err := o.site.Question.Page(t.Context(), o.signed.ID)
		o.ok(err)
		if page.State != question.Overdue { // nobody routed it
			t.Errorf("the question is %s: only the name goes", page.State)
		}
	})
}

// TestKeysGoNinetyDaysAfterTheEvaluation: the key's file, credentials, salts and
// choices are gone; what is public stays and agrees.
func TestKeysGoNinetyDaysAfterTheEvaluation(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		o := live(t, c)
		file := filepath.Join(o.data, "keys", "edition-"+string(ed)+".key")
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
		day := o.walk(edition.Evaluated).Plan.Happened(edition.Evaluated).AddDate(0, 0, 90)
		o.at(day.Add(-time.Second))
		if n := o.count(keptBallots); n != 1 {
			t.Fatalf("a second before the day: %d ballots, want 1", n)
		}
		if n := o.count(keptCame); n != 1 {
			t.Fatalf("a second before the day: %d came by doors, want 1", n)
		}
		o.beside()
		before := commitments(o)
		o.at(day)
		if n := o.count(keptBeside); n != 0 {
			t.Errorf("%d files of other counts after the day", n)
		}
		if n := o.count(keptBallots); n != 0 {
			t.Errorf("%d ballots after the day", n)
		}
		if n := o.count(keptCame); n != 0 {
			t.Errorf("%d came by doors after the day", n)
		}
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Errorf("the key's file: %v", err)
		}
		if n := o.left("key.destroyed"); n != 1 {
			t.Errorf("told %d times, want once", n)
		}
		if after := commitments(o); before == 0 || after != before {
			t.Errorf("%d commitments told before, %d after", before, after)
		}
		yes, err := o.site.Priority.Supports(t.Context(), o.device, o.signed.ID)
		if yes || err != nil {
			t.Errorf("the device's ballot: %v, %v", yes, err)
		}
		if rc, err := o.site.Priority.Own(t.Context(), o.device, ed); err != nil || len(rc.Choices) > 0 {
			t.Errorf("the device's ballot: %+v, %v", rc, err)
		}
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Errorf("the key was made anew: %v", err)
		}
	})
}

// beside puts the private file of another count there, as an agenda of many ballots has it.
func (o *over) beside() {
	o.t.Helper()
	contest := priority.ContestOf(ed)
	dbtest.Exec(o.t, o.site.DB, `insert into priority_selection (contest, file, input, result, digest, account, covered, covered_raw, ballots, void, apart,
		software, human, side, by, at) values ($1, 'pb', 'x', '{}', 'x', '{}', 0, 0, 0, 0, 0, '', 'h', 'civil', 'post:x', 0)`, contest)
	dbtest.Exec(o.t, o.site.DB, `insert into priority_beside (contest, sort, state, file, input, result, digest, ballots, covered, covered_raw)
		values ($1, 'strong', 'computed', 'rows', 'x', '{}', 'x', 20, 0, 0)`, contest)
	if n := o.count(keptBeside); n != 1 {
		o.t.Fatalf("%d files of other counts, want 1", n)
	}
}

func commitments(o *over) (n int) {
	o.t.Helper()
	o.ok(o.site.Priority.Commitments(o.t.Context(), func(glosa.Hash) error { n++; return nil }))
	return n
}

// TestBallotsGoAgainInARestore: of a leaf that the backup does not know, at once,
// and the clock tells it no second time.
func TestBallotsGoAgainInARestore(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		o := live(t, c)
		day := o.walk(edition.Evaluated).Plan.Happened(edition.Evaluated).AddDate(0, 0, 90)
		if n := o.count(keptBallots); n != 1 {
			t.Fatalf("%d ballots, want 1", n)
		}
		o.beside()
		var lost record.Leaf
		lost.Kind, lost.Edition = "key.destroyed", ed
		_, err := site.Again(t.Context(), o.site.DB, []record.Leaf{lost}, nil)
		o.ok(err)
		if n := o.count(keptBallots) + o.count(keptCame); n != 0 {
			t.Errorf("%d ballots, or who came with one, came back", n)
		}
		if n := o.count(keptBeside); n != 0 {
			t.Errorf("%d files of other counts came back", n)
		}
		o.at(day)
		if n := o.left("key.destroyed"); n != 0 {
			t.Errorf("told again %d times", n)
		}
	})
}
