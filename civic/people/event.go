package people

import (
	"time"

	"glosa"
)

// The bodies of this room's events. None names a person: they name posts,
// seats, institutions, and the digests of the documents that grant them.
type (
	// Loaded is the reference data of a territory: institutions, posts, places.
	Loaded struct {
		Territory    glosa.TerritoryCode `json:"territory"`
		Digest       glosa.Hash          `json:"digest"`
		Territories  int                 `json:"territories"`
		Institutions int                 `json:"institutions"`
		Posts        int                 `json:"posts"`
	}
	// InstitutionRegistered is an institution written or corrected by hand.
	InstitutionRegistered struct {
		Institution glosa.InstitutionKey `json:"institution"`
		Digest      glosa.Hash           `json:"digest"` // of its name, note, dates and sources
	}
	// PostRegistered is a post written or corrected by hand.
	PostRegistered struct {
		Post        glosa.PostKey        `json:"post"`
		Institution glosa.InstitutionKey `json:"institution"`
		Roles       []glosa.Code         `json:"roles"`
		Digest      glosa.Hash           `json:"digest"`
	}
	// PostGranted says that somebody holds a post from a day on.
	PostGranted struct {
		Tenure   glosa.Code    `json:"tenure"`
		Post     glosa.PostKey `json:"post"`
		From     time.Time     `json:"from"`
		Document glosa.Hash    `json:"document"`
	}
	// PostLeft says until which day, inclusive.
	PostLeft struct {
		Tenure glosa.Code    `json:"tenure"`
		Post   glosa.PostKey `json:"post"`
		To     time.Time     `json:"to"`
	}
	// Delegated lets somebody else do some acts of a post.
	Delegated struct {
		Delegation glosa.Code    `json:"delegation"`
		Post       glosa.PostKey `json:"post"`
		Acts       []glosa.Act   `json:"acts"`
		From       time.Time     `json:"from"`
		To         time.Time     `json:"to"`
		Document   glosa.Hash    `json:"document"`
	}
	// DelegationEnded takes it back.
	DelegationEnded struct {
		Delegation glosa.Code    `json:"delegation"`
		Post       glosa.PostKey `json:"post"`
	}
	// SeatMade is a chair of an edition.
	SeatMade struct {
		Side        glosa.Code           `json:"side"`
		Number      int                  `json:"number"`
		Roles       []glosa.Code         `json:"roles"`
		Sector      glosa.Code           `json:"sector"`
		Institution glosa.InstitutionKey `json:"institution,omitempty"`
		Delegable   bool                 `json:"delegable"`
	}
	// SeatTaken says that somebody sits in it from a day on.
	SeatTaken struct {
		Side       glosa.Code `json:"side"`
		Number     int        `json:"number"`
		Substitute bool       `json:"substitute"`
		From       time.Time  `json:"from"`
		Document   glosa.Hash `json:"document"`
	}
	// SeatLeft says until which day, inclusive.
	SeatLeft struct {
		Side   glosa.Code `json:"side"`
		Number int        `json:"number"`
		To     time.Time  `json:"to"`
	}
	// SeatRemoved is a chair that is no longer one, before anybody sat in it.
	SeatRemoved struct {
		Side   glosa.Code `json:"side"`
		Number int        `json:"number"`
	}
	// Declared is a declaration of interests.
	Declared struct {
		Interest glosa.Code `json:"interest"`
		Digest   glosa.Hash `json:"digest"` // of its text
	}
	// Documented is the list of participants that cited sources give.
	Documented struct {
		Count  int        `json:"count"`
		Digest glosa.Hash `json:"digest"`
	}
)

// immutable table of the room's kinds of events.
var (
	loaded          = glosa.EventKind{Name: "people.loaded", Public: true, Body: Loaded{}}
	registered      = glosa.EventKind{Name: "people.institution_registered", Public: true, Body: InstitutionRegistered{}}
	postRegistered  = glosa.EventKind{Name: "people.post_registered", Public: true, Body: PostRegistered{}}
	postGranted     = glosa.EventKind{Name: "people.post_granted", Public: true, Body: PostGranted{}}
	postLeft        = glosa.EventKind{Name: "people.post_left", Public: true, Body: PostLeft{}}
	delegated       = glosa.EventKind{Name: "people.delegated", Public: true, Body: Delegated{}}
	delegationEnded = glosa.EventKind{Name: "people.delegation_ended", Public: true, Body: DelegationEnded{}}
	seatMade        = glosa.EventKind{Name: "people.seat_made", Public: true, Body: SeatMade{}}
	seatTaken       = glosa.EventKind{Name: "people.seat_taken", Public: true, Body: SeatTaken{}}
	seatLeft        = glosa.EventKind{Name: "people.seat_left", Public: true, Body: SeatLeft{}}
	seatRemoved     = glosa.EventKind{Name: "people.seat_removed", Public: true, Body: SeatRemoved{}}
	declared        = glosa.EventKind{Name: "people.declared", Public: true, Body: Declared{}}
	documented      = glosa.EventKind{Name: "people.documented", Public: true, Body: Documented{}}
)

// Kinds lists what this room tells the world.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{loaded, registered, postRegistered, postGranted, postLeft, delegated,
		delegationEnded, seatMade, seatTaken, seatLeft, seatRemoved, declared, documented}
}

func codes[T ~string](list []T) []glosa.Code {
	out := make([]glosa.Code, len(list))
	for i, s := range list {
		out[i] = glosa.Code(s)
	}
	return out
}
