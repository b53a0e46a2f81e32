package commitment

import (
	"slices"
	"strings"

	"glosa"
	"glosa/civic/commitment"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// followPage lists what the person's institution answers for, and the edition's
// promises for whoever may bring evidence.
type followPage struct {
	desk
	Items []leaf.Item
}

// owedPage is one commitment at its owner's desk.
type owedPage struct {
	desk
	Card       *cardPage
	Statuses   []leaf.Option
	Milestones []leaf.Option
	Moves      []commitment.Milestone // that the owner may move
	Reply      *commitment.Assessment // whose reply is due
	MayReport  bool
	MayReply   bool
}

func (p *Pages) follow(r *door.Request) (door.View, error) {
	if err := allowed(r.Actor, "", actReport, actEvidence); err != nil || r.Actor.Has(glosa.CitizenRole) {
		return door.View{}, orElse(err, glosa.Refuse(glosa.Denied, "e.403", "rule", string(actReport)))
	}
	d, err := p.deskOf(r, "", r.Words.T("dk.follow"))
	if err != nil {
		return door.View{}, err
	}
	f := commitment.Filter{Owner: r.Actor.Institution}
	if f.Owner == "" {
		f.Edition = r.Actor.Edition
	}
	b, err := p.Commitment.Board(r.Context(), f)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return door.View{}, err
	}
	v := followPage{desk: d}
	v.Synthetic = v.Synthetic || r.Site.Demo
	late := 0
	for _, x := range b.Rows {
		row := rowOf(r, d.Names, x, d.Zone)
		it := leaf.Item{Code: string(x.ID), Text: x.Title, Href: r.To("/mesa/seguimiento", string(x.ID)), Shape: stateShape(x.State), Word: stateWord(r.Words, x.State),
			Notes: []string{r.Words.T("cb.col.gov") + ": " + row.Government, r.Words.T("cb.col.obs") + ": " + row.Observed}, Late: strings.Join(row.Marks, " · ")}
		if it.Late != "" {
			late++
		}
		v.Items = append(v.Items, it)
		v.Synthetic = v.Synthetic || x.Synthetic
	}
	v.State = r.Words.T("dk.follow.state", "n", r.Words.N(len(v.Items)), "late", r.Words.N(late))
	return door.Show(followBody(v))
}

func (p *Pages) owed(r *door.Request) (door.View, error) {
	v, err := p.owedOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(owedBody(v))
}

func (p *Pages) owedOf(r *door.Request) (v owedPage, err error) {
	if err = allowed(r.Actor, "", actReport, actEvidence); err != nil {
		return v, err
	}
	card, _, _, err := p.cardOf(r)
	if err != nil {
		return v, err
	}
	mine, err := p.answers(r, card.Card)
	if err != nil {
		return v, err
	}
	if !mine {
		return v, glosa.Missing("commitment", r.Path("id"))
	}
	c := card.Card
	if v.desk, err = p.deskOf(r, c.Edition, c.Name()); err != nil {
		return v, err
	}
	w := r.Words
	v.Crumbs = []leaf.Link{{Text: w.T("en.desk.title"), Href: r.To("/mesa")}, {Text: w.T("dk.follow"), Href: r.To("/mesa/seguimiento")}, {Text: string(c.ID)}}
	v.Card, v.State, v.Shape, v.Clock = &card, card.State, stateShape(c.State), card.Clock
	v.Statuses = v.ladder(commitment.NoEvidence)
	v.Milestones = []leaf.Option{{Value: "", Text: w.T("cb.bring.whole")}}
	for _, m := range c.Milestones {
		v.Milestones = append(v.Milestones, leaf.Option{Value: string(m.ID), Text: m.Title})
		if m.Progress.May(commitment.InProgress) || m.Progress.May(commitment.Done) {
			v.Moves = append(v.Moves, m)
		}
	}
	v.MayReport = r.Actor.May(actReport) == nil && c.State.Running()
	for i, a := range c.Assessments {
		if a.Phase == commitment.RightOfReply && a.Reply == "" && r.Actor.May(actReply) == nil {
			v.Reply, v.MayReply = &c.Assessments[i], true
		}
	}
	return v, nil
}

// answers tells whether the commitment is this person's business: their
// institution owns it under some name, or they sit in its edition.
func (p *Pages) answers(r *door.Request, c commitment.Card) (bool, error) {
	if r.Actor.Institution == "" {
		return r.Actor.Edition == c.Edition, nil
	}
	b, err := p.Commitment.Board(r.Context(), commitment.Filter{Owner: r.Actor.Institution, Drafts: true})
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(b.Rows, func(x commitment.Row) bool { return x.ID == c.ID }), nil
}

// followed does one act of the owner's desk.
func (p *Pages) followed(r *door.Request) (door.View, error) {
	v, err := p.owedOf(r)
	if err != nil {
		return door.View{}, err
	}
	if err := p.tell(r, v.Card.Card.ID); err != nil {
		if !v.back(r, err) {
			return door.View{}, err
		}
		return door.Redo(owedBody(v))
	}
	id := string(v.Card.Card.ID)
	return door.Done(r.To("/mesa/seguimiento", id), "commitment:"+id)
}

func (p *Pages) tell(r *door.Request, id glosa.CommitmentID) error {
	ctx, by := r.Context(), r.Actor
	what, rest, _ := strings.Cut(r.Value("do"), ".")
	switch what {
	case "report":
		return p.Commitment.Report(ctx, by, id, commitment.Update{Status: commitment.Status(r.Value("status")), Percent: number(r.Value("percent")),
			Text: r.Value("text"), Blockers: r.Value("blockers")})
	case "progress":
		if !strings.HasPrefix(rest, string(id)+"-h") {
			return glosa.Missing("milestone", rest)
		}
		return p.Commitment.Progress(ctx, by, glosa.MilestoneID(rest), commitment.Progress(r.Value("progress")))
	case "reply":
		return p.Commitment.Reply(ctx, by, id, number(rest), r.Value("text"))
	case "evidence":
		return p.bringFile(r, id)
	}
	return glosa.Missing("act", what)
}

// bringFile takes evidence of the owner: one file, or one address.
func (p *Pages) bringFile(r *door.Request, id glosa.CommitmentID) error {
	b := commitment.Brought{Milestone: glosa.MilestoneID(r.Value("milestone")), Title: r.Value("title"), URL: r.Value("url")}
	if list := r.Files["file"]; len(list) > 0 && list[0].Size > 0 {
		f, err := list[0].Open()
		if err != nil {
			return err
		}
		defer f.Close()
		b.File = f
	}
	_, err := p.Commitment.Bring(r.Context(), r.Actor, id, b)
	return err
}

// here is where the forms of the owner's desk are sent.
func (v owedPage) here() string { return v.To("/mesa/seguimiento", string(v.Card.Card.ID)) }
