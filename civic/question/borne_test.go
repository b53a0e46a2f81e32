package question

import (
	"slices"
	"testing"

	"glosa"
)

// An institution's page asks for the beginning of each kind and for how many there are.
func TestBorneTellsHowManyAndShowsTheFirst(t *testing.T) {
	each(t, func(t *stage) {
		var waiting []glosa.QuestionID
		for range 4 {
			waiting = append(waiting, t.routed("¿Cuándo abre el centro de salud?").ID)
		}
		done := t.answered("¿Hay medicinas?").ID
		b, err := t.d.Borne(t.ctx, []glosa.InstitutionKey{"SESA", "SEQ"}, 3)
		t.ok(err)
		if b.LateN != 0 || b.WaitingN != 4 || b.AnsweredN != 1 || len(b.Waiting) != 3 || len(b.Answered) != 1 || b.Answered[0].ID != done {
			t.Fatalf("%d late, %d waiting (%d shown), %d answered (%d shown)", b.LateN, b.WaitingN, len(b.Waiting), b.AnsweredN, len(b.Answered))
		}
		for _, q := range b.Waiting {
			if !slices.Contains(waiting, q.ID) || q.Text == "" {
				t.Errorf("%s %q among those that wait", q.ID, q.Text)
			}
		}
		t.tick(b.Waiting[0].Due.AddDate(0, 0, 1))
		b, err = t.d.Borne(t.ctx, []glosa.InstitutionKey{"SESA"}, 3)
		t.ok(err)
		if b.LateN != 4 || b.WaitingN != 0 || len(b.Late) != 3 {
			t.Errorf("after the date: %d late (%d shown), %d waiting", b.LateN, len(b.Late), b.WaitingN)
		}
		if b, err = t.d.Borne(t.ctx, []glosa.InstitutionKey{"SEQ"}, 3); err != nil || b.LateN+b.WaitingN+b.AnsweredN != 0 {
			t.Errorf("another institution: %+v %v", b, err)
		}
	})
}
