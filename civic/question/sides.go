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

// sealKeys are the keys of both sides. Conflict that names the sides whose key is missing.
func sealKeys(tx *db.Tx, ed glosa.EditionID) (map[glosa.Side]SealKey, error) {
	keys, err := selectSealKeys(tx, ed)
	if err != nil {
		return nil, err
	}
	_, gov := keys[glosa.Government]
	_, civil := keys[glosa.Civil]
	switch {
	case !gov && !civil:
		return nil, glosa.Refuse(glosa.Conflict, "sl.none")
	case !gov:
		return nil, glosa.Refuse(glosa.Conflict, "sl.none.government")
	case !civil:
		return nil, glosa.Refuse(glosa.Conflict, "sl.none.civil")
	}
	return keys, nil
}

// EnrolKey is one person's word for the public key of a side; the second, of the
// other side, must hand in the same key. A later key takes its place: what was
// sealed before stays sealed to the former one.
// Errors: Invalid; Denied; NotFound; Conflict when another key is proposed.
func (d *Desk) EnrolKey(ctx context.Context, by glosa.Actor, ed glosa.EditionID, side glosa.Side, public string) error {
	if err := by.May(actSealKey); err != nil {
		return err
	}
	key, err := ParseSealKey(public)
	if err != nil {
		return err
	}
	if side != glosa.Government && side != glosa.Civil {
		return glosa.WrongField("side", "sl.side")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		e, err := edition.Enter(tx, by, actSealKey, ed)
		if err != nil {
			return err
		}
		keys, err := selectSealKeys(tx, ed)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if k == key {
				return glosa.Refuse(glosa.Conflict, "sl.twice") // one key for both sides would be one key
			}
		}
		a, open, err := openAccord(tx, ed, accordKey, string(side))
		if err != nil {
			return err
		}
		if !open {
			if err := proposed(tx, e, by, actSealKey, accord{kind: accordKey, about: string(side), body: key.String()}); err != nil {
				return err
			}
			return tx.Leave(kKeyProposed.Event(by, ed, string(ed), noBody{}))
		}
		if a.body != key.String() {
			return glosa.Refuse(glosa.Conflict, "sl.other")
		}
		posts, err := confirmed(tx, e, by, actSealKey, a)
		if err != nil {
			return err
		}
		if err := insertSealKey(tx, ed, side, key); err != nil {
			return err
		}
		return tx.Leave(kKeyEnrolled.Event(by, ed, string(ed), sealKeyBody{Side: glosa.Code(side), Key: key.Digest(), Posts: posts}))
	})
}

// UnsealReasons lists why a sealed original may be asked for.
func UnsealReasons() []glosa.Code {
	return []glosa.Code{"court_order", "own_request", "redaction_disputed", "audit"}
}

// Unseal is one person's word for handing out the sealed originals of a question;
// the second, of the other side, must give the same reason. The record says that
// they were opened before anybody gets them ([Desk.Bundles]). What is handed out
// is still closed: it takes the private keys of both sides.
// Errors: Invalid; Denied; NotFound when nothing is sealed; Conflict.
func (d *Desk) Unseal(ctx context.Context, by glosa.Actor, id glosa.QuestionID, reason glosa.Code) error {
	if err := by.May(actUnseal); err != nil {
		return err
	}
	if !slices.Contains(UnsealReasons(), reason) {
		return glosa.WrongField("reason", "sl.reason")
	}
	return d.on(ctx, by, actUnseal, id, func(t *turn) error {
		all, err := selectSealed(t.tx, id)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return glosa.Missing("seal", string(id))
		}
		a, open, err := openAccord(t.tx, t.row.edition, accordUnseal, string(id))
		if err != nil {
			return err
		}
		if !open {
			if err := proposed(t.tx, t.ed, by, actUnseal, accord{kind: accordUnseal, about: string(id), body: string(reason)}); err != nil {
				return err
			}
			return t.tx.Leave(kUnsealProposed.Event(by, t.row.edition, string(id), noBody{}))
		}
		if a.body != string(reason) {
			return glosa.Refuse(glosa.Conflict, "sl.otherreason")
		}
		posts, err := confirmed(t.tx, t.ed, by, actUnseal, a)
		if err != nil {
			return err
		}
		body := unsealedBody{Reason: reason, Posts: posts}
		for _, s := range all {
			body.Bundles = append(body.Bundles, s.digest)
		}
		return t.leave(kUnsealed, body, Step{Word: reason, Number: len(all)})
	})
}

// Bundles hands the sealed originals of a question to one of the two who agreed
// to it, once the record says so. Errors: Denied; NotFound.
func (d *Desk) Bundles(ctx context.Context, by glosa.Actor, id glosa.QuestionID) (out []json.RawMessage, err error) {
	if err := by.May(actUnseal); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		out = nil
		r, err := load(tx, id)
		if err == nil {
			err = by.MayIn(actUnseal, r.edition)
		}
		if err != nil {
			return err
		}
		last, err := lastAccord(tx, r.edition, accordUnseal, string(id))
		if err != nil {
			return err
		}
		if last.second == nil || last.first.human != by.Human && last.second.human != by.Human {
			return glosa.Missing("seal", string(id))
		}
		all, err := selectSealed(tx, id)
		for _, s := range all {
			if s.at.Before(last.closedAt) { // what was sealed since was not agreed on
				out = append(out, json.RawMessage(s.bundle))
			}
		}
		return err
	})
	return out, err
}

// Strikable is one question before somebody who redacts: its present words, what
// is proposed, and what was sealed before.
type Strikable struct {
	ID       glosa.QuestionID
	Edition  glosa.EditionID
	State    State
	Language glosa.Code
	Version  int
	Text     string
	Context  string
	Struck   bool
	Proposal *Proposal // an open redaction
	Opening  *Proposal // somebody asks for the sealed originals
	Sealed   int       // how many originals are sealed
	Handed   time.Time // when two sides agreed that this actor may fetch them; zero when they did not
}

// Proposal is what waits for a second person of the other side, who sees it whole.
type Proposal struct {
	ID     string
	About  string // a folio; of a key the side
	Spans  []Span
	Key    string     // the public key that is proposed
	Reason glosa.Code // why the sealed original is asked for
	Side   glosa.Side // who proposed it
	Ours   bool       // the actor's side did: the other one must confirm
	At     time.Time
}

func (a accord) proposal(by glosa.Actor) *Proposal {
	p := &Proposal{ID: a.id, About: a.about, Side: a.first.side, Ours: a.first.side == by.Side, At: a.first.at}
	switch a.kind {
	case accordStrike:
		p.Spans = a.spans()
	case accordKey:
		p.Key = a.body
	case accordUnseal:
		p.Reason = glosa.Code(a.body)
	}
	return p
}

// Strikable opens one question for whoever redacts. Errors: Denied; NotFound;
// Conflict when its words are gone or are not public any more.
func (d *Desk) Strikable(ctx context.Context, by glosa.Actor, id glosa.QuestionID) (s Strikable, err error) {
	if err := by.May(actRedact); err != nil {
		return s, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err == nil {
			err = by.MayIn(actRedact, r.edition)
		}
		if err == nil {
			err = r.mayStrike()
		}
		if err != nil {
			return err
		}
		all, err := selectWords(tx, id)
		if err != nil {
			return err
		}
		o := objectOf(present(all, r.version).object)
		s = Strikable{ID: id, Edition: r.edition, State: r.state, Language: r.lang, Version: r.version, Text: o.Text, Context: o.Context,
			Struck: o.Kind == glosa.Code(TextRedacted)}
		return s.accords(tx, by)
	})
	return s, err
}

func (s *Strikable) accords(tx *db.Tx, by glosa.Actor) error {
	open, err := openAccords(tx, s.Edition)
	if err != nil {
		return err
	}
	for _, a := range open {
		switch {
		case a.about != string(s.ID):
		case a.kind == accordStrike:
			s.Proposal = a.proposal(by)
		case a.kind == accordUnseal:
			s.Opening = a.proposal(by)
		}
	}
	all, err := selectSealed(tx, s.ID)
	if err != nil {
		return err
	}
	s.Sealed = len(all)
	last, err := lastAccord(tx, s.Edition, accordUnseal, string(s.ID))
	if err == nil && last.second != nil && (last.first.human == by.Human || last.second.human == by.Human) {
		s.Handed = last.closedAt
	}
	return err
}

// Seals is what an edition's desks need to know of keys and of what waits for a
// second person.
type Seals struct {
	Keys    map[glosa.Side]SealKey
	Keying  map[glosa.Side]*Proposal // keys that are proposed
	Strikes []*Proposal
	Opening []*Proposal
}

// Ready tells whether a text can be redacted: both sides have a key.
func (s Seals) Ready() bool { return len(s.Keys) == 2 }

// Seals reads the keys and the open proposals of an edition. Errors: Denied.
func (d *Desk) Seals(ctx context.Context, by glosa.Actor, ed glosa.EditionID) (s Seals, err error) {
	if err := by.MayIn(actAccord, ed); err != nil {
		return s, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		s = Seals{Keying: map[glosa.Side]*Proposal{}}
		if s.Keys, err = selectSealKeys(tx, ed); err != nil {
			return err
		}
		open, err := openAccords(tx, ed)
		for _, a := range open {
			switch a.kind {
			case accordKey:
				s.Keying[glosa.Side(a.about)] = a.proposal(by)
			case accordStrike:
				s.Strikes = append(s.Strikes, a.proposal(by))
			case accordUnseal:
				s.Opening = append(s.Opening, a.proposal(by))
			}
		}
		return err
	})
	return s, err
}
