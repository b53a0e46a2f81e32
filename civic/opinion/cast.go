package opinion

import (
	"context"
	"maps"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
)

// Vote says what a credential thinks of a statement; of two votes on one the last
// stands. Each makes a new version of the credential's ballot, committed and
// promised; saying the same again changes nothing. salt is the device's part of
// the version's salt, or zeros.
//
// Errors: Invalid (field "statement" when nobody is asked about it, "vote");
// Denied when the door is not taken; NotFound; Closed outside the vote.
func (d *Desk) Vote(ctx context.Context, by glosa.Actor, who voter.Credential, id glosa.EditionID, n int, says Says, salt [16]byte) (Receipt, error) {
	if err := by.May(actVote); err != nil {
		return Receipt{}, err
	}
	if says < Disagree || says > Agree {
		return Receipt{}, glosa.WrongField("vote", "op.says")
	}
	made := draw(id, who, salt)
	key, keyErr := who.Row(d.Keys, id, made.contest)
	made.key = key
	var rc Receipt
	err := d.DB.Act(ctx, func(tx *db.Tx) error {
		if _, err := edition.Enter(tx, by, actVote, id); err != nil {
			return err
		}
		b, err := vote(tx, id, made, n, says)
		if err != nil {
			return err
		}
		if keyErr != nil {
			return keyErr
		}
		rc = b.receipt()
		rc.Commit = b.commit
		return nil
	})
	if err != nil {
		return Receipt{}, err
	}
	if rc.Position, err = d.position(who, id); err != nil {
		return Receipt{}, err
	}
	rc.Promise, rc.MergeBy, err = d.Promise(PromiseCast, rc.Commit, d.DB.Clock().Now())
	return rc, err
}

// vote makes the new version, or finds that the one that stands says so already.
func vote(tx *db.Tx, id glosa.EditionID, made ballot, n int, says Says) (*ballot, error) {
	k, err := selectSet(tx, id)
	if err != nil {
		return nil, err
	}
	if err := k.window(tx.Now); err != nil {
		return nil, err
	}
	if !k.settings.takes(made.door) {
		return nil, glosa.Refuse(glosa.Denied, "g.door", "rule", string(actVote))
	}
	s, err := selectStatement(tx, made.contest, n)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return nil, err
	}
	if err != nil || s.State != Admitted {
		return nil, glosa.WrongField("statement", "op.nothere")
	}
	was, err := selectStanding(tx, made.key)
	if err != nil {
		return nil, err
	}
	made.fresh, made.votes = was == nil, votes{}
	if was != nil {
		if said, voted := was.votes[n]; voted && said == says {
			return was, nil
		}
		maps.Copy(made.votes, was.votes)
	}
	made.votes[n] = says
	if err := stand(tx, &made); err != nil {
		return nil, err
	}
	return &made, tx.Leave(kVoted.Event(glosa.Citizen(), "", string(made.contest), noBody{}))
}

// position is by what a credential's order of statements is drawn: made like a row
// key and apart from it, so that it says nothing of the row.
func (d *Desk) position(who voter.Credential, id glosa.EditionID) (glosa.Hash, error) {
	return who.Row(d.Keys, id, ContestOf(id)+"/next")
}

// Turn is what a voter sees next, and what they said so far.
type Turn struct {
	Next  Statement
	Any   bool // there is a next one
	Said  map[int]Says
	Of    int // statements that people are asked about
	Left  int // of those, not voted on
	Open  bool
	Until Board
}

// Turn is the next statement of a credential; of nobody yet with the zero one,
// which has an order like everybody. NotFound when there is no such edition.
func (d *Desk) Turn(ctx context.Context, who voter.Credential, id glosa.EditionID) (t Turn, err error) {
	if t.Until, err = d.Board(ctx, id); err != nil {
		return t, err
	}
	t.Open, t.Said = t.Until.Status == Open, map[int]Says{}
	if t.Until.Status == Unfrozen {
		return t, nil
	}
	own, position, err := d.own(ctx, who, id)
	if err != nil {
		return t, err
	}
	if own != nil {
		t.Said = own.votes
	}
	all, err := d.Statements(ctx, id)
	if err != nil {
		return t, err
	}
	var open []Statement
	for _, s := range all {
		if !s.Votable() {
			continue
		}
		open, t.Of = append(open, s), t.Of+1
		if _, voted := t.Said[s.N]; !voted {
			t.Left++
		}
	}
	t.Next, t.Any = Next(t.Until.Settings.Seed, position, open, func(n int) bool { _, voted := t.Said[n]; return voted })
	return t, nil
}

// own is the credential's ballot, nil when there is none, and its position. Once
// the edition's key is destroyed nobody has a ballot any more.
func (d *Desk) own(ctx context.Context, who voter.Credential, id glosa.EditionID) (b *ballot, position glosa.Hash, err error) {
	if who == (voter.Credential{}) {
		return nil, position, nil
	}
	key, err := who.Row(d.Keys, id, ContestOf(id))
	if err == nil {
		position, err = d.position(who, id)
	}
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return nil, position, nil
	}
	if err != nil {
		return nil, position, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		b, err = selectStanding(tx, key)
		return err
	})
	return b, position, err
}

// Own is the credential's ballot with what proves it. NotFound when there is none.
func (d *Desk) Own(ctx context.Context, who voter.Credential, id glosa.EditionID) (Receipt, error) {
	b, position, err := d.own(ctx, who, id)
	if err != nil {
		return Receipt{}, err
	}
	if b == nil {
		return Receipt{}, glosa.Missing("ballot", string(ContestOf(id)))
	}
	rc := b.receipt()
	rc.Commit, rc.Position = b.commit, position
	return rc, nil
}
