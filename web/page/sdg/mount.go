package sdg

import (
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/sdg"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// Pages is the pages of goals and targets.
type Pages struct{ chain.Desks }

// Mount hangs them up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/ods", p.list)
	r.Page("/ods/{code}", p.show)
	r.Page("/ods/{code}/datos.csv", p.table)
}

// goals is the page of the seventeen.
type goals struct {
	leaf.Page
	Goals []tagged
}

// tagged is a goal or a target with how many commitments serve it.
type tagged struct {
	Code, Label, Href string
	N                 string
}

// aim is the page of one goal or one target.
type aim struct {
	leaf.Page
	Code     string
	Promises []served
	Targets  []tagged // of a goal
	Official string   // the United Nations' identifier
	Codes    string   // of its indicators
	Tied     string   // how the exercise, not what was promised in it, is registered with the goal
	Sources  []leaf.Link
}

// served is one commitment and why it serves the target.
type served struct {
	leaf.Item
	Reasons   []reason
	Synthetic bool
	ByGoal    bool // tied to the goal only: no target was chosen
}

type reason struct{ Code, Text string }

func (p *Pages) list(r *door.Request) (door.View, error) {
	board, err := p.Commitment.Board(r.Context(), commitment.Filter{})
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	v := goals{Page: leaf.From(r, w.T("od.title"))}
	serve := map[int]int{}
	tags := []string{"commitments", "editions"}
	for _, row := range board.Rows {
		seen := map[int]bool{row.Goal: row.Goal > 0}
		for _, t := range row.Targets {
			if found, err := sdg.Find(t); err == nil {
				seen[found.Goal] = true
			}
		}
		for g, yes := range seen {
			if yes {
				serve[g]++
			}
		}
		tags = append(tags, "commitment:"+string(row.ID))
	}
	for _, g := range sdg.Goals() {
		code := strconv.Itoa(g.Number)
		v.Goals = append(v.Goals, tagged{Code: code, Label: g.Label.In(r.Lang), Href: r.To("/ods", code), N: w.T("od.n", "n", w.N(serve[g.Number]))})
	}
	v.State, v.More = w.T("od.state", "n", w.N(len(serve))), w.T("od.more")
	v.Margin = leaf.Margin{Head: w.T("od.margin"), Lines: leaf.Notes(w.T("od.labels"))}
	v.Margin.Cite = p.Cite(r, nil, v.Title+": "+v.State, "", r.To("/ods"))
	return door.View{Body: goalsPage(v), Tags: tags, Until: board.Until}, nil
}

// aimed is what the code of the address names: a goal, or a target. NotFound.
func aimed(r *door.Request) (f commitment.Filter, title, official string, indicators []string, err error) {
	code := strings.ToLower(strings.TrimSpace(r.Path("code")))
	if n, numErr := strconv.Atoi(code); numErr == nil {
		g, err := sdg.GoalOf(n)
		return commitment.Filter{Goal: n}, "ODS " + code + " · " + g.Label.In(r.Lang), g.URI, nil, err
	}
	t, err := sdg.Find(glosa.TargetCode(code))
	return commitment.Filter{Target: t.Code}, r.Words.T("sdg.tag", "code", string(t.Code), "label", t.Label.In(r.Lang)), t.URI, t.Indicators, err
}

func (p *Pages) show(r *door.Request) (door.View, error) {
	filter, title, official, indicators, err := aimed(r)
	if err != nil {
		return door.View{}, err
	}
	board, err := p.Commitment.Board(r.Context(), filter)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	v := aim{Page: leaf.From(r, title), Code: strings.ToLower(r.Path("code")), Official: official, Codes: strings.Join(indicators, ", ")}
	v.Crumbs = []leaf.Link{{Text: w.T("od.short"), Href: r.To("/ods")}}
	v.Margin = leaf.Margin{Head: v.Code}
	v.State = w.T("od.n.state", "n", w.N(len(board.Rows)))
	v.Margin.Cite = p.Cite(r, nil, title+": "+v.State, "", r.To("/ods", v.Code))
	tags := []string{"commitments", "editions", "sources"}
	for _, row := range board.Rows {
		one, err := p.served(r, row, filter)
		if err != nil {
			return door.View{}, err
		}
		v.Promises = append(v.Promises, one)
		tags = append(tags, "commitment:"+string(row.ID))
	}
	if err := v.tied(p, r, filter.Goal); err != nil {
		return door.View{}, err
	}
	if filter.Goal > 0 {
		g, err := sdg.GoalOf(filter.Goal)
		if err != nil {
			return door.View{}, err
		}
		for _, t := range g.Targets {
			v.Targets = append(v.Targets, tagged{Code: string(t.Code), Label: t.Label.In(r.Lang), Href: r.To("/ods", string(t.Code))})
		}
	} else {
		goal, _, _ := strings.Cut(v.Code, ".")
		v.Crumbs = append(v.Crumbs, leaf.Link{Text: "ODS " + goal, Href: r.To("/ods", goal)})
	}
	v.Downloads = []leaf.Link{{Text: "CSV", Href: r.To("/ods", v.Code, "datos.csv")}}
	return door.View{Body: aimPage(v), Tags: tags, Until: board.Until}, nil
}

// tied says with which goals the exercise itself was registered, and who says so.
func (v *aim) tied(p *Pages, r *door.Request, goal int) error {
	all, err := p.Edition.List(r.Context(), "")
	if err != nil || goal == 0 {
		return err
	}
	for _, ed := range all {
		d, err := p.Edition.Dossier(r.Context(), ed.Series)
		if err != nil {
			return err
		}
		f, _ := d.Aims()
		switch slices.Index(f.Goals, goal) {
		case -1:
			continue
		case 0:
			v.Tied = r.Words.T("od.main")
		default:
			v.Tied = r.Words.T("od.indirect")
		}
		for _, id := range f.Sources {
			if s, ok := d.Source(id); ok {
				v.Sources = append(v.Sources, leaf.Link{Text: s.Publisher, Href: s.URL})
			}
		}
		return nil
	}
	return nil
}

// served is one commitment with the reasons for the targets asked about.
func (p *Pages) served(r *door.Request, row commitment.Row, f commitment.Filter) (s served, err error) {
	card, err := p.Commitment.Card(r.Context(), string(row.ID))
	if err != nil {
		return s, err
	}
	s = served{Item: leaf.Item{Code: string(row.ID), Text: row.Title, Href: r.To("/compromisos", string(row.ID)), Lang: "es"}, Synthetic: row.Synthetic}
	for _, t := range card.Targets {
		found, err := sdg.Find(t.Code)
		if err == nil && (t.Code == f.Target || found.Goal == f.Goal) {
			s.Reasons = append(s.Reasons, reason{string(t.Code), t.Rationale})
		}
	}
	s.ByGoal = len(s.Reasons) == 0
	return s, nil
}

func (p *Pages) table(r *door.Request) (door.View, error) {
	filter, _, _, _, err := aimed(r)
	if err != nil {
		return door.View{}, err
	}
	board, err := p.Commitment.Board(r.Context(), filter)
	if err != nil {
		return door.View{}, err
	}
	rows := [][]string{}
	for _, row := range board.Rows {
		one, err := p.served(r, row, filter)
		if err != nil {
			return door.View{}, err
		}
		for _, x := range one.Reasons {
			rows = append(rows, []string{string(row.ID), row.Title, x.Code, x.Text, strconv.FormatBool(row.Synthetic), feed.Word(r.Words, row.Synthetic)})
		}
		if one.ByGoal {
			rows = append(rows, []string{string(row.ID), row.Title, strconv.Itoa(row.Goal), "", strconv.FormatBool(row.Synthetic), feed.Word(r.Words, row.Synthetic)})
		}
	}
	return door.View{File: feed.CSV("ods-"+r.Path("code"), []string{"commitment", "title", "target", "rationale", "synthetic", "mark"}, rows),
		Tags: []string{"commitments", "editions"}, Until: board.Until}, nil
}
