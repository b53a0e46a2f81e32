package draw

import (
	"bytes"
	"sync"

	"glosa"
	"glosa/method/sortition"
)

// memo remembers what is computed from files that never change, and from a pool
// while it is the same: visits do not compute it again. What it hands out is read only.
type memo struct {
	mu        sync.Mutex
	lotteries map[glosa.Hash]*sortition.Result // by the digest of lottery.json
	outcomes  map[glosa.Hash]outcome           // by lottery and seed
	looks     map[glosa.EditionID]looked
}

// looked is a look at a pool, and what it was made from.
type looked struct {
	of   glosa.Hash
	look Look
	err  error
}

// memoBound is how many of a sort are remembered before all begin anew.
const memoBound = 16

// keep remembers one more.
func keep[K comparable, V any](m *map[K]V, key K, v V) {
	if *m == nil || len(*m) >= memoBound {
		*m = map[K]V{}
	}
	(*m)[key] = v
}

// result is a draw's lottery as it is published.
func (d *Desk) result(r row) (*sortition.Result, error) {
	of := glosa.Digest(r.lottery)
	d.memo.mu.Lock()
	res := d.memo.lotteries[of]
	d.memo.mu.Unlock()
	if res != nil {
		return res, nil
	}
	res, err := sortition.ParseResult(bytes.NewReader(r.lottery))
	if err == nil {
		d.memo.mu.Lock()
		defer d.memo.mu.Unlock()
		keep(&d.memo.lotteries, of, res)
	}
	return res, err
}

// replay draws again with the seed of a draw that was made.
func (d *Desk) replay(r row) (outcome, error) {
	lottery := glosa.Digest(r.lottery)
	of := glosa.Digest(append(lottery[:], r.seed...))
	d.memo.mu.Lock()
	o, known := d.memo.outcomes[of]
	d.memo.mu.Unlock()
	if known {
		return o, nil
	}
	o, err := d.draw(r, r.seed)
	if err == nil {
		d.memo.mu.Lock()
		defer d.memo.mu.Unlock()
		keep(&d.memo.outcomes, of, o)
	}
	return o, err
}
