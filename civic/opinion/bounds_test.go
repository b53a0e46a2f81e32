package opinion_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/db/dbtest"
)

// TestNothingIsDecidedAfterTheVote: what waits at its end stays out, by hand and by
// silence; the record says so of each, and its author takes it back all the same.
func TestNothingIsDecidedAfterTheVote(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(2)
		a, err := h.Write(h.ctx, facilitator, ed, "Una que espera (SINTÉTICO)", "es")
		h.ok(err)
		b, err := h.Write(h.ctx, facilitator, ed, "Otra que espera (SINTÉTICO)", "es")
		h.ok(err)
		h.ok(h.Refuse(h.ctx, civil, ed, b.N, "propaganda"))
		h.ok(h.Close(h.ctx, facilitator, ed))
		for _, n := range []int{a.N, b.N} {
			h.is(glosa.Closed, h.Admit(h.ctx, government, ed, n))
			h.is(glosa.Closed, h.Refuse(h.ctx, government, ed, n, "propaganda"))
		}
		h.later(30 * 24 * time.Hour)
		if n := len(h.events("opinion.admitted")); n != 2 {
			t.Errorf("%d were admitted", n)
		}
		var told []string
		for _, e := range h.events("opinion.lapsed") {
			told = append(told, string(e.Body))
		}
		if want := []string{`{"number":3}`, `{"number":4}`}; !slices.Equal(told, want) {
			t.Errorf("the record says %v, want %v", told, want)
		}
		h.ok(h.Withdraw(h.ctx, citizen, ed, a.N, a.Key))
		all, err := h.Statements(h.ctx, ed)
		h.ok(err)
		if all[2].State != opinion.Erased || all[3].State != opinion.Lapsed || all[3].Text != "" {
			t.Errorf("%+v", all)
		}
		h.leavesAgree()
	})
}

// TestWhatWaitsInAVoteThatNeverOpensHasItsLeaf once the edition is over, and once.
func TestWhatWaitsInAVoteThatNeverOpensHasItsLeaf(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Freeze(h.ctx, facilitator, ed)
		h.ok(err)
		h.statements(1)
		_, err = h.Write(h.ctx, facilitator, ed, "Una que espera (SINTÉTICO)", "es")
		h.ok(err)
		h.later(time.Hour)
		if n := len(h.events("opinion.lapsed")); n != 0 {
			t.Errorf("%d lapsed while the edition goes on", n)
		}
		h.ok(h.edition.Cancel(h.ctx, facilitator, ed, "Se suspendió (SINTÉTICO)", "Oficio (SINTÉTICO)"))
		h.later(time.Hour)
		h.later(time.Hour)
		if told := h.events("opinion.lapsed"); len(told) != 1 || string(told[0].Body) != `{"number":2}` {
			t.Errorf("the record says %v", told)
		}
		h.leavesAgree()
	})
}

// TestProposalsTakeNoRoomOfTheDesk: citizens' queue is bounded, and beside it a
// desk writes; what was decided makes room.
func TestProposalsTakeNoRoomOfTheDesk(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(1)
		dbtest.Exec(t, h.db, `update opinion_set set settings = replace(settings, '"proposals":false', '"proposals":true')`)
		var last opinion.Taken
		for i := range 200 {
			var err error
			last, err = h.Propose(h.ctx, citizen, ed, fmt.Sprintf("Propuesta %d (SINTÉTICO)", i), "es")
			h.ok(err)
		}
		_, err := h.Propose(h.ctx, citizen, ed, "Una de más (SINTÉTICO)", "es")
		h.is(glosa.Conflict, err)
		_, err = h.Write(h.ctx, facilitator, ed, "Una de la mesa (SINTÉTICO)", "es")
		h.ok(err)
		h.ok(h.Admit(h.ctx, civil, ed, last.N))
		_, err = h.Propose(h.ctx, citizen, ed, "Una de más (SINTÉTICO)", "es")
		h.ok(err)
	})
}

// TestRowsThatWereGoneGoAgain: a restored database forgets at once the ballots and
// the file that the record says are gone, and the clock says it no second time.
func TestRowsThatWereGoneGoAgain(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(3)
		v := h.device()
		h.vote(v, 1, opinion.Agree)
		h.at(h.board().Until)
		h.ok(h.edition.Cancel(h.ctx, facilitator, ed, "Se suspendió (SINTÉTICO)", "Oficio (SINTÉTICO)"))
		_, err := h.Rows(h.ctx, evaluator, ed)
		h.ok(err)
		_, err = h.Repeat(h.ctx, citizen, nil, []glosa.EditionID{ed})
		h.is(glosa.Denied, err)
		_, err = h.Repeat(h.ctx, glosa.Admin(), nil, []glosa.EditionID{"absent", ed})
		h.ok(err)
		_, err = h.Rows(h.ctx, evaluator, ed)
		h.is(glosa.NotFound, err)
		_, err = h.Own(h.ctx, v, ed)
		h.is(glosa.NotFound, err)
		h.later((voter.KeyLasts + 1) * 24 * time.Hour)
		if n := len(h.events("opinion.rows_gone")); n != 0 {
			t.Errorf("told again %d times", n)
		}
	})
}
