package priority

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/db"
)

// Class is a class of ballots by a public rule: the conditions that are set, all
// of them together. It names no ballot, and looks at nothing but what a ballot
// held, when it came and by which door.
type Class struct {
	Same  int        `json:"same"`  // at least so many ballots of one batch hold exactly what it holds; 0: not asked
	Door  glosa.Code `json:"door"`  // it came by this door; "": not asked
	Batch int        `json:"batch"` // this batch told of it; 0: not asked
}

// The states of an [Exclusion].
const (
	Proposed glosa.Code = "proposed"
	Excluded glosa.Code = "excluded"
	Declined glosa.Code = "declined"
)

// Exclusion is a class that one side proposed to leave out of the count, once the
// window was over and before the agenda was made, and what the other side said.
// Only one that both want excludes anything; one that nobody answered does not,
// so neither side can hold the agenda up.
type Exclusion struct {
	N       int        // from 1
	State   glosa.Code // [Proposed], [Excluded], [Declined]
	Class   Class
	Ballots int    // of the class, in steps of ten: at least so many
	Reason  string // published
	Side    glosa.Side
	By      string
	At      time.Time
	Side2   glosa.Side // the other side, once it answered
	By2     string
	At2     time.Time
	human   glosa.HumanID
}

const reasonMost = 1000 // letters

const actExclude glosa.Act = "priority.exclude"

// check refuses a class that is no rule.
func (c Class) check(criteria Criteria, batches int) error {
	switch {
	case c == Class{}:
		return glosa.WrongField("class", "g.ex.norule")
	case c.Same < 0 || c.Same > 0 && c.Same < voter.Step:
		return glosa.WrongField("same", "g.ex.same")
	case c.Door != "" && !criteria.Counts(c.Door):
		return glosa.WrongField("door", "g.ex.door")
	case c.Batch < 0 || c.Batch > batches:
		return glosa.WrongField("batch", "g.ex.batch")
	}
	return nil
}

// split parts ballots into those that stay and those of the class. Ballots of
// doors that do not count are in no class.
func (c Class) split(criteria Criteria, all []*ballot) (in, out []*ballot) {
	group := func(b *ballot) string {
		var s strings.Builder
		s.WriteString(strconv.Itoa(b.batch))
		for _, q := range b.choices {
			s.WriteString("," + string(q))
		}
		return s.String()
	}
	size := map[string]int{}
	fits := func(b *ballot) bool {
		return criteria.Counts(b.door) && (c.Door == "" || b.door == c.Door) && (c.Batch == 0 || b.batch == c.Batch)
	}
	for _, b := range all {
		if criteria.Counts(b.door) {
			size[group(b)]++
		}
	}
	for _, b := range all {
		if fits(b) && size[group(b)] >= c.Same {
			out = append(out, b)
		} else {
			in = append(in, b)
		}
	}
	return in, out
}

// count is how many ballots a class holds. Invalid below ten, of the class or of
// the ballots that would be left to count: either would show who they are.
func (c Class) count(criteria Criteria, all []*ballot) (int, error) {
	in, out := c.split(criteria, all)
	left := 0
	for _, b := range in {
		if criteria.Counts(b.door) {
			left++
		}
	}
	if len(out) < voter.Step || left < voter.Step {
		return 0, glosa.WrongField("class", "g.ex.few")
	}
	return len(out), nil
}

// Exclude proposes to leave a class of ballots out of the count, with a reason
// that is published. The other side answers with [Desk.AnswerExclusion].
//
// Errors: Denied; NotFound; Closed before the window ends, with Until; Invalid
// naming the field, also when the class holds fewer than ten ballots or leaves
// fewer than ten; Conflict when the agenda is made or picked, or when another
// class waits or was excluded.
func (d *Desk) Exclude(ctx context.Context, by glosa.Actor, id glosa.EditionID, class Class, reason string) (x Exclusion, err error) {
	if err := by.MayIn(actExclude, id); err != nil {
		return x, err
	}
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > reasonMost {
		return x, glosa.WrongField("reason", "g.ex.reason")
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		c, all, err := mayExclude(tx, by, id)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(x Exclusion) bool { return x.State != Declined }) {
			return glosa.Refuse(glosa.Conflict, "g.ex.already", "rule", string(actExclude))
		}
		if err := tellBatch(tx, dueContest{c.Contest, id}, tx.Now, false); err != nil { // the last minutes' ballots; nothing else can come
			return err
		}
		batches, _, err := selectSums(tx, c.Contest)
		if err != nil {
			return err
		}
		if err := class.check(c, batches); err != nil {
			return err
		}
		ballots, err := selectAllStanding(tx, c.Contest)
		if err != nil {
			return err
		}
		n, err := class.count(c, ballots)
		if err != nil {
			return err
		}
		x = Exclusion{N: len(all) + 1, State: Proposed, Class: class, Ballots: n - n%voter.Step, Reason: reason,
			Side: by.Side, By: by.By(), At: tx.Now, human: by.Human}
		if err := insertExclusion(tx, c.Contest, x); err != nil {
			return err
		}
		return tx.Leave(kExclusion.Event(by, id, string(c.Contest), x.body()))
	})
	return x, err
}

// AnswerExclusion is the other side's word on a proposed class: yes excludes it.
// Errors: Denied, also for the side or the human that proposed it; NotFound;
// Closed; Conflict when it was answered or the agenda is made.
func (d *Desk) AnswerExclusion(ctx context.Context, by glosa.Actor, id glosa.EditionID, n int, yes bool) error {
	if err := by.MayIn(actExclude, id); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		c, all, err := mayExclude(tx, by, id)
		if err != nil {
			return err
		}
		if n < 1 || n > len(all) {
			return glosa.Missing("exclusion", strconv.Itoa(n))
		}
		x := all[n-1]
		switch {
		case x.State != Proposed:
			return glosa.Refuse(glosa.Conflict, "g.ex.answered", "rule", string(actExclude))
		case !by.SecondTo(x.human, x.Side):
			return glosa.Refuse(glosa.Denied, "g.ex.second", "rule", string(actExclude))
		}
		kind := kDeclined
		if x.State = Declined; yes {
			x.State, kind = Excluded, kExcluded
		}
		x.Side2, x.By2 = by.Side, by.By()
		if err := updateExclusion(tx, c.Contest, x, by); err != nil {
			return err
		}
		return tx.Leave(kind.Event(by, id, string(c.Contest), x.body()))
	})
}

// mayExclude checks stage, window, side and place, and that there is no agenda yet.
func mayExclude(tx *db.Tx, by glosa.Actor, id glosa.EditionID) (c Criteria, all []Exclusion, err error) {
	ed, err := edition.Enter(tx, by, actExclude, id)
	if err != nil {
		return c, nil, err
	}
	if !by.OneOfTwo() {
		return c, nil, glosa.Refuse(glosa.Denied, "e.403", "rule", string(actExclude))
	}
	if err := people.MayActHere(tx, by, actExclude, tx.Now.In(ed.Zone)); err != nil {
		return c, nil, err
	}
	if end := ed.SupportCloses(); tx.Now.Before(end) {
		e := glosa.Refuse(glosa.Closed, "g.window", "edition", string(id), "rule", string(actExclude))
		e.Until = end
		return c, nil, e
	}
	if c, err = selectContest(tx, id); err != nil {
		return c, nil, err
	}
	if !c.computed() {
		return c, nil, glosa.Refuse(glosa.Conflict, "g.otherway")
	}
	_, err = selectSelection(tx, c.Contest)
	if err == nil {
		return c, nil, glosa.Refuse(glosa.Conflict, "g.done")
	}
	if glosa.KindOf(err) != glosa.NotFound {
		return c, nil, err
	}
	all, err = selectExclusions(tx, c.Contest)
	return c, all, err
}

// splitExcluded parts a contest's ballots by the class that both sides excluded, if any.
func splitExcluded(tx *db.Tx, c Criteria, all []*ballot) (in, out []*ballot, err error) {
	classes, err := selectExclusions(tx, c.Contest)
	for _, x := range classes {
		if x.State == Excluded {
			in, out = x.Class.split(c, all)
			return in, out, err
		}
	}
	return all, nil, err
}

// excluded finds the ballots of the class that the record says both sides excluded.
func (a *auditor) excluded() {
	if a.told.excluded == nil {
		return
	}
	a.out = map[*ballot]bool{}
	_, out := a.told.excluded.Class.split(a.criteria, a.standing)
	for _, b := range out {
		a.out[b] = true
	}
}

// WholeTracker is the name of a ballot's row in the file of all ballots, excluded
// ones too: SHA-256("glosa/tracker/whole/v1" ‖ 0x00 ‖ salt) in hexadecimal. It is
// another than in the file that decides, and the file is for auditors only: nobody
// reads which row was excluded, and by that when and by which door it came.
func WholeTracker(salt glosa.Hash) string {
	h := sha256.Sum256(append([]byte("glosa/tracker/whole/v1\x00"), salt[:]...))
	return hex.EncodeToString(h[:])
}

// whole counts all ballots, with those that were excluded, so that both results
// are kept. It is not shown where fewer than ten rows make the difference.
func (c *computed) whole(tx *db.Tx, a apart) error {
	if c.excluded == 0 {
		return nil
	}
	all := computed{tracker: WholeTracker}
	if _, err := all.rows(tx, a.ed, a.criteria, a.ballots, a.candidates); err != nil {
		return err
	}
	side := storedBeside{of: Whole, state: Few, stored: stored{file: []byte{}, result: json.RawMessage("{}")}}
	if wholeShown(c.ballots, all.ballots) {
		if err := all.decide(a.criteria); err != nil {
			return err
		}
		side.state, side.stored = Computed, all.stored
	}
	c.besides = append(c.besides, side)
	return nil
}

// wholeShown tells whether a count of all rows may be shown beside that of those which
// stay.
func wholeShown(stay, all int) bool {
	differ := all - stay
	return all > 0 && (differ == 0 || differ >= voter.Step) && (stay == 0 || stay >= voter.Step)
}

// apart is a contest's ballots and what turns some of them into another count.
type apart struct {
	ed         edition.Edition
	criteria   Criteria
	ballots    []*ballot // that stand, of all doors
	candidates []question.Candidate
}

func (x Exclusion) body() exclusionBody {
	return exclusionBody{N: x.N, Class: x.Class, Ballots: x.Ballots, Reason: glosa.Digest([]byte(x.Reason))}
}

// foldExclusion says what the tables must have of a class after a side's word.
func foldExclusion(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[exclusionBody](e)
	if err != nil {
		return err
	}
	state := map[string]glosa.Code{kExclusion.Name: Proposed, kExcluded.Name: Excluded, kDeclined.Name: Declined}[e.Kind]
	what := "exclusion." + strconv.Itoa(b.N)
	if l.Word(sortContest, e.Subject, "ballots") != "" {
		l.Fault(what + ": a class of ballots was spoken of after the agenda was made")
	}
	was := l.Word(sortContest, e.Subject, what)
	l.Say(sortContest, e.Subject, what, exclusionWord(state, b.Class, b.Ballots))
	if state == Proposed {
		l.Say(sortContest, e.Subject, "."+what, b.Reason.String())
		l.Say(sortContest, e.Subject, what+".by", e.By)
		l.SayText(sortContest, e.Subject, what+".reason", b.Reason)
		return nil
	}
	if was != exclusionWord(Proposed, b.Class, b.Ballots) || l.Word(sortContest, e.Subject, "."+what) != b.Reason.String() {
		l.Fault(what + answersNone)
	}
	if oneSided(l.Word(sortContest, e.Subject, what+".by"), e.By) {
		l.Fault(what + answersItself)
	}
	l.Say(sortContest, e.Subject, what+".answer", e.By)
	if state == Excluded {
		l.Say(sortContest, e.Subject, ".excluded", "yes")
	}
	return nil
}

// The words for an answer that is none, in fold and audit alike.
const (
	answersNone   = ": the answer is to no class that was proposed with this reason, or to one that was answered"
	answersItself = ": both words are of one side"
)

// oneSided tells whether two words are of one person, or of seats of one side. Of posts
// the leaves here say no side: the database holds their two to it.
func oneSided(a, b string) bool {
	side := func(by string) string {
		if seat, ok := strings.CutPrefix(by, "seat:"); ok {
			side, _, _ := strings.Cut(seat, ":")
			return "seat:" + side
		}
		return by
	}
	return side(a) == side(b)
}

// exclusion takes in a side's word on a class. What answers nothing excludes nothing.
func (o *toldOf) exclusion(e glosa.Event) error {
	b, err := glosa.BodyOf[exclusionBody](e)
	if err != nil {
		return err
	}
	if e.Kind == kExclusion.Name {
		o.proposed = append(o.proposed, proposal{b, e.By})
		return nil
	}
	i := slices.IndexFunc(o.proposed, func(p proposal) bool { return p.body == b })
	what := "exclusion." + strconv.Itoa(b.N)
	switch {
	case i < 0:
		o.Find(LookDoors, what+answersNone)
		return nil
	case oneSided(o.proposed[i].by, e.By):
		o.Find(LookDoors, what+answersItself)
		return nil
	}
	o.proposed = slices.Delete(o.proposed, i, i+1)
	if e.Kind == kExcluded.Name {
		o.excluded = &b
	}
	return nil
}

// proposal is a class that waits for the other side, and who proposed it.
type proposal struct {
	body exclusionBody
	by   string
}

func exclusionWord(state glosa.Code, c Class, ballots int) string {
	return fmt.Sprintf("%s same=%d door=%s batch=%d ballots=%d", state, c.Same, c.Door, c.Batch, ballots)
}

// exclusionOfficials lists the classes that were proposed, with their reasons.
func exclusionOfficials(tx *db.Tx, id glosa.ContestID, s *glosa.Sheet) error {
	all, err := selectExclusions(tx, id)
	for _, x := range all {
		what := "exclusion." + strconv.Itoa(x.N)
		s.Word(what, exclusionWord(x.State, x.Class, x.Ballots))
		s.Word(what+".by", x.By)
		s.Text(what+".reason", x.Reason)
		if x.State != Proposed {
			s.Word(what+".answer", x.By2)
		}
	}
	return err
}
