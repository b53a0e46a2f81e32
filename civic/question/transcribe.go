package question

import (
	"context"

	"glosa"
)

// kTranscribed says that an office wrote down what a question says, and
// kRetranscribed that one corrected it.
var (
	kTranscribed   = glosa.EventKind{Name: "question.transcribed", Public: true, Body: editedBody{}}
	kRetranscribed = glosa.EventKind{Name: "question.transcript_corrected", Public: true, Body: editedBody{}}
)

const (
	actTranscribe   glosa.Act = "question.transcribe"
	actRetranscribe glosa.Act = "question.correct_transcript"
)

// transcript is the kind of the words that an office wrote down.
const transcript glosa.Code = "transcript"

// Transcribe writes down what a question says that was asked by sound or in sign
// language alone: from then on it has words like every other, under a commitment
// of their own, and the record says which office wrote them. They are public when
// the question is, and may be corrected ([Desk.CorrectTranscript]).
// Errors: Invalid; Denied; NotFound; Conflict when it has words, or was erased.
func (d *Desk) Transcribe(ctx context.Context, by glosa.Actor, id glosa.QuestionID, said string) error {
	return d.writeDown(ctx, by, actTranscribe, kTranscribed, id, said)
}

// CorrectTranscript writes down anew what an office had written down: a moderator of
// the government's side or of the civil one hears or sees it again. The former words
// stay readable as the version that they are, and the record says that they were
// corrected. What the author mended, or two sides redacted, is no transcript any more.
// Errors: Invalid; Denied; NotFound; Conflict when the words are no transcript, say
// the same already, or were erased.
func (d *Desk) CorrectTranscript(ctx context.Context, by glosa.Actor, id glosa.QuestionID, said string) error {
	return d.writeDown(ctx, by, actRetranscribe, kRetranscribed, id, said)
}

func (d *Desk) writeDown(ctx context.Context, by glosa.Actor, act glosa.Act, kind glosa.EventKind, id glosa.QuestionID, said string) error {
	if err := by.May(act); err != nil {
		return err
	}
	a := Ask{Text: said, Municipality: "-"}.tidy()
	wrong := a.shape()
	was, object, err := d.present(ctx, id)
	if err != nil {
		return err
	}
	fits := object.Kind == transcript && object.Text != a.Text
	object.Text, object.Kind = a.Text, transcript
	text, err := d.text(kind, TextAsked, "", [16]byte{}, object)
	if err != nil {
		return err
	}
	return d.on(ctx, by, act, id, func(t *turn) error {
		if all := append(wrong, a.within(limitsOf(t.ed))...); len(all) > 0 {
			return glosa.Wrong(all...)
		}
		if act == actTranscribe {
			if fits, err = t.silent(); err != nil {
				return err
			}
		}
		if !fits || t.row.version != was || t.row.state.Counts() == InRefused || t.row.state == Withdrawn {
			return glosa.Refuse(glosa.Conflict, "ak.said")
		}
		version, err := t.keep(text)
		if err != nil {
			return err
		}
		if err := deleteUnwritten(t.tx, id); err != nil {
			return err
		}
		if act == actRetranscribe { // what was translated were other words
			if err := t.untranslated(); err != nil {
				return err
			}
		}
		return t.leave(kind, editedBody{Commit: text.commit, Version: version}, Step{Number: version})
	})
}

// written is nil when the question can be read. Conflict when it was asked by sound
// or in sign language and nobody wrote down what it says: nobody could read what
// would be published.
func (t *turn) written() error {
	silent, err := t.silent()
	if err == nil && silent {
		err = glosa.Refuse(glosa.Conflict, "ak.first")
	}
	return err
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
