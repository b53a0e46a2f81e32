package edition

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unit is what a term counts.
type Unit string

const (
	WorkingDays Unit = "working days"
	Days        Unit = "days"
	Months      Unit = "months"
	Hours       Unit = "hours"
)

// Key is the key of web/text that counts in this unit, chosen by {n}.
func (u Unit) Key() string {
	first, _, _ := strings.Cut(string(u), " ")
	return "ed.unit." + first
}

// Term is a length of time as a rule states it: "15 working days", "72 hours".
// The zero Term is no rule.
type Term struct {
	N    int
	Unit Unit
}

func (t Term) String() string {
	if t.Unit == "" {
		return ""
	}
	unit := string(t.Unit)
	if t.N == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	return strconv.Itoa(t.N) + " " + unit
}

// IsZero tells whether no rule was written.
func (t Term) IsZero() bool { return t == Term{} }

// maxTerm keeps sums of working days short; ten years of anything is no rule.
const maxTerm = 4000

// ParseTerm reads "N working days|days|months|hours"; the singular is read too.
func ParseTerm(s string) (Term, error) {
	n, unit, ok := strings.Cut(strings.TrimSpace(s), " ")
	v, err := strconv.Atoi(n)
	if !ok || err != nil || v < 0 || v > maxTerm {
		return Term{}, fmt.Errorf("%q is not a term such as \"15 working days\"", s)
	}
	unit = strings.TrimSpace(unit)
	for _, u := range []Unit{WorkingDays, Days, Months, Hours} {
		if unit == string(u) || unit == strings.TrimSuffix(string(u), "s") {
			return Term{v, u}, nil
		}
	}
	return Term{}, fmt.Errorf("%q is not a unit: working days, days, months or hours", unit)
}

// Offset is a place in the calendar seen from the session day T: "T-45 days at
// 09:00", "T+15 working days", "T". Without an hour it is midnight, the start of
// the day, in the protocol's zone.
type Offset struct {
	N      int // negative before T
	Unit   Unit
	Minute int // of the day
}

func (o Offset) String() string {
	s := "T"
	if o.N != 0 {
		s += fmt.Sprintf("%+d %s", o.N, o.Unit)
	}
	if o.Minute != 0 {
		s += fmt.Sprintf(" at %02d:%02d", o.Minute/60, o.Minute%60)
	}
	return s
}

// ParseOffset reads what String writes. Hours are not a unit of offsets.
func ParseOffset(s string) (Offset, error) {
	wrong := fmt.Errorf("%q is not a place such as \"T-45 days at 09:00\"", s)
	rest, ok := strings.CutPrefix(strings.TrimSpace(s), "T")
	if !ok {
		return Offset{}, wrong
	}
	rest, hour, timed := strings.Cut(rest, " at ")
	o := Offset{Unit: Days}
	if timed {
		at, err := time.Parse("15:04", strings.TrimSpace(hour))
		if err != nil {
			return Offset{}, wrong
		}
		o.Minute = at.Hour()*60 + at.Minute()
	}
	rest = strings.TrimSpace(rest)
	if rest == "" {
		return o, nil
	}
	if rest[0] != '-' && rest[0] != '+' {
		return Offset{}, wrong
	}
	t, err := ParseTerm(rest[1:])
	if err != nil || t.Unit == Hours || strings.HasPrefix(rest[1:], "+") || strings.HasPrefix(rest[1:], "-") {
		return Offset{}, wrong
	}
	o.N, o.Unit = t.N, t.Unit
	if rest[0] == '-' {
		o.N = -t.N
	}
	if o.N == 0 {
		o.Unit = Days
	}
	return o, nil
}
