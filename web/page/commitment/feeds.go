package commitment

import (
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/web/door"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// item is one commitment of a board as programs read it.
type item struct {
	ID          glosa.CommitmentID   `json:"id"`
	Edition     glosa.EditionID      `json:"edition"`
	Title       string               `json:"title"`
	Restated    bool                 `json:"restated"`
	State       commitment.State     `json:"state"`
	Leads       glosa.InstitutionKey `json:"leads,omitempty"`
	With        glosa.InstitutionKey `json:"with,omitempty"`
	Government  oneSide              `json:"government"`
	Observatory oneSide              `json:"observatory"`
	Gap         *int                 `json:"gap"` // null: not computable
	Ends        *time.Time           `json:"ends,omitempty"`
	EndsFirst   *time.Time           `json:"ends_original,omitempty"` // where an amendment moved it
	Milestones  int                  `json:"milestones"`
	Verified    int                  `json:"milestones_verified"`
	Overdue     int                  `json:"milestones_overdue"`
	StaleDays   int                  `json:"stale_days"`
	Goal        int                  `json:"goal,omitempty"`
	Targets     []glosa.TargetCode   `json:"targets"`
	Synthetic   bool                 `json:"synthetic"`
	Mark        string               `json:"mark,omitempty"` // SINTÉTICO
}

// oneSide is one side's word: on the ladder, or its own.
type oneSide struct {
	Status commitment.Status `json:"status,omitempty"`
	Own    string            `json:"own_word,omitempty"`
}

// figures are a group's totals with their denominators.
type figures struct {
	Synthetic  bool `json:"synthetic"`
	Steps      int  `json:"gap_steps"`
	Computable int  `json:"gap_computable"`
	Of         int  `json:"of"`
}

func itemOf(r *door.Request, x commitment.Row) item {
	it := item{ID: x.ID, Edition: x.Edition, Title: x.Title, Restated: x.Restated, State: x.State, Leads: x.Leads, With: x.With,
		Government: oneSide{x.Government.Status, x.Government.Own}, Observatory: oneSide{x.Observed.Status, x.Observed.Own},
		Milestones: x.Milestones, Verified: x.Verified, Overdue: x.Overdue, StaleDays: x.Stale, Goal: x.Goal,
		Targets: append([]glosa.TargetCode{}, x.Targets...), Synthetic: x.Synthetic}
	if x.Computable {
		it.Gap = &x.Gap
	}
	if !x.Ends.IsZero() {
		it.Ends = &x.Ends
	}
	if !x.WasEnds.IsZero() {
		it.EndsFirst = &x.WasEnds
	}
	it.Mark = feed.Word(r.Words, x.Synthetic)
	return it
}

// boardTags reads the board behind a download and what moves it.
func (p *Pages) boardTags(r *door.Request) (b commitment.Board, tags []string, err error) {
	if id := r.Path("edition"); id != "" {
		if _, err := p.Edition.Get(r.Context(), glosa.EditionID(id)); err != nil {
			return b, nil, err
		}
	}
	if b, err = p.read(r); err != nil {
		return b, nil, err
	}
	tags, err = p.seriesTags(r)
	return b, tags, err
}

func (p *Pages) boardJSON(r *door.Request) (door.View, error) {
	b, tags, err := p.boardTags(r)
	if err != nil {
		return door.View{}, err
	}
	items := []item{}
	total := map[bool]*commitment.GapTotal{false: {}, true: {}}
	for _, x := range b.Rows {
		items = append(items, itemOf(r, x))
		total[x.Synthetic].Add(x.Government.Status, x.Observed.Status)
	}
	var sums []figures
	for _, synthetic := range []bool{false, true} {
		if g := total[synthetic]; g.Of > 0 {
			sums = append(sums, figures{synthetic, g.Steps, g.Computable, g.Of})
		}
	}
	f, err := feed.JSON("compromisos", map[string]any{"items": items, "totals": sums})
	return door.View{File: f, Tags: tags, Until: b.Until}, err
}

var columns = []string{"id", "edition", "title", "restated", "state", "leads", "with", "government", "observatory", "gap_steps", "ends", "ends_original",
	"milestones", "milestones_verified", "milestones_overdue", "stale_days", "targets", "mark"}

func (p *Pages) boardCSV(r *door.Request) (door.View, error) {
	b, tags, err := p.boardTags(r)
	if err != nil {
		return door.View{}, err
	}
	var rows [][]string
	for _, x := range b.Rows {
		it := itemOf(r, x)
		gap, ends, first, restated := "", "", "", "no"
		if it.Gap != nil {
			gap = itoa(*it.Gap)
		}
		if it.Ends != nil {
			ends = it.Ends.UTC().Format(time.RFC3339)
		}
		if it.EndsFirst != nil {
			first = it.EndsFirst.UTC().Format(time.RFC3339)
		}
		if it.Restated {
			restated = "yes"
		}
		var targets []string
		for _, t := range it.Targets {
			targets = append(targets, string(t))
		}
		rows = append(rows, []string{string(it.ID), string(it.Edition), it.Title, restated, string(it.State), string(it.Leads), string(it.With),
			it.Government.text(), it.Observatory.text(), gap, ends, first, itoa(it.Milestones), itoa(it.Verified), itoa(it.Overdue), itoa(it.StaleDays),
			strings.Join(targets, " "), it.Mark})
	}
	return door.View{File: feed.CSV("compromisos", columns, rows), Tags: tags, Until: b.Until}, nil
}

func (s oneSide) text() string {
	if s.Own != "" {
		return s.Own
	}
	return string(s.Status)
}

func (p *Pages) boardAtom(r *door.Request) (door.View, error) {
	b, tags, err := p.boardTags(r)
	if err != nil {
		return door.View{}, err
	}
	slices.SortStableFunc(b.Rows, func(x, y commitment.Row) int { return y.Changed.Compare(x.Changed) })
	var entries []feed.Entry
	for _, x := range b.Rows[:min(len(b.Rows), 100)] {
		entries = append(entries, feed.Entry{Invented: x.Synthetic, Title: string(x.ID) + " · " + x.Title, Path: r.To("/compromisos", string(x.ID)),
			Updated: x.Changed, Summary: r.Words.T("cb.heard", "gov", stated(r.Words, x.Government), "obs", said(r.Words, x.Observed))})
	}
	page := strings.TrimSuffix(r.HTTP.URL.Path, ".atom")
	f, err := feed.Atom(r, r.Words.T("nav.commitments"), page, entries)
	return door.View{File: f, Tags: tags, Until: b.Until}, err
}

// names of those who publish, for one cell.
func publishers(links []leaf.Link) string {
	var all []string
	for _, l := range links {
		all = append(all, l.Href)
	}
	return strings.Join(all, " ")
}

func (p *Pages) cardCSV(r *door.Request) (door.View, error) {
	v, tags, until, err := p.cardOf(r)
	if err != nil {
		return door.View{}, err
	}
	var rows [][]string
	band := ""
	for _, l := range v.Lines {
		if l.Band != "" {
			band = l.Band
			continue
		}
		wording := ""
		if l.Version > 0 {
			wording = itoa(l.Version)
		}
		rows = append(rows, []string{string(v.Card.ID), band, l.When, wording, l.Text, l.Note, publishers(l.Sources), l.Conflict, publishers(l.Against),
			feed.Word(r.Words, v.Card.Synthetic)})
	}
	f := feed.CSV(strings.ToLower(string(v.Card.ID)), []string{"id", "government", "date", "wording", "text", "note", "sources", "conflict", "conflict_sources", "mark"}, rows)
	return door.View{File: f, Tags: tags, Until: until}, nil
}

func (p *Pages) cardJSON(r *door.Request) (door.View, error) {
	v, tags, until, err := p.cardOf(r)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.JSON(strings.ToLower(string(v.Card.ID)), publicCard(r, v))
	return door.View{File: f, Tags: tags, Until: until}, err
}

func (p *Pages) cardAtom(r *door.Request) (door.View, error) {
	v, tags, until, err := p.cardOf(r)
	if err != nil {
		return door.View{}, err
	}
	page := r.To("/compromisos", string(v.Card.ID))
	var entries []feed.Entry
	for n, l := range slices.Backward(v.Lines) {
		if l.Band == "" {
			entries = append(entries, feed.Entry{Invented: v.Card.Synthetic, Title: l.When + ": " + l.Text, Path: page + "#linea-" + itoa(n+1), Updated: l.At, Summary: l.Note})
		}
	}
	f, err := feed.Atom(r, string(v.Card.ID)+" · "+v.Title, page, entries)
	return door.View{File: f, Tags: tags, Until: until}, err
}
