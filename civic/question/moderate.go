package question

import (
	"cmp"
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// Kinds of ruling, and the words that are not grounds.
const (
	kindRefuse = "refuse"
	kindHeld   = "held"
	kindAppeal = "appeal"
	kindErase  = "erase"

	wordAdmit    glosa.Code = "admit"
	wordUphold   glosa.Code = "uphold"
	wordOverturn glosa.Code = "overturn"
)

// Outcomes of a ruling.
const (
	outAdmitted glosa.Code = "admitted"
	outRefused  glosa.Code = "refused"
	outHeld     glosa.Code = "held"
	outUpheld   glosa.Code = "upheld"
	outErased   glosa.Code = "erased"
	outNothing  glosa.Code = "nothing" // an erasure that two sides did not agree on
)

// verdict is what two blind words come to. ground is the one the question was
// refused on, for appeals. Whoever is silent has the word "".
//
// A refusal needs the same listed ground from two sides; anything else admits,
// but personal data and illegal content stay held until two sides agree.
func verdict(kind string, first, second, ground glosa.Code) glosa.Code {
	agree := first == second
	switch kind {
	case kindRefuse:
		switch {
		case agree:
			return outRefused
		case HoldsBack(first) || HoldsBack(second):
			return outHeld
		}
		return outAdmitted
	case kindHeld:
		switch {
		case agree && first == wordAdmit:
			return outAdmitted
		case agree && first != "":
			return outRefused
		}
		return outHeld
	case kindAppeal:
		switch {
		case agree && first == wordUphold:
			return outUpheld
		case !(agree && first == wordOverturn) && HoldsBack(ground):
			return outHeld
		}
		return outAdmitted
	case kindErase:
		if agree && first != "" {
			return outErased
		}
	}
	return outNothing
}

// Admit publishes a question, by one moderator; as the second word on a proposed
// refusal it says no to it.
// Errors: Denied; Closed; NotFound; Conflict when it was decided meanwhile.
func (d *Desk) Admit(ctx context.Context, by glosa.Actor, id glosa.QuestionID) error {
	return d.on(ctx, by, actAdmit, id, func(t *turn) error {
		if t.row.state == Held {
			return t.escalated(wordAdmit, "")
		}
		if err := t.written(); err != nil {
			return err
		}
		if t.row.state == Second {
			return t.say(kindRefuse, wordAdmit, "")
		}
		if err := t.move(vAdmit); err != nil {
			return err
		}
		return t.admit(decidedBody{}, "one", []glosa.Code{glosa.Code(t.by.By())})
	})
}

// Refuse is one person's word for a refusal on a listed ground. The first time
// it is a proposal; the second person, of another side, decides without seeing
// it. place says where they can help, and is needed when the ground is off_scope.
// Errors: Invalid; Denied; Closed; NotFound; Conflict.
func (d *Desk) Refuse(ctx context.Context, by glosa.Actor, id glosa.QuestionID, ground, place glosa.Code) error {
	if err := by.May(actRefuse); err != nil {
		return err
	}
	return d.on(ctx, by, actRefuse, id, func(t *turn) error {
		if err := t.listed(ground, place); err != nil {
			return err
		}
		if err := t.reads(); err != nil {
			return err
		}
		switch t.row.state {
		case Second:
			return t.say(kindRefuse, ground, place)
		case Held:
			return t.escalated(ground, place)
		}
		if err := t.move(vPropose); err != nil {
			return err
		}
		return t.say(kindRefuse, ground, place)
	})
}

// DecideHeld is one person's word on a text that is held: wordless moderators
// are passed over and the convenors of both sides decide. ground is "" to admit.
// Errors: Invalid; Denied; NotFound; Conflict.
func (d *Desk) DecideHeld(ctx context.Context, by glosa.Actor, id glosa.QuestionID, ground, place glosa.Code) error {
	if err := by.May(actEscalate); err != nil {
		return err
	}
	return d.on(ctx, by, actEscalate, id, func(t *turn) error {
		if ground == "" {
			return t.escalated(wordAdmit, "")
		}
		if err := t.listed(ground, place); err != nil {
			return err
		}
		if err := t.reads(); err != nil {
			return err
		}
		return t.escalated(ground, place)
	})
}

// listed is nil when the protocol lists the ground, and place is there where it is needed.
func (t *turn) listed(ground, place glosa.Code) error {
	g, ok := edition.Ground{}, false
	if t.ed.Protocol != nil {
		g, ok = t.ed.Protocol.Ground(ground)
	}
	switch {
	case !ok:
		return glosa.WrongField("ground", "mo.ground")
	case (g.Help || ground == edition.OffScope) && place == "", !plainWord(string(place)):
		return glosa.WrongField("place", "mo.place")
	}
	return nil
}

func (t *turn) escalated(word, place glosa.Code) error {
	if err := t.by.May(actEscalate); err != nil {
		return err
	}
	if t.row.state != Held {
		_, err := t.row.state.next(vKeep)
		return err
	}
	return t.say(kindHeld, word, place)
}

// say adds the actor's word to the open ruling of the kind, or opens one. The
// second word closes it. Whoever gives one still has their place today, in person.
func (t *turn) say(kind string, word, place glosa.Code) error {
	if !t.by.OneOfTwo() {
		return glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	}
	if err := people.MayActHere(t.tx, t.by, actRefuse, t.tx.Now.In(t.ed.Zone)); err != nil {
		return err
	}
	all, err := selectRulings(t.tx, t.row.id)
	if err != nil {
		return err
	}
	v := voice{human: t.by.Human, side: t.by.Side, post: glosa.Code(t.by.By()), word: word, place: place, at: t.tx.Now}
	if t.row.ruling != nil && (kind == kindAppeal || kind == kindHeld) && tookPart(all, *t.row.ruling, v.human) {
		return glosa.Refuse(glosa.Denied, "mo.others", "rule", "decided by someone else")
	}
	open := slices.IndexFunc(all, func(r ruling) bool { return r.kind == kind && r.closed.IsZero() })
	if open < 0 {
		r := ruling{id: t.tx.NewID(), question: t.row.id, kind: kind, round: 1, first: v}
		for _, old := range all {
			if old.kind == kind {
				r.round++
			}
		}
		return t.firstWord(r)
	}
	r := all[open]
	if !t.by.SecondTo(r.first.human, r.first.side) {
		return glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	}
	r.second = &v
	return t.conclude(r)
}

// tookPart tells whether the human was one of the two of a ruling.
func tookPart(all []ruling, id string, human glosa.HumanID) bool {
	return slices.ContainsFunc(all, func(r ruling) bool {
		return r.id == id && (r.first.human == human || r.second != nil && r.second.human == human)
	})
}

// firstWord keeps the proposal and starts the clock of the second person.
func (t *turn) firstWord(r ruling) error {
	if err := insertRuling(t.tx, r); err != nil {
		return err
	}
	if r.kind == kindRefuse {
		t.row.due = secondBy(t.ed, t.tx.Now).Due
		t.row.next = t.row.due
	}
	if r.kind == kindErase {
		return nil // nothing is said in public before both sides agree
	}
	return t.leave(kProposed, roundBody{Round: r.round}, Step{Number: r.round})
}

// conclude closes a ruling and does what it comes to.
func (t *turn) conclude(r ruling) error {
	second := glosa.Code("")
	why := glosa.Code("no_second")
	var posts []glosa.Code
	if r.first.post != "" {
		posts = append(posts, r.first.post)
	}
	if r.second != nil {
		second, why, posts = r.second.word, "no_agreement", append(posts, r.second.post)
	}
	r.outcome = verdict(r.kind, r.first.word, second, t.row.ground)
	if err := closeRuling(t.tx, r); err != nil {
		return err
	}
	switch r.outcome {
	case outRefused:
		return t.refuse(r, posts)
	case outHeld:
		return t.hold(r, posts)
	case outUpheld:
		t.row.due, t.row.next = time.Time{}, time.Time{}
		if err := t.move(vUphold); err != nil {
			return err
		}
		return t.leave(kUpheld, refusedBody{decidedBody: r.words(), Ground: t.row.ground, Posts: posts, Place: t.row.place}, Step{Word: t.row.ground})
	case outErased:
		return t.eraseByTwo(r, posts)
	case outNothing:
		return nil
	}
	switch r.kind {
	case kindAppeal:
		why = "appeal"
	case kindHeld:
		why = "held"
	}
	verb := map[string]Verb{kindRefuse: vDisagree, kindHeld: vAdmit, kindAppeal: vOverturn}[r.kind]
	if err := t.move(verb); err != nil {
		return err
	}
	return t.admit(r.words(), why, posts)
}

// words is a ruling that ended, as the record has it; nothing of one that nobody
// gave a word in.
func (r ruling) words() decidedBody {
	if r.first.word == "" {
		return decidedBody{}
	}
	d := decidedBody{Ruling: glosa.Code(r.kind), Words: []glosa.Code{r.first.word}}
	if r.second != nil {
		d.Words = append(d.Words, r.second.word)
	}
	return d
}

// admit publishes the words. The state was moved already.
func (t *turn) admit(words decidedBody, why glosa.Code, posts []glosa.Code) error {
	r := t.row
	r.admitted, r.listed = t.tx.Now, t.tx.Now
	r.ground, r.place = "", ""
	r.due, r.next = time.Time{}, time.Time{}
	if err := openWords(t.tx, r.id); err != nil {
		return err
	}
	if err := reindex(t.tx, r); err != nil {
		return err
	}
	if silent, err := t.silent(); err != nil || silent { // nobody said a second word, and nobody wrote down what it says
		if err = cmp.Or(err, insertUnwritten(t.tx, r.id, reviewBy(t.ed, t.tx.Now).Due)); err != nil {
			return err
		}
	}
	if err := t.leave(kAdmitted, admittedBody{decidedBody: words, Why: why, Posts: posts}, Step{Word: why}); err != nil {
		return err
	}
	if r.follows == "" {
		return t.retime()
	}
	return t.routeFollow()
}

// routeFollow gives a follow-up to whoever answered its question. Where that office
// has ended and none came after it, somebody has to route it.
func (t *turn) routeFollow() error {
	parent, err := load(t.tx, t.row.follows)
	if err != nil {
		return err
	}
	to, err := answerer(t.tx, t.ed, parent)
	if err != nil {
		return err
	}
	if to == "" {
		return t.retime()
	}
	return t.give(to)
}

func (t *turn) refuse(r ruling, posts []glosa.Code) error {
	if err := t.move(vAgree); err != nil {
		return err
	}
	q := t.row
	q.ground, q.place, q.ruling, q.listed = r.first.word, r.first.place, &r.id, t.tx.Now
	q.due, q.next = appealBy(t.ed, t.tx.Now).Due, time.Time{}
	return t.leave(kRefused, refusedBody{decidedBody: r.words(), Ground: q.ground, Posts: posts, Place: q.place}, Step{Word: q.ground, Other: string(q.place)})
}

func (t *turn) hold(r ruling, posts []glosa.Code) error {
	if err := t.move(vKeep); err != nil {
		return err
	}
	t.row.due, t.row.next = time.Time{}, time.Time{}
	return t.leave(kHeld, heldBody{decidedBody: r.words(), Round: r.round, Posts: posts}, Step{Number: r.round})
}

// AskEdit asks the author, once, to mend the text within the protocol's time.
// Errors: Invalid; Denied; Closed; NotFound; Conflict.
func (d *Desk) AskEdit(ctx context.Context, by glosa.Actor, id glosa.QuestionID, reason glosa.Code) error {
	if err := by.May(actAskEdit); err != nil {
		return err
	}
	if !slices.Contains(EditReasons(), reason) {
		return glosa.WrongField("reason", "mo.reason")
	}
	return d.on(ctx, by, actAskEdit, id, func(t *turn) error {
		if t.row.edits > 0 {
			return glosa.Refuse(glosa.Conflict, "mo.once")
		}
		if err := t.reads(); err != nil {
			return err
		}
		if err := t.move(vAskEdit); err != nil {
			return err
		}
		t.row.edits++
		t.row.due = editBy(t.ed, t.tx.Now).Due
		t.row.next = t.row.due
		return t.leave(kNeedsEdit, reasonedBody{Reason: reason}, Step{Word: reason})
	})
}

// EditReasons lists why an author may be asked to mend a text.
func EditReasons() []glosa.Code {
	return []glosa.Code{"several_questions", "not_a_question", "third_party_data", "unclear"}
}

// Edit hands in the mended words: a new version under a commitment of its own;
// the earlier one stays sealed. The promise is for the new commitment.
// Errors: Invalid (field "key" when folio and key do not fit); Conflict.
func (d *Desk) Edit(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof, mended, context string, salt [16]byte) (Receipt, error) {
	if err := by.May(actEdit); err != nil {
		return Receipt{}, err
	}
	a := Ask{Text: mended, Context: context, Salt: salt, Municipality: "-"}.tidy()
	wrong := a.shape()
	was, object, err := d.present(ctx, id)
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			err = glosa.WrongField("key", "q.badkey")
		}
		return Receipt{}, err
	}
	object.Context, object.Text, object.Kind = a.Context, a.Text, "question"
	text, err := d.text(kEdited, TextAsked, "", salt, object)
	if err != nil {
		return Receipt{}, err
	}
	rc := Receipt{ID: id, Promise: text.note, MergeBy: text.mergeBy, Received: text.at}
	err = d.own(ctx, by, actEdit, id, proof, func(t *turn) error {
		if all := append(wrong, a.within(limitsOf(t.ed))...); len(all) > 0 {
			return glosa.Wrong(all...)
		}
		if t.row.version != was {
			return glosa.Refuse(glosa.Conflict, "e.409")
		}
		if err := t.move(vEdit); err != nil {
			return err
		}
		r := t.row
		r.due, r.next = reviewBy(t.ed, t.tx.Now).Due, time.Time{}
		rc.ReviewBy = r.due
		version, err := t.keep(text)
		if err != nil {
			return err
		}
		if err := t.untranslated(); err != nil {
			return err
		}
		return t.leave(kEdited, editedBody{Commit: text.commit, Version: version}, Step{Number: version})
	})
	return rc, err
}

// present is the object of the words that stand and their version, to write new
// words in it: everything else stays as asked. NotFound.
func (d *Desk) present(ctx context.Context, id glosa.QuestionID) (version int, object Object, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		version = r.version
		all, err := selectWords(tx, id)
		for _, w := range all {
			if w.version == r.version {
				object = objectOf(w.object)
			}
		}
		return err
	})
	return version, object, err
}

// Appeal asks for other eyes on a refusal, by its author, within the protocol's time.
// Errors: Invalid (field "key"); Closed after the time; Conflict.
func (d *Desk) Appeal(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof) error {
	return d.own(ctx, by, actAppeal, id, proof, func(t *turn) error {
		if t.row.erased { // nothing is left that could be published
			return glosa.Refuse(glosa.Conflict, "q.erased")
		}
		if t.row.state == Refused && (t.row.due.IsZero() || t.tx.Now.After(t.row.due)) {
			return glosa.Refuse(glosa.Closed, "q.appeal_closed")
		}
		if err := t.move(vAppeal); err != nil {
			return err
		}
		if err := t.untranslatedAgain(); err != nil {
			return err
		}
		t.row.due = reviewAppealBy(t.ed, t.tx.Now).Due
		t.row.next = t.row.due
		return t.leave(kAppealed, noBody{}, Step{})
	})
}

// DecideAppeal is one person's word on an appeal. Two of different sides decide,
// neither of them of the two who refused; without agreement the question is
// admitted, or held when its ground holds back.
// Errors: Denied; NotFound; Conflict.
func (d *Desk) DecideAppeal(ctx context.Context, by glosa.Actor, id glosa.QuestionID, uphold bool) error {
	return d.on(ctx, by, actDecide, id, func(t *turn) error {
		if t.row.state != Appealed {
			_, err := t.row.state.next(vUphold)
			return err
		}
		word := wordOverturn
		if uphold {
			word = wordUphold
			if err := t.reads(); err != nil {
				return err
			}
		}
		return t.say(kindAppeal, word, "")
	})
}
