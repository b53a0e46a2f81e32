package panel

import (
	"strconv"
	"strings"
	"time"

	"glosa"
)

// Mesa is one thematic table of a session.
type Mesa struct {
	ID      glosa.MesaID
	Edition glosa.EditionID
	Number  int
	Theme   string
	Minutes int             // the time it has
	Contest glosa.ContestID // the ballot that makes its agenda; "" until the order is set
	Opened  time.Time
	Ended   time.Time
	State   State
	Video   string // address of the recording or stream
	Acts    int    // how many acts its console has done: two consoles compare it
}

// State is how far a mesa's session has come.
type State string

const (
	Ready  State = "ready"
	Live   State = "live"
	Paused State = "paused"
	Ended  State = "ended"
)

// MesaIDOf is the id of an edition's mesa by its number: "demo26-m1".
func MesaIDOf(ed glosa.EditionID, number int) glosa.MesaID {
	return glosa.MesaID(string(ed) + "-m" + strconv.Itoa(number))
}

// MinutesIDOf is the id of an edition's minutes: there is one set of them.
func MinutesIDOf(ed glosa.EditionID) glosa.MinutesID {
	return glosa.MinutesID(string(ed) + "-minuta")
}

// Chair names who sits, as the public record names them: an office, or a
// numbered seat of a side. Never a person.
type Chair struct {
	Post glosa.PostKey `json:"post,omitempty"`
	Side glosa.Side    `json:"side"`
	Seat int           `json:"seat,omitempty"`
}

// ChairOf is the chair an actor acts from.
func ChairOf(a glosa.Actor) Chair {
	if a.Post != "" {
		return Chair{Post: a.Post, Side: a.Side}
	}
	return Chair{Side: a.Side, Seat: a.Seat}
}

// Key is the chair in one word, in the form of [glosa.Actor.By].
func (c Chair) Key() string {
	if c.Post != "" {
		return "post:" + string(c.Post)
	}
	return "seat:" + string(c.Side) + ":" + strconv.Itoa(c.Seat)
}

// Valid tells whether the chair names an office or a seat of a known side.
func (c Chair) Valid() bool {
	known := c.Side == glosa.Government || c.Side == glosa.Civil || c.Side == glosa.Observatory
	return known && (c.Post != "") != (c.Seat > 0)
}

// ParseChair is the inverse of [Chair.Key] for a seat; an office's side is not
// in its key and is given apart.
func ParseChair(key string, side glosa.Side) (Chair, error) {
	if post, ok := strings.CutPrefix(key, "post:"); ok && post != "" {
		c := Chair{Post: glosa.PostKey(post), Side: side}
		if c.Valid() {
			return c, nil
		}
	}
	if rest, ok := strings.CutPrefix(key, "seat:"); ok {
		s, n, found := strings.Cut(rest, ":")
		seat, err := strconv.Atoi(n)
		c := Chair{Side: glosa.Side(s), Seat: seat}
		if found && err == nil && c.Valid() && c.Key() == key {
			return c, nil
		}
	}
	return Chair{}, glosa.WrongField("chair", "pa.chair")
}

// Duty is what a chair is at the table for.
type Duty string

const (
	Head     Duty = "head" // the head of government: shorter clock, no substitute
	Chairs   Duty = "chair"
	Speaks   Duty = "panelist"
	Answers  Duty = "signatory"
	Keeps    Duty = "clerk"
	Reports  Duty = "rapporteur"
	Observes Duty = "observer"
)

// roles are the roles of the protocol that each duty stands for.
var roles = map[Duty]glosa.Role{Head: glosa.Signatory, Chairs: glosa.Chair, Speaks: glosa.Panelist, Answers: glosa.Signatory,
	Keeps: glosa.Clerk, Reports: glosa.Rapporteur, Observes: "observer"}

// Place is one chair at one mesa, and what became of it on the day.
type Place struct {
	Mesa        glosa.MesaID
	Chair       Chair
	Duty        Duty
	Institution glosa.InstitutionKey
	Delegable   bool // may a substitute sit here? the protocol's heads of office may not send one
	State       Presence
	In, Out     time.Time
	Substitute  bool
	Document    string    // the letter that grants the substitution
	Note        Absence   // why the chair stayed empty
	Word        Word      // what the person says of it
	WordAt      time.Time // when they said it
	Objection   string    // the person's own words, when disputed: official, public
}

// Presence is what the clerk recorded.
type Presence string

const (
	Expected Presence = "expected"
	Present  Presence = "present"
	Left     Presence = "left"
	Empty    Presence = "empty"
)

// Absence is the reason of an empty chair, as far as it is known.
type Absence string

const (
	NoNotice    Absence = "no_notice"
	WithNotice  Absence = "with_notice"
	NotInvited  Absence = "not_invited" // the chair says it was never called
	Unavoidable Absence = "unavoidable"
)

// Word is the person's own statement on what the clerk recorded. Silence is a word too.
type Word string

const (
	Unsaid    Word = ""
	Confirmed Word = "confirmed"
	Disputed  Word = "disputed"
)

// Move is the rule of attendance: which presence follows which. ok is false
// when the clerk may not record it.
func (p Presence) Move(to Presence) bool {
	switch to {
	case Present:
		return p == Expected || p == Left || p == Empty // the late arrive, the gone return
	case Left:
		return p == Present
	case Empty:
		return p == Expected
	}
	return false
}

// Balance counts the chairs of each side that are at a table.
type Balance struct{ Government, Civil, Observatory int }

// BalanceOf counts places by side.
func BalanceOf(places []Place) (b Balance) {
	for _, p := range places {
		switch p.Chair.Side {
		case glosa.Government:
			b.Government++
		case glosa.Civil:
			b.Civil++
		case glosa.Observatory:
			b.Observatory++
		}
	}
	return b
}

// CheckMesa finds what is wrong with a mesa before it is set. Kinds: Invalid.
func CheckMesa(theme string, minutes int) error {
	var wrong []glosa.Field
	if n := len([]rune(strings.TrimSpace(theme))); n == 0 || n > 200 {
		wrong = append(wrong, glosa.Field{Name: "theme", Key: "pa.theme"})
	}
	if minutes < 10 || minutes > 600 {
		wrong = append(wrong, glosa.Field{Name: "minutes", Key: "pa.length"})
	}
	if wrong != nil {
		return glosa.Wrong(wrong...)
	}
	return nil
}
