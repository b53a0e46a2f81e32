package record

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

const testOrigin = "glosa.example/record"

type (
	receivedBody struct {
		Commit glosa.Hash `json:"commit"`
		Lock   glosa.Hash `json:"lock"`
	}
	erasedBody struct {
		Target glosa.Hash   `json:"target"`
		Ground glosa.Code   `json:"ground"`
		Law    glosa.Code   `json:"law"`
		Posts  []glosa.Code `json:"posts"`
		Lock   *glosa.Hash  `json:"lock,omitempty"`
	}
	withdrawnBody struct {
		Lock glosa.Hash `json:"lock"`
	}
	countedBody struct {
		Count int64     `json:"count"`
		Large int64     `json:"large,string"`
		Until time.Time `json:"until"`
	}
	refusedBody struct {
		Ground glosa.Code   `json:"ground"`
		Posts  []glosa.Code `json:"posts"`
	}
	invitedBody struct {
		Post glosa.PostKey `json:"post,omitempty"`
		Side glosa.Side    `json:"side"`
	}
	paperBody struct {
		Waiting int `json:"waiting"`
	}
	listedBody struct {
		Commits []glosa.Hash `json:"commits"`
	}
	noBody struct{}
)

var (
	kReceived  = glosa.EventKind{Name: "question.received", Public: true, Body: receivedBody{}}
	kFollowed  = glosa.EventKind{Name: "question.followed", Public: true, Body: receivedBody{}}
	kErased    = glosa.EventKind{Name: "text.erased", Public: true, Body: erasedBody{}}
	kWithdrawn = glosa.EventKind{Name: "question.withdrawn", Public: true, Body: withdrawnBody{}}
	kRefused   = glosa.EventKind{Name: "question.refused", Public: true, Body: refusedBody{}}
	kInvited   = glosa.EventKind{Name: "auth.invited", Public: true, Body: invitedBody{}}
	kCounted   = glosa.EventKind{Name: "ballot.counted", Public: true, Body: countedBody{}}
	kSealed    = glosa.EventKind{Name: "edition.intake_sealed", Public: true, Body: noBody{}}
	kListed    = glosa.EventKind{Name: "ballot.listed", Public: true, Body: listedBody{}}
	kPaper     = glosa.EventKind{Name: "intake.counted", Public: true, Body: paperBody{}}
	kDrafted   = glosa.EventKind{Name: "question.drafted", Body: noBody{}}
	kUnknown   = glosa.EventKind{Name: "later.invented", Public: true, Body: noBody{}}
)

func testKinds() []glosa.EventKind {
	return append(Kinds(), kReceived, kFollowed, kErased, kWithdrawn, kRefused, kInvited, kCounted, kListed, kSealed, kPaper, kDrafted)
}

// site is one running host: database, log, texts, an HTTP server.
type host struct {
	t     testing.TB
	dir   string
	d     *db.DB
	log   *Log
	web   *httptest.Server
	clock *glosa.FakeClock

	mu    sync.Mutex
	texts []Text
	stop  func()
}

func newHost(t testing.TB, d *db.DB, clock *glosa.FakeClock) *host {
	h := &host{t: t, dir: t.TempDir(), d: d, clock: clock, stop: func() {}}
	h.open()
	h.web = httptest.NewServer(h.log.Handler())
	t.Cleanup(func() { h.web.Close(); h.stop() })
	return h
}

func (h *host) config() Config {
	return Config{DB: h.d, Folder: filepath.Join(h.dir, "record"), Keys: filepath.Join(h.dir, "keys"), Origin: testOrigin,
		Kinds: testKinds(), Texts: h.serveTexts, Log: slog.New(slog.DiscardHandler)}
}

func (h *host) open() {
	l, err := New(h.config())
	if err != nil {
		h.t.Fatal(err)
	}
	h.log = l
}

func (h *host) serveTexts(_ context.Context, emit func(Text) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.texts {
		if err := emit(t); err != nil {
			return err
		}
	}
	return nil
}

// follow keeps the record until stop is called.
func (h *host) follow() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { h.log.Follow(ctx); close(done) }()
	h.stop = func() { cancel(); <-done }
}

func (h *host) act(e glosa.Event) {
	h.t.Helper()
	if err := h.d.Act(h.t.Context(), func(tx *db.Tx) error { return tx.Leave(e) }); err != nil {
		h.t.Fatal(err)
	}
}

// asked is what an author keeps of one question.
type asked struct {
	folio   string
	commit  glosa.Hash
	salt    glosa.Hash
	lock    glosa.Hash // preimage
	object  map[string]any
	server  [32]byte
	device  [16]byte
	promise []byte
}

// ask submits question n: promise, event, published text.
func (h *host) ask(n int, state TextState) asked {
	h.t.Helper()
	a := asked{folio: fmt.Sprintf("DEMO26-%04d-K", n), lock: sha256.Sum256(fmt.Appendf(nil, "lock %d", n)),
		object: map[string]any{"text": fmt.Sprintf("¿Cuándo abre la clínica %d?", n), "lang": "es"}}
	a.server = sha256.Sum256(fmt.Appendf(nil, "server %d", n))
	copy(a.device[:], fmt.Sprintf("device %d", n))
	a.salt = glosa.Salt(a.server, a.device)
	var err error
	if a.commit, err = glosa.Commit(a.salt, a.object); err != nil {
		h.t.Fatal(err)
	}
	if a.promise, _, err = h.log.Promise("question.received", a.commit, h.clock.Now()); err != nil {
		h.t.Fatal(err)
	}
	h.act(kReceived.Event(glosa.Citizen(), "demo26", a.folio, receivedBody{a.commit, sha256.Sum256(a.lock[:])}))
	h.publish(a, state)
	return a
}

func (h *host) publish(a asked, state TextState) {
	text := Text{Commit: a.commit, State: state}
	if state == Opened {
		text, _ = OpenedText(a.commit, a.salt, a.object)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.texts {
		if h.texts[i].Commit == a.commit {
			h.texts[i] = text
			return
		}
	}
	h.texts = append(h.texts, text)
}

func (h *host) waitSize(n int64) {
	h.t.Helper()
	h.wait(fmt.Sprintf("%d leaves", n), func() bool { return h.log.Size() >= n })
}

func (h *host) wait(what string, done func() bool) {
	h.t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatalf("no %s: %+v", what, h.log.Status())
		}
	}
}

func (h *host) verify(target string, saved ...[]byte) *Report {
	h.t.Helper()
	o := Options{Kinds: testKinds(), Policy: h.log.Policy(), Saved: saved, Now: h.clock.Now(), Settle: -1}
	if target == h.dir {
		o.Rows, o.Texts = Rows(h.d), h.serveTexts
	}
	r, err := Verify(h.t.Context(), target, o)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func each(t *testing.T, body func(t *testing.T, h *host)) {
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		body(t, newHost(t, d, clock))
	})
}

func text(r *Report) string { return strings.Join(r.Lines(), "\n") }

func TestRecord(t *testing.T) {
	each(t, func(t *testing.T, h *host) {
		h.follow()
		var all []asked
		for i := range 5 {
			all = append(all, h.ask(i, Opened))
		}
		h.act(kDrafted.Event(glosa.System(), "demo26", "DEMO26-0001-K", noBody{})) // private: no leaf
		all = append(all, h.ask(5, Sealed))
		h.act(kCounted.Event(glosa.System(), "demo26", "m1", countedBody{Count: 1 << 50, Large: 1 << 60, Until: h.clock.Now()}))
		h.waitSize(7)

		for name, target := range map[string]string{"Site": h.web.URL, "Folder": h.dir} {
			t.Run(name+"Verifies", func(t *testing.T) {
				r := h.verify(target, h.log.Checkpoint().Note)
				if !r.OK() || r.Size != 7 || r.Opened != 5 || r.Sealed != 1 || r.Missing != 0 {
					t.Fatalf("%s", text(r))
				}
			})
		}
		t.Run("ALeafIsFoundByItsEventAndItsFolio", func(t *testing.T) {
			n, ok := h.log.IndexOf(t.Context(), 7) // event 6 is private
			if !ok || n != 5 {
				t.Errorf("event 7 is leaf %d (%v), want 5", n, ok)
			}
			if _, ok := h.log.IndexOf(t.Context(), 6); ok {
				t.Error("a private event has a leaf")
			}
			about, err := h.log.About(t.Context(), all[2].folio)
			if err != nil || len(about) != 1 || about[0].N != 2 || about[0].Commits[0] != all[2].commit {
				t.Errorf("about %s: %+v, %v", all[2].folio, about, err)
			}
		})
		t.Run("ReceiptsVerifyOffline", func(t *testing.T) { testReceipts(t, h, all[3]) })
		t.Run("RebuiltFromTheTableItHasTheSameBytes", func(t *testing.T) {
			h.stop()
			was := dirBytes(t, filepath.Join(h.dir, "record"))
			if err := os.RemoveAll(filepath.Join(h.dir, "record")); err != nil {
				t.Fatal(err)
			}
			h.open2()
			h.follow()
			h.waitSize(7)
			h.stop()
			if now := dirBytes(t, filepath.Join(h.dir, "record")); now != was {
				t.Errorf("rebuilt:\n%s\nwas:\n%s", now, was)
			}
		})
	})
}

// open2 opens the log anew behind the same server.
func (h *host) open2() {
	h.open()
	h.web.Config.Handler = h.log.Handler()
}

func dirBytes(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Base(filepath.Dir(path)) == ".tmp" {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		fmt.Fprintf(&b, "%s %x\n", rel, sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func testReceipts(t *testing.T, h *host, a asked) {
	about, err := h.log.About(t.Context(), a.folio)
	if err != nil {
		t.Fatal(err)
	}
	shareable, err := h.log.Receipt(t.Context(), about[0].N, a.promise)
	if err != nil {
		t.Fatal(err)
	}
	object, err := glosa.JCS(a.object)
	if err != nil {
		t.Fatal(err)
	}
	p := Private{Object: object, SaltDevice: a.device, SaltServer: a.server}
	private, err := p.Write(a.promise, shareable)
	if err != nil {
		t.Fatal(err)
	}
	pending, err := p.Write(a.promise, nil)
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, data []byte, want string, ok bool) {
		t.Helper()
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if r := h.verify(path); r.OK() != ok || !strings.Contains(text(r), want) {
			t.Errorf("%s: want %q, %v:\n%s", name, want, ok, text(r))
		}
	}
	check("shareable", shareable, "is leaf 3 of the record", true)
	check("private", private, "opens the commitment", true)
	check("pending", pending, "1 waiting", true)
	flip := func(b []byte, at string) []byte {
		i := strings.Index(string(b), at)
		if i < 0 {
			t.Fatalf("no %q in %s", at, b)
		}
		c := append([]byte(nil), b...)
		c[i+len(at)]++
		return c
	}
	check("index", []byte(strings.Replace(string(shareable), "index 3", "index 2", 1)), "FAILURE", false)
	check("leaf", flip(shareable, "extra "), "FAILURE", false)
	check("hash", flip(shareable, "index 3\n"), "FAILURE", false)
	check("signature", flip(shareable, "\n\n— "+testOrigin+" "), "FAILURE", false)
	check("text", []byte(strings.Replace(string(private), "clínica 3", "clínica 4", 1)), "does not open", false)
	check("object", []byte(strings.Replace(string(pending), "clínica 3", "clínica 4", 1)), "does not open", false)
	if r := h.verify(h.web.URL, private, shareable, pending); !r.OK() || r.Kept != 3 {
		t.Errorf("receipts beside the site:\n%s", text(r))
	}
}
