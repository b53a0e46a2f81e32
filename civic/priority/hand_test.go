package priority_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
)

// account is the credential of somebody for whom a state's account vouched.
func (w *town) account(subject string) voter.Credential {
	w.t.Helper()
	token, err := w.voter.Vouched("https://cuenta.example", subject)
	w.ok(err)
	v, err := w.voter.Read(voter.OIDC, ed, token)
	w.ok(err)
	return v
}

// doors changes the protocol: some doors count, some are shown apart.
func doors(count, apart string) func(string) string {
	return func(text string) string {
		return strings.Replace(text, "counting_doors: [device]", "counting_doors: ["+count+"]\n  apart_doors: ["+apart+"]", 1)
	}
}

// gather moves what stands by several doors to the best one.
func (w *town) gather(held ...voter.Credential) priority.Hand {
	w.t.Helper()
	h, err := w.Gather(w.ctx, glosa.Citizen(), ed, held, [16]byte{})
	w.ok(err)
	return h
}

// batched are the sums of all batches so far.
func (w *town) batched() (fresh, changed, gone int) {
	w.t.Helper()
	w.at(w.clock.Now().Add(16 * time.Minute))
	all, err := w.Batches(w.ctx, priority.ContestOf(ed))
	w.ok(err)
	for _, b := range all {
		fresh, changed, gone = fresh+b.New, changed+b.Changed, gone+b.Withdrawn
	}
	return fresh, changed, gone
}

// TestAStrongerDoorReplacesTheWeakerBallot: in one act the device's ballot is
// withdrawn, its opener is published, and its questions stand by the stronger
// door, once.
func TestAStrongerDoorReplacesTheWeakerBallot(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("contact, oidc", "device"))
		w.openIntake()
		q := w.asked(3)
		dev, acc := w.device(), w.account("1")
		former := w.support(dev, q[0], q[1])
		want := slices.Sorted(slices.Values(q[:2]))
		if h := w.gather(dev); h.Counts || h.Who != dev || len(h.Choices) != 2 {
			t.Fatalf("by the device alone: %+v", h)
		}
		if fresh, _, gone := w.batched(); fresh != 1 || gone != 0 { // the first version was replaced before any batch
			t.Fatalf("%d new, %d withdrawn", fresh, gone)
		}
		h := w.gather(dev, acc)
		if !h.Counts || h.Who != acc || !slices.Equal(h.Choices, want) || len(h.Left) != 0 || len(h.Promise) == 0 {
			t.Fatalf("%+v", h)
		}
		if rc, err := w.Own(w.ctx, dev, ed); err != nil || len(rc.Choices) != 0 {
			t.Errorf("the device's ballot stands: %v %v", rc.Choices, err)
		}
		fresh, _, gone := w.batched()
		if fresh-gone != 1 || gone != 1 {
			t.Errorf("%d new, %d withdrawn; one ballot stands", fresh, gone)
		}
		if !w.opened(former) {
			t.Error("the opener of the device's ballot is not published")
		}
		if again := w.gather(acc, dev); again.Commit != h.Commit {
			t.Error("asked twice, another ballot was made")
		}
		w.chosenBy(1, 0)
	})
}

// opened tells whether the lock of a former version was opened in public.
func (w *town) opened(rc priority.Receipt) bool {
	w.t.Helper()
	for _, e := range w.events("priority.opened") {
		if strings.Contains(string(e.Body), rc.Commit.String()) {
			return true
		}
	}
	return false
}

// chosenBy makes the agenda and looks at how many ballots counted and stood apart.
func (w *town) chosenBy(counted, apart int) {
	w.t.Helper()
	w.closeIntake()
	w.at(w.now().SupportCloses())
	a, err := w.Select(w.ctx, selector, ed)
	w.ok(err)
	if a.Ballots != counted || a.Apart != apart {
		w.t.Errorf("%d counted, %d apart; want %d, %d", a.Ballots, a.Apart, counted, apart)
	}
}

// TestAFullBallotTakesNoMore: what the stronger ballot has stays; of the weaker
// one comes what fits, and the rest is named.
func TestAFullBallotTakesNoMore(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("oidc", "device"))
		w.openIntake()
		q := w.asked(13)
		dev, acc := w.device(), w.account("1")
		w.support(acc, q[:8]...)
		w.support(dev, q[7:13]...)
		h := w.gather(dev, acc)
		if len(h.Choices) != 10 || h.Most != 10 || len(h.Left) != 3 {
			t.Fatalf("%d choices, %d left", len(h.Choices), len(h.Left))
		}
		for _, id := range q[:8] {
			if !slices.Contains(h.Choices, id) {
				t.Errorf("%s of the stronger ballot is gone", id)
			}
		}
		w.chosenBy(1, 0)
	})
}

// TestTheProtocolSaysWhichDoorVotes: a door that counts goes before a stronger one
// that does not, and a door that is not named is not taken.
func TestTheProtocolSaysWhichDoorVotes(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("device", "oidc"))
		w.openIntake()
		q := w.asked(1)
		dev, acc := w.device(), w.account("1")
		w.support(acc, q[0])
		if h := w.gather(acc, dev); h.Who != dev || !h.Counts {
			t.Errorf("%v votes", h.Who)
		}
		w.chosenBy(1, 0)
	})
	each(t, func(t *testing.T, w *town) {
		w.protocol(counting("oidc"))
		w.openIntake()
		q := w.asked(1)
		_, err := w.Support(w.ctx, glosa.Citizen(), w.device(), q[0], [16]byte{})
		w.is(glosa.Denied, err)
		_, err = w.Gather(w.ctx, glosa.Citizen(), ed, []voter.Credential{w.device()}, [16]byte{})
		w.is(glosa.Denied, err)
		w.support(w.account("1"), q[0])
		w.chosenBy(1, 0)
	})
}

// TestNothingMovesAfterTheWindow: a ballot stays where it is when supports are closed.
func TestNothingMovesAfterTheWindow(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("oidc", "device"))
		w.openIntake()
		dev := w.device()
		w.support(dev, w.asked(1)[0])
		w.closeIntake()
		w.at(w.now().SupportCloses())
		_, err := w.Gather(w.ctx, glosa.Citizen(), ed, []voter.Credential{w.account("1"), dev}, [16]byte{})
		w.is(glosa.Closed, err)
		if rc, err := w.Own(w.ctx, dev, ed); err != nil || len(rc.Choices) != 1 {
			t.Errorf("%v %v", rc, err)
		}
	})
}
