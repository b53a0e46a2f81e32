package opinion

import (
	"maps"
	"slices"

	"glosa"
	"glosa/civic/people/voter"
)

// Trail is what the leaves of a record say of statement sets. It is filled in order
// by [Trail.Leaf], by whoever walks over a verified record: the Observatory for an
// audit, a voter for the own ballot.
type Trail struct {
	sets map[glosa.ContestID]*trailOf
}

// trailOf is what they say of one set.
type trailOf struct {
	voter.Leaves
	voter.Once

	frozen  glosa.Hash         // digest of the settings
	states  map[int]State      // of each statement
	used    map[int]State      // the same as the count found them, which what happens afterwards does not change
	named   map[glosa.Hash]int // statements with words of their own, by their commitment
	counted *countedBody       // nil: no count yet
}

func (t *Trail) of(c glosa.ContestID) *trailOf {
	if t.sets == nil {
		t.sets = map[glosa.ContestID]*trailOf{}
	}
	o := t.sets[c]
	if o == nil {
		o = &trailOf{Leaves: voter.NewLeaves(), states: map[int]State{}, named: map[glosa.Hash]int{}}
		t.sets[c] = o
	}
	return o
}

// Leaf takes in the next leaf; one that says nothing of statement sets is passed
// over. The first leaf begins anew.
func (t *Trail) Leaf(e glosa.Event) (err error) {
	if e.Seq == 1 {
		t.sets = nil
	}
	if e.Kind == kBatched.Name {
		b, err := glosa.BodyOf[voter.CommitsTold](e)
		t.of(b.Contest).List(b)
		return err
	}
	o := t.of(glosa.ContestID(e.Subject))
	switch e.Kind {
	case kFrozen.Name:
		return o.freeze(e)
	case kOpened.Name:
		o.First(e, kOpened.Name, voter.LookRules, openedTwice)
	case kClosed.Name:
		if o.First(e, kClosed.Name, voter.LookRules, closedTwice) {
			o.End = "the end of the vote"
		}
	case kBatch.Name:
		if !o.Told(kBatch.Name) {
			o.First(e, kBatch.Name, voter.LookBatches, "")
		}
		return o.Batch(e)
	case kUnlocked.Name:
		return o.Open(e)
	case kCounted.Name:
		b, err := glosa.BodyOf[countedBody](e)
		if o.First(e, kCounted.Name, voter.LookResult, countedTwice) {
			o.counted, o.used = &b, maps.Clone(o.states)
		}
		return err
	case kRowsGone.Name:
		o.Gone = true
	case "record.restored":
		t.restored(e)
	case kReceived.Name, kIncluded.Name, kAdmitted.Name, kRefused.Name, kLapsed.Name, leafErased:
		return o.statement(e)
	}
	return nil
}

// freeze takes in the settings: once, before the vote is opened and before any ballot.
func (o *trailOf) freeze(e glosa.Event) error {
	b, err := glosa.BodyOf[frozenBody](e)
	if !o.First(e, kFrozen.Name, voter.LookRules, frozenTwice) {
		return err
	}
	if o.Told(kOpened.Name) || o.Told(kBatch.Name) {
		o.Find(voter.LookRules, frozenLate)
	}
	o.frozen = b.Digest
	return err
}

// restored lets be told again what a restore lost.
func (t *Trail) restored(e glosa.Event) {
	for _, o := range t.sets {
		o.Restored(e)
		if !o.Told(kClosed.Name) {
			o.End = ""
		}
		if !o.Told(kCounted.Name) {
			o.counted, o.used = nil, nil
		}
	}
}

// counting are the states of statements as the count found them, or as they stand
// while there is none.
func (o *trailOf) counting() map[int]State {
	if o.counted != nil {
		return o.used
	}
	return o.states
}

// statement keeps where a statement stands.
func (o *trailOf) statement(e glosa.Event) error {
	b, err := glosa.BodyOf[statementTold](e)
	if err != nil {
		return err
	}
	switch e.Kind {
	case kReceived.Name:
		o.states[b.N], o.named[b.Commit] = Waiting, b.N
	case kIncluded.Name, kAdmitted.Name:
		o.states[b.N] = Admitted
	case kRefused.Name:
		o.states[b.N] = Refused
	case kLapsed.Name:
		o.states[b.N] = Lapsed
	default:
		if n, ours := o.named[b.Target]; ours {
			o.states[n] = Erased
		}
	}
	return nil
}

// columns are the statements that the rows of the count must have a column for.
func (o *trailOf) columns() []int {
	var all []Statement
	states := o.counting()
	for _, n := range slices.Sorted(maps.Keys(states)) {
		all = append(all, Statement{N: n, State: states[n]})
	}
	return columnsOf(all)
}
