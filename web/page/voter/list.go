package voter

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"glosa"
	civic "glosa/civic/people/voter"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
)

// redo shows a form, with 422 when something in it is wrong.
func redo(body templ.Component, problems leaf.Problems) door.View {
	v := door.View{Body: body, NoStore: true}
	if problems.Any() {
		v.Status = http.StatusUnprocessableEntity
	}
	return v
}

// issues is the public page of the lists of codes, or the desk of those who bring them.
type issues struct {
	leaf.Page
	all      []issue
	problems leaf.Problems
	file     leaf.Field
	here     string
}

// issue is one list in words.
type issue struct {
	civic.Issue
	name, href string
	rows       []leaf.Row
	open       bool // at a desk: it can be closed
	box        leaf.Field
}

func (p *Pages) lists(r *door.Request) (door.View, error) {
	l, ed, err := p.sheet(r, "vo.lists.title")
	if err != nil {
		return door.View{}, err
	}
	l.NoIndex = false
	all, err := p.Voter.Issues(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	v := issues{Page: l}
	v.Shape, v.State, v.More = leaf.Open, r.Words.T("vo.lists.count", "n", r.Words.N(len(all)))+".", r.Words.T("vo.lists.what")
	if v.all, err = p.said(r, all); err != nil {
		return door.View{}, err
	}
	return door.Show(listsPage(v), "edition:"+string(ed.ID))
}

// said is each list in words.
func (p *Pages) said(r *door.Request, all []civic.Issue) (out []issue, err error) {
	names, err := who.Read(r.Context(), p.People, r.Words)
	w := r.Words
	for _, i := range all {
		x := issue{Issue: i, name: names.Institution(i.Issuer), href: at(r, "codigos", string(i.ID)), open: i.State == civic.Loaded}
		x.rows = []leaf.Row{{Label: w.T("vo.list.issued"), Value: w.N(i.Codes)}, {Label: w.T("vo.list.root"), Value: i.Root.String(), Hash: true},
			{Label: w.T("vo.list.state"), Value: w.T("vo.state." + string(i.State))}}
		if i.State == civic.Closed {
			used, unused := w.N(i.Used), w.N(i.Unused())
			if !i.Tells() {
				used, unused = w.T("vo.list.few"), w.T("vo.list.few")
			}
			x.rows = append(x.rows, leaf.Row{Label: w.T("vo.list.used"), Value: used}, leaf.Row{Label: w.T("vo.list.unused"), Value: unused},
				leaf.Row{Label: w.T("vo.list.destroyed"), Value: w.N(i.Destroyed)})
		}
		x.box = leaf.Field{Name: "destroyed", Form: string(i.ID), Label: w.T("vo.list.destroyed"), Type: "number", Required: true}
		out = append(out, x)
	}
	return out, err
}

// file is the public file of a list.
func (p *Pages) file(r *door.Request) (door.View, error) {
	l, err := p.Voter.File(r.Context(), glosa.EditionID(r.Path("edition")), glosa.Code(r.Path("list")))
	if err != nil {
		return door.View{}, err
	}
	var b bytes.Buffer
	if _, err := l.WriteTo(&b); err != nil {
		return door.View{}, err
	}
	return door.View{File: &door.File{Name: r.Path("list") + ".txt", Type: "text/plain; charset=utf-8", Bytes: b.Bytes()},
		Tags: []string{"edition:" + r.Path("edition")}}, nil
}

// desk is where two people of two sides bring lists and close them.
func (p *Pages) desk(r *door.Request) (door.View, error) { return p.bench(r, nil) }

func (p *Pages) bench(r *door.Request, wrong error) (door.View, error) {
	l, err := p.signed(r, "vo.desk.title")
	if err != nil {
		return door.View{}, err
	}
	all, err := p.Voter.Brought(r.Context(), r.Actor, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	v := issues{Page: l, here: r.To("/mesa/codigos", r.Path("edition"))}
	v.Shape, v.State, v.More = leaf.Open, r.Words.T("vo.lists.count", "n", r.Words.N(len(all)))+".", r.Words.T("vo.desk.what")
	if v.all, err = p.said(r, all); err != nil {
		return door.View{}, err
	}
	v.problems, _ = leaf.ProblemsOf(r.Words, wrong)
	var refused *glosa.Error
	if errors.As(wrong, &refused) && refused.Kind == glosa.Conflict {
		v.problems, _ = leaf.ProblemsOf(r.Words, glosa.WrongField("file", refused.Key, "n", refused.Args["n"]))
	}
	v.file = leaf.Field{Name: "file", Label: r.Words.T("vo.desk.file"), Type: "file", Required: true, Error: v.problems.For("file"), Accept: ".txt"}
	return redo(benchPage(v), v.problems), nil
}

// done leads back to the desk, or shows what was wrong there.
func (p *Pages) done(r *door.Request, err error) (door.View, error) {
	switch glosa.KindOf(err) {
	case glosa.Invalid, glosa.Conflict:
		return p.bench(r, err)
	}
	return door.View{Go: r.To("/mesa/codigos", r.Path("edition")), Acted: []string{"edition:" + r.Path("edition")}}, err
}

func (p *Pages) bring(r *door.Request) (door.View, error) {
	files := r.Files["file"]
	if len(files) == 0 {
		return p.done(r, glosa.WrongField("file", "it.file.missing"))
	}
	f, err := files[0].Open()
	if err != nil {
		return door.View{}, err
	}
	defer f.Close()
	l, err := civic.ReadList(f)
	if err == nil {
		_, err = p.Voter.BringCodes(r.Context(), r.Actor, glosa.EditionID(r.Path("edition")), l)
	}
	return p.done(r, err)
}

// drop takes back a list that whoever is signed in brought.
func (p *Pages) drop(r *door.Request) (door.View, error) {
	return p.done(r, p.Voter.DropCodes(r.Context(), r.Actor, glosa.EditionID(r.Path("edition")), glosa.Code(r.Path("list"))))
}

func (p *Pages) shut(r *door.Request) (door.View, error) {
	n, err := strconv.Atoi(r.Value("destroyed"))
	if err != nil {
		n = -1
	}
	_, err = p.Voter.CloseCodes(r.Context(), r.Actor, glosa.EditionID(r.Path("edition")), glosa.Code(r.Path("list")), n)
	return p.done(r, err)
}
