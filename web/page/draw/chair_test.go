package draw_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"glosa"
)

// TestChairsAreSaidAndNotWhose: the page says which chairs are the drawn panel's, and
// no number beside them; the facilitator says all of them at once.
func TestChairsAreSaidAndNotWhose(t *testing.T) {
	h, c := open(t), browser(t)
	_, page := h.Get(c, "/es/ediciones/demo25/sorteo")
	h.Says(page, "Sillas del panel sorteado", "Sociedad civil, lugar 10", "Sociedad civil, lugar 21")
	start := strings.Index(page, `id="sillas"`)
	if part := page[start:]; start < 0 || strings.Contains(part[:strings.Index(part, "</section>")], "Número ") {
		t.Error("a number stands beside the chairs")
	}
	const desk = "/es/mesa/sorteo/demo25"
	facilitator := h.Enter("demo25", glosa.Facilitator, "")
	_, page = h.Get(facilitator, desk)
	if n := strings.Count(page, `name="chairs"`); n < 12 {
		t.Fatalf("%d chairs to tick", n)
	}
	reserve := func(form ...string) (int, string) { return h.Post(facilitator, desk, append(form, "do", "reserve")...) }
	status, page := reserve("chairs", "civil:10", "chairs", "civil:11")
	if status != http.StatusUnprocessableEntity {
		t.Errorf("two chairs for twelve: %d", status)
	}
	h.Says(page, "Marca 12 sillas, ni más ni menos", `value="civil:10" checked`)
	var all []string
	for n := 10; n < 22; n++ {
		all = append(all, "chairs", "civil:"+strconv.Itoa(n))
	}
	if status, page = reserve(all...); status != http.StatusOK || strings.Contains(page, "ni más ni menos") {
		t.Errorf("the same chairs again: %d", status)
	}
	if status, _ = h.Post(h.EnterFor("demo25", glosa.Convenor, glosa.Government), desk, append(all, "do", "reserve")...); status != http.StatusForbidden {
		t.Errorf("the government's convenor says which chairs: %d", status)
	}
}
