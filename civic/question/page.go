package question

import (
	"context"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// nameAfter is how long an author who signs can change their mind once the
// question is public.
const nameAfter = 24 * time.Hour

// Page is everything the public may know of one question.
type Page struct {
	Brief
	Follows    glosa.QuestionID
	FollowedBy glosa.QuestionID
	Received   time.Time // pages show the day
	Since      time.Time // in this state
	MergeBy    time.Time // of the promise
	LockBy     glosa.Code
	Context    string
	Passage    glosa.PassageID
	Commitment glosa.CommitmentID // the promise it is about

	Name     people.Private // of who signs, from NameFrom on; on this page only
	NameFrom time.Time      // zero when anonymous

	Clock    edition.Sum // explains itself; only when HasClock
	HasClock bool
	Pauses   []Pause
	Notes    []Note // public reasons: extensions and corrections

	Contest      glosa.ContestID
	AgendaPlace  int
	MinutesShort int
	AgendaWord   glosa.Code
	Mesa         glosa.MesaID
	VideoSecond  int
	Referrals    int
	RatedAnswer  int

	Joining                []Joining  // proposals to merge in which it stands
	Originals              []Original // of the canonical question: those merged into it
	Ratings                map[glosa.Code]int
	Answers                []Version // signed ones, newest first; of the canonical question when merged
	Decisions              []Decision
	Steps                  []Step
	Texts                  []Text
	Redacted               []Span      // what was struck out of the present words, as they stood before
	Struck                 bool        // the words hold marks
	Lost                   time.Time   // when a restore lost the words that are public; zero when they are here
	Translation            *Translated // into the edition's first language; nil when there is none
	AwaitsFrom, AwaitsLate time.Time
	AwaitsClock            edition.Sum // explains itself; its Due is zero where the protocol gives no term
	WordsClock             edition.Sum // when somebody is to have written down what it says; zero when it has words
	Until                  time.Time   // when this page changes by the clock alone; zero when it does not
}

// Note is a public reason that goes with an act.
type Note struct {
	Kind  glosa.Code
	Post  glosa.PostKey
	Days  int
	Words string
	At    time.Time
}

// Original is a question below the common one.
type Original struct {
	ID           glosa.QuestionID
	Text         string
	Context      string
	Municipality glosa.TerritoryCode
	Language     glosa.Code
	Rating       glosa.Code
	Erased       bool
}

// Decision is a ruling that is over, with both words.
type Decision struct {
	Kind    glosa.Code
	Outcome glosa.Code
	Words   []glosa.Code
	Posts   []glosa.Code
	At      time.Time
}

// Page is one question as its page shows it. NotFound.
func (d *Desk) Page(ctx context.Context, id glosa.QuestionID) (p Page, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = d.page(tx, id)
		return err
	})
	return p, err
}

// PageIn is [Desk.Page] inside the act or the reading of a later room.
func (d *Desk) PageIn(tx *db.Tx, id glosa.QuestionID) (Page, error) { return d.page(tx, id) }

func (d *Desk) page(tx *db.Tx, id glosa.QuestionID) (Page, error) {
	r, err := load(tx, id)
	if err != nil {
		return Page{}, err
	}
	ed, err := edition.Load(tx, r.edition)
	if err != nil {
		return Page{}, err
	}
	has, err := selectTraces(tx, &r)
	if err != nil {
		return Page{}, err
	}
	p := r.page()
	for _, part := range []func(*db.Tx, *row, traces, *Page) error{textsOf, groupOf, answersOf, storyOf} {
		if err := part(tx, &r, has, &p); err != nil {
			return Page{}, err
		}
	}
	if p.Awaits {
		p.AwaitsClock = translateBy(ed, p.AwaitsFrom)
		if p.AwaitsClock.Due.After(tx.Now) {
			p.Until = p.AwaitsClock.Due
		}
	}
	from, err := selectUnwritten(tx, id)
	if err != nil {
		return Page{}, err
	}
	if !from.IsZero() {
		p.WordsClock = reviewBy(ed, from)
	}
	p.Clock, p.HasClock = clockOf(ed, &r, p.Pauses, p.Notes, p.heldSince())
	if p.HasClock && p.Clock.Due.After(tx.Now) && (p.Until.IsZero() || p.Clock.Due.Before(p.Until)) {
		p.Until = p.Clock.Due
	}
	if has.proposals {
		if err := joiningOf(tx, ed, &r, &p); err != nil {
			return Page{}, err
		}
	}
	return p, d.nameOf(tx, &r, &p)
}

// heldSince is when the question came to where it is, as its steps say.
func (p Page) heldSince() (at time.Time) {
	for _, s := range p.Steps {
		if s.Kind == glosa.Code(kRouted.Name) || s.Kind == glosa.Code(kReferred.Name) {
			at = later(at, s.At)
		}
	}
	return at
}

// page is what the row alone says.
func (r *row) page() Page {
	p := Page{Brief: Brief{ID: r.id, Edition: r.edition, State: r.state, Agenda: r.agenda, Listed: r.listed, Admitted: r.admitted,
		Language: r.lang, Municipality: r.municipality, Theme: r.theme, Addressed: r.addressed, Institution: r.institution,
		Due: r.due, Level: r.level, Ground: r.ground, Place: r.place, Canonical: r.root, Rating: r.rating, Answered: r.answered,
		Erased: r.erased, Carried: r.carried, paused: r.paused, since: r.since, referrals: r.referrals},
		Follows: r.follows, Received: r.received, Since: r.since, MergeBy: r.mergeBy, LockBy: r.lockBy, Contest: r.contest,
		AgendaPlace: r.seat, MinutesShort: r.short, AgendaWord: r.agendaWord, Mesa: r.mesa, VideoSecond: r.video,
		Referrals: r.referrals, RatedAnswer: r.ratedAnswer}
	return p
}

// textsOf adds the commitments, and the words when they are public.
func textsOf(tx *db.Tx, r *row, has traces, p *Page) error {
	all, err := selectWords(tx, r.id)
	if err != nil {
		return err
	}
	var object *string
	for _, w := range all {
		p.Texts = append(p.Texts, w.public())
		if w.version == r.version && w.state == Opened {
			object = w.object
		}
	}
	p.fill(object)
	if p.Text == "" {
		return nil
	}
	o := objectOf(object)
	p.Context, p.Commitment, p.Passage = o.Context, o.Commitment, r.passage
	if o.Kind == glosa.Code(TextRedacted) {
		p.Redacted = StruckOf([]byte(*object))
	}
	p.Struck = len(p.Redacted) > 0
	p.Translation = translatedOf(all)
	if !has.translation {
		return nil
	}
	w, err := selectTranslation(tx, r.id)
	if w.awaits(r.state, r.erased) {
		p.Awaits, p.AwaitsFrom, p.AwaitsLate = true, w.from, w.late
	}
	return err
}

// groupOf adds the questions merged into this one, and what all askers said.
func groupOf(tx *db.Tx, r *row, has traces, p *Page) error {
	p.Ratings = map[glosa.Code]int{}
	if r.root != r.id {
		return nil
	}
	if has.originals {
		group, err := selectOriginals(tx, r.id)
		if err != nil {
			return err
		}
		p.Originals, p.Merged = group, len(group)
	}
	for _, o := range p.Originals {
		if o.Rating != "" {
			p.Ratings[o.Rating]++
		}
	}
	if r.rating != "" {
		p.Ratings[r.rating]++
	}
	return nil
}

// answersOf adds the signed answers, their reasons and the pauses of the clock.
func answersOf(tx *db.Tx, r *row, has traces, p *Page) error {
	var err error
	var answers []Version
	var notes []Note
	if has.answers {
		if answers, err = selectAnswers(tx, r.root); err != nil {
			return err
		}
	}
	if has.notes {
		if notes, err = selectNotes(tx, r.root); err != nil {
			return err
		}
	}
	reason := map[int]string{}
	for _, n := range notes {
		if n.Kind == noteCorrection {
			reason[n.Days] = n.Words
		}
		if n.Kind != noteReturn {
			p.Notes = append(p.Notes, n)
		}
	}
	for _, v := range answers {
		if v.State == Published || v.State == Corrected {
			v.DraftedBy, v.Reason = "", reason[v.Number]
			p.Answers = append(p.Answers, v)
		}
	}
	if has.pauses {
		p.Pauses, err = selectPauses(tx, r.id)
	}
	return err
}

// storyOf adds decisions and steps.
func storyOf(tx *db.Tx, r *row, has traces, p *Page) error {
	var rulings []ruling
	var err error
	if has.rulings {
		if rulings, err = selectRulings(tx, r.id); err != nil {
			return err
		}
	}
	for _, x := range rulings {
		if x.closed.IsZero() || x.outcome == outNothing {
			continue // nobody sees a first word before there is a second
		}
		d := Decision{Kind: glosa.Code(x.kind), Outcome: x.outcome, Words: []glosa.Code{x.first.word},
			Posts: []glosa.Code{x.first.post}, At: x.closed}
		if x.second != nil {
			d.Words, d.Posts = append(d.Words, x.second.word), append(d.Posts, x.second.post)
		}
		p.Decisions = append(p.Decisions, d)
	}
	if has.follow {
		follow, err := selectFollow(tx, r.id)
		if err != nil {
			return err
		}
		p.FollowedBy = follow[0]
	}
	p.Steps, err = selectSteps(tx, r.id)
	p.Steps = append([]Step{{Question: r.id, Kind: glosa.Code(kReceived.Name), By: "citizen", At: told("citizen", r.received)}}, p.Steps...)
	for _, s := range p.Steps {
		if s.Kind == kWordsLost && p.Text == "" && !r.erased && r.state.TextIsPublic() {
			p.Lost = s.At
		}
	}
	if r.follows != "" {
		p.Steps[0].Kind, p.Steps[0].Other = glosa.Code(kFollowed.Name), string(r.follows)
	}
	return err
}

// nameOf adds the name of an author who signs, once a day has passed since the
// question became public.
func (d *Desk) nameOf(tx *db.Tx, r *row, p *Page) error {
	if !r.signed || r.admitted.IsZero() || !r.state.TextIsPublic() || r.erased {
		return nil
	}
	p.NameFrom = r.admitted.Add(nameAfter)
	if tx.Now.Before(p.NameFrom) {
		if p.Until.IsZero() || p.NameFrom.Before(p.Until) {
			p.Until = p.NameFrom
		}
		return nil
	}
	name, err := people.Open(tx, d.Safe, people.PersonID(r.person))
	if err != nil && glosa.KindOf(err) == glosa.NotFound {
		return nil
	}
	p.Name = name
	return err
}

// Private is what the author alone takes home: what opens the
// commitment. Errors: Invalid (field "key").
type Private struct {
	ID     glosa.QuestionID
	Signed bool // a name is kept with it
	Texts  []PrivateText
}

// PrivateText is one version with both parts of its salt and the promise that
// its commitment would be in the record.
type PrivateText struct {
	Text
	Server  []byte
	Device  []byte
	Promise []byte
}

// PrivateReceipt is the author's own copy of what was asked, with the salts.
// Errors: Invalid (field "key").
func (d *Desk) PrivateReceipt(ctx context.Context, id glosa.QuestionID, proof Proof) (p Private, err error) {
	auth, err := proof.auth()
	if err != nil {
		return p, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		if err != nil || !opens(auth, r.auth) {
			return glosa.WrongField("key", "q.badkey")
		}
		p = Private{ID: id, Signed: r.signed}
		first, err := selectPromise(tx, id)
		if err != nil {
			return err
		}
		all, err := selectWords(tx, id)
		for _, w := range all {
			x := PrivateText{Text: w.public(), Server: w.server, Device: w.device, Promise: w.promise}
			if w.version == 1 {
				x.Promise = first
			}
			if w.object != nil {
				x.Object = []byte(*w.object)
			}
			p.Texts = append(p.Texts, x)
		}
		return err
	})
	return p, err
}

// PromiseOf gives the signed note of a question: it names nobody and may be shared. NotFound.
func (d *Desk) PromiseOf(ctx context.Context, id glosa.QuestionID) (note []byte, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		note, err = selectPromise(tx, id)
		if err != nil && glosa.KindOf(err) == glosa.NotFound {
			return glosa.Missing("question", string(id))
		}
		return err
	})
	return note, err
}

// Committed is the question that a commitment in the record belongs to. NotFound.
func (d *Desk) Committed(ctx context.Context, commit glosa.Hash) (id glosa.QuestionID, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		id, err = selectCommitted(tx, commit)
		return err
	})
	return id, err
}
