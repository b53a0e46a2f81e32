package edition

import (
	"time"

	"glosa"
)

// Extension is more time, granted by somebody with a reason.
type Extension struct {
	N      int        // in the unit of the rule
	By     string     // as the record names them: "post:sesa-titular"
	At     time.Time  // when it was granted
	Reason string     // public text
	Code   glosa.Code // or a word of a closed vocabulary
}

// Pause is an interval in which a deadline stands still. To zero is still standing.
type Pause struct {
	From   time.Time
	To     time.Time // the first instant that counts again
	Reason string
	By     string
}

// StepKind is what a line of a [Sum] says.
type StepKind string

const (
	StepStart     StepKind = "start"     // Date: what set it running
	StepTerm      StepKind = "term"      // N, Unit: the rule
	StepSkipped   StepKind = "skipped"   // Date, Name: a day of rest that was not counted
	StepPause     StepKind = "pause"     // Date, To, N, Reason: days that did not count
	StepExtension StepKind = "extension" // N, Unit, By, Reason
	StepDue       StepKind = "due"       // Date: the result
)

// Step is one line of the explanation.
type Step struct {
	Kind   StepKind
	Date   time.Time
	To     time.Time
	N      int
	Unit   Unit
	Name   Words
	By     string
	Reason string
}

// Key is the key of web/text that heads the line; "ed.sum.none" stands where
// nothing was skipped or extended, "ed.sum.calendar" says whose rest days they are.
func (s Step) Key() string { return "ed.sum." + string(s.Kind) }

// Sum is a deadline with the way it was computed, so that a page can print it.
type Sum struct {
	Start    time.Time
	Rule     Term
	Due      time.Time // the last second of the due day; for hours, the instant. Zero while Standing
	Standing bool      // a pause has no end yet: there is no due date
	Calendar string    // "23 v1": whose rest days were skipped
	Steps    []Step
}

// Overdue tells whether the deadline has passed.
func (s Sum) Overdue(now time.Time) bool { return !s.Standing && now.After(s.Due) }

// Skipped are the days of rest that were not counted, in order.
func (s Sum) Skipped() (days []Step) {
	for _, st := range s.Steps {
		if st.Kind == StepSkipped {
			days = append(days, st)
		}
	}
	return days
}

// Deadline is when something is due that a rule gives a term for: days and
// working days are counted from the day after start, in the edition's zone, with
// its protocol's calendar; hours from the instant. The edition's suspensions are
// counted among the pauses. Extensions run on after the term.
func (e Edition) Deadline(start time.Time, rule Term, ext []Extension, pauses []Pause) Sum {
	c := e.counter(start, rule, pauses)
	c.sum.Calendar = c.cal.Label()
	return c.run(ext)
}

// ends is the date of [Edition.Deadline] alone, where nobody reads how it came about.
func (e Edition) ends(start time.Time, rule Term) time.Time {
	c := e.counter(start, rule, nil)
	c.count(0)
	return c.sum.Due
}

func (e Edition) counter(start time.Time, rule Term, pauses []Pause) counter {
	c := counter{zone: e.zone(), sum: Sum{Start: start, Rule: rule}}
	if e.Protocol != nil {
		c.cal, _ = e.Protocol.Calendar(e.Territory)
	}
	c.pauses = append(append(c.pauses, pauses...), e.Suspensions...)
	return c
}
