package record

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"glosa"
)

// scan walks canonical JSON along a shape. It reads the body of an event and
// writes it as leaves have it (times rounded, 64-bit numbers as strings), or,
// with leaf set, reads what it wrote and writes nothing.
//
// It is strict where encoding/json is lenient: keys in order, none twice, none
// unknown, no blanks, no escapes. A record that accepted two spellings of one
// leaf could be told two ways.
type scan struct {
	in      []byte
	pos     int
	out     []byte
	leaf    bool
	citizen bool
	commits []glosa.Hash
	err     error // of between
}

// whole reads one value that fills the input.
func (c *scan) whole(s *shape) error {
	if err := c.value(s); err != nil {
		return err
	}
	if c.pos != len(c.in) {
		return fmt.Errorf("bytes after the body's end")
	}
	return nil
}

// between reads a literal, then everything up to the next literal, and keeps the first error.
func (c *scan) between(open, end string) string {
	if c.err == nil && !c.take(open) {
		c.err = fmt.Errorf("leaf: %q expected at byte %d", open, c.pos)
	}
	if c.err != nil {
		return ""
	}
	i := bytes.Index(c.in[c.pos:], []byte(end))
	if i < 0 {
		c.err = fmt.Errorf("leaf: %q expected after byte %d", end, c.pos)
		return ""
	}
	s := string(c.in[c.pos : c.pos+i])
	c.pos += i + len(end)
	return s
}

func (c *scan) take(lit string) bool {
	if !bytes.HasPrefix(c.in[c.pos:], []byte(lit)) {
		return false
	}
	c.pos += len(lit)
	return true
}

func (c *scan) put(s string) {
	if !c.leaf {
		c.out = append(c.out, s...)
	}
}

func (c *scan) value(s *shape) error {
	if c.take("null") {
		if !s.nullable {
			return fmt.Errorf("null at byte %d", c.pos)
		}
		c.put("null")
		return nil
	}
	switch s.form {
	case object:
		return c.object(s)
	case list:
		return c.list(s)
	case truth:
		for _, lit := range [...]string{"true", "false"} {
			if c.take(lit) {
				c.put(lit)
				return nil
			}
		}
		return fmt.Errorf("true or false expected at byte %d", c.pos)
	case number:
		return c.number()
	case big:
		return c.big(c.leaf || s.quoted)
	}
	return c.text(s)
}

func (c *scan) object(s *shape) error {
	if !c.take("{") {
		return fmt.Errorf("object expected at byte %d", c.pos)
	}
	c.put("{")
	first := true
	for i := range s.fields {
		f := &s.fields[i]
		lit := `,"` + f.key + `":`
		if first {
			lit = lit[1:]
		}
		if !c.take(lit) {
			if f.optional {
				continue
			}
			return fmt.Errorf("field %s expected at byte %d", f.key, c.pos)
		}
		c.put(lit)
		first = false
		if err := c.member(f); err != nil {
			return fmt.Errorf("field %s: %w", f.key, err)
		}
	}
	if !c.take("}") {
		return fmt.Errorf("unknown field at byte %d", c.pos)
	}
	c.put("}")
	return nil
}

// member reads a field's value. A field named commit, commits or …_commit holds
// commitments: the verifier asks for each to be opened, sealed or erased.
func (c *scan) member(f *field) error {
	from := c.pos
	if err := c.value(f.shape); err != nil {
		return err
	}
	if f.key != "commit" && f.key != "commits" && !strings.HasSuffix(f.key, "_commit") {
		return nil
	}
	one := f.shape.form == digest
	if !one && (f.shape.form != list || f.shape.elem.form != digest) {
		return nil
	}
	for part := range bytes.SplitSeq(bytes.Trim(c.in[from:c.pos], "[]"), []byte(",")) {
		var h glosa.Hash
		if len(part) > 2 && h.UnmarshalText(part[1:len(part)-1]) == nil && !h.IsZero() {
			c.commits = append(c.commits, h)
		}
	}
	return nil
}

func (c *scan) list(s *shape) error {
	if !c.take("[") {
		return fmt.Errorf("list expected at byte %d", c.pos)
	}
	c.put("[")
	for i := 0; !c.take("]"); i++ {
		if i > 0 {
			if !c.take(",") {
				return fmt.Errorf("comma expected at byte %d", c.pos)
			}
			c.put(",")
		}
		if err := c.value(s.elem); err != nil {
			return err
		}
	}
	c.put("]")
	return nil
}

// digits reads an integer: an optional minus, no leading zero.
func (c *scan) digits() (string, error) {
	from := c.pos
	for c.pos < len(c.in) && (c.in[c.pos] >= '0' && c.in[c.pos] <= '9' || c.pos == from && c.in[c.pos] == '-') {
		c.pos++
	}
	s := string(c.in[from:c.pos])
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil && strconv.FormatInt(n, 10) == s {
		return s, nil
	}
	if u, uerr := strconv.ParseUint(s, 10, 64); uerr == nil && strconv.FormatUint(u, 10) == s {
		return s, nil
	}
	return "", fmt.Errorf("integer expected at byte %d", from)
}

func (c *scan) number() error {
	s, err := c.digits()
	if n, e := strconv.ParseInt(s, 10, 64); err == nil && (e != nil || n >= 1<<53 || n <= -(1<<53)) {
		err = fmt.Errorf("%s is not below 2^53", s)
	}
	c.put(s)
	return err
}

func (c *scan) big(quoted bool) error {
	if quoted && !c.take(`"`) {
		return fmt.Errorf("number in quotation marks expected at byte %d", c.pos)
	}
	s, err := c.digits()
	if err != nil {
		return err
	}
	if quoted && !c.take(`"`) {
		return fmt.Errorf("quotation mark expected at byte %d", c.pos)
	}
	c.put(`"` + s + `"`)
	return nil
}

func (c *scan) text(s *shape) error {
	if !c.take(`"`) {
		return fmt.Errorf("string expected at byte %d", c.pos)
	}
	i := bytes.IndexByte(c.in[c.pos:], '"')
	if i < 0 {
		return fmt.Errorf("string without end at byte %d", c.pos)
	}
	raw := c.in[c.pos : c.pos+i]
	if i > 0 && !isWord(raw) {
		return fmt.Errorf("%.40q is not a word: free text may not enter the record", raw)
	}
	c.pos += i + 1
	v := string(raw)
	switch s.form {
	case digest:
		if b, err := base64.StdEncoding.Strict().DecodeString(v); err != nil || len(b) != 32 {
			return fmt.Errorf("%.60q is not a hash", v)
		}
	case instant:
		t, err := time.Parse(time.RFC3339Nano, v)
		if err != nil {
			return fmt.Errorf("%.40q is not a time", v)
		}
		if w := stamp(t, c.citizen); c.leaf && w != v {
			return fmt.Errorf("time %s should read %s", v, w)
		} else {
			v = w
		}
	default:
		if s.place && c.citizen && v != "" {
			return fmt.Errorf("a citizen's leaf may not name a municipality")
		}
	}
	c.put(`"` + v + `"`)
	return nil
}
