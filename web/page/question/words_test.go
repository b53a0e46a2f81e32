package question_test

import (
	"net/http"
	"strings"
	"testing"

	"glosa"
	"glosa/auth"
	"glosa/civic/question"
)

// translator is somebody of an office that translates.
func translator() auth.Grant {
	return auth.Grant{Post: "seq-traduccion", Institution: "SEQ", Side: glosa.Government, Roles: []glosa.Role{glosa.Translator}}
}

// TestTwoSidesStrikeOut: one proposes, the other sees it and confirms; the public
// sees a mark and why, and the words are gone.
func TestTwoSidesStrikeOut(t *testing.T) {
	st := open(t)
	folio, _ := st.ask("¿Por qué Fulana Perengana no tiene medicinas?")
	desk, page := "/es/mesa/tachado/demo26", "/es/preguntas/"+folio
	st.enter(moderator(glosa.Civil))
	st.post("/es/mesa/moderacion/demo26/admitir", "folio", folio)
	st.says(st.get(desk+"?folio="+folio), "No se puede tachar todavía", "Perengana", "Todavía no hay llave")
	for _, side := range []string{"government", "civil"} {
		key, err := question.NewSealPrivate()
		st.ok(err)
		st.enter(moderator(glosa.Civil))
		if r := st.post(desk+"/llave", "side", side, "key", "nada"); r.status != http.StatusUnprocessableEntity {
			t.Errorf("a key that is none: %d", r.status)
		}
		st.post(desk+"/llave", "side", side, "key", key.Public().String())
		st.enter(moderator(glosa.Government))
		st.says(st.get(desk), "Es la misma: registrar", key.Public().String())
		st.post(desk+"/llave", "side", side, "key", key.Public().String())
		st.says(st.get(desk), key.Public().Digest().String())
	}
	st.enter(moderator(glosa.Civil))
	if r := st.post(desk+"/proponer", "folio", folio, "version", "1", "words0", "Zutana", "ground0", "name"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("words that are not there: %d", r.status)
	}
	if r := st.post(desk+"/proponer", "folio", folio, "version", "1", "words0", "Fulana Perengana", "ground0", "name"); r.status != http.StatusSeeOther {
		t.Fatalf("proposing: %d %s", r.status, r.text())
	}
	st.says(st.get(desk+"?folio="+folio), "Falta otra persona", "!Confirmar y tachar")
	st.says(st.get(page), "Perengana")
	st.enter(moderator(glosa.Government))
	st.says(st.get(desk), "Hay una propuesta de tachado")
	st.says(st.get(desk+"?folio="+folio), "Confirmar y tachar", "Fulana Perengana (nombre)")
	if r := st.post(desk+"/tachar", "folio", folio); r.status != http.StatusSeeOther {
		t.Fatalf("striking: %d %s", r.status, r.text())
	}
	st.says(st.get(page), "▇▇▇", "[dato personal tachado]", "Se tachó 1 dato personal", "nombre.", "!Perengana", "Se tacharon datos personales")
	st.says(st.get("/es/ediciones/demo26/preguntas"), "▇▇▇", "!Perengana")
	if r := st.get("/es/ediciones/demo26/preguntas.csv"); strings.Contains(r.body, "Perengana") || !strings.Contains(r.body, "▇▇▇") {
		t.Error("the list's file shows what was struck out")
	}
	st.unseals(desk, folio)
}

// unseals: both sides ask for the original with one reason, then it may be fetched, closed.
func (st *stage) unseals(desk, folio string) {
	st.Helper()
	if r := st.post(desk+"/original", "folio", folio); r.status != http.StatusNotFound {
		st.Errorf("the original before anybody agreed: %d", r.status)
	}
	st.post(desk+"/abrir", "folio", folio, "reason", "audit")
	st.clock.Advance(1e9)
	st.enter(moderator(glosa.Civil))
	st.says(st.get(desk+"?folio="+folio), "Lo pide Gobierno: auditoría")
	st.post(desk+"/abrir", "folio", folio, "reason", "audit")
	r := st.post(desk+"/original", "folio", folio)
	if r.status != http.StatusOK || !strings.Contains(r.body, "glosa/seal/v1") || strings.Contains(r.body, "Perengana") {
		st.Errorf("the sealed original: %d %.200s", r.status, r.body)
	}
	st.says(st.get("/es/preguntas/"+folio), "Se entregó el original sellado")
}

// TestMayaIsShownAsItWasWritten: the words first, then the translation with its
// office; until it comes, its clock; and nobody refuses what they do not read.
func TestMayaIsShownAsItWasWritten(t *testing.T) {
	st := open(t)
	rc, err := st.s.Question.Submit(st.Context(), glosa.Citizen(), ed, question.Ask{Text: "Ba'ax k'iin ku je'ebel?", Municipality: "23002", Language: "yua"})
	st.ok(err)
	folio := string(rc.ID)
	desk, page := "/es/mesa/moderacion/demo26", "/es/preguntas/"+folio
	st.enter(moderator(glosa.Civil))
	st.says(st.get(desk), "Espera traducción.", "en una lengua que no lees", "Ba'ax")
	if r := st.post(desk+"/no-admitir", "folio", folio, "ground", "propaganda"); r.status != http.StatusConflict {
		t.Errorf("refusing what one does not read: %d", r.status)
	}
	st.says(st.get("/es/mesa/tachado/demo26"), "Qué lenguas lees", "Maya")
	st.post("/es/mesa/tachado/demo26/lenguas", "language", "yua")
	st.says(st.get(desk), "!en una lengua que no lees")
	st.post(desk+"/admitir", "folio", folio)
	r := st.get(page)
	st.says(r, "Ba'ax", "Espera traducción", "Dicha en Maya")
	list := "/es/ediciones/demo26/preguntas"
	st.says(st.get(list), "Ba'ax", "Espera traducción")
	if !strings.Contains(r.body, `lang="yua"`) {
		t.Error("the words do not say their language")
	}
	if r := st.get("/es/mesa/traduccion"); r.status != http.StatusForbidden {
		t.Errorf("a moderator at the translators' desk: %d", r.status)
	}
	st.enter(translator())
	st.says(st.get("/es/mesa/traduccion"), "1 pregunta espera traducción", folio, "Maya")
	st.says(st.get("/es/mesa/traduccion/"+folio), "Ba'ax", "Guardar la traducción")
	if r := st.post("/es/mesa/traduccion/"+folio, "version", "1", "text", " "); r.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty translation: %d", r.status)
	}
	st.post("/es/mesa/traduccion/"+folio, "version", "1", "text", "¿Qué día abre?", "machine", "1")
	st.says(st.get("/es/mesa/traduccion"), "Nada espera traducción")
	st.says(st.get(page), "Ba'ax", "¿Qué día abre?", "Dicha en Maya", "(SEQ)", "La hizo un programa", "!Espera traducción", "Una traducción.")
	st.says(st.get(list), "Ba'ax", "!Espera traducción")
}

func TestModerationInFigures(t *testing.T) {
	st := open(t)
	st.says(st.get("/es/ediciones/demo26/moderacion"), "La moderación en números", "Todavía no hay decisiones")
	folio, _ := st.ask("¿Una?")
	other, _ := st.ask("Voten por la planilla")
	st.enter(moderator(glosa.Civil))
	st.post("/es/mesa/moderacion/demo26/admitir", "folio", folio)
	st.post("/es/mesa/moderacion/demo26/no-admitir", "folio", other, "ground", "propaganda")
	st.enter(moderator(glosa.Government))
	st.post("/es/mesa/moderacion/demo26/no-admitir", "folio", other, "ground", "propaganda")
	st.says(st.get("/es/ediciones/demo26/moderacion"), "2 preguntas decididas", "Todavía no se publica", "!Benito Juárez", "Cuando le tocó la segunda palabra")
	r := st.get("/es/ediciones/demo26/moderacion.csv")
	if !strings.Contains(r.body, "decided,,2,,false") || !strings.Contains(r.body, "side_silent,civil,0,0,false") {
		t.Errorf("%s", r.body)
	}
	if r := st.get("/es/ediciones/demo26/moderacion.json"); !strings.Contains(r.body, `"figure":"refused"`) && !strings.Contains(r.body, `"figure": "refused"`) {
		t.Errorf("%s", r.body)
	}
	st.says(st.get("/es/ediciones/demo26/cambios"), "La moderación en números")
}
