package priority_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
)

// forged puts so many ballots into the table, as who keeps the server can, each a
// copy of one that stands, sealed anew.
func (w *town) forged(n int, door string, rc priority.Receipt) {
	w.t.Helper()
	for i := range n {
		key, server := glosa.Digest(fmt.Appendf(nil, "nobody %s %d", door, i)), glosa.Digest(fmt.Appendf(nil, "root's own %s %d", door, i))
		made, err := glosa.Commit(glosa.Salt(server, rc.SaltDevice), rc.Object())
		w.ok(err)
		w.root(`insert into priority_ballot (committed, key, contest, door, fresh, state, batch, salt_server, salt_device, opener, choices)
			select $1, $2, contest, $3, true, 'standing', 0, $4, salt_device, opener, choices from priority_ballot where committed = $5`,
			made, key, door, server, rc.Commit)
	}
}

// TestBallotsAddedAfterTheWindow: rows that somebody adds between the window's end and
// the agenda are named by the record's check and by the audit, above what the desks had
// on paper, and each of them where it did not come on paper.
func TestBallotsAddedAfterTheWindow(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		p := w.precinctBy(counting("device, code"), 14, 2)
		rc := w.support(w.device(), p.q[0])
		for _, code := range p.codes[:12] {
			p.state(priority.PaperWaiting)(p.types(first, code, p.q[0]))
		}
		w.closeIntake()
		end := w.now().SupportCloses()
		w.at(end)
		for _, code := range p.codes[:12] { // what waits on paper comes in its day
			p.state(priority.PaperCast)(p.types(second, code, p.q[0]))
		}
		w.at(end.Add(time.Hour))
		if faults, found := w.judged(w.public()); len(faults) > 0 || !found.OK() {
			t.Fatalf("of an honest house: %q %+v", faults, found.Findings)
		}
		if evs := w.events("priority.window_closed"); len(evs) != 1 || evs[0].At.After(end.Add(time.Minute)) {
			t.Fatalf("the window is closed by %d leaves", len(evs))
		}
		w.forged(3, "device", rc)
		w.at(end.Add(2 * time.Hour))
		_, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		leaves := w.public()
		w.named(leaves, "15 ballots came after the window was closed; its desks had paper for 12 at most")
		if _, found := w.judged(leaves); count(found, "not on paper") != 3 {
			t.Errorf("%+v", found.Findings)
		}
	})
}

// count is how many findings say something.
func count(a voter.Audit, text string) (n int) {
	for _, f := range a.Findings {
		if strings.Contains(f.Text, text) {
			n++
		}
	}
	return n
}

// TestTheWindowIsClosedOnceAndByItsLastBatch: a leaf that moves the window's end, or
// what the desks had, is named; so is an agenda of a window that nobody closed.
func TestTheWindowIsClosedOnceAndByItsLastBatch(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		p := w.weakAndStrong(25, 20)
		w.at(p.now().SupportCloses().Add(time.Hour))
		_, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		leaves := w.public()
		i := place(leaves, "priority.window_closed")
		if i < 0 || place(leaves, "priority.batch") > i {
			t.Fatal("the window is not closed after its last batch")
		}
		w.named(append(slices.Clone(leaves), leaves[i]), "closed twice")
		w.named(slices.Delete(slices.Clone(leaves), i, i+1), "never told that the window is closed")

		paper := leaves[i]
		paper.Kind, paper.Body = "priority.paper_closed", []byte(`{"count":50,"desk":"nowhere"}`)
		w.named(append(slices.Clone(leaves), paper), "counted after the window was closed")
		if faults, _ := w.judged(slices.Insert(slices.Clone(leaves), i, paper)); !slices.Contains(faults, "counts the paper of nowhere, which is no desk of paper") {
			t.Errorf("%q", faults)
		}

		late := slices.Clone(leaves) // one batch after the end is the window's last; a second one is not
		batch := late[place(late, "priority.batch")]
		batch.At, batch.Body = p.now().SupportCloses().Add(30*time.Minute), []byte(`{"changed":0,"contest":"demo26-agenda","n":0,"new":0,"root":"`+voter.Merkle(nil).String()+`","withdrawn":0}`)
		first := batch
		first.At = p.now().SupportCloses()
		if _, found := w.judged(slices.Insert(late, i, first, batch)); count(found, "an earlier one came after its end") != 1 {
			t.Errorf("%+v", found.Findings)
		}
	})
}

// TestAClosedWindowStaysClosed: once the record was told that the window is closed no
// ballot is taken, whatever becomes of the edition's dates.
func TestAClosedWindowStaysClosed(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q := w.asked(1)
		w.closeIntake()
		end := w.now().SupportCloses()
		w.at(end)
		w.clock.Set(end.Add(-time.Second)) // another node's clock is late
		_, err := w.Support(w.ctx, glosa.Citizen(), w.device(), q[0], [16]byte{})
		w.is(glosa.Closed, err)
	})
}
