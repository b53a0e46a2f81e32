package notify

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"glosa"
	"glosa/db"
)

// Courier takes mails to the mail server.
type Courier struct {
	*Desk
	Voice Voice
	Post  Post
	Lines int // connections at once; 0 means 4

	run  string              // claims of this process
	step func(at, id string) // crash tests stop the process here; nil otherwise
}

const (
	perRound = 500 // mails claimed at once
	nap      = time.Second
	longNap  = 5 * time.Minute
)

// Run sends what is due until ctx ends, and then finishes what it has in hand.
func (c *Courier) Run(ctx context.Context) error {
	for rest := nap; ctx.Err() == nil; {
		err := c.DB.Exclusive(ctx, "courier", func(held context.Context) error { return c.work(held, func() { rest = nap }) })
		if ctx.Err() != nil {
			break
		}
		c.log().Error("mail stopped; it will go on", "after", rest, "err", err)
		pauseFor(ctx, rest)
		rest = min(2*rest, longNap)
	}
	return ctx.Err()
}

func pauseFor(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func (c *Courier) work(ctx context.Context, well func()) error {
	if err := c.Begin(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		n, err := c.Round(ctx)
		if err != nil {
			return err
		}
		if well(); n == 0 {
			pauseFor(ctx, nap)
		}
	}
	return ctx.Err()
}

// Begin puts in order what the process before left. It is called under the lock,
// before the first round.
func (c *Courier) Begin(ctx context.Context) error {
	c.run = rand.Text()
	return c.DB.Act(ctx, func(tx *db.Tx) error {
		n, err := recoverMails(tx)
		if err == nil && n > 0 {
			c.log().Error("the process ended while mails were handed in: they count as sent; glosa jobs tells more", "unsure", n)
		}
		if err != nil {
			return err
		}
		return deleteOld(tx, tx.Now.Add(-keptFor))
	})
}

// Round claims what is due, a set at a time, and hands it in over several
// connections. It tells how many mails were settled. Busy when no server answers:
// what was not taken waits as before.
func (c *Courier) Round(ctx context.Context) (settled int, err error) {
	var mails []Mail
	err = c.DB.Act(ctx, func(tx *db.Tx) (err error) {
		if mails, err = selectDue(tx, tx.Now, perRound); err != nil || len(mails) == 0 {
			return err
		}
		return claim(tx, c.run, mails)
	})
	if err != nil || len(mails) == 0 {
		return 0, err
	}
	c.at("claimed", "")
	letters, err := c.letters(ctx, c.Voice, mails)
	if err != nil {
		return 0, errors.Join(err, c.giveBack(ctx, mails))
	}
	return c.handIn(ctx, mails, letters)
}

func (c *Courier) at(step, id string) {
	if c.step != nil {
		c.step(step, id)
	}
}

// handIn gives letters to the server. Each connection takes the next one.
func (c *Courier) handIn(ctx context.Context, mails []Mail, letters []Letter) (settled int, err error) {
	next := make(chan int, len(mails))
	for i := range mails {
		next <- i
	}
	close(next)
	var mu sync.Mutex
	var all sync.WaitGroup
	for range min(len(mails), max(1, c.lines())) {
		all.Go(func() {
			n, e := c.line(ctx, mails, letters, next)
			mu.Lock()
			defer mu.Unlock()
			settled, err = settled+n, errors.Join(err, e)
		})
	}
	all.Wait()
	var left []Mail
	for i := range next {
		left = append(left, mails[i])
	}
	return settled, errors.Join(err, c.giveBack(ctx, left))
}

func (c *Courier) lines() int {
	if c.Lines == 0 {
		return 4
	}
	return c.Lines
}

// giveBack lets mails wait that were claimed and not begun.
func (c *Courier) giveBack(ctx context.Context, mails []Mail) error {
	if len(mails) == 0 {
		return nil
	}
	return c.DB.Act(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		for _, m := range mails {
			m.State = Waiting
			if _, err := settle(tx, c.run, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// line is one connection: it hands in one letter after the other until there is
// none, the server goes away, or the courier is asked to stop.
func (c *Courier) line(ctx context.Context, mails []Mail, letters []Letter, next <-chan int) (settled int, err error) {
	var session *smtp.Client
	defer func() {
		if session != nil {
			_ = session.UpdateDeadline(5 * time.Second)
			if session.Quit() != nil {
				_ = session.Close()
			}
		}
	}()
	for ctx.Err() == nil {
		i, more := <-next
		if !more {
			return settled, nil
		}
		m, l := mails[i], letters[i]
		switch {
		case l.Unwritten:
			m.putOff(c.DB.Clock().Now())
		case l.To.IsEmpty():
			m.State = Dropped
		default:
			if session == nil {
				if session, err = c.Post.dial(ctx); err != nil {
					return settled, errors.Join(busy(err), c.giveBack(ctx, []Mail{m}))
				}
			}
			var gone bool
			if m, gone, err = c.one(ctx, session, m, l); gone {
				_ = session.Close()
				session = nil
			}
			if err != nil {
				return settled, errors.Join(err, c.giveBack(ctx, []Mail{m}))
			}
		}
		if err := c.settled(ctx, m); err != nil {
			return settled, err
		}
		settled++
	}
	return settled, nil
}

// one hands one letter in. gone says that the session is of no use any more; an
// error, that nothing was decided about the mail.
func (c *Courier) one(ctx context.Context, session *smtp.Client, m Mail, l Letter) (_ Mail, gone bool, err error) {
	now := c.DB.Clock().Now()
	msg, err := c.Post.message(m.ID, l, m.Due)
	if err != nil {
		m.State = Refused // an address that no server could take
		return m, false, nil
	}
	how, code, err := send(session, c.Post.sender(c.Notice.Key.Seal("b", m.ID)), l.To.Reveal(), msg, func() error {
		c.at("written", m.ID)
		defer c.at("marked", m.ID)
		return c.mark(ctx, m.ID)
	})
	c.at("answered", m.ID)
	switch how {
	case taken:
		m.State, m.Code = Sent, 0
		return m, false, nil
	case never, unknown:
		m.State, m.Code = Refused, code
		if how == unknown {
			if err := c.Notice.Bounced(context.WithoutCancel(ctx), glosa.System(), m.Contact); err != nil {
				return m, true, err
			}
		}
		return m, session.Reset() != nil, nil
	case later:
		m.Code = code
		m.putOff(now)
		return m, code == 0 || session.Reset() != nil, nil
	}
	return m, true, busy(err)
}

// putOff lets a mail wait longer each time, and gives it up after five days.
func (m *Mail) putOff(now time.Time) {
	m.Tries++
	m.State, m.Due = Waiting, now.Add(pause(m.Tries))
	if now.Sub(m.Made) > giveUp {
		m.State = Refused
	}
}

// mark writes down that the last dot is about to go out. It is not given up when
// the courier is asked to stop: what is in hand is finished.
func (c *Courier) mark(ctx context.Context, id string) error {
	return c.DB.Act(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		n, err := hand(tx, c.run, id)
		if err == nil && n != 1 {
			return &glosa.Error{Kind: glosa.Conflict, Key: "e.409", Err: errNotOurs}
		}
		return err
	})
}

func (c *Courier) settled(ctx context.Context, m Mail) error {
	defer c.at("settled", m.ID)
	return c.DB.Act(context.WithoutCancel(ctx), func(tx *db.Tx) error { return c.close(tx, m) })
}
