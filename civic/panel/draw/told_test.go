package draw

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/db/dbtest"
)

// leaves are the public events of a draw that went its way: announced twice, moved,
// drawn, a seat given on.
func (r *room) leaves() (all []glosa.Event) {
	r.t.Helper()
	ctx, terms := r.t.Context(), r.terms()
	r.ok(r.Announce(ctx, facilitator, ed, terms))
	r.open(terms)
	r.register(24)
	terms.Closes, terms.SeedAt = terms.Closes.Add(time.Hour), terms.SeedAt.Add(time.Hour)
	r.ok(r.Move(ctx, facilitator, ed, terms.Closes, terms.SeedAt))
	r.clock.Set(terms.Closes)
	r.ok(r.Freeze(ctx, facilitator, ed))
	r.clock.Set(terms.SeedAt)
	for _, by := range []glosa.Actor{facilitator, government} {
		_, err := r.Seed(ctx, by, ed, seed)
		r.ok(err)
	}
	r.answers(r.view().Panel[0], false)
	_, err := r.Audit(ctx, auditor, ed)
	r.ok(err)
	for _, e := range dbtest.Events(r.t, r.DB) {
		if e.Room == "draw" && e.Public {
			all = append(all, e)
		}
	}
	return all
}

// folded is what leaves say, without the fold's notes, and their faults.
func folded(t *testing.T, all []glosa.Event) (map[string]string, []string) {
	t.Helper()
	l := &ledger{words: map[string]string{}}
	for _, e := range all {
		if err := Fold(l, e); err != nil {
			t.Fatal(err)
		}
	}
	maps.DeleteFunc(l.words, func(what, _ string) bool { return strings.HasPrefix(what, ".") })
	return l.words, l.faults
}

// played are the leaves of an honest draw, to be tampered with.
type played struct {
	*testing.T
	all []glosa.Event
}

func (p played) at(kind string) int {
	i := slices.IndexFunc(p.all, func(e glosa.Event) bool { return e.Kind == kind })
	if i < 0 {
		p.Fatalf("no %s", kind)
	}
	return i
}

func (p played) one(kind string) glosa.Event { return p.all[p.at(kind)] }

// with puts a leaf after the first of a kind; without leaves that first one out.
func (p played) with(kind string, put glosa.Event) []glosa.Event {
	return slices.Insert(slices.Clone(p.all), p.at(kind)+1, put)
}

func (p played) without(kind string) []glosa.Event {
	i := p.at(kind)
	return slices.Delete(slices.Clone(p.all), i, i+1)
}

// when moves the time of a leaf, dated the dates that it says.
func (p played) when(kind string, by time.Duration) []glosa.Event {
	out := slices.Clone(p.all)
	out[p.at(kind)].At = out[p.at(kind)].At.Add(by)
	return out
}

func (p played) dated(kind string, closes, seedAt time.Duration) []glosa.Event {
	out := slices.Clone(p.all)
	e := &out[p.at(kind)]
	b, err := glosa.BodyOf[termsBody](*e)
	if err != nil {
		p.Fatal(err)
	}
	b.Closes, b.SeedAt = b.Closes.Add(closes), b.SeedAt.Add(seedAt)
	if e.Body, err = json.Marshal(b); err != nil {
		p.Fatal(err)
	}
	return out
}

// trick is what a host could tell instead, and the fault that names it.
type trick struct {
	name string
	all  []glosa.Event
	want string
}

// disorder are leaves out of their order; untimely such as do not fit the dates.
func (p played) disorder() []trick {
	return []trick{
		{"OpenedAfterTheDraw", p.with(kDrawn.Name, p.one(kOpened.Name)), badOpened},
		{"AnnouncedAfterTheDraw", p.with(kDrawn.Name, p.one(kAnnounced.Name)), badAnnounced},
		{"AllOverAgain", append(slices.Clone(p.all), p.all...), badAnnounced},
		{"OpenedTwice", p.with(kOpened.Name, p.one(kOpened.Name)), badOpened},
		{"AnnouncedWhileOpen", p.with(kOpened.Name, p.one(kAnnounced.Name)), badAnnounced},
		{"ChangedAfterTheFreeze", p.with(kFrozen.Name, p.one(kChanged.Name)), badChanged},
		{"FrozenTwice", p.with(kFrozen.Name, p.one(kFrozen.Name)), badFrozen},
		{"FrozenAfterTheDraw", p.with(kDrawn.Name, p.one(kFrozen.Name)), badFrozen},
		{"DrawnTwice", p.with(kDrawn.Name, p.one(kDrawn.Name)), badDrawn},
		{"DrawnOfNoPool", p.without(kFrozen.Name), badDrawn},
		{"TypedAfterTheDraw", p.with(kDrawn.Name, p.one(kTyped.Name)), badTyped},
		{"TypedBeforeTheFreeze", p.with(kOpened.Name, p.one(kTyped.Name)), badTyped},
		{"OfOneSide", p.without(kTyped.Name), badOneSide},
		{"ASeatBeforeTheDraw", p.with(kFrozen.Name, p.one(kSeat.Name)), badSeat},
		{"AuditedWhileOpen", p.with(kOpened.Name, p.one(kAudited.Name)), badAudited},
		{"GoneWhileOpen", p.with(kOpened.Name, kGone.Event(facilitator, ed, string(ed), goneBody{Number: 1})), badGone},
		{"TakenBackAfterTheFreeze", p.with(kFrozen.Name, kBack.Event(facilitator, ed, string(ed), backBody{})), badBack},
		{"ChairsOfNothing", []glosa.Event{kChairs.Event(facilitator, ed, string(ed), chairsBody{})}, badChairs},
	}
}

func (p played) untimely() []trick {
	return []trick{
		{"OpenedLate", p.when(kOpened.Name, 11*24*time.Hour), badLateOpen},
		{"FrozenEarly", p.when(kFrozen.Name, -time.Second), badEarly},
		{"FrozenWithTheSeed", p.when(kFrozen.Name, 48*time.Hour), badLate},
		{"FrozenWithoutTheLead", p.when(kFrozen.Name, 48*time.Hour-Lead+time.Second), badLate},
		{"TypedEarly", p.when(kTyped.Name, -time.Second), badSeedTime},
		{"DrawnEarly", p.when(kDrawn.Name, -time.Second), badSeedTime},
		{"MovedToEarlier", p.dated(kChanged.Name, -2*time.Hour, 0), badEarlier},
		{"SeedMovedToEarlier", p.dated(kChanged.Name, 0, -2*time.Hour), badEarlier},
		{"SeedTooSoon", p.dated(kAnnounced.Name, 47*time.Hour, 0), badDates},
		{"SeedMovedAfterTheDraw", p.dated(kChanged.Name, 0, time.Hour), badSeedTime},
		{"OtherTermsFrozen", p.without(kChanged.Name), badTerms},
	}
}

// TestADrawGoesOneWay: leaves that begin a draw again, repeat a step of it, leave one
// out, or come at another time than the terms told, are faults, wherever they are put.
func TestADrawGoesOneWay(t *testing.T) {
	each(t, func(r *room) {
		p := played{t, r.leaves()}
		words, faults := folded(t, p.all)
		if tables := official(t, r.Desk); len(faults) > 0 || !maps.Equal(words, tables) {
			t.Fatalf("an honest draw: %v\n%v\n%v", faults, words, tables)
		}
		for _, c := range append(p.disorder(), p.untimely()...) {
			if _, faults := folded(t, c.all); !slices.Contains(faults, c.want) {
				t.Errorf("%s: the fold says %q, not %q", c.name, faults, c.want)
			}
		}
	})
}

// TestRelaxedQuotasMoveNoDates: the leaf of a relaxation has the dates of before.
func TestRelaxedQuotasMoveNoDates(t *testing.T) {
	start := dbtest.Start
	body := func(why glosa.Code, days int) termsBody {
		return termsBody{Terms: glosa.Digest([]byte{1}), Closes: start.AddDate(0, 0, 1+days), SeedAt: start.AddDate(0, 0, 3+days), Why: why}
	}
	for _, c := range []struct {
		why  glosa.Code
		days int
		want []string
	}{{"relaxed", 0, nil}, {"dates", 1, nil}, {"relaxed", 1, []string{badRelaxed}}} {
		all := []glosa.Event{kAnnounced.Event(facilitator, ed, string(ed), body("", 0)), kOpened.Event(facilitator, ed, string(ed), openedBody{glosa.Digest([]byte{1})}),
			kChanged.Event(facilitator, ed, string(ed), body(c.why, c.days))}
		for i := range all {
			all[i].At = start
		}
		if _, faults := folded(t, all); !slices.Equal(faults, c.want) {
			t.Errorf("%s by %d days: %q", c.why, c.days, faults)
		}
	}
}

// TestALostStepIsTakenAnew: where a restore lost the freeze and the draw, its ledger
// forgets their notes, and the house freezes and draws again without a fault.
func TestALostStepIsTakenAnew(t *testing.T) {
	each(t, func(r *room) {
		all := r.leaves()
		from := slices.IndexFunc(all, func(e glosa.Event) bool { return e.Kind == kFrozen.Name })
		l := &ledger{words: map[string]string{}}
		read := func(some []glosa.Event) {
			for _, e := range some {
				r.ok(Fold(l, e))
			}
		}
		read(all[:from])
		before := maps.Clone(l.words)
		read(all[from:])
		for what, word := range l.words {
			if before[what] != word {
				delete(l.words, what)
			}
		}
		delete(l.words, "state") // said by a lost leaf last
		read(all[from:])
		if len(l.faults) > 0 || l.words["state"] != string(Drawn) {
			t.Errorf("%v %s", l.faults, l.words["state"])
		}
	})
}
