package year

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel/draw"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/site"
)

// Opening is the day on which the play begins.
var Opening = time.Date(2026, 1, 12, 15, 0, 0, 0, time.UTC)

// Play is one performance: a house, its clock, its cast, and what its people
// took home.
type Play struct {
	T     testing.TB
	Site  *site.Site
	Clock *glosa.FakeClock

	// Scene, if not nil, is called when a scene has ended, for whoever looks on.
	Scene func(name string)

	ctx        context.Context
	ed         glosa.EditionID // the edition on stage
	cast       map[Part]glosa.Actor
	keys       map[glosa.QuestionID]string // what each author keeps
	grants     map[Part]string
	tenures    map[glosa.PostKey]string
	volunteers []draw.Receipt // of the draw of the first edition

	mu       sync.Mutex
	Secrets  []Secret // everything private or not yet public that was said to the house
	Receipts map[glosa.QuestionID]question.Receipt
	Ballots  []priority.Receipt // the last of each device
	stop     context.CancelFunc
	stopped  chan error
}

// Secret is something that no log, record or copy may hold.
type Secret struct{ What, Words string }

// Open opens a site for a play and lets its record follow. Data and Database
// of c say where; the rest is the play's.
func Open(t testing.TB, c site.Config) *Play {
	t.Helper()
	y := &Play{T: t, Clock: glosa.NewFakeClock(Opening), ctx: t.Context(), cast: map[Part]glosa.Actor{},
		keys: map[glosa.QuestionID]string{}, grants: map[Part]string{}, tenures: map[glosa.PostKey]string{}, Receipts: map[glosa.QuestionID]question.Receipt{}}
	c.Clock, c.Origin, c.Software = y.Clock, "localhost/year", "glosa-year"
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	s, err := site.Open(y.ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	y.Site = s
	ctx, stop := context.WithCancel(y.ctx)
	y.stop, y.stopped = stop, make(chan error, 1)
	go func() { y.stopped <- s.Record.Follow(ctx) }()
	t.Cleanup(y.Close)
	return y
}

// Close ends the record's follower and closes the site. Closing twice is no error.
func (y *Play) Close() {
	if y.stop == nil {
		return
	}
	y.stop()
	y.stop = nil
	if err := <-y.stopped; err != nil && !errors.Is(err, context.Canceled) {
		y.T.Error(err)
	}
	if err := y.Site.Close(); err != nil {
		y.T.Error(err)
	}
}

// Settle waits until the record has sealed everything that happened.
func (y *Play) Settle() {
	y.T.Helper()
	head, err := y.Site.DB.Settled(y.ctx)
	if err != nil {
		y.T.Fatal(err)
	}
	evs, err := y.Site.DB.Line().After(y.ctx, 0, int(head))
	if err != nil {
		y.T.Fatal(err)
	}
	var public int64
	for _, e := range evs {
		if e.Public {
			public++
		}
	}
	for wait := time.Now().Add(30 * time.Second); y.Site.Record.Size() < public; {
		if st := y.Site.Record.Status(); st.Paused || time.Now().After(wait) {
			y.T.Fatalf("the record holds %d of %d leaves: %+v", y.Site.Record.Size(), public, st)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// person is a member of the cast about to act.
type person struct {
	y    *Play
	part Part
	by   glosa.Actor
	want *glosa.Kind
}

// As gives the stage to a member of the cast.
func (y *Play) As(p Part) person {
	y.T.Helper()
	by, ok := y.cast[p]
	if !ok {
		y.T.Fatalf("%s has not been called on stage", p)
	}
	return person{y: y, part: p, by: by}
}

// InVain says that what follows is tried and refused, and how.
func (p person) InVain(kind glosa.Kind) person {
	p.want = &kind
	return p
}

// tell checks that an act did what the script says, and the balance after it.
func (p person) tell(what string, err error) {
	p.y.T.Helper()
	now := p.y.Clock.Now().Format(time.DateTime)
	switch {
	case p.want == nil && err != nil:
		p.y.T.Fatalf("%s: %s %s: %v%s", now, p.part, what, err, why(err))
	case p.want != nil && err == nil:
		p.y.T.Fatalf("%s: %s %s, and nobody refused (want %s)", now, p.part, what, *p.want)
	case p.want != nil && glosa.KindOf(err) != *p.want:
		p.y.T.Fatalf("%s: %s %s: refused as %v, want %s", now, p.part, what, err, *p.want)
	}
	p.y.balance()
}

// why lists what a gate misses.
func why(err error) string {
	var b *edition.Blocked
	if !errors.As(err, &b) {
		return ""
	}
	var list []string
	for _, m := range b.List {
		list = append(list, string(m.Gate)+" "+m.Key)
	}
	return " (" + strings.Join(list, "; ") + ")"
}

// balance holds after every act: nothing that was received is lost.
func (y *Play) balance() {
	y.T.Helper()
	if y.ed == "" {
		return
	}
	b, err := y.Site.Question.Balance(y.ctx, y.ed)
	if err != nil {
		y.T.Fatal(err)
	}
	if b.Received != b.Admitted+b.Refused+b.Merged+b.Withdrawn+b.Waiting {
		y.T.Fatalf("%s: the balance does not hold: %+v", y.ed, b)
	}
}

// Edition is the edition on stage as it stands.
func (y *Play) Edition() edition.Edition {
	y.T.Helper()
	ed, err := y.Site.Edition.Get(y.ctx, y.ed)
	if err != nil {
		y.T.Fatal(err)
	}
	return ed
}

// At lets time pass until an instant; the clock of the house does what is due.
func (y *Play) At(t time.Time) {
	y.T.Helper()
	if t.After(y.Clock.Now()) {
		y.Clock.Set(t)
	}
	if _, err := y.Site.Edition.Tick(y.ctx); err != nil {
		y.T.Fatal(err)
	}
	y.balance()
}

// Later lets some time pass.
func (y *Play) Later(d time.Duration) { y.T.Helper(); y.At(y.Clock.Now().Add(d)) }

// Until waits for the date that the plan gives a stage.
func (y *Play) Until(s edition.Stage) { y.T.Helper(); y.At(y.Edition().Plan.On(s)) }

// StageIs fails unless the edition on stage stands there.
func (y *Play) StageIs(s edition.Stage) {
	y.T.Helper()
	if ed := y.Edition(); ed.Stage != s {
		y.T.Fatalf("%s: %s is %s, want %s", y.Clock.Now().Format(time.DateTime), y.ed, ed.Stage, s)
	}
}

// ends tells whoever looks on that a scene has ended.
func (y *Play) ends(scene string) {
	if y.Scene != nil {
		y.Scene(scene)
	}
}

// Token opens a session of a member of the cast.
func (y *Play) Token(p Part) string {
	y.T.Helper()
	token, _, err := y.Site.Auth.Enter(y.ctx, y.grants[p])
	y.must(err)
	y.secret("a session", token)
	return token
}

// secret notes something that must be found nowhere outside its own row.
func (y *Play) secret(what, words string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if words != "" {
		y.Secrets = append(y.Secrets, Secret{what, words})
	}
}

const day = 24 * time.Hour
