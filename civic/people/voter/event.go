package voter

import "glosa"

// noBody: an event of this room tells that something happened to an id.
type noBody struct{}

// What this room tells the world: which lists of codes are good, by whom, and what
// became of them. Who shows a mailbox or a code is nobody's business.
type (
	loadedBody struct {
		Issuer glosa.InstitutionKey `json:"issuer"`
		Count  int                  `json:"count"`
		Root   glosa.Hash           `json:"root"` // [Merkle] over the sorted digests
	}
	closedBody struct {
		Issued    int `json:"issued"`
		Used      int `json:"used,omitempty"` // typed by somebody; 0 where that is not told ([Issue.Tells])
		Destroyed int `json:"destroyed"`      // of the others: handed back and destroyed in public
	}
)

var (
	kAsked    = glosa.EventKind{Name: "voter.asked", Body: noBody{}}          // subject: the id of a proof
	kProposed = glosa.EventKind{Name: "voter.codes_proposed", Body: noBody{}} // subject of the rest: a list
	kDropped  = glosa.EventKind{Name: "voter.codes_dropped", Body: noBody{}}
	kLoaded   = glosa.EventKind{Name: "voter.codes_loaded", Public: true, Body: loadedBody{}}
	kCounted  = glosa.EventKind{Name: "voter.codes_counted", Body: noBody{}}
	kClosed   = glosa.EventKind{Name: "voter.codes_closed", Public: true, Body: closedBody{}}
)

// Kinds lists every event of this room.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{kAsked, kProposed, kDropped, kLoaded, kCounted, kClosed}
}

// Asked is what notify waits for on the line.
const Asked = "voter.asked"
