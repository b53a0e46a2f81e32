package draw

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/method/sortition"
)

const ed = glosa.EditionID("demo26")

var (
	facilitator = glosa.Actor{Human: "h-fac", Side: glosa.Civil, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Facilitator, glosa.Convenor}}
	government  = glosa.Actor{Human: "h-gov", Side: glosa.Government, Seat: 3, Edition: ed, Roles: []glosa.Role{glosa.Convenor}}
	both        = glosa.Actor{Human: "h-fac", Side: glosa.Government, Seat: 4, Edition: ed, Roles: []glosa.Role{glosa.Convenor}}
	auditor     = glosa.Actor{Human: "h-obs", Side: glosa.Observatory, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Evaluator}}
)

// sameKey is every edition's key.
type sameKey struct{}

func (sameKey) EditionKey(glosa.EditionID) ([32]byte, error) { return [32]byte{7}, nil }

func (sameKey) Destroy(glosa.EditionID) error { return nil }

// room is a desk with a clock, on an edition whose questions are open.
type room struct {
	*Desk
	t       *testing.T
	clock   *glosa.FakeClock
	years   *edition.Desk
	tickets []Receipt
}

func each(t *testing.T, body func(r *room)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{edition.Schema(), people.Schema(), voter.Schema(), Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		r := &room{t: t, clock: clock, Desk: &Desk{DB: d, Safe: people.NewSafe([32]byte{5}), Keys: sameKey{}, Software: "test"}}
		r.years = &edition.Desk{DB: d, Dues: []edition.Due{r.Due()}}
		ref, err := people.ShippedReference("23")
		r.ok(err)
		r.ok((&people.Desk{DB: d}).Load(t.Context(), glosa.Admin(), ref))
		editiontest.At(t, r.years, clock, ed, edition.IntakeOpen)
		body(r)
	})
}

func (r *room) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// want fails unless the error is of the kind, and of the key if one is given.
func (r *room) want(kind glosa.Kind, key string, err error) {
	r.t.Helper()
	var e *glosa.Error
	if !errors.As(err, &e) || e.Kind != kind || key != "" && e.Key != key && !slices.ContainsFunc(e.Fields, func(f glosa.Field) bool { return f.Key == key }) {
		r.t.Errorf("got %v, want %s %s", err, kind, key)
	}
}

const quotas = `category,feature,min,max,min_flex,max_flex
sex,woman,3,3,2,4
sex,man,3,3,2,4
sex,another,0,1,0,6
language,indigenous,2,4,1,6
language,none,2,4,0,6
`

func (r *room) terms() Terms {
	now := r.clock.Now()
	return Terms{Seats: 6, Rule: sortition.Leximin, Households: true, Quotas: quotas, Source: "Sorteo Mayor de prueba (SINTÉTICO), número del premio principal",
		Closes: now.Add(10 * 24 * time.Hour), SeedAt: now.Add(12 * 24 * time.Hour), Reply: 5}
}

func (r *room) open(t Terms) {
	r.t.Helper()
	r.ok(r.Announce(r.t.Context(), facilitator, ed, t))
	r.ok(r.Open(r.t.Context(), facilitator, ed))
}

// someone is the form of the nth volunteer.
func someone(n int) Form {
	f := Form{Features: map[string]string{"sex": []string{"woman", "man"}[n%2], "language": []string{"none", "indigenous", "none"}[n%3]},
		Contact: fmt.Sprintf("canaria%d@example.org", n), Language: "es", Adult: true}
	if n%4 < 2 {
		f.Household = fmt.Sprintf("Casa  Canaria %d", n/4)
	}
	return f
}

func (r *room) register(n int) {
	r.t.Helper()
	for i := range n {
		rc, err := r.Register(r.t.Context(), glosa.Citizen(), ed, someone(i))
		r.ok(err)
		r.tickets = append(r.tickets, rc)
	}
}

// frozen takes a draw of n volunteers to a frozen pool.
func (r *room) frozen(n int) Terms {
	r.t.Helper()
	t := r.terms()
	r.open(t)
	r.register(n)
	r.clock.Set(t.Closes.Add(time.Minute))
	r.ok(r.Freeze(r.t.Context(), facilitator, ed))
	return t
}

const seed = "Premio mayor 04127"

// drawn takes it to a drawn panel.
func (r *room) drawn(n int) View {
	r.t.Helper()
	t := r.frozen(n)
	r.clock.Set(t.SeedAt.Add(time.Minute))
	first, err := r.Seed(r.t.Context(), facilitator, ed, seed)
	r.ok(err)
	second, err := r.Seed(r.t.Context(), government, ed, seed+" ")
	r.ok(err)
	if first || !second {
		r.t.Fatalf("drawn after %v, %v", first, second)
	}
	return r.view()
}

func (r *room) view() View {
	r.t.Helper()
	v, err := r.View(r.t.Context(), ed)
	r.ok(err)
	return v
}

func (r *room) file(name string) []byte {
	r.t.Helper()
	f, err := r.File(r.t.Context(), ed, name)
	r.ok(err)
	return f
}

// TestAnybodyReplaysTheDraw: the published lottery and the seed give the published
// panel; the auditors' pool and the published quotas give the published lottery, to
// the byte; each of their rows opens its commitment.
func TestAnybodyReplaysTheDraw(t *testing.T) {
	each(t, func(r *room) {
		v := r.drawn(24)
		res, err := sortition.ParseResult(bytes.NewReader(r.file(LotteryFile)))
		r.ok(err)
		again, err := sortition.Draw(res, seed)
		r.ok(err)
		want, err := again.File()
		r.ok(err)
		if got := r.file(DrawFile); !bytes.Equal(got, want) || len(v.Panel) != 6 || numbers(v.Panel) != strings.Join(again.Panel, " ") {
			t.Errorf("%s\n%s\n%v", got, want, v.Panel)
		}

		file, err := r.Audit(t.Context(), auditor, ed)
		r.ok(err)
		_, err = r.Audit(t.Context(), facilitator, ed)
		r.want(glosa.Denied, "", err)
		list, err := sortition.ParseCategories(bytes.NewReader(r.file(QuotasFile)))
		r.ok(err)
		pool, err := sortition.ParsePool(bytes.NewReader(file), list, sortition.Columns{ID: "number", Household: "household"})
		r.ok(err)
		res, err = sortition.Solve(t.Context(), &sortition.Instance{Quotas: list, Pool: pool, Size: 6, Households: true}, sortition.Leximin, nil)
		r.ok(err)
		if raw, err := res.File(); err != nil || !bytes.Equal(raw, r.file(LotteryFile)) {
			t.Errorf("the auditors compute another lottery: %v", err)
		}
		published, err := csv.NewReader(bytes.NewReader(r.file(PoolFile))).ReadAll()
		r.ok(err)
		for i, p := range audited(t, file) {
			n, _ := strconv.Atoi(p["number"])
			var salt glosa.Hash
			r.ok(salt.UnmarshalText([]byte(p["salt"])))
			c, err := commitment(ed, member{volunteer{number: n}, words{Salt: &salt, Label: p["household"], Features: map[string]string{"sex": p["sex"], "language": p["language"]}}})
			r.ok(err)
			if line := published[i+1]; line[0] != p["number"] || line[1] != c.String() || line[1] != p["commitment"] {
				t.Errorf("row %s is published as %v", p["number"], line)
			}
		}
	})
}

// audited reads the auditors' file.
func audited(t *testing.T, file []byte) (out []map[string]string) {
	t.Helper()
	table, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range table[1:] {
		p := map[string]string{}
		for i, h := range table[0] {
			p[h] = line[i]
		}
		out = append(out, p)
	}
	return out
}

// hashes are SHA-256 in base64 and in hexadecimal.
var hashes = regexp.MustCompile(`[A-Za-z0-9+/]{43}=|[0-9a-f]{64}`)

// TestNobodyIsInWhatIsPublished: no public file, event, list or page of a draw holds
// a feature of a person, a contact, a household, a ticket or a key; and numbers do
// not follow the order in which people came.
func TestNobodyIsInWhatIsPublished(t *testing.T) {
	each(t, func(r *room) {
		v := r.drawn(24)
		r.ok(r.Answer(t.Context(), glosa.Citizen(), r.holder(v.Panel[0]), r.key(v.Panel[0]), false))
		var public bytes.Buffer
		for _, name := range []string{PoolFile, LotteryFile, DrawFile, OrderFile, ChancesFile} {
			public.Write(r.file(name))
		}
		for _, e := range dbtest.Events(t, r.DB) {
			if e.Room == "draw" {
				fmt.Fprintf(&public, "%s %s %v\n", e.Body, e.Subject, e.Tags)
			}
		}
		r.ok(r.Officials(t.Context(), func(o glosa.Official) error {
			if o.What != "terms" { // quotas are there, of nobody
				fmt.Fprintln(&public, o.What, o.Word, o.Text)
			}
			return nil
		}))
		seen := r.view()
		seen.Terms.Quotas, seen.Board = "", Board{}
		fmt.Fprintf(&public, "%+v", seen)
		said := strings.ToLower(hashes.ReplaceAllString(public.String(), "")) // chance spells words too
		words := []string{"woman", "indigenous", "sex", "language", "canaria", "casa", "h1", "SV-"}
		for _, rc := range r.tickets {
			words = append(words, string(rc.Ticket), rc.Key)
		}
		for _, w := range words {
			if strings.Contains(said, strings.ToLower(w)) {
				t.Errorf("what is published holds %q", w)
			}
		}
		var order []int
		for _, rc := range r.tickets {
			c, err := r.Own(t.Context(), glosa.Citizen(), rc.Ticket, rc.Key)
			r.ok(err)
			order = append(order, c.Number)
		}
		if slices.IsSorted(order) || len(slices.Compact(slices.Sorted(slices.Values(order)))) != 24 {
			t.Errorf("numbers in the order of registration: %v", order)
		}
	})
}

// holder is whose number it is; key likewise.
func (r *room) holder(number int) Ticket { return r.receipt(number).Ticket }
func (r *room) key(number int) string    { return r.receipt(number).Key }

func (r *room) receipt(number int) Receipt {
	r.t.Helper()
	for _, rc := range r.tickets {
		c, err := r.Own(r.t.Context(), glosa.Citizen(), rc.Ticket, rc.Key)
		if err == nil && c.Number == number {
			return rc
		}
	}
	r.t.Fatalf("nobody has number %d", number)
	return Receipt{}
}

// TestEachStepHasItsTime: nothing happens before what it follows from, and nothing twice.
func TestEachStepHasItsTime(t *testing.T) {
	each(t, func(r *room) {
		ctx, terms := t.Context(), r.terms()
		_, err := r.Register(ctx, glosa.Citizen(), ed, someone(1))
		r.want(glosa.NotFound, "", err)
		r.want(glosa.NotFound, "", r.Open(ctx, facilitator, ed))
		r.ok(r.Announce(ctx, facilitator, ed, terms))
		_, err = r.Register(ctx, glosa.Citizen(), ed, someone(1))
		r.want(glosa.Closed, "dw.notyet", err)
		r.ok(r.Announce(ctx, facilitator, ed, terms)) // nobody has registered
		r.want(glosa.Conflict, "", r.Freeze(ctx, facilitator, ed))
		r.ok(r.Open(ctx, facilitator, ed))
		r.want(glosa.Conflict, "dw.begun", r.Announce(ctx, facilitator, ed, terms))
		r.want(glosa.Conflict, "", r.Open(ctx, facilitator, ed))
		r.register(20)
		r.want(glosa.Closed, "dw.early", r.Freeze(ctx, facilitator, ed))
		_, err = r.Seed(ctx, facilitator, ed, seed)
		r.want(glosa.Conflict, "dw.state.open", err)
		r.clock.Set(terms.Closes)
		_, err = r.Register(ctx, glosa.Citizen(), ed, someone(31))
		r.want(glosa.Closed, "dw.shut", err)
		r.want(glosa.Closed, "dw.shut", r.Amend(ctx, glosa.Citizen(), r.tickets[0].Ticket, r.tickets[0].Key, someone(0)))
		r.ok(r.Freeze(ctx, facilitator, ed))
		r.want(glosa.Conflict, "dw.state.frozen", r.Freeze(ctx, facilitator, ed))
		r.want(glosa.Conflict, "dw.state.frozen", r.Move(ctx, facilitator, ed, terms.Closes, terms.SeedAt.Add(time.Hour)))
		r.want(glosa.Conflict, "dw.state.frozen", r.Relax(ctx, facilitator, ed))
		r.clock.Set(terms.SeedAt.Add(-time.Second))
		_, err = r.Seed(ctx, facilitator, ed, seed)
		r.want(glosa.Closed, "dw.noseed", err)
		var e *glosa.Error
		if errors.As(err, &e) && !e.Until.Equal(terms.SeedAt) {
			t.Errorf("the seed may be entered from %s", e.Until)
		}
		if v := r.view(); v.State != Frozen || v.Volunteers != 20 || len(v.Lottery.Chances) != 20 || v.Panel != nil {
			t.Errorf("%+v", v)
		}
	})
}

// TestTheSeedIsTypedTwice: by two persons of two sides, the same; else nothing is drawn.
func TestTheSeedIsTypedTwice(t *testing.T) {
	each(t, func(r *room) {
		ctx, terms := t.Context(), r.frozen(20)
		r.clock.Set(terms.SeedAt)
		type try struct {
			by    glosa.Actor
			words string
			kind  glosa.Kind
			key   string
		}
		for i, x := range []try{
			{facilitator, " ", glosa.Invalid, "dw.bad.seed"},
			{auditor, seed, glosa.Denied, ""},
			{facilitator, "Premio mayor 04128", 0, ""}, // mistyped
			{both, "Premio mayor 04128", glosa.Denied, "dw.samehuman"},
			{government, seed, glosa.Invalid, "dw.unequal"},
			{facilitator, seed, 0, ""}, // types its own again
			{facilitator, seed, 0, ""},
		} {
			drawn, err := r.Seed(ctx, x.by, ed, x.words)
			if x.key == "" && x.kind == 0 {
				r.ok(err)
			} else {
				r.want(x.kind, x.key, err)
			}
			if drawn || r.view().State != Frozen {
				t.Fatalf("step %d drew", i)
			}
		}
		drawn, err := r.Seed(ctx, government, ed, seed)
		r.ok(err)
		if v := r.view(); !drawn || v.State != Drawn || v.Seed != seed || len(v.Seats) != 6 {
			t.Errorf("%v %+v", drawn, v)
		}
		_, err = r.Seed(ctx, government, ed, seed)
		r.want(glosa.Conflict, "dw.state.drawn", err)
	})
}

// TestTwoSeedsAtOnceDrawOnce: both sides press the button together.
func TestTwoSeedsAtOnceDrawOnce(t *testing.T) {
	each(t, func(r *room) {
		terms := r.frozen(20)
		r.clock.Set(terms.SeedAt)
		drew := make([]bool, 8)
		var all sync.WaitGroup
		for i := range drew {
			all.Add(1)
			go func() {
				defer all.Done()
				by := []glosa.Actor{facilitator, government}[i%2]
				drew[i], _ = r.Seed(context.Background(), by, ed, seed)
			}()
		}
		all.Wait()
		n, left := 0, 0
		for _, d := range drew {
			if d {
				n++
			}
		}
		for _, e := range dbtest.Events(t, r.DB) {
			if e.Kind == kDrawn.Name {
				left++
			}
		}
		if n != 1 || left != 1 || len(r.view().Seats) != 6 {
			t.Errorf("drawn %d times, %d events, %d seats", n, left, len(r.view().Seats))
		}
	})
}

// TestAFreezeWhilePeopleGoHoldsWhoIsLeft: whoever takes their data back meanwhile is
// either not in the pool, or a number in it that nobody can open.
func TestAFreezeWhilePeopleGoHoldsWhoIsLeft(t *testing.T) {
	each(t, func(r *room) {
		terms := r.terms()
		r.open(terms)
		r.register(24)
		r.clock.Set(terms.Closes)
		var all sync.WaitGroup
		for i := range 4 {
			all.Add(1)
			go func() {
				defer all.Done()
				if err := r.Withdraw(context.Background(), glosa.Citizen(), r.tickets[i].Ticket, r.tickets[i].Key); err != nil {
					t.Error(err)
				}
			}()
		}
		err := r.Freeze(t.Context(), facilitator, ed)
		all.Wait()
		if err != nil {
			r.want(glosa.Conflict, "dw.moved", err)
			r.ok(r.Freeze(t.Context(), facilitator, ed))
		}
		file, err := r.Audit(t.Context(), auditor, ed)
		r.ok(err)
		open, gone := 0, 0
		for _, p := range audited(t, file) {
			if p["salt"] == "" && p["sex"] == "" {
				gone++
			} else {
				open++
			}
		}
		if v := r.view(); open != 20 || v.Volunteers != open+gone || len(v.Lottery.Chances) != v.Volunteers {
			t.Errorf("%d open, %d gone, %+v", open, gone, v.Volunteers)
		}
	})
}

// TestACutFreezeLeavesNothing: whoever's connection breaks may begin again.
func TestACutFreezeLeavesNothing(t *testing.T) {
	each(t, func(r *room) {
		terms := r.terms()
		r.open(terms)
		r.register(20)
		r.clock.Set(terms.Closes)
		ctx, cut := context.WithCancel(t.Context())
		cut()
		if err := r.Freeze(ctx, facilitator, ed); err == nil {
			t.Fatal("a cut freeze went through")
		}
		if v := r.view(); v.State != Open || !v.Shut || len(v.Digests) != 0 {
			t.Errorf("%+v", v)
		}
		r.ok(r.Freeze(t.Context(), facilitator, ed))
	})
}
