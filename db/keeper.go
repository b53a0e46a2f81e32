package db

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// keeper holds this node's advisory locks in one session of its own. When the
// session breaks, the server frees them all, and every holder's context ends.
type keeper struct {
	e    *pg
	mu   sync.Mutex
	conn *pgx.Conn
	held map[*hold]struct{}
}

type hold struct{ lost context.CancelCauseFunc }

// patience is how long the server may take to answer before the locks count as lost.
const patience = 5 * time.Second

func newKeeper(e *pg) *keeper { return &keeper{e: e, held: map[*hold]struct{}{}} }

// lockKey is the number of a lock's name.
func lockKey(name string) int64 {
	h := sha256.Sum256([]byte("glosa/lock/" + name))
	return int64(binary.BigEndian.Uint64(h[:8]))
}

func (e *pg) lock(ctx context.Context, name string) (context.Context, func(), error) {
	k, key := e.keeper, lockKey(name)
	for {
		held, h, err := k.try(ctx, key)
		if err != nil {
			return nil, nil, err
		}
		if h != nil {
			return held, func() { k.free(h, key) }, nil
		}
		// Asked again rather than waited for: a statement that waits keeps a
		// snapshot open, and the server could clean up nothing behind it.
		if err := waitFor(ctx, 250*time.Millisecond+rand.N(500*time.Millisecond)); err != nil {
			return nil, nil, err
		}
	}
}

func (k *keeper) try(ctx context.Context, key int64) (context.Context, *hold, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.conn == nil {
		conn, err := pgx.ConnectConfig(ctx, k.e.conf)
		if err != nil {
			return nil, nil, err
		}
		k.conn = conn
	}
	var mine bool
	err := k.ask(context.WithoutCancel(ctx), func(ctx context.Context) error {
		return k.conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", key).Scan(&mine)
	})
	if err != nil || !mine {
		return nil, nil, err
	}
	held, lost := context.WithCancelCause(ctx)
	h := &hold{lost: lost}
	k.held[h] = struct{}{}
	return held, h, nil
}

// ask runs one statement of the session. If it fails the session is given up
// whole: nobody could say which locks it still has.
func (k *keeper) ask(ctx context.Context, statement func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := statement(ctx)
	if err != nil {
		k.drop()
	}
	return err
}

func (k *keeper) drop() {
	if k.conn != nil {
		closeConn(k.conn)
		k.conn = nil
	}
	for h := range k.held {
		h.lost(errLockLost)
	}
	clear(k.held)
}

func (k *keeper) free(h *hold, key int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	h.lost(nil)
	if _, still := k.held[h]; !still {
		return // lost before: the session that had it is gone
	}
	delete(k.held, h)
	k.ask(context.Background(), func(ctx context.Context) error {
		_, err := k.conn.Exec(ctx, "select pg_advisory_unlock($1)", key)
		return err
	})
}

// watch notices a broken session while nobody asks it anything.
func (k *keeper) watch(ctx context.Context) {
	for waitFor(ctx, time.Second) == nil {
		k.mu.Lock()
		if k.conn != nil {
			k.ask(ctx, k.conn.Ping)
		}
		k.mu.Unlock()
	}
}

func (k *keeper) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop()
}
