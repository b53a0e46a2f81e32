package question

import (
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	civic "glosa/civic/question"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

// Speaker says things about the questions of one edition, in one language, as of one instant.
type Speaker struct {
	Words     *text.Words
	Edition   edition.Edition
	Directory people.Directory
	Names     who.Names
	Now       time.Time
}

// Standing is the state of a question: a shape and one sentence.
func (s Speaker) Standing(b civic.Brief) (leaf.Shape, string) {
	w := s.Words
	if b.Erased {
		return leaf.Barred, w.T("q.erased")
	}
	switch b.State {
	case civic.Received:
		return leaf.Going, w.T("q.review")
	case civic.Second:
		return leaf.Going, w.T("qt.second")
	case civic.NeedsEdit:
		return leaf.Paused, w.T("qt.needs_edit")
	case civic.Held:
		return leaf.Paused, w.T("qt.held")
	case civic.Appealed:
		return leaf.Going, w.T("qt.appealed")
	case civic.Refused:
		return leaf.Barred, w.T("q.no", "reason", s.Ground(b.Ground))
	case civic.Merged:
		return leaf.Joined, w.T("q.join", "n", string(b.Canonical))
	case civic.Withdrawn:
		return leaf.Barred, w.T("qt.withdrawn")
	case civic.Transferred:
		return leaf.Sent, w.T("qt.transferred")
	}
	return s.owed(b)
}

// owed is Standing for a question that is admitted.
func (s Speaker) owed(b civic.Brief) (leaf.Shape, string) {
	w := s.Words
	switch b.State {
	case civic.Routed:
		switch {
		case b.Holder.Who == "session":
			return leaf.Going, w.T("qt.session")
		case b.Institution == "":
			return leaf.Going, w.T("qt.unassigned")
		}
		return leaf.Going, w.T("q.wait", "institution", string(b.Institution))
	case civic.Overdue:
		switch {
		case b.Unrouted():
			return leaf.Overdue, w.T("qt.overdue.route")
		case b.Institution == "":
			return leaf.Overdue, w.T("qt.overdue.assign")
		}
		return leaf.Overdue, w.T("qt.overdue", "institution", s.institution(b.Institution))
	case civic.Spoken:
		return leaf.Done, w.T("qt.spoken")
	case civic.Answered:
		return leaf.Done, w.T("qt.answered", "institution", s.institution(b.Institution))
	case civic.Finished:
		return leaf.Done, w.T("qt.rated", "word", w.T("qt.rate."+string(b.Rating)))
	}
	if b.Agenda == civic.OnAgenda || b.Agenda == civic.InRoom {
		return leaf.Going, w.T("qt.session")
	}
	return leaf.Open, w.T("qt.admitted")
}

func (s Speaker) institution(key glosa.InstitutionKey) string {
	if key == "" {
		return s.Words.T("qt.governor")
	}
	return string(key)
}

// Holder is the office that has to move now; "" when nobody has to.
func (s Speaker) Holder(b civic.Brief) string {
	w := s.Words
	switch b.Holder.Who {
	case "nobody", "":
		return ""
	case "institution":
		return w.T("k.who", "office", string(b.Institution))
	case "deputy", "minister":
		return w.T("k.who", "office", w.T("qt.holder."+string(b.Holder.Who), "institution", string(b.Institution)))
	}
	return w.T("k.who", "office", w.T("qt.holder."+string(b.Holder.Who)))
}

// Ground is why a question was refused, in the protocol's own words.
func (s Speaker) Ground(code glosa.Code) string {
	if p := s.Edition.Protocol; p != nil {
		if g, ok := p.Ground(code); ok {
			return g.Name.In(s.Words.Lang)
		}
	}
	return s.coded("qt.ground."+string(code), code)
}

// Place is where they can help with what was refused.
func (s Speaker) Place(code glosa.Code) string { return s.coded("qt.place."+string(code), code) }

// Theme is a theme's name.
func (s Speaker) Theme(code glosa.Code) string { return s.coded("qt.theme."+string(code), code) }

// Tongue is a language in the words of the page, or its code.
func (s Speaker) Tongue(lang string) string { return s.coded("qt.lang."+lang, glosa.Code(lang)) }

// coded is the word under a key; the code itself when nobody wrote one.
func (s Speaker) coded(key string, code glosa.Code) string {
	if s.Words.Has(key) {
		return s.Words.T(key)
	}
	return string(code)
}

// Offices are the government's institutions that can answer today, to choose one.
func (s Speaker) Offices() []leaf.Option {
	today := people.DayOf(s.local(s.Now))
	return s.choice(func(i people.Institution) bool { return i.Answers(today) })
}

// Owners are those that may hold a question, under names that are gone too.
func (s Speaker) Owners() []leaf.Option {
	return s.choice(func(i people.Institution) bool { return i.Side == glosa.Government })
}

// choice is by name, as the directory is.
func (s Speaker) choice(fit func(people.Institution) bool) (out []leaf.Option) {
	for _, i := range s.Directory.Institutions {
		if fit(i) {
			out = append(out, leaf.Option{Value: string(i.Key), Text: i.Name})
		}
	}
	return out
}

// Heading is what stands for a question in a list: its words, or what became of them.
func (s Speaker) Heading(b civic.Brief) string {
	if b.Text != "" {
		return b.Text
	}
	_, word := s.Standing(b)
	return word
}

// Late says by how many working days a question is overdue; "" when it is not.
func (s Speaker) Late(b civic.Brief) string {
	if b.State != civic.Overdue || b.Due.IsZero() {
		return ""
	}
	return s.Words.T("k.late", "n", strconv.Itoa(max(1, s.Edition.WorkingDays(b.Due, s.Now))))
}

// Row is a question as a row of a list: text, shape, holder, clock.
func (s Speaker) Row(b civic.Brief, href string) leaf.Item {
	shape, word := s.Standing(b)
	it := leaf.Item{Text: s.Heading(b), Href: href, Shape: shape, Word: word, Late: s.Late(b)}
	it.Notes = append(make([]string, 0, 4), string(b.ID))
	if b.Text == "" { // the sentence of state is the heading already
		it.Word, it.Shape = "", ""
		it.Text = string(b.ID) + " · " + it.Text
		it.Notes = nil
	}
	if b.Text != "" && string(b.Language) != s.Words.Lang {
		it.Lang = string(b.Language)
	}
	if b.Awaits {
		it.Notes = append(it.Notes, s.Words.T("q.trans"))
	}
	if h := s.Holder(b); h != "" && b.State == civic.Overdue {
		it.Notes = append(it.Notes, h)
	}
	if b.Municipality != "" {
		it.Notes = append(it.Notes, s.Directory.Municipality(b.Municipality))
	}
	if b.Merged > 0 {
		it.Notes = append(it.Notes, s.Words.T("qt.stands", "n", s.Words.N(b.Merged+1)))
	}
	if b.State == civic.Routed && !b.Due.IsZero() {
		it.Notes = append(it.Notes, s.Words.T("k.due", "date", s.day(b.Due)))
	}
	return it
}

func (s Speaker) local(t time.Time) time.Time { return t.In(s.Edition.Zone) }

func (s Speaker) day(t time.Time) string { return chain.Day(s.Words, s.Now, s.local(t)) }

// weekday is a day with its weekday, and its year when that is another one.
func (s Speaker) weekday(t time.Time) string {
	t = s.local(t)
	if t.Year() != s.local(s.Now).Year() {
		return s.Words.Day(t)
	}
	return s.Words.WeekDay(t)
}
