package voter

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

const (
	// CodeLasts is how long a mailed code is good.
	CodeLasts = 10 * time.Minute
	// Tries is how often a mailed code may be typed wrong.
	Tries = 5

	digits = 8
	// mailsADay is how many codes one mailbox gets in a day at the wish of one
	// network, and mailsOfAll whoever asks: a stranger who asks for somebody's
	// mailbox uses up their own share, and not the owner's.
	mailsADay  = 5
	mailsOfAll = 25
	// callerMails is how many one network asks for in an hour: a school or an
	// assembly behind one address passes, a machine that writes to strangers does not.
	callerMails = 1000
)

// Showing is a mailbox that somebody says is theirs.
type Showing struct {
	Mailbox  people.Private // [people.Mailbox] made it
	Language glosa.Code     // of the mail
	Edition  glosa.EditionID
	Caller   string // their network as an opaque word of today
}

// proof is a mailbox that is being shown, as it is kept for ten minutes.
type proof struct {
	id         string
	code       glosa.Hash // under the doors' key; chance when none was mailed
	identifier glosa.Hash // of the canonical mailbox, under the doors' key
	boxID      people.PersonID
	box        []byte // a sealed letter; empty when it was sent, or will not be
	tries      int
	until      time.Time
}

// letter is what the box holds until the mail is sent.
type letter struct {
	Mailbox  string          `json:"mailbox"`
	Code     string          `json:"code"`
	Language glosa.Code      `json:"language"`
	Edition  glosa.EditionID `json:"edition"`
}

const letterBox = "voter.letter"

// SendCode mails a code to a mailbox. The handle that it returns goes with the
// code: the browser that asked keeps it, so a code read over somebody's shoulder
// is of no use elsewhere. Nothing in its outcome depends on the mailbox, also when
// that has had enough codes for today.
//
// Errors: Denied; NotFound; Invalid (field "mail"); Closed where no mail is sent, and
// in an edition where a mailbox is of no use now; Busy when the network asked too often.
func (d *Desk) SendCode(ctx context.Context, by glosa.Actor, s Showing) (handle string, err error) {
	if err := by.May(actAskCode); err != nil {
		return "", err
	}
	if err := d.TakesMail(ctx, s.Edition); err != nil {
		return "", err
	}
	if _, err := people.Mailbox(s.Mailbox.Reveal()); err != nil {
		return "", err
	}
	now := d.DB.Clock().Now()
	if err := d.networks.Take(s.Caller, callerMails, time.Hour, now); err != nil {
		return "", err
	}
	key, err := d.Keys.EditionKey(doorKey)
	if err != nil {
		return "", err
	}
	handle = rand.Text()
	l := letter{Mailbox: s.Mailbox.Reveal(), Code: newDigits(), Language: s.Language, Edition: s.Edition}
	p := proof{id: proofID(handle), code: codeDigest(key, handle, l.Code), until: now.Add(CodeLasts),
		identifier: glosa.Hash(mac(key[:], "mailbox", people.Canonical(s.Mailbox).Reveal()))}
	js, err := json.Marshal(l)
	if err != nil {
		return "", err
	}
	p.boxID, p.box = d.Safe.Close(letterBox, js)
	sent := d.mailed(string(p.identifier[:]), s.Caller, now)
	if !sent { // its code may be guessed as often as any, and there is none
		p.box = []byte{}
		_, _ = rand.Read(p.code[:]) // crypto/rand never fails on a working machine
	}
	return handle, d.DB.Act(ctx, func(tx *db.Tx) error {
		if err := insertProof(tx, p); err != nil || !sent {
			return err
		}
		return tx.Leave(kAsked.Event(by, "", p.id, noBody{}))
	})
}

// mailed tells whether a mailbox gets one more code today at the wish of a network,
// and counts it. What a network is refused is not counted against the mailbox.
func (d *Desk) mailed(box, caller string, now time.Time) bool {
	return d.mailboxes.Take(box+caller, mailsADay, 24*time.Hour, now) == nil &&
		d.mailboxes.Take(box, mailsOfAll, 24*time.Hour, now) == nil
}

// newDigits draws a code that people type: eight digits.
func newDigits() string {
	out := make([]byte, 0, digits)
	for len(out) < digits {
		var b [16]byte
		_, _ = rand.Read(b[:]) // crypto/rand never fails on a working machine
		for _, c := range b {
			if c < 250 && len(out) < digits { // each digit as likely as any other
				out = append(out, '0'+c%10)
			}
		}
	}
	return string(out)
}

// proofID is what is kept of a handle.
func proofID(handle string) string {
	h := glosa.Digest([]byte("glosa/proof/v1\x00" + handle))
	return hex.EncodeToString(h[:16])
}

// codeDigest is what is kept of a mailed code.
func codeDigest(key [32]byte, handle, code string) glosa.Hash {
	return glosa.Hash(mac(key[:], "mailed", handle, code))
}

// ShowMailbox takes the code that was mailed, once, and gives the token of the
// mailbox's door. A wrong code, one too many, one that is over and one that was
// never sent are refused alike.
//
// Errors: Denied; Invalid (field "code").
func (d *Desk) ShowMailbox(ctx context.Context, by glosa.Actor, handle, typed string) (token string, err error) {
	if err := by.May(actShowMailbox); err != nil {
		return "", err
	}
	key, err := d.Keys.EditionKey(doorKey)
	if err != nil {
		return "", err
	}
	want := codeDigest(key, handle, strings.Map(onlyDigits, typed))
	var p proof
	right := false
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		right = false
		found, err := selectProof(tx, proofID(handle))
		if err != nil || len(found) == 0 {
			return err
		}
		p = found[0]
		if p.tries >= Tries || !tx.Now.Before(p.until) {
			return nil
		}
		if !hmac.Equal(want[:], p.code[:]) {
			return countTry(tx, p.id)
		}
		right = true
		return deleteProof(tx, p.id)
	})
	if err != nil {
		return "", err
	}
	if !right {
		return "", glosa.WrongField("code", "vo.code.bad")
	}
	return d.token(Contact, "", p.identifier)
}

// onlyDigits drops what people write between digits.
func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// Letter is what a mail with a code says.
type Letter struct {
	To       people.Private
	Code     string
	Language glosa.Code
	Edition  glosa.EditionID
}

// Write reads the letter of a proof, for the mail. NotFound when it was sent, used
// or is over.
func (d *Desk) Write(tx *db.Tx, id string) (Letter, error) {
	found, err := selectProof(tx, id)
	if err != nil {
		return Letter{}, err
	}
	if len(found) == 0 || len(found[0].box) == 0 || !tx.Now.Before(found[0].until) {
		return Letter{}, glosa.Missing("proof", "")
	}
	js, err := d.Safe.Reopen(letterBox, found[0].boxID, found[0].box)
	if err != nil {
		return Letter{}, err
	}
	var l letter
	err = json.Unmarshal(js, &l)
	return Letter{To: people.NewPrivate(l.Mailbox), Code: l.Code, Language: l.Language, Edition: l.Edition}, err
}

// Written forgets the letter of a proof, inside the act that settles its mail: the
// address is kept no longer than it takes to write to it.
func (d *Desk) Written(tx *db.Tx, id string) error { return emptyProof(tx, id) }

// Due forgets proofs that are over.
func (d *Desk) Due() edition.Due {
	return edition.Due{Room: "voter", Next: selectFirstOver, Run: func(tx *db.Tx, now time.Time, _ int) (int, error) {
		return deleteOver(tx, now)
	}}
}

// Waiting counts the mailboxes that are being shown.
func (d *Desk) Waiting(ctx context.Context) (n int, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = countProofs(tx)
		return err
	})
	return n, err
}
