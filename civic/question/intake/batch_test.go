package intake

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"glosa"
	"glosa/civic/edition"
)

var heading = []any{"folio", "pregunta", "contexto", "municipio", "idioma", "firma", "fecha"}

// workbook writes a spreadsheet; spoil changes it before it is written.
func workbook(t testing.TB, rows [][]any, spoil func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetSheetName("Sheet1", "Preguntas"))
	for i, row := range append([][]any{heading}, rows...) {
		must(f.SetSheetRow("Preguntas", fmt.Sprint("A", i+1), &row))
	}
	if spoil != nil {
		spoil(f)
	}
	b, err := f.WriteToBuffer()
	must(err)
	return b.Bytes()
}

func (s *stage) preview(id DeskID, raw []byte) Batch {
	s.Helper()
	b, err := s.d.Preview(s.ctx, s.desk, id, raw)
	s.ok(err)
	return b
}

// bring imports a whole batch, step by step.
func (s *stage) bring(id DeskID, batch string, whole bool) (b Batch) {
	s.Helper()
	for range 50 {
		var err error
		b, err = s.d.Import(s.ctx, s.desk, id, batch, whole, 600)
		s.ok(err)
		if b.State == Done {
			return b
		}
	}
	s.Fatalf("the import does not end: %+v", b)
	return b
}

func (s *stage) flaws(id DeskID, batch string) map[int]Flaw {
	s.Helper()
	_, all, err := s.d.Report(s.ctx, s.desk, id, batch)
	s.ok(err)
	by := map[int]Flaw{}
	for _, f := range all {
		if _, more := by[f.Line]; !more {
			by[f.Line] = f
		}
	}
	return by
}

// spoiltRows is a batch of 2,000 sheets, twelve of which cannot be questions: what
// each of these is refused for, by line.
func (s *stage) spoiltRows(id DeskID) (rows [][]any, want map[int]Flaw) {
	var sheets []Leaflet
	for range 4 {
		sheets = append(sheets, s.print(id, 500)...)
	}
	day := s.edition().Plan.Happened(edition.IntakeOpen).In(time.UTC)
	rows, want = make([][]any, 2000), map[int]Flaw{}
	for i := range rows {
		rows[i] = []any{string(sheets[i].Folio), fmt.Sprintf("¿Cuándo abre la clínica número %d?", i), "", "23002", "es", "", day.Format(time.DateOnly)}
	}
	rows[1][6] = int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24) // a day as the spreadsheet keeps it
	rows[2][3] = 23005                                                                    // a code as a number
	rows[3][3] = "Felipe Carrillo Puerto"                                                 // by name
	bad := func(row int, column, field, reason string) {
		want[row+2] = Flaw{Line: row + 2, Column: column, Field: field, Reason: reason}
	}
	rows[10] = append([]any{""}, rows[10]...) // shifted to the right
	bad(10, "B", ColText, "it.cell.moved")
	rows[11][1] = 46123 // a date where the question should be
	bad(11, "B", ColText, "it.cell.number")
	rows[12][1] = ""
	bad(12, "B", ColText, "a.empty")
	rows[13][3] = "09002" // another state's
	bad(13, "D", ColMunicipality, "a.mun")
	rows[14][0] = "DEMO26-9999-A"
	bad(14, "A", ColFolio, "it.folio.wrong")
	rows[15][0] = rows[5][0]
	bad(15, "A", ColFolio, "it.twice")
	rows[16][4] = "klingon"
	bad(16, "E", ColLanguage, "a.language")
	rows[17][6] = "ayer"
	bad(17, "G", ColAskedOn, "it.date")
	rows[18][1] = strings.Repeat("x", 301)
	bad(18, "B", ColText, "a.long")
	bad(20, "B", ColText, "it.cell.formula")
	bad(21, "B", ColText, "it.cell.merged")
	bad(22, "A", ColFolio, "it.folio.void")
	s.ok(s.d.Void(s.ctx, s.desk, id, string(sheets[22].Folio), "spoilt"))
	return rows, want
}

// TestTwoThousandRows is a paper batch of 2,000 sheets in XLSX: the rows that
// cannot be questions are refused by row, column and reason, all others are
// received, and a second import changes nothing.
func TestTwoThousandRows(t *testing.T) {
	each(t, func(s *stage) {
		id := s.open(Paper)
		rows, want := s.spoiltRows(id)
		raw := workbook(t, rows, func(f *excelize.File) {
			for _, err := range []error{f.SetCellFormula("Preguntas", "B22", `CONCATENATE("a","b")`), f.MergeCell("Preguntas", "B23", "C23")} {
				if err != nil {
					t.Fatal(err)
				}
			}
		})
		b := s.preview(id, raw)
		if b.State != Previewed || b.Lines != 2000 || b.Refused != len(want) || len(s.events("question.received")) != 0 {
			t.Fatalf("preview %+v, want %d refused; %v", b, len(want), s.flaws(id, b.ID))
		}
		_, err := s.d.Import(s.ctx, s.desk, id, b.ID, true, 2000) // all or nothing
		s.field(err, "whole", "it.batch.whole")
		if n := len(s.events("question.received")); n != 0 {
			t.Fatalf("all or nothing received %d", n)
		}
		b = s.bring(id, b.ID, false)
		if b.Taken != 2000-len(want) || b.Refused != len(want) || b.Left() != 0 {
			t.Fatalf("import %+v", b)
		}
		got := s.flaws(id, b.ID)
		for line, f := range want {
			if x := got[line]; x.Column != f.Column || x.Field != f.Field || x.Reason != f.Reason {
				t.Errorf("row %d: %+v, want %+v", line, x, f)
			}
		}
		if n := len(s.events("question.received")); n != b.Taken {
			t.Errorf("%d received, %d told", n, b.Taken)
		}
		before := len(s.events("intake.batch"))

		same := s.preview(id, raw) // the same file
		if !same.Before || same.State != Done || same.ID != b.ID {
			t.Errorf("the same file again: %+v", same)
		}
		other := s.bring(id, s.preview(id, workbook(t, rows, nil)).ID, false) // the same sheets in another file
		if other.Taken != 2 || other.Known != b.Taken {                       // the formula and the merged cell are text now
			t.Errorf("the same sheets again: %+v", other)
		}
		if n := len(s.events("question.received")); n != b.Taken+2 || before == 0 {
			t.Errorf("%d received after the second import", n)
		}
		if l := s.table(id).Ledger; !l.Closes() || l.Captured != b.Taken+2 {
			t.Errorf("ledger %+v", l)
		}
	})
}

// TestWholeBatch: all or nothing receives all; its file is gone afterwards.
func TestWholeBatch(t *testing.T) {
	each(t, func(s *stage) {
		id := s.open(Paper)
		sheets := s.print(id, 5)
		var raw bytes.Buffer
		w := csv.NewWriter(&raw)
		w.Comma = ';'
		_ = w.Write([]string{"Municipio", "Pregunta", "Folio"})
		_ = w.Write([]string{"", "Esta fila es un ejemplo", "EJEMPLO"})
		for _, x := range sheets {
			_ = w.Write([]string{"Bacalar", "¿Cuándo\nabre?", strings.ToLower(strings.ReplaceAll(string(x.Folio), "-", ""))})
			_ = w.Write([]string{"", "", ""})
		}
		w.Flush()
		b := s.preview(id, raw.Bytes())
		_, err := s.d.Import(s.ctx, s.desk, "demo26-d9", b.ID, true, 10)
		s.kind(err, glosa.NotFound)
		if b = s.bring(id, b.ID, true); b.Taken != 5 {
			t.Errorf("%+v", b)
		}
		s.kind(s.d.Discard(s.ctx, s.desk, id, b.ID), glosa.Conflict)
		again := s.bring(id, b.ID, true)
		if again.Taken != 5 || len(s.events("question.received")) != 5 {
			t.Errorf("again %+v", again)
		}
		// A file that nobody imports goes by itself.
		left := s.preview(id, []byte("folio,pregunta\nx,y\n"))
		s.tick(s.clock.Now().Add(FileLasts + time.Minute))
		_, _, err = s.d.Report(s.ctx, s.desk, id, left.ID)
		s.kind(err, glosa.NotFound)
	})
}

// TestEncodings: what spreadsheets write is read; what cannot be told is refused.
func TestEncodings(t *testing.T) {
	const text = "folio;pregunta\nDEMO26-0001-K;¿Cuándo abrirá la clínica de Bacalar – sí o no?\n"
	var latin []byte
	for _, r := range strings.ReplaceAll(text, "–", "\x96") {
		latin = append(latin, byte(r))
	}
	wide := func(order bool) []byte {
		out := []byte{0xff, 0xfe}
		if order {
			out = []byte{0xfe, 0xff}
		}
		for _, u := range utf16.Encode([]rune(text)) {
			if order {
				out = append(out, byte(u>>8), byte(u))
			} else {
				out = append(out, byte(u), byte(u>>8))
			}
		}
		return out
	}
	for name, raw := range map[string][]byte{
		"UTF8": []byte(text), "WithMark": []byte("\ufeff" + text), "UTF16LE": wide(false), "UTF16BE": wide(true), "Western": latin,
		"Tabs": []byte(strings.ReplaceAll(text, ";", "\t")), "Windows": []byte(strings.ReplaceAll(text, "\n", "\r\n")),
	} {
		t.Run(name, func(t *testing.T) {
			rows, bad := readTable(raw)
			if bad != nil || len(rows) != 1 || !strings.HasPrefix(rows[0].form.Text, "¿Cuándo abrirá la clínica de Bacalar") || len(rows[0].flaws) != 0 {
				t.Errorf("%+v %+v", bad, rows)
			}
		})
	}
	for name, c := range map[string]struct {
		raw  string
		want string
		line int
	}{
		"Mixed":        {"folio,pregunta\na,\xbfCu\xe1ndo?\nb,¿Cuándo?\n", "it.file.mixed", 3},
		"Unknown":      {"folio,pregunta\na,\x81\x8d\n", "it.file.encoding", 2},
		"Wide":         {"f\x00o\x00l\x00i\x00o\x00", "it.file.binary", 1},
		"Image":        {"\x89PNG\r\n\x1a\n\x00\x00", "it.file.binary", 2},
		"OldExcel":     {"\xd0\xcf\x11\xe0\xa1\xb1", "it.file.old", 0},
		"Quotes":       {"folio,pregunta\na,\"b\n", "it.file.quotes", 0},
		"Empty":        {"", "it.file.empty", 0},
		"Blank":        {"\n\n", "it.file.empty", 0},
		"NoQuestions":  {"folio,pregunta\n,\n", "it.file.none", 0},
		"NoFolio":      {"pregunta\n¿?\n", "it.head.missing", 1},
		"NoHeading":    {"DEMO26-0001-K,¿Cuándo?\n", "it.head.unknown", 1},
		"HeadingTwice": {"folio,pregunta,pregunta\n", "it.head.twice", 1},
		"TooWide":      {"folio" + strings.Repeat(",", 41) + "\n", "it.file.columns", 1},
		"TooLong":      {"folio,pregunta\n" + strings.Repeat("a,b\n", MostLines+1), "it.file.lines", 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, bad := readTable([]byte(c.raw))
			if bad == nil || bad.Reason != c.want || c.line > 0 && bad.Line != c.line {
				t.Errorf("%+v, want %s at line %d", bad, c.want, c.line)
			}
		})
	}
}

// TestCells: what a cell may not be is told by line and column.
func TestCells(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "it.cell.formula", "Â¿CuÃ¡ndo?": "it.cell.encoding", "a\ufffdb": "it.cell.encoding", "'=1+1": "", "-¿Y?": "",
		strings.Repeat("x", mostCell+1): "it.cell.long",
	} {
		rows, bad := readTable([]byte("pregunta,folio\n" + cell + ",DEMO26-0001-K\n"))
		if bad != nil || len(rows) != 1 {
			t.Fatalf("%.20q: %+v", cell, bad)
		}
		if got := rows[0].flaws; want == "" && len(got) > 0 || want != "" && (len(got) == 0 || got[0].Reason != want || got[0].Column != "A" || got[0].Line != 2) {
			t.Errorf("%.20q: %+v, want %q", cell, got, want)
		}
	}
	rows, _ := readTable([]byte("folio,pregunta\na,b,c\n"))
	if f := rows[0].flaws; len(f) != 1 || f[0].Reason != "it.cell.beyond" || f[0].Column != "C" {
		t.Errorf("a cell beyond the headings: %+v", f)
	}
}
