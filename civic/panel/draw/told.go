package draw

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/db"
)

// sortDraw is how lists of what is official name a draw.
const sortDraw = "draw"

// Officials hands out what this room publishes of every draw, as the tables have
// it: terms, state, files, seed, panel and seats. What [Fold] says of the leaves
// must be the same.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	var out []glosa.Official
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		out = nil
		all, err := selectDraws(tx)
		for i := 0; i < len(all) && err == nil; i++ {
			var some []glosa.Official
			some, err = d.officials(ctx, tx, all[i])
			out = append(out, some...)
		}
		return err
	})
	for i := 0; i < len(out) && err == nil; i++ {
		err = emit(out[i])
	}
	return err
}

func (d *Desk) officials(ctx context.Context, tx *db.Tx, r row) ([]glosa.Official, error) {
	s := &glosa.Sheet{Of: sortDraw, ID: string(r.edition)}
	s.Word("state", string(r.state))
	s.Text("terms", r.terms)
	t, err := parseTerms(r.terms)
	if err != nil {
		return nil, err
	}
	s.Word("closes", glosa.TimeWord(t.Closes))
	s.Word("seed_at", glosa.TimeWord(t.SeedAt))
	s.Number("volunteers", r.volunteers)
	s.Number("unproven", r.unproven)
	s.Word("software", string(r.software))
	s.Text("seed", r.seed)
	s.Word("panel", r.panel)
	s.Word("chairs", r.chairs)
	if !r.destroyed.IsZero() {
		s.Word("destroyed", "yes")
	}
	here := "/es/ediciones/" + string(r.edition) + "/sorteo/"
	files := r.files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		s.List = append(s.List, glosa.Official{Of: s.Of, ID: s.ID, What: name, File: here + name, Open: func() (io.ReadCloser, error) {
			file, err := d.File(ctx, r.edition, name)
			return io.NopCloser(bytes.NewReader(file)), err
		}})
	}
	pool, err := selectPool(tx, r.edition)
	for _, v := range pool {
		if v.seat != NoSeat {
			s.Word("seat."+strconv.Itoa(v.number), seatWord(string(v.seat), string(v.why), v.forNumber))
		}
		if v.gone {
			s.Word("gone."+strconv.Itoa(v.number), "yes")
		}
	}
	return s.List, err
}

func seatWord(state, why string, inPlaceOf int) string {
	return strings.TrimSpace(fmt.Sprintf("%s for=%d %s", state, inPlaceOf, why))
}
