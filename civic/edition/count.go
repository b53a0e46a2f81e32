package edition

import (
	"fmt"
	"slices"
	"time"
)

// Label names a calendar and its version, as deadlines keep it: "23 v1".
func (c Calendar) Label() string {
	if c.Territory == "" {
		return ""
	}
	return fmt.Sprintf("%s v%d", c.Territory, c.Version)
}

// counter walks a calendar day by day and writes down what it did not count.
type counter struct {
	cal    Calendar
	zone   *time.Location
	pauses []Pause
	sum    Sum

	skipped []Step
	paused  map[int]int // index of the pause: days lost to it
}

// maxWalk ends a walk through a calendar that never works: no deadline is that far.
const maxWalk = 40_000

func (c *counter) run(ext []Extension) Sum {
	extra := 0
	for _, x := range ext {
		extra += x.N
	}
	c.count(extra)
	c.explain(ext)
	return c.sum
}

// count finds the due date of the rule and extra more of its unit.
func (c *counter) count(extra int) {
	rule := c.sum.Rule
	c.paused = map[int]int{}
	slices.SortStableFunc(c.pauses, func(a, b Pause) int { return a.From.Compare(b.From) })
	switch rule.Unit {
	case Hours:
		c.hours(time.Duration(rule.N+extra) * time.Hour)
	case Months:
		from := c.midnight(c.sum.Start)
		c.days(daysBetween(from, addMonths(from, rule.N+extra)), false)
	default:
		c.days(rule.N+extra, rule.Unit == WorkingDays)
	}
}

// midnight is the start of t's day in the edition's zone.
func (c *counter) midnight(t time.Time) time.Time {
	y, m, d := t.In(c.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, c.zone)
}

func (c *counter) days(n int, working bool) {
	day := c.midnight(c.sum.Start)
	for walked := 0; n > 0; walked++ {
		day = nextDay(day)
		if walked > maxWalk {
			c.sum.Standing = true
			return
		}
		if i := c.pausedOn(day); i >= 0 {
			if c.pauses[i].To.IsZero() {
				c.sum.Standing = true
				return
			}
			if !working || c.cal.Works(day) {
				c.paused[i]++
			}
			continue
		}
		if working && c.cal.Rests(day) {
			continue
		}
		if working {
			if name, holiday := c.cal.Holiday(day); holiday {
				c.skipped = append(c.skipped, Step{Kind: StepSkipped, Date: day, Name: name})
				continue
			}
		}
		n--
	}
	c.sum.Due = nextDay(day).Add(-time.Second)
}

// pausedOn is the index of the pause that touches a day, the one without an end
// first; -1 when none does.
func (c *counter) pausedOn(day time.Time) int {
	end, found := nextDay(day), -1
	for i, p := range c.pauses {
		if !p.From.Before(end) {
			break
		}
		if p.To.IsZero() {
			return i
		}
		if p.To.After(day) && found < 0 {
			found = i
		}
	}
	return found
}

// hours adds to the span what the pauses take from it; pauses that overlap take once.
func (c *counter) hours(span time.Duration) {
	due, reached := c.sum.Start.Add(span), c.sum.Start
	for i, p := range c.pauses {
		from := later(p.From, reached)
		if !from.Before(due) {
			continue
		}
		if p.To.IsZero() {
			c.sum.Standing = true
			return
		}
		if lost := p.To.Sub(from); lost > 0 {
			due, reached = due.Add(lost), p.To
			c.paused[i] = int((lost + time.Hour - 1) / time.Hour)
		}
	}
	c.sum.Due = due
}

func (c *counter) explain(ext []Extension) {
	unit := c.sum.Rule.Unit
	steps := []Step{{Kind: StepStart, Date: c.sum.Start},
		{Kind: StepTerm, N: c.sum.Rule.N, Unit: unit}}
	steps = append(steps, c.skipped...)
	for i, p := range c.pauses {
		if n := c.paused[i]; n > 0 || p.To.IsZero() && c.sum.Standing {
			lost := unit
			if unit == Months {
				lost = Days
			}
			steps = append(steps, Step{Kind: StepPause, Date: p.From, To: p.To, N: n, Unit: lost, Reason: p.Reason, By: p.By})
		}
	}
	for _, x := range ext {
		steps = append(steps, Step{Kind: StepExtension, Date: x.At, N: x.N, Unit: unit, By: x.By, Reason: x.Reason})
	}
	if !c.sum.Standing {
		steps = append(steps, Step{Kind: StepDue, Date: c.sum.Due})
	}
	c.sum.Steps = steps
}

// WorkingDays counts the working days after from's day up to and with to's day,
// in the edition's calendar and without its suspensions; negative when to is
// earlier: "quedan 8 días hábiles", "vencida hace 3".
func (e Edition) WorkingDays(from, to time.Time) int {
	if to.Before(from) {
		return -e.WorkingDays(to, from)
	}
	c := counter{zone: e.zone(), pauses: slices.Clone(e.Suspensions)}
	if e.Protocol != nil {
		c.cal, _ = e.Protocol.Calendar(e.Territory)
	}
	slices.SortStableFunc(c.pauses, func(a, b Pause) int { return a.From.Compare(b.From) })
	n, last := 0, c.midnight(to)
	for day := nextDay(c.midnight(from)); !day.After(last) && n < maxTerm; day = nextDay(day) {
		if c.cal.Works(day) && c.pausedOn(day) < 0 {
			n++
		}
	}
	return n
}

// zone is never nil, so that a documented edition can be asked too.
func (e Edition) zone() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// nextDay is the midnight after a midnight, whatever the zone did that night.
func nextDay(day time.Time) time.Time { return shift(day, 1) }

func shift(day time.Time, days int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, day.Location())
}

// addMonths keeps the day of the month, or takes the month's last day.
func addMonths(day time.Time, n int) time.Time {
	y, m, d := day.Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, day.Location())
	return shift(first, min(d, daysIn(first.Year(), first.Month()))-1)
}

func daysBetween(from, to time.Time) int {
	fy, fm, fd := from.Date()
	ty, tm, td := to.Date()
	a, b := time.Date(fy, fm, fd, 0, 0, 0, 0, time.UTC), time.Date(ty, tm, td, 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
