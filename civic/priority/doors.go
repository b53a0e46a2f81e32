package priority

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
)

// DoorCount is how many credentials came by a door with a ballot, each once. A change
// of choices brings none, a withdrawal takes none away, and who goes and comes again
// is still one, so that nobody can fill a door's count alone; it never falls. Who takes
// a ballot to a stronger door came by both.
type DoorCount struct {
	Door glosa.Code `json:"door"`
	Came int        `json:"came"`
}

// DoorsTold is what a daily leaf told: by every door that the contest takes and that
// people could come by, how many credentials came until a batch.
type DoorsTold struct {
	N     int // from 1
	Batch int // the last one that it counts
	Doors []DoorCount
	At    time.Time
}

// All is how many credentials came by all doors together.
func (t DoorsTold) All() (n int) {
	for _, c := range t.Doors {
		n += c.Came
	}
	return n
}

// doorLeast is from how many credentials on anything is told by doors: twice the least
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
// while one of its open doors brought fewer than twenty.
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

// foldDoors says what the tables must have of the doors. Their counts never fall, and
// nothing small is told. Every ballot that stands is of another credential, and each
// credential was new once: their sum lies between what stands and what was ever new.
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
			l.Fault(fmt.Sprintf("by door %s %d credentials came; %d were told before", c.Door, c.Came, before))
		}
		sum += c.Came
		came, told = append(came, c.Came), append(told, before)
		l.Say(sortContest, e.Subject, note, glosa.NumberWord(c.Came))
	}
	if !tells(came, told, doorLeast, voter.Step) {
		l.Fault("doors are told before each has twenty ballots and one ten more than was told")
	}
	// Where a restore lost batches nobody knows the sums any more.
	fresh, err := strconv.Atoi(l.Word(sortContest, e.Subject, ".came"))
	stand, _ := strconv.Atoi(l.Word(sortContest, e.Subject, ".stand")) // known with the other
	switch {
	case err != nil:
	case l.Word(sortContest, e.Subject, "batch."+itoa(b.Batch)) == "" || l.Word(sortContest, e.Subject, "batch."+itoa(b.Batch+1)) != "":
		l.Fault(fmt.Sprintf("doors are told until batch %d, which is not the last one", b.Batch))
	case sum > fresh:
		l.Fault(fmt.Sprintf("%d credentials are told by door; the batches tell of %d new ballots", sum, fresh))
	case sum < stand:
		l.Fault(fmt.Sprintf("%d credentials are told by door; by the batches %d ballots stand", sum, stand))
	}
	l.Say(sortContest, e.Subject, "doors."+itoa(b.N), doorsWord(b.Batch, b.Doors))
	return nil
}

// cameBy: whoever has a ballot is among those who came, by its door and no later; no
// more came with a batch than it tells of; and every leaf of the doors tells exactly
// them. Of whom nothing stands any more the room alone says the door: as many
// as went, and not one more.
func (a *auditor) cameBy() {
	for _, b := range a.standing {
		if b.batch == 0 {
			continue
		}
		r, why := a.row(b), ""
		if came, ok := a.came[b.key]; !ok || came.door != b.door || came.batch > b.batch {
			why = "its credential is not among those that came, or not so early, or not so"
		}
		a.Look(LookCame, &r, why)
	}
	first, all := map[int]int{}, 0
	for _, c := range a.came {
		first[c.batch]++
	}
	for _, b := range a.Leaves.Batches {
		why := ""
		if all += first[b.N]; first[b.N] > b.New {
			why = fmt.Sprintf("%d credentials are kept as having come with batch %d first; it tells of %d new ballots", first[b.N], b.N, b.New)
		}
		a.Look(LookCame, nil, why)
	}
	why := ""
	if all != len(a.came) {
		why = "credentials are kept as having come with a batch of which the record was not told"
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
// door that it leaves out brought none.
func (a *auditor) doorsWrong(n int, t doorsBody, before map[glosa.Code]int) string {
	by := map[glosa.Code]int{}
	for _, c := range a.came {
		if c.batch <= t.Batch {
			by[c.door]++
		}
	}
	var came, told []int
	var doors []glosa.Code
	for _, c := range t.Doors {
		came, told, doors = append(came, c.Came), append(told, before[c.Door]), append(doors, c.Door)
		switch {
		case c.Came > by[c.Door]:
			return fmt.Sprintf("leaf %d of the doors tells of more credentials by %s than came until batch %d", n, c.Door, t.Batch)
		case c.Came < by[c.Door]:
			return fmt.Sprintf("leaf %d of the doors tells of fewer credentials by %s than came until batch %d", n, c.Door, t.Batch)
		}
	}
	for _, door := range slices.Sorted(maps.Keys(by)) {
		if !slices.Contains(doors, door) {
			return fmt.Sprintf("leaf %d of the doors leaves out one by which somebody came", n)
		}
	}
	switch {
	case t.N != n:
		return fmt.Sprintf("leaf %d of the doors stands where leaf %d should", t.N, n)
	case !slices.Equal(doors, slices.DeleteFunc(a.criteria.doors(), func(door glosa.Code) bool { return !slices.Contains(doors, door) })):
		return fmt.Sprintf("leaf %d of the doors tells of a door that this contest does not take, or twice of one", n)
	case !tells(came, told, doorLeast, voter.Step):
		return fmt.Sprintf("leaf %d of the doors was told too early", n)
	}
	return ""
}
