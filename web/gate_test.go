package web

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa/web/door"
)

// street is some networks before one gate, with a clock of its own.
type street struct {
	*gates
	now time.Time
}

func newStreet() *street {
	return &street{newGates(newLimits(), [32]byte{}), time.Date(2026, 9, 20, 15, 0, 0, 0, time.UTC)}
}

func (s *street) from(network, device string) *gate {
	return &gate{gates: s.gates, network: network, device: device, now: s.now}
}

// work solves a puzzle as the script does.
func work(puzzle string) string {
	var found []string
	for part := range puzzleParts {
		for n := 0; ; n++ {
			if begins(puzzle, part, strconv.Itoa(n)) {
				found = append(found, strconv.Itoa(n))
				break
			}
		}
	}
	return strings.Join(found, ",")
}

// An assembly passes the gate; ten thousand of one source in a minute do not, and
// nobody else notices.
func TestTheGateStopsAMachineNotACrowd(t *testing.T) {
	s := newStreet()
	for phone := range 500 {
		if s.from("hall", "phone"+strconv.Itoa(phone)).Ask(door.Knock{Once: strconv.Itoa(phone)}) != nil {
			t.Fatalf("phone %d of an assembly is held back", phone)
		}
	}
	passed, late := 0, 0
	for i := range 10_000 {
		s.now = s.now.Add(time.Minute / 10_000)
		h := s.from("flood", "").Ask(door.Knock{Once: strconv.Itoa(i)})
		switch {
		case h == nil:
			passed++
		case h.Ticket == "":
			late++
		}
		if i%100 == 0 && s.from("home"+strconv.Itoa(i), "phone"+strconv.Itoa(i)).Ask(door.Knock{Once: "x"}) != nil {
			t.Fatalf("after %d of the flood another network is held back", i)
		}
	}
	if most := int(networkAsks.burst+60*networkAsks.perSecond) + 1; passed > most || late < 8_000 {
		t.Errorf("%d of 10,000 passed, want at most %d; %d drew no ticket", passed, most, late)
	}
	if h := s.from("flood", "").Ask(door.Knock{Once: "last"}); h == nil || h.Wait > longestWait || h.Puzzle == "" {
		t.Errorf("who comes last is told %+v", h)
	}
}

func TestATicketPassesOnceAfterItsWait(t *testing.T) {
	s := newStreet()
	hold := func(once, ticket string) *door.Held {
		return s.from("net", "").Ask(door.Knock{Once: once, Ticket: ticket, Trap: true}) // the trap holds everybody back
	}
	h := hold("a", "")
	if h == nil || h.Wait < shortestWait || h.Wait > 2*shortestWait {
		t.Fatalf("%+v", h)
	}
	s.now = s.now.Add(h.Wait / 2)
	if again := hold("a", h.Ticket); again == nil || again.Ticket != h.Ticket || again.Wait >= h.Wait {
		t.Errorf("too early: %+v, want the same wait to go on", again)
	}
	s.now = s.now.Add(h.Wait)
	for what, ticket := range map[string]string{"another form's": h.Ticket, "none": "", "a forged one": h.Ticket[:len(h.Ticket)-1] + "!", "nonsense": "..", "time": "a.zzzzzzzzzzzzzzz.b"} {
		if hold("b", ticket) == nil {
			t.Errorf("%s passes", what)
		}
	}
	if hold("a", h.Ticket) != nil {
		t.Error("a ripe ticket does not pass")
	}
	if hold("a", h.Ticket) == nil {
		t.Error("a ticket passes twice")
	}
	old := hold("c", "")
	s.now = s.now.Add(old.Wait + ticketLasts)
	if hold("c", old.Ticket) == nil {
		t.Error("a ticket passes for ever")
	}
}

// What could not be taken costs no wait: its ticket, its work and its pace are given
// back, and only its own.
func TestWhatCouldNotBeTakenIsGivenBack(t *testing.T) {
	s := newStreet()
	h := s.from("net", "").Ask(door.Knock{Once: "a", Trap: true})
	s.now = s.now.Add(h.Wait)
	waited := door.Knock{Once: "a", Ticket: h.Ticket, Trap: true}
	worked := door.Knock{Once: "a", Puzzle: h.Puzzle, Solution: work(h.Puzzle), Trap: true}
	for _, k := range []door.Knock{waited, worked} {
		for range 3 {
			g := s.from("net", "")
			if g.Ask(k) != nil {
				t.Fatal("what was given back does not pass")
			}
			if got := g.Pace("¿Con una letra de más?"); got != "" {
				t.Fatalf("mending a text is %q", got)
			}
			g.Back()
		}
		if s.from("net", "").Ask(k) != nil {
			t.Fatal("it does not pass in the end")
		}
		late := s.from("net", "")
		if late.Ask(k) == nil {
			t.Error("it passes twice")
		}
		if late.Back(); s.from("net", "").Ask(k) == nil {
			t.Error("one visit gives back what another spent")
		}
	}
}

// Two nodes on one database: whoever waited, or worked, at one passes at the other.
func TestATicketOfOneNodePassesAtAnother(t *testing.T) {
	at := time.Date(2026, 9, 20, 15, 0, 0, 0, time.UTC)
	key := [32]byte{7}
	node := func(key [32]byte) *street { return &street{newGates(newLimits(), key), at} }
	a, b, stranger := node(key), node(key), node([32]byte{})
	held := a.from("net", "").Ask(door.Knock{Once: "x", Trap: true})
	b.now, stranger.now = at.Add(held.Wait), at.Add(held.Wait)
	waited := door.Knock{Once: "x", Ticket: held.Ticket, Trap: true}
	if b.from("net", "").Ask(waited) != nil {
		t.Error("the other node does not know the ticket")
	}
	if b.from("net", "").Ask(waited) == nil {
		t.Error("a ticket passes twice at one node")
	}
	if stranger.from("net", "").Ask(waited) == nil {
		t.Error("a ticket passes at another house")
	}
	if worked := (door.Knock{Once: "x", Puzzle: held.Puzzle, Solution: work(held.Puzzle), Trap: true}); b.from("net", "").Ask(worked) != nil {
		t.Error("the other node does not know the puzzle")
	}
}

func TestAPuzzlePassesOnce(t *testing.T) {
	s := newStreet()
	ask := func(k door.Knock) *door.Held { k.Trap = true; return s.from("net", "").Ask(k) }
	h := ask(door.Knock{Once: "a"})
	good := work(h.Puzzle)
	for what, k := range map[string]door.Knock{
		"another form's": {Once: "b", Puzzle: h.Puzzle, Solution: good},
		"unsolved":       {Once: "a", Puzzle: h.Puzzle, Solution: strings.Repeat("0,", puzzleParts-1) + "0"},
		"short":          {Once: "a", Puzzle: h.Puzzle, Solution: strings.Split(good, ",")[0]},
		"one's own":      {Once: "a", Puzzle: "mine.zz.zz", Solution: work("mine.zz.zz")},
	} {
		if ask(k) == nil {
			t.Errorf("%s passes", what)
		}
	}
	solved := door.Knock{Once: "a", Puzzle: h.Puzzle, Solution: good}
	if ask(solved) != nil {
		t.Error("a solved puzzle does not pass")
	}
	if ask(solved) == nil {
		t.Error("a solved puzzle passes twice")
	}
	h = ask(door.Knock{Once: "a"})
	solved = door.Knock{Once: "a", Puzzle: h.Puzzle, Solution: work(h.Puzzle)}
	s.now = s.now.Add(puzzleLasts)
	if ask(solved) == nil {
		t.Error("a puzzle passes after its time")
	}
}

// Where nothing presses nobody is asked for anything; where the whole house is
// pressed, everybody is.
func TestWorkIsAskedForUnderLoadOnly(t *testing.T) {
	s := newStreet()
	if s.from("net", "d").Ask(door.Knock{}) != nil {
		t.Error("held back though nothing presses")
	}
	s.acts.Store(pressing + 1)
	if s.from("other", "d").Ask(door.Knock{}) == nil {
		t.Error("passes while the house is pressed")
	}
	s.acts.Store(0)
	for range int(deviceAsks.burst) + 1 {
		s.from("net", "one").Ask(door.Knock{})
	}
	if s.from("net", "one").Ask(door.Knock{}) == nil || s.from("net", "two").Ask(door.Knock{}) != nil {
		t.Error("a device that asks very often must be held back, and its neighbour not")
	}
}

// A kiosk serves a queue: a person each ten seconds for an hour passes, a machine on
// the same device does not.
func TestAKioskServesAQueue(t *testing.T) {
	s := newStreet()
	for i := range 360 {
		s.now = s.now.Add(10 * time.Second)
		if s.from("library", manyHands+"one").Ask(door.Knock{Once: strconv.Itoa(i)}) != nil {
			t.Fatalf("person %d of a queue is held back", i)
		}
	}
	passed := 0
	for i := range 500 {
		if s.from("library", manyHands+"one").Ask(door.Knock{Once: "m" + strconv.Itoa(i)}) == nil {
			passed++
		}
	}
	if passed > int(kioskAsks.burst) {
		t.Errorf("%d at once pass from one kiosk", passed)
	}
}

func TestThePaceIsToldAndNothingIsRefused(t *testing.T) {
	s := newStreet()
	for i := range burstOf {
		if got := s.from("net", "").Pace("¿Pregunta " + strconv.Itoa(i) + "?"); got != "" {
			t.Fatalf("question %d: %q", i, got)
		}
	}
	if got := s.from("net", "").Pace("¿Otra?"); got != "burst" {
		t.Errorf("the next of one network: %q", got)
	}
	if got := s.from("other", "").Pace("¿Otra? "); got != "" {
		t.Errorf("another network: %q", got)
	}
	if got := s.from("third", "").Pace("OTRA"); got != "same_text" {
		t.Errorf("the same words for the third time: %q", got)
	}
	s.now = s.now.Add(2 * time.Hour)
	if got := s.from("net", "").Pace("¿Otra?"); got != "" {
		t.Errorf("two hours later: %q", got)
	}
}

func FuzzToken(f *testing.F) {
	s := newStreet()
	f.Add("a", "b.c.d", "1,2")
	f.Add("", "", "")
	f.Add("x", s.from("n", "").puzzle("x"), strings.Repeat("9,", 15)+"9")
	f.Fuzz(func(t *testing.T, once, token, solution string) {
		g := s.from("n", "")
		if g.waited(door.Knock{Once: once, Ticket: token}) {
			t.Fatalf("%q passes as a ticket", token)
		}
		g.solved(door.Knock{Once: once, Puzzle: token, Solution: solution})
	})
}
