package draw

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"glosa"
	"glosa/db"
)

// TestSubstitutesFollowTheRule: each seat that is given up goes to whom the published
// order and the auditors' pool name, and nobody is asked twice.
func TestSubstitutesFollowTheRule(t *testing.T) {
	each(t, func(r *room) {
		ctx, v := t.Context(), r.drawn(24)
		file, err := r.Audit(ctx, auditor, ed)
		r.ok(err)
		pool := map[int]Someone{}
		for _, p := range audited(t, file) {
			n, _ := strconv.Atoi(p["number"])
			pool[n] = Someone{n, map[string]string{"sex": p["sex"], "language": p["language"]}, p["household"]}
		}
		turns, err := turnsOf(r.file(OrderFile))
		r.ok(err)
		list, err := v.Terms.List()
		r.ok(err)
		sits := slices.Clone(v.Panel)
		for i := range 5 {
			leaves := sits[i%len(sits)]
			rc := r.receipt(leaves)
			if i%2 == 0 {
				r.ok(r.Answer(ctx, glosa.Citizen(), rc.Ticket, rc.Key, true))
			}
			r.ok(r.Answer(ctx, glosa.Citizen(), rc.Ticket, rc.Key, false))
			r.want(glosa.Conflict, "dw.noseat", r.Answer(ctx, glosa.Citizen(), rc.Ticket, rc.Key, true))
			sits = slices.DeleteFunc(sits, func(n int) bool { return n == leaves })
			var seated, waiting []Someone
			for _, n := range sits {
				seated = append(seated, pool[n])
			}
			for _, n := range turns {
				waiting = append(waiting, pool[n])
			}
			next := Next(list, true, seated, waiting)
			turns = slices.DeleteFunc(turns, func(n int) bool { return n == next })
			sits = append(sits, next)
			now := r.view().Seats
			if last := now[len(now)-1]; last.Number != next || last.For != leaves || last.Seat != Invited {
				t.Errorf("refusal %d: %+v, want %d for %d", i, last, next, leaves)
			}
			far := Far(list, append(slices.Clone(seated), pool[next]))
			for _, w := range waiting { // nobody who may sit would leave the panel nearer
				alone := w.Household == "" || !slices.ContainsFunc(seated, func(s Someone) bool { return s.Household == w.Household })
				if near := Far(list, append(slices.Clone(seated), w)); alone && near < far {
					t.Errorf("refusal %d: %d is asked, at %d from the quotas; %d would be at %d", i, next, far, w.Number, near)
				}
			}
		}
	})
}

// TestTwoPersonsEmptyASeat: of two sides, for the same reason, and no reply is no
// reason before the days to reply are over.
func TestTwoPersonsEmptyASeat(t *testing.T) {
	each(t, func(r *room) {
		ctx, v := t.Context(), r.drawn(20)
		n := v.Panel[2]
		_, err := r.Vacate(ctx, facilitator, ed, n, NoReply)
		r.want(glosa.Invalid, "dw.wait", err)
		r.clock.Advance(6 * 24 * time.Hour)
		for _, x := range []struct {
			by   glosa.Actor
			why  glosa.Code
			kind glosa.Kind
		}{{facilitator, "because", glosa.Invalid}, {auditor, NoReply, glosa.Denied}, {facilitator, "no_show", 0}, {facilitator, NoReply, 0}, {both, NoReply, glosa.Denied},
			{government, "no_show", 0}} {
			done, err := r.Vacate(ctx, x.by, ed, n, x.why)
			if x.kind == 0 {
				r.ok(err)
			} else {
				r.want(x.kind, "", err)
			}
			if done {
				t.Fatalf("%s of %s emptied it", x.why, x.by.Side)
			}
		}
		done, err := r.Vacate(ctx, government, ed, n, NoReply)
		r.ok(err)
		seats := r.view().Seats
		if !done || len(seats) != 7 || seats[6].For != n {
			t.Errorf("%v %+v", done, seats)
		}
		_, err = r.Vacate(ctx, government, ed, n, NoReply)
		r.want(glosa.Conflict, "dw.noseat", err)
	})
}

// TestTwoHumansInTheDatabase: what the desk refuses, the tables refuse too: one human
// behind both halves of an act, one side alone, a pool frozen after its seed exists,
// and a panel drawn before it does.
func TestTwoHumansInTheDatabase(t *testing.T) {
	each(t, func(r *room) {
		terms := r.frozen(20)
		refused := func(sets map[string]string) {
			t.Helper()
			for name, statement := range sets {
				err := r.DB.Act(t.Context(), func(tx *db.Tx) error {
					n, err := tx.Exec(statement)
					if err == nil && n == 0 {
						err = glosa.Missing("row", name)
					}
					return err
				})
				if glosa.KindOf(err) != glosa.Conflict {
					t.Errorf("the database takes %s: %v", name, err)
				}
			}
		}
		r.clock.Set(terms.SeedAt)
		_, err := r.Seed(t.Context(), facilitator, ed, seed)
		r.ok(err)
		refused(map[string]string{
			"a panel by one side":      "update draw set state = 'drawn', seed = 'x', drawn = seed_at, civil_human = 'h-fac'",
			"the other half by one":    "insert into draw_seed (edition, side, human, by_actor, typed, at) select edition, 'government', human, by_actor, typed, at from draw_seed",
			"a pool after the seed":    "update draw set frozen = seed_at",
			"a pool while it is open":  "update draw set frozen = closes - 1",
			"a seed of a third side":   "update draw_seed set side = 'observatory'",
			"a seed of nobody":         "update draw_seed set human = ''",
			"a seed before it existed": "update draw set state = 'drawn', seed = 'x', drawn = seed_at - 1, civil_human = 'h-fac', gov_human = 'h-gov'",
		})
		_, err = r.Seed(t.Context(), government, ed, seed)
		r.ok(err)
		n := r.view().Panel[0]
		for _, by := range []glosa.Actor{facilitator, government} {
			_, err = r.Vacate(t.Context(), by, ed, n, "no_show")
			r.ok(err)
		}
		refused(map[string]string{
			"a draw by one human":      "update draw set gov_human = civil_human",
			"a draw by one side":       "update draw set gov_human = ''",
			"a seat by one human":      "update draw_volunteer set gov_human = civil_human where seat = 'vacated'",
			"a seat by one side":       "update draw_volunteer set civil_human = '' where seat = 'vacated'",
			"a seat that is taken":     "update draw_volunteer set seat = 'vacated' where seat = 'invited'",
			"two words of one":         "update draw_word set human = 'h-fac'",
			"a draw that goes back":    "update draw set state = 'open'",
			"a draw to be repeated":    "update draw set state = 'frozen'",
			"a pool to be repeated":    "update draw set state = 'open', seed = '', drawn = 0",
			"a chair of who was asked": "update draw_volunteer set side = 'civil', chair = number where seat = 'invited'",
			"a box of who is gone":     "update draw_volunteer set gone = true where seat = 'invited'",
			"a seat of no number":      "update draw_volunteer set number = 0 where seat = 'invited'",
		})
	})
}

// TestWithdrawalLeavesNothing: before the freeze no row; after it a number with a
// commitment that nobody opens; whoever was drawn gives the seat on.
func TestWithdrawalLeavesNothing(t *testing.T) {
	each(t, func(r *room) {
		ctx, terms := t.Context(), r.terms()
		r.open(terms)
		r.register(25)
		r.want(glosa.Invalid, "dw.badkey", r.Withdraw(ctx, glosa.Citizen(), r.tickets[0].Ticket, r.tickets[1].Key))
		r.want(glosa.Invalid, "dw.badkey", r.Withdraw(ctx, glosa.Citizen(), "SV-00000000", r.tickets[1].Key))
		r.ok(r.Withdraw(ctx, glosa.Citizen(), r.tickets[24].Ticket, r.tickets[24].Key))
		_, err := r.Own(ctx, glosa.Citizen(), r.tickets[24].Ticket, r.tickets[24].Key)
		r.want(glosa.Invalid, "dw.badkey", err)
		r.tickets = r.tickets[:24]
		r.clock.Set(terms.Closes)
		r.ok(r.Freeze(ctx, facilitator, ed))
		early := r.tickets[3]
		r.ok(r.Withdraw(ctx, glosa.Citizen(), early.Ticket, early.Key))
		c, err := r.Own(ctx, glosa.Citizen(), early.Ticket, early.Key)
		r.ok(err)
		if !c.Gone || c.Contact != "" || len(c.Features) != 0 || !c.Salt.IsZero() || c.Number == 0 {
			t.Errorf("%+v", c)
		}
		r.clock.Set(terms.SeedAt)
		_, err = r.Seed(ctx, facilitator, ed, seed)
		r.ok(err)
		_, err = r.Seed(ctx, government, ed, seed)
		r.ok(err)
		for _, s := range r.view().Seats {
			if s.Number == c.Number && s.Seat.Holds() {
				t.Errorf("who took their data back sits: %+v", s)
			}
		}
		seats := r.view().Seats
		at := slices.IndexFunc(seats, func(s Standing) bool { return s.Seat == Invited })
		rc := r.receipt(seats[at].Number)
		r.ok(r.Withdraw(ctx, glosa.Citizen(), rc.Ticket, rc.Key))
		r.ok(r.Withdraw(ctx, glosa.Citizen(), rc.Ticket, rc.Key)) // twice is once
		now := r.view().Seats
		if now[at].Seat != Withdrawn || len(now) != len(seats)+1 {
			t.Errorf("%+v", now)
		}
		holds := 0
		for _, s := range now {
			if s.Seat.Holds() {
				holds++
			}
		}
		if holds != 6 {
			t.Errorf("%d seats are held: %+v", holds, now)
		}
		r.ok(r.DB.Read(ctx, func(tx *db.Tx) error {
			v, err := selectTicket(tx, rc.Ticket)
			if len(v.box) != 0 || v.boxID != "" {
				t.Errorf("a box is left: %+v", v)
			}
			return err
		}))
	})
}

// TestARestoreErasesAgain: what the record says is gone goes from a database that
// still had it; nothing else does.
func TestARestoreErasesAgain(t *testing.T) {
	each(t, func(r *room) {
		ctx := t.Context()
		v := r.drawn(20)
		gone, stays := r.receipt(v.Panel[0]), r.receipt(v.Panel[1])
		r.want(glosa.Denied, "", r.Repeat(ctx, facilitator, Trace{}))
		r.ok(r.Repeat(ctx, glosa.Admin(), Trace{Gone: []GoneNumber{{ed, v.Panel[0]}, {ed, 999}, {"demo25", 1}}, Destroyed: []glosa.EditionID{"demo25"}}))
		c, err := r.Own(ctx, glosa.Citizen(), gone.Ticket, gone.Key)
		r.ok(err)
		d, err := r.Own(ctx, glosa.Citizen(), stays.Ticket, stays.Key)
		r.ok(err)
		if !c.Gone || c.Contact != "" || d.Gone || d.Contact == "" {
			t.Errorf("%+v\n%+v", c, d)
		}
		r.ok(r.Repeat(ctx, glosa.Admin(), Trace{Destroyed: []glosa.EditionID{ed}}))
		_, err = r.Own(ctx, glosa.Citizen(), stays.Ticket, stays.Key)
		r.want(glosa.Invalid, "dw.badkey", err)
		_, err = r.Audit(ctx, auditor, ed)
		r.want(glosa.Conflict, "dw.destroyed.files", err)
		_, err = r.Vacate(ctx, facilitator, ed, v.Panel[1], "no_show")
		r.want(glosa.Conflict, "dw.destroyed.files", err)
		if now := r.view(); !now.Destroyed || len(now.Panel) != 6 || len(r.file(LotteryFile)) == 0 {
			t.Errorf("the public files went too: %+v", now.State)
		}
	})
}
