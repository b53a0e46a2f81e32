package draw

import (
	"encoding/hex"
	"strconv"
	"time"

	"glosa"
	civic "glosa/civic/panel/draw"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// sheet is the public page of a draw.
type sheet struct {
	scene
	v       civic.View
	rules   []leaf.Row
	quotas  []line
	board   string // when the board was drawn; "" before
	proves  bool   // whoever registers now shows a mailbox
	known   bool   // figures of volunteers stand beside the quotas
	chances [][]string
	least   string
	most    string
	typed   string // the side that typed the seed
	seats   []seat
	chairs  []string // of the table, for whoever is drawn
	others  []leaf.Row
	files   [][]string
	command string
}

// line is one quota as it is printed.
type line struct{ category, group, least, most, people, want string }

// seat is one drawn seat as it is printed.
type seat struct {
	number, state, inPlaceOf string
	shape                    leaf.Shape
}

func (p *Pages) show(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	s := sheet{proves: p.Draw.Prove}
	var err error
	if s.scene, err = p.scene(r, id, r.Words.T("dw.title")); err != nil {
		return door.View{}, err
	}
	if s.v, err = p.Draw.View(r.Context(), id); err != nil {
		return door.View{}, err
	}
	s.head(r)
	if s.v.State != civic.None {
		s.tables()
	}
	for _, c := range s.v.Chairs {
		s.chairs = append(s.chairs, s.chair(c))
	}
	for _, c := range s.v.Others {
		name := s.Words.T("dw.others.own", "side", s.Names.Side(c.Side))
		if c.Institution != "" {
			name = s.Names.Institution(c.Institution)
		}
		s.others = append(s.others, leaf.Row{Label: s.Names.By("seat:" + string(c.Side) + ":" + strconv.Itoa(c.Number)), Value: name})
	}
	return door.View{Body: showPage(s), Tags: []string{"draw:" + string(id), "edition:" + string(id), "people"}, Until: s.until(r.Now)}, nil
}

// until is when the page changes by the clock.
func (s *sheet) until(now time.Time) (until time.Time) {
	for _, at := range []time.Time{s.v.Terms.Closes, s.v.Terms.SeedAt} {
		if at.After(now) && (until.IsZero() || at.Before(until)) {
			until = at
		}
	}
	return until
}

// head is the sentence of state and what can be done.
func (s *sheet) head(r *door.Request) {
	w, t := s.Words, s.v.Terms
	switch {
	case s.v.State == civic.None:
		s.Shape, s.State, s.More = leaf.Later, w.T("dw.is.none"), w.T("dw.is.none.more")
	case s.v.State == civic.Announced:
		s.Shape, s.State, s.More = leaf.Later, w.T("dw.is.announced"), w.T("dw.is.announced.more")
	case s.v.Shut:
		s.Shape, s.State, s.More = leaf.Going, w.T("dw.is.shut"), w.T("dw.is.shut.more")
	case s.v.State == civic.Open:
		s.Shape, s.State, s.More = leaf.Open, w.T("dw.is.open"), w.T("dw.is.open.more", "date", s.when(t.Closes))
		s.Action = &leaf.Action{Text: w.T("dw.join"), Href: s.path("apuntarme"), Note: &leaf.Link{Text: w.T("dw.own.link"), Href: s.To("/mi-sorteo")}}
	case s.v.State == civic.Frozen:
		s.Shape, s.State, s.More = leaf.Going, w.T("dw.is.frozen"), w.T("dw.is.frozen.more", "date", s.when(t.SeedAt))
	default:
		n := 0
		for _, x := range s.v.Seats {
			if x.Seat == civic.Accepted {
				n++
			}
		}
		s.Shape, s.State, s.More = leaf.Done, w.T("dw.is.drawn", "n", w.N(n), "seats", w.N(t.Seats)), w.T("dw.is.drawn.more")
	}
	if s.v.State != civic.None && s.Action == nil {
		s.Action = &leaf.Action{Text: w.T("dw.own.link"), Href: s.To("/mi-sorteo")}
	}
}

func (s *sheet) tables() {
	w, t := s.Words, s.v.Terms
	homes := "no"
	if t.Households {
		homes = "yes"
	}
	s.rules = []leaf.Row{{Label: w.T("dw.row.seats"), Value: w.N(t.Seats)}, {Label: w.T("dw.row.rule"), Value: w.T("dw.rule." + t.Rule)},
		{Label: w.T("dw.row.households"), Value: w.T("dw.households." + homes)}, {Label: w.T("dw.row.closes"), Value: s.when(t.Closes)},
		{Label: w.T("dw.row.source"), Value: t.Source}, {Label: w.T("dw.row.seed_at"), Value: s.when(t.SeedAt)},
		{Label: w.T("dw.row.reply"), Value: w.T("dw.days", "n", w.N(t.Reply))}, {Label: w.T("dw.row.contacts"), Value: s.contacts()}}
	s.known = s.v.State == civic.Open && !s.v.Board.At.IsZero()
	if s.known {
		s.board = w.T("dw.board.at", "date", w.Day(s.v.Board.At.In(s.Zone)))
	}
	for _, q := range s.v.Board.Missing(t) {
		l := line{category: s.category(q.Category), group: s.feature(q.Category, q.Feature), least: w.N(q.Min), most: w.N(q.Max), people: w.T("x.hidden"), want: w.T("dw.want." + string(q.Want))}
		if q.People != civic.Hidden {
			l.people = w.N(q.People)
		}
		s.quotas = append(s.quotas, l)
	}
	for _, c := range s.v.Lottery.Chances {
		s.chances = append(s.chances, []string{w.N(c.Number), w.T("dw.permille", "n", w.N(c.PerMille)), c.Exact})
		s.least, s.most = s.extreme(s.least, c, s.v.Lottery.Least), s.extreme(s.most, c, s.v.Lottery.Most)
	}
	for side := range s.v.Typed {
		s.typed = s.Names.Side(side)
	}
	for _, x := range s.v.Seats {
		s.seats = append(s.seats, s.seat(x))
	}
	for _, name := range files {
		if d, ok := s.v.Digests[name]; ok {
			s.files = append(s.files, []string{name, w.T("dw.file." + name), hex.EncodeToString(d[:])})
		}
	}
	if s.v.State == civic.Drawn {
		s.command = "glosa method draw --json " + civic.LotteryFile + " --seed=" + quoted(s.v.Seed)
	}
}

// contacts says whether somebody proved the contacts, and so whether one person can
// be in the pool more than once.
func (s *sheet) contacts() string {
	switch w := s.Words; {
	case s.v.Volunteers > 0 && s.v.Unproven > 0:
		return w.T("dw.contacts.some", "n", w.N(s.v.Unproven), "of", w.N(s.v.Volunteers))
	case s.v.Volunteers > 0 || s.proves:
		return w.T("dw.contacts.shown")
	default:
		return w.T("dw.contacts.none")
	}
}

// extreme is a chance in words when it is the one that is looked for.
func (s *sheet) extreme(was string, c civic.Chance, exact string) string {
	if was == "" && c.Exact == exact {
		return s.Words.T("dw.permille", "n", s.Words.N(c.PerMille))
	}
	return was
}

// quoted is a text as a shell takes it: nothing in it is read.
func quoted(s string) string {
	out := "'"
	for _, c := range s {
		if c == '\'' {
			out += `'\''`
			continue
		}
		out += string(c)
	}
	return out + "'"
}

// none stands in a cell that says nothing.
const none = "–"

func (s *sheet) seat(x civic.Standing) seat {
	w := s.Words
	shape := map[civic.Seat]leaf.Shape{civic.Invited: leaf.Open, civic.Accepted: leaf.Done, civic.Declined: leaf.Barred, civic.Vacated: leaf.Barred, civic.Withdrawn: leaf.Barred}
	out := seat{number: w.N(x.Number), shape: shape[x.Seat], inPlaceOf: none}
	switch x.Seat {
	case civic.Invited:
		out.state = w.T("dw.seat.invited", "date", w.Day(x.Until.In(s.Zone)))
	case civic.Vacated:
		out.state = w.T("dw.seat.vacated", "why", w.T("dw.why."+string(x.Why)))
	default:
		out.state = w.T("dw.seat." + string(x.Seat))
	}
	if x.For > 0 {
		out.inPlaceOf = w.N(x.For)
	}
	return out
}
