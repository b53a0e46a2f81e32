package priority

import (
	"time"

	"glosa"
	"glosa/civic/people/voter"
)

// What this room tells the world. Public kinds hold counts, roots, digests and
// openers; nothing by which a ballot could be joined to a person, a door or an hour.
type (
	frozenBody struct {
		Digest      glosa.Hash   `json:"digest"` // of the criteria, as [Criteria] in canonical JSON
		Rule        glosa.Code   `json:"rule"`
		Utility     glosa.Code   `json:"utility"`
		Completions []glosa.Code `json:"completions"`
		Minutes     int          `json:"minutes"`
		PerQuestion int          `json:"per_question"`
		Choices     int          `json:"choices"`
		Counting    []glosa.Code `json:"counting"`
	}
	castBody struct { // private: tells followers that ballots came, and lets a test see them on the line
		Commits   []glosa.Hash `json:"commits"`
		Withdrawn int          `json:"withdrawn"`
	}
	destroyedBody struct { // the edition's key and all that could join its ballots to people
		Contest glosa.ContestID `json:"contest"`
	}
	selectedBody struct {
		Input    glosa.Hash `json:"input"`  // SHA-256 of the published .pb file
		Result   glosa.Hash `json:"result"` // SHA-256 of the result's JSON
		Ballots  int        `json:"ballots"`
		Outside  int        `json:"outside"` // ballots that stand and have no row: Σ new − Σ withdrawn − Ballots
		Void     int        `json:"void"`    // of them, those that count, none of whose questions still stands; -1: see [outside]
		Apart    int        `json:"apart"`   // of them, those of doors that do not count; -1: see [outside]
		Chosen   int        `json:"chosen"`
		Minutes  int        `json:"minutes"` // used
		Software glosa.Code `json:"software"`
		// Counting ballots of which a question was chosen, by the rule and by the raw count.
		Covered    int `json:"covered"`
		CoveredRaw int `json:"covered_raw"`
		// The day on which the selector held nothing in government, by the register.
		FreeOn time.Time `json:"free_on"`
		// Counting ballots of a class that both sides excluded.
		Excluded int `json:"excluded"`
		// SHA-256 of what was worked out of the file beside its result, see [Account].
		Account glosa.Hash `json:"account"`
	}
)

// doorsBody tells, at most once a day, by how many ballots each door was used: see doors.go.
type doorsBody struct {
	N     int         `json:"n"`     // from 1
	Batch int         `json:"batch"` // the last one that it counts
	Doors []DoorCount `json:"doors"` // all that the contest takes, from the weakest on
}

// networksBody tells, with the agenda, of the busiest networks: see network.go.
type networksBody struct {
	Since  time.Time `json:"since"`  // the day on which the count began
	Counts []int     `json:"counts"` // largest first, in steps of ten
}

// paperClosedBody tells, at the end of the window, how many ballots somebody had
// typed from paper at a desk: so many at most come by it. 0: fewer than ten.
type paperClosedBody struct {
	Desk  glosa.Code `json:"desk"`
	Count int        `json:"count"`
}

// paperBody is of private events: a sheet was typed, or taken back. What is cast
// leaves the event of any other ballot.
type paperBody struct{}

// besideBody tells of another count of the same ballots, see [Beside].
type besideBody struct {
	Of         glosa.Code `json:"of"`
	State      glosa.Code `json:"state"`
	Input      glosa.Hash `json:"input"`  // SHA-256 of its .pb file; zeros where there is none
	Result     glosa.Hash `json:"result"` // SHA-256 of its result
	Ballots    int        `json:"ballots"`
	Covered    int        `json:"covered"`
	CoveredRaw int        `json:"covered_raw"`
}

// exclusionBody tells of a class of ballots that one side proposed to exclude, and
// of the other side's answer.
type exclusionBody struct {
	N       int        `json:"n"`
	Class   Class      `json:"class"`
	Ballots int        `json:"ballots"` // in steps of ten
	Reason  glosa.Hash `json:"reason"`  // SHA-256 of its published text
}

var (
	kFrozen   = glosa.EventKind{Name: "priority.frozen", Public: true, Body: frozenBody{}}
	kCast     = glosa.EventKind{Name: "priority.cast", Public: false, Body: castBody{}}
	kBatch    = glosa.EventKind{Name: "priority.batch", Public: true, Body: voter.BatchTold{}}
	kBatched  = glosa.EventKind{Name: "priority.batched", Public: true, Body: voter.CommitsTold{}}
	kOpened   = glosa.EventKind{Name: "priority.opened", Public: true, Body: voter.LocksTold{}}
	kNetworks = glosa.EventKind{Name: "priority.networks", Public: true, Body: networksBody{}}
	kDoors    = glosa.EventKind{Name: "priority.doors", Public: true, Body: doorsBody{}}
	kSelected = glosa.EventKind{Name: "priority.selected", Public: true, Body: selectedBody{}}
	kBeside   = glosa.EventKind{Name: "priority.beside", Public: true, Body: besideBody{}}
	kPaper    = glosa.EventKind{Name: "priority.paper_typed", Body: paperBody{}}

	kPaperClosed = glosa.EventKind{Name: "priority.paper_closed", Public: true, Body: paperClosedBody{}}
	kWindow      = glosa.EventKind{Name: "priority.window_closed", Public: true, Body: windowBody{}}

	kExclusion = glosa.EventKind{Name: "priority.exclusion_proposed", Public: true, Body: exclusionBody{}}
	kExcluded  = glosa.EventKind{Name: "priority.excluded", Public: true, Body: exclusionBody{}}
	kDeclined  = glosa.EventKind{Name: "priority.exclusion_declined", Public: true, Body: exclusionBody{}}

	kDestroyed = glosa.EventKind{Name: "key.destroyed", Public: true, Body: destroyedBody{}}
)

// Kinds lists the room's events.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{kFrozen, kCast, kBatch, kBatched, kOpened, kDoors, kNetworks, kSelected, kBeside, kPaper, kPaperClosed, kWindow,
		kExclusion, kExcluded, kDeclined, kDestroyed}
}
