package leaf

import (
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"glosa/web/text"
)

// Clock is a deadline that explains its sum.
type Clock struct {
	Bold string // "Quedan 8 días hábiles."
	Rest string // "Vence el miércoles 6 de enero de 2027."
	Run  Run
	Sum  *Ledger // start, term, holidays skipped, pauses, extensions = due
	Open bool    // the sum is shown at once
	Link *Link   // the published reason of a pause
}

// Run says how a clock runs.
type Run uint8

const (
	Running Run = iota // amber
	Late               // red, with the triangle
	Stopped            // grey, with the bars
	Met                // done: plain
)

// Working is a clock of working days: left is counted by the edition's
// calendar, negative when overdue. due is in the edition's zone.
func Working(w *text.Words, left int, due time.Time) *Clock {
	dueOn := w.T("k.due", "date", w.Date(due)) + "."
	switch {
	case left > 0:
		return &Clock{Bold: w.T("k.left", "n", strconv.Itoa(left)) + ".", Rest: dueOn}
	case left == 0:
		date := w.Date(due)
		first, size := utf8.DecodeRuneInString(date)
		return &Clock{Bold: w.T("k.today") + ".", Rest: string(unicode.ToUpper(first)) + date[size:] + "."}
	}
	return &Clock{Bold: w.T("k.late", "n", strconv.Itoa(-left)) + ".", Rest: w.T("k.was", "date", w.Date(due)) + ".", Run: Late}
}

// Closes is a clock of calendar days to the closing of a stage, in the
// edition's zone; territory names that zone for people.
func Closes(w *text.Words, days int, closes time.Time, territory string) *Clock {
	bold, rest := w.Split("k.days", "n", strconv.Itoa(days), "date", w.DayMonth(closes), "time", w.Hour(closes), "territory", territory)
	return &Clock{Bold: bold, Rest: rest + "."}
}

// Stamp is the place of a thing in the record.
type Stamp struct {
	State    Seal
	N        int64     // number in the record
	At       time.Time // in the edition's zone
	Official bool      // an official act: the hour is shown too
	Href     string    // the proof
}

// Seal is the state of a stamp.
type Seal uint8

const (
	Sealed  Seal = iota
	Sealing      // promised, not yet in the log
	Erased       // the text is gone, the seal stands
)

func (s Seal) class() string { return [...]string{"", "sealing", "erased"}[s] }

// when is the day of the record, and the hour only of official acts.
func (s Stamp) when(w *text.Words) string {
	if s.Official {
		return w.Stamp(s.At)
	}
	return w.Day(s.At)
}

// Word is one side's word on a commitment.
type Word struct {
	Grade Grade  // a step of the ladder; NoWord when it has none
	Own   string // the side's own word, when it is older than the ladder
	Note  string // date and office
	Link  *Link  // source, or how to bring one
}

// said is the word itself: own, or of the ladder, or that there is none.
func (d Word) said(w *text.Words) string {
	switch {
	case d.Own != "":
		return d.Own
	case d.Grade != NoWord:
		return w.T("verdict." + string(d.Grade))
	}
	return w.T("m.none")
}

// Gap is the sentence between two words: a number of steps, or that it cannot
// be computed. The two are never averaged.
func Gap(w *text.Words, government, observatory Grade) string {
	g, ok1 := government.steps()
	o, ok2 := observatory.steps()
	if !ok1 || !ok2 {
		return w.T("m.gap.none")
	}
	return w.T("m.gap", "n", strconv.Itoa(max(g-o, o-g)))
}
