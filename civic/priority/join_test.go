package priority_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/method/shares"
)

// another edition's contest, with questions of its own, open for ballots.
func (w *town) contest(id glosa.EditionID, number int) (q []glosa.QuestionID) {
	w.t.Helper()
	w.ok(w.edition.Found(w.ctx, facilitator, edition.Founding{ID: id, Series: "demo", Number: number, Name: "Otra demostración", Code: fmt.Sprintf("OTRA%d", number),
		Protocol: w.rules(), Session: w.clock.Now().AddDate(0, 0, 90), Synthetic: true}))
	stage := func(to edition.Stage, later time.Duration) {
		e, err := w.edition.Get(w.ctx, id)
		w.ok(err)
		w.at(e.Plan.On(to).Add(later))
		if e, err = w.edition.Get(w.ctx, id); e.Stage != to {
			w.ok(err)
			_, err = w.edition.Advance(w.ctx, facilitator, id)
		}
		w.ok(err)
	}
	stage(edition.Called, 0)
	_, err := w.Freeze(w.ctx, facilitator, id)
	w.ok(err)
	w.ok(w.edition.Freeze(w.ctx, facilitator, id))
	stage(edition.ReportPublished, 0)
	stage(edition.IntakeOpen, time.Minute)
	for i := range 12 {
		rc, err := w.question.Submit(w.ctx, glosa.Citizen(), id, question.Ask{Text: fmt.Sprintf("¿Otra pregunta de prueba %d?", i), Municipality: "23005"})
		w.ok(err)
		w.ok(w.question.Admit(w.ctx, moderator, rc.ID))
		q = append(q, rc.ID)
	}
	return q
}

// closes ends a contest's window and makes its agenda; it returns the published file.
func (w *town) closes(id glosa.EditionID) []byte {
	w.t.Helper()
	e, err := w.edition.Get(w.ctx, id)
	w.ok(err)
	w.at(e.Plan.On(edition.IntakeClosed))
	w.at(e.SupportCloses())
	_, err = w.Select(w.ctx, selector, id)
	w.ok(err)
	raw, err := w.File(w.ctx, id)
	w.ok(err)
	return raw
}

// TestPublicFilesJoinNoContests (trust.md §8, 9): a thousand people support in two
// contests by the same devices, in the same order. Nothing that is public of one
// contest, in its file or in the events that become leaves, stands in the other,
// and the order of the rows says nothing of who stood beside whom.
func TestPublicFilesJoinNoContests(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		w := newTown(t, d, clock)
		people := make([]voter.Credential, 1000)
		for i := range people {
			people[i] = w.device()
		}
		var files [][]byte
		order := [2][]string{}
		for n, id := range []glosa.EditionID{"otra-7", "otra-8"} {
			q := w.contest(id, 7+n)
			rnd := rand.New(rand.NewPCG(9, 9)) // the same tastes in both
			for _, p := range people {
				order[n] = append(order[n], w.support(p, q[rnd.IntN(12)]).Tracker)
			}
			files = append(files, w.closes(id))
		}
		marks := [2]map[string]bool{w.marks("otra-7", files[0]), w.marks("otra-8", files[1])}
		if len(marks[0]) < 2000 {
			t.Fatalf("only %d marks were read", len(marks[0]))
		}
		for m := range marks[0] {
			if marks[1][m] {
				t.Errorf("%s stands in both contests", m)
			}
		}
		same := 0
		rank := func(n int) map[string]int {
			all := slices.Sorted(slices.Values(order[n]))
			at := map[string]int{}
			for i, x := range all {
				at[x] = i
			}
			return at
		}
		first, second := rank(0), rank(1)
		for i := range people {
			if first[order[0][i]] == second[order[1][i]] {
				same++
			}
		}
		if same > 12 { // one is expected by chance
			t.Errorf("%d people stand at the same row of both files", same)
		}
	})
}

// marks are the names of rows of a contest's file and every commitment and opener
// of its public events: all by which a stranger could know a ballot again.
func (w *town) marks(id glosa.EditionID, file []byte) map[string]bool {
	w.t.Helper()
	all := map[string]bool{}
	in, err := shares.Parse(bytes.NewReader(file))
	w.ok(err)
	for _, b := range in.Ballots {
		all[b.ID] = true
	}
	for _, kind := range []string{"priority.batched", "priority.opened"} {
		for _, e := range w.events(kind) {
			if e.Edition != id {
				continue
			}
			for _, word := range bytes.FieldsFunc(e.Body, func(r rune) bool { return r == '"' }) {
				if len(word) == 44 {
					all[string(word)] = true
				}
			}
		}
	}
	return all
}
