package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// parts makes a zip of named contents.
func parts(t testing.TB, all map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range all {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// again writes a workbook's parts anew after change.
func again(t testing.TB, raw []byte, change func(name, content string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = change(f.Name, string(b))
	}
	return parts(t, all)
}

// TestHostileSheets: bombs, polyglots and cells a million rows away are refused
// before anything is unpacked or filled.
func TestHostileSheets(t *testing.T) {
	good := workbook(t, [][]any{{"DEMO26-0001-K", "¿Cuándo?"}}, nil)
	if rows, bad := readTable(good); bad != nil || len(rows) != 1 {
		t.Fatalf("a good sheet: %+v %+v", bad, rows)
	}
	far := func(ref string) []byte {
		return again(t, good, func(name, content string) string {
			if name != "xl/worksheets/sheet1.xml" {
				return content
			}
			return strings.Replace(content, "</sheetData>", fmt.Sprintf(`<row r="%s"><c r="%s"><v>1</v></c></row></sheetData>`,
				strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), ref), 1)
		})
	}
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"Bomb":      {parts(t, map[string]string{"xl/workbook.xml": strings.Repeat("a", mostUnpacked+1), "[Content_Types].xml": ""}), "it.file.bomb"},
		"ManyBombs": {parts(t, map[string]string{"a": strings.Repeat("a", mostUnpacked/2), "b": strings.Repeat("a", mostUnpacked/2), "c": "abc"}), "it.file.bomb"},
		"Macros":    {parts(t, map[string]string{"xl/vbaProject.bin": "x"}), "it.file.macros"},
		"ODS":       {parts(t, map[string]string{"content.xml": "x", "mimetype": "x"}), "it.file.ods"},
		"JustAZip":  {parts(t, map[string]string{"a.txt": "x"}), "it.file.xlsx"},
		"Tail":      {append(bytes.Clone(good), "<html>"...), "it.file.xlsx"},
		"Head":      {append([]byte("PK GIF89a"), good...), "it.file.xlsx"},
		"PDFHead":   {append([]byte("%PDF-1.7\n"), good...), "it.file.binary"},
		"CutShort":  {good[:len(good)/2], "it.file.xlsx"},
		"FarRow":    {far("A1048576"), "it.file.lines"},
		"FarColumn": {far("XFD3"), "it.file.columns"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, bad := readTable(c.raw)
			if bad == nil || bad.Reason != c.want {
				t.Errorf("%+v (%d rows), want %s", bad, len(rows), c.want)
			}
		})
	}
	merged := workbook(t, [][]any{{"DEMO26-0001-K", "¿Cuándo?"}}, func(f *excelize.File) {
		if err := f.MergeCell("Preguntas", "A1", "B1"); err != nil {
			t.Fatal(err)
		}
	})
	if _, bad := readTable(merged); bad == nil || bad.Reason != "it.cell.merged" || bad.Line != 1 {
		t.Errorf("merged headings: %+v", bad)
	}
}

// FuzzReadTable: no file makes the reader fail, and what it reads has its places.
func FuzzReadTable(f *testing.F) {
	f.Add([]byte("folio,pregunta\nDEMO26-0001-K,¿Cuándo?\n"))
	f.Add([]byte("folio;pregunta;fecha\nDEMO26-0001-K;\"a\"\"b\";9/3/2026\n"))
	f.Add([]byte("\xff\xfef\x00o\x00"))
	f.Add([]byte("folio\tpregunta\n'=1\t\xe1\n"))
	f.Add(workbook(f, [][]any{{"DEMO26-0001-K", "¿Cuándo?", nil, 23002, "es", "", 46000}}, nil))
	f.Add(parts(f, map[string]string{"xl/workbook.xml": "<workbook/>", "[Content_Types].xml": "<Types/>"}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, bad := readTable(raw)
		if bad != nil && (bad.Reason == "" || len(rows) > 0) {
			t.Fatalf("refused and read: %+v", bad)
		}
		for _, p := range rows {
			if p.line < 1 {
				t.Fatalf("a question on line %d", p.line)
			}
			for _, fl := range p.flaws {
				if fl.Line != p.line || fl.Reason == "" {
					t.Fatalf("flaw %+v of line %d", fl, p.line)
				}
			}
		}
	})
}
