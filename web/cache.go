package web

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"glosa"
)

const (
	cacheBound = 64 << 20               // bytes of kept pages, unless the operator says otherwise
	pace       = 250 * time.Millisecond // one page is rendered at most this often
	patience   = 200 * time.Millisecond // how long an act waits for the cache to follow it
	tagBound   = 1 << 17                // tags remembered as moved
	everything = "*"                    // the tag that every event moves
)

// cache keeps rendered pages. A page carries the number the line had, as this
// node had followed it, before its rows were read: rows may be newer than the
// number, never older, so a page that missed an event is always found stale. It
// is sent while none of its tags has moved past that number and Until is ahead.
type cache struct {
	clock   glosa.Clock
	metrics *metrics
	bound   int // bytes of kept pages; 0 keeps none and renders for each visit by itself

	mu       sync.RWMutex
	kept     map[string]*entry
	size     int
	followed int64            // the line has been followed so far
	moved    map[string]int64 // tag → number of the last event that moved it
	floor    int64            // pages older than this are stale: moved has forgotten
	sighted  bool             // the line is being followed; otherwise nothing is kept or served
	step     chan struct{}    // closed and replaced when followed grows

	flying  sync.Mutex
	flights map[string]*flight

	shrink chan *entry // pages waiting for better compression
}

// flight is one render that several visits wait for.
type flight struct {
	done  chan struct{}
	entry *entry
	err   error
}

func newCache(clock glosa.Clock, m *metrics, bound int) *cache {
	return &cache{clock: clock, metrics: m, bound: bound, kept: map[string]*entry{}, moved: map[string]int64{},
		step: make(chan struct{}), flights: map[string]*flight{}, shrink: make(chan *entry, 256)}
}

// get is a kept page that may be sent now, or nil.
func (c *cache) get(key string) *entry {
	c.mu.RLock()
	e := c.kept[key]
	ok := e != nil && c.sighted && c.fresh(e)
	c.mu.RUnlock()
	if !ok || !e.until.IsZero() && !c.clock.Now().Before(e.until) {
		return nil
	}
	if !e.used.Load() && !e.used.Swap(true) && !e.small.Swap(true) {
		select {
		case c.shrink <- e: // asked for again: worth compressing well
		default:
			e.small.Store(false) // busy: another time
		}
	}
	return e
}

// fresh tells whether no tag of e has moved past it. The caller holds mu.
func (c *cache) fresh(e *entry) bool {
	if e.seen.Load() == c.followed {
		return true // nothing happened since it was last looked at
	}
	if e.head < c.floor {
		return false
	}
	for _, tag := range e.tags {
		if c.moved[tag] > e.head {
			return false
		}
	}
	e.seen.Store(c.followed)
	return true
}

// fetch is the page under key: kept, or rendered by make. One render per key
// runs at a time, and one at most every pace; visits that come meanwhile wait for
// it. A page is never sent to a visit that began after the page had become stale.
func (c *cache) fetch(ctx context.Context, key string, make func(context.Context) (page, error)) (*entry, error) {
	if c.bound <= 0 {
		p, err := make(ctx)
		if err != nil {
			return nil, err
		}
		c.metrics.renders.Inc()
		return newEntry(key, 0, p), nil
	}
	for tries := 0; ; tries++ {
		if e := c.get(key); e != nil {
			c.metrics.hits.Inc()
			return e, nil
		}
		f, mine := c.board(key)
		if mine {
			c.fly(ctx, key, f, make)
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if mine || f.err != nil || tries == 2 || f.entry.loose || c.get(key) == f.entry {
			return f.entry, f.err
		}
	}
}

// board joins the render of a key, or begins one.
func (c *cache) board(key string) (f *flight, mine bool) {
	c.flying.Lock()
	defer c.flying.Unlock()
	if f := c.flights[key]; f != nil {
		return f, false
	}
	f = &flight{done: make(chan struct{})}
	c.flights[key] = f
	return f, true
}

// fly renders for everyone aboard; the first visitor's leaving does not end it.
func (c *cache) fly(ctx context.Context, key string, f *flight, make func(context.Context) (page, error)) {
	defer func() {
		c.flying.Lock()
		delete(c.flights, key)
		c.flying.Unlock()
		if f.entry == nil && f.err == nil {
			f.err = glosa.Refuse(glosa.Internal, "e.500") // make panicked; the panic goes on to the first visitor
		}
		close(f.done)
	}()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pageTime)
	defer cancel()
	c.mu.RLock()
	old := c.kept[key]
	c.mu.RUnlock()
	if old != nil {
		rest(ctx, pace-time.Since(old.born))
	}
	head := c.place()
	p, err := make(ctx)
	if err != nil {
		f.err = err
		return
	}
	c.metrics.renders.Inc()
	f.entry = newEntry(key, head, p).zip()
	c.keep(f.entry)
}

// rest waits for d, or until ctx ends.
func rest(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// keep stores a page, unless it may not be stored or is stale already, and
// makes room for it.
func (c *cache) keep(e *entry) {
	if e.loose {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.sighted || !c.fresh(e) {
		return
	}
	if c.size > c.bound/2 {
		e.plain = nil // then only the compressed form is worth its room
	}
	if old := c.kept[e.key]; old != nil {
		c.size -= old.weight
	}
	e.weight = e.heft()
	c.kept[e.key] = e
	c.size += e.weight
	for round := 0; c.size > c.bound && round < 3; round++ {
		c.evict()
	}
	c.metrics.bytes.Set(float64(c.size))
}

// evict takes out pages that nobody asked for since the last round, in no order.
func (c *cache) evict() {
	for key, e := range c.kept {
		if c.size <= c.bound {
			return
		}
		if e.used.Swap(false) && c.fresh(e) {
			continue
		}
		delete(c.kept, key)
		c.size -= e.weight
	}
}

// place is how far the line has been followed here.
func (c *cache) place() int64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.followed
}

// follow reads the line from its present head until ctx ends. While it cannot
// read, nothing is served from the cache: a page might be stale unseen.
func (c *cache) follow(ctx context.Context, line glosa.Line, log *slog.Logger) error {
	go c.compress(ctx)
	defer c.sight(false)
	begun := false
	for {
		err := c.read(ctx, line, &begun)
		if ctx.Err() != nil {
			return nil
		}
		c.sight(false)
		log.Warn("the page cache has lost the event line", "err", err)
		rest(ctx, time.Second)
	}
}

// read follows the line until something fails. It begins at the head once; after
// a failure it goes on from where it was, so that no event is skipped.
func (c *cache) read(ctx context.Context, line glosa.Line, begun *bool) error {
	if !*begun {
		head, err := line.Head(ctx)
		if err != nil {
			return err
		}
		c.advance(nil, head)
		*begun = true
	}
	for {
		events, err := line.After(ctx, c.place(), 500)
		if err != nil {
			return err
		}
		if n := len(events); n > 0 {
			c.advance(events, events[n-1].Seq)
			continue
		}
		c.sight(true)
		if err := line.Wait(ctx, c.place()); err != nil {
			return err
		}
	}
}

func (c *cache) sight(on bool) {
	c.mu.Lock()
	c.sighted = on
	c.mu.Unlock()
}

// advance moves the tags of events and wakes who waits for them.
func (c *cache) advance(events []glosa.Event, to int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.moved) > tagBound {
		c.moved, c.floor = map[string]int64{}, to
	}
	for _, ev := range events {
		for _, tag := range ev.Tags {
			c.moved[tag] = ev.Seq
		}
		c.moved[everything] = ev.Seq
	}
	c.followed = to
	close(c.step)
	c.step = make(chan struct{})
}

// await returns when an event after mark with one of the tags has been
// followed, and without tags when the line's present head has; or when patience
// is over: then the next page may lag by as much as the follower does.
func (c *cache) await(ctx context.Context, line glosa.Line, mark int64, tags []string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	head := mark
	if len(tags) == 0 {
		var err error
		if head, err = line.Head(ctx); err != nil {
			return
		}
	}
	for {
		c.mu.RLock()
		reached := !c.sighted || len(tags) == 0 && c.followed >= head
		for _, tag := range tags {
			reached = reached || c.moved[tag] > mark
		}
		step := c.step
		c.mu.RUnlock()
		if reached {
			return
		}
		select {
		case <-step:
		case <-ctx.Done():
			return
		}
	}
}

// compress does better than the first send, one page after the other. Pages that
// nobody asks for twice, as when a crawler passes, are not worth it.
func (c *cache) compress(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-c.shrink:
			e.shrink()
		}
	}
}
