//go:build unix

package draw

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/db/dbtest"
)

// victim is what a process that does one step of a draw, and is going to be killed,
// is told.
type victim struct {
	Dir, URL string
	Deed     string
	Number   int
	Key      Receipt   // of that number
	Now      time.Time // what its clock says
	Nth      int64     // the how-manieth transaction kills it as it begins; else it dies when the step is done
}

func TestMain(m *testing.M) {
	if told := os.Getenv("GLOSA_DRAW_VICTIM"); told != "" {
		var v victim
		if err := json.Unmarshal([]byte(told), &v); err != nil {
			panic(err)
		}
		fmt.Fprintln(os.Stderr, v.live())
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func die() {
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way: not one step further
}

// deadly is a clock whose nth reading is the last thing a process does: each
// transaction reads it once, as it begins.
type deadly struct {
	glosa.Clock
	nth, read atomic.Int64
}

func (c *deadly) Now() time.Time {
	if n := c.nth.Load(); n > 0 && c.read.Add(1) == n {
		die()
	}
	return c.Clock.Now()
}

// live does one step and dies. "begin" and "done" go out before and after it.
func (v victim) live() error {
	ctx := context.Background()
	clock := &deadly{Clock: glosa.NewFakeClock(v.Now)}
	d, err := db.Open(ctx, db.Config{Dir: v.Dir, URL: v.URL, Clock: clock, NoSync: true}) // killed, not unplugged: the kernel keeps what was written
	if err != nil {
		return err
	}
	desk := lots(d)
	clock.nth.Store(v.Nth)
	os.Stdout.WriteString("begin\n")
	if err := v.act(ctx, desk); err != nil {
		return err
	}
	os.Stdout.WriteString("done\n")
	die()
	return nil
}

// act is the step.
func (v victim) act(ctx context.Context, desk *Desk) (err error) {
	switch v.Deed {
	case "freeze":
		return desk.Freeze(ctx, facilitator, ed)
	case "first seed":
		_, err = desk.Seed(ctx, facilitator, ed, seed)
	case "second seed":
		_, err = desk.Seed(ctx, government, ed, seed)
	case "reserve":
		return desk.Reserve(ctx, facilitator, ed, crashTable)
	case "accept", "decline":
		return desk.Answer(ctx, glosa.Citizen(), v.Key.Ticket, v.Key.Key, v.Deed == "accept")
	case "civil word":
		_, err = desk.Vacate(ctx, facilitator, ed, v.Number, "no_show")
	case "government word":
		_, err = desk.Vacate(ctx, government, ed, v.Number, "no_show")
	case "withdraw":
		return desk.Withdraw(ctx, glosa.Citizen(), v.Key.Ticket, v.Key.Key)
	case "chair":
		return desk.Chair(ctx, facilitator, ed, v.Number, crashTable[0])
	default:
		return fmt.Errorf("no such step: %q", v.Deed)
	}
	return err
}

// crashTable are the chairs of the draw that is killed.
var crashTable = []Chair{{glosa.Civil, 6}, {glosa.Civil, 7}, {glosa.Civil, 8}, {glosa.Civil, 9}, {glosa.Civil, 10}, {glosa.Civil, 11}}

func lots(d *db.DB) *Desk {
	return &Desk{DB: d, Safe: people.NewSafe([32]byte{5}), Keys: sameKey{}, Software: "test"}
}

// killed lets a victim live, until it kills itself or for a while after it began;
// done tells whether it said that its step was done.
func killed(t *testing.T, v victim, after time.Duration) (done bool) {
	t.Helper()
	told, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), "GLOSA_DRAW_VICTIM="+string(told))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	for sc := bufio.NewScanner(out); sc.Scan(); {
		if sc.Text() == "begin" && after > 0 {
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		done = done || sc.Text() == "done"
	}
	_ = cmd.Wait() // it is killed, or its time is up: which of them the state tells
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || ctx.Err() != nil || status.Signal() != syscall.SIGKILL {
		t.Fatalf("%q ended by itself: %s", v.Deed, said.String())
	}
	return done
}

// ledger is what the leaves say, as a fold leaves it.
type ledger struct {
	words  map[string]string
	faults []string
}

func (l *ledger) Say(of, id, what, word string) {
	if delete(l.words, what); word != "" {
		l.words[what] = word
	}
}
func (l *ledger) SayText(of, id, what string, digest glosa.Hash) {
	l.Say(of, id, what, digest.String())
}
func (l *ledger) Word(of, id, what string) string      { return l.words[what] }
func (l *ledger) Move(of, id, what, toID, to string)   { l.Fault("nothing of a draw moves") }
func (l *ledger) Drop(of, id, begins string)           { l.Fault("nothing of a draw is dropped") }
func (l *ledger) Text(commit glosa.Hash, state string) { l.Fault("a draw commits to no text") }
func (l *ledger) Fault(why string)                     { l.faults = append(l.faults, why) }

// whole opens what a victim left behind: the tables say what the events say, each
// step happened once, and nobody was asked twice. It hands out the draw, and closes
// the database again.
func whole(t *testing.T, c db.Config, now time.Time) (v View, words map[string]string) {
	t.Helper()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c.Clock, c.NoSync = glosa.NewFakeClock(now), true
	d, err := db.Open(t.Context(), c)
	ok(err)
	defer func() { ok(d.Close()) }()
	ok(d.Check(t.Context()))
	desk, l, once := lots(d), &ledger{words: map[string]string{}}, map[string]int{}
	for _, e := range dbtest.Events(t, d) {
		if e.Room != "draw" || !e.Public {
			continue
		}
		ok(Fold(l, e))
		once[e.Kind+" "+string(e.Body)]++
	}
	for what, n := range once {
		if n > 1 {
			t.Errorf("%d times: %s", n, what)
		}
	}
	if len(l.faults) > 0 {
		t.Error(l.faults)
	}
	maps.DeleteFunc(l.words, func(what, _ string) bool { return strings.HasPrefix(what, ".") }) // notes of the fold
	tables := official(t, desk)
	if a, b := fmt.Sprint(l.words), fmt.Sprint(tables); a != b {
		t.Errorf("the events say\n%s\nand the tables\n%s", a, b)
	}
	v, err = desk.View(t.Context(), ed)
	ok(err)
	holds := 0
	for _, s := range v.Seats {
		if s.Seat.Holds() {
			holds++
		}
	}
	if v.State == Drawn && (holds != v.Terms.Seats || len(v.Panel) != v.Terms.Seats) {
		t.Errorf("%d of %d seats are held: %+v", holds, v.Terms.Seats, v.Seats)
	}
	return v, tables
}

// official is what the tables publish, in digests where it is long.
func official(t *testing.T, desk *Desk) map[string]string {
	t.Helper()
	tables := map[string]string{}
	err := desk.Officials(t.Context(), func(o glosa.Official) error {
		switch {
		case o.File != "":
			f, err := o.Open()
			if err != nil {
				return err
			}
			raw, err := io.ReadAll(f)
			tables[o.What] = glosa.Digest(raw).String()
			return err
		case o.Text != "":
			tables[o.What] = glosa.Digest([]byte(o.Text)).String()
		default:
			tables[o.What] = o.Word
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

// prepare leaves a draw behind whose registration has closed, and the receipts of
// its volunteers.
func prepare(t *testing.T, c db.Config) (Terms, []Receipt) {
	t.Helper()
	clock := glosa.NewFakeClock(dbtest.Start)
	c.Clock, c.NoSync = clock, true
	d, err := db.Open(t.Context(), c)
	if err == nil {
		err = d.Migrate(t.Context(), edition.Schema(), people.Schema(), voter.Schema(), Schema())
	}
	if err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, clock: clock, Desk: lots(d)}
	r.years = &edition.Desk{DB: d, Dues: []edition.Due{r.Due()}}
	ref, err := people.ShippedReference("23")
	r.ok(err)
	r.ok((&people.Desk{DB: d}).Load(t.Context(), glosa.Admin(), ref))
	editiontest.At(t, r.years, clock, ed, edition.IntakeOpen)
	r.table()
	terms := r.terms()
	r.open(terms)
	r.register(24)
	r.ok(d.Durable(t.Context()))
	r.ok(d.Close())
	return terms, r.tickets
}

// numbered is the receipt of a number, read by its own key.
func numbered(t *testing.T, c db.Config, keys []Receipt, number int) (rc Receipt) {
	t.Helper()
	c.NoSync = true
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	r := &room{t: t, Desk: lots(d), tickets: keys}
	return r.receipt(number)
}

// killing is a draw whose process is killed, again and again.
type killing struct {
	*testing.T
	conf  db.Config
	keys  []Receipt
	now   time.Time
	kills int
}

// step has a step done by processes that are killed: as their first and their
// second transaction begin, twice in the middle, and as soon as it is done.
func (k *killing) step(deed string, number int, done func(View) bool) {
	k.Helper()
	v := victim{Dir: k.conf.Dir, URL: k.conf.URL, Deed: deed, Number: number, Now: k.now}
	if number > 0 {
		v.Key = numbered(k.T, k.conf, k.keys, number)
	}
	_, before := whole(k.T, k.conf, k.now)
	for _, how := range []struct {
		nth   int64
		after time.Duration
	}{{1, 0}, {2, 0}, {0, 1 + rand.N(12*time.Millisecond)}, {0, 1 + rand.N(30*time.Millisecond)}, {0, 0}} {
		v.Nth = how.nth
		said := killed(k.T, v, how.after)
		k.kills++
		view, after := whole(k.T, k.conf, k.now)
		if done(view) {
			for what, was := range before {
				if now := after[what]; now != was && what != "state" && !strings.HasPrefix(what, "seat.") {
					k.Errorf("%s: %s was %s and is %s", deed, what, was, now)
				}
			}
			return
		}
		if said {
			k.Fatalf("%s was done, and is not", deed)
		}
		if a, b := fmt.Sprint(before), fmt.Sprint(after); a != b {
			k.Fatalf("%s is half done:\n%s\n%s", deed, a, b)
		}
	}
	k.Fatalf("%s never gets done", deed)
}

// TestKilledBetweenTheSteps: whoever draws is killed as each step begins, in the
// middle of it and as soon as it is done, and begins again. What was done stays
// done, word for word; what was not done leaves nothing; nothing happens twice.
func TestKilledBetweenTheSteps(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		terms, keys := prepare(t, c)
		k := &killing{T: t, conf: c, keys: keys, now: terms.Closes.Add(time.Minute)}
		state := func(s State) func(View) bool { return func(v View) bool { return v.State == s } }
		seat := func(number int, s Seat) func(View) bool {
			return func(v View) bool {
				return slices.ContainsFunc(v.Seats, func(x Standing) bool { return x.Number == number && x.Seat == s })
			}
		}
		k.step("freeze", 0, state(Frozen))
		k.now = terms.SeedAt.Add(time.Minute)
		k.step("first seed", 0, func(v View) bool { return !v.Typed[glosa.Civil].IsZero() })
		k.step("second seed", 0, state(Drawn))
		v, _ := whole(t, c, k.now)
		panel := v.Panel
		k.step("reserve", 0, func(v View) bool { return len(v.Chairs) == len(crashTable) })
		k.step("accept", panel[0], seat(panel[0], Accepted))
		k.step("decline", panel[1], seat(panel[1], Declined))
		k.step("withdraw", panel[2], seat(panel[2], Withdrawn))
		k.step("government word", panel[3], func(View) bool { return wordOf(t, c, panel[3], glosa.Government) })
		k.step("civil word", panel[3], seat(panel[3], Vacated))
		k.step("chair", panel[0], func(View) bool { return chairOf(t, c, panel[0]) == crashTable[0] })
		v, _ = whole(t, c, k.now)
		if len(v.Seats) != terms.Seats+3 || !slices.Equal(v.Panel, panel) || v.Seed != seed {
			t.Errorf("%+v", v)
		}
		t.Logf("killed %d times", k.kills)
	})
}

// within reads one thing of what a victim left behind.
func within(t *testing.T, c db.Config, read func(tx *db.Tx) error) {
	t.Helper()
	c.NoSync = true
	d, err := db.Open(t.Context(), c)
	if err == nil {
		err = d.Read(t.Context(), read)
		d.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// wordOf tells whether a side said its word on a seat.
func wordOf(t *testing.T, c db.Config, number int, side glosa.Side) (said bool) {
	t.Helper()
	within(t, c, func(tx *db.Tx) error {
		words, err := selectWords(tx, ed, number)
		said = slices.ContainsFunc(words, func(w voice) bool { return w.side == side })
		return err
	})
	return said
}

func chairOf(t *testing.T, c db.Config, number int) (chair Chair) {
	t.Helper()
	within(t, c, func(tx *db.Tx) error {
		v, err := selectNumber(tx, ed, number)
		chair = Chair{v.side, v.chair}
		return err
	})
	return chair
}
