package front_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"glosa/civic/question"
	"glosa/web/browsertest"
)

// TestSimilarWhileTyping: in the whole house, whoever types what was already asked
// is shown it before sending, and may join it or go on.
func TestSimilarWhileTyping(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is not for -short")
	}
	s, srv := house(t)
	all, _, err := s.Question.List(t.Context(), question.Filter{Edition: "demo26", States: []question.State{question.Admitted}}, "", 1)
	if err != nil || len(all) == 0 {
		t.Fatal("DEMO26 has no admitted question: ", err)
	}
	ctx := browsertest.Open(t).Tab(t, time.Minute)
	join := `[data-alike] a.button[href="/es/preguntas/` + string(all[0].ID) + `/apoyo"]`
	err = chromedp.Do(ctx,
		chromedp.Navigate(srv.URL+"/es/ediciones/demo26/preguntar"),
		chromedp.WaitReady(chromedp.CSS(`input[name=auth]`)),
		chromedp.SendKeys(chromedp.CSS(`#f-text`), all[0].Text),
		chromedp.WaitVisible(chromedp.CSS(join)))
	if err != nil {
		t.Fatal(err)
	}
	browsertest.Here(t, ctx, "similar-while-typing")
	err = chromedp.Do(ctx, chromedp.Click(chromedp.CSS(`[data-alike] button`)), chromedp.WaitNotVisible(chromedp.CSS(`[data-alike]`)))
	if err != nil {
		t.Error("the suggestions do not go away: ", err)
	}
}
