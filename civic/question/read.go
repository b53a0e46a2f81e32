package question

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// TextState says what the record's reader can do with a commitment.
type TextState string

const (
	Sealed TextState = "sealed" // not published: no salt is shown
	Opened TextState = "opened" // published with its salt
	Erased TextState = "erased" // a tombstone stands for it
)

// Text is one commitment and, when it is opened, what it commits to.
type Text struct {
	Question glosa.QuestionID
	Version  int
	Kind     TextKind
	Language glosa.Code // of a translation
	Replaced int        // the version that took its place; 0 while it stands
	Commit   glosa.Hash
	State    TextState
	Salt     glosa.Hash      // only when opened
	Object   json.RawMessage // only when opened: canonical JSON, as hashed
	At       time.Time
}

func (w words) public() Text {
	x := Text{Question: w.question, Version: w.version, Kind: w.kind, Language: w.lang, Replaced: w.replaced, Commit: w.commit, State: w.state, At: w.at}
	if w.state == Opened && w.object != nil {
		x.Salt, x.Object = w.salt(), json.RawMessage(*w.object)
	}
	return x
}

// salt is the salt of a text: of its two parts, or as it was published where the
// text came back from a copy of the record, which does not know them.
func (w words) salt() glosa.Hash {
	if len(w.device) == 0 {
		return glosa.Hash(w.server)
	}
	return glosa.Salt([32]byte(w.server), [16]byte(w.device))
}

// objectOf reads a kept object; the zero Object when it was erased.
func objectOf(js *string) (o Object) {
	if js != nil {
		_ = json.Unmarshal([]byte(*js), &o) // we wrote it
	}
	return o
}

// Texts pages over every commitment of this room, for whoever verifies the
// record: opened ones with salt and object, sealed and erased ones without.
// Start with "" and 0; go on from the last one's Question and Version.
func (d *Desk) Texts(ctx context.Context, after glosa.QuestionID, version, limit int) (out []Text, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := selectTexts(tx, after, version, limit)
		out = make([]Text, len(all))
		for i, w := range all {
			out[i] = w.public()
		}
		return err
	})
	return out, err
}

// Holder is who has to move now.
type Holder struct {
	Who         glosa.Code // moderators, facilitation, convenors, author, institution, deputy, minister, governor, public, session, canonical, nobody
	Institution glosa.InstitutionKey
}

func holderOf(s State, a Agenda, institution glosa.InstitutionKey, level, referrals int, paused bool) Holder {
	switch s {
	case Received, Second, Appealed:
		return Holder{Who: "moderators"}
	case Held:
		return Holder{Who: "convenors"}
	case NeedsEdit:
		return Holder{Who: "author"}
	case Merged:
		return Holder{Who: "canonical"}
	case Admitted:
		if a == OnAgenda || a == InRoom {
			return Holder{Who: "session"}
		}
		return Holder{Who: "facilitation"} // it waits to be routed
	case Routed, Overdue:
		switch {
		case paused && (a == OnAgenda || a == InRoom):
			return Holder{Who: "session", Institution: institution}
		case institution == "" && level > 1:
			return Holder{Who: "public"}
		case unrouted(s, institution, referrals):
			return Holder{Who: "facilitation"}
		case institution == "":
			return Holder{Who: "governor"}
		}
		return Holder{Who: ladder[min(level, len(ladder)-1)], Institution: institution}
	}
	return Holder{Who: "nobody"}
}

// unrouted tells whether nobody gave a question to any institution: two institutions
// said "not ours" of one that waits to be assigned.
func unrouted(s State, institution glosa.InstitutionKey, referrals int) bool {
	return (s == Admitted || s == Overdue) && institution == "" && referrals < maxReferrals
}

// Unrouted tells whether the question waits for somebody to route it.
func (b Brief) Unrouted() bool { return unrouted(b.State, b.Institution, b.referrals) }

// Brief is one row of a list. Text is empty before admission, after a refusal
// and after erasure.
type Brief struct {
	ID           glosa.QuestionID
	Edition      glosa.EditionID
	State        State
	Agenda       Agenda
	Listed       time.Time // when it was first decided, or taken back; zero while it waits
	Admitted     time.Time
	Language     glosa.Code          // said with the text: empty before admission
	Municipality glosa.TerritoryCode // likewise
	Theme        glosa.Code
	Addressed    glosa.InstitutionKey // likewise
	Institution  glosa.InstitutionKey
	Holder       Holder
	Due          time.Time // of the present clock; zero when none runs
	Level        int       // of lateness, see [Holders]
	Ground       glosa.Code
	Place        glosa.Code
	Canonical    glosa.QuestionID
	Merged       int // how many questions stand behind it
	Rating       glosa.Code
	Answered     time.Time
	Erased       bool
	Awaits       bool            // its words are in another language, and their translation is owed
	Carried      glosa.EditionID // where it goes on, when nobody answered it in its own edition
	Text         string
	paused       time.Time
	since        time.Time
	referrals    int
}

func (b *Brief) fill(object *string) {
	if b.State.TextIsPublic() || b.State == Withdrawn && !b.Admitted.IsZero() {
		b.Text = objectOf(object).Text
	} else {
		b.Municipality, b.Language, b.Addressed = "", "", ""
	}
	b.Awaits = b.Awaits && b.Text != "" && b.State != Withdrawn
	b.Holder = holderOf(b.State, b.Agenda, b.Institution, b.Level, b.referrals, !b.paused.IsZero())
}

// Filter chooses rows of a list. The zero value is everything decided, anywhere.
type Filter struct {
	Edition      glosa.EditionID
	States       []State
	Institution  glosa.InstitutionKey
	Municipality glosa.TerritoryCode
	Theme        glosa.Code
	Language     glosa.Code
	Words        string // as typed: only those that have all of them, see [parseSought]
	Unheld       bool   // only those that no institution holds
	Inherited    bool   // those that earlier editions left to Edition, instead of its own
	Waiting      bool   // after the decided ones those of the edition that wait, in the order of their folios
}

// waits lists the states in which a question is in no list of decided ones.
var waits = []State{Received, Second, NeedsEdit, Held}

// waiting is which of them the filter asks for. Where a question that waits was
// asked, what about and who may hold it is not public: a filter by these has none.
func (f Filter) waiting() (states []State) {
	if !f.Waiting || f.Edition == "" || f.Institution != "" || f.Municipality != "" || f.Theme != "" || f.Language != "" || f.Unheld ||
		f.Inherited || !parseSought(f.Words).empty() {
		return nil
	}
	for _, s := range waits {
		if len(f.States) == 0 || slices.Contains(f.States, s) {
			states = append(states, s)
		}
	}
	return states
}

// cursor is a place in a list that new rows do not move.
type cursor struct {
	at time.Time
	id string
	n  int
}

// amongWaiting is the place after a question that waits: later than any decision.
func amongWaiting(id glosa.QuestionID) cursor {
	return cursor{at: glosa.FromMicros(1), id: string(id), n: 1}
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(glosa.Micros(c.at), 36) + "." + strconv.Itoa(c.n) + "." + c.id))
}

// parseCursor reads what String wrote; Invalid otherwise. "" is the beginning.
func parseCursor(s string) (c cursor, err error) {
	if s == "" {
		return cursor{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	part := strings.SplitN(string(b), ".", 3)
	if err != nil || len(part) != 3 || len(part[2]) > 40 || !plainWord(part[2]) {
		return cursor{}, glosa.WrongField("cursor", "e.400")
	}
	us, err := strconv.ParseInt(part[0], 36, 64)
	n, err2 := strconv.Atoi(part[1])
	if err != nil || err2 != nil || us <= 0 {
		return cursor{}, glosa.WrongField("cursor", "e.400")
	}
	return cursor{at: glosa.FromMicros(us), id: part[2], n: n}, nil
}

// maxList is the longest page of a list.
const maxList = 200

func listLimit(n int) int {
	if n <= 0 {
		return 50
	}
	return min(n, maxList)
}

// List is one page of the questions that were decided or taken back, newest
// first, and the cursor of the next page ("" at the end). Those that wait are
// counted in the balance and come last, where the filter asks for them, with
// state, clock and holder alone. Errors: Invalid for a cursor that is none.
func (d *Desk) List(ctx context.Context, f Filter, after string, limit int) (out []Brief, next string, err error) {
	c, err := parseCursor(after)
	if err != nil {
		return nil, "", err
	}
	limit = listLimit(limit)
	read := func(tx *db.Tx) (listed, error) { return f.list(tx, c, limit) }
	var l listed
	if after == "" && limit <= keptRows { // the first page is everybody's, and stands in several forms
		l, err = d.lists.Read(ctx, d.DB, fmt.Sprintf("%#v %d", f, limit), ours, read)
		return slices.Clone(l.rows), l.next, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		l, err = read(tx)
		return err
	})
	return l.rows, l.next, err
}

// keptRows bounds what a memo of lists holds.
const keptRows = 50

// listed is one page of a list.
type listed struct {
	rows []Brief
	next string
}

func (f Filter) list(tx *db.Tx, c cursor, limit int) (l listed, err error) {
	after := glosa.QuestionID("")
	if c == amongWaiting(glosa.QuestionID(c.id)) {
		after = glosa.QuestionID(c.id)
	} else if l.rows, err = f.found(tx, c, limit+1); err != nil {
		return l, err
	}
	if states := f.waiting(); len(states) > 0 && len(l.rows) <= limit {
		more, err := selectWaiting(tx, f.Edition, states, after, limit+1-len(l.rows))
		if err != nil {
			return l, err
		}
		l.rows = append(l.rows, more...)
	}
	if len(l.rows) > limit {
		l.rows = l.rows[:limit]
		last := l.rows[limit-1]
		if l.next = (cursor{at: last.Listed, id: string(last.ID)}).String(); last.Listed.IsZero() {
			l.next = amongWaiting(last.ID).String()
		}
	}
	return l, nil
}

// phraseRounds bounds how far one page looks for words side by side: among the
// 20,000 newest that have them all.
const phraseRounds = 100

// found is the beginning of what fits the filter after a cursor. Words that must
// stand side by side are looked for among those that have them all.
func (f Filter) found(tx *db.Tx, c cursor, limit int) (out []Brief, err error) {
	look := parseSought(f.Words)
	if len(look.phrases) == 0 {
		return selectList(tx, f, c, limit)
	}
	for range phraseRounds {
		some, err := selectList(tx, f, c, maxList)
		if err != nil {
			return nil, err
		}
		for _, b := range some {
			if look.holds(b.Text) && len(out) < limit {
				out = append(out, b)
			}
		}
		if len(some) < maxList || len(out) == limit {
			break
		}
		last := some[len(some)-1]
		c = cursor{at: last.Listed, id: string(last.ID)}
	}
	return out, nil
}

// Step is one thing that happened to a question, as its page and the log of
// decisions show it. Kind is the event's name; its place in the record is found
// by folio, kind and time.
type Step struct {
	Question glosa.QuestionID
	N        int
	Kind     glosa.Code
	By       glosa.Code
	Word     glosa.Code // ground, reason, answer's kind, asker's word, who holds it
	Other    string     // an id: institution, question, contest, mesa, place
	Number   int        // version, days, minutes, seconds, place, round
	At       time.Time
}

// Log is the public log of an edition's decisions, newest first.
// Errors: Invalid for a cursor that is none.
func (d *Desk) Log(ctx context.Context, ed glosa.EditionID, after string, limit int) (out []Step, next string, err error) {
	c, err := parseCursor(after)
	if err != nil {
		return nil, "", err
	}
	if after == "" {
		c.at = glosa.FromMicros(1 << 62)
	}
	limit = listLimit(limit)
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		out, err = selectLog(tx, ed, c, limit+1)
		return err
	})
	if len(out) > limit {
		out = out[:limit]
		last := out[limit-1]
		next = cursor{at: last.At, id: string(last.Question), n: last.N}.String()
	}
	return out, next, err
}

// Balance is [BalanceOf] as a reading of its own.
func (d *Desk) Balance(ctx context.Context, ed glosa.EditionID) (Balance, error) {
	return d.balances.Read(ctx, d.DB, ed, ours, func(tx *db.Tx) (Balance, error) { return BalanceOf(tx, ed) })
}

// Overdue lists an edition's publicly overdue questions, newest decision first.
func (d *Desk) Overdue(ctx context.Context, ed glosa.EditionID, after string, limit int) ([]Brief, string, error) {
	return d.List(ctx, Filter{Edition: ed, States: []State{Overdue}}, after, limit)
}

// Late counts the questions of an edition, follow-ups too, whose answer is overdue.
func (d *Desk) Late(ctx context.Context, ed glosa.EditionID) (int, error) {
	return d.late.Read(ctx, d.DB, ed, ours, func(tx *db.Tx) (int, error) { return countOverdue(tx, ed) })
}

// clockOf is the present clock of a question with its explanation; false when none runs.
func clockOf(e edition.Edition, r *row, pauses []Pause, notes []Note, held time.Time) (edition.Sum, bool) {
	m := protocol(e).Moderation
	switch r.state {
	case Received:
		return reviewBy(e, later(r.since, r.received)), true
	case Second:
		return e.Deadline(r.since, m.Second, nil, nil), true
	case NeedsEdit:
		return e.Deadline(r.since, m.NeedsEdit, nil, nil), true
	case Appealed:
		return e.Deadline(r.since, m.Review, nil, nil), true
	case Refused:
		return e.Deadline(r.since, m.Appeal, nil, nil), !r.due.IsZero()
	case Admitted, Routed, Overdue:
		return owedBy(e, r, pauses, notes, held), true
	}
	return edition.Sum{}, false
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
