package opinion_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/db/dbtest"
)

// strict is a ledger that keeps every fault.
type strict struct {
	said
	faults *[]string
}

func (s strict) Fault(why string) { *s.faults = append(*s.faults, why) }

// public are the public events so far, numbered as leaves of a record would be.
func (h *hall) public() (all []glosa.Event) {
	h.t.Helper()
	for _, e := range dbtest.Events(h.t, h.db) {
		if e.Public {
			e.Seq = int64(len(all) + 1)
			all = append(all, e)
		}
	}
	return all
}

// judged is what fold and audit say of leaves: the faults of one, the findings of the other.
func (h *hall) judged(leaves []glosa.Event) (faults []string, found voter.Audit) {
	h.t.Helper()
	trail, s := &opinion.Trail{}, strict{said{t: h.t, words: map[string]string{}}, &faults}
	for i, e := range leaves {
		e.Seq = int64(i + 1)
		h.ok(trail.Leaf(e))
		h.ok(opinion.Fold(s, e))
	}
	found, err := h.Audit(h.ctx, ed, trail)
	h.ok(err)
	return faults, found
}

// named fails unless the fold and the audit name what was done.
func (h *hall) named(leaves []glosa.Event, want string, look glosa.Code) {
	h.t.Helper()
	faults, found := h.judged(leaves)
	if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
		h.t.Errorf("the fold does not say %q: %q", want, faults)
	}
	if !slices.ContainsFunc(found.Findings, func(f voter.Finding) bool { return strings.Contains(f.Text, want) && f.What == look }) {
		h.t.Errorf("the audit does not say %q: %+v", want, found.Findings)
	}
}

// TestWhatDecidesIsToldOnce: a second leaf of settings, opening, end or count is
// named by fold and audit, and so are settings that come after the opening.
func TestWhatDecidesIsToldOnce(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.voted()
		h.at(h.board().Until)
		leaves := h.public()
		if faults, found := h.judged(leaves); len(faults) > 0 || !found.OK() {
			t.Fatalf("of an honest house: %q %+v", faults, found.Findings)
		}
		place := func(kind string) int {
			i := slices.IndexFunc(leaves, func(e glosa.Event) bool { return e.Kind == kind })
			if i < 0 {
				t.Fatalf("there is no %s", kind)
			}
			return i
		}
		for _, c := range []struct {
			kind, want string
			look       glosa.Code
		}{
			{"opinion.frozen", "the settings of a statement set are frozen twice", voter.LookRules},
			{"opinion.opened", "the vote on statements is opened twice", voter.LookRules},
			{"opinion.closed", "the vote on statements is closed twice", voter.LookRules},
			{"opinion.counted", "the votes on statements are counted twice", voter.LookResult},
		} {
			h.named(append(slices.Clone(leaves), leaves[place(c.kind)]), c.want, c.look)
		}
		first := leaves[place("opinion.frozen")]
		late := slices.Insert(slices.Clone(leaves), place("opinion.opened")+1, first)
		h.named(slices.Delete(late, place("opinion.frozen"), place("opinion.frozen")+1), "frozen after its vote began", voter.LookRules)
		var moved []glosa.Event // settings and opening both come after the ballots
		for _, e := range leaves {
			if e.Kind == "opinion.closed" {
				moved = append(moved, first, leaves[place("opinion.opened")])
			}
			if e.Kind != "opinion.frozen" && e.Kind != "opinion.opened" {
				moved = append(moved, e)
			}
		}
		h.named(moved, "frozen after its vote began", voter.LookRules)
	})
}

// TestRowsStayWithAuditorsWhateverComesLater: the settings that were frozen first
// hold; a second leaf that makes the rows everybody's makes nothing public.
func TestRowsStayWithAuditorsWhateverComesLater(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.voted()
		h.at(h.board().Until)
		leaves := h.public()
		i := slices.IndexFunc(leaves, func(e glosa.Event) bool { return e.Kind == "opinion.frozen" })
		again := leaves[i]
		if again.Body = []byte(strings.Replace(string(again.Body), `"rows":"auditors"`, `"rows":"public"`, 1)); string(again.Body) == string(leaves[i].Body) {
			t.Fatalf("rows are for auditors in no leaf: %s", again.Body)
		}
		s := strict{said{t: t, words: map[string]string{}}, &[]string{}}
		for _, e := range append(leaves, again) {
			h.ok(opinion.Fold(s, e))
		}
		if s.words[".rows"] != "auditors" {
			t.Errorf("the rows are %q", s.words[".rows"])
		}
	})
}

// TestWhatARestoreLostIsToldAnew: the house ended and counted the vote again because
// a restore lost that it had, as the record says; nobody is accused for it, and a
// statement that was erased after the first count is erased for the second.
func TestWhatARestoreLostIsToldAnew(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(3)
		h.vote(h.device(), 1, opinion.Agree)
		h.ok(h.Close(h.ctx, facilitator, ed))
		h.ok(h.Count(h.ctx))
		before := h.public()
		h.ok(h.Erase(h.ctx, civil, ed, 2, "third_party_data", "minor"))
		h.ok(h.Erase(h.ctx, government, ed, 2, "third_party_data", "minor"))
		erased := h.public()[len(before):]
		h.root("delete from opinion_result")
		h.ok(h.Count(h.ctx))
		all := h.public()
		counted := all[len(before)+len(erased):]
		i := slices.IndexFunc(before, func(e glosa.Event) bool { return e.Kind == "opinion.closed" })
		lost := len(before) + len(erased) - i
		restored := glosa.Event{Kind: "record.restored", Public: true, Body: fmt.Appendf(nil, `{"lost":"%d","size":"%d"}`, lost, i)}
		if _, found := h.judged(slices.Concat(before, erased, []glosa.Event{restored, before[i]}, counted)); !found.OK() {
			t.Errorf("%+v", found.Findings)
		}
	})
}
