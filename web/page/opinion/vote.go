package opinion

import (
	"encoding/hex"
	"strconv"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/record"
	"glosa/web/door"
	"glosa/web/held"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
	"glosa/web/page/leaf"
)

// private is a page of a voter.
type private struct {
	leaf.Page
	scene
	base string
}

// here is an address of the room; "" is the public page.
func (v private) here(last string) string {
	if last == "" {
		return v.base
	}
	return v.base + "/" + last
}

func (p *Pages) private(r *door.Request, title string) (v private, err error) {
	if v.scene, err = p.scene(r); err != nil {
		return v, err
	}
	v.base = v.scene.here(r)
	v.Page = leaf.From(r, title)
	v.NoIndex, v.Synthetic = true, v.ed.Synthetic
	v.Crumbs = []leaf.Link{chain.Crumb(r, v.ed), {Text: r.Words.T("op.crumb"), Href: v.base}}
	v.Margin = leaf.Margin{Head: r.Words.T("op.crumb"), Synthetic: v.ed.Synthetic}
	return v, nil
}

// ballotShown is one statement to vote on.
type ballotShown struct {
	private
	any     bool
	n       int
	said    string // what this browser said of it before
	answers []leaf.Option
	note    string
	done    int
	propose bool
}

// ballot shows the next statement, or the one whose vote is to change.
func (p *Pages) ballot(r *door.Request) (door.View, error) {
	w := r.Words
	base, err := p.private(r, w.T("op.vote"))
	if err != nil {
		return door.View{}, err
	}
	v := ballotShown{private: base, propose: base.board.Settings.Proposals && base.open()}
	who, err := p.hand(r, v.board.Settings)
	if err != nil {
		return door.View{}, err
	}
	t, err := p.Opinion.Turn(r.Context(), who, v.ed.ID)
	if err != nil {
		return door.View{}, err
	}
	v.done = t.Of - t.Left
	next, any := t.Next, t.Any
	if n, err := strconv.Atoi(r.Query("n")); err == nil {
		for _, s := range v.all {
			if s.N == n && s.Votable() {
				next, any = s, true
			}
		}
	}
	if !v.open() {
		v.Shape, v.State = leaf.Paused, w.T("op.closed")+"."
		return door.View{Body: ballotPage(v), NoStore: true}, nil
	}
	if !any {
		v.Shape, v.State, v.More = leaf.Done, w.T("op.done"), w.T("op.done.more")
		return door.View{Body: ballotPage(v), NoStore: true}, nil
	}
	v.any, v.n = true, next.N
	v.Title, v.Asked, v.TitleLang = words(w, next), true, lang(next)
	v.State = w.T("op.turn", "n", w.N(v.done), "of", w.N(t.Of))
	v.Scripts = []string{"opinion.js"}
	v.answers = []leaf.Option{{Value: "1", Text: w.T("op.says.agree")}, {Value: "-1", Text: w.T("op.says.disagree")}, {Value: "0", Text: w.T("op.says.pass")}}
	if says, voted := t.Said[next.N]; voted {
		v.said = strconv.Itoa(int(says))
	}
	if next.Question != "" {
		v.Crumbs = append(v.Crumbs, leaf.Link{Text: string(next.Question), Href: r.To("/preguntas", string(next.Question))})
	}
	return door.View{Body: ballotPage(v), NoStore: true}, nil
}

// vote takes an answer, by the strongest door that this browser showed.
func (p *Pages) vote(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	v := door.View{Go: r.To("/ediciones", string(id), "opinion", "votar")}
	n, err := strconv.Atoi(r.Value("n"))
	if err != nil {
		return door.View{}, glosa.WrongField("statement", "op.nothere")
	}
	says, known := map[string]opinion.Says{"1": opinion.Agree, "-1": opinion.Disagree, "0": opinion.Pass}[r.Value("voto")]
	if !known {
		return door.View{}, glosa.WrongField("vote", "op.says")
	}
	salt, err := held.Salt(r)
	if err != nil {
		return door.View{}, err
	}
	who, cookie, err := p.voting(r, id, salt)
	if cookie != nil {
		v.Cookies = append(v.Cookies, cookie)
	}
	if err == nil {
		_, err = p.Opinion.Vote(r.Context(), glosa.Citizen(), who, id, n, says, salt)
	}
	if err != nil {
		return doorless(r, err)
	}
	return v, nil
}

// ownShown is what this browser said.
type ownShown struct {
	private
	rows []ownRow
	json string
	undo string // where the whole ballot is withdrawn; "" when votes are not taken
	lot  string // by which this voter's order of statements is drawn
}

type ownRow struct{ text, lang, says, href string }

func (p *Pages) own(r *door.Request) (door.View, error) {
	w := r.Words
	base, err := p.private(r, w.T("op.mine"))
	if err != nil {
		return door.View{}, err
	}
	v := ownShown{private: base, json: base.here("mio.json")}
	who, err := p.hand(r, v.board.Settings)
	if err != nil {
		return door.View{}, err
	}
	t, err := p.Opinion.Turn(r.Context(), who, v.ed.ID)
	if err != nil {
		return door.View{}, err
	}
	for _, s := range v.all {
		says, voted := t.Said[s.N]
		if !voted {
			continue
		}
		x := ownRow{text: words(w, s), lang: lang(s), says: w.T("op.says." + map[opinion.Says]string{opinion.Agree: "agree", opinion.Disagree: "disagree", opinion.Pass: "pass"}[says])}
		if v.open() && s.Votable() {
			x.href = base.here("votar") + "?n=" + strconv.Itoa(s.N)
		}
		v.rows = append(v.rows, x)
	}
	v.State = w.T("op.mine.n", "n", w.N(len(v.rows)))
	if len(v.rows) == 0 {
		v.State = w.T("op.mine.none")
	} else {
		rc, err := p.Opinion.Own(r.Context(), who, v.ed.ID)
		if err != nil {
			return door.View{}, err
		}
		v.lot = hex.EncodeToString(rc.Position[:])
	}
	if v.open() {
		v.undo, v.Action = base.here("mio/retirar"), &leaf.Action{Text: w.T("op.vote"), Href: base.here("votar")}
	}
	return door.View{Body: ownPage(v), NoStore: true}, nil
}

// receipt is what proves this browser's votes: private, since it shows them. It
// holds the promise again until the record was told of the ballot, and the proof
// from then on.
func (p *Pages) receipt(r *door.Request) (door.View, error) {
	s, err := p.scene(r)
	if err != nil {
		return door.View{}, err
	}
	who, err := p.hand(r, s.board.Settings)
	if err != nil {
		return door.View{}, err
	}
	rc, err := p.Opinion.Own(r.Context(), who, s.ed.ID)
	if err != nil {
		return door.View{}, err
	}
	proof, err := p.proof(r, rc)
	if err == nil && proof == nil {
		rc, err = p.Opinion.Again(rc)
	}
	if err != nil {
		return door.View{}, err
	}
	object, err := glosa.JCS(rc.Object)
	if err != nil {
		return door.View{}, err
	}
	raw, err := record.Private{Object: object, SaltDevice: rc.SaltDevice, SaltServer: rc.SaltServer}.Write(rc.Promise, proof)
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: feed.Fixed("mis-votos.json", "application/json", s.ed.Synthetic, raw), NoStore: true}, nil
}

// proof is the receipt of the leaf that tells the record of a ballot; nil until it
// is sealed.
func (p *Pages) proof(r *door.Request, rc opinion.Receipt) ([]byte, error) {
	if p.Record == nil || rc.Batch == 0 {
		return nil, nil
	}
	l, ok, err := p.Record.Listed(r.Context(), voter.Listed(rc.Object.Contest, rc.Batch), rc.Commit)
	if err != nil || !ok || l.N >= p.Record.Size() {
		return nil, err
	}
	return p.Record.Receipt(r.Context(), l.N, nil)
}

// proposalShown takes a statement, or takes one back.
type proposalShown struct {
	private
	open, taken  bool
	most         int
	typed, n     string
	key, backN   string
	pass         leaf.Pass
	problems     leaf.Problems
	backProblems leaf.Problems
}

func (p *Pages) proposalOf(r *door.Request) (v proposalShown, err error) {
	w := r.Words
	if v.private, err = p.private(r, w.T("op.propose")); err != nil {
		return v, err
	}
	s := v.board.Status
	v.most, v.open = opinion.MostLetters, v.board.Settings.Proposals && !v.board.Paused && (s == opinion.Open || s == opinion.Frozen)
	v.State, v.pass = w.T("op.p.state"), leaf.PassOf(r, w.T("op.p.send"))
	if !v.open {
		v.Shape, v.State = leaf.Paused, w.T("op.p.closed")
	}
	return v, nil
}

func (p *Pages) proposal(r *door.Request) (door.View, error) {
	v, err := p.proposalOf(r)
	return door.View{Body: proposalPage(v), NoStore: true}, err
}

// propose takes a citizen's statement and shows its key, once.
func (p *Pages) propose(r *door.Request) (door.View, error) {
	v, err := p.proposalOf(r)
	if err != nil {
		return door.View{}, err
	}
	v.typed = r.Value("text")
	gate := door.GateOf(r.Context())
	if v.open {
		if held := gate.Ask(r.Knock()); held != nil {
			v.Wait(&v.pass, held)
			return door.Wait(proposalPage(v), held)
		}
	}
	rc, err := p.Opinion.Propose(r.Context(), glosa.Citizen(), v.ed.ID, v.typed, "es")
	if err != nil {
		gate.Back()
		var wrong bool
		if v.problems, wrong = leaf.ProblemsOf(r.Words, err); !wrong {
			return door.View{}, err
		}
		return door.Redo(proposalPage(v))
	}
	v.taken, v.n, v.key = true, strconv.Itoa(rc.N), rc.Key
	v.Shape, v.State = leaf.Done, r.Words.T("op.p.taken")
	return door.View{Body: proposalPage(v), NoStore: true}, nil
}

// withdraw takes a citizen's statement back, by its key.
func (p *Pages) withdraw(r *door.Request) (door.View, error) {
	v, err := p.proposalOf(r)
	if err != nil {
		return door.View{}, err
	}
	n, _ := strconv.Atoi(r.Value("n")) // what is no number has no statement
	err = p.Opinion.Withdraw(r.Context(), glosa.Citizen(), v.ed.ID, n, r.Value("key"))
	if err != nil {
		var wrong bool
		if v.backProblems, wrong = leaf.ProblemsOf(r.Words, err); !wrong {
			return door.View{}, err
		}
		v.backProblems, v.backN = v.backProblems.In("w"), r.Value("n")
		return door.Redo(proposalPage(v))
	}
	return door.Done(v.base, "edition:"+string(v.ed.ID))
}
