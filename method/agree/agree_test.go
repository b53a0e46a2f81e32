package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"glosa/publishedtest"
)

// emulators run the programs of another processor on this one.
var emulators = map[string][]string{"amd64": {"qemu-x86_64-static", "qemu-x86_64"}, "arm64": {"qemu-aarch64-static", "qemu-aarch64"}}

// TestSameBytes: every method, on published and on made data, comes to the same
// bytes on this processor and on another kind, which fuses products and sums where
// it may, with one thread and with two, and from one run to the next, in which maps
// are in another order. GLOSA_AGREE=all takes the largest sets too.
func TestSameBytes(t *testing.T) {
	args := []string{publishedtest.Path(t)}
	if os.Getenv("GLOSA_AGREE") == "all" {
		args = append([]string{"-all"}, args...)
	}
	native := built(t, runtime.GOARCH)
	want := printed(t, 1, native, args...)
	covers(t, want)
	for i := range 2 {
		compare(t, fmt.Sprintf("run %d with two threads", i+1), printed(t, 2, native, args...), want)
	}
	if testing.Short() {
		return // the other processor is no part of the race detector's round
	}
	other := "arm64"
	if runtime.GOARCH == other {
		other = "amd64"
	}
	for _, name := range emulators[other] {
		if emulator, err := exec.LookPath(name); err == nil {
			compare(t, other, printed(t, 2, emulator, append([]string{built(t, other)}, args...)...), want)
			return
		}
	}
	message := fmt.Sprintf("no emulator of %s (Debian: qemu-user-static)", other)
	if os.Getenv("CI") != "" {
		t.Fatal(message)
	}
	t.Skip(message)
}

// built is this program for a processor.
func built(t *testing.T, arch string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "agree-"+arch+".exe")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Env = append(os.Environ(), "GOARCH="+arch, "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building for %s: %v\n%s", arch, err, out)
	}
	return program
}

func printed(t *testing.T, threads int, program string, args ...string) []string {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env, cmd.Stderr = append(os.Environ(), fmt.Sprint("GOMAXPROCS=", threads)), &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// covers wants results of every method, each under a name of its own, and nothing
// refused but what is not defined.
func covers(t *testing.T, lines []string) {
	t.Helper()
	seen, names := map[string]int{}, map[string]bool{}
	for _, line := range lines {
		sum, name, _ := strings.Cut(line, " ")
		if names[name] {
			t.Errorf("%s twice", name)
		}
		names[name] = true
		if sum == "refused" {
			if !strings.HasSuffix(name, "only for approval ballots") && !strings.HasSuffix(name, "take a larger increment") {
				t.Error(line)
			}
			continue
		}
		method, _, _ := strings.Cut(name, ",")
		method, _, _ = strings.Cut(method, " ")
		seen[method]++
	}
	for method, least := range map[string]int{"cluster": 45, "shares": 400, "all": 200, "sortition": 100, "alike": 12, "cell": 1} {
		if seen[method] < least {
			t.Errorf("%d results of %s, want %d at least", seen[method], method, least)
		}
	}
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d lines, want %d", what, len(got), len(want))
	}
	for i, line := range got {
		if line != want[i] {
			t.Errorf("%s:\n got %s\nwant %s", what, line, want[i])
		}
	}
}
