package record

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"

	"glosa"
)

// claims is what leaves and published texts say of each other: every commitment
// is opened, sealed or erased by a tombstone; anything else is missing.
type claims struct {
	told     map[glosa.Hash]TextState // by what the site publishes
	bad      map[glosa.Hash]string    // published, but wrong: why
	made     map[glosa.Hash]made      // by what leaves commit to
	locks    map[string]glosa.Hash    // by subject: the author's lock
	sealed   map[glosa.EditionID]int64
	promises []Promise
	silent   bool // no texts could be read
}

// made is a commitment as the leaves tell it.
type made struct {
	n      int64
	id     string
	kind   string
	tomb   int64 // leaf of its tombstone, -1 while there is none
	locked glosa.Hash
}

func (c *claims) init() {
	c.told, c.bad = map[glosa.Hash]TextState{}, map[glosa.Hash]string{}
	c.made, c.locks = map[glosa.Hash]made{}, map[string]glosa.Hash{}
	c.sealed = map[glosa.EditionID]int64{}
}

// readTexts takes in what is published and opens every commitment that can be opened.
func (w *walk) readTexts(ctx context.Context) {
	c := &w.claims
	err := w.src.texts(ctx, func(t Text) error {
		if _, twice := c.told[t.Commit]; twice {
			c.bad[t.Commit] = "is published twice"
		}
		c.told[t.Commit] = t.State
		if t.State != Opened {
			return nil
		}
		got, err := glosa.Commit(*t.Salt, t.Object)
		switch {
		case err != nil:
			c.bad[t.Commit] = "published text: " + err.Error()
		case got != t.Commit:
			c.bad[t.Commit] = "the published text and salt do not open the commitment"
		case w.opts.Shown != nil:
			if err := w.opts.Shown(ctx, t); err != nil {
				c.bad[t.Commit] = "what is shown is not what was committed: " + err.Error()
			}
		}
		return nil
	})
	if err == nil {
		return
	}
	c.silent = true
	if errors.Is(err, fs.ErrNotExist) {
		w.say(Failure, "text", "no texts are published")
		return
	}
	w.say(Failure, "text", "texts: %v", err)
}

// leaf takes in what one leaf says of others.
func (c *claims) leaf(w *walk, l Leaf) {
	var body struct {
		Lock   *glosa.Hash       `json:"lock"`
		Target *glosa.Hash       `json:"target"`
		Posts  []json.RawMessage `json:"posts"`
	}
	// The leaf was checked; a body whose lock is something else has no lock.
	_ = json.Unmarshal(l.Body, &body)
	for _, h := range l.Commits {
		m := made{n: l.N, id: l.ID, kind: l.Kind, tomb: -1}
		if body.Lock != nil {
			m.locked = *body.Lock
		}
		if _, again := c.made[h]; !again {
			c.made[h] = m
		}
	}
	switch {
	case l.Kind == leafErased && body.Target != nil:
		c.tombstone(w, l, *body.Target, body.Lock, body.Posts)
	case l.Kind == leafWithdrawn:
		if body.Lock == nil || !opens(*body.Lock, c.locks[l.ID]) {
			w.say(Failure, "lock", "leaf %d withdraws %s without opening its author's lock", l.N, l.ID)
		}
	case l.Kind == leafSealed:
		c.sealed[l.Edition] = l.N
	case l.Kind == leafReceived:
		if n, late := c.sealed[l.Edition]; late {
			w.say(Failure, "intake", "leaf %d receives %s after the intake of %s was sealed by leaf %d", l.N, l.ID, l.Edition, n)
		}
	}
	if len(l.Commits) > 0 && body.Lock != nil {
		if _, have := c.locks[l.ID]; !have {
			c.locks[l.ID] = *body.Lock
		}
	}
}

// tombstone checks who erased: two posts, or the author by the lock.
func (c *claims) tombstone(w *walk, l Leaf, target glosa.Hash, lock *glosa.Hash, posts []json.RawMessage) {
	m, ok := c.made[target]
	if !ok {
		w.say(Failure, "text", "leaf %d erases commitment %s, which no leaf made", l.N, target)
		return
	}
	if m.tomb >= 0 {
		return
	}
	m.tomb = l.N
	c.made[target] = m
	if lock != nil {
		if !opens(*lock, c.locks[m.id]) && !opens(*lock, m.locked) {
			w.say(Failure, "lock", "leaf %d erases leaf %d without opening its author's lock", l.N, m.n)
		}
		return
	}
	distinct := map[string]bool{}
	for _, p := range posts {
		distinct[string(p)] = true
	}
	if len(distinct) < 2 {
		w.say(Failure, "text", "leaf %d erases leaf %d by fewer than two posts and without the author's lock", l.N, m.n)
	}
}

// opens tells whether a preimage opens a lock.
func opens(preimage, lock glosa.Hash) bool {
	return !lock.IsZero() && sha256.Sum256(preimage[:]) == lock
}

// conclude judges each commitment and each promise, once every leaf was seen.
func (c *claims) conclude(w *walk) {
	for _, h := range c.inOrder() {
		m := c.made[h]
		told, published := c.told[h]
		why := c.bad[h]
		switch {
		case why != "":
			w.say(Failure, "text", "leaf %d (%s %s): %s", m.n, m.kind, m.id, why)
		case m.tomb >= 0 && published && told != Gone:
			w.say(Failure, "text", "leaf %d (%s %s) was erased by leaf %d but is still %s", m.n, m.kind, m.id, m.tomb, told)
		case m.tomb >= 0:
			w.Erased++
		case told == Gone:
			w.again = true
			w.say(Failure, "text", "leaf %d (%s %s) is said to be erased, but no leaf says by whom and why", m.n, m.kind, m.id)
		case told == Opened:
			w.Opened++
		case told == Sealed:
			w.Sealed++
		case m.n >= w.before || c.silent:
			// made after the texts were read, or no texts to judge by
		default:
			w.Missing++
			w.say(Failure, "text", "leaf %d (%s %s): MISSING: its commitment is neither opened, nor sealed, nor erased", m.n, m.kind, m.id)
		}
	}
	c.unplaced(w)
	for _, p := range c.promises {
		_, kept := c.made[p.Commit]
		w.promised(p, kept, w.opts.Now)
	}
}

// unplaced tells of wrong texts whose commitment no leaf holds.
func (c *claims) unplaced(w *walk) {
	for h, why := range c.bad {
		if _, ok := c.made[h]; !ok {
			w.say(Failure, "text", "commitment %s, which no leaf holds: %s", h, why)
		}
	}
}

func (c *claims) inOrder() []glosa.Hash {
	order := make([]glosa.Hash, 0, len(c.made))
	for h := range c.made {
		order = append(order, h)
	}
	slices.SortFunc(order, func(a, b glosa.Hash) int { return int(c.made[a].n - c.made[b].n) })
	return order
}
