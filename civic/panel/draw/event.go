package draw

import (
	"time"

	"glosa"
)

// Bodies of this room's events. Nobody is in them but by a number that was drawn
// for one draw.
type (
	termsBody struct {
		Terms  glosa.Hash `json:"terms"`
		Closes time.Time  `json:"closes"`
		SeedAt time.Time  `json:"seed_at"`
		Why    glosa.Code `json:"why,omitempty"` // of a change: dates, relaxed
	}
	openedBody struct {
		Terms glosa.Hash `json:"terms"`
	}
	frozenBody struct {
		Terms      glosa.Hash `json:"terms"`
		Volunteers int        `json:"volunteers"`
		Unproven   int        `json:"unproven"` // of them: with a contact that nobody proved
		Quotas     glosa.Hash `json:"quotas"`
		Pool       glosa.Hash `json:"pool"`
		Lottery    glosa.Hash `json:"lottery"`
		Software   glosa.Code `json:"software"`
	}
	typedBody struct {
		Side glosa.Side `json:"side"`
	}
	drawnBody struct {
		Seed       glosa.Hash `json:"seed"`
		Transcript glosa.Hash `json:"transcript"`
		Order      glosa.Hash `json:"order"`
		Panel      []int      `json:"panel"`
	}
	seatBody struct {
		Number int        `json:"number"`
		State  glosa.Code `json:"state"`
		Why    glosa.Code `json:"why,omitempty"`
		For    int        `json:"for"`
	}
	backBody struct {
		Of glosa.Hash `json:"of"` // of the lock of a registration that had no number yet
	}
	goneBody struct {
		Number int `json:"number"`
	}
	chairsBody struct {
		Chairs []glosa.Code `json:"chairs"` // "civil:6", all at once: one by one they would follow who accepts
	}
	noBody struct{}
)

var (
	kAnnounced = glosa.EventKind{Name: "draw.announced", Public: true, Body: termsBody{}}
	kOpened    = glosa.EventKind{Name: "draw.opened", Public: true, Body: openedBody{}}
	kChanged   = glosa.EventKind{Name: "draw.changed", Public: true, Body: termsBody{}}
	kFrozen    = glosa.EventKind{Name: "draw.frozen", Public: true, Body: frozenBody{}}
	kTyped     = glosa.EventKind{Name: "draw.seed_typed", Public: true, Body: typedBody{}}
	kDrawn     = glosa.EventKind{Name: "draw.drawn", Public: true, Body: drawnBody{}}
	kSeat      = glosa.EventKind{Name: "draw.seat", Public: true, Body: seatBody{}}
	kGone      = glosa.EventKind{Name: "draw.gone", Public: true, Body: goneBody{}}
	kBack      = glosa.EventKind{Name: "draw.taken_back", Public: true, Body: backBody{}}
	kChairs    = glosa.EventKind{Name: "draw.reserved", Public: true, Body: chairsBody{}}
	kAudited   = glosa.EventKind{Name: "draw.audited", Public: true, Body: noBody{}}
	kDestroyed = glosa.EventKind{Name: "draw.destroyed", Public: true, Body: noBody{}}

	kBoard     = glosa.EventKind{Name: "draw.board", Body: noBody{}}     // moves the page
	kReached   = glosa.EventKind{Name: "draw.reached", Body: goneBody{}} // somebody's contact was read at a desk
	kForgotten = glosa.EventKind{Name: "draw.forgotten", Body: noBody{}} // a box lies where nothing names it any more
	kSeated    = glosa.EventKind{Name: "draw.seated", Body: goneBody{}}  // somebody has a chair now; which one no event says
	kSaid      = glosa.EventKind{Name: "draw.said", Body: goneBody{}}    // one side's word on a seat
)

// Kinds is what this room tells. A registration tells nothing: its time would.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{kAnnounced, kOpened, kChanged, kFrozen, kTyped, kDrawn, kSeat, kGone, kBack, kChairs, kAudited, kDestroyed,
		kBoard, kReached, kForgotten, kSeated, kSaid}
}
