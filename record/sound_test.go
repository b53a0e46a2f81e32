package record

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glosa"
)

// What is damaged, or older than what was signed, is refused before it serves.
func TestSound(t *testing.T) {
	each(t, func(t *testing.T, h *host) {
		if err := h.log.Sound(t.Context()); err != nil {
			t.Fatalf("an empty house: %v", err)
		}
		h.follow()
		for i := range 600 {
			h.act(kCounted.Event(glosa.System(), "", fmt.Sprint("c", i), countedBody{Count: int64(i), Until: h.clock.Now()}))
		}
		h.waitSize(600)
		h.stop()
		h.stop = func() {}
		refused := func(why string) {
			t.Helper()
			err := h.log.Sound(t.Context())
			if glosa.KindOf(err) != glosa.Internal || !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), "restore") {
				t.Errorf("want %q, got %v", why, err)
			}
		}
		if err := h.log.Sound(t.Context()); err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join(h.dir, "record")
		for _, rel := range []string{"tile/entries/000", "tile/0/001", "tile/0/002.p/88", "checkpoint"} {
			path := filepath.Join(folder, filepath.FromSlash(rel))
			was, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			flipByte(t, folder, rel)
			refused(filepath.Base(path))
			if err := os.WriteFile(path, was, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Rename(filepath.Join(folder, "tile/0/000"), filepath.Join(folder, "aside")); err != nil {
			t.Fatal(err)
		}
		refused("000")
		if err := os.Rename(filepath.Join(folder, "aside"), filepath.Join(folder, "tile/0/000")); err != nil {
			t.Fatal(err)
		}
		forgetLeaf(t, h, 599)
		refused("an older database beside a newer record")
	})
}
