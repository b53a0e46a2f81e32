package question

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"glosa"
)

// Answer is what an institution says in writing. It is an official text: public
// when signed, in the record by its digest.
type Answer struct {
	Kind     glosa.Code `json:"kind"`               // Said, Cannot or Elsewhere
	Short    string     `json:"short"`              // what people read first
	Detail   string     `json:"detail,omitempty"`   // everything else
	Basis    string     `json:"basis,omitempty"`    // the rule, when it cannot be answered or belongs elsewhere
	Place    string     `json:"place,omitempty"`    // who can answer, when it belongs elsewhere
	Next     string     `json:"next,omitempty"`     // a date promised: "2027-03-01"
	Evidence []Evidence `json:"evidence,omitempty"` // what shows it
}

// Evidence is a link or a file by its digest.
type Evidence struct {
	Title string       `json:"title"`
	URL   string       `json:"url,omitempty"`
	File  glosa.FileID `json:"file,omitempty"`
}

// Kinds of answer.
const (
	Said      glosa.Code = "answer"
	Cannot    glosa.Code = "cannot"   // cannot be answered, with its legal basis
	Elsewhere glosa.Code = "transfer" // not of this government's competence, with who can answer
)

// Version is an answer with who said it and when.
type Version struct {
	Answer
	Number      int
	State       AnswerState
	Institution glosa.InstitutionKey
	DraftedBy   glosa.Code // private to desks
	DraftedAt   time.Time
	Post        glosa.PostKey // who signed
	SignedAt    time.Time
	Digest      glosa.Hash
	Reason      string   // why it was corrected, from version 2
	Absence     *Absence // when a substitute signed
	absence     Absence
	object      string
	human       glosa.HumanID
}

// Absence is the document by which a substitute signs while the holder of the
// post is away: an official text, and its digest as the delegation's leaf has it.
type Absence struct {
	Title    string     `json:"title"`    // "Oficio SESA/123/2026"
	Document glosa.Hash `json:"document"` // its digest
}

// digest is that of the document; zero when the holder signed in person.
func (a *Absence) digest() (h glosa.Hash) {
	if a != nil {
		h = a.Document
	}
	return h
}

// AnswerState is where an answer stands.
type AnswerState string

// A signature publishes at once, so "signed" and "published" are one state; a
// version that a later one replaced is corrected.
const (
	Drafted   AnswerState = "draft"
	InReview  AnswerState = "in_review"
	Published AnswerState = "published"
	Corrected AnswerState = "corrected"
)

const (
	MaxShort    = 600 // letters of a short answer; pages count down from it
	maxDetail   = 20_000
	maxEvidence = 30
	maxTitle    = 300
)

// tidy trims every text.
func (a Answer) tidy() Answer {
	a.Short, a.Detail, a.Basis, a.Place = tidyText(a.Short), tidyText(a.Detail), tidyText(a.Basis), tidyText(a.Place)
	a.Evidence = slices.Clone(a.Evidence)
	for i := range a.Evidence {
		e := &a.Evidence[i]
		e.Title, e.URL = tidyText(e.Title), strings.TrimSpace(e.URL)
		if e.Title == "" {
			e.Title = e.URL
		}
	}
	return a
}

// check lists what is wrong with an answer, all fields at once. letters is the
// protocol's limit of the detail; 0 is the house's own.
func (a Answer) check(letters int) (wrong []glosa.Field) {
	add := func(name, key string) { wrong = append(wrong, glosa.Field{Name: name, Key: key}) }
	if letters == 0 {
		letters = maxDetail
	}
	switch {
	case a.Short == "":
		add("short", "li.short")
	case utf8.RuneCountInString(a.Short) > MaxShort:
		add("short", "li.long")
	}
	if utf8.RuneCountInString(a.Detail) > letters {
		add("detail", "li.long")
	}
	for _, f := range []struct{ name, text string }{{"short", a.Short}, {"detail", a.Detail}, {"basis", a.Basis}, {"place", a.Place}} {
		if !clean(f.text, true) {
			add(f.name, "a.chars")
		}
	}
	if a.Kind != Said && a.Kind != Cannot && a.Kind != Elsewhere {
		add("kind", "li.kind")
	}
	if a.Kind != Said && a.Basis == "" || utf8.RuneCountInString(a.Basis) > maxReason {
		add("basis", "li.basis")
	}
	if a.Kind == Elsewhere && a.Place == "" || utf8.RuneCountInString(a.Place) > maxReason {
		add("place", "li.place")
	}
	if a.Next != "" {
		if t, err := time.Parse(time.DateOnly, a.Next); err != nil || t.Format(time.DateOnly) != a.Next {
			add("next", "li.date")
		}
	}
	if len(a.Evidence) > maxEvidence || slices.ContainsFunc(a.Evidence, func(e Evidence) bool { return !e.ok() }) {
		add("evidence", "li.evidence")
	}
	return wrong
}

func (e Evidence) ok() bool {
	if e.Title == "" || utf8.RuneCountInString(e.Title) > maxTitle || !clean(e.Title, false) || !clean(e.URL, false) {
		return false
	}
	if e.URL != "" {
		u, err := url.Parse(e.URL)
		return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(e.URL) <= 2000 && e.File == ""
	}
	return len(e.File) == 64 && strings.Trim(string(e.File), "0123456789abcdef") == ""
}

// Digest is what the record holds of a signed answer: SHA-256 of the canonical
// JSON of the answer with its folio, version, institution and post.
func (v Version) digest(id glosa.QuestionID) (glosa.Hash, error) {
	js, err := glosa.JCS(v.Signed(id))
	return glosa.Digest(js), err
}

// Signed is the version as it is hashed and published.
func (v Version) Signed(id glosa.QuestionID) Signed {
	return Signed{ID: id, Version: v.Number, Institution: v.Institution, Post: v.Post, Absence: v.Absence, Answer: v.Answer}
}

// Signed is an answer as it is hashed: what pages and the API publish, so that
// anybody can compute the digest again.
type Signed struct {
	ID          glosa.QuestionID     `json:"id"`
	Version     int                  `json:"version"`
	Institution glosa.InstitutionKey `json:"institution"`
	Post        glosa.PostKey        `json:"post"`
	Absence     *Absence             `json:"absence,omitempty"` // when a substitute signed for who holds the post
	Answer
}

// Draft keeps a draft of the answer; only the institution and its signatories see it.
// Errors: Invalid naming the fields; Denied; NotFound; Conflict when it waits
// for a signature or nothing is owed.
func (d *Desk) Draft(ctx context.Context, by glosa.Actor, id glosa.QuestionID, a Answer) error {
	if err := by.May(actDraft); err != nil {
		return err
	}
	return d.on(ctx, by, actDraft, id, func(t *turn) error { return t.draft(a.tidy()) })
}

func (t *turn) draft(a Answer) error {
	if err := t.owes(); err != nil {
		return err
	}
	if !t.row.state.Can(vAnswer) {
		_, err := t.row.state.next(vAnswer)
		return err
	}
	if wrong := a.check(protocol(t.ed).Limits.AnswerLetters); len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	js, err := glosa.JCS(a)
	if err != nil {
		return err
	}
	v := Version{Number: t.row.answer + 1, State: Drafted, Institution: t.row.institution,
		DraftedBy: glosa.Code(t.by.By()), Answer: a, object: string(js)}
	kept, err := keepDraft(t.tx, t.row.id, v)
	if err == nil && !kept {
		return glosa.Refuse(glosa.Conflict, "li.signing")
	}
	return err
}

// SendToSign puts the draft before whoever holds the post.
// Errors: Denied; NotFound; Conflict.
func (d *Desk) SendToSign(ctx context.Context, by glosa.Actor, id glosa.QuestionID) error {
	return d.on(ctx, by, actDraft, id, (*turn).send)
}

func (t *turn) send() error {
	if err := t.owes(); err != nil {
		return err
	}
	return t.turnDraft(Drafted, InReview)
}

func (t *turn) turnDraft(from, to AnswerState) error {
	n, err := moveDraft(t.tx, t.row.id, t.row.answer+1, from, to)
	if err == nil && n == 0 {
		return glosa.Refuse(glosa.Conflict, "li.nodraft")
	}
	return err
}

// Return gives the draft back with a note that only the institution sees.
// Errors: Invalid; Denied; NotFound; Conflict.
func (d *Desk) Return(ctx context.Context, by glosa.Actor, id glosa.QuestionID, note string) error {
	if err := by.May(actAnswer); err != nil {
		return err
	}
	note = tidyText(note)
	if note == "" || !clean(note, true) || utf8.RuneCountInString(note) > maxReason {
		return glosa.WrongField("note", "li.reason")
	}
	return d.on(ctx, by, actAnswer, id, func(t *turn) error {
		if err := t.signs(actAnswer); err != nil {
			return err
		}
		if err := t.turnDraft(InReview, Drafted); err != nil {
			return err
		}
		return insertNote(t.tx, id, Note{Kind: noteReturn, Post: t.by.Post, Words: note})
	})
}

// Hash is the SHA-256 of what an answer says, in canonical JSON: whoever signs
// hands in that of the draft that they have read.
func (a Answer) Hash() (glosa.Hash, error) {
	js, err := glosa.JCS(a)
	return glosa.Digest(js), err
}

// Sign signs and publishes the answer that waits, if it still says what the
// signer has read ([Answer.Hash]). The signer holds the post today, or a
// delegation that covers it; the record names the post.
// Errors: Denied; NotFound; Conflict, also when the draft changed meanwhile.
func (d *Desk) Sign(ctx context.Context, by glosa.Actor, id glosa.QuestionID, read glosa.Hash) error {
	return d.on(ctx, by, actAnswer, id, func(t *turn) error { return t.sign(read) })
}

func (t *turn) sign(read glosa.Hash) error {
	if err := t.signs(actAnswer); err != nil {
		return err
	}
	v, err := selectAnswer(t.tx, t.row.id, t.row.answer+1)
	if err != nil {
		return err
	}
	if v.State != InReview {
		return glosa.Refuse(glosa.Conflict, "li.nodraft")
	}
	if now, err := v.Hash(); err != nil || now != read {
		return orChanged(err)
	}
	verb := vAnswer
	if v.Kind == Elsewhere && t.row.state.Can(vTransfer) {
		verb = vTransfer
	}
	if err := t.move(verb); err != nil {
		return err
	}
	if err := t.publish(&v); err != nil {
		return err
	}
	t.row.answered, t.row.next = t.tx.Now, noTime
	body := answeredBody{Digest: v.Digest, Kind: v.Kind, Post: v.Post, Absence: v.Absence.digest(), Version: v.Number}
	return t.leave(kAnswered, body, Step{Word: v.Kind, Number: v.Number})
}

// orChanged is the refusal to sign other words than those that were read.
func orChanged(err error) error {
	if err != nil {
		return err
	}
	return glosa.Refuse(glosa.Conflict, "li.changed")
}

// publish signs a version under the actor's post.
func (t *turn) publish(v *Version) (err error) {
	v.Institution, v.Post, v.human, v.Absence = t.row.institution, t.by.Post, t.by.Human, t.absence
	if v.Digest, err = v.digest(t.row.id); err != nil {
		return err
	}
	t.row.answer = v.Number
	v.State, v.SignedAt = Published, t.tx.Now
	return signAnswer(t.tx, t.row.id, *v)
}

// Correct replaces a published answer by a new version, with a public reason.
// The earlier one stays readable. The asker may rate anew.
// Errors: Invalid; Denied; NotFound; Conflict.
func (d *Desk) Correct(ctx context.Context, by glosa.Actor, id glosa.QuestionID, a Answer, reason string) error {
	if err := by.May(actAnswer); err != nil {
		return err
	}
	a, reason = a.tidy(), tidyText(reason)
	return d.on(ctx, by, actAnswer, id, func(t *turn) error {
		wrong := a.check(protocol(t.ed).Limits.AnswerLetters)
		if reason == "" || !clean(reason, true) || utf8.RuneCountInString(reason) > maxReason {
			wrong = append(wrong, glosa.Field{Name: "reason", Key: "li.reason"})
		}
		if len(wrong) > 0 {
			return glosa.Wrong(wrong...)
		}
		if err := t.signs(actAnswer); err != nil {
			return err
		}
		if t.row.answer == 0 {
			return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(t.row.state), "verb", "correct")
		}
		if err := t.move(vCorrect); err != nil {
			return err
		}
		js, err := glosa.JCS(a)
		if err != nil {
			return err
		}
		if _, err := moveDraft(t.tx, id, t.row.answer, Published, Corrected); err != nil {
			return err
		}
		v := Version{Number: t.row.answer + 1, State: Drafted, Institution: t.row.institution,
			DraftedBy: glosa.Code(t.by.By()), Answer: a, object: string(js)}
		if _, err := keepDraft(t.tx, id, v); err != nil {
			return err
		}
		if err := t.publish(&v); err != nil {
			return err
		}
		if err := insertNote(t.tx, id, Note{Kind: noteCorrection, Post: t.by.Post, Days: v.Number, Words: reason}); err != nil {
			return err
		}
		body := correctedBody{Digest: v.Digest, Post: v.Post, Absence: v.Absence.digest(), Reason: glosa.Digest([]byte(reason)), Version: v.Number}
		return t.leave(kCorrected, body, Step{Number: v.Number})
	})
}

// open reads the answer's fields from its JSON.
func (v *Version) open() error { return json.Unmarshal([]byte(v.object), &v.Answer) }

// Rate is the asker's word on the answer: Yes, Partly or No. Those whose
// question was merged rate the common answer, each with their own folio and key.
// Errors: Invalid; Conflict when there is no answer, or it was rated already.
func (d *Desk) Rate(ctx context.Context, by glosa.Actor, id glosa.QuestionID, proof Proof, word glosa.Code) error {
	if err := by.May(actRate); err != nil {
		return err
	}
	if word != Yes && word != Partly && word != No {
		return glosa.WrongField("word", "q.word")
	}
	return d.own(ctx, by, actRate, id, proof, func(t *turn) error {
		r, answer := t.row, t.row.answer
		if r.state == Merged {
			root, err := load(t.tx, r.root)
			if err != nil {
				return err
			}
			if !root.state.Can(vRate) && root.state != Finished {
				_, err := root.state.next(vRate)
				return err
			}
			answer = root.answer
		} else if err := t.move(vRate); err != nil {
			return err
		}
		if r.rating != "" && r.ratedAnswer == answer {
			return glosa.Refuse(glosa.Conflict, "q.rated", "version", strconv.Itoa(answer))
		}
		r.rating, r.ratedAnswer, r.rated = word, answer, t.tx.Now
		return t.leave(kRated, ratedBody{Version: answer, Word: word}, Step{Word: word, Number: answer})
	})
}

// The asker's words.
const (
	Yes    glosa.Code = "yes"
	Partly glosa.Code = "partly"
	No     glosa.Code = "no"
)
