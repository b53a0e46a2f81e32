package question

import (
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/db/dbtest"
)

func TestList(t *testing.T) {
	each(t, func(s *stage) {
		var want []glosa.QuestionID
		for range 7 {
			want = append(want, s.admitted("¿Una?").ID)
		}
		s.ask("¿Espera?") // waits: in no list
		gone := s.routed("¿Otra?").ID
		var got []glosa.QuestionID
		for cursor := ""; ; {
			page, next, err := s.d.List(s.ctx, Filter{Edition: s.id, States: []State{Admitted}}, cursor, 3)
			s.ok(err)
			for _, b := range page {
				got = append(got, b.ID)
				if b.Text != "¿Una?" || b.Municipality != "23005" || b.Holder.Who != "facilitation" {
					t.Errorf("%+v", b)
				}
			}
			if cursor = next; next == "" {
				break
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Errorf("%v, want %v", got, want)
		}
		for name, f := range map[string]Filter{
			"Institution":  {Institution: "SESA"},
			"Theme":        {Edition: s.id, Theme: "salud"},
			"State":        {Edition: s.id, States: []State{Routed, Overdue}},
			"Municipality": {Edition: s.id, Municipality: "23005", States: []State{Routed}},
		} {
			page, _, err := s.d.List(s.ctx, f, "", 10)
			s.ok(err)
			if len(page) != 1 || page[0].ID != gone {
				t.Errorf("%s: %+v", name, page)
			}
		}
		page, _, err := s.d.List(s.ctx, Filter{Municipality: "23001"}, "", 10)
		if err != nil || len(page) != 0 {
			t.Errorf("%v %v", page, err)
		}
		_, _, err = s.d.List(s.ctx, Filter{}, "nonsense", 10)
		s.kind(err, glosa.Invalid)
	})
}

func TestLog(t *testing.T) {
	each(t, func(s *stage) {
		s.routed("¿Una?")
		s.admitted("¿Otra?")
		var kinds []string
		for cursor := ""; ; {
			page, next, err := s.d.Log(s.ctx, s.id, cursor, 2)
			s.ok(err)
			for _, x := range page {
				kinds = append(kinds, string(x.Kind))
			}
			if cursor = next; next == "" {
				break
			}
		}
		slices.Sort(kinds)
		if got := strings.Join(kinds, " "); got != "question.admitted question.admitted question.routed" {
			t.Error(got)
		}
	})
}

func TestInbox(t *testing.T) {
	each(t, func(s *stage) {
		a, b := s.routed("¿Una?"), s.routed("¿Otra?")
		s.admitted("¿De nadie?")
		s.ok(s.d.Draft(s.ctx, s.liaison, b.ID, Answer{Kind: Said, Short: "Ya."}))
		box, err := s.d.Inbox(s.ctx, s.liaison, Owing{}, 10)
		s.ok(err)
		drafts := map[glosa.QuestionID]AnswerState{}
		for _, o := range box {
			drafts[o.ID] = o.Draft
		}
		if len(box) != 2 || drafts[a.ID] != "" || drafts[b.ID] != Drafted {
			t.Errorf("%+v", box)
		}
		box, err = s.d.Inbox(s.ctx, s.otherLiaison, Owing{}, 10)
		if err != nil || len(box) != 0 {
			t.Errorf("another institution sees %+v (%v)", box, err)
		}
		_, err = s.d.Inbox(s.ctx, s.modGov, Owing{}, 10)
		s.kind(err, glosa.Denied)
	})
}

// TestEvents: what leaves the room holds no words, no town and no person.
func TestEvents(t *testing.T) {
	each(t, func(s *stage) {
		rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: "CANARIO", Context: "CANARIO", Municipality: "23005", NamePolicy: Named, Name: "CANARIO"})
		s.ok(err)
		s.ok(s.d.Admit(s.ctx, s.modGov, rc.ID))
		s.ok(s.d.Route(s.ctx, s.modGov, rc.ID, "SESA", "salud"))
		s.ok(s.d.Extend(s.ctx, s.minister, rc.ID, 1, "CANARIO"))
		s.ok(s.d.Draft(s.ctx, s.liaison, rc.ID, Answer{Kind: Said, Short: "CANARIO"}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, rc.ID))
		s.ok(s.sign(rc.ID))
		s.ok(s.d.Correct(s.ctx, s.minister, rc.ID, Answer{Kind: Said, Short: "CANARIO 2"}, "CANARIO"))
		s.ok(s.d.Rate(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}, Yes))
		for _, e := range dbtest.Events(t, s.d.DB) {
			if e.Room != "question" {
				continue
			}
			all := string(e.Body) + strings.Join(e.Tags, " ") + e.By
			for _, secret := range []string{"CANARIO", "23005", string(s.modGov.Human), string(s.minister.Human), rc.Key} {
				if strings.Contains(all, secret) {
					t.Errorf("%s says %q: %s", e.Kind, secret, all)
				}
			}
		}
	})
}
