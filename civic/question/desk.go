package question

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// Promise signs that a commitment received at a time will be in the record by
// another. It is wired from record: kind is "question.received" and the like.
type Promise func(kind glosa.Code, commit glosa.Hash, received time.Time) (note []byte, mergeBy time.Time, err error)

// Desk is where questions are handed in, decided, routed and answered.
type Desk struct {
	DB      *db.DB
	Promise Promise
	Safe    *people.Safe // seals the names of those who sign
	Files   Vault        // where attachments lie
	// Promised tells whether there is such a commitment: a later room knows.
	Promised func(tx *db.Tx, id glosa.CommitmentID) (bool, error)

	// Elsewhere empties what later rooms keep of a question's words, in the act that
	// erases them or strikes them out; handed in by the wiring.
	Elsewhere func(tx *db.Tx, id glosa.QuestionID) error

	examining sync.Mutex // one file is looked into at a time

	// Supporters counts who support each question of an edition; handed in by the
	// wiring, since supports are of a later room. Without it nobody supports any.
	Supporters func(tx *db.Tx, ed glosa.EditionID) (map[glosa.QuestionID]int, error)

	balances db.Memo[glosa.EditionID, Balance]
	themes   db.Memo[glosa.EditionID, []glosa.Code]
	lists    db.Memo[string, listed]
	late     db.Memo[glosa.EditionID, int]
	asked    hints
	facets   db.Memo[glosa.EditionID, Facets]
}

// ours is what the memos of this room are read from. An erasure's event is of the
// room "text": an erased question that waited counts as refused or withdrawn.
var ours = []string{"question", "text"}

// Acts of this room, as testdata/may.txt names them.
const (
	actSubmit    glosa.Act = "question.submit"
	actFollow    glosa.Act = "question.follow_up"
	actAdmit     glosa.Act = "question.admit"
	actRefuse    glosa.Act = "question.refuse"
	actEscalate  glosa.Act = "question.decide_held"
	actAskEdit   glosa.Act = "question.needs_edit"
	actEdit      glosa.Act = "question.edit"
	actAppeal    glosa.Act = "question.appeal"
	actDecide    glosa.Act = "question.decide_appeal"
	actMerge     glosa.Act = "question.merge"
	actUnmerge   glosa.Act = "question.unmerge"
	actObject    glosa.Act = "question.object"
	actRoute     glosa.Act = "question.route"
	actRefer     glosa.Act = "question.refer"
	actAssign    glosa.Act = "question.assign"
	actDraft     glosa.Act = "question.draft"
	actAnswer    glosa.Act = "question.answer"
	actExtend    glosa.Act = "question.extend"
	actRate      glosa.Act = "question.rate"
	actWithdraw  glosa.Act = "question.withdraw"
	actErase     glosa.Act = "question.erase"
	actQueue     glosa.Act = "question.queue"
	actInbox     glosa.Act = "question.inbox"
	actLate      glosa.Act = "question.decide_follow"
	actRedact    glosa.Act = "question.redact"
	actSealKey   glosa.Act = "question.enrol_key"
	actUnseal    glosa.Act = "question.unseal"
	actAccord    glosa.Act = "question.drop"
	actTranslate glosa.Act = "question.translate"
	actReads     glosa.Act = "question.declare_reads"
)

// turn is one act on one question: the transaction, the rules of its edition,
// who acts, and the row that is saved when the act is done.
type turn struct {
	tx  *db.Tx
	ed  edition.Edition
	by  glosa.Actor
	row *row

	elsewhere func(tx *db.Tx, id glosa.QuestionID) error // [Desk.Elsewhere]; nil outside the desk's own acts

	absence *Absence // by which the actor signs for who holds the post
}

// on runs an official act: may.txt first, then the row, then the stage.
func (d *Desk) on(ctx context.Context, by glosa.Actor, act glosa.Act, id glosa.QuestionID, fn func(t *turn) error) error {
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		if r.follows != "" && (act == actAdmit || act == actRefuse || act == actAskEdit) {
			act = actLate // a follow-up comes after the stages of moderation
		}
		return d.enter(tx, by, act, r, fn)
	})
}

// own runs an act of the author, who proves it by the key. A folio that does
// not exist and a key that does not fit are the same error: Invalid, field "key".
// The lock alone proves nothing here: a withdrawal publishes it, and then
// everybody can say it.
func (d *Desk) own(ctx context.Context, by glosa.Actor, act glosa.Act, id glosa.QuestionID, proof Proof, fn func(t *turn) error) error {
	if err := by.May(act); err != nil {
		return err
	}
	auth, err := proof.auth()
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		if err != nil || !opens(auth, r.auth) {
			return glosa.WrongField("key", "q.badkey")
		}
		return d.enter(tx, by, act, r, fn)
	})
}

func (d *Desk) enter(tx *db.Tx, by glosa.Actor, act glosa.Act, r row, fn func(t *turn) error) error {
	ed, err := edition.Enter(tx, by, act, r.edition)
	if r.carried != "" && glosa.KindOf(err) == glosa.Denied { // who sits where it goes on may act too
		if _, err = edition.Enter(tx, by, act, r.carried); err == nil {
			ed, err = edition.Load(tx, r.edition) // its own rules and calendar count
		}
	}
	if err != nil {
		return err
	}
	t := &turn{tx: tx, ed: ed, by: by, row: &r, elsewhere: d.Elsewhere}
	if err := fn(t); err != nil {
		return err
	}
	return save(tx, &r)
}

// move goes to the state after v. Conflict when v cannot happen now.
func (t *turn) move(v Verb) error {
	to, err := t.row.state.next(v)
	if err != nil {
		return err
	}
	if to != t.row.state {
		t.row.state, t.row.since = to, t.tx.Now
	}
	return nil
}

// leave puts what happened on the line and among the steps of the page.
func (t *turn) leave(kind glosa.EventKind, body any, s Step, tags ...string) error {
	return leave(t.tx, t.by, t.row, kind, body, s, tags...)
}

func leave(tx *db.Tx, by glosa.Actor, r *row, kind glosa.EventKind, body any, s Step, tags ...string) error {
	if kind.Name == kErased.Name { // its room is "text": the page must move all the same
		tags = append(tags, "question:"+string(r.id))
	}
	if r.root != r.id {
		tags = append(tags, "question:"+string(r.root))
	}
	if r.institution != "" {
		tags = append(tags, "institution:"+string(r.institution))
	}
	s.Kind, s.By = glosa.Code(kind.Name), glosa.Code(by.By())
	if err := insertStep(tx, r, s); err != nil {
		return err
	}
	return tx.Leave(kind.Event(by, r.edition, string(r.id), body, tags...))
}

// seed draws the randomness of an act before it begins, since an act may run again.
func seed() (s [32]byte) {
	_, _ = rand.Read(s[:]) // crypto/rand never fails on a working machine
	return s
}
