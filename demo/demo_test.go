package demo

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/priority"
	"glosa/db"
	"glosa/record"
	"glosa/site"
)

func open(t *testing.T, at time.Time) *site.Site {
	t.Helper()
	s, err := site.Open(t.Context(), site.Config{Data: t.TempDir(), Origin: "localhost/demo-SINTETICO", Software: "glosa-test", Clock: glosa.NewFakeClock(at), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestFacts(t *testing.T) {
	s := open(t, time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC))
	if err := Facts(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	editions, err := s.Edition.List(t.Context(), realSeries)
	if err != nil {
		t.Fatal(err)
	}
	if len(editions) != 9 {
		t.Errorf("%d real editions, want 9", len(editions))
	}
}

func TestFill(t *testing.T) {
	for day := range 3 { // 54 days on it is a Saturday, a Sunday, a Monday: the intake must be open all the same
		t.Run(strconv.Itoa(day), func(t *testing.T) {
			testFill(t, time.Date(2026, 11, 23+day, 15, 0, 0, 0, time.UTC))
		})
	}
}

func testFill(t *testing.T, now time.Time) {
	c := site.Config{Data: t.TempDir(), Origin: "localhost/demo-SINTETICO", Software: "glosa-test"}
	if err := Fill(t.Context(), c, now); err != nil {
		t.Fatal(err)
	}
	c.Clock = glosa.NewFakeClock(now)
	s, err := site.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for id, want := range map[glosa.EditionID]edition.Stage{whole: edition.Evaluated, opened: edition.IntakeOpen} {
		ed, err := s.Edition.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if ed.Stage != want || !ed.Synthetic {
			t.Errorf("%s is %s, want %s, synthetic", id, ed.Stage, want)
		}
		b, err := s.Question.Balance(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if sum := b.Admitted + b.Refused + b.Merged + b.Withdrawn + b.Waiting; b.Received != sum || b.Refused == 0 || b.Merged == 0 || b.Withdrawn == 0 {
			t.Errorf("%s: %+v", id, b)
		}
		if id == whole && b.Received < 120 {
			t.Errorf("%d questions, want at least 120", b.Received)
		}
	}
	card, err := s.Commitment.Card(t.Context(), "DEMO-2026-01")
	if err != nil {
		t.Fatal(err)
	}
	if u := card.Updates[len(card.Updates)-1]; string(u.Status) == "complete" && u.Percent != 100 {
		t.Errorf("complete at %d %%", u.Percent)
	}
	open, left, err := s.Commitment.Worklist(t.Context(), opened)
	if err != nil {
		t.Fatal(err)
	}
	if len(open) == 0 || left != len(open) {
		t.Errorf("%d open commitments of DEMO25, %d without a disposition: all should wait", len(open), left)
	}
}

// The codes that are left for visitors open the door of the open edition, and
// both kinds of doors brought enough for the other count to be shown.
func TestEnvelopes(t *testing.T) {
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	c := site.Config{Data: t.TempDir(), Origin: "localhost/demo-SINTETICO", Software: "glosa-test", NoSync: true}
	if err := Fill(t.Context(), c, now); err != nil {
		t.Fatal(err)
	}
	c.Clock = glosa.NewFakeClock(now)
	s, err := site.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, n := range []int{1, freeCodes - 2} { // the last two are on paper
		if _, err := s.Voter.ShowCode(t.Context(), glosa.Citizen(), opened, "test", code(opened, n)); err != nil {
			t.Errorf("%s: %v", code(opened, n), err)
		}
	}
	a, err := s.Priority.Agenda(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(a.Beside, func(b priority.Beside) bool { return b.Of == priority.Strong && b.State == priority.Computed }) {
		t.Errorf("no count of strong doors: %+v", a.Beside)
	}
}

// Each fact of the dossier stands on its own sources, every source holds
// something, and no date is more exact than its source.
func TestFactsStandOnTheirSources(t *testing.T) {
	s := open(t, time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC))
	if err := Facts(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	d, err := s.Edition.Dossier(t.Context(), realSeries)
	if err != nil {
		t.Fatal(err)
	}
	used := map[glosa.SourceID]bool{}
	use := func(lists ...[]glosa.SourceID) {
		for _, ids := range lists {
			for _, id := range ids {
				used[id] = true
			}
		}
	}
	of := map[string][]glosa.SourceID{}
	for _, f := range d.Findings {
		of[f.ID] = f.Sources
		use(f.Sources)
		if f.Conflict != nil {
			use(f.Conflict.Sources)
		}
	}
	for id, want := range map[string][]glosa.SourceID{
		"last-QROO-2018-01":    {"mxroo0003", "mxroo0006"},
		"last-QROO-2018-03":    {"laverdad-2025", "cronica-2025"},
		"summary-QROO-2018-03": {"jornada-111404", "laverdad-2025", "cronica-2025"},
		"lesson-QROO-2018-03":  {"mxroo0002", "laverdad-2025"},
	} {
		if !slices.Equal(of[id], want) {
			t.Errorf("%s stands on %v, want %v", id, of[id], want)
		}
	}
	editions, err := s.Edition.List(t.Context(), realSeries)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range editions {
		facts, err := s.Edition.Facts(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			use(f.Sources)
		}
	}
	worded(t, s, use)
	for _, x := range d.Sources {
		if !used[x.ID] {
			t.Errorf("%s holds no fact", x.ID)
		}
	}
}

// worded: every wording has its date as exactly as its source, in order.
func worded(t *testing.T, s *site.Site, use func(...[]glosa.SourceID)) {
	t.Helper()
	for id, when := range map[string][]string{
		"QROO-2018-01": {"2018-12-09", "2021-07", "2021", "2021-07/2022-07", "2023-07/2023-12"},
		"QROO-2018-03": {"2018-12-09", "2021-07", "2021", "2021-07/2022-07", "2023-07/2025-12"},
	} {
		card, err := s.Commitment.Card(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range card.Versions {
			got = append(got, v.When)
		}
		if !slices.Equal(got, when) {
			t.Errorf("%s was worded on %v, want %v", id, got, when)
		}
		last := 0
		for _, x := range card.Timeline {
			use(x.Sources, x.Disputing)
			if x.Version > 0 && x.Version != last+1 {
				t.Errorf("%s shows wording %d after %d", id, x.Version, last)
			}
			last = max(last, x.Version)
		}
		if card.Goal != 0 {
			t.Errorf("%s is tied to goal %d, which only the exercise is", id, card.Goal)
		}
		if !card.Government.At.IsZero() {
			t.Errorf("%s: the government spoke on %v, a day no source gives", id, card.Government.At)
		}
	}
}

// Whom sources name in a public post is named; a private person is not.
func TestWhoTookPart(t *testing.T) {
	s := open(t, time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC))
	if err := Facts(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[glosa.EditionID]struct {
		n     int
		names []string
	}{
		"qroo-2": {7, []string{"Carlos Joaquín González", "Cynthia Dehesa Guzmán", "Alicia Mateos", "Alejandro González Arreola"}},
		"qroo-3": {18, []string{"Alicia Mateos"}},
		"qroo-8": {},
	} {
		roll, err := s.People.Roll(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, p := range roll.Participants {
			if p.Name != "" {
				names = append(names, p.Name)
			}
		}
		slices.Sort(names)
		slices.Sort(want.names)
		if len(roll.Participants) != want.n || !slices.Equal(names, want.names) {
			t.Errorf("%s: %d participants, named %v", id, len(roll.Participants), names)
		}
	}
}

// TestBallotsAreKept: each ballot that a batch told of must stand as it was cast;
// verification names the one that was taken away, and the one that says something else.
func TestBallotsAreKept(t *testing.T) {
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	c := site.Config{Data: t.TempDir(), Origin: "localhost/demo-SINTETICO", Software: "glosa-test"}
	if err := Fill(t.Context(), c, now); err != nil {
		t.Fatal(err)
	}
	c.Clock = glosa.NewFakeClock(now)
	s, err := site.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	seal(t, s)
	look := func(want ...string) {
		t.Helper()
		r, err := record.Verify(t.Context(), c.Data, record.Options{Kinds: site.Kinds(), Fold: site.Fold, Policy: s.Record.Policy(), Now: now, Settle: -1,
			Rows: record.Rows(s.DB), Texts: site.TextsOf(s.DB), Officials: site.OfficialsOf(s.DB, site.Lying(c))})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(r.Lines(), "\n")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("want %q:\n%s", w, text)
			}
		}
		if r.OK() != (len(want) == 0) {
			t.Errorf("%s", text)
		}
	}
	root := func(statement string) {
		t.Helper()
		if err := s.DB.Act(t.Context(), func(tx *db.Tx) error {
			n, err := tx.Exec(statement)
			if err == nil && n != 1 {
				t.Errorf("%d rows: %s", n, statement)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	look()
	const one = " where committed = (select min(committed) from priority_ballot where batch > 0)"
	root("update priority_ballot set choices = choices || 'X'" + one)
	look(` is published as "stands", and no leaf says so`, ` is not published; leaf`)
	root("update priority_ballot set choices = substr(choices, 1, length(choices) - 1)" + one)
	look()
	root("delete from priority_ballot" + one)
	look(` is not published; leaf`)
}

// seal lets the record take in everything that happened, and stops it.
func seal(t *testing.T, s *site.Site) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	followed := make(chan error, 1)
	go func() { followed <- s.Record.Follow(ctx) }()
	evs, err := s.DB.Line().After(ctx, 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var public int64
	for _, e := range evs {
		if e.Public {
			public++
		}
	}
	for wait := time.Now().Add(30 * time.Second); s.Record.Size() < public; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(wait) {
			t.Fatalf("the record holds %d of %d leaves: %+v", s.Record.Size(), public, s.Record.Status())
		}
	}
	stop()
	<-followed
}
