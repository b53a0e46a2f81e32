package question

import (
	"cmp"
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
// much waits, what was refused, and which side kept silent. No question can be
// told from it.
type Fairness struct {
	Decided     int           // first decisions: admitted or refused
	Median, P90 time.Duration // from receipt to the first decision; the author's time to mend the text is in it
	Within      int           // decided within the first clock of the protocol
	Waiting     []Wait
	Late        int // of those that wait: beyond their clock
	Refused     int
	Sides       []SideWords
	Theme       []Rate
	Institution []Rate
	Place       []Rate
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

// Rate is how many of the decided questions were refused. Hidden: so few that
// single ones could be told; then it holds no numbers.
type Rate struct {
	Key     string
	Decided int
	Refused int
	Hidden  bool
}

// few is below how many refusals a row of a place or an institution shows none:
// where a refused question came from, and whom it was meant for, is not public.
const few = 5

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
		for _, part := range []func(*db.Tx, edition.Edition) error{f.times, f.backlog, f.sides, f.rates} {
			if err := part(tx, e); err != nil {
				return err
			}
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

// rates: what was refused, by what it was about, whom it was for and where it came from.
func (f *Fairness) rates(tx *db.Tx, e edition.Edition) error {
	all, err := selectDecided(tx, e.ID)
	if err != nil {
		return err
	}
	theme, office, place := map[string]*Rate{}, map[string]*Rate{}, map[string]*Rate{}
	for _, c := range all {
		if c.refused {
			f.Refused += c.n
		}
		for key, in := range map[string]map[string]*Rate{"t" + c.theme: theme, "i" + c.institution: office, "m" + c.place: place} {
			r := in[key[1:]]
			if r == nil {
				r = &Rate{Key: key[1:]}
				in[key[1:]] = r
			}
			if r.Decided += c.n; c.refused {
				r.Refused += c.n
			}
		}
	}
	f.Theme, f.Institution, f.Place = shown(theme), shown(office), shown(place)
	return nil
}

// decidedAlike is how many questions with the same theme, addressee and place were
// admitted, or refused.
type decidedAlike struct {
	theme, institution, place string
	refused                   bool
	n                         int
}

// shown lists rates, the most decided first, and hides those with so few refusals
// that single ones could be told; one hidden row alone would be the rest of the
// sum, so the next smallest goes with it.
func shown(rates map[string]*Rate) []Rate {
	out := make([]Rate, 0, len(rates))
	for _, r := range rates {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Rate) int { return cmp.Or(b.Decided-a.Decided, cmp.Compare(a.Key, b.Key)) })
	hidden, next := 0, -1
	for i, r := range out {
		if out[i].Hidden = r.Refused > 0 && r.Refused < few; out[i].Hidden {
			hidden++
		} else if next < 0 || r.Refused < out[next].Refused || r.Refused == out[next].Refused && r.Decided < out[next].Decided {
			next = i
		}
	}
	if hidden == 1 && next >= 0 {
		out[next].Hidden = true
	}
	for i := range out {
		if out[i].Hidden {
			out[i] = Rate{Key: out[i].Key, Hidden: true}
		}
	}
	return out
}
