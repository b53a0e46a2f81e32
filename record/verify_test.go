package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// busyHost is a host with 300 leaves (two tiles at level 0, one at level 1),
// stopped, so that a test may lay hands on its disk.
func busyHost(t *testing.T, d *db.DB, clock *glosa.FakeClock) (*host, []asked) {
	h := newHost(t, d, clock)
	var all []asked
	for i := range 20 {
		all = append(all, h.ask(i, Opened))
	}
	for i := range 280 {
		h.act(kCounted.Event(glosa.System(), "demo26", fmt.Sprint("m", i), countedBody{Count: int64(i)}))
	}
	h.follow()
	h.waitSize(300)
	h.stop()
	h.stop = func() {}
	return h, all
}

func flipFile(t *testing.T, h *host, rel string, at int) {
	t.Helper()
	path := filepath.Join(h.dir, "record", filepath.FromSlash(rel))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[at] ^= 1
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		data[at] ^= 1
		os.WriteFile(path, data, 0o644)
	})
}

func TestVerifyNames(t *testing.T) {
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		h, all := busyHost(t, d, clock)
		if r := h.verify(h.dir); !r.OK() || r.Opened != 20 {
			t.Fatalf("untouched:\n%s", text(r))
		}
		entry := bytes.Index(mustRead(t, h, "tile/entries/000"), []byte(`"n":"7"`))
		for _, c := range []struct {
			name, file string
			at         int
			want       string
		}{
			{"AByteInAFullTile", "tile/0/000", 5*32 + 3, "tile: tile/0/000: hash 5 (bytes 160 to 191)"},
			{"AByteInAPartialTile", "tile/0/001.p/44", 43 * 32, "tile: tile/0/001.p/44: hash 43"},
			{"AByteInAnUpperTile", "tile/1/000.p/1", 31, "tile: tile/1/000.p/1: hash 0"},
			{"AByteInAnEntry", "tile/entries/000", entry + 5, "entry: leaf 7 in tile/entries/000"},
			{"AByteInAnEntrysLength", "tile/entries/001.p/44", 1, "tile/entries/001.p/44"},
			{"AByteInTheCheckpointsRoot", "checkpoint", len(testOrigin) + 8, "checkpoint: "},
			{"AByteInTheSignature", "checkpoint", len(mustRead(t, h, "checkpoint")) - 8, "checkpoint: "},
		} {
			t.Run(c.name, func(t *testing.T) {
				flipFile(t, h, c.file, c.at)
				targets := map[string]string{"folder": h.dir, "site": h.web.URL}
				if c.file == "checkpoint" {
					delete(targets, "site") // it serves the one it signed, from memory
				}
				for name, target := range targets {
					if r := h.verify(target); r.OK() || !strings.Contains(text(r), c.want) {
						t.Errorf("%s: want %q:\n%s", name, c.want, text(r))
					}
				}
			})
		}
		t.Run("ARowOfTheTable", func(t *testing.T) { testRow(t, h) })
		t.Run("APublishedText", func(t *testing.T) { testTexts(t, h, all) })
		t.Run("ABrokenPromise", func(t *testing.T) { testPromises(t, h, all) })
		t.Run("AnotherHistory", func(t *testing.T) { testHistories(t, h) })
	})
}

func mustRead(t *testing.T, h *host, rel string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(h.dir, "record", filepath.FromSlash(rel)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func setRow(t *testing.T, h *host, n int64, leaf string) {
	t.Helper()
	if err := h.d.Act(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("update record_leaf set leaf = $1 where n = $2", leaf, n)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func testRow(t *testing.T, h *host) {
	_, raw, err := h.log.leaf(t.Context(), 9)
	if err != nil {
		t.Fatal(err)
	}
	setRow(t, h, 9, strings.Replace(raw, "0009-K", "0008-K", 1))
	defer setRow(t, h, 9, raw)
	if r := h.verify(h.dir); r.OK() || !strings.Contains(text(r), "row 9 of record_leaf is not the leaf that was sealed") {
		t.Errorf("folder:\n%s", text(r))
	}
	if r := h.verify(h.web.URL); !r.OK() {
		t.Errorf("what was published did not change:\n%s", text(r))
	}
	if _, err := h.log.Receipt(t.Context(), 9, nil); err == nil {
		t.Error("a receipt for a changed leaf")
	}
}

func testTexts(t *testing.T, h *host, all []asked) {
	a := all[4]
	good, _ := OpenedText(a.commit, a.salt, a.object)
	other, _ := OpenedText(a.commit, a.salt, map[string]any{"text": "¿Cuándo cierra la clínica?", "lang": "es"})
	wrongSalt, _ := OpenedText(a.commit, a.commit, a.object)
	for _, c := range []struct {
		name string
		text *Text
		want string
	}{
		{"Changed", &other, "leaf 4 (question.received DEMO26-0004-K): the published text and salt do not open"},
		{"WithAnotherSalt", &wrongSalt, "leaf 4 (question.received DEMO26-0004-K): the published text and salt do not open"},
		{"Withheld", nil, "leaf 4 (question.received DEMO26-0004-K): MISSING"},
		{"FalselyErased", &Text{Commit: a.commit, State: Gone}, "leaf 4 (question.received DEMO26-0004-K) is said to be erased, but no leaf says"},
		{"OfAnUnknownState", &Text{Commit: a.commit, State: "lost"}, `state "lost" does not fit`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.texts = append([]Text(nil), h.texts...)
			was := h.texts
			defer func() { h.texts = was }()
			h.texts = nil
			for _, x := range was {
				if x.Commit != a.commit {
					h.texts = append(h.texts, x)
				}
			}
			if c.text != nil {
				h.texts = append(h.texts, *c.text)
			}
			if r := h.verify(h.web.URL); r.OK() || !strings.Contains(text(r), c.want) {
				t.Errorf("want %q:\n%s", c.want, text(r))
			}
		})
	}
	t.Run("ShownOtherwise", func(t *testing.T) {
		o := Options{Kinds: testKinds(), Policy: h.log.Policy(), Now: h.clock.Now(), Shown: func(_ context.Context, x Text) error {
			if x.Commit == good.Commit {
				return errors.New("the page says something else")
			}
			return nil
		}}
		r, err := Verify(t.Context(), h.web.URL, o)
		if err != nil || r.OK() || r.Failures != 1 || !strings.Contains(text(r), "leaf 4 (question.received DEMO26-0004-K): what is shown is not what was committed") {
			t.Errorf("%v:\n%s", err, text(r))
		}
	})
}

func testPromises(t *testing.T, h *host, all []asked) {
	kept := Private{Object: mustJCS(t, all[1].object), SaltServer: all[1].server, SaltDevice: all[1].device}
	keptFile, _ := kept.Write(all[1].promise, nil)
	dropped := Private{Object: mustJCS(t, "nobody stored this")}
	commit, _ := dropped.Commit()
	promise, by, err := h.log.Promise("question.received", commit, h.clock.Now())
	if err != nil || !by.Equal(h.clock.Now().Add(MergeWithin)) {
		t.Fatal(by, err)
	}
	droppedFile, _ := dropped.Write(promise, nil)
	if r := h.verify(h.web.URL, keptFile, droppedFile); !r.OK() || r.Kept != 1 || r.Waiting != 1 {
		t.Errorf("before the hour is over:\n%s", text(r))
	}
	h.clock.Advance(MergeWithin + time.Second)
	if r := h.verify(h.web.URL, keptFile, droppedFile); r.OK() || r.Kept != 1 || r.Broken != 1 || !strings.Contains(text(r), commit.String()) {
		t.Errorf("after it:\n%s", text(r))
	}
}

func mustJCS(t *testing.T, v any) []byte {
	t.Helper()
	b, err := glosa.JCS(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// testHistories: the host shows somebody else another record under the same key.
func testHistories(t *testing.T, h *host) {
	d := dbtest.Open(t, db.Config{Dir: t.TempDir(), NoSync: true, Clock: h.clock}, Schema())
	other := newHost(t, d, h.clock)
	for _, k := range []string{logKeyFile, promiseKeyFile} {
		data, err := os.ReadFile(filepath.Join(h.dir, "keys", k))
		if err == nil {
			err = os.WriteFile(filepath.Join(other.dir, "keys", k), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	other.open2()
	for i := range 301 {
		other.act(kCounted.Event(glosa.System(), "demo26", fmt.Sprint("x", i), countedBody{}))
	}
	other.follow()
	other.waitSize(301)
	other.stop()
	for _, n := range []int64{0, 200, 299} {
		receipt, err := other.log.Receipt(t.Context(), n, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r := h.verify(h.web.URL, receipt); r.OK() || !strings.Contains(text(r), "saw 301 leaves; the record now has only 300") {
			t.Errorf("of a longer one:\n%s", text(r))
		}
	}
	if r := other.verify(other.web.URL, h.log.Checkpoint().Note); r.OK() || !strings.Contains(text(r), "saw another history: at 300 leaves") {
		t.Errorf("of the same size:\n%s", text(r))
	}
}

// TestVerifyNamesALyingHost: leaves that a dishonest program signed.
func TestVerifyNamesALyingHost(t *testing.T) {
	lock := glosa.Hash(sha256.Sum256([]byte("preimage")))
	seat := func(side glosa.Side, n int) glosa.Actor { return glosa.Actor{Side: side, Seat: n} }
	two := []glosa.Code{"seat:government:1", "seat:civil:1"}
	play(t, []lie{
		{"AWithdrawalByTheAuthorIsFine", func(h *host, a asked) {
			h.act(kWithdrawn.Event(glosa.Citizen(), "demo26", a.folio, withdrawnBody{a.lock}))
		}, ""},
		{"AnInventedWithdrawal", func(h *host, a asked) {
			h.act(kWithdrawn.Event(glosa.Citizen(), "demo26", a.folio, withdrawnBody{lock}))
		}, "leaf 1 withdraws DEMO26-0001-K without opening its author's lock"},
		{"AnErasureByTwoSidesIsFine", func(h *host, a asked) {
			h.act(kErased.Event(seat(glosa.Civil, 1), "demo26", a.folio, erasedBody{Target: a.commit, Ground: "minors", Law: "lgpd", Posts: two}))
			h.publish(a, Gone)
		}, ""},
		{"AnErasureByTheAuthorIsFine", func(h *host, a asked) {
			h.act(kErased.Event(glosa.Citizen(), "demo26", a.folio, erasedBody{Target: a.commit, Ground: "author", Law: "none", Lock: &a.lock}))
			h.texts = nil // a host may also say nothing of what is gone
		}, ""},
		{"AnErasureByOne", func(h *host, a asked) {
			h.act(kErased.Event(seat(glosa.Government, 1), "demo26", a.folio, erasedBody{Target: a.commit, Ground: "minors", Law: "lgpd", Posts: two[:1]}))
			h.publish(a, Gone)
		}, "leaf 1 erases leaf 0: tombstone by fewer than two posts"},
		{"AnInventedErasure", func(h *host, a asked) {
			h.act(kErased.Event(glosa.Citizen(), "demo26", a.folio, erasedBody{Target: a.commit, Ground: "author", Law: "none", Lock: &lock}))
			h.publish(a, Gone)
		}, "leaf 1 erases leaf 0 without opening its author's lock"},
		{"ATombstoneOfNothing", func(h *host, a asked) {
			h.act(kErased.Event(seat(glosa.Civil, 1), "demo26", a.folio, erasedBody{Target: lock, Ground: "minors", Law: "lgpd", Posts: two}))
		}, "which no leaf made"},
		{"ErasedButStillShown", func(h *host, a asked) {
			h.act(kErased.Event(seat(glosa.Civil, 1), "demo26", a.folio, erasedBody{Target: a.commit, Ground: "minors", Law: "lgpd", Posts: two}))
		}, "was erased by leaf 1 but is still opened"},
		{"LateInsertion", func(h *host, a asked) {
			h.act(kSealed.Event(glosa.System(), "demo26", "demo26", noBody{}))
			h.ask(2, Opened)
		}, "leaf 2 receives DEMO26-0002-K after the intake of demo26 was sealed by leaf 1"},
		{"PaperCountedBeforeTheSealIsFine", func(h *host, a asked) {
			h.act(kPaper.Event(seat(glosa.Civil, 1), "demo26", "demo26-d1", paperBody{2}))
			h.act(kSealed.Event(glosa.System(), "demo26", "demo26", noBody{}))
			h.ask(2, Opened)
			h.ask(3, Opened)
		}, ""},
		{"MorePaperThanWasCounted", func(h *host, a asked) {
			h.act(kPaper.Event(seat(glosa.Civil, 1), "demo26", "demo26-d1", paperBody{1}))
			h.act(kPaper.Event(seat(glosa.Civil, 1), "demo25", "demo25-d1", paperBody{9}))
			h.act(kSealed.Event(glosa.System(), "demo26", "demo26", noBody{}))
			h.ask(2, Opened)
			h.ask(3, Opened)
		}, "leaf 5 receives DEMO26-0003-K after the intake of demo26 was sealed by leaf 3"},
		{"PaperCountedAfterTheSeal", func(h *host, a asked) {
			h.act(kSealed.Event(glosa.System(), "demo26", "demo26", noBody{}))
			h.act(kPaper.Event(seat(glosa.Civil, 1), "demo26", "demo26-d1", paperBody{2}))
			h.ask(2, Opened)
		}, "leaf 3 receives DEMO26-0002-K after the intake of demo26 was sealed by leaf 1"},
	})
}

// TestVerifyNamesOneSide: erasures and refusals that one side alone decided.
func TestVerifyNamesOneSide(t *testing.T) {
	seat := glosa.Actor{Side: glosa.Civil, Seat: 1}
	tombstone := func(h *host, a asked, posts ...glosa.Code) {
		h.act(kErased.Event(seat, "demo26", a.folio, erasedBody{Target: a.commit, Ground: "minors", Law: "lgpd", Posts: posts}))
		h.publish(a, Gone)
	}
	refusal := func(h *host, a asked, posts ...glosa.Code) {
		h.act(kRefused.Event(seat, "demo26", a.folio, refusedBody{Ground: "illegal", Posts: posts}))
	}
	invite := func(h *host, post glosa.PostKey, side glosa.Side) {
		h.act(kInvited.Event(glosa.Admin(), "demo26", "demo26", invitedBody{Post: post, Side: side}))
	}
	play(t, []lie{
		{"ATombstoneOfOneSide", func(h *host, a asked) { tombstone(h, a, "seat:civil:1", "seat:civil:2") },
			"leaf 1 erases leaf 0: tombstone by two posts of one side: seat:civil:1, seat:civil:2"},
		{"ATombstoneOfAPostAndASeatOfItsSide", func(h *host, a asked) {
			invite(h, "titular", glosa.Government)
			tombstone(h, a, "post:titular", "seat:government:2")
		}, "leaf 2 erases leaf 0: tombstone by two posts of one side: post:titular, seat:government:2"},
		{"ATombstoneOfAPostThatNobodyPlaced", func(h *host, a asked) { tombstone(h, a, "post:titular", "seat:civil:2") },
			"leaf 1 erases leaf 0: tombstone by posts of which no leaf says the side: post:titular"},
		{"ATombstoneOfAPostAndASeatIsFine", func(h *host, a asked) {
			invite(h, "titular", glosa.Government)
			tombstone(h, a, "post:titular", "seat:civil:2")
		}, ""},
		{"ATombstoneOfTheObservatory", func(h *host, a asked) { tombstone(h, a, "seat:observatory:1", "seat:civil:2") },
			"tombstone without both a post of the government and one of civil society"},
		{"ARefusalByTwoSidesIsFine", func(h *host, a asked) { refusal(h, a, "seat:government:1", "seat:civil:1") }, ""},
		{"ARefusalOfOneSide", func(h *host, a asked) { refusal(h, a, "seat:government:1", "seat:government:2") },
			"leaf 1 refuses DEMO26-0001-K by two posts of one side: seat:government:1, seat:government:2"},
		{"ARefusalByOne", func(h *host, a asked) { refusal(h, a, "seat:government:1", "seat:government:1") }, "leaf 1 refuses DEMO26-0001-K by fewer than two posts"},
	})
}

// TestVerifyFollowUps: a follow-up is withdrawn by a lock of its own; what its
// question published opens nothing of it.
func TestVerifyFollowUps(t *testing.T) {
	own, salt := glosa.Hash(sha256.Sum256([]byte("lock/follow"))), glosa.Hash(sha256.Sum256([]byte("salt")))
	follow := func(h *host, preimage glosa.Hash) {
		commit, err := glosa.Commit(salt, "¿De verdad?")
		if err != nil {
			t.Fatal(err)
		}
		text, err := OpenedText(commit, salt, "¿De verdad?")
		if err != nil {
			t.Fatal(err)
		}
		h.act(kFollowed.Event(glosa.Citizen(), "demo26", "DEMO26-0009-F", receivedBody{commit, glosa.Hash(sha256.Sum256(own[:]))}))
		h.act(kWithdrawn.Event(glosa.Citizen(), "demo26", "DEMO26-0009-F", withdrawnBody{preimage}))
		h.mu.Lock()
		h.texts = append(h.texts, text)
		h.mu.Unlock()
	}
	play(t, []lie{
		{"ByItsOwnLock", func(h *host, a asked) { follow(h, own) }, ""},
		{"ByItsQuestionsLock", func(h *host, a asked) { follow(h, a.lock) }, "leaf 2 withdraws DEMO26-0009-F without opening its author's lock"},
	})
}

// lie is what a host may do to its record.
type lie struct {
	name string
	do   func(h *host, a asked)
	want string // "" when all is well
}

// play does each thing to a fresh record with one question, and verifies it.
func play(t *testing.T, all []lie) {
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *host) {
				h.follow()
				c.do(h, h.ask(1, Opened))
				head, err := h.d.Settled(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				h.waitSize(head)
				r := h.verify(h.web.URL)
				if r.OK() != (c.want == "") || !strings.Contains(text(r), c.want) {
					t.Errorf("want %q:\n%s", c.want, text(r))
				}
			})
		})
	}
}

// TestVerifyNamesBadLeaves: rows that no follower wrote, signed all the same.
func TestVerifyNamesBadLeaves(t *testing.T) {
	good := `{"at":"2026-03-02T15:00:00Z","body":{},"by":"system","ed":"demo26","id":"x","kind":"edition.intake_sealed","n":"1","v":1}`
	for _, c := range []struct{ name, leaf, want string }{
		{"Good", good, ""},
		{"WrongNumber", strings.Replace(good, `"n":"1"`, `"n":"2"`, 1), "the leaf at index 1 says it is number 2"},
		{"UnknownKind", strings.Replace(good, "intake_sealed", "invented", 1), `unknown kind "edition.invented"`},
		{"Spaced", strings.Replace(good, `"body":`, `"body": `, 1), "leaf 1: "},
		{"ExtraField", strings.Replace(good, `{}`, `{"name":"x"}`, 1), "unknown field"},
		{"FreeText", strings.Replace(good, `"id":"x"`, `"id":"a b"`, 1), "leaf 1: "},
		{"NotJSON", "hello", "leaf without a kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *host) {
				h.follow()
				h.ask(0, Opened)
				h.waitSize(1)
				h.stop()
				if err := h.log.insert(t.Context(), 0, []row{{1, 99, "x", []byte(c.leaf)}}); err != nil {
					t.Fatal(err)
				}
				h.follow()
				h.waitSize(2)
				if r := h.verify(h.web.URL); r.OK() != (c.want == "") || !strings.Contains(text(r), c.want) {
					t.Errorf("want %q:\n%s", c.want, text(r))
				}
			})
		})
	}
}
