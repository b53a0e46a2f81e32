package edition_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
)

// TestThePlaceIsSaidAtTheDesk and shown on the edition's page, from the day it is
// known; an address of video that is no https is refused, with what was typed.
func TestThePlaceIsSaidAtTheDesk(t *testing.T) {
	st := open(t)
	editiontest.At(t, st.desk, st.clock, ed, edition.Called)
	const public, desk = "/es/ediciones/" + string(ed), "/es/mesa/edicion/" + string(ed)
	facilitator := editiontest.Facilitator()
	form := url.Values{"settle_form": {"1"}, "settle_venue": {"Centro de Convenciones"}, "settle_address": {"Av. Principal 1"},
		"settle_city": {"Chetumal"}, "settle_access": {"Rampa en la puerta sur; intérprete."}, "settle_stream": {"http://video.example.org/vivo"}}

	st.who = &glosa.Actor{Human: "h-m", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	if status, _ := st.send("POST", desk+"/sede", form); status != http.StatusForbidden {
		t.Errorf("a moderator says the place: %d, want 403", status)
	}
	st.who = &facilitator
	st.sees(desk, `id="sede"`, `name="settle_stream"`)
	status, text := st.send("POST", desk+"/sede", form)
	if status != http.StatusUnprocessableEntity || !strings.Contains(text, "Centro de Convenciones") || !strings.Contains(text, "http://video.example.org/vivo") {
		t.Errorf("an address without https: %d, or what was typed is lost", status)
	}
	form.Set("settle_stream", "https://video.example.org/vivo")
	if status, text := st.send("POST", desk+"/sede", form); status != http.StatusSeeOther {
		t.Fatalf("the place: %d %.300s", status, text)
	}
	st.sees(desk, `value="Centro de Convenciones"`, "Rampa en la puerta sur")
	st.who = nil
	st.sees(public, "Centro de Convenciones", "Av. Principal 1", "Chetumal", "intérprete", `href="https://video.example.org/vivo"`)
	st.who = &facilitator
	form.Set("settle_access", "")
	if status, _ := st.send("POST", desk+"/sede", form); status != http.StatusSeeOther {
		t.Fatal("taking a line back")
	}
	st.who = nil
	if _, text := st.send("GET", public, nil); strings.Contains(text, "Rampa en la puerta") {
		t.Error("what was taken back is still shown")
	}
}
