package record

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glosa"
	"glosa/db"
)

func TestRestore(t *testing.T) {
	each(t, func(t *testing.T, h *host) {
		h.follow()
		h.ask(0, Opened)
		h.waitSize(1)
		older := h.log.Checkpoint().Note
		a := h.ask(1, Opened)
		h.ask(2, Opened)
		h.waitSize(3)
		newer := h.log.Checkpoint().Note
		receipt, err := h.log.Receipt(t.Context(), 1, a.promise)
		if err != nil {
			t.Fatal(err)
		}
		h.stop()
		check := func(change func(r *Restore)) (Found, error) {
			r := Restore{DB: h.d, Folder: filepath.Join(h.dir, "record"), Keys: filepath.Join(h.dir, "keys"),
				Origin: testOrigin, Kinds: testKinds()}
			change(&r)
			return CheckRestore(t.Context(), r)
		}
		for name, saved := range map[string][]byte{"older": older, "newer": newer, "receipt": receipt} {
			got, err := check(func(r *Restore) { r.Saved = saved })
			if err != nil || !got.Checked || got.Size != 3 || got.Root != glosa.Hash(h.log.Checkpoint().Root) {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
		if _, err := check(func(*Restore) {}); err == nil || !strings.Contains(err.Error(), "give a saved checkpoint") {
			t.Errorf("with nothing to hold it against: %v", err)
		}
		if got, err := check(func(r *Restore) { r.NoCheckpoint = true }); err != nil || got.Checked || got.Size != 3 {
			t.Errorf("with no checkpoint, said so: %+v, %v", got, err)
		}
		if _, err := check(func(r *Restore) { r.Saved = []byte("hello") }); err == nil {
			t.Error("held against nonsense")
		}
		forgetLeaf(t, h, 2) // the database as it was one leaf ago: an older backup
		if _, err := check(func(r *Restore) { r.Saved = newer; r.Folder = t.TempDir() }); !errors.Is(err, ErrOlder) {
			t.Errorf("an older backup beside a newer checkpoint: %v", err)
		}
		if _, err := check(func(r *Restore) { r.NoCheckpoint = true }); !errors.Is(err, ErrOlder) {
			t.Errorf("an older database beside a newer tree: %v", err)
		}
		if _, err := check(func(r *Restore) { r.Saved = older; r.Served, r.Folder = r.Folder, t.TempDir() }); !errors.Is(err, ErrOlder) {
			t.Errorf("an older backup where a newer record was served: %v", err)
		}
		if _, err := check(func(r *Restore) { r.Saved = older; r.Served, r.Folder = t.TempDir(), t.TempDir() }); err != nil {
			t.Errorf("nothing later was published, as far as anybody knows: %v", err)
		}

		// Another history of the same length.
		setRow(t, h, 0, `{"at":"2026-03-02T15:00:00Z","body":{},"by":"system","ed":"","id":"x","kind":"edition.intake_sealed","n":"0","v":1}`)
		if _, err := check(func(r *Restore) { r.Saved = older; r.Folder = t.TempDir() }); err == nil || !strings.Contains(err.Error(), "another history") {
			t.Errorf("another history: %v", err)
		}
	})
}

func forgetLeaf(t *testing.T, h *host, n int64) {
	t.Helper()
	if err := h.d.Act(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec("delete from record_about where n = $1", n); err != nil {
			return err
		}
		_, err := tx.Exec("delete from record_leaf where n = $1", n)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestAFolderThatIsGoneIsMadeAgain, since it is a pure function of the table;
// one whose tiles are damaged is not written to.
func TestAFolderThatIsGoneIsMadeAgain(t *testing.T) {
	each(t, func(t *testing.T, h *host) {
		h.follow()
		h.ask(0, Opened)
		h.waitSize(1)
		h.stop()
		cp := h.log.Checkpoint()
		if err := os.RemoveAll(filepath.Join(h.dir, "record", "tile")); err != nil {
			t.Fatal(err)
		}
		h.open2()
		h.follow()
		h.wait("pause", func() bool { return h.log.Status().Paused })
		if err := os.RemoveAll(filepath.Join(h.dir, "record")); err != nil {
			t.Fatal(err)
		}
		h.wait("return", func() bool { return !h.log.Status().Paused })
		h.waitSize(1)
		if got := h.log.Checkpoint(); string(got.Note) != string(cp.Note) {
			t.Errorf("%s\nwant\n%s", got.Note, cp.Note)
		}
	})
}
