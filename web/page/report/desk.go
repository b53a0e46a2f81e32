package report

import (
	"mime/multipart"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/report"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// bench is the desk at which a report is written and published.
type bench struct {
	leaf.Page
	Edition    edition.Edition
	Work       report.Workbench
	Post       string // under what an act will be published
	Problems   leaf.Problems
	Typed      report.Text
	Digest     string // of the draft as it is shown: what would be published
	Preview    []part
	Files      []file
	FileIDs    []string
	Promises   []promise
	MayWrite   bool
	MayPublish bool
	MayState   bool
}

// promise is one earlier promise with what the government last said of it.
type promise struct {
	ID, Title, Text string
	Status          string
}

func (p *Pages) desk(r *door.Request) (door.View, error) {
	b, err := p.bench(r)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: deskPage(b)}, nil
}

// bench reads the desk. Who may do nothing here learns nothing of it: NotFound.
func (p *Pages) bench(r *door.Request) (b bench, err error) {
	id := glosa.EditionID(r.Path("edition"))
	work, err := p.Report.Workbench(r.Context(), r.Actor, id)
	if err != nil {
		if glosa.KindOf(err) == glosa.Denied {
			err = glosa.Missing("edition", string(id))
		}
		return b, err
	}
	ed, err := p.Edition.Get(r.Context(), id)
	if err != nil {
		return b, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return b, err
	}
	w := r.Words
	b = bench{Page: leaf.From(r, w.T("ip.desk", "name", chain.Name(w, ed))), Edition: ed, Work: work, Post: names.Actor(r.Actor),
		Typed: work.Report.Draft, Digest: work.Digest.String()}
	b.NoIndex, b.Signed, b.Synthetic = true, b.Post, ed.Synthetic
	b.Margin = leaf.Margin{Head: ed.Code, Lines: leaf.Notes(chain.Step(w, ed)), Synthetic: ed.Synthetic}
	b.Crumbs = []leaf.Link{{Text: chain.Name(w, ed), Href: r.To("/ediciones", string(ed.ID))}}
	b.MayWrite = work.Writes && r.Actor.MayIn("report.draft", id) == nil
	b.MayPublish = work.Writes && r.Actor.MayIn("report.publish", id) == nil
	b.MayState = r.Actor.MayIn("report.state", id) == nil
	b.state(r)
	var shown sheet
	shown.body(r, report.Sheet{Edition: ed, Passages: work.Preview, Files: work.Files}, false)
	b.Preview, b.Files = shown.Parts, shown.Files
	for _, f := range work.Files {
		b.FileIDs = append(b.FileIDs, string(f.File))
	}
	return b, b.promises(p, r)
}

func (b *bench) state(r *door.Request) {
	w := r.Words
	due := ""
	if !b.Work.Due.IsZero() {
		due = w.T("ip.due", "date", w.Date(b.Work.Due.In(b.Edition.Zone)))
	}
	switch {
	case !b.Work.Writes:
		b.Shape, b.State, b.More = leaf.Open, w.T("ip.desk.theirs")+".", due
	case b.Work.Report.State == report.Published:
		b.Shape, b.State = leaf.Done, w.T("ip.desk.published", "n", w.N(b.Work.Report.Version))
	case b.Work.Late > 0:
		b.Shape, b.State, b.More = leaf.Overdue, w.T("ip.late", "n", w.N(b.Work.Late))+".", due
	case len(b.Work.Preview) == 0:
		b.Shape, b.State, b.More = leaf.Open, w.T("ip.desk.empty"), due
	default:
		b.Shape, b.State, b.More = leaf.Going, w.T("ip.desk.draft"), due
	}
}

// promises lists every earlier promise that is open, with what was last said.
func (b *bench) promises(p *Pages, r *door.Request) error {
	board, err := p.Commitment.Board(r.Context(), commitment.Filter{Series: b.Edition.Series})
	if err != nil {
		return err
	}
	title := map[glosa.CommitmentID]string{}
	for _, row := range board.Rows {
		title[row.ID] = row.Title
	}
	for _, id := range b.Work.Unstated {
		b.Promises = append(b.Promises, promise{ID: string(id), Title: title[id]})
	}
	for _, s := range b.Work.Statements {
		b.Promises = append(b.Promises, promise{ID: string(s.Commitment), Title: title[s.Commitment], Text: s.Text, Status: string(s.Status)})
	}
	return nil
}

// done does an act and shows the desk again, with what is wrong if anything is.
func (p *Pages) done(r *door.Request, do func(id glosa.EditionID) error) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	err := do(id)
	if err == nil {
		return door.Done(r.To("/mesa/informe", string(id)), "edition:"+string(id))
	}
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if !wrong {
		return door.View{}, err
	}
	b, err := p.bench(r)
	if err != nil {
		return door.View{}, err
	}
	b.Problems = problems
	if r.Form.Has("markdown") {
		b.Typed = report.Text{Title: r.Value("title"), Markdown: r.Form.Get("markdown")}
	}
	return door.Redo(deskPage(b))
}

func (p *Pages) write(r *door.Request) (door.View, error) {
	return p.done(r, func(id glosa.EditionID) error {
		return p.Report.Write(r.Context(), r.Actor, id, report.Text{Title: r.Value("title"), Markdown: r.Form.Get("markdown")})
	})
}

// publish sends the digest of what the signatory saw: another draft is a conflict.
func (p *Pages) publish(r *door.Request) (door.View, error) {
	return p.done(r, func(id glosa.EditionID) error {
		var digest glosa.Hash
		if err := digest.UnmarshalText([]byte(r.Value("digest"))); err != nil {
			return glosa.Refuse(glosa.Conflict, "rp.changed")
		}
		return p.Report.Publish(r.Context(), r.Actor, id, digest, r.Value("reason"))
	})
}

func (p *Pages) state(r *door.Request) (door.View, error) {
	return p.done(r, func(id glosa.EditionID) error {
		c := r.Value("commitment")
		return p.Report.State(r.Context(), r.Actor, id, report.Statement{Commitment: glosa.CommitmentID(c),
			Status: report.Status(r.Value("status")), Text: r.Value("text")})
	})
}

func (p *Pages) attach(r *door.Request) (door.View, error) {
	return p.done(r, func(id glosa.EditionID) error {
		if err := r.Actor.MayIn("report.draft", id); err != nil {
			return err // nobody else's bytes are kept
		}
		head, err := oneFile(r.Files["file"])
		if err != nil {
			return err
		}
		f, err := head.Open()
		if err != nil {
			return err
		}
		defer f.Close()
		kept, err := p.Files.Put(r.Context(), f, report.MaxFile)
		if err != nil {
			return err
		}
		return p.Report.Attach(r.Context(), r.Actor, id, kept, head.Filename, r.Value("file_title"))
	})
}

func oneFile(list []*multipart.FileHeader) (*multipart.FileHeader, error) {
	if len(list) != 1 || list[0].Size == 0 {
		return nil, glosa.WrongField("file", "ip.nofile")
	}
	return list[0], nil
}

func (p *Pages) detach(r *door.Request) (door.View, error) {
	return p.done(r, func(id glosa.EditionID) error {
		return p.Report.Detach(r.Context(), r.Actor, id, glosa.FileID(r.Value("file")))
	})
}

// choose is the choice of the promise that is spoken of, those without a word first.
func choose(b bench) leaf.Field {
	f := leaf.Field{Name: "commitment", Label: b.Words.T("ip.which"), Error: b.Problems.For("commitment"), Required: true}
	for _, p := range b.Promises {
		f.Options = append(f.Options, leaf.Option{Value: p.ID, Text: p.ID + " · " + p.Title})
	}
	return f
}

// ladder are the words of the ladder as choices.
func (b bench) ladder() (out []leaf.Option) {
	for _, s := range report.Statuses() {
		out = append(out, leaf.Option{Value: string(s), Text: b.Words.T("verdict." + string(s))})
	}
	return out
}
