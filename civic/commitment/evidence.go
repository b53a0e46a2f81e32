package commitment

import (
	"io"
	"net/url"
	"strings"
	"time"

	"glosa"
	"glosa/civic/report"
)

// Evidence is something that can be looked at: a file known by its hash, or an address.
type Evidence struct {
	ID         glosa.EvidenceID
	Commitment glosa.CommitmentID
	Milestone  glosa.MilestoneID // "" when it is about the whole
	Title      string
	File       glosa.FileID // hex SHA-256; "" for an address
	Type       report.Type  // media type as recognised from the bytes, never as declared
	Size       int64
	URL        string
	State      EvidenceState
	Review     Review
	Reason     string // of the review
	By         string // who brought it
	Side       glosa.Side
	At         time.Time
	Next       glosa.EvidenceID // what superseded it
	Erased     Erasure          // when it was erased: then title, file and address are gone
}

// EvidenceState is how far a piece of evidence has been looked at.
type EvidenceState string

const (
	Submitted  EvidenceState = "submitted"
	Integral   EvidenceState = "integrity_checked"
	Reviewed   EvidenceState = "reviewed"
	Superseded EvidenceState = "superseded"
	Gone       EvidenceState = "erased" // by two sides; its seal stands
)

// Review is the Observatory's word on a piece of evidence.
type Review string

const (
	Unreviewed   Review = ""
	Admissible   Review = "accepted"
	Insufficient Review = "insufficient"
	Irrelevant   Review = "irrelevant"
)

// MaxEvidence is the largest file taken as evidence: 20 MB.
const MaxEvidence = 20 << 20

// Brought is evidence as somebody brings it: a File or a URL.
type Brought struct {
	Milestone  glosa.MilestoneID
	Title      string
	URL        string
	File       io.Reader
	Supersedes glosa.EvidenceID
}

// Check examines a title and an address; a file is examined when it is kept.
// Kinds: Invalid.
func (b Brought) Check() (Evidence, error) {
	e := Evidence{Milestone: b.Milestone, Title: strings.TrimSpace(b.Title), URL: strings.TrimSpace(b.URL), State: Submitted}
	var wrong []glosa.Field
	if n := len([]rune(e.Title)); n == 0 || n > 200 {
		wrong = append(wrong, glosa.Field{Name: "title", Key: "cm.need.title"})
	}
	if (e.URL == "") == (b.File == nil) {
		wrong = append(wrong, glosa.Field{Name: "file", Key: "cm.fileorlink"})
	}
	if e.URL != "" {
		u, err := url.Parse(e.URL)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || len(e.URL) > 2000 {
			wrong = append(wrong, glosa.Field{Name: "url", Key: "cm.url"})
		}
	}
	if wrong != nil {
		return Evidence{}, glosa.Wrong(wrong...)
	}
	return e, nil
}

// Phase is how far an assessment has come.
type Phase string

const (
	Drafted      Phase = "draft"
	RightOfReply Phase = "right_of_reply"
	Final        Phase = "final"
)

// ReplyDays is the right of reply, in working days.
const ReplyDays = 10

// Assessment is one verdict of the Observatory, with its reasons and the reply.
type Assessment struct {
	Commitment glosa.CommitmentID
	Number     int // of this commitment, from 1
	Criterion  string
	FixedAt    time.Time // when the criterion was agreed: it may not be moved afterwards
	Status     Status
	Rationale  string
	Considered []glosa.EvidenceID
	Closing    bool // the one at the end of the term
	Phase      Phase
	By         string
	At         time.Time
	ReplyUntil time.Time
	Reply      string
	ReplyBy    string
	ReplyAt    time.Time
	FinalAt    time.Time
}

// Update is one report of the implementer.
type Update struct {
	Commitment glosa.CommitmentID
	Number     int
	Status     Status
	Percent    int
	Text       string
	Blockers   string
	Next       time.Time // when the next one is announced
	By         string
	At         time.Time
}

// Check finds what is wrong with a report. Kinds: Invalid.
func (u Update) Check() error {
	var wrong []glosa.Field
	if !u.Status.Known() || u.Status == NoEvidence { // whoever does the work cannot find no evidence of it
		wrong = append(wrong, glosa.Field{Name: "status", Key: "cm.status"})
	}
	if u.Percent < 0 || u.Percent > 100 {
		wrong = append(wrong, glosa.Field{Name: "percent", Key: "cm.percent"})
	}
	if n := len([]rune(strings.TrimSpace(u.Text))); n == 0 || n > 4000 {
		wrong = append(wrong, glosa.Field{Name: "text", Key: "cm.text"})
	}
	if len([]rune(u.Blockers)) > 2000 {
		wrong = append(wrong, glosa.Field{Name: "blockers", Key: "cm.long"})
	}
	if wrong != nil {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// Link joins a commitment to an earlier or later one, or to an OGP commitment.
type Link struct {
	From    glosa.CommitmentID
	Way     Way
	To      string // a commitment's id, or an OGP id such as "MXROO0002"; "" when Basis is none
	Basis   Basis
	Sources []glosa.SourceID
}

// Way is the direction of a link.
type Way string

const (
	Earlier Way = "earlier"
	Later   Way = "later"
	OGP     Way = "ogp"
)

// Basis is how well a link is founded. None says, on purpose, that a link was
// looked for and not found.
type Basis string

const (
	OnRecord Basis = "documented"
	Inferred Basis = "inferred"
	NoBasis  Basis = "none"
)

// ogpID tells whether it is written as the Open Government Partnership writes the
// ids of commitments, "MXROO0002", or is none.
func ogpID(s string) bool {
	return len(s) <= 20 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// Check finds what is wrong with a link. Kinds: Invalid.
func (l Link) Check() error {
	way := l.Way == Earlier || l.Way == Later || l.Way == OGP
	basis := l.Basis == OnRecord || l.Basis == Inferred || l.Basis == NoBasis
	if !way || !basis || (l.To == "") != (l.Basis == NoBasis) || l.To != "" && l.To == string(l.From) {
		return glosa.WrongField("link", "cm.link")
	}
	if l.Way == OGP && !ogpID(l.To) {
		return glosa.WrongField("link", "cm.link.ogp")
	}
	if l.Basis == OnRecord && len(l.Sources) == 0 {
		return glosa.WrongField("sources", "cm.source")
	}
	return nil
}
