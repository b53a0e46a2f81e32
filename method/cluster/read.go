package cluster

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Read reads votes in any of the forms in which Polis hands them out:
//
//   - votes.csv: a line for each vote, columns timestamp (any unit), comment-id,
//     voter-id and vote, others ignored; without timestamp the file's order is that
//     of time;
//   - participants-votes.csv: a line for each participant, a column for each
//     statement after the column n-disagree, empty where nothing was said; n-votes,
//     n-agree and n-disagree must add up where they are given;
//   - votes.json: an array of objects with pid or participant_id, tid or
//     statement_id, vote, and modified, the time, in all of them or in none.
//
// A vote is 1, 0 or -1, and 1 agrees (Polis' own database has it the other way
// round, its exports do not). An error names the line, or the vote of the array,
// counted from 1. Memory grows with the votes that stand, not with the file.
func Read(r io.Reader) (*Votes, error) {
	in, array := opened(r)
	v := &Votes{}
	if array {
		return v, v.readArray(in)
	}
	t, err := newTable(in)
	if err != nil {
		return nil, err
	}
	if slices.Contains(t.header, "n-disagree") {
		return v, t.each(func() error { return v.readRow(t) })
	}
	return v, v.readList(t)
}

// ReadStatements reads a list of statements: comments.csv (columns comment-id and
// moderated) or an array of JSON objects with tid or statement_id, mod or
// moderated, and is_meta. Statements with moderation -1 are out, and meta ones.
// Errors are as in [Read].
func ReadStatements(r io.Reader) ([]Statement, error) {
	in, array := opened(r)
	list, seen := []Statement{}, map[string]bool{}
	add := func(id, moderated string, meta bool) error {
		if err := checkID("statement", id); err != nil {
			return err
		}
		if !slices.Contains([]string{"-1", "0", "1"}, moderated) {
			return fmt.Errorf("moderation %q of statement %q: want 1, 0 or -1", moderated, id)
		}
		if seen[id] {
			return fmt.Errorf("statement %q twice", id)
		}
		id = strings.Clone(id)
		seen[id] = true
		list = append(list, Statement{ID: id, Out: meta || moderated == "-1"})
		return nil
	}
	if array {
		err := eachObject(in, "statement", func(o *object) error {
			return add(o.Tid.or(o.Statement), o.Mod.or(o.Moderated), o.Meta)
		})
		return list, err
	}
	t, err := newTable(in)
	if err != nil {
		return nil, err
	}
	id, moderated, err := t.both("comment-id", "moderated")
	if err != nil {
		return nil, err
	}
	return list, t.each(func() error { return add(t.row[id], t.row[moderated], false) })
}

// opened looks at how the text begins.
func opened(r io.Reader) (in *bufio.Reader, array bool) {
	in = bufio.NewReaderSize(r, 1<<16)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	head, _ := in.Peek(512) // what cannot be read is told when it is read
	return in, bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("["))
}

// table is a CSV file with a header, line by line.
type table struct {
	rows   *csv.Reader
	header []string
	row    []string
}

func newTable(r io.Reader) (*table, error) {
	t := &table{rows: csv.NewReader(r)}
	header, err := t.rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("line 1: no header")
	}
	if err != nil {
		return nil, lineOf(err)
	}
	for i, name := range header {
		if slices.Contains(header[:i], name) {
			return nil, fmt.Errorf("line 1: column %q twice", name)
		}
	}
	t.header, t.rows.ReuseRecord = slices.Clone(header), true
	return t, nil
}

func (t *table) column(name string) (int, error) {
	at := slices.Index(t.header, name)
	if at < 0 {
		return 0, fmt.Errorf("line 1: no column %q", name)
	}
	return at, nil
}

func (t *table) both(one, two string) (int, int, error) {
	a, err := t.column(one)
	b, err2 := t.column(two)
	return a, b, cmp.Or(err, err2)
}

// each does something with every row; an error gets the line it stands on.
func (t *table) each(do func() error) (err error) {
	for {
		t.row, err = t.rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return lineOf(err)
		}
		if err := do(); err != nil {
			line, _ := t.rows.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// lineOf says on which line a CSV file is wrong, in one line.
func lineOf(err error) error {
	var row *csv.ParseError
	if errors.As(err, &row) {
		return fmt.Errorf("line %d: %w", row.StartLine, row.Err)
	}
	return err
}

// said reads a vote.
func said(s string) (int, error) {
	switch s {
	case "1":
		return 1, nil
	case "0":
		return 0, nil
	case "-1":
		return -1, nil
	}
	return 0, fmt.Errorf("vote %q: want 1, 0 or -1", s)
}

// readList reads votes.csv.
func (v *Votes) readList(t *table) error {
	statement, who, err := t.both("comment-id", "voter-id")
	if err != nil {
		return err
	}
	vote, err := t.column("vote")
	if err != nil {
		return err
	}
	at := slices.Index(t.header, "timestamp")
	return t.each(func() error {
		b := Vote{Participant: t.row[who], Statement: t.row[statement]}
		if b.Says, err = said(t.row[vote]); err != nil {
			return err
		}
		if at >= 0 {
			if b.At, err = strconv.ParseInt(t.row[at], 10, 64); err != nil {
				return fmt.Errorf("timestamp %q: want a whole number", t.row[at])
			}
		}
		return v.Cast(b)
	})
}

// readRow reads a line of participants-votes.csv.
func (v *Votes) readRow(t *table) error {
	from := slices.Index(t.header, "n-disagree") + 1
	who := slices.Index(t.header, "participant")
	if who < 0 {
		return errors.New(`no column "participant"`)
	}
	id := t.row[who]
	if _, known := v.people.at[id]; known {
		return fmt.Errorf("participant %q twice", id)
	}
	if err := v.Join(id); err != nil {
		return err
	}
	var row sum
	for i, cell := range t.row[from:] {
		if cell == "" {
			continue
		}
		says, err := said(cell)
		if err != nil {
			return fmt.Errorf("participant %q, statement %q: %w", id, t.header[from+i], err)
		}
		if err := v.Cast(Vote{Participant: id, Statement: t.header[from+i], Says: says}); err != nil {
			return err
		}
		row.add(int8(says), 1)
	}
	for _, c := range []struct {
		name string
		have int
	}{{"n-votes", row.votes}, {"n-agree", row.agree}, {"n-disagree", row.disagree}} {
		if at := slices.Index(t.header, c.name); at >= 0 && at < from && t.row[at] != "" && t.row[at] != strconv.Itoa(c.have) {
			return fmt.Errorf("participant %q: %s is %s, but the line has %d", id, c.name, t.row[at], c.have)
		}
	}
	return nil
}

// object is a vote or a statement of an array.
type object struct {
	Pid         text `json:"pid"`
	Participant text `json:"participant_id"`
	Tid         text `json:"tid"`
	Statement   text `json:"statement_id"`
	Vote        text `json:"vote"`
	Modified    text `json:"modified"`
	Mod         text `json:"mod"`
	Moderated   text `json:"moderated"`
	Meta        bool `json:"is_meta"`
}

// text is a string, or a number as it is written; null is empty.
type text string

// UnmarshalJSON takes strings and numbers.
func (t *text) UnmarshalJSON(raw []byte) error {
	if raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(t))
	}
	if raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') && string(raw) != "null" {
		return fmt.Errorf("%.20s is neither a number nor a string", raw)
	}
	*t = text(bytes.TrimPrefix(raw, []byte("null")))
	return nil
}

func (t text) or(other text) string {
	if t == "" {
		return string(other)
	}
	return string(t)
}

// eachObject reads an array, one object at a time.
func eachObject(in io.Reader, what string, do func(*object) error) error {
	dec := json.NewDecoder(in)
	if _, err := dec.Token(); err != nil {
		return err
	}
	n := 0
	for ; dec.More(); n++ {
		var o object
		err := dec.Decode(&o)
		if err == nil {
			err = do(&o)
		}
		if err != nil {
			return fmt.Errorf("%s %d: %w", what, n+1, whole(err))
		}
	}
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("after %s %d: %w", what, n, whole(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("after %s %d: more text after the end of the array", what, n)
	}
	return nil
}

// whole says of a text that ends too early that it does.
func whole(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the text ends in the middle")
	}
	return err
}

// readArray reads votes.json.
func (v *Votes) readArray(in io.Reader) error {
	timed, first := false, true
	return eachObject(in, "vote", func(o *object) error {
		b := Vote{Participant: o.Pid.or(o.Participant), Statement: o.Tid.or(o.Statement)}
		says, err := said(string(o.Vote))
		if err != nil {
			return err
		}
		if b.Says = says; first {
			timed, first = o.Modified != "", false
		}
		if timed != (o.Modified != "") {
			return errors.New("modified is given for some votes only")
		}
		if timed {
			// Milliseconds, also written as 1691740361800.0.
			whole, fraction, _ := strings.Cut(string(o.Modified), ".")
			if b.At, err = strconv.ParseInt(whole, 10, 64); err != nil || strings.Trim(fraction, "0") != "" {
				return fmt.Errorf("modified %q: want a whole number", o.Modified)
			}
		}
		return v.Cast(b)
	})
}
