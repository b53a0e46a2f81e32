package rights

import (
	"time"

	"glosa"
)

// Moved says that a request went on: which right, and where it stands. Who asked
// and what about lies in the box alone.
type Moved struct {
	Kind  glosa.Code `json:"kind"`
	State glosa.Code `json:"state"`
}

var moved = glosa.EventKind{Name: "rights.moved", Body: Moved{}}

// Late says in public that the answer to one of an edition's requests did not come
// in time: which right, and when it was due. Not which request: its folio is the
// person's.
type Late struct {
	Kind glosa.Code `json:"kind"`
	Due  time.Time  `json:"due"`
}

var late = glosa.EventKind{Name: "rights.late", Public: true, Body: Late{}}

// Kinds lists what this room tells: each step in private, and what is late.
func Kinds() []glosa.EventKind { return []glosa.EventKind{moved, late} }

// MovedOn is the event that notify waits for on the line.
const MovedOn = "rights.moved"
