package question

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// dice draws one of n.
type dice func(label string, n int) int

func pick[T any](d dice, label string, list ...T) T { return list[d(label, len(list))] }

// walk is a random life of the room: everybody acts, mostly on what they would
// find at their desk, and now and then out of turn.
type walk struct {
	*stage
	keys     map[glosa.QuestionID]string
	ids      []glosa.QuestionID
	received int                // in the balance: follow-ups are not
	seals    []SealPrivate      // every key that either side had
	printed  []glosa.QuestionID // folios on sheets that nobody wrote on yet
	said     int                // texts differ
	stood    int                // suspensions
	now      edition.Stage

	before map[glosa.QuestionID]*reading // of those that are merged: what a reader got
	when   func() time.Time              // how late it should be by now; nil goes on by pace
	pace   time.Duration

	tried, through map[string]int
	refused        int // forbidden acts, each refused without a trace
	late           int
	undone, same   int // merges undone; of them compared to the byte
}

func newWalk(s *stage) *walk {
	w := &walk{stage: s, keys: map[glosa.QuestionID]string{}, before: map[glosa.QuestionID]*reading{},
		tried: map[string]int{}, through: map[string]int{}, pace: 90 * time.Minute, now: edition.IntakeOpen}
	s.ed.Redue = []edition.Redue{Redue}
	for _, key := range s.sealing() {
		w.seals = append(w.seals, key)
	}
	return w
}

// deed is something that somebody may do.
type deed struct {
	name  string
	often int
	where string // questions on which somebody sensible would do it; "" is done on none
	do    func(w *walk, d dice, r row) error
}

// deeds are all of them, whoever does them.
func deeds() []deed {
	return slices.Concat(asking(), deciding(), joining(), answering(), wording(), leaving(), seating())
}

// live does one thing and checks what holds after each.
func (w *walk) live(d dice) error {
	if len(w.ids) > 0 && d("out of turn", 8) == 0 {
		return w.forbidden(d)
	}
	x, r := w.choose(d)
	w.tried[x.name]++
	err := x.do(w, d, r)
	if err != nil && glosa.KindOf(err) == glosa.Internal {
		return fmt.Errorf("%s %s: %w", x.name, r.id, err)
	}
	if err == nil {
		w.through[x.name]++
	}
	return w.balance(x.name)
}

// choose draws what to do, and a question on which it makes sense.
func (w *walk) choose(d dice) (x deed, r row) {
	all, sum := deeds(), 0
	for _, x := range all {
		sum += x.often
	}
	for range 12 {
		n := d("deed", sum)
		for _, x = range all {
			if n -= x.often; n < 0 {
				break
			}
		}
		if !w.open(x.name) {
			continue
		}
		if x.where == "" {
			return x, r
		}
		if found := w.find(d, x.where, 1); len(found) > 0 {
			return x, found[0]
		}
	}
	return deed{name: "let time pass", do: passTime}, r
}

// open tells whether the stage lets people do it: they ask while the intake is
// open, and moderators decide until it is over.
func (w *walk) open(name string) bool {
	switch name {
	case "suspend the edition":
		return w.stood < 4
	case "admit", "propose a refusal", "give the second word", "ask the author to mend it", "propose a merge":
		return w.now == edition.IntakeOpen || w.now == edition.IntakeClosed
	}
	return w.now == edition.IntakeOpen || !slices.ContainsFunc(asking(), func(x deed) bool { return x.name == name })
}

// find draws questions of which something holds, at most so many.
func (w *walk) find(d dice, where string, most int) (out []row) {
	if len(w.ids) == 0 {
		return nil
	}
	from := w.ids[d("from", len(w.ids))] // folios are drawn, so their order is nobody's
	where = strings.NewReplacer("NOW", "cast($2 as bigint)", "QUIET", quiet, "READ", read, "FREE", free).Replace(where)
	w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) (err error) {
		out, err = db.Collect(tx, scanRow, sqlRow+` where cast($2 as bigint) > 0 and (`+where+`)
			order by case when id >= $1 then 0 else 1 end, id limit `+itoa(most), from, w.clock.Now())
		return err
	}))
	return out
}

// What conditions have in common.
const (
	// quiet was asked by voice and has no words yet.
	quiet = `(version = 1 and exists (select 1 from question_text a where a.question = question.id and a.kind = 'attachment'))`
	// read is in a language that every desk reads, or translated.
	read = `(lang = 'es' or exists (select 1 from question_text a where a.question = question.id and a.kind = 'translated'
		and a.replaced_by = 0 and a.object is not null))`
	// free stands for itself and may be merged.
	free = `(state in ('admitted', 'routed', 'overdue') and root = id and follows = '' and agenda = '' and not kept_apart
		and not exists (select 1 from question_merge m where m.closed_at = 0 and m.question = question.id))`
)

// balance is what holds after every act, read from the tables.
func (w *walk) balance(act string) error {
	var b Balance
	err := w.d.DB.Read(w.ctx, func(tx *db.Tx) (err error) {
		b, err = BalanceOf(tx, w.id)
		return err
	})
	if err == nil && (b.Received != w.received || b.Received != b.Admitted+b.Refused+b.Merged+b.Withdrawn+b.Waiting) {
		err = fmt.Errorf("after %s: %+v of %d", act, b, w.received)
	}
	return err
}

// all is everything that the room keeps of a question.
type all struct {
	Row       row
	Words     []words
	Rulings   []ruling
	Proposals []proposal
	Accord    []accord
	Answers   []Version
	Notes     []Note
	Steps     []Step
	Head      int64 // of the event line
}

func (w *walk) all(id glosa.QuestionID) (x all) {
	w.Helper()
	w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) (err error) {
		x = all{}
		get := func(part func() error) {
			if err == nil {
				err = part()
			}
		}
		get(func() error { x.Row, err = load(tx, id); return err })
		get(func() error { x.Words, err = selectWords(tx, id); return err })
		get(func() error { x.Rulings, err = selectRulings(tx, id); return err })
		get(func() error { x.Proposals, err = selectProposalsOf(tx, id); return err })
		get(func() error { x.Answers, err = selectAnswers(tx, id); return err })
		get(func() error { x.Notes, err = selectNotes(tx, id); return err })
		get(func() error { x.Steps, err = selectSteps(tx, id); return err })
		get(func() error {
			open, err := openAccords(tx, w.id)
			for _, a := range open {
				if a.about == string(id) {
					x.Accord = append(x.Accord, a)
				}
			}
			return err
		})
		return err
	}))
	var err error
	x.Head, err = w.d.DB.Settled(w.ctx)
	w.ok(err)
	return x
}

// forbidden tries what nobody may do: it is refused, and nothing changes.
func (w *walk) forbidden(d dice) error {
	list := forbidden()
	x := list[d("forbidden", len(list))]
	found := w.find(d, x.where, 1)
	if len(found) == 0 {
		return nil
	}
	r := found[0]
	was := w.all(r.id)
	err := x.do(w, d, r)
	if kind := glosa.KindOf(err); err == nil || kind == glosa.Internal || kind == glosa.Busy {
		return fmt.Errorf("%s on %s, which stands %s: %v", x.name, r.id, r.state, err)
	}
	if diff := cmp.Diff(was, w.all(r.id), cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
		return fmt.Errorf("%s was refused (%v) and left:\n%s", x.name, err, diff)
	}
	w.refused++
	return nil
}

// tell prints how often each act went through, and fails for one that never did.
func (w *walk) tell(t *testing.T, acts int) {
	t.Helper()
	tried, through := 0, 0
	var lines []string
	for _, x := range deeds() {
		tried, through = tried+w.tried[x.name], through+w.through[x.name]
		lines = append(lines, fmt.Sprintf("%5d of %5d  %s", w.through[x.name], w.tried[x.name], x.name))
		if w.through[x.name] == 0 && acts >= longWalk {
			t.Errorf("in %d acts nobody managed to %s", acts, x.name)
		}
	}
	t.Logf("%d of %d acts went through, %d forbidden ones were refused; %d of %d undone merges were compared to the byte\n%s",
		through, tried, w.refused, w.same, w.undone, strings.Join(lines, "\n"))
}

// told counts the events, and fails for a kind that the walk never met.
func (w *walk) told(t *testing.T, acts int, events []glosa.Event) {
	t.Helper()
	n := map[string]int{}
	for _, e := range events {
		n[e.Kind]++
	}
	var lines []string
	for _, k := range Kinds() {
		lines = append(lines, fmt.Sprintf("%5d %s", n[k.Name], k.Name))
		if n[k.Name] == 0 && acts >= longWalk && !slices.Contains(elsewhere, k.Name) {
			t.Errorf("in %d acts nothing led to %s", acts, k.Name)
		}
	}
	t.Logf("events:\n%s", strings.Join(lines, "\n"))
}

// elsewhere are kinds that other tests provoke: names are forgotten a year after
// an edition closed (site).
var elsewhere = []string{kNamesGone.Name}

// cells is a [glosa.Ledger] that remembers every word, and the hash of every text.
type cells struct {
	*testing.T
	word map[[3]string]string
	text map[glosa.Hash]string
}

func (c cells) Say(of, id, what, word string) {
	if c.word[[3]string{of, id, what}] = word; word == "" {
		delete(c.word, [3]string{of, id, what})
	}
}

func (c cells) SayText(of, id, what string, h glosa.Hash) {
	if h.IsZero() {
		c.Say(of, id, what, "")
		return
	}
	c.Say(of, id, what, "text "+h.String())
}

func (c cells) Word(of, id, what string) string { return c.word[[3]string{of, id, what}] }

func (c cells) Move(of, id, what, toID, toWhat string) {
	if word := c.Word(of, id, what); word != "" {
		c.Say(of, id, what, "")
		c.Say(of, toID, toWhat, word)
	}
}

func (c cells) Drop(of, id, begins string) {
	maps.DeleteFunc(c.word, func(k [3]string, _ string) bool { return k[0] == of && k[1] == id && strings.HasPrefix(k[2], begins) })
}

func (c cells) Text(commit glosa.Hash, state string) { c.text[commit] = state }

func (c cells) Fault(why string) { c.Error(why) }

// audit: what the tables say is what the events say, of every question.
func (s *stage) audit(events []glosa.Event) {
	s.Helper()
	t := s.T
	c := cells{t, map[[3]string]string{}, map[glosa.Hash]string{}}
	kinds := map[string]bool{}
	for _, k := range Kinds() {
		kinds[k.Name] = k.Public
	}
	for _, e := range events {
		if kinds[e.Kind] {
			s.ok(Fold(c, e))
		}
	}
	s.ok(s.d.Officials(s.ctx, func(o glosa.Official) error {
		is := o.Word
		if o.Text != "" {
			is = "text " + glosa.Digest([]byte(o.Text)).String()
		}
		if told := c.Word(o.Of, o.ID, o.What); told != is {
			t.Errorf("%s %s: the table says %q, the events %q", o.ID, o.What, is, told)
		}
		delete(c.word, [3]string{o.Of, o.ID, o.What})
		return nil
	}))
	for k, word := range c.word {
		if !strings.HasPrefix(k[2], ".") {
			t.Errorf("%s %s: the events say %q, the table nothing", k[1], k[2], word)
		}
	}
	for _, x := range s.texts() {
		if told, ok := c.text[x.Commit]; ok && x.State != Erased && told != string(x.State) {
			t.Errorf("%s version %d is %s, the events say %s", x.Question, x.Version, x.State, told)
		}
	}
}
