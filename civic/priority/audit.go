package priority

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/shares"
)

// What an audit of the agenda looks at beside what every ballot box is looked at for.
const (
	LookCame  glosa.Code = "came"  // what the daily leaves tell by door agrees with batches, rows and the rule
	LookDoors glosa.Code = "doors" // rows by door add up to what was counted, void and apart
)

// auditor is an audit under way.
type auditor struct {
	voter.Auditor
	criteria Criteria
	digest   glosa.Hash
	told     *toldOf
	standing []*ballot
	came     map[glosa.Hash]arrival // by row key
	end      time.Time              // of the window
	sel      stored
	file     []byte
	besides  []storedBeside
	out      map[*ballot]bool // of the class that the record says both sides excluded
	roots    map[glosa.QuestionID]glosa.QuestionID
}

// Audit looks at every ballot of an edition's contest. told is what the leaves of
// a verified record say. Errors: NotFound when the edition has no contest; Closed
// when its ballots were destroyed, as is due 90 days after the evaluation.
func (d *Desk) Audit(ctx context.Context, id glosa.EditionID, told *Told) (voter.Audit, error) {
	of := told.of(ContestOf(id))
	a := &auditor{Auditor: voter.NewAuditor(id, ContestOf(id), &of.Leaves), told: of}
	if err := d.DB.Read(ctx, func(tx *db.Tx) error { return a.read(tx, d.Keys) }); err != nil {
		return voter.Audit{}, err
	}
	js, err := glosa.JCS(a.criteria)
	if err != nil {
		return voter.Audit{}, err
	}
	a.Rules(glosa.Digest(js), a.digest, a.told.frozen)
	for _, f := range a.told.Findings {
		a.Note(f, f.Text)
	}
	a.EveryBallot()
	a.inTime()
	a.cameBy()
	if a.Counted {
		a.excluded()
		a.doors()
		a.published()
	}
	return a.Audit, nil
}

// read takes in everything that the audit compares.
func (a *auditor) read(tx *db.Tx, keys voter.Keys) (err error) {
	if a.criteria, a.digest, _, err = selectFrozen(tx, a.Edition); err != nil {
		return err
	}
	window, err := edition.Load(tx, a.Edition)
	if err != nil {
		return err
	}
	a.end = window.SupportCloses()
	all, err := selectEveryVersion(tx, a.Contest)
	if err != nil {
		return err
	}
	kept, err := selectKept(tx)
	if err != nil {
		return err
	}
	if a.Leaves.Gone || !slices.Contains(kept, a.Edition) {
		return glosa.Refuse(glosa.Closed, "g.destroyed", "edition", string(a.Edition))
	}
	if a.came, err = selectArrivals(tx, a.Contest); err != nil {
		return err
	}
	if a.Codes, err = voter.CodeRows(tx, keys, a.Edition, a.Contest); err != nil {
		return err
	}
	a.standing, a.Box, a.Takes = nil, nil, a.criteria.Takes
	roots := rooter{tx, map[glosa.QuestionID]glosa.QuestionID{}}
	for _, b := range all {
		a.Box = append(a.Box, a.row(b))
		if b.state != standing {
			continue
		}
		a.standing = append(a.standing, b)
		if _, err := roots.set(b.choices); err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
	}
	a.roots = roots.known
	return a.readCount(tx)
}

// readCount takes in the agenda, if it was made, and what is kept beside it.
func (a *auditor) readCount(tx *db.Tx) (err error) {
	a.sel, err = selectSelection(tx, a.Contest)
	if glosa.KindOf(err) == glosa.NotFound {
		return nil
	}
	if err == nil {
		a.Counted, a.Closed = true, true
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

// row is a ballot as every audit looks at it.
func (a *auditor) row(b *ballot) voter.Row {
	again := *b
	again.seal()
	r := voter.Row{Key: b.key, Commit: b.commit, Again: again.commit, Salt: b.salt(), Door: b.door, Batch: b.batch, Stands: b.state == standing}
	sorted := slices.IsSorted(b.choices) && len(slices.Compact(slices.Clone(b.choices))) == len(b.choices)
	if len(b.choices) > a.criteria.Choices || !sorted {
		r.Odd = "choices that no ballot can have"
	}
	return r
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
	a.Look(LookDoors, nil, why)
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
			a.Look(voter.LookRows, nil, "%d ballots that count hold no question of the file; the agenda was made of %d", void, a.sel.void)
		}
	}
	a.resultOf(in, "the agenda", a.file, a.sel.result, want)
	a.compared(in)
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

// compared: the other counts that the rows call for are there, and those that are
// said to be too few to show are.
func (a *auditor) compared(in *shares.Instance) {
	if !a.criteria.computed() {
		return
	}
	items := map[glosa.QuestionID]bool{}
	for _, it := range in.Items {
		items[glosa.QuestionID(it.ID)] = true
	}
	stay, strong, out := 0, 0, 0
	for _, b := range a.standing {
		switch {
		case !a.criteria.Counts(b.door) || a.counted(b, items) == "":
		case a.out[b]:
			out++
		default:
			stay++
			if voter.Strong(b.door) {
				strong++
			}
		}
	}
	if a.criteria.strongState() == Computed {
		a.shown(Strong, strongShown(strong, stay))
	}
	if a.sel.excluded > 0 && len(in.Items) > 0 { // with no row that stays the file has no questions to count others by
		a.shown(Whole, wholeShown(stay, stay+out))
	}
}

// shown looks whether another count is kept, and the record told of it, as it must be.
func (a *auditor) shown(of glosa.Code, computed bool) {
	want, why := Few, ""
	if computed {
		want = Computed
	}
	i := slices.IndexFunc(a.besides, func(b storedBeside) bool { return b.of == of })
	switch told := a.told.besides[of]; {
	case i < 0 || told.Of == "":
		why = "the count of " + string(of) + " beside the agenda is missing"
	case a.besides[i].state != want || told.State != want:
		why = fmt.Sprintf("the count of %s is kept as %s and told as %s; by the rows it is %s", of, a.besides[i].state, told.State, want)
	}
	a.Look(voter.LookResult, nil, why)
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
		a.Look(voter.LookRows, nil, why)
		delete(have, q)
	}
	for _, q := range slices.Sorted(maps.Keys(have)) {
		a.Look(voter.LookRows, nil, "the published file holds %s, of which the record says nothing", q)
	}
}

// parsed reads a published file; an empty one has the questions of nobody.
func (a *auditor) parsed(name string, file []byte) *shares.Instance {
	if len(file) == 0 {
		return &shares.Instance{}
	}
	in, err := shares.Parse(bytes.NewReader(file))
	if err != nil {
		a.Look(voter.LookRows, nil, "%s cannot be read: %v", name, err)
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
			a.Note(voter.Finding{What: voter.LookRows, Tracker: row.ID}, "%s has this row twice", name)
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
		a.Note(voter.Finding{What: voter.LookRows, Tracker: id, Commit: b.commit.String()}, why)
	}
	for _, id := range slices.Sorted(maps.Keys(published)) {
		a.Note(voter.Finding{What: voter.LookRows, Tracker: id}, "%s has a row that is no ballot: it was added", name)
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
	a.Look(voter.LookResult, nil, why)
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
	a.Look(voter.LookResult, nil, why)
}
