package portrait

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/db"
	"glosa/db/dbtest"
)

const ed = glosa.EditionID("demo26")

type room struct {
	*Desk
	t     *testing.T
	clock *glosa.FakeClock
	years *edition.Desk
}

func each(t *testing.T, body func(r room)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{edition.Schema(), people.Schema(), Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		r := room{&Desk{DB: d, Key: [32]byte{4}, Safe: people.NewSafe([32]byte{5})}, t, clock, &edition.Desk{DB: d}}
		ref, err := people.ShippedReference("23")
		r.ok(err)
		r.ok((&people.Desk{DB: d}).Load(t.Context(), glosa.Admin(), ref))
		editiontest.At(t, r.years, clock, ed, edition.IntakeOpen)
		r.years.Dues = []edition.Due{r.Due()}
		body(r)
	})
}

func (r room) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r room) answer(a Answer) string {
	r.t.Helper()
	permit := r.Permit(ed)
	r.ok(r.Answer(r.t.Context(), glosa.Citizen(), ed, permit, a))
	return permit
}

// to moves to an instant by steps, and lets the clock do after each what is due.
func (r room) to(at time.Time, step time.Duration) {
	r.t.Helper()
	for r.clock.Now().Before(at) {
		r.clock.Set(slices.MinFunc([]time.Time{at, r.clock.Now().Add(step)}, time.Time.Compare))
		_, err := r.years.Tick(r.t.Context())
		r.ok(err)
	}
}

// night is the next three o'clock of Quintana Roo.
func (r room) night() time.Time {
	zone := time.FixedZone("", -5*3600)
	y, m, d := r.clock.Now().In(zone).Date()
	at := time.Date(y, m, d, 3, 0, 0, 0, zone)
	if !at.After(r.clock.Now()) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// tomorrow moves to the next hour at which boards are drawn.
func (r room) tomorrow() {
	r.t.Helper()
	r.to(r.night(), 6*time.Hour)
}

func (r room) rows(table string) (n int) {
	r.t.Helper()
	r.ok(r.DB.Read(r.t.Context(), func(tx *db.Tx) error { return tx.Row("select count(*) from " + table).Scan(&n) }))
	return n
}

func (r room) women() int {
	r.t.Helper()
	b, err := r.Board(r.t.Context(), ed)
	r.ok(err)
	t, _ := b.Table(Sex, false)
	return t.Cell("woman", "")
}

// TestAnswersBecomeCountsOnceADay: nothing shows before the hour, nothing with
// fewer than ten new answers; afterwards no answer is left.
func TestAnswersBecomeCountsOnceADay(t *testing.T) {
	each(t, func(r room) {
		for i := range 19 {
			r.answer(Answer{Sex: []glosa.Code{"woman", "man"}[i%2], Age: "30_44", Language: "none", Municipality: "23005"})
		}
		night := r.night()
		if r.to(night.Add(-time.Second), time.Hour); r.women() != Hidden {
			t.Fatalf("shown before the hour: %d", r.women())
		}
		r.to(night, time.Second)
		if got := r.women(); got != 10 {
			t.Errorf("10 women are shown as %d", got)
		}
		if n := r.rows("portrait_waiting"); n != 0 {
			t.Errorf("%d answers are left", n)
		}
	})
}

// TestTheTenthAnswerDrawsNothing: nine wait for days, the tenth comes at noon; the
// board is drawn at the next hour, and says that one.
func TestTheTenthAnswerDrawsNothing(t *testing.T) {
	each(t, func(r room) {
		for range 9 {
			r.answer(Answer{Sex: "woman"})
		}
		for range 3 {
			r.tomorrow()
		}
		noon := r.night().Add(-15 * time.Hour)
		r.to(noon, time.Hour)
		for range 11 {
			r.answer(Answer{Sex: "man"})
		}
		night := r.night()
		for r.clock.Now().Before(night.Add(-30 * time.Minute)) {
			r.to(r.clock.Now().Add(30*time.Minute), 30*time.Second)
			if b, err := r.Board(t.Context(), ed); err != nil || len(b.Tables) > 0 || r.rows("portrait_waiting") != 20 {
				t.Fatalf("drawn at %s: %v", r.clock.Now(), err)
			}
			if r.clock.Now().Sub(noon) > 2*time.Hour {
				r.to(night.Add(-30*time.Minute), time.Hour)
			}
		}
		r.to(night.Add(30*time.Second), 30*time.Second)
		b, err := r.Board(t.Context(), ed)
		if err != nil || !b.Drawn.Equal(night) || r.rows("portrait_waiting") != 0 {
			t.Errorf("drawn at %s with %d left, want %s: %v", b.Drawn, r.rows("portrait_waiting"), night, err)
		}
		for range 9 {
			r.answer(Answer{Sex: "woman"})
		}
		for range 2 {
			r.tomorrow()
		}
		if got := r.women(); got != 10 {
			t.Errorf("drawn anew with nine answers: %d", got)
		}
		r.answer(Answer{Sex: "woman"})
		if r.tomorrow(); r.women() != 20 {
			t.Errorf("19 women are shown as %d", r.women())
		}
	})
}

// TestNothingTellsWhoWhenOrWhat: an answer leaves no event; its row has a random
// id, a box of one size that shows nothing, and no time.
func TestNothingTellsWhoWhenOrWhat(t *testing.T) {
	each(t, func(r room) {
		before := len(dbtest.Events(t, r.DB))
		r.answer(Answer{Sex: "woman", Age: "18_29", Language: "indigenous", Municipality: "23002"})
		r.answer(Answer{Age: "60"})
		if after := len(dbtest.Events(t, r.DB)); after != before {
			t.Errorf("%d events left by two answers", after-before)
		}
		r.ok(r.DB.Read(t.Context(), func(tx *db.Tx) error {
			all, err := selectWaiting(tx, ed)
			if len(all) != 2 || len(all[0].sealed) != len(all[1].sealed) || strings.Contains(string(all[0].sealed)+string(all[1].sealed), "23002") {
				t.Errorf("%d boxes that tell something", len(all))
			}
			return err
		}))
	})
}

func TestAPermitCountsOnce(t *testing.T) {
	each(t, func(r room) {
		said := Answer{Sex: "man"}
		permit := r.answer(said)
		r.ok(r.Answer(t.Context(), glosa.Citizen(), ed, permit, said)) // the button pressed twice
		if n := r.rows("portrait_waiting"); n != 1 {
			t.Errorf("%d answers wait, want 1", n)
		}
		for name, bad := range map[string]string{"Empty": "", "Invented": base64.RawURLEncoding.EncodeToString(make([]byte, 32)), "OfAnotherEdition": r.Permit("demo25"), "Long": permit + permit} {
			if err := r.Answer(t.Context(), glosa.Citizen(), ed, bad, said); glosa.KindOf(err) != glosa.Invalid || err == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, bad := range map[string]Answer{"Nothing": {}, "Unsaid": {Sex: Unsaid, Age: Unsaid}, "Invented": {Sex: "x"}, "Elsewhere": {Sex: "man", Municipality: "31050"}} {
			if err := r.Answer(t.Context(), glosa.Citizen(), ed, r.Permit(ed), bad); glosa.KindOf(err) != glosa.Invalid || err == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := r.Answer(t.Context(), glosa.Admin(), ed, r.Permit(ed), said); glosa.KindOf(err) != glosa.Denied || err == nil {
			t.Errorf("the keeper answered for somebody: %v", err)
		}
	})
}

// TestWhatNeverReachedTenIsDropped: the last few of an edition are never shown.
func TestWhatNeverReachedTenIsDropped(t *testing.T) {
	each(t, func(r room) {
		r.answer(Answer{Sex: "man"})
		editiontest.Walk(t, r.years, r.clock, ed, edition.Closed)
		r.tomorrow()
		if n := r.rows("portrait_waiting") + r.rows("portrait_spent"); n != 0 {
			t.Errorf("%d rows are left of a closed edition", n)
		}
	})
}

// TestAThousandAnswersOnRealDatabases: the attack of attack_test.go on what the
// desk shows each day.
func TestAThousandAnswersOnRealDatabases(t *testing.T) {
	each(t, func(r room) {
		rnd := rand.New(rand.NewPCG(26, 9))
		counts := map[where]int{}
		var kept reader
		var truth []map[where]int
		for left := 1000; left > 0; {
			batch := min(left, 10+rnd.IntN(190))
			left -= batch
			for range batch {
				a := somebody(rnd)
				if a.Sex == "" && a.Age == "" && a.Language == "" {
					a.Language = "none"
				}
				r.answer(a)
				a.count(counts)
			}
			r.tomorrow()
			b, err := r.Board(t.Context(), ed)
			r.ok(err)
			if batch < renewal {
				continue
			}
			kept.keep(b.Tables)
			copied := map[where]int{}
			for w, n := range counts {
				copied[w] = n
			}
			truth = append(truth, copied)
		}
		for _, f := range kept.finds(truth) {
			t.Error(f)
		}
		r.ok(r.DB.Read(t.Context(), func(tx *db.Tx) error {
			got, err := selectCounts(tx, ed)
			if fmt.Sprint(got) != fmt.Sprint(counts) && len(truth) > 0 && r.rows("portrait_waiting") == 0 {
				t.Errorf("counted %v\nwant %v", got, counts)
			}
			return err
		}))
	})
}

func FuzzPermit(f *testing.F) {
	d := &Desk{Key: [32]byte{1}}
	f.Add(d.Permit(ed))
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, permit string) {
		h, err := d.spent(ed, permit)
		if (err == nil) == h.IsZero() {
			t.Errorf("%q: %v, %v", permit, h, err)
		}
	})
}
