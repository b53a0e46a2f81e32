// Package editiontest takes an edition to a stage by the same acts that people
// use, so that the tests of later rooms begin where their own work begins. In: a
// desk on a test database and its fake clock, which moves forward along the plan.
// It is for tests only. Start at [At].
package editiontest

import (
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
)

// Facilitator is who founds and moves the editions of tests.
func Facilitator() glosa.Actor {
	return glosa.Actor{Human: "h-facilitator", Post: "facilitation", Side: glosa.Civil, Roles: []glosa.Role{glosa.Facilitator}}
}

// Founding is a synthetic edition under the protocol "demo26", with its session
// 130 days after now. Tests change what they care about.
func Founding(id glosa.EditionID, now time.Time) edition.Founding {
	text, err := edition.Template("demo26")
	if err != nil {
		panic(err) // it is embedded
	}
	return edition.Founding{ID: id, Series: "demo", Number: 26, Name: "Glosa de prueba", Code: "DEMO26", Protocol: text,
		Session: now.AddDate(0, 0, 130), Synthetic: true}
}

// At founds an edition and takes it to a stage, moving the clock to the planned
// date of each stage on the way. Gates of other rooms on the desk are asked too.
func At(t testing.TB, d *edition.Desk, clock *glosa.FakeClock, id glosa.EditionID, to edition.Stage) edition.Edition {
	t.Helper()
	if err := d.Found(t.Context(), Facilitator(), Founding(id, clock.Now())); err != nil {
		t.Fatal(err)
	}
	return Walk(t, d, clock, id, to)
}

// Walk takes an edition on to a later stage.
func Walk(t testing.TB, d *edition.Desk, clock *glosa.FakeClock, id glosa.EditionID, to edition.Stage) edition.Edition {
	t.Helper()
	for {
		ed, err := d.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if ed.Stage == to {
			return ed
		}
		next, ok := ed.Stage.Next()
		if !ok || !ed.Stage.Before(to) {
			t.Fatalf("no way from %s to %s", ed.Stage, to)
		}
		if at := ed.Plan.On(next); at.After(clock.Now()) {
			clock.Set(at)
		}
		if end := ed.SupportCloses(); next == edition.Selected && end.After(clock.Now()) {
			clock.Set(end.Add(time.Second))
		}
		if next == edition.IntakeOpen && ed.Frozen.IsZero() {
			if err := d.Freeze(t.Context(), Facilitator(), id); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Advance(t.Context(), Facilitator(), id); err != nil {
			t.Fatalf("from %s to %s: %v", ed.Stage, next, err)
		}
	}
}
