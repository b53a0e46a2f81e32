package voter

import (
	"container/list"
	"sync"
	"time"

	"glosa"
)

// Pace counts in memory, each node for itself, what somebody did in a while. Names
// are opaque words and keyed digests: nothing of a person or an address.
type Pace struct {
	mu    sync.Mutex
	seen  map[string]run
	order list.List // of the names, the run that began first in front
}

// run is how much of a while is used.
type run struct {
	n     int
	until time.Time
	at    *list.Element // of its name in order
}

// paceBound is how many names are held; one more pushes out the one that began first.
const paceBound = 1 << 16

// Take counts one more; Busy when there were as many as may be.
func (p *Pace) Take(name string, most int, while time.Duration, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil {
		p.seen = map[string]run{}
	}
	r, known := p.seen[name]
	switch {
	case !known:
		if len(p.seen) >= paceBound {
			delete(p.seen, p.order.Remove(p.order.Front()).(string))
		}
		r = run{until: now.Add(while), at: p.order.PushBack(name)}
	case !now.Before(r.until):
		r.n, r.until = 0, now.Add(while)
		p.order.MoveToBack(r.at)
	}
	if r.n >= most {
		return &glosa.Error{Kind: glosa.Busy, Key: "e.429", Until: r.until}
	}
	r.n++
	p.seen[name] = r
	return nil
}
