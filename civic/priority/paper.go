package priority

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/db"
)

// A ballot on paper holds the code of an envelope and folios. Two people of two
// sides type it, each from the sheet, neither from the other's screen:
//
//	(none) ──one types──► waiting ──another side types the same──► cast
//	                         │  ▲                                    ▲
//	                another set │ one of the two takes theirs back   │
//	                         ▼  │                                    │
//	                        differs ──either types it again, alike───┘
//
// Cast, it is the ballot of its code like any other, and replaces the one that
// stood. Until then the house has the digest of the code and the folios. The first
// has to type it before the window ends; the second has a day more ([PaperLasts]),
// unless the agenda is made before. Then what is not cast is forgotten.

// PaperLasts is how long after the window a sheet that was typed once may be typed
// the second time.
const PaperLasts = 24 * time.Hour

// PaperState is where a sheet stands.
type PaperState string

const (
	PaperWaiting PaperState = "waiting" // typed once
	PaperDiffers PaperState = "differs" // typed twice, not alike
	PaperCast    PaperState = "cast"
)

// Paper is a ballot as somebody types it from a sheet.
type Paper struct {
	Desk   intake.DeskID
	Code   string   // of the envelope
	Folios []string // empty boxes among them
}

// Entered is what became of a sheet that somebody typed.
type Entered struct {
	State   PaperState
	Again   bool    // it stands already, in the same words: nothing was to do
	Receipt Receipt // for the voter, once it is cast
}

// sheet is a paper ballot as the house keeps it.
type sheet struct {
	id            string
	contest       glosa.ContestID
	desk          intake.DeskID
	state         PaperState
	code          glosa.Hash
	first, second typed
}

// typed is what one person typed.
type typed struct {
	human glosa.HumanID
	side  glosa.Side
	set   []glosa.QuestionID
}

// of tells whether a person typed this, in the same office.
func (t typed) of(by glosa.Actor) bool { return t.human == by.Human && t.side == by.Side }

// put takes in what a person typed. Conflict when they cannot be one of its two.
func (s *sheet) put(t typed, by glosa.Actor) error {
	no := func(key string) error { return glosa.Refuse(glosa.Conflict, key, "rule", string(actEnterPaper)) }
	switch {
	case s.first.of(by):
		s.first = t
	case s.second.of(by):
		s.second = t
	case by.Human == s.first.human, by.Human == s.second.human: // in another office
		return no("bx.same")
	case s.state == PaperDiffers:
		return no("bx.two")
	case !by.SecondTo(s.first.human, s.first.side):
		return no("bx.side")
	default:
		s.second = t
	}
	switch {
	case s.second.human == "":
		s.state = PaperWaiting
	case slices.Equal(s.first.set, s.second.set):
		s.state = PaperCast
	default:
		s.state = PaperDiffers
	}
	return nil
}

// booth is one act upon paper.
type booth struct {
	tx       *db.Tx
	ed       edition.Edition
	criteria Criteria
	by       glosa.Actor
	desk     intake.DeskID
	fresh    string // the id of a new sheet: random, since a sortable one tells the hour
}

// enterBooth loads what an act upon paper needs, and looks whether it is too late.
func enterBooth(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.EditionID, desk intake.DeskID) (*booth, error) {
	if by.Human == "" {
		return nil, glosa.Refuse(glosa.Denied, "e.403", "rule", string(act))
	}
	b := &booth{tx: tx, by: by, desk: desk}
	var err error
	if b.ed, err = edition.Enter(tx, by, act, id); err != nil {
		return nil, err
	}
	t, err := intake.Find(tx, desk)
	if err == nil && (t.Edition != id || t.Kind != intake.Paper) {
		err = glosa.Missing("desk", string(desk))
	}
	if err != nil {
		return nil, err
	}
	if b.criteria, err = selectContest(tx, id); err != nil {
		return nil, err
	}
	_, over, err := selectPaperClock(tx, b.criteria.Contest)
	if end := b.ed.SupportCloses(); err == nil && (!over.IsZero() || !end.IsZero() && !tx.Now.Before(end.Add(PaperLasts))) {
		err = glosa.Refuse(glosa.Closed, "s.closed", "edition", string(id), "stage", string(b.ed.Stage), "rule", string(act))
	}
	return b, err
}

// EnterPaper types a paper ballot. The first time it waits; typed alike by another
// person of another side it is cast; typed otherwise both see both, and either types
// it again. Whoever typed it last gets the receipt, for the voter.
//
// Errors: Denied (also when codes do not vote here); NotFound; Closed; Invalid
// naming every wrong box ("code", "folio1", …); Conflict when this person cannot be
// one of its two: the same human, the same side, or a third.
func (d *Desk) EnterPaper(ctx context.Context, by glosa.Actor, id glosa.EditionID, p Paper) (out Entered, err error) {
	if err := by.MayIn(actEnterPaper, id); err != nil {
		return out, err
	}
	c := &cast{by: by, what: whole, ed: id}
	_, _ = rand.Read(c.server[:]) // crypto/rand never fails on a working machine
	_, _ = rand.Read(c.opener[:])
	fresh := rand.Text()
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		out = Entered{}
		b, err := enterBooth(tx, by, actEnterPaper, id, p.Desk)
		if err != nil {
			return err
		}
		if !b.criteria.Takes(voter.Code) {
			return glosa.Refuse(glosa.Denied, "g.door", "rule", string(actEnterPaper))
		}
		b.fresh = fresh
		s, err := b.read(p)
		if err != nil {
			return err
		}
		out, err = d.take(b, s, c)
		return err
	})
	if err != nil || len(out.Receipt.Choices) == 0 {
		return out, err
	}
	out.Receipt.Promise, out.Receipt.MergeBy, err = d.Promise(promiseKind(c.apart), out.Receipt.Commit, c.at)
	return out, err
}

// read is the sheet of a code with what was typed now. Every wrong box is told at once.
func (b *booth) read(p Paper) (s sheet, err error) {
	set, wrong, err := b.folios(p.Folios)
	if err != nil {
		return s, err
	}
	t := typed{b.by.Human, b.by.Side, set}
	tidy, _ := voter.Tidy(p.Code)
	code := voter.CodeHash(b.ed.ID, tidy)
	pending, err := selectSheet(b.tx, code)
	if err != nil {
		return s, err
	}
	if len(pending) == 0 { // a first time
		if err := window(b.ed, b.tx.Now); err != nil {
			return s, err
		}
		_, err := voter.Typed(b.tx, b.ed.ID, p.Code)
		if glosa.KindOf(err) == glosa.Invalid && err != nil {
			wrong = append([]glosa.Field{{Name: "code", Key: "vo.envelope.bad"}}, wrong...)
		} else if err != nil {
			return s, err
		}
		pending = []sheet{{contest: b.criteria.Contest, desk: b.desk, state: PaperWaiting, code: code, first: t}}
	}
	if len(wrong) > 0 {
		return s, glosa.Wrong(wrong...)
	}
	s = pending[0]
	return s, s.put(t, b.by)
}

// folios reads the boxes of a ballot: a sorted set, and what is wrong in which box.
func (b *booth) folios(boxes []string) (set []glosa.QuestionID, wrong []glosa.Field, err error) {
	at := map[glosa.QuestionID]int{}
	bad := func(i int, key string, args map[string]string) {
		wrong = append(wrong, glosa.Field{Name: "folio" + itoa(i+1), Key: key, Args: args})
	}
	if len(boxes) > 10*b.criteria.Choices {
		boxes = boxes[:10*b.criteria.Choices] // no sheet has them; more than the box may hold is told below
	}
	for i, box := range boxes {
		if box == "" {
			continue
		}
		id, err := question.ParseFolio(box)
		if err != nil {
			bad(i, "bx.folio", nil)
			continue
		}
		if was, ok := at[id]; ok {
			bad(i, "bx.twice", map[string]string{"n": itoa(was + 1)})
			continue
		}
		at[id] = i
		if set = append(set, id); len(set) > b.criteria.Choices {
			bad(i, "bx.full", map[string]string{"n": itoa(b.criteria.Choices)})
		}
	}
	known, err := question.FindAll(b.tx, set)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range set {
		q, ok := known[id]
		switch {
		case !ok, q.Edition != b.ed.ID:
			bad(at[id], "bx.folio", nil)
		case !q.State.TextIsPublic():
			bad(at[id], "bx.unpublished", nil)
		case q.Agenda != question.NoAgenda:
			bad(at[id], "g.decided", nil)
		}
	}
	if len(set) == 0 && len(wrong) == 0 {
		bad(0, "bx.none", nil)
	}
	slices.Sort(set)
	return set, wrong, nil
}

// take writes a sheet down as it now stands, and casts it when two typed it alike.
func (d *Desk) take(b *booth, s sheet, c *cast) (out Entered, err error) {
	c.who = voter.OfPaper(b.ed.ID, s.code)
	leave := func() error { return b.tx.Leave(kPaper.Event(b.by, b.ed.ID, string(s.contest), paperBody{})) }
	switch {
	case s.id == "":
		stands, err := d.stands(b, c.who, s.first.set)
		if err != nil || stands {
			return Entered{State: PaperCast, Again: stands}, err
		}
		s.id = b.fresh
		if err := insertSheet(b.tx, s); err != nil {
			return out, err
		}
		return Entered{State: s.state}, leave()
	case s.state != PaperCast:
		if err := saveSheet(b.tx, s); err != nil {
			return out, err
		}
		return Entered{State: s.state}, leave()
	}
	if err := emptySheet(b.tx, s); err != nil {
		return out, err
	}
	c.set = s.first.set
	all := newSet(b.tx)
	all.editions[b.ed.ID] = &open{ed: b.ed, criteria: b.criteria} // its window is that of paper
	if err := d.settle(all, []*cast{c}); err != nil {
		return out, err
	}
	return Entered{State: PaperCast, Receipt: c.rc}, c.err
}

// stands tells whether the ballot of a code holds just these questions: a sheet that
// two people cast while a third typed it, or that came back to the pile.
func (d *Desk) stands(b *booth, who voter.Credential, set []glosa.QuestionID) (bool, error) {
	key, err := who.Row(d.Keys, b.ed.ID, b.criteria.Contest)
	if err != nil {
		return false, err
	}
	now, err := selectStanding(b.tx, []glosa.Hash{key})
	return now[key] != nil && slices.Equal(now[key].choices, set), err
}

// whole puts a set of questions in the place of whatever the ballot held.
func (s *set) whole(c *cast) {
	if was := s.now[c.keys[0]]; was != nil && slices.Equal(was.choices, c.set) {
		c.rc = was.receipt()
		return
	}
	s.put(c, s.editions[c.ed].criteria.Contest, c.set)
}

// WithdrawPaper takes back what this person typed of a sheet. What the other one
// typed waits for another second; with nobody's left the sheet is forgotten.
// Errors: Denied; NotFound (also for who did not type it); Closed.
func (d *Desk) WithdrawPaper(ctx context.Context, by glosa.Actor, id glosa.EditionID, desk intake.DeskID, sheet string) error {
	if err := by.MayIn(actWithdrawPaper, id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		b, err := enterBooth(tx, by, actWithdrawPaper, id, desk)
		if err != nil {
			return err
		}
		all, err := selectPending(tx, b.criteria.Contest)
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.id == sheet && (s.first.of(by) || s.second.of(by)) {
				if err := s.without(tx, by); err != nil {
					return err
				}
				return tx.Leave(kPaper.Event(by, id, string(s.contest), paperBody{}))
			}
		}
		return glosa.Missing("paper", sheet)
	})
}

// without takes one person's part off a sheet.
func (s sheet) without(tx *db.Tx, by glosa.Actor) error {
	if s.state == PaperWaiting {
		return deleteSheet(tx, s.id)
	}
	if s.first.of(by) {
		s.first = s.second
	}
	s.second, s.state = typed{}, PaperWaiting
	return saveSheet(tx, s)
}

// Pending is a sheet in the eyes of one of those who typed it.
type Pending struct {
	ID     string
	State  PaperState
	Own    []glosa.QuestionID
	Theirs []glosa.QuestionID // once both typed it, and not alike
	Side   glosa.Side         // of the other one
}

// Pile is the paper of an edition in the eyes of one person.
type Pile struct {
	Takes bool // the contest takes codes
	Most  int  // questions on a ballot
	Mine  []Pending
	Wait  int // sheets that this person can be the second to
	Ends  time.Time
}

// Pile shows a person the sheets that they typed and how many wait for a second
// of their side's; of these it shows nothing. Denied; NotFound.
func (d *Desk) Pile(ctx context.Context, by glosa.Actor, id glosa.EditionID) (p Pile, err error) {
	if err := by.MayIn(actReadPaper, id); err != nil {
		return p, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return err
		}
		c, err := selectContest(tx, id)
		if err != nil {
			return err
		}
		p = Pile{Takes: c.Takes(voter.Code), Most: c.Choices, Ends: ed.SupportCloses()}
		all, err := selectPending(tx, c.Contest)
		for _, s := range all {
			p.add(s, by)
		}
		return err
	})
	return p, err
}

func (p *Pile) add(s sheet, by glosa.Actor) {
	own, other := s.first, s.second
	if s.second.of(by) {
		own, other = s.second, s.first
	}
	switch {
	case own.of(by):
		p.Mine = append(p.Mine, Pending{s.id, s.state, own.set, other.set, other.side})
	case s.state == PaperWaiting && by.SecondTo(s.first.human, s.first.side):
		p.Wait++
	}
}

// closePaper counts, when the window is over, how much paper every desk had, and
// forgets what was not cast when its day is over or the agenda is made.
func closePaper(tx *db.Tx, c dueContest, now time.Time, agenda bool) error {
	ed, err := edition.Load(tx, c.edition)
	if err != nil {
		return err
	}
	stage := ed.StageAt(now)
	if stage == edition.Postponed || stage != edition.Cancelled && !isOver(ed, now) {
		return nil
	}
	counted, closed, err := selectPaperClock(tx, c.contest)
	if err != nil || !closed.IsZero() {
		return err
	}
	if counted.IsZero() {
		if err := tellPaper(tx, c); err != nil {
			return err
		}
		if err := tellWindow(tx, c); err != nil {
			return err
		}
		counted = now
	}
	if agenda || stage != edition.IntakeClosed || !now.Before(ed.SupportCloses().Add(PaperLasts)) {
		if err := deletePending(tx, c.contest); err != nil {
			return err
		}
		closed = now
	}
	return savePaperClock(tx, c.contest, counted, closed)
}

// tellPaper tells the record how much paper each desk had.
func tellPaper(tx *db.Tx, c dueContest) error {
	desks, err := countPapers(tx, c.contest)
	if err != nil {
		return err
	}
	for _, p := range desks {
		p.n = voter.Moved(0, p.n)
		if err := insertPaperCount(tx, c.contest, p); err != nil {
			return err
		}
		body := paperClosedBody{Desk: glosa.Code(p.desk), Count: p.n}
		if err := tx.Leave(kPaperClosed.Event(glosa.System(), c.edition, string(c.contest), body)); err != nil {
			return err
		}
	}
	return nil
}
