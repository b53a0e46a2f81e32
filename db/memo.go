package db

import (
	"context"
	"sync"
	"time"

	"glosa"
)

// memoBound is how many keys a Memo holds; then it begins anew.
const memoBound = 256

// Memo keeps what a reading gave until a room it came from leaves an event: the
// names of institutions are on every page and change once a month. It relies on
// the custom that every act which changes rows leaves an event. After an act of
// this process nobody is given what was read before it; what another process did
// is seen as soon as the event line shows it. The zero Memo is empty and ready.
//
// What it gives is shared by all who ask: they must not change it.
type Memo[K comparable, V any] struct {
	mu      sync.Mutex
	mark    uint64
	kept    map[K]V
	old     map[K]aged[V]     // of Recent
	reading map[K]*reading[V] // under way: who asks for the same waits for it
}

// reading is one reading that several wait for.
type reading[V any] struct {
	mark uint64
	done chan struct{}
	v    V
	err  error
}

// aged is what was read at a time, under a mark.
type aged[V any] struct {
	v    V
	at   time.Time
	mark uint64
}

// Read gives what is kept under key, or reads it. rooms are those whose rows
// read reads, the same ones at every call. The error is read's; nothing is kept then.
func (m *Memo[K, V]) Read(ctx context.Context, d *DB, key K, rooms []string, read func(*Tx) (V, error)) (V, error) {
	mark := d.line.changes(rooms) // before the rows are read: they may be newer than the mark, never older
	m.mu.Lock()
	if m.mark != mark || len(m.kept) >= memoBound {
		m.mark, m.kept = mark, map[K]V{}
	}
	v, ok := m.kept[key]
	m.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := m.once(ctx, d, key, mark, read)
	if err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mark == mark {
		m.kept[key] = v
	}
	return v, nil
}

// once reads, or waits for whoever reads the same since the same mark: a crowd that
// comes when something was counted anew counts once. Whoever waited for a reading
// that failed, perhaps because the one who asked for it left, reads for themselves.
func (m *Memo[K, V]) once(ctx context.Context, d *DB, key K, mark uint64, read func(*Tx) (V, error)) (V, error) {
	m.mu.Lock()
	if r := m.reading[key]; r != nil && r.mark == mark {
		m.mu.Unlock()
		select {
		case <-r.done:
		case <-ctx.Done():
			var none V
			return none, ctx.Err()
		}
		if r.err == nil {
			return r.v, nil
		}
		return m.read(ctx, d, read)
	}
	r := &reading[V]{mark: mark, done: make(chan struct{}), err: context.Canceled} // as long as it did not end well
	if m.reading == nil {
		m.reading = map[K]*reading[V]{}
	}
	m.reading[key] = r
	m.mu.Unlock()
	defer func() { // also when read panics
		m.mu.Lock()
		if m.reading[key] == r {
			delete(m.reading, key)
		}
		m.mu.Unlock()
		close(r.done)
	}()
	r.v, r.err = m.read(ctx, d, read)
	return r.v, r.err
}

func (m *Memo[K, V]) read(ctx context.Context, d *DB, read func(*Tx) (V, error)) (v V, err error) {
	err = d.Read(ctx, func(tx *Tx) (err error) {
		v, err = read(tx)
		return err
	})
	return v, err
}

// Recent is Read for what may be a little behind, such as counts beside a filter:
// what is kept is given until it is older than age, whatever happened meanwhile.
// current tells whether nothing did.
func (m *Memo[K, V]) Recent(ctx context.Context, d *DB, key K, rooms []string, age time.Duration, read func(*Tx) (V, error)) (v V, current bool, err error) {
	mark, now := d.line.changes(rooms), d.Clock().Now()
	m.mu.Lock()
	if len(m.old) >= memoBound || m.old == nil {
		m.old = map[K]aged[V]{}
	}
	was, ok := m.old[key]
	m.mu.Unlock()
	if ok && (was.mark == mark || now.Sub(was.at) < age && !now.Before(was.at)) {
		return was.v, was.mark == mark, nil
	}
	if v, err = m.once(ctx, d, key, mark, read); err != nil {
		return v, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.old[key] = aged[V]{v, now, mark}
	return v, true, nil
}

// changes grows whenever one of the rooms has left an event that this process
// knows of: one of its own acts was committed, or the line showed it.
func (l *line) changes(rooms []string) uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	n := l.unseen
	for _, r := range rooms {
		n += l.rooms[r]
	}
	return n
}

// touched counts the events of each room. The caller holds mu.
func (l *line) touched(evs []glosa.Event) {
	for i := range evs {
		l.rooms[evs[i].Room]++
	}
}

// done counts the events of an act of this process that the line does not show yet.
func (l *line) done(evs []glosa.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.touched(evs)
}
