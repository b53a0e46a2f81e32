package question

import (
	"context"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// accord is what two people of different sides do together in sight of each
// other: one proposes, the other sees it whole and confirms it, or it does not
// happen. A [ruling] is different: there the second does not see the first word.
type accord struct {
	id       string
	edition  glosa.EditionID
	kind     accordKind
	about    string // a folio; of a key the side
	body     string // JSON: spans, a public key, a reason. Never words of a question.
	first    voice
	second   *voice
	outcome  glosa.Code // agreed, dropped; "" while it is open
	closedAt time.Time
}

type accordKind string

const (
	accordStrike accordKind = "strike" // personal data out of a text
	accordKey    accordKind = "key"    // the public key of a side
	accordUnseal accordKind = "unseal" // the sealed original is handed out

	agreed  glosa.Code = "agreed"
	dropped glosa.Code = "dropped"
)

// voiceOf is the actor as one of the two; Denied for whoever has no side, or has
// left their place since.
func voiceOf(tx *db.Tx, ed edition.Edition, by glosa.Actor, act glosa.Act) (voice, error) {
	if !by.OneOfTwo() {
		return voice{}, glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	}
	v := voice{human: by.Human, side: by.Side, post: glosa.Code(by.By()), at: tx.Now}
	return v, people.MayActHere(tx, by, act, tx.Now.In(ed.Zone))
}

// proposed opens an accord. Conflict when one is open already.
func proposed(tx *db.Tx, ed edition.Edition, by glosa.Actor, act glosa.Act, a accord) error {
	v, err := voiceOf(tx, ed, by, act)
	if err != nil {
		return err
	}
	if _, open, err := openAccord(tx, ed.ID, a.kind, a.about); err != nil || open {
		if err == nil {
			err = glosa.Refuse(glosa.Conflict, "sl.open")
		}
		return err
	}
	a.id, a.edition, a.first = tx.NewID(), ed.ID, v
	return insertAccord(tx, a)
}

// confirmed closes an accord by its second person. Denied for the same human or
// the same side.
func confirmed(tx *db.Tx, ed edition.Edition, by glosa.Actor, act glosa.Act, a accord) (posts []glosa.Code, err error) {
	v, err := voiceOf(tx, ed, by, act)
	if err != nil {
		return nil, err
	}
	if !by.SecondTo(a.first.human, a.first.side) {
		return nil, glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	}
	a.second, a.outcome = &v, agreed
	return []glosa.Code{a.first.post, v.post}, closeAccord(tx, a)
}

// acts is which act of may.txt an accord is.
var accordActs = map[accordKind]glosa.Act{accordStrike: actRedact, accordKey: actSealKey, accordUnseal: actUnseal}

// Drop ends a proposal that is not agreed to: by the other person, or by the one
// who made it. Nothing changes and nothing is said in public.
// Errors: Denied; NotFound; Conflict when it is decided already.
func (d *Desk) Drop(ctx context.Context, by glosa.Actor, id string) error {
	if err := by.May(actAccord); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		a, err := selectAccord(tx, id)
		if err != nil {
			return err
		}
		ed, err := edition.Enter(tx, by, accordActs[a.kind], a.edition)
		if err != nil {
			return err
		}
		v, err := voiceOf(tx, ed, by, accordActs[a.kind])
		if err != nil {
			return err
		}
		if a.outcome != "" {
			return glosa.Refuse(glosa.Conflict, "e.409")
		}
		if a.outcome = dropped; by.SecondTo(a.first.human, a.first.side) {
			a.second = &v
		}
		if err := closeAccord(tx, a); err != nil {
			return err
		}
		return tx.Leave(kDropped.Event(by, a.edition, a.about, noBody{}))
	})
}

// dropAccords ends what waits for a second person about a question whose words
// are gone or cannot be redacted any more: nobody could confirm it.
func (t *turn) dropAccords() error {
	for _, kind := range []accordKind{accordStrike, accordUnseal} {
		a, open, err := openAccord(t.tx, t.row.edition, kind, string(t.row.id))
		if err != nil {
			return err
		}
		if !open || kind == accordUnseal && !t.row.erased { // a sealed original outlives a withdrawal
			continue
		}
		a.outcome = dropped
		if err := closeAccord(t.tx, a); err != nil {
			return err
		}
		if err := t.tx.Leave(kDropped.Event(t.by, t.row.edition, string(t.row.id), noBody{})); err != nil {
			return err
		}
	}
	return nil
}
