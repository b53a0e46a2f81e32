package cluster

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

var (
	errBare  = errors.New(`a " in a field that does not begin with one`)
	errQuote = errors.New(`a " too many or too few in a quoted field`)
	errWidth = errors.New("another number of fields than in the header")
)

// table is a CSV file (RFC 4180) with a header, row by row. It reads what
// encoding/csv reads, but leaves nothing behind for each row: files have millions.
type table struct {
	in     *bufio.Reader
	header []string
	row    [][]byte // good until the next row is read
	line   int      // on which the row begins
	lines  int      // read so far
	long   []byte   // a line longer than the reader's buffer
	plain  []byte   // the text of a row with quotes, without them
	ends   []int    // of the fields in it
}

// newTable reads the header.
func newTable(in *bufio.Reader) (*table, error) {
	t := &table{in: in}
	if err := t.next(); errors.Is(err, io.EOF) {
		return nil, errors.New("line 1: no header")
	} else if err != nil {
		return nil, err
	}
	for i, name := range t.row {
		if slices.Contains(t.header, string(name)) {
			return nil, fmt.Errorf("line %d: column %q twice", t.line, t.row[i])
		}
		t.header = append(t.header, string(name))
	}
	return t, nil
}

func (t *table) column(name string) (int, error) {
	at := slices.Index(t.header, name)
	if at < 0 {
		return 0, fmt.Errorf("line 1: no column %q", name)
	}
	return at, nil
}

// each does something with every row; an error gets the line it stands on.
func (t *table) each(do func() error) error {
	for {
		err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := do(); err != nil {
			return fmt.Errorf("line %d: %w", t.line, err)
		}
	}
}

// next reads a row; empty lines are none. At the end it is io.EOF.
func (t *table) next() error {
	line, err := t.text()
	for err == nil && len(line) == 0 {
		line, err = t.text()
	}
	if err != nil {
		return err
	}
	t.line, t.row = t.lines, t.row[:0]
	if bytes.IndexByte(line, '"') >= 0 {
		err = t.quoted(line)
	} else {
		for at := bytes.IndexByte(line, ','); at >= 0; at = bytes.IndexByte(line, ',') {
			t.row = append(t.row, line[:at])
			line = line[at+1:]
		}
		t.row = append(t.row, line)
	}
	if err == nil && t.header != nil && len(t.row) != len(t.header) {
		err = errWidth
	}
	if err != nil {
		return fmt.Errorf("line %d: %w", t.line, err)
	}
	return nil
}

// quoted takes a row apart that has quotes and may go on over several lines.
func (t *table) quoted(line []byte) (err error) {
	t.plain, t.ends = t.plain[:0], t.ends[:0]
	for more := true; more; {
		if len(line) > 0 && line[0] == '"' {
			if line, err = t.unquote(line[1:]); err != nil {
				return err
			}
			if more = len(line) > 0; more && line[0] != ',' {
				return errQuote
			}
			line = line[min(1, len(line)):]
		} else {
			var field []byte
			field, line, more = bytes.Cut(line, []byte(","))
			if bytes.IndexByte(field, '"') >= 0 {
				return errBare
			}
			t.plain = append(t.plain, field...)
		}
		t.ends = append(t.ends, len(t.plain))
	}
	from := 0
	for _, end := range t.ends {
		t.row = append(t.row, t.plain[from:end])
		from = end
	}
	return nil
}

// unquote reads to the closing quote and returns what follows on its line.
func (t *table) unquote(line []byte) (rest []byte, err error) {
	for {
		at := bytes.IndexByte(line, '"')
		if at < 0 {
			t.plain = append(append(t.plain, line...), '\n')
			line, err = t.text()
			if errors.Is(err, io.EOF) {
				err = errQuote
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		t.plain = append(t.plain, line[:at]...)
		if line = line[at+1:]; len(line) == 0 || line[0] != '"' {
			return line, nil
		}
		t.plain, line = append(t.plain, '"'), line[1:]
	}
}

// text reads a line, without what ends it. It is good until the next is read.
func (t *table) text() ([]byte, error) {
	line, err := t.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		t.long = t.long[:0]
		for errors.Is(err, bufio.ErrBufferFull) {
			t.long = append(t.long, line...)
			line, err = t.in.ReadSlice('\n')
		}
		t.long = append(t.long, line...)
		line = t.long
	}
	if err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)) {
		return nil, err
	}
	t.lines++
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
}
