package job_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/job"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func enqueue(t *testing.T, d *db.DB, queue, subject string, in time.Duration) {
	t.Helper()
	must(t, d.Act(t.Context(), func(tx *db.Tx) error { return job.Enqueue(tx, queue, subject, tx.Now.Add(in)) }))
}

// count is a work of n steps, each of which leaves an event.
func count(n int) job.Work {
	return func(tx *db.Tx, j job.Job) (string, error) {
		at, _ := strconv.Atoi(j.Place)
		if at+1 == n {
			return "", mark(tx, j, at)
		}
		return strconv.Itoa(at + 1), mark(tx, j, at)
	}
}

func mark(tx *db.Tx, j job.Job, at int) error {
	return tx.Leave(glosa.EventKind{Name: "test.step", Body: struct{}{}}.Event(glosa.System(), "", j.Subject+"/"+strconv.Itoa(at), struct{}{}))
}

func steps(t *testing.T, d *db.DB) (all []string) {
	t.Helper()
	for _, e := range dbtest.Events(t, d) {
		all = append(all, e.Subject)
	}
	return all
}

func TestJob(t *testing.T) {
	dbtest.Each(t, []db.Schema{job.Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		r := &job.Runner{DB: d, Log: dbtest.Log(t), Work: map[string]job.Work{"count": count(3)}}
		do := func() (n int) {
			t.Helper()
			n, err := r.Do(t.Context())
			must(t, err)
			return n
		}
		t.Run("RunsOnceInSteps", func(t *testing.T) {
			enqueue(t, d, "count", "a", 0)
			enqueue(t, d, "count", "a", 0)
			if n := do() + do(); n != 3 {
				t.Errorf("%d steps, want 3", n)
			}
			if got := strings.Join(steps(t, d), " "); got != "a/0 a/1 a/2" {
				t.Errorf("steps %s", got)
			}
		})
		t.Run("WaitsForItsTime", func(t *testing.T) {
			enqueue(t, d, "count", "b", time.Hour)
			if n := do(); n != 0 {
				t.Errorf("%d steps before its time", n)
			}
			clock.Advance(time.Hour)
			if n := do(); n != 3 {
				t.Errorf("%d steps at its time", n)
			}
		})
		t.Run("IsUndoneWithItsAct", func(t *testing.T) {
			err := d.Act(t.Context(), func(tx *db.Tx) error {
				must(t, job.Enqueue(tx, "count", "c", tx.Now))
				return glosa.Refuse(glosa.Conflict, "e.409")
			})
			if n := do(); n != 0 || err == nil {
				t.Errorf("%d steps of a job whose act was undone", n)
			}
		})
		t.Run("AnotherProgramsQueueWaits", func(t *testing.T) {
			enqueue(t, d, "later", "d", 0)
			if n := do(); n != 0 {
				t.Errorf("%d steps of an unknown queue", n)
			}
		})
		t.Run("CarriesNoWords", func(t *testing.T) {
			for _, subject := range []string{"", "una frase", "ana@example.org", "a\nb", strings.Repeat("a", 101)} {
				err := d.Act(t.Context(), func(tx *db.Tx) error { return job.Enqueue(tx, "count", subject, tx.Now) })
				if glosa.KindOf(err) != glosa.Internal || err == nil {
					t.Errorf("%q was taken: %v", subject, err)
				}
			}
		})
	})
}

// A step that fails leaves nothing; the job goes on where the last one ended,
// later and later, and is given up in sight of the keeper.
func TestFailure(t *testing.T) {
	dbtest.Each(t, []db.Schema{job.Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		broken := errors.New("broken")
		r := &job.Runner{DB: d, Log: dbtest.Log(t), Work: map[string]job.Work{"count": func(tx *db.Tx, j job.Job) (string, error) {
			place, err := count(2)(tx, j)
			if err == nil && j.Place == "1" && broken != nil {
				return "", broken
			}
			return place, err
		}}}
		enqueue(t, d, "count", "a", 0)
		tried := 0
		for range 20 {
			if _, err := r.Do(t.Context()); err != nil {
				t.Fatal(err)
			}
			tried++
			all, err := job.Standings(t.Context(), d)
			must(t, err)
			if len(all) != 1 {
				t.Fatalf("%v", all)
			}
			if all[0].Dead == 1 {
				break
			}
			clock.Advance(time.Hour)
		}
		if got := strings.Join(steps(t, d), " "); tried != 10 || got != "a/0" {
			t.Errorf("given up after %d tries, steps %s", tried, got)
		}
		dead, err := job.DeadOnes(t.Context(), d)
		must(t, err)
		if len(dead) != 1 || dead[0].Place != "1" || dead[0].Failed != "internal" {
			t.Errorf("%+v", dead)
		}
		broken = nil
		n, err := job.Again(t.Context(), d)
		must(t, err)
		_, err = r.Do(t.Context())
		must(t, err)
		if got := strings.Join(steps(t, d), " "); n != 1 || got != "a/0 a/1" {
			t.Errorf("%d revived, steps %s", n, got)
		}
	})
}

// A runner that is stopped between two steps is followed by another that goes on.
func TestAnotherRunnerGoesOn(t *testing.T) {
	dbtest.Each(t, []db.Schema{job.Schema()}, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		r := &job.Runner{DB: d, Log: dbtest.Log(t), Work: map[string]job.Work{"count": func(tx *db.Tx, j job.Job) (string, error) {
			if j.Place == "40" {
				stop()
			}
			return count(100)(tx, j)
		}}}
		enqueue(t, d, "count", "a", 0)
		if _, err := r.Do(ctx); err == nil {
			t.Fatal("it was not stopped")
		}
		r.Work["count"] = count(100)
		_, err := r.Do(t.Context())
		must(t, err)
		all := steps(t, d)
		for i, s := range all {
			if s != "a/"+strconv.Itoa(i) {
				t.Fatalf("step %d is %s", i, s)
			}
		}
		if len(all) != 100 {
			t.Errorf("%d steps", len(all))
		}
	})
}
