package opinion_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"glosa"
	"glosa/civic/edition"
	"glosa/db/dbtest"
	"glosa/web/browsertest"
)

// looks opens the page of an edition in a browser of its own, narrow and wide.
func (h *house) looks(t *testing.T, chromium *browsertest.Browser, name, ed string, says ...string) {
	t.Helper()
	ctx := chromium.Tab(t, 3*time.Minute)
	h.do(ctx, chromedp.Navigate(h.Server.URL+"/es/ediciones/"+ed+"/opinion"))
	browsertest.Here(t, ctx, "opinion-"+name)
	_, page := h.Get(http.DefaultClient, "/es/ediciones/"+ed+"/opinion")
	h.Says(page, says...)
}

// TestEveryStateOfTheVoteIsSeen: no vote, one that is not open yet, an open one, one
// that waits for its count, one of too few people, one in which a group would be too
// small, and one with groups and rows for everybody.
func TestEveryStateOfTheVoteIsSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is not for -short")
	}
	chromium := browsertest.Open(t)
	h := open(t)
	facilitator := glosa.Actor{Human: "h-f", Post: "facilitation", Side: glosa.Civil, Roles: []glosa.Role{glosa.Facilitator}}
	text, err := edition.Template("demo26")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Site.Edition.Found(t.Context(), facilitator, edition.Founding{ID: "otra", Series: "otra", Number: 1, Name: "Otra", Code: "OTRA26",
		Protocol: text, Session: h.Site.Clock.Now().AddDate(0, 0, 130), Synthetic: true}); err != nil {
		t.Fatal(err)
	}
	h.looks(t, chromium, "none", "otra", "Todavía no hay votación")
	before := open(t)
	dbtest.Exec(t, before.Site.DB, `update opinion_set set opened_at = 0, until_at = 0 where edition = 'demo26'`)
	before.looks(t, chromium, "frozen", "demo26", "La votación todavía no abre.")
	_, page := before.Get(http.DefaultClient, base)
	before.Hides(page, "menos de 5", "Respuestas redondeadas")
	h.looks(t, chromium, "open", "demo26", "La votación está abierta: 13 afirmaciones.", "Los grupos se muestran al cerrar.")
	close := func(h *house) {
		h.Post(h.Enter("demo26", glosa.Facilitator, ""), "/es/mesa/opinion/demo26", "do", "close")
	}
	count := func(h *house) {
		if err := h.Site.Opinion.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	close(h)
	h.looks(t, chromium, "ended", "demo26", "Los grupos se calculan en unos minutos.", "Propuestas sobre las que nadie decidió")
	count(h)
	h.looks(t, chromium, "few", "demo26", "menos de 30 personas votaron lo suficiente")

	small := open(t)
	dbtest.Exec(t, small.Site.DB, `delete from opinion_ballot where contest = 'demo26-opinion'`)
	small.camps(34, 5)
	close(small)
	count(small)
	small.looks(t, chromium, "small", "demo26", "No se muestran grupos.", "Lo que dice la mayoría")

	grouped := open(t)
	dbtest.Exec(t, grouped.Site.DB, `update opinion_set set settings = replace(settings, '"rows":"auditors"', '"rows":"public"') where edition = 'demo26'`)
	grouped.camps(24, 15)
	close(grouped)
	count(grouped)
	grouped.looks(t, chromium, "grouped", "demo26", "Lo que comparten todos los grupos", "votes.csv")
}
