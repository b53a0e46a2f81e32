package question

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"glosa"
)

// What a sheet that comes back may be at most: its bytes, what it unpacks to, its
// parts, and how far to the right anything stands in it.
const (
	MaxSheetBytes = 8 << 20
	maxUnpacked   = 32 << 20
	maxParts      = 200
	maxColumns    = 40
)

var badSheet = glosa.WrongField("file", "of.sheet.bad")

// writeBook writes the sheet: a head that stays, text in every cell, the kinds of
// answer to choose from. all is how many lines there would be: when some are left
// out, a second sheet says so.
func writeBook(w SheetWords, lines [][]string, all int) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", w.Name); err != nil {
		return nil, err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return nil, err
	}
	head, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	s, err := f.NewStreamWriter(w.Name)
	if err != nil {
		return nil, err
	}
	for i, width := range []float64{14, 48, 10, 16, 12, 20, 40, 48, 30, 24, 14, 40, 26} {
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, XSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return nil, err
	}
	var first []any
	for _, c := range Columns() {
		first = append(first, excelize.Cell{Value: w.Head[c], StyleID: head})
	}
	if err := s.SetRow("A1", first); err != nil {
		return nil, err
	}
	for i, l := range lines {
		cells := make([]any, len(l))
		for j, v := range l {
			cells[j] = excelize.Cell{Value: v, StyleID: text}
		}
		if err := s.SetRow("A"+strconv.Itoa(i+2), cells); err != nil {
			return nil, err
		}
	}
	if err := s.Flush(); err != nil {
		return nil, err
	}
	if err := offerKinds(f, w, len(lines)); err != nil {
		return nil, err
	}
	if err := tellCut(f, w, len(lines), all); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// tellCut says on a second sheet how many lines are left out; nothing when none is.
func tellCut(f *excelize.File, w SheetWords, lines, all int) error {
	if all <= lines {
		return nil
	}
	name, says := w.Cut(lines, all)
	if _, err := f.NewSheet(name); err != nil {
		return err
	}
	return f.SetCellStr(name, "A1", says)
}

// offerKinds lets a spreadsheet offer the kinds of answer in their column.
func offerKinds(f *excelize.File, w SheetWords, lines int) error {
	var kinds []string
	for _, k := range []glosa.Code{Said, Cannot, Elsewhere} {
		kinds = append(kinds, w.Kind[k])
	}
	v := excelize.NewDataValidation(true)
	v.Sqref = "F2:F" + strconv.Itoa(max(2, lines+1))
	if err := v.SetDropList(kinds); err != nil {
		return err
	}
	return f.AddDataValidation(w.Name, v)
}

// sheetLine is one line of a sheet by its columns.
type sheetLine struct {
	number   int
	cells    map[Column]string
	formulas map[Column]bool
}

// readBook reads a sheet's lines. Invalid, field "file".
func readBook(raw []byte, words []SheetWords) (lines []sheetLine, err error) {
	if err := unpacks(raw); err != nil {
		return nil, err
	}
	defer func() {
		if recover() != nil { // the library met what no spreadsheet writes
			lines, err = nil, badSheet
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return nil, badSheet
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) == 0 {
		return nil, badSheet
	}
	formulas, ok := formulasOf(f, names[0])
	if !ok {
		return nil, badSheet
	}
	rows, err := f.Rows(names[0])
	if err != nil {
		return nil, badSheet
	}
	defer rows.Close()
	var columns []Column
	for n := 1; rows.Next(); n++ {
		values, err := rows.Columns()
		if err != nil {
			return nil, badSheet
		}
		if n == 1 {
			if columns, err = columnsOf(values, words); err != nil {
				return nil, err
			}
			continue
		}
		if l := lineAt(n, values, columns, formulas); l.some() {
			lines = append(lines, l)
		}
	}
	if columns == nil {
		return nil, badSheet
	}
	return lines, nil
}

// unpacks looks at the archive before anything trusts it: how many parts, and
// what they really unpack to.
func unpacks(raw []byte) error {
	if len(raw) > MaxSheetBytes {
		return glosa.WrongField("file", "of.sheet.big")
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) > maxParts {
		return badSheet
	}
	left := int64(maxUnpacked)
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			return badSheet
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
		r.Close()
		if left -= n; left < 0 {
			return glosa.WrongField("file", "of.sheet.big")
		}
		if err != nil || strings.Contains(strings.ToLower(part.Name), "vbaproject") {
			return badSheet
		}
	}
	return nil
}

// columnsOf reads the head, in any order and any of the languages. Every column
// that is written in must be there, the folio and the control too.
func columnsOf(head []string, words []SheetWords) ([]Column, error) {
	out := make([]Column, len(head))
	have := map[Column]bool{}
	for i, h := range head {
		for _, w := range words {
			for c, name := range w.Head {
				if strings.EqualFold(strings.TrimSpace(h), name) && (out[i] == "" || out[i] == c) {
					out[i] = c
				}
			}
		}
		if out[i] != "" && have[out[i]] {
			return nil, glosa.WrongField("file", "of.sheet.head", "column", h)
		}
		have[out[i]] = true
	}
	for _, c := range Columns() {
		if !have[c] && (c.written() || c == ColFolio || c == ColControl) {
			return nil, glosa.WrongField("file", "of.sheet.head", "column", words[0].Head[c])
		}
	}
	return out, nil
}

func lineAt(n int, values []string, columns []Column, formulas map[[2]int]bool) sheetLine {
	l := sheetLine{number: n, cells: map[Column]string{}, formulas: map[Column]bool{}}
	for i, c := range columns {
		if c == "" {
			continue
		}
		if i < len(values) {
			l.cells[c] = values[i]
		}
		l.formulas[c] = formulas[[2]int{n, i + 1}]
	}
	return l
}

// some tells whether anything stands in the line.
func (l sheetLine) some() bool {
	for c, v := range l.cells {
		if strings.TrimSpace(v) != "" || l.formulas[c] {
			return true
		}
	}
	return false
}

// read is the folio and the answer of a line, or the column that is wrong and why.
func (l sheetLine) read(words []SheetWords) (id glosa.QuestionID, a Answer, c Column, key string) {
	id, err := ParseFolio(strings.TrimSpace(l.cells[ColFolio]))
	if err != nil {
		return "", a, ColFolio, "of.sheet.folio"
	}
	for _, c := range Columns() {
		if l.formulas[c] && (c.written() || c == ColFolio) {
			return id, a, c, "of.sheet.formula"
		}
	}
	a = Answer{Kind: Said, Short: l.cells[ColShort], Detail: l.cells[ColDetail], Basis: l.cells[ColBasis], Place: l.cells[ColPlace],
		Next: dateOf(l.cells[ColNext]), Evidence: ParseEvidenceLines(l.cells[ColEvidence])}
	if k := strings.TrimSpace(l.cells[ColKind]); k != "" {
		a.Kind = ""
		for _, w := range words {
			for code, name := range w.Kind {
				if strings.EqualFold(k, name) {
					a.Kind = code
				}
			}
		}
		if a.Kind == "" {
			return id, a, ColKind, "li.kind"
		}
	}
	return id, a.tidy(), "", ""
}

// dateOf reads a day as a spreadsheet may have it: its number, 2027-03-01 or
// 1/3/2027. Anything else stays as it is, and is told to be none.
func dateOf(s string) string {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, "2/1/2006", "2-1-2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && n >= 36526 && n < 73051 { // of this century
		if t, err := excelize.ExcelDateToTime(n, false); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return s
}

// formulasOf finds the cells of a sheet that are computed, and refuses one that
// stands farther away than any sheet of ours.
func formulasOf(f *excelize.File, name string) (map[[2]int]bool, bool) {
	part, ok := partOf(f, name)
	if !ok {
		return nil, false
	}
	out := map[[2]int]bool{}
	d := xml.NewDecoder(bytes.NewReader(part))
	line, col := 0, 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return out, true
		}
		if err != nil {
			return nil, false
		}
		el, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		at := ""
		for _, x := range el.Attr {
			if x.Name.Local == "r" {
				at = x.Value
			}
		}
		switch el.Name.Local {
		case "row":
			line, col = line+1, 0
			if at != "" {
				if line, err = strconv.Atoi(at); err != nil {
					return nil, false
				}
			}
		case "c":
			if col++; at != "" {
				if col, line, err = excelize.CellNameToCoordinates(at); err != nil {
					return nil, false
				}
			}
		case "f":
			out[[2]int{line, col}] = true
		}
		if line < 0 || line > MaxSheet+1 || col > maxColumns {
			return nil, false
		}
	}
}

// partOf is the XML of a sheet by its name.
func partOf(f *excelize.File, name string) ([]byte, bool) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	read := func(part string, into any) bool {
		raw, _ := f.Pkg.Load(part)
		b, ok := raw.([]byte)
		return ok && xml.Unmarshal(b, into) == nil
	}
	if !read("xl/workbook.xml", &book) || !read("xl/_rels/workbook.xml.rels", &links) {
		return nil, false
	}
	for _, s := range book.Sheets {
		for _, l := range links.All {
			if s.Name == name && s.ID == l.ID {
				raw, _ := f.Pkg.Load(strings.TrimPrefix(path.Join("/xl", absolute(l.Target)), "/"))
				b, ok := raw.([]byte)
				return b, ok
			}
		}
	}
	return nil, false
}

// absolute is a part's target seen from the folder xl.
func absolute(target string) string {
	if rest, ok := strings.CutPrefix(target, "/xl/"); ok {
		return rest
	}
	return target
}
