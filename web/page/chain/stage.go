package chain

import (
	"strconv"
	"strings"
	"time"

	"glosa/civic/edition"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// Name is what an edition is called: its own name, or its number and series.
func Name(w *text.Words, ed edition.Edition) string {
	if ed.Name != "" {
		return ed.Name
	}
	return w.T("cn.name", "nth", w.Ordinal(ed.Number))
}

// Lang is the language of an edition's name where the page speaks another one:
// a name of its own stands as its makers wrote it, in Spanish.
func Lang(w *text.Words, ed edition.Edition) string {
	if ed.Name == "" || w.Lang == "es" {
		return ""
	}
	return "es"
}

// Step is where an edition stands on the six links: "Etapa 2 de 6: preguntas".
func Step(w *text.Words, ed edition.Edition) string {
	switch n := Place(ed); {
	case ed.Documented:
		return w.T("cn.documented")
	case n == 0:
		return w.T("cn.step.0")
	default:
		return w.T("cn.step", "n", strconv.Itoa(n), "name", w.T("cn.step."+strconv.Itoa(n)))
	}
}

// Word is one word for a stage, as lists show it.
func Word(w *text.Words, s edition.Stage) string { return w.T("cn.word." + string(s)) }

// Sentence is the one sentence of an edition's stage, and what follows it.
// halts are its postponements, oldest first, for the published reason.
func Sentence(w *text.Words, ed edition.Edition, halts []edition.Halt, now time.Time) (state, more string) {
	stage := ed.StageAt(now)
	if (stage == edition.Postponed || stage == edition.Cancelled) && len(halts) > 0 {
		last := halts[len(halts)-1]
		last.Reason = strings.TrimRight(last.Reason, ". ") // the sentence brings its own full stop
		if stage == edition.Cancelled {
			return w.T("cn.cancelled", "reason", last.Reason) + ".", last.Note
		}
		state = w.T("s.postponed.today", "reason", last.Reason)
		if n := DaysTo(last.At, now, ed.Zone); n > 0 {
			state = w.T("s.postponed", "n", w.N(n), "reason", last.Reason)
		}
		if last.Session.IsZero() {
			return state + ".", w.T("s.nodate") + "."
		}
		return state + ".", w.T("cn.newdate", "date", w.Date(last.Session.In(ed.Zone))) + "."
	}
	state = w.T("cn.is." + string(stage))
	if stage == edition.IntakeOpen {
		return w.Split("h.open")
	}
	if next := nextDate(ed, stage); !next.IsZero() {
		more = w.T("cn.then."+string(stage), "date", w.Date(next.In(ed.Zone)), "time", w.Hour(next.In(ed.Zone)))
	}
	return state, more
}

// nextDate is the date that the sentence of a stage speaks of; zero when none.
func nextDate(ed edition.Edition, stage edition.Stage) time.Time {
	switch stage {
	case edition.Draft:
		return ed.Plan.On(edition.Called)
	case edition.Called:
		return ed.Plan.On(edition.ReportPublished)
	case edition.ReportPublished:
		return ed.Plan.On(edition.IntakeOpen)
	case edition.IntakeClosed:
		return ed.Plan.On(edition.Selected)
	case edition.Selected, edition.InPreparation:
		return ed.Plan.On(edition.InSession)
	case edition.MinutesPending:
		return ed.Plan.On(edition.Agreed)
	case edition.Agreed:
		return ed.Plan.On(edition.FollowUp)
	case edition.FollowUp:
		return ed.Plan.On(edition.Evaluated)
	}
	return time.Time{}
}

// Clock is the clock of what comes next; nil when nothing runs. territory names
// the zone for people.
func Clock(w *text.Words, ed edition.Edition, now time.Time, territory string) *leaf.Clock {
	if ed.Documented {
		return nil
	}
	stage := ed.StageAt(now)
	var at time.Time
	key := ""
	switch stage {
	case edition.IntakeOpen:
		at, key = ed.Plan.On(edition.IntakeClosed), "k.days"
	case edition.Called, edition.ReportPublished:
		at, key = ed.Plan.On(edition.IntakeOpen), "cn.clock.opens"
	case edition.IntakeClosed:
		at, key = ed.SupportCloses(), "cn.clock.support"
	case edition.Selected, edition.InPreparation:
		at, key = ed.Plan.On(edition.InSession), "cn.clock.session"
	}
	if at.IsZero() {
		return nil
	}
	local, days := at.In(ed.Zone), DaysTo(now, at, ed.Zone)
	if now.After(at) {
		return &leaf.Clock{Bold: w.T("cn.clock.late", "n", w.N(max(1, DaysTo(at, now, ed.Zone)))) + ".",
			Rest: w.T("cn.clock.was", "date", w.Date(local)) + ".", Run: leaf.Late}
	}
	if days == 0 {
		bold, rest := w.Split("cn.clock.today", "what", w.T("cn.today."+string(stage)), "time", w.Hour(local), "territory", territory)
		return &leaf.Clock{Bold: bold, Rest: rest}
	}
	if stage == edition.IntakeOpen {
		return leaf.Closes(w, days, local, territory)
	}
	bold, rest := w.Split(key, "n", strconv.Itoa(days), "date", w.DayMonth(local), "time", w.Hour(local), "territory", territory)
	return &leaf.Clock{Bold: bold, Rest: rest + "."}
}

// ClosesIn is the note under the open questions: "cierra en 9 días".
func ClosesIn(w *text.Words, days int, local time.Time) string {
	if days == 0 {
		return w.T("cn.questions.today", "time", w.Hour(local))
	}
	return w.T("cn.questions.closes", "n", strconv.Itoa(days))
}

// DaysTo is how many midnights of a zone lie between two instants.
func DaysTo(from, to time.Time, zone *time.Location) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}

// Until is when what is said of an edition changes by the clock alone: the next
// date of its plan, or the next midnight in its zone, when days are counted anew.
func Until(ed edition.Edition, now time.Time) time.Time {
	if ed.Documented || ed.Zone == nil {
		return time.Time{}
	}
	y, m, d := now.In(ed.Zone).Date()
	until := time.Date(y, m, d+1, 0, 0, 0, 0, ed.Zone)
	for _, x := range ed.Plan.Dates {
		if x.Planned.After(now) && x.Planned.Before(until) {
			until = x.Planned
		}
	}
	return until
}
