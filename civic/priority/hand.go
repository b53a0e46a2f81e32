package priority

import (
	"context"
	"slices"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
)

// Hand is one visitor's ballot of a contest: by which door it is, what it holds,
// and what moved to it.
type Hand struct {
	Who    voter.Credential
	Counts bool // its door decides; else it is shown apart
	Most   int  // questions that a ballot holds
	Receipt
	Left []glosa.QuestionID // supported by a weaker door, for which this ballot had no room
}

// Best is the door by which somebody who showed all of these votes: the strongest
// of those that count, else the strongest of those shown apart. false when the
// contest takes none of them.
func (c Criteria) Best(held []voter.Credential) (voter.Credential, bool) {
	return voter.Best(held, c.Counts, c.Takes)
}

// Uses tells whether a door is of use to a contest: it takes the door, and support
// was open once. It is a [voter.Use].
func Uses(tx *db.Tx, ed edition.Edition, door glosa.Code) (bool, error) {
	c, err := selectContest(tx, ed.ID)
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return false, nil
	}
	return c.Takes(door) && voter.Voting(tx, ed, ed.Reached(edition.IntakeOpen)), err
}

// Hand is the ballot of whoever showed these credentials, as it stands by the
// best of them. NotFound when the edition has no contest.
func (d *Desk) Hand(ctx context.Context, ed glosa.EditionID, held []voter.Credential) (Hand, error) {
	c, err := d.criteria(ctx, ed)
	if err != nil {
		return Hand{}, err
	}
	h := Hand{Most: c.Choices, Receipt: Receipt{Contest: c.Contest}}
	best, ok := c.Best(held)
	if !ok {
		return h, nil
	}
	h.Who, h.Counts = best, c.Counts(best.Door())
	h.Receipt, err = d.Own(ctx, best, ed)
	return h, err
}

func (d *Desk) criteria(ctx context.Context, ed glosa.EditionID) (c Criteria, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = selectContest(tx, ed)
		return err
	})
	return c, err
}

// Gather brings what somebody supports by several doors to the best one that
// they showed: a stronger door replaces the weaker one's ballot, in one act. The
// weaker ballots are withdrawn and their openers published with the next batch.
// What does not fit into a full ballot is named in Left. It writes nothing where
// nothing stands by a weaker door.
//
// Errors: Denied when the contest takes none of the doors; NotFound; Closed
// outside the window, when something would have to move; Busy.
func (d *Desk) Gather(ctx context.Context, by glosa.Actor, ed glosa.EditionID, held []voter.Credential, salt [16]byte) (Hand, error) {
	if err := by.May(actSupport); err != nil {
		return Hand{}, err
	}
	h, err := d.Hand(ctx, ed, held)
	if err != nil {
		return h, err
	}
	if h.Who == (voter.Credential{}) {
		return h, glosa.Refuse(glosa.Denied, "g.door", "rule", string(actSupport))
	}
	weaker, err := d.standing(ctx, ed, held, h.Who)
	if err != nil || len(weaker) == 0 {
		return h, err
	}
	c := &cast{by: by, who: h.Who, what: move, ed: ed, from: weaker, device: salt}
	h.Receipt, err = d.cast(ctx, c)
	h.Left = c.left
	return h, err
}

// standing are the credentials, but for one, by which a ballot stands.
func (d *Desk) standing(ctx context.Context, ed glosa.EditionID, held []voter.Credential, but voter.Credential) (some []voter.Credential, err error) {
	for _, v := range held {
		if v == but {
			continue
		}
		rc, err := d.Own(ctx, v, ed)
		if err != nil {
			return nil, err
		}
		if len(rc.Choices) > 0 {
			some = append(some, v)
		}
	}
	return some, nil
}

// find is where the ballots of a wish lie.
func (c *cast) find(keys voter.Keys) error {
	for _, who := range append([]voter.Credential{c.who}, c.from...) {
		key, err := who.Row(keys, c.ed, ContestOf(c.ed))
		if err != nil {
			return err
		}
		c.keys = append(c.keys, key)
	}
	return nil
}

// move withdraws the ballots of the weaker doors and makes one of the stronger
// door that holds its own questions and then theirs, as many as it may.
func (s *set) move(c *cast) {
	criteria := s.editions[c.ed].criteria
	own := s.now[c.keys[0]]
	var choices []glosa.QuestionID
	if own != nil {
		choices = slices.Clone(own.choices)
	}
	for _, key := range c.keys[1:] {
		b := s.now[key]
		if b == nil || key == c.keys[0] {
			continue
		}
		for _, q := range b.choices {
			switch {
			case slices.Contains(choices, q):
			case len(choices) < criteria.Choices:
				choices = append(choices, q)
			default:
				c.left = append(c.left, q)
			}
		}
		s.end(key, withdrawn)
	}
	slices.Sort(choices)
	if own == nil || !slices.Equal(choices, own.choices) {
		s.put(c, criteria.Contest, choices)
		return
	}
	c.rc = own.receipt()
}
