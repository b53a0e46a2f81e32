package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"glosa"
)

// MaxLeaf is the size of the largest leaf. tlog-tiles allows 64 KiB.
const MaxLeaf = 16 << 10

// Leaf is one entry of the record, read back. Its bytes are canonical: Parse
// accepts nothing but what Leaf of [KindSet] writes.
type Leaf struct {
	N       int64
	At      time.Time // citizens' times to the minute, others to the second
	Kind    string
	By      string
	Edition glosa.EditionID
	ID      string          // the subject: a folio, a commitment's id
	Body    json.RawMessage // canonical
	Commits []glosa.Hash    // what this leaf commits to under a salt
}

const (
	toSecond = "2006-01-02T15:04:05Z"
	toMinute = "2006-01-02T15:04:00Z"
)

// Leaf writes a public event as leaf n. It is a pure function of its arguments.
// An error means that the record must stop: the kind is not on the list, or the
// body holds something that no leaf may hold.
func (k *KindSet) Leaf(n int64, e glosa.Event) ([]byte, error) {
	s := k.public[e.Kind]
	if s == nil {
		return nil, fmt.Errorf("event %d: kind %q is not on the closed list of public kinds", e.Seq, e.Kind)
	}
	if !isBy(e.By) || !isWordOrNone(string(e.Edition)) || !isWordOrNone(e.Subject) {
		return nil, fmt.Errorf("event %d of kind %s: by, edition or subject is not a word", e.Seq, e.Kind)
	}
	c := scan{in: e.Body, citizen: e.By == "citizen", out: make([]byte, 0, len(e.Body)+len(e.Subject)+192)}
	c.out = append(append(append(c.out, `{"at":"`...), stamp(e.At, c.citizen)...), `","body":`...)
	if err := c.whole(s); err != nil {
		return nil, fmt.Errorf("event %d of kind %s: %w", e.Seq, e.Kind, err)
	}
	c.out = append(append(c.out, `,"by":"`...), e.By...)
	c.out = append(append(c.out, `","ed":"`...), e.Edition...)
	c.out = append(append(c.out, `","id":"`...), e.Subject...)
	c.out = append(append(c.out, `","kind":"`...), e.Kind...)
	c.out = strconv.AppendInt(append(c.out, `","n":"`...), n, 10)
	c.out = append(c.out, `","v":1}`...)
	if len(c.out) > MaxLeaf {
		return nil, fmt.Errorf("event %d of kind %s: the leaf has %d bytes, more than %d", e.Seq, e.Kind, len(c.out), MaxLeaf)
	}
	return c.out, nil
}

// Parse reads a leaf and checks that it is canonical, of a kind on the list, and
// has exactly the fields of that kind.
func (k *KindSet) Parse(data []byte) (Leaf, error) {
	var l Leaf
	if len(data) > MaxLeaf {
		return l, fmt.Errorf("leaf of %d bytes", len(data))
	}
	// No string of a leaf holds a quotation mark, so the last "kind" is the leaf's own.
	at := bytes.LastIndex(data, []byte(`,"kind":"`))
	if at < 0 {
		return l, fmt.Errorf("leaf without a kind")
	}
	kind, _, _ := bytes.Cut(data[at+len(`,"kind":"`):], []byte(`"`))
	s := k.public[string(kind)]
	if s == nil {
		return l, fmt.Errorf("leaf of unknown kind %.64q", kind)
	}
	c := scan{in: data, leaf: true}
	when := c.between(`{"at":"`, `","body":`)
	from := c.pos
	// The body's times are rounded by who acted, which stands after the body.
	by := bytes.LastIndex(data[:at], []byte(`,"by":"`))
	c.citizen = by >= 0 && bytes.HasPrefix(data[by:], []byte(`,"by":"citizen"`))
	if c.err == nil {
		c.err = c.value(s)
	}
	l.Body = json.RawMessage(data[from:c.pos])
	l.By = c.between(`,"by":"`, `","ed":"`)
	l.Edition = glosa.EditionID(c.between("", `","id":"`))
	l.ID = c.between("", `","kind":"`)
	l.Kind = c.between("", `","n":"`)
	n := c.between("", `","v":1}`)
	if c.err == nil && c.pos != len(data) {
		c.err = fmt.Errorf("bytes after the leaf's end")
	}
	if c.err != nil {
		return Leaf{}, c.err
	}
	l.Commits = c.commits
	return l, l.finish(when, n, c.citizen)
}

func (l *Leaf) finish(when, n string, citizen bool) (err error) {
	if l.N, err = decimal(n); err != nil {
		return err
	}
	if l.At, err = time.Parse(toSecond, when); err != nil || stamp(l.At, citizen) != when {
		return fmt.Errorf("leaf's time %.40q", when)
	}
	if !isBy(l.By) || (l.By == "citizen") != citizen || !isWordOrNone(string(l.Edition)) || !isWordOrNone(l.ID) {
		return fmt.Errorf("leaf's by, ed or id")
	}
	return nil
}

// stamp is the time as leaves write it: a citizen's to the minute, so that the
// record cannot be laid beside the log of somebody's telephone.
func stamp(t time.Time, citizen bool) string {
	if citizen {
		return t.UTC().Format(toMinute)
	}
	return t.UTC().Format(toSecond)
}

// decimal reads a number as JSON's canonical form and C2SP write it: no sign, no leading zero.
func decimal(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("%.40q is not a decimal number", s)
	}
	return n, nil
}

// wordByte tells what an id or a code may be made of: printable ASCII without
// blank, quotation mark and backslash. Without blanks there is no free text;
// without the other two, a canonical string needs no escapes.
func wordByte(b byte) bool { return b > ' ' && b <= '~' && b != '"' && b != '\\' }

const maxWord = 256

func isWord(s []byte) bool {
	for _, b := range s {
		if !wordByte(b) {
			return false
		}
	}
	return len(s) > 0 && len(s) <= maxWord
}

func isWordOrNone(s string) bool { return s == "" || isWord([]byte(s)) }

// isBy tells whether s names an actor as [glosa.Actor.By] does.
func isBy(s string) bool {
	switch s {
	case "citizen", "system", "admin":
		return true
	}
	if key, ok := strings.CutPrefix(s, "post:"); ok {
		return isWord([]byte(key))
	}
	rest, ok := strings.CutPrefix(s, "seat:")
	side, n, two := strings.Cut(rest, ":")
	seat, err := decimal(n)
	return ok && two && err == nil && seat > 0 &&
		(side == string(glosa.Government) || side == string(glosa.Civil) || side == string(glosa.Observatory))
}
