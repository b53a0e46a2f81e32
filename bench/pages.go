package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// sites measures pages and acts with an edition of each size.
func (r *run) sites(ctx context.Context) error {
	sizes, err := r.editions()
	if err != nil {
		return err
	}
	var small map[string]rate
	for _, n := range sizes {
		at, err := r.seed(ctx, fmt.Sprint("site-", n), "", n)
		if err != nil {
			return fmt.Errorf("filling %d questions: %w", n, err)
		}
		if r.pick.MatchString("pages") {
			if err := r.kept(ctx, at); err != nil {
				return err
			}
			anew, err := r.anew(ctx, at, small)
			if err != nil {
				return err
			}
			if small == nil {
				small = anew
			}
		}
		if r.pick.MatchString("exports") {
			if err := r.exports(ctx, at); err != nil {
				return err
			}
		}
		if r.pick.MatchString("acts") {
			if err := r.acts(ctx, at); err != nil {
				return err
			}
		}
		if r.pick.MatchString("desks") {
			if err := r.desks(ctx, at); err != nil {
				return err
			}
		}
		os.RemoveAll(at.dir)
	}
	return nil
}

// editions are the sizes to fill folders with.
func (r *run) editions() (sizes []int, err error) {
	switch {
	case r.sizes != "":
		for s := range strings.SplitSeq(r.sizes, ",") {
			n, err := strconv.Atoi(s)
			if err != nil || n < 1 {
				return nil, fmt.Errorf("-sizes %q: numbers with commas", r.sizes)
			}
			sizes = append(sizes, n)
		}
		return sizes, nil
	case r.long:
		return []int{2_000, 20_000, 100_000}, nil
	}
	return []int{2_000, 20_000}, nil
}

// page is a public page to measure. path gives, for a number, an address of it;
// a page that has one address gives it always.
type page struct {
	name string
	path func(i int) string
}

func (p place) pages() []page {
	one := func(path string) func(int) string { return func(int) string { return path } }
	list := "/es/ediciones/" + string(edition) + "/preguntas"
	return []page{
		{"front", one("/es/")},
		{"list of questions", one(list)},
		{"list by place and state", func(i int) string {
			return list + "?estado=waiting&municipio=" + string(towns[i%len(towns)])
		}},
		{"search of two words", func(i int) string { return list + "?q=enfermeria+" + strconv.Itoa(i%p.size) }},
		{"one question", func(i int) string { return "/es/preguntas/" + string(p.folios[i%len(p.folios)]) }},
	}
}

// kept measures pages out of the cache against the same bytes from net/http.
func (r *run) kept(ctx context.Context, at place) error {
	p, err := r.serveRested(ctx, at)
	if err != nil {
		return err
	}
	defer p.stop()
	for _, pg := range at.pages() {
		what := fmt.Sprintf("page kept: %s, %s questions", pg.name, count(at.size))
		path := pg.path(0)
		ceil, size, err := r.same(ctx, p, path)
		if err != nil {
			r.print(line{what: what, result: err.Error(), target: "≥ 0.60 × (a), p99 < 20 ms"})
			continue
		}
		// The address is one, so that both send one page; the cache is asked by every visit.
		req := get(path, 1)
		ours := side{p, func(int, int) []byte { return req }}
		our, their := r.turns(ours, side{ceil, ours.next})
		ceil.stop()
		l := line{what: what, result: our.String(), against: fmt.Sprintf("(a) %s, %.1f KB", their.short(), float64(size)/1000),
			ratio: our.perSecond / their.perSecond, target: "≥ 0.60 × (a), p99 < 20 ms"}
		l.ok = l.ratio >= 0.60 && our.p99 < 20*time.Millisecond && our.failed == 0
		if err := r.missed(ctx, l, ours); err != nil {
			return err
		}
	}
	return nil
}

// same starts ceiling (a) with what the server answers on path, in its final
// compression.
func (r *run) same(ctx context.Context, p *process, path string) (c *process, size int, err error) {
	var was recorded
	for range 3 {
		res, err := fetch(ctx, "http://"+p.addr+path)
		if err != nil {
			return nil, 0, err
		}
		was.Header = res.Header
		was.Body, err = io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			return nil, 0, err
		}
		time.Sleep(50 * time.Millisecond) // the better compression comes after the first send
	}
	was.Header.Del("Date")
	was.Header.Set("Content-Length", strconv.Itoa(len(was.Body)))
	dir, err := r.folder("same")
	if err != nil {
		return nil, 0, err
	}
	js, err := json.Marshal(was)
	if err != nil {
		return nil, 0, err
	}
	if err := os.WriteFile(filepath.Join(dir, "answer.json"), js, 0o600); err != nil {
		return nil, 0, err
	}
	c, err = r.ceiling(ctx, "same", dir)
	return c, len(was.Body), err
}

// anew measures pages rendered on every request against ceiling (b), and against
// themselves with the smallest edition.
func (r *run) anew(ctx context.Context, at place, small map[string]rate) (map[string]rate, error) {
	dir, err := r.folder(fmt.Sprint("list-", at.size))
	if err != nil {
		return nil, err
	}
	ceil, err := r.ceiling(ctx, "list", dir, "-n", strconv.Itoa(at.size))
	if err != nil {
		return nil, err
	}
	defer ceil.stop()
	p, err := r.serveRested(ctx, at, "--page-cache=0")
	if err != nil {
		return nil, err
	}
	defer p.stop()
	found := map[string]rate{}
	theirs := side{ceil, func(int, int) []byte { return plainly("/", 1) }}
	for _, pg := range at.pages() {
		what := fmt.Sprintf("page anew: %s, %s questions", pg.name, count(at.size))
		if err := reachable(ctx, p, pg.path(0)); err != nil {
			r.print(line{what: what, result: err.Error(), target: "≥ 1.50 × (b)"})
			continue
		}
		var n atomic.Int64
		ours := side{p, func(int, int) []byte { i := int(n.Add(1)); return plainly(pg.path(i), i) }}
		our, their := r.turns(ours, theirs)
		found[pg.name] = our
		l := line{what: what, result: our.String(), against: "(b) " + their.short(),
			ratio: our.perSecond / their.perSecond, target: "≥ 1.50 × (b)"}
		l.ok = l.ratio >= 1.5 && our.failed == 0
		if err := r.missed(ctx, l, ours); err != nil {
			return nil, err
		}
		if was, ok := small[pg.name]; ok {
			grown := was.perSecond / our.perSecond
			if our.cpu > 0 { // a busy neighbour changes it less
				grown = float64(our.cpu) / float64(was.cpu)
			}
			g := line{what: "  its time against the smallest edition", result: fmt.Sprintf("%.2f ×", grown), target: "≤ 1.30 ×", ok: grown <= 1.3}
			if err := r.missed(ctx, g, ours); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// reachable tells why a page cannot be had, if so.
func reachable(ctx context.Context, p *process, path string) error {
	res, err := fetch(ctx, "http://"+p.addr+path)
	if err != nil {
		return err
	}
	return res.Body.Close()
}
