package priority_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/civic/question/intake"
)

// weakAndStrong is an edition whose window is over, with so many ballots of browsers
// and of envelopes.
func (w *town) weakAndStrong(devices, envelopes int) *precinct {
	w.t.Helper()
	p := w.precinctBy(counting("device, code"), envelopes, 2)
	for i := range devices {
		w.support(w.device(), p.q[i%2])
	}
	for i, code := range p.codes {
		w.support(p.envelope(code), p.q[i%2])
	}
	w.closeIntake()
	w.at(w.now().SupportCloses())
	return p
}

// public are the public events so far, as leaves of a record would hold them.
func (w *town) public() (all []glosa.Event) {
	w.t.Helper()
	_, err := w.db.Settled(w.ctx)
	w.ok(err)
	evs, err := w.db.Line().After(w.ctx, 0, 100000)
	w.ok(err)
	for _, e := range evs {
		if e.Public {
			all = append(all, e)
		}
	}
	return all
}

// strict is a ledger that keeps every fault.
type strict struct {
	book
	faults []string
}

func (s *strict) Fault(why string) { s.faults = append(s.faults, why) }

// judged is what fold and audit say of leaves: the faults of one, the findings of the other.
func (w *town) judged(leaves []glosa.Event) (faults []string, found voter.Audit) {
	w.t.Helper()
	told, said := &priority.Told{}, &strict{book: book{}}
	for _, e := range leaves {
		w.ok(told.Leaf(e))
		w.ok(intake.Fold(said, e))
		w.ok(priority.Fold(said, e))
	}
	found, err := w.Audit(w.ctx, ed, told)
	w.ok(err)
	return said.faults, found
}

// named fails unless the fold and the audit name what was done, and named nothing before.
func (w *town) named(leaves []glosa.Event, want string) {
	w.t.Helper()
	faults, found := w.judged(leaves)
	if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
		w.t.Errorf("the fold does not say %q: %q", want, faults)
	}
	if !slices.ContainsFunc(found.Findings, func(f voter.Finding) bool { return strings.Contains(f.Text, want) }) {
		w.t.Errorf("the audit does not say %q: %+v", want, found.Findings)
	}
}

// place is where the first leaf of a kind stands.
func place(leaves []glosa.Event, kind string) int {
	return slices.IndexFunc(leaves, func(e glosa.Event) bool { return e.Kind == kind })
}

// TestWhatDecidesIsToldOnce: a second leaf of rules, agenda, comparison or networks is
// named by fold and audit, and so are rules that come after ballots.
func TestWhatDecidesIsToldOnce(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.weakAndStrong(25, 20)
		_, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		leaves := w.public()
		if faults, found := w.judged(leaves); len(faults) > 0 || !found.OK() {
			t.Fatalf("of an honest house: %q %+v", faults, found.Findings)
		}
		w.named(append(slices.Clone(leaves), networksOf(leaves), networksOf(leaves)), "the busiest networks are told twice")
		for kind, want := range map[string]string{"priority.frozen": "the rules of a contest are frozen twice",
			"priority.selected": "an agenda is made twice", "priority.beside": "another count of the same ballots is told twice"} {
			i := place(leaves, kind)
			if i < 0 {
				t.Fatalf("there is no %s", kind)
			}
			w.named(append(slices.Clone(leaves), leaves[i]), want)
		}
		first, late := leaves[place(leaves, "priority.frozen")], place(leaves, "priority.selected")
		without := slices.DeleteFunc(slices.Insert(slices.Clone(leaves), late, glosa.Event{}), func(e glosa.Event) bool { return e.Kind == "priority.frozen" })
		without[slices.IndexFunc(without, func(e glosa.Event) bool { return e.Kind == "" })] = first
		w.named(without, "the rules of a contest are frozen after ballots came")
	})
}

// networksOf is a leaf of the busiest networks beside the agenda.
func networksOf(leaves []glosa.Event) glosa.Event {
	e := leaves[place(leaves, "priority.selected")]
	e.Kind, e.Body = "priority.networks", []byte(`{"counts":[20],"since":"2026-09-20T00:00:00Z"}`)
	return e
}

// TestWhatARestoreLostIsToldAnew: the house froze the rules again because a restore
// lost that it had, as the record says; nobody is accused for it.
func TestWhatARestoreLostIsToldAnew(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		leaves := w.public()
		frozen := leaves[place(leaves, "priority.frozen")]
		restored := glosa.Event{Seq: frozen.Seq + 1, Kind: "record.restored", Body: fmt.Appendf(nil, `{"lost":"1","size":"%d"}`, frozen.Seq-1)}
		told := &priority.Told{}
		for _, e := range append(leaves, restored, frozen) {
			w.ok(told.Leaf(e))
		}
		found, err := w.Audit(w.ctx, ed, told)
		w.ok(err)
		if !found.OK() {
			t.Errorf("%+v", found.Findings)
		}
	})
}

// TestAnAnswerIsToAProposal: a class is excluded by seats of two sides, as it was
// proposed and for its reason; fold and audit name what is not so.
func TestAnAnswerIsToAProposal(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.stuffed()
		_, err := w.Exclude(w.ctx, civilSide, ed, priority.Class{Same: 20}, "Llegaron juntas.")
		w.ok(err)
		w.ok(w.AnswerExclusion(w.ctx, stateSide, ed, 1, true))
		leaves := w.public()
		if faults, found := w.judged(leaves); len(faults) > 0 || !found.OK() {
			t.Fatalf("of an honest house: %q %+v", faults, found.Findings)
		}
		i := place(leaves, "priority.excluded")
		other := func(change func(e *glosa.Event)) []glosa.Event {
			all := slices.Clone(leaves)
			change(&all[i])
			return all
		}
		w.named(other(func(e *glosa.Event) { e.By = "seat:civil:2" }), "both words are of one side")
		w.named(other(func(e *glosa.Event) {
			e.Body = []byte(strings.Replace(string(e.Body), `"same":20`, `"same":10`, 1))
		}), "to no class that was proposed")
		p := place(leaves, "priority.exclusion_proposed")
		w.named(slices.Delete(slices.Clone(leaves), p, p+1), "to no class that was proposed")
		w.named(append(slices.Clone(leaves), leaves[i]), "to no class that was proposed")
	})
}
