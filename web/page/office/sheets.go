package office

import (
	"io"
	"maps"
	"slices"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/page/question"
	"glosa/web/page/who"
	"glosa/web/text"
)

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// sheetWords is what a sheet of drafts says in a language.
func sheetWords(w *text.Words, theme func(glosa.Code) string) civic.SheetWords {
	x := civic.SheetWords{Name: w.T("of.sheet.name"), Head: map[civic.Column]string{}, Kind: map[glosa.Code]string{}, Theme: theme}
	x.Cut = func(lines, all int) (name, says string) {
		return w.T("of.sheet.rest"), w.T("of.sheet.rest.says", "lines", w.N(lines), "all", w.N(all))
	}
	for _, c := range civic.Columns() {
		x.Head[c] = w.T("of.sheet.col." + string(c))
	}
	for _, k := range []glosa.Code{civic.Said, civic.Cannot, civic.Elsewhere} {
		x.Kind[k] = w.T("of.kind." + string(k))
	}
	return x
}

// drafts is the sheet that goes out to the areas.
func (p *Pages) drafts(r *door.Request) (door.View, error) {
	theme := glosa.Code(r.Query("tema"))
	speaker := question.Speaker{Words: r.Words, Now: r.Now}
	raw, err := p.Question.ExportDrafts(r.Context(), r.Actor, theme, sheetWords(r.Words, speaker.Theme))
	if err != nil {
		return door.View{}, err
	}
	name := r.Words.T("of.sheet.file")
	if theme != "" {
		name += "-" + string(theme)
	}
	return door.View{File: &door.File{Name: name + ".xlsx", Type: xlsx, Bytes: raw}}, nil
}

// comeBack is what became of a sheet, line by line.
type comeBack struct {
	leaf.Page
	problems leaf.Problems
	file     leaf.Field
	counts   []leaf.Row
	refused  []refusal
}

// refusal is a line that was not kept: where and why.
type refusal struct {
	line   int
	folio  string
	href   string
	column string
	why    string
}

// bring reads a sheet that was filled in.
func (p *Pages) bring(r *door.Request) (door.View, error) {
	raw, err := uploaded(r, "file")
	if err != nil {
		return door.View{}, err
	}
	var words []civic.SheetWords
	for _, lang := range text.Langs() {
		words = append(words, sheetWords(text.For(lang), func(c glosa.Code) string { return string(c) }))
	}
	lines, err := p.Question.ImportDrafts(r.Context(), r.Actor, raw, words)
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if err != nil && !wrong {
		return door.View{}, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	x := comeBack{Page: page(r, w.T("of.sheet.back"), names.Actor(r.Actor)), problems: problems, file: sheetField(w, problems)}
	x.Synthetic = r.Site.Demo
	x.Crumbs = append(x.Crumbs, leaf.Link{Text: w.T("of.inbox"), Href: r.To("/mesa/enlace")})
	if wrong {
		x.Shape, x.State = leaf.Overdue, w.T("of.sheet.none")+"."
		return door.Redo(backPage(x))
	}
	x.count(r, lines)
	return door.View{Body: backPage(x)}, nil
}

// count sums what became of the lines, and lists those that were refused.
func (x *comeBack) count(r *door.Request, lines []civic.LineResult) {
	w, n := r.Words, map[civic.Outcome]int{}
	for _, l := range lines {
		if n[l.Outcome]++; l.Outcome != civic.LineRefused {
			continue
		}
		one := refusal{line: l.Line, folio: l.Folio, column: w.T("of.sheet.col." + string(l.Column)), why: w.Say(l.Key, l.Args)}
		if id, err := civic.ParseFolio(l.Folio); err == nil {
			one.folio, one.href = string(id), r.To("/mesa/enlace", string(id))
		}
		x.refused = append(x.refused, one)
	}
	for _, o := range []civic.Outcome{civic.LineSaved, civic.LineSame, civic.LineEmpty, civic.LineRefused} {
		x.counts = append(x.counts, leaf.Row{Label: w.T("of.sheet.out." + string(o)), Value: w.N(n[o])})
	}
	x.Shape, x.State = leaf.Done, w.T("of.sheet.saved", "n", w.N(n[civic.LineSaved]))+"."
	if n[civic.LineRefused] > 0 {
		x.Shape, x.More = leaf.Paused, w.T("of.sheet.refused", "n", w.N(n[civic.LineRefused]))+"."
	}
}

// uploaded is the file of a form; empty when none was chosen.
func uploaded(r *door.Request, name string) ([]byte, error) {
	files := r.Files[name]
	if len(files) == 0 {
		return nil, nil
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, civic.MaxSheetBytes+1))
}

func sheetField(w *text.Words, problems leaf.Problems) leaf.Field {
	return leaf.Field{Name: "file", Label: w.T("of.sheet.choose"), Hint: w.T("of.sheet.hint"), Type: "file", Accept: ".xlsx," + xlsx,
		Required: true, Error: problems.For("file")}
}

// themesOf are the links to the sheet of each theme that waits, and of all; a sheet
// that leaves some out says so.
func themesOf(r *door.Request, debt civic.Debt, name func(glosa.Code) string) (out []leaf.Link) {
	at := r.To("/mesa/enlace/borradores.xlsx")
	sheet := func(what string, n int, href string) {
		text := what + " (" + r.Words.N(n) + ")"
		if n > civic.MaxSheet {
			text = r.Words.T("of.sheet.cut", "what", what, "most", r.Words.N(civic.MaxSheet), "all", r.Words.N(n))
		}
		out = append(out, leaf.Link{Text: text, Href: href})
	}
	sheet(r.Words.T("of.sheet.all"), debt.All, at)
	for _, t := range slices.Sorted(maps.Keys(debt.Theme)) {
		if t != "" {
			sheet(name(t), debt.Theme[t], at+"?tema="+string(t))
		}
	}
	return out
}
