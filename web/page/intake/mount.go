package intake

import (
	"glosa"
	civic "glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/question"
)

// Pages are the pages of the other doors.
type Pages struct{ chain.Desks }

// maxFile bounds an upload: a batch, and the fields beside it.
const maxFile = civic.MostBytes + 64<<10

// Mount hangs the pages up.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/ediciones/{edition}/puertas", p.doors)
	r.Page("/ediciones/{edition}/puertas.json", p.data)
	r.Page("/ediciones/{edition}/puertas.csv", p.csv)
	r.Private("/ediciones/{edition}/kiosco/{desk}", p.kiosk)
	r.Act("/ediciones/{edition}/kiosco/{desk}", p.ask)
	r.Act("/ediciones/{edition}/kiosco/{desk}/abrir", p.unlock)

	r.Desk("/mesa/captura/{edition}", p.desks)
	r.Act("/mesa/captura/{edition}", p.open)
	r.Desk("/mesa/captura/{edition}/{desk}", p.room)
	r.Act("/mesa/captura/{edition}/{desk}", p.enter)
	r.Act("/mesa/captura/{edition}/{desk}/imprimir", p.print)
	r.Act("/mesa/captura/{edition}/{desk}/quiosco", p.invite)
	r.Act("/mesa/captura/{edition}/{desk}/quiosco/cerrar", p.shut)
	r.Act("/mesa/captura/{edition}/{desk}/anular", p.void)
	r.Act("/mesa/captura/{edition}/{desk}/contar", p.count)
	r.Desk("/mesa/captura/{edition}/{desk}/plantilla.csv", p.plainTemplate)
	r.Desk("/mesa/captura/{edition}/{desk}/plantilla.xlsx", p.template)
	r.Upload("/mesa/captura/{edition}/{desk}/lotes", maxFile, p.upload)
	r.Desk("/mesa/captura/{edition}/{desk}/lotes/{batch}", p.batch)
	r.Act("/mesa/captura/{edition}/{desk}/lotes/{batch}", p.bring)
	r.Act("/mesa/captura/{edition}/{desk}/lotes/{batch}/descartar", p.discard)
	r.Desk("/mesa/captura/{edition}/{desk}/lotes/{batch}/informe.csv", p.report)
	r.Desk("/mesa/captura/{edition}/{desk}/boletas", p.papers)
	r.Act("/mesa/captura/{edition}/{desk}/boletas", p.typePaper)
	r.Act("/mesa/captura/{edition}/{desk}/boletas/retirar", p.dropPaper)
	r.Desk("/mesa/captura/{edition}/{desk}/boletas/imprimir", p.blank)
	r.Desk("/mesa/captura/{edition}/{desk}/respuestas", p.errands)
	r.Act("/mesa/captura/{edition}/{desk}/respuestas", p.deliver)
}

// scene is what a page of one edition speaks with.
type scene struct {
	question.Speaker
	r *door.Request
}

func (p *Pages) scene(r *door.Request) (scene, error) {
	s, err := question.Speak(r, p.Desks, glosa.EditionID(r.Path("edition")))
	return scene{s, r}, err
}

// at is the address of a page of one desk.
func at(r *door.Request, id civic.DeskID, more ...string) string {
	return r.To("/mesa/captura", append([]string{r.Path("edition"), string(id)}, more...)...)
}

// here is the desk of an address; one of another edition is not there.
func (p *Pages) here(r *door.Request) (civic.Room, error) {
	room, err := p.Intake.At(r.Context(), r.Actor, civic.DeskID(r.Path("desk")))
	if err == nil && string(room.Edition) != r.Path("edition") {
		err = glosa.Missing("desk", r.Path("desk"))
	}
	return room, err
}

// page is a desk's leaf under whoever reads it.
func (s scene) page(title string, crumbs ...leaf.Link) leaf.Page {
	l := leaf.From(s.r, title)
	l.NoIndex, l.Synthetic, l.Signed = true, s.Edition.Synthetic, s.Names.Actor(s.r.Actor)
	l.Crumbs = append([]leaf.Link{{Text: s.Words.T("en.desk.title"), Href: s.r.To("/mesa")},
		{Text: s.Words.T("it.desks"), Href: s.r.To("/mesa/captura", string(s.Edition.ID))}}, crumbs...)
	l.Margin = leaf.Margin{Head: chain.Name(s.Words, s.Edition), Lines: leaf.Notes(chain.Word(s.Words, s.Edition.StageAt(s.r.Now)))}
	return l
}

// kind is the name of a door.
func kind(s scene, k glosa.Code) string { return s.Words.T("it.door." + string(k)) }

// ledger is the account of a desk's folios: it closes with a double rule, or says
// both numbers.
func (s scene) ledger(t civic.Table) leaf.Ledger {
	w, l := s.Words, t.Ledger
	out := leaf.Ledger{Caption: w.T("it.ledger"), Small: true}
	row := func(key string, n int) { out.Rows = append(out.Rows, leaf.Row{Label: w.T(key), Value: w.N(n)}) }
	row("it.ledger.captured", l.Captured)
	row("it.ledger.void", l.Void)
	if !t.Counted.IsZero() {
		row("it.ledger.waiting", l.Waiting)
		row("it.ledger.missing", l.Missing)
	} else {
		row("it.ledger.outside", l.Missing)
	}
	out.Total = &leaf.Row{Label: w.T("it.ledger.issued"), Value: w.N(l.Issued)}
	if !l.Closes() {
		out.Total = &leaf.Row{Label: w.T("it.ledger.fails"), Value: w.T("it.ledger.both", "issued", w.N(l.Issued), "sum", w.N(l.Sum()))}
	}
	return out
}
