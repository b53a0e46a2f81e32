package notify

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/people/notice"
	"glosa/civic/people/rights"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/db"
	"glosa/job"
)

// queue is the queue of notices whose listeners are not all found yet.
const queue = "notify"

// perStep is how many contacts one step of a fan-out reaches.
const perStep = 256

// stale is how old news may be to be told: what a house without mail slept through
// is read on its pages.
const stale = 7 * 24 * time.Hour

// erased is the event after which there is nothing more to tell of a question.
const erased = "text.erased"

// Desk turns what happens into mails.
type Desk struct {
	DB       *db.DB
	Notice   *notice.Desk
	Question *question.Desk
	People   *people.Desk
	Rights   *rights.Desk
	Voter    *voter.Desk
	Zone     *time.Location // in which digests go out; nil: that of the newest edition
	Log      *slog.Logger
}

// zone is the clock on the wall of an edition, or of the newest one.
func (d *Desk) zone(tx *db.Tx, ed glosa.EditionID) *time.Location {
	if d.Zone != nil {
		return d.Zone
	}
	if zone, err := edition.Here(tx, ed); err == nil {
		return zone
	}
	return time.UTC
}

// Follow turns events into notices until ctx ends.
func (d *Desk) Follow(ctx context.Context) error { return d.DB.Follow(ctx, "notify", 256, d.Hear) }

// Hear takes events off the line: what is told becomes a notice and a job; whoever
// left an address is asked whether it is theirs; whoever was forgotten is sent nothing more.
func (d *Desk) Hear(tx *db.Tx, evs []glosa.Event) error {
	for _, e := range evs {
		var err error
		switch e.Kind {
		case notice.Asked:
			err = ask(tx, e)
		case notice.Forgotten:
			err = forgetContact(tx, notice.ContactID(e.Subject))
		case voter.Asked:
			err = proving(tx, e)
		case rights.MovedOn:
			err = d.resolved(tx, e)
		case erased:
			err = notice.Over(tx, glosa.System(), notice.Thing{Sort: notice.Question, ID: e.Subject})
		default:
			err = hear(tx, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func hear(tx *db.Tx, e glosa.Event) error {
	n, _, ok := noticeOf(e)
	if !ok {
		return nil
	}
	if err := insertNotice(tx, n); err != nil {
		return err
	}
	return job.Enqueue(tx, queue, n.ID, tx.Now)
}

// ask writes the mail that asks whether a mailbox is theirs who left it.
func ask(tx *db.Tx, e glosa.Event) error {
	s, err := notice.SubscriptionOf(tx, notice.SubscriptionID(e.Subject))
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			return nil // taken back meanwhile
		}
		return err
	}
	return insertMails(tx, []Mail{{ID: idOf(s.Contact, Confirm, e.ID), Contact: s.Contact, Sort: Confirm, Subscription: s.ID, Due: tx.Now}})
}

// Jobs is the work of this room, for a [job.Runner].
func (d *Desk) Jobs() map[string]job.Work { return map[string]job.Work{queue: d.spread} }

// spread finds the next contacts who want to hear of a notice and writes their
// mails. Its place is a [spot].
func (d *Desk) spread(tx *db.Tx, j job.Job) (place string, err error) {
	found, err := selectNotice(tx, j.Subject)
	if err != nil || len(found) == 0 {
		return "", err
	}
	n := found[0]
	if tx.Now.Sub(n.At) > stale {
		return "", nil
	}
	page, err := d.Question.PageIn(tx, n.Question)
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			return "", nil
		}
		return "", err
	}
	with, err := d.joining(tx, n, page)
	if err != nil {
		return "", err
	}
	at := spotOf(j.Place)
	things, more := at.rest(n.things(page, with))
	all, err := notice.Audience(tx, things, n.At, at.contact, perStep)
	if err != nil || len(all) == 0 && !more {
		return "", err
	}
	if len(all) == 0 {
		return spot{past: keyOf(things[len(things)-1])}.String(), nil
	}
	if err := d.write(tx, n, all); err != nil {
		return "", err
	}
	at.contact = all[len(all)-1].Contact
	return at.String(), nil
}

// joining is the page of the question that the notice's one would be merged into;
// nil when it tells of no proposal.
func (d *Desk) joining(tx *db.Tx, n Notice, p question.Page) (*question.Page, error) {
	target := proposedTo(n, p)
	if target == "" {
		return nil, nil
	}
	with, err := d.Question.PageIn(tx, target)
	return &with, err
}

// proposedTo is the question that a notice's one is proposed to be merged into.
func proposedTo(n Notice, p question.Page) glosa.QuestionID {
	for _, st := range slices.Backward(p.Steps) {
		if n.Topic == "join" && st.Kind == "question.merge_proposed" && !st.At.After(n.At) {
			return glosa.QuestionID(st.Other)
		}
	}
	return ""
}

// write gives each listener one item, in a mail of its own or in the next digest.
func (d *Desk) write(tx *db.Tx, n Notice, all []notice.Listener) error {
	digest := nextDigest(tx.Now, d.zone(tx, ""))
	mails, items := make([]Mail, len(all)), make([][]any, len(all))
	for i, l := range all {
		m := Mail{ID: idOf(l.Contact, Each, n.ID), Contact: l.Contact, Sort: Each, Subscription: l.Subscription, Due: tx.Now}
		if l.Pace == notice.Daily {
			m = Mail{ID: idOf(l.Contact, Digest, digest.Format(time.DateOnly)), Contact: l.Contact, Sort: Digest, Due: digest}
		}
		mails[i], items[i] = m, []any{string(l.Contact), n.ID, m.ID}
	}
	new, err := insertItems(tx, items)
	if err != nil {
		return err
	}
	fresh := mails[:0]
	for i, m := range mails {
		if new[i] > 0 {
			fresh = append(fresh, m)
		}
	}
	return insertMails(tx, fresh)
}

func (d *Desk) log() *slog.Logger { return cmp.Or(d.Log, slog.Default()) }
