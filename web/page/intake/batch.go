package intake

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"glosa"
	civic "glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// batch is a file: what it would bring, or brought, and what was refused.
type batch struct {
	leaf.Page
	s        scene
	room     civic.Room
	b        civic.Batch
	flaws    []leaf.Row
	more     int
	ledger   leaf.Ledger
	problems leaf.Problems
	here     string
}

// upload reads a file and leads to its preview.
func (p *Pages) upload(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	raw, err := readFile(r.Files["file"])
	if err != nil {
		return p.again(r, err, nil)
	}
	b, err := p.Intake.Preview(r.Context(), r.Actor, room.ID, raw)
	if err != nil {
		return p.again(r, named(r.Words, err), nil)
	}
	return door.Done(at(r, room.ID, "lotes", b.ID))
}

func readFile(files []*multipart.FileHeader) ([]byte, error) {
	if len(files) == 0 || files[0].Size == 0 {
		return nil, glosa.WrongField("file", "it.file.missing")
	}
	if files[0].Size > civic.MostBytes {
		return nil, glosa.WrongField("file", "it.file.big")
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, civic.MostBytes+1))
}

// named says a missing column by the heading that it has in the template.
func named(w *text.Words, err error) error {
	var e *glosa.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			if col := f.Args["field"]; col != "" {
				f.Args["field"] = w.T("it.col." + col)
			}
		}
	}
	return err
}

// most is how many refused lines a page shows; the report has all of them.
const most = 200

func (p *Pages) batch(r *door.Request) (door.View, error) {
	x, err := p.batchOf(r, leaf.Problems{})
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: batchPage(x)}, nil
}

func (p *Pages) batchOf(r *door.Request, problems leaf.Problems) (x batch, err error) {
	room, err := p.here(r)
	if err != nil {
		return x, err
	}
	b, flaws, err := p.Intake.Report(r.Context(), r.Actor, room.ID, r.Path("batch"))
	if err != nil {
		return x, err
	}
	s, err := p.scene(r)
	if err != nil {
		return x, err
	}
	w := r.Words
	x = batch{s: s, room: room, b: b, problems: problems, here: at(r, room.ID, "lotes", b.ID),
		Page: s.page(w.T("it.batch"), leaf.Link{Text: room.Name, Href: at(r, room.ID)})}
	x.State = w.T("it.batch.is." + string(b.State))
	for i, f := range flaws {
		if i == most {
			x.more = len(flaws) - most
			break
		}
		x.flaws = append(x.flaws, leaf.Row{Label: where(w, f), Value: why(w, f)})
	}
	x.ledger = leaf.Ledger{Caption: w.T("it.batch"), Small: true, Total: &leaf.Row{Label: w.T("it.batch.lines"), Value: w.N(b.Lines)}}
	add := func(key string, n int) {
		x.ledger.Rows = append(x.ledger.Rows, leaf.Row{Label: w.T(key), Value: w.N(n)})
	}
	if b.State == civic.Previewed {
		add("it.batch.would", b.Lines-b.Known-b.Refused)
	} else {
		add("it.batch.taken", b.Taken)
	}
	add("it.batch.known", b.Known)
	add("it.batch.refused", b.Refused)
	if b.State == civic.Running {
		add("it.batch.left", b.Left())
	}
	x.Downloads = []leaf.Link{{Text: w.T("it.batch.report"), Href: x.here + "/informe.csv"}}
	return x, nil
}

// where says which row and column a flaw is of.
func where(w *text.Words, f civic.Flaw) string {
	s := w.T("it.row", "n", strconv.Itoa(f.Line))
	if f.Column != "" {
		s += ", " + w.T("it.column", "column", f.Column)
	}
	if f.Field != "" {
		s += " (" + column(w, f.Field) + ")"
	}
	return s
}

func column(w *text.Words, field string) string {
	if key := "it.col." + field; w.Has(key) {
		return w.T(key)
	}
	return field
}

func why(w *text.Words, f civic.Flaw) string {
	return w.Say(f.Reason, map[string]string{"n": f.Arg, "x": f.Arg, "folio": f.Arg})
}

// step is how many lines one press receives: the page says how far it came.
const step = 1000

// bring receives a batch, or goes on with it.
func (p *Pages) bring(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	_, err = p.Intake.Import(r.Context(), r.Actor, room.ID, r.Path("batch"), r.Value("whole") != "", step)
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		x, err := p.batchOf(r, problems)
		if err != nil {
			return door.View{}, err
		}
		return door.View{Body: batchPage(x), Status: http.StatusUnprocessableEntity}, nil
	}
	if err != nil {
		return door.View{}, err
	}
	return door.Done(at(r, room.ID, "lotes", r.Path("batch")), "intake:"+string(room.ID))
}

func (p *Pages) discard(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	if err := p.Intake.Discard(r.Context(), r.Actor, room.ID, r.Path("batch")); err != nil {
		return door.View{}, err
	}
	return door.Done(at(r, room.ID) + "#lotes")
}

// report is every refused line with its reason.
func (p *Pages) report(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	b, flaws, err := p.Intake.Report(r.Context(), r.Actor, room.ID, r.Path("batch"))
	if err != nil {
		return door.View{}, err
	}
	var rows [][]string
	for _, f := range flaws {
		rows = append(rows, []string{strconv.Itoa(f.Line), f.Column, column(r.Words, f.Field), why(r.Words, f), f.Reason})
	}
	w := r.Words
	head := []string{w.T("it.csv.row"), w.T("it.csv.column"), w.T("it.csv.field"), w.T("it.csv.why"), "code"}
	return door.View{File: feed.CSV("informe-"+b.ID, head, rows), NoStore: true}, nil
}
