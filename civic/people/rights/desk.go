package rights

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// Rooms is what the rooms that keep people's data do here, each inside the
// transaction of the request.
type Rooms struct {
	// Author tells whose folio a key opens, or Invalid (field "key").
	Author func(tx *db.Tx, folio, key string) (glosa.QuestionID, glosa.EditionID, error)
	// Known tells which question a typed folio is, or Invalid (field "folios").
	Known func(tx *db.Tx, folio string) (glosa.QuestionID, glosa.EditionID, error)
	// Held is everything that is held on the author of a question.
	Held func(tx *db.Tx, id glosa.QuestionID) (any, error)
	// Complete fills in what of it lies outside the database.
	Complete func(ctx context.Context, held any) (any, error)
	// Desk is how the question came in at a desk; nil when its author sent it in.
	Desk func(tx *db.Tx, id glosa.QuestionID) (any, error)
	// Erase erases it, as two persons of two sides granted; now is false when it
	// was erased before.
	Erase func(tx *db.Tx, by glosa.Actor, two [2]people.Voice, id glosa.QuestionID) (now bool, err error)
	// Rename puts the right name in the place of the one it was signed with.
	Rename func(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, name people.Sealed) error
	// Unname takes the name off it; now is false when it bore none.
	Unname func(tx *db.Tx, by glosa.Actor, id glosa.QuestionID) (now bool, err error)
}

// Desk takes requests in and answers them.
type Desk struct {
	DB    *db.DB
	Safe  *people.Safe
	Rooms Rooms
	Mail  bool // whoever left an address is written to: it is kept until then
}

const (
	actAsk      glosa.Act = "rights.ask"
	actQueue    glosa.Act = "rights.queue"
	actIdentify glosa.Act = "rights.identify"
	actExtend   glosa.Act = "rights.extend"
	actResolve  glosa.Act = "rights.resolve"
	actSettle   glosa.Act = "rights.settle" // a word once the two sides disagree
	actExecute  glosa.Act = "rights.execute"
	actTold     glosa.Act = "rights.told"
)

// box is what the safe is told that it closes.
const box = "right"

// Ask hands a request in. With folio and key it is in process at once, and an
// access is granted: its copy is ready. Errors: Invalid; NotFound.
func (d *Desk) Ask(ctx context.Context, by glosa.Actor, a Ask) (rc Receipt, err error) {
	if err := by.May(actAsk); err != nil {
		return rc, err
	}
	if err := a.check(); err != nil {
		return rc, err
	}
	id, code := draw()
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		w := words{Text: a.Text, Contact: a.Contact, Language: a.Language, Name: a.Name}
		r := row{id: id, edition: a.Edition, kind: a.Kind, state: Received, received: tx.Now, code: lock(code)}
		if a.Folio != "" || a.Key != "" {
			q, ed, err := d.Rooms.Author(tx, a.Folio, a.Key)
			if err != nil {
				return err
			}
			w.Questions, r.edition, r.state, r.proof = []glosa.QuestionID{q}, ed, InProcess, ByKey
		}
		e, err := edition.Load(tx, r.edition)
		if err != nil {
			return err
		}
		r.due = clock(e, r).Due
		if r.proof == ByKey && r.kind == Access {
			r.state, r.outcome, r.resolved, r.executed = Executed, Granted, tx.Now, tx.Now
			w.Done = []Done{{w.Questions[0], Copied}}
		}
		if r.boxID, r.box, err = d.seal(w); err != nil {
			return err
		}
		fresh, err := insert(tx, r)
		if err != nil {
			return err
		}
		if !fresh {
			return glosa.Refuse(glosa.Busy, "e.busy")
		}
		rc = Receipt{ID: id, Code: code, Due: r.due, State: r.state}
		return leave(tx, by, r)
	})
	return rc, err
}

func (d *Desk) seal(w words) (people.PersonID, []byte, error) {
	js, err := json.Marshal(w)
	if err != nil {
		return "", nil, err
	}
	id, sealed := d.Safe.Close(box, js)
	return id, sealed, nil
}

// unseal reads a box; an emptied one has no words.
func (d *Desk) unseal(r row) (w words, err error) {
	if r.boxID == "" {
		return w, nil
	}
	js, err := d.Safe.Reopen(box, r.boxID, r.box)
	if err == nil {
		err = json.Unmarshal(js, &w)
	}
	return w, err
}

// empty leaves nothing of the words.
func (r *row) empty() { r.boxID, r.box = "", []byte{} }

func leave(tx *db.Tx, by glosa.Actor, r row) error {
	return tx.Leave(moved.Event(by, r.edition, string(r.id), Moved{Kind: glosa.Code(r.kind), State: glosa.Code(r.state)}, "rights"))
}

// clock is when the answer is due, and how that was counted: from when it was known
// whose request it is.
func clock(e edition.Edition, r row) edition.Sum {
	t := TermsOf(regime(e))
	var ext []edition.Extension
	if !r.extended.IsZero() {
		ext = append(ext, edition.Extension{N: t.Extension.N, By: r.extendedBy, At: r.extended, Code: r.reason})
	}
	from := r.received
	if r.seenAt.After(from) {
		from = r.seenAt
	}
	return e.Deadline(from, t.Answer, ext, nil)
}

func regime(e edition.Edition) glosa.Code {
	if e.Protocol == nil {
		return ""
	}
	return e.Protocol.Regime
}

// card is a request as it is read. by is nobody on the person's own page.
func (d *Desk) card(tx *db.Tx, by glosa.Actor, r row) (c Card, err error) {
	e, err := edition.Load(tx, r.edition)
	if err != nil {
		return c, err
	}
	w, err := d.unseal(r)
	if err != nil {
		return c, err
	}
	c = Card{ID: r.id, Edition: r.edition, Kind: r.kind, State: r.state, Proof: r.proof, Outcome: r.outcome, Ground: r.ground, Received: r.received,
		Resolved: r.resolved, Executed: r.executed, Sum: clock(e, r), Terms: TermsOf(regime(e)), Text: w.Text, Name: w.Name, Questions: w.Questions,
		Check: r.checked, Done: w.Done, Disputed: !r.disputed.IsZero(), Said: r.firstPost, SaidWhat: r.saidWhat(), Mine: by.Human != "" && (r.firstHuman == by.Human || r.firstSide == by.Side)}
	if r.outcome == Granted {
		c.Execute = e.Deadline(r.resolved, c.Terms.Execute, nil, nil)
	}
	return c, nil
}

// open reads a request with its code. A folio that does not exist and a code that
// does not fit are the same error: Invalid, field "code".
func (d *Desk) open(tx *db.Tx, id ID, code string) (row, error) {
	r, err := selectOne(tx, id)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return r, err
	}
	given := lock(code)
	if err != nil || subtle.ConstantTimeCompare(given[:], r.code[:]) != 1 {
		return r, glosa.WrongField("code", "ar.badcode")
	}
	return r, nil
}

// Own reads one's own request. Errors: Invalid (field "code").
func (d *Desk) Own(ctx context.Context, by glosa.Actor, id ID, code string) (c Card, err error) {
	if err := by.May(actAsk); err != nil {
		return c, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := d.open(tx, id, code)
		if err == nil {
			c, err = d.card(tx, glosa.Actor{}, r)
		}
		return err
	})
	return c, err
}

// Copy is everything held on a person, as they take it away.
type Copy struct {
	Request  ID                `json:"request"`
	Made     time.Time         `json:"made"`
	Edition  glosa.EditionID   `json:"edition"`
	Regime   glosa.Code        `json:"regime"`
	Text     string            `json:"text,omitempty"`
	Contact  string            `json:"contact,omitempty"`
	Received time.Time         `json:"received"`
	Held     map[string]any    `json:"held"`
	Desks    map[string]any    `json:"desks,omitempty"` // how each question that came in at a desk did
	NotHeld  map[string]string `json:"not_held"`
}

// notHeld says what a copy cannot contain, and why.
var notHeld = map[string]string{
	"sex, age, language": "answers are kept as counts without a key to anybody",
	"supports":           "ballots are kept under a key of the device, not of the person",
	"notices":            "each message has a link to what is held under its address; the message that tells of this request has one too",
	"languages read":     "whoever moderates sees at their desk which languages they declared, and takes them back there",
	"address":            "no network address is kept",
}

// Copy gives everything that is held on whoever asked, of each of their questions.
// Errors: Invalid (field "code"); Conflict when it is not granted, or kept no more.
func (d *Desk) Copy(ctx context.Context, by glosa.Actor, id ID, code string) (c Copy, err error) {
	if err := by.May(actAsk); err != nil {
		return c, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := d.open(tx, id, code)
		if err != nil {
			return err
		}
		w, err := d.unseal(r)
		if err != nil {
			return err
		}
		if r.kind != Access || r.state != Executed || len(w.Questions) == 0 {
			return glosa.Refuse(glosa.Conflict, "ar.nocopy")
		}
		e, err := edition.Load(tx, r.edition)
		if err != nil {
			return err
		}
		c = Copy{Request: id, Made: tx.Now, Edition: r.edition, Regime: regime(e), Text: w.Text, Contact: w.Contact, Received: r.received,
			Held: map[string]any{}, Desks: map[string]any{}, NotHeld: notHeld}
		for _, q := range w.Questions {
			if c.Held[string(q)], err = d.Rooms.Held(tx, q); err != nil {
				return err
			}
			desk, err := d.Rooms.Desk(tx, q)
			if err != nil {
				return err
			}
			if desk != nil {
				c.Desks[string(q)] = desk
			}
		}
		return nil
	})
	for q, held := range c.Held {
		if err == nil {
			c.Held[q], err = d.Rooms.Complete(ctx, held)
		}
	}
	return c, err
}

// Queue lists an edition's requests, those that wait first. Errors: Denied.
func (d *Desk) Queue(ctx context.Context, by glosa.Actor, ed glosa.EditionID) (list []Card, err error) {
	if err := by.MayIn(actQueue, ed); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := selectOf(tx, ed)
		if err != nil {
			return err
		}
		for _, r := range rows {
			c, err := d.card(tx, by, r)
			if err != nil {
				return err
			}
			list = append(list, c)
		}
		return nil
	})
	return list, err
}

// Count is the public account of one right in an edition.
type Count struct {
	Kind                         Kind
	Received, Open, InTime, Late int
}

// Counts tells how many requests there were, and how many were answered in time.
func (d *Desk) Counts(ctx context.Context, ed glosa.EditionID, now time.Time) (out []Count, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := selectOf(tx, ed)
		out = nil
		for _, k := range AllKinds() {
			c := Count{Kind: k}
			for _, r := range rows {
				if r.kind != k {
					continue
				}
				c.Received++
				switch {
				case r.state.open() && !now.After(r.due):
					c.Open++
				case r.state.open() || r.resolved.After(r.due):
					c.Late++
				default:
					c.InTime++
				}
			}
			out = append(out, c)
		}
		return err
	})
	return out, err
}

func oneOf(c glosa.Code, list []glosa.Code) bool { return slices.Contains(list, c) }
