package people

import (
	"errors"
	"slices"
	"strings"
	"time"

	"glosa"
)

var errBox = errors.New("people: a sealed box does not open with this key")

// Institution is one institution under one name, for as long as it bore it.
type Institution struct {
	Key       glosa.InstitutionKey
	Territory glosa.TerritoryCode
	Name      string // as its source writes it, in its own language
	Note      string // what the name alone does not say
	Side      glosa.Side
	Sector    Sector
	Life
	Next    glosa.InstitutionKey // what came after, if anything did
	NextBy  Link                 // Renamed: the same institution; Tasks: another one
	Sources []string             // addresses; never empty for reference data
	Sure    bool                 // of a lookup: the sources place the day inside its life without doubt
}

// Link is how one institution came after another.
type Link string

const (
	Renamed Link = "renamed" // the same institution under another name
	Tasks   Link = "tasks"   // it ended, and another one took its tasks
)

// Sector is where somebody comes from (exercise.md §3.3).
type Sector string

// sectors is the closed list.
var sectors = []Sector{"executive", "legislature", "judiciary", "municipality", "autonomous", "cso", "academia", "business", "media", "observer"}

// Sectors lists them, in the order in which a form offers them.
func Sectors() []Sector { return slices.Clone(sectors) }

// Post is an office, never a person.
type Post struct {
	Key         glosa.PostKey
	Institution glosa.InstitutionKey
	Title       Words
	Side        glosa.Side
	Roles       []glosa.Role // what its holder may do, by testdata/may.txt
	Life
	Sources []string
}

// Words is a short official text in both languages of the site.
type Words struct{ ES, EN string }

// In is the text in a language; Spanish where there is no other.
func (w Words) In(lang string) string {
	if lang == "en" && w.EN != "" {
		return w.EN
	}
	return w.ES
}

// Level is the size of a territory.
type Level string

const (
	State        Level = "state"
	Municipality Level = "municipality"
)

// Territory is a state or a municipality, under the name it bore on the day asked.
type Territory struct {
	Code   glosa.TerritoryCode // for ever; names change
	Parent glosa.TerritoryCode // "" for a state
	Level  Level
	Name   string           // on the day asked
	Sure   bool             // whether the sources place the day inside that name's life
	Names  []Name           // all of them, oldest first
	Row    int              // place in the tile grid of the parent, from 1; 0: no grid
	Column int              // likewise
	Census map[string]int64 // by measure: "total", "adults", "speakers3", …
}

// Name is one name of a territory.
type Name struct {
	Words string
	Note  string
	Life
	Sources []string
}

// Alias is another name people use for a place, never without the source that uses it so.
type Alias struct {
	Territory glosa.TerritoryCode
	Words     string
	Source    string
}

// Document is the paper that grants a post, a seat or a delegation: the digest
// of its bytes and its title.
type Document struct {
	Digest glosa.Hash
	Title  string
}

// Tenure is one human in one post, from a day to a day.
type Tenure struct {
	ID       string
	Post     glosa.PostKey
	Human    glosa.HumanID
	From, To Day // To is the last day; "" while it lasts
	Document Document
}

// Delegation lets another human do some acts of a post for some time.
type Delegation struct {
	ID       string
	Post     glosa.PostKey
	Human    glosa.HumanID // who may act
	Acts     []glosa.Act
	From, To Day // both inclusive; a delegation always ends
	Document Document
	Ended    time.Time // when it was taken back; zero while it stands
}

// undelegable are the acts that only the holder of a post does in person:
// handing on what was handed on, declaring an interest, and the acts that
// need two persons, whose point is who those two are.
var undelegable = []glosa.Act{"people.delegate", "people.declare",
	"edition.waive", "question.refuse", "question.erase", "question.decide_appeal", "commitment.erase", "draw.seed", "draw.vacate"}

// Delegable tells whether an act may be done by delegation at all.
func Delegable(act glosa.Act) bool { return !slices.Contains(undelegable, act) }

// Seat is one chair of an edition: a side and a number.
type Seat struct {
	ID          string
	Edition     glosa.EditionID
	Side        glosa.Side
	Number      int // from 1 on its side
	Roles       []glosa.Role
	Sector      Sector
	Institution glosa.InstitutionKey // whom it speaks for, if anybody
	Delegable   bool                 // whether a substitute may sit in it
}

// Sitting is who sits in a seat, from a day to a day.
type Sitting struct {
	ID         string
	Seat       string
	Human      glosa.HumanID
	Substitute bool // in the holder's place, by a document of its own
	From, To   Day  // To is the last day; "" while it lasts
	Document   Document
}

// Interest is what a declaration says.
type Interest string

const (
	NoInterest  Interest = "none"     // declares that there is none
	HasInterest Interest = "declared" // the text says which
)

// Declaration is a public declaration of interests by a post or seat.
type Declaration struct {
	ID       string
	Edition  glosa.EditionID
	By       string // as the public record names the actor
	Interest Interest
	Text     string // official text, published by pages, in the record by digest
	At       time.Time
}

// Participant is somebody whom a cited source names or describes as having
// taken part in an edition: public reference data. A private person has no Name.
type Participant struct {
	Edition     glosa.EditionID `yaml:"edition"`
	Name        string          `yaml:"name"` // "" when the source gives none, or it is a private person
	Capacity    string          `yaml:"capacity"`
	Institution string          `yaml:"institution"` // as the source writes it
	Side        glosa.Side      `yaml:"side"`
	Sources     []string        `yaml:"sources"`
}

// Hat is one capacity in which a human may act: what auth makes an actor of.
type Hat struct {
	Post        glosa.PostKey
	Institution glosa.InstitutionKey
	Edition     glosa.EditionID
	Side        glosa.Side
	Seat        int
	Roles       []glosa.Role
	Sector      Sector
}

// Actor is the human wearing the hat.
func (h Hat) Actor(human glosa.HumanID) glosa.Actor {
	return glosa.Actor{Human: human, Post: h.Post, Institution: h.Institution, Side: h.Side, Seat: h.Seat, Roles: h.Roles, Edition: h.Edition}
}

// validKey tells whether a key is made of letters, digits and hyphens.
func validKey(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}
