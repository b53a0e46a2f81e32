package cluster

import (
	"bufio"
	"bytes"
	"cmp"
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
	in, begins := opened(r)
	v := &Votes{}
	if begins == '[' {
		return v, v.readArray(in)
	}
	t, err := tableOf(in, begins)
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
	in, begins := opened(r)
	list, seen := []Statement{}, map[string]bool{}
	add := func(id, moderated string, meta bool) error {
		if err := checkID("statement", []byte(id)); err != nil {
			return err
		}
		if !slices.Contains([]string{"-1", "0", "1"}, moderated) {
			return fmt.Errorf("moderation %q of statement %q: want 1, 0 or -1", moderated, id)
		}
		if seen[id] {
			return fmt.Errorf("statement %q twice", id)
		}
		seen[id] = true
		list = append(list, Statement{ID: id, Out: meta || moderated == "-1"})
		return nil
	}
	if begins == '[' {
		err := eachObject(in, "statement", func(o *object) error {
			return add(o.Tid.or(o.Statement), o.Mod.or(o.Moderated), o.Meta)
		})
		return list, err
	}
	t, err := tableOf(in, begins)
	if err != nil {
		return nil, err
	}
	id, err := t.column("comment-id")
	moderated, err2 := t.column("moderated")
	if err := cmp.Or(err, err2); err != nil {
		return nil, err
	}
	err = t.each(func() error { return add(string(t.row[id]), string(t.row[moderated]), false) })
	return list, err
}

// opened looks at how the text begins; 0 when it holds nothing.
func opened(r io.Reader) (in *bufio.Reader, begins byte) {
	in = bufio.NewReaderSize(r, 1<<16)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	head, _ := in.Peek(512) // what cannot be read is told when it is read
	if head = bytes.TrimLeft(head, " \t\r\n"); len(head) > 0 {
		begins = head[0]
	}
	return in, begins
}

// tableOf reads the header of a table; a JSON object is none.
func tableOf(in *bufio.Reader, begins byte) (*table, error) {
	if begins == '{' {
		return nil, errors.New("line 1: a JSON object: want an array of objects, or a table")
	}
	return newTable(in)
}

// said reads a vote.
func said(s []byte) (int, error) {
	switch string(s) {
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
	statement, err := t.column("comment-id")
	who, err2 := t.column("voter-id")
	vote, err3 := t.column("vote")
	if err := cmp.Or(err, err2, err3); err != nil {
		return err
	}
	at := slices.Index(t.header, "timestamp")
	return t.each(func() error {
		says, err := said(t.row[vote])
		if err != nil {
			return err
		}
		time, ok := int64(0), true
		if at >= 0 {
			if time, ok = whole(t.row[at]); !ok {
				return fmt.Errorf("timestamp %q: want a whole number", t.row[at])
			}
		}
		return v.cast(t.row[who], t.row[statement], int8(says), time)
	})
}

// whole reads a whole number of at most 18 digits.
func whole(s []byte) (n int64, ok bool) {
	digits := bytes.TrimPrefix(s, []byte("-"))
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	if len(digits) < len(s) {
		n = -n
	}
	return n, true
}

// readRow reads a line of participants-votes.csv.
func (v *Votes) readRow(t *table) error {
	from := slices.Index(t.header, "n-disagree") + 1
	who := slices.Index(t.header, "participant")
	if who < 0 {
		return errors.New(`no column "participant"`)
	}
	id := t.row[who]
	if _, known := v.people.at[string(id)]; known {
		return fmt.Errorf("participant %q twice", id)
	}
	if err := v.Join(string(id)); err != nil {
		return err
	}
	var row sum
	for i, cell := range t.row[from:] {
		if len(cell) == 0 {
			continue
		}
		says, err := said(cell)
		if err != nil {
			return fmt.Errorf("participant %q, statement %q: %w", id, t.header[from+i], err)
		}
		if err := v.cast(id, []byte(t.header[from+i]), int8(says), 0); err != nil {
			return err
		}
		row.add(int8(says), 1)
	}
	for _, c := range []struct {
		name string
		have int
	}{{"n-votes", row.votes}, {"n-agree", row.agree}, {"n-disagree", row.disagree}} {
		at := slices.Index(t.header[:from], c.name)
		if at >= 0 && len(t.row[at]) > 0 && string(t.row[at]) != strconv.Itoa(c.have) {
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
			return fmt.Errorf("%s %d: %w", what, n+1, cut(err))
		}
	}
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("after %s %d: %w", what, n, cut(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("after %s %d: more text after the end of the array", what, n)
	}
	return nil
}

// cut says of a text that ends too early that it does.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the text ends in the middle")
	}
	return err
}

// readArray reads votes.json.
func (v *Votes) readArray(in io.Reader) error {
	timed, first := false, true
	return eachObject(in, "vote", func(o *object) error {
		if o.Pid != "" && o.Participant != "" && o.Pid != o.Participant || o.Tid != "" && o.Statement != "" && o.Tid != o.Statement {
			return errors.New("two different ids")
		}
		b := Vote{Participant: o.Pid.or(o.Participant), Statement: o.Tid.or(o.Statement)}
		says, err := said([]byte(o.Vote))
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
			number, fraction, _ := strings.Cut(string(o.Modified), ".")
			at, ok := whole([]byte(number))
			if !ok || strings.Trim(fraction, "0") != "" {
				return fmt.Errorf("modified %q: want a whole number", o.Modified)
			}
			b.At = at
		}
		return v.Cast(b)
	})
}
