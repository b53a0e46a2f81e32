package report

import (
	"net/url"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/report"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// sheet is the page of a report.
type sheet struct {
	leaf.Page
	Parts    []part
	Contents []leaf.Link
	Files    []file
	Said     []said
	Silent   []said // promises on which nothing was said
	Versions []version
}

// part is a heading of the report and what stands below it.
type part struct {
	ID, Title string
	Passages  []passage
}

// passage is one addressable block, or a heading below the part's own.
type passage struct {
	ID, Number, HTML string
	Heading          string
	Ask              string // where to ask about it; "" when questions are closed
}

type file struct {
	Href, Title, Kind string
	Bytes             int64
}

// said is the government's word on one earlier promise.
type said struct {
	ID, Title, Href, Text, By string
	Grade                     leaf.Grade
}

type version struct{ When, Text, By string }

func (p *Pages) show(r *door.Request) (door.View, error) {
	s, err := p.Report.Sheet(r.Context(), glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	w, ed := r.Words, s.Edition
	v := sheet{Page: leaf.From(r, w.T("ch.1"))}
	v.Crumbs = []leaf.Link{{Text: w.T("nav.editions"), Href: r.To("/ediciones")}, chain.Crumb(r, ed)}
	v.Synthetic, v.Untranslated = ed.Synthetic, r.Lang != "es" && s.Report.Version > 0
	v.Margin = leaf.Margin{Head: ed.Code, Lines: leaf.Notes(chain.Step(w, ed)), Synthetic: ed.Synthetic}
	links, err := p.Of(r, ed)
	if err != nil {
		return door.View{}, err
	}
	v.Chain = &links.Chain
	names, err := who.Read(r.Context(), p.People, w)
	if err != nil {
		return door.View{}, err
	}
	v.state(r, s, names)
	v.Margin.Cite = p.Cite(r, ed.Zone, v.Title+", "+chain.Name(w, ed)+": "+v.State, "", r.To("/ediciones", string(ed.ID), "informe"))
	_, open := ed.Accepts(r.Now)
	v.body(r, s, open)
	tags, err := v.promises(p, r, s, names)
	if err != nil {
		return door.View{}, err
	}
	stamp, until, err := p.Seal(r, ed, string(report.IDOf(ed.ID)), "report.published")
	v.Stamp = stamp
	if links.Until.Before(until) || until.IsZero() {
		until = links.Until
	}
	return door.View{Body: page(v), Tags: chain.Tags(ed, tags...), Until: until}, err
}

// state is the one sentence: published when and by whom, or how late it is.
func (v *sheet) state(r *door.Request, s report.Sheet, names who.Names) {
	w, ed := r.Words, s.Edition
	due := ""
	if !s.Due.IsZero() {
		due = w.Date(s.Due.In(ed.Zone))
	}
	switch {
	case ed.Documented:
		v.Shape, v.State, v.More = leaf.Unknown, w.T("c.nodata")+".", w.T("ip.documented")
	case s.Report.State == report.Published:
		v.Title = s.Report.Title
		v.State, v.More = w.T("ip.ontime"), w.T("ip.by", "post", names.By(s.Report.By), "date", w.Date(s.Report.Published.In(ed.Zone)))
		if s.Late > 0 {
			v.Shape, v.State = leaf.Overdue, w.T("i.late", "n", w.N(s.Late))+"."
		}
		v.Margin.Lines = append(v.Margin.Lines, leaf.Notes(w.T("ip.version", "n", w.N(s.Report.Version)))...)
		if _, open := ed.Accepts(r.Now); open {
			v.Action = &leaf.Action{Text: w.T("h.ask"), Href: r.To("/ediciones", string(ed.ID), "preguntar")}
		}
	case s.Late > 0:
		v.State = w.T("ip.missing")
		v.Clock = &leaf.Clock{Bold: w.T("ip.late", "n", w.N(s.Late)) + ".", Rest: w.T("ip.was", "date", due), Run: leaf.Late}
	case due != "":
		v.State, v.More = w.T("ip.missing"), w.T("ip.due", "date", due)
	default:
		v.State, v.More = w.T("ip.missing"), w.T("s.nodate")+"."
	}
	v.Downloads = []leaf.Link{{Text: "JSON", Href: r.To("/ediciones", string(ed.ID), "informe.json")}}
	if s.Report.Version == 0 {
		v.Downloads = nil
	}
}

// body groups the passages below their headings.
func (v *sheet) body(r *door.Request, s report.Sheet, open bool) {
	ed, top := s.Edition, 6
	for _, x := range s.Passages {
		if x.Kind == report.Heading {
			top = min(top, x.Level)
		}
	}
	for _, x := range s.Passages {
		if x.Kind == report.Heading {
			v.Contents = append(v.Contents, leaf.Link{Text: x.Words, Href: "#" + x.ElementID()})
		}
		if x.Kind == report.Heading && x.Level == top {
			v.Parts = append(v.Parts, part{ID: x.ElementID(), Title: x.Words})
			continue
		}
		if len(v.Parts) == 0 {
			v.Parts = append(v.Parts, part{})
		}
		last := &v.Parts[len(v.Parts)-1]
		if x.Kind == report.Heading {
			last.Passages = append(last.Passages, passage{ID: x.ElementID(), Heading: x.Words})
			continue
		}
		one := passage{ID: x.ElementID(), Number: x.Anchor, HTML: x.HTML}
		if open {
			one.Ask = r.To("/ediciones", string(ed.ID), "preguntar") + "?parrafo=" + url.QueryEscape(string(report.PassageOf(ed.ID, x.Anchor)))
		}
		last.Passages = append(last.Passages, one)
	}
	for _, f := range s.Files {
		v.Files = append(v.Files, file{Href: r.To("/ediciones", string(ed.ID), "informe", "archivos", string(f.File)), Title: f.Title, Kind: kindOf(f.Type), Bytes: f.Size})
	}
	if len(s.Versions) > 1 {
		for _, x := range s.Versions {
			v.Versions = append(v.Versions, version{When: r.Words.Stamp(x.Published.In(ed.Zone)), Text: x.Reason})
		}
	}
}

// kindOf is a file's type as people call it.
func kindOf(t report.Type) string {
	short := map[report.Type]string{report.PDF: "PDF", report.PNG: "PNG", report.JPEG: "JPEG", report.CSV: "CSV", report.JSON: "JSON",
		report.Plain: "TXT", report.XLSX: "XLSX", report.DOCX: "DOCX", report.ODS: "ODS", report.ODT: "ODT"}
	if s := short[t]; s != "" {
		return s
	}
	return string(t)
}

// promises is what the government says of each earlier promise, and on which it is silent.
func (v *sheet) promises(p *Pages, r *door.Request, s report.Sheet, names who.Names) (tags []string, err error) {
	if s.Edition.Documented {
		return nil, nil
	}
	board, err := p.Commitment.Board(r.Context(), commitment.Filter{Series: s.Edition.Series})
	if err != nil {
		return nil, err
	}
	title := map[glosa.CommitmentID]string{}
	for _, row := range board.Rows {
		title[row.ID] = row.Title
	}
	for _, x := range s.Statements {
		tags = append(tags, "commitment:"+string(x.Commitment))
		v.Said = append(v.Said, said{ID: string(x.Commitment), Title: title[x.Commitment], Href: r.To("/compromisos", string(x.Commitment)),
			Text: x.Text, By: names.By(x.By) + ", " + r.Words.Day(x.At.In(s.Edition.Zone)), Grade: leaf.Grade(x.Status)})
	}
	for _, id := range s.Unstated {
		tags = append(tags, "commitment:"+string(id))
		v.Silent = append(v.Silent, said{ID: string(id), Title: title[id], Href: r.To("/compromisos", string(id))})
	}
	return tags, nil
}

// passageJS is one passage as programs read it.
type passageJS struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Text string `json:"text"`
	Hash string `json:"sha256"`
}

func (p *Pages) json(r *door.Request) (door.View, error) {
	s, err := p.Report.Sheet(r.Context(), glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	if s.Report.Version == 0 {
		return door.View{}, glosa.Missing("report", string(report.IDOf(s.Edition.ID)))
	}
	out := struct {
		ID        string      `json:"id"`
		Title     string      `json:"title"`
		Version   int         `json:"version"`
		Published time.Time   `json:"published"`
		LateDays  int         `json:"late_days"`
		Synthetic bool        `json:"synthetic"`
		Digest    string      `json:"sha256"`
		Items     []passageJS `json:"items"`
	}{string(s.Report.ID), s.Report.Title, s.Report.Version, s.Report.Published, s.Late, s.Edition.Synthetic, s.Report.Digest.String(), nil}
	for _, x := range s.Passages {
		out.Items = append(out.Items, passageJS{string(report.PassageOf(s.Edition.ID, x.Anchor)), string(x.Kind), x.Words, x.Hash.String()})
	}
	f, err := feed.JSON(string(s.Report.ID), out)
	return door.View{File: f, Tags: chain.Tags(s.Edition)}, err
}
