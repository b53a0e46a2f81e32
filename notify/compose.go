package notify

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/people/notice"
	"glosa/civic/question"
	"glosa/db"
)

// Say is the words of a key in a language, with names filled in: wired from
// web/text, where every word that people read stands.
type Say func(lang, key string, args ...string) string

// Voice is how mails of this house speak.
type Voice struct {
	Say        Say
	Day        func(lang string, t time.Time) string
	URL        string // "https://glosa.example": before every path
	Place      string // "Quintana Roo"
	Demo       bool   // everything is marked as made up
	Checkpoint func() (size int64, root string)
}

// Letter is a mail in words, ready to be sent.
type Letter struct {
	To      people.Private
	Subject string
	Body    string
	Stop    string // the address that ends it: RFC 8058 in headers, and at the foot

	Unwritten bool // something of ours stood in the way: it is tried again
}

// said is one thing as a mail tells it.
type said struct{ subject, body string }

// writer puts letters together for one set of mails: what many mails tell is read once.
type writer struct {
	d     *Desk
	v     Voice
	pages map[glosa.QuestionID]*question.Page
	marks map[glosa.EditionID]bool
	known map[string]said
}

func (d *Desk) writer(v Voice) *writer {
	return &writer{d: d, v: v, pages: map[glosa.QuestionID]*question.Page{}, marks: map[glosa.EditionID]bool{}, known: map[string]said{}}
}

// letter writes one mail. NotFound when there is nobody to write to, or nothing
// left to say: words that were withdrawn are told to nobody.
func (w *writer) letter(tx *db.Tx, m Mail) (l Letter, err error) {
	switch m.Sort {
	case Right:
		return w.right(tx, m)
	case Proof:
		return w.proof(tx, m)
	}
	box, err := w.d.Notice.Reach(tx, m.Contact)
	if err != nil {
		return l, err
	}
	lang := string(box.Language)
	var all []said
	switch m.Sort {
	case Confirm:
		all, err = w.confirm(tx, lang, m)
	default:
		l.Stop = w.link(lang, "/avisos/baja", w.d.Notice.Key.Seal(notice.Leaving, string(m.Contact)))
		if m.Subscription != "" {
			l.Stop = w.link(lang, "/avisos/baja", w.d.Notice.Key.Seal(notice.Stopping, string(m.Subscription)))
		}
		all, err = w.told(tx, lang, m)
	}
	if err != nil {
		return l, err
	}
	if len(all) == 0 {
		return l, glosa.Missing("notice", "")
	}
	l.To = box.Address
	l.Subject, l.Body = w.join(lang, all), w.foot(lang, l.Stop, m.Sort == Confirm, all)
	return l, nil
}

// confirm is what a mail to confirm says.
func (w *writer) confirm(tx *db.Tx, lang string, m Mail) ([]said, error) {
	s, err := notice.SubscriptionOf(tx, m.Subscription)
	if err != nil {
		return nil, err
	}
	yes := w.link(lang, "/avisos/confirmar", w.d.Notice.Key.Seal(notice.Confirming, string(s.ID)))
	if s.Thing.Sort == notice.Question && s.Pace == notice.Each {
		first := w.v.Say(lang, "ml.in.b", "url", w.link(lang, "/preguntas", s.Thing.ID))
		return []said{{w.mark(lang, w.synthetic(tx, s.Thing), w.v.Say(lang, "ml.in.s", "folio", s.Thing.ID)), first + "\n\n" + w.v.Say(lang, "ml.yes.b", "url", yes)}}, nil
	}
	return []said{{w.mark(lang, w.synthetic(tx, s.Thing), w.v.Say(lang, "ml.yes.s")), w.v.Say(lang, "ml.yes.what", "thing", w.thing(lang, s.Thing)) + "\n\n" + w.v.Say(lang, "ml.yes.b", "url", yes)}}, nil
}

func (w *writer) thing(lang string, t notice.Thing) string {
	if t.Sort == notice.Theme {
		ed, theme := t.InTheme()
		return w.v.Say(lang, "ml.thing.theme", "edition", string(ed), "theme", w.v.Say(lang, "qt.theme."+string(theme)))
	}
	return w.v.Say(lang, "ml.thing."+string(t.Sort), "id", t.ID)
}

// synthetic tells whether a thing is of an edition that never happened.
func (w *writer) synthetic(tx *db.Tx, t notice.Thing) bool {
	switch t.Sort {
	case notice.Question:
		if p, err := w.page(tx, glosa.QuestionID(t.ID)); err == nil {
			return w.made(tx, p.Edition)
		}
	case notice.Edition:
		return w.made(tx, glosa.EditionID(t.ID))
	case notice.Theme:
		ed, _ := t.InTheme()
		return w.made(tx, ed)
	}
	return w.v.Demo
}

func (w *writer) made(tx *db.Tx, id glosa.EditionID) bool {
	if was, ok := w.marks[id]; ok {
		return was
	}
	ed, err := edition.Load(tx, id)
	w.marks[id] = w.v.Demo || err == nil && ed.Synthetic
	return w.marks[id]
}

// mark puts the word before what never happened.
func (w *writer) mark(lang string, synthetic bool, subject string) string {
	if synthetic || w.v.Demo {
		return w.v.Say(lang, "ml.synth") + " " + subject
	}
	return subject
}

func (w *writer) page(tx *db.Tx, id glosa.QuestionID) (question.Page, error) {
	if p := w.pages[id]; p != nil {
		return *p, nil
	}
	p, err := w.d.Question.PageIn(tx, id)
	if err == nil {
		w.pages[id] = &p
	}
	return p, err
}

// told is what a mail tells, oldest first.
func (w *writer) told(tx *db.Tx, lang string, m Mail) (all []said, err error) {
	notices, err := selectTold(tx, m.ID)
	for _, n := range notices {
		s, ok := w.known[lang+"/"+n.ID]
		if !ok {
			p, err := w.page(tx, n.Question)
			if err != nil {
				return nil, err
			}
			s = w.say(tx, lang, n, p)
			w.known[lang+"/"+n.ID] = s
		}
		if s.subject != "" {
			all = append(all, s)
		}
	}
	return all, err
}

// say is one notice in words; nothing when its question was taken back.
func (w *writer) say(tx *db.Tx, lang string, n Notice, p question.Page) said {
	if p.State == question.Withdrawn || p.Erased {
		return said{}
	}
	other := cmp.Or(proposedTo(n, p), p.Canonical)
	args := []string{"folio", string(n.Question), "url", w.link(lang, "/preguntas", string(n.Question)),
		"institution", w.institution(tx, lang, p.Institution), "other", string(other), "office", w.office(lang, p)}
	if !p.Due.IsZero() {
		args = append(args, "date", w.v.Day(lang, p.Due.In(w.d.zone(tx, n.Edition))))
	}
	if len(p.Answers) > 0 {
		args = append(args, "text", p.Answers[0].Short)
	}
	key := "ml." + string(n.Topic)
	return said{w.mark(lang, w.made(tx, n.Edition), w.v.Say(lang, key+".s", args...)), w.v.Say(lang, key+".b", args...)}
}

func (w *writer) institution(tx *db.Tx, lang string, key glosa.InstitutionKey) string {
	if key == "" {
		return w.v.Say(lang, "qt.holder.governor")
	}
	if i, err := people.Office(tx, key); err == nil {
		return i.Name
	}
	return string(key)
}

// office is who has to move now.
func (w *writer) office(lang string, p question.Page) string {
	switch p.Holder.Who {
	case "", "nobody", "institution":
		return string(p.Institution)
	}
	return w.v.Say(lang, "qt.holder."+string(p.Holder.Who), "institution", string(p.Institution))
}

// join is the subject of a mail: its one thing, or how many there are.
func (w *writer) join(lang string, all []said) string {
	if len(all) == 1 {
		return line(all[0].subject)
	}
	return line(w.mark(lang, false, w.v.Say(lang, "ml.day.s", "n", strconv.Itoa(len(all)))))
}

// foot is the body of a mail: what is told, and below it the record's newest
// checkpoint and the way out.
func (w *writer) foot(lang, stop string, confirming bool, all []said) string {
	var b strings.Builder
	if w.v.Demo {
		b.WriteString(w.v.Say(lang, "c.synth") + "\n\n")
	}
	for i, s := range all {
		if len(all) > 1 {
			b.WriteString(strconv.Itoa(i+1) + ". " + s.subject + "\n")
		}
		b.WriteString(s.body + "\n\n")
	}
	b.WriteString("-- \n" + w.v.Say(lang, "ml.from", "place", w.v.Place) + "\n")
	if size, root := w.v.Checkpoint(); size > 0 {
		b.WriteString(w.v.Say(lang, "ml.record", "n", strconv.FormatInt(size, 10), "root", root, "url", w.v.URL+"/record/checkpoint") + "\n")
	}
	if stop != "" {
		b.WriteString(w.v.Say(lang, "ml.stop") + ": " + stop + "\n")
	} else if confirming {
		b.WriteString(w.v.Say(lang, "ml.yes.not") + "\n")
	}
	return b.String()
}

// link is an address of the site.
func (w *writer) link(lang, path, last string) string {
	return w.v.URL + "/" + lang + path + "/" + last
}

// line makes one line of text that becomes a header.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 }), " ")
}

// letters writes a set of mails in one reading; those with nobody to write to, or
// nothing to say, come back without an address.
func (d *Desk) letters(ctx context.Context, v Voice, mails []Mail) (out []Letter, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		w := d.writer(v)
		out = make([]Letter, len(mails))
		for i, m := range mails {
			l, err := w.letter(tx, m)
			switch {
			case err == nil:
			case glosa.KindOf(err) == glosa.Busy:
				return err
			case glosa.KindOf(err) == glosa.NotFound:
				l = Letter{}
			default:
				d.log().Error("a mail could not be written", "mail", m.ID, "err", err)
				l = Letter{Unwritten: true}
			}
			out[i] = l
		}
		return nil
	})
	return out, err
}
