package sheet

import (
	"time"

	"glosa"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// Mount hangs up /hoja.
func Mount(r *door.Router) {
	r.Page("/hoja", show)
}

func show(r *door.Request) (door.View, error) {
	p := leaf.From(r, "Hoja de componentes")
	p.Synthetic = true
	p.Untranslated = r.Lang != "es"
	p.Margin = leaf.Margin{Head: "Muestra", Lines: leaf.Notes("todas las piezas", "de la hoja")}
	p.State, p.More = "Las preguntas están abiertas.", "Cualquier persona puede preguntar, sin cuenta."
	p.Clock = leaf.Closes(r.Words, 9, time.Date(2026, 12, 2, 23, 59, 0, 0, time.UTC), "Quintana Roo")
	p.Action = &leaf.Action{Text: r.Words.T("h.ask"), Href: "#", Note: &leaf.Link{Text: r.Words.T("h.other"), Href: "#"}}
	p.Side = leaf.FolioBox(r.Words, r.Lang)
	p.Stamp = &stamp
	p.Crumbs = []leaf.Link{{Text: r.Words.T("nav.questions"), Href: "#"}, {Text: "DEMO26-0427-K"}}
	p.Chain = &chain
	p.Downloads = []leaf.Link{{Text: "Atom", Href: "#"}, {Text: "CSV", Href: "#"}, {Text: "JSON", Href: "#"}}
	return door.Show(page(p), "sheet")
}

var chain = leaf.Chain{
	Margin: leaf.Margin{Head: "La cadena", Lines: leaf.Notes("Cada eslabón se abre"), Synthetic: true},
	Stops: [6]leaf.Stop{
		{Href: "#", Shape: leaf.Done, Count: "1", Note: "publicado a tiempo"},
		{Href: "#", Shape: leaf.Going, Count: "128", Note: "estamos aquí · cierra en 9 días", Here: true},
		{Href: "#", Shape: leaf.Later, Note: "se calcula el 4 dic"},
		{Href: "#", Shape: leaf.Later, Note: "9 dic, 10:00"},
		{Href: "#", Shape: leaf.Later, Note: "3 de antes esperan decisión"},
		{Href: "#", Shape: leaf.Later, Note: "cada mes, después de firmar"},
	},
}

var sum = leaf.Ledger{
	Caption: "Cómo se cuenta el plazo", Small: true,
	Rows: []leaf.Row{
		{Label: "Turnada a SESA", Value: "lun 14 dic"},
		{Label: "Plazo del protocolo", Value: "15 días hábiles"},
		{Label: "Días inhábiles saltados", Value: "25 dic, 1 ene"},
		{Label: "Prórrogas", Value: "ninguna"},
	},
	Total: &leaf.Row{Label: "Vence", Value: "mié 6 ene"},
}

var steps = []leaf.Step{
	{Shape: leaf.Done, Bold: "Recibida", Rest: "en papel, mesa de Felipe Carrillo Puerto", When: "2 nov"},
	{Shape: leaf.Done, Bold: "Admitida", When: "4 nov"},
	{Shape: leaf.Joined, Bold: "Reunida", Rest: "con", Link: &leaf.Link{Text: "otras 3 preguntas", Href: "#"}, When: "6 nov"},
	{Shape: leaf.Barred, Bold: "Agenda:", Rest: "quedó fuera por 2 minutos.", Link: &leaf.Link{Text: "La regla y la cuenta", Href: "#"}, When: "4 dic"},
	{Shape: leaf.Going, Bold: "Respuesta", Rest: "por escrito, en camino", When: "6 ene", Here: true},
	{Shape: leaf.Later, Bold: "Compromiso:", Rest: "todavía ninguno"},
}

var balance = leaf.Balance{Received: 128, Admitted: 98, Merged: 17, Refused: 6, Withdrawn: 2, Waiting: 5,
	At: "23 nov 2026, 14:05", CSV: "#"}

var tiles = leaf.TileMap{Source: "muestra", Tiles: []leaf.Tile{
	{Name: "Lázaro Cárdenas", Row: 1, Col: 3, Received: 9, Expected: 10},
	{Name: "Isla Mujeres", Row: 1, Col: 4, Received: 11, Expected: 10},
	{Name: "Benito Juárez", Row: 2, Col: 4, Received: 56, Expected: 40},
	{Name: "Puerto Morelos", Row: 3, Col: 4, Received: 8, Expected: 10},
	{Name: "Playa del Carmen", Row: 4, Col: 3, Received: 10, Expected: 10},
	{Name: "Cozumel", Row: 4, Col: 4, Received: 7, Expected: 10},
	{Name: "José María Morelos", Row: 5, Col: 1, Received: 4, Expected: 10},
	{Name: "Felipe Carrillo Puerto", Row: 5, Col: 2, Received: 3, Expected: 10},
	{Name: "Tulum", Row: 5, Col: 3, Received: 6, Expected: 10},
	{Name: "Bacalar", Row: 6, Col: 2, Received: 3, Expected: 4.3},
	{Name: "Othón P. Blanco", Row: 7, Col: 2, Received: 18, Expected: 20},
}}

var stamp = leaf.Stamp{N: 912, At: time.Date(2026, 11, 2, 18, 40, 0, 0, time.UTC), Official: true, Href: "#"}

var entries = []leaf.Entry{
	{Band: "Primer gobierno"},
	{When: "9 dic 2018", Text: "Planeación estratégica de largo plazo", Note: "1.ª edición. Redacción 1.", Links: []leaf.Link{{Text: "1 fuente", Href: "#"}}},
	{When: "jul 2021", Text: "Plan estratégico", Added: "con diversificación económica", Note: "Redacción 2."},
}

var items = []leaf.Item{
	{Code: "0427-K", Text: "¿Cuántos centros de salud tienen hoy medicinas para la diabetes?", Href: "#", Shape: leaf.Going, Word: "En curso", Notes: []string{"La tiene SESA", "31 apoyos"}},
	{Text: "¿Cuándo habrá insulina en las clínicas?", Href: "#", Shape: leaf.Overdue, Word: "Vencida", Late: "Vencida hace 3 días hábiles"},
}

var pairs = []leaf.Row{{Label: "Por el gobierno", Value: "SESA", Href: "#"}, {Label: "Por la sociedad civil", Value: "sin dato"}}

// wrong is a form's error as a desk gives it.
var wrong = glosa.WrongField("text", "a.empty")

func problems(w *text.Words) leaf.Problems {
	p, _ := leaf.ProblemsOf(w, wrong)
	return p
}
