package priority

import (
	"time"

	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// anomalyPage is what is unusual about a contest's ballots.
type anomalyPage struct {
	leaf.Page
	ID      string // of the edition
	Bursts  []burstRow
	Sets    []setRow
	Median  string
	Nets    []netRow
	Counted bool   // there is a count of networks
	Since   string // where the count of networks comes from, and what it lost
}

// netRow is a busy network without its name: its place, and its ballots.
type netRow struct{ N, Ballots string }

type burstRow struct{ N, At, More, Href string }

type setRow struct {
	Questions []leaf.Link
	Ballots   string
}

// anomalies is the report's page; NotFound until the agenda is made.
func (p *Pages) anomalies(r *door.Request) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	a, err := p.Priority.Anomalies(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	v := anomalyPage{Page: leaf.From(r, w.T("an.title")), ID: string(ed.ID), Median: w.N(a.Median)}
	v.Synthetic = ed.Synthetic
	here := r.To("/ediciones", v.ID, "agenda")
	v.Crumbs = []leaf.Link{chain.Crumb(r, ed), {Text: w.T("ag.title"), Href: here}, {Text: w.T("an.title")}}
	v.Margin = leaf.Margin{Head: chain.Name(w, ed), HeadLang: chain.Lang(w, ed), Synthetic: ed.Synthetic}
	v.Shape, v.State, v.More = leaf.Done, w.T("an.none"), w.T("an.more")
	if n := len(a.Bursts) + len(a.Sets); n > 0 {
		v.Shape, v.State = leaf.Open, w.T("an.some", "bursts", w.N(len(a.Bursts)), "sets", w.N(len(a.Sets)))
	}
	zone := ed.Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, b := range a.Bursts {
		v.Bursts = append(v.Bursts, burstRow{N: w.N(b.Batch), At: w.Stamp(b.At.In(zone)), More: w.N(b.More), Href: here + "/lotes/" + w.N(b.Batch)})
	}
	for _, s := range a.Sets {
		v.Sets = append(v.Sets, setOf(r, s))
	}
	v.Since = w.T("an.nets.lost")
	if a.Networks.Since != "" {
		v.Since = w.T("an.nets.since", "date", w.Date(a.Networks.Since.Time()))
	}
	for i, n := range a.Networks.Counts {
		v.Nets = append(v.Nets, netRow{w.N(i + 1), w.N(n)})
	}
	v.Counted = a.Networks.Since != ""
	v.Downloads = []leaf.Link{{Text: "JSON", Href: here + "/anomalias.json"}}
	return door.View{Body: anomalyBody(v), Tags: chain.Tags(ed)}, nil
}

func setOf(r *door.Request, s priority.SameSet) setRow {
	row := setRow{Ballots: r.Words.N(s.Ballots)}
	for _, q := range s.Questions {
		row.Questions = append(row.Questions, leaf.Link{Text: q, Href: r.To("/preguntas", q)})
	}
	return row
}

// anomalyData is the report for programs.
func (p *Pages) anomalyData(r *door.Request) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	a, err := p.Priority.Anomalies(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.JSON(string(ed.ID)+"-anomalias", struct {
		priority.Anomalies
		Synthetic bool `json:"synthetic,omitempty"`
	}{a, ed.Synthetic})
	return door.View{File: f, Tags: chain.Tags(ed)}, err
}
