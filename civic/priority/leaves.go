package priority

import (
	"time"

	"glosa"
	"glosa/civic/people/voter"
)

// Told is what the leaves of a record say of ballots, contest by contest. It is
// filled in order by [Told.Leaf], by whoever walks over a verified record: the
// Observatory for an audit, a voter for the own ballot.
type Told struct {
	contests map[glosa.ContestID]*toldOf
	into     map[glosa.QuestionID]glosa.QuestionID // a merged question's common one
}

// toldOf is what they say of one contest.
type toldOf struct {
	voter.Leaves

	frozen   glosa.Hash                // digest of the criteria
	doors    []doorsBody               // what came by each, as the daily leaves tell it
	items    map[glosa.QuestionID]bool // that could be chosen
	selected *selectedBody             // nil: no agenda yet
	besides  map[glosa.Code]besideBody // other counts
	excluded *exclusionBody            // the class that both sides excluded; nil: none

	at       map[int]time.Time // when each batch was told
	proposed []proposal        // classes that wait for an answer

	window *windowBody // nil: it is not closed
	paper  int         // ballots that its desks may still bring then
	late   int         // ballots that came since

	voter.Once // what is told once
}

func (t *Told) of(c glosa.ContestID) *toldOf {
	if t.contests == nil {
		t.contests = map[glosa.ContestID]*toldOf{}
	}
	o := t.contests[c]
	if o == nil {
		o = &toldOf{Leaves: voter.NewLeaves(), items: map[glosa.QuestionID]bool{}, besides: map[glosa.Code]besideBody{}, at: map[int]time.Time{}}
		t.contests[c] = o
	}
	return o
}

// Leaf takes in the next leaf; one that says nothing of ballots is passed over.
// The first leaf begins anew.
func (t *Told) Leaf(e glosa.Event) (err error) {
	if e.Seq == 1 {
		t.contests, t.into = nil, nil
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
	case kBatch.Name:
		return o.batched(e)
	case kPaperClosed.Name:
		return o.paperCounted(e)
	case kWindow.Name:
		return o.windowClosed(e)
	case kOpened.Name:
		return o.Open(e)
	case kDoors.Name:
		b, err := glosa.BodyOf[doorsBody](e)
		o.doors = append(o.doors, b)
		return err
	case kSelected.Name:
		b, err := glosa.BodyOf[selectedBody](e)
		if o.First(e, kSelected.Name, voter.LookResult, agendaTwice) {
			o.selected, o.End = &b, "the agenda"
		}
		return err
	case kBeside.Name:
		b, err := glosa.BodyOf[besideBody](e)
		if o.First(e, kBeside.Name+"."+string(b.Of), voter.LookResult, besideTwice) {
			o.besides[b.Of] = b
		}
		return err
	case kNetworks.Name:
		o.First(e, kNetworks.Name, voter.LookResult, networksTwice)
	case "record.restored":
		t.restored(e)
	case kExclusion.Name, kExcluded.Name, kDeclined.Name:
		return o.exclusion(e)
	case kDestroyed.Name:
		o.Gone = true
	case "question.selected", "question.not_selected":
		t.of(ContestOf(e.Edition)).items[glosa.QuestionID(e.Subject)] = true
	case "question.merged", "question.unmerged":
		return t.merging(e)
	}
	return nil
}

// freeze takes in the rules: once, before the first ballot.
func (o *toldOf) freeze(e glosa.Event) error {
	b, err := glosa.BodyOf[frozenBody](e)
	if !o.First(e, kFrozen.Name, voter.LookRules, rulesTwice) {
		return err
	}
	if o.Told(kBatch.Name) {
		o.Find(voter.LookRules, rulesLate)
	}
	o.frozen = b.Digest
	return err
}

// restored lets be told again what a restore says that it lost: the leaves stand,
// and the house, which never heard of them, does the acts anew.
func (t *Told) restored(e glosa.Event) {
	for _, o := range t.contests {
		o.Restored(e)
		if !o.Told(kWindow.Name) {
			o.window, o.paper, o.late = nil, 0, 0 // its paper was counted in the same act
		}
		if !o.Told(kSelected.Name) {
			o.selected, o.End = nil, ""
		}
	}
}

// merging keeps which question stands for which.
func (t *Told) merging(e glosa.Event) error {
	b, err := glosa.BodyOf[struct{ Into, Takes glosa.QuestionID }](e)
	if t.into == nil {
		t.into = map[glosa.QuestionID]glosa.QuestionID{}
	}
	id := glosa.QuestionID(e.Subject)
	if e.Kind == "question.merged" {
		t.into[id] = b.Into
		return err
	}
	delete(t.into, id)
	if b.Takes != "" { // it takes the place of one that was withdrawn
		for q, root := range t.into {
			if root == b.Takes {
				t.into[q] = id
			}
		}
		t.into[b.Takes] = id
	}
	return err
}

// root is the question whose words stand for this one.
func (t *Told) root(id glosa.QuestionID) glosa.QuestionID {
	for range len(t.into) { // a circle ends too
		up, ok := t.into[id]
		if !ok {
			break
		}
		id = up
	}
	return id
}
