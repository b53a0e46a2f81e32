package record

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

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
	paper    map[glosa.EditionID]int64 // counted at the desks, not yet received when the intake was sealed
	sides    map[string][]glosa.Side   // by "post:KEY": where it was invited to stand
	promises []Promise
	restores []restore
	silent   bool // no texts could be read
}

// restore is a leaf record.restored that says that acts were lost.
type restore struct {
	n, from, to int64 // its leaf; the leaves from..to, without to, whose acts were lost
	at          time.Time
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
	c.paper = map[glosa.EditionID]int64{}
	c.sealed, c.sides = map[glosa.EditionID]int64{}, map[string][]glosa.Side{}
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
		Lock   *glosa.Hash     `json:"lock"`
		Target *glosa.Hash     `json:"target"`
		Posts  json.RawMessage `json:"posts"`
		Post   json.RawMessage `json:"post"`
		Side   json.RawMessage `json:"side"`
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
		c.tombstone(w, l, *body.Target, body.Lock, words(body.Posts))
	case l.Kind == leafWithdrawn:
		if body.Lock == nil || !opens(*body.Lock, c.locks[l.ID]) {
			w.say(Failure, "lock", "leaf %d withdraws %s without opening its author's lock", l.N, l.ID)
		}
	case byTwo[l.Kind] != "":
		if why := c.oneSided(words(body.Posts)); why != "" {
			w.say(Failure, "posts", "leaf %d %s %s %s", l.N, byTwo[l.Kind], l.ID, why)
		}
	case l.Kind == leafInvited:
		for _, post := range words(body.Post) {
			for _, side := range words(body.Side) {
				c.sides["post:"+post] = append(c.sides["post:"+post], glosa.Side(side))
			}
		}
	case l.Kind == kindRestored.Name:
		if size, lost := lostBy(l); lost > 0 {
			c.restores = append(c.restores, restore{l.N, size, size + lost, l.At})
		}
	case l.Kind == leafSealed:
		c.sealed[l.Edition] = l.N
	case l.Kind == leafCounted:
		c.counted(l)
	case l.Kind == leafReceived:
		if n, late := c.sealed[l.Edition]; late && c.paper[l.Edition] > 0 {
			c.paper[l.Edition]--
		} else if late {
			w.say(Failure, "intake", "leaf %d receives %s after the intake of %s was sealed by leaf %d", l.N, l.ID, l.Edition, n)
		}
	}
	if len(l.Commits) > 0 && body.Lock != nil {
		if _, have := c.locks[l.ID]; !have {
			c.locks[l.ID] = *body.Lock
		}
	}
}

// counted takes in how many sheets of paper a desk had in its hands when it closed.
// A count that comes after the seal lets nothing in.
func (c *claims) counted(l Leaf) {
	var body struct {
		Waiting int64 `json:"waiting"`
	}
	if _, late := c.sealed[l.Edition]; late || json.Unmarshal(l.Body, &body) != nil || body.Waiting < 0 {
		return
	}
	c.paper[l.Edition] += body.Waiting
}

// tombstone checks who erased: two posts of different sides, or the author by the lock.
func (c *claims) tombstone(w *walk, l Leaf, target glosa.Hash, lock *glosa.Hash, posts []string) {
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
	if why := c.oneSided(posts); why != "" {
		w.say(Failure, "posts", "leaf %d erases leaf %d: tombstone %s", l.N, m.n, why)
	}
}

// oneSided says what is wrong with the posts of an act that needs two people,
// one of the government and one of civil society; "" when nothing is.
func (c *claims) oneSided(posts []string) string {
	distinct := slices.Compact(slices.Sorted(slices.Values(posts)))
	if len(distinct) < 2 {
		return "by fewer than two posts"
	}
	for _, a := range distinct {
		for _, b := range distinct {
			if a != b && slices.Contains(c.sidesOf(a), glosa.Government) && slices.Contains(c.sidesOf(b), glosa.Civil) {
				return ""
			}
		}
	}
	var sides []glosa.Side
	for _, p := range distinct {
		of := c.sidesOf(p)
		if len(of) == 0 {
			return "by posts of which no leaf says the side: " + p
		}
		sides = append(sides, of...)
	}
	slices.Sort(sides)
	if len(slices.Compact(sides)) > 1 {
		return "without both a post of the government and one of civil society: " + strings.Join(distinct, ", ")
	}
	return "by two posts of one side: " + strings.Join(distinct, ", ")
}

// sidesOf is where a post or a seat stands, as far as the leaves before said.
func (c *claims) sidesOf(by string) []glosa.Side {
	if rest, ok := strings.CutPrefix(by, "seat:"); ok {
		side, _, _ := strings.Cut(rest, ":")
		return []glosa.Side{glosa.Side(side)}
	}
	return c.sides[by]
}

// words reads a word or a list of words out of a body; nothing out of anything else.
func words(raw json.RawMessage) (list []string) {
	var one string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		return []string{one}
	}
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
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
		case published && w.ledger.misplaced(h, told):
			w.again = true
			w.say(Failure, "text", "leaf %d (%s %s): its text must be %s, as leaf %d says, and is %s", m.n, m.kind, m.id,
				w.ledger.texts[h].state, w.ledger.texts[h].n, told)
		case told == Opened:
			w.Opened++
		case told == Sealed:
			w.Sealed++
		case m.n >= w.before || c.silent:
			// made after the texts were read, or no texts to judge by
		default:
			w.Missing++
			if i := slices.IndexFunc(c.restores, func(r restore) bool { return m.n >= r.from && m.n < r.to }); i >= 0 {
				w.Lost++
				w.say(Failure, "text", "leaf %d (%s %s): MISSING: its text was lost in the restore of %s, as leaf %d says: the backup was older",
					m.n, m.kind, m.id, c.restores[i].at.UTC().Format(time.DateOnly), c.restores[i].n)
				continue
			}
			w.say(Failure, "text", "leaf %d (%s %s): MISSING: its commitment is neither opened, nor sealed, nor erased", m.n, m.kind, m.id)
		}
	}
	c.unplaced(w)
	for _, p := range c.promises {
		_, kept := c.made[p.Commit]
		w.promised(p, kept, w.opts.Now)
	}
}

// unplaced tells of texts whose commitment no leaf holds: a text that was made
// just now has its leaf a moment later, so there is a second look.
func (c *claims) unplaced(w *walk) {
	if w.edge.size != w.Size {
		return // leaves that could not be read say nothing
	}
	for h, state := range c.told {
		if _, ok := c.made[h]; ok {
			continue
		}
		w.again = true
		why := c.bad[h]
		if why == "" {
			why = "it is published as " + string(state)
		}
		w.say(Failure, "text", "commitment %s, which no leaf holds: %s", h, why)
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
