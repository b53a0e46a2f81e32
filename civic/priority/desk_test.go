package priority_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/db"
	"glosa/db/dbtest"
)

var schemas = []db.Schema{edition.Schema(), people.Schema(), question.Schema(), voter.Schema(), intake.Schema(), priority.Schema()}

const ed glosa.EditionID = "demo26"

var (
	facilitator = glosa.Actor{Human: "h-facilitator", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Facilitator}}
	moderator   = glosa.Actor{Human: "h-moderator", Side: glosa.Civil, Seat: 2, Roles: []glosa.Role{glosa.Moderator}}
	selector    = glosa.Actor{Human: "h-selector", Side: glosa.Observatory, Seat: 1, Roles: []glosa.Role{glosa.Selector}}
)

// keys are an edition's keys, made from its name: tests only.
type keys struct{}

func (keys) EditionKey(id glosa.EditionID) ([32]byte, error) { return sha256.Sum256([]byte(id)), nil }
func (keys) Destroy(glosa.EditionID) error                   { return nil }

// town is a house with an edition in it, and its cast.
type town struct {
	t        testing.TB
	ctx      context.Context
	db       *db.DB
	clock    *glosa.FakeClock
	edition  *edition.Desk
	question *question.Desk
	voter    *voter.Desk
	*priority.Desk
	opens map[glosa.QuestionID]string // the key of each question
}

func newTown(t testing.TB, d *db.DB, clock *glosa.FakeClock) *town {
	promise := func(kind glosa.Code, commit glosa.Hash, at time.Time) ([]byte, time.Time, error) {
		return []byte(string(kind) + " " + commit.String()), at.Add(time.Hour), nil
	}
	w := &town{t: t, ctx: t.Context(), db: d, clock: clock, opens: map[glosa.QuestionID]string{},
		edition:  &edition.Desk{DB: d, Gates: []edition.Gate{priority.Gate}, Dues: []edition.Due{priority.Due()}},
		question: &question.Desk{DB: d, Promise: promise, Safe: people.NewSafe([32]byte{1})},
		voter:    &voter.Desk{Keys: keys{}},
		Desk:     &priority.Desk{DB: d, Keys: keys{}, Promise: promise, Software: "glosa-test"}}
	ref, err := people.ShippedReference("23")
	w.ok(err)
	w.ok((&people.Desk{DB: d}).Load(w.ctx, glosa.Admin(), ref))
	w.ok(w.edition.Found(w.ctx, facilitator, edition.Founding{ID: ed, Series: "demo", Number: 2, Name: "Demostración 2026",
		Code: "DEMO26", Protocol: w.rules(), Session: clock.Now().AddDate(0, 0, 90), Synthetic: true}))
	return w
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v (%T)", err, err)
	}
}

func (w *town) is(kind glosa.Kind, err error) {
	w.t.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		w.t.Fatalf("error %v, want %v", err, kind)
	}
}

// at moves the clock to an instant and lets it do what is due.
func (w *town) at(when time.Time) {
	w.t.Helper()
	w.clock.Set(when)
	_, err := w.edition.Tick(w.ctx)
	w.ok(err)
}

func (w *town) now() edition.Edition {
	w.t.Helper()
	e, err := w.edition.Get(w.ctx, ed)
	w.ok(err)
	return e
}

// protocol changes the protocol of the draft.
func (w *town) protocol(change func(string) string) {
	w.t.Helper()
	_, err := w.edition.Plan(w.ctx, facilitator, ed, w.now().Session, []byte(change(string(w.rules()))))
	w.ok(err)
}

// rules are those of the demonstration, but for the doors: devices alone count.
func (w *town) rules() []byte {
	w.t.Helper()
	text, err := edition.Template("demo26")
	w.ok(err)
	return bytes.Replace(text, []byte("counting_doors: [device, code]"), []byte("counting_doors: [device]"), 1)
}

// openIntake goes from the draft to the open intake.
func (w *town) openIntake() {
	w.t.Helper()
	w.at(w.now().Plan.On(edition.Called))
	w.advance()
	_, err := w.Freeze(w.ctx, facilitator, ed)
	w.ok(err)
	w.ok(w.edition.Freeze(w.ctx, facilitator, ed))
	w.at(w.now().Plan.On(edition.ReportPublished))
	w.advance()
	w.at(w.now().Plan.On(edition.IntakeOpen).Add(time.Minute))
	if s := w.now().Stage; s != edition.IntakeOpen {
		w.advance()
	}
}

// closeIntake goes to the end of the intake, where supports still count.
func (w *town) closeIntake() {
	w.t.Helper()
	w.at(w.now().Plan.On(edition.IntakeClosed))
	if s := w.now().Stage; s != edition.IntakeClosed {
		w.t.Fatalf("the intake is still %s", s)
	}
}

func (w *town) advance() {
	w.t.Helper()
	_, err := w.edition.Advance(w.ctx, facilitator, ed)
	w.ok(err)
}

// asked is n questions, admitted.
func (w *town) asked(n int) (ids []glosa.QuestionID) {
	w.t.Helper()
	for i := range n {
		rc, err := w.question.Submit(w.ctx, glosa.Citizen(), ed, question.Ask{Text: fmt.Sprintf("¿Pregunta de prueba %d?", i), Municipality: "23005"})
		w.ok(err)
		w.ok(w.question.Admit(w.ctx, moderator, rc.ID))
		w.opens[rc.ID] = rc.Key
		ids = append(ids, rc.ID)
	}
	return ids
}

func (w *town) device() voter.Credential {
	w.t.Helper()
	token, err := w.voter.NewDevice()
	w.ok(err)
	v, err := w.voter.DeviceOf(token)
	w.ok(err)
	return v
}

func (w *town) support(v voter.Credential, ids ...glosa.QuestionID) (rc priority.Receipt) {
	w.t.Helper()
	for _, id := range ids {
		var err error
		rc, err = w.Support(w.ctx, glosa.Citizen(), v, id, [16]byte{})
		w.ok(err)
	}
	return rc
}

// events are the public events of some kind, in order.
func (w *town) events(kind string) (all []glosa.Event) {
	w.t.Helper()
	_, err := w.db.Settled(w.ctx)
	w.ok(err)
	evs, err := w.db.Line().After(w.ctx, 0, 100000)
	w.ok(err)
	for _, e := range evs {
		if e.Kind == kind {
			all = append(all, e)
		}
	}
	return all
}

func each(t *testing.T, body func(t *testing.T, w *town)) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) { body(t, newTown(t, d, clock)) })
}

func TestCriteria(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		_, err := w.Freeze(w.ctx, facilitator, ed)
		w.is(glosa.Closed, err) // a draft: nobody was called yet
		w.at(w.now().Plan.On(edition.Called))
		w.advance()
		_, err = w.Freeze(w.ctx, selector, ed)
		w.is(glosa.Denied, err)
		c, err := w.Freeze(w.ctx, facilitator, ed)
		w.ok(err)
		if c.Minutes != 480 || c.PerQuestion != 8 || c.Choices != 10 || !slices.Equal(c.Counting, []glosa.Code{"device"}) {
			t.Errorf("criteria %+v", c)
		}
		_, err = w.Freeze(w.ctx, facilitator, ed)
		w.is(glosa.Conflict, err)
		a, err := w.Agenda(w.ctx, ed)
		w.ok(err)
		js, err := glosa.JCS(a.Criteria)
		w.ok(err)
		if a.Status != priority.Frozen || a.Digest != glosa.Digest(js) || len(w.events("priority.frozen")) != 1 {
			t.Errorf("agenda %+v", a)
		}
	})
}

func TestIntakeWaitsForTheCriteria(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		for _, c := range []struct {
			to   edition.Stage
			want int
		}{{edition.Called, 0}, {edition.IntakeOpen, 1}, {edition.Selected, 1}, {edition.InSession, 0}} {
			w.ok(w.db.Read(w.ctx, func(tx *db.Tx) error {
				missing, err := priority.Gate(tx, w.now(), c.to)
				if len(missing) != c.want {
					t.Errorf("to %s: %v", c.to, missing)
				}
				return err
			}))
		}
	})
}

func TestSupport(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		dev := w.device()
		_, err := w.voter.DeviceOf("made-up")
		w.is(glosa.Denied, err)
		w.openIntake()
		q := w.asked(12)

		rc := w.support(dev, q[0])
		commit, err := glosa.Commit(glosa.Salt(rc.SaltServer, rc.SaltDevice), rc.Object())
		w.ok(err)
		if commit != rc.Commit || rc.Tracker != voter.Tracker(glosa.Salt(rc.SaltServer, rc.SaltDevice)) ||
			!strings.HasSuffix(string(rc.Promise), rc.Commit.String()) {
			t.Errorf("the receipt does not prove itself: %+v", rc)
		}
		if again := w.support(dev, q[0]); again.Commit != rc.Commit {
			t.Error("supporting twice made another ballot")
		}
		w.support(dev, q[1:10]...)
		_, err = w.Support(w.ctx, glosa.Citizen(), dev, q[10], [16]byte{})
		w.is(glosa.Invalid, err) // ten are on it
		_, err = w.Support(w.ctx, glosa.Citizen(), dev, "DEMO26-9999-X", [16]byte{})
		w.is(glosa.NotFound, err)
		own, err := w.Own(w.ctx, dev, ed)
		w.ok(err)
		if len(own.Choices) != 10 {
			t.Errorf("own ballot %v", own.Choices)
		}
		yes, err := w.Supports(w.ctx, dev, q[3])
		w.ok(err)
		no, err := w.Supports(w.ctx, dev, q[11])
		w.ok(err)
		if !yes || no {
			t.Errorf("supports %v, %v", yes, no)
		}
		for _, id := range q[:10] {
			rc, err = w.Unsupport(w.ctx, glosa.Citizen(), dev, id, [16]byte{})
			w.ok(err)
		}
		if len(rc.Choices) != 0 || rc.Promise != nil {
			t.Errorf("an empty ballot has a receipt: %+v", rc)
		}
		_, err = w.Unsupport(w.ctx, glosa.Citizen(), dev, q[0], [16]byte{})
		w.ok(err) // nothing there: nothing changes
		w.support(dev, q[11])
	})
}

func TestNotPublishedTakesNoSupport(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		rc, err := w.question.Submit(w.ctx, glosa.Citizen(), ed, question.Ask{Text: "¿Una pregunta en revisión?", Municipality: "23005"})
		w.ok(err)
		_, err = w.Support(w.ctx, glosa.Citizen(), w.device(), rc.ID, [16]byte{})
		w.is(glosa.Conflict, err) // once it is admitted, it can be supported
	})
}

func TestWindow(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q, dev := w.asked(1), w.device()
		w.closeIntake()
		closes := w.now().SupportCloses()
		w.at(closes.Add(-time.Second))
		w.support(dev, q[0]) // the intake is over, the window is not
		_, err := w.Select(w.ctx, selector, ed)
		w.is(glosa.Closed, err)
		w.at(closes)
		_, err = w.Support(w.ctx, glosa.Citizen(), dev, q[0], [16]byte{})
		w.is(glosa.Closed, err)
		_, err = w.Unsupport(w.ctx, glosa.Citizen(), dev, q[0], [16]byte{})
		w.is(glosa.Closed, err)
	})
}

func TestBatches(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q := w.asked(3)
		var commits []glosa.Hash
		devs := make([]voter.Credential, 12)
		for i := range devs {
			devs[i] = w.device()
			commits = append(commits, w.support(devs[i], q[0]).Commit)
		}
		if s, err := w.Supporters(w.ctx, ed); err != nil || len(s) != 0 {
			t.Errorf("counts moved before their batch: %v %v", s, err)
		}
		w.at(w.clock.Now().Add(20 * time.Minute))
		s, err := w.Supporters(w.ctx, ed)
		w.ok(err)
		if s[q[0]] != 12 {
			t.Errorf("shown %v", s)
		}
		first := w.support(devs[0], q[1]).Commit // changes the ballot
		_, err = w.Unsupport(w.ctx, glosa.Citizen(), devs[1], q[0], [16]byte{})
		w.ok(err)
		w.at(w.clock.Now().Add(20 * time.Minute))
		batches, err := w.Batches(w.ctx, priority.ContestOf(ed))
		w.ok(err)
		if len(batches) != 2 {
			t.Fatalf("%d batches", len(batches))
		}
		if b := batches[0]; b.New != 12 || b.Changed != 0 || b.Withdrawn != 0 {
			t.Errorf("first batch %+v", b)
		}
		if b := batches[1]; b.New != 0 || b.Changed != 1 || b.Withdrawn != 1 {
			t.Errorf("second batch %+v", b)
		}
		list, err := w.Batch(w.ctx, priority.ContestOf(ed), 1)
		w.ok(err)
		if len(list) != 12 || voter.Merkle(list) != batches[0].Root || !slices.Contains(list, commits[5]) {
			t.Error("the commitments do not make the root")
		}
		if list, err = w.Batch(w.ctx, priority.ContestOf(ed), 2); err != nil || !slices.Equal(list, []glosa.Hash{first}) {
			t.Errorf("second list %v %v", list, err)
		}
		opened(t, w, commits[:2])
		told(t, w, append(commits, first))
		if evs := w.events("priority.batch"); len(evs) != 2 || !evs[0].Public {
			t.Errorf("%d batch events", len(evs))
		}
		w.at(w.clock.Now().Add(time.Hour))
		if batches, _ = w.Batches(w.ctx, priority.ContestOf(ed)); len(batches) != 2 {
			t.Error("a batch of nothing")
		}
	})
}

// told checks that the record lists exactly these commitments, in two batches.
func told(t *testing.T, w *town, want []glosa.Hash) {
	t.Helper()
	n := 0
	w.ok(w.Commitments(w.ctx, func(h glosa.Hash) error {
		if n++; !slices.Contains(want, h) {
			t.Errorf("%s is nobody's", h)
		}
		return nil
	}))
	if evs := w.events("priority.batched"); n != len(want) || len(evs) != 2 {
		t.Errorf("%d commitments told, %d events", n, len(evs))
	}
}

// opened checks that the record opened exactly the locks of these former ballots.
func opened(t *testing.T, w *town, former []glosa.Hash) {
	t.Helper()
	var got []glosa.Hash
	for _, e := range w.events("priority.opened") {
		var body struct{ Opened []voter.Opening }
		if err := json.Unmarshal(e.Body, &body); err != nil {
			t.Fatal(err)
		}
		for _, o := range body.Opened {
			if o.Opener.IsZero() {
				t.Error("an opening without an opener")
			}
			got = append(got, o.Former)
		}
	}
	byBytes := func(a, b glosa.Hash) int { return bytes.Compare(a[:], b[:]) }
	if !slices.Equal(slices.SortedFunc(slices.Values(got), byBytes), slices.SortedFunc(slices.Values(former), byBytes)) {
		t.Errorf("opened %v, want %v", got, former)
	}
}

// merge joins a question to another one, with the consent of both authors.
func (w *town) merge(into, id glosa.QuestionID) {
	w.t.Helper()
	_, err := w.question.ProposeMerge(w.ctx, moderator, into, id, into)
	w.ok(err)
	for _, one := range []glosa.QuestionID{into, id} {
		w.ok(w.question.ConsentMerge(w.ctx, glosa.Citizen(), one, question.Proof{Key: w.opens[one]}))
	}
}

func TestMergeCountsEachSupporterOnce(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q := w.asked(2)
		for i := range 11 {
			dev := w.device()
			w.support(dev, q[i%2])
			if i < 3 {
				w.support(dev, q[1-i%2]) // both
			}
		}
		w.merge(q[0], q[1])
		w.at(w.clock.Now().Add(20 * time.Minute))
		s, err := w.Supporters(w.ctx, ed)
		w.ok(err)
		if !reflect.DeepEqual(s, map[glosa.QuestionID]int{q[0]: 11}) {
			t.Errorf("supporters %v, want 11 of %s alone", s, q[0])
		}
		dev := w.device()
		w.support(dev, q[1]) // the merged one may still be named
		if yes, err := w.Supports(w.ctx, dev, q[0]); err != nil || !yes {
			t.Error("support for a merged question does not show on the common one", err)
		}
		rc, err := w.Unsupport(w.ctx, glosa.Citizen(), dev, q[0], [16]byte{})
		w.ok(err)
		if len(rc.Choices) != 0 {
			t.Errorf("left on the ballot: %v", rc.Choices)
		}
	})
}

// TestManyAtOnce: ballots that arrive together share acts, and each gets its own answer.
func TestManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q := w.asked(5)
		var all sync.WaitGroup
		for i := range 300 {
			dev := w.device()
			all.Go(func() {
				for _, id := range []glosa.QuestionID{q[i%5], q[(i+1)%5]} {
					if rc, err := w.Support(w.ctx, glosa.Citizen(), dev, id, [16]byte{byte(i)}); err != nil || !slices.Contains(rc.Choices, id) {
						t.Errorf("%d: %v %v", i, rc.Choices, err)
					}
				}
				if _, err := w.Support(w.ctx, glosa.Citizen(), dev, "DEMO26-0000-X", [16]byte{}); glosa.KindOf(err) != glosa.NotFound {
					t.Errorf("%d: %v, want not found", i, err)
				}
			})
		}
		all.Wait()
		w.at(w.clock.Now().Add(20 * time.Minute))
		s, err := w.Supporters(w.ctx, ed)
		w.ok(err)
		for _, id := range q {
			if s[id] != 120 {
				t.Errorf("%s has %d supporters, want 120", id, s[id])
			}
		}
		b, err := w.Batches(w.ctx, priority.ContestOf(ed))
		w.ok(err)
		if len(b) != 1 || b[0].New != 300 || b[0].Changed != 300 {
			t.Errorf("batch %+v", b)
		}
	})
}

// TestABatchOfWithdrawalsAlone is told like any other: it has no commitments.
func TestABatchOfWithdrawalsAlone(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q := w.asked(1)
		dev := w.device()
		w.support(dev, q[0])
		w.batched()
		_, err := w.Unsupport(w.ctx, glosa.Citizen(), dev, q[0], [16]byte{})
		w.ok(err)
		if fresh, changed, gone := w.batched(); fresh != 1 || changed != 0 || gone != 1 {
			t.Errorf("%d new, %d changed, %d withdrawn", fresh, changed, gone)
		}
	})
}
