package demo

import (
	"strconv"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
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
	open, left, err := s.Commitment.Worklist(t.Context(), opened)
	if err != nil {
		t.Fatal(err)
	}
	if len(open) == 0 || left != len(open) {
		t.Errorf("%d open commitments of DEMO25, %d without a disposition: all should wait", len(open), left)
	}
}
