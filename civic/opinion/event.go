package opinion

import (
	"time"

	"glosa"
	"glosa/civic/people/voter"
)

// What this room tells the world. Public kinds hold numbers, codes, roots,
// digests and openers; nothing by which a vote could be joined to a person, a
// door or an hour.
type (
	frozenBody struct {
		Digest    glosa.Hash   `json:"digest"` // of the settings, as [Settings] in canonical JSON
		Proposals bool         `json:"proposals"`
		Rows      glosa.Code   `json:"rows"`
		Doors     []glosa.Code `json:"doors"`
		Seed      glosa.Hash   `json:"seed"`
	}
	openedBody struct {
		Until time.Time `json:"until"`
	}
	closedBody struct {
		Early bool `json:"early"` // before the announced end
	}
	receivedBody struct {
		Commit glosa.Hash `json:"commit"`
		Lock   glosa.Hash `json:"lock"`
		LockBy glosa.Code `json:"lock_by"`
		N      int        `json:"number"`
		Source glosa.Code `json:"source"` // citizen | desk
	}
	includedBody struct {
		N        int              `json:"number"`
		Question glosa.QuestionID `json:"question"`
		Sort     glosa.Code       `json:"sort"`
	}
	numberBody struct {
		N int `json:"number"`
	}
	admittedBody struct {
		N     int          `json:"number"`
		Posts []glosa.Code `json:"posts"`
		Why   glosa.Code   `json:"why"` // one | no_agreement | no_second
	}
	refusedBody struct {
		Ground glosa.Code   `json:"ground"`
		N      int          `json:"number"`
		Posts  []glosa.Code `json:"posts"`
	}
	noBody      struct{}
	countedBody struct {
		Input    glosa.Hash `json:"input"`  // SHA-256 of the rows
		Result   glosa.Hash `json:"result"` // SHA-256 of what method/cluster gives for them
		Picture  glosa.Hash `json:"picture"`
		Ballots  int        `json:"ballots"`
		Groups   int        `json:"groups"` // as computed; 0 where there were no votes
		Software glosa.Code `json:"software"`
	}
	contestBody struct {
		Contest glosa.ContestID `json:"contest"`
	}
)

var (
	kFrozen   = glosa.EventKind{Name: "opinion.frozen", Public: true, Body: frozenBody{}}
	kOpened   = glosa.EventKind{Name: "opinion.opened", Public: true, Body: openedBody{}}
	kClosed   = glosa.EventKind{Name: "opinion.closed", Public: true, Body: closedBody{}}
	kReceived = glosa.EventKind{Name: "opinion.received", Public: true, Body: receivedBody{}}
	kIncluded = glosa.EventKind{Name: "opinion.included", Public: true, Body: includedBody{}}
	kProposed = glosa.EventKind{Name: "opinion.second_needed", Public: true, Body: numberBody{}}
	kAdmitted = glosa.EventKind{Name: "opinion.admitted", Public: true, Body: admittedBody{}}
	kRefused  = glosa.EventKind{Name: "opinion.refused", Public: true, Body: refusedBody{}}
	kLapsed   = glosa.EventKind{Name: "opinion.lapsed", Public: true, Body: numberBody{}} // nobody decided on it before the vote ended
	kBatch    = glosa.EventKind{Name: "opinion.batch", Public: true, Body: voter.BatchTold{}}
	kBatched  = glosa.EventKind{Name: "opinion.batched", Public: true, Body: voter.CommitsTold{}}
	kUnlocked = glosa.EventKind{Name: "opinion.unlocked", Public: true, Body: voter.LocksTold{}}
	kCounted  = glosa.EventKind{Name: "opinion.counted", Public: true, Body: countedBody{}}
	kRowsGone = glosa.EventKind{Name: "opinion.rows_gone", Public: true, Body: contestBody{}}
	kWord     = glosa.EventKind{Name: "opinion.erase_word", Body: noBody{}} // nothing is said in public before both sides agree

	// A vote: of no edition, and in the name of no room that keeps anything, so that
	// pages and lists do not move with each. It says not even which ballot.
	kVoted = glosa.EventKind{Name: "vote.cast", Body: noBody{}}
)

// Kinds lists the room's events.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{kFrozen, kOpened, kClosed, kReceived, kIncluded, kProposed, kAdmitted, kRefused, kLapsed,
		kBatch, kBatched, kUnlocked, kCounted, kRowsGone, kWord, kVoted}
}
