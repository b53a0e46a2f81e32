package priority

import (
	"glosa"
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
	frozen    glosa.Hash // digest of the criteria
	batches   []batchBody
	lists     map[int][]glosa.Hash      // commitments, by batch
	commits   map[glosa.Hash]int        // which batch told of it
	opened    map[glosa.Hash]glosa.Hash // openers, by the former commitment
	doors     []doorsBody               // what came by each, as the daily leaves tell it
	items     map[glosa.QuestionID]bool // that could be chosen
	selected  *selectedBody             // nil: no agenda yet
	besides   map[glosa.Code]besideBody // other counts
	excluded  *exclusionBody            // the class that both sides excluded; nil: none
	destroyed bool                      // the rows are gone
	faults    []string
}

func (t *Told) of(c glosa.ContestID) *toldOf {
	if t.contests == nil {
		t.contests = map[glosa.ContestID]*toldOf{}
	}
	o := t.contests[c]
	if o == nil {
		o = &toldOf{lists: map[int][]glosa.Hash{}, commits: map[glosa.Hash]int{}, opened: map[glosa.Hash]glosa.Hash{},
			items: map[glosa.QuestionID]bool{}, besides: map[glosa.Code]besideBody{}}
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
		return t.listed(e)
	}
	o := t.of(glosa.ContestID(e.Subject))
	switch e.Kind {
	case kFrozen.Name:
		b, err := glosa.BodyOf[frozenBody](e)
		o.frozen = b.Digest
		return err
	case kBatch.Name:
		b, err := glosa.BodyOf[batchBody](e)
		o.batches = append(o.batches, b)
		return err
	case kOpened.Name:
		return o.opens(e)
	case kDoors.Name:
		b, err := glosa.BodyOf[doorsBody](e)
		o.doors = append(o.doors, b)
		return err
	case kSelected.Name:
		b, err := glosa.BodyOf[selectedBody](e)
		o.selected = &b
		return err
	case kBeside.Name:
		b, err := glosa.BodyOf[besideBody](e)
		o.besides[b.Of] = b
		return err
	case kExcluded.Name:
		b, err := glosa.BodyOf[exclusionBody](e)
		o.excluded = &b
		return err
	case kDestroyed.Name:
		o.destroyed = true
	case "question.selected", "question.not_selected":
		t.of(ContestOf(e.Edition)).items[glosa.QuestionID(e.Subject)] = true
	case "question.merged", "question.unmerged":
		return t.merging(e)
	}
	return nil
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

func (t *Told) listed(e glosa.Event) error {
	b, err := glosa.BodyOf[batchedBody](e)
	o := t.of(b.Contest)
	if o.selected != nil {
		o.faults = append(o.faults, "batch "+itoa(b.N)+" comes after the agenda: its ballots are late")
	}
	for _, c := range b.Commits {
		if _, again := o.commits[c]; again {
			o.faults = append(o.faults, "ballot "+c.String()+" is told of twice")
			continue
		}
		o.commits[c], o.lists[b.N] = b.N, append(o.lists[b.N], c)
	}
	return err
}

func (o *toldOf) opens(e glosa.Event) error {
	b, err := glosa.BodyOf[openedBody](e)
	for _, x := range b.Opened {
		if _, again := o.opened[x.Former]; again {
			o.faults = append(o.faults, "the lock of ballot "+x.Former.String()+" is opened twice")
		}
		o.opened[x.Former] = x.Opener
	}
	return err
}
