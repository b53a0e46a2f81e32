package question

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Fairness is how an edition's questions were decided, in counts: how soon, how
// much waits, what was refused, and which side kept silent, as it stands now; but for
// the [Rates], which are drawn at night. No question can be told from it.
type Fairness struct {
	Decided     int           // first decisions: admitted or refused
	Median, P90 time.Duration // from receipt to the first decision; the author's time to mend the text is in it
	Within      int           // decided within the first clock of the protocol
	Waiting     []Wait
	Late        int // of those that wait: beyond their clock
	Refused     int
	Sides       []SideWords
	Rates       Rates
	Owed        int // translations awaited
	OwedLate    int // of these, overdue
	Translated  int
	Redacted    int
	At          time.Time
}

// Wait is how many questions have waited so long for a decision.
type Wait struct {
	From, To time.Duration // To is zero for the last
	N        int
}

// SideWords is what one side's moderators said, and where they said nothing.
type SideWords struct {
	Side     glosa.Side
	Admitted int // by one person of this side alone
	Proposed int // refusals that this side proposed
	Refused  int // of these, refused by both
	Asked    int // second words that were this side's to give, on refusals and appeals that are over
	Agreed   int // of these, the same word as the first
	Silent   int // of these, that did not come in time
}

// waitSteps are the bounds of the public backlog, against a clock of 48 to 72 hours.
var waitSteps = []time.Duration{0, 24 * time.Hour, 48 * time.Hour, 72 * time.Hour}

// Fairness counts an edition's moderation as it stands now. NotFound.
func (d *Desk) Fairness(ctx context.Context, ed glosa.EditionID) (f Fairness, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		e, err := edition.Load(tx, ed)
		if err != nil {
			return err
		}
		f = Fairness{At: tx.Now}
		for _, part := range []func(*db.Tx, edition.Edition) error{f.times, f.backlog, f.sides} {
			if err := part(tx, e); err != nil {
				return err
			}
		}
		if f.Refused, err = countRefused(tx, ed); err != nil {
			return err
		}
		if f.Rates, err = rates(tx, ed); err != nil {
			return err
		}
		f.Owed, f.OwedLate, f.Translated, err = countTranslations(tx, ed)
		if err != nil {
			return err
		}
		f.Redacted, err = countSealed(tx, ed)
		return err
	})
	return f, err
}

// times: how soon the first decision came.
func (f *Fairness) times(tx *db.Tx, e edition.Edition) error {
	all, err := selectFirstDecisions(tx, e.ID)
	if err != nil {
		return err
	}
	took := make([]time.Duration, len(all))
	for i, t := range all {
		took[i] = max(0, t.decided.Sub(t.received))
		if !t.decided.After(reviewBy(e, t.received).Due) {
			f.Within++
		}
	}
	slices.Sort(took)
	f.Decided, f.Median, f.P90 = len(took), quantile(took, 0.5), quantile(took, 0.9)
	return nil
}

// quantile is the smallest value that at least the share p of all do not exceed.
func quantile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, int(math.Ceil(p*float64(len(sorted))))-1)]
}

// backlog: how long what waits has waited.
func (f *Fairness) backlog(tx *db.Tx, e edition.Edition) error {
	all, err := selectBacklog(tx, e.ID)
	if err != nil {
		return err
	}
	f.Waiting = make([]Wait, len(waitSteps))
	for i, from := range waitSteps {
		f.Waiting[i].From = from
		if i+1 < len(waitSteps) {
			f.Waiting[i].To = waitSteps[i+1]
		}
	}
	for _, w := range all {
		for i := len(waitSteps) - 1; i >= 0; i-- {
			if f.At.Sub(w.received) >= waitSteps[i] || i == 0 {
				f.Waiting[i].N++
				break
			}
		}
		if !w.due.IsZero() && f.At.After(w.due) {
			f.Late++
		}
	}
	return nil
}

// sides: who said what, and who nothing.
func (f *Fairness) sides(tx *db.Tx, e edition.Edition) error {
	by := map[glosa.Side]*SideWords{glosa.Government: {Side: glosa.Government}, glosa.Civil: {Side: glosa.Civil}}
	other := map[glosa.Side]*SideWords{glosa.Government: by[glosa.Civil], glosa.Civil: by[glosa.Government]}
	alone, err := countAdmittedAlone(tx, e.ID)
	if err != nil {
		return err
	}
	for who, n := range alone {
		rest, ok := strings.CutPrefix(who, "seat:")
		side, _, _ := strings.Cut(rest, ":")
		if s := by[glosa.Side(side)]; ok && s != nil {
			s.Admitted += n
		}
	}
	rulings, err := selectClosedRulings(tx, e.ID)
	if err != nil {
		return err
	}
	for _, r := range rulings {
		first, second := by[r.first.side], other[r.first.side]
		if r.kind == kindRefuse {
			first.Proposed++
			if r.outcome == outRefused {
				first.Refused++
			}
		}
		second.Asked++
		switch {
		case r.second == nil:
			second.Silent++
		case r.second.word == r.first.word:
			second.Agreed++
		}
	}
	f.Sides = []SideWords{*by[glosa.Government], *by[glosa.Civil]}
	return nil
}
