package opinion

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/db"
)

// MostLetters is how long a statement may be: one thought, read at a glance.
const MostLetters = 200

const (
	// mostStatements is how many an edition may have admitted: the groups are exact
	// up to there.
	mostStatements = 1000

	// mostWaiting is how many proposals of citizens may wait for a moderator, beside
	// what desks wrote: nobody takes the room of the other.
	mostWaiting = 200
)

// Taken is what the author of a proposed statement takes home.
type Taken struct {
	N       int
	Key     string // with it the author takes the words back
	Commit  glosa.Hash
	Promise []byte
	MergeBy time.Time
}

// objectOf is what the commitment of a statement commits to.
func objectOf(s keptStatement) map[string]string {
	return map[string]string{"edition": strings.TrimSuffix(string(s.contest), "-opinion"), "kind": "statement", "language": string(s.Language), "text": s.body, "v": "1"}
}

func (s *keptStatement) seal() error {
	c, err := glosa.Commit(glosa.Hash(s.salt), objectOf(*s))
	s.commit = c[:]
	return err
}

// worded is a statement in words of its own, before its act.
func worded(ed glosa.EditionID, text string, language glosa.Code) (s keptStatement, key question.Key, err error) {
	text = strings.Join(strings.Fields(text), " ")
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return s, key, glosa.WrongField("text", "op.empty")
	case n > MostLetters:
		return s, key, glosa.WrongField("text", "op.long")
	case language != "es" && language != "en":
		return s, key, glosa.WrongField("language", "op.language")
	}
	s = keptStatement{contest: ContestOf(ed), body: text, lockBy: "server"}
	s.Sort, s.State, s.Language = Plain, Waiting, language
	var server glosa.Hash
	_, _ = rand.Read(server[:]) // crypto/rand never fails on a working machine
	_, _ = rand.Read(key[:])
	salt, lock := glosa.Salt(server, [16]byte{}), key.Lock()
	hidden := glosa.Digest(lock[:])
	s.salt, s.lock = salt[:], hidden[:]
	return s, key, s.seal()
}

// Propose takes a statement from a citizen, where the settings allow it: it waits
// for a moderator. The reply holds the key that takes it back, and the promise.
// Errors: Invalid (fields "text", "language"); Denied when only desks write;
// NotFound; Closed; Conflict when the same words are there.
func (d *Desk) Propose(ctx context.Context, by glosa.Actor, id glosa.EditionID, text string, language glosa.Code) (Taken, error) {
	if err := by.May(actPropose); err != nil {
		return Taken{}, err
	}
	return d.take(ctx, by, actPropose, id, text, language)
}

// Write takes a statement from a desk. It waits too, for somebody else to admit
// it. Errors: as Propose.
func (d *Desk) Write(ctx context.Context, by glosa.Actor, id glosa.EditionID, text string, language glosa.Code) (Taken, error) {
	if err := by.MayIn(actWrite, id); err != nil {
		return Taken{}, err
	}
	return d.take(ctx, by, actWrite, id, text, language)
}

func (d *Desk) take(ctx context.Context, by glosa.Actor, act glosa.Act, id glosa.EditionID, text string, language glosa.Code) (Taken, error) {
	s, key, err := worded(id, text, language)
	if err != nil {
		return Taken{}, err
	}
	rc := Taken{Key: key.String(), Commit: glosa.Hash(s.commit)}
	if rc.Promise, rc.MergeBy, err = d.Promise(glosa.Code(kReceived.Name), rc.Commit, d.DB.Clock().Now()); err != nil {
		return Taken{}, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		_, k, err := enter(tx, by, act, id)
		if err != nil {
			return err
		}
		s.Citizen, s.writer = act == actPropose, ""
		if !s.Citizen {
			s.writer = by.Human
		}
		switch {
		case k.over(tx.Now):
			return k.window(tx.Now)
		case s.Citizen && !k.settings.Proposals:
			return glosa.Refuse(glosa.Denied, "op.deskonly", "rule", string(actPropose))
		}
		if s.N, err = room(tx, k, s, func(other keptStatement) bool { return other.body != "" && other.body == s.body }); err != nil {
			return err
		}
		if err := insertStatement(tx, s); err != nil {
			return err
		}
		rc.N = s.N
		return tx.Leave(kReceived.Event(by, id, k.id, receivedBody{Commit: rc.Commit, Lock: glosa.Hash(s.lock), LockBy: s.lockBy, N: s.N, Source: s.source()}))
	})
	return rc, err
}

// room is the number of the next statement. Conflict when as many stand as may,
// when too many proposals of citizens wait, or when the set has the same one.
func room(tx *db.Tx, k keptSet, s keptStatement, same func(keptStatement) bool) (n int, err error) {
	all, err := selectStatements(tx, k.contest())
	if err != nil {
		return 0, err
	}
	waiting := 0 // of the same source
	for _, other := range all {
		if (other.State == Waiting || other.State == Second) && other.Citizen == s.Citizen {
			waiting++
		}
	}
	switch stand := admittedOf(all); {
	case slices.ContainsFunc(all, same):
		return 0, glosa.Refuse(glosa.Conflict, "op.twice")
	case stand >= mostStatements, s.Citizen && waiting >= mostWaiting, !s.Citizen && stand+waiting >= mostStatements:
		return 0, glosa.Refuse(glosa.Conflict, "op.full")
	case len(all) == 0:
		return 1, nil
	}
	return all[len(all)-1].N + 1, nil
}

func admittedOf(all []keptStatement) (n int) {
	for _, s := range all {
		if s.State == Admitted {
			n++
		}
	}
	return n
}

// Include makes a question of the edition a statement: that it should be asked,
// or, once it was answered, that the answer satisfies. Its words were moderated
// and stay where they are. Errors: Invalid (fields "sort", "question"); Denied;
// NotFound; Closed; Conflict when it is there.
func (d *Desk) Include(ctx context.Context, by glosa.Actor, id glosa.EditionID, sort Sort, q glosa.QuestionID) error {
	if err := by.MayIn(actWrite, id); err != nil {
		return err
	}
	if sort != Asked && sort != Answered {
		return glosa.WrongField("sort", "op.sort")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		_, k, err := enter(tx, by, actWrite, id)
		if err != nil {
			return err
		}
		if k.over(tx.Now) {
			return k.window(tx.Now)
		}
		words, err := question.Wordings(tx, id, []glosa.QuestionID{q})
		if err != nil {
			return err
		}
		switch w, public := words[q]; {
		case !public:
			return glosa.WrongField("question", "op.noquestion")
		case sort == Answered && !w.Answered:
			return glosa.WrongField("question", "op.noanswer")
		}
		s := keptStatement{contest: k.contest(), writer: by.Human}
		s.Sort, s.Question, s.State, s.Admitted = sort, q, Admitted, tx.Now
		if s.N, err = room(tx, k, s, func(other keptStatement) bool { return other.Sort == sort && other.Question == q }); err != nil {
			return err
		}
		if err := insertStatement(tx, s); err != nil {
			return err
		}
		return tx.Leave(kIncluded.Event(by, id, k.id, includedBody{N: s.N, Question: q, Sort: glosa.Code(sort)}))
	})
}

// on opens an act on one statement. Once the vote is over nothing is admitted or
// refused any more: what waited stays undecided, and only words are erased.
func (d *Desk) on(ctx context.Context, by glosa.Actor, act glosa.Act, id glosa.EditionID, n int, do func(tx *db.Tx, ed edition.Edition, s keptStatement) error) error {
	if err := by.MayIn(act, id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		ed, k, err := enter(tx, by, act, id)
		if err != nil {
			return err
		}
		if act != actErase && k.over(tx.Now) {
			return k.window(tx.Now)
		}
		s, err := selectStatement(tx, k.contest(), n)
		if err != nil {
			return err
		}
		return do(tx, ed, s)
	})
}

// Admit lets people vote on a statement, by one moderator, not whoever wrote it;
// as the second word on a proposed refusal it says no to it. Errors: Denied;
// NotFound; Closed; Conflict when it was decided meanwhile.
func (d *Desk) Admit(ctx context.Context, by glosa.Actor, id glosa.EditionID, n int) error {
	return d.on(ctx, by, actAdmit, id, n, func(tx *db.Tx, ed edition.Edition, s keptStatement) error {
		switch {
		case s.State == Second:
			return say(tx, ed, by, actAdmit, s, wordAdmit)
		case s.State != Waiting:
			return glosa.Refuse(glosa.Conflict, "op.decided")
		case s.writer != "" && s.writer == by.Human:
			return glosa.Refuse(glosa.Denied, "op.own", "rule", string(actAdmit))
		}
		all, err := selectStatements(tx, s.contest)
		if err == nil && admittedOf(all) >= mostStatements {
			err = glosa.Refuse(glosa.Conflict, "op.full")
		}
		if err != nil {
			return err
		}
		return admit(tx, by, ed.ID, s, "one", []glosa.Code{glosa.Code(by.By())})
	})
}

func admit(tx *db.Tx, by glosa.Actor, ed glosa.EditionID, s keptStatement, why glosa.Code, posts []glosa.Code) error {
	s.State, s.Admitted, s.secondAt = Admitted, tx.Now, time.Time{}
	if err := saveStatement(tx, s); err != nil {
		return err
	}
	return tx.Leave(kAdmitted.Event(by, ed, string(s.contest), admittedBody{N: s.N, Posts: posts, Why: why}))
}

const (
	kindRefuse = "refuse"
	kindErase  = "erase"

	wordAdmit glosa.Code = "admit"

	outAdmitted glosa.Code = "admitted"
	outRefused  glosa.Code = "refused"
	outErased   glosa.Code = "erased"
	outNothing  glosa.Code = "nothing"
)

// Refuse is one person's word for a refusal on a listed ground. The second, of
// another side, decides without seeing it: the same ground refuses, anything else
// admits, and so does silence. Errors: Invalid (field "ground"); Denied; NotFound;
// Closed; Conflict.
func (d *Desk) Refuse(ctx context.Context, by glosa.Actor, id glosa.EditionID, n int, ground glosa.Code) error {
	return d.on(ctx, by, actRefuse, id, n, func(tx *db.Tx, ed edition.Edition, s keptStatement) error {
		if _, listed := ed.Protocol.Ground(ground); !listed {
			return glosa.WrongField("ground", "mo.ground")
		}
		if s.State != Waiting && s.State != Second || s.Sort != Plain {
			return glosa.Refuse(glosa.Conflict, "op.decided")
		}
		return say(tx, ed, by, actRefuse, s, ground)
	})
}

// voiceOf is the actor as one of two sides, with their place today.
func voiceOf(tx *db.Tx, ed edition.Edition, by glosa.Actor, act glosa.Act, word glosa.Code) (voice, error) {
	if !by.OneOfTwo() {
		return voice{}, glosa.Refuse(glosa.Denied, "mo.second", "rule", string(act))
	}
	v := voice{human: by.Human, side: by.Side, post: glosa.Code(by.By()), word: word}
	return v, people.MayActHere(tx, by, act, tx.Now.In(ed.Zone))
}

// say is the first word on a refusal, or the second, which decides.
func say(tx *db.Tx, ed edition.Edition, by glosa.Actor, act glosa.Act, s keptStatement, word glosa.Code) error {
	v, err := voiceOf(tx, ed, by, act, word)
	if err != nil {
		return err
	}
	rounds, err := selectRoundsOf(tx, s.contest, s.N, kindRefuse)
	if err != nil {
		return err
	}
	if s.State == Waiting {
		if err := insertRound(tx, round{contest: s.contest, n: s.N, kind: kindRefuse, round: len(rounds) + 1, first: v}); err != nil {
			return err
		}
		s.State, s.secondAt = Second, ed.Deadline(tx.Now, ed.Protocol.Moderation.Second, nil, nil).Due
		if err := saveStatement(tx, s); err != nil {
			return err
		}
		return tx.Leave(kProposed.Event(by, ed.ID, string(s.contest), numberBody{N: s.N}))
	}
	x := rounds[len(rounds)-1]
	if !by.SecondTo(x.first.human, x.first.side) {
		return glosa.Refuse(glosa.Denied, "mo.second", "rule", string(act))
	}
	x.second, x.outcome = v, outAdmitted
	if x.first.word == v.word {
		x.outcome = outRefused
	}
	if err := closeRound(tx, x); err != nil {
		return err
	}
	posts := []glosa.Code{x.first.post, v.post}
	if x.outcome == outAdmitted {
		return admit(tx, by, ed.ID, s, "no_agreement", posts)
	}
	s.State, s.Ground, s.secondAt = Refused, word, time.Time{}
	if err := saveStatement(tx, s); err != nil {
		return err
	}
	return tx.Leave(kRefused.Event(by, ed.ID, string(s.contest), refusedBody{Ground: word, N: s.N, Posts: posts}))
}

// silence admits what the other side did not speak on in its time, while people vote.
func silence(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	all, err := selectSilent(tx, now, limit)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		rounds, err := selectRoundsOf(tx, s.contest, s.N, kindRefuse)
		if err != nil {
			return done, err
		}
		x := rounds[len(rounds)-1]
		x.outcome = outAdmitted
		if err := closeRound(tx, x); err != nil {
			return done, err
		}
		ed := glosa.EditionID(strings.TrimSuffix(string(s.contest), "-opinion"))
		if err := admit(tx, glosa.System(), ed, s, "no_second", []glosa.Code{x.first.post}); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

// leaveUndecided ends the statements on which nobody decided before the vote, or the
// edition, did: nobody votes on them any more. Their words stay sealed, and their authors can take
// them back.
func leaveUndecided(tx *db.Tx, k keptSet) error {
	all, err := selectStatements(tx, k.contest())
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.State != Waiting && s.State != Second {
			continue
		}
		if err := endRefusal(tx, s); err != nil {
			return err
		}
		s.State, s.secondAt = Lapsed, time.Time{}
		if err := saveStatement(tx, s); err != nil {
			return err
		}
		if err := tx.Leave(kLapsed.Event(glosa.System(), glosa.EditionID(k.edition), k.id, numberBody{N: s.N})); err != nil {
			return err
		}
	}
	return nil
}

// endRefusal closes a proposed refusal that nothing came of.
func endRefusal(tx *db.Tx, s keptStatement) error {
	rounds, err := selectRoundsOf(tx, s.contest, s.N, kindRefuse)
	if err != nil {
		return err
	}
	for _, x := range rounds {
		if !x.closed.IsZero() {
			continue
		}
		x.outcome = outNothing
		if err := closeRound(tx, x); err != nil {
			return err
		}
	}
	return nil
}
