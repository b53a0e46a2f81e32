package question

import (
	"context"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// FollowUp asks once more, after an answer: a question of its own, with its own
// folio, the same key and a lock of its own, that goes through moderation and
// then to the institution that answered. It never goes on the agenda and is not
// in the balance of what was received.
// Errors: Invalid (field "key" when folio and key do not fit, "lock" when the
// device that keeps the key did not say the new lock); Conflict when there is no
// answer yet or it was followed up already.
func (d *Desk) FollowUp(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof, text, context string, salt [16]byte) (Receipt, error) {
	if err := by.May(actFollow); err != nil {
		return Receipt{}, err
	}
	auth, err := proof.auth()
	if err != nil {
		return Receipt{}, err
	}
	lock, err := proof.NextLock()
	if err != nil {
		return Receipt{}, err
	}
	var parent row
	var to glosa.InstitutionKey
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if parent, err = load(tx, id); err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		if err != nil || !opens(auth, parent.auth) {
			return glosa.WrongField("key", "q.badkey")
		}
		if err := mayFollow(tx, parent); err != nil {
			return err
		}
		ed, err := edition.Load(tx, parent.edition)
		if err != nil {
			return err
		}
		to, err = answerer(tx, ed, parent)
		return err
	})
	if err != nil {
		return Receipt{}, err
	}
	if lock.IsZero() || lock == parent.lock { // the parent's own withdrawal would open it
		return Receipt{}, glosa.WrongField("lock", "a.lock")
	}
	a := Ask{Text: text, Context: context, Municipality: parent.municipality, Institution: to,
		Language: parent.lang, Passage: parent.passage, Auth: parent.auth, Lock: lock, Salt: salt}
	p, err := d.prepare(parent.edition, a, kFollowed)
	if err != nil {
		return Receipt{}, err
	}
	p.follows, p.lockBy = id, parent.lockBy
	return d.receive(ctx, by, actFollow, parent.edition, p)
}

// mayFollow is nil when the question has an answer that nobody followed up.
func mayFollow(tx *db.Tx, parent row) error {
	if parent.follows != "" {
		return glosa.Refuse(glosa.Conflict, "q.once")
	}
	answered := parent
	if parent.state == Merged {
		root, err := load(tx, parent.root)
		if err != nil {
			return err
		}
		answered = root
	}
	if s := answered.state; s != Answered && s != Spoken && s != Transferred && s != Finished {
		return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(s), "verb", "follow")
	}
	again, err := selectFollow(tx, parent.id)
	if err == nil && len(again) > 0 {
		return glosa.Refuse(glosa.Conflict, "q.once")
	}
	return err
}

// answerer is the institution that answers for a question now: the one that holds
// it, or holds the one that stands for it, under the name it can answer by today, or
// whoever came after it; "" when there is none.
func answerer(tx *db.Tx, ed edition.Edition, parent row) (glosa.InstitutionKey, error) {
	var err error
	if parent.root != parent.id {
		if parent, err = load(tx, parent.root); err != nil {
			return "", err
		}
	}
	seen := map[glosa.InstitutionKey]bool{}
	for key := parent.institution; key != "" && !seen[key]; {
		seen[key] = true
		_, err := people.AddresseeOn(tx, key, tx.Now.In(ed.Zone))
		if err == nil || glosa.KindOf(err) != glosa.Invalid {
			return key, err
		}
		office, err := people.Office(tx, key)
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return "", err
		}
		key = office.Next
	}
	return "", nil
}
