package question_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"glosa"
)

// upload sends one file by a form.
func (st *stage) upload(path, name string, file []byte) reply {
	st.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	w, err := form.CreateFormFile(name, "hoja.xlsx")
	st.ok(err)
	_, err = w.Write(file)
	st.ok(err)
	st.ok(form.Close())
	req, err := http.NewRequest("POST", st.web.URL+path, &body)
	st.ok(err)
	req.Header.Set("Content-Type", form.FormDataContentType())
	for name, value := range st.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := st.web.Client().Transport.RoundTrip(req)
	st.ok(err)
	defer res.Body.Close()
	var page bytes.Buffer
	_, err = page.ReadFrom(res.Body)
	st.ok(err)
	return reply{res.StatusCode, "", res.Header, page.String()}
}

// TestOneAnswerForSeveralAtTheDesks: a liaison writes it once, whoever signs reads it
// once; the sheet goes out and comes back.
func TestOneAnswerForSeveralAtTheDesks(t *testing.T) {
	st := open(t)
	first, _ := st.ask("¿Cuándo abre la clínica?")
	second, _ := st.ask("¿Abrirá pronto el centro de salud?")
	st.enter(moderator(glosa.Civil))
	for _, folio := range []string{first, second} {
		st.post("/es/mesa/moderacion/demo26/admitir", "folio", folio)
		st.post("/es/mesa/moderacion/demo26/turnar", "folio", folio, "institution", "SESA", "theme", "salud")
	}
	st.holder("sesa-enlace", "SESA", glosa.Liaison)
	st.says(st.get("/es/mesa/enlace"), "2 respuestas por preparar", "Por tema", "En una hoja de cálculo")
	st.says(st.get("/es/mesa/enlace?por=merged"), "Las demás")
	st.says(st.get("/es/mesa/enlace/"+first), "La misma respuesta para otras", "¿Abrirá pronto", "Se puede decir que no toca hasta el")

	sheet := st.get("/es/mesa/enlace/borradores.xlsx")
	if sheet.status != http.StatusOK || !strings.HasPrefix(sheet.body, "PK") || sheet.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the sheet: %d, %d bytes, %v", sheet.status, len(sheet.body), sheet.header)
	}
	st.says(st.upload("/es/mesa/enlace/borradores", "file", []byte(sheet.body)), "Se guardaron 0 borradores", "Sin respuesta escrita")
	none := st.upload("/es/mesa/enlace/borradores", "file", []byte("folio;respuesta"))
	st.says(none, "No es una hoja de borradores que se pueda leer")
	if none.status != http.StatusUnprocessableEntity {
		t.Errorf("no sheet: %d", none.status)
	}

	st.says(st.post("/es/mesa/enlace/"+first, "kind", "answer", "short", "Abren el lunes.", "also", second, "send", "1"), "Está a firma")
	st.holder("sesa-titular", "SESA", glosa.Signatory)
	st.says(st.get("/es/mesa/firma"), "2 respuestas a firma", "y otra con la misma respuesta")
	reading := st.get("/es/mesa/firma/" + first)
	st.says(reading, "Esta respuesta contesta", "¿Abrirá pronto", "Firmar las 2")
	if r := st.post("/es/mesa/firma/"+first+"/firmar", "read", hidden(reading.body, "read"), "also", hidden(reading.body, "also")); r.status != http.StatusSeeOther {
		t.Fatalf("signing both: %d %s", r.status, r.text())
	}
	for _, folio := range []string{first, second} {
		st.says(st.get("/es/preguntas/"+folio), "Abren el lunes.", "!Firma por ausencia")
	}
}
