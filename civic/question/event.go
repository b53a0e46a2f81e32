package question

import (
	"time"

	"glosa"
)

// What this room tells the world. Nearly every kind is public: who asked, from where
// and by which door is in none of them, and words enter only as commitments or
// as digests of texts that are public anyway.
type (
	receivedBody struct {
		Commit glosa.Hash `json:"commit"`
		Lock   glosa.Hash `json:"lock"`    // SHA-256 of the preimage that withdrawal will publish
		LockBy glosa.Code `json:"lock_by"` // "device" or "server": who made the key
	}
	followedBody struct {
		Commit glosa.Hash       `json:"commit"`
		Lock   glosa.Hash       `json:"lock"`
		LockBy glosa.Code       `json:"lock_by"`
		To     glosa.QuestionID `json:"to"` // the question whose answer it follows up
	}
	editedBody struct {
		Commit  glosa.Hash `json:"commit"`
		Version int        `json:"version"`
	}
	// addedBody is a further commitment of a question that exists.
	addedBody struct {
		Commit   glosa.Hash `json:"commit"`
		Version  int        `json:"version"`
		What     glosa.Code `json:"what"` // "translated" or "attachment"
		Language glosa.Code `json:"language,omitempty"`
	}
	noBody       struct{}
	reasonedBody struct {
		Reason glosa.Code `json:"reason"`
	}
	// decidedBody says which ruling ended, and in which words: both, or the one
	// that stood alone.
	decidedBody struct {
		Ruling glosa.Code   `json:"ruling,omitempty"` // refuse, held, appeal, erase; none when one person admitted
		Words  []glosa.Code `json:"words,omitempty"`
	}
	refusedBody struct {
		decidedBody
		Ground glosa.Code   `json:"ground"`
		Posts  []glosa.Code `json:"posts"`
		Place  glosa.Code   `json:"place,omitempty"` // where they can help, when off scope
	}
	admittedBody struct {
		decidedBody
		Why   glosa.Code   `json:"why"` // "one", "no_agreement", "no_second", "appeal", "held"
		Posts []glosa.Code `json:"posts,omitempty"`
	}
	roundBody struct {
		Round int `json:"round"`
	}
	heldBody struct {
		decidedBody
		Round int          `json:"round"`
		Posts []glosa.Code `json:"posts"`
	}
	unmergedBody struct {
		Takes glosa.QuestionID `json:"takes,omitempty"` // whose place it takes, when that one was withdrawn
	}
	mergeProposedBody struct {
		Into glosa.QuestionID `json:"into"` // whose words would stand for both
		Due  time.Time        `json:"due"`  // until then an author may object
	}
	mergeDroppedBody struct {
		Into   glosa.QuestionID `json:"into"`
		Reason glosa.Code       `json:"reason"` // objection, moved_on
	}
	mergedBody struct {
		Into glosa.QuestionID `json:"into"`
	}
	routedBody struct {
		Institution glosa.InstitutionKey `json:"institution"`
		Due         time.Time            `json:"due,omitzero"` // none yet for what is to be asked in the room
	}
	referredBody struct {
		From   glosa.InstitutionKey `json:"from"`
		To     glosa.InstitutionKey `json:"to,omitempty"` // empty: the governor's office assigns
		Reason glosa.Code           `json:"reason"`
		Count  int                  `json:"count"`
	}
	selectedBody struct {
		Contest glosa.ContestID `json:"contest"`
		Place   int             `json:"place"`
	}
	notSelectedBody struct {
		Reason  glosa.Code `json:"reason"`
		Minutes int        `json:"minutes_short"`
	}
	askedBody struct {
		Mesa glosa.MesaID `json:"mesa"`
	}
	oralBody struct {
		Second int `json:"second"` // of the video
	}
	answeredBody struct {
		Digest  glosa.Hash    `json:"digest"`
		Kind    glosa.Code    `json:"kind"` // "answer", "cannot" or "transfer"
		Post    glosa.PostKey `json:"post"`
		Absence glosa.Hash    `json:"absence,omitzero"` // digest of the document by which a substitute signed
		Version int           `json:"version"`
	}
	correctedBody struct {
		Digest  glosa.Hash    `json:"digest"`
		Post    glosa.PostKey `json:"post"`
		Absence glosa.Hash    `json:"absence,omitzero"`
		Reason  glosa.Hash    `json:"reason"` // digest of the public reason
		Version int           `json:"version"`
	}
	extendedBody struct {
		Days   int        `json:"days"`
		Due    time.Time  `json:"due"`
		Reason glosa.Hash `json:"reason"` // digest of the public reason
	}
	overdueBody struct {
		Holder glosa.Code `json:"holder"`         // who owes it now: facilitation, deputy, minister, governor, public
		Owed   glosa.Code `json:"owed,omitempty"` // "route" or "assign"; none: the answer
		Due    time.Time  `json:"due"`
		Level  int        `json:"level"`
	}
	redatedBody struct {
		Due  time.Time  `json:"due"`            // an overdue answer that a suspension gave time again, or of which only the assignment was late
		Owed glosa.Code `json:"owed,omitempty"` // "route": it is not the answer, and it stands admitted again
	}
	carriedBody struct {
		To glosa.EditionID `json:"to"` // the next edition of the series, where it goes on
	}
	ratedBody struct {
		Version int        `json:"version"`
		Word    glosa.Code `json:"word"` // yes, partly, no
	}
	withdrawnBody struct {
		Lock   glosa.Hash `json:"lock"` // the preimage: only the holder of the key could say it
		LockBy glosa.Code `json:"lock_by"`
	}
	namesGoneBody struct {
		Names int `json:"names"` // how many names were forgotten, a year after the edition closed
	}
	takenBackBody struct {
		Law   glosa.Code   `json:"law"`
		Posts []glosa.Code `json:"posts"` // of two sides, who erased it at its author's request: no key was used
	}
	numbersBody struct {
		First    int `json:"first"` // of one block of folio numbers
		Last     int `json:"last"`
		Used     int `json:"used"`
		Void     int `json:"void,omitempty"` // printed and spoilt
		Lost     int `json:"lost,omitempty"` // printed and never brought back
		Unissued int `json:"unissued"`
	}
	erasedBody struct {
		decidedBody
		Target glosa.Hash   `json:"target"` // the commitment whose text and salt are gone
		Ground glosa.Code   `json:"ground"`
		Law    glosa.Code   `json:"law"`
		Posts  []glosa.Code `json:"posts"`
		Lock   *glosa.Hash  `json:"lock,omitempty"` // the preimage, when the author erased
	}
)

var (
	kReceived       = glosa.EventKind{Name: "question.received", Public: true, Body: receivedBody{}}
	kFollowed       = glosa.EventKind{Name: "question.followed", Public: true, Body: followedBody{}}
	kAdmitted       = glosa.EventKind{Name: "question.admitted", Public: true, Body: admittedBody{}}
	kProposed       = glosa.EventKind{Name: "question.second_needed", Public: true, Body: roundBody{}}
	kHeld           = glosa.EventKind{Name: "question.held", Public: true, Body: heldBody{}}
	kRefused        = glosa.EventKind{Name: "question.refused", Public: true, Body: refusedBody{}}
	kNeedsEdit      = glosa.EventKind{Name: "question.needs_edit", Public: true, Body: reasonedBody{}}
	kEdited         = glosa.EventKind{Name: "question.edited", Public: true, Body: editedBody{}}
	kAdded          = glosa.EventKind{Name: "question.text_added", Public: true, Body: addedBody{}}
	kEditLapsed     = glosa.EventKind{Name: "question.edit_lapsed", Public: true, Body: noBody{}}
	kAppealed       = glosa.EventKind{Name: "question.appealed", Public: true, Body: noBody{}}
	kUpheld         = glosa.EventKind{Name: "question.upheld", Public: true, Body: refusedBody{}}
	kMerged         = glosa.EventKind{Name: "question.merged", Public: true, Body: mergedBody{}}
	kMergeProposed  = glosa.EventKind{Name: "question.merge_proposed", Public: true, Body: mergeProposedBody{}}
	kMergeConsented = glosa.EventKind{Name: "question.merge_consented", Public: true, Body: mergedBody{}}
	kMergeDropped   = glosa.EventKind{Name: "question.merge_dropped", Public: true, Body: mergeDroppedBody{}}
	kUnmerged       = glosa.EventKind{Name: "question.unmerged", Public: true, Body: unmergedBody{}}
	kRouted         = glosa.EventKind{Name: "question.routed", Public: true, Body: routedBody{}}
	kReferred       = glosa.EventKind{Name: "question.referred", Public: true, Body: referredBody{}}
	kSelected       = glosa.EventKind{Name: "question.selected", Public: true, Body: selectedBody{}}
	kNotSelected    = glosa.EventKind{Name: "question.not_selected", Public: true, Body: notSelectedBody{}}
	kAsked          = glosa.EventKind{Name: "question.asked", Public: true, Body: askedBody{}}
	kOral           = glosa.EventKind{Name: "question.answered_oral", Public: true, Body: oralBody{}}
	kToWriting      = glosa.EventKind{Name: "question.to_writing", Public: true, Body: reasonedBody{}}
	kAnswered       = glosa.EventKind{Name: "question.answered", Public: true, Body: answeredBody{}}
	kCorrected      = glosa.EventKind{Name: "question.corrected", Public: true, Body: correctedBody{}}
	kExtended       = glosa.EventKind{Name: "question.extended", Public: true, Body: extendedBody{}}
	kOverdue        = glosa.EventKind{Name: "question.overdue", Public: true, Body: overdueBody{}}
	kCarried        = glosa.EventKind{Name: "question.carried", Public: true, Body: carriedBody{}}
	kRated          = glosa.EventKind{Name: "question.rated", Public: true, Body: ratedBody{}}
	kWithdrawn      = glosa.EventKind{Name: "question.withdrawn", Public: true, Body: withdrawnBody{}}
	kTakenBack      = glosa.EventKind{Name: "question.withdrawn_by_two", Public: true, Body: takenBackBody{}}
	kErased         = glosa.EventKind{Name: "text.erased", Public: true, Body: erasedBody{}}
	kNumbers        = glosa.EventKind{Name: "question.numbers", Public: true, Body: numbersBody{}}
	// Public, so that a name does not come back with an older backup.
	kRenamed   = glosa.EventKind{Name: "question.renamed", Body: noBody{}} // at the author's request; whose name it is stays in people
	kUnnamed   = glosa.EventKind{Name: "question.unnamed", Public: true, Body: noBody{}}
	kNamesGone = glosa.EventKind{Name: "question.names_gone", Public: true, Body: namesGoneBody{}}
	kRedated   = glosa.EventKind{Name: "question.redated", Public: true, Body: redatedBody{}}
)

// Kinds lists every event of this room.
func Kinds() []glosa.EventKind {
	return append(wordKinds(), kReceived, kFollowed, kAdmitted, kProposed, kHeld, kRefused, kNeedsEdit,
		kEdited, kAdded, kEditLapsed, kAppealed, kUpheld, kMergeProposed, kMergeConsented, kMergeDropped, kMerged, kUnmerged, kRouted, kReferred, kSelected,
		kNotSelected, kAsked, kOral, kToWriting, kAnswered, kCorrected, kExtended, kOverdue, kCarried, kRated,
		kTranscribed, kRetranscribed,
		kWithdrawn, kTakenBack, kErased, kNumbers, kRenamed, kUnnamed, kNamesGone, kRedated)
}
