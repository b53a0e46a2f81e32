package edition

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
)

// Calendar says which days are working days in a territory, according to the
// protocol. Pages say so: "según el calendario de este protocolo".
type Calendar struct {
	Territory glosa.TerritoryCode `yaml:"territory"`
	Version   int                 `yaml:"version"`
	Name      Words               `yaml:"name"`
	Weekend   []string            `yaml:"weekend"` // "saturday", "sunday"
	Holidays  []Holiday           `yaml:"holidays"`
	Recesses  []Recess            `yaml:"recesses,omitempty"`
}

// Holiday is a day of rest that returns every year, or every few years.
type Holiday struct {
	On    DayRule `yaml:"on"`
	Name  Words   `yaml:"name"`
	Every int     `yaml:"every,omitempty"` // years; 0 and 1 are every year
	From  int     `yaml:"from,omitempty"`  // the first year it holds; 0 is always
}

// Recess is a run of dated days without work: both ends belong to it.
type Recess struct {
	From string `yaml:"from"` // 2026-12-21
	To   string `yaml:"to"`
	Name Words  `yaml:"name"`
}

// DayRule is a day of the year: a fixed date ("09-16"), or a weekday of a month
// ("first monday of february").
type DayRule struct {
	Month   time.Month
	Day     int          // fixed date; 0 for a weekday of the month
	Nth     int          // 1 first … 4 fourth, -1 last
	Weekday time.Weekday // with Nth
}

var ordinals = []string{"first", "second", "third", "fourth"}

// ParseDayRule reads what String writes.
func ParseDayRule(s string) (DayRule, error) {
	wrong := fmt.Errorf("%q is not a day such as \"09-16\" or \"first monday of february\"", s)
	f := strings.Fields(strings.ToLower(s))
	if len(f) == 1 {
		mm, dd, ok := strings.Cut(f[0], "-")
		m, err1 := strconv.Atoi(mm)
		d, err2 := strconv.Atoi(dd)
		// 2024 has a 29 February, so that it may be a fixed date.
		if !ok || err1 != nil || err2 != nil || len(f[0]) != 5 || m < 1 || m > 12 || d < 1 || d > daysIn(2024, time.Month(m)) {
			return DayRule{}, wrong
		}
		return DayRule{Month: time.Month(m), Day: d}, nil
	}
	if len(f) != 4 || f[2] != "of" {
		return DayRule{}, wrong
	}
	r := DayRule{Nth: slices.Index(ordinals, f[0]) + 1}
	if f[0] == "last" {
		r.Nth = -1
	}
	day, month := weekday(f[1]), monthNamed(f[3])
	if r.Nth == 0 || day < 0 || month == 0 {
		return DayRule{}, wrong
	}
	r.Weekday, r.Month = time.Weekday(day), month
	return r, nil
}

func (r DayRule) String() string {
	if r.Nth == 0 {
		return fmt.Sprintf("%02d-%02d", int(r.Month), r.Day)
	}
	nth := "last"
	if r.Nth > 0 {
		nth = ordinals[r.Nth-1]
	}
	return nth + " " + strings.ToLower(r.Weekday.String()) + " of " + strings.ToLower(r.Month.String())
}

// In tells the day of the month it falls on in a year; 0 when it does not (29 February).
func (r DayRule) In(year int) int {
	last := daysIn(year, r.Month)
	if r.Nth == 0 {
		if r.Day > last {
			return 0
		}
		return r.Day
	}
	if r.Nth < 0 {
		d := time.Date(year, r.Month, last, 0, 0, 0, 0, time.UTC)
		return last - (int(d.Weekday())-int(r.Weekday)+7)%7
	}
	first := time.Date(year, r.Month, 1, 0, 0, 0, 0, time.UTC).Weekday()
	return 1 + (int(r.Weekday)-int(first)+7)%7 + 7*(r.Nth-1)
}

// Holiday tells whether a day is one by its rules, whatever the weekday.
func (c Calendar) Holiday(day time.Time) (name Words, is bool) {
	y, m, d := day.Date()
	for _, h := range c.Holidays {
		if h.On.Month != m || y < h.From || h.Every > 1 && (y-h.From)%h.Every != 0 || h.On.In(y) != d {
			continue
		}
		return h.Name, true
	}
	iso := day.Format(time.DateOnly)
	for _, r := range c.Recesses {
		if r.From <= iso && iso <= r.To {
			return r.Name, true
		}
	}
	return Words{}, false
}

// Rests tells whether a day belongs to the weekly rest.
func (c Calendar) Rests(day time.Time) bool {
	w := day.Weekday()
	for _, name := range c.Weekend {
		if weekday(name) == int(w) {
			return true
		}
	}
	return false
}

// Works tells whether a day is a working day.
func (c Calendar) Works(day time.Time) bool {
	if c.Rests(day) {
		return false
	}
	_, holiday := c.Holiday(day)
	return !holiday
}

func daysIn(year int, m time.Month) int { return time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Day() }

// weekday is the number of an English weekday's name; -1 if it is none.
func weekday(name string) int {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String(), name) {
			return int(d)
		}
	}
	return -1
}

func monthNamed(name string) time.Month {
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(m.String(), name) {
			return m
		}
	}
	return 0
}
