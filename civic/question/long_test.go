package question

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
	"glosa/db/dbtest"
)

// longWalk is how many random acts the long walk takes in make test; make soak takes
// 20,000 by GLOSA_TEST_ACTS.
const longWalk = 4000

// TestTheLongWalk: everybody does at random what people of every role do, and now
// and then what they may not; after each act the balance holds, and what is refused
// leaves no trace. Then the edition ends by its own rules: nothing that was admitted
// is left without an answer, a place where to go, or a public lateness; what is late
// goes on in the next edition; every merge is undone, and whoever reads the question
// gets the bytes they got before it; and the tables say what the events say. An act
// that nobody ever managed to do fails the walk.
func TestTheLongWalk(t *testing.T) {
	acts := longWalk
	if n, err := strconv.Atoi(os.Getenv("GLOSA_TEST_ACTS")); err == nil {
		acts = n
	}
	each(t, func(s *stage) {
		t := s.T
		seed := uint64(time.Now().UnixNano())
		if n, err := strconv.ParseUint(os.Getenv("GLOSA_TEST_SEED"), 10, 64); err == nil {
			seed = n
		}
		t.Logf("GLOSA_TEST_SEED=%d", seed)
		chance := rand.New(rand.NewPCG(seed, 0))
		w, n, began := newWalk(s), 0, s.clock.Now()
		w.when = func() time.Time { return began.Add(byThen(float64(n) / float64(acts))) }
		for ; n < acts; n++ {
			if n == acts*9/10 {
				w.finish()
				w.carried()
				w.when = nil
			}
			if err := w.live(func(_ string, n int) int { return chance.IntN(n) }); err != nil {
				t.Fatalf("act %d: %v", n, err)
			}
			if n%2000 == 1999 {
				w.whole()
			}
		}
		w.words(t)
		w.whole()
		w.sameBytes(t)
		w.closeNumbers()
		b, err := s.d.Balance(s.ctx, s.id)
		s.ok(err)
		t.Logf("%d questions, %d of them late and carried: %+v", len(w.ids), w.late, b)
		events := dbtest.Events(t, s.d.DB)
		w.tell(t, acts)
		w.told(t, acts, events)
		w.audit(events)
		if b.Held = 0; b != w.recorded() {
			t.Errorf("the desk says %+v, the record %+v", b, w.recorded())
		}
	})
}

// byThen is how much time has passed after a part of the acts: the intake of
// fifteen days takes two thirds of them, and then come the weeks of answers.
func byThen(part float64) time.Duration {
	const day, most = 24 * time.Hour, 2.0 / 3
	if part < most {
		return time.Duration(part / most * 14 * float64(day))
	}
	return 14*day + time.Duration((part-most)*200*float64(day))
}

// whole looks at every question: the sum of what each row says is the balance, and
// whatever is merged stands below one that is not.
func (w *walk) whole() {
	w.Helper()
	by := map[State]int{}
	for _, id := range w.ids {
		r := w.row(id)
		if r.follows == "" {
			by[r.state]++
		}
		if root := w.row(r.root); r.state == Merged && (root.state == Merged || root.root != root.id) || r.state != Merged && r.state != Withdrawn && r.root != id {
			w.Fatalf("%s stands %s below %s, which stands %s below %s", id, r.state, r.root, root.state, root.root)
		}
	}
	for _, r := range w.find(func(string, int) int { return 0 }, `QUIET and state in ('admitted', 'routed', 'overdue', 'answered', 'transferred', 'closed', 'answered_oral')
		and not exists (select 1 from question_unwritten u where u.question = question.id)`, 9) {
		w.Errorf("%s is public, has no words, and nobody is asked to write them down", r.id)
	}
	seals, err := w.d.Seals(w.ctx, w.convGov, w.id)
	w.ok(err)
	for _, p := range slices.Concat(seals.Strikes, seals.Opening) {
		if r := w.row(glosa.QuestionID(p.About)); r.erased || r.state == Withdrawn && p.Spans != nil {
			w.Fatalf("%s is %s, and its redaction or opening still waits for a second person", r.id, r.state)
		}
	}
	b, err := w.d.Balance(w.ctx, w.id)
	w.ok(err)
	if got := balance(by); got != b {
		w.Fatalf("the rows say %+v, the desk %+v", got, b)
	}
}

// finish ends the edition as its rules do: the time of decisions passes, what was
// admitted is routed and handed to writing, and the clock runs out.
func (w *walk) finish() {
	w.Helper()
	end := w.clock.Now()
	for range 12 {
		end = end.AddDate(0, 0, 7)
		w.tick(end)
	}
	for _, id := range w.ids {
		switch r := w.row(id); {
		case r.agenda == OnAgenda || r.agenda == InRoom:
			if r.state.Counts() == InAdmitted {
				w.ok(w.tx(func(tx *db.Tx) error { return ToWriting(tx, glosa.System(), id, "no_time") }))
			}
		case r.state == Received && r.follows == "":
			if err := w.d.Admit(w.ctx, w.modCivil, id); err != nil { // it was asked by voice
				w.ok(w.d.Transcribe(w.ctx, w.modCivil, id, "¿Qué dijo Juana?"))
				w.ok(w.d.Admit(w.ctx, w.modCivil, id))
			}
		}
	}
	for range 16 {
		end = end.AddDate(0, 0, 21)
		w.tick(end)
	}
	var missing []edition.Missing
	w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) error {
		ed, err := edition.Load(tx, w.id)
		if err == nil {
			missing, err = Gate(tx, ed, edition.Evaluated)
		}
		return err
	}))
	if len(missing) != 0 {
		w.Errorf("the gate of the evaluation still misses %+v", missing)
	}
	for _, id := range w.ids {
		switch r := w.row(id); r.state {
		case Answered, Spoken, Transferred, Finished, Refused, Merged, Withdrawn, Held, Received:
			if r.state == Received && r.follows == "" {
				w.Errorf("%s waits for ever", id)
			}
		case Overdue:
			if w.late++; r.level != len(ladder)-1 {
				w.Errorf("%s is overdue and %s still holds it", id, ladder[r.level])
			}
		default:
			w.Errorf("%s ends %s", id, r.state)
		}
	}
}

// carried: what is late, and nothing else, goes on in the next edition.
func (w *walk) carried() {
	w.Helper()
	w.put(w.id, edition.Evaluated)
	w.next("demo27", 27, "DEMO27")
	w.put("demo27", edition.Called)
	w.tick(w.clock.Now().Add(time.Minute))
	for _, id := range w.ids {
		if r := w.row(id); (r.state == Overdue) != (r.carried == "demo27") {
			w.Errorf("%s stands %s and goes on in %q", id, r.state, r.carried)
		}
	}
}

// sameBytes undoes every merge there is.
func (w *walk) sameBytes(t *testing.T) {
	for _, id := range w.ids {
		if r := w.row(id); r.state == Merged {
			w.ok(w.undo(r, func() error { return w.d.Unmerge(w.ctx, w.modGov, id) }))
		}
	}
	for _, id := range w.ids {
		if r := w.row(id); r.state != Withdrawn && (r.root != id || r.into != "") {
			t.Errorf("%s stands %s, still below %s", id, r.state, r.root)
		}
	}
	if w.same == 0 {
		t.Error("no undone merge was compared")
	}
}

// closeNumbers accounts for the sheets that were printed.
func (w *walk) closeNumbers() {
	w.Helper()
	w.ok(w.tx(func(tx *db.Tx) error {
		return CloseNumbers(tx, glosa.System(), w.id, "desk", func(int, int) (int, int, error) { return 0, 0, nil })
	}))
}
