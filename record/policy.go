package record

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// Policy is a C2SP tlog-policy: which logs, which witnesses, and how many of
// these must have cosigned. Whoever saves it once can check every receipt
// without asking anybody.
type Policy struct {
	Logs    []note.Verifier
	Promise note.Verifier // from the comment line "# glosa.promise-key <vkey>"; nil if there is none
	quorum  member
	none    bool
	Text    []byte
}

// member is a witness or a group of members.
type member struct {
	witness note.Verifier
	of      []member
	need    int
}

const promiseKeyComment = "# glosa.promise-key "

// policyLimit bounds each kind of line: the format asks for 32 at least.
const policyLimit = 256

// writePolicy is the policy of a log that nobody witnesses yet. The promise key
// stands in a comment, which other people's readers pass over.
func writePolicy(k *Keys) []byte {
	return []byte(promiseKeyComment + k.PromiseKey + "\nlog " + k.LogKey + "\nquorum none\n")
}

// ParsePolicy reads a policy. An error names the line.
func ParsePolicy(text []byte) (*Policy, error) {
	p := &Policy{Text: bytes.Clone(text)}
	if i := slices.IndexFunc(text, func(b byte) bool { return b < ' ' && b != '\t' && b != '\n' || b == 0x7f }); i >= 0 {
		return nil, fmt.Errorf("policy: control character at byte %d", i)
	}
	names := map[string]member{}
	keys, used := map[string]bool{}, map[string]bool{}
	done := false
	for i, line := range strings.Split(string(text), "\n") {
		err := p.line(line, names, keys, used, &done)
		if err == nil && len(p.Logs)+len(names) > 2*policyLimit {
			err = fmt.Errorf("too many logs and witnesses")
		}
		if err != nil {
			return nil, fmt.Errorf("policy: line %d: %w", i+1, err)
		}
	}
	if !done {
		return nil, fmt.Errorf("policy: no quorum line")
	}
	return p, nil
}

func (p *Policy) line(line string, names map[string]member, keys, used map[string]bool, done *bool) (err error) {
	line = strings.Trim(line, " \t")
	if key, ok := strings.CutPrefix(line, promiseKeyComment); ok {
		p.Promise, err = note.NewVerifier(key)
		return err
	}
	f := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
	if len(f) == 0 || strings.HasPrefix(line, "#") {
		return nil
	}
	switch {
	case f[0] == "log" && (len(f) == 2 || len(f) == 3):
		return p.addLog(f[1], keys)
	case f[0] == "witness" && (len(f) == 3 || len(f) == 4):
		return addWitness(f[1], f[2], names, keys)
	case f[0] == "group" && len(f) >= 4:
		return addGroup(f[1], f[2], f[3:], names, used)
	case f[0] == "quorum" && len(f) == 2:
		if *done {
			return fmt.Errorf("a second quorum")
		}
		*done = true
		if f[1] == "none" {
			p.none = true
			return nil
		}
		m, ok := names[f[1]]
		if !ok {
			return fmt.Errorf("quorum of unknown %q", f[1])
		}
		p.quorum = m
		return nil
	}
	return fmt.Errorf("not understood: %.40q", line)
}

func (p *Policy) addLog(vkey string, keys map[string]bool) error {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	if err := once("log "+vkey[strings.LastIndex(vkey, "+"):], keys); err != nil {
		return err
	}
	p.Logs = append(p.Logs, v)
	return nil
}

func addWitness(name, vkey string, names map[string]member, keys map[string]bool) error {
	v, err := fnote.NewVerifierForCosignatureV1(vkey)
	if err != nil {
		return err
	}
	if err := once("witness "+vkey[strings.LastIndex(vkey, "+"):], keys); err != nil {
		return err
	}
	return define(name, member{witness: v, need: 1}, names)
}

func addGroup(name, need string, of []string, names map[string]member, used map[string]bool) error {
	m := member{}
	for _, n := range of {
		sub, ok := names[n]
		if !ok {
			return fmt.Errorf("group of unknown %q", n)
		}
		if err := once(n, used); err != nil {
			return err
		}
		m.of = append(m.of, sub)
	}
	switch need {
	case "any":
		m.need = 1
	case "all":
		m.need = len(of)
	default:
		k, err := strconv.Atoi(need)
		if err != nil || k < 1 || k > len(of) || strconv.Itoa(k) != need {
			return fmt.Errorf("%q of %d members", need, len(of))
		}
		m.need = k
	}
	return define(name, m, names)
}

func define(name string, m member, names map[string]member) error {
	if _, ok := names[name]; ok || name == "none" {
		return fmt.Errorf("the name %q is taken", name)
	}
	names[name] = m
	return nil
}

func once(what string, seen map[string]bool) error {
	if seen[what] {
		return fmt.Errorf("%.60q appears twice", what)
	}
	seen[what] = true
	return nil
}

// Checkpoint checks a checkpoint under the policy: signed by one of its logs,
// cosigned by its quorum.
func (p *Policy) Checkpoint(raw []byte) (Checkpoint, error) {
	err := fmt.Errorf("policy: no log is listed")
	for _, v := range p.Logs {
		var c Checkpoint
		if c, err = OpenCheckpoint(raw, v); err != nil {
			continue
		}
		if !p.none && !p.quorum.signed(raw) {
			return c, fmt.Errorf("checkpoint of size %d: not cosigned by the quorum of the policy", c.Size)
		}
		return c, nil
	}
	return Checkpoint{}, err
}

// Witnessed tells whether the policy asks for witnesses at all.
func (p *Policy) Witnessed() bool { return !p.none }

func (m member) signed(raw []byte) bool {
	if m.witness != nil {
		n, err := note.Open(raw, note.VerifierList(m.witness))
		return err == nil && len(n.Sigs) == 1
	}
	got := 0
	for _, sub := range m.of {
		if sub.signed(raw) {
			got++
		}
	}
	return got >= m.need
}
