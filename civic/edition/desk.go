package edition

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"glosa"
	"glosa/db"
)

// Desk is where editions are founded, moved and read.
type Desk struct {
	DB    *db.DB
	Gates []Gate       // what later rooms ask before a stage is entered
	Dues  []Due        // what later rooms want done when its time comes
	Redue []Redue      // what later rooms do when the edition's deadlines have moved
	Log   *slog.Logger // of the clock; nil is silent

	one      db.Memo[glosa.EditionID, Edition]
	many     db.Memo[glosa.SeriesID, []Edition]
	facts    db.Memo[glosa.EditionID, []Fact]
	dossiers db.Memo[glosa.SeriesID, Dossier]
	departed db.Memo[glosa.EditionID, Exceptions]
	stuck    stuck
}

// ours is what the memos of this room are read from.
var ours = []string{"edition"}

// Gate tells what keeps an edition from entering a stage. It reads, in the
// transaction of the act that would move it.
type Gate func(tx *db.Tx, ed Edition, to Stage) ([]Missing, error)

// Due is work of a later room that time alone makes necessary.
type Due struct {
	Room string
	// Rows lists at most limit rows that are due at now, and Row does what is due in
	// one of them, if it still is. Each stands alone: one that fails is left out, and
	// the others have their time ([Desk.Stuck]). Nil where a room has none.
	Rows func(tx *db.Tx, now time.Time, limit int) ([]string, error)
	Row  func(tx *db.Tx, now time.Time, row string) error
	// Run does at most limit of what is due at now and tells how much it did.
	Run func(tx *db.Tx, now time.Time, limit int) (done int, err error)
	// Next is the next instant at which Run has something to do; zero when there
	// is none, in the past when something is due already.
	Next func(tx *db.Tx) (time.Time, error)
}

// Redue computes anew what a room keeps of an edition's deadlines, in the act that
// moved them: a suspension.
type Redue func(tx *db.Tx, ed Edition) error

// Load reads an edition as it stands. NotFound.
func Load(tx *db.Tx, id glosa.EditionID) (Edition, error) { return selectOne(tx, id) }

// Here is the clock on the wall of an edition; without an edition, of the newest
// one. UTC where there is none.
func Here(tx *db.Tx, id glosa.EditionID) (*time.Location, error) {
	found, err := selectZone(tx, id)
	if err != nil || len(found) == 0 {
		return time.UTC, err
	}
	return protocols.location(found[0])
}

// Enter loads an edition for an act in it: NotFound; Denied when may.txt does
// not let the actor do the act there; Closed (with Until, if a later stage of the
// plan allows it) when its stage does not.
func Enter(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.EditionID) (Edition, error) {
	if err := by.MayIn(act, id); err != nil {
		return Edition{}, err
	}
	ed, err := selectOne(tx, id)
	if err != nil {
		return Edition{}, err
	}
	stages, all := by.OpenStages(act)
	if all {
		return ed, nil
	}
	now := ed.StageAt(tx.Now)
	var opens time.Time
	over := true
	for _, s := range stages {
		over = over && !now.Before(Stage(s))
		if !ed.Documented && now == Stage(s) {
			return ed, nil
		}
		if at := ed.Plan.On(Stage(s)); now.Before(Stage(s)) && at.After(tx.Now) && (opens.IsZero() || at.Before(opens)) {
			opens = at
		}
	}
	if !over || now == Postponed {
		return Edition{}, closed(ed, act, opens)
	}
	return Edition{}, Over(tx, ed, act, func(e Edition) bool {
		return !e.Documented && slices.Contains(stages, string(e.StageAt(tx.Now)))
	})
}

// Over is the refusal of an act whose stages are behind an edition for good: it
// says so, and names the edition of the series that takes it now, if there is one.
func Over(tx *db.Tx, ed Edition, act glosa.Act, takes func(Edition) bool) error {
	e := glosa.Refuse(glosa.Closed, "s.closed.over", "edition", string(ed.ID), "stage", string(ed.Stage), "rule", string(act))
	all, err := selectSeries(tx, ed.Series)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != ed.ID && takes(other) {
			e.Key, e.Args["next"] = "s.closed.next", string(other.ID)
			break
		}
	}
	return e
}

func closed(ed Edition, act glosa.Act, until time.Time) error {
	key := "s.closed"
	if ed.Stage == Postponed {
		key = "ed.postponed"
	}
	e := glosa.Refuse(glosa.Closed, key, "edition", string(ed.ID), "stage", string(ed.Stage), "rule", string(act))
	e.Until = until
	return e
}

// Earlier lists the editions of the same series before this one, newest first,
// the documented ones among them. NotFound.
func Earlier(tx *db.Tx, id glosa.EditionID) ([]Edition, error) {
	ed, err := selectOne(tx, id)
	if err != nil {
		return nil, err
	}
	return selectEarlier(tx, ed)
}

// Last is the edition of the same series before this one that had a protocol of
// ours; ok is false when there is none. The protocol page compares with it.
func Last(tx *db.Tx, id glosa.EditionID) (last Edition, ok bool, err error) {
	earlier, err := Earlier(tx, id)
	if err != nil {
		return Edition{}, false, err
	}
	for _, e := range earlier {
		if !e.Documented && e.Stage != Cancelled {
			return e, true, nil
		}
	}
	return Edition{}, false, nil
}

// Get reads an edition as it stands. Its lists are shared: who wants to change
// them copies them. NotFound.
func (d *Desk) Get(ctx context.Context, id glosa.EditionID) (Edition, error) {
	return d.one.Read(ctx, d.DB, id, ours, func(tx *db.Tx) (Edition, error) { return selectOne(tx, id) })
}

// List reads the editions of a series, newest first; of all series when it is "".
func (d *Desk) List(ctx context.Context, series glosa.SeriesID) ([]Edition, error) {
	all, err := d.shelf(ctx, series)
	return slices.Clone(all), err
}

// shelf is List as the readers share it: never changed.
func (d *Desk) shelf(ctx context.Context, series glosa.SeriesID) ([]Edition, error) {
	return d.many.Read(ctx, d.DB, series, ours, func(tx *db.Tx) ([]Edition, error) { return selectSeries(tx, series) })
}

// Home is the edition a series shows at its front door: the newest one that was
// called and is not over, else the newest that is over. NotFound when nothing
// but drafts and documented editions is there.
func (d *Desk) Home(ctx context.Context, series glosa.SeriesID) (Edition, error) {
	all, err := d.shelf(ctx, series)
	if err != nil {
		return Edition{}, err
	}
	var over *Edition
	for i, e := range all {
		switch {
		case e.Documented || e.Stage == Draft || e.Stage == Cancelled:
		case e.Stage == Evaluated || e.Stage == Closed:
			if over == nil {
				over = &all[i]
			}
		default:
			return e, nil
		}
	}
	if over == nil {
		return Edition{}, glosa.Missing("series", string(series))
	}
	return *over, nil
}

// Exceptions is every departure from the rules and the plan, for the edition's page.
type Exceptions struct {
	Waivers     []Waiver // those confirmed by both sides
	Pending     []Waiver // proposed, waiting for the other side: desks only
	Extensions  []Moved
	Suspensions []Suspension
	Halts       []Halt // postponements, returns, the cancellation
}

// Exceptions reads an edition's waivers, extensions, suspensions and
// postponements. NotFound.
func (d *Desk) Exceptions(ctx context.Context, id glosa.EditionID) (Exceptions, error) {
	x, err := d.departed.Read(ctx, d.DB, id, ours, func(tx *db.Tx) (Exceptions, error) { return exceptionsOf(tx, id) })
	return Exceptions{slices.Clone(x.Waivers), slices.Clone(x.Pending), slices.Clone(x.Extensions), slices.Clone(x.Suspensions), slices.Clone(x.Halts)}, err
}

func exceptionsOf(tx *db.Tx, id glosa.EditionID) (x Exceptions, err error) {
	if _, err := selectOne(tx, id); err != nil {
		return x, err
	}
	waivers, err := selectWaivers(tx, id)
	if err != nil {
		return x, err
	}
	for _, w := range waivers {
		if w.SecondAt.IsZero() {
			x.Pending = append(x.Pending, w)
		} else {
			x.Waivers = append(x.Waivers, w)
		}
	}
	if x.Extensions, err = selectExtensions(tx, id); err != nil {
		return x, err
	}
	if x.Suspensions, err = selectSuspensions(tx, id); err != nil {
		return x, err
	}
	x.Halts, err = selectHalts(tx, id)
	return x, err
}

// Needs tells the next stage of an edition and what it still needs for it.
// NotFound; Closed when no stage follows.
func (d *Desk) Needs(ctx context.Context, id glosa.EditionID) (to Stage, missing []Missing, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ed, err := selectOne(tx, id)
		if err != nil {
			return err
		}
		next, ok := ed.Stage.Next()
		if !ok || ed.Documented {
			return closed(ed, "edition.advance", time.Time{})
		}
		to = next
		missing, _, err = d.missing(tx, ed, next)
		return err
	})
	return to, missing, err
}

// Changes are the differences of an edition's protocol with the last edition of
// its series; last is "" when there is none to compare with. NotFound.
func (d *Desk) Changes(ctx context.Context, id glosa.EditionID) (changes []Change, last glosa.EditionID, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		changes, last = nil, ""
		ed, err := selectOne(tx, id)
		if err != nil {
			return err
		}
		before, ok, err := Last(tx, id)
		if err != nil || !ok || ed.Protocol == nil {
			return err
		}
		changes, last = Diff(before.Protocol, ed.Protocol), before.ID
		return nil
	})
	return changes, last, err
}

// Facts are what sources say of a documented edition, conflicts beside what they
// contradict. NotFound.
func (d *Desk) Facts(ctx context.Context, id glosa.EditionID) ([]Fact, error) {
	facts, err := d.facts.Read(ctx, d.DB, id, ours, func(tx *db.Tx) ([]Fact, error) {
		if _, err := selectOne(tx, id); err != nil {
			return nil, err
		}
		return selectFacts(tx, id)
	})
	return slices.Clone(facts), err
}

// enter is Enter for an act that only an edition of ours can take.
func enter(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.EditionID) (Edition, error) {
	ed, err := Enter(tx, by, act, id)
	if err == nil && (ed.Documented || ed.Stage == Cancelled || ed.Stage == Closed) {
		err = closed(ed, act, time.Time{})
	}
	return ed, err
}

// blockedBy is the list inside an error of Advance; nil when it is another error.
func blockedBy(err error) *Blocked {
	var b *Blocked
	if errors.As(err, &b) {
		return b
	}
	return nil
}

// Heir is an edition that is over and the one of its series that comes next.
type Heir struct {
	Of, Next glosa.EditionID
}

// Heirs lists the editions that were evaluated and have a next one in their series
// that was called: what is left of the former goes on there. In the order of the
// series, so that what goes through several arrives in the last.
func Heirs(tx *db.Tx) (out []Heir, err error) {
	all, err := selectStanding(tx)
	if err != nil {
		return nil, err
	}
	for i, of := range all {
		if of.stage != Evaluated && of.stage != Closed {
			continue
		}
		for _, next := range all[i+1:] {
			if next.series != of.series {
				break
			}
			if next.stage != Draft && next.stage != Cancelled {
				out = append(out, Heir{of.id, next.id})
				break
			}
		}
	}
	return out, nil
}
