package draw

import (
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/db/dbtest"
)

// TestATypedContactTellsNothing: where contacts are not proven, whoever types
// somebody's contact learns nothing and keeps nobody out, before the freeze and after;
// the desk alone is told how many share one.
func TestATypedContactTellsNothing(t *testing.T) {
	each(t, func(r *room) {
		ctx, terms := t.Context(), r.terms()
		r.open(terms)
		r.register(20)
		f := someone(3)
		f.Contact = "Canaria3+otra@EXAMPLE.org"
		second, err := r.Register(ctx, glosa.Citizen(), ed, f)
		r.ok(err)
		f.Contact = "canaria99@example.org"
		r.ok(r.Amend(ctx, glosa.Citizen(), r.tickets[5].Ticket, r.tickets[5].Key, f))
		f.Contact = "canaria7@example.org"
		r.ok(r.Amend(ctx, glosa.Citizen(), r.tickets[8].Ticket, r.tickets[8].Key, f))
		l, err := r.Look(ctx, facilitator, ed)
		r.ok(err)
		if l.Shared != 4 || l.Volunteers != 21 {
			t.Errorf("%d of %d share a contact", l.Shared, l.Volunteers)
		}
		r.clock.Set(terms.Closes)
		r.ok(r.Freeze(ctx, facilitator, ed))
		for _, rc := range append(r.tickets, second) {
			if c, err := r.Own(ctx, glosa.Citizen(), rc.Ticket, rc.Key); err != nil || c.Number == 0 || c.Chance.Number != c.Number || c.Chance.Exact == "" {
				t.Errorf("%v %+v", err, c)
			}
		}
		if n := r.view().Volunteers; n != 21 {
			t.Errorf("%d in the pool", n)
		}
	})
}

// TestAShownMailboxRegistersOnce: where contacts are proven nobody registers without
// one, each mailbox once however it is written, and again after it was withdrawn; what
// is typed to be reached by keeps nobody else out.
func TestAShownMailboxRegistersOnce(t *testing.T) {
	each(t, func(r *room) {
		ctx, terms := t.Context(), r.terms()
		r.Prove = true
		r.open(terms)
		_, err := r.Register(ctx, glosa.Citizen(), ed, someone(1))
		r.want(glosa.Denied, "dw.unproven", err)
		doors := &voter.Desk{Keys: sameKey{}}
		device, err := doors.NewDevice()
		r.ok(err)
		f := someone(1)
		f.Shown, err = doors.DeviceOf(device)
		r.ok(err)
		_, err = r.Register(ctx, glosa.Citizen(), ed, f)
		r.want(glosa.Denied, "dw.unproven", err)

		f.Shown = r.shown("ana.sintetica@gmail.com")
		first, err := r.Register(ctx, glosa.Citizen(), ed, f)
		r.ok(err)
		f.Contact, f.Shown = "otra@example.org", r.shown("AnaSintetica+dos@googlemail.com")
		_, err = r.Register(ctx, glosa.Citizen(), ed, f)
		r.want(glosa.Conflict, "dw.already", err)
		r.ok(r.Amend(ctx, glosa.Citizen(), first.Ticket, first.Key, f)) // another contact to be reached by, the same mailbox shown
		_, err = r.Register(ctx, glosa.Citizen(), ed, f)
		r.want(glosa.Conflict, "dw.already", err)
		f.Shown = r.shown("otra@example.org")
		_, err = r.Register(ctx, glosa.Citizen(), ed, f)
		r.ok(err)
		r.ok(r.Withdraw(ctx, glosa.Citizen(), first.Ticket, first.Key))
		f.Shown = r.shown("anasintetica@gmail.com")
		_, err = r.Register(ctx, glosa.Citizen(), ed, f)
		r.ok(err)
		if l, err := r.Look(ctx, facilitator, ed); err != nil || l.Volunteers != 2 {
			t.Errorf("%v %+v", err, l)
		}
	})
}

// TestAMailboxIsOfUseWhileRegistrationIsOpen: where contacts are proven, and no other door.
func TestAMailboxIsOfUseWhileRegistrationIsOpen(t *testing.T) {
	each(t, func(r *room) {
		says := func(when string, want bool) {
			t.Helper()
			r.ok(r.DB.Read(t.Context(), func(tx *db.Tx) error {
				e, err := edition.Load(tx, ed)
				if err != nil {
					return err
				}
				got, err := r.Uses(tx, e, voter.Contact)
				if other, err := r.Uses(tx, e, voter.Device); got != want || err != nil || other {
					t.Errorf("%s: %v, a device %v, %v", when, got, other, err)
				}
				return err
			}))
		}
		terms := r.terms()
		r.Prove = true
		says("without a draw", false)
		r.ok(r.Announce(t.Context(), facilitator, ed, terms))
		says("announced", false)
		r.ok(r.Open(t.Context(), facilitator, ed))
		says("open", true)
		r.Prove = false
		says("where no mail goes out", false)
		r.Prove = true
		r.clock.Set(terms.Closes)
		says("over", false)
	})
}

// TestUnprovenContactsAreCounted: who registered while no mail went out stays
// unproven; the desk sees it before the freeze, and everybody after it.
func TestUnprovenContactsAreCounted(t *testing.T) {
	each(t, func(r *room) {
		terms := r.terms()
		r.open(terms)
		r.register(9)
		r.Prove = true // mail was set up
		for n := 9; n < 24; n++ {
			f := someone(n)
			f.Shown = r.shown(f.Contact)
			_, err := r.Register(t.Context(), glosa.Citizen(), ed, f)
			r.ok(err)
		}
		l, err := r.Look(t.Context(), facilitator, ed)
		r.ok(err)
		r.clock.Set(terms.Closes)
		r.ok(r.Freeze(t.Context(), facilitator, ed))
		if v := r.view(); l.Unproven != 9 || v.Unproven != 9 || v.Volunteers != 24 {
			t.Errorf("%d unproven at the desk, %d of %d in public", l.Unproven, v.Unproven, v.Volunteers)
		}
		told := dbtest.Events(t, r.DB)
		if e := told[len(told)-1]; e.Kind != kFrozen.Name || !strings.Contains(string(e.Body), `"unproven":9`) {
			t.Errorf("%s %s", e.Kind, e.Body)
		}
	})
}

// TestWhatWasTakenBackIsErasedAgain: what the record says of a registration that was
// taken back finds it in a restored database, and finds no other.
func TestWhatWasTakenBackIsErasedAgain(t *testing.T) {
	each(t, func(r *room) {
		ctx := t.Context()
		r.open(r.terms())
		r.register(3)
		gone, stays := r.tickets[1], r.tickets[2]
		var kept volunteer
		r.ok(r.DB.Read(ctx, func(tx *db.Tx) (err error) {
			kept, err = selectTicket(tx, gone.Ticket)
			return err
		}))
		r.ok(r.Withdraw(ctx, glosa.Citizen(), gone.Ticket, gone.Key))
		var back []glosa.Hash
		for _, e := range dbtest.Events(t, r.DB) {
			if e.Kind == kBack.Name {
				b, err := glosa.BodyOf[backBody](e)
				r.ok(err)
				back = append(back, b.Of)
			}
		}
		r.ok(r.DB.Act(ctx, func(tx *db.Tx) error { // as a backup has it
			_, err := insertVolunteer(tx, kept)
			return err
		}))
		_, err := r.Own(ctx, glosa.Citizen(), gone.Ticket, gone.Key)
		r.ok(err)
		r.ok(r.Repeat(ctx, glosa.Admin(), Trace{Back: map[glosa.EditionID][]glosa.Hash{ed: back}}))
		_, err = r.Own(ctx, glosa.Citizen(), gone.Ticket, gone.Key)
		r.want(glosa.Invalid, "dw.badkey", err)
		_, err = r.Own(ctx, glosa.Citizen(), stays.Ticket, stays.Key)
		r.ok(err)
	})
}

// shown is the credential of a mailbox whose code was typed.
func (r *room) shown(mailbox string) voter.Credential {
	r.t.Helper()
	doors := &voter.Desk{DB: r.DB, Keys: sameKey{}, Safe: r.Safe, Mail: true, Uses: []voter.Use{r.Uses}}
	box, err := people.Mailbox(mailbox)
	r.ok(err)
	handle, err := doors.SendCode(r.t.Context(), glosa.Citizen(), voter.Showing{Mailbox: box, Language: "es", Edition: ed})
	r.ok(err)
	code := ""
	r.ok(r.DB.Read(r.t.Context(), func(tx *db.Tx) error {
		for _, e := range dbtest.Events(r.t, r.DB) {
			if l, err := doors.Write(tx, e.Subject); e.Kind == voter.Asked && err == nil {
				code = l.Code
			}
		}
		return nil
	}))
	token, err := doors.ShowMailbox(r.t.Context(), glosa.Citizen(), handle, code)
	r.ok(err)
	c, err := doors.Read(voter.Contact, ed, token)
	r.ok(err)
	return c
}

// TestAFormIsRefusedByField: minors, what the quotas do not ask, no contact.
func TestAFormIsRefusedByField(t *testing.T) {
	each(t, func(r *room) {
		r.open(r.terms())
		for key, spoil := range map[string]func(f *Form){
			"dw.minor":         func(f *Form) { f.Adult = false },
			"dw.choose":        func(f *Form) { f.Features["sex"] = "none" },
			"dw.bad.contact":   func(f *Form) { f.Contact = "998 123" },
			"dw.bad.household": func(f *Form) { f.Household = strings.Repeat("x", 61) },
		} {
			f := someone(2)
			spoil(&f)
			_, err := r.Register(t.Context(), glosa.Citizen(), ed, f)
			r.want(glosa.Invalid, key, err)
		}
		f := someone(2)
		f.Contact, f.Features["municipality"] = "+52 (998) 123-4567", "23005"
		rc, err := r.Register(t.Context(), glosa.Citizen(), ed, f)
		r.ok(err)
		c, err := r.Own(t.Context(), glosa.Citizen(), rc.Ticket, rc.Key)
		r.ok(err)
		if c.Contact != "+529981234567" || len(c.Features) != 2 { // what is not asked is not kept
			t.Errorf("%+v", c)
		}
	})
}

// TestTermsAreRefusedByField: what nobody could draw by is not announced.
func TestTermsAreRefusedByField(t *testing.T) {
	each(t, func(r *room) {
		for key, spoil := range map[string]func(x *Terms){
			"dw.bad.seats":    func(x *Terms) { x.Seats = 1 },
			"dw.bad.rule":     func(x *Terms) { x.Rule = "legacy" },
			"dw.bad.source":   func(x *Terms) { x.Source = "un dado" },
			"dw.bad.closes":   func(x *Terms) { x.Closes = r.clock.Now() },
			"dw.bad.seed_at":  func(x *Terms) { x.SeedAt = x.Closes.Add(Lead) },
			"dw.bad.reply":    func(x *Terms) { x.Reply = 0 },
			"dw.bad.quotas":   func(x *Terms) { x.Quotas = "category,feature\nsex,woman\n" },
			"dw.bad.category": func(x *Terms) { x.Quotas = "category,feature,min,max\nparty,any,0,6\n" },
			"dw.bad.feature":  func(x *Terms) { x.Quotas = "category,feature,min,max\nmunicipality,99001,0,6\n" },
			"dw.bad.sum":      func(x *Terms) { x.Quotas = "category,feature,min,max\nsex,woman,4,6\nsex,man,4,6\n" },
		} {
			x := r.terms()
			spoil(&x)
			r.want(glosa.Invalid, key, r.Announce(t.Context(), facilitator, ed, x))
		}
		csv, err := r.Propose(t.Context(), ed, 12)
		r.ok(err)
		x := r.terms()
		x.Seats, x.Quotas = 12, csv
		r.ok(r.Announce(t.Context(), facilitator, ed, x))
		if !strings.Contains(csv, "sex,woman,5,6,4,7") || !strings.Contains(csv, "sex,another,0,1,0,12") {
			t.Errorf("12 seats by the census:\n%s", csv)
		}
	})
}

// TestQuotasThatCannotBeMetGiveWayInPublic: the facilitator sees the conflict early;
// after registration has closed the smallest change is made, and no other, but that nobody
// reads from it how many speakers volunteered.
func TestQuotasThatCannotBeMetGiveWayInPublic(t *testing.T) {
	each(t, func(r *room) {
		ctx, terms := t.Context(), r.terms()
		r.open(terms)
		for i := range 12 {
			f := someone(i)
			f.Features["language"] = []string{"none", "indigenous"}[min(1, i/11)] // one speaker, two wanted
			f.Household = ""
			_, err := r.Register(ctx, glosa.Citizen(), ed, f)
			r.ok(err)
		}
		l, err := r.Look(ctx, facilitator, ed)
		r.ok(err)
		if l.Feasible || l.Few || len(l.Conflict) == 0 || len(l.Relaxation) == 0 || l.Beyond {
			t.Fatalf("%+v", l)
		}
		_, err = r.Look(ctx, government, ed)
		r.want(glosa.Denied, "", err)
		r.want(glosa.Closed, "dw.early", r.Relax(ctx, facilitator, ed))
		r.clock.Set(terms.Closes)
		r.want(glosa.Conflict, "dw.unmet", r.Freeze(ctx, facilitator, ed))
		r.ok(r.Relax(ctx, facilitator, ed))
		if now := r.view().Terms; !strings.Contains(now.Quotas, "language,indigenous,0,4") || now.Seats != 6 {
			t.Errorf("%s", now.Quotas)
		}
		r.want(glosa.Conflict, "dw.met", r.Relax(ctx, facilitator, ed))
		r.ok(r.Freeze(ctx, facilitator, ed))
	})
}

// TestTooFewMayStillCome: fewer volunteers than seats freeze nothing; the close and
// the seed move to later only, and people may register again.
func TestTooFewMayStillCome(t *testing.T) {
	each(t, func(r *room) {
		ctx, terms := t.Context(), r.terms()
		r.open(terms)
		r.register(4)
		r.clock.Set(terms.Closes)
		r.want(glosa.Conflict, "dw.few", r.Freeze(ctx, facilitator, ed))
		r.want(glosa.Conflict, "dw.beyond", r.Relax(ctx, facilitator, ed))
		closes, seedAt := terms.Closes.Add(5*24*time.Hour), terms.SeedAt.Add(5*24*time.Hour)
		r.want(glosa.Invalid, "dw.bad.closes", r.Move(ctx, facilitator, ed, terms.Closes.Add(-time.Hour), seedAt))
		r.want(glosa.Invalid, "dw.bad.seed_at", r.Move(ctx, facilitator, ed, closes, terms.SeedAt))
		r.ok(r.Move(ctx, facilitator, ed, closes, seedAt))
		for i := 4; i < 20; i++ {
			_, err := r.Register(ctx, glosa.Citizen(), ed, someone(i))
			r.ok(err)
		}
		r.clock.Set(closes)
		r.clock.Set(seedAt.Add(-time.Minute))
		r.want(glosa.Conflict, "dw.late", r.Freeze(ctx, facilitator, ed)) // the record would not show it before the seed
		r.ok(r.Move(ctx, facilitator, ed, closes, seedAt.Add(24*time.Hour)))
		r.ok(r.Freeze(ctx, facilitator, ed))
	})
}

// TestTheBoardKeepsSmallCells: nothing before ten, in fives, and no small cell nor one
// that gives it away.
func TestTheBoardKeepsSmallCells(t *testing.T) {
	each(t, func(r *room) {
		ctx, terms := t.Context(), r.terms()
		r.open(terms)
		night := func() Board {
			r.clock.Advance(24 * time.Hour)
			_, err := r.years.Tick(ctx)
			r.ok(err)
			return r.view().Board
		}
		r.register(9)
		if b := night(); !b.At.IsZero() || len(b.Cells) != 0 {
			t.Errorf("a board of nine: %+v", b)
		}
		for i := 9; i < 40; i++ {
			_, err := r.Register(ctx, glosa.Citizen(), ed, someone(i))
			r.ok(err)
		}
		b := night()
		shown := map[string]int{}
		for _, c := range b.Cells {
			shown[c.Feature] = c.People
			if c.People != Hidden && (c.People%5 != 0 || c.People == 0) {
				t.Errorf("%+v", c)
			}
		}
		if b.At.IsZero() || shown["another"] != Hidden || shown["woman"] != Hidden && shown["man"] != Hidden || shown["indigenous"] != 15 || shown["none"] != 25 {
			t.Errorf("%+v", b)
		}
		wants := map[string]Want{}
		for _, w := range b.Missing(terms) {
			wants[w.Feature] = w.Want
		}
		if wants["another"] != WantHidden || wants["none"] != WantNone {
			t.Errorf("%v", wants)
		}
		_, err := r.Register(ctx, glosa.Citizen(), ed, someone(41))
		r.ok(err)
		if again := night(); !again.At.Equal(b.At) {
			t.Error("a board is drawn anew for one")
		}
	})
}
