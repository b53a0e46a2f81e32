package priority_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/db"
	"glosa/method/shares"
)

// told is what the public events say, as leaves of the record would.
func (w *town) told() *priority.Told {
	w.t.Helper()
	_, err := w.db.Settled(w.ctx)
	w.ok(err)
	evs, err := w.db.Line().After(w.ctx, 0, 100000)
	w.ok(err)
	told := &priority.Told{}
	for _, e := range evs {
		if e.Public {
			w.ok(told.Leaf(e))
		}
	}
	return told
}

func (w *town) audit() voter.Audit {
	w.t.Helper()
	a, err := w.Audit(w.ctx, ed, w.told())
	w.ok(err)
	return a
}

// voted is an edition of forty ballots, four of them changed and two withdrawn in
// three batches, before its agenda is made. It returns what the last voters took home.
func (w *town) voted() (q []glosa.QuestionID, receipts []priority.Receipt) {
	w.t.Helper()
	w.openIntake()
	q = w.asked(8)
	for i := range 40 {
		dev := w.device()
		rc := w.support(dev, q[i%8])
		switch i {
		case 3, 13: // in the same batch
			rc = w.support(dev, q[7])
		case 23, 33:
			w.at(w.clock.Now().Add(20 * 60e9))
			rc = w.support(dev, q[6], q[5])
		case 14, 24:
			_, err := w.Unsupport(w.ctx, glosa.Citizen(), dev, q[i%8], [16]byte{})
			w.ok(err)
			continue
		}
		receipts = append(receipts, rc)
	}
	return q, receipts
}

func TestAuditAgrees(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		_, receipts := w.voted()
		if a := w.audit(); !a.OK() || a.Counted || a.Ballots != len(receipts) {
			t.Errorf("while ballots are taken: %+v", a)
		}
		w.closeIntake()
		w.at(w.now().SupportCloses())
		agenda, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		a := w.audit()
		if !a.OK() || !a.Counted || a.Ballots != len(receipts) || a.Rows != len(receipts) || a.Input != agenda.Input || a.Result != agenda.Result || a.Openings < 6 {
			t.Errorf("%+v", a)
		}
		for _, l := range a.Looks {
			if l.Looked == 0 || l.Wrong > 0 {
				t.Errorf("%+v", l)
			}
		}
		if len(a.Looks) != 11 {
			t.Errorf("%d things were looked at, want eleven", len(a.Looks))
		}
	})
}

// root changes rows behind the house's back, and gives back what undoes it.
func (w *town) root(statement string, args ...any) {
	w.t.Helper()
	w.ok(w.db.Act(w.ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(statement, args...)
		if err == nil && n == 0 && !strings.HasPrefix(statement, "create") {
			err = fmt.Errorf("no row: %s", statement)
		}
		return err
	}))
}

// changed is one thing that who keeps the server changes, and what the audit must say.
type changed struct {
	name string
	do   func(w *town, q []glosa.QuestionID, rc priority.Receipt)
	what glosa.Code
	text string
	row  bool // the finding names the row, or the ballot
}

// changedRows are changes of the private rows.
var changedRows = []changed{
	{"AnEditedRow", func(w *town, q []glosa.QuestionID, rc priority.Receipt) {
		w.root("update priority_ballot set choices = $1 where committed = $2", q[7], rc.Commit)
	}, voter.LookOpens, "it was changed", true},
	{"AnEditedRowSealedAnew", func(w *town, q []glosa.QuestionID, rc priority.Receipt) {
		w.root("update priority_ballot set choices = $1, committed = $2 where committed = $3", q[7], w.another(rc, q[7]), rc.Commit)
	}, voter.LookTold, "it was added or changed", true},
	{"ADroppedBallot", func(w *town, _ []glosa.QuestionID, rc priority.Receipt) {
		w.root("delete from priority_ballot where committed = $1", rc.Commit)
	}, voter.LookStands, "its row is missing", true},
	{"AnAddedBallot", func(w *town, q []glosa.QuestionID, rc priority.Receipt) {
		w.root(`insert into priority_ballot (committed, key, contest, door, fresh, state, batch, salt_server, salt_device, opener, choices)
			select $1, $2, contest, door, true, state, batch, salt_server, salt_device, opener, $3 from priority_ballot where committed = $4`,
			w.another(rc, q[7]), glosa.Digest([]byte("nobody")), string(q[7]), rc.Commit)
	}, voter.LookTold, "it was added", false},
	{"AnotherDoor", func(w *town, _ []glosa.QuestionID, rc priority.Receipt) {
		w.root("update priority_ballot set door = 'kiosk' where committed = $1", rc.Commit)
	}, voter.LookOnce, "by a door that this contest does not take", true},
	{"ABatchLate", func(w *town, _ []glosa.QuestionID, rc priority.Receipt) {
		w.root("update priority_ballot set batch = batch + 1 where committed = $1", rc.Commit)
	}, voter.LookTold, "its row names batch", true},
}

// changedFiles are changes of what is published.
var changedFiles = []changed{
	{"TheCriteria", func(w *town, _ []glosa.QuestionID, _ priority.Receipt) {
		w.root(`update priority_contest set criteria = replace(criteria, '"minutes":480', '"minutes":16')`)
	}, voter.LookRules, "not those that the record froze", false},
	{"ARow", func(w *town, _ []glosa.QuestionID, rc priority.Receipt) {
		w.file(func(in *shares.Instance) {
			i := slices.IndexFunc(in.Ballots, func(b shares.Ballot) bool { return b.ID == rc.Tracker })
			in.Ballots[i].Choices = []int32{(in.Ballots[i].Choices[0] + 1) % 8}
		})
	}, voter.LookRows, "the published file says", true},
	{"ARowLess", func(w *town, _ []glosa.QuestionID, rc priority.Receipt) {
		w.file(func(in *shares.Instance) {
			in.Ballots = slices.DeleteFunc(in.Ballots, func(b shares.Ballot) bool { return b.ID == rc.Tracker })
		})
	}, voter.LookRows, "its row is missing in the published file", true},
	{"ARowMore", func(w *town, _ []glosa.QuestionID, _ priority.Receipt) {
		w.file(func(in *shares.Instance) {
			in.Ballots = append(in.Ballots, shares.Ballot{ID: strings.Repeat("f", 64), Choices: []int32{0}})
		})
	}, voter.LookRows, "a row that is no ballot", false},
	{"AQuestionLess", func(w *town, q []glosa.QuestionID, _ priority.Receipt) {
		w.file(func(in *shares.Instance) {
			in.Items = in.Items[:7]
			in.Ballots = slices.DeleteFunc(in.Ballots, func(b shares.Ballot) bool { return slices.Contains(b.Choices, 7) })
		})
	}, voter.LookRows, "leaves out", false},
	{"TheResult", func(w *town, _ []glosa.QuestionID, _ priority.Receipt) {
		w.root("update priority_selection set result = replace(result, '\"supporters\":', '\"supporters\":9')")
	}, voter.LookResult, "the rule makes another result", false},
	{"WhatIsToldBesideIt", func(w *town, q []glosa.QuestionID, _ priority.Receipt) {
		w.root("update priority_selection set account = replace(account, '\"raw_only\":null', $1)", `"raw_only":["`+string(q[0])+`"]`)
	}, voter.LookResult, "not what the record names", false},
	{"TheSums", func(w *town, _ []glosa.QuestionID, _ priority.Receipt) {
		w.root("update priority_selection set apart = apart + 1")
	}, priority.LookDoors, "not those that the record was told", false},
}

// another is the commitment of a receipt's ballot with another choice.
func (w *town) another(rc priority.Receipt, q glosa.QuestionID) glosa.Hash {
	w.t.Helper()
	o := rc.Object()
	o.Choices = []glosa.QuestionID{q}
	made, err := glosa.Commit(glosa.Salt(rc.SaltServer, rc.SaltDevice), o)
	w.ok(err)
	return made
}

// TestAuditNamesWhatRootChanged: whatever who keeps the server changes in the
// rows, or in the published file, the audit names the row and what is wrong.
func TestAuditNamesWhatRootChanged(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		q, receipts := w.voted()
		w.closeIntake()
		w.at(w.now().SupportCloses())
		_, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		rc := receipts[8] // of the first question alone
		if len(rc.Choices) != 1 || rc.Choices[0] == q[7] {
			t.Fatalf("choices %v", rc.Choices)
		}
		for _, table := range []string{"priority_ballot", "priority_contest", "priority_selection"} {
			w.root("create table keep_" + table + " as select * from " + table)
		}
		for _, c := range slices.Concat(changedRows, changedFiles) {
			t.Run(c.name, func(t *testing.T) {
				c.do(w, q, rc)
				a := w.audit()
				if !slices.ContainsFunc(a.Findings, func(f voter.Finding) bool {
					return f.What == c.what && strings.Contains(f.Text, c.text) && (!c.row || f.Tracker == rc.Tracker || f.Commit == rc.Commit.String())
				}) {
					t.Errorf("want %s %q: %+v", c.what, c.text, a.Findings)
				}
				w.putBack()
			})
		}
		if a := w.audit(); !a.OK() {
			t.Errorf("everything was put back: %+v", a.Findings)
		}
	})
}

// putBack undoes what root did.
func (w *town) putBack() {
	w.t.Helper()
	w.root("update priority_contest set criteria = (select k.criteria from keep_priority_contest k)")
	for _, table := range []string{"priority_ballot", "priority_selection"} {
		w.root("delete from " + table)
		w.root("insert into " + table + " select * from keep_" + table)
	}
}

// file changes the published file, as whoever keeps the server can.
func (w *town) file(change func(*shares.Instance)) {
	w.t.Helper()
	raw, err := w.File(w.ctx, ed)
	w.ok(err)
	in, err := shares.Parse(bytes.NewReader(raw))
	w.ok(err)
	change(in)
	var out bytes.Buffer
	w.ok(shares.Write(&out, in))
	w.root("update priority_selection set file = $1", out.Bytes())
}

// TestAForgedCodeIsNamed: a ballot is of a code only where somebody typed one of a
// list that two sides brought.
func TestAForgedCodeIsNamed(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("code", "device"))
		w.openIntake()
		w.support(w.device(), w.asked(1)[0])
		w.root("update priority_ballot set door = 'code'")
		w.batched()
		if a := w.audit(); !slices.ContainsFunc(a.Findings, func(f voter.Finding) bool {
			return f.What == voter.LookOnce && strings.Contains(f.Text, "it was forged")
		}) {
			t.Errorf("%+v", a.Findings)
		}
	})
}
