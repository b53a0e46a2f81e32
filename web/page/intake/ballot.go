package intake

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/priority"
	civic "glosa/civic/question/intake"
	"glosa/record"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// papers is where ballots on paper are typed, by two people of two sides.
type papers struct {
	leaf.Page
	s        scene
	room     civic.Room
	pile     priority.Pile
	problems leaf.Problems
	here     string
	types    bool // something can be typed now
	late     bool // the second time only
	code     leaf.Field
	folios   []leaf.Field
	done     *priority.Entered
	receipt  string // private, of the ballot just cast
	rows     []leaf.Row
}

func (p *Pages) papers(r *door.Request) (door.View, error) {
	v, err := p.papersOf(r, leaf.Problems{}, nil)
	return door.View{Body: papersPage(v), NoStore: true}, err
}

// papersOf is the page as it stands, or after its form.
func (p *Pages) papersOf(r *door.Request, problems leaf.Problems, done *priority.Entered) (v papers, err error) {
	room, err := p.paperDesk(r)
	if err != nil {
		return v, err
	}
	s, err := p.scene(r)
	if err != nil {
		return v, err
	}
	w := r.Words
	v = papers{s: s, room: room, problems: problems, done: done, here: at(r, room.ID, "boletas"),
		Page: s.page(w.T("bx.title"), leaf.Link{Text: room.Name, Href: at(r, room.ID)})}
	if v.pile, err = p.Priority.Pile(r.Context(), r.Actor, room.Edition); err != nil {
		return v, err
	}
	stage, end := s.Edition.StageAt(r.Now), v.pile.Ends
	v.late = !end.IsZero() && !r.Now.Before(end)
	v.types = v.pile.Takes && (stage == edition.IntakeOpen || stage == edition.IntakeClosed) && (!v.late || r.Now.Before(end.Add(priority.PaperLasts)))
	v.State = w.T("bx.wait", "n", w.N(v.pile.Wait)) + "."
	v.More = w.T("bx.what")
	if !v.pile.Takes {
		v.State, v.More = w.T("bx.nocodes"), w.T("bx.nocodes.more")
	}
	v.boxes(r)
	if done != nil && done.State == priority.PaperCast && !done.Again {
		err = v.slip(done.Receipt)
	}
	return v, err
}

// paperDesk is the desk of an address, when it is one of paper.
func (p *Pages) paperDesk(r *door.Request) (civic.Room, error) {
	room, err := p.here(r)
	if err == nil && room.Kind != civic.Paper {
		err = glosa.Missing("desk", string(room.ID))
	}
	return room, err
}

// boxes are those of the sheet; what was typed stays only where something was wrong.
func (v *papers) boxes(r *door.Request) {
	w := r.Words
	box := func(name, label string) leaf.Field {
		f := leaf.Field{Name: name, Label: label, Folio: true, Error: v.problems.For(name)}
		if v.problems.Any() {
			f.Value = r.Form.Get(name)
		}
		return f
	}
	v.code = box("code", w.T("vo.envelope.box"))
	v.code.Required, v.code.Hint = true, w.T("bx.code.hint")
	for i := range v.pile.Most {
		n := strconv.Itoa(i + 1)
		f := box("folio"+n, w.T("bx.box", "n", n))
		f.Required = i == 0
		v.folios = append(v.folios, f)
	}
}

// slip is the receipt that is printed for the voter.
func (v *papers) slip(rc priority.Receipt) error {
	object, err := glosa.JCS(rc.Object())
	if err != nil {
		return err
	}
	raw, err := record.Private{Object: object, SaltDevice: rc.SaltDevice, SaltServer: rc.SaltServer}.Write(rc.Promise, nil)
	if err != nil {
		return err
	}
	w := v.Words
	v.receipt = string(raw)
	v.rows = []leaf.Row{{Label: w.T("bo.tracker"), Value: rc.Tracker},
		{Label: w.T("bx.until"), Value: w.Hour(rc.MergeBy.In(v.s.Edition.Zone).Truncate(time.Minute))}}
	return nil
}

// typePaper takes a sheet as it was typed.
func (p *Pages) typePaper(r *door.Request) (door.View, error) {
	room, err := p.paperDesk(r)
	if err != nil {
		return door.View{}, err
	}
	pile, err := p.Priority.Pile(r.Context(), r.Actor, room.Edition)
	if err != nil {
		return door.View{}, err
	}
	sheet := priority.Paper{Desk: room.ID, Code: r.Value("code")}
	for i := range pile.Most + 1 {
		sheet.Folios = append(sheet.Folios, r.Value("folio"+strconv.Itoa(i+1)))
	}
	done, err := p.Priority.EnterPaper(r.Context(), r.Actor, room.Edition, sheet)
	var refused *glosa.Error
	if errors.As(err, &refused) && refused.Kind == glosa.Conflict {
		err = glosa.WrongField("code", refused.Key)
	}
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if err != nil && !wrong {
		return door.View{}, err
	}
	out := door.View{NoStore: true}
	after := &done
	if wrong {
		after, out.Status = nil, http.StatusUnprocessableEntity
	}
	v, err := p.papersOf(r, problems, after)
	out.Body = papersPage(v)
	return out, err
}

// dropPaper takes back what somebody typed.
func (p *Pages) dropPaper(r *door.Request) (door.View, error) {
	room, err := p.paperDesk(r)
	if err != nil {
		return door.View{}, err
	}
	err = p.Priority.WithdrawPaper(r.Context(), r.Actor, room.Edition, room.ID, r.Value("sheet"))
	return door.View{Go: at(r, room.ID, "boletas")}, err
}

// blank is a ballot to be printed and handed out: the same for everybody.
func (p *Pages) blank(r *door.Request) (door.View, error) {
	v, err := p.papersOf(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	v.Title, v.State, v.More = r.Words.T("bx.blank"), r.Words.T("bx.blank.do"), ""
	v.Crumbs = append(v.Crumbs, leaf.Link{Text: r.Words.T("bx.title"), Href: v.here})
	return door.View{Body: blankPage(v)}, nil
}

// folioList is a set of folios in one line.
func folioList(ids []glosa.QuestionID) (line string) {
	for i, id := range ids {
		if i > 0 {
			line += ", "
		}
		line += string(id)
	}
	return line
}
