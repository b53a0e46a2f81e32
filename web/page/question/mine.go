package question

import (
	"strings"

	"glosa"
	civic "glosa/civic/question"
	"glosa/web/door"
	"glosa/web/held"
	"glosa/web/page/leaf"
)

// knock is the form that asks for folio and key.
type knock struct {
	leaf.Page
	problems leaf.Problems
	folio    string
}

// door asks for folio and key. It leads nowhere by itself: the form is sent by
// POST, so that the key stands in no address.
func (p *Pages) door(r *door.Request) (door.View, error) {
	return door.View{Body: knockPage(p.knock(r, r.Query("folio"), leaf.Problems{})), NoStore: true}, nil
}

func (p *Pages) knock(r *door.Request, folio string, problems leaf.Problems) knock {
	k := knock{Page: leaf.From(r, r.Words.T("qt.mine.title")), folio: folio, problems: problems}
	k.Synthetic = r.Site.Demo
	k.Path, k.NoIndex, k.Scripts = "/mi-pregunta", true, []string{"question.js"}
	k.More = r.Words.T("qt.mine.what")
	return k
}

// again shows the form once more when folio and key do not fit.
func (p *Pages) again(r *door.Request, err error) (door.View, error) {
	problems, ok := leaf.ProblemsOf(r.Words, err)
	if !ok {
		return door.View{}, err
	}
	return door.Redo(knockPage(p.knock(r, r.Value("folio"), problems)))
}

// proofOf reads who claims to be the author: the key as typed, or the secrets
// that a device computed from it. A folio that is none and a key that does not
// fit are told apart by nothing.
func proofOf(r *door.Request) (glosa.QuestionID, civic.Proof, error) {
	id, err := civic.ParseFolio(r.Value("folio"))
	if err != nil {
		return "", civic.Proof{}, glosa.WrongField("key", "q.badkey")
	}
	proof := civic.Proof{Key: r.Value("key")}
	if hash(&proof.Auth, r.Value("prueba")) != nil || hash(&proof.Lock, r.Value("candado")) != nil || hash(&proof.Next, r.Value("siguiente")) != nil {
		return id, proof, glosa.WrongField("key", "q.badkey")
	}
	if proof.Key == "" && proof.Auth.IsZero() && proof.Lock.IsZero() {
		return id, proof, glosa.WrongField("key", "qt.mine.nokey")
	}
	return id, proof, nil
}

// carried is the proof as the page's own forms send it on, never the key itself:
// what opens the question, and what the lock of a follow-up will be.
func carried(proof civic.Proof) (auth, next string, err error) {
	lock, err := proof.NextLock()
	if err != nil {
		return "", "", err
	}
	if !lock.IsZero() {
		next = lock.String()
	}
	if proof.Key == "" {
		return proof.Auth.String(), next, nil
	}
	k, err := civic.ParseKey(proof.Key)
	return k.Auth().String(), next, err
}

// ownSheet is the author's page of one question: what it is, and what may be done with it.
type ownSheet struct {
	leaf.Page
	scene    scene
	q        civic.Page
	own      civic.Private
	proof    string
	next     string // what the lock of a follow-up will be
	locked   string // from what the device makes this question's lock
	problems leaf.Problems
	notice   string
	given    civic.Receipt // of what was just received: mended words, a follow-up
	promise  string        // the last one signed
	words    civic.Object  // as asked, public or not

	text, context leaf.Field
	rate          bool
	follow        bool
	edit          bool
	appeal        bool
	object        bool
	consent       bool
	unname        bool
	withdraw      bool
	erase         bool
}

// mine opens a question with its key.
func (p *Pages) mine(r *door.Request) (door.View, error) {
	id, proof, err := proofOf(r)
	if err != nil {
		return p.again(r, err)
	}
	return p.opened(r, id, proof, "", civic.Receipt{}, leaf.Problems{})
}

// opened is the author's page after folio and key were found to fit.
func (p *Pages) opened(r *door.Request, id glosa.QuestionID, proof civic.Proof, notice string, given civic.Receipt, problems leaf.Problems) (door.View, error) {
	own, err := p.Question.PrivateReceipt(r.Context(), id, proof)
	if err != nil {
		return p.again(r, err)
	}
	q, err := p.Question.Page(r.Context(), id)
	if err != nil {
		return door.View{}, err
	}
	s, err := p.scene(r, q.Edition)
	if err != nil {
		return door.View{}, err
	}
	d := ownSheet{Page: s.page(r.Words.T("qt.mine.title")), scene: s, q: q, own: own, notice: notice, given: given, problems: problems, locked: "lock"}
	if d.proof, d.next, err = carried(proof); err != nil {
		return p.again(r, err)
	}
	d.Path, d.NoIndex, d.Crumbs, d.Scripts = "/mi-pregunta", true, nil, []string{"question.js"}
	d.Margin.Head = string(id)
	d.Margin.Lines = leaf.Notes(r.Words.T("qt.received", "date", r.Words.Day(s.local(q.Received))))
	d.Shape, d.State = s.Standing(q.Brief)
	d.Clock = s.Running(q)
	root := q
	if q.State == civic.Merged {
		if root, err = p.Question.Page(r.Context(), q.Canonical); err != nil {
			return door.View{}, err
		}
	}
	d.allow(root)
	if problems.Any() {
		v, err := door.Redo(minePage(d))
		v.NoStore = true
		return v, err
	}
	return door.View{Body: minePage(d), NoStore: true}, nil
}

// allow says what may be done now. The desk decides again when it is done.
func (d *ownSheet) allow(root civic.Page) {
	q, w, r := d.q, d.Words, d.scene.r
	last := d.own.Words()
	d.words, d.promise = civic.ObjectOf(last.Object), string(last.Promise)
	if q.Follows != "" {
		d.locked = "lock/follow"
	}
	answered := root.State.Can("rate") || root.State == civic.Finished
	version := 0
	if len(root.Answers) > 0 {
		version = root.Answers[0].Number
	}
	d.rate = answered && (q.Rating == "" || q.RatedAnswer != version)
	d.follow = answered && q.Follows == "" && q.FollowedBy == ""
	d.edit = q.State.Can("edit")
	d.appeal = q.State.Can("appeal") && q.HasClock && d.scene.Now.Before(q.Clock.Due)
	d.object = q.State == civic.Merged || len(q.Joining) > 0
	d.consent = mayConsent(q)
	d.unname = d.own.Signed
	d.withdraw = q.State.Can("withdraw")
	d.erase = !q.Erased
	typed := func(name, was string) string {
		if d.problems.Any() {
			return strings.TrimSpace(r.Form.Get(name))
		}
		return was
	}
	d.text = leaf.Field{Name: "text", Label: w.T("qt.ask.text"), Hint: w.T("a.hint"), Error: d.problems.For("text"), Required: true}
	d.context = leaf.Field{Name: "context", Label: w.T("qt.ask.context"), Hint: w.T("qt.ask.context.hint"), Error: d.problems.For("context")}
	if d.edit {
		d.text.Value, d.context.Value = typed("text", d.words.Text), typed("context", d.words.Context)
	} else {
		d.text.Value, d.context.Value = typed("text", ""), typed("context", "")
	}
	if p := d.scene.Edition.Protocol; p != nil {
		d.text.Max, d.context.Max = p.Limits.QuestionLetters, p.Limits.ContextLetters
	}
}

// deed is one thing that an author may do: its address, what is said when it is
// done, and doing it. What received words gives their receipt.
type deed struct {
	path string
	done string
	do   func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) (civic.Receipt, error)
}

// bare is a deed that receives no words.
func bare(path, done string, do func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) error) deed {
	return deed{path, done, func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) (civic.Receipt, error) {
		return civic.Receipt{}, do(p, r, id, proof)
	}}
}

// deeds are the author's acts, by the last part of their address.
var deeds = []deed{
	bare("calificar", "qt.mine.rated", func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) error {
		return p.Question.Rate(r.Context(), glosa.Citizen(), id, proof, glosa.Code(r.Value("word")))
	}),
	{"repreguntar", "qt.mine.followed", func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) (rc civic.Receipt, err error) {
		salt, err := held.Salt(r)
		if err == nil {
			rc, err = p.Question.FollowUp(r.Context(), glosa.Citizen(), id, proof, r.Form.Get("text"), r.Form.Get("context"), salt)
		}
		return rc, err
	}},
	{"corregir", "qt.mine.edited", func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) (rc civic.Receipt, err error) {
		salt, err := held.Salt(r)
		if err == nil {
			rc, err = p.Question.Edit(r.Context(), glosa.Citizen(), id, proof, r.Form.Get("text"), r.Form.Get("context"), salt)
		}
		return rc, err
	}},
	bare("otra-revision", "qt.mine.appealed", func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) error {
		return p.Question.Appeal(r.Context(), glosa.Citizen(), id, proof)
	}),
	bare("separar", "qt.mine.apart", func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) error {
		return p.Question.Object(r.Context(), glosa.Citizen(), id, proof)
	}),
	bare("de-acuerdo", "lk.consented", func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) error {
		return p.Question.ConsentMerge(r.Context(), glosa.Citizen(), id, proof)
	}),
	bare("sin-nombre", "qt.mine.unnamed", func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) error {
		return p.Question.Unname(r.Context(), glosa.Citizen(), id, proof)
	}),
	bare("retirar", "qt.mine.withdrawn", func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) error {
		return p.Question.Withdraw(r.Context(), glosa.Citizen(), id, proof)
	}),
	bare("borrar", "qt.mine.erased", func(p *Pages, r *door.Request, id glosa.QuestionID, proof civic.Proof) error {
		return p.Question.EraseOwn(r.Context(), glosa.Citizen(), id, proof)
	}),
}

// deed receives the form of one act and shows the author's page anew.
func (p *Pages) deed(d deed) door.Handler {
	return func(r *door.Request) (door.View, error) {
		id, proof, err := proofOf(r)
		if err != nil {
			return p.again(r, err)
		}
		given, err := d.do(p, r, id, proof)
		if problems, wrong := leaf.ProblemsOf(r.Words, err); wrong {
			if problems.For("key") != "" {
				return p.again(r, err)
			}
			return p.opened(r, id, proof, "", civic.Receipt{}, problems)
		}
		if err != nil {
			return door.View{}, err
		}
		return p.opened(r, id, proof, r.Words.T(d.done), given, leaf.Problems{})
	}
}

// keyField is the box for a key: it is never filled in again.
func keyField(label, hint, wrong string) leaf.Field {
	return leaf.Field{Name: "key", Label: label, Hint: hint, Error: wrong, Required: true}
}
