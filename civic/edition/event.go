package edition

import (
	"time"

	"glosa"
)

// Bodies of the events: ids, codes, digests and dates only. Texts (a reason, a
// note) enter as the digest of what the page shows; N is the row's number within
// the edition.
type (
	foundedBody struct {
		Series    glosa.SeriesID      `json:"series"`
		Number    int                 `json:"number"`
		Code      glosa.Code          `json:"code"`
		Territory glosa.TerritoryCode `json:"territory"`
		Protocol  glosa.Hash          `json:"protocol"`
		Synthetic bool                `json:"synthetic"`
		Name      glosa.Hash          `json:"name,omitzero"`
		Place     glosa.Hash          `json:"place,omitzero"`
	}
	dateBody struct {
		Stage glosa.Code `json:"stage"`
		At    time.Time  `json:"at"`
	}
	plannedBody struct {
		Session  time.Time  `json:"session"`
		Protocol glosa.Hash `json:"protocol"`
		Dates    []dateBody `json:"dates"`
	}
	placedBody struct {
		Place glosa.Hash `json:"place"`
	}
	frozenBody struct {
		Protocol glosa.Hash   `json:"protocol"`
		Counting []glosa.Code `json:"counting_doors"`
		Rule     glosa.Code   `json:"rule"`
	}
	advancedBody struct {
		From   glosa.Code `json:"from"`
		To     glosa.Code `json:"to"`
		Waived []int      `json:"waived"`
	}
	sealedBody struct {
		Closed time.Time `json:"closed"`
	}
	proposedBody struct {
		N    int        `json:"n"`
		Gate glosa.Code `json:"gate"`
		To   glosa.Code `json:"to"`
	}
	waivedBody struct {
		N        int        `json:"n"`
		Gate     glosa.Code `json:"gate"`
		To       glosa.Code `json:"to"`
		Reason   glosa.Hash `json:"reason"`
		Proposed glosa.Code `json:"proposed_by"`
	}
	haltedBody struct {
		N       int        `json:"n"`
		From    glosa.Code `json:"from"`
		Reason  glosa.Hash `json:"reason"`
		Session time.Time  `json:"session,omitzero"`
	}
	suspendedBody struct {
		N      int        `json:"n"`
		From   time.Time  `json:"from"`
		To     time.Time  `json:"to"`
		Reason glosa.Hash `json:"reason"`
	}
	extendedBody struct {
		N      int        `json:"n"`
		Stage  glosa.Code `json:"stage"`
		Days   int        `json:"days"`
		Was    time.Time  `json:"was"`
		Is     time.Time  `json:"is"`
		Reason glosa.Hash `json:"reason"`
	}
	documentedBody struct {
		Series glosa.SeriesID `json:"series"`
		Number int            `json:"number"`
		Facts  glosa.Hash     `json:"facts"`
		Name   glosa.Hash     `json:"name,omitzero"`
		Known  glosa.Hash     `json:"known"` // of zone, day, place and what is known, a line each
	}
	compiledBody struct {
		Series   glosa.SeriesID `json:"series"`
		Sources  int            `json:"sources"`
		Findings int            `json:"findings"`
		Digest   glosa.Hash     `json:"digest"`
	}
)

// What this room tells the world.
var (
	foundedKind    = glosa.EventKind{Name: "edition.founded", Public: true, Body: foundedBody{}}
	plannedKind    = glosa.EventKind{Name: "edition.planned", Public: true, Body: plannedBody{}}
	placedKind     = glosa.EventKind{Name: "edition.placed", Public: true, Body: placedBody{}}
	frozenKind     = glosa.EventKind{Name: "edition.protocol_frozen", Public: true, Body: frozenBody{}}
	advancedKind   = glosa.EventKind{Name: "edition.advanced", Public: true, Body: advancedBody{}}
	sealedKind     = glosa.EventKind{Name: "edition.intake_sealed", Public: true, Body: sealedBody{}}
	proposedKind   = glosa.EventKind{Name: "edition.waiver_proposed", Public: false, Body: proposedBody{}}
	waivedKind     = glosa.EventKind{Name: "edition.waived", Public: true, Body: waivedBody{}}
	postponedKind  = glosa.EventKind{Name: "edition.postponed", Public: true, Body: haltedBody{}}
	resumedKind    = glosa.EventKind{Name: "edition.resumed", Public: true, Body: haltedBody{}}
	cancelledKind  = glosa.EventKind{Name: "edition.cancelled", Public: true, Body: haltedBody{}}
	suspendedKind  = glosa.EventKind{Name: "edition.suspended", Public: true, Body: suspendedBody{}}
	extendedKind   = glosa.EventKind{Name: "edition.extended", Public: true, Body: extendedBody{}}
	documentedKind = glosa.EventKind{Name: "edition.documented", Public: true, Body: documentedBody{}}
	compiledKind   = glosa.EventKind{Name: "edition.dossier", Public: true, Body: compiledBody{}}
)

// Kinds lists the events of this room.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{foundedKind, plannedKind, placedKind, frozenKind, advancedKind, sealedKind,
		proposedKind, waivedKind, postponedKind, resumedKind, cancelledKind, suspendedKind, extendedKind, documentedKind, compiledKind}
}
