package edition

import (
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// shown is the front page of one edition of ours.
type shown struct {
	leaf.Page
	Edition edition.Edition
	Account *chain.Account
	Counted leaf.Margin
	Tiles   *leaf.TileMap
	Apart   []departure // waivers, extensions, suspensions, postponements
	Sides   []leaf.Row
	Place   []leaf.Row
	Seats   []leaf.Row
	Oaths   []oath
	Links   []leaf.Link
}

// departure is one departure from the rules or the plan.
type departure struct {
	When, Text, Note string
	Shape            leaf.Shape
}

// oath is a declaration of interests.
type oath struct{ Who, Text, When string }

func (p *Pages) show(r *door.Request) (door.View, error) {
	ed, err := p.of(r)
	if err != nil {
		return door.View{}, err
	}
	if ed.Documented {
		return p.documented(r, ed)
	}
	x, err := p.Edition.Exceptions(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	links, err := p.Of(r, ed)
	if err != nil {
		return door.View{}, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return door.View{}, err
	}
	s := shown{Page: below(r, ed, chain.Name(r.Words, ed)), Edition: ed, Apart: departures(r, ed, x, names)}
	s.Crumbs, s.TitleLang = s.Crumbs[:1], chain.Lang(r.Words, ed)
	s.State, s.More = chain.Sentence(r.Words, ed, x.Halts, r.Now)
	s.Clock = chain.Clock(r.Words, ed, r.Now, r.Site.Place)
	s.Action, s.Chain = chain.Action(r, ed), &links.Chain
	s.Margin.Lines = append(s.Margin.Lines, leaf.Notes(dates(r, ed)...)...)
	if err := s.account(p, r, links); err != nil {
		return door.View{}, err
	}
	s.place(r)
	s.links(r)
	if err := s.people(p, r, names); err != nil {
		return door.View{}, err
	}
	stamp, until, err := p.Seal(r, ed, string(ed.ID), "edition.advanced")
	s.Stamp = stamp
	return door.View{Body: showPage(s), Tags: chain.Tags(ed), Until: soon(links.Until, until)}, err
}

// dates are the two days that the margin names.
func dates(r *door.Request, ed edition.Edition) (out []string) {
	if day := ed.Plan.Begins(edition.InSession); !day.IsZero() && ed.Stage != edition.Postponed {
		out = append(out, r.Words.T("ep.session.on", "date", r.Words.Day(day.In(ed.Zone))))
	}
	return out
}

func (s *shown) account(p *Pages, r *door.Request, links chain.Links) error {
	w, ed := r.Words, s.Edition
	if !ed.Reached(edition.IntakeOpen) {
		return nil
	}
	a, err := p.AccountOf(r, ed, links)
	if err != nil {
		return err
	}
	s.Account = &a
	cite := p.Cite(r, ed.Zone, w.T("ho.cite", "n", w.N(links.Balance.Received), "name", chain.Name(w, ed)), w.T("ho.cite.of"),
		r.To("/ediciones", string(ed.ID))+"#cuenta")
	s.Counted = leaf.Margin{Head: w.T("ho.account"), Lines: leaf.Notes(w.T("ho.at", "date", w.Stamp(r.Now.In(ed.Zone)))), Synthetic: ed.Synthetic, Cite: cite}
	return nil
}

// people is who takes part, and from where nobody asks yet.
func (s *shown) people(p *Pages, r *door.Request, names who.Names) error {
	w, ed := r.Words, s.Edition
	roll, err := p.People.Roll(r.Context(), ed.ID)
	if err != nil {
		return err
	}
	count := map[glosa.Side]int{}
	for _, seat := range roll.Seats {
		count[seat.Side]++
	}
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil, glosa.Observatory} {
		if count[side] > 0 {
			s.Seats = append(s.Seats, leaf.Row{Label: names.Side(side), Value: w.T("ep.seats", "n", w.N(count[side]))})
		}
	}
	for _, d := range roll.Declarations {
		s.Oaths = append(s.Oaths, oath{Who: names.By(d.By), Text: d.Text, When: w.Day(d.At.In(ed.Zone))})
	}
	return s.tiles(p, r)
}

// tiles is the representation map: questions by municipality against its people.
func (s *shown) tiles(p *Pages, r *door.Request) error {
	ed := s.Edition
	_, parts, err := p.People.Places(r.Context(), ed.Territory, r.Now.In(ed.Zone))
	if glosa.KindOf(err) == glosa.NotFound && err != nil || len(parts) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	by, err := p.Question.Places(r.Context(), ed.ID)
	if err != nil {
		return err
	}
	m := leaf.TileMap{Source: r.Words.T("ep.census")}
	total := 0
	for i, share := range people.Represent(parts, "total", by) {
		total += share.Received
		m.Tiles = append(m.Tiles, leaf.Tile{Name: parts[i].Name, Row: parts[i].Row, Col: parts[i].Column,
			Received: share.Received, Expected: float64(share.Expected) / 100})
	}
	if total > 0 {
		s.Tiles = &m
	}
	return nil
}

func (s *shown) place(r *door.Request) {
	w, pl := r.Words, s.Edition.Place
	for _, x := range []struct{ key, value string }{{"ep.venue", pl.Venue}, {"ep.address", pl.Address}, {"ep.city", pl.City}, {"ep.access", pl.Access}} {
		if x.value != "" {
			s.Place = append(s.Place, leaf.Row{Label: w.T(x.key), Value: x.value})
		}
	}
	if pl.Stream != "" {
		s.Place = append(s.Place, leaf.Row{Label: w.T("ep.stream"), Value: pl.Stream, Href: pl.Stream})
	}
	for _, h := range pl.Sides {
		s.Sides = append(s.Sides, leaf.Row{Label: w.T("who.side." + string(h.Side)), Value: h.Who})
	}
}

func (s *shown) links(r *door.Request) {
	id := string(s.Edition.ID)
	for _, x := range []struct{ key, path string }{{"ep.calendar", "calendario"}, {"ep.protocol", "protocolo"}, {"ep.minutes", "minutas"}, {"x.miss", "quien-falta"}, {"dw.title", "sorteo"}} {
		s.Links = append(s.Links, leaf.Link{Text: r.Words.T(x.key), Href: r.To("/ediciones", id, x.path)})
	}
	if !s.Edition.Documented && s.Edition.Reached(edition.IntakeOpen) {
		s.Links = append(s.Links, leaf.Link{Text: r.Words.T("op.title"), Href: r.To("/ediciones", id, "opinion")})
		s.Links = append(s.Links, leaf.Link{Text: r.Words.T("fi.title"), Href: r.To("/ediciones", id, "moderacion")})
	}
	s.Downloads = []leaf.Link{{Text: "Atom", Href: r.To("/ediciones", id, "cambios.atom")}, {Text: "CSV", Href: r.To("/ediciones", id, "cuenta.csv")},
		{Text: "JSON", Href: "/api/v1/editions/" + id}, {Text: "iCalendar", Href: r.To("/ediciones", id, "calendario.ics")},
		{Text: r.Words.T("r.mail"), Href: r.To("/avisos") + "?edicion=" + id}}
}

// departures lists what did not go by the rules or the plan, oldest first in each kind.
func departures(r *door.Request, ed edition.Edition, x edition.Exceptions, names who.Names) (out []departure) {
	w := r.Words
	day := func(t time.Time) string { return w.Day(t.In(ed.Zone)) }
	for _, v := range x.Waivers {
		out = append(out, departure{When: day(v.SecondAt), Shape: leaf.Barred,
			Text: w.T("s.waiver", "reason", v.Reason, "post", names.By(v.By)+" · "+names.By(v.Second)),
			Note: w.T("ep.waived", "gate", gateName(ed, v.Gate, v.To, w.Lang), "stage", w.T("ep.begins."+string(v.To)))})
	}
	for _, m := range x.Extensions {
		out = append(out, departure{When: day(m.At), Shape: leaf.Going,
			Text: w.T("k.more", "n", w.N(m.Days), "post", names.By(m.By), "reason", m.Reason),
			Note: w.T("ep.moved", "what", w.T("ep.begins."+string(m.Stage)), "was", day(m.Was), "is", day(m.Is))})
	}
	for _, s := range x.Suspensions {
		out = append(out, departure{When: day(s.At), Shape: leaf.Paused, Text: w.T("k.stop", "reason", s.Reason),
			Note: w.T("ep.suspended", "from", day(s.From), "to", day(s.To), "document", s.Document)})
	}
	for _, h := range x.Halts {
		d := departure{When: day(h.At), Shape: leaf.Paused, Text: w.T("ep.halt."+string(h.Kind), "reason", h.Reason), Note: h.Note}
		if !h.Session.IsZero() {
			d.Note += " " + w.T("cn.newdate", "date", day(h.Session))
		}
		out = append(out, d)
	}
	return out
}

// gateName is a condition as the protocol words it.
func gateName(ed edition.Edition, gate glosa.Code, to edition.Stage, lang string) string {
	if ed.Protocol != nil {
		for _, g := range ed.Protocol.Gates {
			if g.Gate == gate && g.To == to {
				return g.Name.In(lang)
			}
		}
	}
	return string(gate)
}

func (p *Pages) accountTable(r *door.Request) (door.View, error) {
	ed, err := p.of(r)
	if err != nil {
		return door.View{}, err
	}
	b, err := p.Question.Balance(r.Context(), ed.ID)
	rows := [][]string{}
	for _, x := range parts(b.Admitted, b.Merged, b.Refused, b.Withdrawn, b.Waiting, b.Received) {
		rows = append(rows, []string{x.key, strconv.Itoa(x.n), r.Now.UTC().Format(time.RFC3339), synthetic(ed, r.Words)})
	}
	return door.View{File: feed.CSV(string(ed.ID)+"-cuenta", []string{"part", "questions", "as_of", "note"}, rows), Tags: chain.Tags(ed)}, err
}

type counted struct {
	key string
	n   int
}

func parts(admitted, merged, refused, withdrawn, waiting, received int) []counted {
	return []counted{{"admitted", admitted}, {"merged", merged}, {"refused", refused}, {"withdrawn", withdrawn}, {"waiting", waiting}, {"received", received}}
}

func (p *Pages) accountJSON(r *door.Request) (door.View, error) {
	ed, err := p.of(r)
	if err != nil {
		return door.View{}, err
	}
	b, err := p.Question.Balance(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	out := map[string]any{"id": string(ed.ID), "as_of": r.Now.UTC().Format(time.RFC3339), "synthetic": ed.Synthetic}
	for _, x := range parts(b.Admitted, b.Merged, b.Refused, b.Withdrawn, b.Waiting, b.Received) {
		out[x.key] = x.n
	}
	f, err := feed.JSON(string(ed.ID)+"-cuenta", out)
	return door.View{File: f, Tags: chain.Tags(ed)}, err
}
