package question_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"glosa"
	civic "glosa/civic/question"
	"glosa/db/dbtest"
)

// TestMoreThanAPageWaits: desks say how much waits in all, lead to the rest, and open
// the item that was asked for wherever it stands.
func TestMoreThanAPageWaits(t *testing.T) {
	st := open(t)
	var all []glosa.QuestionID
	for i := range 206 {
		rc, err := st.s.Question.Submit(t.Context(), glosa.Citizen(), ed, civic.Ask{Text: fmt.Sprintf("¿Cuándo abre la clínica %d?", i), Municipality: "23005"})
		st.ok(err)
		all = append(all, rc.ID)
		st.clock.Advance(time.Second)
	}
	dbtest.Exec(t, st.s.DB, `update question set state = 'held', due_at = 0 where id = $1`, string(all[205]))
	desk := "/es/mesa/moderacion/demo26"
	st.enter(moderator(glosa.Civil))
	st.says(st.get(desk), "206 por atender", "la clínica 0?", "Con plazo (205)", "Retenidas (1)")
	st.says(st.get(desk+"?parte=retenidas"), "la clínica 205?", "206 por atender")
	st.says(st.get(desk+"?folio="+string(all[204])), "la clínica 204?", "!la clínica 0?")
	st.says(st.get(desk+"?folio="+string(all[205])), "la clínica 205?")
	if last := st.get(desk + "?folio=" + string(all[199])); !strings.Contains(last.body, "desde=200") {
		t.Error("the last of a page does not lead to the next")
	}
	st.says(st.get(desk+"?desde=200"), "la clínica 200?")
	by := glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	for _, id := range all[:205] {
		st.ok(st.s.Question.Admit(t.Context(), by, id))
		st.ok(st.s.Question.Route(t.Context(), by, id, "SESA", "salud"))
	}
	st.says(st.get(desk+"?folio="+string(all[3])), string(all[3])+" ya no espera una decisión aquí", "la clínica 205?")
	st.holder("sesa-enlace", "SESA", glosa.Liaison)
	inbox := st.get("/es/mesa/enlace")
	st.says(inbox, "205 respuestas por preparar", "De la 1 a la 200, de 205", "Todas (205)")
	if r := st.get("/es/mesa/enlace?desde=200"); r.status != http.StatusOK || strings.Count(r.body, "/es/mesa/enlace/DEMO26-") != 5 {
		t.Errorf("%d of the last five are listed", strings.Count(r.body, "/es/mesa/enlace/DEMO26-"))
	}
}
