//go:build unix

package db_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"glosa/db"
	"glosa/db/dbtest"
)

// victim is what a process that is going to be killed is told.
type victim struct {
	Dir, URL string
	Name     string // begins the ids of its rows
	At       string // the step where it kills itself; "" when it is killed from outside
	Nth      int64  // the how-manieth time that step is reached
}

func TestMain(m *testing.M) {
	if told := os.Getenv("GLOSA_VICTIM"); told != "" {
		var v victim
		if err := json.Unmarshal([]byte(told), &v); err != nil {
			panic(err)
		}
		if err := v.live(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// live acts from six goroutines and follows its own line, until it is killed. A
// line "ack ID" goes out after each act that was acknowledged.
func (v victim) live() error {
	ctx := context.Background()
	c := db.Config{Dir: v.Dir, URL: v.URL}
	var reached atomic.Int64
	c.SetStep(func(at string) {
		if at == v.At && reached.Add(1) == v.Nth {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way: not one step further
		}
	})
	d, err := db.Open(ctx, c)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx, notes, copies); err != nil {
		return err
	}
	failed := make(chan error, 7)
	go func() { failed <- d.Follow(ctx, "copier", 10, copyEvents) }()
	for w := range 6 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%s-%d-%d", v.Name, w, i)
				if err := d.Act(ctx, func(tx *db.Tx) error { return keep(tx, id, i) }); err != nil {
					failed <- err
					return
				}
				os.Stdout.WriteString("ack " + id + "\n")
			}
		}()
	}
	return <-failed
}

// die starts a victim, waits for its end and returns what it acknowledged. With
// after > 0 it is killed that long after its first acknowledgement.
func die(t *testing.T, v victim, after time.Duration) (acked []string) {
	t.Helper()
	told, err := json.Marshal(v)
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), "GLOSA_VICTIM="+string(told))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var once sync.Once
	for sc := bufio.NewScanner(out); sc.Scan(); {
		if id, ok := strings.CutPrefix(sc.Text(), "ack "); ok {
			acked = append(acked, id)
		}
		if after > 0 {
			once.Do(func() { time.AfterFunc(after, func() { cmd.Process.Kill() }) })
		}
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		t.Fatalf("%+v was not killed in time", v)
	}
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("%+v ended by itself: %v %s", v, err, said.String())
	}
	return acked
}

// kills is how often a process is killed at a random moment, per engine.
func kills(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("GLOSA_KILLS"))
	if err != nil {
		n = 8
	}
	return n
}

func TestNothingIsLostAndNothingIsTwiceAfterKillsAtRandom(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		var acked []string
		for i := range kills(t) {
			v := victim{Dir: c.Dir, URL: c.URL, Name: fmt.Sprint("k", i)}
			acked = append(acked, die(t, v, 1+rand.N(120*time.Millisecond))...)
		}
		wantWhole(t, c, acked)
	})
}

func TestNothingIsLostAndNothingIsTwiceAfterAKillAtEachStep(t *testing.T) {
	steps := map[string]string{
		db.SQLite: "act.begun act.ran group.written group.committed group.published " +
			"follow.read follow.ran follow.moved follow.done",
		db.Postgres: "act.begun act.ran act.written act.committed move.before move.after " +
			"follow.read follow.ran follow.moved follow.done",
	}
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		engine := db.SQLite
		if c.URL != "" {
			engine = db.Postgres
		}
		var acked []string
		for _, step := range strings.Fields(steps[engine]) {
			v := victim{Dir: c.Dir, URL: c.URL, Name: step, At: step, Nth: 1 + rand.Int64N(15)}
			acked = append(acked, die(t, v, 0)...)
		}
		wantWhole(t, c, acked)
	})
}

// wantWhole opens what the victims left behind: every acknowledged act is there,
// each with exactly one event, no number is missing, and the follower has copied
// each event once.
func wantWhole(t *testing.T, c db.Config, acked []string) {
	t.Helper()
	d := dbtest.Open(t, c, notes, copies)
	must(t, d.Check(t.Context()))
	evs := lineOf(t, d)
	onLine := map[string]bool{}
	for _, e := range evs {
		if onLine[e.Subject] {
			t.Error("twice on the line:", e.Subject)
		}
		onLine[e.Subject] = true
	}
	for _, id := range acked {
		if !onLine[id] {
			t.Error("acknowledged and lost:", id)
		}
	}
	if len(acked) == 0 {
		t.Error("no act was ever acknowledged")
	}
	if rows := count(t, d, "select count(*) from note"); rows != len(evs) {
		t.Errorf("%d rows and %d events", rows, len(evs))
	}
	wantCopies(t, d, count(t, d, "select coalesce(max(seq), 0) from follower_cursor"))
	must(t, catchUpFollower(t, d, len(evs)))
	wantCopies(t, d, len(evs))
	t.Logf("%d acknowledged, %d on the line", len(acked), len(evs))
}
