package question_test

import (
	"net/http"
	"testing"

	"glosa"
)

// TestTwoSidesRefuse: the second person sees neither ground nor person; then both
// are shown, and the author may ask for other eyes.
func TestTwoSidesRefuse(t *testing.T) {
	st := open(t)
	folio, key := st.ask("Voten por la planilla de siempre")
	desk, page := "/es/mesa/moderacion/demo26", "/es/preguntas/"+folio
	st.cookies = map[string]string{}
	if r := st.get(desk); r.status != http.StatusSeeOther || r.to != "/es/entrar?a=%2Fes%2Fmesa%2Fmoderacion%2Fdemo26" {
		t.Errorf("the desk without a session: %d to %s", r.status, r.to)
	}
	st.enter(moderator(glosa.Civil))
	if r := st.post(desk+"/no-admitir", "folio", folio); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a refusal without a ground: %d", r.status)
	}
	if r := st.post(desk+"/no-admitir", "folio", folio, "ground", "off_scope"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("out of scope without a place: %d", r.status)
	}
	st.post(desk+"/no-admitir", "folio", folio, "ground", "propaganda")
	st.says(st.get(desk), "Este lado ya dio su palabra.", "!Proponer no admitir N")
	if r := st.post(desk+"/admitir", "folio", folio); r.status != http.StatusForbidden {
		t.Errorf("the same side decides again: %d", r.status)
	}
	st.says(st.get(page), "falta otra persona, del otro lado", "!propaganda", "!planilla")
	st.enter(moderator(glosa.Government))
	st.says(st.get(desk), "Decidir sin verla", "!lugar 1 de Sociedad", "Se publicará como: Gobierno, lugar 1")
	st.post(desk+"/no-admitir", "folio", folio, "ground", "propaganda")
	st.says(st.get(page), "No admitida: Es propaganda electoral", "Sociedad civil, lugar 1: Es propaganda electoral", "Gobierno, lugar 1: Es propaganda electoral",
		"Pedir otra revisión", "!planilla")
	st.says(st.post("/es/mi-pregunta", "folio", folio, "key", key), "planilla", "Pedir otra revisión")
	st.says(st.post("/es/mi-pregunta/otra-revision", "folio", folio, "key", key), "la revisarán")
	if r := st.post(desk+"/otra-revision", "folio", folio, "word", "overturn"); r.status != http.StatusForbidden {
		t.Errorf("one of the two who refused decides the appeal: %d", r.status)
	}
	st.says(st.get(page), "En segunda revisión")
}

func TestMergeAndUndo(t *testing.T) {
	st := open(t)
	common, theirs := st.ask("¿Cuándo habrá insulina en las clínicas de Cancún?")
	mine, key := st.ask("¿Cuándo llega la insulina a las clínicas de Cancún?")
	desk := "/es/mesa/moderacion/demo26"
	st.enter(moderator(glosa.Civil))
	st.post(desk+"/admitir", "folio", common)
	st.says(st.get(desk+"?folio="+mine), "Parecidas", "¿Cuándo habrá insulina")
	if r := st.post(desk+"/reunir", "folio", mine, "into", "DEMO26-0000-X"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("merging into nothing: %d", r.status)
	}
	if r := st.post(desk+"/reunir", "folio", mine, "pick", common, "keep", "that"); r.status != http.StatusSeeOther {
		t.Fatalf("proposing to merge: %d %s", r.status, r.text())
	}
	st.says(st.get("/es/preguntas/"+common), "!Las 2 preguntas reunidas")
	for folio, own := range map[string]string{mine: key, common: theirs} {
		st.says(st.post("/es/mi-pregunta", "folio", folio, "key", own), "Estoy de acuerdo")
		st.says(st.post("/es/mi-pregunta/de-acuerdo", "folio", folio, "key", own), "estás de acuerdo")
	}
	st.says(st.get("/es/preguntas/"+common), "Las 2 preguntas reunidas", "¿Cuándo llega la insulina")
	st.says(st.get("/es/preguntas/"+mine), "Reunida con "+common)
	st.says(st.post("/es/mi-pregunta/separar", "folio", mine, "key", key), "no se volverá a reunir")
	st.says(st.get("/es/preguntas/"+mine), "!Reunida con "+common+"; conserva")
	st.says(st.get("/es/preguntas/"+common), "!preguntas reunidas")
	if r := st.post(desk+"/reunir", "folio", mine, "pick", common); r.status != http.StatusConflict {
		t.Errorf("merging what its author took out: %d", r.status)
	}
}

// TestErasure: two sides say the same, then the words are gone and the seal stands.
func TestErasure(t *testing.T) {
	st := open(t)
	folio, _ := st.ask("¿Por qué la vecina de la calle 5 no paga?")
	desk, page := "/es/mesa/moderacion/demo26", "/es/preguntas/"+folio
	st.enter(moderator(glosa.Civil))
	st.post(desk+"/admitir", "folio", folio)
	st.post(desk+"/borrar", "folio", folio, "erase_ground", "third_party_data", "law", "third_party_rights")
	st.says(st.get(page), "vecina")
	st.enter(moderator(glosa.Government))
	st.post(desk+"/borrar", "folio", folio, "erase_ground", "third_party_data", "law", "third_party_rights")
	st.says(st.get(page), "Texto borrado por derecho", "!vecina", folio, "Borrado del texto: se borró.")
	st.says(st.get("/es/ediciones/demo26/preguntas"), "!vecina")
	st.says(st.get("/es/preguntas/"+folio+"/atom"), "!vecina")
}

// TestTwoPublicQuestionsAreProposedForOne: a moderator types both folios and says
// whose words may stand for both; the pages of both say so, and nothing is merged yet.
func TestTwoPublicQuestionsAreProposedForOne(t *testing.T) {
	st := open(t)
	one, _ := st.ask("¿Cuándo abre la clínica de Tihosuco?")
	two, _ := st.ask("¿Qué día abre la clínica de Tihosuco?")
	desk := "/es/mesa/moderacion/demo26"
	st.enter(moderator(glosa.Civil))
	for _, folio := range []string{one, two} {
		st.post(desk+"/admitir", "folio", folio)
	}
	st.says(st.get(desk), "Proponer reunir dos preguntas públicas", "cualquiera puede dejar la suya aparte")
	if r := st.post(desk+"/reunir", "public", "1", "folio", one, "other", "DEMO26"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("half a folio: %d", r.status)
	}
	if r := st.post(desk+"/reunir", "public", "1", "folio", one, "other", one); r.status != http.StatusUnprocessableEntity {
		t.Errorf("with itself: %d", r.status)
	}
	if r := st.post(desk+"/reunir", "public", "1", "folio", one, "other", two, "kept", "that"); r.status != http.StatusSeeOther {
		t.Fatalf("proposing: %d %s", r.status, r.text())
	}
	for _, folio := range []string{one, two} {
		st.says(st.get("/es/preguntas/"+folio), one, two, "¿", "!Reunida con")
	}
	st.says(st.get("/es/preguntas/"+one), "Propuesta de reunirla con "+two)
	if r := st.post(desk+"/reunir", "public", "1", "folio", one, "other", two); r.status != http.StatusConflict {
		t.Errorf("twice: %d", r.status)
	}
}
