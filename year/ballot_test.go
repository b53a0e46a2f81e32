package year

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/method/shares"
	"glosa/record"
)

// audit is what the Observatory finds in the folder: the record first, then the rows.
func (y *Play) audit(t *testing.T, id glosa.EditionID) (voter.Audit, error) {
	t.Helper()
	told := &priority.Told{}
	o := y.options(true)
	o.Leaves = told.Leaf
	if _, err := record.Verify(t.Context(), y.Site.Data, o); err != nil {
		t.Fatal(err)
	}
	return (&priority.Desk{DB: y.Site.DB}).Audit(t.Context(), id, told)
}

// audited: every ballot that is kept agrees with the record and the published
// file; those of the first edition are destroyed by then.
func (y *Play) audited(t *testing.T) {
	if a, err := y.audit(t, SecondEdition); err != nil || !a.OK() || !a.Counted || a.Rows == 0 {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := y.audit(t, FirstEdition); glosa.KindOf(err) != glosa.Closed {
		t.Errorf("ballots that were destroyed are audited: %v", err)
	}
}

// followed: each voter finds their row, offline, from what they took home.
func (y *Play) followed(t *testing.T) {
	var saved [][]byte
	for _, rc := range y.Ballots {
		saved = append(saved, file(t, rc))
	}
	told, r := y.offline(t, saved...)
	if !r.OK() || r.Kept != int64(len(saved)) || len(saved) < 10 {
		t.Errorf("%d receipts: %v", len(saved), r.Lines())
	}
	states := map[glosa.Code]int{}
	for _, rc := range y.Ballots {
		id := FirstEdition
		if rc.Contest == priority.ContestOf(SecondEdition) {
			id = SecondEdition
		}
		states[y.stands(t, told, y.sheet(t, id), rc).State]++
	}
	if states[priority.OwnCounted] < 9 || states[priority.OwnCounted]+states[priority.OwnVoid] != len(saved) {
		t.Errorf("ballots stand as %v", states)
	}
}

// finds fails unless the audit names what was done.
func (y *Play) finds(t *testing.T, what glosa.Code, text, name string) {
	t.Helper()
	a, err := y.audit(t, SecondEdition)
	if err != nil || !slices.ContainsFunc(a.Findings, func(f voter.Finding) bool {
		return f.What == what && strings.Contains(f.Text, text) && (name == "" || f.Tracker == name || f.Commit == name)
	}) {
		t.Errorf("want %s %q of %s: %+v", what, text, name, a.Findings)
	}
}

// ballotsTampered (trust.md §8, 2): whatever a modified host does to ballots,
// `glosa verify` or `glosa audit ballots` names it. The last two leave the record
// violated for ever.
func (y *Play) ballotsTampered(t *testing.T) {
	rc := y.Ballots[len(y.Ballots)-1]
	t.Run("AnEditedRow", func(t *testing.T) {
		was := string(rc.Choices[0])
		y.root(t, "update priority_ballot set choices = 'ENS2-0001-A' where committed = $1", rc.Commit)
		y.finds(t, voter.LookOpens, "it was changed", rc.Tracker)
		y.found(t, "ballot."+rc.Commit.String(), "address", "folder")
		y.root(t, "update priority_ballot set choices = $1 where committed = $2", was, rc.Commit)
	})
	t.Run("AnAddedBallot", func(t *testing.T) {
		o := rc.Object()
		server := glosa.Digest([]byte("root's own"))
		made, err := glosa.Commit(glosa.Salt(server, rc.SaltDevice), o)
		if err != nil {
			t.Fatal(err)
		}
		y.root(t, `insert into priority_ballot (committed, key, contest, door, fresh, state, batch, salt_server, salt_device, opener, choices)
			select $1, $2, contest, door, fresh, state, batch, $3, salt_device, opener, choices from priority_ballot where committed = $4`,
			made, glosa.Digest([]byte("nobody")), server, rc.Commit)
		y.finds(t, voter.LookTold, "it was added", voter.Tracker(glosa.Salt(server, rc.SaltDevice)))
		y.found(t, "ballot."+made.String(), "address", "folder")
		y.root(t, "delete from priority_ballot where committed = $1", made)
	})
	t.Run("ARowLessInTheFile", func(t *testing.T) { y.rowLess(t, rc) })
	t.Run("ALateBatch", func(t *testing.T) {
		late := glosa.Digest([]byte("a late ballot"))
		contest := string(priority.ContestOf(SecondEdition))
		for kind, body := range map[string]string{
			"priority.batch":   fmt.Sprintf(`{"changed":0,"contest":%q,"n":9,"new":1,"root":%q,"withdrawn":0}`, contest, voter.Merkle([]glosa.Hash{late})),
			"priority.batched": fmt.Sprintf(`{"commits":[%q],"contest":%q,"n":9}`, late, contest),
		} {
			y.invent(t, glosa.Event{Room: "priority", Kind: kind, Subject: contest, Edition: SecondEdition, By: "system", Public: true, Body: []byte(body)})
		}
		y.found(t, "a batch of ballots after the agenda was made", "address", "folder")
		y.finds(t, voter.LookOpened, "comes after the agenda", "")
		y.finds(t, voter.LookStands, "its row is missing", late.String())
	})
	t.Run("AnInventedWithdrawal", func(t *testing.T) {
		contest := string(priority.ContestOf(SecondEdition))
		y.invent(t, glosa.Event{Room: "priority", Kind: "priority.opened", Subject: contest, Edition: SecondEdition, By: "system", Public: true,
			Body: fmt.Appendf(nil, `{"contest":%q,"lock_by":"server","n":1,"opened":[{"former":%q,"opener":%q}]}`, contest, rc.Commit, glosa.Digest([]byte("guess")))})
		y.found(t, "ballot."+rc.Commit.String(), "address", "folder")
		y.finds(t, voter.LookTold, "opened its lock", rc.Tracker)
		told, _ := y.offline(t)
		if own := y.stands(t, told, y.sheet(t, SecondEdition), rc); own.State != priority.OwnUnlocked || !own.Proof {
			t.Errorf("to its voter: %s", own.Sentence())
		}
	})
}

// rowLess: the published file leaves one ballot out.
func (y *Play) rowLess(t *testing.T, rc priority.Receipt) {
	was, err := y.Site.Priority.File(t.Context(), SecondEdition)
	if err != nil {
		t.Fatal(err)
	}
	in, err := shares.Parse(bytes.NewReader(was))
	if err != nil {
		t.Fatal(err)
	}
	in.Ballots = slices.DeleteFunc(in.Ballots, func(b shares.Ballot) bool { return b.ID == rc.Tracker })
	var out bytes.Buffer
	if err := shares.Write(&out, in); err != nil {
		t.Fatal(err)
	}
	contest := string(priority.ContestOf(SecondEdition))
	y.root(t, "update priority_selection set file = $1 where contest = $2", out.Bytes(), contest)
	y.found(t, "input: what is published is not the text that leaf", "address", "folder")
	y.finds(t, voter.LookRows, "its row is missing in the published file", rc.Tracker)
	y.root(t, "update priority_selection set file = $1 where contest = $2", was, contest)
}
