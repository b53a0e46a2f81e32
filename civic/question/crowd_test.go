package question

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"glosa"
	"glosa/db"
)

// The hour the intake opens: 64 people ask at the same moment, again and again,
// while eight moderators admit what came in. Nobody is told to come later,
// nothing is lost, and the balance holds.
func TestACrowdAsksWhileModeratorsAdmit(t *testing.T) {
	each(t, func(s *stage) {
		const askers, moderators = 64, 8
		var asked, admitted, failed atomic.Int64
		received := make(chan glosa.QuestionID, 1<<16)
		end := time.Now().Add(2 * time.Second)
		wrong := func(what string, err error) {
			if failed.Add(1) <= 3 {
				s.Errorf("%s: %v", what, err)
			}
		}
		var in, out sync.WaitGroup
		for a := range askers {
			in.Go(func() {
				for i := 0; time.Now().Before(end); i++ {
					rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: fmt.Sprintf("¿Cuándo abre el centro de salud %d-%d?", a, i),
						Municipality: "23005", Once: fmt.Sprintf("%d-%d", a, i)})
					if err != nil {
						wrong("submit", err)
						continue
					}
					asked.Add(1)
					received <- rc.ID
				}
			})
		}
		for m := range moderators {
			by := []glosa.Actor{s.modGov, s.modCivil, s.modGov2, s.modCivil2}[m%4]
			out.Go(func() {
				for id := range received {
					if time.Now().After(end.Add(time.Second)) {
						continue
					}
					if err := s.d.Admit(s.ctx, by, id); err != nil {
						wrong("admit", err)
						continue
					}
					admitted.Add(1)
				}
			})
		}
		in.Wait()
		close(received)
		out.Wait()
		s.Logf("%d asked, %d admitted, %d refused", asked.Load(), admitted.Load(), failed.Load())
		var b Balance
		s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
			b, err = BalanceOf(tx, s.id)
			return err
		}))
		if int64(b.Received) != asked.Load() || int64(b.Admitted) != admitted.Load() || b.Received != b.Admitted+b.Refused+b.Merged+b.Withdrawn+b.Waiting {
			s.Errorf("%+v after %d asked and %d admitted", b, asked.Load(), admitted.Load())
		}
		if asked.Load() == 0 || admitted.Load() == 0 {
			s.Error("nothing happened")
		}
	})
}

// What lists keep between two acts is read anew after each: nobody who admits,
// merges or refuses a question finds the list as it was.
func TestAListIsReadAnewAfterEachAct(t *testing.T) {
	each(t, func(s *stage) {
		listed := func(f Filter) (ids []glosa.QuestionID) {
			s.Helper()
			f.Edition = s.id
			for range 2 { // the second is out of what is kept
				rows, _, err := s.d.List(s.ctx, f, "", 50)
				s.ok(err)
				ids = nil
				for _, b := range rows {
					ids = append(ids, b.ID)
				}
				slices.Reverse(rows) // the caller's own
			}
			return ids
		}
		want := func(what string, got []glosa.QuestionID, want ...glosa.QuestionID) {
			s.Helper()
			if !slices.Equal(got, want) {
				s.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		first := s.ask("¿Cuándo abre el centro de salud?").ID
		want("before it is decided", listed(Filter{}))
		s.ok(s.d.Admit(s.ctx, s.modCivil, first))
		want("admitted", listed(Filter{}), first)
		s.clock.Advance(time.Minute)
		second := s.admitted("¿Hay medicinas?").ID
		want("another", listed(Filter{}), second, first)
		want("by state", listed(Filter{States: []State{Routed}}))
		s.ok(s.d.Route(s.ctx, s.modCivil, first, "SESA", "salud"))
		want("by state after it was routed", listed(Filter{States: []State{Routed}}), first)
	})
}
