package question

import (
	"context"

	"glosa"
)

// kTranscribed says that an office wrote down what a question says.
var kTranscribed = glosa.EventKind{Name: "question.transcribed", Public: true, Body: editedBody{}}

const actTranscribe glosa.Act = "question.transcribe"

// Transcribe writes down what a question says that was asked by sound or in sign
// language alone: from then on it has words like every other, under a commitment
// of their own, and the record says which office wrote them. They are public when
// the question is. Who corrects a transcript is its author, who may ask anew.
// Errors: Invalid; Denied; NotFound; Conflict when it has words, or was erased.
func (d *Desk) Transcribe(ctx context.Context, by glosa.Actor, id glosa.QuestionID, said string) error {
	if err := by.May(actTranscribe); err != nil {
		return err
	}
	a := Ask{Text: said, Municipality: "-"}.tidy()
	wrong := a.shape()
	was, object, err := d.present(ctx, id)
	if err != nil {
		return err
	}
	object.Text, object.Kind = a.Text, "transcript"
	text, err := d.text(kTranscribed, TextAsked, "", [16]byte{}, object)
	if err != nil {
		return err
	}
	return d.on(ctx, by, actTranscribe, id, func(t *turn) error {
		if all := append(wrong, a.within(limitsOf(t.ed))...); len(all) > 0 {
			return glosa.Wrong(all...)
		}
		silent, err := t.silent()
		if err != nil {
			return err
		}
		if !silent || t.row.version != was || t.row.state.Counts() == InRefused || t.row.state == Withdrawn {
			return glosa.Refuse(glosa.Conflict, "ak.said")
		}
		version, err := t.keep(text)
		if err != nil {
			return err
		}
		return t.leave(kTranscribed, editedBody{Commit: text.commit, Version: version}, Step{Number: version})
	})
}

// silent tells whether the question has no words yet.
func (t *turn) silent() (bool, error) {
	all, err := selectWords(t.tx, t.row.id)
	for _, w := range all {
		if w.version == t.row.version {
			return w.object != nil && objectOf(w.object).Text == "", err
		}
	}
	return false, err
}
