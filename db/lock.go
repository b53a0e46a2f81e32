package db

import (
	"context"
	"errors"
	"sync"
	"time"
)

// nameLocks are the locks of this process, one per name.
type nameLocks struct {
	mu    *sync.Mutex
	slots map[string]chan struct{}
}

func newNameLocks() nameLocks {
	return nameLocks{mu: &sync.Mutex{}, slots: map[string]chan struct{}{}}
}

func (n nameLocks) take(ctx context.Context, name string) (release func(), err error) {
	n.mu.Lock()
	slot, ok := n.slots[name]
	if !ok {
		slot = make(chan struct{}, 1)
		n.slots[name] = slot
	}
	n.mu.Unlock()
	select {
	case slot <- struct{}{}:
		return func() { <-slot }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// lockName takes the name in this process, then in the cluster: a cluster's lock
// belongs to a session, and this process has one session for all its names.
func (d *DB) lockName(ctx context.Context, name string) (held context.Context, unlock func(), err error) {
	release, err := d.names.take(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	held, away, err := d.eng.lock(ctx, name)
	if err != nil {
		release()
		return nil, nil, err
	}
	return held, func() { away(); release() }, nil
}

// Exclusive waits until no other node runs under this name, then runs fn. The
// context fn gets ends with ctx, or when the node has lost the lock: fn must
// stop then, since another node may have begun; it is run again once the node has
// the lock again, however long the server is away. Errors: fn's; Busy when ctx ends
// before the lock is had.
func (d *DB) Exclusive(ctx context.Context, name string, fn func(ctx context.Context) error) error {
	held, unlock, err := d.lockName(ctx, "exclusive:"+name)
	if err != nil {
		return asError(err)
	}
	for {
		err := fn(held)
		lost := err != nil && ctx.Err() == nil && errors.Is(context.Cause(held), errLockLost)
		unlock()
		if !lost {
			return err
		}
		d.conf.Log.Warn("a lock was lost; its work begins again when it is had again", "name", name, "err", err)
		if held, unlock, err = d.lockAgain(ctx, "exclusive:"+name); err != nil {
			return asError(err)
		}
	}
}

// lockAgain asks for a lock that was lost until it is had or ctx ends, with a pause
// that grows.
func (d *DB) lockAgain(ctx context.Context, name string) (held context.Context, unlock func(), err error) {
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 30*time.Second) {
		if err := waitFor(ctx, wait); err != nil {
			return nil, nil, err
		}
		if held, unlock, err = d.lockName(ctx, name); err == nil || ctx.Err() != nil {
			return held, unlock, err
		}
		d.conf.Log.Warn("a lock cannot be had again yet", "name", name, "err", err)
	}
}

// errLockLost is the cause of a held context's end.
var errLockLost = errors.New("db: the connection that held the lock broke")
