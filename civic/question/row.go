package question

import (
	"fmt"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

// row is one question as the database keeps it.
type row struct {
	id                glosa.QuestionID
	edition           glosa.EditionID
	number            int
	follows           glosa.QuestionID
	received          time.Time
	lang              glosa.Code
	municipality      glosa.TerritoryCode
	addressed         glosa.InstitutionKey
	passage           glosa.PassageID
	lockBy            glosa.Code
	auth, lock        glosa.Hash
	mergeBy           time.Time
	state, before     State
	since             time.Time // when it came into this state
	sinceBefore       time.Time // when a merged one came into the state before
	agenda            Agenda
	listed, admitted  time.Time
	theme             glosa.Code
	signed            bool
	person            string
	version, edits    int
	erased            bool
	ground, place     glosa.Code
	ruling            *string
	root, into        glosa.QuestionID
	apart             bool
	institution       glosa.InstitutionKey
	referrals         int
	clock             time.Time
	extended          int
	paused, due, next time.Time
	level             int
	contest           glosa.ContestID
	seat, short       int
	agendaWord        glosa.Code
	mesa              glosa.MesaID
	video, answer     int
	answered          time.Time
	rating            glosa.Code
	ratedAnswer       int
	rated             time.Time
	carried           glosa.EditionID
}

func (r *row) fixed() []any {
	return []any{&r.id, &r.edition, &r.number, &r.follows, &r.received, &r.lang, &r.municipality, &r.addressed, &r.passage,
		&r.lockBy, &r.auth, &r.lock, &r.mergeBy}
}

func (r *row) moving() []any {
	return []any{&r.state, &r.since, &r.before, &r.sinceBefore, &r.agenda, &r.listed, &r.admitted, &r.theme, &r.signed, &r.person, &r.version, &r.edits,
		&r.erased, &r.ground, &r.place, &r.ruling, &r.root, &r.into, &r.apart, &r.institution, &r.referrals, &r.clock,
		&r.extended, &r.paused, &r.due, &r.next, &r.level, &r.contest, &r.seat, &r.short, &r.agendaWord, &r.mesa, &r.video,
		&r.answer, &r.answered, &r.rating, &r.ratedAnswer, &r.rated, &r.carried}
}

func scanRow(rows *db.Rows) (row, error) {
	var r row
	err := rows.Scan(append(r.fixed(), r.moving()...)...)
	return r, err
}

// words is one version of a text with its commitment.
type words struct {
	question glosa.QuestionID
	version  int
	kind     TextKind
	lang     glosa.Code // of a translation
	replaced int        // the version that took its place; 0 while it stands
	commit   glosa.Hash
	server   []byte
	device   []byte
	object   *string
	state    TextState
	at       time.Time
	promise  []byte // of every version but the first; the first one's is the question's own
}

func scanWords(rows *db.Rows) (w words, err error) {
	err = rows.Scan(&w.question, &w.version, &w.kind, &w.lang, &w.replaced, &w.commit, &w.server, &w.device, &w.object, &w.state, &w.at, &w.promise)
	return w, err
}

// ruling is a decision of one or two people.
type ruling struct {
	id       string
	question glosa.QuestionID
	kind     string
	round    int
	first    voice
	second   *voice
	outcome  glosa.Code
	closed   time.Time
}

func scanRuling(rows *db.Rows) (r ruling, err error) {
	var v voice
	var human, side, post, word *string
	var at *int64
	err = rows.Scan(&r.id, &r.question, &r.kind, &r.round, &r.first.human, &r.first.side, &r.first.post, &r.first.word,
		&r.first.place, &r.first.at, &human, &side, &post, &word, &at, &r.outcome, &r.closed)
	if err == nil && human != nil {
		v = voice{human: glosa.HumanID(*human), side: glosa.Side(*side), post: glosa.Code(*post), word: glosa.Code(*word), at: glosa.FromMicros(*at)}
		r.second = &v
	}
	return r, err
}

// voice is one person's word in a ruling. The human is private.
type voice struct {
	human       glosa.HumanID
	side        glosa.Side
	post        glosa.Code
	word, place glosa.Code
	at          time.Time
}

func scanBrief(rows *db.Rows) (b Brief, err error) {
	var object *string
	err = rows.Scan(&b.ID, &b.Edition, &b.State, &b.Agenda, &b.Listed, &b.Admitted, &b.Language, &b.Municipality, &b.Theme, &b.Addressed,
		&b.Institution, &b.Due, &b.Level, &b.Ground, &b.Place, &b.Canonical, &b.Rating, &b.paused, &b.referrals, &b.Answered, &b.since, &b.Erased, &b.Carried, &b.Awaits, &object, &b.Merged)
	b.fill(object)
	return b, err
}

func scanItem(rows *db.Rows) (i Item, err error) {
	var object, side *string
	err = rows.Scan(&i.ID, &i.State, &i.Language, &i.Addressed, &i.Passage, &i.Due, &i.Since, &i.Edited, &i.Ground, &i.Follows, &i.Version, &object, &side, &i.Pace)
	o := objectOf(object)
	i.Struck = o.Kind == glosa.Code(TextRedacted)
	i.Text, i.Context, i.Commitment = o.Text, o.Context, o.Commitment
	if side != nil {
		i.First = glosa.Side(*side)
	}
	return i, err
}

func scanOwed(rows *db.Rows) (o Owed, err error) {
	var object *string
	b := &o.Brief
	err = rows.Scan(&b.ID, &b.Edition, &b.State, &b.Agenda, &b.Listed, &b.Admitted, &b.Language, &b.Municipality, &b.Theme, &b.Addressed,
		&b.Institution, &b.Due, &b.Level, &b.Ground, &b.Place, &b.Canonical, &b.Rating, &b.paused, &b.referrals, &b.Answered, &b.since, &b.Erased, &b.Carried, &b.Awaits, &object, &b.Merged, &o.Draft, &o.Words)
	b.fill(object)
	return o, err
}

func scanStep(rows *db.Rows) (s Step, err error) {
	err = rows.Scan(&s.Question, &s.N, &s.Kind, &s.By, &s.Word, &s.Other, &s.Number, &s.At)
	return s, err
}

// told is when something happened, as steps keep it: a citizen's time to the
// minute, since no page tells more than the record does.
func told(by glosa.Code, at time.Time) time.Time {
	if by == glosa.Code(glosa.Citizen().By()) {
		return at.Truncate(time.Minute)
	}
	return at
}

// columns counts the columns of a list.
func columns(list string) int { return strings.Count(list, ",") + 1 }

// places writes "$from, $from+1, …", n of them.
func places(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("$", from+i)
	}
	return strings.Join(list, ", ")
}

// sets writes "column = $n" for each column of the list.
func sets(columns string, from int) string {
	names := strings.Split(columns, ",")
	for i, c := range names {
		names[i] = fmt.Sprintf("%s = $%d", strings.TrimSpace(c), from+i)
	}
	return strings.Join(names, ", ")
}
