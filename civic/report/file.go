package report

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"glosa"
)

// Files keeps bytes under their own SHA-256. Put comes before the act that
// names the file; what no act names in the end is swept.
type Files interface {
	// Put keeps what r gives and tells its id, size and type. Invalid when it is
	// empty, longer than most bytes, or of a type that is not taken. Busy when
	// the disk is full. Putting the same bytes again is the same file.
	Put(ctx context.Context, r io.Reader, most int64) (File, error)
	// Get opens a file. NotFound.
	Get(ctx context.Context, id glosa.FileID) (io.ReadSeekCloser, error)
	// Each tells of every file kept and when it was last put.
	Each(ctx context.Context, fn func(id glosa.FileID, put time.Time) error) error
	// Drop removes a file unless it was put after before. It is no error when there is none.
	Drop(ctx context.Context, id glosa.FileID, before time.Time) error
}

// File is one kept file.
type File struct {
	ID   glosa.FileID
	Size int64
	Type Type
}

// Type is what a file's content is. Nothing else is taken: no HTML, no SVG, no
// programs, no archives.
type Type string

const (
	PDF   Type = "application/pdf"
	PNG   Type = "image/png"
	JPEG  Type = "image/jpeg"
	CSV   Type = "text/csv"
	JSON  Type = "application/json"
	Plain Type = "text/plain"
	XLSX  Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	DOCX  Type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	ODS   Type = "application/vnd.oasis.opendocument.spreadsheet"
	ODT   Type = "application/vnd.oasis.opendocument.text"
)

// extensions by type, the usual one first.
var extensions = map[Type][]string{PDF: {".pdf"}, PNG: {".png"}, JPEG: {".jpg", ".jpeg"}, CSV: {".csv"}, JSON: {".json", ".geojson"},
	Plain: {".txt", ".md"}, XLSX: {".xlsx"}, DOCX: {".docx"}, ODS: {".ods"}, ODT: {".odt"}}

// TypeOf tells a file's type by its content. ok is false for what is not taken.
func TypeOf(r io.ReaderAt, size int64) (t Type, ok bool) {
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return "", false
	}
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF, true
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, true
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG, true
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return officeType(r, size)
	}
	return textType(r, size)
}

// Bounds of what an office file may unfold into.
const (
	maxParts    = 5000
	maxUnfolded = 500 << 20
	maxRatio    = 200
)

// officeType looks into the archive that a spreadsheet or a document is. Its list
// of parts must promise no more than a machine can read.
func officeType(r io.ReaderAt, size int64) (Type, bool) {
	z, err := zip.NewReader(r, size)
	if err != nil || len(z.File) > maxParts {
		return "", false
	}
	var all uint64
	found := Type("")
	for _, f := range z.File {
		all += f.UncompressedSize64
		if all > maxUnfolded || f.UncompressedSize64 > maxRatio*(f.CompressedSize64+1024) || strings.HasSuffix(f.Name, "vbaProject.bin") {
			return "", false
		}
		switch f.Name {
		case "xl/workbook.xml":
			found = XLSX
		case "word/document.xml":
			found = DOCX
		case "mimetype":
			if t, ok := openType(f); ok {
				found = t
			}
		}
	}
	return found, found != ""
}

func openType(f *zip.File) (Type, bool) {
	r, err := f.Open()
	if err != nil {
		return "", false
	}
	defer r.Close()
	words, err := io.ReadAll(io.LimitReader(r, 200))
	t := Type(words)
	return t, err == nil && (t == ODS || t == ODT)
}

// textType tells CSV, JSON and plain text apart. Text that begins like HTML or
// XML is not taken: a browser might run it.
func textType(r io.ReaderAt, size int64) (Type, bool) {
	all, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil || len(all) == 0 || !utf8.Valid(all) || slices.ContainsFunc(all, notText) {
		return "", false
	}
	words := bytes.TrimSpace(bytes.TrimPrefix(all, []byte("\ufeff")))
	switch {
	case len(words) == 0 || words[0] == '<':
		return "", false
	case (words[0] == '{' || words[0] == '[') && json.Valid(words):
		return JSON, true
	case looksCSV(words):
		return CSV, true
	}
	return Plain, true
}

func notText(b byte) bool { return b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7f }

// looksCSV: the first lines part into the same number of fields, at least two.
func looksCSV(words []byte) bool {
	lines := bytes.Split(words, []byte("\n"))
	lines = lines[:min(len(lines), 5)]
	for _, comma := range []string{",", ";", "\t"} {
		n := bytes.Count(lines[0], []byte(comma))
		if n > 0 && len(lines) > 1 && !slices.ContainsFunc(lines[1:], func(l []byte) bool { return bytes.Count(l, []byte(comma)) < n && len(l) > 0 }) {
			return true
		}
	}
	return false
}

// FileName makes a name harmless: no folders, no control or direction marks, at
// most 100 letters, and the extension of what the file really is.
func FileName(name string, t Type) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == '.':
			return r
		case unicode.IsSpace(r):
			return '-'
		}
		return -1
	}, name)
	name = strings.Trim(name, ".-")
	stem := strings.TrimSuffix(name, path.Ext(name))
	ext := strings.ToLower(path.Ext(name))
	if known := extensions[t]; !slices.Contains(known, ext) {
		stem, ext = strings.ReplaceAll(name, ".", "-"), ""
		if len(known) > 0 {
			ext = known[0]
		}
	}
	if letters := []rune(strings.Trim(stem, ".-")); len(letters) > 100 {
		stem = string(letters[:100])
	} else {
		stem = string(letters)
	}
	if stem == "" {
		stem = "archivo"
	}
	return stem + ext
}

// Grace is how long a file may wait for the act that names it.
const Grace = 24 * time.Hour

// Sweep drops the files that no room names and that were put more than a day
// ago. Each of named lists what one room names; it is asked after the files
// were listed, so that a file named meanwhile stays.
func Sweep(ctx context.Context, files Files, now time.Time, named ...func(context.Context) ([]glosa.FileID, error)) (dropped int, err error) {
	before := now.Add(-Grace)
	var old []glosa.FileID
	err = files.Each(ctx, func(id glosa.FileID, put time.Time) error {
		if put.Before(before) {
			old = append(old, id)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	keep := map[glosa.FileID]bool{}
	for _, list := range named {
		ids, err := list(ctx)
		if err != nil {
			return 0, err
		}
		for _, id := range ids {
			keep[id] = true
		}
	}
	for _, id := range old {
		if keep[id] {
			continue
		}
		if err := files.Drop(ctx, id, before); err != nil {
			return dropped, err
		}
		dropped++
	}
	return dropped, nil
}
