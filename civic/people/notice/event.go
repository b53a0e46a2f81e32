package notice

import "glosa"

// noBody: an event of this room tells that something happened to a random id.
type noBody struct{}

// None is public: who wants to hear of what is nobody's business.
var (
	kAsked     = glosa.EventKind{Name: "notice.asked", Body: noBody{}}     // subject: a subscription
	kConfirmed = glosa.EventKind{Name: "notice.confirmed", Body: noBody{}} // subject: a subscription
	kStopped   = glosa.EventKind{Name: "notice.stopped", Body: noBody{}}   // subject: a subscription
	kForgotten = glosa.EventKind{Name: "notice.forgotten", Body: noBody{}} // subject: a contact
)

// Kinds lists every event of this room.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{kAsked, kConfirmed, kStopped, kForgotten}
}

// What notify waits for on the line.
const (
	Asked     = "notice.asked"
	Forgotten = "notice.forgotten"
)
