package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/question"
)

// Bounds of a batch. A file beyond them is refused before it is read.
const (
	MostBytes   = 4 << 20
	MostLines   = 5000
	mostColumns = 40
	mostCell    = 64 << 10
)

// Columns of a batch in the order of the template, as flaws name them.
const (
	ColFolio        = "folio"
	ColText         = "text"
	ColContext      = "context"
	ColMunicipality = "municipality"
	ColLanguage     = "language"
	ColName         = "name"
	ColAskedOn      = "asked_on"
)

// Columns lists the columns of a batch.
func Columns() []string {
	return []string{ColFolio, ColText, ColContext, ColMunicipality, ColLanguage, ColName, ColAskedOn}
}

// headings are the words by which a column is known, folded.
var headings = map[string]string{
	"folio":    ColFolio,
	"pregunta": ColText, "texto": ColText, "question": ColText, "text": ColText,
	"contexto": ColContext, "context": ColContext,
	"municipio": ColMunicipality, "municipality": ColMunicipality,
	"idioma": ColLanguage, "lengua": ColLanguage, "language": ColLanguage,
	"firma": ColName, "nombre": ColName, "signature": ColName, "name": ColName,
	"fecha": ColAskedOn, "preguntada el": ColAskedOn, "date": ColAskedOn, "asked on": ColAskedOn,
}

// Flaw is why something of a batch is refused: where it stands and the key of the
// sentence. It repeats no word of the file but a folio or a number.
type Flaw struct {
	Line   int    // of the file, from 1; 0 is the whole file
	Column string // "B"; "" is the whole line
	Field  string // one of [Columns]; "" when it is none of them
	Reason string // a key of web/text
	Arg    string // what the sentence names: {x}
}

// cell is one cell as it was read.
type cell struct {
	text    string
	number  bool // a spreadsheet's number, not text
	formula bool
	merged  bool
}

// grid is a file as it was read: lines of cells, and where each line stands.
type grid struct {
	lines    [][]cell
	at       []int // number of each line in its file
	date1904 bool
}

// parsed is one line of a batch that can be a question.
type parsed struct {
	line  int
	form  Form
	flaws []Flaw
	where map[string]string // column letter by field
}

// readTable reads a batch out of a file of any kind that it knows. A file that it
// refuses as a whole gives one flaw of line 0 or of the line that spoils it.
func readTable(raw []byte) ([]parsed, *Flaw) {
	g, bad := readGrid(raw)
	if bad != nil {
		return nil, bad
	}
	return g.questions()
}

func readGrid(raw []byte) (grid, *Flaw) {
	switch {
	case len(raw) == 0:
		return grid{}, &Flaw{Reason: "it.file.empty"}
	case len(raw) > MostBytes:
		return grid{}, &Flaw{Reason: "it.file.big"}
	case bytes.HasPrefix(raw, []byte("PK")):
		return readSheet(raw)
	case bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return grid{}, &Flaw{Reason: "it.file.old"}
	}
	text, bad := decode(raw)
	if bad != nil {
		return grid{}, bad
	}
	return readCSV(text)
}

// decode makes UTF-8 of the encodings that spreadsheets write. One that is none
// of them, or two at once, is refused.
func decode(raw []byte) (string, *Flaw) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return decode16(raw)
	}
	if i := bytes.IndexFunc(raw, func(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' && r != '\r' }); i >= 0 {
		return "", &Flaw{Line: lineOf(raw, i), Reason: "it.file.binary"}
	}
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	return decodeWestern(raw)
}

func lineOf(raw []byte, at int) int { return 1 + bytes.Count(raw[:at], []byte("\n")) }

func decode16(raw []byte) (string, *Flaw) {
	if len(raw)%2 != 0 {
		return "", &Flaw{Reason: "it.file.binary"}
	}
	u := make([]uint16, 0, len(raw)/2-1)
	for i := 2; i < len(raw); i += 2 {
		if raw[0] == 0xff {
			u = append(u, uint16(raw[i])|uint16(raw[i+1])<<8)
		} else {
			u = append(u, uint16(raw[i+1])|uint16(raw[i])<<8)
		}
	}
	s := string(utf16.Decode(u))
	if i := strings.IndexFunc(s, func(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' && r != '\r' }); i >= 0 {
		return "", &Flaw{Line: lineOf([]byte(s), i), Reason: "it.file.binary"}
	}
	return s, nil
}

// western are the characters of Windows-1252 from 0x80 to 0x9f; zero is none.
// The rest is Latin-1, so this reads both.
var western = [32]rune{'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ'}

// decodeWestern reads Windows-1252. A line that is UTF-8 beyond ASCII among lines
// that are not says that two files were put together: which is meant cannot be told.
func decodeWestern(raw []byte) (string, *Flaw) {
	for n, line := range bytes.Split(raw, []byte("\n")) {
		if utf8.Valid(line) && bytes.ContainsFunc(line, func(r rune) bool { return r >= 0x80 }) {
			return "", &Flaw{Line: n + 1, Reason: "it.file.mixed"}
		}
	}
	var b strings.Builder
	for i, c := range raw {
		switch {
		case c < 0x80 || c >= 0xa0:
			b.WriteRune(rune(c))
		case western[c-0x80] == 0:
			return "", &Flaw{Line: lineOf(raw, i), Reason: "it.file.encoding"}
		default:
			b.WriteRune(western[c-0x80])
		}
	}
	return b.String(), nil
}

// readCSV reads cells parted by commas, semicolons or tabs: by whichever the first
// line has most of.
func readCSV(text string) (g grid, bad *Flaw) {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	comma := ','
	for _, c := range ";\t" {
		if strings.Count(first, string(c)) > strings.Count(first, string(comma)) {
			comma = c
		}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	for {
		rec, err := r.Read()
		var wrong *csv.ParseError
		switch {
		case errors.As(err, &wrong):
			return g, &Flaw{Line: wrong.Line, Reason: "it.file.quotes"}
		case err != nil:
			return g, nil // the end
		case len(rec) > mostColumns:
			line, _ := r.FieldPos(0)
			return g, &Flaw{Line: line, Reason: "it.file.columns"}
		case len(g.lines) > MostLines:
			return g, &Flaw{Reason: "it.file.lines"}
		}
		cells := make([]cell, len(rec))
		for i, s := range rec {
			cells[i] = cellOf(s)
		}
		line, _ := r.FieldPos(0)
		g.lines, g.at = append(g.lines, cells), append(g.at, line)
	}
}

// cellOf reads a cell of a text file. What begins like a formula is one, unless
// an apostrophe guards it.
func cellOf(s string) cell {
	s = strings.Clone(s)
	if rest, guarded := strings.CutPrefix(s, "'"); guarded && startsFormula(rest) {
		return cell{text: rest}
	}
	return cell{text: s, formula: strings.HasPrefix(strings.TrimSpace(s), "=")}
}

func startsFormula(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

// questions reads the lines under the headings.
func (g grid) questions() (out []parsed, bad *Flaw) {
	head := slices.IndexFunc(g.lines, func(l []cell) bool { return !empty(l) })
	if head < 0 {
		return nil, &Flaw{Reason: "it.file.empty"}
	}
	fields, bad := fieldsIn(g.lines[head], g.at[head])
	if bad != nil {
		return nil, bad
	}
	for i := head + 1; i < len(g.lines); i++ {
		if empty(g.lines[i]) {
			continue
		}
		p := g.question(i, fields)
		if strings.HasPrefix(people.Fold(p.form.Folio), "ejemplo") || strings.HasPrefix(people.Fold(p.form.Folio), "example") {
			continue // the template's own line
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, &Flaw{Reason: "it.file.none"}
	}
	return out, nil
}

func empty(line []cell) bool {
	return !slices.ContainsFunc(line, func(c cell) bool { return strings.TrimSpace(c.text) != "" || c.formula })
}

// fieldsIn reads the headings. Those that must be there are the folio and the question.
func fieldsIn(line []cell, at int) ([]string, *Flaw) {
	fields := make([]string, len(line))
	for i, c := range line {
		word := people.Fold(strings.Trim(c.text, " *:"))
		switch field, known := headings[word]; {
		case c.merged:
			return nil, &Flaw{Line: at, Column: letter(i), Reason: "it.cell.merged"}
		case word == "":
		case !known:
			return nil, &Flaw{Line: at, Column: letter(i), Reason: "it.head.unknown"}
		case slices.Contains(fields, field):
			return nil, &Flaw{Line: at, Column: letter(i), Field: field, Reason: "it.head.twice"}
		default:
			fields[i] = field
		}
	}
	for _, must := range []string{ColFolio, ColText} {
		if !slices.Contains(fields, must) {
			return nil, &Flaw{Line: at, Field: must, Reason: "it.head.missing"}
		}
	}
	return fields, nil
}

// letter names a column as spreadsheets do.
func letter(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// question reads one line.
func (g grid) question(i int, fields []string) parsed {
	p := parsed{line: g.at[i], where: map[string]string{}}
	for col, field := range fields {
		if field != "" {
			p.where[field] = letter(col)
		}
	}
	for col, c := range g.lines[i] {
		field := ""
		if col < len(fields) {
			field = fields[col]
		}
		if strings.TrimSpace(c.text) == "" && !c.formula && !c.merged {
			continue
		}
		reason := c.wrong(field)
		if field == "" && reason == "" {
			reason = "it.cell.beyond"
		}
		if reason == "" && field != ColFolio && field != ColText && field != ColContext {
			if _, err := question.ParseFolio(c.text); err == nil && field != ColAskedOn {
				reason = "it.cell.moved"
			}
		}
		if reason != "" {
			p.flaws = append(p.flaws, Flaw{Line: p.line, Column: letter(col), Field: field, Reason: reason})
			continue
		}
		g.put(&p, field, c, col)
	}
	p.shifted()
	return p
}

// wrong tells what keeps a cell from being read at all; "" when nothing does.
func (c cell) wrong(field string) string {
	switch {
	case c.merged:
		return "it.cell.merged"
	case c.formula:
		return "it.cell.formula"
	case len(c.text) > mostCell:
		return "it.cell.long"
	case !utf8.ValidString(c.text), strings.ContainsRune(c.text, utf8.RuneError), mojibake(c.text):
		return "it.cell.encoding"
	case c.number && (field == ColText || field == ColContext || field == ColName || field == ColFolio || field == ColLanguage):
		return "it.cell.number"
	}
	return ""
}

// mojibake tells whether a text was read once in a wrong encoding: "Â¿", "Ã¡".
func mojibake(s string) bool {
	was := rune(0)
	for _, r := range s {
		if (was == 'Ã' || was == 'Â') && r >= 0x80 && r <= 0xbf {
			return true
		}
		was = r
	}
	return false
}

// put keeps a cell in the form.
func (g grid) put(p *parsed, field string, c cell, col int) {
	text := strings.TrimSpace(c.text)
	switch field {
	case ColFolio:
		p.form.Folio = text
	case ColText:
		p.form.Text = text
	case ColContext:
		p.form.Context = text
	case ColMunicipality:
		if c.number && len(text) == 4 { // a code whose zero the spreadsheet ate
			text = "0" + text
		}
		p.form.Municipality = glosa.TerritoryCode(text)
	case ColLanguage:
		p.form.Language = glosa.Code(languageOf(text))
	case ColName:
		p.form.Name = text
	case ColAskedOn:
		day, ok := g.dayOf(c)
		if !ok {
			p.flaws = append(p.flaws, Flaw{Line: p.line, Column: letter(col), Field: field, Reason: "it.date"})
		}
		p.form.AskedOn = day
	}
}

// languages are the names by which a language is known, folded.
var languages = map[string]string{"espanol": "es", "español": "es", "castellano": "es", "spanish": "es", "maya": "yua", "tseltal": "tzh", "tzeltal": "tzh",
	"tsotsil": "tzo", "tzotzil": "tzo", "ch'ol": "ctu", "chol": "ctu", "ingles": "en", "english": "en"}

func languageOf(text string) string {
	if code, ok := languages[people.Fold(text)]; ok {
		return code
	}
	return strings.ToLower(text)
}

// dayOf reads a day: as text, year first or day first, or as a spreadsheet's number.
func (g grid) dayOf(c cell) (string, bool) {
	text := strings.TrimSpace(c.text)
	if c.number {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || n < 20_000 || n > 80_000 { // from 1954 to 2119
			return "", false
		}
		from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		if g.date1904 {
			from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return from.AddDate(0, 0, int(n)).Format(time.DateOnly), true
	}
	for _, layout := range []string{time.DateOnly, "2/1/2006", "02/01/2006", "2-1-2006", "2.1.2006", "2006-01-02T15:04:05Z", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// shifted tells of a line whose cells stand a column aside: no folio where it
// should be, and one where the question should.
func (p *parsed) shifted() {
	if _, err := question.ParseFolio(p.form.Folio); err == nil {
		return
	}
	for _, f := range []struct{ field, text string }{{ColText, p.form.Text}, {ColContext, p.form.Context}} {
		if _, err := question.ParseFolio(f.text); err == nil {
			p.flaws = []Flaw{{Line: p.line, Column: p.where[f.field], Field: f.field, Reason: "it.cell.moved"}}
			return
		}
	}
}
