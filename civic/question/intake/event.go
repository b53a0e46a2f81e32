package intake

import "glosa"

// What this room tells the world: that a desk was opened, where its name and
// place enter by digest, and the count of its folios. By which door a question
// came is in no leaf; the other kinds move pages and are private.
type (
	openedBody struct {
		Kind         glosa.Code          `json:"kind"`
		Municipality glosa.TerritoryCode `json:"municipality"`
		Words        glosa.Hash          `json:"words"` // of the desk's public name and place
	}
	countedBody struct {
		Issued   int `json:"issued"`
		Captured int `json:"captured"`
		Void     int `json:"void"`
		Waiting  int `json:"waiting"` // may be received after the intake is sealed
		Missing  int `json:"missing"`
	}
	printedBody struct {
		Sheets int `json:"sheets"`
	}
	voidedBody struct {
		Reason glosa.Code `json:"reason"`
	}
	enteredBody   struct{}
	deliveredBody struct {
		Way     glosa.Code `json:"way"`
		Version int        `json:"version"`
	}
	batchBody struct {
		Taken   int `json:"taken"`
		Refused int `json:"refused"`
	}
)

var (
	kOpened    = glosa.EventKind{Name: "intake.opened", Public: true, Body: openedBody{}}
	kCounted   = glosa.EventKind{Name: "intake.counted", Public: true, Body: countedBody{}}
	kPrinted   = glosa.EventKind{Name: "intake.printed", Body: printedBody{}}
	kVoided    = glosa.EventKind{Name: "intake.voided", Body: voidedBody{}}
	kEntered   = glosa.EventKind{Name: "intake.entered", Body: enteredBody{}}
	kDelivered = glosa.EventKind{Name: "intake.delivered", Body: deliveredBody{}}
	kInvited   = glosa.EventKind{Name: "intake.kiosk_invited", Body: enteredBody{}}
	kUnlocked  = glosa.EventKind{Name: "intake.kiosk_unlocked", Body: enteredBody{}}
	kShut      = glosa.EventKind{Name: "intake.kiosk_shut", Body: enteredBody{}}
	kBatch     = glosa.EventKind{Name: "intake.batch", Body: batchBody{}}
)

// Kinds lists every event of this room.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{kOpened, kCounted, kPrinted, kVoided, kEntered, kDelivered, kInvited, kUnlocked, kShut, kBatch}
}
