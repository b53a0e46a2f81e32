package priority

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/shares"
)

// The sorts of [Beside].
const (
	// Strong counts only the ballots of doors that somebody outside the host
	// vouches for: an issuer's envelope, a state's word.
	Strong glosa.Code = "strong"
	// Whole counts all ballots, also those of a class that both sides excluded.
	Whole glosa.Code = "whole"
)

// The states of a [Beside].
const (
	Computed glosa.Code = "computed"
	// Few: fewer than [doorLeast] ballots came by one kind of doors or by the other.
	// To show them would be to show who they are, and were it said from ten on, that
	// there are fewer than ten would be said too. Of [Whole]: the two counts differ
	// by fewer than ten rows.
	Few glosa.Code = "few"
	// Same: every door that counts is a strong one, so there is one result only.
	Same glosa.Code = "same"
	// NoDoor: no strong door counts in this contest.
	NoDoor glosa.Code = "no-door"
)

// Beside is the agenda as it would be by another count of the same contest, by
// the same rule, for comparison: it decides nothing. What is public of it stands here.
// Its file is not, nor its result with the supporters of each question: less those of
// the agenda they would tell what people of a few doors, or of an excluded class,
// support. The record has the digests of both, and the audit of the ballots computes
// one from the other. Only where State is [Computed] is more than Of and State set.
type Beside struct {
	Of       glosa.Code // [Strong], [Whole]
	State    glosa.Code // [Computed], [Few], [Same], [NoDoor]
	Chosen   []glosa.QuestionID
	Only     []glosa.QuestionID // chosen here, and not on the agenda, in order
	Without  []glosa.QuestionID // on the agenda, and not chosen here, by place
	Ballots  int                // rows of its file
	Used     int                // minutes
	Coverage Coverage
	Input    glosa.Hash // SHA-256 of its file
	Result   glosa.Hash // SHA-256 of its result
}

// Differs tells whether this count chose other questions than the agenda has.
func (b Beside) Differs() bool { return len(b.Only)+len(b.Without) > 0 }

// StrongTracker is the name of a ballot's row in the file of strong doors:
// SHA-256("glosa/tracker/strong/v1" ‖ 0x00 ‖ salt) in hexadecimal. It is another
// than in the file of all doors; a set of choices that is there once joins the two
// all the same, so only auditors see this file.
func StrongTracker(salt glosa.Hash) string {
	h := sha256.Sum256(append([]byte("glosa/tracker/strong/v1\x00"), salt[:]...))
	return hex.EncodeToString(h[:])
}

// storedBeside is a [Beside] as it is kept.
type storedBeside struct {
	of, state glosa.Code
	stored
}

// strong counts the ballots of strong doors by themselves, where weak doors count
// too. Fewer than twenty of either are not shown: the difference would show them.
func (c *computed) strong(tx *db.Tx, a apart) error {
	if a.criteria.strongState() != Computed {
		return nil
	}
	some := computed{tracker: StrongTracker}
	var ballots []*ballot
	for _, b := range a.ballots {
		if voter.Strong(b.door) {
			ballots = append(ballots, b)
		}
	}
	if _, err := some.rows(tx, a.ed, a.criteria, ballots, a.candidates); err != nil {
		return err
	}
	side := storedBeside{of: Strong, state: Few, stored: stored{file: []byte{}, result: json.RawMessage("{}")}}
	if strongShown(some.ballots, c.ballots) {
		if err := some.decide(a.criteria); err != nil {
			return err
		}
		side.state, side.stored = Computed, some.stored
	}
	c.besides = append(c.besides, side)
	return nil
}

// strongShown tells whether a count of so many ballots of strong doors, of so many
// in all, may be shown.
func strongShown(strong, all int) bool { return strong >= doorLeast && all-strong >= doorLeast }

// strongState is what the criteria alone say of a count of strong doors.
func (c Criteria) strongState() glosa.Code {
	switch {
	case !slices.ContainsFunc(c.Counting, voter.Strong):
		return NoDoor
	case !slices.ContainsFunc(c.Counting, func(door glosa.Code) bool { return !voter.Strong(door) }):
		return Same
	}
	return Computed
}

// besidesOf are the other counts of a contest whose agenda was computed.
func (a *Agenda) besidesOf(all []storedBeside) error {
	if s := a.Criteria.strongState(); s != Computed {
		a.Beside = append(a.Beside, Beside{Of: Strong, State: s})
	}
	for _, s := range all {
		b := Beside{Of: s.of, State: s.state}
		if s.state == Computed {
			res, err := s.read()
			if err != nil {
				return err
			}
			b.Ballots, b.Used, b.Input, b.Result = s.ballots, int(res.Cost), s.input, s.digest
			b.Coverage = Coverage{Of: s.ballots, Rule: s.covered, Raw: s.coveredRaw}
			b.compare(res, a.Chosen)
		}
		a.Beside = append(a.Beside, b)
	}
	return nil
}

// compare finds what one count chose and the other did not.
func (b *Beside) compare(res shares.Result, chosen []Place) {
	for _, id := range res.Selected {
		q := glosa.QuestionID(id)
		b.Chosen = append(b.Chosen, q)
		if !slices.ContainsFunc(chosen, func(p Place) bool { return p.Question == q }) {
			b.Only = append(b.Only, q)
		}
	}
	for _, p := range chosen {
		if !slices.Contains(b.Chosen, p.Question) {
			b.Without = append(b.Without, p.Question)
		}
	}
}

// leaveBesides keeps what stands beside the agenda, the other counts and those of
// the networks, and tells the record of each.
func (c *computed) leaveBesides(tx *db.Tx, by glosa.Actor, id glosa.EditionID, contest glosa.ContestID) error {
	for _, b := range c.besides {
		if err := insertBeside(tx, contest, b); err != nil {
			return err
		}
		body := besideBody{Of: b.of, State: b.state, Ballots: b.ballots, Covered: b.covered, CoveredRaw: b.coveredRaw}
		if b.state == Computed {
			body.Input, body.Result = b.input, b.digest
		}
		if err := tx.Leave(kBeside.Event(by, id, string(contest), body)); err != nil {
			return err
		}
	}
	return c.networks.leave(tx, by, id, contest)
}

// foldBeside says what the tables must have after another count.
func foldBeside(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[besideBody](e)
	what := "beside." + string(b.Of)
	if err != nil || !voter.FirstTold(l, e, sortContest, what, besideTwice) {
		return err
	}
	l.Say(sortContest, e.Subject, what, besideWord(b.State, b.Ballots, b.Covered, b.CoveredRaw))
	if b.State == Computed {
		l.Say(sortContest, e.Subject, what+".input", b.Input.String())
		l.Say(sortContest, e.Subject, what+".result", b.Result.String())
	}
	return err
}

func besideWord(state glosa.Code, ballots, covered, raw int) string {
	return fmt.Sprintf("%s counted=%d rule=%d raw=%d", state, ballots, covered, raw)
}

// besideOfficials lists the other counts, and the digests of their rows and of their
// results, which are for auditors.
func besideOfficials(tx *db.Tx, id glosa.ContestID, s *glosa.Sheet) error {
	all, err := selectBesides(tx, id)
	for _, b := range all {
		what := "beside." + string(b.of)
		s.Word(what, besideWord(b.state, b.ballots, b.covered, b.coveredRaw))
		if b.state == Computed {
			s.Word(what+".input", b.input.String())
			s.Word(what+".result", b.digest.String())
		}
	}
	return err
}
