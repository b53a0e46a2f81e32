package question

import (
	"glosa"
	"glosa/db"
)

// Wording is a question's words as they stand in public, for later rooms.
type Wording struct {
	Text     string
	Language glosa.Code
	Answered bool // in writing, or in the room
}

// Wordings reads the public words of some questions of an edition; those that
// have none are missing.
func Wordings(tx *db.Tx, ed glosa.EditionID, ids []glosa.QuestionID) (map[glosa.QuestionID]Wording, error) {
	out := make(map[glosa.QuestionID]Wording, len(ids))
	for _, id := range ids {
		r, err := load(tx, id)
		if glosa.KindOf(err) == glosa.NotFound && err != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		if r.edition != ed || r.erased || !r.state.TextIsPublic() {
			continue
		}
		all, err := selectWords(tx, id)
		if err != nil {
			return nil, err
		}
		if o := objectOf(present(all, r.version).object); o.Text != "" {
			out[id] = Wording{Text: o.Text, Language: r.lang, Answered: r.video > 0 || r.answer > 0}
		}
	}
	return out, nil
}
