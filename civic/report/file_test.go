package report

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"glosa"
)

// office is an archive with these parts, as a spreadsheet is one.
func office(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTypeOfLooksAtTheContent(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want Type // "" for what is not taken
	}{
		{"PDF", []byte("%PDF-1.7\n..."), PDF},
		{"PNG", []byte("\x89PNG\r\n\x1a\n...."), PNG},
		{"JPEG", []byte("\xff\xd8\xff\xe0...."), JPEG},
		{"CSV", []byte("obra,pesos\npozo,100\n"), CSV},
		{"CSVWithMark", []byte("\ufeffobra;pesos\r\npozo;100\r\n"), CSV},
		{"JSON", []byte(`{"a": [1, 2]}`), JSON},
		{"BrokenJSONIsText", []byte(`{"a": [1, `), Plain},
		{"Text", []byte("Ayuntamiento de Tulum, informe.\nSegunda línea."), Plain},
		{"XLSX", office(t, "[Content_Types].xml", "<x/>", "xl/workbook.xml", "<x/>"), XLSX},
		{"DOCX", office(t, "[Content_Types].xml", "<x/>", "word/document.xml", "<x/>"), DOCX},
		{"ODS", office(t, "mimetype", string(ODS), "content.xml", "<x/>"), ODS},
		{"HTML", []byte("<!doctype html><script>alert(1)</script>"), ""},
		{"HTMLAfterBlanks", []byte("\ufeff \n <html>"), ""},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), ""},
		{"XML", []byte(`<?xml version="1.0"?><a/>`), ""},
		{"Program", []byte("\x7fELF\x02\x01\x01\x00"), ""},
		{"WindowsProgram", []byte("MZ\x90\x00\x03\x00"), ""},
		{"PlainArchive", office(t, "a.txt", "hola"), ""},
		{"Macros", office(t, "xl/workbook.xml", "<x/>", "xl/vbaProject.bin", "x"), ""},
		{"Bomb", office(t, "xl/workbook.xml", strings.Repeat("\x00", 8<<20)), ""},
		{"BrokenArchive", []byte("PK\x03\x04........"), ""},
		{"OtherOpenDocument", office(t, "mimetype", "application/x-evil"), ""},
		{"InvalidUTF8", []byte("hola \xff\xfe"), ""},
		{"Zero", []byte("hola\x00"), ""},
		{"Empty", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := TypeOf(bytes.NewReader(c.data), int64(len(c.data)))
			if got != c.want && ok || ok != (c.want != "") {
				t.Errorf("got %q %v, want %q", got, ok, c.want)
			}
		})
	}
}

func TestFileName(t *testing.T) {
	for _, c := range []struct {
		in   string
		t    Type
		want string
	}{
		{"Informe final.pdf", PDF, "Informe-final.pdf"},
		{"../../etc/passwd", Plain, "passwd.txt"},
		{`C:\docs\presupuesto.XLSX`, XLSX, "presupuesto.xlsx"},
		{"foto.jpeg", JPEG, "foto.jpeg"},
		{"virus.pdf.exe", PDF, "virus-pdf-exe.pdf"},
		{"año\u202egpj.exe", PNG, "añogpj-exe.png"},
		{"a\r\nSet-Cookie: x.csv", CSV, "a--Set-Cookie-x.csv"},
		{"", PDF, "archivo.pdf"},
		{"....", PDF, "archivo.pdf"},
		{"=cmd|' /C calc'!A0.csv", CSV, "C-calcA0.csv"},
		{strings.Repeat("ñ", 300) + ".pdf", PDF, strings.Repeat("ñ", 100) + ".pdf"},
	} {
		if got := FileName(c.in, c.t); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func newFolder(t testing.TB) (*Folder, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "files")
	f, err := NewFolder(root)
	if err != nil {
		t.Fatal(err)
	}
	return f, root
}

func put(t testing.TB, f Files, text string) File {
	t.Helper()
	file, err := f.Put(t.Context(), strings.NewReader(text), 1000)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestFolderKeepsByContent(t *testing.T) {
	f, root := newFolder(t)
	one, again := put(t, f, "hola, mundo"), put(t, f, "hola, mundo")
	if one != again || one.Size != 11 || !ValidFileID(one.ID) {
		t.Errorf("%+v %+v", one, again)
	}
	r, err := f.Get(t.Context(), one.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if text, err := io.ReadAll(r); err != nil || string(text) != "hola, mundo" {
		t.Errorf("%q %v", text, err)
	}
	if left, err := os.ReadDir(filepath.Join(root, "tmp")); err != nil || len(left) != 0 {
		t.Errorf("%d leftovers %v", len(left), err)
	}
	for _, id := range []glosa.FileID{"", "../../etc/passwd", "abc", glosa.FileID(strings.Repeat("0", 64)), glosa.FileID(strings.ToUpper(string(one.ID)))} {
		if _, err := f.Get(t.Context(), id); glosa.KindOf(err) != glosa.NotFound || err == nil {
			t.Errorf("%q: %v", id, err)
		}
	}
}

// failing gives some bytes and then fails.
type failing struct{ err error }

func (f *failing) Read(p []byte) (int, error) { return 0, f.err }

func TestFolderRefuses(t *testing.T) {
	f, root := newFolder(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		r    io.Reader
		kind glosa.Kind
	}{
		{"TooLarge", t.Context(), strings.NewReader(strings.Repeat("a", 1001)), glosa.Invalid},
		{"WrongType", t.Context(), strings.NewReader("<html>"), glosa.Invalid},
		{"Empty", t.Context(), strings.NewReader(""), glosa.Invalid},
		{"FullDisk", t.Context(), io.MultiReader(strings.NewReader("hola"), &failing{syscall.ENOSPC}), glosa.Busy},
		{"BrokenOff", t.Context(), io.MultiReader(strings.NewReader("hola"), &failing{io.ErrUnexpectedEOF}), glosa.Internal},
		{"Cancelled", ended, strings.NewReader("hola"), glosa.Internal},
	} {
		_, err := f.Put(c.ctx, c.r, 1000)
		if err == nil || glosa.KindOf(err) != c.kind {
			t.Errorf("%s: got %v, want %s", c.name, err, c.kind)
		}
		var said *glosa.Error
		if c.name == "TooLarge" && (!errors.As(err, &said) || said.Fields[0].Key != "rp.large" || said.Fields[0].Args["most"] == "") {
			t.Errorf("it does not say how large a file may be: %v", err)
		}
		if c.name == "Cancelled" && !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled upload says so: %v", err)
		}
	}
	if files := names(t, f); len(files) != 0 {
		t.Errorf("%d files were kept", len(files))
	}
	if left, err := os.ReadDir(filepath.Join(root, "tmp")); err != nil || len(left) != 0 {
		t.Errorf("%d leftovers %v", len(left), err)
	}
	if _, err := f.Put(t.Context(), strings.NewReader(strings.Repeat("a", 1000)), 1000); err != nil {
		t.Errorf("exactly as large as allowed: %v", err)
	}
}

func names(t testing.TB, f Files) map[glosa.FileID]time.Time {
	t.Helper()
	all := map[glosa.FileID]time.Time{}
	if err := f.Each(t.Context(), func(id glosa.FileID, put time.Time) error { all[id] = put; return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFolderAfterACrash: what a killed upload left is gone at the next start, whole files stay.
func TestFolderAfterACrash(t *testing.T) {
	f, root := newFolder(t)
	kept := put(t, f, "entero")
	if err := os.WriteFile(filepath.Join(root, "tmp", "put-123"), []byte("a med"), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := NewFolder(root)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(filepath.Join(root, "tmp")); err != nil || len(left) != 0 {
		t.Errorf("%d leftovers %v", len(left), err)
	}
	if _, there := names(t, again)[kept.ID]; !there {
		t.Error("a whole file was lost")
	}
}

func TestSweepDropsOrphans(t *testing.T) {
	f, _ := newFolder(t)
	named, orphan, fresh := put(t, f, "nombrado"), put(t, f, "huérfano"), put(t, f, "reciente")
	old := time.Now().Add(-48 * time.Hour)
	for _, id := range []glosa.FileID{named.ID, orphan.ID} {
		if err := os.Chtimes(f.place(id), old, old); err != nil {
			t.Fatal(err)
		}
	}
	list := func(context.Context) ([]glosa.FileID, error) { return []glosa.FileID{named.ID}, nil }
	failed := func(context.Context) ([]glosa.FileID, error) { return nil, errors.New("no") }
	if n, err := Sweep(t.Context(), f, time.Now(), list, failed); err == nil || n != 0 || len(names(t, f)) != 3 {
		t.Errorf("swept %d although nobody knows what is named: %v", n, err)
	}
	if n, err := Sweep(t.Context(), f, time.Now(), list); err != nil || n != 1 {
		t.Errorf("%d dropped, %v", n, err)
	}
	left := names(t, f)
	if _, gone := left[orphan.ID]; len(left) != 2 || gone {
		t.Errorf("left: %v", left)
	}
	if _, there := left[fresh.ID]; !there {
		t.Error("an upload whose act may still come was dropped")
	}
}

// TestPutAgainSavesFromTheSweep: an old orphan that somebody uploads again is new.
func TestPutAgainSavesFromTheSweep(t *testing.T) {
	f, _ := newFolder(t)
	file := put(t, f, "otra vez")
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(f.place(file.ID), old, old); err != nil {
		t.Fatal(err)
	}
	put(t, f, "otra vez")
	if err := f.Drop(t.Context(), file.ID, time.Now().Add(-Grace)); err != nil {
		t.Fatal(err)
	}
	if _, there := names(t, f)[file.ID]; !there {
		t.Error("it was dropped under its new owner")
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("a.pdf")
	f.Add("../x")
	f.Add("\u202e\x00..")
	f.Fuzz(func(t *testing.T, name string) {
		got := FileName(name, PDF)
		if !strings.HasSuffix(got, ".pdf") || strings.ContainsAny(got, "/\\\x00\r\n\"'<>=+@ ") || strings.HasPrefix(got, ".") || strings.HasPrefix(got, "-") || len([]rune(got)) > 104 {
			t.Fatalf("%q became %q", name, got)
		}
	})
}

func FuzzTypeOf(f *testing.F) {
	f.Add([]byte("%PDF-"))
	f.Add(office(f, "xl/workbook.xml", "<x/>"))
	f.Add([]byte("a,b\nc,d"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, ok := TypeOf(bytes.NewReader(data), int64(len(data)))
		if ok && extensions[got] == nil {
			t.Fatalf("unknown type %q", got)
		}
	})
}
