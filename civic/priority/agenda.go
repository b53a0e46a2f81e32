package priority

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
	"glosa/method/shares"
)

// Status is where a contest stands.
type Status string

const (
	Unfrozen Status = "unfrozen"
	Frozen   Status = "frozen"   // the criteria are public, the intake is not open
	Open     Status = "open"     // ballots are taken
	Ended    Status = "closed"   // the window is over, the agenda is not made
	Held     Status = "held"     // the edition is postponed or cancelled: no ballots, and no agenda yet
	Decided  Status = "selected" // the agenda stands
)

// Agenda is an edition's contest as pages show it.
type Agenda struct {
	Edition  glosa.EditionID
	Contest  glosa.ContestID
	Status   Status
	Criteria Criteria
	Digest   glosa.Hash // of the criteria
	FrozenAt time.Time
	Opens    time.Time // when ballots are taken, as planned or as it was
	Closes   time.Time
	Classes  []Exclusion // that were proposed to be left out, in order

	// From here on only when Status is Decided.
	Chosen               []Place
	Missed               []Missed
	Used                 int    // minutes
	Share                string // minutes each ballot had in the end: "p/q"
	Ballots              int    // rows of the published file
	Outside              int    // ballots that stood and have no row there, and were not excluded
	Void                 int    // of them, counting ones none of whose questions still stood; -1 where it is not told
	Apart                int    // of them, those of doors that do not count; -1 where it is not told
	Excluded             int    // ballots of a class that both sides excluded
	Coverage             Coverage
	FileSize, ResultSize int64      // bytes
	Computed             bool       // by the rule; else an outside selector picked it, and Fair says nothing
	Fair                 bool       // EJR+ holds: no group large enough to deserve a further question was left without one
	Unfair               string     // the question that a group deserved, when it does not hold
	Input                glosa.Hash // SHA-256 of the published file
	Result               glosa.Hash // SHA-256 of the result as [Desk.Result] serves it
	Software             glosa.Code
	By                   string     // who set it off
	Side                 glosa.Side // for which side
	FreeOn               people.Day // the day on which they held nothing in government, by the register; "" where it was not asked
	At                   time.Time
	Beside               []Beside // the same ballots counted otherwise, for comparison; none where a selector picked
}

// Place is a question on the agenda, and who paid for it.
type Place struct {
	Question   glosa.QuestionID
	N          int // place, from 1
	Minutes    int
	Supporters int
	Paid       bool   // by shares; else it filled minutes that were left, by number of supporters
	Price      string // minutes that a supporter paid at most: "p/q"
	Full       int    // supporters who paid the price
	Rest       int    // supporters who paid all they had left
	RestPaid   string // minutes those paid together
}

// Missed is a question that did not get onto the agenda.
type Missed struct {
	Question   glosa.QuestionID
	Minutes    int
	Supporters int
	Reason     glosa.Code // no-support, too-dear, spent, no-room; not-picked
	Left       string     // minutes its supporters had left together
	Short      int        // minutes it fell short by, rounded up
}

// Coverage compares the rule with the raw count: ballots with at least one
// chosen question, of all ballots.
type Coverage struct{ Of, Rule, Raw int }

// Selection is an agenda for later rooms.
type Selection struct {
	Contest glosa.ContestID
	Chosen  []glosa.QuestionID // by place
	Minutes int                // each
	At      time.Time
}

// SelectionOf is the agenda of a contest. NotFound until it is made.
func SelectionOf(tx *db.Tx, contest glosa.ContestID) (Selection, error) {
	s, err := selectSelection(tx, contest)
	if err != nil {
		return Selection{}, err
	}
	res, err := s.read()
	if err != nil {
		return Selection{}, err
	}
	out := Selection{Contest: contest, At: s.at}
	for _, r := range res.Rounds {
		out.Chosen, out.Minutes = append(out.Chosen, glosa.QuestionID(r.ID)), int(r.Cost)
	}
	return out, nil
}

func (s stored) read() (res shares.Result, err error) {
	return res, json.Unmarshal(s.result, &res)
}

// ours is what the memo of this room is read from.
var ours = []string{"priority", "edition"}

// contest is an agenda as the rows have it; its status may still move by the clock.
type contest struct {
	agenda Agenda
	ed     edition.Edition
}

// Agenda is an edition's contest as it stands. NotFound when there is no such edition.
func (d *Desk) Agenda(ctx context.Context, id glosa.EditionID) (Agenda, error) {
	c, err := d.contests.Read(ctx, d.DB, id, ours, func(tx *db.Tx) (contest, error) { return contestIn(tx, id) })
	a := c.at(d.DB.Clock().Now())
	a.Chosen, a.Missed, a.Beside, a.Classes = slices.Clone(a.Chosen), slices.Clone(a.Missed), slices.Clone(a.Beside), slices.Clone(a.Classes)
	return a, err
}

func agenda(tx *db.Tx, id glosa.EditionID) (Agenda, error) {
	c, err := contestIn(tx, id)
	return c.at(tx.Now), err
}

func contestIn(tx *db.Tx, id glosa.EditionID) (c contest, err error) {
	if c.ed, err = edition.Load(tx, id); err != nil {
		return contest{}, err
	}
	a := Agenda{Edition: id, Contest: ContestOf(id), Status: Unfrozen,
		Opens: c.ed.Plan.Begins(edition.IntakeOpen), Closes: c.ed.SupportCloses()}
	a.Criteria, a.Digest, a.FrozenAt, err = selectFrozen(tx, id)
	if glosa.KindOf(err) == glosa.NotFound {
		c.agenda = a
		return c, nil
	}
	if err != nil {
		return contest{}, err
	}
	a.Status = Frozen
	if a.Classes, err = selectExclusions(tx, a.Contest); err != nil {
		return contest{}, err
	}
	s, err := selectSelection(tx, a.Contest)
	if glosa.KindOf(err) == glosa.NotFound {
		c.agenda = a
		return c, nil
	}
	if err == nil {
		err = a.fill(s)
	}
	var besides []storedBeside
	if err == nil {
		besides, err = selectBesides(tx, a.Contest)
	}
	if err == nil && a.Computed {
		err = a.besidesOf(besides)
	}
	c.agenda = a
	return c, err
}

// at is the agenda at an instant: whether ballots are taken is the clock's to say.
func (c contest) at(now time.Time) Agenda {
	a := c.agenda
	if a.Status == Frozen {
		switch stage := c.ed.StageAt(now); {
		case stage == edition.Postponed || stage == edition.Cancelled:
			a.Status = Held
		case windowUntil(c.ed, a.Closes, now) == nil:
			a.Status = Open
		case c.ed.Reached(edition.IntakeOpen):
			a.Status = Ended
		}
	}
	return a
}

func (a *Agenda) fill(s stored) error {
	res, err := s.read()
	if err != nil {
		return err
	}
	a.Status, a.Used, a.Share = Decided, int(res.Cost), res.Share
	o := a.Criteria.outside(s.void, s.apart)
	a.Ballots, a.Outside, a.Void, a.Apart, a.Excluded = s.ballots, o.all, o.void, o.apart, s.excluded
	a.Coverage = Coverage{Of: s.ballots, Rule: s.covered, Raw: s.coveredRaw}
	a.Input, a.Result, a.Software, a.By, a.At = s.input, s.digest, s.software, s.by, s.at
	a.FileSize, a.ResultSize = s.fileSize, int64(len(s.result))
	a.Side, a.FreeOn = s.side, s.freeOn
	a.Computed = a.Criteria.computed()
	if a.Fair = a.Computed && res.EJR.Holds; res.EJR.Witness != nil {
		a.Unfair = res.EJR.Witness.ID
	}
	for i, r := range res.Rounds {
		a.Chosen = append(a.Chosen, Place{Question: glosa.QuestionID(r.ID), N: i + 1, Minutes: int(r.Cost), Supporters: int(r.Supporters),
			Paid: r.Step == shares.EqualShares, Price: r.Price, Full: int(r.Full), Rest: int(r.Rest), RestPaid: r.RestPaid})
	}
	for _, m := range res.Missed {
		a.Missed = append(a.Missed, Missed{Question: glosa.QuestionID(m.ID), Minutes: int(m.Cost), Supporters: int(m.Supporters),
			Reason: glosa.Code(m.Reason), Left: m.Left, Short: int(m.Short)})
	}
	return nil
}

// File is the published .pb file of an edition's agenda. NotFound until it is made.
func (d *Desk) File(ctx context.Context, id glosa.EditionID) (file []byte, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		file, err = selectFile(tx, ContestOf(id))
		return err
	})
	return file, err
}

// Result is the outcome as method/shares gave it, the bytes whose digest stands
// in the record. NotFound until it is made.
func (d *Desk) Result(ctx context.Context, id glosa.EditionID) (js []byte, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := selectSelection(tx, ContestOf(id))
		js = s.result
		return err
	})
	return js, err
}
