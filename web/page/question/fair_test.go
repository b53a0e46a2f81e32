package question_test

import (
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/question"
)

// TestRefusalsInFigures: page and files show nothing of where refused questions came
// from before the night, and after it only what many share.
func TestRefusalsInFigures(t *testing.T) {
	st := open(t)
	by := func(side glosa.Side) glosa.Actor {
		return glosa.Actor{Human: glosa.HumanID("h-" + string(side)), Side: side, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	}
	for place, n := range map[glosa.TerritoryCode]int{"23005": 12, "23008": 4, "23001": 4, "23004": 3} {
		for range n {
			rc, err := st.s.Question.Submit(t.Context(), glosa.Citizen(), ed, civic.Ask{Text: "Voten por la planilla", Municipality: place})
			st.ok(err)
			st.ok(st.s.Question.Refuse(t.Context(), by(glosa.Government), rc.ID, edition.Propaganda, ""))
			st.ok(st.s.Question.Refuse(t.Context(), by(glosa.Civil), rc.ID, edition.Propaganda, ""))
		}
	}
	page := "/es/ediciones/demo26/moderacion"
	clock := &edition.Desk{DB: st.s.DB, Dues: []edition.Due{st.s.Question.Due()}}
	tick := func() { _, err := clock.Tick(t.Context()); st.ok(err) }
	tick()
	st.says(st.get(page), "Todavía no se publica", "!Benito Juárez", "!renglones")
	if csv := st.get(page + ".csv").body; strings.Contains(csv, "municipality") || !strings.Contains(csv, "refused,,23,23,false,") {
		t.Errorf("before the night:\n%s", csv)
	}
	st.clock.Advance(24 * time.Hour)
	tick()
	st.says(st.get(page), "a las tres de la mañana", "Benito Juárez 10 de 10 (100 %)", "Los otros 11 renglones menos de 5, o no se dice", "!Cozumel", "!Felipe Carrillo Puerto")
	csv, js := st.get(page+".csv").body, st.get(page+".json").body
	for _, want := range []string{"refused_by_municipality,23005,10,10,false,20", "refused_by_municipality,23008,,,true,20", "refused_by_municipality,23002,,,true,20"} {
		if !strings.Contains(csv, want) {
			t.Errorf("no %q in\n%s", want, csv)
		}
	}
	if flat := strings.Join(strings.Fields(js), ""); !strings.Contains(flat, `"of":"23001","n":null,"hidden":true`) {
		t.Errorf("%s", js)
	}
}
