package question

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
	"glosa/method/cell"
)

// Rates is what was refused by theme, addressee and place, as it was drawn last.
//
// Where a refused question came from, and whom it was for, is not public; admitted
// questions, their themes, addressees and places are, and so is how many were
// refused in all. Therefore (trust.md §5): it is drawn at night, with ten refusals
// more than last time; a row below five shows none, zero as well, and others are
// hidden with it until what is hidden together is at least ten ([cell.Hide]);
// refusals are in fives. Rows are those of public lists, whether or not anything
// was refused, in the order of their keys; what is on no list counts under "".
type Rates struct {
	Drawn       time.Time `json:"-"` // zero: not yet
	Theme       []Rate    `json:"theme,omitempty"`
	Institution []Rate    `json:"institution,omitempty"`
	Place       []Rate    `json:"place,omitempty"`
}

// Rate is one row: how many were admitted, which everybody can count, and how many
// refused, in fives, or [cell.Hidden].
type Rate struct {
	Key      string `json:"key"`
	Admitted int    `json:"admitted"`
	Refused  int    `json:"refused"`
}

// Hidden tells whether it is not told how many were refused.
func (r Rate) Hidden() bool { return r.Refused == cell.Hidden }

// Decided is how many were decided, as exactly as may be told.
func (r Rate) Decided() int { return r.Admitted + max(0, r.Refused) }

// decidedAlike is how many questions with the same theme, addressee and place were
// admitted, or refused.
type decidedAlike struct {
	theme, institution, place string
	refused                   bool
	n                         int
}

// ratesOf divides what was decided over the rows of a public list.
func ratesOf(all []decidedAlike, list []string, key func(decidedAlike) string) (out []Rate) {
	admitted, refused := map[string]int{"": 0}, map[string]int{}
	for _, k := range list {
		admitted[k] = 0
	}
	for _, c := range all {
		if !c.refused {
			admitted[key(c)] += c.n // in public: this too is a list
		}
	}
	for _, c := range all {
		k := key(c)
		if _, listed := admitted[k]; !listed {
			k = ""
		}
		if c.refused {
			refused[k] += c.n
		}
	}
	keys := slices.Sorted(maps.Keys(admitted))
	cells := make([]cell.Cell, len(keys))
	line := cell.Line{Known: true}
	for i, k := range keys {
		cells[i] = cell.New(refused[k], cell.Few)
		line.Cells = append(line.Cells, &cells[i])
	}
	cell.Hide([]cell.Line{line})
	for i, k := range keys {
		out = append(out, Rate{Key: k, Admitted: admitted[k], Refused: cells[i].Figure()})
	}
	return out
}

// nextRates is when the rates of some edition are looked at next; zero when of none.
func nextRates(tx *db.Tx) (next time.Time, err error) {
	all, err := selectRates(tx)
	for _, r := range all {
		ed, err := edition.Load(tx, r.edition)
		if err != nil {
			return next, err
		}
		if at := ed.NextNight(r.looked); !ed.In(edition.Closed, edition.Cancelled) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, err
}

// lookAtRates draws at the hour what has enough that is new. Whatever comes after
// the hour waits for the next: the tenth refusal draws nothing.
func lookAtRates(tx *db.Tx, now time.Time) error {
	fresh, err := selectUnlooked(tx)
	if err != nil {
		return err
	}
	for _, id := range fresh {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return err
		}
		if err := insertRates(tx, id, ed.Night(now)); err != nil {
			return err
		}
	}
	all, err := selectRates(tx)
	if err != nil {
		return err
	}
	for _, r := range all {
		ed, err := edition.Load(tx, r.edition)
		if err != nil {
			return err
		}
		if now.Before(ed.NextNight(r.looked)) || ed.In(edition.Closed, edition.Cancelled) {
			continue
		}
		r.looked = ed.Night(now)
		if err := r.draw(tx, ed, now); err != nil {
			return err
		}
		if err := saveRates(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// keptRates is an edition's row.
type keptRates struct {
	edition       glosa.EditionID
	looked, drawn time.Time
	refused       int
	tables        string
}

// draw draws them anew when ten refusals are new. Admissions do not count: they are public.
func (k *keptRates) draw(tx *db.Tx, ed edition.Edition, now time.Time) error {
	all, err := selectDecided(tx, ed.ID)
	if err != nil {
		return err
	}
	refused := 0
	for _, c := range all {
		if c.refused {
			refused += c.n
		}
	}
	if refused-k.refused < cell.Renewal {
		return nil
	}
	themes, err := selectThemes(tx, ed.ID)
	if err != nil {
		return err
	}
	institutions, err := people.Institutions(tx, now)
	if err != nil {
		return err
	}
	municipalities, err := people.Municipalities(tx, ed.Territory, now)
	if err != nil {
		return err
	}
	r := Rates{
		Theme:       ratesOf(all, keysOf(themes, func(c glosa.Code) string { return string(c) }), func(c decidedAlike) string { return c.theme }),
		Institution: ratesOf(all, keysOf(institutions, func(i people.Institution) string { return string(i.Key) }), func(c decidedAlike) string { return c.institution }),
		Place:       ratesOf(all, keysOf(municipalities, func(m people.Territory) string { return string(m.Code) }), func(c decidedAlike) string { return c.place }),
	}
	tables, err := json.Marshal(r)
	k.drawn, k.refused, k.tables = k.looked, refused, string(tables)
	return err
}

func keysOf[T any](all []T, key func(T) string) (out []string) {
	for _, x := range all {
		out = append(out, key(x))
	}
	return out
}

// rates reads what was drawn last; nothing when nothing was.
func rates(tx *db.Tx, ed glosa.EditionID) (r Rates, err error) {
	all, err := selectRates(tx)
	if at := slices.IndexFunc(all, func(k keptRates) bool { return k.edition == ed }); err == nil && at >= 0 {
		err = json.Unmarshal([]byte(all[at].tables), &r)
		r.Drawn = all[at].drawn
	}
	return r, err
}
