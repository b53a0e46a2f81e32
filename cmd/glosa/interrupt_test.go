package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// pathTo is the program that a script would run.
func pathTo(ts *testscript.TestScript, name string) string {
	for dir := range strings.SplitSeq(ts.Getenv("PATH"), string(os.PathListSeparator)) {
		if path := filepath.Join(dir, name); dir != "" {
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
	}
	ts.Fatalf("no program %s", name)
	return ""
}

// interrupt runs a command that has much to do until it says where it stands, then
// interrupts it as the keys do: it ends at once, with exit code 1 and nothing written.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	cmd := exec.Command(pathTo(ts, args[0]), args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	var out bytes.Buffer
	cmd.Stdout = &out
	said, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() { cmd.Process.Kill() })
	lines := bufio.NewScanner(said)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "glosa: ") {
		ts.Fatalf("it does not say where it stands: %q", lines.Text())
	}
	ts.Logf("%s", lines.Text())
	ts.Check(cmd.Process.Signal(syscall.SIGINT))
	late := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() }) // then the code is another
	last := ""
	for lines.Scan() {
		last = lines.Text()
	}
	late.Stop()
	cmd.Wait() // its error is the code
	if code := cmd.ProcessState.ExitCode(); code != 1 || out.Len() > 0 || last != "glosa: interrupted" {
		ts.Fatalf("exit code %d, %d bytes written, the last word is %q", code, out.Len(), last)
	}
}

// hardQuotas writes quotas.csv and many.csv: one seat for each of n features in three
// categories, and 4n people at random. Nobody knows how to see quickly whether that
// can be met (three-dimensional matching).
func hardQuotas(ts *testscript.TestScript, _ bool, _ []string) {
	const n = 60
	rnd := rand.New(rand.NewPCG(0, 3))
	quotas, people := "category,feature,min,max\n", "id,c0,c1,c2\n"
	for c := range 3 {
		for f := range n {
			quotas += fmt.Sprintf("c%d,f%d,1,1\n", c, f)
		}
	}
	for i := range 4 * n {
		people += fmt.Sprintf("%d,f%d,f%d,f%d\n", i+1, rnd.IntN(n), rnd.IntN(n), rnd.IntN(n))
	}
	ts.Check(os.WriteFile(ts.MkAbs("quotas.csv"), []byte(quotas), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("many.csv"), []byte(people), 0o600))
}
