package question

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"glosa"
)

// reading is what a reader got of a question that was then merged, and of the one
// that it was merged into.
type reading struct {
	page, root       string
	below, group     []string // what stood below it, and below the root
	steps, rootSteps []Step
	rootID           glosa.QuestionID
	rootClock        time.Time // which a merge may bring forward for good
	joined           time.Time
}

// seen is a page as bytes, without what later steps and hours add to any page: the
// steps, when it changes next, the author's name, which comes by the hour and goes
// at its author's word without a step, and who follows it up.
type seen struct {
	Page
	Name       int
	NameFrom   int
	Until      int
	Joining    int
	Steps      int
	FollowedBy int
}

func (w *walk) seen(p Page) string {
	w.Helper()
	js, err := json.MarshalIndent(seen{Page: p}, "", " ")
	w.ok(err)
	return string(js)
}

// watch keeps what a reader gets of some questions before an act that may merge
// them, and what they are merged into.
func (w *walk) watch(ids, into []glosa.QuestionID, fn func() error) error {
	before := map[glosa.QuestionID]Page{}
	roots := map[glosa.QuestionID]Page{}
	rows := map[glosa.QuestionID]row{}
	for _, id := range into {
		roots[id], rows[id] = w.page(id), w.row(id)
	}
	for _, id := range ids {
		before[id], rows[id] = w.page(id), w.row(id)
		if before[id].State == Merged {
			delete(before, id)
		}
	}
	if err := fn(); err != nil {
		return err
	}
	for id, p := range before {
		r := w.row(id)
		if r.state != Merged || !r.clock.Equal(rows[id].clock) { // in the same tick another was merged into it first, with an earlier clock
			continue
		}
		x := &reading{page: w.seen(p), below: w.below(p), steps: p.Steps, rootID: r.root, joined: r.since}
		if root, ok := roots[r.root]; ok {
			x.root, x.rootSteps, x.rootClock, x.group = w.seen(root), root.Steps, rows[r.root].clock, w.below(root)
		}
		w.before[id] = x
	}
	return nil
}

// below is what stands below a question, each with how much happened to it.
func (w *walk) below(p Page) (out []string) {
	for _, o := range p.Originals {
		out = append(out, fmt.Sprint(o.ID, len(w.page(o.ID).Steps)))
	}
	return out
}

// onlyMerged tells whether nothing but the merge and its undoing was added to a page.
func onlyMerged(was, now []Step) bool {
	if len(now) < len(was) || !slices.Equal(was, now[:len(was)]) {
		return false
	}
	return !slices.ContainsFunc(now[len(was):], func(s Step) bool {
		return !slices.Contains([]string{kMerged.Name, kUnmerged.Name, kMergeProposed.Name, kMergeConsented.Name, kMergeDropped.Name}, string(s.Kind))
	})
}

// undo takes a question out of a merge and compares what a reader gets with what
// they got before.
func (w *walk) undo(r row, part func() error) error {
	if err := part(); err != nil {
		return err
	}
	w.undone++
	x := w.before[r.id]
	delete(w.before, r.id)
	if x == nil || !x.joined.Equal(r.since) {
		return nil
	}
	now := w.page(r.id)
	if onlyMerged(x.steps, now.Steps) && slices.Equal(x.below, w.below(now)) {
		w.same++
		if got := w.seen(now); got != x.page {
			return fmt.Errorf("internal: after the undoing %s reads\n%s", r.id, cmp.Diff(x.page, got))
		}
	}
	if x.root == "" || x.rootID != r.root {
		return nil
	}
	root := w.page(x.rootID)
	if got := w.seen(root); got != x.root && slices.Equal(w.below(root), x.group) && w.row(x.rootID).clock.Equal(x.rootClock) && onlyMerged(x.rootSteps, root.Steps) {
		return fmt.Errorf("internal: %s, from which %s was taken out, reads\n%s", x.rootID, r.id, cmp.Diff(x.root, got))
	}
	return nil
}
