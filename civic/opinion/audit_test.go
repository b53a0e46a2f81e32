package opinion_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/db/dbtest"
)

// trail is what the public events say, as leaves of the record would.
func (h *hall) trail(more ...glosa.Event) *opinion.Trail {
	h.t.Helper()
	trail, n := &opinion.Trail{}, int64(0)
	for _, e := range slices.Concat(dbtest.Events(h.t, h.db), more) {
		if e.Public {
			n++
			e.Seq = n
			h.ok(trail.Leaf(e))
		}
	}
	return trail
}

func (h *hall) audit(more ...glosa.Event) voter.Audit {
	h.t.Helper()
	a, err := h.Audit(h.ctx, ed, h.trail(more...))
	h.ok(err)
	return a
}

// voted is a vote of thirty-six people in three batches, in which ballots were
// changed, withdrawn and taken along to a stronger door; one statement was erased,
// and one waits. It returns the receipt of a ballot that stands unchanged.
func (h *hall) voted() (rc opinion.Receipt, rows int) {
	h.t.Helper()
	h.open(7)
	all := h.camps(20, 16)
	h.vote(all[0], 1, opinion.Pass) // in the same batch
	h.later(16 * time.Minute)
	h.vote(all[1], 1, opinion.Pass)
	h.ok(h.Unvote(h.ctx, citizen, all[2], ed))
	dev, acc := h.device(), h.account("1")
	h.vote(dev, 3, opinion.Agree)
	h.later(16 * time.Minute)
	h.gather(dev, acc)
	h.ok(h.Unvote(h.ctx, citizen, all[3], ed))
	mine, err := h.Write(h.ctx, facilitator, ed, "Una que espera (SINTÉTICO)", "es")
	h.ok(err)
	h.ok(h.Withdraw(h.ctx, citizen, ed, mine.N, mine.Key))
	_, err = h.Write(h.ctx, facilitator, ed, "Otra que espera (SINTÉTICO)", "es")
	h.ok(err)
	rc, err = h.Own(h.ctx, all[10], ed)
	h.ok(err)
	return rc, 35
}

// TestAuditAgrees: while votes are taken, and on the count; everything that an audit
// looks at is looked at, and the evidence is what the record and the pages say.
func TestAuditAgrees(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Audit(h.ctx, ed, h.trail())
		h.is(glosa.NotFound, err)
		_, rows := h.voted()
		if a := h.audit(); !a.OK() || a.Counted || a.Ballots != rows || a.Batches != 2 {
			t.Errorf("while votes are taken: %+v", a)
		}
		h.at(h.board().Until)
		b := h.board()
		a := h.audit()
		if !a.OK() || !a.Counted || a.Ballots != rows || a.Rows != rows || a.Batches != 3 || a.Openings < 5 || a.Input != b.Input || a.Result != b.Result {
			t.Errorf("%+v", a)
		}
		var looks []glosa.Code
		for _, l := range a.Looks {
			if looks = append(looks, l.What); l.Looked == 0 || l.Wrong > 0 {
				t.Errorf("%+v", l)
			}
		}
		if want := []glosa.Code{voter.LookRules, voter.LookOpens, voter.LookOnce, voter.LookTold, voter.LookStands, voter.LookOpened, voter.LookBatches,
			opinion.LookTallies, voter.LookRows, opinion.LookPicture, voter.LookResult}; !slices.Equal(looks, want) {
			t.Errorf("looked at %v, want %v", looks, want)
		}
		kept, err := h.Kept(h.ctx)
		h.ok(err)
		if !slices.Equal(kept, []glosa.EditionID{ed}) {
			t.Errorf("kept are %v", kept)
		}
		h.ok(h.Erase(h.ctx, civil, ed, 2, "third_party_data", "minor"))
		h.ok(h.Erase(h.ctx, government, ed, 2, "third_party_data", "minor"))
		if a := h.audit(); !a.OK() {
			t.Errorf("an erasure after the count: %+v", a.Findings)
		}
		h.ok(h.edition.Cancel(h.ctx, facilitator, ed, "Se suspendió (SINTÉTICO)", "Oficio (SINTÉTICO)"))
		h.later((voter.KeyLasts + 1) * 24 * time.Hour)
		h.later(time.Hour)
		_, err = h.Audit(h.ctx, ed, h.trail())
		h.is(glosa.Closed, err)
		if kept, err := h.Kept(h.ctx); err != nil || len(kept) != 0 {
			t.Errorf("kept are %v, %v", kept, err)
		}
	})
}

// changed is one thing that whoever keeps the server changes, and what the audit must say.
type changed struct {
	name string
	do   func(h *hall, rc opinion.Receipt)
	what glosa.Code
	text string
	row  bool // the finding names the row, or the ballot
}

func (h *hall) root(statement string, args ...any) {
	h.t.Helper()
	dbtest.Exec(h.t, h.db, statement, args...)
}

// another is the commitment of a receipt's ballot with other votes.
func (h *hall) another(rc opinion.Receipt, votes string) glosa.Hash {
	h.t.Helper()
	o := rc.Object
	o.Votes = votes
	made, err := glosa.Commit(rc.Salt(), o)
	h.ok(err)
	return made
}

var changedBox = []changed{
	{"AnEditedRow", func(h *hall, rc opinion.Receipt) {
		h.root("update opinion_ballot set votes = '1:1' where committed = $1", rc.Commit)
	}, voter.LookOpens, "it was changed", true},
	{"AnEditedRowSealedAnew", func(h *hall, rc opinion.Receipt) {
		h.root("update opinion_ballot set votes = '1:1', committed = $1 where committed = $2", h.another(rc, "1:1"), rc.Commit)
	}, voter.LookTold, "it was added or changed", true},
	{"ADroppedBallot", func(h *hall, rc opinion.Receipt) {
		h.root("delete from opinion_ballot where committed = $1", rc.Commit)
	}, voter.LookStands, "its row is missing", true},
	{"AnAddedBallot", func(h *hall, rc opinion.Receipt) {
		h.root(`insert into opinion_ballot (committed, key, contest, door, fresh, state, batch, salt_server, salt_device, opener, votes)
			select $1, $2, contest, door, true, state, 0, salt_server, salt_device, opener, '1:1' from opinion_ballot where committed = $3`,
			h.another(rc, "1:1"), glosa.Digest([]byte("nobody")), rc.Commit)
	}, voter.LookTold, "no ballot comes any more: it was added", false},
	{"ASecondBallot", func(h *hall, rc opinion.Receipt) {
		h.root("drop index opinion_ballot_standing")
		h.root(`insert into opinion_ballot (committed, key, contest, door, fresh, state, batch, salt_server, salt_device, opener, votes)
			select $1, key, contest, door, true, state, batch, salt_server, salt_device, opener, '1:1' from opinion_ballot where committed = $2`, h.another(rc, "1:1"), rc.Commit)
	}, voter.LookOnce, "a second ballot of one credential", false},
	{"AnotherDoor", func(h *hall, rc opinion.Receipt) {
		h.root("update opinion_ballot set door = 'kiosk' where committed = $1", rc.Commit)
	}, voter.LookOnce, "by a door that this contest does not take", true},
	{"AVoteOnNothing", func(h *hall, rc opinion.Receipt) {
		h.root("update opinion_ballot set votes = '99:1' where committed = $1", rc.Commit)
	}, voter.LookOnce, "votes that no ballot can have", true},
	{"ABatchLate", func(h *hall, rc opinion.Receipt) {
		h.root("update opinion_ballot set batch = batch + 1 where committed = $1", rc.Commit)
	}, voter.LookTold, "its row names batch", true},
	{"ABallotTakenBackByNobody", func(h *hall, rc opinion.Receipt) {
		h.root("update opinion_ballot set state = 'replaced', withdrawn = true where committed = $1", rc.Commit)
	}, voter.LookRows, "a row that is no ballot", true},
	{"TheRules", func(h *hall, _ opinion.Receipt) {
		h.root(`update opinion_set set settings = replace(settings, '"rows":"auditors"', '"rows":"public"')`)
	}, voter.LookRules, "not those that the record froze", false},
	{"TheCounts", func(h *hall, _ opinion.Receipt) {
		h.root("update opinion_tally set agree = agree + 10, told_agree = told_agree + 10 where n = 1")
	}, opinion.LookTallies, "votes are counted; the rows say", false},
	{"WhatIsPublicOfTheCounts", func(h *hall, _ opinion.Receipt) {
		h.root("update opinion_tally set told_disagree = told_disagree + 20 where n = 1")
	}, opinion.LookTallies, "answers from the rows", false},
}

var changedCount = []changed{
	{"ARow", func(h *hall, rc opinion.Receipt) {
		h.file(func(file []byte) []byte {
			at := bytes.Index(file, []byte(rc.Tracker))
			end := at + bytes.IndexByte(file[at:], '\n')
			return slices.Concat(file[:end-1], []byte("0"), file[end:])
		})
	}, voter.LookRows, "says something else than the ballot", true},
	{"ARowLess", func(h *hall, rc opinion.Receipt) {
		h.file(func(file []byte) []byte {
			return bytes.Join(slices.DeleteFunc(bytes.SplitAfter(file, []byte("\n")), func(line []byte) bool { return bytes.HasPrefix(line, []byte(rc.Tracker)) }), nil)
		})
	}, voter.LookRows, "its row is missing in the file", true},
	{"ARowMore", func(h *hall, rc opinion.Receipt) {
		h.file(func(file []byte) []byte {
			return append(slices.Clone(file), strings.Repeat("f", 64)+",,0,1,1,0,1,,,,,,,\n"...)
		})
	}, voter.LookRows, "a row that is no ballot", false},
	{"ARowTwice", func(h *hall, rc opinion.Receipt) {
		h.file(func(file []byte) []byte {
			line := file[bytes.Index(file, []byte(rc.Tracker)):]
			return slices.Concat(file, line[:bytes.IndexByte(line, '\n')+1])
		})
	}, voter.LookRows, "has this row twice", true},
	{"AStatementLess", func(h *hall, _ opinion.Receipt) {
		h.file(func(file []byte) []byte { return bytes.Replace(file, []byte(",7,8\n"), []byte(",8,7\n"), 1) })
	}, voter.LookRows, "the columns of the file", false},
	{"TheResult", func(h *hall, _ opinion.Receipt) {
		h.root("update opinion_result set digest = $1", glosa.Digest([]byte("another")))
	}, voter.LookResult, "not the one that the record names", false},
	{"TheFile", func(h *hall, _ opinion.Receipt) {
		h.file(func(file []byte) []byte { return append(slices.Clone(file), '\n') })
	}, voter.LookResult, "the file is not the one", false},
	{"ThePicture", func(h *hall, _ opinion.Receipt) {
		h.root(`update opinion_result set picture = replace(picture, '"agrees":true', '"agrees":false')`)
	}, opinion.LookPicture, "not what the record names", false},
	{"AStatementLeftOut", func(h *hall, _ opinion.Receipt) {
		h.root(`update opinion_result set picture = replace(picture, '"out":[8]', '"out":[1,8]')`)
	}, opinion.LookPicture, "statement 1 is counted as if", false},
}

// file changes the rows of the count, as whoever keeps the server can.
func (h *hall) file(change func([]byte) []byte) {
	h.t.Helper()
	raw, err := h.Rows(h.ctx, evaluator, ed)
	h.ok(err)
	next := change(raw)
	if bytes.Equal(next, raw) {
		h.t.Fatal("nothing was changed")
	}
	h.root("update opinion_result set file = $1", next)
}

func found(a voter.Audit, c changed, rc opinion.Receipt) bool {
	return slices.ContainsFunc(a.Findings, func(f voter.Finding) bool {
		return f.What == c.what && strings.Contains(f.Text, c.text) && (!c.row || f.Tracker == rc.Tracker || f.Commit == rc.Commit.String())
	})
}

// TestAuditNamesWhatRootChanged: whatever who keeps the server changes in the rows,
// in the file of the count, or in what is told of it, the audit names it.
func TestAuditNamesWhatRootChanged(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		rc, _ := h.voted()
		h.at(h.board().Until)
		tables := []string{"opinion_ballot", "opinion_result", "opinion_tally"}
		for _, table := range append(tables, "opinion_set") {
			h.root("create table keep_" + table + " as select * from " + table)
		}
		for _, c := range slices.Concat(changedBox, changedCount) {
			t.Run(c.name, func(t *testing.T) {
				c.do(h, rc)
				if a := h.audit(); !found(a, c, rc) {
					t.Errorf("want %s %q: %+v", c.what, c.text, a.Findings)
				}
				for _, table := range tables {
					h.root("delete from " + table)
					h.root("insert into " + table + " select * from keep_" + table)
				}
				h.root("update opinion_set set settings = (select k.settings from keep_opinion_set k)")
			})
		}
		if a := h.audit(); !a.OK() {
			t.Errorf("everything was put back: %+v", a.Findings)
		}
	})
}

// TestAuditNamesWhatTheRecordShouldNotSay: ballots that come late, withdrawals that
// nobody asked for, and a count of something else.
func TestAuditNamesWhatTheRecordShouldNotSay(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		rc, _ := h.voted()
		h.at(h.board().Until)
		late := glosa.Digest([]byte("a late ballot"))
		leaf := func(kind string, body any) glosa.Event {
			js, err := glosa.JCS(body)
			h.ok(err)
			return glosa.Event{Room: "opinion", Kind: kind, Subject: string(opinion.ContestOf(ed)), Edition: ed, By: "system", Public: true, Body: js}
		}
		contest := opinion.ContestOf(ed)
		opened := leaf("opinion.unlocked", voter.LocksTold{Contest: contest, N: 3, LockBy: "server", Opened: []voter.Opening{{Former: rc.Commit, Opener: late}}})
		for _, c := range []struct {
			changed
			leaves []glosa.Event
		}{
			{changed{name: "ALateBatch", what: voter.LookOpened, text: "comes after the end of the vote"}, []glosa.Event{
				leaf("opinion.batch", voter.BatchTold{Contest: contest, N: 4, New: 1, Root: voter.Merkle([]glosa.Hash{late})}),
				leaf("opinion.batched", voter.CommitsTold{Contest: contest, N: 4, Commits: []glosa.Hash{late}})}},
			{changed{name: "ABallotOfNobody", what: voter.LookStands, text: "its row is missing"}, []glosa.Event{
				leaf("opinion.batched", voter.CommitsTold{Contest: contest, N: 4, Commits: []glosa.Hash{late}})}},
			{changed{name: "AnInventedWithdrawal", what: voter.LookTold, text: "opened its lock", row: true}, []glosa.Event{opened}},
			{changed{name: "AnInventedWithdrawalThatNoBatchTells", what: voter.LookOpened, text: "the record opened"}, []glosa.Event{opened}},
			{changed{name: "AWithdrawalThatOpensNothing", what: voter.LookOpened, text: "changes and withdrawals, the record opened"}, []glosa.Event{
				leaf("opinion.batch", voter.BatchTold{Contest: contest, N: 4, Withdrawn: 1, Root: voter.Merkle(nil)})}},
			{changed{name: "SumsThatDoNotAddUp", what: voter.LookBatches, text: "new less withdrawn in the batches is"}, []glosa.Event{
				leaf("opinion.batch", voter.BatchTold{Contest: contest, N: 4, Withdrawn: 1, Root: voter.Merkle(nil)})}},
			{changed{name: "AnotherRoot", what: voter.LookBatches, text: "do not make its root"}, []glosa.Event{
				leaf("opinion.batch", voter.BatchTold{Contest: contest, N: 4, Root: late})}},
		} {
			t.Run(c.name, func(t *testing.T) {
				if a := h.audit(c.leaves...); !found(a, c.changed, rc) {
					t.Errorf("want %s %q: %+v", c.what, c.text, a.Findings)
				}
			})
		}
	})
}
