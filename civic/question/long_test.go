package question

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// longWalk is how many random acts the long walk takes in make test; make soak takes
// 20,000 by GLOSA_TEST_ACTS.
const longWalk = 4000

// TestTheLongWalk: everybody acts at random, wisely or not; after each act
// the balance holds. Then the edition ends by its own rules: nothing that was
// admitted is left without an answer, a place where to go, or a public lateness;
// what is late goes on in the next edition; and every merge is undone to the same
// bytes.
func TestTheLongWalk(t *testing.T) {
	acts := longWalk
	if n, err := strconv.Atoi(os.Getenv("GLOSA_TEST_ACTS")); err == nil {
		acts = n
	}
	each(t, func(s *stage) {
		seed := uint64(time.Now().UnixNano())
		if n, err := strconv.ParseUint(os.Getenv("GLOSA_TEST_SEED"), 10, 64); err == nil {
			seed = n
		}
		t.Logf("GLOSA_TEST_SEED=%d", seed)
		chance := rand.New(rand.NewPCG(seed, 0))
		w := &walk{stage: s, keys: map[glosa.QuestionID]string{}, before: map[glosa.QuestionID]string{}, joined: map[glosa.QuestionID]time.Time{}, pace: 30 * time.Minute, reach: 12}
		for n := range acts {
			if err := w.live(func(_ string, n int) int { return chance.IntN(n) }); err != nil {
				t.Fatalf("act %d: %v", n, err)
			}
			if n%2000 == 1999 {
				w.whole()
			}
		}
		w.words(t)
		w.finish()
		w.whole()
		w.carried()
		w.sameBytes()
		b, err := s.d.Balance(s.ctx, s.id)
		s.ok(err)
		t.Logf("%d acts, %d of them went through; %d questions, %d merges undone, %d late and carried: %+v", acts, w.done, len(w.ids), w.undone, w.late, b)
		if b.Admitted == 0 || b.Refused == 0 || b.Withdrawn == 0 || w.late == 0 || w.undone == 0 {
			t.Errorf("a walk that met nobody proves nothing: %+v, %d late, %d merges undone", b, w.late, w.undone)
		}
		told, _ := s.d.Balance(s.ctx, s.id)
		if told.Held = 0; told != w.recorded() {
			t.Errorf("the desk says %+v, the record %+v", told, w.recorded())
		}
	})
}

// live takes one act and checks what holds after each.
func (w *walk) live(d dice) error {
	name, err := w.act(d)
	if err != nil && glosa.KindOf(err) == glosa.Internal {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err == nil {
		w.done++
	}
	return w.balance(name)
}

// bytesOf is everything of a question that a merge may not change: its words with
// their commitments and salts, who may act on it, and where it stood.
func (w *walk) bytesOf(id glosa.QuestionID, state State) string {
	var texts []words
	w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) (err error) {
		texts, err = selectWords(tx, id)
		return err
	}))
	r := w.row(id)
	said := fmt.Sprint(r.id, r.number, r.received, r.lang, r.municipality, r.addressed, r.passage, r.auth, r.lock, r.version,
		r.listed, r.admitted, r.theme, state, r.institution, r.referrals, r.clock, r.extended, r.level)
	for _, x := range texts {
		object := ""
		if x.object != nil {
			object = *x.object
		}
		said += fmt.Sprintf("\n%d %x %x %x %s", x.version, x.commit, x.server, x.device, object)
	}
	return said
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
			w.ok(w.d.Admit(w.ctx, w.modCivil, id))
		}
	}
	for _, id := range w.ids {
		switch r := w.row(id); {
		case r.state == Admitted:
			w.ok(w.d.Route(w.ctx, w.modGov, id, "SESA", ""))
		case r.institution == "" && (r.state == Routed || r.state == Overdue):
			w.ok(w.d.Assign(w.ctx, w.office, id, "SESA"))
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
func (w *walk) sameBytes() {
	w.Helper()
	for _, id := range w.ids {
		r := w.row(id)
		if r.state != Merged {
			continue
		}
		w.ok(w.d.Unmerge(w.ctx, w.modGov, id))
		if w.undone++; !r.erased && r.since.Equal(w.joined[id]) && w.before[id] != w.bytesOf(id, w.row(id).state) {
			w.Errorf("%s was\n%s\nand came back as\n%s", id, w.before[id], w.bytesOf(id, w.row(id).state))
		}
	}
	for _, id := range w.ids {
		if r := w.row(id); r.state != Withdrawn && (r.root != id || r.into != "") {
			w.Errorf("%s stands %s, still below %s", id, r.state, r.root)
		}
	}
}
