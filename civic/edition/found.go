package edition

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"glosa"
	"glosa/db"
)

// Founding is what a facilitator decides to begin an edition.
type Founding struct {
	ID        glosa.EditionID // "qroo-10"
	Series    glosa.SeriesID
	Number    int
	Name      string
	Code      string    // prefix of the folios, its own: "QR26"
	Protocol  []byte    // YAML; see [Template]
	Session   time.Time // any instant of the session day; zero when not decided yet
	Place     Place
	Synthetic bool
}

var (
	idShape   = regexp.MustCompile(`^[a-z][a-z0-9-]{1,31}$`)
	codeShape = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,11}$`)
)

// Found makes an edition as a draft and lays its calendar backwards from the
// session day. Whoever sits in one edition founds others of its series, and no
// more: their seat is not in the new one. Denied; Invalid naming the fields (a protocol's faults with their
// lines); Conflict when the id, the number or the code is taken.
func (d *Desk) Found(ctx context.Context, by glosa.Actor, f Founding) error {
	if err := by.May("edition.found"); err != nil {
		return err
	}
	p, err := f.check()
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if err := ofSeries(tx, by, f.Series); err != nil {
			return err
		}
		ed := Edition{ID: f.ID, Series: f.Series, Number: f.Number, Name: f.Name, Code: f.Code,
			Territory: p.Territory, Zone: p.zone, Stage: Draft, Since: tx.Now, Synthetic: f.Synthetic,
			Protocol: p, Digest: p.Digest, Place: f.Place, Founded: tx.Now}
		if !f.Session.IsZero() {
			ed.Plan = Lay(p, f.Session, tx.Now)
			ed.Session = ed.Plan.Session
		}
		ed.Plan.Dates = happened(ed.Plan.Dates, Draft, tx.Now)
		if fresh, err := insertEdition(tx, ed); err != nil || !fresh {
			if err == nil {
				err = glosa.Refuse(glosa.Conflict, "ed.taken", "edition", string(f.ID), "code", f.Code)
			}
			return err
		}
		place, err := json.Marshal(f.Place)
		if err != nil {
			return err
		}
		err = tx.Leave(foundedKind.Event(by, f.ID, string(f.ID), foundedBody{Series: f.Series, Number: f.Number,
			Code: glosa.Code(f.Code), Territory: p.Territory, Protocol: p.Digest, Synthetic: f.Synthetic,
			Name: glosa.Digest([]byte(f.Name)), Place: glosa.Digest(place)}, "editions"))
		if err != nil || ed.Session.IsZero() {
			return err
		}
		return tx.Leave(ed.planned(by))
	})
}

// ofSeries is nil for whoever was granted every edition, or sits in one of the series.
func ofSeries(tx *db.Tx, by glosa.Actor, series glosa.SeriesID) error {
	if by.Edition == "" {
		return nil
	}
	own, err := selectOne(tx, by.Edition)
	if err == nil && own.Series == series {
		return nil
	}
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return err
	}
	return glosa.Refuse(glosa.Denied, "ed.otherseries", "rule", "edition.found", "series", string(series))
}

func (f Founding) check() (*Protocol, error) {
	var wrong []glosa.Field
	bad := func(field, key string) { wrong = append(wrong, glosa.Field{Name: field, Key: key}) }
	if !idShape.MatchString(string(f.ID)) {
		bad("id", "ed.bad_id")
	}
	if !idShape.MatchString(string(f.Series)) {
		bad("series", "ed.bad_id")
	}
	if !codeShape.MatchString(f.Code) {
		bad("code", "ed.bad_code")
	}
	if f.Number < 1 || f.Number > 9999 {
		bad("number", "ed.bad_number")
	}
	if _, err := sentence("name", f.Name); f.Name != "" && err != nil {
		bad("name", "ed.long")
	}
	wrong = append(wrong, f.Place.wrong()...)
	p, err := ParseProtocol(f.Protocol)
	if err != nil {
		if len(wrong) == 0 {
			return nil, err
		}
		bad("protocol", "ed.bad_protocol")
	}
	if len(wrong) > 0 {
		return nil, glosa.Wrong(wrong...)
	}
	return p, nil
}

// wrong are the fields of a place that no page should print.
func (p Place) wrong() (fields []glosa.Field) {
	for _, x := range []struct{ name, text string }{{"venue", p.Venue}, {"address", p.Address}, {"city", p.City}, {"access", p.Access}} {
		if _, err := sentence(x.name, x.text); x.text != "" && err != nil {
			fields = append(fields, glosa.Field{Name: x.name, Key: "ed.long"})
		}
	}
	if u, err := url.Parse(p.Stream); p.Stream != "" && (err != nil || u.Scheme != "https" || u.Host == "" || len(p.Stream) > 500) {
		fields = append(fields, glosa.Field{Name: "stream", Key: "ed.https"})
	}
	for i, h := range p.Sides {
		_, err := sentence("sides", h.Who)
		if err != nil || h.Side != glosa.Government && h.Side != glosa.Civil && h.Side != glosa.Observatory {
			fields = append(fields, glosa.Field{Name: "sides." + strconv.Itoa(i), Key: "ed.bad_side"})
		}
	}
	return fields
}

// planned is the event of a calendar.
func (e Edition) planned(by glosa.Actor) glosa.Event {
	body := plannedBody{Session: e.Session.UTC(), Protocol: e.Digest, Dates: []dateBody{}}
	for _, d := range e.Plan.Dates {
		if !d.Planned.IsZero() {
			body.Dates = append(body.Dates, dateBody{glosa.Code(d.Stage), d.Planned.UTC()})
		}
	}
	return plannedKind.Event(by, e.ID, string(e.ID), body, "editions")
}

// Plan lays the calendar again from a new session day, with another protocol if
// one is given. Denied; NotFound; Closed once the intake has opened; Invalid
// (session, protocol); Conflict when a protocol is given and the rules are frozen.
func (d *Desk) Plan(ctx context.Context, by glosa.Actor, id glosa.EditionID, session time.Time, protocol []byte) (plan Plan, err error) {
	if err := by.MayIn("edition.plan", id); err != nil {
		return Plan{}, err
	}
	if session.IsZero() {
		return Plan{}, glosa.WrongField("session", "ed.no_session")
	}
	var p *Protocol
	if len(protocol) > 0 {
		if p, err = ParseProtocol(protocol); err != nil {
			return Plan{}, err
		}
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, "edition.plan", id)
		if err != nil {
			return err
		}
		if p != nil {
			if !ed.Frozen.IsZero() && p.Digest != ed.Digest {
				return glosa.Refuse(glosa.Conflict, "ed.frozen", "edition", string(id))
			}
			ed.Protocol, ed.Digest, ed.Zone, ed.Territory = p, p.Digest, p.zone, p.Territory
		}
		ed = ed.replan(session, tx.Now)
		plan = ed.Plan
		if err := updateEdition(tx, ed); err != nil {
			return err
		}
		return tx.Leave(ed.planned(by))
	})
	return plan, err
}

// replan lays the dates anew; what happened stays, and each first date is kept.
func (e Edition) replan(session, now time.Time) Edition {
	old := e.Plan
	e.Plan = Lay(e.Protocol, session, now)
	e.Session = e.Plan.Session
	for i, d := range e.Plan.Dates {
		was := old.date(d.Stage)
		e.Plan.Dates[i].Happened = was.Happened
		if !was.Happened.IsZero() && !was.Planned.IsZero() {
			e.Plan.Dates[i].Planned, e.Plan.Dates[i].First = was.Planned, was.First
			continue
		}
		first := was.First
		if first.IsZero() {
			first = was.Planned
		}
		if e.Reached(Called) && !first.Equal(d.Planned) {
			e.Plan.Dates[i].First = first
		}
	}
	return e
}

// Settle writes where the session happens. Denied; NotFound; Closed when the
// edition is over; Invalid naming the fields.
func (d *Desk) Settle(ctx context.Context, by glosa.Actor, id glosa.EditionID, place Place) error {
	if err := by.MayIn("edition.settle", id); err != nil {
		return err
	}
	if wrong := place.wrong(); len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, "edition.settle", id)
		if err != nil {
			return err
		}
		ed.Place = place
		if err := updateEdition(tx, ed); err != nil {
			return err
		}
		text, err := json.Marshal(place)
		if err != nil {
			return err
		}
		return tx.Leave(placedKind.Event(by, id, string(id), placedBody{Place: glosa.Digest(text)}))
	})
}

// Freeze ends the changes of the protocol: its digest, the counting doors and the
// selection rule enter the record before the intake opens. Denied; NotFound;
// Closed once the intake has opened; Conflict when it is frozen.
func (d *Desk) Freeze(ctx context.Context, by glosa.Actor, id glosa.EditionID) error {
	if err := by.MayIn("edition.freeze", id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := enter(tx, by, "edition.freeze", id)
		if err != nil {
			return err
		}
		if !ed.Frozen.IsZero() {
			return glosa.Refuse(glosa.Conflict, "ed.frozen", "edition", string(id))
		}
		ed.Frozen = tx.Now
		if err := updateEdition(tx, ed); err != nil {
			return err
		}
		s := ed.Protocol.Selection
		return tx.Leave(frozenKind.Event(by, id, string(id), frozenBody{Protocol: ed.Digest, Counting: s.Counting, Rule: s.Rule}))
	})
}
