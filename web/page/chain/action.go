package chain

import (
	"strconv"
	"time"

	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// Action is the one thing to do now on an edition, by its stage.
func Action(r *door.Request, ed edition.Edition) *leaf.Action {
	to := func(key, page string) *leaf.Action {
		return &leaf.Action{Text: r.Words.T(key), Href: r.To("/ediciones", string(ed.ID), page)}
	}
	switch ed.StageAt(r.Now) {
	case edition.IntakeOpen:
		a := to("h.ask", "preguntar")
		a.Note = &leaf.Link{Text: r.Words.T("h.other"), Href: r.To("/ediciones", string(ed.ID), "puertas")}
		return a
	case edition.ReportPublished:
		return to("cn.do.report", "informe")
	case edition.IntakeClosed:
		return to("cn.do.questions", "preguntas")
	case edition.Selected, edition.InPreparation:
		return to("cn.do.agenda", "agenda")
	case edition.InSession, edition.MinutesPending:
		return to("cn.do.session", "sesion")
	case edition.Agreed, edition.FollowUp, edition.Evaluated, edition.Closed:
		return to("cn.do.promises", "compromisos")
	}
	if ed.Documented {
		return nil
	}
	return to("cn.do.calendar", "calendario")
}

// Crumb leads to an edition under its name.
func Crumb(r *door.Request, ed edition.Edition) leaf.Link {
	return leaf.Link{Text: Name(r.Words, ed), Href: r.To("/ediciones", string(ed.ID)), Said: Lang(r.Words, ed)}
}

// Tags are what moves a page that shows an edition's chain.
func Tags(ed edition.Edition, more ...string) []string {
	return append([]string{"edition:" + string(ed.ID), "editions"}, more...)
}

// Permanent is the address of a page as it can be quoted anywhere.
func Permanent(r *door.Request, path string) string {
	origin := r.Site.Origin
	if origin == "" {
		origin = "http://" + r.HTTP.Host
	}
	return origin + path
}

// Zone is the zone of a page that spans editions: that of the newest edition
// that has one.
func (d Desks) Zone(r *door.Request) *time.Location {
	all, err := d.Edition.List(r.Context(), "")
	if err != nil {
		return time.UTC
	}
	for _, ed := range all {
		if ed.Zone != nil {
			return ed.Zone
		}
	}
	return time.UTC
}

// Late leads to what is overdue, and says how much of it is this edition's.
func (d Desks) Late(r *door.Request, ed edition.Edition) (leaf.Link, int, error) {
	n, err := d.Question.Late(r.Context(), ed.ID)
	if err != nil {
		return leaf.Link{}, 0, err
	}
	l := leaf.Link{Text: r.Words.T("qt.late.all"), Href: r.To("/vencidas")}
	if n > 0 {
		l.Text = r.Words.T("qt.late.n", "n", r.Words.N(n))
	}
	return l, n, nil
}

// Cite is what somebody needs to quote a figure of an edition as of now. zone
// nil is that of [Desks.Zone]; of is "" where the figure is a part of nothing.
func (d Desks) Cite(r *door.Request, zone *time.Location, text, of, path string) *leaf.Cite {
	if zone == nil {
		zone = d.Zone(r)
	}
	c := &leaf.Cite{Text: text, Denominator: of, Date: r.Words.Stamp(r.Now.In(zone)), URL: Permanent(r, path)}
	if d.Record != nil {
		if n := d.Record.Size(); n > 0 {
			c.Record = r.Words.T("cn.cite.record", "n", r.Words.N(int(n-1)))
		}
	}
	return c
}

// Seal is the stamp of the newest leaf of a kind about a subject; nil when the
// record has none. until is soon when it is not sealed yet.
func (d Desks) Seal(r *door.Request, ed edition.Edition, subject, kind string) (s *leaf.Stamp, until time.Time, err error) {
	if d.Record == nil {
		return nil, time.Time{}, nil
	}
	leaves, err := d.Record.About(r.Context(), subject)
	if err != nil {
		return nil, time.Time{}, err
	}
	for i := len(leaves) - 1; i >= 0; i-- {
		l := leaves[i]
		if l.Kind != kind {
			continue
		}
		if l.N >= d.Record.Size() {
			return &leaf.Stamp{State: leaf.Sealing}, r.Now.Add(time.Second), nil
		}
		zone := ed.Zone
		if zone == nil {
			zone = time.UTC
		}
		return &leaf.Stamp{N: l.N, At: l.At.In(zone), Official: true, Href: r.To("/registro", strconv.FormatInt(l.N, 10))}, time.Time{}, nil
	}
	return nil, time.Time{}, nil
}

// Account is an edition's balance with its lists and downloads.
type Account struct {
	Ledger leaf.Ledger
	Who    leaf.Link // who is missing from it
	Links  []leaf.Link
	Late   leaf.Link // to what is overdue, in every edition
	LateN  int       // of this one
}

// AccountOf is the balance of an edition's questions, each row leading to its list.
func (d Desks) AccountOf(r *door.Request, ed edition.Edition, l Links) (Account, error) {
	b := leaf.Balance{Received: l.Balance.Received, Admitted: l.Balance.Admitted, Merged: l.Balance.Merged,
		Refused: l.Balance.Refused, Withdrawn: l.Balance.Withdrawn, Waiting: l.Balance.Waiting}
	list := r.To("/ediciones", string(ed.ID), "preguntas")
	a := Account{Ledger: b.Ledger(r.Words, [5]string{list + "?estado=admitted", list + "?estado=merged", list + "?estado=refused", list + "?estado=withdrawn", ""})}
	base := r.To("/ediciones", string(ed.ID), "cuenta")
	a.Who = leaf.Link{Text: r.Words.T("x.miss"), Href: r.To("/ediciones", string(ed.ID), "quien-falta")}
	a.Links = []leaf.Link{{Text: "CSV", Href: base + ".csv"}, {Text: "JSON", Href: base + ".json"}, {Text: "Atom", Href: list + ".atom"}}
	var err error
	a.Late, a.LateN, err = d.Late(r, ed)
	return a, err
}
