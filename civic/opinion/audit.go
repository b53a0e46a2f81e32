package opinion

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/cluster"
)

// What an audit of a statement set looks at beside what every ballot box is looked at for.
const (
	LookTallies glosa.Code = "tallies" // the public counts of each statement follow the rows, fewer than ten answers behind
	LookPicture glosa.Code = "picture" // what is told of the groups follows from the file, and is that of the record
)

// auditor is an audit under way.
type auditor struct {
	voter.Auditor

	told     *trailOf
	set      keptSet
	standing []*ballot
	all      []keptStatement
	tallies  map[int]tally
	result   result
	file     []byte
}

// Audit looks at every ballot of an edition's statement set. told is what the leaves
// of a verified record say. Errors: NotFound when the edition has no set; Closed when
// its ballots were destroyed, as is due 90 days after the evaluation.
func (d *Desk) Audit(ctx context.Context, id glosa.EditionID, told *Trail) (voter.Audit, error) {
	of := told.of(ContestOf(id))
	a := &auditor{Auditor: voter.NewAuditor(id, ContestOf(id), &of.Leaves), told: of}
	if err := d.DB.Read(ctx, func(tx *db.Tx) error { return a.read(tx, d.Keys) }); err != nil {
		return voter.Audit{}, err
	}
	js, err := glosa.JCS(a.set.settings)
	if err != nil {
		return voter.Audit{}, err
	}
	a.Rules(glosa.Digest(js), a.set.digest, of.frozen)
	for _, f := range of.Findings {
		a.Note(f, f.Text)
	}
	a.EveryBallot()
	a.counts()
	if a.Counted {
		a.rows()
		err = a.published(ctx)
	}
	return a.Audit, err
}

// read takes in everything that the audit compares.
func (a *auditor) read(tx *db.Tx, keys voter.Keys) (err error) {
	if a.set, err = selectSet(tx, a.Edition); err != nil {
		return err
	}
	if a.Leaves.Gone || !a.set.destroyed.IsZero() {
		return glosa.Refuse(glosa.Closed, "g.destroyed", "edition", string(a.Edition))
	}
	all, err := selectEveryVersion(tx, a.Contest)
	if err != nil {
		return err
	}
	a.standing, a.Box, a.Takes, a.Closed = nil, nil, a.set.settings.takes, !a.set.shut.IsZero()
	if a.Codes, err = voter.CodeRows(tx, keys, a.Edition, a.Contest); err != nil {
		return err
	}
	known := map[int]bool{}
	for _, n := range a.told.columns() {
		known[n] = true
	}
	for _, b := range all {
		a.Box = append(a.Box, rowOfBox(b, known))
		if b.state == standing {
			a.standing = append(a.standing, b)
		}
	}
	if a.all, err = selectStatements(tx, a.Contest); err != nil {
		return err
	}
	if a.tallies, err = selectTallies(tx, a.Contest); err != nil {
		return err
	}
	a.result, err = selectResult(tx, a.Contest)
	if glosa.KindOf(err) == glosa.NotFound {
		return nil
	}
	if a.Counted = err == nil; a.Counted {
		a.file, err = selectFile(tx, a.Contest)
	}
	return err
}

// rowOfBox is a ballot as every audit looks at it.
func rowOfBox(b *ballot, known map[int]bool) voter.Row {
	again := *b
	r := voter.Row{Key: b.key, Commit: b.commit, Salt: b.salt(), Door: b.door, Batch: b.batch, Stands: b.state == standing}
	if again.seal() == nil {
		r.Again = again.commit
	}
	odd := len(b.votes) == 0
	for n := range b.votes {
		odd = odd || !known[n]
	}
	if odd {
		r.Odd = "votes that no ballot can have"
	}
	return r
}

// counts: the public counts follow the rows, once a batch has told of all of them.
func (a *auditor) counts() {
	if !a.Settled() {
		return
	}
	sums := map[int]tally{}
	for _, b := range a.standing {
		for n, says := range b.votes {
			t := sums[n]
			t.add(says, 1)
			sums[n] = t
		}
	}
	for _, s := range a.all {
		kept, is := a.tallies[s.N], sums[s.N]
		is.n, is.told = kept.n, kept.told
		why, args := "", []any(nil)
		switch {
		case kept != is:
			why, args = "of statement %d %d, %d and %d votes are counted; the rows say %d, %d and %d", []any{s.N, kept.agree, kept.disagree, kept.pass, is.agree, is.disagree, is.pass}
		case is.behind() >= voter.Step:
			why, args = "what is public of statement %d is %d answers from the rows", []any{s.N, is.behind()}
		}
		a.Look(LookTallies, nil, why, args...)
	}
}

// rows: the file of the count is exactly the rows that stand.
func (a *auditor) rows() {
	columns := a.told.columns()
	want := rowsOf(a.standing, columns)
	lines := bytes.SplitAfter(a.file, []byte("\n"))
	why := ""
	if head, _, _ := bytes.Cut(want, []byte("\n")); !bytes.HasPrefix(a.file, append(head, '\n')) {
		why = "the columns of the file are not the statements that people were asked about"
	}
	a.Look(voter.LookRows, nil, why)
	published := map[string]string{}
	for _, line := range lines[1:] {
		if len(line) == 0 {
			continue
		}
		a.Rows++
		name, _, _ := bytes.Cut(line, []byte(","))
		if _, twice := published[string(name)]; twice {
			a.Note(voter.Finding{What: voter.LookRows, Tracker: string(name)}, "the file has this row twice")
		}
		published[string(name)] = string(line)
	}
	for _, b := range a.standing {
		id, why := voter.Tracker(b.salt()), ""
		if have, ok := published[id]; !ok {
			why = "its row is missing in the file"
		} else if have != rowOf(b, columns) {
			why = "the file says something else than the ballot"
		}
		delete(published, id)
		a.Note(voter.Finding{What: voter.LookRows, Tracker: id, Commit: b.commit.String()}, why)
	}
	for _, id := range slices.Sorted(maps.Keys(published)) {
		a.Note(voter.Finding{What: voter.LookRows, Tracker: id}, "the file has a row that is no ballot: it was added")
	}
}

// published computes the groups again from the file, as anybody would who has it,
// and holds them against what the record says and what pages show.
func (a *auditor) published(ctx context.Context) error {
	a.Input, a.Result = glosa.Digest(a.file), a.result.digest
	said := a.told.counted
	if said == nil {
		a.Look(voter.LookResult, nil, "no leaf of the record makes the count that is published")
		return nil
	}
	var shown Picture
	if err := json.Unmarshal([]byte(a.result.picture), &shown); err != nil {
		a.Look(LookPicture, nil, "what is told of the groups cannot be read: %v", err)
		return nil
	}
	c, err := compute(ctx, a.file, a.listed(shown.Out))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	why := ""
	switch {
	case err != nil:
		why = "the file cannot be computed again"
	case a.Input != said.Input || a.result.input != said.Input:
		why = "the file is not the one that the record names"
	case a.result.digest != said.Result || a.result.groups != said.Groups:
		why = "the result kept is not the one that the record names"
	case c.digest != said.Result || c.groups() != said.Groups:
		why = "the method makes another result of the file than is published"
	case a.Rows != said.Ballots || a.result.ballots != said.Ballots:
		why = "the file has another number of rows than is published"
	}
	a.Look(voter.LookResult, nil, why)
	if err != nil {
		return nil
	}
	again, err := json.Marshal(paint(c, shown.Out, shown.Drawn))
	why = ""
	switch {
	case err != nil:
		why = "what is told of the groups cannot be written"
	case glosa.Digest([]byte(a.result.picture)) != said.Picture:
		why = "what is told of the groups is not what the record names"
	case string(again) != a.result.picture:
		why = "what is told of the groups does not follow from the file"
	}
	a.Look(LookPicture, nil, why)
	return nil
}

// listed are the statements as the method had them when the count was made: out are
// those whose words were not public any more. A statement in words of its own is
// among them when its leaf of erasure came before the count, and only then; the
// words of questions are of another room.
func (a *auditor) listed(out []int) (list []cluster.Statement) {
	states := a.told.counting()
	for _, s := range a.all {
		state, gone := states[s.N], slices.Contains(out, s.N)
		why := ""
		if s.Sort == Plain && gone != (state == Erased) {
			why = "statement %d is counted as if its words were public, and they are not, or the other way round"
		}
		a.Look(LookPicture, nil, why, s.N)
		list = append(list, cluster.Statement{ID: strconv.Itoa(s.N), Out: state != Admitted || gone})
	}
	return list
}

// Kept lists the editions whose ballots are still kept, so that they can be audited.
func (d *Desk) Kept(ctx context.Context) (ids []glosa.EditionID, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		all, err := selectSets(tx)
		for _, k := range all {
			if k.destroyed.IsZero() {
				ids = append(ids, glosa.EditionID(k.edition))
			}
		}
		return err
	})
	return ids, err
}
