package commitment

import (
	"time"

	"glosa"
)

// Bodies of this room's events. Official texts enter as digests of what pages
// publish; what a citizen brings enters as a commitment under a salt.
type (
	originBody struct {
		Question glosa.QuestionID `json:"question,omitempty"`
		Mesa     glosa.MesaID     `json:"mesa,omitempty"`
	}
	wordingBody struct {
		Version int        `json:"version"`
		Digest  glosa.Hash `json:"digest"`
		Reason  glosa.Hash `json:"reason,omitzero"`
		Parts   glosa.Hash `json:"parts,omitzero"` // of owners, targets and milestones, which are agreed once
	}
	agreeBody struct {
		Version int        `json:"version"`
		Digest  glosa.Hash `json:"digest"`
		Side    glosa.Side `json:"side"`
		How     glosa.Code `json:"how"` // "recorded": under the post; passkeys come later
	}
	reasonBody struct {
		Side   glosa.Side `json:"side"`
		Reason glosa.Hash `json:"reason"`
	}
	stateBody struct {
		State glosa.Code `json:"state"`
	}
	updateBody struct {
		Number  int        `json:"number"`
		Status  glosa.Code `json:"status"`
		Percent int        `json:"percent"`
		State   glosa.Code `json:"state"`
		Digest  glosa.Hash `json:"digest"`
		Next    time.Time  `json:"next,omitzero"` // when the next report is promised
	}
	milestoneBody struct {
		Milestone glosa.MilestoneID `json:"milestone"`
		Progress  glosa.Code        `json:"progress"`
		Note      glosa.Hash        `json:"note,omitzero"`
	}
	evidenceBody struct {
		Evidence  glosa.EvidenceID  `json:"evidence"`
		Milestone glosa.MilestoneID `json:"milestone,omitempty"`
		File      glosa.FileID      `json:"file,omitempty"`
		Commit    glosa.Hash        `json:"commit"`
		Replaces  glosa.EvidenceID  `json:"replaces,omitempty"`
	}
	reviewBody struct {
		Evidence glosa.EvidenceID `json:"evidence"`
		Review   glosa.Code       `json:"review"`
		Reason   glosa.Hash       `json:"reason"`
	}
	assessBody struct {
		Number  int        `json:"number"`
		Status  glosa.Code `json:"status"`
		Digest  glosa.Hash `json:"digest"`
		Closing bool       `json:"closing"`
		Until   time.Time  `json:"reply_until"`

		Criterion  glosa.Hash         `json:"criterion"`
		Considered []glosa.EvidenceID `json:"considered"`
	}
	replyBody struct {
		Number int        `json:"number"`
		Digest glosa.Hash `json:"digest"`
	}
	finalBody struct {
		Number int        `json:"number"`
		Status glosa.Code `json:"status"`
		State  glosa.Code `json:"state"`
	}
	linkBody struct {
		Way    glosa.Code       `json:"way"`
		Target glosa.Code       `json:"target,omitempty"`
		Basis  glosa.Code       `json:"basis"`
		Source []glosa.SourceID `json:"sources,omitempty"`
	}
	fateBody struct {
		Edition glosa.EditionID      `json:"edition"`
		Outcome glosa.Code           `json:"outcome"`
		State   glosa.Code           `json:"state"`
		Reason  glosa.Hash           `json:"reason"`
		Into    []glosa.CommitmentID `json:"into,omitempty"`
	}
	documentBody struct {
		Digest     glosa.Hash `json:"digest"`              // of wordings, owners, targets and timeline as they are published
		Government glosa.Hash `json:"government,omitzero"` // each side's word, as sources give it
		Observed   glosa.Hash `json:"observed,omitzero"`
		Versions   int        `json:"versions"`
		Entries    int        `json:"entries"`
	}
)

var (
	evProposed   = glosa.EventKind{Name: "commitment.proposed", Public: true, Body: originBody{}}
	evRevised    = glosa.EventKind{Name: "commitment.revised", Public: true, Body: stateBody{}}
	evNegotiated = glosa.EventKind{Name: "commitment.negotiated", Public: true, Body: wordingBody{}}
	evAgreed     = glosa.EventKind{Name: "commitment.agreed", Public: true, Body: agreeBody{}}
	evInForce    = glosa.EventKind{Name: "commitment.in_force", Public: true, Body: wordingBody{}}
	evDeclined   = glosa.EventKind{Name: "commitment.declined", Public: true, Body: reasonBody{}}
	evSuspended  = glosa.EventKind{Name: "commitment.suspended", Public: true, Body: reasonBody{}}
	evResumed    = glosa.EventKind{Name: "commitment.resumed", Public: true, Body: reasonBody{}}
	evState      = glosa.EventKind{Name: "commitment.state", Public: true, Body: stateBody{}}
	evAmended    = glosa.EventKind{Name: "commitment.amended", Public: true, Body: wordingBody{}}
	evReported   = glosa.EventKind{Name: "commitment.reported", Public: true, Body: updateBody{}}
	evMilestone  = glosa.EventKind{Name: "commitment.milestone", Public: true, Body: milestoneBody{}}
	evEvidence   = glosa.EventKind{Name: "commitment.evidence", Public: true, Body: evidenceBody{}}
	evReviewed   = glosa.EventKind{Name: "commitment.evidence_reviewed", Public: true, Body: reviewBody{}}
	evAssessed   = glosa.EventKind{Name: "commitment.assessed", Public: true, Body: assessBody{}}
	evReplied    = glosa.EventKind{Name: "commitment.replied", Public: true, Body: replyBody{}}
	evFinal      = glosa.EventKind{Name: "commitment.assessment_final", Public: true, Body: finalBody{}}
	evLinked     = glosa.EventKind{Name: "commitment.linked", Public: true, Body: linkBody{}}
	evFate       = glosa.EventKind{Name: "commitment.disposed", Public: true, Body: fateBody{}}
	evDocumented = glosa.EventKind{Name: "commitment.documented", Public: true, Body: documentBody{}}
)

// Kinds is what this room tells the world: everything in it is public.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{evProposed, evRevised, evNegotiated, evAgreed, evInForce, evDeclined, evSuspended, evResumed, evState,
		evAmended, evReported, evMilestone, evEvidence, evReviewed, evAssessed, evReplied, evFinal, evLinked, evFate, evDocumented}
}
