package priority_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/db/dbtest"
)

// TestOpinionsAndBallotsDoNotJoin (trust.md §8, 9): a thousand people vote on
// statements and support a question, by the same devices, in the same minutes and
// the same order, and the rows of votes are public, which is the worst case. No
// name in what is public of one contest stands in the other in any spelling, and
// who guesses by place, in the files or in the lists of commitments, hits no more
// people than chance does.
func TestOpinionsAndBallotsDoNotJoin(t *testing.T) {
	dbtest.Each(t, slices.Insert(slices.Clone(schemas), len(schemas)-1, opinion.Schema()), func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		w := newTown(t, d, clock)
		w.protocol(func(text string) string { return strings.Replace(text, "rows: auditors", "rows: public", 1) })
		op := &opinion.Desk{DB: d, Keys: keys{}, Promise: w.question.Promise, Software: "glosa-test"}
		w.edition.Dues = append(w.edition.Dues, opinion.Due())
		w.openIntake()
		_, err := op.Freeze(w.ctx, facilitator, ed)
		w.ok(err)
		for i := range 8 {
			rc, err := op.Write(w.ctx, facilitator, ed, fmt.Sprintf("Afirmación de prueba %d (SINTÉTICO)", i+1), "es")
			w.ok(err)
			w.ok(op.Admit(w.ctx, moderator, ed, rc.N))
		}
		w.ok(op.Open(w.ctx, facilitator, ed, clock.Now().AddDate(0, 0, 5)))
		votes, ballots := w.thousand(op, w.asked(12))
		w.at(clock.Now().AddDate(0, 0, 5))
		w.ok(op.Count(w.ctx))
		rows, err := op.PublicRows(w.ctx, ed)
		w.ok(err)
		w.closeIntake()
		w.at(w.now().SupportCloses())
		_, err = w.Select(w.ctx, selector, ed)
		w.ok(err)
		file, err := w.File(w.ctx, ed)
		w.ok(err)

		said := names(string(rows), w.texts("opinion."))
		counted := names(string(file), w.texts("priority."))
		if len(said) < 3000 || len(counted) < 2000 {
			t.Fatalf("only %d and %d names were read", len(said), len(counted))
		}
		for n := range said {
			if counted[n] {
				t.Errorf("%s stands in both contests", n)
			}
		}
		for what, of := range map[string]func(mark) string{"row": func(m mark) string { return m.tracker }, "commitment": func(m mark) string { return m.commit }} {
			if hits := guessed(places(votes, of), places(votes, of)); hits != len(votes) {
				t.Errorf("the guess by %s has no teeth: %d", what, hits)
			}
			if hits := guessed(places(votes, of), places(ballots, of)); hits > 12 { // one is expected by chance
				t.Errorf("by the place of their %s %d people of %d are joined", what, hits, len(votes))
			}
		}
	})
}

// mark is what is public of one person's act, known to that person alone.
type mark struct{ tracker, commit string }

// thousand people vote on three statements and support a question, one after another.
func (w *town) thousand(op *opinion.Desk, q []glosa.QuestionID) (votes, ballots []mark) {
	w.t.Helper()
	rnd := rand.New(rand.NewPCG(9, 10))
	for range 1000 {
		p := w.device()
		votes = append(votes, w.votes(op, p, rnd))
		rc := w.support(p, q[rnd.IntN(len(q))])
		ballots = append(ballots, mark{rc.Tracker, hex.EncodeToString(rc.Commit[:])})
	}
	return votes, ballots
}

func (w *town) votes(op *opinion.Desk, p voter.Credential, rnd *rand.Rand) mark {
	w.t.Helper()
	var last opinion.Receipt
	for _, n := range rnd.Perm(8)[:3] {
		var err error
		last, err = op.Vote(w.ctx, glosa.Citizen(), p, ed, n+1, []opinion.Says{opinion.Agree, opinion.Disagree, opinion.Pass}[rnd.IntN(3)], [16]byte{})
		w.ok(err)
	}
	return mark{last.Tracker, hex.EncodeToString(last.Commit[:])}
}

// texts are the bodies of all public events whose kind begins so.
func (w *town) texts(kind string) string {
	w.t.Helper()
	var b strings.Builder
	for _, e := range dbtest.Events(w.t, w.db) {
		if e.Public && strings.HasPrefix(e.Kind, kind) {
			b.Write(e.Body)
		}
	}
	return b.String()
}

var spelled = regexp.MustCompile(`[0-9a-f]{64}|[A-Za-z0-9+/]{43}=`)

// names are the 32 bytes by which anything is called in some public texts, however
// they are spelled, in hexadecimal. The sum of nothing names nobody.
func names(texts ...string) map[string]bool {
	all := map[string]bool{}
	for _, text := range texts {
		for _, n := range spelled.FindAllString(text, -1) {
			if raw, err := base64.StdEncoding.DecodeString(n); err == nil && len(raw) == 32 {
				n = hex.EncodeToString(raw)
			}
			all[n] = true
		}
	}
	return all
}

// places is where each person's name stands among all of them in order.
func places(all []mark, of func(mark) string) []int {
	order := make([]string, len(all))
	for i, m := range all {
		order[i] = of(m)
	}
	sorted := slices.Sorted(slices.Values(order))
	at := make([]int, len(all))
	for i, name := range order {
		at[i], _ = slices.BinarySearch(sorted, name)
	}
	return at
}

// guessed counts the people who stand at the same place twice.
func guessed(a, b []int) (hits int) {
	for i := range a {
		if a[i] == b[i] {
			hits++
		}
	}
	return hits
}
