package edition_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
)

// shownFor is the digest of the protocol whose differences a page shows.
var shownFor = regexp.MustCompile(`name="seen" value="([0-9a-f]{64})"`)

func template(t *testing.T, name string) string {
	t.Helper()
	raw, err := edition.Template(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// founding is the form of a new edition, with a protocol of one's own.
func (st *stage) founding(text string) url.Values {
	return url.Values{"id": {"qroo-10"}, "series": {"qroo"}, "number": {"10"}, "code": {"QR26"}, "protocol": {"propio"}, "text": {text},
		"session": {st.clock.Now().AddDate(0, 0, 200).Format("2006-01-02")}}
}

// A protocol from outside: its faults stand with their lines, its differences are
// shown before anything is saved, and what was shown is what is saved.
func TestAnEditionIsFoundedOnAProtocolOfItsOwn(t *testing.T) {
	st := open(t)
	who := editiontest.Facilitator()
	st.who = &who
	status, body := st.send("GET", "/es/mesa/edicion", nil)
	if status != http.StatusOK || strings.Contains(body, `value="demo26"`) || !strings.Contains(body, `value="glosa-qroo"`) || !strings.Contains(body, `value="propio"`) {
		t.Fatalf("the form (%d) offers the demonstration's protocols, or not the others", status)
	}
	form := st.founding("x")
	form.Set("protocol", "demo26")
	if status, _ := st.send("POST", "/es/mesa/edicion", form); status != http.StatusUnprocessableEntity {
		t.Errorf("a protocol that is not offered: %d", status)
	}
	good := template(t, "glosa-qroo")
	bad := strings.Replace(good, "themes: 4", "themes: many", 1)
	line := "Renglón " + lineOf(bad, "themes: many")
	status, body = st.send("POST", "/es/mesa/edicion", st.founding(bad))
	for _, want := range []string{line, "<pre>themes: many</pre>", `href="#f-text"`, "not_delegable"} {
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
			t.Errorf("a protocol with a fault: %d, without %q", status, want)
		}
	}
	ours := strings.Replace(good, "themes: 4", "themes: 6", 1)
	status, body = st.send("POST", "/es/mesa/edicion", st.founding(strings.ReplaceAll(ours, "\n", "\r\n")))
	if status != http.StatusOK || !strings.Contains(body, "1 diferencia con: ") || !strings.Contains(body, "<mark>6</mark>") {
		t.Fatalf("the differences: %d\n%s", status, body)
	}
	if _, err := st.desk.Get(t.Context(), "qroo-10"); err == nil {
		t.Fatal("the edition was founded before anybody saw the differences")
	}
	form = st.founding(strings.Replace(ours, "themes: 6", "themes: 7", 1))
	form.Set("seen", shownFor.FindStringSubmatch(body)[1])
	if status, body := st.send("POST", "/es/mesa/edicion", form); status != http.StatusOK || !strings.Contains(body, "<mark>7</mark>") {
		t.Errorf("another text than the one that was shown: %d", status)
	}
	form.Set("text", ours)
	if status, body := st.send("POST", "/es/mesa/edicion", form); status != http.StatusSeeOther {
		t.Fatalf("founding: %d %s", status, body)
	}
	if ed, err := st.desk.Get(t.Context(), "qroo-10"); err != nil || ed.Protocol.Themes != 6 || ed.Protocol.Text != ours {
		t.Errorf("founded with another protocol: %v", err)
	}
}

// Until it is frozen, the protocol of a draft can be replaced, by the same two steps.
func TestTheProtocolIsReplacedUntilItIsFrozen(t *testing.T) {
	st := open(t)
	editiontest.At(t, st.desk, st.clock, ed, edition.Draft)
	const page = "/es/mesa/edicion/demo26/protocolo"
	if status, _ := st.send("GET", page, nil); status != http.StatusSeeOther {
		t.Errorf("nobody: %d", status)
	}
	who := editiontest.Facilitator()
	st.who = &who
	st.sees("/es/mesa/edicion/demo26", page)
	st.sees(page, "key: demo26", "Ver las diferencias")
	e, err := st.desk.Get(t.Context(), ed)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"text": {strings.Replace(e.Protocol.Text, "choices: 10", "choices: 5", 1)}, "session": {e.Session.In(e.Zone).Format("2006-01-02")}}
	status, body := st.send("POST", page, form)
	if status != http.StatusOK || !strings.Contains(body, "1 diferencia con: el protocolo de hoy") {
		t.Fatalf("the differences: %d", status)
	}
	form.Set("seen", shownFor.FindStringSubmatch(body)[1])
	if status, _ := st.send("POST", page, form); status != http.StatusSeeOther {
		t.Fatalf("replacing: %d", status)
	}
	if e, err = st.desk.Get(t.Context(), ed); err != nil || e.Protocol.Selection.Choices != 5 {
		t.Fatalf("not replaced: %v", err)
	}
	editiontest.Walk(t, st.desk, st.clock, ed, edition.Called)
	if err := st.desk.Freeze(t.Context(), who, ed); err != nil {
		t.Fatal(err)
	}
	st.sees(page, "ya no cambia")
	form.Set("text", strings.Replace(e.Protocol.Text, "choices: 5", "choices: 4", 1))
	_, body = st.send("POST", page, form)
	form.Set("seen", shownFor.FindStringSubmatch(body + `name="seen" value="` + strings.Repeat("0", 64) + `"`)[1])
	if status, _ := st.send("POST", page, form); status == http.StatusSeeOther {
		t.Error("a frozen protocol was replaced")
	}
	if e, err = st.desk.Get(t.Context(), ed); err != nil || e.Protocol.Selection.Choices != 5 {
		t.Errorf("a frozen protocol changed: %v", err)
	}
}

func lineOf(text, what string) string {
	n := 1 + strings.Count(text[:strings.Index(text, what)], "\n")
	return strconv.Itoa(n)
}
