package voter

import (
	"sync"
	"time"

	"glosa"
)

// pace counts in memory, each node for itself, what somebody did in a while. Names
// are opaque words and keyed digests: nothing of a person or an address.
type pace struct {
	mu   sync.Mutex
	seen map[string]run
}

// run is how much of a while is used.
type run struct {
	n     int
	until time.Time
}

// paceBound is how many names are held before all begin anew.
const paceBound = 1 << 16

// take counts one more; Busy when there were as many as may be.
func (p *pace) take(name string, most int, while time.Duration, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil || len(p.seen) >= paceBound {
		p.seen = map[string]run{}
	}
	r := p.seen[name]
	if !now.Before(r.until) {
		r = run{until: now.Add(while)}
	}
	if r.n >= most {
		return &glosa.Error{Kind: glosa.Busy, Key: "e.429", Until: r.until}
	}
	r.n++
	p.seen[name] = r
	return nil
}
