package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"glosa/web/door"
)

// budget is a bucket: burst at once, then so many each second.
type budget struct{ burst, perSecond float64 }

// Budgets are generous: a whole assembly behind one address, 500 phones that
// each open the form, ask, and support ten others, passes. They stop a machine,
// not a crowd.
var (
	networkActs    = budget{8000, 20}
	networkRenders = budget{10000, 200}
	deviceActs     = budget{90, 1}
	// A device is what supports are counted by, so new ones are scarcer than acts:
	// an assembly takes one each, and again after losing it.
	networkDevices = budget{2000, 1}
)

// limits counts visits in memory, each node for itself. It holds no address: a
// network (/24, or /56 of IPv6) and a device are known by an HMAC under a key
// that is drawn anew each day and never written down.
type limits struct {
	mu      sync.Mutex
	key     [32]byte
	day     int64
	buckets map[[16]byte]*bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// crowd is how many buckets are held before the full ones are swept out.
const crowd = 1 << 16

func newLimits() *limits {
	l := &limits{buckets: map[[16]byte]*bucket{}}
	rand.Read(l.key[:])
	return l
}

// act takes one act out of the network's and the device's budget; wait is how
// long until there is one again, 0 when there is. device may be empty.
func (l *limits) act(network, device string, now time.Time) (wait time.Duration) {
	wait = l.take("act", network, networkActs, now)
	if device != "" {
		wait = max(wait, l.take("device", device, deviceActs, now))
	}
	return wait
}

// newDevice takes one token for a device.
func (l *limits) newDevice(network string, now time.Time) (wait time.Duration) {
	return l.take("new device", network, networkDevices, now)
}

// render takes one page that is not in the cache.
func (l *limits) render(network string, now time.Time) (wait time.Duration) {
	return l.take("render", network, networkRenders, now)
}

func (l *limits) take(kind, who string, b budget, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := l.name(kind, who, now)
	k := l.buckets[id]
	if k == nil {
		if len(l.buckets) >= crowd {
			l.sweep(now)
		}
		k = &bucket{left: b.burst, at: now}
		l.buckets[id] = k
	}
	if spent := now.Sub(k.at).Seconds(); spent > 0 {
		k.left = min(b.burst, k.left+spent*b.perSecond)
		k.at = now
	}
	if k.left >= 1 {
		k.left--
		return 0
	}
	return max(1, time.Duration((1-k.left)/b.perSecond*float64(time.Second))) // never 0: a hair short of one is short
}

// name is who somebody is today. The caller holds mu.
func (l *limits) name(kind, who string, now time.Time) [16]byte {
	if day := now.Unix() / 86400; day != l.day {
		l.day, l.buckets = day, map[[16]byte]*bucket{}
		rand.Read(l.key[:])
	}
	m := hmac.New(sha256.New, l.key[:])
	m.Write([]byte(kind + "\x00" + who))
	return [16]byte(m.Sum(nil)[:16])
}

// caller is a network as a word that says nothing and ends with the day.
func (l *limits) caller(network string, now time.Time) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := l.name("caller", network, now)
	return hex.EncodeToString(id[:])
}

// sweep forgets who has not come for ten minutes; if everybody has, everybody.
func (l *limits) sweep(now time.Time) {
	for id, k := range l.buckets {
		if now.Sub(k.at) > 10*time.Minute {
			delete(l.buckets, id)
		}
	}
	if len(l.buckets) >= crowd {
		l.buckets = map[[16]byte]*bucket{}
	}
}

// manyHands begins the name of a device that many people ask from.
const manyHands = "kiosk "

// device is what the visitor's browser calls itself: a session, a device door,
// or nothing. It is not proven here; whoever invents many is held by the network's budget.
func (s *Server) device(r *http.Request) string {
	if c, err := r.Cookie(door.CookieName(door.KioskCookie, s.cfg.Secure)); err == nil && c.Value != "" {
		return manyHands + c.Value
	}
	for _, name := range []string{door.SessionCookie, door.DeviceCookie} {
		if c, err := r.Cookie(door.CookieName(name, s.cfg.Secure)); err == nil && c.Value != "" {
			return c.Value
		}
	}
	return r.Header.Get("Authorization")
}
