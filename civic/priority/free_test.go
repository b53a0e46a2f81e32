package priority_test

import (
	"testing"

	"glosa"
	"glosa/civic/people"
)

// TestTheSelectorHoldsNothingInGovernment: by the dated register of posts, seats
// and delegations, on the day itself, whatever hat the selector wears.
func TestTheSelectorHoldsNothingInGovernment(t *testing.T) {
	paper := people.Document{Digest: glosa.Digest([]byte("oficio")), Title: "Oficio"}
	const post, other = glosa.PostKey("sesa-titular"), glosa.PostKey("sema-titular")
	for name, c := range map[string]struct {
		give   func(w *town, desk *people.Desk, human glosa.HumanID, today people.Day)
		denied bool
	}{
		"nothing": {func(*town, *people.Desk, glosa.HumanID, people.Day) {}, false},
		"a post": {func(w *town, desk *people.Desk, human glosa.HumanID, today people.Day) {
			_, err := desk.Grant(w.ctx, glosa.Admin(), people.Tenure{Post: post, Human: human, From: before(today, 200), Document: paper})
			w.ok(err)
		}, true},
		"a post whose last day it is": {func(w *town, desk *people.Desk, human glosa.HumanID, today people.Day) {
			_, err := desk.Grant(w.ctx, glosa.Admin(), people.Tenure{Post: post, Human: human, From: before(today, 200), To: today, Document: paper})
			w.ok(err)
		}, true},
		"a post until the day before": {func(w *town, desk *people.Desk, human glosa.HumanID, today people.Day) {
			_, err := desk.Grant(w.ctx, glosa.Admin(), people.Tenure{Post: post, Human: human, From: before(today, 200), To: before(today, 1), Document: paper})
			w.ok(err)
		}, false},
		"an act of a post, by delegation": {func(w *town, desk *people.Desk, human glosa.HumanID, today people.Day) {
			minister, err := desk.Enrol(w.ctx, glosa.Admin())
			w.ok(err)
			_, err = desk.Grant(w.ctx, glosa.Admin(), people.Tenure{Post: other, Human: minister, From: before(today, 200), Document: paper})
			w.ok(err)
			holder := glosa.Actor{Human: minister, Post: other, Side: glosa.Government, Roles: []glosa.Role{glosa.Signatory}}
			_, err = desk.Delegate(w.ctx, holder, people.Delegation{Post: other, Human: human, Acts: []glosa.Act{"question.answer"},
				From: before(today, 2), To: today, Document: paper})
			w.ok(err)
		}, true},
		"a seat on the government's side": {func(w *town, desk *people.Desk, human glosa.HumanID, today people.Day) {
			seat, err := desk.Seat(w.ctx, glosa.Admin(), people.Seat{Edition: ed, Side: glosa.Government, Number: 9, Roles: []glosa.Role{glosa.Moderator}, Sector: "executive"})
			w.ok(err)
			_, err = desk.Sit(w.ctx, glosa.Admin(), ed, people.Sitting{Seat: seat, Human: human, From: before(today, 2), Document: paper})
			w.ok(err)
		}, true},
		"a seat of the Observatory": {func(w *town, desk *people.Desk, human glosa.HumanID, today people.Day) {
			seat, err := desk.Seat(w.ctx, glosa.Admin(), people.Seat{Edition: ed, Side: glosa.Observatory, Number: 1, Roles: []glosa.Role{glosa.Selector}, Sector: "academia"})
			w.ok(err)
			_, err = desk.Sit(w.ctx, glosa.Admin(), ed, people.Sitting{Seat: seat, Human: human, From: before(today, 2), Document: paper})
			w.ok(err)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				w.openIntake()
				w.asked(1)
				w.closeIntake()
				w.at(w.now().SupportCloses())
				desk := &people.Desk{DB: w.db}
				human, err := desk.Enrol(w.ctx, glosa.Admin())
				w.ok(err)
				today := people.DayOf(w.clock.Now().In(w.now().Zone))
				c.give(w, desk, human, today)
				by := selector
				by.Human = human
				a, err := w.Select(w.ctx, by, ed)
				if c.denied {
					w.is(glosa.Denied, err)
					return
				}
				w.ok(err)
				if a.FreeOn != today || a.Side != glosa.Observatory || a.By != "seat:observatory:1" {
					t.Errorf("on %q for %s by %s, want %q", a.FreeOn, a.Side, a.By, today)
				}
			})
		})
	}
}

// before is the day some days earlier.
func before(day people.Day, days int) people.Day {
	return people.DayOf(day.Time().AddDate(0, 0, -days))
}
