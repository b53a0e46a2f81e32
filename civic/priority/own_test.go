package priority_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/method/shares"
)

// issued is what a malicious server hands to a voter: the same bytes of its own to
// everybody who chose alike, in the hope that they all look at one row.
func issued(t *testing.T, device [16]byte, q glosa.QuestionID) priority.Receipt {
	t.Helper()
	rc := priority.Receipt{Contest: "demo26-agenda", Choices: []glosa.QuestionID{q}, SaltServer: glosa.Hash{7}, SaltDevice: device, Lock: glosa.Digest([]byte("one lock"))}
	commit, err := glosa.Commit(rc.Salt(), rc.Object())
	if err != nil {
		t.Fatal(err)
	}
	rc.Commit, rc.Tracker = commit, voter.Tracker(rc.Salt())
	return rc
}

// clashed is the published file and the record of a host that counted one ballot
// for both voters.
func clashed(t *testing.T, rc priority.Receipt) (*priority.Told, *priority.Sheet) {
	t.Helper()
	var file bytes.Buffer
	in := &shares.Instance{Budget: 8, Items: []shares.Item{{ID: string(rc.Choices[0]), Cost: 8}}, Ballots: []shares.Ballot{{ID: rc.Tracker, Choices: []int32{0}}}}
	if err := shares.Write(&file, in); err != nil {
		t.Fatal(err)
	}
	told := &priority.Told{}
	for i, body := range []any{
		map[string]any{"commits": []glosa.Hash{rc.Commit}, "contest": rc.Contest, "n": 1},
		map[string]any{"input": glosa.Digest(file.Bytes()), "ballots": 1},
	} {
		js, err := glosa.JCS(body)
		if err != nil {
			t.Fatal(err)
		}
		if err := told.Leaf(glosa.Event{Seq: int64(i + 1), Kind: []string{"priority.batched", "priority.selected"}[i], Subject: string(rc.Contest), Public: true, Body: js}); err != nil {
			t.Fatal(err)
		}
	}
	sheet, err := priority.ReadSheet(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return told, sheet
}

// TestDevicesShareNoTracker (trust.md §8, 10): the same server salt for two voters
// gives two trackers when their devices contribute, and the one who is not counted
// proves it. Without device bytes there is the clash: both find the one row, and
// only comparing their receipts shows it.
func TestDevicesShareNoTracker(t *testing.T) {
	judge := func(told *priority.Told, sheet *priority.Sheet, rc priority.Receipt) priority.Own {
		own, err := told.Own(rc.Object(), rc.Salt(), priority.PromiseCast, sheet)
		if err != nil {
			t.Fatal(err)
		}
		return own
	}
	t.Run("WithDeviceBytes", func(t *testing.T) {
		seen := map[string]bool{}
		rnd := rand.New(rand.NewPCG(1, 10))
		for range 10000 {
			var device [16]byte
			for i := range device {
				device[i] = byte(rnd.Uint32())
			}
			rc := issued(t, device, "DEMO26-0001-A")
			if seen[rc.Tracker] {
				t.Fatal("two voters share a tracker")
			}
			seen[rc.Tracker] = true
		}
		first, second := issued(t, voter.DeviceSalt("mango"), "DEMO26-0001-A"), issued(t, voter.DeviceSalt("ceiba"), "DEMO26-0001-A")
		told, sheet := clashed(t, first)
		if own := judge(told, sheet, first); own.State != priority.OwnCounted {
			t.Errorf("the first: %s", own.Sentence())
		}
		if own := judge(told, sheet, second); own.State != priority.OwnMissing || !own.Proof {
			t.Errorf("the second: %s", own.Sentence())
		}
	})
	t.Run("WithoutThem", func(t *testing.T) {
		first, second := issued(t, [16]byte{}, "DEMO26-0001-A"), issued(t, [16]byte{}, "DEMO26-0001-A")
		told, sheet := clashed(t, first)
		for _, rc := range []priority.Receipt{first, second} {
			if own := judge(told, sheet, rc); own.State != priority.OwnCounted {
				t.Errorf("%s", own.Sentence())
			}
		}
		if first.Tracker != second.Tracker || first.Commit != second.Commit {
			t.Error("comparing their receipts does not show the clash")
		}
	})
}

// TestOwnBallot: what a receipt, the record and the file say together, and which of it is proof.
func TestOwnBallot(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q := w.asked(3)
		dev := w.device()
		waiting := w.support(dev, q[0])
		judge := func(rc priority.Receipt, want glosa.Code) {
			t.Helper()
			var sheet *priority.Sheet
			if raw, err := w.File(w.ctx, ed); err == nil {
				sheet, err = priority.ReadSheet(raw)
				w.ok(err)
			}
			own, err := w.told().Own(rc.Object(), rc.Salt(), priority.PromiseCast, sheet)
			if err != nil || own.State != want {
				t.Errorf("%v %v, want %s", own, err, want)
			}
		}
		judge(waiting, priority.OwnWaiting)
		w.at(w.clock.Now().Add(20 * 60e9))
		judge(waiting, priority.OwnTold)
		later := w.support(dev, q[1])
		w.at(w.clock.Now().Add(20 * 60e9))
		judge(waiting, priority.OwnChanged)
		judge(later, priority.OwnTold)
		other := w.support(w.device(), q[2])
		w.merge(q[0], q[2]) // the row names the common question
		w.closeIntake()
		w.at(w.now().SupportCloses())
		_, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		judge(later, priority.OwnCounted)
		judge(other, priority.OwnCounted)
		_, err = w.told().Own(later.Object(), later.Salt(), priority.PromiseCast, nil)
		w.is(glosa.Invalid, err)
		sheet, err := priority.ReadSheet([]byte{})
		w.ok(err)
		_, err = w.told().Own(later.Object(), later.Salt(), priority.PromiseCast, sheet)
		w.is(glosa.Invalid, err) // another file than the record's
	})
}

func FuzzReadSheet(f *testing.F) {
	f.Add([]byte("META\nkey;value\nnum_projects;1\nnum_votes;1\nbudget;8\nvote_type;approval\nPROJECTS\nproject_id;cost;votes;name\nA;8;1;\nVOTES\nvoter_id;vote\nf;A\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := priority.ReadSheet(raw); (s == nil) == (err == nil) {
			t.Errorf("a sheet and an error, or neither: %v", err)
		}
	})
}
