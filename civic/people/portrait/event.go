package portrait

import "glosa"

// Drawn says that a board was drawn anew, and nothing of what it shows.
type Drawn struct{}

var drawn = glosa.EventKind{Name: "portrait.drawn", Body: Drawn{}}

// Kinds lists what this room tells: one private event a day, which no answer is part of.
func Kinds() []glosa.EventKind { return []glosa.EventKind{drawn} }
