package question

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

// TextKind is what a commitment of a question commits to. Versions are counted
// over all kinds, one row and one leaf for each.
type TextKind glosa.Code

const (
	TextAsked      TextKind = "asked"      // the words, as asked or as edited by their author
	TextRedacted   TextKind = "redacted"   // the words with marks where a third person's data stood
	TextTranslated TextKind = "translated" // the words in another language, by an office
	TextAttachment TextKind = "attachment" // what a file that came with them is: digest, type, size
)

// Words tells whether a text of this kind are the question's own words, of which
// one version stands at a time.
func (k TextKind) Words() bool { return k == TextAsked || k == TextRedacted }

// replaces tells whether a new text of this kind takes the place of an older one:
// new words that of the old words and of every translation of them, a translation
// that of the one in the same language. An attachment takes nobody's place.
func (k TextKind) replaces(lang glosa.Code, old TextKind, oldLang glosa.Code) bool {
	switch k {
	case TextAsked, TextRedacted:
		return old != TextAttachment
	case TextTranslated:
		return old == TextTranslated && oldLang == lang
	}
	return false
}

// further is a text that joins a question beside the words it was asked in. It is
// made before the act ([Desk.further]) and written in it ([turn.add]).
type further struct {
	kind    TextKind
	lang    glosa.Code // of a translation
	object  string     // canonical JSON, as hashed
	server  [32]byte
	device  [16]byte // the device's part of the salt; zeros where no device had a say
	commit  glosa.Hash
	at      time.Time
	note    []byte // the promise that the commitment will be in the record
	mergeBy time.Time
}

// further makes a text that says so by question.text_added; see [Desk.text].
func (d *Desk) further(kind TextKind, lang glosa.Code, device [16]byte, object any) (further, error) {
	return d.text(kAdded, kind, lang, device, object)
}

// text hashes an object and promises that its commitment will be in the record by
// an event of the kind: all that needs no database. The object is a closed struct with a "kind" of its own; it is shown
// as it was hashed once the question's words are public, so nothing may stand in
// it that they would not show.
func (d *Desk) text(event glosa.EventKind, kind TextKind, lang glosa.Code, device [16]byte, object any) (f further, err error) {
	js, err := glosa.JCS(object)
	if err != nil {
		return f, err
	}
	f = further{kind: kind, lang: lang, object: string(js), server: seed(), device: device, at: d.DB.Clock().Now()}
	if f.commit, err = commitTo(f.server, device, f.object); err != nil {
		return f, err
	}
	f.note, f.mergeBy, err = d.Promise(glosa.Code(event.Name), f.commit, f.at)
	return f, err
}

// add joins a text to the question of the turn, and says so in the record. It is
// sealed while the words are, and opened and erased with them; those whose place
// it takes are never opened any more. New words become the question's version, and
// whoever adds them saves the row. Conflict when the words were erased.
func (t *turn) add(f further) (version int, err error) {
	if version, err = t.keep(f); err != nil {
		return 0, err
	}
	return version, t.leave(kAdded, addedBody{Commit: f.commit, Version: version, What: glosa.Code(f.kind), Language: f.lang},
		Step{Word: glosa.Code(f.kind), Other: string(f.lang), Number: version})
}

// keep is [turn.add] for acts with an event of their own.
func (t *turn) keep(f further) (version int, err error) {
	r := t.row
	if r.erased {
		return 0, glosa.Refuse(glosa.Conflict, "q.erased")
	}
	if version, err = lastVersion(t.tx, r.id); err != nil {
		return 0, err
	}
	version++
	w := words{question: r.id, version: version, kind: f.kind, lang: f.lang, commit: f.commit, server: f.server[:], device: f.device[:],
		object: &f.object, state: Sealed, at: f.at, promise: f.note}
	if r.state.TextIsPublic() {
		w.state = Opened
	}
	if err := t.replace(f.kind, f.lang, version); err != nil {
		return 0, err
	}
	if f.kind.Words() {
		r.version = version
	}
	if err := insertWords(t.tx, w); err != nil || w.state != Opened {
		return version, err
	}
	return version, reindex(t.tx, r)
}

// replace puts a new version in the place of those that stood until now.
func (t *turn) replace(kind TextKind, lang glosa.Code, version int) error {
	all, err := selectWords(t.tx, t.row.id)
	if err != nil {
		return err
	}
	for _, old := range all {
		if old.replaced == 0 && kind.replaces(lang, old.kind, old.lang) {
			if err := replaceWords(t.tx, old.question, old.version, version); err != nil {
				return err
			}
		}
	}
	return nil
}

// standingTexts is the fold's note of the texts that are opened together, one word
// "version/kind/language" for each.
const standingTexts = ".standing"

// adds is a commitment that a leaf makes: who reads the record knows from it what
// stands, and what will be open when the words are.
func (f fold) adds(version int, commit glosa.Hash, kind TextKind, lang glosa.Code) {
	n, state := itoa(version), Sealed
	if f.state().TextIsPublic() {
		state = Opened
	}
	f.say("text."+n, TextWord(commit, state))
	f.say(".of."+commit.String(), n)
	f.l.Text(commit, string(state))
	stand := []string{n + "/" + string(kind) + "/" + string(lang)}
	for _, old := range f.standing() {
		if !kind.replaces(lang, old.kind, old.lang) {
			stand = append(stand, itoa(old.version)+"/"+string(old.kind)+"/"+string(old.lang))
		}
	}
	f.say(standingTexts, strings.Join(stand, " "))
	if kind != TextAttachment {
		f.say("translation", "") // it came, or its clock began anew
	}
}

// standing reads what stands out of the fold's note.
func (f fold) standing() (all []words) {
	for _, w := range strings.Fields(f.word(standingTexts)) {
		part := strings.SplitN(w, "/", 3)
		n, err := strconv.Atoi(part[0])
		if err == nil && len(part) == 3 {
			all = append(all, words{version: n, kind: TextKind(part[1]), lang: glosa.Code(part[2])})
		}
	}
	return all
}

// open: what stands is public from now on.
func (f fold) open() {
	for _, w := range f.standing() {
		var h glosa.Hash
		what := "text." + itoa(w.version)
		commit, state, _ := strings.Cut(f.word(what), " ")
		if state == string(Sealed) && h.UnmarshalText([]byte(commit)) == nil {
			f.l.Text(h, string(Opened))
			f.say(what, TextWord(h, Opened))
		}
	}
}

// sortSeal is how lists of what is official name the keys of an edition's sides.
const sortSeal = "seal"

// closed adds what was sealed, and a translation that is late.
func (r *row) closed(tx *db.Tx, o *glosa.Sheet) error {
	all, err := selectSealed(tx, r.id)
	if err != nil {
		return err
	}
	for _, s := range all {
		o.Word("sealed."+itoa(s.version), s.digest.String())
	}
	w, err := selectTranslation(tx, r.id)
	if err == nil && !w.late.IsZero() && w.done.IsZero() {
		o.Word("translation", "late")
	}
	return err
}

// officialKeys hands out the present keys of the sides of every edition.
func (d *Desk) officialKeys(ctx context.Context, emit func(glosa.Official) error) error {
	var list []glosa.Official
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := selectAllSealKeys(tx)
		list = nil
		for _, k := range all {
			o := &glosa.Sheet{Of: sortSeal, ID: string(k.edition)}
			o.Word("key."+string(k.side), k.key.Digest().String())
			list = append(list, o.List...)
		}
		return err
	})
	for i := 0; i < len(list) && err == nil; i++ {
		err = emit(list[i])
	}
	return err
}

// closing: words are sealed to two keys, or late in another language.
func (f fold) closing(e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		Bundle  glosa.Hash `json:"bundle"`
		Commit  glosa.Hash `json:"commit"`
		Key     glosa.Hash `json:"key"`
		Sealed  []int      `json:"sealed"`
		Side    string     `json:"side"`
		Version int        `json:"version"`
	}](e)
	if err != nil {
		return err
	}
	switch e.Kind {
	case kTranslationLate.Name:
		f.say("translation", "late")
	case kKeyEnrolled.Name:
		f.l.Say(sortSeal, f.id, "key."+b.Side, b.Key.String())
	case kRedacted.Name:
		f.adds(b.Version, b.Commit, TextRedacted, "")
		f.say("sealed."+itoa(b.Version), b.Bundle.String())
		for _, n := range b.Sealed {
			var h glosa.Hash
			commit, _, _ := strings.Cut(f.word("text."+itoa(n)), " ")
			if h.UnmarshalText([]byte(commit)) == nil {
				f.l.Text(h, string(Sealed))
				f.say("text."+itoa(n), TextWord(h, Sealed))
			}
		}
	}
	return nil
}

// Words is the version of one's own words that stands; the zero text when there is none.
func (p Private) Words() (last PrivateText) {
	for _, t := range p.Texts {
		if t.Kind.Words() {
			last = t
		}
	}
	return last
}

// Edited tells whether the author mended the words.
func (p Page) Edited() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Kind == glosa.Code(kEdited.Name) })
}
