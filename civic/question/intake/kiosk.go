package intake

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"glosa"
	"glosa/db"
)

// Device is a device that is a kiosk, or a code that may still make one.
type Device struct {
	ID     string
	Opened time.Time // zero: nobody typed the code yet
	Until  time.Time
}

const (
	codeLetters = 8 // 40 bits, for a quarter of an hour
	codeLasts   = 15 * time.Minute

	// DeviceLasts is how long a device stays a kiosk: an intake, and no longer.
	DeviceLasts = 60 * 24 * time.Hour
)

// hashOf is what is kept of a code or of a device's word.
func hashOf(what string, desk DeskID, word string) glosa.Hash {
	return glosa.Digest([]byte("glosa/kiosk/" + what + "\x00" + string(desk) + "\x00" + word))
}

// plainCode is a code without what people add: blanks, hyphens, small letters, and
// the digits that look like letters of its alphabet.
func plainCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z', r >= '2' && r <= '7':
			return r
		case r == '0':
			return 'O'
		case r == '1':
			return 'I'
		case r == '8':
			return 'B'
		}
		return -1
	}, strings.ToUpper(typed))
}

// Invite makes a code that opens one device as this kiosk, once. A code that
// nobody typed is void by the next.
// Errors: Denied; Closed; NotFound when the desk is no kiosk.
func (d *Desk) Invite(ctx context.Context, by glosa.Actor, id DeskID) (code string, until time.Time, err error) {
	if err := by.May(actKiosk); err != nil {
		return "", until, err
	}
	drawn, name := rand.Text()[:codeLetters], rand.Text()
	err = d.at(ctx, by, actKiosk, id, func(t *turn) error {
		if t.t.Kind != Kiosk {
			return glosa.Missing("desk", string(id))
		}
		if err := deleteCodes(t.tx, id); err != nil {
			return err
		}
		until = t.tx.Now.Add(codeLasts)
		if err := insertKiosk(t.tx, name, id, hashOf("code", id, drawn), by.By(), until); err != nil {
			return err
		}
		return t.leave(kInvited, enteredBody{})
	})
	return drawn[:codeLetters/2] + "-" + drawn[codeLetters/2:], until, err
}

// Unlock makes the device that types a code this desk's kiosk: what it returns is
// kept by the device, and nothing but a hash of it here.
// Errors: Invalid when there is no such code, or its time is over; NotFound.
func (d *Desk) Unlock(ctx context.Context, id DeskID, typed string) (device string, err error) {
	if _, err := d.Kiosk(ctx, id); err != nil {
		return "", err
	}
	device = rand.Text()
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		opened, err := openKiosk(tx, id, hashOf("code", id, plainCode(typed)), hashOf("device", id, device), tx.Now.Add(DeviceLasts))
		if err == nil && !opened {
			err = glosa.WrongField("code", "it.kiosk.code.wrong")
		}
		if err != nil {
			return err
		}
		t, err := load(tx, id)
		if err != nil {
			return err
		}
		return tx.Leave(kUnlocked.Event(glosa.Citizen(), t.Edition, string(id), enteredBody{}))
	})
	return device, err
}

// Shut takes a device's leave away, or a code nobody typed.
// Errors: Denied; Closed; NotFound.
func (d *Desk) Shut(ctx context.Context, by glosa.Actor, id DeskID, device string) error {
	if err := by.May(actKiosk); err != nil {
		return err
	}
	return d.at(ctx, by, actKiosk, id, func(t *turn) error {
		gone, err := deleteKiosk(t.tx, id, device)
		if err == nil && !gone {
			err = glosa.Missing("desk", device)
		}
		if err != nil {
			return err
		}
		return t.leave(kShut, enteredBody{})
	})
}

// Unlocked tells whether a device is this desk's kiosk.
func (d *Desk) Unlocked(ctx context.Context, id DeskID, device string) (yes bool, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		yes, err = isKiosk(tx, id, device)
		return err
	})
	return yes, err
}

func isKiosk(tx *db.Tx, id DeskID, device string) (bool, error) {
	if device == "" {
		return false, nil
	}
	return hasKiosk(tx, id, hashOf("device", id, device))
}
