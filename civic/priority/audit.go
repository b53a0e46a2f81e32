package priority

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/shares"
)

// What an audit looks at, in order.
const (
	LookCriteria glosa.Code = "criteria" // the rule is the one that was frozen
	LookOpens    glosa.Code = "opens"    // every row opens its commitment
	LookOnce     glosa.Code = "once"     // one ballot per credential, by a door that is taken, within the limit
	LookTold     glosa.Code = "told"     // every row is one that the record was told of
	LookStands   glosa.Code = "stands"   // every ballot that the record was told of, and that nobody changed, has its row
	LookOpened   glosa.Code = "opened"   // every change and every withdrawal opened the former ballot's lock
	LookBatches  glosa.Code = "batches"  // commitments make their batch's root; new less withdrawn is the rows
	LookCame     glosa.Code = "came"     // what the daily leaves tell by door agrees with batches, rows and the rule
	LookDoors    glosa.Code = "doors"    // rows by door add up to what was counted, void and apart
	LookRows     glosa.Code = "rows"     // the published file is exactly the rows that count
	LookResult   glosa.Code = "result"   // the result follows from the file, and both are those of the record
)

// Audit is what the Observatory finds when it holds the private rows of a contest
// against what is published and what the record was told. Whoever makes it sees
// the rows; what it says names a row by its tracker, or by its commitment where
// it has no row, and never a door or an hour.
type Audit struct {
	Edition  glosa.EditionID `json:"edition"`
	Contest  glosa.ContestID `json:"contest"`
	Selected bool            `json:"selected"` // there is an agenda; else the last three are not looked at
	Ballots  int             `json:"ballots"`  // rows that stand
	Batches  int             `json:"batches"`
	Openings int             `json:"openings"`
	Rows     int             `json:"rows"`   // of the published file
	Input    glosa.Hash      `json:"input"`  // SHA-256 of the published file; zeros before
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

// auditor is an audit under way.
type auditor struct {
	Audit
	criteria Criteria
	digest   glosa.Hash
	told     *toldOf
	standing []*ballot
	came     map[glosa.Code]int // by door, as the batches counted
	over     []*ballot          // rows that no longer stand, whose opening no batch has told yet
	sel      stored
	file     []byte
	besides  []storedBeside
	out      map[*ballot]bool // of the class that the record says both sides excluded
	roots    map[glosa.QuestionID]glosa.QuestionID
}

// Audit looks at every ballot of an edition's contest. told is what the leaves of
// a verified record say. Errors: NotFound when the edition has no contest; Closed
// when its ballots were destroyed, as is due 90 days after the evaluation.
func (d *Desk) Audit(ctx context.Context, id glosa.EditionID, told *Told) (Audit, error) {
	a := &auditor{Audit: Audit{Edition: id, Contest: ContestOf(id), Findings: []Finding{}}, told: told.of(ContestOf(id))}
	if err := d.DB.Read(ctx, a.read); err != nil {
		return Audit{}, err
	}
	a.rule()
	a.each()
	a.stands()
	a.openings()
	a.batches()
	a.cameBy()
	if a.Selected {
		a.excluded()
		a.doors()
		a.published()
	}
	return a.Audit, nil
}

// read takes in everything that the audit compares.
func (a *auditor) read(tx *db.Tx) (err error) {
	if a.criteria, a.digest, _, err = selectFrozen(tx, a.Edition); err != nil {
		return err
	}
	all, err := selectEveryVersion(tx, a.Contest)
	if err != nil {
		return err
	}
	if a.told.destroyed || a.gone(tx) {
		return glosa.Refuse(glosa.Closed, "g.destroyed", "edition", string(a.Edition))
	}
	if a.came, err = selectCame(tx, a.Contest); err != nil {
		return err
	}
	a.standing, a.over = nil, nil
	roots := rooter{tx, map[glosa.QuestionID]glosa.QuestionID{}}
	for _, b := range all {
		if b.state != standing {
			a.over = append(a.over, b)
			continue
		}
		a.standing = append(a.standing, b)
		if _, err := roots.set(b.choices); err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
	}
	a.roots, a.Ballots = roots.known, len(a.standing)
	a.sel, err = selectSelection(tx, a.Contest)
	if glosa.KindOf(err) == glosa.NotFound {
		return nil
	}
	if err == nil {
		a.Selected = true
		a.file, err = selectFile(tx, a.Contest)
	}
	if err == nil {
		a.sel.account, err = selectAccount(tx, a.Contest)
	}
	if err == nil {
		a.besides, err = selectBesides(tx, a.Contest)
	}
	for i := 0; i < len(a.besides) && err == nil; i++ {
		a.besides[i].file, _, err = selectBesideFiles(tx, a.Contest, a.besides[i].of)
		if glosa.KindOf(err) == glosa.NotFound {
			err = nil // it was too few to show
		}
	}
	return err
}

// gone tells whether the rows were destroyed.
func (a *auditor) gone(tx *db.Tx) bool {
	kept, err := selectKept(tx)
	return err == nil && !slices.Contains(kept, a.Edition)
}

// look notes that something was looked at; why is empty when it agrees.
func (a *auditor) look(what glosa.Code, b *ballot, why string, args ...any) {
	f := Finding{What: what}
	if b != nil {
		f.Tracker, f.Commit = voter.Tracker(b.salt()), b.commit.String()
	}
	a.note(f, why, args...)
}

func (a *auditor) note(f Finding, why string, args ...any) {
	if len(args) > 0 {
		why = fmt.Sprintf(why, args...)
	}
	i := slices.IndexFunc(a.Looks, func(l Look) bool { return l.What == f.What })
	if i < 0 {
		i = len(a.Looks)
		a.Looks = append(a.Looks, Look{What: f.What})
	}
	a.Looks[i].Looked++
	if why == "" {
		return
	}
	a.Looks[i].Wrong++
	f.Text = why
	a.Findings = append(a.Findings, f)
}

// rule: the criteria are those that the record was told of, before anybody asked.
func (a *auditor) rule() {
	js, err := glosa.JCS(a.criteria)
	switch {
	case err != nil:
		a.look(LookCriteria, nil, "the criteria cannot be written: %v", err)
	case a.told.frozen.IsZero():
		a.look(LookCriteria, nil, "no leaf of the record freezes the criteria")
	case glosa.Digest(js) != a.told.frozen || a.digest != a.told.frozen:
		a.look(LookCriteria, nil, "the criteria kept are not those that the record froze")
	default:
		a.look(LookCriteria, nil, "")
	}
}

// each looks at every row by itself.
func (a *auditor) each() {
	keys := map[glosa.Hash]bool{}
	for _, b := range a.standing {
		again := *b
		again.seal()
		why := ""
		if again.commit != b.commit {
			why = "the row does not open its commitment: it was changed"
		}
		a.look(LookOpens, b, why)

		why = ""
		sorted := slices.IsSorted(b.choices) && len(slices.Compact(slices.Clone(b.choices))) == len(b.choices)
		switch {
		case keys[b.key]:
			why = "a second ballot of one credential"
		case !a.criteria.Takes(b.door):
			why = "by a door that this contest does not take"
		case len(b.choices) > a.criteria.Choices || !sorted:
			why = "choices that no ballot can have"
		}
		keys[b.key] = true
		a.look(LookOnce, b, why)

		n, listed := a.told.commits[again.commit]
		_, over := a.told.opened[again.commit]
		why = ""
		switch {
		case over:
			why = "the record opened its lock, so it no longer stands, and it has a row"
		case !listed && b.batch > 0:
			why = fmt.Sprintf("the record was not told of it, though its row names batch %d: it was added or changed", b.batch)
		case !listed && a.Selected:
			why = "the record was not told of it, and the agenda is made: it was added"
		case listed && n != b.batch:
			why = fmt.Sprintf("the record was told of it in batch %d, its row names batch %d", n, b.batch)
		}
		a.look(LookTold, b, why)
	}
}

// stands: nobody's ballot went without the opening of its lock.
func (a *auditor) stands() {
	have := make(map[glosa.Hash]bool, len(a.standing))
	for _, b := range slices.Concat(a.standing, a.over) {
		again := *b
		again.seal()
		have[again.commit] = true
	}
	for _, c := range slices.SortedFunc(maps.Keys(a.told.commits), byBytes) {
		if _, over := a.told.opened[c]; over {
			continue
		}
		why := ""
		if !have[c] {
			why = fmt.Sprintf("the record was told of it in batch %d and never that it was changed or taken back: its row is missing", a.told.commits[c])
		}
		a.note(Finding{What: LookStands, Commit: c.String()}, why)
	}
}

// openings: each change and each withdrawal opened one former ballot, once.
func (a *auditor) openings() {
	changes := 0
	for _, b := range a.told.batches {
		changes += b.Changed + b.Withdrawn
	}
	a.Openings = len(a.told.opened)
	for _, c := range slices.SortedFunc(maps.Keys(a.told.opened), byBytes) {
		why := ""
		if _, listed := a.told.commits[c]; !listed {
			why = "the record opens it, and was never told of it"
		}
		a.note(Finding{What: LookOpened, Commit: c.String()}, why)
	}
	why := ""
	if changes != a.Openings {
		why = fmt.Sprintf("the batches tell of %d changes and withdrawals, the record opened %d locks", changes, a.Openings)
	}
	a.look(LookOpened, nil, why)
	for _, f := range a.told.faults {
		a.look(LookOpened, nil, f)
	}
}

// batches: what the record was told in each quarter of an hour agrees with itself and with the rows.
func (a *auditor) batches() {
	a.Batches = len(a.told.batches)
	stand, unbatched := 0, 0
	for i, b := range a.told.batches {
		stand += b.New - b.Withdrawn
		list := a.told.lists[b.N]
		why := ""
		switch {
		case b.N != i+1:
			why = fmt.Sprintf("batch %d stands where batch %d should", b.N, i+1)
		case len(list) != b.New+b.Changed:
			why = fmt.Sprintf("batch %d tells of %d ballots and lists %d", b.N, b.New+b.Changed, len(list))
		case voter.Merkle(voter.Distinct(slices.Clone(list))) != b.Root:
			why = fmt.Sprintf("the commitments of batch %d do not make its root", b.N)
		}
		a.look(LookBatches, nil, why)
	}
	for _, b := range a.standing {
		if b.batch == 0 {
			unbatched++
		}
	}
	why := ""
	if rows := a.Ballots; unbatched == 0 && len(a.over) == 0 && rows != stand {
		why = fmt.Sprintf("%d ballots have rows; new less withdrawn in the batches is %d", rows, stand)
	}
	a.look(LookBatches, nil, why)
}

// doors: rows by door make the sums that the record was told when the agenda was made.
func (a *auditor) doors() {
	counting, apart := 0, 0
	for _, b := range a.standing {
		if a.criteria.Counts(b.door) {
			counting++
		} else {
			apart++
		}
	}
	s, out := a.told.selected, a.criteria.outside(a.sel.void, a.sel.apart)
	why := ""
	switch {
	case s == nil:
		why = "no leaf of the record makes the agenda that is published"
	case s.Ballots != a.sel.ballots || s.Excluded != a.sel.excluded || out != outside{s.Outside, s.Void, s.Apart}:
		why = "the sums kept are not those that the record was told"
	case a.sel.ballots+a.sel.void+a.sel.excluded != counting || a.sel.apart != apart:
		why = fmt.Sprintf("%d ballots of doors that count and %d apart have rows; the agenda was made of %d and %d", counting, apart, a.sel.ballots+a.sel.void+a.sel.excluded, a.sel.apart)
	case s.Excluded != len(a.out):
		why = fmt.Sprintf("%d ballots are of the class that both sides excluded; the record was told of %d", len(a.out), s.Excluded)
	}
	a.look(LookDoors, nil, why)
}

// published holds the published files against the rows, and results against their files.
func (a *auditor) published() {
	in := a.parsed("the published file", a.file)
	if in == nil {
		return
	}
	a.Rows, a.Input, a.Result = len(in.Ballots), glosa.Digest(a.file), glosa.Digest(a.sel.result)
	a.items(in)
	void := a.rowsOf(in, "the published file", voter.Tracker, func(x *ballot) bool { return !a.out[x] })
	var want stored
	if s := a.told.selected; s != nil {
		want = stored{input: s.Input, digest: s.Result}
		a.account(s.Account)
		if void != a.sel.void {
			a.look(LookRows, nil, "%d ballots that count hold no question of the file; the agenda was made of %d", void, a.sel.void)
		}
	}
	a.resultOf(in, "the agenda", a.file, a.sel.result, want)
	for _, b := range a.besides {
		if b.state != Computed {
			continue
		}
		name := "the file of " + string(b.of)
		other := a.parsed(name, b.file)
		if other == nil {
			continue
		}
		if b.of == Whole {
			a.rowsOf(other, name, WholeTracker, func(*ballot) bool { return true })
		} else {
			a.rowsOf(other, name, StrongTracker, func(x *ballot) bool { return voter.Strong(x.door) && !a.out[x] })
		}
		told := a.told.besides[b.of]
		a.resultOf(other, "the result of "+string(b.of), b.file, b.result, stored{input: told.Input, digest: told.Result})
	}
}

// items: the questions of the file are those that the record says were chosen or not.
func (a *auditor) items(in *shares.Instance) {
	if len(in.Items) == 0 {
		return // nobody's ballot counts
	}
	have := map[glosa.QuestionID]bool{}
	for _, it := range in.Items {
		have[glosa.QuestionID(it.ID)] = true
	}
	for _, q := range slices.Sorted(maps.Keys(a.told.items)) {
		why := ""
		if !have[q] {
			why = "the published file leaves out " + string(q) + ", which the record says could be chosen"
		}
		a.look(LookRows, nil, why)
		delete(have, q)
	}
	for _, q := range slices.Sorted(maps.Keys(have)) {
		a.look(LookRows, nil, "the published file holds %s, of which the record says nothing", q)
	}
}

// parsed reads a published file; an empty one has the questions of nobody.
func (a *auditor) parsed(name string, file []byte) *shares.Instance {
	if len(file) == 0 {
		return &shares.Instance{}
	}
	in, err := shares.Parse(bytes.NewReader(file))
	if err != nil {
		a.look(LookRows, nil, "%s cannot be read: %v", name, err)
		return nil
	}
	return in
}

// rowsOf compares a file with the rows that it must hold, each by its tracker.
func (a *auditor) rowsOf(in *shares.Instance, name string, tracker func(glosa.Hash) string, holds func(*ballot) bool) (void int) {
	items, published := map[glosa.QuestionID]bool{}, make(map[string]string, len(in.Ballots))
	for _, it := range in.Items {
		items[glosa.QuestionID(it.ID)] = true
	}
	for _, row := range in.Ballots {
		if _, twice := published[row.ID]; twice {
			a.note(Finding{What: LookRows, Tracker: row.ID}, "%s has this row twice", name)
		}
		var ids []string
		for _, c := range row.Choices {
			ids = append(ids, in.Items[c].ID)
		}
		slices.Sort(ids)
		published[row.ID] = strings.Join(ids, ",")
	}
	for _, b := range a.standing {
		if !a.criteria.Counts(b.door) || !holds(b) {
			continue
		}
		want := a.counted(b, items)
		if want == "" {
			void++
			continue
		}
		id, why := tracker(b.salt()), ""
		if have, ok := published[id]; !ok {
			why = "its row is missing in " + name
		} else if have != want {
			why = fmt.Sprintf("%s says %s, the ballot says %s", name, have, want)
		}
		delete(published, id)
		a.note(Finding{What: LookRows, Tracker: id, Commit: b.commit.String()}, why)
	}
	for _, id := range slices.Sorted(maps.Keys(published)) {
		a.note(Finding{What: LookRows, Tracker: id}, "%s has a row that is no ballot: it was added", name)
	}
	return void
}

// counted is a ballot's row: the canonical questions of its choices that could be chosen.
func (a *auditor) counted(b *ballot, items map[glosa.QuestionID]bool) string {
	var ids []string
	for _, c := range b.choices {
		if root, ok := a.roots[c]; ok && items[root] {
			ids = append(ids, string(root))
		}
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), ",")
}

// resultOf computes a result again from its file, as anybody would.
func (a *auditor) resultOf(in *shares.Instance, name string, file, result []byte, told stored) {
	why := ""
	switch {
	case glosa.Digest(file) != told.input:
		why = name + ": the file is not the one that the record names"
	case glosa.Digest(result) != told.digest:
		why = name + ": the result is not the one that the record names"
	}
	a.look(LookResult, nil, why)
	if !a.criteria.computed() || len(in.Ballots) == 0 {
		return
	}
	var again computed
	again.file = file
	why = ""
	if err := again.decide(a.criteria); err != nil {
		why = name + ": cannot be computed again: " + err.Error()
	} else if !bytes.Equal(again.result, result) {
		why = name + ": the rule makes another result of the file than is published"
	}
	a.look(LookResult, nil, why)
}

func byBytes(a, b glosa.Hash) int { return bytes.Compare(a[:], b[:]) }
