package priority_test

import (
	"testing"

	"glosa"
	"glosa/civic/people"
)

// register gives places to people, from a day to a day.
type register struct {
	w     *town
	desk  *people.Desk
	paper people.Document
}

func (r register) human() glosa.HumanID {
	r.w.t.Helper()
	id, err := r.desk.Enrol(r.w.ctx, glosa.Admin())
	r.w.ok(err)
	return id
}

func (r register) holds(human glosa.HumanID, post glosa.PostKey, from, to people.Day) {
	r.w.t.Helper()
	_, err := r.desk.Grant(r.w.ctx, glosa.Admin(), people.Tenure{Post: post, Human: human, From: from, To: to, Document: r.paper})
	r.w.ok(err)
}

func (r register) deputises(human glosa.HumanID, post glosa.PostKey, from, to people.Day) {
	r.w.t.Helper()
	minister := r.human()
	r.holds(minister, post, from, "")
	holder := glosa.Actor{Human: minister, Post: post, Side: glosa.Government, Roles: []glosa.Role{glosa.Signatory}}
	_, err := r.desk.Delegate(r.w.ctx, holder, people.Delegation{Post: post, Human: human, Acts: []glosa.Act{"question.answer"}, From: from, To: to, Document: r.paper})
	r.w.ok(err)
}

func (r register) sits(human glosa.HumanID, side glosa.Side, role glosa.Role, from people.Day) {
	r.w.t.Helper()
	seat, err := r.desk.Seat(r.w.ctx, glosa.Admin(), people.Seat{Edition: ed, Side: side, Number: 9, Roles: []glosa.Role{role}, Sector: "observer"})
	r.w.ok(err)
	_, err = r.desk.Sit(r.w.ctx, glosa.Admin(), ed, people.Sitting{Seat: seat, Human: human, From: from, Document: r.paper})
	r.w.ok(err)
}

// TestTheSelectorHoldsNothingInGovernment: by the dated register of posts, seats
// and delegations, on the day itself, whatever hat the selector wears.
func TestTheSelectorHoldsNothingInGovernment(t *testing.T) {
	for name, c := range map[string]struct {
		give   func(r register, human glosa.HumanID, today people.Day)
		denied bool
	}{
		"nothing": {func(register, glosa.HumanID, people.Day) {}, false},
		"a post": {func(r register, h glosa.HumanID, today people.Day) {
			r.holds(h, "sesa-titular", before(today, 200), "")
		}, true},
		"a post whose last day it is": {func(r register, h glosa.HumanID, today people.Day) {
			r.holds(h, "sesa-titular", before(today, 200), today)
		}, true},
		"a post until the day before": {func(r register, h glosa.HumanID, today people.Day) {
			r.holds(h, "sesa-titular", before(today, 200), before(today, 1))
		}, false},
		"an act of a post, by delegation": {func(r register, h glosa.HumanID, today people.Day) {
			r.deputises(h, "sema-titular", before(today, 9), today)
		}, true},
		"a seat on the government's side": {func(r register, h glosa.HumanID, today people.Day) {
			r.sits(h, glosa.Government, glosa.Moderator, before(today, 2))
		}, true},
		"a seat of the Observatory": {func(r register, h glosa.HumanID, today people.Day) {
			r.sits(h, glosa.Observatory, glosa.Selector, before(today, 2))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				w.openIntake()
				w.asked(1)
				w.closeIntake()
				w.at(w.now().SupportCloses())
				r := register{w, &people.Desk{DB: w.db}, people.Document{Digest: glosa.Digest([]byte("oficio")), Title: "Oficio"}}
				by, today := selector, people.DayOf(w.clock.Now().In(w.now().Zone))
				by.Human = r.human()
				c.give(r, by.Human, today)
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
