package question

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// language is the edition's first: the one that its desks work in and that texts
// are translated into.
func language(e edition.Edition) glosa.Code {
	if p := protocol(e); len(p.Languages) > 0 {
		return glosa.Code(p.Languages[0])
	}
	return "es"
}

// translation is what the commitment of a translation commits to.
type translation struct {
	Context     string               `json:"context,omitempty"`
	Edition     glosa.EditionID      `json:"edition"`
	From        glosa.Code           `json:"from"`
	Institution glosa.InstitutionKey `json:"institution"`
	Kind        glosa.Code           `json:"kind"` // "translated"
	Language    glosa.Code           `json:"language"`
	Machine     bool                 `json:"machine"` // made by a program and read by the office; false: by a person
	Of          glosa.Hash           `json:"of"`      // the commitment of the words it translates
	Office      glosa.Code           `json:"office"`  // who answers for it, as the record names them
	Text        string               `json:"text"`
	V           int                  `json:"v"`
}

// Translated is a translation as pages show it, below the words as they were written.
type Translated struct {
	Text, Context string
	Language      glosa.Code
	Institution   glosa.InstitutionKey
	Office        glosa.Code
	Machine       bool
	Version       int
	At            time.Time
}

// translatedOf is the translation that stands among the texts of a question.
func translatedOf(all []words) *Translated {
	for _, w := range all {
		if w.kind != TextTranslated || w.replaced > 0 || w.object == nil {
			continue
		}
		var o translation
		if json.Unmarshal([]byte(*w.object), &o) == nil {
			return &Translated{Text: o.Text, Context: o.Context, Language: o.Language, Institution: o.Institution, Office: o.Office,
				Machine: o.Machine, Version: w.version, At: w.at}
		}
	}
	return nil
}

// waiting is the clock of a translation that is owed.
type waiting struct {
	from, due, next, late, done time.Time
}

// awaits tells whether a translation is owed now.
func (w waiting) awaits(s State, erased bool) bool {
	return !w.from.IsZero() && w.done.IsZero() && !erased && s != Refused && s != Withdrawn
}

// untranslated starts the clock of the translation anew, when words that need one
// come in or change. Each language but the edition's first needs one.
func (t *turn) untranslated() error {
	if t.row.lang == language(t.ed) {
		return nil
	}
	due := translateBy(t.ed, t.tx.Now).Due
	return startTranslation(t.tx, t.row.id, due)
}

// untranslatedAgain starts the clock of a translation that never came, when a
// refused question is looked at again.
func (t *turn) untranslatedAgain() error {
	w, err := selectTranslation(t.tx, t.row.id)
	if err != nil || w.from.IsZero() || !w.done.IsZero() {
		return err
	}
	return t.untranslated()
}

// translateBy is when a translation is due and how that was counted. A protocol
// that gives no term has no clock: the translation is awaited all the same.
func translateBy(e edition.Edition, from time.Time) edition.Sum {
	term := protocol(e).Moderation.Translate
	if term.N == 0 {
		return edition.Sum{}
	}
	return e.Deadline(from, term, nil, nil)
}

// Translate puts a translation into the edition's first language beside the words
// of a question, by an office that answers for it: machine says whether a program
// made it. Another one later is a correction and takes its place as a new version.
// It is public when the words are, and erased with them.
// Errors: Invalid; Denied; NotFound; Conflict when the words changed meanwhile.
func (d *Desk) Translate(ctx context.Context, by glosa.Actor, id glosa.QuestionID, version int, text, context string, machine bool) error {
	if err := by.May(actTranslate); err != nil {
		return err
	}
	if by.Institution == "" {
		return glosa.Refuse(glosa.Denied, "tr.office", "rule", "named office")
	}
	text, context = tidyText(text), tidyText(context)
	o, err := d.translation(ctx, id, version)
	if err != nil {
		return err
	}
	o.Text, o.Context, o.Machine, o.Institution, o.Office = text, context, machine, by.Institution, glosa.Code(by.By())
	f, err := d.further(TextTranslated, o.Language, [16]byte{}, o)
	if err != nil {
		return err
	}
	return d.on(ctx, by, actTranslate, id, func(t *turn) error {
		switch {
		case t.row.erased, t.row.state == Withdrawn, t.row.state == Refused:
			return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(t.row.state), "verb", "translate")
		case t.row.version != version:
			return glosa.Refuse(glosa.Conflict, "e.409")
		case t.row.lang == language(t.ed):
			return glosa.Refuse(glosa.Conflict, "tr.same")
		}
		if wrong := wordsOf(text, context, limitsOf(t.ed)); len(wrong) > 0 {
			return glosa.Wrong(wrong...)
		}
		if _, err := t.add(f); err != nil {
			return err
		}
		return endTranslation(t.tx, id)
	})
}

// longer is how many times the letters of a question its translation may have.
const longer = 3

// wordsOf lists what is wrong with a translation's words.
func wordsOf(text, context string, l limits) (wrong []glosa.Field) {
	a := Ask{Text: text, Context: context, Municipality: "-"}
	for _, f := range a.shape() {
		if f.Name == "text" || f.Name == "context" {
			wrong = append(wrong, f)
		}
	}
	l.text, l.context = l.text*longer, l.context*longer
	return append(wrong, a.within(l)...)
}

// translation begins the object: of which words, from which language.
func (d *Desk) translation(ctx context.Context, id glosa.QuestionID, version int) (o translation, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		ed, err := edition.Load(tx, r.edition)
		if err != nil {
			return err
		}
		all, err := selectWords(tx, id)
		o = translation{Edition: r.edition, From: r.lang, Kind: glosa.Code(TextTranslated), Language: language(ed),
			Of: present(all, version).commit, V: 1}
		return err
	})
	return o, err
}

// Task is one text before a translator: words and language, no place, no name.
type Task struct {
	ID       glosa.QuestionID
	Version  int // of the words
	Language glosa.Code
	Text     string
	Context  string
	Since    time.Time
	Due      time.Time   // zero where the protocol gives no term
	Late     time.Time   // since when it is overdue
	Now      *Translated // what stands; nil while it is awaited
	clock    edition.Sum
}

// Clock is the translation's clock with its sum; false when none runs.
func (t Task) Clock() (edition.Sum, bool) { return t.clock, t.Now == nil && !t.clock.Due.IsZero() }

// Untranslated is what translators have to do in an edition, the next due first.
// Errors: Denied.
func (d *Desk) Untranslated(ctx context.Context, by glosa.Actor, ed glosa.EditionID, limit int) (out []Task, err error) {
	if err := by.MayIn(actTranslate, ed); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		out, err = selectUntranslated(tx, ed, listLimit(limit))
		return err
	})
	return out, err
}

// ToTranslate is one text as a translator sees it. Errors: Denied; NotFound, also
// when its language is the edition's first.
func (d *Desk) ToTranslate(ctx context.Context, by glosa.Actor, id glosa.QuestionID) (t Task, err error) {
	if err := by.May(actTranslate); err != nil {
		return t, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err == nil {
			err = by.MayIn(actTranslate, r.edition)
		}
		if err != nil {
			return err
		}
		w, err := selectTranslation(tx, id)
		if err != nil {
			return err
		}
		all, err := selectWords(tx, id)
		if err != nil {
			return err
		}
		if w.from.IsZero() || r.erased || r.state == Refused || r.state == Withdrawn {
			return glosa.Missing("question", string(id))
		}
		ed, err := edition.Load(tx, r.edition)
		o := objectOf(present(all, r.version).object)
		t = Task{ID: id, Version: r.version, Language: r.lang, Text: o.Text, Context: o.Context, Since: w.from, Due: w.due, Late: w.late,
			Now: translatedOf(all), clock: translateBy(ed, w.from)}
		return err
	})
	return t, err
}

// translationDue says in public that a translation is late, once.
func translationDue(tx *db.Tx, by glosa.Actor, now time.Time, id glosa.QuestionID) error {
	t, err := turnOn(tx, by, id)
	if err != nil {
		return err
	}
	w, err := selectTranslation(tx, id)
	if err != nil || w.next.IsZero() || w.next.After(now) {
		return err
	}
	return t.lateTranslation(now, w)
}

func (t *turn) lateTranslation(now time.Time, w waiting) error {
	sum := translateBy(t.ed, w.from)
	switch {
	case !w.awaits(t.row.state, t.row.erased):
		return lookAgain(t.tx, t.row.id, sum.Due, noTime, noTime) // nobody needs it: an appeal that is granted starts it anew
	case sum.Standing:
		return lookAgain(t.tx, t.row.id, noTime, now.Add(standing), noTime)
	case sum.Due.After(now): // a suspension moved it
		return lookAgain(t.tx, t.row.id, sum.Due, sum.Due, noTime)
	}
	if err := lookAgain(t.tx, t.row.id, sum.Due, noTime, now); err != nil {
		return err
	}
	return t.leave(kTranslationLate, lateBody{Due: sum.Due.UTC()}, Step{Other: string(t.row.lang)})
}

// reads is nil when the actor can read the question: its language is the edition's
// first, or one they declared, or a translation stands. Conflict otherwise: nobody
// says no to a text in a language they do not read.
func (t *turn) reads() error {
	if t.row.lang == language(t.ed) {
		return nil
	}
	all, err := selectWords(t.tx, t.row.id)
	if err != nil || translatedOf(all) != nil {
		return err
	}
	langs, err := selectReads(t.tx, t.by.Human)
	if err != nil || slices.Contains(langs, t.row.lang) {
		return err
	}
	return glosa.Refuse(glosa.Conflict, "mo.unread", "language", string(t.row.lang))
}

// DeclareReads says which languages the actor reads, beside the edition's first. It
// is nobody's business but the desk's: a language can tell where somebody is from.
// Errors: Invalid for a language that the protocol does not list; Denied; NotFound.
func (d *Desk) DeclareReads(ctx context.Context, by glosa.Actor, ed glosa.EditionID, langs []glosa.Code) error {
	if err := by.MayIn(actReads, ed); err != nil {
		return err
	}
	if by.Human == "" {
		return glosa.Refuse(glosa.Denied, "e.403", "rule", string(actReads))
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		e, err := edition.Enter(tx, by, actReads, ed)
		if err != nil {
			return err
		}
		for _, l := range langs {
			if !oneOf(l, limitsOf(e).languages) {
				return glosa.WrongField("language", "a.language")
			}
		}
		if err := keepReads(tx, by.Human, slices.Compact(slices.Sorted(slices.Values(langs)))); err != nil {
			return err
		}
		return tx.Leave(kReads.Event(by, ed, string(ed), noBody{}))
	})
}

// Reads is what the actor declared. Errors: Denied.
func (d *Desk) Reads(ctx context.Context, by glosa.Actor, ed glosa.EditionID) (langs []glosa.Code, err error) {
	if err := by.MayIn(actReads, ed); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		langs, err = selectReads(tx, by.Human)
		return err
	})
	return langs, err
}

// readable adds to each item before a moderator what it needs to be read: its
// translation, or when that is due; and the redaction that is proposed.
func readable(tx *db.Tx, by glosa.Actor, ed glosa.EditionID, items []Item) error {
	e, err := edition.Load(tx, ed)
	if err != nil {
		return err
	}
	langs, err := selectReads(tx, by.Human)
	if err != nil {
		return err
	}
	open, err := openAccords(tx, ed)
	if err != nil {
		return err
	}
	for i := range items {
		x := &items[i]
		if x.Language != language(e) {
			if err := x.translated(tx, langs); err != nil {
				return err
			}
		}
		for _, a := range open {
			if a.kind == accordStrike && a.about == string(x.ID) {
				x.Proposed, x.Marks, x.Mine = a.id, a.spans(), a.first.side == by.Side
			}
		}
	}
	return nil
}

func (x *Item) translated(tx *db.Tx, langs []glosa.Code) error {
	all, err := selectWords(tx, x.ID)
	if err != nil {
		return err
	}
	if x.Translation = translatedOf(all); x.Translation != nil {
		return nil
	}
	x.Unread = !slices.Contains(langs, x.Language)
	w, err := selectTranslation(tx, x.ID)
	x.Translated = w.due
	return err
}
