package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"glosa"
	"glosa/civic/people"
	"glosa/method/alike"
)

type alikeCmd struct {
	File      string  `arg:"" help:"A CSV file with a header, or - for standard input."`
	Column    string  `help:"The column that holds the texts." required:"" placeholder:"NAME"`
	Threshold float64 `help:"Least score of a pair, above 0 and at most 1." default:"0.8"`
	JSON      bool    `help:"Write JSON." name:"json"`
}

// Run finds the pairs and groups. Records are numbered from 1, the header aside.
func (m *alikeCmd) Run(c *console) error {
	var texts []string
	err := c.reading(m.File, func(in io.Reader) (err error) {
		texts, err = csvColumn(in, m.Column)
		return err
	})
	if err != nil {
		return err
	}
	places, err := shippedPlaces()
	if err != nil {
		return err
	}
	found, err := alike.Group(alike.ReadAll(texts, places), m.Threshold)
	if err != nil {
		return wrong("%w", err)
	}
	for _, group := range found.Of {
		for i := range group {
			group[i]++
		}
	}
	out := bufio.NewWriter(c.out)
	if m.JSON {
		err = writeAlike(out, found.Of, found.Pairs())
	} else {
		fmt.Fprintf(out, "%d texts, %d groups\n", len(texts), len(found.Of))
		for _, group := range found.Of {
			fmt.Fprintln(out, strings.Trim(fmt.Sprint(group), "[]"))
		}
	}
	return errors.Join(err, out.Flush())
}

// writeAlike writes pair by pair: there may be many more of them than texts.
func writeAlike(out *bufio.Writer, groups [][]int, pairs iter.Seq[alike.Pair]) error {
	if groups == nil {
		groups = [][]int{}
	}
	raw, err := json.Marshal(groups)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, `{"groups":%s,"pairs":[`, raw)
	apart := ""
	for p := range pairs {
		score, err := json.Marshal(p.Score)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, `%s{"a":%d,"b":%d,"score":%s}`, apart, p.A+1, p.B+1, score); err != nil {
			return err // nobody reads any more
		}
		apart = ","
	}
	fmt.Fprintln(out, "]}")
	return nil
}

// csvColumn reads one column of a CSV file. Errors name the line.
func csvColumn(in io.Reader, name string) ([]string, error) {
	buffered := bufio.NewReader(in)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = buffered.Discard(3)
	}
	rows := csv.NewReader(buffered)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("line 1: no header")
	}
	if err != nil {
		return nil, lineOf(err)
	}
	at := slices.Index(header, name)
	if at < 0 {
		return nil, fmt.Errorf("line 1: no column %q", name)
	}
	var texts []string
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return texts, nil
		}
		if err != nil {
			return nil, lineOf(err)
		}
		if !utf8.ValidString(row[at]) {
			line, _ := rows.FieldPos(at)
			return nil, fmt.Errorf("line %d: not UTF-8", line)
		}
		texts = append(texts, strings.Clone(row[at]))
	}
}

// lineOf says on which line a CSV file is wrong, in one line.
func lineOf(err error) error {
	var row *csv.ParseError
	if errors.As(err, &row) {
		return fmt.Errorf("line %d: %w", row.Line, row.Err)
	}
	return err
}

// shippedPlaces are the places of the territories that come with the program,
// under all their names.
func shippedPlaces() (*alike.Places, error) {
	names := map[string]string{}
	for _, code := range people.Shipped() {
		ref, err := people.ShippedReference(code)
		if err != nil {
			return nil, err
		}
		part := map[glosa.TerritoryCode]bool{} // the whole territory is no place in it
		for _, t := range ref.Territories {
			part[t.Code] = t.Parent != ""
			for _, n := range t.Names {
				if t.Parent != "" {
					names[n.Words] = string(t.Code)
				}
			}
		}
		for _, a := range ref.Aliases {
			if part[a.Territory] {
				names[a.Words] = string(a.Territory)
			}
		}
	}
	return alike.NewPlaces(names), nil
}
