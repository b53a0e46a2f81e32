package sortition

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The files of the Sortition Foundation's stratification-app: CSV in UTF-8.
//
// Categories: one line a feature, with min and max, and min_flex and max_flex
// where limits may give way. The first two columns have been called category and
// feature, category and name, and feature and value; all are read:
//
//	category,feature,min,max,min_flex,max_flex
//	gender,female,14,16,13,17
//	gender,male,14,16,13,17
//
// Pool: a header, then one line a person; a column for each category, and
// others. The id is the column called id; else the first of those in idColumns;
// without one people are numbered from 1. Space around names is dropped.

// LineError is what a file is refused for, with the line where it stands.
type LineError struct {
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// idColumns are names under which an id has been seen, in order of preference.
var idColumns = []string{"id", "nationbuilder_id", "pool_id", "person_id", "participant_id", "respondent_id", "unique_id", "volunteer_id", "folio"}

type sheet struct {
	header []string
	rows   [][]string
	lines  []int
}

// read reads a whole CSV file; every row has as many fields as the header.
func read(in io.Reader) (*sheet, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	for n, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return nil, &LineError{n + 1, errors.New("not UTF-8")}
		}
	}
	c := csv.NewReader(bytes.NewReader(text))
	s := &sheet{}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var pe *csv.ParseError
			if errors.As(err, &pe) {
				return nil, &LineError{pe.Line, pe.Err}
			}
			return nil, err
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		if s.header == nil {
			s.header = row
			continue
		}
		line, _ := c.FieldPos(0)
		s.rows, s.lines = append(s.rows, row), append(s.lines, line)
	}
	if s.header == nil {
		return nil, &LineError{1, errors.New("no header")}
	}
	return s, nil
}

// column finds a column by name, capitals aside; -1 where there is none.
func (s *sheet) column(name string) int {
	return slices.IndexFunc(s.header, func(h string) bool { return strings.EqualFold(h, name) })
}

// ParseCategories reads the quotas. An error names the line.
func ParseCategories(in io.Reader) ([]Quota, error) {
	s, err := read(in)
	if err != nil {
		return nil, err
	}
	cat, feat := -1, -1
	for _, names := range [][2]string{{"category", "feature"}, {"category", "name"}, {"category", "value"}, {"feature", "value"}, {"feature", "name"}} {
		if c, f := s.column(names[0]), s.column(names[1]); c >= 0 && f >= 0 && cat < 0 {
			cat, feat = c, f
		}
	}
	if cat < 0 {
		return nil, &LineError{1, errors.New("want columns category and feature (or category and name, or feature and value)")}
	}
	bounds := []string{"min", "max", "min_flex", "max_flex"}
	if err := s.bounded(bounds); err != nil {
		return nil, err
	}
	for _, b := range bounds[:2] {
		if s.column(b) < 0 {
			return nil, &LineError{1, fmt.Errorf("no column %s", b)}
		}
	}
	var out []Quota
	for i, row := range s.rows {
		q := Quota{Category: row[cat], Feature: row[feat], Line: s.lines[i]}
		for b, to := range []*int{&q.Min, &q.Max, &q.MinFlex, &q.MaxFlex} {
			at := s.column(bounds[b])
			if b >= 2 && (at < 0 || row[at] == "") {
				*to = NoLimit
				continue
			}
			if *to, err = count(row[at]); err != nil {
				return nil, quotaError(q, fmt.Errorf("%s %w", bounds[b], err))
			}
		}
		out = append(out, q)
	}
	if len(out) == 0 {
		return nil, &LineError{2, errors.New("no categories")}
	}
	return out, checkQuotas(out)
}

// bounded refuses a header with a column twice, or with a limit that nobody would read.
func (s *sheet) bounded(bounds []string) error {
	for i, name := range s.header {
		low := strings.ToLower(name)
		switch {
		case name != "" && s.column(name) < i:
			return &LineError{1, fmt.Errorf("column %s twice", name)}
		case (strings.HasPrefix(low, "min") || strings.HasPrefix(low, "max")) && !slices.Contains(bounds, low):
			return &LineError{1, fmt.Errorf("column %s: limits are %s", name, strings.Join(bounds, ", "))}
		}
	}
	return nil
}

// count reads a whole number of people.
func count(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || !digits(s) {
		return 0, fmt.Errorf("%q is not a whole number", s)
	}
	if n > MaxSize {
		return 0, fmt.Errorf("%d is more than %d", n, MaxSize)
	}
	return n, nil
}

// Columns say what some columns of a pool are.
type Columns struct {
	ID        string // "" for the usual names
	Household string // "" for none
}

// ParsePool reads the people. Errors name the line.
func ParsePool(in io.Reader, quotas []Quota, cols Columns) (*Pool, error) {
	s, err := read(in)
	if err != nil {
		return nil, err
	}
	p := &Pool{}
	var places []int
	known := map[[2]string]bool{}
	for _, q := range quotas {
		known[[2]string{q.Category, q.Feature}] = true
		if slices.Contains(p.Categories, q.Category) {
			continue
		}
		at := slices.Index(s.header, q.Category)
		if at < 0 {
			return nil, &LineError{1, fmt.Errorf("no column for category %s", q.Category)}
		}
		p.Categories, places = append(p.Categories, q.Category), append(places, at)
	}
	for i, h := range s.header {
		if slices.Contains(s.header[:i], h) && (slices.Contains(p.Categories, h) || h == cols.Household) {
			return nil, &LineError{1, fmt.Errorf("column %s twice", h)}
		}
	}
	id, home, err := s.special(p, places, cols)
	if err != nil {
		return nil, err
	}
	first := map[string]int{}
	for i := range s.rows {
		q, err := s.person(i, p, places, known, id)
		if err != nil {
			return nil, err
		}
		if before, ok := first[q.ID]; ok {
			return nil, personError(q, fmt.Errorf("the same id as on line %d", before))
		}
		first[q.ID] = q.Line
		if home >= 0 {
			q.Household = s.rows[i][home]
		}
		p.People = append(p.People, q)
	}
	if len(p.People) == 0 {
		return nil, &LineError{2, errors.New("empty pool")}
	}
	return p, nil
}

// person reads row i: an id, a known feature for each category, the rest as it is.
func (s *sheet) person(i int, p *Pool, places []int, known map[[2]string]bool, id int) (Person, error) {
	row := s.rows[i]
	q := Person{ID: strconv.Itoa(i + 1), Line: s.lines[i]}
	if id >= 0 {
		if q.ID = row[id]; q.ID == "" {
			return q, &LineError{q.Line, errors.New("a person without an id")}
		}
	}
	for c, at := range places {
		switch f := row[at]; {
		case f == "":
			return q, personError(q, fmt.Errorf("nothing in category %s", p.Categories[c]))
		case !known[[2]string{p.Categories[c], f}]:
			return q, personError(q, fmt.Errorf("no feature %q in category %s", f, p.Categories[c]))
		default:
			q.Features = append(q.Features, f)
		}
	}
	for at, h := range row {
		if at != id && !slices.Contains(places, at) {
			q.Others = append(q.Others, h)
		}
	}
	return q, nil
}

// special finds the columns of ids and of households, -1 for none, and notes
// the names of all others.
func (s *sheet) special(p *Pool, places []int, cols Columns) (id, home int, err error) {
	id, home = -1, -1
	if cols.ID != "" {
		if id = s.column(cols.ID); id < 0 {
			return 0, 0, &LineError{1, fmt.Errorf("no column %q", cols.ID)}
		}
	}
	for _, name := range idColumns {
		if at := s.column(name); id < 0 && at >= 0 && !slices.Contains(places, at) && s.header[at] != cols.Household {
			id = at
		}
	}
	if cols.Household != "" {
		if home = slices.Index(s.header, cols.Household); home < 0 {
			return 0, 0, &LineError{1, fmt.Errorf("no column %q", cols.Household)}
		}
	}
	for at, h := range s.header {
		if at == id {
			p.IDColumn = h
		} else if !slices.Contains(places, at) {
			p.Others = append(p.Others, h)
		}
	}
	return id, home, nil
}

// WriteCategories writes quotas so that ParseCategories reads them back.
func WriteCategories(w io.Writer, quotas []Quota) error {
	c := csv.NewWriter(w)
	flex := slices.ContainsFunc(quotas, func(q Quota) bool { return q.MinFlex != NoLimit || q.MaxFlex != NoLimit })
	header := []string{"category", "feature", "min", "max", "min_flex", "max_flex"}
	if !flex {
		header = header[:4]
	}
	rows := [][]string{header}
	for _, q := range quotas {
		row := []string{q.Category, q.Feature, strconv.Itoa(q.Min), strconv.Itoa(q.Max)}
		for _, n := range []int{q.MinFlex, q.MaxFlex} {
			if flex && n == NoLimit {
				row = append(row, "")
			} else if flex {
				row = append(row, strconv.Itoa(n))
			}
		}
		rows = append(rows, row)
	}
	return c.WriteAll(rows)
}

// WritePool writes a pool so that ParsePool reads it back: the id, where there
// is one, then the categories, then the others.
func WritePool(w io.Writer, p *Pool) error {
	c := csv.NewWriter(w)
	var header []string
	if p.IDColumn != "" {
		header = append(header, p.IDColumn)
	}
	rows := [][]string{slices.Concat(header, p.Categories, p.Others)}
	for _, q := range p.People {
		var row []string
		if p.IDColumn != "" {
			row = append(row, q.ID)
		}
		rows = append(rows, slices.Concat(row, q.Features, q.Others))
	}
	return c.WriteAll(rows)
}
