package question

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Column is one column of the sheet in which drafts go out to the areas of an
// institution and come back.
type Column string

// The columns, in their order. Who fills a sheet in writes from kind to evidence;
// the last one says which draft the line went out with.
const (
	ColFolio    Column = "folio"
	ColQuestion Column = "question"
	ColMerged   Column = "merged"
	ColTheme    Column = "theme"
	ColDue      Column = "due"
	ColKind     Column = "kind"
	ColShort    Column = "short"
	ColDetail   Column = "detail"
	ColBasis    Column = "basis"
	ColPlace    Column = "place"
	ColNext     Column = "next"
	ColEvidence Column = "evidence"
	ColControl  Column = "control"
)

// Columns lists the columns in their order.
func Columns() []Column {
	return []Column{ColFolio, ColQuestion, ColMerged, ColTheme, ColDue, ColKind, ColShort, ColDetail, ColBasis, ColPlace,
		ColNext, ColEvidence, ColControl}
}

// written tells whether whoever fills the sheet in writes in the column.
func (c Column) written() bool {
	return !slices.Contains([]Column{ColFolio, ColQuestion, ColMerged, ColTheme, ColDue, ColControl}, c)
}

// SheetWords is what a sheet says in one language.
type SheetWords struct {
	Name  string                // of the sheet
	Head  map[Column]string     // of each column
	Kind  map[glosa.Code]string // kinds of answer
	Theme func(glosa.Code) string
	Cut   func(lines, all int) (name, says string) // a second sheet, which says that some are left out
}

// MaxSheet is how many lines a sheet has at most.
const MaxSheet = 2000

// ExportDrafts writes what the actor's institution owes, of one theme or of all
// (""), as an XLSX file with the drafts there are; what is beyond [MaxSheet] is left
// out, and the file says so. Nothing in it is a formula. Errors: Denied.
func (d *Desk) ExportDrafts(ctx context.Context, by glosa.Actor, theme glosa.Code, w SheetWords) ([]byte, error) {
	if err := by.May(actDraft); err != nil {
		return nil, err
	}
	return d.exportDrafts(ctx, by, theme, w, MaxSheet)
}

func (d *Desk) exportDrafts(ctx context.Context, by glosa.Actor, theme glosa.Code, w SheetWords, most int) ([]byte, error) {
	var lines [][]string
	var all int
	err := d.owing(ctx, by, func(tx *db.Tx, keys []string) error {
		lines = nil
		debt, err := countHeld(tx, keys)
		if err != nil {
			return err
		}
		if all = debt.All; theme != "" {
			all = debt.Theme[theme]
		}
		owed, err := selectHeld(tx, keys, Owing{Theme: theme}, most)
		for _, o := range owed {
			line, err := lineOf(tx, o, w)
			if err != nil {
				return err
			}
			lines = append(lines, line)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return writeBook(w, lines, all)
}

func lineOf(tx *db.Tx, o Owed, w SheetWords) ([]string, error) {
	r, err := load(tx, o.ID)
	if err != nil {
		return nil, err
	}
	v, err := draftOf(tx, &r)
	if err != nil {
		return nil, err
	}
	a, due, merged := Answer{Kind: Said}, "", ""
	if v != nil {
		a = v.Answer
	}
	if !o.Due.IsZero() {
		zone, err := edition.Here(tx, o.Edition)
		if err != nil {
			return nil, err
		}
		due = o.Due.In(zone).Format(time.DateOnly)
	}
	if o.Merged > 0 {
		merged = itoa(o.Merged)
	}
	return []string{string(o.ID), o.Text, merged, w.Theme(o.Theme), due, w.Kind[a.Kind], a.Short, a.Detail, a.Basis, a.Place, a.Next,
		strings.TrimRight(EvidenceLines(a.Evidence), "\n"), control(&r, v)}, nil
}

// draftOf is the draft of a question's next answer; nil when nobody began.
func draftOf(tx *db.Tx, r *row) (*Version, error) {
	v, err := selectAnswer(tx, r.id, r.answer+1)
	if glosa.KindOf(err) == glosa.Conflict {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// control is what a line went out with: the question, who holds it, and the draft.
func control(r *row, v *Version) string {
	said := fmt.Sprintf("%s\n%s\n%d\n", r.id, r.institution, r.answer+1)
	if v != nil {
		said += v.object
	}
	h := glosa.Digest([]byte(said))
	return hex.EncodeToString(h[:12])
}

// Outcome is what became of a line that came back.
type Outcome string

const (
	LineSaved   Outcome = "saved"
	LineSame    Outcome = "same"    // the draft says it already
	LineEmpty   Outcome = "empty"   // no answer was written
	LineRefused Outcome = "refused" // Column and Key say where and why
)

// LineResult is what became of one line of a sheet.
type LineResult struct {
	Line    int // as the sheet numbers it
	Folio   string
	Outcome Outcome
	Column  Column
	Key     string
	Args    map[string]string
}

// ImportDrafts reads a sheet of [Desk.ExportDrafts] that was filled in, and keeps
// the drafts of the lines that are the actor's institution's and whose draft did
// not change since the sheet went out. Each line stands by itself; reading the
// same sheet again changes nothing. words are the languages a sheet may speak.
// Errors: Invalid (field "file") when it is no such sheet; Denied.
func (d *Desk) ImportDrafts(ctx context.Context, by glosa.Actor, file []byte, words []SheetWords) (out []LineResult, err error) {
	if err := by.May(actDraft); err != nil {
		return nil, err
	}
	lines, err := readBook(file, words)
	if err != nil {
		return nil, err
	}
	seen := map[glosa.QuestionID]bool{}
	for _, l := range lines {
		res := LineResult{Line: l.number, Folio: strings.TrimSpace(l.cells[ColFolio])}
		id, a, column, key := l.read(words)
		switch {
		case key != "":
			res.refuse(column, key, nil)
		case seen[id]:
			res.refuse(ColFolio, "of.sheet.twice", nil)
		case a.empty():
			res.Outcome = LineEmpty
		default:
			seen[id] = true
			if err := d.keepLine(ctx, by, id, a, l.cells[ColControl], &res); err != nil {
				return out, err
			}
		}
		out = append(out, res)
	}
	return out, nil
}

func (r *LineResult) refuse(c Column, key string, args map[string]string) {
	r.Outcome, r.Column, r.Key, r.Args = LineRefused, c, key, args
}

// empty tells whether nothing was written but the kind.
func (a Answer) empty() bool {
	return a.Short == "" && a.Detail == "" && a.Basis == "" && a.Place == "" && a.Next == "" && len(a.Evidence) == 0
}

// keepLine keeps one line's draft, and says what became of it.
func (d *Desk) keepLine(ctx context.Context, by glosa.Actor, id glosa.QuestionID, a Answer, sent string, res *LineResult) error {
	errChanged := glosa.Refuse(glosa.Conflict, "of.sheet.changed")
	err := d.on(ctx, by, actDraft, id, func(t *turn) error {
		res.Outcome = LineSaved
		if err := t.owes(); err != nil {
			return err
		}
		v, err := draftOf(t.tx, t.row)
		if err != nil {
			return err
		}
		if v != nil && v.same(a) {
			res.Outcome = LineSame
			return nil
		}
		if strings.TrimSpace(sent) != control(t.row, v) {
			return errChanged
		}
		return t.draft(a)
	})
	var e *glosa.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	switch {
	case e.Kind == glosa.Denied || e.Kind == glosa.NotFound:
		res.refuse(ColFolio, "of.sheet.notyours", nil)
	case e == errChanged:
		res.refuse(ColControl, e.Key, nil)
	case e.Kind == glosa.Invalid && len(e.Fields) > 0:
		res.refuse(Column(e.Fields[0].Name), e.Fields[0].Key, e.Fields[0].Args)
	case e.Kind == glosa.Conflict || e.Kind == glosa.Closed || e.Kind == glosa.Invalid:
		res.refuse(ColFolio, e.Key, e.Args)
	default:
		return err
	}
	return nil
}

// same tells whether a draft says what an answer says.
func (v *Version) same(a Answer) bool {
	h, err := a.Hash()
	now, err2 := v.Hash()
	return err == nil && err2 == nil && h == now
}

// ParseEvidence reads one line: a title, a slash and an address, or an address alone.
func ParseEvidence(line string) Evidence {
	at := strings.LastIndex(line, "http")
	if at < 0 {
		return Evidence{Title: line} // without an address: the check says what is wrong
	}
	return Evidence{Title: strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line[:at]), "/")), URL: line[at:]}
}

// ParseEvidenceLines reads what EvidenceLines writes.
func ParseEvidenceLines(text string) (out []Evidence) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, ParseEvidence(line))
		}
	}
	return out
}

// EvidenceLines writes evidence, a line each.
func EvidenceLines(all []Evidence) string {
	var b strings.Builder
	for _, e := range all {
		if e.Title != "" && e.Title != e.URL {
			b.WriteString(e.Title + " / ")
		}
		b.WriteString(e.URL + "\n")
	}
	return b.String()
}
