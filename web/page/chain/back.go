package chain

import (
	"cmp"
	"strings"

	"glosa/civic/question"
	"glosa/web/door"
)

// Back is what somebody wanted to do when they were sent to show a door first: a word
// of a short list, or the folio of a question. It is never an address, so that nobody
// is led anywhere but to a page of this house.
type Back string

// Where one comes back to; a folio is the support of that question.
const (
	ToDraw      Back = "sorteo"  // the form of a volunteer
	ToOpinion   Back = "opinion" // the vote on statements
	ToQuestions Back = "preguntas"
)

// BackName is the parameter, and the field of a form, that holds it.
const BackName = "volver"

// BackOf is where a visit goes back to; "" for nowhere in particular, and for
// anything that is not of the list.
func BackOf(r *door.Request) Back {
	b := Back(cmp.Or(r.Value(BackName), r.Query(BackName)))
	if b.Path(r) == "" {
		return ""
	}
	return b
}

// On is an address with the word on it.
func (b Back) On(path string) string {
	if b == "" {
		return path
	}
	mark := "?"
	if strings.Contains(path, mark) {
		mark = "&"
	}
	return path + mark + BackName + "=" + string(b)
}

// Path is the page of a visit's edition that the word stands for; "" for none.
func (b Back) Path(r *door.Request) string {
	ed := r.Path("edition")
	switch b {
	case ToDraw:
		return r.To("/ediciones", ed, "sorteo", "apuntarme")
	case ToOpinion:
		return r.To("/ediciones", ed, "opinion", "votar")
	case ToQuestions:
		return r.To("/ediciones", ed, "preguntas")
	}
	if id, err := question.ParseFolio(string(b)); err == nil && string(id) == string(b) {
		return r.To("/preguntas", string(id), "apoyo")
	}
	return ""
}
