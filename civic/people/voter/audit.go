package voter

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"glosa"
)

// What an audit of any ballot box looks at, in order; its room looks at more.
const (
	LookRules   glosa.Code = "rules"   // the rules are those that were frozen
	LookOpens   glosa.Code = "opens"   // every row opens its commitment
	LookOnce    glosa.Code = "once"    // one ballot per credential, by a door that is taken, such as a ballot can be
	LookTold    glosa.Code = "told"    // every row is one that the record was told of
	LookStands  glosa.Code = "stands"  // every ballot that the record was told of, and that nobody changed, has its row
	LookOpened  glosa.Code = "opened"  // every change and every withdrawal opened the former ballot's lock
	LookBatches glosa.Code = "batches" // commitments make their batch's root; new less withdrawn is the rows
	LookRows    glosa.Code = "rows"    // the file of the count is exactly the rows that count
	LookResult  glosa.Code = "result"  // the result follows from the file, and both are those of the record
)

// Audit is what the Observatory finds when it holds the private rows of a contest
// against what is published and what the record was told. Whoever makes it sees
// the rows; what it says names a row by its tracker, or by its commitment where
// it has no row, and never a door or an hour.
type Audit struct {
	Edition  glosa.EditionID `json:"edition"`
	Contest  glosa.ContestID `json:"contest"`
	Counted  bool            `json:"counted"` // there is a result; else what is of it is not looked at
	Ballots  int             `json:"ballots"` // rows that stand
	Batches  int             `json:"batches"`
	Openings int             `json:"openings"`
	Keyed    bool            `json:"keyed"`  // ballots by codes were held against the codes that were typed, under the edition's key
	Rows     int             `json:"rows"`   // of the file of the count
	Input    glosa.Hash      `json:"input"`  // SHA-256 of that file; zeros before
	Result   glosa.Hash      `json:"result"` // SHA-256 of the result
	Looks    []Look          `json:"looks"`
	Findings []Finding       `json:"findings"`
}

// Look is one thing that was looked at, how often, and how often it was wrong.
type Look struct {
	What   glosa.Code `json:"what"`
	Looked int        `json:"looked"`
	Wrong  int        `json:"wrong"`
}

// Finding is something that does not agree.
type Finding struct {
	What    glosa.Code `json:"what"` // as in [Look]
	Tracker string     `json:"tracker"`
	Commit  string     `json:"commit"` // base64
	Text    string     `json:"text"`   // in English
}

// OK tells whether everything agrees.
func (a Audit) OK() bool { return len(a.Findings) == 0 }

// Row is a private row before an audit.
type Row struct {
	Key    glosa.Hash
	Commit glosa.Hash // as the row has it
	Again  glosa.Hash // as what the row holds makes it
	Salt   glosa.Hash
	Door   glosa.Code
	Batch  int    // 0: not in a batch yet
	Stands bool   // else another stands in its place, or none, and no batch has told its opening yet
	Odd    string // why no ballot can be so; "" when one can
}

// Auditor is an audit under way: its room brings the rows and the leaves, has the
// box looked at, and goes on to what is its own.
type Auditor struct {
	Audit
	Box    []Row
	Leaves *Leaves
	Takes  func(door glosa.Code) bool
	Codes  map[glosa.Hash]bool // row keys of the codes that somebody typed: [CodeRows]; nil: not looked at
	Closed bool                // no ballot comes any more: a row of which the record was not told yet was added
}

// NewAuditor begins the audit of a contest, with nothing found.
func NewAuditor(ed glosa.EditionID, contest glosa.ContestID, leaves *Leaves) Auditor {
	return Auditor{Audit: Audit{Edition: ed, Contest: contest, Looks: []Look{}, Findings: []Finding{}}, Leaves: leaves}
}

// Look notes that something was looked at, of a row unless it is nil; why is empty
// when it agrees.
func (a *Auditor) Look(what glosa.Code, r *Row, why string, args ...any) {
	f := Finding{What: what}
	if r != nil {
		f.Tracker, f.Commit = Tracker(r.Salt), r.Commit.String()
	}
	a.Note(f, why, args...)
}

// Note is [Auditor.Look] with a finding that names what it likes.
func (a *Auditor) Note(f Finding, why string, args ...any) {
	i := slices.IndexFunc(a.Looks, func(l Look) bool { return l.What == f.What })
	if i < 0 {
		i = len(a.Looks)
		a.Looks = append(a.Looks, Look{What: f.What})
	}
	a.Looks[i].Looked++
	if why == "" {
		return
	}
	if len(args) > 0 {
		why = fmt.Sprintf(why, args...)
	}
	a.Looks[i].Wrong++
	f.Text = why
	a.Findings = append(a.Findings, f)
}

// Rules looks whether the rules kept, their digest and the record's are one: made
// is the digest of the rules as they are used.
func (a *Auditor) Rules(made, kept, frozen glosa.Hash) {
	switch {
	case frozen.IsZero():
		a.Look(LookRules, nil, "no leaf of the record freezes the rules")
	case made != frozen || kept != frozen:
		a.Look(LookRules, nil, "the rules kept are not those that the record froze")
	default:
		a.Look(LookRules, nil, "")
	}
}

// EveryBallot looks at every row by itself, and at all of them against the leaves.
func (a *Auditor) EveryBallot() {
	a.Keyed = a.Codes != nil
	a.Ballots, a.Batches, a.Openings = 0, len(a.Leaves.Batches), len(a.Leaves.Opened)
	keys := map[glosa.Hash]bool{}
	for i := range a.Box {
		if r := &a.Box[i]; r.Stands {
			a.Ballots++
			a.each(r, keys[r.Key])
			keys[r.Key] = true
		}
	}
	a.stands()
	a.opened()
	a.batches()
}

// each looks at one row by itself.
func (a *Auditor) each(r *Row, second bool) {
	why := ""
	if r.Again != r.Commit {
		why = "the row does not open its commitment: it was changed"
	}
	a.Look(LookOpens, r, why)

	why = r.Odd
	switch {
	case second:
		why = "a second ballot of one credential"
	case !a.Takes(r.Door):
		why = "by a door that this contest does not take"
	case r.Door == Code && a.Codes != nil && !a.Codes[r.Key]:
		why = "by a code of no list that two sides brought, or that nobody typed: it was forged"
	}
	a.Look(LookOnce, r, why)

	n, listed := a.Leaves.Commits[r.Again]
	_, over := a.Leaves.Opened[r.Again]
	why = ""
	switch {
	case over:
		why = "the record opened its lock, so it no longer stands, and it has a row"
	case !listed && r.Batch > 0:
		why = fmt.Sprintf("the record was not told of it, though its row names batch %d: it was added or changed", r.Batch)
	case !listed && a.Closed:
		why = "the record was not told of it, and no ballot comes any more: it was added"
	case listed && n != r.Batch:
		why = fmt.Sprintf("the record was told of it in batch %d, its row names batch %d", n, r.Batch)
	}
	a.Look(LookTold, r, why)
}

// stands: nobody's ballot went without the opening of its lock.
func (a *Auditor) stands() {
	have := make(map[glosa.Hash]bool, len(a.Box))
	for _, r := range a.Box {
		have[r.Again] = true
	}
	for _, c := range slices.SortedFunc(maps.Keys(a.Leaves.Commits), byBytes) {
		if _, over := a.Leaves.Opened[c]; over {
			continue
		}
		why := ""
		if !have[c] {
			why = fmt.Sprintf("the record was told of it in batch %d and never that it was changed or taken back: its row is missing", a.Leaves.Commits[c])
		}
		a.Note(Finding{What: LookStands, Commit: c.String()}, why)
	}
}

// opened: each change and each withdrawal opened one former ballot, once.
func (a *Auditor) opened() {
	changes := 0
	for _, b := range a.Leaves.Batches {
		changes += b.Changed + b.Withdrawn
	}
	for _, c := range slices.SortedFunc(maps.Keys(a.Leaves.Opened), byBytes) {
		why := ""
		if _, listed := a.Leaves.Commits[c]; !listed {
			why = "the record opens it, and was never told of it"
		}
		a.Note(Finding{What: LookOpened, Commit: c.String()}, why)
	}
	why := ""
	if changes != a.Openings {
		why = fmt.Sprintf("the batches tell of %d changes and withdrawals, the record opened %d locks", changes, a.Openings)
	}
	a.Look(LookOpened, nil, why)
	for _, f := range a.Leaves.Faults {
		a.Look(LookOpened, nil, f)
	}
}

// batches: what the record was told in each quarter of an hour agrees with itself and with the rows.
func (a *Auditor) batches() {
	for i, b := range a.Leaves.Batches {
		list := a.Leaves.Lists[b.N]
		why := ""
		switch {
		case b.N != i+1:
			why = fmt.Sprintf("batch %d stands where batch %d should", b.N, i+1)
		case len(list) != b.New+b.Changed:
			why = fmt.Sprintf("batch %d tells of %d ballots and lists %d", b.N, b.New+b.Changed, len(list))
		case Merkle(Distinct(slices.Clone(list))) != b.Root:
			why = fmt.Sprintf("the commitments of batch %d do not make its root", b.N)
		}
		a.Look(LookBatches, nil, why)
	}
	why := ""
	if stand := a.Leaves.Stand(); a.Settled() && a.Ballots != stand {
		why = fmt.Sprintf("%d ballots have rows; new less withdrawn in the batches is %d", a.Ballots, stand)
	}
	a.Look(LookBatches, nil, why)
}

// Settled tells whether a batch has told of everything that the rows hold.
func (a *Auditor) Settled() bool {
	return !slices.ContainsFunc(a.Box, func(r Row) bool { return !r.Stands || r.Batch == 0 })
}

func byBytes(a, b glosa.Hash) int { return bytes.Compare(a[:], b[:]) }
