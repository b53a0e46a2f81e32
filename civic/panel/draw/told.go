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

// Fold reads one public event and says what the tables must have after it. A
// lottery after its seed and a seed without a lottery are faults.
func Fold(l glosa.Ledger, e glosa.Event) error {
	say := func(what, word string) { l.Say(sortDraw, e.Subject, what, word) }
	text := func(what string, digest glosa.Hash) { l.SayText(sortDraw, e.Subject, what, digest) }
	switch e.Kind {
	case kAnnounced.Name:
		b, err := glosa.BodyOf[termsBody](e)
		say("state", string(Announced))
		text("terms", b.Terms)
		return err
	case kOpened.Name:
		say("state", string(Open))
	case kChanged.Name:
		b, err := glosa.BodyOf[termsBody](e)
		if l.Word(sortDraw, e.Subject, "state") != string(Open) {
			l.Fault("terms of a draw changed after its pool was frozen")
		}
		text("terms", b.Terms)
		return err
	case kFrozen.Name:
		b, err := glosa.BodyOf[frozenBody](e)
		if l.Word(sortDraw, e.Subject, "state") != string(Open) {
			l.Fault("a pool is frozen twice, or was never open")
		}
		say("state", string(Frozen))
		say("volunteers", glosa.NumberWord(b.Volunteers))
		say("unproven", glosa.NumberWord(b.Unproven))
		say("software", string(b.Software))
		text(QuotasFile, b.Quotas)
		text(PoolFile, b.Pool)
		text(LotteryFile, b.Lottery)
		return err
	case kDrawn.Name:
		b, err := glosa.BodyOf[drawnBody](e)
		if l.Word(sortDraw, e.Subject, "state") != string(Frozen) {
			l.Fault("a panel is drawn of no frozen pool")
		}
		say("state", string(Drawn))
		say("panel", numbers(b.Panel))
		text("seed", b.Seed)
		text(DrawFile, b.Transcript)
		text(OrderFile, b.Order)
		return err
	case kChairs.Name:
		b, err := glosa.BodyOf[chairsBody](e)
		say("chairs", chairsOf(b.Chairs))
		return err
	case kSeat.Name, kGone.Name:
		return foldSeat(l, e)
	case kDestroyed.Name:
		say("destroyed", "yes")
	}
	return nil
}

func foldSeat(l glosa.Ledger, e glosa.Event) error {
	say := func(what string, number int, word string) {
		l.Say(sortDraw, e.Subject, what+"."+strconv.Itoa(number), word)
	}
	if e.Kind == kGone.Name {
		b, err := glosa.BodyOf[goneBody](e)
		say("gone", b.Number, "yes")
		return err
	}
	b, err := glosa.BodyOf[seatBody](e)
	say("seat", b.Number, seatWord(string(b.State), string(b.Why), b.For))
	return err
}
