package sortition

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// The file of a result, JSON in one line:
//
//	{"feasible":true,"rule":"leximin","size":2,"min_probability":"1/2","bound":"1/2",
//	 "optimal":true,"probabilities":{"1":"1/2",…},"panels":[{"members":["1","3"],"weight":"1/2"},…]}
//
// Probabilities stand in the order of ids (numbers by value, then text by
// bytes). bound is missing where nothing was proved. Of quotas that cannot be met:
//
//	{"feasible":false,"conflict":[{"category":…,"feature":…,"bound":"min","value":3,"line":2},…],
//	 "smallest_relaxation":[{"category":…,"feature":…,"bound":"min","from":3,"to":2,"line":2},…],
//	 "within_limits":true}
//
// A line is that of the categories file; within_limits is false where the file's
// flexible limits leave no relaxation and this one goes beyond them.

type resultFile struct {
	Feasible      bool        `json:"feasible"`
	Rule          string      `json:"rule,omitempty"`
	Size          int         `json:"size,omitempty"`
	Min           string      `json:"min_probability"`
	Bound         string      `json:"bound,omitempty"`
	Optimal       bool        `json:"optimal"`
	Probabilities chances     `json:"probabilities"`
	Panels        []panelFile `json:"panels"`
}

type panelFile struct {
	Members []string `json:"members"`
	Weight  string   `json:"weight"`
}

// chances are written in the order of ids.
type chances map[string]string

func (c chances) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, id := range slices.SortedFunc(maps.Keys(c), compareID) {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(id)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, `%s:"%s"`, key, c[id])
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// File is the result as a file. The same result gives the same bytes.
func (r *Result) File() ([]byte, error) {
	f := resultFile{Feasible: true, Rule: r.Rule, Size: r.Size, Min: r.Min.RatString(), Optimal: r.Optimal, Probabilities: chances{}}
	if r.Bound != nil {
		f.Bound = r.Bound.RatString()
	}
	for id, p := range r.Probabilities {
		f.Probabilities[id] = p.RatString()
	}
	for _, p := range r.Panels {
		f.Panels = append(f.Panels, panelFile{p.Members, p.Weight.RatString()})
	}
	raw, err := json.Marshal(f)
	return append(raw, '\n'), err
}

// File says in the same form why there is no result.
func (e *Infeasible) File() ([]byte, error) {
	conflict := e.Conflict
	if conflict == nil {
		conflict = []Bound{}
	}
	raw, err := json.Marshal(struct {
		Feasible   bool     `json:"feasible"`
		Conflict   []Bound  `json:"conflict"`
		Relaxation []Change `json:"smallest_relaxation"`
		Within     bool     `json:"within_limits"`
	}{false, conflict, e.Relaxation, !e.Beyond})
	return append(raw, '\n'), err
}

// ParseResult reads the file of a result and checks that it is a lottery:
// weights sum to 1, panels are of one size without anybody twice, probabilities
// are what the panels give. size, rule, bound and optimal may be missing.
func ParseResult(in io.Reader) (*Result, error) {
	raw, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	var f resultFile
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("not a result: %w", err)
	}
	if name, ok := twice(json.NewDecoder(bytes.NewReader(raw))); ok {
		return nil, fmt.Errorf("%.40q stands twice in one object: readers would differ on which counts", name)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a result: something follows it")
	}
	if !f.Feasible {
		return nil, errors.New("the result says that the quotas cannot be met: there is nothing to draw")
	}
	r := &Result{Rule: f.Rule, Size: f.Size, Optimal: f.Optimal, Probabilities: map[string]*big.Rat{}}
	for i, p := range f.Panels {
		w, err := fraction(p.Weight)
		if err != nil {
			return nil, fmt.Errorf("panel %d: weight %w", i+1, err)
		}
		if r.Size == 0 {
			r.Size = len(p.Members)
		}
		r.Panels = append(r.Panels, Panel{p.Members, w})
	}
	for _, id := range slices.SortedFunc(maps.Keys(f.Probabilities), compareID) {
		p, err := fraction(f.Probabilities[id])
		if err != nil {
			return nil, fmt.Errorf("person %s: probability %w", id, err)
		}
		r.Probabilities[id] = p
		if r.Min == nil || p.Cmp(r.Min) < 0 {
			r.Min = p
		}
	}
	if f.Bound != "" {
		b, err := fraction(f.Bound)
		if err != nil {
			return nil, fmt.Errorf("bound %w", err)
		}
		r.Bound = b
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	if f.Min != r.Min.RatString() {
		return nil, fmt.Errorf("min_probability is %s, not %q", r.Min.RatString(), f.Min)
	}
	return r, nil
}

// twice finds a name that an object of valid JSON has more than once.
func twice(d *json.Decoder) (name string, found bool) {
	t, _ := d.Token()
	names := map[string]bool{}
	for t == json.Delim('{') && d.More() {
		n, _ := d.Token()
		if name, _ = n.(string); names[name] {
			return name, true
		}
		names[name] = true
		if name, found = twice(d); found {
			return name, true
		}
	}
	for t == json.Delim('[') && d.More() {
		if name, found = twice(d); found {
			return name, true
		}
	}
	if _, open := t.(json.Delim); open {
		_, _ = d.Token() // the end of it
	}
	return "", false
}

// fraction reads p/q or p: digits alone, so that no exponent fills the memory.
func fraction(s string) (*big.Rat, error) {
	p, q, cut := strings.Cut(s, "/")
	if len(s) > 100_000 || !digits(p) || cut && !digits(q) {
		return nil, fmt.Errorf("%.40q is not a fraction p/q", s)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, fmt.Errorf("%.40q is not a fraction p/q", s)
	}
	return r, nil
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
