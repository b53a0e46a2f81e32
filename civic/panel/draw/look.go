package draw

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/people/portrait"
	"glosa/db"
	"glosa/method/sortition"
)

// Quota is one line of the quotas with how many volunteers there are for it.
type Quota struct {
	sortition.Quota
	Volunteers int
}

// Look is what a facilitator sees of the pool while it can still change.
type Look struct {
	Volunteers int
	Unproven   int // how many have a contact that nobody proved
	Shared     int // how many have a contact, typed and not proven, that another has too
	Quotas     []Quota
	Feasible   bool
	Few        bool // fewer volunteers than seats
	Conflict   []sortition.Bound
	Relaxation []sortition.Change // as [Desk.Relax] would make it
	Beyond     bool               // no relaxation stays within the limits announced
}

// Look tells whether the quotas can be met with the volunteers there are, which
// are in conflict, and the smallest change that would do. It shows exact counts:
// who reads it goes out to look for those who are missing. Kinds: Denied, Closed,
// NotFound, Conflict when nobody may register, or when the computation comes to no end.
func (d *Desk) Look(ctx context.Context, by glosa.Actor, id glosa.EditionID) (l Look, err error) {
	if err := by.MayIn(actLook, id); err != nil {
		return l, err
	}
	_, l, err = d.look(ctx, by, actLook, id)
	return l, err
}

// look reads the pool and asks the method.
func (d *Desk) look(ctx context.Context, by glosa.Actor, act glosa.Act, id glosa.EditionID) (t Terms, l Look, err error) {
	var pool []member
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		_, terms, _, err := enter(tx, by, act, id, Open)
		if err != nil {
			return err
		}
		t = terms
		list, err := selectPool(tx, id)
		if err != nil {
			return err
		}
		pool, err = d.members(list)
		return err
	})
	if err != nil {
		return t, l, err
	}
	text, err := t.Text()
	if err != nil {
		return t, l, err
	}
	of := glosa.Digest([]byte(text + rows(pool).String()))
	d.memo.mu.Lock()
	was := d.memo.looks[id]
	d.memo.mu.Unlock()
	if was.of == of {
		return t, was.look, was.err
	}
	l, err = lookAt(ctx, t, pool)
	if ctx.Err() == nil {
		d.memo.mu.Lock()
		defer d.memo.mu.Unlock()
		keep(&d.memo.looks, id, looked{of, l, err})
	}
	return t, l, err
}

// lookAt asks the method whether a pool can meet the quotas.
func lookAt(ctx context.Context, t Terms, pool []member) (l Look, err error) {
	label(pool)
	in, err := instance(t, pool)
	if err != nil {
		return l, err
	}
	n := tally(pool)
	l.Volunteers, l.Unproven, l.Shared = len(pool), unproven(pool), shared(pool)
	for _, q := range in.Quotas {
		l.Quotas = append(l.Quotas, Quota{q, n[[2]string{q.Category, q.Feature}]})
	}
	if l.Few = len(pool) < t.Seats; l.Few {
		return l, nil
	}
	err = sortition.Feasible(ctx, in)
	var unmet *sortition.Infeasible
	switch {
	case errors.As(err, &unmet):
		l.Conflict, l.Relaxation, l.Beyond = unmet.Conflict, wide(t.Seats, in.Quotas, unmet.Relaxation), unmet.Beyond
		return l, nil
	case err != nil:
		return l, unfinished(err)
	}
	l.Feasible = true
	return l, nil
}

// unproven counts the volunteers whose contact was typed and not shown.
func unproven(pool []member) (n int) {
	for _, m := range pool {
		if !m.proven {
			n++
		}
	}
	return n
}

// shared counts the volunteers whose typed contact is another's too.
func shared(pool []member) (n int) {
	by := map[glosa.Hash]int{}
	for _, m := range pool {
		by[m.contact]++
	}
	for _, k := range by {
		if k > 1 {
			n += k
		}
	}
	return n
}

// wide is a relaxation that does not tell how many volunteers a small group has.
// The smallest change gives way to just that number; so a bound that would name
// fewer people than a cell of its category may show goes to the limit announced,
// and all the way where the limit leaves one number only.
func wide(seats int, quotas []sortition.Quota, by []sortition.Change) []sortition.Change {
	out := slices.Clone(by)
	for i, c := range out {
		at := slices.IndexFunc(quotas, func(q sortition.Quota) bool { return q.Category == c.Category && q.Feature == c.Feature })
		if at < 0 {
			continue
		}
		q := quotas[at]
		switch {
		case c.Bound == "min" && c.To < least(c.Category):
			if out[i].To = q.MinFlex; q.MinFlex == q.Min-1 || q.MinFlex == sortition.NoLimit {
				out[i].To = 0
			}
		case c.Bound == "max" && seats-c.To < least(c.Category): // the others of the category are the small ones
			if out[i].To = q.MaxFlex; q.MaxFlex == q.Max+1 || q.MaxFlex == sortition.NoLimit || q.MaxFlex > seats {
				out[i].To = seats
			}
		}
	}
	return out
}

// Relax lets quotas that cannot be met give way by the smallest change that does,
// in public, once registration has closed: within the limits announced, and as far
// as it takes that nobody reads from it how many a small group is ([wide]). Nobody
// chooses which. Kinds: Denied, Closed (with Until), NotFound, Conflict when they
// can be met, or by no change within the limits.
func (d *Desk) Relax(ctx context.Context, by glosa.Actor, id glosa.EditionID) error {
	if err := by.MayIn(actRelax, id); err != nil {
		return err
	}
	t, l, err := d.look(ctx, by, actRelax, id)
	switch {
	case err != nil:
		return err
	case l.Feasible:
		return glosa.Refuse(glosa.Conflict, "dw.met")
	case l.Few || l.Beyond || len(l.Relaxation) == 0:
		return glosa.Refuse(glosa.Conflict, "dw.beyond")
	}
	next, err := relaxed(t, l.Relaxation)
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		r, now, _, err := enter(tx, by, actRelax, id, Open)
		if err != nil {
			return err
		}
		if tx.Now.Before(now.Closes) {
			e := glosa.Refuse(glosa.Closed, "dw.early", "edition", string(id), "rule", string(actRelax))
			e.Until = now.Closes
			return e
		}
		if now != t {
			return glosa.Refuse(glosa.Conflict, "dw.moved")
		}
		return change(tx, by, r, next, "relaxed")
	})
}

// relaxed is terms with a relaxation put in.
func relaxed(t Terms, by []sortition.Change) (Terms, error) {
	list, err := t.List()
	if err != nil {
		return t, err
	}
	for _, c := range by {
		i := slices.IndexFunc(list, func(q sortition.Quota) bool { return q.Category == c.Category && q.Feature == c.Feature })
		if i < 0 {
			continue
		}
		if c.Bound == "min" {
			list[i].Min = c.To
			if list[i].MinFlex != sortition.NoLimit {
				list[i].MinFlex = min(list[i].MinFlex, c.To)
			}
		} else {
			list[i].Max = c.To
			if list[i].MaxFlex != sortition.NoLimit {
				list[i].MaxFlex = max(list[i].MaxFlex, c.To)
			}
		}
	}
	var out bytes.Buffer
	err = sortition.WriteCategories(&out, list)
	t.Quotas = out.String()
	return t, err
}

// Propose is quotas for a number of seats that follow the census of the edition's
// adults by sex and age, and by language: what the shares give, rounded down and
// up, with one seat of room beyond for a relaxation. Nobody is bound by it. "" when
// the census does not tell.
func (d *Desk) Propose(ctx context.Context, id glosa.EditionID, seats int) (csv string, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return err
		}
		place, err := people.TerritoryOn(tx, ed.Territory, tx.Now)
		if err != nil {
			return err
		}
		csv, err = proposal(place, seats)
		return err
	})
	return csv, err
}

func proposal(place people.Territory, seats int) (string, error) {
	var list []sortition.Quota
	for _, c := range Known() {
		census := portrait.Census(place, portrait.Attribute(c.Name))
		var whole int64
		for _, f := range c.Features {
			whole += census[glosa.Code(f)]
		}
		for _, f := range c.Features {
			n, told := census[glosa.Code(f)]
			switch {
			case whole == 0:
			case !told: // whoever the census has no word for is not left out
				list = append(list, sortition.Quota{Category: c.Name, Feature: f, Max: 1, MaxFlex: seats})
			default:
				low := int(n * int64(seats) / whole)
				high := min(seats, low+1)
				list = append(list, sortition.Quota{Category: c.Name, Feature: f, Min: low, Max: high, MinFlex: max(0, low-1), MaxFlex: min(seats, high+1)})
			}
		}
	}
	if list == nil {
		return "", nil
	}
	var out bytes.Buffer
	err := sortition.WriteCategories(&out, list)
	return out.String(), err
}
