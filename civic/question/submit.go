package question

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/question/attachment"
	"glosa/civic/report"
	"glosa/db"
)

// Receipt is what the author takes home.
type Receipt struct {
	ID       glosa.QuestionID
	Key      string // only when the server made it, and only the first time
	Promise  []byte // signed note; shareable
	MergeBy  time.Time
	Received time.Time
	ReviewBy time.Time // when a moderator is to have decided
	Repeated bool      // the same submission had been received before
}

// errRace says that the same submission arrived twice at the same instant: the
// second run finds the first.
var errRace = errors.New("question: the same submission at the same instant")

// prepared is a question before the act: everything that is drawn, hashed or
// signed is done, so that the act only writes.
type prepared struct {
	ask      Ask
	wrong    []glosa.Field
	object   string
	server   [32]byte
	commit   glosa.Hash
	auth     glosa.Hash
	lock     glosa.Hash
	lockBy   glosa.Code
	key      string
	note     []byte
	mergeBy  time.Time
	received time.Time
	draw     [32]byte
	name     *people.Sealed
	follows  glosa.QuestionID
	further  []further        // what came with the words, each under a commitment of its own
	printed  glosa.QuestionID // the folio on its sheet; "" draws one
	file     *attachment.File
	lies     lying
	promised func(*db.Tx, glosa.CommitmentID) (bool, error)
}

// Submit takes a question from anybody, without an account. The reply holds the
// folio, the key when the server made it, and the signed promise.
//
// Errors: Invalid naming every wrong field at once; Closed when intake is not
// open, with when it opens; Conflict when the idempotency key came with another
// body before; NotFound when there is no such edition.
func (d *Desk) Submit(ctx context.Context, by glosa.Actor, ed glosa.EditionID, a Ask) (Receipt, error) {
	if err := by.May(actSubmit); err != nil {
		return Receipt{}, err
	}
	p, err := d.prepare(ed, a, kReceived)
	if err != nil {
		return Receipt{}, err
	}
	return d.receive(ctx, by, actSubmit, ed, p)
}

// Sent tells whether this very question was received already under its mark: its
// receipt is asked for again, and nothing new comes in.
func (d *Desk) Sent(ctx context.Context, ed glosa.EditionID, a Ask) (sent bool, err error) {
	if a.Once == "" {
		return false, nil
	}
	a = a.tidy()
	a.Language = cmp.Or(a.Language, "es")
	call, body := a.once(ed, "")
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		was, _, err := selectOnce(tx, call)
		sent = err == nil && was == body
		if glosa.KindOf(err) == glosa.NotFound {
			return nil
		}
		return err
	})
	return sent, err
}

// prepare does everything that needs no database.
func (d *Desk) prepare(ed glosa.EditionID, a Ask, kind glosa.EventKind) (*prepared, error) {
	p := &prepared{ask: a.tidy(), draw: seed(), server: seed(), received: d.DB.Clock().Now(), promised: d.Promised}
	if err := d.examine(p); err != nil {
		return nil, err
	}
	if p.wrong = append(p.wrong, p.ask.shape()...); len(p.wrong) > 0 {
		return p, nil // the act adds what the edition's rules say, so that all fields come at once
	}
	if p.ask.Language == "" {
		p.ask.Language = "es"
	}
	p.auth, p.lock, p.lockBy = p.ask.Auth, p.ask.Lock, "device"
	if p.auth.IsZero() {
		var k Key
		_, _ = rand.Read(k[:]) // crypto/rand never fails on a working machine
		auth, lock := k.Auth(), k.Lock()
		p.key, p.lockBy = k.String(), "server"
		p.auth, p.lock = glosa.Digest(auth[:]), glosa.Digest(lock[:])
	}
	if err := p.seal(ed, d); err != nil {
		return nil, err
	}
	if err := d.commitFile(p); err != nil {
		return nil, err
	}
	var err error
	p.note, p.mergeBy, err = d.Promise(glosa.Code(kind.Name), p.commit, p.received)
	return p, err
}

// seal commits to the words and closes the name up.
func (p *prepared) seal(ed glosa.EditionID, d *Desk) error {
	a := p.ask
	js, err := glosa.JCS(Object{Commitment: a.Commitment, Context: a.Context, Edition: ed, Institution: a.Institution, Kind: "question",
		Language: a.Language, Municipality: a.Municipality, Passage: a.Passage, Text: a.Text, V: 1})
	if err != nil {
		return err
	}
	p.object = string(js)
	if p.commit, err = commitTo(p.server, a.Salt, p.object); err != nil {
		return err
	}
	if a.NamePolicy != Named {
		return nil
	}
	sealed, err := d.Safe.Seal(people.AuthorName, people.NewPrivate(a.Name))
	p.name = &sealed
	return err
}

// receive writes a prepared question. At most two runs: the second only when
// the same submission arrived twice at the same instant.
func (d *Desk) receive(ctx context.Context, by glosa.Actor, act glosa.Act, ed glosa.EditionID, p *prepared) (rc Receipt, err error) {
	if err := d.layDown(ctx, p); err != nil {
		return Receipt{}, err
	}
	for range 2 {
		err = d.DB.Act(ctx, func(tx *db.Tx) error {
			e, shut := edition.Enter(tx, by, act, ed)
			if shut != nil && glosa.KindOf(shut) != glosa.Closed {
				return shut
			}
			if p.ask.Once != "" { // a repeat is answered after closing too: it was received in time
				again, found, err := repeated(tx, ed, p)
				if found || err != nil {
					rc = again
					return err
				}
			}
			if shut != nil {
				return shut
			}
			if err := p.check(tx, e); err != nil {
				return err
			}
			rc, err = p.write(tx, by, e)
			return err
		})
		if !errors.Is(err, errRace) {
			break
		}
	}
	if err != nil {
		return Receipt{}, err
	}
	return rc, nil
}

// check lists every wrong field at once: by shape, by the edition's limits, by its places.
func (p *prepared) check(tx *db.Tx, e edition.Edition) error {
	wrong := append([]glosa.Field(nil), p.wrong...)
	wrong = append(wrong, p.ask.within(limitsOf(e))...)
	wrong = append(wrong, p.withinFile(limitsOf(e))...)
	if p.ask.Municipality != "" && !names(wrong, "municipality") {
		known, err := people.KnownMunicipality(tx, e.Territory, p.ask.Municipality)
		if err != nil {
			return err
		}
		if !known {
			wrong = append(wrong, glosa.Field{Name: "municipality", Key: "a.mun"})
		}
	}
	if p.ask.Institution != "" && !names(wrong, "institution") {
		_, err := people.AddresseeOn(tx, p.ask.Institution, tx.Now.In(e.Zone))
		var no *glosa.Error
		if err != nil && (glosa.KindOf(err) != glosa.Invalid || !errors.As(err, &no)) {
			return err
		}
		if no != nil {
			wrong = append(wrong, no.Fields...)
		}
	}
	if p.ask.Passage != "" && !names(wrong, "passage") {
		_, err := report.Read(tx, e.ID, p.ask.Passage)
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		if err != nil {
			wrong = append(wrong, glosa.Field{Name: "passage", Key: "a.passage"})
		}
	}
	if p.ask.Commitment != "" && p.promised != nil && !names(wrong, "commitment") {
		there, err := p.promised(tx, p.ask.Commitment)
		if err != nil {
			return err
		}
		if !there {
			wrong = append(wrong, glosa.Field{Name: "commitment", Key: "ak.commitment"})
		}
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

func names(wrong []glosa.Field, field string) bool {
	for _, f := range wrong {
		if f.Name == field {
			return true
		}
	}
	return false
}

// write draws the folio and keeps the question, its words and its event.
func (p *prepared) write(tx *db.Tx, by glosa.Actor, e edition.Edition) (Receipt, error) {
	r := &row{edition: e.ID, follows: p.follows, state: Received, since: p.received, received: p.received, lang: p.ask.Language,
		municipality: p.ask.Municipality, addressed: p.ask.Institution, passage: p.ask.Passage,
		lockBy: p.lockBy, auth: p.auth, lock: p.lock, mergeBy: p.mergeBy, version: 1}
	r.due = reviewBy(e, p.received).Due
	if p.follows != "" {
		if again, err := selectFollow(tx, p.follows); err != nil || len(again) > 0 {
			return Receipt{}, cmp.Or(err, error(glosa.Refuse(glosa.Conflict, "q.once")))
		}
	}
	if p.name != nil {
		r.signed, r.person = true, string(p.name.ID())
		if _, err := people.KeepAuthor(tx, *p.name); err != nil {
			return Receipt{}, err
		}
	}
	if err := p.drawFolio(tx, e, r); err != nil {
		return Receipt{}, err
	}
	err := insertWords(tx, words{question: r.id, version: 1, kind: TextAsked, commit: p.commit, server: p.server[:],
		device: p.ask.Salt[:], object: &p.object, state: Sealed, at: p.received})
	if err != nil {
		return Receipt{}, err
	}
	if p.ask.Pace != "" {
		if err := insertPace(tx, r.id, p.ask.Pace); err != nil {
			return Receipt{}, err
		}
	}
	if p.ask.Once != "" {
		call, body := p.ask.once(e.ID, p.follows)
		first, err := insertOnce(tx, call, body, r.id)
		if err != nil {
			return Receipt{}, err
		}
		if !first {
			return Receipt{}, errRace
		}
	}
	event := kReceived.Event(by, r.edition, string(r.id), receivedBody{Commit: p.commit, Lock: p.lock, LockBy: p.lockBy})
	if p.follows != "" {
		event = kFollowed.Event(by, r.edition, string(r.id),
			followedBody{Commit: p.commit, Lock: p.lock, LockBy: p.lockBy, To: p.follows}, "question:"+string(p.follows))
	}
	rc := Receipt{ID: r.id, Key: p.key, Promise: p.note, MergeBy: p.mergeBy, Received: p.received, ReviewBy: r.due}
	if err := tx.Leave(event); err != nil {
		return rc, err
	}
	t := &turn{tx: tx, ed: e, by: by, row: r}
	if err := t.untranslated(); err != nil {
		return rc, err
	}
	return rc, p.join(t)
}

// join adds what came with the words.
func (p *prepared) join(t *turn) error {
	for _, f := range p.further {
		version, err := t.add(f)
		if err == nil && f.kind == TextAttachment && p.lies.file != "" {
			err = insertFile(t.tx, t.row.id, version, p.lies)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// drawFolio draws a number without replacement. The question's own row is what
// takes the number (unique by edition), so nothing is counted and no row is
// shared: an insert that meets a taken number does nothing, and another number
// is drawn. Only the two newest blocks are drawn from; five taken numbers in a
// row say that they are about half full, and then the next block is opened. So
// a draw needs fewer than two inserts on average, folios stay short and tell no
// order. A printed sheet has its number already.
func (p *prepared) drawFolio(tx *db.Tx, e edition.Edition, r *row) error {
	if p.printed != "" {
		return p.takePrinted(tx, r)
	}
	rnd := mathrand.New(mathrand.NewChaCha8(p.draw))
	desk := openDoor
	if p.follows != "" {
		desk = followDesk
	}
	open, err := newestBlocks(tx, e.ID, desk)
	if err != nil {
		return err
	}
	tries := 0
	for taken := 0; ; taken++ {
		if len(open) == 0 || taken == crowded {
			next, err := nextBlock(tx, e.ID)
			if err != nil {
				return err
			}
			if err := openBlock(tx, e.ID, next, desk); err != nil {
				return err
			}
			open, taken = append(open[max(0, len(open)-1):], next), 0
		}
		r.number = open[rnd.IntN(len(open))]*blockSize + 1 + rnd.IntN(blockSize)
		r.id = FolioOf(e.Code, r.number)
		r.root = r.id
		done, err := insert(tx, r, p.note)
		if done || err != nil {
			return err
		}
		if tries++; tries > maxDraws {
			return glosa.Refuse(glosa.Busy, "e.busy")
		}
	}
}

// openDoor holds the blocks from which everybody's folios are drawn.
const openDoor = ""

// followDesk holds the blocks of follow-ups, so that the account of what was
// received stays closed when the intake is.
const followDesk = "follow"

// crowded is how many taken numbers in a row open a block.
const crowded = 5

// maxDraws is far beyond bad luck: a fresh block is nearly empty.
const maxDraws = 64

// repeated finds the receipt of the same submission. Conflict when its body was another.
func repeated(tx *db.Tx, ed glosa.EditionID, p *prepared) (Receipt, bool, error) {
	call, body := p.ask.once(ed, p.follows)
	was, id, err := selectOnce(tx, call)
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			return Receipt{}, false, nil
		}
		return Receipt{}, false, err
	}
	if was != body {
		return Receipt{}, true, glosa.Refuse(glosa.Conflict, "a.once_other", "folio", string(id))
	}
	r, err := load(tx, id)
	if err != nil {
		return Receipt{}, true, err
	}
	e, err := edition.Load(tx, ed)
	if err != nil {
		return Receipt{}, true, err
	}
	note, err := selectPromise(tx, id)
	return Receipt{ID: id, Promise: note, MergeBy: r.mergeBy, Received: r.received,
		ReviewBy: reviewBy(e, r.received).Due, Repeated: true}, true, err
}

func commitTo(server [32]byte, device [16]byte, object string) (glosa.Hash, error) {
	return glosa.Commit(glosa.Salt(server, device), rawObject(object))
}

// rawObject is canonical JSON that is hashed as it stands.
type rawObject string

// MarshalJSON gives the JSON itself.
func (o rawObject) MarshalJSON() ([]byte, error) { return []byte(o), nil }
