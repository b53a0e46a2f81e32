package report

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"glosa"
	"glosa/civic/edition"
)

// State is where a report stands.
type State string

const (
	Drafted   State = "draft"
	Published State = "published"
)

// Limits of a report.
const (
	MaxMarkdown = 1 << 20 // bytes
	MaxPassages = 3000
	MaxTitle    = 200
	MaxFiles    = 100
	MaxFile     = 50 << 20 // bytes of one file
)

// Report is one edition's report as it stands.
type Report struct {
	ID        glosa.ReportID
	Edition   glosa.EditionID
	State     State
	Version   int    // of the published text, from 1; 0 before
	Title     string // published, or of the draft before that
	Digest    glosa.Hash
	Published time.Time // first published; zero before
	Changed   time.Time // last published; zero before
	By        string    // post that published it, as the public record names it
	Late      int       // whole days past the protocol's date, counted at the first publication
	Draft     Text      // what the ministry is writing; shown at its desk only
}

// Text is a report's words.
type Text struct {
	Title    string
	Markdown string
}

// Version is one published text; every one stays.
type Version struct {
	Number    int
	Title     string
	Markdown  string
	Digest    glosa.Hash
	Reason    string // why it replaced the one before; "" for the first
	By        string
	Published time.Time
}

// IDOf is the id of an edition's report.
func IDOf(ed glosa.EditionID) glosa.ReportID { return glosa.ReportID(string(ed) + "-informe") }

// PassageOf is the id of a passage by its anchor.
func PassageOf(ed glosa.EditionID, anchor string) glosa.PassageID {
	return glosa.PassageID(string(IDOf(ed)) + "-" + anchor)
}

// AnchorOf is the anchor in a passage's id, if it is one of the edition's.
func AnchorOf(ed glosa.EditionID, id glosa.PassageID) (anchor string, ok bool) {
	anchor, ok = strings.CutPrefix(string(id), string(IDOf(ed))+"-")
	return anchor, ok && validAnchor(anchor)
}

// DigestOf is the digest of a text as the record keeps it: the title and the
// Markdown, parted by a line end, exactly as published.
func DigestOf(t Text) glosa.Hash { return glosa.Digest([]byte(t.Title + "\n" + t.Markdown)) }

// Status is the government's word on an earlier commitment: the same ladder the
// Observatory uses, so that the two words can stand side by side.
type Status string

const (
	NoEvidence  Status = "no_evidence"
	NotStarted  Status = "not_started"
	Limited     Status = "limited"
	Substantial Status = "substantial"
	Complete    Status = "complete"
)

// Statuses lists the ladder from the bottom up.
func Statuses() []Status { return []Status{NoEvidence, NotStarted, Limited, Substantial, Complete} }

// Statement is what the government reports about one earlier commitment.
type Statement struct {
	Edition    glosa.EditionID
	Commitment glosa.CommitmentID
	Version    int // from 1; a later one replaces, and the earlier ones stay
	Status     Status
	Text       string
	Digest     glosa.Hash
	By         string
	At         time.Time
}

// Attached is one file of the report.
type Attached struct {
	File  glosa.FileID // SHA-256 of the bytes, in hex
	Name  string       // as its owner named it, made harmless
	Title string
	Type  Type
	Size  int64
	Place int
	At    time.Time
}

// Late is by how many whole days an instant is past the due one, in the
// edition's zone: one second late is one day late. Zero when on time or when
// there is no date.
func Late(due, at time.Time, zone *time.Location) int {
	if due.IsZero() || !at.After(due) {
		return 0
	}
	day := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return max(1, int(day(at).Sub(day(due)).Hours()/24))
}

// lateness of a report published at an instant, against the edition's protocol.
func lateness(ed edition.Edition, at time.Time) int {
	zone := ed.Zone
	if zone == nil {
		zone = time.UTC
	}
	return Late(ed.ReportDue(), at, zone)
}

// checkText refuses a report that cannot be shown: no title, too long, no text,
// bytes that are no text.
func checkText(t Text) error {
	var wrong []glosa.Field
	if !plainLine(t.Title, MaxTitle) {
		wrong = append(wrong, glosa.Field{Name: "title", Key: "rp.title"})
	}
	switch {
	case strings.TrimSpace(t.Markdown) == "":
		wrong = append(wrong, glosa.Field{Name: "markdown", Key: "rp.empty"})
	case len(t.Markdown) > MaxMarkdown:
		wrong = append(wrong, glosa.Field{Name: "markdown", Key: "rp.long", Args: map[string]string{"most": strconv.Itoa(MaxMarkdown)}})
	case !utf8.ValidString(t.Markdown) || strings.ContainsFunc(t.Markdown, isControl):
		wrong = append(wrong, glosa.Field{Name: "markdown", Key: "rp.control"})
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// isControl: no control characters but line ends and tabs.
func isControl(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == '\ufeff'
}

func plainLine(s string, most int) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		!strings.ContainsFunc(s, func(r rune) bool { return r == '\n' || r == '\t' || isControl(r) })
}

func checkStatement(s Statement) error {
	var wrong []glosa.Field
	if s.Commitment == "" || len(s.Commitment) > 64 {
		wrong = append(wrong, glosa.Field{Name: "commitment", Key: "rp.commitment"})
	}
	if !slices.Contains(Statuses(), s.Status) {
		wrong = append(wrong, glosa.Field{Name: "status", Key: "rp.status"})
	}
	if n := utf8.RuneCountInString(s.Text); strings.TrimSpace(s.Text) == "" || n > 4000 || !utf8.ValidString(s.Text) || strings.ContainsFunc(s.Text, isControl) {
		wrong = append(wrong, glosa.Field{Name: "text", Key: "rp.text"})
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}
