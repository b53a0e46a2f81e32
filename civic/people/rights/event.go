package rights

import "glosa"

// Moved says that a request went on: which right, and where it stands. Who asked
// and what about lies in the box alone.
type Moved struct {
	Kind  glosa.Code `json:"kind"`
	State glosa.Code `json:"state"`
}

var moved = glosa.EventKind{Name: "rights.moved", Body: Moved{}}

// Kinds lists what this room tells: one private event.
func Kinds() []glosa.EventKind { return []glosa.EventKind{moved} }
