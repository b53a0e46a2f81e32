package report

import "glosa"

// The bodies of this room's events: digests and numbers, never words.
type (
	// DraftSaved is private: that a ministry wrote, and how much.
	DraftSaved struct {
		Bytes int `json:"bytes"`
	}
	// WasPublished is a published text.
	WasPublished struct {
		Report   glosa.ReportID `json:"report"`
		Version  int            `json:"version"`
		Digest   glosa.Hash     `json:"digest"` // of title, line end, Markdown
		Passages int            `json:"passages"`
		Reason   glosa.Hash     `json:"reason"` // digest of why it replaced the one before; of nothing for the first
		Late     int            `json:"late"`   // whole days past the protocol's date, at the first publication
		Shown    glosa.Hash     `json:"shown"`  // digest of all passages as pages show them, those that went away too
	}
	// WasAttached is a file of the report.
	WasAttached struct {
		Report glosa.ReportID `json:"report"`
		File   glosa.FileID   `json:"file"`
		Size   int64          `json:"size"`
		Type   glosa.Code     `json:"type"`
		Digest glosa.Hash     `json:"digest"` // of its title
	}
	// WasDetached takes a file off, before the report is published.
	WasDetached struct {
		Report glosa.ReportID `json:"report"`
		File   glosa.FileID   `json:"file"`
	}
	// WasStated is the government's word on an earlier commitment.
	WasStated struct {
		Commitment glosa.CommitmentID `json:"commitment"`
		Version    int                `json:"version"`
		Status     glosa.Code         `json:"status"`
		Digest     glosa.Hash         `json:"digest"` // of its text
	}
)

// immutable table of the room's kinds of events.
var (
	drafted   = glosa.EventKind{Name: "report.drafted", Body: DraftSaved{}}
	published = glosa.EventKind{Name: "report.published", Public: true, Body: WasPublished{}}
	attached  = glosa.EventKind{Name: "report.attached", Public: true, Body: WasAttached{}}
	detached  = glosa.EventKind{Name: "report.detached", Public: true, Body: WasDetached{}}
	stated    = glosa.EventKind{Name: "report.stated", Public: true, Body: WasStated{}}
)

// Kinds lists what this room tells the world.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{drafted, published, attached, detached, stated}
}
