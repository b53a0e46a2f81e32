package intake

import (
	"slices"
	"time"

	"glosa"
	small "glosa/method/cell"
)

// DeskID names a desk: "demo26-d2".
type DeskID string

// Kinds of desks: by which door people come to it.
const (
	Paper    glosa.Code = "paper"
	Assembly glosa.Code = "assembly"
	Phone    glosa.Code = "phone"
	Kiosk    glosa.Code = "kiosk"
)

// Doors lists the kinds in the order of pages.
func Doors() []glosa.Code { return []glosa.Code{Paper, Assembly, Phone, Kiosk} }

// SheetState is where a printed sheet stands.
type SheetState string

const (
	Issued   SheetState = "issued"   // printed; nobody brought it back yet
	Captured SheetState = "captured" // its question was received
	Void     SheetState = "void"     // spoilt, with a reason
)

// VoidReasons lists why a sheet is void.
func VoidReasons() []glosa.Code { return []glosa.Code{"spoilt", "lost", "printing", "returned_blank"} }

// Ways in which an answer goes back.
func Ways() []glosa.Code { return []glosa.Code{"in_hand", "read_aloud", "posted_up", "by_phone"} }

// fewest is how many questions a desk has before anything tells by which door
// one of them came.
const fewest = small.Few

// Shown tells whether it is told of n questions by which door they came.
func Shown(n int) bool { return n >= fewest }

// Ledger is the account of a desk's folios.
type Ledger struct {
	Issued   int
	Captured int
	Void     int
	Waiting  int // counted at the end of the intake, still to be captured
	Missing  int // not returned
}

// Sum is what the issued sheets must add up to.
func (l Ledger) Sum() int { return l.Captured + l.Void + l.Waiting + l.Missing }

// Closes tells whether the account adds up.
func (l Ledger) Closes() bool { return l.Issued == l.Sum() }

// Table is a desk as everybody may know it.
type Table struct {
	ID           DeskID
	Edition      glosa.EditionID
	Number       int
	Kind         glosa.Code
	Name         string
	Place        string // where to go and when, or the number to call
	Municipality glosa.TerritoryCode
	Opened       time.Time
	Counted      time.Time // when the desk logged its count; zero before
	Ledger       Ledger    // as it stands now
	Logged       Ledger    // as it was counted at the end of the intake
	Questions    int       // how many came by it
	accounted    time.Time
}

// Shown tells whether this desk's questions say that they came by it.
func (t Table) Shown() bool { return Shown(t.Questions) }

// Left is how many sheets may still be captured after the intake is closed.
func (t Table) Left() int { return max(0, t.Ledger.Waiting) }

// Count is one door's questions. N is -1 where it is not told.
type Count struct {
	Door glosa.Code // "web", then [Doors]
	N    int
}

// Hidden is a number that is not told.
const Hidden = small.Hidden

// counts tells how many came by each door of received questions. Everybody knows
// what a desk took in that shows its number, and so how many questions came by the
// web or by smaller desks: that sum is divided only where no small part of it can be
// told (trust.md §5). A door without smaller desks is told, as it is known.
func counts(received int, desks []Table) []Count {
	of, rest, some := map[glosa.Code]int{}, map[glosa.Code]int{}, map[glosa.Code]bool{}
	web := received
	for _, t := range desks {
		of[t.Kind] += t.Questions
		web -= t.Questions
		if !t.Shown() {
			rest[t.Kind], some[t.Kind] = rest[t.Kind]+t.Questions, true
		}
	}
	online := small.New(web, 0)
	line := small.Line{Known: true, Cells: []*small.Cell{&online}}
	parts := map[glosa.Code]*small.Cell{}
	for _, k := range Doors() {
		if some[k] {
			c := small.New(rest[k], fewest)
			parts[k], line.Cells = &c, append(line.Cells, &c)
			online.Shown = online.Shown && c.Shown // the web's share is the rest: no question says that it came by it
		}
	}
	small.Hide([]small.Line{line})
	told := func(door glosa.Code, n int, c *small.Cell) Count {
		if c != nil && !c.Shown {
			n = Hidden
		}
		return Count{door, n}
	}
	out := []Count{told("web", web, &online)}
	for _, k := range Doors() {
		out = append(out, told(k, of[k], parts[k]))
	}
	return out
}

// Form is a question as a desk hands it in.
type Form struct {
	Folio        string // printed; as typed. "" where the desk prints none
	Text         string
	Context      string
	Municipality glosa.TerritoryCode // "" is the desk's
	Language     glosa.Code
	Name         string     // signed with it; "" is anonymous
	AskedOn      string     // day, YYYY-MM-DD; "" is today
	Pace         glosa.Code // what its gate says of how it came
	Once         string     // keeps a form without a printed folio from being sent twice; "" when nothing does
}

// day reads when a question was asked. Invalid.
func (f Form) day(today time.Time, opened time.Time) (string, error) {
	if f.AskedOn == "" {
		return today.Format(time.DateOnly), nil
	}
	d, err := time.Parse(time.DateOnly, f.AskedOn)
	if err != nil {
		return "", glosa.WrongField("asked_on", "it.date")
	}
	day := d.Format(time.DateOnly)
	if day > today.Format(time.DateOnly) {
		return "", glosa.WrongField("asked_on", "it.date.future")
	}
	if !opened.IsZero() && day < opened.In(today.Location()).Format(time.DateOnly) {
		return "", glosa.WrongField("asked_on", "it.date.early")
	}
	return day, nil
}

func oneOf(c glosa.Code, list []glosa.Code) bool { return slices.Contains(list, c) }
