package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel/draw"
	"glosa/civic/people"
)

// panelSeats is how many people the demonstration draws.
const panelSeats = 12

// lotterySource is where the synthetic seed comes from: nowhere real.
const lotterySource = "Sorteo de demostración (SINTÉTICO): número del primer premio, cinco cifras; si ese día no hay, el siguiente"

// volunteer announces the draw by the census, opens it, and lets people without
// names sign up; a night later the first board is drawn.
func (y *year) volunteer(n int) error {
	ed, err := y.edition()
	if err != nil {
		return err
	}
	quotas, err := y.s.Draw.Propose(y.ctx, y.id, panelSeats)
	if err != nil {
		return y.ok("quotas", err)
	}
	chosen := ed.Plan.On(edition.Selected) // then the selector has done, and the tables are set
	terms := draw.Terms{Seats: panelSeats, Rule: draw.Rules()[0], Households: true, Quotas: quotas, Source: lotterySource,
		Closes: chosen.Add(-48 * time.Hour), SeedAt: chosen.Add(26 * time.Hour), Reply: 5}
	if err := y.ok("announce the draw", y.s.Draw.Announce(y.ctx, y.cast["facilitator"], y.id, terms)); err != nil {
		return err
	}
	if err := y.ok("open the draw", y.s.Draw.Open(y.ctx, y.cast["facilitator"], y.id)); err != nil {
		return err
	}
	chance := rand.New(rand.NewPCG(uint64(n), 7)) // its own: what else is by chance stays as it is
	for i := range n {
		f := draw.Form{Features: map[string]string{}, Contact: fmt.Sprintf("sintetico-%d@example.org", i), Language: "es", Adult: true}
		for _, c := range terms.Categories() {
			f.Features[c.Name] = c.Features[lean(chance, c.Name, len(c.Features))]
		}
		if i%9 < 2 {
			f.Household = fmt.Sprintf("casa %d", i/9)
		}
		rc, err := y.s.Draw.Register(y.ctx, glosa.Citizen(), y.id, f)
		if err != nil {
			return y.ok("volunteer", err)
		}
		y.volunteers = append(y.volunteers, rc)
	}
	return y.later(24 * time.Hour)
}

// lean is which feature somebody has. Volunteers are no mirror of the population:
// here more of the first and fewer of the last come, as quotas exist to mend.
func lean(chance *rand.Rand, category string, n int) int {
	if category == "language" {
		return min(1, chance.IntN(3)) // one in three speaks an indigenous language
	}
	if few := map[string]int{"sex": 30, "age": 10}[category]; chance.IntN(few) == 0 {
		return n - 1
	}
	return chance.IntN(max(2, n-1))
}

// lot freezes the pool and draws the panel of the whole year: ten accept, one cannot
// and one does not come, and whom the rule names comes instead.
func (y *year) lot() error {
	if err := y.ok("freeze the pool", y.s.Draw.Freeze(y.ctx, y.cast["facilitator"], y.id)); err != nil {
		return err
	}
	v, err := y.s.Draw.View(y.ctx, y.id)
	if err != nil {
		return err
	}
	if err := y.at(v.Terms.SeedAt.Add(time.Hour)); err != nil {
		return err
	}
	for _, who := range []string{"facilitator", "convenor-gov"} {
		if _, err := y.s.Draw.Seed(y.ctx, y.cast[who], y.id, "04127"); err != nil {
			return y.ok("seed", err)
		}
	}
	if v, err = y.s.Draw.View(y.ctx, y.id); err != nil {
		return err
	}
	for i, number := range v.Panel {
		switch i {
		case 3:
			err = y.replies(number, false)
		case 7:
			for _, who := range []string{"facilitator", "convenor-gov"} {
				if _, err = y.s.Draw.Vacate(y.ctx, y.cast[who], y.id, number, "no_proof"); err != nil {
					return y.ok("empty a seat", err)
				}
			}
		default:
			err = y.replies(number, true)
		}
		if err != nil {
			return err
		}
	}
	return y.chairsDrawn()
}

// replies answers for whoever has a number.
func (y *year) replies(number int, comes bool) error {
	for _, rc := range y.volunteers {
		c, err := y.s.Draw.Own(y.ctx, glosa.Citizen(), rc.Ticket, rc.Key)
		if err != nil {
			return y.ok("own registration", err)
		}
		if c.Number == number {
			return y.ok("answer", y.s.Draw.Answer(y.ctx, glosa.Citizen(), rc.Ticket, rc.Key, comes))
		}
	}
	return fmt.Errorf("demo: %s: nobody has number %d", y.id, number)
}

// chairsDrawn sets the chairs of the table, says which they are, lets the substitutes
// accept and gives everybody one.
func (y *year) chairsDrawn() error {
	v, err := y.s.Draw.View(y.ctx, y.id)
	if err != nil {
		return err
	}
	var chairs []draw.Chair
	for n := 10; n < 10+panelSeats; n++ { // after the cast's on that side
		seat := people.Seat{Edition: y.id, Side: glosa.Civil, Number: n, Roles: []glosa.Role{glosa.Panelist}, Sector: "observer", Delegable: false}
		if _, err := y.s.People.Seat(y.ctx, y.cast["facilitator"], seat); err != nil {
			return y.ok("chair", err)
		}
		chairs = append(chairs, draw.Chair{Side: seat.Side, Number: n})
	}
	if err := y.ok("chairs for the draw", y.s.Draw.Reserve(y.ctx, y.cast["facilitator"], y.id, chairs)); err != nil {
		return err
	}
	for _, s := range v.Seats {
		if !s.Seat.Holds() {
			continue
		}
		if s.Seat == draw.Invited {
			if err := y.replies(s.Number, true); err != nil {
				return err
			}
		}
		if err := y.ok("seat", y.s.Draw.Chair(y.ctx, y.cast["facilitator"], y.id, s.Number, chairs[0])); err != nil {
			return err
		}
		chairs = chairs[1:]
	}
	return nil
}
