package main

import (
	"bufio"
	"errors"
	"html"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"glosa": main})
}

// TestScripts runs testdata/*.txt: the command line as people type it. Beside
// testscript's own commands a script has
//
//	exits CODE glosa …   the command ends with that exit code
//	start glosa …        runs a server until stop; its address is $URL
//	stop                 asks it to stop, and it does, without an error
//	get URL FILE         keeps what an address answers
//	flip FILE            changes one byte in the middle of a file
//	hard-quotas          writes quotas.csv and many.csv, with which nobody comes to an end
//	interrupt glosa …    the command says where it stands, and ends when interrupted
func TestScripts(t *testing.T) {
	running := map[*testscript.TestScript]*exec.Cmd{}
	testscript.Run(t, testscript.Params{Dir: "testdata", Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"exits": exits,
		"start": func(ts *testscript.TestScript, _ bool, args []string) { running[ts] = start(ts, args) },
		"stop": func(ts *testscript.TestScript, _ bool, _ []string) {
			ts.Check(running[ts].Process.Signal(syscall.SIGTERM))
			ts.Check(running[ts].Wait())
		},
		"get":         get,
		"flip":        flip,
		"hard-quotas": hardQuotas,
		"interrupt":   interrupt,
		"types":       types,
	}})
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// start runs a server in the background until it says where it listens.
func start(ts *testscript.TestScript, args []string) *exec.Cmd {
	cmd := exec.Command(pathTo(ts, args[0]), args[1:]...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), append(os.Environ(), "HOME="+ts.MkAbs("."))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "Glosa: ")
	if err != nil || !ok {
		cmd.Wait()
		ts.Fatalf("no address: %q, %v\n%s", line, err, said.String())
	}
	ts.Setenv("URL", strings.TrimSuffix(address, "/"))
	return cmd
}

func get(ts *testscript.TestScript, _ bool, args []string) {
	client := http.Client{Timeout: 20 * time.Second}
	res, err := client.Get(args[0])
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	if res.StatusCode != http.StatusOK {
		ts.Fatalf("%s: %s\n%s", args[0], res.Status, body)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o600))
}

func flip(ts *testscript.TestScript, _ bool, args []string) {
	raw, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	raw[len(raw)/2] ^= 0xff
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), raw, 0o600))
}

// typed is a command on a page: a whole line.
var typed = regexp.MustCompile(`(?s)<pre[^>]*><code>(.*?)</code></pre>`)

func types(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	found := typed.FindAllStringSubmatch(ts.ReadFile(args[0]), -1)
	if len(found) != n {
		ts.Fatalf("%s tells %d commands, want %d", args[0], len(found), n)
	}
	for _, c := range found {
		line := html.UnescapeString(c[1])
		ts.Logf("$ %s", line)
		if err = errors.Join(err, ts.Exec("sh", "-c", line)); err != nil && !neg {
			ts.Fatalf("%s: %v", line, err)
		}
	}
	if neg && err == nil {
		ts.Fatalf("every command that %s tells ended well", args[0])
	}
}
