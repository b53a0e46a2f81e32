package record

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"glosa"
)

// point names one thing that is published and that leaves decide.
type point struct{ of, id, what string }

func (p point) String() string { return p.of + " " + p.id + " " + p.what }

// hidden tells whether it is a note of a fold, which nobody publishes.
func (p point) hidden() bool { return strings.HasPrefix(p.what, ".") }

// cell is what the leaves, the site's list and its pages say of one point. A
// value is a word, or a zero byte and a SHA-256; "" is nothing.
type cell struct {
	told  string
	n     int64    // the leaf that said so
	also  []string // what it was while the site was being read
	lost  bool     // said by an act that a restore lost, and not said again
	shown [2]string
}

// Who said it.
const (
	byList = iota
	byPage
)

// ledger is everything that is published and that leaves decide, one line for
// each thing: what it must be, and what the site says it is.
type ledger struct {
	w     *walk
	cells map[point]*cell
	texts map[glosa.Hash]due // what the fold says of commitments
	leaf  Leaf               // that the fold reads now
	kept  map[point]string   // texts of the list that pages show in another form
	read  [2]bool            // which lists were read to their end
	seen  [2]map[string]bool // objects that a list spoke of, by sort and id
}

func (l *ledger) init(w *walk) {
	l.w, l.cells, l.texts = w, map[point]*cell{}, map[glosa.Hash]due{}
	l.kept = map[point]string{}
	l.seen = [2]map[string]bool{{}, {}}
}

func (l *ledger) at(p point) *cell {
	c := l.cells[p]
	if c == nil {
		c = &cell{n: -1}
		l.cells[p] = c
	}
	return c
}

func (l *ledger) set(p point, value string) {
	c := l.at(p)
	if l.leaf.N >= l.w.before { // the site was being read: it may have shown either
		c.also = append(c.also, c.told)
	}
	c.told, c.n, c.lost = value, l.leaf.N, false
}

// Say implements [glosa.Ledger].
func (l *ledger) Say(of, id, what, word string) { l.set(point{of, id, what}, word) }

// SayText implements [glosa.Ledger].
func (l *ledger) SayText(of, id, what string, digest glosa.Hash) {
	value := ""
	if !digest.IsZero() && digest != nothing {
		value = "\x00" + string(digest[:])
	}
	l.set(point{of, id, what}, value)
}

// nothing is the digest of an empty text, which is not published.
var nothing = glosa.Digest(nil)

// Word implements [glosa.Ledger].
func (l *ledger) Word(of, id, what string) string {
	if c := l.cells[point{of, id, what}]; c != nil && !c.lost && !strings.HasPrefix(c.told, "\x00") {
		return c.told
	}
	return ""
}

// Move implements [glosa.Ledger].
func (l *ledger) Move(of, id, what, toID, toWhat string) {
	c := l.cells[point{of, id, what}]
	if c == nil || c.told == "" {
		return
	}
	value := c.told
	l.set(point{of, id, what}, "")
	l.set(point{of, toID, toWhat}, value)
}

// Drop implements [glosa.Ledger].
func (l *ledger) Drop(of, id, begins string) {
	for p, c := range l.cells {
		if p.of == of && p.id == id && strings.HasPrefix(p.what, begins) && c.told != "" {
			l.set(p, "")
		}
	}
}

// Text implements [glosa.Ledger].
func (l *ledger) Text(commit glosa.Hash, state string) {
	l.texts[commit] = due{TextState(state), l.leaf.N}
}

// due is what a commitment's text must be since a leaf.
type due struct {
	state TextState
	n     int64
}

// misplaced tells whether a text is sealed that must be open, or the other way round.
func (l *ledger) misplaced(h glosa.Hash, is TextState) bool {
	d, ok := l.texts[h]
	return ok && is != d.state && is != Gone && d.n < l.w.before
}

// Fault implements [glosa.Ledger].
func (l *ledger) Fault(why string) {
	l.w.say(Failure, "rule", "leaf %d (%s %s): %s", l.leaf.N, l.leaf.Kind, l.leaf.ID, why)
}

// fold lets the rooms read one leaf.
func (l *ledger) fold(leaf Leaf) {
	e := glosa.Event{Seq: leaf.N + 1, Kind: leaf.Kind, Subject: leaf.ID, Edition: leaf.Edition, At: leaf.At, By: leaf.By, Public: true, Body: leaf.Body}
	if l.w.opts.Leaves != nil {
		if err := l.w.opts.Leaves(e); err != nil {
			l.w.say(Failure, "leaf", "leaf %d (%s %s): %v", leaf.N, leaf.Kind, leaf.ID, err)
		}
	}
	if l.w.opts.Fold == nil {
		return
	}
	l.leaf = leaf
	if leaf.Kind == kindRestored.Name {
		l.lose(leaf)
	}
	if err := l.w.opts.Fold(l, e); err != nil {
		l.w.say(Failure, "leaf", "leaf %d (%s %s): %v", leaf.N, leaf.Kind, leaf.ID, err)
	}
}

// lose forgets what the acts said that a restore says it lost: their leaves
// stand, and the tables never heard of them.
func (l *ledger) lose(leaf Leaf) {
	size, lost := lostBy(leaf)
	for _, c := range l.cells {
		if c.n >= size && c.n < size+lost {
			c.lost = true
		}
	}
}

// lostBy reads out of a leaf record.restored which leaves, from size on, came from
// acts that the restore lost; none when it says so, or is not to be read.
func lostBy(leaf Leaf) (size, lost int64) {
	var body struct { // as leaves write it
		Size int64 `json:"size,string"`
		Lost int64 `json:"lost,string"`
	}
	if json.Unmarshal(leaf.Body, &body) != nil || body.Lost <= 0 {
		return 0, 0
	}
	return body.Size, body.Lost
}

// readOfficials takes in what the site publishes, and what its pages show of it.
func (w *walk) readOfficials(ctx context.Context) {
	if w.opts.Fold == nil {
		w.say(Warning, "published", "official texts and states were not compared: this verifier was given no rules of the rooms")
		return
	}
	l := &w.ledger
	err := w.src.officials(ctx, func(o glosa.Official) error { return l.show(ctx, byList, o) })
	switch {
	case errors.Is(err, fs.ErrNotExist):
		w.say(Failure, "published", "no list of official texts and states is published")
		return
	case err != nil:
		w.say(Failure, "published", "official texts and states: %v", err)
		return
	}
	l.read[byList] = true
	if w.opts.Pages == nil || !w.src.paged() {
		return
	}
	var ids []Object
	for key := range l.seen[byList] {
		of, id, _ := strings.Cut(key, " ")
		ids = append(ids, Object{of, id})
	}
	slices.SortFunc(ids, func(a, b Object) int { return strings.Compare(a.Of+" "+a.ID, b.Of+" "+b.ID) })
	err = w.opts.Pages.Read(ids, Seen{
		Get:  func(path string) ([]byte, error) { return w.src.page(ctx, path) },
		Kept: func(of, id, what string) string { return l.kept[point{of, id, what}] },
		Emit: func(o glosa.Official) error { return l.show(ctx, byPage, o) },
		Fault: func(format string, args ...any) {
			w.again = true
			w.say(Failure, "page", format, args...)
		}})
	l.kept = nil
	if err != nil {
		w.say(Failure, "page", "%v", err)
		return
	}
	l.read[byPage] = true
}

// show takes in one line.
func (l *ledger) show(ctx context.Context, by int, o glosa.Official) error {
	p := point{o.Of, o.ID, o.What}
	value := o.Word
	switch {
	case o.Text != "":
		sum := sha256.Sum256([]byte(o.Text))
		value = "\x00" + string(sum[:])
	case o.File != "":
		sum, err := l.sum(ctx, o)
		if err != nil {
			l.w.say(Failure, "file", "%s: %s: %v", p, o.File, err)
			value = "unreadable"
		} else {
			value = "\x00" + string(sum)
		}
	}
	if l.w.opts.Pages != nil && by == byList && o.Text != "" && l.w.opts.Pages.Keeps(o.Of, o.What) {
		l.kept[p] = o.Text
	}
	c := l.at(p)
	if c.shown[by] != "" && c.shown[by] != value {
		l.w.say(Failure, "published", "%s is published twice, and not alike", p)
	}
	c.shown[by] = value
	l.seen[by][o.Of+" "+o.ID] = true
	return nil
}

// sum is the SHA-256 of a file's bytes, wherever they are.
func (l *ledger) sum(ctx context.Context, o glosa.Official) ([]byte, error) {
	open := o.Open
	if open == nil {
		open = func() (io.ReadCloser, error) { return l.w.src.file(ctx, o.File) }
	}
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	h := sha256.New()
	_, err = io.Copy(h, r)
	return h.Sum(nil), err
}

// conclude compares what leaves decide with what is published, thing by thing.
func (l *ledger) conclude() {
	if !l.read[byList] {
		return
	}
	points := make([]point, 0, len(l.cells))
	for p := range l.cells {
		if !p.hidden() {
			points = append(points, p)
		}
	}
	slices.SortFunc(points, func(a, b point) int {
		if n := l.cells[a].n - l.cells[b].n; n != 0 {
			return int(n)
		}
		return strings.Compare(a.String(), b.String())
	})
	lost, silent := 0, map[string]bool{}
	for _, p := range points {
		c := l.cells[p]
		if c.lost && c.shown[byList] != c.told {
			lost++
			continue
		}
		l.judge(p, c, byList, c.shown[byList])
		if l.read[byPage] && l.w.opts.Pages.Shows(p.of, p.what) {
			if key := p.of + " " + p.id; l.seen[byPage][key] {
				l.judge(p, c, byPage, c.shown[byPage])
			} else if l.seen[byList][key] {
				silent[key] = true
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(silent)) {
		l.w.again = true
		l.w.say(Failure, "page", "the API shows nothing of %s", key)
	}
	if lost > 0 {
		l.w.say(Warning, "published", "%d official texts and states of acts that a restore lost, as its leaf says, were not compared", lost)
	}
}

// judge compares one thing.
func (l *ledger) judge(p point, c *cell, by int, shown string) {
	w := l.w
	if shown == c.told || slices.Contains(c.also, shown) {
		if shown == "" {
			return
		}
		switch {
		case by == byPage:
			w.Shown++
		case strings.HasPrefix(shown, "\x00"):
			w.Texts++
		default:
			w.States++
		}
		return
	}
	w.again = true
	what, who := "published", "published"
	if by == byPage {
		what, who = "page", "shown by the API"
	}
	switch {
	case c.told == "" && c.n < 0:
		w.say(Failure, what, "%s is %s%s, and no leaf says so", p, who, said(shown))
	case c.told == "":
		w.say(Failure, what, "%s is still %s%s; leaf %d ended it", p, who, said(shown), c.n)
	case shown == "":
		w.say(Failure, what, "%s is not %s; leaf %d says%s", p, who, c.n, said(c.told))
	case strings.HasPrefix(c.told, "\x00"):
		w.say(Failure, what, "%s: what is %s is not the text that leaf %d holds the digest of", p, who, c.n)
	default:
		w.say(Failure, what, "%s is %s%s; leaf %d says%s", p, who, said(shown), c.n, said(c.told))
	}
}

// said is a value in a sentence.
func said(value string) string {
	if strings.HasPrefix(value, "\x00") {
		return " as a text"
	}
	return fmt.Sprintf(" as %.80q", value)
}
