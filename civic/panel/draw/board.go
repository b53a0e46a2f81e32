package draw

import (
	"encoding/json"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/cell"
	"glosa/method/sortition"
)

// Hidden is a figure that is not shown.
const Hidden = cell.Hidden

// Cell is how many volunteers have a feature: in fives, or [Hidden].
type Cell struct {
	Category string `json:"c"`
	Feature  string `json:"f"`
	People   int    `json:"n"`
}

// Board is what everybody sees of the volunteers while there is time to be one.
type Board struct {
	At    time.Time // zero: not drawn yet
	Total int       // in fives, or Hidden
	Cells []Cell
}

// least is below what a category's cells are hidden (trust.md §5).
func least(category string) int {
	if category == "language" || category == "disability" {
		return cell.Fewer
	}
	return cell.Few
}

// paint shows counts by the rules of small cells. The number of volunteers is
// public once the pool is frozen, and each has one feature of each category: a
// reader knows the sum of every line.
func paint(cats []Category, counts map[[2]string]int) (out []Cell) {
	var lines []cell.Line
	var all []*cell.Cell
	for _, c := range cats {
		line := cell.Line{Known: true}
		for _, f := range c.Features {
			x := cell.New(counts[[2]string{c.Name, f}], least(c.Name))
			line.Cells, all = append(line.Cells, &x), append(all, &x)
		}
		lines = append(lines, line)
	}
	cell.Hide(lines)
	i := 0
	for _, c := range cats {
		for _, f := range c.Features {
			out = append(out, Cell{c.Name, f, all[i].Figure()})
			i++
		}
	}
	return out
}

// read is the board as it is kept.
func (r row) read() (b Board, err error) {
	b = Board{At: r.boardAt, Total: Hidden}
	if err := json.Unmarshal([]byte(r.board), &b.Cells); err != nil {
		return b, err
	}
	sum := map[string]int{}
	for _, c := range b.Cells {
		if was, ok := sum[c.Category]; c.People == Hidden || ok && was == Hidden {
			sum[c.Category] = Hidden
			continue
		}
		sum[c.Category] += c.People
	}
	for _, n := range sum {
		if n != Hidden && (b.Total == Hidden || n < b.Total) {
			b.Total = n // sums of rounded figures differ by a few: the least is told
		}
	}
	return b, nil
}

// Want is how much a feature is looked for among the volunteers, as far as the
// board tells: of what is hidden nothing is said but that it is.
type Want string

const (
	WantMany   Want = "many"   // fewer are shown than the panel needs
	WantSome   Want = "some"   // fewer than twice as many
	WantHidden Want = "hidden" // too few to be shown, or hidden beside others
	WantNone   Want = "enough"
)

// Wanted is one line of what is missing.
type Wanted struct {
	sortition.Quota
	People int
	Want   Want
}

// Missing lays the board beside the quotas.
func (b Board) Missing(t Terms) (out []Wanted) {
	list, err := t.List()
	if err != nil {
		return nil
	}
	for _, q := range list {
		w := Wanted{Quota: q, People: Hidden, Want: WantHidden}
		for _, c := range b.Cells {
			if c.Category == q.Category && c.Feature == q.Feature {
				w.People = c.People
			}
		}
		switch {
		case w.People == Hidden:
		case w.People < q.Min:
			w.Want = WantMany
		case w.People < 2*q.Min:
			w.Want = WantSome
		default:
			w.Want = WantNone
		}
		out = append(out, w)
	}
	return out
}

// Due draws the boards anew each night on which ten volunteers or more are new,
// and destroys what volunteers said when the edition's key goes.
func (d *Desk) Due() edition.Due {
	return edition.Due{Room: "draw", Next: nextDue, Run: d.runDue}
}

func nextDue(tx *db.Tx) (next time.Time, err error) {
	all, err := selectDraws(tx)
	for i := 0; i < len(all) && err == nil; i++ {
		r := all[i]
		var ed edition.Edition
		if ed, err = edition.Load(tx, r.edition); err != nil {
			return next, err
		}
		var at time.Time
		if r.state == Open && tx.Now.Before(r.closes) {
			at = ed.NextNight(r.looked)
		}
		if goes := goes(ed, r); !goes.IsZero() && (at.IsZero() || goes.Before(at)) {
			at = goes
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, err
}

// goes is when what the volunteers said is destroyed; zero while that is not known,
// and when it is done.
func goes(ed edition.Edition, r row) time.Time {
	if !r.destroyed.IsZero() {
		return time.Time{}
	}
	return voter.KeyGoes(ed)
}

func (d *Desk) runDue(tx *db.Tx, now time.Time, limit int) (done int, err error) {
	all, err := selectDraws(tx)
	for i := 0; i < len(all) && err == nil && done < limit; i++ {
		r := all[i]
		ed, err := edition.Load(tx, r.edition)
		if err != nil {
			return done, err
		}
		if at := goes(ed, r); !at.IsZero() && !now.Before(at) {
			if err := destroy(tx, r, now); err != nil {
				return done, err
			}
			done++
			continue
		}
		if r.state != Open || !now.Before(r.closes) || now.Before(ed.NextNight(r.looked)) {
			continue
		}
		if err := d.repaint(tx, r, ed.Night(now)); err != nil {
			return done, err
		}
		done++
	}
	return done, err
}

// repaint draws a board anew if enough is new.
func (d *Desk) repaint(tx *db.Tx, r row, night time.Time) error {
	fresh, err := countFresh(tx, r.edition)
	if err != nil {
		return err
	}
	r.looked = night
	if fresh < cell.Renewal {
		return saveDraw(tx, r)
	}
	t, err := parseTerms(r.terms)
	if err != nil {
		return err
	}
	list, err := selectPool(tx, r.edition)
	if err != nil {
		return err
	}
	pool, err := d.members(list)
	if err != nil {
		return err
	}
	js, err := json.Marshal(paint(t.Categories(), tally(pool)))
	if err != nil {
		return err
	}
	r.board, r.boardAt = string(js), night
	if err := saveDraw(tx, r); err != nil {
		return err
	}
	if err := staleAll(tx, r.edition); err != nil {
		return err
	}
	return tx.Leave(kBoard.Event(glosa.System(), r.edition, string(r.edition), noBody{}))
}

// destroy leaves nothing of what volunteers said.
func destroy(tx *db.Tx, r row, now time.Time) error {
	if err := emptyBoxes(tx, r.edition); err != nil {
		return err
	}
	r.destroyed = now
	if err := saveDraw(tx, r); err != nil {
		return err
	}
	return tx.Leave(kDestroyed.Event(glosa.System(), r.edition, string(r.edition), noBody{}))
}
