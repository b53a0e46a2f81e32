package priority_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/priority"
)

// TestAccount: five ballots want five questions and three want one; four fit. The
// raw count gives all four to the five; equal shares give one to the three.
func TestAccount(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(func(text string) string { return strings.Replace(text, "minutes: 120", "minutes: 8", 1) })
		w.openIntake()
		q := w.asked(6)
		many, few := q[:5], q[5]
		for range 5 {
			w.support(w.device(), many...)
		}
		for range 3 {
			w.support(w.device(), few)
		}
		w.closeIntake()
		_, err := w.Account(w.ctx, ed)
		w.is(glosa.NotFound, err)
		w.at(w.now().SupportCloses())
		a, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		if len(a.Chosen) != 4 || a.Used != 32 || !a.Fair {
			t.Fatalf("%d chosen, %d minutes", len(a.Chosen), a.Used)
		}
		x, err := w.Account(w.ctx, ed)
		w.ok(err)
		f := slices.Sorted(slices.Values(many)) // the folio decides among equals
		is(t, "the raw count", x.Raw, f[:4])
		is(t, "only the raw count", x.RawOnly, f[3:4])
		is(t, "only the rule", x.Without, []glosa.QuestionID{few})
		is(t, "the other way round, in", x.In, []glosa.QuestionID{f[4], f[3]})
		is(t, "the other way round, out", x.Out, f[:2])
		for _, left := range f[3:] {
			want := fmt.Sprint([]priority.Payment{{f[0], 5, "8"}, {f[1], 5, "8"}, {f[2], 5, "8"}})
			if got := fmt.Sprint(x.Paid[left]); got != want {
				t.Errorf("%s: its supporters paid %s, want %s", left, got, want)
			}
		}
		if len(x.Paid) != 2 {
			t.Errorf("payments of %d questions are told", len(x.Paid))
		}
	})
}

// TestAccountTellsOfNoFewBallots: what the supporters of a question paid for is
// told of five or more of them, and of no payment that one ballot made alone.
func TestAccountTellsOfNoFewBallots(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(func(text string) string { return strings.Replace(text, "minutes: 120", "minutes: 8", 1) })
		w.openIntake()
		q := w.asked(7)
		for range 20 {
			w.support(w.device(), q[:4]...) // these four fill the hour
		}
		for i := range 5 {
			w.support(w.device(), q[4], q[i%4]) // four pay for one each, but for q[0], which two pay for
		}
		for range 4 {
			w.support(w.device(), q[5], q[0])
		}
		w.closeIntake()
		w.at(w.now().SupportCloses())
		_, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		x, err := w.Account(w.ctx, ed)
		w.ok(err)
		if p, told := x.Paid[q[5]]; told {
			t.Errorf("four supporters: %+v", p)
		}
		if p := x.Paid[q[4]]; len(p) != 1 || p[0].Question != q[0] || p[0].Supporters != 2 {
			t.Errorf("five supporters: %+v", p)
		}
	})
}

func is(t *testing.T, what string, got, want []glosa.QuestionID) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
