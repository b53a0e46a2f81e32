package year

import (
	"errors"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
)

// What becomes of promises, in people's verbs.

func (p person) Proposes(d commitment.Draft) glosa.CommitmentID {
	p.y.T.Helper()
	id, err := p.y.Site.Commitment.Propose(p.y.ctx, p.by, p.y.ed, d)
	p.tell("proposes: "+d.Wording.Title, err)
	return id
}

func (p person) Revises(c glosa.CommitmentID, d commitment.Draft) {
	p.y.T.Helper()
	p.tell("completes "+string(c), p.y.Site.Commitment.Revise(p.y.ctx, p.by, c, d))
}

func (p person) Negotiates(c glosa.CommitmentID) {
	p.y.T.Helper()
	p.tell("takes "+string(c)+" off the parking list", p.y.Site.Commitment.Negotiate(p.y.ctx, p.by, c))
}

func (p person) Accepts(c glosa.CommitmentID) {
	p.y.T.Helper()
	p.tell("accepts "+string(c), p.y.Site.Commitment.Accept(p.y.ctx, p.by, c, p.y.reads(c)))
}

// reads is the digest of what the page of a promise says now.
func (y *Play) reads(c glosa.CommitmentID) glosa.Hash {
	y.T.Helper()
	words, err := y.Card(c).Draft().Digest()
	y.must(err)
	return words
}

func (p person) Declines(c glosa.CommitmentID, reason string) {
	p.y.T.Helper()
	p.tell("declines "+string(c), p.y.Site.Commitment.Decline(p.y.ctx, p.by, c, p.y.reads(c), reason))
}

func (p person) Reports(c glosa.CommitmentID, status commitment.Status, percent int, text string) {
	p.y.T.Helper()
	p.tell("reports on "+string(c), p.y.Site.Commitment.Report(p.y.ctx, p.by, c, commitment.Update{Status: status, Percent: percent, Text: text}))
}

// Finishes says that a commitment's first milestone is done.
func (p person) Finishes(c glosa.CommitmentID, milestone int) {
	p.y.T.Helper()
	for _, to := range []commitment.Progress{commitment.InProgress, commitment.Done} {
		p.tell("moves a milestone", p.y.Site.Commitment.Progress(p.y.ctx, p.by, commitment.MilestoneIDOf(c, milestone), to))
	}
}

func (p person) BringsFile(c glosa.CommitmentID, title, content string) glosa.EvidenceID {
	p.y.T.Helper()
	e, err := p.y.Site.Commitment.Bring(p.y.ctx, p.by, c, commitment.Brought{Title: title, File: strings.NewReader(content)})
	p.tell("brings evidence for "+string(c), err)
	return e.ID
}

// BringsLink is evidence as anybody may bring it.
func (p person) BringsLink(c glosa.CommitmentID, title, url string) glosa.EvidenceID {
	p.y.T.Helper()
	e, err := p.y.Site.Commitment.Bring(p.y.ctx, p.by, c, commitment.Brought{Title: title, URL: url})
	p.tell("brings a link for "+string(c), err)
	return e.ID
}

// ErasesEvidence is one person's word for erasing evidence.
func (p person) ErasesEvidence(e glosa.EvidenceID, ground, law glosa.Code) {
	p.y.T.Helper()
	p.tell("erases evidence", p.y.Site.Commitment.Erase(p.y.ctx, p.by, e, ground, law))
}

func (p person) Reviews(e glosa.EvidenceID, word commitment.Review, reason string) {
	p.y.T.Helper()
	p.tell("reviews evidence", p.y.Site.Commitment.Review(p.y.ctx, p.by, e, word, reason))
}

func (p person) Checks(c glosa.CommitmentID, milestone int, note string) {
	p.y.T.Helper()
	p.tell("checks a milestone", p.y.Site.Commitment.Check(p.y.ctx, p.by, commitment.MilestoneIDOf(c, milestone), true, note))
}

func (p person) Assesses(c glosa.CommitmentID, status commitment.Status, why string, seen ...glosa.EvidenceID) {
	p.y.T.Helper()
	p.tell("assesses "+string(c), p.y.Site.Commitment.Assess(p.y.ctx, p.by, c, commitment.Assessment{Status: status, Rationale: why, Considered: seen}))
}

// Replies is the right of reply to the first verdict.
func (p person) Replies(c glosa.CommitmentID, text string) {
	p.y.T.Helper()
	p.tell("replies on "+string(c), p.y.Site.Commitment.Reply(p.y.ctx, p.by, c, 1, text))
}

func (p person) Concludes(c glosa.CommitmentID) {
	p.y.T.Helper()
	p.tell("makes the verdict on "+string(c)+" final", p.y.Site.Commitment.Conclude(p.y.ctx, p.by, c, 1))
}

// Disposes is the edition on stage saying what becomes of an earlier promise.
func (p person) Disposes(c glosa.CommitmentID, outcome commitment.Outcome, reason string) {
	p.y.T.Helper()
	p.tell("disposes of "+string(c), p.y.Site.Commitment.Dispose(p.y.ctx, p.by,
		commitment.Disposition{Commitment: c, Edition: p.y.ed, Outcome: outcome, Reason: reason}))
}

// Card is a commitment as its page shows it.
func (y *Play) Card(c glosa.CommitmentID) commitment.Card {
	y.T.Helper()
	card, err := y.Site.Commitment.Card(y.ctx, string(c))
	y.must(err)
	return card
}

// BlockedBy fails unless the edition on stage is kept from its next stage by a
// gate, so many times.
func (y *Play) BlockedBy(gate glosa.Code, times int) {
	y.T.Helper()
	_, err := y.Site.Edition.Advance(y.ctx, y.cast[Facilitator], y.ed)
	var b *edition.Blocked
	if !errors.As(err, &b) {
		y.T.Fatalf("not blocked: %v", err)
	}
	n := 0
	rules := y.Edition().Protocol.Gates
	for _, m := range b.List {
		named := func(g edition.GateRule) bool { return g.Gate == m.Gate && g.To == b.To }
		if !slices.ContainsFunc(rules, named) {
			y.T.Fatalf("the protocol has no words for the gate %q of %s", m.Gate, b.To)
		}
		if m.Gate == gate {
			n++
		}
	}
	if n != times {
		y.T.Fatalf("blocked %d times by %s, want %d:%s", n, gate, times, why(err))
	}
}
