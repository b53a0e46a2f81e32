package voter

import "glosa"

// noBody: an event of this room tells that something happened to a random id.
type noBody struct{}

// Who shows a mailbox is nobody's business.
var (
	kAsked = glosa.EventKind{Name: "voter.asked", Body: noBody{}} // subject: the id of a proof
)

// Kinds lists every event of this room.
func Kinds() []glosa.EventKind { return []glosa.EventKind{kAsked} }

// Asked is what notify waits for on the line.
const Asked = "voter.asked"
