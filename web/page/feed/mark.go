package feed

import (
	"glosa"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/text"
)

// Marks tells what never happened. Everything that leaves the site asks it, so
// that an invented question under a real institution's name never travels
// without the word.
type Marks struct {
	demo     bool
	invented map[glosa.EditionID]bool
}

// MarksOf makes them of all editions; demo says that the whole house is a demonstration.
func MarksOf(demo bool, all []edition.Edition) Marks {
	m := Marks{demo: demo, invented: map[glosa.EditionID]bool{}}
	for _, e := range all {
		m.invented[e.ID] = e.Synthetic || demo && !e.Documented
	}
	return m
}

// Of tells whether what belongs to an edition was invented. What belongs to none,
// such as who holds a post, is invented in a demonstration and true elsewhere.
func (m Marks) Of(id glosa.EditionID) bool {
	if invented, known := m.invented[id]; known {
		return invented
	}
	return m.demo
}

// reference are the kinds of acts that belong to no edition and write down what
// sources say: they are true in a demonstration too.
var reference = map[string]bool{"people.loaded": true, "edition.dossier": true, "software.started": true}

// OfAct tells whether what a leaf of the record speaks of was invented.
func (m Marks) OfAct(kind string, id glosa.EditionID) bool {
	return m.Of(id) && !(id == "" && reference[kind])
}

// Word is the word that an invented thing carries in a cell or a note; "" otherwise.
func Word(w *text.Words, invented bool) string {
	if invented {
		return w.T("c.synth.word")
	}
	return ""
}

// Marked is a title with the word before it when the thing was invented.
func Marked(w *text.Words, invented bool, title string) string {
	if invented {
		return Word(w, true) + " · " + title
	}
	return title
}

// Fixed is a file whose bytes are fixed by their digest or by a form of others, a
// receipt or a protocol: only its name can say that it is of something invented.
func Fixed(name, kind string, invented bool, content []byte) *door.File {
	if invented {
		name = "SINTETICO-" + name
	}
	return &door.File{Name: name, Type: kind + "; charset=utf-8", Bytes: content}
}
