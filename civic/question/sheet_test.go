package question

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"glosa"
)

// sheetEs is a sheet's words as a liaison reads them.
func sheetEs() SheetWords {
	w := SheetWords{Name: "Borradores", Head: map[Column]string{}, Theme: func(c glosa.Code) string { return string(c) },
		Kind: map[glosa.Code]string{Said: "Se contesta", Cannot: "No puede contestarse", Elsewhere: "No le toca"}}
	for _, c := range Columns() {
		w.Head[c] = "Col " + string(c)
	}
	return w
}

// sheet is a workbook in the hands of an area.
type sheet struct {
	*stage
	f    *excelize.File
	line map[glosa.QuestionID]int
}

func (s *stage) exported(by glosa.Actor, theme glosa.Code) sheet {
	s.Helper()
	raw, err := s.d.ExportDrafts(s.ctx, by, theme, sheetEs())
	s.ok(err)
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	s.ok(err)
	rows, err := f.GetRows("Borradores")
	s.ok(err)
	x := sheet{s, f, map[glosa.QuestionID]int{}}
	for i, r := range rows[1:] {
		x.line[glosa.QuestionID(r[0])] = i + 2
	}
	return x
}

// cell is where a column of a question's line stands.
func (x sheet) cell(id glosa.QuestionID, c Column) string {
	for i, one := range Columns() {
		if one == c {
			at, err := excelize.CoordinatesToCellName(i+1, x.line[id])
			x.ok(err)
			return at
		}
	}
	x.Fatal(c)
	return ""
}

func (x sheet) write(id glosa.QuestionID, c Column, v any) {
	x.Helper()
	x.ok(x.f.SetCellValue("Borradores", x.cell(id, c), v))
}

func (x sheet) bytes() []byte {
	x.Helper()
	var b bytes.Buffer
	x.ok(x.f.Write(&b))
	return b.Bytes()
}

// back reads the sheet in again and says what became of each folio.
func (x sheet) back(by glosa.Actor) map[string]LineResult {
	x.Helper()
	all, err := x.d.ImportDrafts(x.ctx, by, x.bytes(), []SheetWords{sheetEs()})
	x.ok(err)
	out := map[string]LineResult{}
	for _, l := range all {
		out[l.Folio] = l
	}
	return out
}

func (x sheet) became(got map[string]LineResult, id glosa.QuestionID, want Outcome, c Column, key string) {
	x.Helper()
	if l := got[string(id)]; l.Outcome != want || l.Column != c || l.Key != key || l.Line != x.line[id] {
		x.Errorf("%s became %+v, want %s %s %s in line %d", id, l, want, c, key, x.line[id])
	}
}

func (s *stage) drafted(id glosa.QuestionID) Answer {
	s.Helper()
	f, err := s.d.Folder(s.ctx, s.liaison, id)
	s.ok(err)
	if f.Draft == nil {
		return Answer{}
	}
	return f.Draft.Answer
}

// TestDraftsGoOutAndComeBack: each line by itself, refused by line and column, and
// twice is once.
func TestDraftsGoOutAndComeBack(t *testing.T) {
	each(t, func(s *stage) {
		good, minus, changed, badDate, kind, formula, empty, signing := s.routed("=1+1 ¿Uno?"), s.routed("¿Dos?"), s.routed("¿Tres?"),
			s.routed("¿Cuatro?"), s.routed("¿Cinco?"), s.routed("¿Seis?"), s.routed("¿Siete?"), s.routed("¿Ocho?")
		s.ok(s.d.Draft(s.ctx, s.liaison, signing.ID, Answer{Kind: Said, Short: "A firma."}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, signing.ID))
		x := s.exported(s.liaison, "")
		if len(x.line) != 8 {
			t.Fatalf("%d lines went out", len(x.line))
		}
		if v, err := x.f.GetCellFormula("Borradores", x.cell(good.ID, ColQuestion)); err != nil || v != "" {
			t.Errorf("a question became the formula %q", v)
		}
		x.write(good.ID, ColShort, "Abre el lunes.")
		x.write(good.ID, ColNext, 46447) // as a spreadsheet keeps 1 March 2027
		x.write(good.ID, ColEvidence, "Aviso / https://example.org/a\nhttps://example.org/b")
		x.write(minus.ID, ColShort, "-5 % respecto de 2025; @salud, +3 %")
		x.write(changed.ID, ColShort, "Vieja.")
		x.write(badDate.ID, ColShort, "Pronto.")
		x.write(badDate.ID, ColNext, "pronto")
		x.write(kind.ID, ColShort, "No.")
		x.write(kind.ID, ColKind, "No puede contestarse")
		s.ok(x.f.SetCellFormula("Borradores", x.cell(formula.ID, ColShort), `HYPERLINK("https://example.org","x")`))
		x.write(signing.ID, ColShort, "Otra cosa.")
		s.ok(s.d.Draft(s.ctx, s.liaison, changed.ID, Answer{Kind: Said, Short: "Entretanto."}))

		got := x.back(s.liaison)
		x.became(got, good.ID, LineSaved, "", "")
		x.became(got, minus.ID, LineSaved, "", "")
		x.became(got, changed.ID, LineRefused, ColControl, "of.sheet.changed")
		x.became(got, badDate.ID, LineRefused, ColNext, "li.date")
		x.became(got, kind.ID, LineRefused, ColBasis, "li.basis")
		x.became(got, formula.ID, LineRefused, ColShort, "of.sheet.formula")
		x.became(got, empty.ID, LineEmpty, "", "")
		x.became(got, signing.ID, LineRefused, ColFolio, "li.signing")
		if a := s.drafted(good.ID); a.Short != "Abre el lunes." || a.Next != "2027-03-01" || len(a.Evidence) != 2 || a.Evidence[0].Title != "Aviso" {
			t.Errorf("kept %+v", a)
		}
		if a := s.drafted(minus.ID); a.Short != "-5 % respecto de 2025; @salud, +3 %" {
			t.Errorf("kept %q", a.Short)
		}
		if a := s.drafted(changed.ID); a.Short != "Entretanto." {
			t.Errorf("a draft that changed meanwhile was written over: %q", a.Short)
		}
		again := x.back(s.liaison)
		x.became(again, good.ID, LineSame, "", "")
		x.became(again, minus.ID, LineSame, "", "")
		for id, l := range x.back(s.otherLiaison) {
			if l.Outcome == LineSaved || l.Outcome == LineSame || l.Outcome == LineRefused && l.Key != "of.sheet.notyours" && l.Column == ColFolio {
				t.Errorf("another institution's %s became %+v", id, l)
			}
		}
		if y := s.exported(s.liaison, "otra"); len(y.line) != 0 {
			t.Errorf("of another theme %d went out", len(y.line))
		}
		s.kind(func() error { _, err := s.d.ExportDrafts(s.ctx, s.modGov, "", sheetEs()); return err }(), glosa.Denied)
	})
}

// TestSheetsThatAreNone: what is no sheet, or would swell, is refused as a file.
func TestSheetsThatAreNone(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿Uno?")
		zipped := func(name string, size int) []byte {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			w, err := z.Create(name)
			s.ok(err)
			_, err = w.Write(bytes.Repeat([]byte{' '}, size))
			s.ok(err)
			s.ok(z.Close())
			return b.Bytes()
		}
		x := s.exported(s.liaison, "")
		headless := s.exported(s.liaison, "")
		s.ok(headless.f.SetCellValue("Borradores", "G1", "Otra cosa"))
		far := s.exported(s.liaison, "")
		s.ok(far.f.SetCellValue("Borradores", "AZ2", "lejos"))
		for name, raw := range map[string][]byte{
			"nothing": nil, "text": []byte("folio;texto"), "bomb": zipped("xl/worksheets/sheet1.xml", maxUnpacked+1),
			"another archive": zipped("word/document.xml", 10), "cut": x.bytes()[:900], "without a column": headless.bytes(),
			"a cell far away": far.bytes(), "too long": bytes.Repeat([]byte("x"), MaxSheetBytes+1),
		} {
			_, err := s.d.ImportDrafts(s.ctx, s.liaison, raw, []SheetWords{sheetEs()})
			var e *glosa.Error
			if !errors.As(err, &e) || e.Kind != glosa.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != "file" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if a := s.drafted(rc.ID); a.Short != "" {
			t.Errorf("kept %+v", a)
		}
	})
}

// TestLinesNobodySent: folios of nobody, twice, and of a number.
func TestLinesNobodySent(t *testing.T) {
	each(t, func(s *stage) {
		rc := s.routed("¿Uno?")
		x := s.exported(s.liaison, "")
		x.write(rc.ID, ColShort, "Ya.")
		for i, folio := range []any{string(rc.ID), "DEMO26-9999-Z", 42, "<b>"} {
			s.ok(x.f.SetCellValue("Borradores", fmt.Sprintf("A%d", i+3), folio))
			s.ok(x.f.SetCellValue("Borradores", fmt.Sprintf("G%d", i+3), "Ya."))
		}
		all, err := s.d.ImportDrafts(s.ctx, s.liaison, x.bytes(), []SheetWords{sheetEs()})
		s.ok(err)
		var keys []string
		for _, l := range all {
			keys = append(keys, string(l.Outcome)+" "+l.Key)
		}
		want := "saved ,refused of.sheet.twice,refused of.sheet.folio,refused of.sheet.folio,refused of.sheet.folio"
		if strings.Join(keys, ",") != want {
			t.Errorf("%v", keys)
		}
	})
}

// FuzzReadBook: whatever comes back is read or refused, and nothing breaks.
func FuzzReadBook(f *testing.F) {
	w := sheetEs()
	line := make([]string, len(Columns()))
	line[0], line[6], line[12] = "DEMO26-0001-A", "=cmd|' /C calc'!A0", "0123"
	for _, lines := range [][][]string{nil, {line}} {
		raw, err := writeBook(w, lines, 0)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
		f.Add(raw[:len(raw)/2])
	}
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		lines, err := readBook(raw, []SheetWords{w})
		if err != nil && glosa.KindOf(err) != glosa.Invalid {
			t.Fatalf("%v", err)
		}
		for _, l := range lines {
			if _, a, c, key := l.read([]SheetWords{w}); key == "" && c != "" || len(a.check(0)) > 20 {
				t.Fatal("a line is refused without a reason")
			}
		}
	})
}
