package question

import (
	"context"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

// What people's rights over their data do to a question. The room of rights asks
// for it inside its own act (civic/people/rights knows no question).

// Author tells which question a folio and key open. A folio that does not exist
// and a key that does not fit are the same error: Invalid, field "key".
func Author(tx *db.Tx, folio, key string) (glosa.QuestionID, glosa.EditionID, error) {
	id, err := ParseFolio(folio)
	if err != nil {
		return "", "", glosa.WrongField("key", "q.badkey")
	}
	auth, err := Proof{Key: key}.auth()
	if err != nil {
		return "", "", err
	}
	r, err := load(tx, id)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return "", "", err
	}
	if err != nil || key == "" || !opens(auth, r.auth) {
		return "", "", glosa.WrongField("key", "q.badkey")
	}
	return id, r.edition, nil
}

// TypedFolio tells which question a typed folio is. Invalid (field "folios").
func TypedFolio(tx *db.Tx, folio string) (glosa.QuestionID, glosa.EditionID, error) {
	id, err := ParseFolio(folio)
	if err != nil {
		return "", "", glosa.WrongField("folios", "ar.folios.unknown")
	}
	r, err := load(tx, id)
	if glosa.KindOf(err) == glosa.NotFound {
		err = glosa.WrongField("folios", "ar.folios.unknown")
	}
	return id, r.edition, err
}

// OwnData is everything that this room keeps about the author of a question. It
// is given to the author and to nobody else.
type OwnData struct {
	Folio        glosa.QuestionID     `json:"folio"`
	State        State                `json:"state"`
	Received     time.Time            `json:"received"`
	Municipality glosa.TerritoryCode  `json:"municipality"`
	Institution  glosa.InstitutionKey `json:"institution,omitempty"`
	Name         string               `json:"name,omitempty"`
	Rating       glosa.Code           `json:"rating,omitempty"`
	Erased       bool                 `json:"erased"`
	Texts        []HeldText           `json:"texts"`
	Files        []HeldFile           `json:"files,omitempty"`       // what came with it
	Pace         glosa.Code           `json:"pace,omitempty"`        // what moderators were told of how it came: [Item.Pace]
	FollowedBy   *OwnData             `json:"followed_by,omitempty"` // what they asked once more, by the same key
}

// HeldText is one version of the words, whether they are published or not.
type HeldText struct {
	Version int        `json:"version"`
	Words   Object     `json:"words"`
	Commit  glosa.Hash `json:"commit"`
}

// HeldFile is a file that came with it, and in base64 what it holds; without where
// it was erased.
type HeldFile struct {
	FileObject
	Content []byte `json:"content,omitempty"`
	at      *lying
}

// Complete fills in what [Desk.Held] read of files: they lie outside the database.
func (d *Desk) Complete(ctx context.Context, held any) (any, error) {
	h, is := held.(OwnData)
	if !is {
		return held, nil
	}
	err := d.fill(ctx, &h)
	return h, err
}

func (d *Desk) fill(ctx context.Context, h *OwnData) (err error) {
	for i := range h.Files {
		f := &h.Files[i]
		if f.at == nil {
			continue
		}
		if f.Content, err = d.takeUp(ctx, *f.at); err != nil {
			return err
		}
	}
	if h.FollowedBy != nil {
		return d.fill(ctx, h.FollowedBy)
	}
	return nil
}

// Held reads it, with the follow-up. NotFound.
func (d *Desk) Held(tx *db.Tx, id glosa.QuestionID) (any, error) {
	h, err := d.held(tx, id)
	if err != nil {
		return nil, err
	}
	more, err := selectFollow(tx, id)
	if err != nil || len(more) == 0 {
		return h, err
	}
	follow, err := d.held(tx, more[0])
	h.FollowedBy = &follow
	return h, err
}

func (d *Desk) held(tx *db.Tx, id glosa.QuestionID) (h OwnData, err error) {
	r, err := load(tx, id)
	if err != nil {
		return h, err
	}
	h = OwnData{Folio: id, State: r.state, Received: r.received, Municipality: r.municipality, Institution: r.institution, Rating: r.rating,
		Erased: r.erased, Texts: []HeldText{}}
	if r.person != "" {
		name, err := people.Open(tx, d.Safe, people.PersonID(r.person))
		if err != nil {
			return h, err
		}
		h.Name = name.Reveal()
	}
	if h.Pace, err = selectPace(tx, id); err != nil {
		return h, err
	}
	all, err := selectWords(tx, id)
	for _, w := range all {
		switch {
		case w.object == nil:
		case w.kind == TextAttachment:
			var a Attached
			a.read(w.object)
			f := HeldFile{FileObject: a.FileObject}
			where, err := selectFile(tx, id, w.version)
			if err != nil {
				return h, err
			}
			if len(where) > 0 {
				f.at = &where[0]
			}
			h.Files = append(h.Files, f)
		default:
			h.Texts = append(h.Texts, HeldText{Version: w.version, Words: objectOf(w.object), Commit: w.commit})
		}
	}
	return h, err
}

// EraseAsked erases a question at its author's request, as two persons of two
// sides granted; now is false when it was erased before, and then nothing changes.
// An erasure that waits for a second word here is over with it. Denied; NotFound.
func (d *Desk) EraseAsked(tx *db.Tx, by glosa.Actor, two [2]people.Voice, id glosa.QuestionID) (now bool, err error) {
	err = named(tx, by, id, func(t *turn) error {
		if t.row.erased {
			return nil
		}
		now, t.elsewhere = true, d.Elsewhere
		all, err := selectRulings(tx, id)
		if err != nil {
			return err
		}
		word := groundRequest + "/arco_cancellation"
		r := ruling{id: tx.NewID(), question: id, kind: kindErase, round: 1, first: spoken(two[0], word)}
		for _, old := range all {
			if old.kind != kindErase {
				continue
			}
			r.round++
			if old.outcome = outNothing; old.closed.IsZero() {
				if err := closeRuling(tx, old); err != nil {
					return err
				}
			}
		}
		if !two[1].SecondTo(two[0]) {
			return glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
		}
		if err := insertRuling(tx, r); err != nil {
			return err
		}
		second := spoken(two[1], word)
		r.second = &second
		return t.conclude(r)
	})
	return now, err
}

// spoken is a voice with its word.
func spoken(v people.Voice, word glosa.Code) voice {
	return voice{human: v.Human, side: v.Side, post: v.Post, word: word, at: v.At}
}

// UnnameAsked takes the author's name off at their request; now is false when it
// bears none, and then nothing changes. NotFound.
func UnnameAsked(tx *db.Tx, by glosa.Actor, id glosa.QuestionID) (now bool, err error) {
	err = named(tx, by, id, func(t *turn) error {
		if !t.row.signed {
			return nil
		}
		now = true
		if err := t.unname(); err != nil {
			return err
		}
		return tx.Leave(kUnnamed.Event(by, t.row.edition, string(id), noBody{}))
	})
	return now, err
}

// RenameAsked puts another name in the place of the one that the author signed
// with, at their request. Conflict when it bears none; NotFound.
func RenameAsked(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, name people.Sealed) error {
	return named(tx, by, id, func(t *turn) error {
		if !t.row.signed || t.row.person == "" {
			return glosa.Refuse(glosa.Conflict, "ar.unsigned", "folio", string(id))
		}
		if err := people.Forget(tx, people.PersonID(t.row.person)); err != nil {
			return err
		}
		kept, err := people.KeepAuthor(tx, name)
		if err != nil {
			return err
		}
		t.row.person = string(kept)
		return tx.Leave(kRenamed.Event(by, t.row.edition, string(id), noBody{}))
	})
}

func named(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, fn func(t *turn) error) error {
	r, err := load(tx, id)
	if err != nil {
		return err
	}
	ed, err := edition.Load(tx, r.edition)
	if err != nil {
		return err
	}
	t := &turn{tx: tx, ed: ed, by: by, row: &r}
	if err := fn(t); err != nil {
		return err
	}
	return save(tx, &r)
}
