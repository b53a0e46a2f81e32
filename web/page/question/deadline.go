package question

import (
	"strconv"
	"strings"
	"time"

	"glosa/civic/edition"
	"glosa/web/page/leaf"
)

// Deadline is a clock that explains its sum. start says what set it running:
// "Turnada a SESA".
func (s Speaker) Deadline(sum edition.Sum, start string) *leaf.Clock {
	w := s.Words
	ledger := s.Sum(sum, start)
	if sum.Standing {
		return &leaf.Clock{Bold: w.T("qt.stands_still") + ".", Rest: s.pause(sum), Run: leaf.Stopped, Sum: ledger}
	}
	due := s.local(sum.Due)
	var c *leaf.Clock
	switch {
	case sum.Rule.Unit == edition.WorkingDays:
		left := s.Edition.WorkingDays(s.Now, sum.Due)
		if s.Now.After(sum.Due) {
			left = -max(1, -left)
		}
		c = leaf.Working(w, left, due)
	case s.Now.After(sum.Due):
		c = &leaf.Clock{Bold: w.T("qt.late.hours", "n", span(s.Now.Sub(sum.Due))) + ".", Rest: w.T("k.was", "date", w.Date(due)) + ".", Run: leaf.Late}
	default:
		c = &leaf.Clock{Bold: w.T("qt.left.hours", "n", span(sum.Due.Sub(s.Now))) + ".",
			Rest: w.T("qt.due.hour", "date", w.Date(due), "time", w.Hour(due)) + "."}
	}
	c.Sum = ledger
	return c
}

// span is a length of time in whole hours, one at least.
func span(d time.Duration) string { return strconv.Itoa(max(1, int((d+30*time.Minute)/time.Hour))) }

func (s Speaker) pause(sum edition.Sum) string {
	for _, st := range sum.Steps {
		if st.Kind == edition.StepPause && st.To.IsZero() {
			return s.Words.T("k.stop", "reason", s.reason(st.Reason)) + "."
		}
	}
	return s.Words.T("ed.sum.standing") + "."
}

// reason is a pause's published reason: a word of ours, or words as they are.
func (s Speaker) reason(r string) string {
	if s.Words.Has("qt.pause." + r) {
		return s.Words.T("qt.pause." + r)
	}
	return r
}

// Sum is the account of a deadline: start, term, days skipped, pauses, extensions = due.
func (s Speaker) Sum(sum edition.Sum, start string) *leaf.Ledger {
	w := s.Words
	l := &leaf.Ledger{Caption: w.T("k.how"), Small: true}
	row := func(label, value string) { l.Rows = append(l.Rows, leaf.Row{Label: label, Value: value}) }
	row(start, s.weekday(sum.Start))
	row(w.T("qt.term"), w.T(sum.Rule.Unit.Key(), "n", strconv.Itoa(sum.Rule.N)))
	if sum.Rule.Unit == edition.WorkingDays {
		row(w.T("ed.sum.skipped"), s.skipped(sum))
	}
	extended := false
	for _, st := range sum.Steps {
		n := w.T(st.Unit.Key(), "n", strconv.Itoa(st.N))
		switch st.Kind {
		case edition.StepPause:
			label := w.T("ed.sum.pause") + ": " + s.reason(st.Reason)
			if st.To.IsZero() {
				row(label, w.T("qt.since", "date", s.day(st.Date)))
			} else {
				row(label, n)
			}
		case edition.StepExtension:
			extended = true
			row(w.T("k.more", "n", strconv.Itoa(st.N), "post", s.Names.By(by(st.By)), "reason", st.Reason), n)
		}
	}
	if !extended && sum.Rule.Unit == edition.WorkingDays {
		row(w.T("ed.sum.extension"), w.T("ed.sum.none"))
	}
	l.Total = &leaf.Row{Label: w.T("ed.sum.due"), Value: w.T("ed.sum.standing")}
	if !sum.Standing {
		l.Total.Value = s.weekday(sum.Due)
		if sum.Rule.Unit == edition.Hours {
			l.Total.Value += ", " + w.Hour(s.local(sum.Due))
		}
	}
	return l
}

// by is a post as the record names it; extensions carry the bare key.
func by(post string) string {
	if strings.Contains(post, ":") {
		return post
	}
	return "post:" + post
}

// skipped lists the days of rest that were not counted, runs of days as runs.
func (s Speaker) skipped(sum edition.Sum) string {
	days := sum.Skipped()
	if len(days) == 0 {
		return s.Words.T("qt.none")
	}
	var parts []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1].Name == days[i].Name && days[j+1].Date.Sub(days[j].Date) <= 4*24*time.Hour {
			j++
		}
		if j > i {
			parts = append(parts, s.day(days[i].Date)+" – "+s.day(days[j].Date))
		} else {
			parts = append(parts, s.day(days[i].Date))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
