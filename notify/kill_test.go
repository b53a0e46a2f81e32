//go:build unix

package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/job"
)

// victim is what a process that sends mail, and is going to be killed, is told.
type victim struct {
	Dir, URL string // of its database: [db.Config]
	Server   string
	Cert     []byte
	Now      time.Time // what its clock says
	Steps    int       // the fan-out's step at which it kills itself; 0 for never
	At       string    // the courier's step at which it kills itself
	Nth      int64
	Lines    int
}

func TestMain(m *testing.M) {
	if told := os.Getenv("GLOSA_COURIER"); told != "" {
		var v victim
		if err := json.Unmarshal([]byte(told), &v); err != nil {
			panic(err)
		}
		if err := v.live(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func die() {
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way: not one step further
}

// live finds out who is told and sends until nothing is due.
func (v victim) live() error {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Dir: v.Dir, URL: v.URL, Clock: glosa.NewFakeClock(v.Now), NoSync: true}) // killed, not unplugged: the kernel keeps what was written
	if err != nil {
		return err
	}
	defer d.Close()
	desk := desks(d)
	work, steps := desk.Jobs(), 0
	spread := work[queue]
	work[queue] = func(tx *db.Tx, j job.Job) (string, error) {
		if steps++; steps == v.Steps {
			die()
		}
		return spread(tx, j)
	}
	if _, err := (&job.Runner{DB: d, Work: work}).Do(ctx); err != nil {
		return err
	}
	c := &Courier{Desk: desk, Voice: voice(), Post: post(v.Server, v.Cert), Lines: v.Lines}
	var reached atomic.Int64
	c.step = func(at, _ string) {
		if at == v.At && reached.Add(1) == v.Nth {
			die()
		}
	}
	if err := c.Begin(ctx); err != nil {
		return err
	}
	for {
		if n, err := c.Round(ctx); err != nil || n == 0 {
			return err
		}
	}
}

// run lets a victim live. When killed is closed it is killed.
func run(t *testing.T, v victim, killed <-chan struct{}) (dead bool) {
	t.Helper()
	told, err := json.Marshal(v)
	must(t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "GLOSA_COURIER="+string(told))
	var said strings.Builder
	cmd.Stderr = &said
	must(t, cmd.Start())
	over := make(chan error, 1)
	go func() { over <- cmd.Wait() }()
	select {
	case <-killed:
		must(t, cmd.Process.Kill())
		<-over
		return true
	case err := <-over:
		if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return true
		}
		if err != nil {
			t.Fatalf("%v: %s", err, said.String())
		}
		return false
	case <-time.After(4 * time.Minute):
		cmd.Process.Kill()
		t.Fatal("the courier did not end")
		return false
	}
}

// gate lets n mails pass and then holds every connection. full is closed when as
// many wait as the courier has.
type gate struct {
	mu   sync.Mutex
	pass int
	held int
	full chan struct{}
	open chan struct{}
}

func newGate(pass int) *gate {
	return &gate{pass: pass, full: make(chan struct{}), open: make(chan struct{})}
}

func (g *gate) wait() {
	g.mu.Lock()
	if g.pass--; g.pass >= 0 {
		g.mu.Unlock()
		return
	}
	if g.held++; g.held == 4 {
		close(g.full)
	}
	g.mu.Unlock()
	<-g.open
}

// mails is how many people are written to: 40,000 when GLOSA_MAILS says so.
func mails() int {
	if n, err := strconv.Atoi(os.Getenv("GLOSA_MAILS")); err == nil {
		return n
	}
	return 2_000
}

// TestKilledInTheMiddle: a courier is killed while it finds out who is told, while
// its server waits for words, while its server has taken mails and not yet said
// so, and at single steps of its own; the next goes on. Everybody gets one mail.
func TestKilledInTheMiddle(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		n, began := mails(), time.Now()
		o := prepared(t, c, n)
		killedOften(t, o, n, victim{Dir: c.Dir, URL: c.URL, Server: o.server.addr, Cert: o.server.cert, Now: o.clock.Now()})
		for i := range n {
			o.server.one(t, stranger(i))
		}
		if got := o.server.count(); got != n {
			t.Errorf("%d mails for %d people", got, n)
		}
		c.NoSync = true
		count, err := Counts(t.Context(), dbtest.Open(t, c, schemas...))
		must(t, err)
		if count[Unsure] > 20 || count[Sent]+count[Unsure] != n {
			t.Errorf("%v", count)
		}
		t.Logf("%d people, killed %d times, each got one mail; %v; %s", n, 7, count, time.Since(began).Round(time.Millisecond))
	})
}

func killedOften(t *testing.T, o *office, n int, v victim) {
	t.Helper()
	kill := func(v victim, killed <-chan struct{}) {
		t.Helper()
		if !run(t, v, killed) {
			t.Fatal("it was not killed")
		}
	}
	v.Steps = n/perStep/2 + 1 // in the middle of the fan-out
	kill(v, nil)
	v.Steps = 0

	words := newGate(n / 4) // every connection has named a recipient, and no words came
	o.server.onRcpt = func(string) error { words.wait(); return nil }
	kill(v, words.full)
	o.server.onRcpt = nil
	close(words.open)

	answer := newGate(n / 4) // every connection's mail is taken, and no answer came
	o.server.onData = func(string) error { answer.wait(); return nil }
	kill(v, answer.full)
	o.server.onData = nil
	close(answer.open)

	for _, v.At = range []string{"claimed", "written", "answered", "settled"} { // on one line, so that nothing else is under way
		v.Lines, v.Nth = 1, 3
		if v.At == "claimed" {
			v.Nth = 1
		}
		kill(v, nil)
	}
	v.At, v.Lines = "", 0
	if run(t, v, nil) {
		t.Fatal("the last one was killed")
	}
}

// TestTheInstantThatNobodyKnows: killed after the mark and before the dot, a mail is
// not sent again by itself: it is counted, and goes out when the keeper says so.
func TestTheInstantThatNobodyKnows(t *testing.T) {
	dbtest.Configs(t, theInstantThatNobodyKnows)
}

func theInstantThatNobodyKnows(t *testing.T, c db.Config) {
	o := prepared(t, c, 10)
	v := victim{Dir: c.Dir, URL: c.URL, Server: o.server.addr, Cert: o.server.cert, Now: o.clock.Now(), Lines: 1, At: "marked", Nth: 4}
	if !run(t, v, nil) {
		t.Fatal("it was not killed")
	}
	v.At = ""
	run(t, v, nil)
	if got := o.server.count(); got != 9 {
		t.Errorf("%d mails, want 9", got)
	}
	c.Clock, c.NoSync = o.clock, true
	d, err := db.Open(t.Context(), c)
	must(t, err)
	n, err := Resend(t.Context(), d)
	must(t, err)
	must(t, d.Close())
	run(t, v, nil)
	for i := range 10 {
		o.server.one(t, stranger(i))
	}
	if n != 1 {
		t.Errorf("%d unsure, want 1", n)
	}
}

// prepared fills a database: one admitted question, and n strangers to be told.
func prepared(t *testing.T, c db.Config, n int) *office {
	t.Helper()
	clock := glosa.NewFakeClock(dbtest.Start)
	c.Clock, c.NoSync = clock, true
	d, err := db.Open(t.Context(), c)
	must(t, err)
	must(t, d.Migrate(t.Context(), schemas...))
	o := open(t, d, clock)
	o.crowd(n)
	o.admit(o.ask("¿Cuántas unidades hay?"))
	must(t, d.Act(t.Context(), func(tx *db.Tx) error { return o.courier.Hear(tx, dbtest.Events(t, d)[o.seen:]) }))
	must(t, d.Durable(t.Context()))
	must(t, d.Close())
	return o
}
