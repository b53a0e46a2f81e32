package intake

import (
	"strconv"
	"strings"
	"time"

	"rsc.io/qr"

	"glosa/civic/question"
	civic "glosa/civic/question/intake"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
)

// pack is a printing: sheets with their stubs, to be printed at once.
type pack struct {
	leaf.Page
	s      scene
	room   civic.Room
	sheets []printed
}

// printed is one sheet.
type printed struct {
	civic.Leaflet
	qr    picture
	where string // the address of its folio's page
}

// print issues sheets and shows them, with their keys, this once.
func (p *Pages) print(r *door.Request) (door.View, error) {
	room, err := p.here(r)
	if err != nil {
		return door.View{}, err
	}
	all, err := p.Intake.Print(r.Context(), r.Actor, room.ID, number(r, "sheets"), r.Value("once"))
	if err != nil {
		return p.again(r, err, nil)
	}
	s, err := p.scene(r)
	if err != nil {
		return door.View{}, err
	}
	w := r.Words
	k := pack{s: s, room: room, Page: s.page(w.T("it.pack"), leaf.Link{Text: room.Name, Href: at(r, room.ID)})}
	k.State, k.More = w.T("it.pack.n", "n", w.N(len(all)))+".", w.T("it.pack.once")
	for _, x := range all {
		where := chain.Permanent(r, door.Address("es", "/preguntas", string(x.Folio)))
		pic, err := drawn(where)
		if err != nil {
			return door.View{}, err
		}
		k.sheets = append(k.sheets, printed{Leaflet: x, qr: pic, where: where})
	}
	return door.View{Body: packPage(k), NoStore: true}, nil
}

// picture is a QR as a drawing: one path on a grid of square modules.
type picture struct {
	box  string
	path string
}

// drawn makes the QR of an address. It holds the address of a folio's page and
// nothing secret.
func drawn(address string) (picture, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return picture{}, err
	}
	const quiet = 4 // modules of white around it
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				n := strconv.Itoa(x - from)
				b.WriteString("M" + strconv.Itoa(from+quiet) + " " + strconv.Itoa(y+quiet) + "h" + n + "v1h-" + n + "z")
			}
		}
	}
	side := strconv.Itoa(code.Size + 2*quiet)
	return picture{"0 0 " + side + " " + side, b.String()}, nil
}

// until is the hour by which a taken question will be in the record.
func (s scene) until(rc *question.Receipt) string {
	return s.Words.Hour(rc.MergeBy.In(s.Edition.Zone).Truncate(time.Minute))
}
