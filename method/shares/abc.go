package shares

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The .abc.yaml format (abcvoting): a committee of so many seats from candidates
// 0, 1, 2, …, and for each voter the candidates approved. Of YAML, just the form
// that these files have: keys at the start of a line, and lists in brackets that
// may go on over lines that begin with a space:
//
//	description: "…"
//	profile: [[1, 2], [0, 1, 2, 3], []]
//	num_cand: 4
//	committeesize: 2
//	compute:
//	- rule_id: av
//	  result: [[1, 2]]
//	  resolute: true
//
// Required: profile, num_cand, committeesize. Anything after compute is what
// others found, and is left to others; so are comments and description. Voters
// have the ids 1, 2, 3, …, candidates their numbers.

// ParseABC reads a .abc.yaml file. An error names the line.
func ParseABC(r io.Reader) (*Instance, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if at := invalid(text); at > 0 {
		return nil, &LineError{at, errors.New("not UTF-8")}
	}
	p := abcReader{in: &Instance{Committee: true}, lines: map[string]int{}}
	if err := p.keys(strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")); err != nil {
		return nil, err
	}
	return p.in, p.end()
}

type abcReader struct {
	in    *Instance
	lines map[string]int // key → its line
	cand  int
	where []int // ballot → its line
}

// keys splits the file into keys with the lines of their values.
func (p *abcReader) keys(lines []string) error {
	for n := 0; n < len(lines); n++ {
		line, at := lines[n], n+1
		if t := strings.TrimSpace(line); t == "" || t[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok || key == "" || strings.ContainsAny(key, " \t-") {
			return &LineError{at, fmt.Errorf("%q: want a key, a colon and a value", shortened(line))}
		}
		if first, ok := p.lines[key]; ok {
			return &LineError{at, fmt.Errorf("%s twice, first in line %d", key, first)}
		}
		p.lines[key] = at
		if key == "compute" {
			return nil // the rest is what others found
		}
		for n+1 < len(lines) && strings.HasPrefix(lines[n+1], " ") {
			n++
			value += "\n" + lines[n]
		}
		if err := p.value(key, value, at); err != nil {
			return err
		}
	}
	return nil
}

func (p *abcReader) value(key, value string, at int) error {
	switch key {
	case "profile":
		return p.profile(value, at)
	case "num_cand", "committeesize":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 1 || n > maxCandidates {
			return &LineError{at, fmt.Errorf("%s %q: want a whole number from 1 to %d", key, shortened(value), maxCandidates)}
		}
		if key == "num_cand" {
			p.cand = n
		} else {
			p.in.Budget = int64(n)
		}
	case "description":
		text := strings.Trim(strings.Join(strings.Fields(value), " "), `"'`)
		p.in.Meta = append(p.in.Meta, Pair{key, text})
	default:
		return &LineError{at, fmt.Errorf("unknown key %q", shortened(key))}
	}
	return nil
}

// maxCandidates keeps a typing error from asking for the whole memory.
const maxCandidates = 1_000_000

// profile reads [[1, 2], [], …].
func (p *abcReader) profile(text string, line int) error {
	l := &list{text: text, line: line}
	if err := p.ballots(l); err != nil {
		return &LineError{l.line, fmt.Errorf("profile: %w", err)}
	}
	return nil
}

func (p *abcReader) ballots(l *list) error {
	if l.next() != '[' {
		return errors.New("want a list of lists in brackets")
	}
	c := l.next()
	for first := true; c != ']'; first = false {
		if !first {
			if c != ',' {
				return errors.New("want , or ] after a ballot")
			}
			c = l.next()
		}
		if c != '[' {
			return errors.New("want a ballot in brackets")
		}
		b := Ballot{ID: strconv.Itoa(len(p.in.Ballots) + 1)}
		p.where = append(p.where, l.line)
		var err error
		if b.Choices, err = l.numbers(); err != nil {
			return fmt.Errorf("ballot %s: %w", b.ID, err)
		}
		p.in.Ballots = append(p.in.Ballots, b)
		c = l.next()
	}
	if c = l.next(); c != 0 && c != '#' {
		return fmt.Errorf("%q after the last bracket", c)
	}
	return nil
}

// list is text that is read byte by byte, with its line.
type list struct {
	text string
	at   int
	line int
}

// next is the next byte that is no space; 0 at the end.
func (l *list) next() byte {
	for ; l.at < len(l.text); l.at++ {
		switch c := l.text[l.at]; c {
		case '\n':
			l.line++
		case ' ', '\t':
		default:
			l.at++
			return c
		}
	}
	return 0
}

// numbers reads what follows an opening bracket, up to the closing one.
func (l *list) numbers() (all []int32, err error) {
	c := l.next()
	for first := true; c != ']'; first = false {
		if !first {
			if c != ',' {
				return nil, fmt.Errorf("want , or ] after candidate %d", all[len(all)-1])
			}
			c = l.next()
		}
		start := max(0, l.at-1)
		for c >= '0' && c <= '9' && l.at < len(l.text) && l.text[l.at] >= '0' && l.text[l.at] <= '9' {
			l.at++
		}
		n, err := strconv.Atoi(l.text[start:l.at])
		if c == 0 || err != nil || n < 0 || n >= maxCandidates {
			return nil, fmt.Errorf("%q is no candidate", shortened(l.text[start:]))
		}
		all = append(all, int32(n))
		c = l.next()
	}
	return all, nil
}

// end checks what only the whole file shows.
func (p *abcReader) end() error {
	for _, key := range []string{"profile", "num_cand", "committeesize"} {
		if p.lines[key] == 0 {
			return &LineError{1, fmt.Errorf("no %s", key)}
		}
	}
	for n := range p.cand {
		p.in.Items = append(p.in.Items, Item{ID: strconv.Itoa(n), Cost: 1})
	}
	if p.in.Budget > int64(p.cand) {
		return &LineError{p.lines["committeesize"], fmt.Errorf("committeesize %d, but there are %d candidates", p.in.Budget, p.cand)}
	}
	seen := make([]int, p.cand)
	for v, b := range p.in.Ballots {
		for _, c := range b.Choices {
			switch {
			case int(c) >= p.cand:
				return &LineError{p.where[v], fmt.Errorf("ballot %s: no candidate %d (num_cand is %d)", b.ID, c, p.cand)}
			case seen[c] == v+1:
				return &LineError{p.where[v], fmt.Errorf("ballot %s: candidate %d twice", b.ID, c)}
			}
			seen[c] = v + 1
		}
	}
	if err := p.in.Check(); err != nil {
		return &LineError{p.lines["profile"], err}
	}
	return nil
}

func shortened(s string) string {
	if s = strings.TrimSpace(s); len(s) > 40 {
		s = strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}
