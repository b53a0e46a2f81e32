package question

import (
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
)

// suspended stands the edition still for ninety days, as after the reform of
// November 2025 (exercise.md §3.4).
func (s *stage) suspended(from time.Time) edition.Pause {
	s.Helper()
	to := from.AddDate(0, 0, 90)
	s.ok(s.ed.Suspend(s.ctx, s.facilitator, s.id, from, to, "La reforma suspendió los plazos.", "https://cronicamaya.com/?p=35467"))
	return edition.Pause{From: from, To: to}
}

// pauseIn is the line of a sum that tells of a pause; zero when none does.
func pauseIn(sum edition.Sum) (step edition.Step) {
	for _, x := range sum.Steps {
		if x.Kind == edition.StepPause {
			step = x
		}
	}
	return step
}

func TestSuspensionMovesEveryClock(t *testing.T) {
	each(t, func(s *stage) {
		s.ed.Redue = []edition.Redue{Redue}
		waits, routed := s.ask("¿La primera?"), s.routed("¿La segunda?")
		proposed, refused := s.ask("¿La tercera?"), s.ask("¿La cuarta?")
		s.ok(s.d.Refuse(s.ctx, s.modCivil, proposed.ID, edition.PersonalAttack, ""))
		s.ok(s.d.Refuse(s.ctx, s.modCivil, refused.ID, edition.PersonalAttack, ""))
		s.ok(s.d.Refuse(s.ctx, s.modGov, refused.ID, edition.PersonalAttack, ""))
		all := []glosa.QuestionID{waits.ID, routed.ID, proposed.ID, refused.ID}
		before := map[glosa.QuestionID]row{}
		for _, id := range all {
			if before[id] = s.row(id); before[id].due.IsZero() {
				t.Fatalf("%s has no clock", before[id].state)
			}
		}
		pause := s.suspended(s.clock.Now().Add(time.Hour))
		for _, id := range all {
			was, now := before[id], s.row(id)
			if moved := now.due.Sub(was.due); moved < 89*24*time.Hour || now.due.Before(pause.To) {
				t.Errorf("%s: due %s, was %s", now.state, now.due, was.due)
			}
			if !was.next.IsZero() && !now.next.Equal(now.due) {
				t.Errorf("%s: the clock looks at %s, due %s", now.state, now.next, now.due)
			}
			p := s.page(id)
			if why := pauseIn(p.Clock); !p.HasClock || !p.Clock.Due.Equal(now.due) || !p.Due.Equal(now.due) || !why.Date.Equal(pause.From) || why.Reason == "" {
				t.Errorf("%s: the page says %s, explained as %+v", now.state, p.Clock.Due, why)
			}
		}
		s.tick(before[routed.ID].due.Add(time.Hour))
		s.stands(routed.ID, Routed)
		s.stands(proposed.ID, Second)
		due := s.row(routed.ID).due
		s.tick(due.Add(-time.Second))
		s.stands(routed.ID, Routed)
		s.tick(due.Add(2 * time.Second))
		s.stands(routed.ID, Overdue)
	})
}

// TestSuspensionOfDaysThatPassed gives time again to an answer that was late.
func TestSuspensionOfDaysThatPassed(t *testing.T) {
	each(t, func(s *stage) {
		s.ed.Redue = []edition.Redue{Redue}
		rc := s.routed("¿Y esta?")
		began, due := s.clock.Now(), s.row(rc.ID).due
		s.tick(due.Add(time.Hour))
		s.stands(rc.ID, Overdue)
		s.suspended(began.Add(24 * time.Hour))
		s.stands(rc.ID, Routed)
		r := s.row(rc.ID)
		if r.level != 0 || !r.next.Equal(r.due) || r.due.Sub(due) < 89*24*time.Hour {
			t.Errorf("level %d, due %s (was %s), looked at %s", r.level, r.due, due, r.next)
		}
		if n := len(s.events("question.redated", rc.ID)); n != 1 {
			t.Errorf("told %d times", n)
		}
		s.tick(r.due.Add(2 * time.Second))
		s.stands(rc.ID, Overdue)
	})
}
