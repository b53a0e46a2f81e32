package opinion_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/db/dbtest"
)

// account is the credential of somebody for whom a state's account vouched.
func (h *hall) account(subject string) voter.Credential {
	h.t.Helper()
	token, err := h.voter.Vouched("https://cuenta.example", subject)
	h.ok(err)
	v, err := h.voter.Read(voter.OIDC, ed, token)
	h.ok(err)
	return v
}

// gather moves what was said by several doors to the best one.
func (h *hall) gather(held ...voter.Credential) voter.Credential {
	h.t.Helper()
	best, err := h.Gather(h.ctx, citizen, ed, held, [16]byte{})
	h.ok(err)
	return best
}

// stood is how many ballots the batches so far tell of.
func (h *hall) stood() (n, withdrawn int) {
	h.t.Helper()
	h.later(16 * time.Minute)
	all, err := h.Batches(h.ctx, opinion.ContestOf(ed))
	h.ok(err)
	for _, b := range all {
		n, withdrawn = n+b.New-b.Withdrawn, withdrawn+b.Withdrawn
	}
	return n, withdrawn
}

// unlocked tells whether the lock of a version was opened in public.
func (h *hall) unlocked(rc opinion.Receipt) bool {
	h.t.Helper()
	for _, e := range h.events("opinion.unlocked") {
		if strings.Contains(string(e.Body), rc.Commit.String()) {
			return true
		}
	}
	return false
}

func (h *hall) votesOf(v voter.Credential) string {
	h.t.Helper()
	rc, err := h.Own(h.ctx, v, ed)
	h.ok(err)
	return rc.Object.Votes
}

// TestAStrongerDoorTakesTheWeakerBallotAlong: in one act, its own votes stand where
// both voted, the former opener is published, and one row is counted.
func TestAStrongerDoorTakesTheWeakerBallotAlong(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(3)
		dev, acc := h.device(), h.account("1")
		h.vote(dev, 1, opinion.Agree)
		former := h.vote(dev, 2, opinion.Agree)
		own := h.vote(acc, 2, opinion.Disagree)
		if n, gone := h.stood(); n != 2 || gone != 0 {
			t.Fatalf("%d stand, %d withdrawn", n, gone)
		}
		if best := h.gather(dev); best != dev || h.votesOf(dev) != "1:1,2:1" {
			t.Fatalf("alone, %v votes", best)
		}
		if best := h.gather(dev, acc); best != acc || h.votesOf(acc) != "1:1,2:-1" {
			t.Fatalf("%v votes %s", best, h.votesOf(acc))
		}
		_, err := h.Own(h.ctx, dev, ed)
		h.is(glosa.NotFound, err)
		moved, err := h.Own(h.ctx, acc, ed)
		h.ok(err)
		h.gather(acc, dev)
		if again, err := h.Own(h.ctx, acc, ed); err != nil || again.Commit != moved.Commit {
			t.Errorf("asked twice, another version was made: %v", err)
		}
		if n, gone := h.stood(); n != 1 || gone != 1 {
			t.Errorf("%d stand, %d withdrawn; one ballot stands", n, gone)
		}
		if !h.unlocked(former) || !h.unlocked(own) || h.unlocked(moved) {
			t.Error("the former versions' locks are not opened, or the standing one's is")
		}
		h.counts(1)
		_, err = h.Gather(h.ctx, citizen, ed, []voter.Credential{acc, dev}, [16]byte{})
		h.ok(err) // nothing has to move any more
	})
}

// counts ends the vote and looks at the rows and the public counts of statement 1.
func (h *hall) counts(rows int) {
	h.t.Helper()
	h.at(h.board().Until)
	if b := h.board(); b.Ballots != rows {
		h.t.Errorf("%d rows counted, want %d", b.Ballots, rows)
	}
	file, err := h.Rows(h.ctx, evaluator, ed)
	h.ok(err)
	if n := strings.Count(string(file), "\n") - 1; n != rows {
		h.t.Errorf("%d rows in the file, want %d", n, rows)
	}
}

// TestABallotMovesWholeWhenNothingStoodByTheStrongerDoor, before any batch knew of it.
func TestABallotMovesWholeWhenNothingStoodByTheStrongerDoor(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(2)
		dev, acc := h.device(), h.account("1")
		h.vote(dev, 2, opinion.Pass)
		h.gather(acc, dev)
		if got := h.votesOf(acc); got != "2:0" {
			t.Errorf("moved %s", got)
		}
		if n, gone := h.stood(); n != 1 || gone != 1 {
			t.Errorf("%d stand, %d withdrawn", n, gone)
		}
		h.counts(1)
	})
}

// TestNothingMovesOnceTheVoteIsOver: each ballot stays where it is.
func TestNothingMovesOnceTheVoteIsOver(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(1)
		dev := h.device()
		h.vote(dev, 1, opinion.Agree)
		h.at(h.board().Until)
		_, err := h.Gather(h.ctx, citizen, ed, []voter.Credential{h.account("1"), dev}, [16]byte{})
		h.is(glosa.Closed, err)
		h.is(glosa.Closed, h.Unvote(h.ctx, citizen, dev, ed))
		if got := h.votesOf(dev); got != "1:1" {
			t.Errorf("the device says %q", got)
		}
	})
}

func TestTheSetSaysWhichDoorVotes(t *testing.T) {
	dev, acc := (&hall{t: t, voter: &voter.Desk{Keys: ring{}}}).device(), (&hall{t: t, voter: &voter.Desk{Keys: ring{}}}).account("1")
	both := []voter.Credential{acc, dev}
	for doors, want := range map[glosa.Code]voter.Credential{voter.Device: dev, voter.OIDC: acc} {
		if best, ok := (opinion.Settings{Doors: []glosa.Code{doors}}).Best(both); !ok || best != want {
			t.Errorf("%s: %v votes", doors, best)
		}
	}
	if best, ok := (opinion.Settings{Doors: []glosa.Code{voter.Code}}).Best(both); ok {
		t.Errorf("%v votes by no door", best)
	}
}

// TestAWithdrawnBallotLeavesNoRow: the batch counts it and opens its lock, public
// counts fall, and the same credential may vote again.
func TestAWithdrawnBallotLeavesNoRow(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(2)
		v := h.device()
		h.is(glosa.NotFound, h.Unvote(h.ctx, citizen, v, ed))
		for range 19 {
			h.vote(h.device(), 1, opinion.Agree)
		}
		former := h.vote(v, 1, opinion.Agree)
		if n, _ := h.stood(); n != 20 {
			t.Fatalf("%d stand", n)
		}
		h.ok(h.Unvote(h.ctx, citizen, v, ed))
		h.is(glosa.NotFound, h.Unvote(h.ctx, citizen, v, ed))
		if n, gone := h.stood(); n != 19 || gone != 1 || !h.unlocked(former) {
			t.Errorf("%d stand, %d withdrawn", n, gone)
		}
		_, err := h.Own(h.ctx, v, ed)
		h.is(glosa.NotFound, err)
		h.vote(v, 2, opinion.Pass)
		h.ok(h.Unvote(h.ctx, citizen, v, ed)) // before any batch
		h.vote(v, 2, opinion.Agree)
		if n, gone := h.stood(); n != 20 || gone != 2 || h.votesOf(v) != "2:1" {
			t.Errorf("%d stand, %d withdrawn, %s", n, gone, h.votesOf(v))
		}
		h.ok(h.Unvote(h.ctx, citizen, v, ed))
		h.counts(19)
	})
}

// TestAReceiptIsFollowedToItsRow: the leaves say where a ballot stands, and a ballot
// that was never told, a changed row, an absent one and a lock forced open are proof.
func TestAReceiptIsFollowedToItsRow(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(3)
		a, b := h.device(), h.device()
		first := h.vote(a, 1, opinion.Agree)
		judge := func(rc opinion.Receipt, rows []byte, want glosa.Code) {
			t.Helper()
			own, err := h.trail().Own(rc.Object, rc.Salt(), rows)
			h.ok(err)
			proof := slices.Contains([]glosa.Code{opinion.OwnUntold, opinion.OwnUnlocked, opinion.OwnMissing, opinion.OwnDiffers}, want)
			if own.State != want || own.Proof != proof {
				t.Errorf("%+v, want %s", own, want)
			}
		}
		judge(first, nil, opinion.OwnWaiting)
		again, err := h.Again(first)
		h.ok(err)
		if string(again.Promise) != string(first.Promise) || len(again.Promise) == 0 {
			t.Errorf("promised %q, then %q", first.Promise, again.Promise)
		}
		h.later(16 * time.Minute)
		judge(first, nil, opinion.OwnTold)
		second := h.vote(a, 2, opinion.Disagree)
		third := h.vote(b, 3, opinion.Pass)
		edited, dropped, taken := h.vote(h.device(), 1, opinion.Agree), h.vote(h.device(), 1, opinion.Agree), h.vote(h.device(), 1, opinion.Agree)
		h.later(16 * time.Minute)
		dbtest.Exec(t, h.db, "update opinion_ballot set votes = '1:-1' where committed = $1", edited.Commit)
		dbtest.Exec(t, h.db, "delete from opinion_ballot where committed = $1", dropped.Commit)
		dbtest.Exec(t, h.db, "update opinion_ballot set state = 'replaced', withdrawn = true, opener = $1 where committed = $2", dropped.Commit, taken.Commit)
		h.ok(h.Close(h.ctx, facilitator, ed))
		h.ok(h.Count(h.ctx))
		rows, err := h.Rows(h.ctx, evaluator, ed)
		h.ok(err)
		judge(first, rows, opinion.OwnChanged)
		judge(second, rows, opinion.OwnCounted)
		judge(third, rows, opinion.OwnCounted)
		judge(third, nil, opinion.OwnTold)
		judge(edited, rows, opinion.OwnDiffers)
		judge(edited, nil, opinion.OwnTold)
		judge(dropped, rows, opinion.OwnMissing)
		judge(taken, rows, opinion.OwnUnlocked)
		judge(taken, nil, opinion.OwnUnlocked)
		never := third
		never.SaltServer[0]++
		judge(never, rows, opinion.OwnUntold)
		judge(never, nil, opinion.OwnUntold)
		_, err = h.trail().Own(third.Object, third.Salt(), append(rows, '\n'))
		h.is(glosa.Invalid, err) // another file than the record names
		_, err = (&opinion.Trail{}).Own(opinion.Object{Kind: "ballot"}, glosa.Hash{}, nil)
		h.is(glosa.Invalid, err)
	})
}
