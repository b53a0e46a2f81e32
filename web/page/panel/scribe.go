package panel

import (
	"slices"
	"strings"

	"glosa"
	"glosa/civic/panel"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

const (
	actDraft     glosa.Act = "panel.draft"
	actCirculate glosa.Act = "panel.circulate"
	actComment   glosa.Act = "panel.comment"
	actSign      glosa.Act = "panel.sign"
	actRectify   glosa.Act = "panel.rectify"
	actAnnex     glosa.Act = "panel.annex"
	actConfirm   glosa.Act = "panel.confirm"
)

// spare is how many empty rows a form offers beyond what it holds.
const spare = 2

// scribePage is the desk where minutes are drafted, commented and signed, and
// where a person says whether the clerk wrote down their attendance right.
type scribePage struct {
	desk
	Minutes    *minutesPage
	Body       string
	Agreements []agreed
	Disputes   []disputed
	Mesas      []leaf.Option
	Mine       []mine
	Signs      string // "sign" or "annex" when this person's signature is due
	Version    string
	MayDraft   bool
	MayCirc    bool
	MayRemark  bool
	MayRectify bool
}

type agreed struct{ Mesa, Question, Text string }

type disputed struct{ Mesa, Subject, Government, Civil string }

// mine is a place of this person at a table.
type mine struct {
	chair
	Mesa  string
	ID    glosa.MesaID
	Said  panel.Word
	Ready bool // the clerk has written something down
}

func (p *Pages) scribe(r *door.Request) (door.View, error) {
	v, err := p.scribeOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(scribeBody(v))
}

func (p *Pages) scribeOf(r *door.Request) (v scribePage, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if err = allowed(r.Actor, id, actDraft, actSign, actComment, actConfirm); err != nil {
		return v, err
	}
	w := r.Words
	if v.desk, err = p.deskOf(r, id, w.T("mi.title")); err != nil {
		return v, err
	}
	days, err := p.Panel.Days(r.Context(), id)
	if err != nil {
		return v, err
	}
	v.Mesas = []leaf.Option{{Value: "", Text: w.T("sb.nomesa")}}
	for _, d := range days {
		v.Mesas = append(v.Mesas, leaf.Option{Value: string(d.Mesa.ID), Text: w.T("se.mesa", "n", itoa(d.Mesa.Number), "theme", d.Mesa.Theme)})
		v.own(r, d)
	}
	m, err := p.Panel.Minutes(r.Context(), id)
	switch {
	case err == nil:
		page := minutesPage{Page: v.Page, scene: v.scene, Minutes: m}
		if err := page.fill(p, r); err != nil {
			return v, err
		}
		v.Minutes, v.State, v.More, v.Clock = &page, page.State, page.More, page.Clock
		v.text(m.Last().Text)
	case glosa.KindOf(err) == glosa.NotFound:
		v.State = w.T("mi.none")
		notes, err := p.Panel.Notes(r.Context(), id)
		if err != nil {
			return v, err
		}
		v.text(panel.FromNotes(notes))
	default:
		return v, err
	}
	v.may(r.Actor, m)
	return v, nil
}

// own finds the places at a table in which this person sits.
func (v *scribePage) own(r *door.Request, d panel.Day) {
	if r.Actor.May(actConfirm) != nil {
		return
	}
	for _, c := range d.Places {
		if c.Chair == panel.ChairOf(r.Actor) {
			v.Mine = append(v.Mine, mine{chair: v.chairOf(r, c), Mesa: r.Words.T("se.mesa", "n", itoa(d.Mesa.Number), "theme", d.Mesa.Theme), ID: d.Mesa.ID,
				Said: c.Word, Ready: c.State != panel.Expected})
		}
	}
}

// text fills the draft's form.
func (v *scribePage) text(t panel.Text) {
	v.Body = t.Body
	for _, a := range t.Agreements {
		v.Agreements = append(v.Agreements, agreed{string(a.Mesa), string(a.Question), a.Text})
	}
	for _, d := range t.Disagreements {
		v.Disputes = append(v.Disputes, disputed{string(d.Mesa), d.Subject, d.Government, d.Civil})
	}
	v.Agreements = append(v.Agreements, make([]agreed, spare)...)
	v.Disputes = append(v.Disputes, make([]disputed, spare)...)
}

// may says what this person may do at the stage of the minutes.
func (v *scribePage) may(a glosa.Actor, m panel.Minutes) {
	v.MayDraft = v.desk.may(a, actDraft) && m.Stage.MayWrite(false)
	v.MayCirc = v.desk.may(a, actCirculate) && m.Stage == panel.Draft
	v.MayRemark = v.desk.may(a, actComment) && m.Stage == panel.Comment
	v.MayRectify = v.desk.may(a, actRectify) && m.Stage.MayWrite(true)
	if len(m.Versions) == 0 {
		return
	}
	v.Version = itoa(m.Last().Number)
	due := slices.Contains(m.Last().Lacks(), a.Side)
	switch {
	case m.Stage == panel.ToSign && due && v.desk.may(a, actSign):
		v.Signs = "sign"
	case m.Stage == panel.Annexing && due && v.desk.may(a, actAnnex):
		v.Signs = "annex"
	}
}

// textOf reads the draft's form: rows left empty are left out, and a list without
// rows says that there was none.
func textOf(r *door.Request) (t panel.Text) {
	t.Body = r.Value("body")
	at := func(name string, i int) string {
		if list := r.Form[name]; i < len(list) {
			return strings.TrimSpace(list[i])
		}
		return ""
	}
	for i := range r.Form["agreement"] {
		if text := at("agreement", i); text != "" {
			t.Agreements = append(t.Agreements, panel.Agreement{Mesa: glosa.MesaID(at("agreement_mesa", i)),
				Question: glosa.QuestionID(strings.ToUpper(at("agreement_question", i))), Text: text})
		}
	}
	for i := range r.Form["subject"] {
		d := panel.Disagreement{Mesa: glosa.MesaID(at("subject_mesa", i)), Subject: at("subject", i), Government: at("government", i), Civil: at("civil", i)}
		if d.Subject+d.Government+d.Civil != "" {
			t.Disagreements = append(t.Disagreements, d)
		}
	}
	t.NoAgreements, t.NoDisagreement = len(t.Agreements) == 0, len(t.Disagreements) == 0
	return t
}

// scribed does one act of the minutes' desk.
func (p *Pages) scribed(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	if err := allowed(r.Actor, id, actDraft, actSign, actComment, actConfirm); err != nil {
		return door.View{}, err
	}
	if err := p.write(r, id); err != nil {
		v, verr := p.scribeOf(r)
		if verr != nil || !v.back(r, err) {
			return door.View{}, orElse(verr, err)
		}
		if v.Did == "draft" || v.Did == "rectify" {
			v.Agreements, v.Disputes = nil, nil
			v.text(textOf(r))
		}
		return door.Redo(scribeBody(v))
	}
	return door.Done(r.To("/mesa/minutas", string(id)), "edition:"+string(id))
}

func (p *Pages) write(r *door.Request, id glosa.EditionID) error {
	ctx, by, d := r.Context(), r.Actor, p.Panel
	minutes := panel.MinutesIDOf(id)
	what, rest, _ := strings.Cut(r.Value("do"), ".")
	switch what {
	case "draft":
		return d.Draft(ctx, by, id, textOf(r))
	case "rectify":
		return d.Rectify(ctx, by, minutes, r.Value("reason"), textOf(r))
	case "circulate":
		return d.Circulate(ctx, by, minutes)
	case "remark":
		return d.Remark(ctx, by, minutes, r.Value("text"))
	case "sign", "annex":
		m, err := d.Minutes(ctx, id)
		if err != nil {
			return err
		}
		if r.Value("version") != itoa(m.Last().Number) {
			return glosa.Refuse(glosa.Conflict, "e.409") // another version than the one that was read
		}
		if what == "annex" {
			return d.SignAnnex(ctx, by, minutes, m.Last().Number)
		}
		return d.Sign(ctx, by, minutes, m.Last().Number)
	case "confirm":
		return d.Say(ctx, by, glosa.MesaID(rest), panel.Confirmed, "")
	case "dispute":
		return d.Say(ctx, by, glosa.MesaID(rest), panel.Disputed, r.Value("objection"))
	}
	return glosa.Missing("act", what)
}

// lastSigned is the boxes of the newest version, the one a signature is due for.
func (v *scribePage) lastSigned() []signature {
	return v.signed(v.Words, v.Minutes.Minutes.Last())
}
