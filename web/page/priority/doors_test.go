package priority_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"glosa/db/dbtest"
)

// The busiest networks of the demonstration are counts without names, and say since
// when they are counted; of an agenda that a process made which heard of no ballot
// there is no count, and the page says so.
func TestBusyNetworksOnTheReport(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, "/es/ediciones/demo25/agenda/anomalias")
	h.Says(page, "Redes con más boletas nuevas en un día", `<td class="num">40</td>`, "La cuenta empezó el ", "si se reinició, lo de antes se perdió")
	h.Hides(page, "No hay cuenta de redes", "school", "tower", "home 1")
	h.ended() // the house was opened anew: its memory is empty
	h.made()
	_, page = h.Get(http.DefaultClient, agenda+"/anomalias")
	h.Says(page, "No hay cuenta de redes")
	h.Hides(page, "La cuenta empezó", "Por ninguna red llegaron diez")
}

// What was told last of the doors stands in a table beside the adults of the
// census, and every leaf of it in a file; while nothing is told the page says why.
func TestWhatIsToldOfTheDoors(t *testing.T) {
	h := open(t)
	_, page := h.Get(http.DefaultClient, agenda)
	h.Says(page, "¿Por qué puertas llegaron las boletas?", "Así iban el ", "aparato (el mismo navegador)", "código en sobre", "Todas",
		"Por cada 10,000 personas adultas", "Personas adultas según el censo: 1,293,235.")
	h.Hides(page, "Todavía no se dice.")
	var file struct {
		Note   string
		Adults int
		Items  []struct {
			N, Batch int
			Doors    []struct {
				Door string
				Came int
			}
		}
	}
	status, raw := h.Get(http.DefaultClient, agenda+"/puertas.json")
	h.ok(json.Unmarshal([]byte(raw), &file))
	if status != 200 || file.Note != "SINTÉTICO" || file.Adults != 1293235 || len(file.Items) == 0 || len(file.Items[0].Doors) != 2 {
		t.Fatalf("%d %+v", status, file)
	}
	for _, d := range file.Items[0].Doors {
		if d.Came < 20 {
			t.Errorf("%s is told with %d", d.Door, d.Came)
		}
	}
	dbtest.Exec(t, h.Site.DB, "delete from territory_census")
	_, page = h.Get(http.DefaultClient, agenda)
	h.Says(page, "código en sobre")
	h.Hides(page, "personas adultas", "Personas adultas")

	dbtest.Exec(t, h.Site.DB, "delete from priority_door_told")
	_, page = h.Get(http.DefaultClient, agenda)
	h.Says(page, "Todavía no se dice. Se dirá la primera noche en que por cada puerta hayan llegado veinte boletas o más")
	h.Hides(page, "Boletas llegadas")
	_, page = h.Get(http.DefaultClient, "/en/ediciones/demo25/agenda")
	h.Says(page, "It was not told: on no night had twenty ballots or more come by each door")
	if status, raw := h.Get(http.DefaultClient, agenda+"/puertas.json"); status != 200 || json.Unmarshal([]byte(raw), &file) != nil || len(file.Items) != 0 {
		t.Errorf("nothing told: %d %s", status, raw)
	}
}
