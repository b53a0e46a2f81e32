package draw

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/db"
)

// View is a draw as everybody sees it.
type View struct {
	Edition    glosa.EditionID
	State      State // None when nothing was announced
	Terms      Terms
	Shut       bool // registration has closed, and the pool is not frozen yet
	Board      Board
	FrozenAt   time.Time
	Volunteers int // in the pool; 0 before
	Unproven   int // of them: with a contact that nobody proved
	Lottery    Lottery
	Typed      map[glosa.Side]time.Time // who typed the seed, while it is not drawn
	Seed       string
	DrawnAt    time.Time
	Panel      []int
	Transcript []string
	Seats      []Standing
	Digests    map[string]glosa.Hash // of each file, by its name
	Destroyed  bool
	Chairs     []Chair       // of the table, for whoever is drawn; nil while it is not said which
	Others     []people.Seat // chairs of the table that are not drawn
}

// Call is what whoever wants to register must know of a draw.
type Call struct {
	Terms Terms
	Open  bool // registration is open now
}

// Call reads whether registration is open, and what it asks. One that was never
// announced is empty.
func (d *Desk) Call(ctx context.Context, id glosa.EditionID) (c Call, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := selectDraw(tx, id)
		if err != nil && glosa.KindOf(err) == glosa.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		c.Open = r.state == Open && tx.Now.Before(r.closes)
		c.Terms, err = parseTerms(r.terms)
		return err
	})
	return c, err
}

// Lottery is what is known before the seed.
type Lottery struct {
	Panels  int
	Least   string // chance of the least likely
	Most    string
	Optimal bool
	Chances []Chance // by number
}

// Chance is one volunteer's.
type Chance struct {
	Number   int
	Exact    string // p/q
	PerMille int    // rounded
}

// View reads an edition's draw. One that was never announced is empty.
func (d *Desk) View(ctx context.Context, id glosa.EditionID) (v View, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		v = View{Edition: id}
		if err := v.others(tx, id); err != nil {
			return err
		}
		r, err := selectDraw(tx, id)
		if err != nil && glosa.KindOf(err) == glosa.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if err := d.fill(tx, &v, r); err != nil {
			return err
		}
		seats, err := selectSeats(tx, id)
		for _, x := range seats {
			v.Seats = append(v.Seats, x.standing(v.Terms))
		}
		v.less()
		return err
	})
	return v, err
}

func (d *Desk) fill(tx *db.Tx, v *View, r row) (err error) {
	if v.Terms, err = parseTerms(r.terms); err != nil {
		return err
	}
	if v.Board, err = r.read(); err != nil {
		return err
	}
	v.Chairs, err = parseChairs(r.chairs)
	if err != nil {
		return err
	}
	v.State, v.FrozenAt, v.Volunteers, v.Unproven, v.Seed, v.DrawnAt = r.state, r.frozen, r.volunteers, r.unproven, r.seed, r.drawn
	v.Shut, v.Destroyed = r.state == Open && !tx.Now.Before(r.closes), !r.destroyed.IsZero()
	v.Digests = map[string]glosa.Hash{}
	for name, file := range r.files() {
		v.Digests[name] = glosa.Digest(file)
	}
	if len(r.lottery) > 0 {
		if v.Lottery, err = d.shown(r); err != nil {
			return err
		}
	}
	if r.state == Drawn {
		if v.Panel, err = parseNumbers(r.panel); err != nil {
			return err
		}
		o, err := d.replay(r)
		if err != nil {
			return err
		}
		v.Transcript = o.steps
		return nil
	}
	v.Typed, err = seedOf(tx, r.edition)
	return err
}

// others are the chairs at the table that nobody is drawn for.
func (v *View) others(tx *db.Tx, id glosa.EditionID) error {
	all, err := people.Seats(tx, id)
	for _, s := range all {
		if slices.Contains(s.Roles, glosa.Panelist) {
			v.Others = append(v.Others, s)
		}
	}
	return err
}

// less takes the chairs for those who are drawn from the others.
func (v *View) less() {
	v.Others = slices.DeleteFunc(v.Others, func(s people.Seat) bool { return slices.Contains(v.Chairs, Chair{s.Side, s.Number}) })
}

func (v volunteer) standing(t Terms) Standing {
	s := Standing{Number: v.number, Seat: v.seat, Why: v.why, For: v.forNumber}
	if v.seat == Invited {
		s.Until = v.until(t)
	}
	return s
}

func parseNumbers(text string) (out []int, err error) {
	for f := range strings.FieldsSeq(text) {
		n, err := strconv.Atoi(f)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// shown is what pages say of the lottery.
func (d *Desk) shown(r row) (l Lottery, err error) {
	res, err := d.result(r)
	if err != nil {
		return l, err
	}
	l = Lottery{Panels: len(res.Panels), Least: res.Min.RatString(), Most: res.Min.RatString(), Optimal: res.Optimal}
	most := res.Min
	for _, id := range slices.Sorted(maps.Keys(res.Probabilities)) {
		p := res.Probabilities[id]
		n, err := strconv.Atoi(id)
		if err != nil {
			return l, err
		}
		if p.Cmp(most) > 0 {
			most = p
		}
		l.Chances = append(l.Chances, chanceOf(n, p))
	}
	l.Most = most.RatString()
	slices.SortFunc(l.Chances, func(a, b Chance) int { return a.Number - b.Number })
	return l, nil
}

// Names of the files of a draw.
const (
	QuotasFile  = "quotas.csv"
	PoolFile    = "pool.csv"
	LotteryFile = "lottery.json"
	DrawFile    = "draw.json"
	OrderFile   = "order.csv"
	ChancesFile = "chances.csv" // read off the lottery: in no leaf of its own
)

// files are the files that there are already.
func (r row) files() map[string][]byte {
	out := map[string][]byte{QuotasFile: r.quotas, PoolFile: r.pool, LotteryFile: r.lottery, DrawFile: r.transcript, OrderFile: r.order}
	maps.DeleteFunc(out, func(_ string, file []byte) bool { return len(file) == 0 })
	return out
}

// File reads one file of a draw by its name. NotFound.
func (d *Desk) File(ctx context.Context, id glosa.EditionID, name string) (file []byte, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := selectDraw(tx, id)
		if err != nil {
			return err
		}
		file = r.files()[name]
		if name == ChancesFile && len(r.lottery) > 0 {
			file, err = d.chances(r)
		}
		if err == nil && file == nil {
			err = glosa.Missing("file", name)
		}
		return err
	})
	return file, err
}

// chances is the lottery's chances as a table.
func (d *Desk) chances(r row) ([]byte, error) {
	l, err := d.shown(r)
	if err != nil {
		return nil, err
	}
	table := [][]string{{"number", "chance", "per_mille"}}
	for _, x := range l.Chances {
		table = append(table, []string{strconv.Itoa(x.Number), x.Exact, strconv.Itoa(x.PerMille)})
	}
	return sheet(table)
}

// Audit hands the pool with its features to the Observatory, and says so in the
// record. Kinds: Denied, NotFound, Conflict before the freeze and once it is destroyed.
func (d *Desk) Audit(ctx context.Context, by glosa.Actor, id glosa.EditionID) (file []byte, err error) {
	if err := by.MayIn(actAudit, id); err != nil {
		return nil, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		r, t, _, err := enter(tx, by, actAudit, id, Frozen, Drawn)
		if err != nil {
			return err
		}
		if !r.destroyed.IsZero() {
			return glosa.Refuse(glosa.Conflict, "dw.destroyed.files")
		}
		list, err := selectPool(tx, id)
		if err != nil {
			return err
		}
		pool, err := d.members(list)
		if err != nil {
			return err
		}
		if file, err = audit(t, pool); err != nil {
			return err
		}
		return tx.Leave(kAudited.Event(by, id, string(id), noBody{}))
	})
	return file, err
}
