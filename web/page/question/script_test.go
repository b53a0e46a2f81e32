package question_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"glosa"
	civic "glosa/civic/question"
)

// TestTheScriptMakesAKeyThatOpens asks in a real browser: the key that the page
// shows never travelled, and it is the key of civic/question, byte for byte.
func TestTheScriptMakesAKeyThatOpens(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is not for -short")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is missing: apt-get install chromium")
		}
		t.Skip("chromium is missing (apt-get install chromium): the script was not run")
	}
	st := open(t)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	defer stop()
	ctx, end := chromedp.NewContext(alloc)
	defer end()
	st.ok(chromedp.Do(ctx)) // the browser lives as long as this context
	ctx, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	st.ok(chromedp.Do(ctx,
		chromedp.Navigate(st.web.URL+"/es/ediciones/demo26/preguntar"),
		chromedp.WaitReady(chromedp.CSS(`input[name=auth]`)),
		chromedp.SetValue(chromedp.CSS(`#f-text`), "¿Una?"),
		chromedp.SetValue(chromedp.CSS(`#f-municipality`), "23005"),
		chromedp.Click(chromedp.CSS(`form[data-keys] button.primary`)),
		chromedp.WaitReady(chromedp.CSS(`form[data-proof] input[name=prueba]`))))
	read := func(what string) string {
		text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(what)))
		st.ok(err)
		return strings.TrimSpace(text)
	}
	folio, key := read("#folio"), read("#clave")
	if _, err := civic.ParseKey(key); err != nil {
		t.Fatalf("the page shows %q", key)
	}
	if _, err := st.s.Question.PrivateReceipt(t.Context(), glosa.QuestionID(folio), civic.Proof{Key: key}); err != nil {
		t.Errorf("the key of the page does not open %s: %v", folio, err)
	}
	st.ok(chromedp.Do(ctx,
		chromedp.Navigate(st.web.URL+"/es/mi-pregunta?folio="+folio),
		chromedp.SetValue(chromedp.CSS(`#f-key`), strings.ToUpper(key)),
		chromedp.Click(chromedp.CSS(`form[data-hash] button.primary`)),
		chromedp.WaitReady(chromedp.CSS(`form[data-hash=lock]`)),
		chromedp.SetValue(chromedp.CSS(`form[data-hash=lock] input[name=key]`), key),
		chromedp.Click(chromedp.CSS(`form[data-hash=lock] button[formaction]`)),
		chromedp.WaitReady(chromedp.CSS(`[role=status]`))))
	if again := read("[role=status]"); !strings.Contains(again, "Retiraste tu pregunta.") {
		t.Errorf("after withdrawing the page says %q", again)
	}
	if r := st.get("/es/preguntas/" + folio); r.status != http.StatusOK || !strings.Contains(r.text(), "Texto borrado") {
		t.Errorf("the question's page after withdrawing: %d %s", r.status, r.text())
	}
}
