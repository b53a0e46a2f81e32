package commitment

import (
	"context"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/civic/report"
	"glosa/db"
)

// Desk is where promises are made, kept account of and judged.
type Desk struct {
	DB    *db.DB
	Files report.Files // where the bytes of evidence lie

	kept kept
}

// Act names of this room, as testdata/may.txt has them.
const (
	actPropose   glosa.Act = "commitment.propose"
	actNegotiate glosa.Act = "commitment.negotiate"
	actAccept    glosa.Act = "commitment.accept"
	actDecline   glosa.Act = "commitment.decline"
	actAmend     glosa.Act = "commitment.amend"
	actSuspend   glosa.Act = "commitment.suspend"
	actErase     glosa.Act = "commitment.erase"
)

// loadAll reads the commitments of a scope with their parts.
func loadAll(tx *db.Tx, s scope) ([]Commitment, []versionRow, error) {
	list, err := selectHeads(tx, s)
	if err != nil {
		return nil, nil, err
	}
	at := make(map[glosa.CommitmentID]*Commitment, len(list))
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	versions, err := selectVersions(tx, s)
	if err != nil {
		return nil, nil, err
	}
	for _, v := range versions {
		c := at[v.of]
		c.Versions = append(c.Versions, v.Version)
	}
	owners, err := selectOwners(tx, s)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range owners {
		at[o.id].Owners = append(at[o.id].Owners, o.row)
	}
	targets, err := selectTargets(tx, s)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range targets {
		at[t.id].Targets = append(at[t.id].Targets, t.row)
	}
	milestones, err := selectMilestones(tx, s)
	for _, m := range milestones {
		at[m.Commitment].Milestones = append(at[m.Commitment].Milestones, m)
	}
	return list, versions, err
}

// load is one commitment and its wordings with the humans who agreed. Kinds: NotFound.
func load(tx *db.Tx, id glosa.CommitmentID) (Commitment, []versionRow, error) {
	missing := glosa.Missing("commitment", string(id))
	if id == "" {
		return Commitment{}, nil, missing
	}
	list, versions, err := loadAll(tx, scope{id: id})
	if err != nil {
		return Commitment{}, nil, err
	}
	if len(list) == 0 {
		return Commitment{}, nil, missing
	}
	return list[0], versions, nil
}

// enter opens an act on one commitment.
func enter(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.CommitmentID) (Commitment, []versionRow, edition.Edition, error) {
	c, versions, err := load(tx, id)
	if err != nil {
		return c, nil, edition.Edition{}, err
	}
	ed, err := edition.Enter(tx, by, act, c.Edition)
	return c, versions, ed, err
}

// leave puts an event of a commitment on the line, for every page it moves: its
// own, its institutions', its targets' and that of the question it came from.
func leave(tx *db.Tx, by glosa.Actor, c Commitment, kind glosa.EventKind, body any) error {
	return tx.Leave(kind.Event(by, c.Edition, string(c.ID), body, tagsOf(c)...))
}

// tagsOf names the pages that an event of a commitment moves besides its own.
func tagsOf(c Commitment) []string {
	tags := []string{"series:" + string(c.Series)}
	for _, o := range c.Owners {
		tags = append(tags, "institution:"+string(o.Institution))
	}
	for _, t := range c.Targets {
		tags = append(tags, "sdg:"+string(t.Code))
	}
	if c.Question != "" {
		tags = append(tags, "question:"+string(c.Question))
	}
	return tags
}

// Draft is what a commitment says now, in the form in which it is proposed.
func (c Commitment) Draft() Draft {
	d := Draft{Wording: c.Versions[len(c.Versions)-1].Wording, Owners: c.Owners, Targets: c.Targets,
		Territory: c.Territory, Mesa: c.Mesa, Question: c.Question}
	for _, m := range c.Milestones {
		d.Milestones = append(d.Milestones, Step{Title: m.Title, Due: m.Due})
	}
	return d
}

// check is everything that can be seen of a draft without the database. Kinds: Invalid.
func (d Draft) check() error {
	if err := d.Wording.Check(false); err != nil {
		return err
	}
	return d.checkParts()
}

// known makes sure that what a draft names exists: institutions, mesa, question.
func (d Draft) known(tx *db.Tx, ed edition.Edition) error {
	for _, o := range d.Owners {
		if _, err := people.InstitutionOn(tx, o.Institution, tx.Now); err != nil {
			return err
		}
	}
	if d.Mesa != "" {
		m, err := panel.MesaOf(tx, d.Mesa)
		if err != nil {
			return err
		}
		if m.Edition != ed.ID {
			return glosa.WrongField("mesa", "cm.mesa")
		}
	}
	if d.Question != "" {
		if _, err := question.Canonical(tx, d.Question); err != nil {
			return err
		}
	}
	return nil
}

// Propose puts a promise on the parking list of an edition. It may be incomplete:
// the gate stands at [Desk.Negotiate]. Kinds: Invalid, Denied, Closed, NotFound.
func (d *Desk) Propose(ctx context.Context, by glosa.Actor, id glosa.EditionID, draft Draft) (glosa.CommitmentID, error) {
	if err := by.MayIn(actPropose, id); err != nil {
		return "", err
	}
	if err := draft.check(); err != nil {
		return "", err
	}
	var made glosa.CommitmentID
	err := d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := edition.Enter(tx, by, actPropose, id)
		if err != nil {
			return err
		}
		if err := draft.known(tx, ed); err != nil {
			return err
		}
		n := Number{Prefix: PrefixOf(ed.Series), Year: yearOf(ed, tx.Now)}
		if n.N, err = nextNumber(tx, n.Prefix, n.Year); err != nil {
			return err
		}
		c := Commitment{ID: n.ID(), Edition: id, Series: ed.Series, State: Proposed, Synthetic: ed.Synthetic,
			Mesa: draft.Mesa, Question: draft.Question, Territory: draft.Territory, Proposed: tx.Now}
		free, err := insertHead(tx, c, n)
		if err != nil || !free {
			return orElse(err, glosa.Refuse(glosa.Conflict, "e.409"))
		}
		made = c.ID
		if err := write(tx, &c, draft); err != nil {
			return err
		}
		return leave(tx, by, c, evProposed, originBody{Question: c.Question, Mesa: c.Mesa})
	})
	return made, err
}

func orElse(err error, other *glosa.Error) error {
	if err != nil {
		return err
	}
	return other
}

// yearOf is the year a commitment is numbered in: that of the session.
func yearOf(ed edition.Edition, now time.Time) int {
	if ed.Session.IsZero() {
		return now.Year()
	}
	return ed.Session.Year()
}

// write keeps a draft as the first wording and its parts.
func write(tx *db.Tx, c *Commitment, draft Draft) error {
	digest, err := draft.Wording.Digest()
	if err != nil {
		return err
	}
	v := Version{Number: 1, Wording: draft.Wording, At: tx.Now, Digest: digest}
	if err := putVersion(tx, c.ID, v); err != nil {
		return err
	}
	if err := replaceParts(tx, c.ID, draft); err != nil {
		return err
	}
	c.Mesa, c.Question, c.Territory = draft.Mesa, draft.Question, draft.Territory
	c.Starts, c.Ends = draft.Wording.Starts, draft.Wording.Ends
	c.Owners, c.Targets, c.Versions = draft.Owners, draft.Targets, []Version{v}
	return updateHead(tx, *c)
}

// Revise rewrites a promise that is not accepted yet. One that was negotiated
// goes back to the parking list, and whoever had agreed to it agrees anew.
// Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Revise(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, draft Draft) error {
	act := actPropose
	if by.May(act) != nil {
		act = actNegotiate
	}
	if err := by.May(act); err != nil {
		return err
	}
	if err := draft.check(); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, _, ed, err := enter(tx, by, act, id)
		if err != nil {
			return err
		}
		if c.State != Proposed {
			if c.State, err = c.State.Step("revise"); err != nil {
				return err
			}
		}
		if err := draft.known(tx, ed); err != nil {
			return err
		}
		if err := write(tx, &c, draft); err != nil {
			return err
		}
		return leave(tx, by, c, evRevised, stateBody{State: glosa.Code(c.State)})
	})
}

// Negotiate is the gate out of draft: it passes only what lacks nothing, and
// otherwise names every missing part. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Negotiate(ctx context.Context, by glosa.Actor, id glosa.CommitmentID) error {
	if err := by.May(actNegotiate); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, _, _, err := enter(tx, by, actNegotiate, id)
		if err != nil {
			return err
		}
		if c.State, err = c.State.Step("negotiate"); err != nil {
			return err
		}
		if err := asError(c.Draft().Lacks()); err != nil {
			return err
		}
		if err := updateHead(tx, c); err != nil {
			return err
		}
		v := c.Versions[0]
		body, err := c.wordingBody(v)
		if err != nil {
			return err
		}
		return leave(tx, by, c, evNegotiated, body)
	})
}

// Accept is one side's yes to the negotiated draft that it has read: read is its
// digest ([Draft.Digest]). With the other side's, by another human, the
// commitment is accepted and its first version is frozen. Kinds: Denied, Closed,
// Conflict when the draft says something else by now, NotFound.
func (d *Desk) Accept(ctx context.Context, by glosa.Actor, id glosa.CommitmentID, read glosa.Hash) error {
	if err := by.May(actAccept); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, versions, ed, err := enter(tx, by, actAccept, id)
		if err != nil {
			return err
		}
		if err := c.asRead(read); err != nil {
			return err
		}
		to, err := c.State.Step("accept")
		if err != nil {
			return err
		}
		both, err := agree(tx, by, actAccept, ed, c, versions[0])
		if err != nil || !both {
			return err
		}
		c.State, c.Accepted = to, tx.Now
		if err := updateHead(tx, c); err != nil {
			return err
		}
		v := versions[0]
		body, err := c.wordingBody(v.Version)
		if err != nil {
			return err
		}
		if err := leave(tx, by, c, evInForce, body); err != nil {
			return err
		}
		if !c.Starts.After(tx.Now) {
			return begin(tx, by, c)
		}
		return nil
	})
}

// asRead refuses an act on words that changed after the actor had read them.
// Kinds: Conflict.
func (c Commitment) asRead(read glosa.Hash) error {
	now, err := c.Draft().Digest()
	if err == nil && now != read {
		return glosa.Refuse(glosa.Conflict, "cm.changed")
	}
	return err
}

// agree records one side's yes to a wording and tells whether both have given it.
func agree(tx *db.Tx, by glosa.Actor, act glosa.Act, ed edition.Edition, c Commitment, v versionRow) (both bool, err error) {
	own, other := v.govHuman, v.civilHuman
	if by.Side == glosa.Civil {
		own, other = other, own
	}
	if own != "" {
		return false, glosa.Refuse(glosa.Conflict, "cm.agreed", "side", string(by.Side))
	}
	if !by.OneOfTwo() || by.Human == other {
		return false, glosa.Refuse(glosa.Denied, "pa.twopersons", "rule", string(act))
	}
	if err := people.MayActHere(tx, by, act, tx.Now.In(ed.Zone)); err != nil {
		return false, err
	}
	if err := updateAgreement(tx, c.ID, v.Number, by, tx.Now); err != nil {
		return false, err
	}
	body := agreeBody{Version: v.Number, Digest: v.Digest, Side: by.Side, How: "recorded"}
	if err := leave(tx, by, c, evAgreed, body); err != nil || other == "" {
		return false, err
	}
	return true, updateInForce(tx, c.ID, v.Number, tx.Now)
}

// begin makes an accepted commitment active: its first day has come.
func begin(tx *db.Tx, by glosa.Actor, c Commitment) (err error) {
	if c.State, err = c.State.Step("begin"); err != nil {
		return err
	}
	if err := updateHead(tx, c); err != nil {
		return err
	}
	return leave(tx, by, c, evState, stateBody{State: glosa.Code(c.State)})
}
