package edition

import (
	"slices"
	"time"

	"glosa"
)

// Date is when a stage begins: as planned, and as it happened.
type Date struct {
	Stage    Stage     `json:"stage"`
	Planned  time.Time `json:"planned,omitzero"`
	First    time.Time `json:"first,omitzero"`    // the first plan, when an extension or a new date moved it
	Happened time.Time `json:"happened,omitzero"` // zero until it did
}

// Plan is the calendar of an edition, one date per stage of the protocol in the
// order of the stages.
type Plan struct {
	Session  time.Time // the session day, midnight in the protocol's zone
	Dates    []Date
	Earliest time.Time // of [Lay] only: the first session day that leaves time for everything
	Missing  []Missing // of [Lay] only: what this session day leaves no time for
}

// On is when a stage is planned to begin; zero when the protocol gives it no date.
func (p Plan) On(s Stage) time.Time { return p.date(s).Planned }

// Happened is when a stage began; zero when it has not.
func (p Plan) Happened(s Stage) time.Time { return p.date(s).Happened }

// Begins is when a stage began, or is planned to begin.
func (p Plan) Begins(s Stage) time.Time {
	d := p.date(s)
	if !d.Happened.IsZero() {
		return d.Happened
	}
	return d.Planned
}

func (p Plan) date(s Stage) Date {
	if i := slices.IndexFunc(p.Dates, func(d Date) bool { return d.Stage == s }); i >= 0 {
		return p.Dates[i]
	}
	return Date{}
}

// Lay lays the calendar of a protocol backwards from a session day, and names the
// earliest session day that leaves time for the call and everything after it.
func Lay(p *Protocol, session, now time.Time) Plan {
	session = midnightIn(session, p.zone)
	plan := Plan{Session: session, Dates: make([]Date, 0, len(p.Stages))}
	cal, _ := p.Calendar(p.Territory)
	for _, r := range p.Stages {
		plan.Dates = append(plan.Dates, Date{Stage: r.Stage, Planned: r.At.from(session, cal)})
	}
	plan.Earliest = earliest(p, cal, now)
	if session.Before(plan.Earliest) {
		plan.Missing = append(plan.Missing, Missing{Gate: GateSession, Key: "ed.too_soon",
			Args: map[string]string{"date": plan.Earliest.Format(time.DateOnly)}})
	}
	ed := Edition{Territory: p.Territory, Zone: p.zone, Protocol: p, Plan: plan, Session: session}
	if end := ed.SupportCloses(); plan.On(Selected).Before(end) { // holidays can push supports past the date
		plan.Missing = append(plan.Missing, Missing{Gate: GateSupport, Key: "ed.support", Until: end})
	}
	return plan
}

// earliest is the first session day whose call is not in the past. It begins at
// the nearest day that could do, so that it looks at few.
func earliest(p *Protocol, cal Calendar, now time.Time) time.Time {
	r, ok := p.Rule(Called)
	day := midnightIn(now, p.zone)
	today := day
	if !ok {
		return today
	}
	if r.At.N < 0 && r.At.Unit != Months {
		day = shift(day, -r.At.N)
	}
	for range maxWalk {
		if !r.At.from(day, cal).Before(today) {
			break
		}
		day = nextDay(day)
	}
	return day
}

// from is the instant an offset means for a session day.
func (o Offset) from(session time.Time, cal Calendar) time.Time {
	day := session
	switch o.Unit {
	case Months:
		day = addMonths(session, o.N)
	case WorkingDays:
		step := 1
		if o.N < 0 {
			step = -1
		}
		for n, walked := o.N*step, 0; n > 0 && walked < maxWalk; walked++ {
			day = shift(day, step)
			if cal.Works(day) {
				n--
			}
		}
	default:
		day = shift(session, o.N)
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, o.Minute, 0, 0, day.Location())
}

// SupportCloses is when supports stop counting: the protocol's window after the
// intake closes, and never before the last moderation clock (the first and the
// second decision on a question of the last minute).
func (e Edition) SupportCloses() time.Time {
	end := e.Plan.Begins(IntakeClosed)
	if end.IsZero() || e.Protocol == nil {
		return time.Time{}
	}
	second := e.ends(e.ends(end, e.Protocol.Moderation.Decide), e.Protocol.Moderation.Second)
	return later(e.ends(end, e.Protocol.Selection.SupportWindow), second)
}

// ReportDue is the last instant at which the report is on time; Lateness tells by
// how many whole days it was not.
func (e Edition) ReportDue() time.Time {
	if e.Protocol == nil || e.Session.IsZero() {
		return time.Time{}
	}
	lead := Offset{N: -e.Protocol.ReportLead.N, Unit: e.Protocol.ReportLead.Unit}
	cal, _ := e.Protocol.Calendar(e.Territory)
	due := nextDay(lead.from(e.Session, cal)).Add(-time.Second)
	if planned := e.Plan.date(ReportPublished); !planned.Planned.IsZero() {
		day := nextDay(midnightIn(planned.Planned, e.zone())).Add(-time.Second)
		if day.Before(due) {
			due = day
		}
	}
	return due
}

// Lateness is the whole days between when the report was due and when it was
// published, or now if it was not; 0 when it is on time.
func (e Edition) Lateness(now time.Time) int {
	due := e.ReportDue()
	if at := e.Plan.Happened(ReportPublished); !at.IsZero() {
		now = at
	}
	if due.IsZero() || !now.After(due) {
		return 0
	}
	return max(1, daysBetween(due.In(e.zone()), now.In(e.zone())))
}

func midnightIn(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// The gates this room checks itself. Later rooms name theirs.
const (
	GateSession  glosa.Code = "session"         // the session day is set and leaves enough time
	GateNotice   glosa.Code = "notice"          // the call came early enough before the intake
	GateProtocol glosa.Code = "protocol_frozen" // the rules no longer change
	GateDate     glosa.Code = "date"            // the published date has come
	GateSupport  glosa.Code = "support_window"  // supports could be given to the end
)
