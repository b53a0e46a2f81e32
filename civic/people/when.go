package people

import (
	"strings"
	"time"

	"glosa"
)

// Day is a civil day, "2026-09-20". Days compare as text. Which day an instant
// falls on depends on the zone: ask [DayOf] with a time in the edition's zone.
type Day string

const (
	firstDay Day = "0000-01-01"
	lastDay  Day = "9999-12-31"
)

// DayOf is the civil day of t in t's own location.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// Valid tells whether the day exists in the calendar.
func (d Day) Valid() bool {
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && t.Format(time.DateOnly) == string(d)
}

// Time is midnight UTC of the day, as events carry days.
func (d Day) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// When is a date as exactly as its source gives it: "2025-03-20", "2024-10",
// "2025", or "A/B" for some day from A to B, where ".." leaves that end open
// ("2020-12-07/..": after that day, nobody says when). "" is no date at all:
// as far back, or as far on, as anybody knows.
type When string

// Unknown is a change that happened on a day no source gives.
const Unknown When = "../.."

// Span is the first and the last day the date may mean.
func (w When) Span() (first, last Day) {
	from, to, ranged := strings.Cut(string(w), "/")
	if !ranged {
		to = from
	}
	first, last = firstDay, lastDay
	if from != ".." && from != "" {
		first = firstOf(from)
	}
	if to != ".." && to != "" {
		last = lastOf(to)
	}
	return first, last
}

// firstOf is the first day of a year, a month or a day.
func firstOf(part string) Day {
	switch len(part) {
	case len("2006"):
		return Day(part + "-01-01")
	case len("2006-01"):
		return Day(part + "-01")
	}
	return Day(part)
}

// lastOf is the last day of a year, a month or a day.
func lastOf(part string) Day {
	switch len(part) {
	case len("2006"):
		return Day(part + "-12-31")
	case len("2006-01"):
		t, err := time.Parse("2006-01", part)
		if err != nil {
			return lastDay
		}
		return DayOf(t.AddDate(0, 1, -1))
	}
	return Day(part)
}

// ParseWhen reads a date of any of the forms of [When]. Invalid otherwise.
func ParseWhen(s string) (When, error) {
	if s == "" {
		return "", nil
	}
	from, to, ranged := strings.Cut(s, "/")
	ok := partOK(from, ranged) && (!ranged || partOK(to, true))
	if ok {
		first, last := When(s).Span()
		ok = first <= last
	}
	if !ok {
		return "", glosa.WrongField("date", "pe.date", "value", s)
	}
	return When(s), nil
}

func partOK(part string, open bool) bool {
	if part == ".." {
		return open
	}
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if t, err := time.Parse(layout, part); err == nil && t.Format(layout) == part {
			return true
		}
	}
	return false
}

// Life is how long something was so: from Since on, and no longer from Until on.
type Life struct{ Since, Until When }

// Held is an answer about a day: no, perhaps (the sources do not say), yes.
type Held uint8

const (
	No Held = iota
	Perhaps
	Yes
)

// On tells whether it was so on the day.
func (l Life) On(day Day) Held {
	held := Yes
	if l.Since != "" {
		switch first, last := l.Since.Span(); {
		case day < first:
			return No
		case day < last:
			held = Perhaps
		}
	}
	if l.Until != "" {
		switch first, last := l.Until.Span(); {
		case day >= last:
			return No
		case day >= first:
			held = Perhaps
		}
	}
	return held
}
