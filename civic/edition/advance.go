package edition

import (
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/db"
)

// Advance moves an edition to its next stage. Denied; NotFound; Closed when no
// stage follows, or when only time is missing (Until); Conflict when anything
// else is missing: errors.As finds [Blocked] with the list in both.
func (d *Desk) Advance(ctx context.Context, by glosa.Actor, id glosa.EditionID) (to Stage, err error) {
	if err := by.MayIn("edition.advance", id); err != nil {
		return "", err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, "edition.advance", id)
		if err != nil {
			return err
		}
		to, err = d.advance(tx, by, ed)
		return err
	})
	return to, err
}

func (d *Desk) advance(tx *db.Tx, by glosa.Actor, ed Edition) (Stage, error) {
	to, ok := ed.Stage.Next()
	if !ok {
		return "", closed(ed, "edition.advance", time.Time{})
	}
	missing, waived, err := d.missing(tx, ed, to)
	if err != nil {
		return "", err
	}
	if len(missing) > 0 {
		return "", blocked(to, missing)
	}
	from := ed.Stage
	ed.Stage, ed.Since = to, tx.Now
	ed.Plan.Dates = happened(ed.Plan.Dates, to, tx.Now)
	if err := updateEdition(tx, ed); err != nil {
		return "", err
	}
	return to, tx.Leave(advancedKind.Event(by, ed.ID, string(ed.ID),
		advancedBody{From: glosa.Code(from), To: glosa.Code(to), Waived: waived}, "editions"))
}

func happened(dates []Date, s Stage, now time.Time) []Date {
	dates = slices.Clone(dates)
	for i := range dates {
		if dates[i].Stage == s {
			dates[i].Happened = now
			return dates
		}
	}
	return append(dates, Date{Stage: s, Happened: now})
}

func blocked(to Stage, missing []Missing) error {
	kind, until := glosa.Closed, time.Time{}
	for _, m := range missing {
		if m.Until.IsZero() {
			kind = glosa.Conflict
		}
		until = later(until, m.Until)
	}
	e := glosa.Refuse(kind, "ed.blocked", "stage", string(to), "gate", string(missing[0].Gate))
	e.Err = &Blocked{To: to, List: missing}
	if kind == glosa.Closed {
		e.Until = until
	}
	return e
}

// missing asks every gate, this room's first, and takes away what both sides
// waived; waived lists those waivers' numbers.
func (d *Desk) missing(tx *db.Tx, ed Edition, to Stage) (missing []Missing, waived []int, err error) {
	all := ownGates(ed, to, tx.Now)
	for _, gate := range d.Gates {
		more, err := gate(tx, ed, to)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, more...)
	}
	waived = []int{}
	if len(all) == 0 {
		return nil, waived, nil
	}
	waivers, err := selectWaivers(tx, ed.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range all {
		m.Firm = m.Firm || firmByRule(ed.Protocol, m.Gate, to)
		i := slices.IndexFunc(waivers, func(w Waiver) bool { return w.passes(m.Gate, to) })
		if i < 0 || m.Firm {
			missing = append(missing, m)
			continue
		}
		if !slices.Contains(waived, waivers[i].N) {
			waived = append(waived, waivers[i].N)
		}
	}
	return missing, waived, nil
}

// passes: a waiver holds for its gate and stage. The notice is asked twice, when
// the call is published and when the intake opens: waived once, it is waived.
func (w Waiver) passes(gate glosa.Code, to Stage) bool {
	return w.Gate == gate && (w.To == to || gate == GateNotice) && !w.SecondAt.IsZero()
}

func firmByRule(p *Protocol, gate glosa.Code, to Stage) bool {
	return p != nil && slices.ContainsFunc(p.Gates, func(g GateRule) bool { return g.Gate == gate && g.To == to && g.Firm })
}

// ownGates is what this room itself asks before a stage: dates, notice and rules.
func ownGates(ed Edition, to Stage, now time.Time) (missing []Missing) {
	need := func(gate glosa.Code, key string, until time.Time) {
		missing = append(missing, Missing{Gate: gate, Key: key, Until: until})
	}
	begins := ed.Plan.On(to)
	switch to {
	case Called:
		if !ed.Session.After(now) {
			missing = append(missing, Missing{Gate: GateSession, Key: "ed.no_session", Firm: true})
		}
		if begins := ed.Plan.On(IntakeOpen); begins.Before(ed.noticeAfter(now)) {
			need(GateNotice, "ed.late_call", time.Time{})
		}
	case IntakeOpen:
		if ed.Frozen.IsZero() {
			missing = append(missing, Missing{Gate: GateProtocol, Key: "ed.not_frozen", Firm: true})
		}
		if end := ed.noticeAfter(ed.Plan.Happened(Called)); now.Before(end) {
			need(GateNotice, "ed.notice", end)
		}
		if now.Before(begins) {
			need(GateDate, "ed.date", begins)
		}
	case IntakeClosed, InSession:
		if now.Before(begins) {
			need(GateDate, "ed.date", begins)
		}
	case Selected:
		if end := ed.SupportCloses(); now.Before(end) {
			need(GateSupport, "ed.support", end)
		}
	}
	return missing
}

// noticeAfter is the first instant at which an intake may open after a call.
func (e Edition) noticeAfter(call time.Time) time.Time {
	day := midnightIn(call, e.zone())
	cal, _ := e.Protocol.Calendar(e.Territory)
	return Offset{N: e.Protocol.Notice.N, Unit: e.Protocol.Notice.Unit}.from(day, cal)
}
