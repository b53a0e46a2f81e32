package record

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

const childEnv = "GLOSA_RECORD_CHILD" // a childConf in JSON

type childConf struct {
	Dir, URL, Data string
	Acts           bool
}

// TestKillChild is not a test of its own: TestKill runs it as another process,
// which acts and seals until it is killed.
func TestKillChild(t *testing.T) {
	raw := os.Getenv(childEnv)
	if raw == "" {
		t.Skip("run by TestKill")
	}
	var c childConf
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	d, err := db.Open(t.Context(), db.Config{Dir: c.Dir, URL: c.URL, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(killConfig(d, c.Data))
	if err != nil {
		t.Fatal(err)
	}
	go l.Follow(t.Context())
	fmt.Println("ready")
	for i := 0; ; i++ {
		if !c.Acts {
			time.Sleep(time.Hour)
		}
		subject := fmt.Sprintf("p%d-%d", os.Getpid(), i)
		if err := d.Act(t.Context(), func(tx *db.Tx) error {
			for k := range 1 + i%7 {
				if err := tx.Leave(kCounted.Event(glosa.System(), "demo26", subject, countedBody{Count: int64(k)})); err != nil {
					return err
				}
			}
			return tx.Leave(kDrafted.Event(glosa.System(), "demo26", subject, noBody{}))
		}); err != nil {
			t.Fatal(err)
		}
		fmt.Println("done", subject, 1+i%7)
	}
}

func killConfig(d *db.DB, data string) Config {
	return Config{DB: d, Folder: filepath.Join(data, "record"), Keys: filepath.Join(data, "keys"), Origin: testOrigin,
		Kinds: testKinds(), Log: slog.New(slog.DiscardHandler)}
}

// TestKill kills the process that acts and seals, at random instants, again and
// again (GLOSA_KILLS times, 8 by default), with a second node waiting to take
// over on PostgreSQL. Then: every act that was answered is in the record, no n
// twice, never two roots for one size, and the table makes the same bytes anew.
func TestKill(t *testing.T) {
	kills := 8
	if s := os.Getenv("GLOSA_KILLS"); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		setUp, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := setUp.Migrate(t.Context(), Schema()); err != nil {
			t.Fatal(err)
		}
		data := t.TempDir()
		if _, err := New(killConfig(setUp, data)); err != nil { // makes the keys
			t.Fatal(err)
		}
		if err := setUp.Close(); err != nil {
			t.Fatal(err)
		}
		k := &killing{t: t, conf: childConf{Dir: c.Dir, URL: c.URL, Data: data, Acts: true}, acked: map[string]int{}, roots: map[int64]string{}}
		if c.URL != "" {
			stop := k.standby()
			defer stop()
		}
		for range kills {
			k.once(time.Duration(20+rand.IntN(300)) * time.Millisecond)
		}
		k.judge(c)
	})
}

type killing struct {
	t    *testing.T
	conf childConf

	mu    sync.Mutex
	acked map[string]int
	roots map[int64]string
}

func (k *killing) child(conf childConf) *exec.Cmd {
	raw, err := json.Marshal(conf)
	if err != nil {
		k.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestKillChild$", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), childEnv+"="+string(raw))
	return cmd
}

// standby starts a second node that only follows.
func (k *killing) standby() (stop func()) {
	conf := k.conf
	conf.Acts = false
	cmd := k.child(conf)
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	return func() { cmd.Process.Kill(); cmd.Wait() }
}

// once runs a child, watches its checkpoints, and kills it some time after it is ready.
func (k *killing) once(after time.Duration) {
	cmd := k.child(k.conf)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	watch, done := context.WithCancel(context.Background())
	go k.watch(watch)
	var kill *time.Timer
	for lines := bufio.NewScanner(out); lines.Scan(); {
		f := strings.Fields(lines.Text())
		switch {
		case len(f) == 1 && f[0] == "ready":
			kill = time.AfterFunc(after, func() { cmd.Process.Kill() })
		case len(f) == 3 && f[0] == "done":
			n, _ := strconv.Atoi(f[2])
			k.acked[f[1]] = n
		case len(f) > 0 && f[0] != "FAIL":
			k.t.Log(lines.Text())
		}
	}
	if kill == nil {
		cmd.Process.Kill()
		k.t.Error("the child never was ready")
	}
	cmd.Wait()
	done()
}

func (k *killing) watch(ctx context.Context) {
	for ctx.Err() == nil {
		raw, err := os.ReadFile(filepath.Join(k.conf.Data, "record", "checkpoint"))
		if err == nil {
			lines := strings.SplitN(string(raw), "\n", 4)
			size, _ := decimal(lines[1])
			k.mu.Lock()
			if was, ok := k.roots[size]; ok && was != lines[2] {
				k.t.Errorf("size %d had root %s and %s", size, was, lines[2])
			}
			k.roots[size] = lines[2]
			k.mu.Unlock()
		}
		time.Sleep(3 * time.Millisecond)
	}
}

func (k *killing) judge(c db.Config) {
	t := k.t
	d := dbtest.Open(t, c, Schema())
	l, err := New(killConfig(d, k.conf.Data))
	if err != nil {
		t.Fatal(err)
	}
	h := &host{t: t, dir: k.conf.Data, d: d, log: l, clock: glosa.NewFakeClock(dbtest.Start)}
	h.follow()
	var public int64
	for _, e := range dbtest.Events(t, d) { // an act of the last child may not be on the line yet
		if e.Public {
			public++
		}
	}
	h.waitSize(public)
	for subject, n := range k.acked {
		if about, err := l.About(t.Context(), subject); err != nil || len(about) != n {
			t.Errorf("%s: %d leaves of %d (%v)", subject, len(about), n, err)
		}
	}
	h.stop()
	if r := h.verify(h.dir); !r.OK() || r.Size != public {
		t.Errorf("want %d leaves:\n%s", public, text(r))
	}
	var e edge
	rows := Rows(d)
	for e.size < public {
		list, err := rows(t.Context(), e.size, 1000)
		if err != nil || len(list) == 0 {
			t.Fatalf("rows from %d: %v", e.size, err)
		}
		for _, leaf := range list {
			e.add(leaf, func(tl tlog.Tile, data []byte) { sameFile(t, k.conf.Data, tilePath(tl), data) })
			if want, seen := k.roots[e.size]; seen {
				if root, err := e.root(); err != nil || root.String() != want {
					t.Errorf("size %d: the table has root %s, published was %s", e.size, root, want)
				}
			}
		}
	}
	e.partial(func(tl tlog.Tile, data []byte) { sameFile(t, k.conf.Data, tilePath(tl), data) })
	t.Logf("%d acts answered, %d leaves, %d checkpoints seen", len(k.acked), public, len(k.roots))
}

func sameFile(t *testing.T, data, rel string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(data, "record", filepath.FromSlash(rel)))
	if err != nil || string(got) != string(want) {
		t.Errorf("%s is not what the table makes (%v)", rel, err)
	}
}
