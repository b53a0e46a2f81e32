package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// run is one run of the benchmark.
type run struct {
	dir      string // everything it makes
	long     bool
	sizes    string
	profiles string // "" writes none
	data     string
	turn     time.Duration
	out      io.Writer

	glosa  string // the program, once it is built
	pick   *regexp.Regexp
	misses int
}

// group is some lines that are measured together.
type group struct {
	name string // one or several, apart by blanks: what is measured on one filled folder
	do   func(*run, context.Context) error
}

var groups = []group{
	{"start", (*run).start},
	{"pages exports acts desks", (*run).sites},
	{"postgres", (*run).postgres},
	{"record", (*run).record},
	{"methods", (*run).methods},
	{"alike", (*run).alike},
	{"cluster", (*run).cluster},
	{"sortition", (*run).sortition},
}

func groupNames() string {
	var names []string
	for _, g := range groups {
		names = append(names, g.name)
	}
	return strings.Join(names, ", ")
}

// all runs the groups. One that cannot be measured does not stop the others.
func (r *run) all(ctx context.Context) error {
	began := time.Now()
	if err := r.build(ctx); err != nil {
		return err
	}
	r.head()
	var errs []error
	for _, g := range groups {
		if !r.pick.MatchString(g.name) {
			continue
		}
		if err := g.do(r, ctx); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			fmt.Fprintf(r.out, "%-48s could not be measured: %v\n", g.name, err)
			errs = append(errs, fmt.Errorf("%s: %w", g.name, err))
		}
	}
	fmt.Fprintf(r.out, "\n%d missed; %v in all\n", r.misses, time.Since(began).Round(time.Second))
	return errors.Join(errs...)
}

// folder makes a folder of the run.
func (r *run) folder(name string) (string, error) {
	dir := filepath.Join(r.dir, name)
	return dir, os.MkdirAll(dir, 0o700)
}

// line is one line of the table. Empty columns have no meaning for it.
type line struct {
	what    string
	result  string
	against string  // the ceiling or peer, as measured now
	ratio   float64 // 0: none
	target  string
	ok      bool
	none    bool // nothing to reach: shown for the growth
}

func (r *run) head() {
	fmt.Fprintf(r.out, "%-48s %-46s %-30s %6s  %-26s %s\n", "what", "result", "ceiling or peer, now", "ratio", "target", "")
}

func (r *run) print(l line) {
	ratio, verdict := "", "ok"
	if l.ratio > 0 {
		ratio = fmt.Sprintf("%.2f", l.ratio)
	}
	switch {
	case l.none:
		verdict = "·"
	case !l.ok:
		verdict = "MISS"
		r.misses++
	}
	fmt.Fprintf(r.out, "%-48s %-46s %-30s %6s  %-26s %s\n", l.what, l.result, l.against, ratio, l.target, verdict)
}

// count writes a number with its thousands apart.
func count[T int | int64 | float64](n T) string {
	s := fmt.Sprintf("%.0f", float64(n))
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func (r rate) String() string {
	s := fmt.Sprintf("%s/s p50 %.1f p99 %.1f ms", count(r.perSecond), ms(r.p50), ms(r.p99))
	if r.cpu > 0 {
		s += fmt.Sprintf(", cpu %d µs", r.cpu.Microseconds())
	}
	if r.failed > 0 {
		s += fmt.Sprintf(" (%d failed)", r.failed)
	}
	return s
}

// short is the rate alone, with what each cost the server.
func (r rate) short() string {
	if r.cpu == 0 {
		return count(r.perSecond) + "/s"
	}
	return fmt.Sprintf("%s/s, cpu %d µs", count(r.perSecond), r.cpu.Microseconds())
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
