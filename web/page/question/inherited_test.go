package question_test

import (
	"testing"
	"time"

	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	civic "glosa/civic/question"
	"glosa/db/dbtest"
)

// TestWhatWasInheritedIsCountedAndLinked: the list of the next edition says how many
// questions an earlier one left to it, and leads to them; its own count is its own.
func TestWhatWasInheritedIsCountedAndLinked(t *testing.T) {
	st := open(t)
	left, _ := st.ask("¿Quién me contesta?")
	st.ask("¿Y a mí?")
	st.enter(moderator("civil"))
	st.post("/es/mesa/moderacion/demo26/admitir", "folio", left)
	st.post("/es/mesa/moderacion/demo26/turnar", "folio", left, "institution", "SESA")
	next := editiontest.Founding("demo27", st.clock.Now())
	next.Number, next.Code, next.Name = 27, "DEMO27", "La siguiente"
	desk := &edition.Desk{DB: st.s.DB}
	st.ok(desk.Found(st.Context(), editiontest.Facilitator(), next))
	editiontest.Walk(st, desk, st.clock, "demo27", edition.Called)
	list := "/es/ediciones/demo27/preguntas"
	st.says(st.get(list), "!dejó sin respuesta")
	dbtest.Exec(t, st.s.DB, `update edition set stage = $2 where id = $1`, ed, edition.Evaluated)
	_, err := st.s.Edition.Tick(st.Context())
	st.ok(err)
	st.says(st.get("/es/preguntas/"+left), "demo27")
	st.clock.Advance(civic.FacetsLast + time.Second) // counts may be so far behind
	r := st.get(list)
	st.says(r, "1 pregunta que una edición anterior dejó sin respuesta sigue en esta", "Heredadas de la edición anterior (1)", "!Quién me contesta")
	st.says(st.get(list+"?estado=inherited"), "¿Quién me contesta?", "!¿Y a mí?")
}
