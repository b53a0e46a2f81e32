package people

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Namer is the side that names the people of a side. The government names its
// own; civil society names its own and, since it has no chairs to give away
// itself, the Observatory's. Nobody names both halves of a two-person act.
func Namer(side glosa.Side) glosa.Side {
	if side == glosa.Observatory {
		return glosa.Civil
	}
	return side
}

// Names tells whether an actor may name people of a side: the facilitator for
// the civil side, the governor's office for the government, and the keeper of
// the server for any, since each of their commands is announced first.
func Names(by glosa.Actor, side glosa.Side) bool {
	switch {
	case !validSide(side):
		return false
	case by.Has(glosa.AdminRole):
		return true
	case by.Has(glosa.Facilitator) && by.Side == glosa.Civil, by.Has(glosa.Overview) && by.Side == glosa.Government:
		return Namer(side) == by.Side
	}
	return false
}

// OwnSide is nil when the actor may name people of the side. Denied otherwise.
func OwnSide(by glosa.Actor, act glosa.Act, side glosa.Side) error {
	if Names(by, side) {
		return nil
	}
	return glosa.Refuse(glosa.Denied, "pe.otherside", "rule", string(act), "side", string(side))
}

// OwnHuman is nil when the actor names people of every side on which the human
// stands today. A person of one side who got a chair of the other from there
// would let whoever holds that chair's code act on both. Denied otherwise.
func OwnHuman(tx *db.Tx, by glosa.Actor, act glosa.Act, human glosa.HumanID, day Day) error {
	sides, err := selectSidesOf(tx, human, day)
	if err != nil {
		return err
	}
	for _, side := range sides {
		if !Names(by, side) {
			return glosa.Refuse(glosa.Denied, "pe.twosides", "rule", string(act), "side", string(side))
		}
	}
	return nil
}

// NamedBy is how the database keeps who named somebody: a side, or "admin".
// Every table that names somebody checks it against the side of the place.
func NamedBy(by glosa.Actor) string {
	if by.Has(glosa.AdminRole) {
		return "admin"
	}
	return string(by.Side)
}

// Fits tells whether the people of a side do a role at all. Whoever names the
// people of a side could otherwise name a second facilitator, or its own judge.
func Fits(r glosa.Role, side glosa.Side) bool { return edition.Fits(r, side) }

// Today is the civil day at an edition's place; without one, at the place of the
// newest edition.
func Today(tx *db.Tx, ed glosa.EditionID) (Day, error) {
	zone, err := edition.Here(tx, ed)
	if err != nil {
		return "", err
	}
	return DayOf(tx.Now.In(zone)), nil
}

// HoldsOn is who holds a post on the day; "" when nobody does.
func HoldsOn(tx *db.Tx, post glosa.PostKey, day Day) (glosa.HumanID, error) {
	all, err := selectTenures(tx, post)
	for _, t := range all {
		if t.From <= day && (t.To == "" || t.To >= day) {
			return t.Human, err
		}
	}
	return "", err
}

// SitsOn is who sits in a seat on the day: its substitute while there is one,
// else its holder; "" when it stands empty. A chair is one person's at a time.
func SitsOn(tx *db.Tx, seat string, day Day) (glosa.HumanID, error) {
	all, err := selectSittings(tx, seat)
	return sitting(all, day), err
}

func sitting(all []Sitting, day Day) (who glosa.HumanID) {
	for _, s := range all {
		if s.From > day || s.To != "" && s.To < day {
			continue
		}
		if s.Substitute {
			return s.Human
		}
		who = s.Human
	}
	return who
}

// StandsOn is nil when the actor still has the place they act from on the day:
// holds the post, or something of it by delegation; sits in the seat of the
// edition. A post that the register does not know, and a seat that nobody was
// given there, are the keeper's word alone, and stand until that is revoked.
// Denied otherwise.
func StandsOn(tx *db.Tx, by glosa.Actor, day Day) error {
	switch {
	case by.Post != "":
		return standsAt(tx, by, day)
	case by.Seat > 0 && by.Edition != "":
		id := seatID(by.Edition, by.Side, by.Seat)
		all, err := selectSittings(tx, id)
		if err != nil || len(all) == 0 {
			return err
		}
		if who := sitting(all, day); who == "" || who != by.Human {
			return glosa.Refuse(glosa.Denied, "pe.notseated", "rule", "seat:"+id)
		}
	}
	return nil
}

func standsAt(tx *db.Tx, by glosa.Actor, day Day) error {
	if _, err := PostOf(tx, by.Post); err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			return nil
		}
		return err
	}
	if err := heldOn(tx, by.Post, by.Human, day); glosa.KindOf(err) != glosa.Denied {
		return err
	}
	granted, err := selectDelegationsTo(tx, by.Human, day)
	if err != nil {
		return err
	}
	for _, g := range granted {
		if g.Post == by.Post && by.Human != "" {
			return nil
		}
	}
	return notHeld(by.Post)
}

// OnlyOn lists the acts that the actor may do on the day as a deputy: what was
// delegated of the post, and reading its inbox, without which nobody answers.
// It is nil for whoever holds the post or sits in a seat: they are no deputy.
func OnlyOn(tx *db.Tx, by glosa.Actor, day Day) (only []glosa.Act, err error) {
	if by.Post == "" || by.Human == "" {
		return nil, nil
	}
	if err := heldOn(tx, by.Post, by.Human, day); err == nil || glosa.KindOf(err) != glosa.Denied {
		return nil, err
	}
	granted, err := selectDelegationsTo(tx, by.Human, day)
	if err != nil {
		return nil, err
	}
	for _, g := range granted {
		if g.Post == by.Post {
			only = append(only, g.Acts...)
		}
	}
	if only != nil {
		only = append(only, "question.inbox")
	}
	return only, nil
}

// Voice is one person's word in an act of two, as a later room keeps it.
type Voice struct {
	Human glosa.HumanID
	Side  glosa.Side
	Post  glosa.Code // as the record names them
	At    time.Time
}

// SecondTo tells whether the voice can be the second to another one.
func (v Voice) SecondTo(first Voice) bool {
	return glosa.Actor{Human: v.Human, Side: v.Side}.SecondTo(first.Human, first.Side)
}

// MayActHere is nil when the actor may do the act on the day from where they act:
// by the post, as [MayActFor], or from the seat, as [StandsOn]. Two-person acts
// ask it inside their transaction: who left since the page was read signs nothing.
// Denied otherwise.
func MayActHere(tx *db.Tx, by glosa.Actor, act glosa.Act, day time.Time) error {
	if by.Post != "" {
		return MayActFor(tx, by.Post, by.Human, act, day)
	}
	return StandsOn(tx, by, DayOf(day))
}
