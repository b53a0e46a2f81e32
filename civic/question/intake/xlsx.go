package intake

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of a spreadsheet: what it may unpack to, and of how many parts it is.
const (
	mostUnpacked = 24 << 20
	mostParts    = 200
)

// readSheet reads the sheet of questions out of an XLSX file: the one called
// Preguntas, else the first. The archive is looked at before anything is
// unpacked; the sheet is scanned for what a spreadsheet hides (formulas, merged
// cells, cells far away) before its values are read.
func readSheet(raw []byte) (g grid, bad *Flaw) {
	if bad := archived(raw); bad != nil {
		return g, bad
	}
	refused := &Flaw{Reason: "it.file.xlsx"}
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{RawCellValue: true, UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostUnpacked})
	if err != nil {
		return g, refused
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) == 0 {
		return g, refused
	}
	name := names[0]
	for _, n := range names {
		if strings.EqualFold(n, "Preguntas") || strings.EqualFold(n, "Questions") {
			name = n
		}
	}
	s, bad := scanSheet(f, name)
	if bad != nil {
		return g, bad
	}
	g.date1904 = s.date1904
	rows, err := f.Rows(name)
	if err != nil {
		return g, refused
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		cols, err := rows.Columns()
		if err != nil {
			return g, refused
		}
		if cells, some := s.line(line, cols); some {
			g.lines, g.at = append(g.lines, cells), append(g.at, line)
		}
	}
	return g, nil
}

// archived looks at a zip file from outside: it begins and ends as one, and
// nothing in it unpacks to more than it should.
func archived(raw []byte) *Flaw {
	const tail = 22
	if len(raw) < tail || !bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return &Flaw{Reason: "it.file.xlsx"}
	}
	end := bytes.LastIndex(raw, []byte("PK\x05\x06"))
	if end < 0 || end+tail > len(raw) || end+tail+int(binary.LittleEndian.Uint16(raw[end+20:])) != len(raw) {
		return &Flaw{Reason: "it.file.xlsx"} // something else is hung on it
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) > mostParts {
		return &Flaw{Reason: "it.file.xlsx"}
	}
	var total uint64
	have := map[string]bool{}
	for _, f := range z.File {
		total += f.UncompressedSize64
		if f.UncompressedSize64 > mostUnpacked || total > mostUnpacked {
			return &Flaw{Reason: "it.file.bomb"}
		}
		if strings.Contains(strings.ToLower(f.Name), "vbaproject") {
			return &Flaw{Reason: "it.file.macros"}
		}
		have[f.Name] = true
	}
	switch {
	case have["xl/workbook.xml"] && have["[Content_Types].xml"]:
		return nil
	case have["content.xml"]:
		return &Flaw{Reason: "it.file.ods"}
	}
	return &Flaw{Reason: "it.file.xlsx"}
}

// scan is what a sheet says of its cells beside their values.
type scan struct {
	numbers  map[[2]int]bool // line and column, from 1
	formulas map[[2]int]bool
	merged   [][4]int // first column, first line, last column, last line
	date1904 bool
}

// scanSheet reads a sheet's own XML. A cell beyond the bounds spoils the file:
// whoever reads it would have to fill everything before it.
func scanSheet(f *excelize.File, name string) (scan, *Flaw) {
	s := scan{numbers: map[[2]int]bool{}, formulas: map[[2]int]bool{}}
	refused := &Flaw{Reason: "it.file.xlsx"}
	part, ok := partOf(f, name)
	if !ok {
		return s, refused
	}
	if f.WorkBook != nil && f.WorkBook.WorkbookPr != nil {
		s.date1904 = f.WorkBook.WorkbookPr.Date1904
	}
	d := xml.NewDecoder(bytes.NewReader(part))
	line, col := 0, 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return s, nil
		}
		if err != nil {
			return s, refused
		}
		el, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch el.Name.Local {
		case "row":
			line, col = line+1, 0
			if n, err := strconv.Atoi(attr(el, "r")); err == nil {
				line = n
			}
		case "c":
			if col++; attr(el, "r") != "" {
				if col, line, err = excelize.CellNameToCoordinates(attr(el, "r")); err != nil {
					return s, refused
				}
			}
			if t := attr(el, "t"); t == "" || t == "n" {
				s.numbers[[2]int{line, col}] = true
			}
		case "f":
			s.formulas[[2]int{line, col}] = true
		case "mergeCell":
			if !s.merge(attr(el, "ref")) {
				return s, refused
			}
		}
		if line > MostLines+1 || line < 0 {
			return s, &Flaw{Reason: "it.file.lines"}
		}
		if col > mostColumns {
			return s, &Flaw{Line: line, Reason: "it.file.columns"}
		}
	}
}

func attr(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (s *scan) merge(ref string) bool {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return false
	}
	c1, l1, err1 := excelize.CellNameToCoordinates(from)
	c2, l2, err2 := excelize.CellNameToCoordinates(to)
	s.merged = append(s.merged, [4]int{c1, l1, c2, l2})
	return err1 == nil && err2 == nil && len(s.merged) <= MostLines
}

// line puts together what is known of the cells of one line; some is false when
// there is nothing in it.
func (s *scan) line(line int, values []string) (cells []cell, some bool) {
	for i, v := range values {
		at := [2]int{line, i + 1}
		c := cell{text: v, number: s.numbers[at] && strings.TrimSpace(v) != "", formula: s.formulas[at]}
		some = some || c.text != "" || c.formula
		cells = append(cells, c)
	}
	for _, m := range s.merged {
		if line < m[1] || line > m[3] {
			continue
		}
		for i := range cells {
			if i+1 >= m[0] && i+1 <= m[2] {
				cells[i].merged = true
			}
		}
	}
	return cells, some
}

// partOf is the XML of a sheet by its name.
func partOf(f *excelize.File, name string) ([]byte, bool) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if !unpack(f, "xl/workbook.xml", &book) || !unpack(f, "xl/_rels/workbook.xml.rels", &rels) {
		return nil, false
	}
	for _, s := range book.Sheets {
		for _, r := range rels.All {
			if s.Name == name && s.ID == r.ID {
				where := path.Join("xl", r.Target)
				if strings.HasPrefix(r.Target, "/") {
					where = strings.TrimPrefix(r.Target, "/")
				}
				raw, ok := f.Pkg.Load(where)
				b, isBytes := raw.([]byte)
				return b, ok && isBytes
			}
		}
	}
	return nil, false
}

func unpack(f *excelize.File, name string, to any) bool {
	raw, ok := f.Pkg.Load(name)
	b, isBytes := raw.([]byte)
	return ok && isBytes && xml.Unmarshal(b, to) == nil
}
