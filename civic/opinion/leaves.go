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

	frozen  glosa.Hash         // digest of the settings
	states  map[int]State      // of each statement, until the count is made
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
		b, err := glosa.BodyOf[frozenBody](e)
		o.frozen = b.Digest
		return err
	case kClosed.Name:
		o.End = "the end of the vote"
	case kBatch.Name:
		return o.Batch(e)
	case kUnlocked.Name:
		return o.Open(e)
	case kCounted.Name:
		b, err := glosa.BodyOf[countedBody](e)
		o.counted = &b
		return err
	case kRowsGone.Name:
		o.Gone = true
	case kReceived.Name, kIncluded.Name, kAdmitted.Name, kRefused.Name, kLapsed.Name, leafErased:
		return o.statement(e)
	}
	return nil
}

// statement keeps where a statement stands when the count is made, which what
// happens afterwards does not change.
func (o *trailOf) statement(e glosa.Event) error {
	b, err := glosa.BodyOf[statementTold](e)
	if err != nil || o.counted != nil {
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
	for _, n := range slices.Sorted(maps.Keys(o.states)) {
		all = append(all, Statement{N: n, State: o.states[n]})
	}
	return columnsOf(all)
}
