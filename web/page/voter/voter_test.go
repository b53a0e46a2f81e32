package voter_test

import (
	"net/http"
	"net/http/cookiejar"
	"testing"

	"glosa/db/dbtest"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/page/voter"
	"glosa/web/webtest"
)

var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

func open(t *testing.T) *webtest.House {
	return webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		return (&voter.Pages{Desks: webtest.Desks(s), Opinion: s.Opinion}).Mount
	})
}

// TestAMailboxIsAskedForWhereItIsOfUse: elsewhere there is no form, and what is sent
// all the same mails nothing and comes back to the page that says why.
func TestAMailboxIsAskedForWhereItIsOfUse(t *testing.T) {
	h := open(t)
	h.Site.Voter.Mail = true
	dbtest.Exec(t, h.Site.DB, `update opinion_set set opened_at = 0 where edition = 'demo26'`)
	const form = "/es/ediciones/demo26/mi-puerta/correo"
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	_, page := h.Get(browser, form)
	h.Says(page, "En esta edición, ahora no se apoya ni se vota con un correo.")
	h.Hides(page, `name="mail"`)
	status, page := h.Post(browser, form, "mail", "ana@ensayo.example")
	if status != http.StatusOK {
		t.Errorf("%d", status)
	}
	h.Says(page, "En esta edición, ahora no se apoya ni se vota con un correo.")
	if n, err := h.Site.Voter.Waiting(t.Context()); err != nil || n != 0 {
		t.Errorf("%d proofs, %v", n, err)
	}
	dbtest.Exec(t, h.Site.DB, `update priority_contest set criteria = replace(criteria, '"counting":["device","code"]', '"counting":["device","contact"]') where edition = 'demo26'`)
	_, page = h.Get(browser, form)
	h.Says(page, `name="mail"`)
	_, page = h.Post(browser, form, "mail", "ana@ensayo.example")
	h.Says(page, `name="code"`)
	if n, err := h.Site.Voter.Waiting(t.Context()); err != nil || n != 1 {
		t.Errorf("%d proofs, %v", n, err)
	}
}
