package priority_test

import (
	"bytes"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/priority"
	"glosa/db"
)

// The two sides of an exclusion.
var (
	civilSide   = glosa.Actor{Human: "h-facilitator", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Facilitator}}
	stateSide   = glosa.Actor{Human: "h-state", Side: glosa.Government, Roles: []glosa.Role{glosa.Moderator}}
	sameOnState = glosa.Actor{Human: "h-facilitator", Side: glosa.Government, Roles: []glosa.Role{glosa.Moderator}}
)

// stuffed is an edition whose window is over: fifty ballots of two questions each
// over 69 questions, and in a later batch thirty with one set of two. It returns
// what the thirty, and the others, took home.
func (w *town) stuffed() (q []glosa.QuestionID, stuffed, others []priority.Receipt) {
	w.t.Helper()
	w.openIntake()
	q = w.asked(71)
	for i := range 50 {
		others = append(others, w.support(w.device(), q[i], q[(i+1)%69]))
	}
	w.at(w.clock.Now().Add(20 * 60e9))
	for range 30 {
		stuffed = append(stuffed, w.support(w.device(), q[69], q[70]))
	}
	for i := range 3 { // in the same batch, of no set
		others = append(others, w.support(w.device(), q[i], q[40+i]))
	}
	w.closeIntake()
	w.at(w.now().SupportCloses())
	return q, stuffed, others
}

// TestTwoSidesExcludeAClass: the agenda follows from the other ballots, the result
// over all is kept beside with its own file, and the record, the audit and the
// voters' own checks agree.
func TestTwoSidesExcludeAClass(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		_, stuffed, others := w.stuffed()
		x, err := w.Exclude(w.ctx, civilSide, ed, priority.Class{Same: 20}, " Llegaron juntas. (SINTÉTICO) ")
		w.ok(err)
		if x.N != 1 || x.Ballots != 30 || x.Reason != "Llegaron juntas. (SINTÉTICO)" {
			t.Errorf("%+v", x)
		}
		_, err = w.Exclude(w.ctx, stateSide, ed, priority.Class{Batch: 1}, "Otra.")
		w.is(glosa.Conflict, err) // one at a time
		w.is(glosa.Denied, w.AnswerExclusion(w.ctx, civilSide, ed, 1, true))
		w.is(glosa.Denied, w.AnswerExclusion(w.ctx, sameOnState, ed, 1, true))
		w.is(glosa.NotFound, w.AnswerExclusion(w.ctx, stateSide, ed, 2, true))
		w.ok(w.AnswerExclusion(w.ctx, stateSide, ed, 1, true))
		w.is(glosa.Conflict, w.AnswerExclusion(w.ctx, stateSide, ed, 1, false))

		a, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		if a.Excluded != 30 || a.Ballots != len(others) || len(a.Classes) != 1 || a.Classes[0].State != priority.Excluded || a.Classes[0].Side2 != glosa.Government {
			t.Errorf("%d excluded, %d counted, %+v", a.Excluded, a.Ballots, a.Classes)
		}
		var b priority.Beside
		for _, b = range a.Beside {
			if b.Of == priority.Whole {
				break
			}
		}
		if b.Of != priority.Whole || b.State != priority.Computed || b.Ballots != len(others)+30 || !b.Differs() {
			t.Fatalf("%+v", b)
		}
		rowsApart(t, w, stuffed, others)
		toldAlike(t, w, 3)
		if au := w.audit(); !au.OK() || au.Rows != len(others) {
			t.Errorf("%+v", au)
		}
		if n := len(w.events("priority.exclusion_proposed")) + len(w.events("priority.excluded")); n != 2 {
			t.Errorf("%d events", n)
		}
		_, err = w.Exclude(w.ctx, civilSide, ed, priority.Class{Same: 20}, "Tarde.")
		w.is(glosa.Conflict, err)
		_, err = w.db.Settled(w.ctx)
		w.ok(err)
		w.auditFindsAnotherClass()
	})
}

// rowsApart: the excluded have a row in the file of all, and none in the one that
// decides; no row has one name in both. Their receipts say that they were excluded.
func rowsApart(t *testing.T, w *town, stuffed, others []priority.Receipt) {
	t.Helper()
	file, err := w.File(w.ctx, ed)
	w.ok(err)
	whole, _, err := w.BesideFile(w.ctx, ed, priority.Whole)
	w.ok(err)
	sheet, err := priority.ReadSheet(file)
	w.ok(err)
	told := w.told()
	for i, rc := range append(stuffed[:30:30], others...) {
		counts, want := i >= 30, priority.OwnExcluded
		if counts {
			want = priority.OwnCounted
		}
		if bytes.Contains(file, []byte(rc.Tracker)) != counts || bytes.Contains(whole, []byte(rc.Tracker)) || !bytes.Contains(whole, []byte(priority.WholeTracker(rc.Salt()))) {
			t.Fatalf("ballot %d has not the rows that it must have", i)
		}
		own, err := told.Own(rc.Object(), rc.Salt(), priority.PromiseCast, sheet)
		if err != nil || own.State != want || own.Proof {
			t.Fatalf("ballot %d: %+v %v, want %s", i, own, err, want)
		}
	}
}

// auditFindsAnotherClass: a record that was told of another class, or of none, agrees no more.
func (w *town) auditFindsAnotherClass() {
	w.t.Helper()
	evs, err := w.db.Line().After(w.ctx, 0, 100000)
	w.ok(err)
	told := &priority.Told{}
	for _, e := range evs {
		if e.Public && e.Kind != "priority.excluded" {
			w.ok(told.Leaf(e))
		}
	}
	a, err := w.Audit(w.ctx, ed, told)
	w.ok(err)
	if a.OK() {
		w.t.Error("the audit does not see that nobody excluded these ballots")
	}
}

// TestWhatIsNoClass: nothing is excluded by a rule that is none, that holds fewer
// than ten ballots or leaves fewer, without a reason, too early, or by one side.
func TestWhatIsNoClass(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		_, err := w.Exclude(w.ctx, civilSide, ed, priority.Class{Same: 10}, "Pronto.")
		w.is(glosa.Closed, err)
		q := w.asked(2)
		for range 12 {
			w.support(w.device(), q[0])
		}
		for range 9 {
			w.support(w.device(), q[1])
		}
		w.closeIntake()
		_, err = w.Exclude(w.ctx, civilSide, ed, priority.Class{Same: 10}, "Pronto.")
		w.is(glosa.Closed, err) // the window is longer than the intake
		w.at(w.now().SupportCloses())
		for name, c := range map[string]struct {
			class  priority.Class
			reason string
		}{"NoRule": {priority.Class{}, "r"}, "NineAlike": {priority.Class{Same: 9}, "r"}, "NineLeft": {priority.Class{Same: 12}, "r"}, "NoneLeft": {priority.Class{Door: "device"}, "r"},
			"NoneSuch": {priority.Class{Same: 13}, "r"}, "NoSuchDoor": {priority.Class{Door: "code"}, "r"}, "NoSuchBatch": {priority.Class{Batch: 99}, "r"},
			"NoReason": {priority.Class{Same: 10}, " "}, "ALongReason": {priority.Class{Same: 10}, strings.Repeat("ñ", 1001)}} {
			if _, err := w.Exclude(w.ctx, civilSide, ed, c.class, c.reason); glosa.KindOf(err) != glosa.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = w.Exclude(w.ctx, selector, ed, priority.Class{Same: 10}, "r")
		w.is(glosa.Denied, err)
		if n := len(w.events("priority.exclusion_proposed")); n != 0 {
			t.Errorf("%d proposals", n)
		}
	})
}

// TestOneSideExcludesNothing: a class that waits, or that the other side declined,
// changes no agenda; after a refusal another can be proposed.
func TestOneSideExcludesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		_, stuffed, others := w.stuffed()
		_, err := w.Exclude(w.ctx, stateSide, ed, priority.Class{Same: 20}, "Llegaron juntas.")
		w.ok(err)
		w.ok(w.AnswerExclusion(w.ctx, civilSide, ed, 1, false))
		x, err := w.Exclude(w.ctx, civilSide, ed, priority.Class{Same: 10, Door: "device", Batch: 2}, "Llegaron juntas.")
		w.ok(err)
		if x.N != 2 || x.Ballots != 30 {
			t.Errorf("%+v", x)
		}
		if err := w.db.Act(w.ctx, func(tx *db.Tx) error {
			_, err := tx.Exec("update priority_exclusion set state = 'excluded', human2 = 'h-other', side2 = 'civil' where n = 2")
			return err
		}); err == nil {
			t.Error("the database lets one side be both")
		}
		if err := w.db.Act(w.ctx, func(tx *db.Tx) error {
			_, err := tx.Exec("update priority_exclusion set state = 'excluded', human2 = human, side2 = 'government' where n = 2")
			return err
		}); err == nil {
			t.Error("the database lets one human be both")
		}
		a, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		if a.Excluded != 0 || a.Ballots != len(stuffed)+len(others) || len(a.Classes) != 2 || a.Classes[0].State != priority.Declined || a.Classes[1].State != priority.Proposed {
			t.Errorf("%d excluded, %d counted, %+v", a.Excluded, a.Ballots, a.Classes)
		}
		_, _, err = w.BesideFile(w.ctx, ed, priority.Whole)
		w.is(glosa.NotFound, err)
		toldAlike(t, w, 0)
		if au := w.audit(); !au.OK() {
			t.Errorf("%+v", au.Findings)
		}
	})
}
