package year

import (
	"fmt"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel/draw"
	"glosa/civic/people"
)

// The panel that is drawn: who volunteers, the lottery, the seed, who sits.

const (
	lotSeats = 4
	// LotSeed is the number that the public source gave.
	LotSeed = "Premio mayor 31415 (SINTÉTICO)"

	lotQuotas = "category,feature,min,max,min_flex,max_flex\nsex,woman,2,2,1,3\nsex,man,2,2,1,3\nlanguage,indigenous,1,2,1,2\nlanguage,none,2,3,2,3\n"
)

func (p person) AnnouncesTheDraw(t draw.Terms) {
	p.y.T.Helper()
	p.tell("announces the draw", p.y.Site.Draw.Announce(p.y.ctx, p.by, p.y.ed, t))
}

func (p person) OpensTheDraw() {
	p.y.T.Helper()
	p.tell("opens the draw", p.y.Site.Draw.Open(p.y.ctx, p.by, p.y.ed))
}

// Volunteers signs somebody up; only they know their folio and key.
func (p person) Volunteers(f draw.Form) {
	p.y.T.Helper()
	p.y.secret("a volunteer's contact", f.Contact)
	p.y.secret("a volunteer's household", f.Household)
	rc, err := p.y.Site.Draw.Register(p.y.ctx, p.by, p.y.ed, f)
	p.tell("volunteers", err)
	if err == nil {
		p.y.secret("a volunteer's folio", string(rc.Ticket))
		p.y.secret("a volunteer's key", rc.Key)
		p.y.volunteers = append(p.y.volunteers, rc)
	}
}

func (p person) TakesBack(rc draw.Receipt) {
	p.y.T.Helper()
	p.tell("takes a registration back", p.y.Site.Draw.Withdraw(p.y.ctx, p.by, rc.Ticket, rc.Key))
}

func (p person) LooksAtThePool() (l draw.Look) {
	p.y.T.Helper()
	l, err := p.y.Site.Draw.Look(p.y.ctx, p.by, p.y.ed)
	p.tell("looks whether it could be drawn", err)
	return l
}

func (p person) FreezesThePool() {
	p.y.T.Helper()
	p.tell("freezes the pool", p.y.Site.Draw.Freeze(p.y.ctx, p.by, p.y.ed))
}

// TypesTheSeed is one half of the draw; the same words of the other side draw.
func (p person) TypesTheSeed(words string) (drawn bool) {
	p.y.T.Helper()
	drawn, err := p.y.Site.Draw.Seed(p.y.ctx, p.by, p.y.ed, words)
	p.tell("types the seed", err)
	return drawn
}

// AnswersTheDraw is what whoever has a number says of their seat.
func (p person) AnswersTheDraw(number int, comes bool) {
	p.y.T.Helper()
	rc := p.y.numbered(number)
	p.tell(fmt.Sprintf("answers that number %d comes: %v", number, comes), p.y.Site.Draw.Answer(p.y.ctx, p.by, rc.Ticket, rc.Key, comes))
}

// SaysNobodyComes is one half of emptying a seat.
func (p person) SaysNobodyComes(number int, why glosa.Code) (done bool) {
	p.y.T.Helper()
	done, err := p.y.Site.Draw.Vacate(p.y.ctx, p.by, p.y.ed, number, why)
	p.tell(fmt.Sprintf("says that number %d does not come", number), err)
	return done
}

func (p person) ReservesTheChairs(chairs ...draw.Chair) {
	p.y.T.Helper()
	p.tell("says which chairs are drawn", p.y.Site.Draw.Reserve(p.y.ctx, p.by, p.y.ed, chairs))
}

func (p person) GivesAChair(number int, chair draw.Chair) {
	p.y.T.Helper()
	p.tell(fmt.Sprintf("gives number %d a chair", number), p.y.Site.Draw.Chair(p.y.ctx, p.by, p.y.ed, number, chair))
}

// numbered is the receipt of whoever has a number, which they read by their own key.
func (y *Play) numbered(number int) (rc draw.Receipt) {
	y.T.Helper()
	for _, rc = range y.volunteers {
		c, err := y.Site.Draw.Own(y.ctx, glosa.Citizen(), rc.Ticket, rc.Key)
		if err == nil && c.Number == number {
			return rc
		}
	}
	y.T.Fatalf("nobody has number %d", number)
	return rc
}

// Draw is the draw of the edition on stage as everybody sees it.
func (y *Play) Draw() draw.View {
	y.T.Helper()
	v, err := y.Site.Draw.View(y.ctx, y.ed)
	y.must(err)
	return v
}

// volunteer is the form of the nth volunteer: women and men by turns, one in three
// with an indigenous language, two of the first four under one roof.
func volunteer(n int) draw.Form {
	f := draw.Form{Features: map[string]string{"sex": []string{"woman", "man"}[n%2], "language": []string{"none", "indigenous", "none"}[n%3]},
		Contact: fmt.Sprintf("voluntariado-%d@example.org", n), Language: "es", Adult: true}
	if n%8 < 2 {
		f.Household = fmt.Sprintf("la casa de la ceiba %d", n/8)
	}
	return f
}

// The draw is announced before anybody can register, and with it where the seed will
// come from and when.
func (y *Play) theDrawIsAnnounced() {
	y.ends("before-the-draw")
	opens := y.Edition().Plan.On(edition.IntakeOpen)
	terms := draw.Terms{Seats: lotSeats, Rule: draw.Rules()[0], Households: true, Quotas: lotQuotas,
		Source: "Sorteo de ensayo (SINTÉTICO): número del premio mayor de ese día", Closes: opens.Add(2 * day), SeedAt: opens.Add(5 * day), Reply: 5}
	y.As(Citizen).InVain(glosa.NotFound).Volunteers(volunteer(0))
	y.As(ConvenorGov).InVain(glosa.Denied).AnnouncesTheDraw(terms)
	late := terms
	late.SeedAt = terms.Closes.Add(time.Hour) // the record would not show the pool before the seed
	y.As(Facilitator).InVain(glosa.Invalid).AnnouncesTheDraw(late)
	y.As(Facilitator).AnnouncesTheDraw(terms)
	y.As(Citizen).InVain(glosa.Closed).Volunteers(volunteer(0))
	y.As(Facilitator).OpensTheDraw()
	y.As(Facilitator).InVain(glosa.Conflict).AnnouncesTheDraw(terms) // somebody may have registered
}

// People volunteer. Long before the freeze the facilitator sees that the quotas
// cannot be met, and by whom they could.
func (y *Play) theVolunteers() {
	minor := volunteer(0)
	minor.Adult = false
	y.As(Citizen).InVain(glosa.Invalid).Volunteers(minor)
	for n := 0; n < 12; n += 2 { // women only
		y.As(Citizen).Volunteers(volunteer(n))
	}
	y.As(ConvenorGov).InVain(glosa.Denied).LooksAtThePool()
	l := y.As(Facilitator).LooksAtThePool()
	if l.Feasible || l.Few || len(l.Conflict) == 0 {
		y.T.Fatalf("a panel of two women and two men out of six women: %+v", l)
	}
	y.ends("volunteers")
	for n := 1; n < 20; n += 2 {
		y.As(Citizen).Volunteers(volunteer(n))
	}
	y.As(Citizen).TakesBack(y.volunteers[3]) // and leaves nothing
	y.volunteers = slices.Delete(y.volunteers, 3, 4)
	if l := y.As(Facilitator).LooksAtThePool(); !l.Feasible || l.Volunteers != 15 {
		y.T.Fatalf("women and men, and no panel: %+v", l)
	}
	y.As(Facilitator).InVain(glosa.Closed).FreezesThePool() // people may still come
}

// The pool is in the record before the seed exists; two humans of two sides type it;
// whoever gives a seat back is followed by whom the rule names.
func (y *Play) theLot() {
	y.As(Citizen).InVain(glosa.Closed).Volunteers(volunteer(30))
	y.As(ConvenorGov).InVain(glosa.Denied).FreezesThePool()
	y.As(Facilitator).FreezesThePool()
	y.As(Facilitator).InVain(glosa.Conflict).FreezesThePool()
	y.As(Facilitator).InVain(glosa.Closed).TypesTheSeed(LotSeed) // it does not exist yet
	y.ends("lottery")
	y.At(y.Draw().Terms.SeedAt)
	y.As(Selector).InVain(glosa.Denied).TypesTheSeed(LotSeed)
	y.As(Facilitator).TypesTheSeed("Premio mayor 31416 (SINTÉTICO)")
	y.As(ModeratorTwoChairs).TypesTheSeed(LotSeed) // the same side again: it takes the place of the first
	y.As(ConvenorGov).InVain(glosa.Invalid).TypesTheSeed("Premio mayor 31414 (SINTÉTICO)")
	if y.Draw().State != draw.Frozen {
		y.T.Fatal("drawn by two seeds that differ")
	}
	if !y.As(ConvenorGov).TypesTheSeed(LotSeed) {
		y.T.Fatal("two sides typed the same seed, and nothing is drawn")
	}
	y.As(ConvenorGov).InVain(glosa.Conflict).TypesTheSeed(LotSeed)
	y.theSeatsOfTheDraw(y.Draw().Panel)
	y.ends("drawn")
}

func (y *Play) theSeatsOfTheDraw(panel []int) {
	if len(panel) != lotSeats {
		y.T.Fatalf("%v was drawn", panel)
	}
	citizen := y.As(Citizen)
	citizen.AnswersTheDraw(panel[0], true)
	citizen.AnswersTheDraw(panel[1], false) // cannot: a substitute is asked
	citizen.InVain(glosa.Conflict).AnswersTheDraw(panel[1], true)
	y.As(Facilitator).InVain(glosa.Invalid).SaysNobodyComes(panel[2], draw.NoReply) // there is still time to answer
	if y.As(Facilitator).SaysNobodyComes(panel[2], "no_proof") {
		y.T.Fatal("one side alone emptied a seat")
	}
	y.As(ModeratorTwoChairs).SaysNobodyComes(panel[2], "no_proof") // the same side
	if !y.As(ConvenorGov).SaysNobodyComes(panel[2], "no_proof") {
		y.T.Fatal("two sides said that nobody comes, and the seat is held")
	}
	citizen.TakesBack(y.numbered(panel[3])) // drawn, and takes everything back
	var sits []int
	for _, s := range y.Draw().Seats {
		switch {
		case s.Seat == draw.Invited:
			citizen.AnswersTheDraw(s.Number, true)
			sits = append(sits, s.Number)
		case s.Seat == draw.Accepted:
			sits = append(sits, s.Number)
		}
	}
	if len(sits) != lotSeats || len(y.Draw().Seats) != lotSeats+3 {
		y.T.Fatalf("%v sit: %+v", sits, y.Draw().Seats)
	}
	var table []draw.Chair
	for n := 10; n < 10+lotSeats; n++ {
		table = append(table, draw.Chair{Side: glosa.Civil, Number: n})
		_, err := y.Site.People.Seat(y.ctx, y.cast[Facilitator], people.Seat{Edition: y.ed, Side: glosa.Civil, Number: n, Roles: []glosa.Role{glosa.Panelist}, Sector: "cso"})
		y.must(err)
	}
	y.As(Facilitator).InVain(glosa.Invalid).ReservesTheChairs(table[:3]...) // all of them at once, or none
	y.As(ConvenorGov).InVain(glosa.Denied).ReservesTheChairs(table...)
	y.As(Facilitator).ReservesTheChairs(table...)
	for i, number := range sits {
		y.As(Facilitator).GivesAChair(number, table[i])
	}
}
