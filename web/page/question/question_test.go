package question_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	civic "glosa/civic/question"
	"glosa/record"
)

// TestTheWholeWay takes one question through every page: asked, refused by
// nobody, admitted, routed, drafted, signed, rated and followed up.
func TestTheWholeWay(t *testing.T) {
	st := open(t)
	const text = "¿Cuándo abre <b>la clínica</b>?"
	folio, key := st.ask(text)
	page := "/es/preguntas/" + folio
	st.says(st.get(page), "Pregunta "+folio, "En revisión.", "Quedan 72 horas.", "!la clínica", "!Cancún", "!Benito Juárez")

	st.enter(moderator(glosa.Civil))
	desk := st.get("/es/mesa/moderacion/demo26")
	st.says(desk, text, "Se publicará como: Sociedad civil, lugar 1", "Siguiente; 1 por atender.", "!Benito Juárez")
	if desk.header.Get("Cache-Control") != "no-store" {
		t.Error("a desk may be stored")
	}
	if r := st.post("/es/mesa/moderacion/demo26/admitir", "folio", folio); r.status != http.StatusSeeOther {
		t.Fatalf("admitting: %d %s", r.status, r.text())
	}
	st.says(st.get(page), text, "Benito Juárez", "Anónima", "Yo también quiero saber")
	if r := st.post("/es/mesa/moderacion/demo26/turnar", "folio", folio, "institution", "SESA", "theme", "salud"); r.status != http.StatusSeeOther {
		t.Fatalf("routing: %d %s", r.status, r.text())
	}
	st.says(st.get(page), "Espera respuesta por escrito de SESA", "Quedan 15 días hábiles.", "Turnada a SESA", "Plazo del protocolo")

	st.holder("sesa-enlace", "SESA", glosa.Liaison)
	st.says(st.get("/es/mesa/enlace"), "1 respuesta por preparar", "¿Cuándo abre")
	wrong := st.post("/es/mesa/enlace/"+folio, "kind", "cannot", "short", "", "evidence", "sin dirección")
	if wrong.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty answer: %d", wrong.status)
	}
	st.says(wrong, "Error: falta la respuesta corta", "Error: falta la norma en que se funda", "sin dirección")
	st.says(st.post("/es/mesa/enlace/"+folio, "kind", "answer", "short", "Abre el lunes.", "evidence", "Aviso / https://example.org/a", "send", "1"),
		"Está a firma", "Así se leerá en la página pública", "Abre el lunes.", "Aviso")
	st.says(st.get(page), "!Abre el lunes.")

	st.holder("seq-enlace", "SEQ", glosa.Liaison)
	if r := st.get("/es/mesa/enlace/" + folio); r.status != http.StatusNotFound {
		t.Errorf("another institution reads the folder: %d", r.status)
	}
	if r := st.post("/es/mesa/enlace/"+folio, "kind", "answer", "short", "x"); r.status != http.StatusNotFound {
		t.Errorf("another institution drafts: %d", r.status)
	}
	st.holder("sesa-titular", "SESA", glosa.Signatory)
	st.says(st.get("/es/mesa/firma"), "1 respuesta a firma")
	st.says(st.get("/es/mesa/firma/"+folio), "Abre el lunes.", "Se publicará como: Titular, Salud")
	unread := st.post("/es/mesa/firma/"+folio+"/firmar", "read", "")
	if unread.status != http.StatusUnprocessableEntity {
		t.Errorf("signing other words than those that were read: %d", unread.status)
	}
	st.says(unread, "La respuesta cambió después de que la leíste", "Abre el lunes.")
	if r := st.post("/es/mesa/firma/"+folio+"/firmar", "read", hidden(st.get("/es/mesa/firma/"+folio).body, "read")); r.status != http.StatusSeeOther || r.to != page {
		t.Fatalf("signing: %d %s", r.status, r.text())
	}
	st.says(st.get(page), "Contestada por escrito por SESA", "Abre el lunes.", "Registrada por el puesto: Titular, Salud", "!firmada")

	mine := st.post("/es/mi-pregunta", "folio", folio, "key", key)
	st.says(mine, text, "¿Contestaron lo que preguntaste?", "Repreguntar una vez")
	st.says(st.post("/es/mi-pregunta/calificar", "folio", folio, "key", key, "word", "partly"), "Tu calificación ya es pública.")
	st.says(st.get(page), "Quien preguntó dice: En parte")
	st.says(st.post("/es/mi-pregunta/repreguntar", "folio", folio, "key", key, "text", "¿A qué hora?"), "Recibimos tu repregunta")
	st.says(st.get("/en"+strings.TrimPrefix(page, "/es")), "Answered. The asker says: Partly", "Answer")
}

func TestAskingShowsEveryMistakeAndKeepsWhatWasTyped(t *testing.T) {
	st := open(t)
	r := st.post("/es/ediciones/demo26/preguntar", "text", strings.Repeat("a", 400), "municipality", "99999", "name_policy", "name", "context", "de lo que trata")
	if r.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", r.status)
	}
	st.says(r, "Error: sobran 100 letras", "Error: elige un municipio", "Error: escribe tu nombre", "de lo que trata")
	form := st.get("/es/ediciones/demo26/preguntar")
	once := st.in(form, onceHidden)
	if st.in(st.get("/es/ediciones/demo26/preguntar"), onceHidden) == once {
		t.Error("two forms have the same mark against repeats")
	}
	send := func() reply {
		return st.post("/es/ediciones/demo26/preguntar", "text", "¿Una?", "municipality", "23005", "once", once)
	}
	first, second := send(), send()
	folio, key := st.in(first, folioShown), st.in(first, keyShown)
	st.says(second, "Ya la habías enviado: "+folio, "!"+key)
	if first.header.Get("Cache-Control") != "no-store" || first.to != "" {
		t.Error("the page that shows the key may be stored, or leads to an address")
	}
	other := st.post("/es/ediciones/demo26/preguntar", "text", "¿Otra?", "municipality", "23005", "once", once)
	if other.status != http.StatusConflict {
		t.Errorf("the same mark with another question: %d", other.status)
	}
	st.says(other, "ya habías enviado otra pregunta", folio, "¿Otra?")
	if st.in(other, onceHidden) == once {
		t.Error("the new question would be sent under the used mark again")
	}
	sent := st.post("/es/ediciones/demo26/preguntar", "text", "¿Otra?", "municipality", "23005", "once", st.in(other, onceHidden))
	if st.in(sent, folioShown) == folio {
		t.Error("the new question is taken for the first one")
	}
	control := st.post("/es/ediciones/demo26/preguntar", "text", "¿Hola\a, cuándo?", "municipality", "23005")
	if control.status != http.StatusUnprocessableEntity {
		t.Errorf("a control character: %d", control.status)
	}
	st.says(control, "¿Hola, cuándo?", "Error: el texto trae signos", "Benito Juárez")
}

// TestTheDeviceKeepsItsKey: the reply to a device that made the key shows none,
// and the device acts with the one secret that the act needs.
func TestTheDeviceKeepsItsKey(t *testing.T) {
	st := open(t)
	k := civic.Key{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	auth, lock := k.Auth(), k.Lock()
	b64 := func(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
	sum := func(h glosa.Hash) string { d := sha256.Sum256(h[:]); return b64(d[:]) }
	r := st.post("/es/ediciones/demo26/preguntar", "text", "¿Una?", "municipality", "23005", "once", "marca",
		"auth", sum(auth), "lock", sum(lock), "salt", b64(make([]byte, 16)))
	folio := st.in(r, folioShown)
	if strings.Contains(r.body, k.String()) || !strings.Contains(r.body, `data-key="marca"`) {
		t.Error("the reply holds the device's key, or no place for it")
	}
	st.says(st.post("/es/mi-pregunta", "folio", folio, "prueba", b64(auth[:])), "¿Una?")
	if r := st.post("/es/mi-pregunta/retirar", "folio", folio, "prueba", b64(auth[:])); r.status != http.StatusUnprocessableEntity {
		t.Errorf("withdrawing without the lock: %d", r.status)
	}
	st.says(st.post("/es/mi-pregunta/retirar", "folio", folio, "prueba", b64(auth[:]), "candado", b64(lock[:])), "Retiraste tu pregunta.")
	st.says(st.get("/es/preguntas/"+folio), "Texto borrado por derecho", "!¿Una?")
	if r := st.post("/es/ediciones/demo26/preguntar", "text", "¿Dos?", "municipality", "23005", "auth", "corto"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a key that is none: %d", r.status)
	}
}

func TestNobodyLearnsWhetherAFolioExists(t *testing.T) {
	st := open(t)
	folio, key := st.ask("¿Una?")
	other, _ := st.ask("¿Otra?")
	strip := func(r reply, f string) string { return strings.ReplaceAll(r.body, f, "") }
	a := st.post("/es/mi-pregunta", "folio", other, "key", key)
	b := st.post("/es/mi-pregunta", "folio", "DEMO26-0000-X", "key", key)
	if a.status != http.StatusUnprocessableEntity || strip(a, other) != strip(b, "DEMO26-0000-X") {
		t.Errorf("a wrong key says %d, a folio that is none %d, or they differ", a.status, b.status)
	}
	if strings.Contains(a.body, key) {
		t.Error("the key is written back into the page")
	}
	if r := st.get("/es/mi-pregunta?folio=" + folio + "&key=" + key); strings.Contains(r.body, key) {
		t.Error("a key in an address is read")
	}
}

func TestReceiptsProveTheQuestion(t *testing.T) {
	st := open(t)
	folio, key := st.ask("¿Una?")
	share := reply{}
	for range 200 { // the record follows within a second
		if share = st.get("/es/preguntas/" + folio + "/comprobante"); share.status == http.StatusOK {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	private := st.post("/es/mi-pregunta/comprobante", "folio", folio, "key", key)
	policy, err := record.ParsePolicy(st.s.Record.Policy())
	st.ok(err)
	for name, body := range map[string]string{"shareable": share.body, "private": private.body} {
		rc, err := record.ParseReceipt([]byte(body))
		if err != nil {
			t.Fatalf("%s: %v: %s", name, err, body)
		}
		got, err := record.CheckReceipt(rc, policy, st.s.Record.Kinds())
		if err != nil || got.Leaf == nil || got.Leaf.ID != folio || got.Promise == nil {
			t.Errorf("%s: %v %+v", name, err, got)
		}
		if got.Opened != (name == "private") {
			t.Errorf("%s receipt opens the text: %t", name, got.Opened)
		}
	}
	if strings.Contains(share.body, "Una") {
		t.Error("the shareable receipt holds the words")
	}
}

// TestReceiptsOfMendedWords: without script too, the reply to mended words holds
// their promise, and the private receipt proves the words that count.
func TestReceiptsOfMendedWords(t *testing.T) {
	st := open(t)
	folio, key := st.ask("uno")
	st.enter(moderator(glosa.Civil))
	if r := st.post("/es/mesa/moderacion/demo26/corregir", "folio", folio, "reason", "unclear"); r.status != http.StatusSeeOther {
		t.Fatalf("asking to mend: %d %s", r.status, r.text())
	}
	if r := st.post("/es/mi-pregunta/corregir", "folio", folio, "key", key, "text", "¿Dos?", "salt", "corta"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a salt that is none: %d", r.status)
	}
	said := st.post("/es/mi-pregunta/corregir", "folio", folio, "key", key, "text", "¿Dos?")
	st.says(said, "Recibimos el texto corregido", "glosa.promise/v1 glosa.test question.edited")
	st.says(st.post("/es/mi-pregunta", "folio", folio, "key", key), "glosa.promise/v1 glosa.test question.edited")
	policy, err := record.ParsePolicy(st.s.Record.Policy())
	st.ok(err)
	receipt := st.post("/es/mi-pregunta/comprobante", "folio", folio, "key", key)
	for range 200 {
		rc, err := record.ParseReceipt([]byte(receipt.body))
		if err != nil {
			t.Fatalf("(%d) %v: %s", receipt.status, err, receipt.body)
		}
		got, err := record.CheckReceipt(rc, policy, st.s.Record.Kinds())
		if err != nil || got.Promise == nil || !got.Opened || !strings.Contains(string(rc.Private.Object), "¿Dos?") {
			t.Fatalf("%v %+v", err, got)
		}
		if got.Leaf != nil {
			if got.Leaf.Kind != "question.edited" {
				t.Errorf("the receipt proves leaf %d, %s", got.Leaf.N, got.Leaf.Kind)
			}
			return
		}
		time.Sleep(20 * time.Millisecond) // promised; the record follows within a second
		receipt = st.post("/es/mi-pregunta/comprobante", "folio", folio, "key", key)
	}
	t.Error("the mended words did not enter the record")
}

// TestFollowUpOfADevice: a device that keeps its key says what the lock of the
// follow-up will be; the page carries that on, and the key nowhere.
func TestFollowUpOfADevice(t *testing.T) {
	st := open(t)
	folio, key := st.ask("¿Una?")
	st.answer(folio)
	k, err := civic.ParseKey(key)
	st.ok(err)
	auth, next := k.Auth(), k.FollowLock()
	opened := st.post("/es/mi-pregunta", "folio", folio, "key", key)
	if strings.Contains(opened.body, key) || !strings.Contains(html.UnescapeString(opened.body), `name="siguiente" value="`+glosa.Digest(next[:]).String()+`"`) {
		t.Error("the page holds the key, or not the lock of a follow-up")
	}
	if r := st.post("/es/mi-pregunta/repreguntar", "folio", folio, "prueba", auth.String(), "text", "¿A qué hora?"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a follow-up without a lock: %d", r.status)
	}
	said := st.post("/es/mi-pregunta/repreguntar", "folio", folio, "prueba", auth.String(), "siguiente", glosa.Digest(next[:]).String(), "text", "¿A qué hora?")
	st.says(said, "Recibimos tu repregunta", "glosa.promise/v1 glosa.test question.followed")
}

// TestPostponed: what the edition decides stands on the page of every question at
// the next read, also where nobody did anything to the question itself.
func TestPostponed(t *testing.T) {
	st := open(t)
	waiting, _ := st.ask("¿Una?")
	public, _ := st.ask("¿Otra?")
	routed, _ := st.ask("¿Más?")
	st.enter(moderator(glosa.Civil))
	st.post("/es/mesa/moderacion/demo26/admitir", "folio", public)
	st.post("/es/mesa/moderacion/demo26/admitir", "folio", routed)
	st.post("/es/mesa/moderacion/demo26/turnar", "folio", routed, "institution", "SESA", "theme", "salud")
	st.cached()
	desk, by := &edition.Desk{DB: st.s.DB, Redue: []edition.Redue{civic.Redue}}, editiontest.Facilitator()
	const halted = "La edición está aplazada."
	read := func(path string, fits func(reply) bool) reply { // the cache follows the line a moment later
		r := st.get(path)
		for i := 0; i < 100 && !fits(r); i++ {
			time.Sleep(10 * time.Millisecond)
			r = st.get(path)
		}
		return r
	}
	for _, act := range []func() error{
		func() error { return nil },
		func() error { return desk.Postpone(t.Context(), by, ed, "Huracán", "", time.Time{}) },
		func() error { return desk.Resume(t.Context(), by, ed, "Pasó", st.clock.Now().AddDate(0, 3, 0)) },
	} {
		st.ok(act())
		e, err := desk.Get(t.Context(), ed)
		st.ok(err)
		stopped := e.Stage == edition.Postponed
		for _, folio := range []string{waiting, public, routed} {
			r := read("/es/preguntas/"+folio, func(r reply) bool { return strings.Contains(r.text(), halted) == stopped })
			st.says(r, map[bool]string{true: halted, false: "!" + halted}[stopped])
		}
	}
	before := st.get("/es/preguntas/" + routed + "/calendario").body
	st.ok(desk.Suspend(t.Context(), by, ed, st.clock.Now(), st.clock.Now().AddDate(0, 0, 30), "Huracán", "Decreto"))
	after := read("/es/preguntas/"+routed+"/calendario", func(r reply) bool { return r.body != before }).body
	if after == before || !strings.Contains(after, "DTSTART") {
		t.Errorf("after thirty days of suspension the deadline is still %s", after)
	}
}

func TestSupport(t *testing.T) {
	st := open(t)
	folio, _ := st.ask("¿Una?")
	at := "/es/preguntas/" + folio + "/apoyo"
	waits := st.post(at)
	if waits.status != http.StatusConflict {
		t.Errorf("supporting what is not published: %d", waits.status)
	}
	st.says(waits, "está en revisión")
	st.enter(moderator(glosa.Civil))
	st.post("/es/mesa/moderacion/demo26/admitir", "folio", folio)
	st.says(st.get("/es/ediciones/demo26/preguntas?estado=zzz"), "Ninguna pregunta coincide", "!¿Una?")
	st.cookies = map[string]string{}
	if r := st.post(at); r.status != http.StatusSeeOther || r.to != at || len(st.cookies) != 1 {
		t.Errorf("support: %d to %q, %d cookies", r.status, r.to, len(st.cookies))
	}
	st.says(st.get(at), "Tu apoyo está contado", "Quitar mi apoyo")
	st.post(at, "quitar", "1")
	st.says(st.get(at), "Este aparato todavía no la apoya")
	if r := st.get("/es/preguntas/" + folio); strings.Contains(r.header.Get("Vary"), "Cookie") || strings.Contains(r.text(), "Quitar mi apoyo") {
		t.Error("the public page depends on the cookie")
	}
}

func TestListsAndDownloads(t *testing.T) {
	st := open(t)
	st.says(st.get("/es/ediciones/demo26/preguntas"), "0 preguntas recibidas", "Todavía no se publica ninguna pregunta.")
	a, _ := st.ask("¿Cuándo hay insulina en Cancún?")
	b, _ := st.ask("=cmd ¿Cuánta agua se pierde?")
	st.ask("¿Algo que espera?")
	st.enter(moderator(glosa.Government))
	for _, f := range []string{a, b} {
		st.post("/es/mesa/moderacion/demo26/admitir", "folio", f)
	}
	list := "/es/ediciones/demo26/preguntas"
	st.says(st.get(list), "3 preguntas recibidas.", "1 sigue en revisión", "insulina", "agua", "!espera?", "Respuestas vencidas de todas las ediciones")
	if !strings.Contains(st.get(list).body, `href="/es/vencidas"`) {
		t.Error("no way from the list to what is overdue")
	}
	st.says(st.get(list+"?q=INSULINA+cancun"), "insulina", "!Cuánta agua")
	st.says(st.get(list+"?q=nadie"), "Ninguna pregunta coincide")
	st.says(st.get(list+"?estado=refused"), "!insulina", "Ninguna pregunta coincide")
	st.says(st.get(list+"?municipio=23005&estado=admitted"), "insulina")
	if r := st.get(list + "?despues=basura"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a cursor that is none: %d", r.status)
	}
	if csv := st.get(list + ".csv"); !strings.Contains(csv.body, "'=cmd") || strings.Contains(csv.body, ",=cmd") {
		t.Errorf("the cell is a formula: %s", csv.body)
	}
	var js struct {
		Items []struct{ ID, Text string }
		Next  *string
	}
	if err := json.Unmarshal([]byte(st.get(list+".json").body), &js); err != nil || len(js.Items) != 2 || js.Next == nil {
		t.Errorf("%v %+v", err, js)
	}
	for _, path := range []string{list + ".atom", "/es/preguntas/" + a + "/atom", "/es/ediciones/demo26/cambios.atom", "/es/vencidas.atom"} {
		if err := xml.Unmarshal([]byte(st.get(path).body), new(struct{})); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	st.says(st.get("/es/ediciones/demo26/cambios"), "Admitida", a)
}
