package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"glosa/civic/people/notice"
	"glosa/db"
)

// State is where a mail stands: see the package's drawing.
type State string

const (
	Waiting State = "waiting"
	Claimed State = "claimed"
	Handed  State = "handed"
	Sent    State = "sent"
	Unsure  State = "unsure"
	Refused State = "refused"
	Dropped State = "dropped"
)

// Sort is why a mail is written.
type Sort string

const (
	Confirm Sort = "confirm" // somebody left this address: is it theirs?
	Each    Sort = "each"    // one thing happened
	Digest  Sort = "digest"  // what happened in a day
	Right   Sort = "right"   // a request over one's own data is resolved
	Proof   Sort = "proof"   // a code by which somebody shows a mailbox
)

// Mail is one mail to one contact.
type Mail struct {
	ID           string
	Contact      notice.ContactID
	Sort         Sort
	Subscription notice.SubscriptionID // by which; "" for a digest; of a request its folio, of a code its proof
	State        State
	Made         time.Time
	Due          time.Time
	Tries        int
	Code         int // of the server's last reply that was no 250
}

// idOf is the id of a mail, a function of whom it is for and what it says: the
// first 12 bytes of SHA-256("glosa/mail/v1" ‖ 0 ‖ contact ‖ 0 ‖ sort ‖ 0 ‖ what).
// It is the left half of the Message-ID.
func idOf(c notice.ContactID, sort Sort, what string) string {
	h := sha256.Sum256([]byte("glosa/mail/v1\x00" + string(c) + "\x00" + string(sort) + "\x00" + what))
	return hex.EncodeToString(h[:12])
}

const (
	// digestHour is when digests go out, local time.
	digestHour = 8
	// giveUp is how long a mail that nobody takes is tried.
	giveUp = 5 * 24 * time.Hour
	// keptFor is how long it is known who was told what: bounces come within days.
	keptFor = 35 * 24 * time.Hour
)

// nextDigest is the first hour of digests after now.
func nextDigest(now time.Time, zone *time.Location) time.Time {
	y, m, d := now.In(zone).Date()
	at := time.Date(y, m, d, digestHour, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(y, m, d+1, digestHour, 0, 0, 0, zone)
	}
	return at
}

// pause is how long a mail waits after so many tries.
func pause(tries int) time.Duration {
	return min(4*time.Hour, time.Minute<<(2*min(tries-1, 4)))
}

// Counts tells how many mails there are in each state.
func Counts(ctx context.Context, d *db.DB) (n map[State]int, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		n, err = selectStates(tx)
		return err
	})
	return n, err
}

// Resend sends the unsure mails again, because the keeper says so: whoever got
// one already gets a copy with the same Message-ID. It tells how many there were.
func Resend(ctx context.Context, d *db.DB) (n int64, err error) {
	err = d.Act(ctx, func(tx *db.Tx) error {
		n, err = resend(tx)
		return err
	})
	return n, err
}
