package priority

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
)

// DoorCount is how many ballots came by a door: the new ones of the batches. A
// change of choices brings none, and a withdrawal takes none away, so it never
// falls: who withdraws and comes again came twice, and who takes a ballot to a
// stronger door came by both.
type DoorCount struct {
	Door glosa.Code `json:"door"`
	Came int        `json:"came"`
}

// DoorsTold is what a daily leaf told: by every door that the contest takes and that
// people could come by, how many ballots came until a batch.
type DoorsTold struct {
	N     int // from 1
	Batch int // the last one that it counts
	Doors []DoorCount
	At    time.Time
}

// All is how many ballots came by all doors together.
func (t DoorsTold) All() (n int) {
	for _, c := range t.Doors {
		n += c.Came
	}
	return n
}

// doorLeast is from how many ballots on anything is told by doors: twice the least
// that may be shown, so that silence never says that a door has fewer than that.
const doorLeast = 2 * voter.Step

// tells is the rule of the daily leaf: all doors or nothing, once each has least
// and one has step more than was told (docs/decisions/0017, with its proof).
func tells(came, told []int, least, step int) bool {
	grown := false
	for i, n := range came {
		if n < least {
			return false
		}
		grown = grown || n-told[i] >= step
	}
	return grown
}

// doors are the doors that a contest takes, from the weakest to the strongest.
func (c Criteria) doors() []glosa.Code {
	return slices.DeleteFunc(voter.Doors(), func(door glosa.Code) bool { return !c.Takes(door) })
}

// open are the doors that a contest takes and by which somebody could come: a door
// that this house never offered would silence the others for nothing. Those by which
// ballots came are among them whatever the house says.
func (c Criteria) open(tx *db.Tx, came map[glosa.Code]int) ([]glosa.Code, error) {
	offered, err := voter.Offered(tx, c.Edition)
	return slices.DeleteFunc(c.doors(), func(door glosa.Code) bool { return !slices.Contains(offered, door) && came[door] == 0 }), err
}

// inOrder sorts counts from the weakest door to the strongest.
func inOrder(all []DoorCount) {
	rank := func(c DoorCount) int { return slices.Index(voter.Doors(), c.Door) }
	slices.SortFunc(all, func(a, b DoorCount) int { return cmp.Compare(rank(a), rank(b)) })
}

// tally counts the fresh ones of some versions by door.
func tally(made []*ballot) (came []DoorCount) {
	by := map[glosa.Code]int{}
	for _, v := range made {
		if v.fresh {
			by[v.door]++
		}
	}
	for door, n := range by {
		came = append(came, DoorCount{door, n})
	}
	inOrder(came)
	return came
}

// tellDoors looks, once a night, whether the doors are told, and tells them. It
// follows a batch, so that what is told is the sum of whole batches.
func tellDoors(tx *db.Tx, c dueContest, now time.Time) error {
	due, err := selectLook(tx, c.contest)
	if err != nil || now.Before(due) {
		return err
	}
	ed, err := edition.Load(tx, c.edition)
	if err != nil {
		return err
	}
	if err := updateLook(tx, c.contest, ed.NextNight(now)); err != nil {
		return err
	}
	next, err := nextDoors(tx, c)
	if err != nil || next.N == 0 {
		return err
	}
	if err := insertDoors(tx, c.contest, next); err != nil {
		return err
	}
	return tx.Leave(kDoors.Event(glosa.System(), c.edition, string(c.contest), doorsBody{N: next.N, Batch: next.Batch, Doors: next.Doors}))
}

// nextDoors is what is to be told now; N is 0 when it is nothing.
func nextDoors(tx *db.Tx, c dueContest) (next DoorsTold, err error) {
	criteria, err := selectContest(tx, c.edition)
	if err != nil {
		return next, err
	}
	by, err := selectCame(tx, c.contest)
	if err != nil {
		return next, err
	}
	all, err := selectDoors(tx, c.contest)
	if err != nil {
		return next, err
	}
	before := map[glosa.Code]int{}
	if len(all) > 0 {
		before = all[len(all)-1].by()
	}
	open, err := criteria.open(tx, by)
	if err != nil {
		return next, err
	}
	var came, told []int
	for _, door := range open {
		came, told = append(came, by[door]), append(told, before[door])
		next.Doors = append(next.Doors, DoorCount{door, by[door]})
	}
	if !tells(came, told, doorLeast, voter.Step) {
		return DoorsTold{}, nil
	}
	next.N = len(all) + 1
	next.Batch, _, err = selectSums(tx, c.contest)
	return next, err
}

func (t DoorsTold) by() map[glosa.Code]int {
	by := map[glosa.Code]int{}
	for _, c := range t.Doors {
		by[c.Door] = c.Came
	}
	return by
}

// Doors lists what the daily leaves of an edition's contest told, in order; none
// while one of its open doors brought fewer than twenty ballots.
func (d *Desk) Doors(ctx context.Context, id glosa.EditionID) (all []DoorsTold, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = selectDoors(tx, ContestOf(id))
		return err
	})
	return all, err
}

// doorsWord is a telling as lists of what is official have it.
func doorsWord(batch int, doors []DoorCount) string {
	words := []string{"batch=" + itoa(batch)}
	for _, c := range doors {
		words = append(words, fmt.Sprintf("%s=%d", c.Door, c.Came))
	}
	return strings.Join(words, " ")
}

// doorOfficials lists what was told of the doors.
func doorOfficials(tx *db.Tx, id glosa.ContestID, s *glosa.Sheet) error {
	all, err := selectDoors(tx, id)
	for _, t := range all {
		s.Word("doors."+itoa(t.N), doorsWord(t.Batch, t.Doors))
	}
	return err
}

// foldDoors says what the tables must have of the doors. Their sum is what the
// batches told to be new; it never falls, and nothing small is told.
func foldDoors(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[doorsBody](e)
	if err != nil {
		return err
	}
	if l.Word(sortContest, e.Subject, "ballots") != "" {
		l.Fault("doors are told after the agenda was made")
	}
	sum := 0
	var came, told []int
	for _, c := range b.Doors {
		note := ".door." + string(c.Door)
		before, _ := strconv.Atoi(l.Word(sortContest, e.Subject, note)) // 0: nothing told, or a restore lost it
		if c.Came < before {
			l.Fault(fmt.Sprintf("by door %s %d ballots came; %d were told before", c.Door, c.Came, before))
		}
		sum += c.Came
		came, told = append(came, c.Came), append(told, before)
		l.Say(sortContest, e.Subject, note, glosa.NumberWord(c.Came))
	}
	if !tells(came, told, doorLeast, voter.Step) {
		l.Fault("doors are told before each has twenty ballots and one ten more than was told")
	}
	// Where a restore lost batches nobody knows the sum any more.
	if fresh, err := strconv.Atoi(l.Word(sortContest, e.Subject, ".came")); err == nil && fresh != sum {
		l.Fault(fmt.Sprintf("%d ballots are told by door; the batches tell of %d new ones", sum, fresh))
	}
	l.Say(sortContest, e.Subject, "doors."+itoa(b.N), doorsWord(b.Batch, b.Doors))
	return nil
}

// cameBy: the counts by door agree with the rows, with the batches, with each other
// and with the rule. A row that stands came by its door; of those that are gone only
// the batches know, and not by which.
func (a *auditor) cameBy() {
	fresh, sum, rows := 0, 0, map[glosa.Code]int{}
	for _, b := range a.Leaves.Batches {
		fresh += b.New
	}
	for _, b := range a.standing {
		if b.batch > 0 {
			rows[b.door]++
		}
	}
	why := ""
	for _, door := range a.criteria.doors() {
		if sum += a.came[door]; rows[door] > a.came[door] {
			why = fmt.Sprintf("by door %s more ballots stand than came by the count kept", door)
		}
	}
	if why == "" && sum != fresh {
		why = fmt.Sprintf("%d ballots came by all doors by the counts kept; the batches tell of %d new ones", sum, fresh)
	}
	a.Look(LookCame, nil, why)
	before := map[glosa.Code]int{}
	for i, t := range a.told.doors {
		a.Look(LookCame, nil, a.doorsWrong(i+1, t, before))
		for _, c := range t.Doors {
			before[c.Door] = c.Came
		}
	}
}

// doorsWrong is what is wrong with the nth leaf of the doors; "" when nothing is. A
// door that it leaves out brought none: its counts add up to all new ballots.
func (a *auditor) doorsWrong(n int, t doorsBody, before map[glosa.Code]int) string {
	fresh, sum, rows := 0, 0, map[glosa.Code]int{}
	for _, b := range a.Leaves.Batches {
		if b.N <= t.Batch {
			fresh += b.New
		}
	}
	for _, b := range a.standing {
		if b.batch > 0 && b.batch <= t.Batch {
			rows[b.door]++
		}
	}
	var came, told []int
	var doors []glosa.Code
	for _, c := range t.Doors {
		sum += c.Came
		came, told, doors = append(came, c.Came), append(told, before[c.Door]), append(doors, c.Door)
		switch {
		case c.Came < before[c.Door]:
			return fmt.Sprintf("leaf %d of the doors tells of fewer ballots by %s than the one before", n, c.Door)
		case c.Came > a.came[c.Door]:
			return fmt.Sprintf("leaf %d of the doors tells of more ballots by %s than came by the count kept", n, c.Door)
		case c.Came < rows[c.Door]:
			return fmt.Sprintf("leaf %d of the doors tells of fewer ballots by %s than stand since then", n, c.Door)
		}
	}
	switch {
	case t.N != n:
		return fmt.Sprintf("leaf %d of the doors stands where leaf %d should", t.N, n)
	case !slices.Equal(doors, slices.DeleteFunc(a.criteria.doors(), func(door glosa.Code) bool { return !slices.Contains(doors, door) })):
		return fmt.Sprintf("leaf %d of the doors tells of a door that this contest does not take, or twice of one", n)
	case sum != fresh:
		return fmt.Sprintf("leaf %d of the doors tells of %d ballots; the batches until then, of %d new ones", n, sum, fresh)
	case !tells(came, told, doorLeast, voter.Step):
		return fmt.Sprintf("leaf %d of the doors was told too early", n)
	}
	return ""
}
