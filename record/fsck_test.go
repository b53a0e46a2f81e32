package record

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// TestFsckAccepts has another program, Tessera's fsck, judge a record of several
// tiles over HTTP, and judge it again with one byte changed. It is skipped where
// the tool cannot be had (no network, nothing cached), unless CI is "true".
func TestFsckAccepts(t *testing.T) {
	if testing.Short() {
		t.Skip("builds another program")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "tool", "-n", "fsck")
	build.Dir = filepath.Join("..", "tools")
	out, err := build.Output()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("fsck cannot be built: %v", err)
		}
		t.Skipf("fsck cannot be built: %v", err)
	}
	fsck := strings.TrimSpace(string(out))

	d := dbtest.Open(t, db.Config{Dir: t.TempDir(), NoSync: true}, Schema())
	h, _ := busyHost(t, d, glosa.NewFakeClock(dbtest.Start))
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(h.log.keys.LogKey), 0o600); err != nil {
		t.Fatal(err)
	}
	// fsck never ends once it has found a damaged tile, and its exit status says
	// nothing, so its words are read as they come.
	judge := func() (accepted bool, said string) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		cmd := exec.CommandContext(ctx, fsck, "-ui=false", "-v=1", "-storage_url="+h.web.URL+"/record/", "-public_key="+key)
		pipe, err := cmd.StderrPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(pipe); lines.Scan(); {
			said += lines.Text() + "\n"
			if strings.Contains(said, "Invalid") || strings.Contains(said, "fsck failed") {
				stop()
				cmd.Wait()
				return false, said
			}
		}
		return cmd.Wait() == nil && strings.Contains(said, "Completed ranges"), said
	}
	if ok, said := judge(); !ok {
		t.Errorf("refused:\n%s", said)
	}
	flipFile(t, h, "tile/0/000", 40)
	if ok, said := judge(); ok {
		t.Errorf("accepted with a byte changed:\n%s", said)
	}
}
