package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"glosa"
	"glosa/web/door"
)

// What a network or a device may ask before the gate closes. An assembly of 500
// phones passes without noticing it; whoever comes after that does a little work.
var (
	networkAsks = budget{600, 1}
	deviceAsks  = budget{30, 0.1}
	// A kiosk serves a queue: one person after another, each with a minute of typing
	// at least, and a class that comes with its questions on paper.
	kioskAsks = budget{60, 0.2}
)

const (
	pressing = 256 // acts at once from which on everybody's device is asked for work

	// A puzzle has parts, so that none takes much longer than another: 2^17 hashes
	// in all, a second of a slow phone.
	puzzleParts = 16
	puzzleBits  = 13
	puzzleLasts = 10 * time.Minute

	shortestWait = 10 * time.Second
	longestWait  = 10 * time.Minute
	ticketLasts  = 30 * time.Minute // after its wait
	spentBound   = 1 << 17

	burstOf    = 30 // questions of one network within burstTime
	burstTime  = 10 * time.Minute
	sameOf     = 3 // times the same words within sameTime
	sameTime   = time.Hour
	paceBound  = 1 << 16
	markLength = 12 // bytes of a signature
)

// gates is what the gates of all visits share, in the memory of this node: no
// address and no text, only names under a key of the day. Nodes share the key of
// tickets and puzzles, so that whoever waited at one passes at any; what was spent
// each knows for itself, so a ticket passes at most once at each node and start.
type gates struct {
	limits *limits
	key    [32]byte // of tickets and puzzles; the same on every node
	acts   atomic.Int64

	mu    sync.Mutex
	spent map[string]time.Time   // tickets and puzzles that were used, until they are over
	next  map[[16]byte]time.Time // of a network: when its next ticket is ripe
	seen  map[[16]byte]run       // how often a network asked, or the same words came
}

// run is how often something came since a time.
type run struct {
	n     int
	since time.Time
}

// newGates takes the key that nodes share; a zero one is drawn.
func newGates(l *limits, key [32]byte) *gates {
	g := &gates{limits: l, spent: map[string]time.Time{}, next: map[[16]byte]time.Time{}, seen: map[[16]byte]run{}}
	if g.key = key; g.key == [32]byte{} {
		rand.Read(g.key[:])
	}
	return g
}

// gate is [door.Gate] for one visit.
type gate struct {
	*gates
	network, device string
	now             time.Time

	used []string   // tokens that let this visit pass
	told [][16]byte // what was counted of its pace
}

// behind counts an act that is under way and gives its visit a gate.
func (s *Server) behind(r *http.Request, now time.Time) (*http.Request, func()) {
	s.gates.acts.Add(1)
	g := &gate{gates: s.gates, network: s.network(r), device: s.device(r), now: now}
	return r.WithContext(door.WithGate(r.Context(), g)), func() { s.gates.acts.Add(-1) }
}

// Ask lets pass what shows work or a wait, and what comes while nothing presses.
func (g *gate) Ask(k door.Knock) *door.Held {
	if g.solved(k) || g.waited(k) {
		return nil
	}
	if !k.Trap && g.acts.Load() <= pressing && g.limits.ask(g.network, g.device, g.now) {
		return nil
	}
	h := &door.Held{Puzzle: g.puzzle(k.Once)}
	if ripe, ok := g.ticket(k); ok && g.now.Before(ripe) {
		h.Ticket, h.Wait = k.Ticket, ripe.Sub(g.now) // it came too early: the same wait goes on
		return h
	}
	h.Ticket, h.Wait = g.draw(k.Once)
	return h
}

// ask takes one question out of the network's and the device's budget.
func (l *limits) ask(network, device string, now time.Time) bool {
	asks := deviceAsks
	if strings.HasPrefix(device, manyHands) {
		asks = kioskAsks
	}
	if device != "" && l.take("device asks", device, asks, now) > 0 {
		return false
	}
	return l.take("asks", network, networkAsks, now) == 0
}

// sign is a signature over parts, short enough for a form.
func (g *gate) sign(parts ...string) string {
	m := hmac.New(sha256.New, g.key[:])
	for _, p := range parts {
		m.Write([]byte(p + "\x00"))
	}
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:markLength])
}

// signed makes "chance.time.signature", bound to a form's mark.
func (g *gate) signed(what, once string, at time.Time) string {
	chance := rand.Text()[:10]
	when := strconv.FormatInt(at.Unix(), 36)
	return chance + "." + when + "." + g.sign(what, once, chance, when)
}

// read is the time in what signed made; false for anything else.
func (g *gate) read(what, once, token string) (at time.Time, ok bool) {
	part := strings.Split(token, ".")
	if len(part) != 3 || !hmac.Equal([]byte(part[2]), []byte(g.sign(what, once, part[0], part[1]))) {
		return at, false
	}
	sec, err := strconv.ParseInt(part[1], 36, 64)
	return time.Unix(sec, 0), err == nil
}

// spend uses a token up; false when it was.
func (g *gate) spend(token string, until time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, used := g.spent[token]; used {
		return false
	}
	if len(g.spent) >= spentBound {
		for t, over := range g.spent {
			if g.now.After(over) {
				delete(g.spent, t)
			}
		}
	}
	if len(g.spent) >= spentBound {
		return false // it cannot be remembered, so it does not count
	}
	g.spent[token] = until
	g.used = append(g.used, token)
	return true
}

// Back forgets what this visit spent, and nothing that another did.
func (g *gate) Back() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, token := range g.used {
		delete(g.spent, token)
	}
	for _, name := range g.told {
		if r := g.seen[name]; r.n > 0 {
			r.n--
			g.seen[name] = r
		}
	}
	g.used, g.told = nil, nil
}

func (g *gate) puzzle(once string) string {
	return g.signed("puzzle", once, g.now.Add(puzzleLasts))
}

// solved tells whether a puzzle of ours, for this form, was solved in time and for
// the first time.
func (g *gate) solved(k door.Knock) bool {
	over, ok := g.read("puzzle", k.Once, k.Puzzle)
	return ok && g.now.Before(over) && Solves(k.Puzzle, k.Solution) && g.spend(k.Puzzle, over)
}

// Solves tells whether a solution is one: for each part i a number n, such that
// SHA-256("puzzle/i/n") begins with zeros.
func Solves(puzzle, solution string) bool {
	numbers := strings.Split(solution, ",")
	if len(numbers) != puzzleParts {
		return false
	}
	for i, n := range numbers {
		if len(n) == 0 || len(n) > 9 || strings.Trim(n, "0123456789") != "" || !begins(puzzle, i, n) {
			return false
		}
	}
	return true
}

func begins(puzzle string, part int, n string) bool {
	h := sha256.Sum256([]byte(puzzle + "/" + strconv.Itoa(part) + "/" + n))
	return bits.LeadingZeros32(binary.BigEndian.Uint32(h[:4])) >= puzzleBits
}

// ticket is when the ticket that came is ripe; false when it is none of ours, for
// another form, or over.
func (g *gate) ticket(k door.Knock) (ripe time.Time, ok bool) {
	ripe, ok = g.read("ticket", k.Once, k.Ticket)
	return ripe, ok && g.now.Before(ripe.Add(ticketLasts))
}

func (g *gate) waited(k door.Knock) bool {
	ripe, ok := g.ticket(k)
	return ok && !g.now.Before(ripe) && g.spend(k.Ticket, ripe.Add(ticketLasts))
}

// draw is the next ticket of the network: they ripen a second after each other,
// so that one network's queue delays nobody else.
func (g *gate) draw(once string) (ticket string, wait time.Duration) {
	g.limits.mu.Lock()
	name := g.limits.name("queue", g.network, g.now)
	g.limits.mu.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.next) >= paceBound {
		g.next = map[[16]byte]time.Time{}
	}
	ripe := g.now.Add(shortestWait)
	if last := g.next[name].Add(time.Second); last.After(ripe) {
		ripe = last
	}
	if ripe.Sub(g.now) > longestWait {
		return "", longestWait
	}
	ripe = ripe.Truncate(time.Second).Add(time.Second) // tickets count in whole seconds
	g.next[name] = ripe
	return g.signed("ticket", once, ripe), ripe.Sub(g.now)
}

// Pace flags what comes in bursts, or again and again in the same words.
func (g *gate) Pace(text string) glosa.Code {
	g.limits.mu.Lock()
	network := g.limits.name("pace", g.network, g.now)
	words := g.limits.name("words", plainWords(text), g.now)
	g.limits.mu.Unlock()
	many, same := g.again(network, burstTime), g.again(words, sameTime)
	switch {
	case same >= sameOf:
		return "same_text"
	case many > burstOf:
		return "burst"
	}
	return ""
}

// again counts one more, anew after a while.
func (g *gate) again(name [16]byte, while time.Duration) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.seen) >= paceBound {
		g.seen = map[[16]byte]run{}
	}
	r := g.seen[name]
	if g.now.Sub(r.since) > while || g.now.Before(r.since) {
		r = run{since: g.now}
	}
	r.n++
	g.seen[name] = r
	g.told = append(g.told, name)
	return r.n
}

// plainWords is a text without what a machine changes to make it look new:
// capitals, blanks and signs.
func plainWords(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
