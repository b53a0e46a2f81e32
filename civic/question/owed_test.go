package question

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"glosa"
	"glosa/db/dbtest"
)

// cutAt exports what SESA owes with at most so many lines: its folios, and what the
// second sheet says. It comes back whole.
func (s *stage) cutAt(theme glosa.Code, most int) (folios, notice string) {
	s.Helper()
	w := sheetEs()
	w.Cut = func(lines, all int) (string, string) { return "Aviso", fmt.Sprintf("%d de %d", lines, all) }
	raw, err := s.d.exportDrafts(s.ctx, s.liaison, theme, w, most)
	s.ok(err)
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	s.ok(err)
	lines, err := f.GetRows("Borradores")
	s.ok(err)
	for _, l := range lines[1:] {
		folios += " " + l[0]
	}
	if len(f.GetSheetList()) > 1 {
		notice, err = f.GetCellValue("Aviso", "A1")
		s.ok(err)
	}
	back, err := s.d.ImportDrafts(s.ctx, s.liaison, raw, []SheetWords{w})
	s.ok(err)
	if len(back) != len(lines)-1 {
		s.Errorf("%d lines came back of %d", len(back), len(lines)-1)
	}
	return strings.TrimSpace(folios), notice
}

// TestADebtIsCountedToTheLast: however short a page is, the count is of all, what
// waits for a signature is found wherever it stands, and a sheet of one theme is not
// cut by the others.
func TestADebtIsCountedToTheLast(t *testing.T) {
	each(t, func(s *stage) {
		var all []glosa.QuestionID
		for i := range 6 {
			rc := s.admitted(fmt.Sprintf("¿Pregunta %d?", i))
			theme := glosa.Code("agua")
			if i >= 3 {
				theme = "salud"
			}
			s.ok(s.d.Route(s.ctx, s.modCivil, rc.ID, "SESA", theme))
			all = append(all, rc.ID)
			s.clock.Set(s.clock.Now().Add(48 * time.Hour)) // each is due later than the one before
		}
		s.ok(s.d.Draft(s.ctx, s.liaison, all[5], Answer{Kind: Said, Short: "Abre el lunes."}))
		s.ok(s.d.SendToSign(s.ctx, s.liaison, all[5]))
		debt, err := s.d.Debt(s.ctx, s.liaison)
		s.ok(err)
		if debt.All != 6 || debt.Signing != 1 || debt.Theme["agua"] != 3 || debt.Theme["salud"] != 3 {
			t.Errorf("%+v", debt)
		}
		for from, want := range map[int]string{0: fmt.Sprint(all[0:2]), 2: fmt.Sprint(all[2:4]), 4: fmt.Sprint(all[4:6]), 6: "[]"} {
			some, err := s.d.Inbox(s.ctx, s.liaison, Owing{From: from}, 2)
			s.ok(err)
			ids := []glosa.QuestionID{}
			for _, o := range some {
				ids = append(ids, o.ID)
			}
			if fmt.Sprint(ids) != want {
				t.Errorf("from %d: %v, want %s", from, ids, want)
			}
		}
		if sign, err := s.d.ToSign(s.ctx, s.minister, 0, 1); err != nil || len(sign) != 1 || sign[0].ID != all[5] {
			t.Errorf("%v %v", sign, err)
		}
		rows := s.cutAt
		ids := func(some []glosa.QuestionID) string { return strings.Trim(fmt.Sprint(some), "[]") }
		if got, notice := rows("salud", 3); got != ids(all[3:]) || notice != "" {
			t.Errorf("the sheet of a theme has %s, and says %q", got, notice)
		}
		if got, notice := rows("", 4); got != ids(all[:4]) || notice != "4 de 6" {
			t.Errorf("a sheet that is cut has %s, and says %q", got, notice)
		}
		_, err = s.d.Debt(s.ctx, s.modGov)
		s.kind(err, glosa.Denied)
	})
}

// TestTheQueueIsCountedToTheLast: what is held is counted and listed apart, and each
// item is found by its folio wherever it stands.
func TestTheQueueIsCountedToTheLast(t *testing.T) {
	each(t, func(s *stage) {
		var all []glosa.QuestionID
		for i := range 5 {
			all = append(all, s.ask(fmt.Sprintf("¿Pregunta %d?", i)).ID)
			s.clock.Set(s.clock.Now().Add(time.Hour))
		}
		dbtest.Exec(t, s.d.DB, `update question set state = 'held', due_at = 0 where id = $1`, string(all[1]))
		n, err := s.d.Backlog(s.ctx, s.modCivil, s.id)
		s.ok(err)
		if n != (Backlog{Timed: 4, Held: 1}) {
			t.Errorf("%+v", n)
		}
		for name, c := range map[string]struct {
			which Part
			want  []glosa.QuestionID
		}{
			"First":       {Part{}, []glosa.QuestionID{all[0], all[2]}},
			"Second":      {Part{From: 2}, all[3:]},
			"Held":        {Part{Held: true}, all[1:2]},
			"ByFolio":     {Part{ID: all[4]}, all[4:]},
			"HeldByFolio": {Part{ID: all[1]}, all[1:2]},
			"Elsewhere":   {Part{ID: "DEMO26-0000-X"}, nil},
		} {
			items, err := s.d.Queue(s.ctx, s.modCivil, s.id, c.which, 2)
			s.ok(err)
			var ids []glosa.QuestionID
			for _, i := range items {
				ids = append(ids, i.ID)
			}
			if fmt.Sprint(ids) != fmt.Sprint(c.want) {
				t.Errorf("%s: %v, want %v", name, ids, c.want)
			}
		}
		_, err = s.d.Backlog(s.ctx, s.stranger, s.id)
		s.kind(err, glosa.Denied)
	})
}
