package question

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// figures is the account of an edition's moderation.
type figures struct {
	leaf.Page
	scene scene
	f     civic.Fairness
	drawn string // when the rates were
	rates []rateTable
}

// rateTable is one way to divide what was refused.
type rateTable struct {
	title string
	note  string
	rows  []leaf.Row
}

func (p *Pages) fairness(r *door.Request) (scene, civic.Fairness, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return s, civic.Fairness{}, err
	}
	f, err := p.Question.Fairness(r.Context(), s.Edition.ID)
	return s, f, err
}

// hourly is how long figures of what waits are true.
const hourly = time.Hour

func (p *Pages) figures(r *door.Request) (door.View, error) {
	s, f, err := p.fairness(r)
	if err != nil {
		return door.View{}, err
	}
	w := s.Words
	x := figures{Page: s.page(w.T("fi.title")), scene: s, f: f}
	base := r.To("/ediciones", string(s.Edition.ID), "moderacion")
	x.More = w.T("fi.what")
	x.State, x.Shape = w.T("fi.none"), leaf.Done
	if f.Decided > 0 {
		x.State = w.T("fi.state", "n", w.N(f.Decided), "median", took(w.T, f.Median), "p90", took(w.T, f.P90))
	}
	x.Downloads = []leaf.Link{{Text: "CSV", Href: base + ".csv"}, {Text: "JSON", Href: base + ".json"}}
	x.Margin.Cite = p.Cite(r, s.Edition.Zone, x.State, chain.Name(w, s.Edition), base)
	x.drawn = w.T("fi.undrawn")
	if !f.Rates.Drawn.IsZero() {
		x.drawn = w.T("fi.drawn", "date", w.Date(f.Rates.Drawn.In(s.Edition.Zone)))
	}
	x.rates = []rateTable{
		{w.T("fi.by.theme"), w.T("fi.theme.note"), x.rows(f.Rates.Theme, func(k string) string { return s.Theme(glosa.Code(k)) })},
		{w.T("fi.by.institution"), w.T("fi.hidden.note"), x.rows(f.Rates.Institution, func(k string) string { return s.institution(glosa.InstitutionKey(k)) })},
		{w.T("fi.by.place"), w.T("fi.hidden.note"), x.rows(f.Rates.Place, func(k string) string { return s.Directory.Municipality(glosa.TerritoryCode(k)) })},
	}
	return door.View{Body: figuresPage(x), Tags: chain.Tags(s.Edition), Until: r.Now.Add(hourly)}, nil
}

// took is a duration in hours, or in days from three on.
func took(t func(string, ...string) string, d time.Duration) string {
	if d >= 72*time.Hour {
		return t("fi.days", "n", strconv.Itoa(int(d.Round(24*time.Hour)/(24*time.Hour))))
	}
	return t("fi.hours", "n", strconv.Itoa(int((d+time.Hour-1)/time.Hour)))
}

// rows are the rates that are shown, by name, and how many others there are.
func (x figures) rows(rates []civic.Rate, name func(string) string) (out []leaf.Row) {
	w, others := x.Words, 0
	for _, r := range rates {
		if r.Hidden() {
			others++
			continue
		}
		row := leaf.Row{Label: w.T("fi.nobody"), Value: w.T("fi.of", "n", w.N(r.Refused), "all", w.N(r.Decided()), "share", share(r.Refused, r.Decided()))}
		if r.Key != "" {
			row.Label = name(r.Key)
		}
		out = append(out, row)
	}
	slices.SortFunc(out, func(a, b leaf.Row) int { return strings.Compare(a.Label, b.Label) })
	if others > 0 {
		out = append(out, leaf.Row{Label: w.T("fi.others", "n", w.N(others)), Value: w.T("fi.few")})
	}
	return out
}

// share is a part as a percentage; none of nothing.
func share(n, all int) string {
	if all == 0 {
		return "0 %"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(n)/float64(all))
}

func (x figures) times() []leaf.Row {
	w, f := x.Words, x.f
	return []leaf.Row{
		{Label: w.T("fi.median"), Value: took(w.T, f.Median)},
		{Label: w.T("fi.p90"), Value: took(w.T, f.P90)},
		{Label: w.T("fi.within"), Value: w.T("fi.of", "n", w.N(f.Within), "all", w.N(f.Decided), "share", share(f.Within, f.Decided))},
		{Label: w.T("fi.refused"), Value: w.T("fi.of", "n", w.N(f.Refused), "all", w.N(f.Decided), "share", share(f.Refused, f.Decided))},
		{Label: w.T("fi.redacted"), Value: w.N(f.Redacted)},
		{Label: w.T("fi.owed"), Value: w.N(f.Owed)},
		{Label: w.T("fi.owed.late"), Value: w.N(f.OwedLate)},
	}
}

func (x figures) waiting() (l leaf.Ledger) {
	w := x.Words
	n := 0
	for _, b := range x.f.Waiting {
		l.Rows = append(l.Rows, leaf.Row{Label: waitedFor(x, b), Value: w.N(b.N)})
		n += b.N
	}
	l.Caption, l.Total = w.T("fi.waiting"), &leaf.Row{Label: w.T("fi.waiting.all", "late", w.N(x.f.Late)), Value: w.N(n)}
	return l
}

func waitedFor(x figures, b civic.Wait) string {
	from, to := strconv.Itoa(int(b.From/time.Hour)), strconv.Itoa(int(b.To/time.Hour))
	if b.To == 0 {
		return x.Words.T("fi.more", "n", from)
	}
	return x.Words.T("fi.between", "from", from, "to", to)
}

func (x figures) side(s civic.SideWords) []leaf.Row {
	w := x.Words
	first := s.Admitted + s.Proposed
	return []leaf.Row{
		{Label: w.T("fi.side.proposed"), Value: w.T("fi.of", "n", w.N(s.Proposed), "all", w.N(first), "share", share(s.Proposed, first))},
		{Label: w.T("fi.side.refused"), Value: w.T("fi.of", "n", w.N(s.Refused), "all", w.N(s.Proposed), "share", share(s.Refused, s.Proposed))},
		{Label: w.T("fi.side.agreed"), Value: w.T("fi.of", "n", w.N(s.Agreed), "all", w.N(s.Asked), "share", share(s.Agreed, s.Asked))},
		{Label: w.T("fi.side.silent"), Value: w.T("fi.of", "n", w.N(s.Silent), "all", w.N(s.Asked), "share", share(s.Silent, s.Asked))},
	}
}

// figure is one number of the account as programs read it: n of all.
type figure struct {
	Figure string `json:"figure"`
	Of     string `json:"of,omitempty"`
	N      *int   `json:"n"` // null when it is not told
	All    *int   `json:"all,omitempty"`
	Hidden bool   `json:"hidden,omitempty"` // too few, or beside too few
	Day    string `json:"day,omitempty"`    // of the night on which it was drawn; as it stands now without
}

func figuresOf(f civic.Fairness, zone *time.Location) (out []figure) {
	add := func(name, of string, n int, all ...int) {
		x := figure{Figure: name, Of: of, N: &n}
		if len(all) > 0 {
			x.All = &all[0]
		}
		out = append(out, x)
	}
	add("decided", "", f.Decided)
	add("median_minutes", "", int(f.Median/time.Minute))
	add("p90_minutes", "", int(f.P90/time.Minute))
	add("within_clock", "", f.Within, f.Decided)
	add("refused", "", f.Refused, f.Decided)
	for _, b := range f.Waiting {
		add("waiting_from_hours", strconv.Itoa(int(b.From/time.Hour)), b.N)
	}
	add("waiting_late", "", f.Late)
	for _, s := range f.Sides {
		side := string(s.Side)
		add("side_proposed", side, s.Proposed, s.Admitted+s.Proposed)
		add("side_refused", side, s.Refused, s.Proposed)
		add("side_agreed", side, s.Agreed, s.Asked)
		add("side_silent", side, s.Silent, s.Asked)
	}
	for _, t := range []struct {
		name  string
		rates []civic.Rate
	}{{"refused_by_theme", f.Rates.Theme}, {"refused_by_institution", f.Rates.Institution}, {"refused_by_municipality", f.Rates.Place}} {
		for _, r := range t.rates {
			x := figure{Figure: t.name, Of: r.Key, Hidden: r.Hidden(), Day: f.Rates.Drawn.In(zone).Format(time.DateOnly)}
			if n, all := r.Refused, r.Decided(); !x.Hidden {
				x.N, x.All = &n, &all
			}
			out = append(out, x)
		}
	}
	add("redacted", "", f.Redacted)
	add("translations_owed", "", f.Owed)
	add("translations_late", "", f.OwedLate)
	add("translations_made", "", f.Translated)
	return out
}

func (p *Pages) figuresTable(r *door.Request) (door.View, error) {
	s, f, err := p.fairness(r)
	if err != nil {
		return door.View{}, err
	}
	var rows [][]string
	for _, x := range figuresOf(f, s.Edition.Zone) {
		n, all := "", ""
		if x.N != nil {
			n = strconv.Itoa(*x.N)
		}
		if x.All != nil {
			all = strconv.Itoa(*x.All)
		}
		rows = append(rows, []string{x.Figure, x.Of, n, all, strconv.FormatBool(x.Hidden), x.Day})
	}
	file := feed.CSV("moderacion-"+string(s.Edition.ID), []string{"figure", "of", "n", "all", "hidden", "day"}, rows)
	return door.View{File: file, Tags: chain.Tags(s.Edition), Until: r.Now.Add(hourly)}, nil
}

func (p *Pages) figuresItems(r *door.Request) (door.View, error) {
	s, f, err := p.fairness(r)
	if err != nil {
		return door.View{}, err
	}
	file, err := feed.JSON("moderacion-"+string(s.Edition.ID), figuresOf(f, s.Edition.Zone))
	return door.View{File: file, Tags: chain.Tags(s.Edition), Until: r.Now.Add(hourly)}, err
}
