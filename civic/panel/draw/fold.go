package draw

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
)

// Words of the record's check for a leaf that comes where the rules of a draw have no
// place for it.
const (
	badAnnounced = "a draw is announced again after its registration was opened"
	badOpened    = "registration for a draw is opened twice, or of nothing announced"
	badChanged   = "terms of a draw changed while registration was not open"
	badFrozen    = "a pool is frozen twice, or was never open"
	badTyped     = "a seed is typed for no frozen pool, or after the draw"
	badDrawn     = "a panel is drawn twice, or of no frozen pool"
	badSeat      = "a seat of a panel that was not drawn"
	badGone      = "a number is gone of a pool that was not frozen"
	badBack      = "a registration was taken back before the freeze, after it"
	badChairs    = "chairs are reserved for a draw that was not announced"
	badAudited   = "a pool is audited that was not frozen"

	badDates    = "the seed of a draw exists too soon after its registration closes"
	badLateOpen = "registration is opened after it closes"
	badEarlier  = "dates of a draw are moved to earlier ones"
	badRelaxed  = "dates of a draw are moved by a change of its quotas"
	badTerms    = "the terms are not those that were told last"
	badEarly    = "a pool is frozen before registration closes"
	badLate     = "a pool is frozen after the seed exists, or too short before it"
	badSeedTime = "a seed is typed, or a panel drawn, before the seed exists"
	badOneSide  = "a panel is drawn of a seed that one side alone typed"
)

// step is how far the leaves say that a draw has come, and under which terms.
type step struct {
	state          State
	terms          string // their digest
	closes, seedAt time.Time
}

// stepsOf is the name of the nth step in the ledger's notes. Each has a note of its
// own: where a restore says that it lost the last ones, the draw stands again where its
// tables do, and what was lost is told anew.
func stepsOf(n int) string { return ".step." + strconv.Itoa(n) }

// last reads the last step that stands, and how many there are.
func last(l glosa.Ledger, draw string) (s step, n int) {
	for {
		word := l.Word(sortDraw, draw, stepsOf(n+1))
		if word == "" {
			return s, n
		}
		s, n = parseStep(word), n+1
	}
}

func (s step) word() string {
	return string(s.state) + " " + s.terms + " " + glosa.TimeWord(s.closes) + " " + glosa.TimeWord(s.seedAt)
}

func parseStep(word string) (s step) {
	f := strings.Split(word, " ")
	s.state, s.terms = State(f[0]), f[1]
	s.closes, _ = time.Parse(time.RFC3339, f[2]) // as word wrote it
	s.seedAt, _ = time.Parse(time.RFC3339, f[3])
	return s
}

// reader reads the leaves of one draw.
type reader struct {
	glosa.Ledger
	glosa.Event
	step
	n int
}

func (r *reader) say(what, word string)               { r.Say(sortDraw, r.Subject, what, word) }
func (r *reader) text(what string, digest glosa.Hash) { r.SayText(sortDraw, r.Subject, what, digest) }

// after names a leaf that comes in none of the states.
func (r *reader) after(why string, states ...State) bool {
	if slices.Contains(states, r.state) {
		return true
	}
	r.Fault(why)
	return false
}

// unless names what is not so.
func (r *reader) unless(so bool, why string) {
	if !so {
		r.Fault(why)
	}
}

// take writes the next step down.
func (r *reader) take(s step) {
	r.say(stepsOf(r.n+1), s.word())
	r.say("state", string(s.state))
}

// Fold reads one public event and says what the tables must have after it. A draw
// goes one way, each step once: announced, opened, frozen before the seed exists,
// drawn after it. A step out of its order decides nothing and is a fault, as is one
// whose own time is not within the dates that were told.
func Fold(l glosa.Ledger, e glosa.Event) error {
	r := &reader{Ledger: l, Event: e}
	r.step, r.n = last(l, e.Subject)
	switch e.Kind {
	case kAnnounced.Name, kChanged.Name:
		return r.foldTerms()
	case kOpened.Name:
		b, err := glosa.BodyOf[openedBody](e)
		if err != nil || !r.after(badOpened, Announced) {
			return err
		}
		r.unless(b.Terms.String() == r.terms, badTerms)
		r.unless(e.At.Before(r.closes), badLateOpen)
		r.take(step{Open, r.terms, r.closes, r.seedAt})
	case kFrozen.Name:
		return r.foldFrozen()
	case kTyped.Name:
		b, err := glosa.BodyOf[typedBody](e)
		if err != nil || !r.after(badTyped, Frozen) {
			return err
		}
		r.unless(!e.At.Before(r.seedAt), badSeedTime)
		r.say(".typed."+string(b.Side), "yes")
	case kDrawn.Name:
		return r.foldDrawn()
	case kChairs.Name:
		b, err := glosa.BodyOf[chairsBody](e)
		r.after(badChairs, Announced, Open, Frozen, Drawn)
		r.say("chairs", chairsOf(b.Chairs))
		return err
	case kSeat.Name, kGone.Name:
		return r.foldSeat()
	case kBack.Name:
		r.after(badBack, Open)
	case kAudited.Name:
		r.after(badAudited, Frozen, Drawn)
	case kDestroyed.Name:
		r.say("destroyed", "yes")
	}
	return nil
}

// foldTerms: announced again for as long as registration is not open; while it is,
// dates go to later ones, and quotas give way without them.
func (r *reader) foldTerms() error {
	b, err := glosa.BodyOf[termsBody](r.Event)
	if err != nil {
		return err
	}
	s := step{Announced, b.Terms.String(), b.Closes, b.SeedAt}
	switch {
	case r.Kind == kChanged.Name:
		if !r.after(badChanged, Open) {
			return nil
		}
		s.state = Open
		r.unless(!b.Closes.Before(r.closes) && !b.SeedAt.Before(r.seedAt), badEarlier)
		r.unless(b.Why == "dates" || b.Closes.Equal(r.closes) && b.SeedAt.Equal(r.seedAt), badRelaxed)
	case !r.after(badAnnounced, None, Announced):
		return nil
	}
	r.unless(!b.SeedAt.Before(b.Closes.Add(2*Lead)), badDates)
	r.take(s)
	r.text("terms", b.Terms)
	r.say("closes", glosa.TimeWord(b.Closes))
	r.say("seed_at", glosa.TimeWord(b.SeedAt))
	return nil
}

// foldFrozen: once, after registration closed, and before anybody can know the seed.
func (r *reader) foldFrozen() error {
	b, err := glosa.BodyOf[frozenBody](r.Event)
	if err != nil || !r.after(badFrozen, Open) {
		return err
	}
	r.unless(b.Terms.String() == r.terms, badTerms)
	r.unless(!r.At.Before(r.closes), badEarly)
	r.unless(!r.seedAt.Before(r.At.Add(Lead)), badLate)
	r.take(step{Frozen, r.terms, r.closes, r.seedAt})
	r.say("volunteers", glosa.NumberWord(b.Volunteers))
	r.say("unproven", glosa.NumberWord(b.Unproven))
	r.say("software", string(b.Software))
	r.text(QuotasFile, b.Quotas)
	r.text(PoolFile, b.Pool)
	r.text(LotteryFile, b.Lottery)
	return nil
}

// foldDrawn: once, of the frozen pool, when the seed exists and both sides typed it.
func (r *reader) foldDrawn() error {
	b, err := glosa.BodyOf[drawnBody](r.Event)
	if err != nil || !r.after(badDrawn, Frozen) {
		return err
	}
	r.unless(!r.At.Before(r.seedAt), badSeedTime)
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil} {
		r.unless(r.Word(sortDraw, r.Subject, ".typed."+string(side)) != "", badOneSide)
	}
	r.take(step{Drawn, r.terms, r.closes, r.seedAt})
	r.say("panel", numbers(b.Panel))
	r.text("seed", b.Seed)
	r.text(DrawFile, b.Transcript)
	r.text(OrderFile, b.Order)
	return nil
}

func (r *reader) foldSeat() error {
	if r.Kind == kGone.Name {
		b, err := glosa.BodyOf[goneBody](r.Event)
		r.after(badGone, Frozen, Drawn)
		r.say("gone."+strconv.Itoa(b.Number), "yes")
		return err
	}
	b, err := glosa.BodyOf[seatBody](r.Event)
	r.after(badSeat, Drawn)
	r.say("seat."+strconv.Itoa(b.Number), seatWord(string(b.State), string(b.Why), b.For))
	return err
}
