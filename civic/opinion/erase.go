package opinion

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/db"
)

// Withdraw takes a proposed statement back, by whoever holds its key: words and
// salt are gone, and the lock's preimage stands in the tombstone. Votes on it stay
// in their ballots and count no more. Errors: Invalid (field "key"); Denied;
// NotFound; Conflict.
func (d *Desk) Withdraw(ctx context.Context, by glosa.Actor, id glosa.EditionID, n int, typed string) error {
	if err := by.May(actWithdraw); err != nil {
		return err
	}
	key, err := question.ParseKey(typed)
	if err != nil {
		return glosa.WrongField("key", "op.badkey")
	}
	lock := key.Lock()
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, actWithdraw, id); err != nil {
			return err
		}
		s, err := selectStatement(tx, ContestOf(id), n)
		if glosa.KindOf(err) == glosa.NotFound && err != nil {
			return glosa.WrongField("key", "op.badkey") // the same word whether it is there or not
		}
		if err != nil {
			return err
		}
		if h := sha256.Sum256(lock[:]); subtle.ConstantTimeCompare(h[:], s.lock) != 1 {
			return glosa.WrongField("key", "op.badkey")
		}
		if s.State == Erased {
			return glosa.Refuse(glosa.Conflict, "op.erased")
		}
		target := glosa.Hash(s.commit)
		if err := forgetWords(tx, s); err != nil {
			return err
		}
		return tx.Leave(question.ErasedByLock(by, id, string(s.contest), target, lock, "opinion:"+string(s.contest)))
	})
}

// forgetWords ends a statement: its words and salt are gone, and what was asked about it too.
func forgetWords(tx *db.Tx, s keptStatement) error {
	if err := endRefusal(tx, s); err != nil {
		return err
	}
	s.State, s.body, s.salt, s.secondAt = Erased, "", nil, time.Time{}
	return saveStatement(tx, s)
}

// Erase is one person's word for erasing a statement's words, on a ground and
// under a law; the second, of the other side, must say the same without having
// seen it. Nothing is said in public before. Errors: Invalid (fields "ground",
// "law"); Denied; NotFound; Conflict.
func (d *Desk) Erase(ctx context.Context, by glosa.Actor, id glosa.EditionID, n int, ground, law glosa.Code) error {
	if err := by.MayIn(actErase, id); err != nil {
		return err
	}
	if !slices.Contains(question.ErasureGrounds(), ground) {
		return glosa.WrongField("ground", "mo.ground")
	}
	if !slices.Contains(question.ErasureLaws(), law) {
		return glosa.WrongField("law", "mo.law")
	}
	return d.on(ctx, by, actErase, id, n, func(tx *db.Tx, ed edition.Edition, s keptStatement) error {
		if s.State == Erased || s.Sort != Plain {
			return glosa.Refuse(glosa.Conflict, "op.erased")
		}
		v, err := voiceOf(tx, ed, by, actErase, ground+"/"+law)
		if err != nil {
			return err
		}
		rounds, err := selectRoundsOf(tx, s.contest, s.N, kindErase)
		if err != nil {
			return err
		}
		if len(rounds) == 0 || !rounds[len(rounds)-1].closed.IsZero() {
			if err := insertRound(tx, round{contest: s.contest, n: s.N, kind: kindErase, round: len(rounds) + 1, first: v}); err != nil {
				return err
			}
			return tx.Leave(kWord.Event(by, id, string(s.contest), noBody{}))
		}
		x := rounds[len(rounds)-1]
		if !by.SecondTo(x.first.human, x.first.side) {
			return glosa.Refuse(glosa.Denied, "mo.second", "rule", string(actErase))
		}
		if x.second, x.outcome = v, outNothing; x.first.word == v.word {
			x.outcome = outErased
		}
		if err := closeRound(tx, x); err != nil {
			return err
		}
		if x.outcome == outNothing {
			return tx.Leave(kWord.Event(by, id, string(s.contest), noBody{}))
		}
		target := glosa.Hash(s.commit)
		if err := forgetWords(tx, s); err != nil {
			return err
		}
		return tx.Leave(question.ErasedByTwo(by, id, string(s.contest), target, ground, law, []glosa.Code{x.first.post, v.post}, "opinion:"+string(s.contest)))
	})
}

// Repeat erases again in a restored database what the record says was erased and
// the backup does not know: statements, and the ballots and rows of editions whose
// time was over. It leaves no event: the record has each of these acts. Errors:
// Denied.
func (d *Desk) Repeat(ctx context.Context, by glosa.Actor, targets []glosa.Hash, over []glosa.EditionID) (erased int, err error) {
	if err := by.May(actRepeat); err != nil {
		return 0, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		erased = 0
		for _, target := range targets {
			all, err := selectSealed(tx, target)
			if err != nil {
				return err
			}
			for _, s := range all {
				if s.State == Erased {
					continue
				}
				if err := forgetWords(tx, s); err != nil {
					return err
				}
				erased++
			}
		}
		return rowsGone(tx, over)
	})
	return erased, err
}

// rowsGone forgets again the ballots of editions; one that has no set lost it too.
func rowsGone(tx *db.Tx, over []glosa.EditionID) error {
	for _, ed := range over {
		k, err := selectSet(tx, ed)
		if err != nil && glosa.KindOf(err) == glosa.NotFound || err == nil && !k.destroyed.IsZero() {
			continue
		}
		if err == nil {
			err = destroyRows(tx, k)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
