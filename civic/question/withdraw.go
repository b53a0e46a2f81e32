package question

import (
	"context"
	"slices"
	"strconv"

	"glosa"
	"glosa/civic/people"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Withdraw takes one's question back, while it is not answered. The record gets
// the lock's preimage, which only the holder of the key can say. Words that were
// never published are erased with it; published ones stay readable unless the
// author erases them ([Desk.EraseOwn]).
//
// When others were merged into it, the oldest of them takes its place with
// clock, institution and agenda: nobody else loses an answer.
// Errors: Invalid (field "key"); Conflict.
func (d *Desk) Withdraw(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof) error {
	return d.own(ctx, by, actWithdraw, id, proof, func(t *turn) error {
		lock, err := proof.lock(t.row.follows != "")
		if err != nil {
			return err
		}
		return t.withdraw(lock)
	})
}

func (t *turn) withdraw(lock glosa.Hash) error {
	r := t.row
	if !opens(lock, r.lock) {
		return glosa.WrongField("key", "q.badkey")
	}
	public := r.state.TextIsPublic()
	if err := t.handOver(); err != nil {
		return err
	}
	if err := t.move(vWithdraw); err != nil {
		return err
	}
	r.due, r.next, r.paused = noTime, noTime, noTime
	if err := deleteUnwritten(t.tx, r.id); err != nil {
		return err
	}
	if r.listed.IsZero() { // it waited: from now on it is in the lists as what it is, without words
		r.listed = told(glosa.Code(t.by.By()), t.tx.Now)
	}
	if err := t.closeRulings(); err != nil {
		return err
	}
	if err := t.dropAccords(); err != nil {
		return err
	}
	if err := t.unname(); err != nil {
		return err
	}
	if err := t.leave(kWithdrawn, withdrawnBody{Lock: lock, LockBy: r.lockBy}, Step{}); err != nil {
		return err
	}
	if public {
		return nil
	}
	return t.erase(erasedBody{Ground: groundAuthor, Law: lawOwnWords, Posts: []glosa.Code{}, Lock: &lock})
}

// closeRulings ends proposals that nobody needs to answer any more.
func (t *turn) closeRulings() error {
	all, err := selectRulings(t.tx, t.row.id)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.closed.IsZero() {
			r.outcome = outNothing
			if err := closeRuling(t.tx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// handOver lets the oldest question merged into this one take its place.
func (t *turn) handOver() error {
	r := t.row
	if r.root != r.id {
		return nil
	}
	group, err := loadGroup(t.tx, r.id)
	if err != nil || len(group) < 2 {
		return err
	}
	heir := &turn{tx: t.tx, ed: t.ed, by: t.by, row: nil}
	for i := range group[1:] {
		if group[i+1].state == Merged {
			heir.row = &group[i+1]
			break
		}
	}
	if heir.row == nil {
		return nil
	}
	h := heir.row
	h.sinceBefore = noTime
	h.state, h.since, h.before, h.into, h.root = r.state, t.tx.Now, "", "", h.id
	h.agenda, h.contest, h.seat, h.agendaWord, h.short, h.mesa, h.video = r.agenda, r.contest, r.seat, r.agendaWord, r.short, r.mesa, r.video
	h.institution, h.referrals, h.clock, h.extended, h.paused = r.institution, r.referrals, r.clock, r.extended, r.paused
	h.due, h.next, h.level, h.theme, h.carried = r.due, r.next, r.level, r.theme, r.carried
	for i := range group {
		q := &group[i]
		if q.root = h.id; q.into == r.id && q.id != h.id {
			q.into = h.id
		}
		if q.id == r.id {
			continue // saved by the act
		}
		if err := save(t.tx, q); err != nil {
			return err
		}
	}
	r.root = h.id
	if err := moveClock(t.tx, r.id, h.id); err != nil {
		return err
	}
	if err := heir.leave(kUnmerged, unmergedBody{Takes: r.id}, Step{Other: string(r.id)}); err != nil || !h.unrouted() {
		return err
	}
	return heir.redue() // its own admission counts
}

// Words of an erasure for its author.
const (
	groundAuthor  glosa.Code = "author"
	groundRequest glosa.Code = "own_request" // the author asked two sides for it, without a key
	lawOwnWords   glosa.Code = "own_words"
)

// EraseOwn erases one's own words and salt for good, in every version, and the
// name with them; the commitments and the stamp stay. A question that is not
// answered is withdrawn by the same act.
// Errors: Invalid (field "key"); Conflict when they are erased already.
func (d *Desk) EraseOwn(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof) error {
	return d.own(ctx, by, actWithdraw, id, proof, func(t *turn) error {
		lock, err := proof.lock(t.row.follows != "")
		if err != nil {
			return err
		}
		if !opens(lock, t.row.lock) {
			return glosa.WrongField("key", "q.badkey")
		}
		if t.row.erased {
			return glosa.Refuse(glosa.Conflict, "q.erased")
		}
		if t.row.state.Can(vWithdraw) {
			if err := t.withdraw(lock); err != nil {
				return err
			}
		}
		if t.row.erased {
			return nil
		}
		return t.erase(erasedBody{Ground: groundAuthor, Law: lawOwnWords, Posts: []glosa.Code{}, Lock: &lock})
	})
}

// ErasureLaws lists under which right a text is erased by two sides.
func ErasureLaws() []glosa.Code {
	return []glosa.Code{"arco_cancellation", "third_party_rights", "minor", "court_order"}
}

// ErasureGrounds lists what was in a text that is erased by two sides.
func ErasureGrounds() []glosa.Code {
	return []glosa.Code{"third_party_data", "illegal", groundRequest}
}

// Erase is one person's word for erasing a text, on a ground and under a law.
// The second person, of another side, must say the same; then words, salt and
// name are gone and a tombstone stands in the record. A question that waits is
// taken out of the queue by it: refused, or withdrawn at its author's request.
// Errors: Invalid; Denied; NotFound; Conflict.
func (d *Desk) Erase(ctx context.Context, by glosa.Actor, id glosa.QuestionID, ground, law glosa.Code) error {
	if err := by.May(actErase); err != nil {
		return err
	}
	if !slices.Contains(ErasureGrounds(), ground) {
		return glosa.WrongField("ground", "mo.ground")
	}
	if !slices.Contains(ErasureLaws(), law) {
		return glosa.WrongField("law", "mo.law")
	}
	return d.on(ctx, by, actErase, id, func(t *turn) error {
		if t.row.erased {
			return glosa.Refuse(glosa.Conflict, "q.erased")
		}
		return t.say(kindErase, ground+"/"+law, "")
	})
}

// eraseByTwo does what two sides agreed on.
func (t *turn) eraseByTwo(r ruling, posts []glosa.Code) error {
	ground, law := splitWord(r.first.word)
	q := t.row
	if q.state.Counts() == InWaiting {
		if err := t.takeOut(r, ground, law, posts); err != nil {
			return err
		}
	}
	if err := t.unname(); err != nil {
		return err
	}
	return t.erase(erasedBody{decidedBody: r.words(), Ground: ground, Law: law, Posts: posts})
}

// takeOut ends a question whose words are about to go while they wait, and says
// in the record what became of it: refused on the ground, or withdrawn at its
// author's request. A tombstone alone would leave it waiting in the record's balance.
func (t *turn) takeOut(r ruling, ground, law glosa.Code, posts []glosa.Code) error {
	if err := t.closeRulings(); err != nil {
		return err
	}
	q := t.row
	q.since, q.ground, q.place, q.ruling, q.listed = t.tx.Now, ground, "", &r.id, t.tx.Now
	q.due, q.next = noTime, noTime
	if ground == groundRequest {
		q.state = Withdrawn
		return t.leave(kTakenBack, takenBackBody{Law: law, Posts: posts}, Step{Word: law})
	}
	q.state = Refused
	return t.leave(kRefused, refusedBody{Ground: ground, Posts: posts}, Step{Word: ground})
}

func splitWord(w glosa.Code) (a, b glosa.Code) {
	for i := range w {
		if w[i] == '/' {
			return w[:i], w[i+1:]
		}
	}
	return w, ""
}

// erase empties every version and leaves one tombstone for each commitment.
func (t *turn) erase(body erasedBody) error {
	all, err := selectWords(t.tx, t.row.id)
	if err != nil {
		return err
	}
	if err := t.forgetWords(); err != nil {
		return err
	}
	if err := t.dropAccords(); err != nil {
		return err
	}
	for _, w := range all {
		if w.state == Erased {
			continue
		}
		body.Target = w.commit
		if err := t.leave(kErased, body, Step{Word: body.Ground, Number: w.version}); err != nil {
			return err
		}
	}
	return nil
}

// forgetWords empties every version, and forgets what else could lead to them.
func (t *turn) forgetWords() error {
	if err := eraseWords(t.tx, t.row.id); err != nil {
		return err
	}
	if err := eraseSealed(t.tx, t.row.id); err != nil {
		return err
	}
	if err := deleteTerms(t.tx, t.row.id); err != nil {
		return err
	}
	if err := forgetFiles(t.tx, t.row.id); err != nil {
		return err
	}
	if err := deleteOnce(t.tx, t.row.id); err != nil {
		return err
	}
	if err := t.forgetQuotes(); err != nil {
		return err
	}
	if err := deleteUnwritten(t.tx, t.row.id); err != nil {
		return err
	}
	if err := t.unname(); err != nil {
		return err
	}
	t.row.erased = true
	return nil
}

// forgetQuotes drops what an institution had written about the words and nobody
// signed, and what later rooms keep of them. What was signed is an official text.
func (t *turn) forgetQuotes() error {
	if err := dropDrafts(t.tx, t.row.id); err != nil {
		return err
	}
	if err := dropReturns(t.tx, t.row.id); err != nil {
		return err
	}
	return t.forgetElsewhere()
}

func (t *turn) forgetElsewhere() error {
	if t.elsewhere == nil {
		return nil
	}
	return t.elsewhere(t.tx, t.row.id)
}

// unname forgets the author's name.
func (t *turn) unname() error {
	if t.row.person == "" {
		return nil
	}
	person := people.PersonID(t.row.person)
	t.row.signed, t.row.person = false, ""
	return people.Forget(t.tx, person)
}

// Unname makes one's question anonymous: the name is erased.
// Errors: Invalid (field "key"); Conflict when there is no name.
func (d *Desk) Unname(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof) error {
	return d.own(ctx, by, actWithdraw, id, proof, func(t *turn) error {
		if !t.row.signed {
			return glosa.Refuse(glosa.Conflict, "q.unnamed")
		}
		if err := t.unname(); err != nil {
			return err
		}
		return t.tx.Leave(kUnnamed.Event(t.by, t.row.edition, string(t.row.id), noBody{}))
	})
}

// ErasedByTwo is the tombstone of a text that a later room keeps under a
// commitment (target) and that two posts of different sides erased: one kind of
// leaf tells of every erasure.
func ErasedByTwo(by glosa.Actor, ed glosa.EditionID, subject string, target glosa.Hash, ground, law glosa.Code, posts []glosa.Code, tags ...string) glosa.Event {
	return kErased.Event(by, ed, subject, erasedBody{Target: target, Ground: ground, Law: law, Posts: posts}, tags...)
}

// ErasedByLock is the same of a text that its author erased: the preimage of its
// lock, which only the holder of the key could say, stands in the leaf.
func ErasedByLock(by glosa.Actor, ed glosa.EditionID, subject string, target, lock glosa.Hash, tags ...string) glosa.Event {
	body := erasedBody{Target: target, Ground: groundAuthor, Law: lawOwnWords, Posts: []glosa.Code{}, Lock: &lock}
	return kErased.Event(by, ed, subject, body, tags...)
}
