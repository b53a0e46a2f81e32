package portrait_test

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa"
	civic "glosa/civic/people/portrait"
	"glosa/site"
	"glosa/web/door"
	"glosa/web/page/portrait"
	"glosa/web/page/question"
	"glosa/web/webtest"
)

var filled string

func TestMain(m *testing.M) { webtest.Main(m, &filled) }

func open(t *testing.T) *webtest.House {
	return webtest.Open(t, filled, func(s *site.Site) func(*door.Router) {
		desks := webtest.Desks(s)
		return func(r *door.Router) {
			(&portrait.Pages{Desks: desks}).Mount(r)
			(&question.Pages{Desks: desks}).Mount(r)
		}
	})
}

var permit = regexp.MustCompile(`name="permit" value="([^"]+)"`)

// TestWhoIsMissing: the page counts exactly by municipality, says who is missing
// first, and shows nothing of who asks before there are ten answers.
func TestWhoIsMissing(t *testing.T) {
	h := open(t)
	status, page := h.Get(http.DefaultClient, "/es/ediciones/demo26/quien-falta")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	h.Says(page, "¿Quién falta por preguntar?", "Tulum", `role="img"`, `class="tilemap"`, "Todavía no hay cuentas", "Contestadas", "quien-falta.csv")
	by, err := h.Site.Question.Places(t.Context(), "demo26")
	if err != nil {
		t.Fatal(err)
	}
	_, js := h.Get(http.DefaultClient, "/es/ediciones/demo26/quien-falta.json")
	var got struct {
		Municipalities []struct {
			Code     glosa.TerritoryCode
			Received int
		}
		Tables []any
	}
	if err := json.Unmarshal([]byte(js), &got); err != nil || len(got.Municipalities) != 11 || len(got.Tables) != 0 {
		t.Fatalf("%v %s", err, js)
	}
	for _, m := range got.Municipalities {
		if m.Received != by[m.Code] {
			t.Errorf("%s: %d, want %d", m.Code, m.Received, by[m.Code])
		}
	}
	_, csv := h.Get(http.DefaultClient, "/es/ediciones/demo26/quien-falta.csv")
	h.Says(csv, "attribute,municipality", "municipality,23005,Benito Juárez", "SINTÉTICO")
	if status, _ := h.Get(http.DefaultClient, "/es/ediciones/qroo-9/quien-falta"); status != http.StatusNotFound {
		t.Errorf("an edition known from sources: %d", status)
	}
}

// TestTheFormFollowsTheReceipt: whoever has asked gets the form once, apart; it
// counts once; it shows nothing of the question; the next day it is a count.
func TestTheFormFollowsTheReceipt(t *testing.T) {
	h := open(t)
	var last string
	for i := range 24 {
		status, receipt := h.Post(http.DefaultClient, "/es/ediciones/demo26/preguntar", "text", "¿Cuántas aulas hay en la zona "+strconv.Itoa(i)+"?", "municipality", "23009", "once", "once-"+strconv.Itoa(i))
		m := permit.FindStringSubmatch(receipt)
		if status != http.StatusOK || m == nil {
			t.Fatalf("%d: no form after the receipt", status)
		}
		form := receipt[strings.Index(receipt, "quien-falta"):]
		h.Hides(form[:strings.Index(form, "</form>")], "DEMO26-")
		sex := []string{"woman", "man"}[i%2]
		status, page := h.Post(http.DefaultClient, "/es/ediciones/demo26/quien-falta", "permit", m[1], "sex", sex, "age", "30_44", "language", "none", "municipality", "23009")
		if status != http.StatusOK {
			t.Fatalf("%d", status)
		}
		h.Says(page, "Gracias")
		last = m[1]
	}
	if status, _ := h.Post(http.DefaultClient, "/es/ediciones/demo26/quien-falta", "permit", last, "sex", "woman"); status != http.StatusOK {
		t.Errorf("pressed twice: %d", status)
	}
	status, page := h.Post(http.DefaultClient, "/es/ediciones/demo26/quien-falta", "permit", "invented", "sex", "woman")
	if status != http.StatusUnprocessableEntity {
		t.Errorf("an invented permit: %d", status)
	}
	h.Says(page, "ya no vale")
	h.Clock.Set(h.Clock.Now().Add(24 * time.Hour))
	if _, err := h.Site.Edition.Tick(context.Background()); err != nil {
		t.Fatal(err)
	}
	b, err := h.Site.Portrait.Board(t.Context(), "demo26")
	if err != nil {
		t.Fatal(err)
	}
	if x, _ := b.Table(civic.Sex, false); x.Cell("woman", "") != 10 || x.Total != 25 {
		t.Errorf("12 women of 24: %+v", x)
	}
	h.Clock.Set(h.Clock.Now().Add(24 * time.Hour)) // no page is kept for so long
	_, page = h.Get(http.DefaultClient, "/es/ediciones/demo26/quien-falta")
	h.Says(page, "Mujer", "no se muestra", "En el censo", "Municipio y sexo")
}

func TestTheDeskSaysWhereToGo(t *testing.T) {
	h := open(t)
	c := h.Enter("demo26", glosa.Facilitator, "")
	status, page := h.Get(c, "/es/mesa/quien-falta/demo26")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	h.Says(page, "¿A quién hace falta ir a buscar?", "esperadas")
	if status, _ := h.Get(h.Enter("demo26", glosa.Selector, ""), "/es/mesa/quien-falta/demo26"); status != http.StatusNotFound {
		t.Errorf("another desk: %d", status)
	}
}
