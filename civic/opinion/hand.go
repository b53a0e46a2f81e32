package opinion

import (
	"context"
	"crypto/rand"
	"maps"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
)

// Best is the door by which somebody who showed all of these votes: the strongest
// that the set takes. false when it takes none of them.
func (s Settings) Best(held []voter.Credential) (voter.Credential, bool) {
	return voter.Best(held, s.takes)
}

// Uses tells whether a door is of use to the vote on statements: it takes the door,
// and it was opened. It is a [voter.Use].
func Uses(tx *db.Tx, ed edition.Edition, door glosa.Code) (bool, error) {
	k, err := selectSet(tx, ed.ID)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return false, nil
	}
	return k.settings.takes(door) && voter.Voting(tx, ed, !k.opened.IsZero()), err
}

// draw begins a version of a credential's ballot; everything random is drawn before the act.
func draw(id glosa.EditionID, who voter.Credential, salt [16]byte) ballot {
	b := ballot{contest: ContestOf(id), door: who.Door(), state: standing, saltDevice: salt, votes: votes{}}
	_, _ = rand.Read(b.saltServer[:]) // crypto/rand never fails on a working machine
	_, _ = rand.Read(b.opener[:])
	return b
}

// Gather brings what somebody said by several doors to the best one that they
// showed, and says which it is: a stronger door replaces the weaker one's ballot,
// in one act. Where both voted on a statement the stronger one's vote stands. The
// weaker ballots are withdrawn and their openers published with the next batch. It
// writes nothing where nothing stands by a weaker door.
//
// Errors: Denied when the set takes none of the doors; NotFound; Closed outside
// the vote, when something would have to move.
func (d *Desk) Gather(ctx context.Context, by glosa.Actor, id glosa.EditionID, held []voter.Credential, salt [16]byte) (voter.Credential, error) {
	if err := by.May(actVote); err != nil {
		return voter.Credential{}, err
	}
	b, err := d.Board(ctx, id)
	if err != nil {
		return voter.Credential{}, err
	}
	best, ok := b.Settings.Best(held)
	if !ok {
		return best, glosa.Refuse(glosa.Denied, "g.door", "rule", string(actVote))
	}
	weaker, err := d.standing(ctx, id, held, best)
	if err != nil || len(weaker) == 0 {
		return best, err
	}
	made := draw(id, best, salt)
	if made.key, err = best.Row(d.Keys, id, made.contest); err != nil {
		return best, err
	}
	return best, d.DB.Act(ctx, func(tx *db.Tx) error {
		if err := enterVote(tx, by, id); err != nil {
			return err
		}
		return move(tx, made, weaker)
	})
}

// standing are the keys of the ballots that stand by any of these doors but one.
func (d *Desk) standing(ctx context.Context, id glosa.EditionID, held []voter.Credential, but voter.Credential) (keys []glosa.Hash, err error) {
	for _, v := range held {
		if v == but {
			continue
		}
		b, _, err := d.own(ctx, v, id)
		if err != nil {
			return nil, err
		}
		if b != nil {
			keys = append(keys, b.key)
		}
	}
	return keys, nil
}

// enterVote opens an act on a ballot while votes are taken.
func enterVote(tx *db.Tx, by glosa.Actor, id glosa.EditionID) error {
	if _, err := edition.Enter(tx, by, actVote, id); err != nil {
		return err
	}
	k, err := selectSet(tx, id)
	if err != nil {
		return err
	}
	return k.window(tx.Now)
}

// move withdraws the ballots under the weaker keys and makes a version of the
// stronger door's that holds its own votes, and theirs where it has none.
func move(tx *db.Tx, made ballot, weaker []glosa.Hash) error {
	own, err := selectStanding(tx, made.key)
	if err != nil {
		return err
	}
	made.fresh, made.votes = own == nil, votes{}
	moved := false
	for _, key := range weaker {
		b, err := selectStanding(tx, key)
		if err != nil {
			return err
		}
		if b == nil { // it went since somebody looked
			continue
		}
		maps.Copy(made.votes, b.votes)
		if err := endBallot(tx, key, true); err != nil {
			return err
		}
		moved = true
	}
	if !moved {
		return nil
	}
	if own != nil {
		maps.Copy(made.votes, own.votes)
	}
	if own == nil || !maps.Equal(own.votes, made.votes) {
		if err := stand(tx, &made); err != nil {
			return err
		}
	}
	return tx.Leave(kVoted.Event(glosa.Citizen(), "", string(made.contest), noBody{}))
}

// stand seals a version and lets it stand in the place of the one that stood.
func stand(tx *db.Tx, made *ballot) error {
	if !made.fresh {
		if err := endBallot(tx, made.key, false); err != nil {
			return err
		}
	}
	if err := made.seal(); err != nil {
		return err
	}
	return insertBallot(tx, made)
}

// Unvote withdraws a credential's whole ballot: its row goes, the next batch counts
// it as withdrawn and publishes its opener. Errors: NotFound when there is none;
// Closed outside the vote.
func (d *Desk) Unvote(ctx context.Context, by glosa.Actor, who voter.Credential, id glosa.EditionID) error {
	if err := by.May(actVote); err != nil {
		return err
	}
	key, keyErr := who.Row(d.Keys, id, ContestOf(id))
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if err := enterVote(tx, by, id); err != nil {
			return err
		}
		if keyErr != nil {
			return keyErr
		}
		b, err := selectStanding(tx, key)
		if err == nil && b == nil {
			err = glosa.Missing("ballot", string(ContestOf(id)))
		}
		if err != nil {
			return err
		}
		if err := endBallot(tx, key, true); err != nil {
			return err
		}
		return tx.Leave(kVoted.Event(glosa.Citizen(), "", string(ContestOf(id)), noBody{}))
	})
}
