package edition_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/db"
	"glosa/db/dbtest"
)

var (
	facilitator = editiontest.Facilitator()
	convenor    = glosa.Actor{Human: "h-convenor", Post: "oficina-gubernatura", Side: glosa.Government, Roles: []glosa.Role{glosa.Convenor}}
	civilMod    = glosa.Actor{Human: "h-mod", Seat: 2, Side: glosa.Civil, Roles: []glosa.Role{glosa.Moderator}}
)

const demo = glosa.EditionID("demo26")

// each runs body on every engine with a desk that has no gates of other rooms.
func each(t *testing.T, body func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock)) {
	dbtest.Each(t, []db.Schema{edition.Schema()}, func(t *testing.T, store *db.DB, clock *glosa.FakeClock) {
		body(t, &edition.Desk{DB: store, Log: dbtest.Log(t)}, clock)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind glosa.Kind) {
	t.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		t.Fatalf("got %v, want %v", err, kind)
	}
}

func get(t *testing.T, d *edition.Desk, id glosa.EditionID) edition.Edition {
	t.Helper()
	ed, err := d.Get(t.Context(), id)
	must(t, err)
	return ed
}

func kinds(t *testing.T, d *edition.Desk) (all []string) {
	t.Helper()
	for _, e := range dbtest.Events(t, d.DB) {
		all = append(all, e.Kind)
	}
	return all
}

func TestWholeWalk(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ed := editiontest.At(t, d, clock, demo, edition.Closed)
		stages := edition.Stages()
		for i, s := range stages {
			at := ed.Plan.Happened(s)
			if at.IsZero() {
				t.Errorf("%s never happened", s)
			}
			if i > 0 && at.Before(ed.Plan.Happened(stages[i-1])) {
				t.Errorf("%s came before %s", s, stages[i-1])
			}
		}
		var moves []string
		for _, e := range dbtest.Events(t, d.DB) {
			if e.Kind != "edition.advanced" {
				continue
			}
			var b struct{ From, To string }
			must(t, json.Unmarshal(e.Body, &b))
			moves = append(moves, b.From+">"+b.To)
		}
		for i := range moves {
			if want := string(stages[i]) + ">" + string(stages[i+1]); moves[i] != want {
				t.Errorf("move %d is %s, want %s", i, moves[i], want)
			}
		}
		if len(moves) != 12 {
			t.Errorf("%d moves, want 12", len(moves))
		}
		_, err := d.Advance(t.Context(), facilitator, demo)
		wantKind(t, err, glosa.Closed)
	})
}

// TestFoundInTheSeries: a seat in one edition founds the next of its series, and
// has nothing to say in it, nor in another series.
func TestFoundInTheSeries(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		must(t, d.Found(t.Context(), facilitator, editiontest.Founding(demo, clock.Now())))
		seated := glosa.Actor{Human: "h-seated", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Facilitator}, Edition: demo}
		next := editiontest.Founding("demo27", clock.Now())
		next.Number, next.Code = 27, "DEMO27"
		other := next
		other.Series = "otra"
		wantKind(t, d.Found(t.Context(), seated, other), glosa.Denied)
		stranger := seated
		stranger.Edition = "nowhere"
		wantKind(t, d.Found(t.Context(), stranger, next), glosa.Denied)
		must(t, d.Found(t.Context(), seated, next))
		_, err := d.Plan(t.Context(), seated, next.ID, clock.Now().AddDate(0, 0, 140), nil)
		wantKind(t, err, glosa.Denied)
	})
}

func TestFound(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		f := editiontest.Founding(demo, clock.Now())
		wantKind(t, d.Found(t.Context(), glosa.Citizen(), f), glosa.Denied)

		bad := f
		bad.ID, bad.Code, bad.Number = "Demo 26", "demo26", 0
		bad.Protocol = []byte("key: glosa\nversion: one\n")
		bad.Place.Stream = "http://example.org/live"
		err := d.Found(t.Context(), facilitator, bad)
		wantKind(t, err, glosa.Invalid)
		var e *glosa.Error
		errors.As(err, &e)
		var fields []string
		for _, x := range e.Fields {
			fields = append(fields, x.Name)
		}
		if want := []string{"id", "code", "number", "stream", "protocol"}; !slices.Equal(fields, want) {
			t.Errorf("wrong fields %v, want %v", fields, want)
		}

		must(t, d.Found(t.Context(), facilitator, f))
		wantKind(t, d.Found(t.Context(), facilitator, f), glosa.Conflict)
		again := f
		again.ID, again.Number = "demo27", 27
		wantKind(t, d.Found(t.Context(), facilitator, again), glosa.Conflict) // the code is taken
		again.Code, again.Number = "DEMO27", 26
		wantKind(t, d.Found(t.Context(), facilitator, again), glosa.Conflict) // the number is taken
		if got := kinds(t, d); !slices.Equal(got, []string{"edition.founded", "edition.planned"}) {
			t.Errorf("events %v", got)
		}
		ed := get(t, d, demo)
		if ed.Stage != edition.Draft || !ed.Synthetic || ed.Protocol.Key != "demo26" || ed.Zone.String() != "America/Cancun" {
			t.Errorf("founded as %+v", ed)
		}
		if h, m, s := ed.Session.Clock(); h+m+s != 0 {
			t.Errorf("the session day is %s, not a midnight there", ed.Session)
		}
	})
}

func TestAdvanceNamesWhatIsMissing(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		editiontest.At(t, d, clock, demo, edition.ReportPublished)
		_, err := d.Advance(t.Context(), facilitator, demo)
		wantKind(t, err, glosa.Conflict)
		var b *edition.Blocked
		if !errors.As(err, &b) || b.To != edition.IntakeOpen {
			t.Fatalf("no list in %v", err)
		}
		var gates []glosa.Code
		for _, m := range b.List {
			gates = append(gates, m.Gate)
		}
		if want := []glosa.Code{edition.GateProtocol, edition.GateNotice, edition.GateDate}; !slices.Equal(gates, want) {
			t.Errorf("missing %v, want %v", gates, want)
		}
		must(t, d.Freeze(t.Context(), facilitator, demo))
		_, err = d.Advance(t.Context(), facilitator, demo)
		wantKind(t, err, glosa.Closed) // only time is missing now
		var e *glosa.Error
		errors.As(err, &e)
		if ed := get(t, d, demo); !e.Until.Equal(ed.Plan.On(edition.IntakeOpen)) {
			t.Errorf("until %s, want the opening %s", e.Until, ed.Plan.On(edition.IntakeOpen))
		}
		to, missing, err := d.Needs(t.Context(), demo)
		must(t, err)
		if to != edition.IntakeOpen || len(missing) != 2 {
			t.Errorf("needs %v for %s", missing, to)
		}
	})
}

func TestFrozenProtocolDoesNotChange(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ed := editiontest.At(t, d, clock, demo, edition.Called)
		other, err := edition.Template("glosa-qroo")
		must(t, err)
		session := ed.Session.AddDate(0, 0, 20)
		if _, err := d.Plan(t.Context(), facilitator, demo, session, other); err != nil {
			t.Fatalf("before freezing: %v", err)
		}
		must(t, d.Freeze(t.Context(), facilitator, demo))
		wantKind(t, d.Freeze(t.Context(), facilitator, demo), glosa.Conflict)
		text, err := edition.Template("demo25")
		must(t, err)
		_, err = d.Plan(t.Context(), facilitator, demo, session, text)
		wantKind(t, err, glosa.Conflict)
		now := get(t, d, demo)
		if now.Protocol.Key != "glosa-qroo" || now.Digest != glosa.Digest(other) || now.Frozen.IsZero() {
			t.Errorf("the frozen protocol is %s", now.Protocol.Key)
		}
		if x := now.Plan.Dates[3]; x.Stage != edition.IntakeOpen || !x.First.Equal(ed.Plan.On(edition.IntakeOpen)) {
			t.Errorf("the first date of the intake was forgotten: %+v", x)
		}
	})
}

func TestWaiverNeedsTwoSides(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		f := editiontest.Founding(demo, clock.Now())
		f.Session = clock.Now().AddDate(0, 0, 70) // the call comes nine days late
		must(t, d.Found(ctx, facilitator, f))
		_, err := d.Advance(ctx, facilitator, demo)
		wantKind(t, err, glosa.Conflict)

		_, err = d.Waive(ctx, facilitator, demo, edition.GateProtocol, "no falta todavía")
		wantKind(t, err, glosa.Conflict) // not missing for this stage
		_, err = d.Waive(ctx, facilitator, demo, edition.GateNotice, "  ")
		wantKind(t, err, glosa.Invalid)
		_, err = d.Waive(ctx, glosa.Citizen(), demo, edition.GateNotice, "porque sí")
		wantKind(t, err, glosa.Denied)
		n, err := d.Waive(ctx, facilitator, demo, edition.GateNotice, "La sede cambió de fecha")
		must(t, err)

		wantKind(t, d.ConfirmWaiver(ctx, facilitator, demo, n), glosa.Denied) // the same person
		wantKind(t, d.ConfirmWaiver(ctx, civilMod, demo, n), glosa.Denied)    // another person of the same side
		twice := convenor
		twice.Human = facilitator.Human
		wantKind(t, d.ConfirmWaiver(ctx, twice, demo, n), glosa.Denied) // the same human in another chair
		_, err = d.Advance(ctx, facilitator, demo)
		wantKind(t, err, glosa.Conflict) // one side alone passes nothing
		wantKind(t, d.ConfirmWaiver(ctx, convenor, demo, n+1), glosa.NotFound)
		must(t, d.ConfirmWaiver(ctx, convenor, demo, n))
		wantKind(t, d.ConfirmWaiver(ctx, convenor, demo, n), glosa.Conflict)

		_, err = d.Advance(ctx, facilitator, demo)
		must(t, err)
		x, err := d.Exceptions(ctx, demo)
		must(t, err)
		if len(x.Waivers) != 1 || len(x.Pending) != 0 || x.Waivers[0].Reason != "La sede cambió de fecha" ||
			x.Waivers[0].By != "post:facilitation" || x.Waivers[0].Second != "post:oficina-gubernatura" {
			t.Errorf("exceptions %+v", x)
		}
		evs := dbtest.Events(t, d.DB)
		for _, e := range evs {
			if strings.Contains(string(e.Body), "sede") || strings.Contains(string(e.Body), "h-") {
				t.Errorf("%s tells a text or a human: %s", e.Kind, e.Body)
			}
			if e.Kind == "edition.waiver_proposed" && e.Public {
				t.Error("a proposal is public before the other side confirms")
			}
		}
		if last := evs[len(evs)-1]; last.Kind != "edition.advanced" || !strings.Contains(string(last.Body), `"waived":[1]`) {
			t.Errorf("the move does not name its waiver: %s", last.Body)
		}
		editiontest.Walk(t, d, clock, demo, edition.IntakeOpen) // and the notice is not asked again
	})
}

func TestFirmGatesAreNotWaived(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		f := editiontest.Founding(demo, clock.Now())
		f.Session = time.Time{}
		must(t, d.Found(t.Context(), facilitator, f))
		_, err := d.Waive(t.Context(), facilitator, demo, edition.GateSession, "sin fecha")
		wantKind(t, err, glosa.Conflict)
		// The protocol makes the gate of a later room firm.
		d.Gates = []edition.Gate{func(tx *db.Tx, ed edition.Edition, to edition.Stage) ([]edition.Missing, error) {
			if to != edition.ReportPublished {
				return nil, nil
			}
			return []edition.Missing{{Gate: "report", Key: "fa.need"}, {Gate: "format", Key: "fa.need"}}, nil
		}}
		_, err = d.Plan(t.Context(), facilitator, demo, clock.Now().AddDate(0, 0, 130), nil)
		must(t, err)
		editiontest.Walk(t, d, clock, demo, edition.Called)
		_, err = d.Waive(t.Context(), facilitator, demo, "report", "no llegó")
		wantKind(t, err, glosa.Conflict)
		n, err := d.Waive(t.Context(), facilitator, demo, "format", "solo hay papel")
		must(t, err)
		must(t, d.ConfirmWaiver(t.Context(), convenor, demo, n))
		_, missing, err := d.Needs(t.Context(), demo)
		must(t, err)
		if len(missing) != 1 || missing[0].Gate != "report" || !missing[0].Firm {
			t.Errorf("missing %+v", missing)
		}
	})
}

func TestPostponeAndResume(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		ed := editiontest.At(t, d, clock, demo, edition.IntakeOpen)
		wantKind(t, d.Postpone(ctx, facilitator, demo, "", "", time.Time{}), glosa.Invalid)
		must(t, d.Postpone(ctx, facilitator, demo, "Huracán", "Las sedes son refugios.", time.Time{}))
		held := get(t, d, demo)
		if held.Stage != edition.Postponed || held.Held != edition.IntakeOpen || !held.Reached(edition.ReportPublished) || held.Reached(edition.IntakeClosed) {
			t.Errorf("postponed as %s, held %s", held.Stage, held.Held)
		}
		_, err := d.Advance(ctx, facilitator, demo)
		wantKind(t, err, glosa.Closed)
		clock.Set(ed.Plan.On(edition.IntakeClosed).Add(time.Hour))
		if n, err := d.Tick(ctx); n != 0 || err != nil {
			t.Errorf("the clock did %d acts in a postponed edition: %v", n, err)
		}
		wantKind(t, d.Resume(ctx, facilitator, demo, "Pasó el huracán", clock.Now().AddDate(0, 0, -9)), glosa.Invalid)
		session := ed.Session.AddDate(0, 0, 40)
		must(t, d.Resume(ctx, facilitator, demo, "Pasó el huracán", session))
		wantKind(t, d.Resume(ctx, facilitator, demo, "otra vez", session), glosa.Conflict)
		back := get(t, d, demo)
		if back.Stage != edition.IntakeOpen || !back.Session.Equal(session) {
			t.Errorf("resumed as %s with the session on %s", back.Stage, back.Session)
		}
		if got, want := back.Plan.On(edition.IntakeClosed), ed.Plan.On(edition.IntakeClosed).AddDate(0, 0, 40); !got.Equal(want) {
			t.Errorf("the intake now closes %s, want %s", got, want)
		}
		if !back.Plan.Happened(edition.IntakeOpen).Equal(ed.Plan.Happened(edition.IntakeOpen)) {
			t.Error("what had happened was forgotten")
		}
		x, err := d.Exceptions(ctx, demo)
		must(t, err)
		if len(x.Halts) != 2 || x.Halts[0].Kind != "postponed" || x.Halts[0].Note == "" || x.Halts[1].Kind != "resumed" {
			t.Errorf("halts %+v", x.Halts)
		}
	})
}

func TestCancel(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		editiontest.At(t, d, clock, demo, edition.Called)
		wantKind(t, d.Cancel(ctx, civilMod, demo, "no", ""), glosa.Denied)
		must(t, d.Cancel(ctx, facilitator, demo, "No hubo sede", "Se reintenta el año próximo."))
		if ed := get(t, d, demo); ed.Stage != edition.Cancelled || ed.Held != edition.Called {
			t.Errorf("cancelled as %s from %s", ed.Stage, ed.Held)
		}
		for name, act := range map[string]func() error{
			"advance":  func() error { _, err := d.Advance(ctx, facilitator, demo); return err },
			"postpone": func() error { return d.Postpone(ctx, facilitator, demo, "x", "", time.Time{}) },
			"resume":   func() error { return d.Resume(ctx, facilitator, demo, "x", clock.Now().AddDate(0, 1, 0)) },
			"cancel":   func() error { return d.Cancel(ctx, facilitator, demo, "x", "") },
			"suspend": func() error {
				return d.Suspend(ctx, facilitator, demo, clock.Now(), clock.Now().Add(time.Hour), "x", "y")
			},
		} {
			if err := act(); glosa.KindOf(err) != glosa.Closed {
				t.Errorf("%s of a cancelled edition: %v", name, err)
			}
		}
		_, err := d.Home(ctx, "demo")
		wantKind(t, err, glosa.NotFound)
	})
}

func TestExtendAndSuspend(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		ed := editiontest.At(t, d, clock, demo, edition.IntakeOpen)
		was := ed.Plan.On(edition.IntakeClosed)
		wantKind(t, d.Extend(ctx, facilitator, demo, edition.IntakeClosed, 60, "mucho"), glosa.Invalid) // past the selection
		wantKind(t, d.Extend(ctx, facilitator, demo, edition.IntakeClosed, -1, "menos"), glosa.Invalid)
		wantKind(t, d.Extend(ctx, facilitator, demo, edition.IntakeOpen, 1, "tarde"), glosa.Closed) // it has begun
		must(t, d.Extend(ctx, facilitator, demo, edition.IntakeClosed, 5, "Faltan tres municipios"))
		must(t, d.Extend(ctx, facilitator, demo, edition.IntakeClosed, 1, "Domingo"))
		now := get(t, d, demo)
		if got := now.Plan.On(edition.IntakeClosed); !got.Equal(was.AddDate(0, 0, 6)) {
			t.Errorf("closes %s, want %s", got, was.AddDate(0, 0, 6))
		}
		clock.Set(was.Add(time.Minute))
		if _, open := now.Accepts(clock.Now()); !open {
			t.Error("the extended intake is not open after its first end")
		}
		from := clock.Now()
		wantKind(t, d.Suspend(ctx, facilitator, demo, from, from, "nada", "nada"), glosa.Invalid)
		must(t, d.Suspend(ctx, facilitator, demo, from, from.AddDate(0, 0, 90), "Reforma", "Acuerdo publicado"))
		now = get(t, d, demo)
		start := from.AddDate(0, 0, -2)
		plain, held := ed.Deadline(start, ed.Protocol.Deadlines.Answer, nil, nil), now.Deadline(start, ed.Protocol.Deadlines.Answer, nil, nil)
		if !held.Due.After(plain.Due.AddDate(0, 0, 80)) {
			t.Errorf("suspended for 90 days: %s, before %s", held.Due, plain.Due)
		}
		x, err := d.Exceptions(ctx, demo)
		must(t, err)
		if len(x.Extensions) != 2 || x.Extensions[1].N != 2 || !x.Extensions[0].Was.Equal(was) || len(x.Suspensions) != 1 || x.Suspensions[0].Document == "" {
			t.Errorf("exceptions %+v", x)
		}
		if list, err := d.List(ctx, "demo"); err != nil || len(list) != 1 || len(list[0].Suspensions) != 1 {
			t.Errorf("the list forgets the suspension: %v", err)
		}
	})
}

func TestEnter(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		ed := editiontest.At(t, d, clock, demo, edition.Called)
		enter := func(by glosa.Actor, act glosa.Act) error {
			return d.DB.Read(context.Background(), func(tx *db.Tx) error {
				_, err := edition.Enter(tx, by, act, demo)
				return err
			})
		}
		err := enter(glosa.Citizen(), "question.submit")
		wantKind(t, err, glosa.Closed)
		var e *glosa.Error
		errors.As(err, &e)
		if !e.Until.Equal(ed.Plan.On(edition.IntakeOpen)) {
			t.Errorf("opens %s, the error says %s", ed.Plan.On(edition.IntakeOpen), e.Until)
		}
		wantKind(t, enter(glosa.Citizen(), "question.admit"), glosa.Denied)
		elsewhere := civilMod
		elsewhere.Edition = "demo25"
		wantKind(t, enter(elsewhere, "question.route"), glosa.Denied)
		must(t, enter(civilMod, "question.route")) // any stage
		editiontest.Walk(t, d, clock, demo, edition.IntakeOpen)
		must(t, enter(glosa.Citizen(), "question.submit"))
		clock.Set(ed.Plan.On(edition.IntakeClosed)) // the published end, before the clock has written it down
		wantKind(t, enter(glosa.Citizen(), "question.submit"), glosa.Closed)
		must(t, enter(civilMod, "question.admit"))
		err = d.DB.Read(t.Context(), func(tx *db.Tx) error { _, err := edition.Load(tx, "nowhere"); return err })
		wantKind(t, err, glosa.NotFound)
	})
}

// The database itself refuses a waiver of one person or of one side, whatever the
// desk would say.
func TestDatabaseRefusesOneSidedWaiver(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		editiontest.At(t, d, clock, demo, edition.Draft)
		for n, second := range []struct {
			human, side any
			refused     bool
		}{
			{"a", "government", true}, // the same human
			{"b", "civil", true},      // the same side
			{"b", "observatory", true},
			{"b", nil, true}, // a human without a side
			{"", "government", true},
			{"b", "government", false},
			{nil, nil, false},
		} {
			var at any
			if second.human != nil {
				at = clock.Now()
			}
			err := d.DB.Act(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`insert into edition_waiver (edition, n, gate, stage, reason, at, by_post, by_side, by_human, second_at, second_post, second_side, second_human)
values ($1, $2, 'notice', 'called', 'x', 1, 'p', 'civil', 'a', $3, 'q', $4, $5)`, demo, n+1, at, second.side, second.human)
				return err
			})
			if (err != nil) != second.refused {
				t.Errorf("second %v of %v: %v", second.human, second.side, err)
			}
		}
	})
}

func TestDamagedProtocolIsNotServed(t *testing.T) {
	each(t, func(t *testing.T, d *edition.Desk, clock *glosa.FakeClock) {
		f := editiontest.Founding(demo, clock.Now())
		f.Protocol = append(slices.Clone(f.Protocol), "\n# only of this test, so that no memo holds it\n"...)
		must(t, d.Found(t.Context(), facilitator, f))
		digest := glosa.Digest(f.Protocol)
		must(t, d.DB.Act(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`update edition set protocol = $2 where digest = $1`, digest, strings.Replace(string(f.Protocol), "themes: 4", "themes: 3", 1))
			return err
		}))
		_, err := d.Get(t.Context(), demo)
		wantKind(t, err, glosa.Internal)
	})
}
