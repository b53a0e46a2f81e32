package db

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"glosa"
)

// tailSize is how many of the latest events are kept in memory, so that ten
// thousand open screens ask the database nothing.
const tailSize = 4096

// line is the event line as this process knows it. Its head may lag behind the
// database by a moment, never run ahead of it.
type line struct {
	load func(ctx context.Context, seq int64, limit int) ([]glosa.Event, error)
	over chan struct{}
	once sync.Once

	mu    sync.RWMutex
	head  int64
	tail  []glosa.Event // dense, ends at head; readers keep slices of it, so it is only appended to
	moved chan struct{} // closed when head moves

	rooms  map[string]uint64 // how often each room's rows are known to have changed
	unseen uint64            // how often events may have been passed over: any room may have changed
}

func newLine(load func(context.Context, int64, int) ([]glosa.Event, error)) *line {
	return &line{load: load, over: make(chan struct{}), moved: make(chan struct{}), rooms: map[string]uint64{}}
}

func (l *line) close() { l.once.Do(func() { close(l.over) }) }

// After implements [glosa.Line].
func (l *line) After(ctx context.Context, seq int64, limit int) ([]glosa.Event, error) {
	if limit <= 0 {
		return nil, nil
	}
	seq = max(seq, 0)
	l.mu.RLock()
	head, tail := l.head, l.tail
	l.mu.RUnlock()
	if seq >= head {
		return nil, nil
	}
	if len(tail) > 0 && tail[0].Seq <= seq+1 {
		from := int(seq + 1 - tail[0].Seq)
		to := min(len(tail), from+limit)
		return tail[from:to:to], nil
	}
	return l.load(ctx, seq, limit)
}

// Head implements [glosa.Line].
func (l *line) Head(context.Context) (int64, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.head, nil
}

// Wait implements [glosa.Line]. Busy when the database is closed meanwhile.
func (l *line) Wait(ctx context.Context, seq int64) error {
	for {
		l.mu.RLock()
		head, moved := l.head, l.moved
		l.mu.RUnlock()
		if head > seq {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		case <-l.over:
			return closedError()
		}
	}
}

// publish makes committed events known. What is known already is passed over, so
// that two sources (the writer, a look at the database) may both report.
func (l *line) publish(evs []glosa.Event) {
	if len(evs) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	known := max(0, min(int64(len(evs)), l.head-evs[0].Seq+1))
	evs = evs[known:]
	if len(evs) == 0 {
		return
	}
	if evs[0].Seq != l.head+1 {
		l.tail = nil // another process wrote meanwhile: the tail starts anew
		l.unseen++
	}
	if len(l.tail)+len(evs) > 2*tailSize {
		keep := min(len(l.tail), tailSize)
		l.tail = slices.Clone(l.tail[len(l.tail)-keep:])
	}
	l.tail = append(l.tail, evs...)
	l.touched(evs)
	l.setHead(evs[len(evs)-1].Seq)
}

// start sets the head of a line that was just opened.
func (l *line) start(head int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unseen++
	l.setHead(max(head, l.head))
}

func (l *line) setHead(head int64) {
	l.head = head
	close(l.moved)
	l.moved = make(chan struct{})
}

// eventColumns is the order in which events are written and read.
const eventColumns = "id, room, kind, subject, edition, at, actor, public, body, tags"

func eventsAfter(tx *Tx, seq int64, limit int) ([]glosa.Event, error) {
	return Collect(tx, scanEvent, "select seq, "+eventColumns+" from event where seq > $1 order by seq limit $2", seq, limit)
}

func scanEvent(rows *Rows) (glosa.Event, error) {
	var e glosa.Event
	var body, tags string
	err := rows.Scan(&e.Seq, &e.ID, &e.Room, &e.Kind, &e.Subject, &e.Edition, &e.At, &e.By, &e.Public, &body, &tags)
	e.Body = json.RawMessage(body)
	if tags != "" {
		e.Tags = strings.Split(tags, "\n")
	}
	return e, err
}

func eventValues(vals []any, e *glosa.Event) []any {
	return append(vals, e.ID, e.Room, e.Kind, e.Subject, string(e.Edition), glosa.Micros(e.At), e.By, e.Public,
		string(e.Body), strings.Join(e.Tags, "\n"))
}

// eventChunks are the sizes in which events are inserted: few, so that their
// statements stay prepared.
var eventChunks = [...]int{64, 8, 1}

// insertEvents writes events in as few statements as their number allows,
// with their Seq into event or without it into event_inbox.
func insertEvents(run runner, numbered bool, evs []glosa.Event) error {
	for len(evs) > 0 {
		n := 1
		for _, size := range eventChunks {
			if len(evs) >= size {
				n = size
				break
			}
		}
		vals := make([]any, 0, 11*n)
		for i := range evs[:n] {
			if numbered {
				vals = append(vals, evs[i].Seq)
			}
			vals = eventValues(vals, &evs[i])
		}
		if _, err := run.exec(insertEventsSQL(numbered, n), vals); err != nil {
			return err
		}
		evs = evs[n:]
	}
	return nil
}

func insertEventsSQL(numbered bool, n int) string {
	if numbered {
		return numberedInserts[n]
	}
	return inboxInserts[n]
}

var (
	numberedInserts = makeInserts("insert into event (seq, "+eventColumns+") values ", 11) // only SQLite numbers while inserting
	inboxInserts    = makeInserts("insert into event_inbox ("+eventColumns+") values ", 10)
)

func makeInserts(head string, columns int) map[int]string {
	all := map[int]string{}
	for _, n := range eventChunks {
		var b strings.Builder
		b.WriteString(head)
		for p := range n * columns {
			switch {
			case p == 0:
				b.WriteString("(")
			case p%columns == 0:
				b.WriteString("), (")
			default:
				b.WriteString(", ")
			}
			b.WriteString("$" + strconv.Itoa(p+1))
		}
		b.WriteString(")")
		all[n] = b.String()
	}
	return all
}
