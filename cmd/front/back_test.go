package front_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	civic "glosa/civic/people/voter"
)

// carried is the word in a form's hidden field; "" for none.
func carried(r reply) string {
	m := regexp.MustCompile(`name="volver" value="([^"]*)"`).FindStringSubmatch(r.raw)
	return append(m, "", "")[1]
}

// TestWhoWasSentToADoorComesBack: to the form, the vote or the question from which
// they were sent to show a mailbox or a code, and nowhere else: what is no word of the
// list is forgotten at once, so that no link leads out of the house.
func TestWhoWasSentToADoorComesBack(t *testing.T) {
	st, n := open(t), 0
	for word, want := range map[string]string{"sorteo": "/es/ediciones/demo26/sorteo/apuntarme", "opinion": "/es/ediciones/demo26/opinion/votar",
		"preguntas": "/es/ediciones/demo26/preguntas", st.folio: "/es/preguntas/" + st.folio + "/apoyo",
		"https://example.com": here, "//example.com": here, "/es/": here, "../../en": here, "sorteo/../..": here, strings.ToLower(st.folio): here, "": here} {
		n++
		st.does("POST", here+"/salir")
		form := st.does("GET", here+"/correo?volver="+word)
		known := want != here
		if said := carried(form); known && said != word || !known && said != "" {
			t.Errorf("%q: the form carries %q", word, said)
		}
		asked := st.does("POST", here+"/correo", "mail", fmt.Sprintf("ana%d@correo.example", n), "volver", word)
		if known != strings.HasSuffix(asked.to, "?volver="+word) || !strings.HasPrefix(asked.to, here+"/correo") {
			t.Errorf("%q: asked, it goes to %s", word, asked.to)
		}
		if said := carried(st.does("GET", asked.to)); known && said != word || !known && said != "" {
			t.Errorf("%q: the form of the code carries %q", word, said)
		}
		shown := st.does("POST", here+"/correo/codigo", "code", st.mailed(), "volver", word)
		if shown.status != http.StatusSeeOther || shown.to != want {
			t.Errorf("%q: %d, it goes to %s and not to %s", word, shown.status, shown.to, want)
		}
	}
	if r := st.does("POST", here+"/sobre", "code", st.codes[4], "volver", "opinion"); r.to != "/es/ediciones/demo26/opinion/votar" {
		t.Errorf("an envelope's code goes to %s", r.to)
	}
	if r := st.does("POST", here+"/sobre", "code", civic.DrawCode(), "volver", "opinion"); carried(r) != "opinion" {
		t.Errorf("a wrong code forgets where it came from: %q", carried(r))
	}
	st.says(st.does("GET", here+"?volver=opinion"), "Volver a lo que hacías")
}

// TestAnAccountComesBackToo: the word travels sealed in the browser, not with the issuer.
func TestAnAccountComesBackToo(t *testing.T) {
	st := openWith(t, "contact, code, oidc")
	st.ok(st.accounts.Discover(t.Context()))
	st.issuer.Subject = "pairwise-0003"
	for word, want := range map[string]string{"sorteo": "/es/ediciones/demo26/sorteo/apuntarme", "//example.com": here} {
		back := st.leaves(here, "volver", word)
		if strings.Contains(back, "volver") || strings.Contains(back, "sorteo") {
			t.Errorf("the issuer was told: %s", back)
		}
		if r := st.does("GET", back); r.status != http.StatusSeeOther || r.to != want {
			t.Errorf("%q: %d to %s", word, r.status, r.to)
		}
	}
	st.leaves(here, "volver", "sorteo")
	refused := st.does("GET", comesBack+"?error=access_denied")
	if refused.to != here+"/cuenta?aviso=1&volver=sorteo" {
		t.Errorf("an issuer that says no leads to %s", refused.to)
	}
	again := st.does("GET", refused.to)
	st.says(again, "No pudimos comprobar tu cuenta")
	if carried(again) != "sorteo" {
		t.Errorf("whoever tries again is led back to %q", carried(again))
	}
}
