package question

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/portrait"
)

// sheetOfAsking is the form, with what was typed.
type sheetOfAsking struct {
	leaf.Page
	scene    scene
	open     bool
	fresh    bool // nothing was sent yet: a device may keep the form, and fill in its draft
	problems leaf.Problems
	pass     leaf.Pass
	passage  string        // the paragraph it is about
	cited    string        // its words
	promise  string        // the commitment it is about
	promised string        // its title
	alike    []civic.Brief // very similar ones, shown once before this one is sent
	edition  string        // where the form is sent
	first    *leaf.Link    // the question that this form was sent with before
	distinct string        // "1": it was said that this one asks something else

	text, context, municipality, institution, language, policy, name leaf.Field
	file, shown                                                      leaf.Field // Type is empty where the protocol allows none
}

func (p *Pages) ask(r *door.Request) (door.View, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	f := s.form(leaf.Problems{}, func(name string) string { return map[string]string{"institution": r.Query("institucion")}[name] })
	f.fresh, f.passage, f.promise = true, r.Query("parrafo"), r.Query("compromiso")
	p.cite(&f)
	return door.View{Body: askPage(f), NoStore: true}, nil
}

// cite adds the words of the paragraph and the title of the commitment that are
// asked about; what is not there is left out.
func (p *Pages) cite(f *sheetOfAsking) {
	if f.promise != "" {
		f.promised = p.promiseTitle(f.scene, glosa.CommitmentID(f.promise))
		if f.promised == "" {
			f.promise = ""
		}
	}
	if f.passage == "" {
		return
	}
	passage, err := p.Report.Passage(f.scene.r.Context(), f.scene.Edition.ID, glosa.PassageID(f.passage))
	if err != nil {
		f.passage = ""
		return
	}
	f.cited = passage.Words
}

// promiseTitle is the title of a commitment; "" when there is no such one.
func (p *Pages) promiseTitle(s scene, id glosa.CommitmentID) string {
	card, err := p.Commitment.Card(s.r.Context(), string(id))
	if err != nil || card.ID != id {
		return ""
	}
	return card.Name()
}

// form is the form with its errors; typed gives what was typed before.
func (s scene) form(problems leaf.Problems, typed func(string) string) sheetOfAsking {
	w := s.Words
	f := sheetOfAsking{Page: s.page(w.T("a.title")), scene: s, problems: problems, pass: leaf.PassOf(s.r, w.T("a.send"))}
	f.Crumbs = append(f.Crumbs, leaf.Link{Text: w.T("nav.questions"), Href: s.r.To("/ediciones", string(s.Edition.ID), "preguntas")})
	f.Scripts = []string{"ask.js", "question.js"}
	f.edition = s.r.To("/ediciones", string(s.Edition.ID), "preguntar")
	f.Margin.Lines = append(f.Margin.Lines, leaf.Link{Text: w.T("qt.ask.time")},
		leaf.Link{Text: w.T("h.other"), Href: s.r.To("/ediciones", string(s.Edition.ID), "puertas")})
	_, f.open = s.Edition.Accepts(s.Now)
	s.standing(&f)
	limits := edition.Limits{}
	languages := []string{"es"}
	if s.Edition.Protocol != nil {
		limits, languages = s.Edition.Protocol.Limits, s.Edition.Protocol.Languages
	}
	box := func(name, label, hint string) leaf.Field {
		return leaf.Field{Name: name, Label: label, Hint: hint, Value: typed(name), Error: problems.For(name)}
	}
	f.text = box("text", w.T("qt.ask.text"), w.T("a.hint"))
	f.text.Max, f.text.Required = limits.QuestionLetters, limits.Attachments == 0
	f.context = box("context", w.T("qt.ask.context"), w.T("qt.ask.context.hint"))
	f.context.Max = limits.ContextLetters
	f.municipality = box("municipality", w.T("a.where"), "")
	f.municipality.Required = true
	f.municipality.Options = []leaf.Option{{Text: w.T("qt.choose")}}
	for _, m := range s.Directory.Municipalities {
		f.municipality.Options = append(f.municipality.Options, leaf.Option{Value: string(m.Code), Text: m.Name})
	}
	f.institution = box("institution", w.T("qt.ask.who"), w.T("qt.ask.who.hint"))
	f.institution.Options = append([]leaf.Option{{Text: w.T("qt.ask.unknown")}}, s.Offices()...)
	s.signature(&f, typed, languages)
	s.attaching(&f, typed, limits)
	return f
}

// attaching is the one file that may come with a question, where the protocol
// allows any.
func (s scene) attaching(f *sheetOfAsking, typed func(string) string, limits edition.Limits) {
	if limits.Attachments == 0 {
		return
	}
	w := s.Words
	f.file = leaf.Field{Name: "file", Type: "file", Label: w.T("ak.file"), Hint: w.T("ak.file.hint", "n", w.N(int(limits.AttachmentBytes>>20))),
		Error: f.problems.For("file"), Accept: strings.Join(limits.AttachmentTypes, ",")}
	if f.file.Error == "" && f.problems.Any() && len(s.r.Files["file"]) > 0 {
		f.file.Error = w.T("ak.again") // a form cannot give a file back
	}
	f.shown = leaf.Field{Name: "file_shown", Label: w.T("ak.shown"), Hint: w.T("ak.shown.hint"), Value: typed("file_shown")}
}

// signature is how one signs, and the language one writes in.
func (s scene) signature(f *sheetOfAsking, typed func(string) string, languages []string) {
	w := s.Words
	f.policy = leaf.Field{Name: "name_policy", Label: w.T("a.name"), Value: typed("name_policy"), Error: f.problems.For("name_policy"),
		Options: []leaf.Option{{Value: string(civic.Anonymous), Text: w.T("a.anon")}, {Value: string(civic.Named), Text: w.T("a.full"), Hint: w.T("qt.ask.name.hint")}}}
	if f.policy.Value == "" {
		f.policy.Value = string(civic.Anonymous)
	}
	f.name = leaf.Field{Name: "name", Label: w.T("qt.ask.name"), Hint: w.T("qt.ask.name.only"), Value: typed("name"), Error: f.problems.For("name"), Complete: "name"}
	f.language = leaf.Field{Name: "language", Label: w.T("qt.ask.language"), Value: typed("language"), Error: f.problems.For("language")}
	for _, l := range languages {
		f.language.Options = append(f.language.Options, leaf.Option{Value: l, Text: s.coded("qt.lang."+l, glosa.Code(l))})
		if f.language.Value == "" && l == w.Lang {
			f.language.Value = l
		}
	}
}

// standing is the clock over the form, or when it opens.
func (s scene) standing(f *sheetOfAsking) {
	w := s.Words
	if f.open {
		f.Clock = chain.Clock(w, s.Edition, s.Now, s.Directory.Territory.Name)
		f.More = w.T("qt.ask.free")
		return
	}
	f.Shape, f.State = leaf.Barred, w.T("s.closed")+"."
	f.Action = &leaf.Action{Text: w.T("cn.do.questions"), Href: s.r.To("/ediciones", string(s.Edition.ID), "preguntas")}
	opens := s.Edition.Plan.Begins(edition.IntakeOpen)
	switch {
	case !opens.IsZero() && s.Now.Before(opens) && s.Edition.Stage != edition.Postponed:
		f.Shape, f.More = leaf.Later, w.T("s.opens", "date", w.Date(s.local(opens)))+"."
	case s.Edition.Stage == edition.Postponed && s.Now.Before(s.Edition.Plan.Begins(edition.IntakeClosed)):
		f.State, f.More = w.T("cn.word.postponed")+".", w.T("s.nodate")+"." // what stands still has not closed
	case s.Edition.Reached(edition.IntakeOpen):
		f.More = w.T("qt.ask.closed", "date", w.Date(s.local(s.Edition.Plan.Begins(edition.IntakeClosed))))
	default:
		f.More = w.T("s.nodate") + "."
	}
}

// submit takes the question in. The answer is the receipt itself: its address is
// the form's, so that neither folio nor key stands in one.
func (p *Pages) submit(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	a, err := asked(r)
	var rc civic.Receipt
	if err == nil && len(r.Soiled) > 0 {
		err = glosa.Wrong(r.Soiled...)
	}
	if err == nil && r.Value("distinct") == "" && p.Similar != nil {
		if alike, err := p.Similar(r.Context(), id, a.Text); err == nil && len(alike) > 0 {
			return p.askWhether(r, alike)
		}
	}
	var sent bool // then only its receipt is asked for
	if err == nil {
		sent, err = p.Question.Sent(r.Context(), id, a)
	}
	if err == nil {
		gate := door.GateOf(r.Context())
		if !sent {
			if held := gate.Ask(r.Knock()); held != nil {
				return p.waitHere(r, held)
			}
			a.Pace = gate.Pace(a.Text)
		}
		if rc, err = p.Question.Submit(r.Context(), glosa.Citizen(), id, a); err != nil {
			gate.Back()
		}
	}
	if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
		return p.askAgain(r, problems, nil)
	}
	if first := sentBefore(err); first != "" {
		return p.askAgain(r, leaf.Problems{}, &leaf.Link{Text: string(first), Href: r.To("/preguntas", string(first))})
	}
	if err != nil {
		return door.View{}, err
	}
	s, err := p.scene(r, id)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: receiptPage(p.taken(s, rc, a)), NoStore: true}, nil
}

// waitHere is the form with what was typed and the way to pass.
func (p *Pages) waitHere(r *door.Request, held *door.Held) (door.View, error) {
	f, err := p.formAgain(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	f.Wait(&f.pass, held)
	return door.Wait(askPage(f), held)
}

// askWhether shows, once, the questions that ask nearly the same: to join one of
// them, or to send this one all the same.
func (p *Pages) askWhether(r *door.Request, alike []civic.Brief) (door.View, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return door.View{}, err
	}
	f := s.form(leaf.Problems{}, r.Value)
	f.alike, f.passage, f.promise = alike, r.Value("passage"), r.Value("commitment")
	if len(r.Files["file"]) > 0 {
		f.file.Error = r.Words.T("ak.again")
	}
	p.cite(&f)
	return door.View{Body: askPage(f), Status: http.StatusUnprocessableEntity}, nil
}

// askAgain is the form with what was typed: to mend it, or, when its mark was
// used for first, to send it as a question of its own under a new mark.
func (p *Pages) askAgain(r *door.Request, problems leaf.Problems, first *leaf.Link) (door.View, error) {
	f, err := p.formAgain(r, problems, first)
	v := door.View{Body: askPage(f), Status: http.StatusUnprocessableEntity}
	if first != nil {
		v.Status = http.StatusConflict
	}
	return v, err
}

func (p *Pages) formAgain(r *door.Request, problems leaf.Problems, first *leaf.Link) (sheetOfAsking, error) {
	s, err := p.scene(r, glosa.EditionID(r.Path("edition")))
	if err != nil {
		return sheetOfAsking{}, err
	}
	f := s.form(problems, r.Value)
	f.first, f.passage, f.promise, f.distinct = first, r.Value("passage"), r.Value("commitment"), r.Value("distinct")
	if first != nil {
		f.pass.Once = rand.Text()
	}
	p.cite(&f)
	return f, nil
}

// sentBefore is the folio of the question that was sent under the mark of this
// one; "" for any other error.
func sentBefore(err error) glosa.QuestionID {
	var e *glosa.Error
	if !errors.As(err, &e) || e.Key != "a.once_other" {
		return ""
	}
	return glosa.QuestionID(e.Args["folio"])
}

// asked reads the form. The key's derivations and the salt's part come only from
// a device that made them.
func asked(r *door.Request) (civic.Ask, error) {
	a := civic.Ask{Text: r.Form.Get("text"), Context: r.Form.Get("context"), Municipality: glosa.TerritoryCode(r.Value("municipality")),
		Institution: glosa.InstitutionKey(r.Value("institution")), Language: glosa.Code(r.Value("language")),
		NamePolicy: glosa.Code(r.Value("name_policy")), Name: r.Value("name"), Passage: glosa.PassageID(r.Value("passage")), Once: r.Value("once"),
		Commitment: glosa.CommitmentID(r.Value("commitment")), FileShown: r.Value("file_shown") == "1"}
	var err error
	if a.File, err = sent(r.Files["file"]); err != nil {
		return a, err
	}
	bad := errors.Join(hash(&a.Auth, r.Value("auth")), hash(&a.Lock, r.Value("lock")), sixteen(&a.Salt, r.Value("salt")))
	if bad != nil {
		return a, glosa.WrongField("lock", "a.lock")
	}
	return a, nil
}

// sent reads the one file of a form; none when none was chosen.
func sent(list []*multipart.FileHeader) ([]byte, error) {
	if len(list) == 0 || len(list) == 1 && list[0].Size == 0 {
		return nil, nil
	}
	if len(list) > 1 {
		return nil, glosa.WrongField("file", "ak.onefile")
	}
	f, err := list[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func hash(h *glosa.Hash, typed string) error {
	if typed == "" {
		return nil
	}
	return h.UnmarshalText([]byte(typed))
}

func sixteen(to *[16]byte, typed string) error {
	if typed == "" {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(typed)
	if err == nil && len(b) != len(to) {
		err = errors.New("question: a salt has sixteen bytes")
	}
	copy(to[:], b)
	return err
}

// taken is the receipt after submitting.
func (p *Pages) taken(s scene, rc civic.Receipt, a civic.Ask) slip {
	w := s.Words
	x := slip{Page: s.page(w.T("r.title")), scene: s, Receipt: rc, once: a.Once, device: !a.Auth.IsZero()}
	x.Scripts, x.NoIndex, x.asked = []string{"ask.js", "question.js"}, true, s.r.To("/ediciones", string(s.Edition.ID), "preguntar")
	x.Shape, x.State = leaf.Done, w.T("r.next", "date", w.Date(s.local(rc.ReviewBy)))+"."
	if rc.Repeated {
		x.State = w.T("a.dup", "folio", string(rc.ID)) + "."
	}
	x.Margin.Head = string(rc.ID)
	x.Margin.Lines = leaf.Notes(w.T("qt.received", "date", w.Day(s.local(rc.Received))))
	if n, sealed := p.place(s.r, rc.ID); sealed {
		x.Stamp = &leaf.Stamp{N: n, At: s.local(rc.Received), Href: s.r.To("/preguntas", string(rc.ID), "comprobante")}
	} else {
		x.Stamp = &leaf.Stamp{State: leaf.Sealing}
	}
	if !rc.Repeated {
		x.who = portrait.FormOf(s.r, p.Portrait, s.Edition.ID, s.Directory.Municipalities)
	}
	x.mergeBy = w.Hour(s.local(rc.MergeBy.Truncate(time.Minute)))
	return x
}

// nearly is how near a question must be to be shown before another is sent.
const nearly = 0.75

// NearlyEqual finds, for [Pages.Similar], the public questions that ask very nearly
// what a text asks, at most three.
func NearlyEqual(d *civic.Desk) func(context.Context, glosa.EditionID, string) ([]civic.Brief, error) {
	return func(ctx context.Context, ed glosa.EditionID, text string) (near []civic.Brief, err error) {
		found, err := d.Similar(ctx, ed, text, 3)
		for _, s := range found {
			if s.Score >= nearly {
				near = append(near, civic.Brief{ID: s.ID, Edition: ed, Text: s.Text, State: s.State, Language: s.Language})
			}
		}
		return near, err
	}
}
