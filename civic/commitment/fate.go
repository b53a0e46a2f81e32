package commitment

import (
	"context"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// The words of this room's gates. A promise of an earlier edition is never left
// behind in silence: no waiver passes that one.
const (
	gateFate    glosa.Code = "dispositions"
	gateAccept  glosa.Code = "commitments"
	gateAssess  glosa.Code = "verdicts"
	actDispose  glosa.Act  = "commitment.dispose"
	actDocument glosa.Act  = "commitment.document"
)

// Gate keeps an edition from its agreements while an open commitment of an
// earlier edition of the series has no disposition here, or one of its own that
// was negotiated waits for a yes or a no; and from its evaluation while an agreed
// one has no final verdict. It is an [edition.Gate].
func Gate(tx *db.Tx, ed edition.Edition, to edition.Stage) (out []edition.Missing, err error) {
	if to != edition.Agreed && to != edition.Evaluated {
		return nil, nil
	}
	own, _, err := loadAll(tx, scope{edition: ed.ID})
	if err != nil {
		return nil, err
	}
	if to == edition.Evaluated {
		for _, c := range own {
			if c.State.Open() && !c.Observed.Said() {
				out = append(out, missing(gateAssess, "cm.need.assess", c, false))
			}
		}
		return out, nil
	}
	left, err := undisposed(tx, ed.ID)
	for _, c := range left {
		out = append(out, missing(gateFate, "cm.need.fate", c, true))
	}
	for _, c := range own {
		if c.State == Negotiated {
			out = append(out, missing(gateAccept, "cm.need.accept", c, false))
		}
	}
	return out, err
}

func missing(gate glosa.Code, key string, c Commitment, firm bool) edition.Missing {
	return edition.Missing{Gate: gate, Key: key, Firm: firm,
		Args: map[string]string{"commitment": string(c.ID), "title": c.Current().Wording.Title}}
}

// OpenBefore lists the commitments of earlier editions of the same series that
// are still open, by id: what the next edition begins with.
func OpenBefore(tx *db.Tx, id glosa.EditionID) ([]Commitment, error) {
	ed, err := edition.Load(tx, id)
	if err != nil {
		return nil, err
	}
	list, _, err := loadAll(tx, scope{series: ed.Series})
	if err != nil {
		return nil, err
	}
	return stillOpen(tx, id, list)
}

// OpenIDs are the ids of [OpenBefore], which need only the heads of commitments.
func OpenIDs(tx *db.Tx, ed edition.Edition) ([]glosa.CommitmentID, error) {
	heads, err := selectHeads(tx, scope{series: ed.Series})
	if err != nil {
		return nil, err
	}
	open, err := stillOpen(tx, ed.ID, heads)
	ids := make([]glosa.CommitmentID, len(open))
	for i, c := range open {
		ids[i] = c.ID
	}
	return ids, err
}

// stillOpen keeps of a series' commitments those that an edition begins with.
func stillOpen(tx *db.Tx, id glosa.EditionID, series []Commitment) ([]Commitment, error) {
	earlier, err := edition.Earlier(tx, id)
	if err != nil {
		return nil, err
	}
	var open []Commitment
	for _, c := range series {
		if c.State.Open() && slices.ContainsFunc(earlier, func(e edition.Edition) bool { return e.ID == c.Edition }) {
			open = append(open, c)
		}
	}
	return open, nil
}

// undisposed is what of [OpenBefore] has no disposition in the edition.
func undisposed(tx *db.Tx, id glosa.EditionID) ([]Commitment, error) {
	open, err := OpenBefore(tx, id)
	if err != nil {
		return nil, err
	}
	fates, err := selectFates(tx, "", id)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(open, func(c Commitment) bool {
		return slices.ContainsFunc(fates, func(f Disposition) bool { return f.Commitment == c.ID })
	}), nil
}

// Dispose is an edition's word on an open commitment of an earlier one. Only
// «unknown» may be decided again. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) Dispose(ctx context.Context, by glosa.Actor, f Disposition) error {
	if err := by.MayIn(actDispose, f.Edition); err != nil {
		return err
	}
	f.Reason = strings.TrimSpace(f.Reason)
	if len([]rune(f.Reason)) > 2000 {
		return glosa.WrongField("reason", "cm.long")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, actDispose, f.Edition); err != nil {
			return err
		}
		open, err := OpenBefore(tx, f.Edition)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(open, func(c Commitment) bool { return c.ID == f.Commitment })
		if i < 0 {
			return glosa.Refuse(glosa.Conflict, "cm.notopen", "commitment", string(f.Commitment))
		}
		c := open[i]
		if err := f.Check(c.Observed.Status); err != nil {
			return err
		}
		if step := f.Outcome.act(); step != "" {
			if c.State, err = c.State.Step(step); err != nil {
				return err
			}
		}
		kept := f
		kept.By, kept.At = by.By(), tx.Now
		return dispose(tx, by, c, kept)
	})
}

func dispose(tx *db.Tx, by glosa.Actor, c Commitment, f Disposition) error {
	fresh, err := putFate(tx, f)
	if err != nil || !fresh {
		return orElse(err, glosa.Refuse(glosa.Conflict, "cm.disposed", "commitment", string(f.Commitment)))
	}
	for _, to := range f.Into {
		heir, _, err := load(tx, to)
		if err != nil {
			return err
		}
		if heir.Series != c.Series {
			return glosa.WrongField("into", "cm.series")
		}
		if err := inherit(tx, by, c, heir); err != nil {
			return err
		}
	}
	if f.Outcome == Abandons {
		c.Reason, c.ReasonBy = f.Reason, f.By
	}
	if err := updateHead(tx, c); err != nil {
		return err
	}
	return leave(tx, by, c, evFate, fateBody{Edition: f.Edition, Outcome: glosa.Code(f.Outcome), State: glosa.Code(c.State),
		Reason: glosa.Digest([]byte(f.Reason)), Into: f.Into})
}

// inherit links a commitment that merged or split with what it went into, both
// ways. It has no other source than the decision itself, which the record holds.
func inherit(tx *db.Tx, by glosa.Actor, c, heir Commitment) error {
	if err := link(tx, by, c, Link{From: c.ID, Way: Later, To: string(heir.ID), Basis: OnRecord}); err != nil {
		return err
	}
	return link(tx, by, heir, Link{From: heir.ID, Way: Earlier, To: string(c.ID), Basis: OnRecord})
}

// Known tells whether a commitment exists: for rooms that come before this one,
// by wiring.
func Known(tx *db.Tx, id glosa.CommitmentID) (bool, error) {
	if id == "" {
		return false, nil
	}
	heads, err := selectHeads(tx, scope{id: id})
	return len(heads) > 0, err
}

// Account is a real commitment of before Glosa, as its sources state it.
type Account struct {
	ID         glosa.CommitmentID
	Edition    glosa.EditionID
	Versions   []Version // the wordings as sources restate them, oldest first
	Owners     []Owner
	Targets    []Target
	Goal       int // 1 to 17, where sources name a goal and no target; 0 otherwise
	Entries    []Entry
	Links      []Link
	Government Verdict // in the source's own word: it stands on no ladder
	Observed   Verdict
}

// Check finds what is wrong with an account: wordings without a source, a date's
// text or with quotation marks, entries and links without sources, a word
// without one. Kinds: Invalid.
func (a Account) Check() error {
	if _, err := ParseID(string(a.ID)); err != nil {
		return glosa.WrongField("id", "cm.id")
	}
	if len(a.Versions) == 0 {
		return glosa.WrongField("versions", "cm.need.title")
	}
	for _, v := range a.Versions {
		if err := v.Wording.Check(v.Restated); err != nil {
			return err
		}
		if len(v.Sources) == 0 || v.DateText == "" {
			return glosa.WrongField("versions", "cm.source")
		}
	}
	for _, e := range a.Entries {
		if err := e.Check(); err != nil {
			return err
		}
	}
	for _, l := range a.Links {
		l.From = a.ID
		if err := l.Check(); err != nil {
			return err
		}
	}
	if a.Goal < 0 || a.Goal > 17 {
		return glosa.WrongField("goal", "cm.need.targets")
	}
	for _, v := range []Verdict{a.Government, a.Observed} {
		if v.Said() && len(v.Sources) == 0 {
			return glosa.WrongField("verdict", "cm.source")
		}
	}
	return Draft{Owners: a.Owners, Targets: a.Targets}.checkParts()
}

// Document writes down a real commitment of a documented edition. It stands
// outside the machine, and no later edition forgets it.
// Kinds: Invalid, Denied, Conflict, NotFound.
func (d *Desk) Document(ctx context.Context, by glosa.Actor, a Account) error {
	if err := by.MayIn(actDocument, a.Edition); err != nil {
		return err
	}
	if err := a.Check(); err != nil {
		return err
	}
	n, err := ParseID(string(a.ID))
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, err := edition.Load(tx, a.Edition)
		if err != nil {
			return err
		}
		if !ed.Documented || n.Prefix != PrefixOf(ed.Series) {
			return glosa.Refuse(glosa.Conflict, "cm.notdocumented", "edition", string(a.Edition))
		}
		c := Commitment{ID: n.ID(), Edition: ed.ID, Series: ed.Series, State: AsStated, Synthetic: ed.Synthetic, Territory: ed.Territory,
			Proposed: a.Versions[0].At, Government: a.Government, Observed: a.Observed, Owners: a.Owners, Targets: a.Targets, Goal: a.Goal}
		free, err := insertHead(tx, c, n)
		if err != nil || !free {
			return orElse(err, glosa.Refuse(glosa.Conflict, "e.409"))
		}
		if err := document(tx, by, c, a); err != nil {
			return err
		}
		kept, _, err := load(tx, c.ID)
		if err != nil {
			return err
		}
		text, err := statedText(tx, kept)
		if err != nil {
			return err
		}
		return leave(tx, by, c, evDocumented, documentBody{Digest: glosa.Digest(text), Versions: len(a.Versions), Entries: len(a.Entries),
			Government: digestOf(kept.Government.SaidText()), Observed: digestOf(kept.Observed.SaidText())})
	})
}

func document(tx *db.Tx, by glosa.Actor, c Commitment, a Account) error {
	for i, v := range a.Versions {
		digest, err := v.Wording.Digest()
		if err != nil {
			return err
		}
		v.Number, v.Stated, v.Digest, v.InForce = i+1, true, digest, v.At
		if err := putVersion(tx, c.ID, v); err != nil {
			return err
		}
	}
	if err := replaceParts(tx, c.ID, Draft{Owners: a.Owners, Targets: a.Targets}); err != nil {
		return err
	}
	for i, e := range a.Entries {
		e.Number = i + 1
		if err := insertEntry(tx, c.ID, e); err != nil {
			return err
		}
	}
	for _, l := range a.Links {
		l.From = c.ID
		if kept, err := putLink(tx, l); err != nil || !kept {
			return orElse(err, glosa.Refuse(glosa.Conflict, "cm.linked"))
		}
		body := linkBody{Way: glosa.Code(l.Way), Target: glosa.Code(l.To), Basis: glosa.Code(l.Basis), Source: l.Sources}
		if err := leave(tx, by, c, evLinked, body); err != nil {
			return err
		}
	}
	return updateHead(tx, c)
}
