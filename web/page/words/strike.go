package words

import (
	"encoding/json"
	"slices"
	"strconv"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/question"
)

// rowsOf is how many different words one proposal may strike out.
const rowsOf = 5

// board is the desk of redaction as it stands.
type board struct {
	leaf.Page
	s        question.Speaker
	edition  glosa.EditionID
	problems leaf.Problems
	seals    civic.Seals
	typed    string
	item     *civic.Strikable
	missing  string // why the folio that was typed cannot be struck in
	rows     []row
	langs    []glosa.Code // what the actor declared to read
	grounds  []leaf.Option
	reasons  []leaf.Option
	reader   bool // the actor may say which languages they read
}

// row is one stretch of words in the form.
type row struct{ words, ground string }

func (p *Pages) striking(r *door.Request) (door.View, error) {
	b, err := p.board(r, r.Query("folio"), leaf.Problems{})
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: strikePage(b)}, nil
}

func (p *Pages) board(r *door.Request, typed string, problems leaf.Problems) (board, error) {
	ed := glosa.EditionID(r.Path("edition"))
	seals, err := p.Question.Seals(r.Context(), r.Actor, ed)
	if err != nil {
		return board{}, err
	}
	s, err := question.Speak(r, p.Desks, ed)
	if err != nil {
		return board{}, err
	}
	w := r.Words
	b := board{Page: page(r, w.T("st.title"), s.Names.Actor(r.Actor)), s: s, edition: ed, problems: problems, seals: seals, typed: typed}
	b.Synthetic, b.Margin.Synthetic = s.Edition.Synthetic, s.Edition.Synthetic
	b.Crumbs = append(b.Crumbs, leaf.Link{Text: chain.Name(w, s.Edition)})
	b.State, b.Shape = w.T("st.ready"), leaf.Open
	if !seals.Ready() {
		b.State, b.Shape = w.T("st.unready"), leaf.Paused
	}
	for _, g := range civic.StrikeGrounds() {
		b.grounds = append(b.grounds, leaf.Option{Value: string(g), Text: w.T("st.ground." + string(g))})
	}
	for _, c := range civic.UnsealReasons() {
		b.reasons = append(b.reasons, leaf.Option{Value: string(c), Text: w.T("st.reason." + string(c))})
	}
	if b.langs, err = p.Question.Reads(r.Context(), r.Actor, ed); err == nil {
		b.reader = true
	} else if glosa.KindOf(err) != glosa.Denied {
		return board{}, err
	}
	return b, p.open(r, &b)
}

// open reads the question whose folio was typed.
func (p *Pages) open(r *door.Request, b *board) error {
	for i := range rowsOf {
		n := strconv.Itoa(i)
		b.rows = append(b.rows, row{r.Form.Get("words" + n), r.Form.Get("ground" + n)})
	}
	if b.typed == "" {
		return nil
	}
	id, err := folio(b.typed)
	if err != nil {
		b.missing = r.Words.T("st.nofolio")
		return nil
	}
	x, err := p.Question.Strikable(r.Context(), r.Actor, id)
	if err != nil && (glosa.KindOf(err) == glosa.NotFound || glosa.KindOf(err) == glosa.Conflict) {
		b.missing = r.Words.T("st.nofolio")
		return nil
	}
	if err != nil {
		return err
	}
	if x.Edition != b.edition {
		b.missing = r.Words.T("st.nofolio")
		return nil
	}
	b.item = &x
	return nil
}

// propose reads which words are to go, finds them in the text, and proposes that.
func (p *Pages) propose(r *door.Request) (door.View, error) {
	id, err := folio(r.Value("folio"))
	if err != nil {
		return p.again(r, glosa.WrongField("folio", "mq.folio"))
	}
	x, err := p.Question.Strikable(r.Context(), r.Actor, id)
	if err != nil {
		return p.again(r, err)
	}
	var spans []civic.Span
	for i := range rowsOf {
		n := strconv.Itoa(i)
		words := r.Value("words" + n)
		if words == "" {
			continue
		}
		found := civic.SpansOf(x.Text, x.Context, words, glosa.Code(r.Value("ground"+n)))
		if len(found) == 0 {
			return p.again(r, glosa.WrongField("words"+n, "re.spans"))
		}
		spans = append(spans, found...)
	}
	if len(spans) == 0 {
		return p.again(r, glosa.WrongField("words0", "st.empty"))
	}
	version, _ := strconv.Atoi(r.Value("version"))
	if err := p.Question.ProposeStrike(r.Context(), r.Actor, id, version, spans); err != nil {
		return p.again(r, err)
	}
	return door.Done(p.home(r)+"?folio="+string(id), "question:"+string(id))
}

// deed receives the form of one act on a question.
func (p *Pages) deed(do func(r *door.Request, id glosa.QuestionID) error) door.Handler {
	return func(r *door.Request) (door.View, error) {
		to, acted := p.home(r), "edition:"+r.Path("edition")
		id := glosa.QuestionID("")
		if typed := r.Value("folio"); typed != "" {
			var err error
			if id, err = folio(typed); err != nil {
				return p.again(r, glosa.WrongField("folio", "mq.folio"))
			}
			to, acted = to+"?folio="+string(id), "question:"+string(id)
		}
		if err := do(r, id); err != nil {
			return p.again(r, err)
		}
		return door.Done(to, acted)
	}
}

func (p *Pages) home(r *door.Request) string { return r.To("/mesa/tachado", r.Path("edition")) }

// again shows the desk with what is wrong; any other error goes on.
func (p *Pages) again(r *door.Request, err error) (door.View, error) {
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if !wrong {
		return door.View{}, err
	}
	b, err := p.board(r, r.Value("folio"), problems)
	if err != nil {
		return door.View{}, err
	}
	return door.Redo(strikePage(b))
}

func (p *Pages) enrol(r *door.Request) (door.View, error) {
	err := p.Question.EnrolKey(r.Context(), r.Actor, glosa.EditionID(r.Path("edition")), glosa.Side(r.Value("side")), r.Value("key"))
	if err != nil {
		return p.again(r, err)
	}
	return door.Done(p.home(r), "edition:"+r.Path("edition"))
}

// reads keeps which languages whoever moderates reads.
func (p *Pages) reads(r *door.Request) (door.View, error) {
	ed := glosa.EditionID(r.Path("edition"))
	var langs []glosa.Code
	for _, l := range r.Form["language"] {
		langs = append(langs, glosa.Code(l))
	}
	if err := p.Question.DeclareReads(r.Context(), r.Actor, ed, langs); err != nil {
		return p.again(r, err)
	}
	return door.Done(p.home(r)+"#lenguas", "edition:"+string(ed))
}

// original hands out the sealed originals that two sides agreed on. The record
// said so before: this only reads.
func (p *Pages) original(r *door.Request) (door.View, error) {
	id, err := folio(r.Value("folio"))
	if err != nil {
		return p.again(r, glosa.WrongField("folio", "mq.folio"))
	}
	all, err := p.Question.Bundles(r.Context(), r.Actor, id)
	if err != nil {
		return door.View{}, err
	}
	js, err := json.Marshal(all)
	if err != nil {
		return door.View{}, err
	}
	return door.View{NoStore: true, File: &door.File{Name: "original-sellado-" + string(id) + ".json", Type: "application/json", Bytes: js}}, nil
}

// to is the address of one act of this desk.
func (b board) to(path string) string {
	return b.Page.To("/mesa/tachado", string(b.edition), path)
}

// sides are in the order of the form, with the name of each.
func (b board) sides() []glosa.Side { return []glosa.Side{glosa.Government, glosa.Civil} }

func (b board) side(s glosa.Side) string { return b.Words.T("who.side." + string(s)) }

// tongues are the languages of the edition beside its first.
func (b board) tongues() []string {
	if p := b.s.Edition.Protocol; p != nil && len(p.Languages) > 0 {
		return p.Languages[1:]
	}
	return nil
}

func (b board) knows(lang string) bool { return slices.Contains(b.langs, glosa.Code(lang)) }

// piece is a stretch of a text: what is proposed to go stands out.
type piece struct {
	text   string
	ground string
}

// pieces cuts a text at the spans of a proposal.
func (b board) pieces(text string, field glosa.Code, spans []civic.Span) (out []piece) {
	rs, at := []rune(text), 0
	for _, s := range spans {
		if s.Field != field || s.From < at || s.To > len(rs) {
			continue
		}
		out = append(out, piece{text: string(rs[at:s.From])}, piece{string(rs[s.From:s.To]), b.Words.T("st.ground." + string(s.Ground))})
		at = s.To
	}
	return append(out, piece{text: string(rs[at:])})
}
