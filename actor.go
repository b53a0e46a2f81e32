package glosa

import (
	"slices"
	"strconv"
)

// Side is which chair somebody sits in. A two-person act needs one person of
// Government and one of Civil.
type Side string

const (
	NoSide      Side = ""
	Government  Side = "government"
	Civil       Side = "civil"
	Observatory Side = "observatory"
)

// Role is what somebody does in an edition (exercise.md §3.3).
type Role string

const (
	CitizenRole Role = "citizen" // anybody, without an account
	SystemRole  Role = "system"  // the clock
	AdminRole   Role = "admin"   // the person who keeps the server, by command line

	Convenor    Role = "convenor"
	Facilitator Role = "facilitator"
	IntakeDesk  Role = "intake_desk"
	Moderator   Role = "moderator"
	Selector    Role = "selector"
	Translator  Role = "translator" // puts questions into the edition's first language, for an office
	Liaison     Role = "liaison"
	Signatory   Role = "signatory"
	Chair       Role = "chair"
	Clerk       Role = "clerk"
	Rapporteur  Role = "rapporteur"
	Panelist    Role = "panelist"
	Evaluator   Role = "evaluator"
	Overview    Role = "overview" // the governor's office: reads everything, changes no text, names the government's people
)

// Actor is who acts: resolved by auth, carried by every desk method, so that
// civic decides without importing auth. It holds no name and no contact.
type Actor struct {
	Human       HumanID        // compared in two-person acts; never leaves the private tables
	Post        PostKey        // the office held, if any
	Institution InstitutionKey // the office's institution, if any
	Side        Side
	Seat        int       // number of the seat on that side, from 1; 0 when acting by a post
	Roles       []Role    // what may.txt is asked for
	Edition     EditionID // where the seat or post was granted; "" means every edition
	Only        []Act     // a deputy does these acts of the post and no other; nil: whatever the roles allow
}

// Citizen is anybody without a session.
func Citizen() Actor { return Actor{Roles: []Role{CitizenRole}} }

// System is the clock, doing what is due.
func System() Actor { return Actor{Roles: []Role{SystemRole}} }

// Admin is the keeper of the server at the command line.
func Admin() Actor { return Actor{Roles: []Role{AdminRole}} }

// Has tells whether the actor holds the role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// OneOfTwo tells whether the actor can be one of the two persons of an act that
// takes both sides: somebody in person, of [Government] or of [Civil].
func (a Actor) OneOfTwo() bool {
	return a.Human != "" && (a.Side == Government || a.Side == Civil)
}

// SecondTo tells whether the actor can be the second person to a first one: another
// human, of another side. One human with two posts never is (trust.md §6); the
// database holds the same by a constraint where the two are kept.
func (a Actor) SecondTo(first HumanID, side Side) bool {
	return a.Human != "" && a.Human != first && a.Side != NoSide && a.Side != side
}

// By is the actor as the public record names it: "citizen", "system", "admin",
// "post:KEY" or "seat:SIDE:N". A pseudonym would link a person's acts: there is none.
func (a Actor) By() string {
	switch {
	case a.Post != "":
		return "post:" + string(a.Post)
	case a.Side != NoSide && a.Seat > 0:
		return "seat:" + string(a.Side) + ":" + strconv.Itoa(a.Seat)
	case a.Has(SystemRole):
		return "system"
	case a.Has(AdminRole):
		return "admin"
	}
	return "citizen"
}
