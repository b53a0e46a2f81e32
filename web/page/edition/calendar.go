package edition

import (
	"strconv"
	"strings"
	"time"

	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// date is one date of the calendar with the sum behind it.
type date struct {
	Code  string
	What  string
	At    time.Time // in the edition's zone
	When  string
	Moved string // the first plan, when it was another
	Past  bool
	Shape leaf.Shape
	Sum   leaf.Ledger
}

// dated is the calendar page.
type dated struct {
	leaf.Page
	Next, Coming, Past []date
	Rests              []leaf.Row // days of rest of this calendar
	CalendarName       string
}

func (p *Pages) calendar(r *door.Request) (door.View, error) {
	ed, err := p.of(r)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	d := dated{Page: below(r, ed, w.T("ep.calendar"))}
	links, err := p.Of(r, ed)
	if err != nil {
		return door.View{}, err
	}
	d.Chain = &links.Chain
	all := datesOf(w, ed, r.Now)
	for _, x := range all {
		switch {
		case x.Past:
			d.Past = append(d.Past, x)
		case len(d.Next) == 0:
			d.Next = append(d.Next, x)
		default:
			d.Coming = append(d.Coming, x)
		}
	}
	d.state(w, ed, r)
	d.Margin.Cite = p.quote(r, ed, d.Page, "calendario")
	if ed.Protocol != nil {
		cal, _ := ed.Protocol.Calendar(ed.Territory)
		d.CalendarName = cal.Name.In(w.Lang)
		d.Rests = restsOf(w, cal, ed, r.Now)
		ics := r.To("/ediciones", string(ed.ID), "calendario.ics")
		d.Action = &leaf.Action{Text: w.T("ep.ics"), Href: ics}
		d.Downloads = []leaf.Link{{Text: "iCalendar", Href: ics}, {Text: "JSON", Href: "/api/v1/editions/" + string(ed.ID)}}
	}
	return door.View{Body: calendarPage(d), Tags: chain.Tags(ed), Until: links.Until}, nil
}

func (d *dated) state(w *text.Words, ed edition.Edition, r *door.Request) {
	switch {
	case ed.Documented:
		d.State, d.More = w.T("ep.cal.documented"), w.T("ep.known")
	case ed.Stage == edition.Postponed:
		d.Shape, d.State, d.More = leaf.Paused, w.T("ed.postponed")+".", w.T("s.nodate")+"."
	case len(d.Next) == 0:
		d.State = w.T("ep.cal.over")
	default:
		next := d.Next[0]
		d.State = w.T("ep.cal.next", "what", next.What, "date", next.When)
		if n := chain.DaysTo(r.Now, next.At, ed.Zone); n > 0 {
			d.Clock = &leaf.Clock{Bold: w.T("ep.cal.in", "n", w.N(n)) + ".", Rest: w.T("ep.cal.zone", "territory", r.Site.Place)}
		}
	}
}

// datesOf lists every date of an edition in order: those of its stages, and the
// end of the support window, which no stage begins.
func datesOf(w *text.Words, ed edition.Edition, now time.Time) (out []date) {
	if ed.Protocol == nil || ed.Stage == edition.Postponed || ed.Stage == edition.Cancelled {
		return nil
	}
	support := ed.SupportCloses()
	for _, d := range ed.Plan.Dates {
		if d.Stage == edition.Selected && !support.IsZero() {
			out = append(out, supportDate(w, ed, support, now))
		}
		at := ed.Plan.Begins(d.Stage)
		if at.IsZero() {
			continue
		}
		x := date{Code: string(d.Stage), What: w.T("ep.begins." + string(d.Stage)), At: at.In(ed.Zone), Past: !d.Happened.IsZero() || at.Before(now)}
		x.When = w.Date(x.At) + ", " + w.Hour(x.At)
		x.Shape = leaf.Later
		if !d.Happened.IsZero() {
			x.Shape = leaf.Done
		} else if at.Before(now) {
			x.Shape = leaf.Overdue
		}
		if !d.First.IsZero() && !d.First.Equal(d.Planned) {
			x.Moved = w.T("ep.cal.first", "date", w.Date(d.First.In(ed.Zone)))
		}
		x.Sum = sumOf(w, ed, d)
		out = append(out, x)
	}
	return out
}

func supportDate(w *text.Words, ed edition.Edition, at time.Time, now time.Time) date {
	x := date{Code: "support", What: w.T("ep.begins.support"), At: at.In(ed.Zone), Past: at.Before(now), Shape: leaf.Later}
	if x.Past {
		x.Shape = leaf.Done
	}
	x.When = w.Date(x.At) + ", " + w.Hour(x.At)
	from := ed.Plan.Begins(edition.IntakeClosed)
	x.Sum = explain(w, ed, ed.Deadline(from, ed.Protocol.Selection.SupportWindow, nil, nil), w.T("ep.begins.intake_closed"))
	x.Sum.Total.Value = w.Date(x.At)
	return x
}

// sumOf explains the date of a stage: the session day, the protocol's rule, the
// days of rest that were skipped, the extensions, and the result.
func sumOf(w *text.Words, ed edition.Edition, d edition.Date) leaf.Ledger {
	l := leaf.Ledger{Caption: w.T("k.how"), Small: true}
	l.Rows = append(l.Rows, leaf.Row{Label: w.T("ep.sum.session"), Value: w.Date(ed.Session.In(ed.Zone))})
	rule, ok := ed.Protocol.Rule(d.Stage)
	if ok {
		l.Rows = append(l.Rows, leaf.Row{Label: w.T("ep.sum.rule"), Value: offset(w, rule.At)})
		if rule.At.Unit == edition.WorkingDays && rule.At.N > 0 {
			sum := ed.Deadline(ed.Session, edition.Term{N: rule.At.N, Unit: edition.WorkingDays}, nil, nil)
			l.Rows = append(l.Rows, leaf.Row{Label: w.T("ed.sum.skipped"), Value: skipped(w, sum)})
		}
	}
	if !d.First.IsZero() && !d.First.Equal(d.Planned) {
		l.Rows = append(l.Rows, leaf.Row{Label: w.T("ep.sum.first"), Value: w.Date(d.First.In(ed.Zone))})
	}
	if !d.Planned.IsZero() {
		l.Total = &leaf.Row{Label: w.T("ep.sum.planned"), Value: w.Date(d.Planned.In(ed.Zone)) + ", " + w.Hour(d.Planned.In(ed.Zone))}
	}
	if !d.Happened.IsZero() {
		l.Rows = append(l.Rows, leaf.Row{Label: w.T("ep.sum.happened"), Value: w.Date(d.Happened.In(ed.Zone)) + ", " + w.Hour(d.Happened.In(ed.Zone))})
	}
	return l
}

// explain is a deadline's own account of itself.
func explain(w *text.Words, ed edition.Edition, sum edition.Sum, what string) leaf.Ledger {
	l := leaf.Ledger{Caption: w.T("k.how"), Small: true}
	l.Rows = append(l.Rows, leaf.Row{Label: what, Value: w.Date(sum.Start.In(ed.Zone))},
		leaf.Row{Label: w.T("ed.sum.term"), Value: term(w, sum.Rule)},
		leaf.Row{Label: w.T("ed.sum.skipped"), Value: skipped(w, sum)})
	l.Total = &leaf.Row{Label: w.T("ed.sum.due"), Value: w.T("ed.sum.standing")}
	if !sum.Standing {
		l.Total.Value = w.Date(sum.Due.In(ed.Zone))
	}
	return l
}

// skipped names the holidays that a sum did not count; weekly rest goes without saying.
func skipped(w *text.Words, sum edition.Sum) string {
	var days []string
	for _, s := range sum.Skipped() {
		if !s.Name.IsZero() {
			days = append(days, w.ShortDay(s.Date)+" ("+s.Name.In(w.Lang)+")")
		}
	}
	if len(days) == 0 {
		return w.T("ep.sum.weekends")
	}
	return w.T("ep.sum.weekends") + "; " + strings.Join(days, ", ")
}

// term is a length of time in words; "" when there is no rule.
func term(w *text.Words, t edition.Term) string {
	if t.IsZero() {
		return ""
	}
	return w.T(t.Unit.Key(), "n", w.N(t.N))
}

// offset is a place in the calendar seen from the session day, in words.
func offset(w *text.Words, o edition.Offset) string {
	key, n := "ep.off.after", o.N
	switch {
	case n == 0:
		key = "ep.off.same"
	case n < 0:
		key, n = "ep.off.before", -n
	}
	s := w.T(key, "term", term(w, edition.Term{N: n, Unit: o.Unit}))
	if o.Minute > 0 {
		s += w.T("ep.off.at", "time", strconv.Itoa(o.Minute/60/10)+strconv.Itoa(o.Minute/60%10)+":"+strconv.Itoa(o.Minute%60/10)+strconv.Itoa(o.Minute%60%10))
	}
	return s
}

// restsOf lists the days of rest that fall within the edition's calendar.
func restsOf(w *text.Words, cal edition.Calendar, ed edition.Edition, now time.Time) (out []leaf.Row) {
	dates := ed.Plan.Dates
	if len(dates) == 0 {
		return nil
	}
	from, to := ed.Plan.Begins(dates[0].Stage).In(ed.Zone), ed.Plan.Begins(dates[len(dates)-1].Stage).In(ed.Zone)
	if from.IsZero() || to.IsZero() || from.Before(now.AddDate(-2, 0, 0)) {
		from = now.In(ed.Zone)
	}
	y, m, d := from.Date()
	for day := time.Date(y, m, d, 12, 0, 0, 0, ed.Zone); !day.After(to) && len(out) < 60; day = day.AddDate(0, 0, 1) {
		if name, is := cal.Holiday(day); is {
			out = append(out, leaf.Row{Label: w.Date(day), Value: name.In(w.Lang)})
		}
	}
	return out
}
