package db

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// The channels of LISTEN and NOTIFY.
const (
	inboxChannel = "glosa_inbox" // an act has left an event: for the sequencer, wherever it runs
	lineChannel  = "glosa_line"  // the line has grown: for every node
)

// fallback is how often the sequencer and the line look without being told.
// It only matters after a crash between a commit and its notification.
const fallback = time.Second

// atOnce is how many events one move takes at most.
const atOnce = 1000

// moveSQL gives committed events their numbers, all in one statement: it takes
// them from the inbox, numbers them after the highest, and tells every node. Were
// two to run, the slower one breaks the primary key of event and undoes itself.
const moveSQL = `with taken as (
	delete from event_inbox where n in (select n from event_inbox order by n limit $1) returning n, ` + eventColumns + `
), placed as (
	insert into event (seq, ` + eventColumns + `)
	select (select coalesce(max(seq), 0) from event) + row_number() over (order by n), ` + eventColumns + ` from taken
	returning seq
)
select moved.size, pg_notify('` + lineChannel + `', moved.head::text)
from (select count(*) as size, max(seq) as head from placed) as moved where moved.size > 0`

// sequencer moves events from event_inbox to event, on one node at a time.
type sequencer struct {
	e      *pg
	active atomic.Bool   // this node is the one
	told   chan struct{} // the active sequencer should look
	left   chan struct{} // an act of this node left an event while another node sequences
}

func newSequencer(e *pg) *sequencer {
	return &sequencer{e: e, told: make(chan struct{}, 1), left: make(chan struct{}, 1)}
}

// wake says that an act has left events. Acts do not NOTIFY themselves: that
// would make every commit of the cluster wait in one line.
func (s *sequencer) wake() {
	if s.active.Load() {
		signal(s.told)
	} else {
		signal(s.left)
	}
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default: // already told
	}
}

// nudge tells the node that sequences, once for however many acts came meanwhile.
func (s *sequencer) nudge(ctx context.Context) {
	for {
		select {
		case <-s.left:
		case <-ctx.Done():
			return
		}
		if s.active.Load() {
			signal(s.told)
			continue
		}
		if _, err := s.e.pool.ExecContext(ctx, "select pg_notify($1, '')", inboxChannel); err != nil && ctx.Err() == nil {
			s.e.d.conf.Log.Warn("event line: cannot notify the sequencer; it looks by itself", "err", err)
		}
	}
}

// run keeps trying to be the sequencer. The lock and the moves share one session:
// with the session, the lock is gone, and so is the ability to move.
func (s *sequencer) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.serve(ctx); err != nil && ctx.Err() == nil {
			s.e.d.conf.Log.Warn("event line: sequencer stopped; it will go on", "err", err)
		}
		waitFor(ctx, fallback)
	}
}

func (s *sequencer) serve(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, s.e.conf)
	if err != nil {
		return err
	}
	defer closeConn(conn)
	for {
		var mine bool
		if err := conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", lockKey("sequencer")).Scan(&mine); err != nil {
			return err
		}
		if mine {
			break
		}
		if err := waitFor(ctx, fallback); err != nil {
			return err
		}
	}
	s.active.Store(true)
	defer s.active.Store(false)
	for {
		moved, err := s.move(ctx, conn)
		if err != nil {
			return err
		}
		if moved == atOnce {
			continue
		}
		select {
		case <-s.told:
		case <-time.After(fallback):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *sequencer) move(ctx context.Context, conn *pgx.Conn) (moved int, err error) {
	s.e.d.conf.step("move.before")
	rows, err := conn.Query(ctx, moveSQL, atOnce)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&moved, nil); err != nil {
			return 0, err
		}
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	s.e.d.conf.step("move.after")
	return moved, nil
}

// listen keeps this node's line up to date and passes on what the sequencer is told.
func (e *pg) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := e.hear(ctx); err != nil && ctx.Err() == nil {
			e.d.conf.Log.Warn("event line: listening stopped; it will go on", "err", err)
		}
		waitFor(ctx, fallback)
	}
}

func (e *pg) hear(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, e.conf)
	if err != nil {
		return err
	}
	defer closeConn(conn)
	for _, channel := range []string{inboxChannel, lineChannel} {
		if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
			return err
		}
	}
	look := true
	for {
		if look {
			if err := e.d.catchUp(ctx); err != nil {
				return err
			}
		}
		short, cancel := context.WithTimeout(ctx, fallback)
		n, err := conn.WaitForNotification(short)
		timeUp := short.Err() != nil
		cancel()
		switch {
		case err != nil && timeUp && ctx.Err() == nil && !conn.IsClosed():
			look = true
		case err != nil:
			return err
		case n.Channel == inboxChannel:
			signal(e.seq.told)
			look = false
		default:
			number, _ := strconv.ParseInt(n.Payload, 10, 64)
			known, _ := e.d.line.Head(ctx)
			look = number == 0 || number > known
		}
	}
}

// closeConn says goodbye to the server, which frees the session's locks at once.
func closeConn(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn.Close(ctx)
}
