package question_test

import (
	"bytes"
	"context"
	"errors"
	"html"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"glosa"
	civic "glosa/civic/question"
)

func dot(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sends asks by a form with a file, without script.
func (st *stage) sends(file []byte, name string, fields ...string) reply {
	st.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for i := 0; i+1 < len(fields); i += 2 {
		st.ok(w.WriteField(fields[i], fields[i+1]))
	}
	part, err := w.CreateFormFile("file", name)
	st.ok(err)
	_, err = part.Write(file)
	st.ok(err)
	st.ok(w.Close())
	req, err := http.NewRequest("POST", st.web.URL+"/es/ediciones/demo26/preguntar", &form)
	st.ok(err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return st.does(req)
}

// TestAnAttachmentFromFormToPage: what a moderator sees before it is public, what
// the public gets, how it is boxed in, and what stays behind.
func TestAnAttachmentFromFormToPage(t *testing.T) {
	st := open(t)
	for sent, says := range map[string]string{
		`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`: "ese archivo no se acepta",
		"<!doctype html><script>alert(1)</script>":                    "ese archivo no se acepta",
		"PK\x03\x04":                             "ese archivo no se acepta",
		"%PDF-1.7" + strings.Repeat("a", 10<<20): "solo imagen, audio o PDF de hasta 10 MB",
	} {
		r := st.sends([]byte(sent), "foto.jpg", "text", "¿Una?", "municipality", "23005")
		if r.status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q: %d", sent, r.status)
		}
		st.says(r, says, "¿Una?")
	}
	st.says(st.sends(dot(t), "foto.png", "text", "¿Una?"), "vuelve a elegir el archivo", "elige un municipio")

	folio := st.in(st.sends(dot(t), "../../etc/Rosa Canul.png", "text", "¿Cuándo tapan este bache?", "municipality", "23005"), folioShown)
	page := "/es/preguntas/" + folio
	if r := st.get(page + "/adjunto"); r.status != http.StatusNotFound {
		t.Errorf("before it is admitted anybody gets it: %d", r.status)
	}
	if r := st.get("/es/mesa/adjunto/" + folio); r.status != http.StatusSeeOther {
		t.Errorf("the desk's file without a session: %d", r.status)
	}
	st.enter(moderator(glosa.Civil))
	st.says(st.get("/es/mesa/moderacion/demo26"), "Abrir lo que trae", "image/png", "Velo antes de decidir")
	if r := st.get("/es/mesa/adjunto/" + folio); r.status != http.StatusOK || !strings.HasPrefix(r.body, "\x89PNG") {
		t.Errorf("a moderator does not see the file: %d", r.status)
	}
	st.post("/es/mesa/moderacion/demo26/admitir", "folio", folio)
	st.says(st.get(page), "La imagen que la acompaña", "Convertir en solicitud de información")
	got := st.get(page + "/adjunto")
	name := got.header.Get("Content-Disposition")
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(got.body, "\x89PNG") {
		t.Errorf("the public does not get the file: %d %s", got.status, got.header.Get("Content-Type"))
	}
	if !strings.HasPrefix(name, "attachment; filename="+folio+"-") || strings.Contains(name, "Rosa") {
		t.Errorf("it is called %q", name)
	}
	if csp := got.header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || got.header.Get("Cache-Control") != "no-store" || got.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("it is not boxed in: %v", got.header)
	}
	request := st.get(page + "/solicitud")
	if d := request.header.Get("Content-Disposition"); !strings.Contains(d, folio+"-solicitud.txt") {
		t.Errorf("the request is called %q", d)
	}
	st.says(request, "SOLICITUD DE ACCESO A LA INFORMACIÓN", "¿Cuándo tapan este bache?", "Nadie lo envía por ti")
}

// TestAVoiceAloneGetsItsWordsAtTheDesk: asked without a word, written down by a
// moderator, admitted; the voice stays back, since nobody asked for it to be heard.
func TestAVoiceAloneGetsItsWordsAtTheDesk(t *testing.T) {
	st := open(t)
	note := "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead"
	folio := st.in(st.sends([]byte(note), "nota.ogg", "text", "", "municipality", "23005"), folioShown)
	desk := "/es/mesa/moderacion/demo26"
	st.enter(moderator(glosa.Civil))
	st.says(st.get(desk), "Lo que dice, palabra por palabra", "Su voz no se publica")
	if r := st.post(desk+"/admitir", "folio", folio); r.status != http.StatusConflict {
		t.Errorf("what nobody can read is admitted: %d", r.status)
	}
	if r := st.post(desk+"/escribir", "folio", folio, "said", ""); r.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing is written down: %d", r.status)
	}
	if r := st.post(desk+"/escribir", "folio", folio, "said", "¿Cuándo hay médico?"); r.status != http.StatusSeeOther {
		t.Fatalf("writing down: %d %s", r.status, r.text())
	}
	st.post(desk+"/admitir", "folio", folio)
	st.says(st.get("/es/preguntas/"+folio), "¿Cuándo hay médico?", "Escrita a partir del audio", "Su voz no se publica")
	if r := st.get("/es/preguntas/" + folio + "/adjunto"); r.status != http.StatusNotFound {
		t.Errorf("the voice is public: %d", r.status)
	}
}

// TestAVoiceNobodyDecidedOnWaitsAtTheDesk: admitted because no second word came, it
// stands before the moderators until somebody writes it down, and its page says
// until when; a moderator corrects what was written, and the page says that too.
func TestAVoiceNobodyDecidedOnWaitsAtTheDesk(t *testing.T) {
	st := open(t)
	note := "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead"
	folio := st.in(st.sends([]byte(note), "nota.ogg", "text", "", "municipality", "23005"), folioShown)
	desk, page := "/es/mesa/moderacion/demo26", "/es/preguntas/"+folio
	st.enter(moderator(glosa.Civil))
	st.post(desk+"/no-admitir", "folio", folio, "ground", "propaganda")
	st.clock.Advance(73 * time.Hour)
	_, err := st.s.Edition.Tick(st.Context())
	st.ok(err)
	st.says(st.get(page), "Falta escribir lo que dice", "Se publicó sin palabras")
	st.enter(moderator(glosa.Government))
	st.says(st.get(desk), folio, "Lo que dice, palabra por palabra", "todavía nadie puede leerla", "!Ya no se admite", "!Motivo")
	st.post(desk+"/escribir", "folio", folio, "said", "¿Cuándo hay médico en Tiosuco?")
	st.says(st.get(page), "¿Cuándo hay médico en Tiosuco?", "!Falta escribir")
	st.says(st.get(desk), "!todavía nadie puede leerla", "Corregir lo que se escribió")
	if r := st.post(desk+"/reescribir", "folio", folio, "said", "¿Cuándo hay médico en Tiosuco?"); r.status != http.StatusConflict {
		t.Errorf("the same words: %d", r.status)
	}
	if r := st.post(desk+"/reescribir", "folio", folio, "said", "¿Cuándo hay médico en Tihosuco?"); r.status != http.StatusSeeOther {
		t.Fatalf("correcting: %d %s", r.status, r.text())
	}
	st.says(st.get(page), "¿Cuándo hay médico en Tihosuco?", "Se corrigió lo escrito a partir del audio")
}

// TestNearlyEqualQuestionsAreShownOnce: without script, the first time the form is
// sent; the second time it passes. A question can be about a commitment only when
// there is one.
func TestNearlyEqualQuestionsAreShownOnce(t *testing.T) {
	st := open(t)
	first := st.admitted(insulin)
	form := []string{"text", insulinAgain, "municipality", "23005", "once", "marca"}
	r := st.post("/es/ediciones/demo26/preguntar", form...)
	if r.status != http.StatusUnprocessableEntity || st.received() != 1 {
		t.Errorf("%d, and %d questions", r.status, st.received())
	}
	st.says(r, "Se parecen a la tuya", "Unirme a esta", "La mía es distinta", insulin, insulinAgain)
	if !strings.Contains(r.body, "/es/preguntas/"+first+"/apoyo") || !strings.Contains(r.body, `name="once" value="marca"`) {
		t.Error("no way to join, or another mark")
	}
	second := st.in(st.post("/es/ediciones/demo26/preguntar", append(form, "distinct", "1")...), folioShown)
	if second == first || st.received() != 2 {
		t.Errorf("%s after %s", second, first)
	}
	st.says(st.get("/es/ediciones/demo26/preguntar?compromiso=NADA-2025-01"), "!Sobre este compromiso")
	st.says(st.post("/es/ediciones/demo26/preguntar", "text", "¿Una?", "municipality", "23005", "commitment", "NADA-2025-01", "distinct", "1"), "ese compromiso no existe")
}

// insulin is asked, and asked again in other letters.
const (
	insulin      = "¿Cuándo habrá insulina en los centros de salud del municipio?"
	insulinAgain = "cuando habra insulina en los centros de salud del municipio"
)

// admitted is a question that everybody may see.
func (st *stage) admitted(text string) (folio string) {
	st.Helper()
	folio, _ = st.ask(text)
	by := glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	st.ok(st.s.Question.Admit(st.Context(), by, glosa.QuestionID(folio)))
	return folio
}

// scripts lets a tab run the scripts of the pages that it opens, or not.
func scripts(run bool) func(context.Context) error {
	return step(func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run})
		return chromedp.Void{}, err
	})
}

// TestAskingWithScriptOff: a browser without script asks with a file, is shown what
// is nearly equal, sends all the same and gets folio and key.
func TestAskingWithScriptOff(t *testing.T) {
	ctx := browser(t)
	st := open(t)
	st.admitted(insulin)
	photo := filepath.Join(t.TempDir(), "foto.png")
	st.ok(os.WriteFile(photo, dot(t), 0o600))
	seen := func(name string) func(context.Context) error { // axe-core is a script too; those of the page stay unread
		return func(ctx context.Context) error {
			return errors.Join(scripts(true)(ctx), look(t, name)(ctx), scripts(false)(ctx))
		}
	}
	st.drives(ctx, scripts(false),
		step(chromedp.Navigate(st.web.URL+"/es/ediciones/demo26/preguntar")),
		step(chromedp.SendKeys(chromedp.CSS("#f-text"), insulinAgain)), step(chromedp.SendKeys(chromedp.CSS("#f-municipality"), "Beni")),
		step(chromedp.Click(chromedp.CSS("form.form button.primary"))),
		step(chromedp.WaitReady(chromedp.CSS("#parecidas"))), seen("se-parecen"),
		step(chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{photo})),
		step(chromedp.Click(chromedp.CSS(".alike button"))),
		step(chromedp.WaitReady(chromedp.CSS("#folio"))), seen("comprobante-sin-script"))
	folio, key := st.read(ctx, "#folio"), st.read(ctx, "#clave")
	own, err := st.s.Question.PrivateReceipt(t.Context(), glosa.QuestionID(folio), civic.Proof{Key: html.UnescapeString(key)})
	if err != nil || len(own.Texts) != 2 {
		t.Errorf("%s with key %q: %d texts, %v", folio, key, len(own.Texts), err)
	}
}

// TestTheFormInItsOtherStates is looked at: clean, and with every mistake.
func TestTheFormInItsOtherStates(t *testing.T) {
	ctx := browser(t)
	st := open(t)
	st.drives(ctx,
		step(chromedp.Navigate(st.web.URL+"/es/ediciones/demo26/preguntar")), step(until(`document.querySelector("form[data-keys]").elements.auth`)),
		step(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("form details").forEach(d => d.open = true)`)), look(t, "formulario"),
		step(chromedp.Evaluate[chromedp.Void](`document.querySelector("form[data-keys]").noValidate = true`)),
		step(chromedp.Click(chromedp.CSS("form[data-keys] button.primary"))), step(chromedp.WaitReady(chromedp.CSS(".errors"))), look(t, "errores"))
	folio := st.in(st.sends(dot(t), "foto.png", "text", "¿Cuándo tapan este bache?", "municipality", "23005"), folioShown)
	st.enter(moderator(glosa.Civil))
	st.post("/es/mesa/moderacion/demo26/admitir", "folio", folio)
	st.drives(ctx, step(chromedp.Navigate(st.web.URL+"/es/preguntas/"+folio)), step(chromedp.WaitReady(chromedp.CSS("#titulo"))), look(t, "pregunta-con-imagen"))
}
