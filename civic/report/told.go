package report

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/db"
)

// How lists of what is official name this room's objects: a report, and one
// statement of it about an earlier commitment.
const (
	sortReport    = "report"
	sortStatement = "statement"
)

// Officials hands out what this room publishes of every report, as the tables
// and the folder of files have it: what [Fold] says of the leaves must be the
// same. Drafts are left out.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	var out []glosa.Official
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := selectReported(tx)
		out = nil
		for i := 0; i < len(all) && err == nil; i++ {
			var some []glosa.Official
			some, err = d.officials(ctx, tx, all[i])
			out = append(out, some...)
		}
		return err
	})
	for i := 0; i < len(out) && err == nil; i++ {
		err = emit(out[i])
	}
	return err
}

func (d *Desk) officials(ctx context.Context, tx *db.Tx, ed glosa.EditionID) ([]glosa.Official, error) {
	s := &glosa.Sheet{Of: sortReport, ID: string(IDOf(ed))}
	versions, err := selectVersions(tx, ed)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		s.Text("version."+strconv.Itoa(v.Number), v.Title+"\n"+v.Markdown)
		s.Text("version."+strconv.Itoa(v.Number)+".reason", v.Reason)
		s.Word("version."+strconv.Itoa(v.Number)+".by", v.By)
	}
	if len(versions) > 0 {
		passages, err := selectPassages(tx, ed)
		if err != nil {
			return nil, err
		}
		js, err := passagesText(passages)
		if err != nil {
			return nil, err
		}
		s.Text("passages", string(js))
		if err := d.files(ctx, tx, ed, s); err != nil {
			return nil, err
		}
	}
	all, err := selectStatements(tx, ed)
	for _, x := range all {
		t := &glosa.Sheet{Of: sortStatement, ID: string(ed) + ":" + string(x.Commitment)}
		t.Text("version."+strconv.Itoa(x.Version), x.Text)
		t.Word("version."+strconv.Itoa(x.Version)+".status", statedWord(glosa.Code(x.Status), x.By))
		s.List = append(s.List, t.List...)
	}
	return s.List, err
}

// files adds the report's files: their bytes are read where they lie.
func (d *Desk) files(ctx context.Context, tx *db.Tx, ed glosa.EditionID, s *glosa.Sheet) error {
	all, err := selectFiles(tx, ed)
	for _, f := range all {
		what := "file." + string(f.File)
		s.Text(what+".title", f.Title)
		s.Word(what+".type", fileWord(f.Size, glosa.Code(f.Type)))
		o := glosa.Official{Of: s.Of, ID: s.ID, What: what, File: "/es/ediciones/" + string(ed) + "/informe/archivos/" + string(f.File)}
		if d.Files != nil {
			o.Open = func() (io.ReadCloser, error) { return d.Files.Get(ctx, f.File) }
		}
		s.List = append(s.List, o)
	}
	return err
}

func statedWord(status glosa.Code, by string) string { return string(status) + " " + by }

func fileWord(size int64, t glosa.Code) string { return fmt.Sprintf("%d %s", size, t) }

// passagesText is every passage as pages show it, those that went away too: what
// the record holds of it says that nobody changed one by itself.
func passagesText(all []Passage) ([]byte, error) {
	type shown struct {
		Anchor string `json:"anchor"`
		Gone   bool   `json:"gone"`
		HTML   string `json:"html"`
		Kind   string `json:"kind"`
		Level  int    `json:"level"`
		Place  int    `json:"place"`
		Words  string `json:"words"`
	}
	list := make([]shown, len(all))
	for i, p := range all {
		list[i] = shown{p.Anchor, p.Gone, string(p.HTML), string(p.Kind), p.Level, p.Place, p.Words}
	}
	slices.SortFunc(list, func(a, b shown) int { return strings.Compare(a.Anchor, b.Anchor) })
	return glosa.JCS(list)
}

// Fold reads one public event and says what the tables must have after it.
func Fold(l glosa.Ledger, e glosa.Event) error {
	switch e.Kind {
	case published.Name:
		b, err := glosa.BodyOf[WasPublished](e)
		what := "version." + strconv.Itoa(b.Version)
		l.SayText(sortReport, e.Subject, what, b.Digest)
		l.SayText(sortReport, e.Subject, what+".reason", b.Reason)
		l.Say(sortReport, e.Subject, what+".by", e.By)
		l.SayText(sortReport, e.Subject, "passages", b.Shown)
		if b.Version == 1 {
			files(l, e, strings.Fields(l.Word(sortReport, e.Subject, ".files")))
		}
		return err
	case attached.Name, detached.Name:
		return foldFile(l, e)
	case stated.Name:
		b, err := glosa.BodyOf[WasStated](e)
		id := string(e.Edition) + ":" + string(b.Commitment)
		l.SayText(sortStatement, id, "version."+strconv.Itoa(b.Version), b.Digest)
		l.Say(sortStatement, id, "version."+strconv.Itoa(b.Version)+".status", statedWord(b.Status, e.By))
		return err
	}
	return nil
}

// foldFile reads files on and off. Before the report is published they are a
// draft's, and nobody is shown them.
func foldFile(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		File   glosa.FileID `json:"file"`
		Size   int64        `json:"size,string"`
		Type   glosa.Code   `json:"type"`
		Digest glosa.Hash   `json:"digest"`
	}](e)
	if err != nil {
		return err
	}
	have := slices.DeleteFunc(strings.Fields(l.Word(sortReport, e.Subject, ".files")), func(f string) bool { return f == string(b.File) })
	if e.Kind == attached.Name {
		have = append(have, string(b.File))
		l.SayText(sortReport, e.Subject, ".file."+string(b.File)+".title", b.Digest)
		l.Say(sortReport, e.Subject, ".file."+string(b.File)+".type", fileWord(b.Size, b.Type))
	}
	l.Say(sortReport, e.Subject, ".files", strings.Join(have, " "))
	if l.Word(sortReport, e.Subject, "version.1.by") != "" {
		files(l, e, have)
	}
	return nil
}

// files makes files public.
func files(l glosa.Ledger, e glosa.Event, have []string) {
	for _, f := range have {
		l.SayText(sortReport, e.Subject, "file."+f, hashOf(glosa.FileID(f)))
		for _, what := range []string{".title", ".type"} {
			l.Move(sortReport, e.Subject, ".file."+f+what, e.Subject, "file."+f+what)
		}
	}
}

// hashOf is the SHA-256 that names a file.
func hashOf(id glosa.FileID) (h glosa.Hash) {
	if b, err := hex.DecodeString(string(id)); err == nil && len(b) == len(h) {
		copy(h[:], b)
	}
	return h
}
