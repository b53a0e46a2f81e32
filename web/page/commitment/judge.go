package commitment

import (
	"slices"
	"strings"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/people"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// worklist is the evaluator's desk: what waits, oldest first.
type worklist struct {
	desk
	Claimed    []leaf.Item
	Milestones []leaf.Item
	Evidence   []leaf.Item
	Replies    []leaf.Item
	Unassessed []leaf.Item
	Declared   string // what this seat declared; "" while it has not
	Interests  []leaf.Option
	Any        bool
}

// judgePage is one commitment before the evaluator: the criterion both sides
// fixed, the evidence, what the government says, and the forms of the verdict.
type judgePage struct {
	desk
	Card      *cardPage
	Criterion string
	Fixed     string
	Evidence  []exhibit
	Steps     []commitment.Milestone // claimed done
	Reviews   []leaf.Option
	Statuses  []leaf.Option
	Pending   *verdict // the one in right of reply
	MayEnd    bool     // its reply has come, or its time is over
	MayAssess bool
	Declared  bool
}

// exhibit is a piece of evidence with the form of its review.
type exhibit struct {
	piece
	ID   string
	Open bool
}

// series is the one whose commitments this person evaluates.
func (p *Pages) series(r *door.Request) (glosa.SeriesID, error) {
	if r.Actor.Edition == "" {
		return "", nil
	}
	ed, err := p.Edition.Get(r.Context(), r.Actor.Edition)
	return ed.Series, err
}

func (p *Pages) evaluate(r *door.Request) (door.View, error) {
	v, err := p.worklist(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(worklistBody(v))
}

func (p *Pages) worklist(r *door.Request) (v worklist, err error) {
	if err = allowed(r.Actor, "", actReview); err != nil {
		return v, err
	}
	w := r.Words
	if v.desk, err = p.deskOf(r, r.Actor.Edition, w.T("dk.evaluate")); err != nil {
		return v, err
	}
	series, err := p.series(r)
	if err != nil {
		return v, err
	}
	work, err := p.Commitment.Evaluator(r.Context(), r.Actor, series)
	if err != nil {
		return v, err
	}
	row := func(x commitment.Row) leaf.Item {
		return leaf.Item{Code: string(x.ID), Text: x.Title, Href: r.To("/mesa/evaluacion", string(x.ID)), Shape: stateShape(x.State), Word: stateWord(w, x.State)}
	}
	of := func(id glosa.CommitmentID, text, word string) leaf.Item {
		return leaf.Item{Code: string(id), Text: text, Href: r.To("/mesa/evaluacion", string(id)), Shape: leaf.Open, Word: word}
	}
	for _, x := range work.Claimed {
		v.Claimed = append(v.Claimed, row(x))
	}
	for _, x := range work.Unassessed {
		v.Unassessed = append(v.Unassessed, row(x))
	}
	for _, m := range work.Milestones {
		v.Milestones = append(v.Milestones, of(m.Commitment, m.Title, w.T("cb.progress.claimed_done")))
	}
	for _, e := range work.Evidence {
		v.Evidence = append(v.Evidence, of(e.Commitment, e.Title, w.T("cb.e.unreviewed")))
	}
	for _, a := range work.Replies {
		word := w.T("dk.awaiting", "date", w.Day(a.ReplyUntil.In(v.Zone)))
		if a.Reply != "" {
			word = w.T("dk.replied")
		}
		v.Replies = append(v.Replies, of(a.Commitment, w.T("verdict."+string(a.Status)), word))
	}
	n := len(v.Claimed) + len(v.Milestones) + len(v.Evidence) + len(v.Replies) + len(v.Unassessed)
	v.Any, v.State = n > 0, w.T("d.next", "n", w.N(n))
	if !v.Any {
		v.State = w.T("dk.nothing")
	}
	v.Interests = []leaf.Option{{Value: "none", Text: w.T("dk.interest.none")}, {Value: "declared", Text: w.T("dk.interest.some")}}
	v.Declared, err = p.declared(r, r.Actor.Edition)
	return v, err
}

// declared is what this seat declared in an edition; "" while it has not.
func (p *Pages) declared(r *door.Request, id glosa.EditionID) (string, error) {
	if id == "" {
		return "", nil
	}
	roll, err := p.People.Roll(r.Context(), id)
	for _, d := range roll.Declarations {
		if d.By == r.Actor.By() {
			if d.Interest == people.NoInterest {
				return r.Words.T("dk.interest.none"), err
			}
			return d.Text, err
		}
	}
	return "", err
}

// declare takes the evaluator's declaration of interests.
func (p *Pages) declare(r *door.Request) (door.View, error) {
	if err := allowed(r.Actor, "", actReview); err != nil {
		return door.View{}, err
	}
	err := p.People.Declare(r.Context(), r.Actor, r.Actor.Edition, people.Interest(r.Value("interest")), r.Value("text"))
	if err != nil {
		v, verr := p.worklist(r)
		if verr != nil || !v.back(r, err) {
			return door.View{}, orElse(verr, err)
		}
		return door.Redo(worklistBody(v))
	}
	return door.Done(r.To("/mesa/evaluacion"), "edition:"+string(r.Actor.Edition))
}

func (p *Pages) judge(r *door.Request) (door.View, error) {
	v, err := p.judgeOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(judgeBody(v))
}

func (p *Pages) judgeOf(r *door.Request) (v judgePage, err error) {
	if err = allowed(r.Actor, "", actReview); err != nil {
		return v, err
	}
	card, _, _, err := p.cardOf(r)
	if err != nil {
		return v, err
	}
	c := card.Card
	series, err := p.series(r)
	if err != nil {
		return v, err
	}
	if series != "" && c.Series != series || !c.State.Agreed() {
		return v, glosa.Missing("commitment", r.Path("id"))
	}
	w := r.Words
	if v.desk, err = p.deskOf(r, c.Edition, c.Name()); err != nil {
		return v, err
	}
	v.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}, {Text: w.T("dk.evaluate"), Href: r.To("/mesa/evaluacion")}, {Text: string(c.ID)}}
	v.Card, v.State, v.Shape = &card, card.State, stateShape(c.State)
	v.Criterion = c.Current().Wording.Indicator
	if at := c.Current().InForce; !at.IsZero() && !c.Documented() {
		v.Fixed = w.T("ev.rule", "date", w.Date(at.In(v.Zone)))
	}
	if err = v.evidence(p, r, series); err != nil {
		return v, err
	}
	for _, m := range c.Milestones {
		if m.Progress == commitment.Done {
			v.Steps = append(v.Steps, m)
		}
	}
	for _, x := range []commitment.Review{commitment.Admissible, commitment.Insufficient, commitment.Irrelevant} {
		v.Reviews = append(v.Reviews, leaf.Option{Value: string(x), Text: w.T("cb.e." + string(x))})
	}
	v.Statuses = v.ladder()
	v.verdicts(r, c)
	said, err := p.declared(r, c.Edition)
	v.Declared = said != ""
	return v, err
}

// verdicts finds the one that waits for its reply, and whether another may be given.
func (v *judgePage) verdicts(r *door.Request, c commitment.Card) {
	v.MayAssess = true
	for i, x := range v.Card.Verdicts {
		if x.Assessment.Phase == commitment.RightOfReply {
			v.Pending, v.MayAssess = &v.Card.Verdicts[i], false
			v.MayEnd = x.Reply != "" || r.Now.After(x.ReplyUntil)
		}
	}
}

// evidence is every piece, those nobody has reviewed first: what citizens brought
// is seen here before it is public.
func (v *judgePage) evidence(p *Pages, r *door.Request, series glosa.SeriesID) error {
	work, err := p.Commitment.Evaluator(r.Context(), r.Actor, series)
	if err != nil {
		return err
	}
	seen := map[glosa.EvidenceID]bool{}
	add := func(e commitment.Evidence) {
		if !seen[e.ID] && e.Commitment == v.Card.Card.ID && e.State != commitment.Gone {
			seen[e.ID] = true
			v.Evidence = append(v.Evidence, exhibit{piece: pieceOf(r, v.Card, e), ID: string(e.ID), Open: e.State != commitment.Superseded})
		}
	}
	for _, e := range work.Evidence {
		add(e)
	}
	for _, e := range slices.Backward(v.Card.Card.Evidence) {
		add(e)
	}
	return nil
}

// judged does one act of the evaluator.
func (p *Pages) judged(r *door.Request) (door.View, error) {
	v, err := p.judgeOf(r)
	if err != nil {
		return door.View{}, err
	}
	id := v.Card.Card.ID
	if err := p.rule(r, v, id); err != nil {
		if !v.back(r, err) {
			return door.View{}, err
		}
		return door.Redo(judgeBody(v))
	}
	return door.Done(r.To("/mesa/evaluacion", string(id)), "commitment:"+string(id))
}

func (p *Pages) rule(r *door.Request, v judgePage, id glosa.CommitmentID) error {
	ctx, by := r.Context(), r.Actor
	what, rest, _ := strings.Cut(r.Value("do"), ".")
	switch what {
	case "review":
		if !slices.ContainsFunc(v.Evidence, func(e exhibit) bool { return e.ID == rest }) {
			return glosa.Missing("evidence", rest)
		}
		return p.Commitment.Review(ctx, by, glosa.EvidenceID(rest), commitment.Review(r.Value("review")), r.Value("reason"))
	case "check":
		if !strings.HasPrefix(rest, string(id)+"-h") {
			return glosa.Missing("milestone", rest)
		}
		return p.Commitment.Check(ctx, by, glosa.MilestoneID(rest), r.Value("verified") == "1", r.Value("note"))
	case "assess":
		a := commitment.Assessment{Status: commitment.Status(r.Value("status")), Rationale: r.Value("rationale"), Closing: r.Value("closing") == "1"}
		for _, e := range r.Form["considered"] {
			a.Considered = append(a.Considered, glosa.EvidenceID(e))
		}
		return p.Commitment.Assess(ctx, by, id, a)
	case "conclude":
		return p.Commitment.Conclude(ctx, by, id, number(rest))
	}
	return glosa.Missing("act", what)
}

// here is where the forms of the evaluator's desk are sent.
func (v judgePage) here() string { return v.To("/mesa/evaluacion", string(v.Card.Card.ID)) }
