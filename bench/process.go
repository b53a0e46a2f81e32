package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"glosa/bench/ceiling"
)

// build builds the program as a release does.
func (r *run) build(ctx context.Context) error {
	r.glosa = filepath.Join(r.dir, "glosa.exe") // a name that every system runs
	out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", r.glosa, "glosa/cmd/glosa").CombinedOutput()
	if err != nil {
		return fmt.Errorf("building glosa: %w\n%s", err, out)
	}
	return nil
}

// process is a server that was started and has said where it listens.
type process struct {
	cmd   *exec.Cmd
	addr  string
	inner string // of metrics and profiles, if it has them
	said  bytes.Buffer
	gone  chan error
}

// launch starts a program and waits until it prints its address.
func launch(ctx context.Context, program string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, program, args...), gone: make(chan error, 1)}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stderr = &p.said
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = 10 * time.Second
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	for p.addr == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			p.cmd.Wait()
			return nil, fmt.Errorf("%s %s: %s", filepath.Base(program), strings.Join(args, " "), p.said.String())
		}
		if _, at, ok := strings.Cut(line, "http://"); ok {
			p.addr, _, _ = strings.Cut(at, "/")
		}
	}
	go func() {
		io.Copy(io.Discard, lines)
		p.gone <- p.cmd.Wait()
	}()
	return p, nil
}

// stop asks it to end and waits until it has.
func (p *process) stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.gone
}

// serve starts glosa on a folder, behind the proxy that this generator plays.
func (r *run) serve(ctx context.Context, at place, more ...string) (*process, error) {
	args := []string{"serve", "--data", at.dir, "--addr", "127.0.0.1:0", "--behind-proxy"}
	if at.url != "" {
		args = append(args, "--database", at.url)
	}
	return r.watched(ctx, append(args, more...)...)
}

// serveRested is serve once the followers have drained what the filling left them:
// what they still do at the start would be counted as the pages' own. It says how
// long that took where it is worth saying.
func (r *run) serveRested(ctx context.Context, at place, more ...string) (*process, error) {
	p, err := r.serve(ctx, at, more...)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := p.rest(ctx); err != nil {
		p.stop()
		return nil, err
	}
	if took := time.Since(began); took > 10*time.Second {
		r.print(line{what: fmt.Sprintf("  followers at rest, %s questions", count(at.size)), result: fmt.Sprintf("%.0f s after the start", took.Seconds()), none: true})
	}
	return p, nil
}

// rest waits until the process does nothing of itself: less than a tenth of one
// processor over a second, twice.
func (p *process) rest(ctx context.Context) error {
	for quiet, was := 0, p.cpu(); quiet < 2; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
		now := p.cpu()
		if quiet++; now-was > 100*time.Millisecond {
			quiet = 0
		}
		was = now
	}
	return nil
}

// watched starts glosa with a listener for metrics and profiles.
func (r *run) watched(ctx context.Context, args ...string) (*process, error) {
	inner, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, err := launch(ctx, r.glosa, append(args, "--metrics", inner)...)
	if err != nil {
		return nil, err
	}
	p.inner = inner
	return p, nil
}

func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}

// profile writes the CPU profile of the process during while.
func (p *process) profile(ctx context.Context, file string, while time.Duration) error {
	seconds := max(1, int(while/time.Second))
	res, err := fetch(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", p.inner, seconds))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(f, res.Body)
	return err
}

// cpu is the processor time that the process has used, as Linux tells it; 0 elsewhere.
func (p *process) cpu() time.Duration {
	const tick = 10 * time.Millisecond
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // the name before may hold blanks
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * tick
}

// fetch is one plain GET; the caller closes the body. The answer is not
// uncompressed.
func fetch(ctx context.Context, url string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("%s: %s", req.URL.Path, res.Status)
	}
	return res, nil
}

// recorded is an answer for [ceiling.Same].
type recorded struct {
	Header http.Header
	Body   []byte
}

// ceiling starts one of the ceilings as a process of its own.
func (r *run) ceiling(ctx context.Context, role, dir string, more ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return launch(ctx, self, append([]string{"-ceiling", role, "-dir", dir}, more...)...)
}

// serveCeiling is that process.
func serveCeiling(ctx context.Context, role, dir, url string, n int) error {
	var h http.Handler
	var err error
	switch role {
	case "same":
		var js []byte
		var was recorded
		if js, err = os.ReadFile(filepath.Join(dir, "answer.json")); err == nil {
			err = json.Unmarshal(js, &was)
		}
		h = ceiling.Same(was.Header, was.Body)
	case "list":
		h, _, err = ceiling.List(dir, n)
	case "ballots":
		h, err = ceiling.Ballots(ctx, dir)
	case "ballots-postgres":
		h, err = ceiling.BallotsPostgres(ctx, url)
	default:
		err = fmt.Errorf("no ceiling %q", role)
	}
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	fmt.Printf("http://%s/\n", ln.Addr())
	if err := server.Serve(ln); err != http.ErrServerClosed {
		return err
	}
	return nil
}
