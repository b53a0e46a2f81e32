package shares

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

// The .pb format (Pabulib): UTF-8 text in three sections, META, PROJECTS and
// VOTES, each with a line of column names and then rows; ';' parts columns,
// quotes as in CSV, ',' parts the ids of a ballot:
//
//	META
//	key;value
//	num_projects;2
//	num_votes;2
//	budget;12
//	vote_type;approval
//	PROJECTS
//	project_id;cost;votes;name
//	DEMO26-0001-K;6;2;…
//	DEMO26-0002-A;6;1;…
//	VOTES
//	voter_id;vote
//	3f…;DEMO26-0001-K,DEMO26-0002-A
//	9c…;DEMO26-0001-K
//
// Required: budget, vote_type, project_id, cost, vote. vote_type is approval;
// ordinal (vote is a ranking, the best first); cumulative or scoring (a column
// points runs parallel to vote, in whole numbers). num_projects and num_votes
// must agree with the rows where they are given, and a voter_id stands for one
// ballot; a column votes is not checked, since published samples keep the count
// of the whole. Amounts are integers (12 or 12.00). One
// META key is our own, and others ignore it: add1_step;budget says that a step
// of add1 is one unit for the whole budget (pabutools: voter_budget_increment
// of 1/num_votes); add1_step;voter, the default, one unit for each voter.

// LineError is what Parse refuses, with the line where it stands.
type LineError struct {
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

type parser struct {
	in      *Instance
	section string
	header  []string
	places  map[string]int32 // item id → index
	voters  map[string]int   // voter id → line
	votes   string           // vote_type
	seen    []int            // item → number of the last ballot that named it
	line    int
	counts  map[string]declared // num_projects, num_votes
	budget  bool
}

type declared struct{ line, n int }

// Parse reads a .pb file. An error names the line.
func Parse(r io.Reader) (*Instance, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if at := invalid(text); at > 0 {
		return nil, &LineError{at, errors.New("not UTF-8")}
	}
	c := csv.NewReader(bytes.NewReader(text))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = ';', -1, true, true
	p := &parser{in: &Instance{}, places: map[string]int32{}, voters: map[string]int{}, counts: map[string]declared{}}
	for {
		row, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			var pe *csv.ParseError
			if errors.As(err, &pe) {
				return nil, &LineError{pe.StartLine, pe.Err}
			}
			return nil, err
		}
		p.line, _ = c.FieldPos(0)
		if err := p.row(row); err != nil {
			return nil, &LineError{p.line, err}
		}
	}
	return p.in, p.end()
}

// invalid is the first line with bytes that are not UTF-8, or 0.
func invalid(text []byte) int {
	if utf8.Valid(text) {
		return 0
	}
	for n, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return n + 1
		}
	}
	return 1
}

func (p *parser) row(row []string) error {
	if word := strings.TrimSpace(row[0]); len(row) == 1 || allEmpty(row[1:]) {
		order := []string{"META", "PROJECTS", "VOTES"}
		if at := slices.Index(order, word); at >= 0 {
			if at != slices.Index(order, p.section)+1 {
				return fmt.Errorf("section %s after %q: want META, PROJECTS, VOTES in this order", word, p.section)
			}
			p.section, p.header = word, nil
			return nil
		}
	}
	if p.section == "" {
		return fmt.Errorf("%q before section META", row[0])
	}
	if p.header == nil {
		return p.columns(row)
	}
	if n := len(p.header); len(row) > n && !allEmpty(row[n:]) {
		return fmt.Errorf("%d fields, but section %s has %d columns", len(row), p.section, n)
	}
	switch p.section {
	case "META":
		return p.meta(row)
	case "PROJECTS":
		return p.project(row)
	}
	return p.vote(row)
}

func allEmpty(fields []string) bool {
	return !slices.ContainsFunc(fields, func(f string) bool { return f != "" })
}

func (p *parser) columns(row []string) error {
	p.header = slices.Clone(row)
	for i := range p.header {
		p.header[i] = strings.Clone(strings.TrimSpace(p.header[i]))
	}
	need := map[string][]string{"META": {"key", "value"}, "PROJECTS": {"project_id", "cost"}, "VOTES": {"vote"}}[p.section]
	if p.section == "VOTES" && p.pointed() {
		need = append(need, "points")
	}
	for _, n := range need {
		if !slices.Contains(p.header, n) {
			return fmt.Errorf("section %s has no column %s among %d (parted by ;)", p.section, n, len(p.header))
		}
	}
	return nil
}

func (p *parser) field(row []string, name string) string {
	if i := slices.Index(p.header, name); i >= 0 && i < len(row) {
		return strings.TrimSpace(row[i])
	}
	return ""
}

func (p *parser) meta(row []string) error {
	if len(row) < 2 {
		return fmt.Errorf("%q has no value", row[0])
	}
	key, value := strings.TrimSpace(row[0]), strings.TrimSpace(row[1])
	for _, m := range p.in.Meta {
		if m.Key == key {
			return fmt.Errorf("%s twice", key)
		}
	}
	p.in.Meta = append(p.in.Meta, Pair{strings.Clone(key), strings.Clone(value)})
	switch key {
	case "budget":
		n, err := amount(value)
		if err != nil || n == 0 {
			return fmt.Errorf("budget %q: want a whole number from 1 to %d", value, MaxAmount)
		}
		p.in.Budget, p.budget = n, true
	case "vote_type":
		if !slices.Contains(votes, value) {
			return fmt.Errorf("vote_type %q: want %s", value, oneOf(votes))
		}
		if p.votes = strings.Clone(value); value != Approvals {
			p.in.Votes = p.votes
		}
	case stepKey:
		if value != wholeBudget && value != eachVoter {
			return fmt.Errorf("%s %q: want %s or %s", stepKey, value, wholeBudget, eachVoter)
		}
	case "num_projects", "num_votes":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return fmt.Errorf("%s %q is not a count", key, value)
		}
		p.counts[key] = declared{p.line, n}
	}
	return nil
}

// amount reads a whole number, also one written with zero decimals.
func amount(s string) (int64, error) {
	whole, frac, _ := strings.Cut(s, ".")
	if strings.Trim(frac, "0") != "" || strings.HasPrefix(whole, "+") {
		return 0, fmt.Errorf("%q is not a whole number", s)
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", s)
	}
	if n < 0 {
		return 0, fmt.Errorf("%d is negative", n)
	}
	if n > MaxAmount {
		return 0, fmt.Errorf("%d is more than %d", n, MaxAmount)
	}
	return n, nil
}

func (p *parser) project(row []string) error {
	id := p.field(row, "project_id")
	if id == "" || strings.Contains(id, ",") {
		return fmt.Errorf("project_id %q: empty, or with a comma", id)
	}
	if _, ok := p.places[id]; ok {
		return fmt.Errorf("project %s twice", id)
	}
	cost, err := amount(p.field(row, "cost"))
	if err != nil {
		return fmt.Errorf("project %s: cost %w", id, err)
	}
	id = strings.Clone(id)
	p.places[id] = int32(len(p.in.Items))
	p.in.Items = append(p.in.Items, Item{ID: id, Cost: cost, Name: strings.Clone(p.field(row, "name")),
		Selected: p.field(row, "selected") == "1"})
	p.seen = append(p.seen, 0)
	return nil
}

// pointed tells whether ballots give points.
func (p *parser) pointed() bool { return p.votes == Cumulative || p.votes == Scoring }

func (p *parser) vote(row []string) error {
	text := p.field(row, "vote")
	if text == "" {
		return errors.New("empty ballot")
	}
	if slices.Contains(p.header, "voter_id") && p.field(row, "voter_id") == "" {
		return errors.New("a voter without an id")
	}
	b := Ballot{ID: strings.Clone(p.field(row, "voter_id")), Choices: make([]int32, 0, strings.Count(text, ",")+1)}
	if first, ok := p.voters[b.ID]; ok && b.ID != "" {
		return fmt.Errorf("voter %s twice, first in line %d", b.ID, first)
	}
	p.voters[b.ID] = p.line
	number := len(p.in.Ballots) + 1
	for id := range strings.SplitSeq(text, ",") {
		i, ok := p.places[strings.TrimSpace(id)]
		if !ok {
			return fmt.Errorf("no project %q", id)
		}
		if p.seen[i] == number {
			return fmt.Errorf("project %s twice in one ballot", id)
		}
		p.seen[i] = number
		b.Choices = append(b.Choices, i)
	}
	if p.pointed() {
		if err := p.points(&b, p.field(row, "points")); err != nil {
			return err
		}
	}
	p.in.Ballots = append(p.in.Ballots, b)
	return nil
}

func (p *parser) points(b *Ballot, text string) error {
	words := strings.Split(text, ",")
	if text == "" || len(words) != len(b.Choices) {
		return fmt.Errorf("points %q for %d projects", text, len(b.Choices))
	}
	b.Points = make([]int64, len(words))
	for i, w := range words {
		n, err := amount(strings.TrimSpace(w))
		if err != nil {
			return fmt.Errorf("points: %w", err)
		}
		b.Points[i] = n
	}
	return nil
}

// end checks what only the whole file shows.
func (p *parser) end() error {
	switch {
	case p.section != "VOTES":
		return &LineError{p.line + 1, errors.New("the file ends before section VOTES")}
	case !p.budget:
		return &LineError{1, errors.New("META has no budget")}
	case p.votes == "":
		return &LineError{1, errors.New("META has no vote_type")}
	case len(p.in.Ballots) == 0:
		return &LineError{p.line + 1, errors.New("no ballots")}
	}
	for key, have := range map[string]int{"num_projects": len(p.in.Items), "num_votes": len(p.in.Ballots)} {
		if d, ok := p.counts[key]; ok && d.n != have {
			return &LineError{d.line, fmt.Errorf("%s is %d, but the file has %d", key, d.n, have)}
		}
	}
	if err := p.in.Check(); err != nil {
		return &LineError{p.line, err}
	}
	return nil
}
