package question

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"glosa"
	"glosa/db"
)

// Mark stands in a redacted text where a third person's data stood. It has one
// length, whatever it hides.
const Mark = "▇▇▇"

// Span is one stretch that is struck out: Unicode characters From to To, without
// To, of the text or of its context, as they stand in the version before.
type Span struct {
	Field  glosa.Code `json:"field"` // "text" or "context"
	From   int        `json:"from"`
	Ground glosa.Code `json:"ground"`
	To     int        `json:"to"`
}

// StrikeGrounds lists what may be struck out of a text: data of a third person,
// and what tells who a victim or a minor is. Nothing else is.
func StrikeGrounds() []glosa.Code {
	return []glosa.Code{"name", "telephone", "address", "mail", "identity_number", "account", "health", "victim", "minor"}
}

// maxSpans is far more than a text of 300 letters can need.
const maxSpans = 40

// redacted is what the commitment of a redacted text commits to.
type redacted struct {
	Object
	Of     glosa.Hash `json:"of"` // the commitment of the words before
	Struck []Span     `json:"struck"`
}

// StruckOf reads the spans out of the object of a redacted text.
func StruckOf(js []byte) []Span {
	var o redacted
	if json.Unmarshal(js, &o) != nil {
		return nil
	}
	return o.Struck
}

// SpansOf finds words as they stand in a text or its context: each place where
// they begin and end with a word is one span. None when they are not there.
func SpansOf(text, context, words string, ground glosa.Code) (out []Span) {
	want := []rune(strings.TrimSpace(words))
	if len(want) == 0 {
		return nil
	}
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) }
	for _, f := range []struct {
		field glosa.Code
		text  []rune
	}{{"text", []rune(text)}, {"context", []rune(context)}} {
		for i := 0; i+len(want) <= len(f.text); i++ {
			end := i + len(want)
			switch {
			case !slices.Equal(f.text[i:end], want):
			case i > 0 && inWord(f.text[i-1]) && inWord(want[0]):
			case end < len(f.text) && inWord(f.text[end]) && inWord(want[len(want)-1]):
			default:
				out = append(out, Span{Field: f.field, From: i, To: end, Ground: ground})
				i = end - 1
			}
		}
	}
	return out
}

// fits says what is wrong with spans of a text: Invalid, field "spans".
func fits(spans []Span, o Object) error {
	wrong := glosa.WrongField("spans", "re.spans")
	if len(spans) == 0 || len(spans) > maxSpans {
		return wrong
	}
	size := map[glosa.Code]int{"text": utf8.RuneCountInString(o.Text), "context": utf8.RuneCountInString(o.Context)}
	for i, s := range spans {
		switch {
		case !slices.Contains(StrikeGrounds(), s.Ground):
			return glosa.WrongField("ground", "re.ground")
		case s.From < 0 || s.To <= s.From || s.To > size[s.Field]:
			return wrong
		case i > 0 && spans[i-1].Field == s.Field && s.From < spans[i-1].To:
			return wrong
		}
	}
	if left := strings.ReplaceAll(strike(o.Text, "text", spans), Mark, ""); !strings.ContainsFunc(left, unicode.IsLetter) {
		return glosa.WrongField("spans", "re.all") // to strike a whole question out is to refuse it
	}
	return nil
}

// sorted puts spans in the order of the text, context last.
func sorted(spans []Span) []Span {
	out := slices.Clone(spans)
	slices.SortFunc(out, func(a, b Span) int {
		if c := strings.Compare(string(b.Field), string(a.Field)); c != 0 {
			return c
		}
		return a.From - b.From
	})
	return out
}

// strike puts the mark in the place of each span of a field. Spans are sorted.
func strike(text string, field glosa.Code, spans []Span) string {
	rs, out, at := []rune(text), strings.Builder{}, 0
	for _, s := range spans {
		if s.Field == field {
			out.WriteString(string(rs[at:s.From]) + Mark)
			at = s.To
		}
	}
	out.WriteString(string(rs[at:]))
	return out.String()
}

// mayStrike tells whether a text can be redacted: it waits, or is public.
func (r *row) mayStrike() error {
	switch {
	case r.erased:
		return glosa.Refuse(glosa.Conflict, "q.erased")
	case r.state.Counts() != InWaiting && !r.state.TextIsPublic():
		return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(r.state), "verb", "redact")
	}
	return nil
}

// ProposeStrike proposes what is to be struck out of a question's present words,
// on which ground. The second person, of the other side, sees it and confirms it
// whole ([Desk.Strike]) or drops it. Refused until the keys of both sides are
// enrolled: the original must have a place to go.
// Errors: Invalid; Denied; NotFound; Conflict.
func (d *Desk) ProposeStrike(ctx context.Context, by glosa.Actor, id glosa.QuestionID, version int, spans []Span) error {
	return d.on(ctx, by, actRedact, id, func(t *turn) error {
		if err := t.row.mayStrike(); err != nil {
			return err
		}
		if err := t.reads(); err != nil {
			return err
		}
		if t.row.version != version {
			return glosa.Refuse(glosa.Conflict, "e.409") // edited since it was read
		}
		if _, err := sealKeys(t.tx, t.row.edition); err != nil {
			return err
		}
		all, err := selectWords(t.tx, t.row.id)
		if err != nil {
			return err
		}
		spans = sorted(spans)
		if err := fits(spans, objectOf(present(all, version).object)); err != nil {
			return err
		}
		js, err := glosa.JCS(strikeBody{Spans: spans, Version: version})
		if err != nil {
			return err
		}
		if err := proposed(t.tx, t.ed, by, actRedact, accord{kind: accordStrike, about: string(id), body: string(js)}); err != nil {
			return err
		}
		return t.tx.Leave(kStrikeProposed.Event(by, t.row.edition, string(id), noBody{}))
	})
}

// strikeBody is what an accord on a redaction holds: positions, never words.
type strikeBody struct {
	Spans   []Span `json:"spans"`
	Version int    `json:"version"`
}

// spans reads the positions that an accord on a redaction holds.
func (a accord) spans() []Span {
	var body strikeBody
	_ = json.Unmarshal([]byte(a.body), &body) // we wrote it
	return body.Spans
}

func present(all []words, version int) (w words) {
	for _, x := range all {
		if x.version == version {
			w = x
		}
	}
	return w
}

// struck is a redaction before its act: everything drawn, hashed, promised and
// closed up.
type struck struct {
	accord string
	spans  []Span
	of     words // the present words
	last   int   // the last version that was read: another means that something came between
	sealed []int // the versions whose words go into the bundle
	text   further
	bundle []byte
	keys   map[glosa.Side]SealKey
}

// Strike is the second person's word for a redaction, as it was proposed. Then the
// words stand with marks, under a commitment of their own, and what was struck
// out goes out of the database: the former words, their translations and the salts
// are sealed to the keys of both sides, and their commitments stay sealed.
// Errors: Invalid; Denied; NotFound; Conflict when the question or a key changed.
func (d *Desk) Strike(ctx context.Context, by glosa.Actor, id glosa.QuestionID) error {
	if err := by.May(actRedact); err != nil {
		return err
	}
	p, err := d.struck(ctx, id)
	if err != nil {
		return err
	}
	return d.on(ctx, by, actRedact, id, func(t *turn) error {
		if err := t.row.mayStrike(); err != nil {
			return err
		}
		if err := t.reads(); err != nil {
			return err
		}
		a, open, err := openAccord(t.tx, t.row.edition, accordStrike, string(id))
		if err != nil {
			return err
		}
		last, err := lastVersion(t.tx, id)
		if err != nil {
			return err
		}
		keys, err := sealKeys(t.tx, t.row.edition)
		if err != nil {
			return err
		}
		if !open || a.id != p.accord || last != p.last || t.row.version != p.of.version ||
			keys[glosa.Civil] != p.keys[glosa.Civil] || keys[glosa.Government] != p.keys[glosa.Government] {
			return glosa.Refuse(glosa.Conflict, "e.409")
		}
		posts, err := confirmed(t.tx, t.ed, by, actRedact, a)
		if err != nil {
			return err
		}
		return t.strike(p, posts)
	})
}

// struck prepares the redaction that is proposed. Conflict when none is.
func (d *Desk) struck(ctx context.Context, id glosa.QuestionID) (p struck, err error) {
	var r row
	var texts []SealedText
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p, texts = struck{}, nil
		if r, err = load(tx, id); err != nil {
			return err
		}
		a, open, err := openAccord(tx, r.edition, accordStrike, string(id))
		if err == nil && !open {
			err = glosa.Refuse(glosa.Conflict, "re.none")
		}
		if err != nil {
			return err
		}
		if p.keys, err = sealKeys(tx, r.edition); err != nil {
			return err
		}
		var body strikeBody
		if err := json.Unmarshal([]byte(a.body), &body); err != nil {
			return err
		}
		all, err := selectWords(tx, id)
		if err != nil {
			return err
		}
		p.accord, p.spans, p.of = a.id, body.Spans, present(all, body.Version)
		for _, w := range all {
			p.last = w.version
			if w.kind != TextAttachment && w.object != nil {
				p.sealed = append(p.sealed, w.version)
				texts = append(texts, SealedText{Commit: w.commit, Object: json.RawMessage(*w.object),
					Salt: w.salt(), Version: w.version})
			}
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	o := objectOf(p.of.object)
	if err := fits(p.spans, o); err != nil {
		return p, err
	}
	o.Kind, o.Text, o.Context = glosa.Code(TextRedacted), strike(o.Text, "text", p.spans), strike(o.Context, "context", p.spans)
	if p.text, err = d.text(kRedacted, TextRedacted, "", [16]byte{}, redacted{Object: o, Of: p.of.commit, Struck: p.spans}); err != nil {
		return p, err
	}
	p.bundle, err = seal(r.edition, id, texts, p.keys)
	return p, err
}

// strike writes a redaction both sides agreed on.
func (t *turn) strike(p struck, posts []glosa.Code) error {
	version, err := t.keep(p.text)
	if err != nil {
		return err
	}
	for _, v := range p.sealed {
		if err := sealWords(t.tx, t.row.id, v, version); err != nil {
			return err
		}
	}
	digest := glosa.Digest(p.bundle)
	if err := insertSealed(t.tx, t.row.id, version, p.bundle, digest); err != nil {
		return err
	}
	if err := t.untranslated(); err != nil {
		return err
	}
	if err := t.forgetElsewhere(); err != nil {
		return err
	}
	if err := t.dropQuotes(); err != nil {
		return err
	}
	body := redactedBody{Commit: p.text.commit, Version: version, Of: p.of.commit, Spans: p.spans, Sealed: p.sealed, Bundle: digest,
		Keys:  []glosa.Hash{p.keys[glosa.Government].Digest(), p.keys[glosa.Civil].Digest()},
		Posts: posts}
	return t.leave(kRedacted, body, Step{Word: p.spans[0].Ground, Number: len(p.spans)})
}

// dropQuotes drops what an institution wrote and has not signed, since it may quote
// what was struck out, and leaves it a note without words: a draft went, and why.
func (t *turn) dropQuotes() error {
	n, err := dropUnsigned(t.tx, t.row.root)
	if err != nil || n == 0 {
		return err
	}
	return insertNote(t.tx, t.row.root, Note{Kind: noteReturn})
}
