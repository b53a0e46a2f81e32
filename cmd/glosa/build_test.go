package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTwoBuildsEqualBytes builds the program from two copies of the source in
// different folders: whoever rebuilds a release gets the same bytes.
func TestTwoBuildsEqualBytes(t *testing.T) {
	root := filepath.Join("..", "..")
	list, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil && os.Getenv("CI") == "" {
		t.Skipf("not a git checkout: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	source := map[string][]byte{} // read once: somebody may be writing
	for name := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
		raw, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		source[name] = raw
	}
	built := [2][]byte{buildIn(t, t.TempDir(), source), buildIn(t, t.TempDir(), source)}
	if !bytes.Equal(built[0], built[1]) {
		t.Errorf("two builds differ: %d and %d bytes", len(built[0]), len(built[1]))
	}
	if size := len(built[0]); size > 70<<20 {
		t.Errorf("the program has %d MB, the budget is 70", size>>20)
	}
}

// buildIn writes the source into a folder and builds the program there.
func buildIn(t *testing.T, dir string, source map[string][]byte) []byte {
	t.Helper()
	for name, raw := range source {
		dest := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(dest), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dest, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "glosa")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, "./cmd/glosa")
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestUnitIsHardened reads the systemd unit that operators copy.
func TestUnitIsHardened(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "operator", "glosa.service"))
	if err != nil {
		t.Fatal(err)
	}
	unit := string(raw)
	for _, want := range []string{"User=glosa", "NoNewPrivileges=yes", "CapabilityBoundingSet=\n", "ProtectSystem=strict", "ProtectHome=yes",
		"PrivateTmp=yes", "PrivateDevices=yes", "MemoryDenyWriteExecute=yes", "RestrictSUIDSGID=yes", "SystemCallFilter=@system-service", "UMask=0077"} {
		if !strings.Contains(unit, want) {
			t.Errorf("the unit lacks %q", strings.TrimSpace(want))
		}
	}
	if strings.Contains(unit, "User=root") || strings.Contains(unit, "password") {
		t.Error("the unit runs as root or carries a password")
	}
}
