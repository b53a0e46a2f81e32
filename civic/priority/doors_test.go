package priority_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
)

// night goes to the next hour at which the doors are looked at.
func (w *town) night() {
	w.t.Helper()
	w.at(w.now().NextNight(w.clock.Now()).Add(time.Minute))
}

// offer lets the house offer a door.
func (w *town) offer(door glosa.Code) {
	w.t.Helper()
	w.ok((&voter.Desk{DB: w.db}).Offer(w.ctx, door))
}

// TestADoorThatNobodyOfferedSilencesNothing: the others are told without it; once it
// is offered, it silences them until twenty came by it, and for good.
func TestADoorThatNobodyOfferedSilencesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("oidc", "device"))
		w.openIntake()
		q := w.asked(1)
		come := func(n int, of func(i int) voter.Credential) {
			for i := range n {
				w.support(of(i), q[0])
			}
			w.batched()
			w.night()
		}
		device := func(int) voter.Credential { return w.device() }
		account := func(i int) voter.Credential { return w.account(strconv.Itoa(i)) }
		told := func(want string) {
			t.Helper()
			if got := w.doorsTold(); got != want {
				t.Fatalf("told %q, want %q", got, want)
			}
		}
		come(25, device)
		told("1, device 25")
		w.offer(voter.OIDC)
		w.offer(voter.OIDC)
		come(25, device)
		told("1, device 25")
		come(20, account)
		told("2, device 50, oidc 20")
		w.doorsAgree(2)
	})
}

// gone takes a ballot back that holds one question.
func (w *town) gone(who voter.Credential, q glosa.QuestionID) {
	w.t.Helper()
	_, err := w.Unsupport(w.ctx, glosa.Citizen(), who, q, [16]byte{})
	w.ok(err)
}

// comeAgain goes and comes again so many times, some of them with a batch between.
func (w *town) comeAgain(who voter.Credential, q glosa.QuestionID, times int, batch func(i int) bool) {
	w.t.Helper()
	for i := range times {
		if w.gone(who, q); batch(i) {
			w.batched()
		}
		w.support(who, q)
	}
}

// doorsTold is what was told last, as words.
func (w *town) doorsTold() string {
	w.t.Helper()
	all, err := w.Doors(w.ctx, ed)
	w.ok(err)
	if len(all) == 0 {
		return ""
	}
	last := all[len(all)-1]
	words := []string{strconv.Itoa(last.N)}
	for _, c := range last.Doors {
		words = append(words, fmt.Sprintf("%s %d", c.Door, c.Came))
	}
	return strings.Join(words, ", ")
}

// TestDoorsAreToldAllOrNone: nothing while one door has fewer than twenty, then all
// of them, again once one has ten more. Who goes and comes again, however often, came
// once; what was withdrawn came all the same, and what moved to a stronger door came
// by both.
func TestDoorsAreToldAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("oidc", "device"))
		w.offer(voter.OIDC)
		w.openIntake()
		q := w.asked(3)
		dev := make([]voter.Credential, 40)
		for i := range dev {
			dev[i] = w.device()
		}
		come := func(from, to int, of func(i int) voter.Credential) {
			for i := from; i < to; i++ {
				w.support(of(i), q[i%2])
			}
		}
		acc := func(i int) voter.Credential { return w.account(strconv.Itoa(i)) }
		step := func(do func(), want string) {
			t.Helper()
			if do(); w.doorsTold() != want {
				t.Fatalf("told %q before the night, want %q", w.doorsTold(), want)
			}
		}
		seen := func(want string) {
			t.Helper()
			if w.night(); w.doorsTold() != want {
				t.Fatalf("told %q, want %q", w.doorsTold(), want)
			}
		}
		step(func() {
			come(0, 25, func(i int) voter.Credential { return dev[i] })
			come(0, 19, acc)
		}, "")
		seen("")
		step(func() { // the last one goes, and comes again: nobody fills a door alone
			w.comeAgain(acc(18), q[0], 20, func(i int) bool { return i%2 == 0 })
		}, "")
		seen("")
		step(func() {
			come(19, 20, acc)
			w.support(dev[0], q[2]) // a change brings none
			w.batched()
		}, "")
		seen("1, device 25, oidc 20")
		step(func() { // brought to the stronger door: it came by both
			come(25, 34, func(i int) voter.Credential { return dev[i] })
			w.gather(dev[33], w.account("own"))
		}, "1, device 25, oidc 20")
		seen("1, device 25, oidc 20") // 34 and 21: neither has ten more
		come(34, 35, func(i int) voter.Credential { return dev[i] })
		seen("2, device 35, oidc 21")
		seen("2, device 35, oidc 21")
		if len(w.events("priority.doors")) != 2 {
			t.Errorf("%d leaves", len(w.events("priority.doors")))
		}
		w.doorsAgree(2)
	})
}

// doorsAgree: what is published of the doors is what the leaves fold to, and the audit agrees.
func (w *town) doorsAgree(n int) {
	w.t.Helper()
	said := book{}
	_, err := w.db.Settled(w.ctx)
	w.ok(err)
	evs, err := w.db.Line().After(w.ctx, 0, 100000)
	w.ok(err)
	for _, e := range evs {
		if strings.HasPrefix(e.Kind, "priority.") && e.Public {
			w.ok(priority.Fold(said, e))
		}
	}
	if said["fault"] != "" {
		w.t.Error(said["fault"])
	}
	w.ok(w.Officials(w.ctx, func(o glosa.Official) error {
		if strings.HasPrefix(o.What, "doors.") {
			if n--; said.Word(o.Of, o.ID, o.What) != o.Word {
				w.t.Errorf("published %q, told %q", o.Word, said.Word(o.Of, o.ID, o.What))
			}
		}
		return nil
	}))
	if n != 0 {
		w.t.Errorf("%d leaves are missing in what is published", n)
	}
	if a := w.audit(); !a.OK() {
		w.t.Errorf("the audit finds %+v", a.Findings)
	}
}

// TestWrongDoorsAreNamed: whoever keeps the server tells other numbers, or too
// early; the record's own check names what it can see, and the audit the rest.
func TestWrongDoorsAreNamed(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("oidc", "device"))
		w.offer(voter.OIDC)
		w.openIntake()
		q := w.asked(2)
		var some priority.Receipt
		for i := range 30 {
			some = w.support(w.device(), q[0])
			w.support(w.account(strconv.Itoa(i)), q[1])
		}
		w.night()
		if w.doorsTold() != "1, device 30, oidc 30" {
			t.Fatal(w.doorsTold())
		}
		contest := priority.ContestOf(ed)
		for _, c := range []struct{ name, leaf, fold, audit string }{
			{"MoreThanCame", `{"batch":1,"doors":[{"came":42,"door":"device"},{"came":40,"door":"oidc"}],"n":2}`, "the batches tell of 60 new ballots", "more credentials by device than came"},
			{"ShiftedToTheOther", `{"batch":1,"doors":[{"came":40,"door":"device"},{"came":20,"door":"oidc"}],"n":2}`, "30 were told before", "more credentials by device than came"},
			{"Fewer", `{"batch":1,"doors":[{"came":30,"door":"device"},{"came":20,"door":"oidc"}],"n":2}`, "by the batches 60 ballots stand", "fewer credentials by oidc than came"},
			{"OneForBoth", `{"batch":1,"doors":[{"came":60,"door":"device"}],"n":2}`, "", "more credentials by device than came"},
			{"OneLeftOut", `{"batch":1,"doors":[{"came":30,"door":"device"}],"n":2}`, "by the batches 60 ballots stand", "leaves out one by which somebody came"},
			{"OfTheDayBefore", `{"batch":0,"doors":[{"came":40,"door":"device"},{"came":30,"door":"oidc"}],"n":2}`, "which is not the last one", "than came until batch 0"},
			{"NothingNew", `{"batch":1,"doors":[{"came":30,"door":"device"},{"came":30,"door":"oidc"}],"n":2}`, "before each has twenty", "told too early"},
			{"AnotherNumber", `{"batch":1,"doors":[{"came":30,"door":"device"},{"came":30,"door":"oidc"}],"n":7}`, "before each has twenty", "stands where leaf 2 should"},
		} {
			t.Run(c.name, func(t *testing.T) {
				bad := glosa.Event{Seq: 100000, Room: "priority", Kind: "priority.doors", Subject: string(contest), Edition: ed, By: "system", Public: true, Body: []byte(c.leaf)}
				said := book{}
				for _, kind := range []string{"priority.batch", "priority.doors"} {
					for _, e := range w.events(kind) {
						w.ok(priority.Fold(said, e))
					}
				}
				if w.ok(priority.Fold(said, bad)); !strings.Contains(said["fault"], c.fold) || c.fold == "" && said["fault"] != "" {
					t.Errorf("the record says %q, want %q", said["fault"], c.fold)
				}
				told := w.told()
				w.ok(told.Leaf(bad))
				a, err := w.Audit(w.ctx, ed, told)
				w.ok(err)
				if !slices.ContainsFunc(a.Findings, func(f voter.Finding) bool {
					return f.What == priority.LookCame && strings.Contains(f.Text, c.audit)
				}) {
					t.Errorf("the audit finds %+v, want %q", a.Findings, c.audit)
				}
			})
		}
		t.Run("InTheTables", func(t *testing.T) { wrongTables(t, w, some) })
		w.doorsAgree(1)
	})
}

// wrongTables changes counts and rows, one after another, and puts all back.
func wrongTables(t *testing.T, w *town, some priority.Receipt) {
	tables := []string{"priority_ballot", "priority_came", "priority_door_told"}
	for _, table := range tables {
		w.root("create table keep_" + table + " as select * from " + table)
	}
	for name, c := range map[string]struct {
		change, text string
		args         []any
	}{
		"OneMore":         {"insert into priority_came select $1, contest, door, batch from priority_came where door = 'oidc' limit 1", "61 credentials are kept as having come with batch 1 first; it tells of 60", []any{some.Commit}},
		"OneLess":         {"delete from priority_came where key = (select key from priority_ballot where committed = $1)", "not among those that came", []any{some.Commit}},
		"ByAnotherDoor":   {"update priority_came set door = 'oidc' where key = (select key from priority_ballot where committed = $1)", "not among those that came", []any{some.Commit}},
		"WithALaterBatch": {"update priority_came set batch = 2 where key = (select key from priority_ballot where committed = $1)", "with a batch of which the record was not told", []any{some.Commit}},
		"ARowsDoor":       {"update priority_ballot set door = 'oidc' where committed = $1", "not among those that came", []any{some.Commit}},
		"WhatWasTold":     {"update priority_door_told set came = came + 1", "", nil},
		"TheRowsBefore":   {"update priority_door_told set n = n + 1", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			w.root(c.change, c.args...)
			if c.text == "" { // what is published is not what the leaf says
				if words := w.published("doors."); slices.Contains(words, "doors.1 batch=1 device=30 oidc=30") {
					t.Errorf("published %q", words)
				}
			} else if a := w.audit(); !slices.ContainsFunc(a.Findings, func(f voter.Finding) bool {
				return f.What == priority.LookCame && strings.Contains(f.Text, c.text)
			}) {
				t.Errorf("the audit finds %+v, want %q", a.Findings, c.text)
			}
			for _, table := range tables {
				w.root("delete from " + table)
				w.root("insert into " + table + " select * from keep_" + table)
			}
		})
	}
}

// TestAThousandPeopleComeByTwoDoors (trust.md §8, 9): over days of batches and
// leaves a thousand people come, change, take back, come again and move by two doors
// of the house. What its record says reads alike in another year in which never fewer than
// ten, or all there were, came by either door: so nobody is sure of a small cell.
func TestAThousandPeopleComeByTwoDoors(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(doors("oidc", "device"))
		w.offer(voter.OIDC)
		w.openIntake()
		q := w.asked(12)
		rnd := rand.New(rand.NewPCG(9, 17))
		var order, looks []int // by which door each credential came: 0 device, 1 account
		for at := 0; at < 1000; {
			some := min(1000-at, 40+rnd.IntN(60))
			for i := range some {
				who, door := w.device(), 0
				if rnd.IntN(40) == 0 {
					who, door = w.account(strconv.Itoa(at+i)), 1
				}
				id := q[rnd.IntN(12)]
				w.support(who, id)
				order = append(order, door)
				switch rnd.IntN(20) {
				case 0: // thinks again
					w.support(who, q[rnd.IntN(12)])
				case 1: // goes, and may come again and again: still one
					w.comeAgain(who, id, rnd.IntN(4), func(int) bool { return rnd.IntN(2) == 0 })
					w.gone(who, id)
				case 2: // shows more
					if door == 0 && rnd.IntN(4) == 0 {
						w.gather(who, w.account(fmt.Sprint("more ", at+i)))
						order = append(order, 1)
					}
				}
				if rnd.IntN(15) == 0 {
					w.at(w.clock.Now().Add(16 * time.Minute))
				}
			}
			at += some
			w.night()
			looks = append(looks, len(order))
		}
		house := rule{priority.DoorLeast, voter.Step}
		said := house.read(order, 2, looks)
		if got := w.readRecord(looks); !slices.Equal(got, said) {
			t.Fatalf("the record says %v; by the rule %v", got, said)
		}
		if len(said) == len(looks) || said[0] != silence {
			t.Fatalf("too little happens: %v", said)
		}
		for door := range 2 {
			other := another(order, door, voter.Step)
			if door == 1 && slices.Equal(other, order) {
				t.Error("few never came by an account")
			}
			if !slices.Equal(said, house.read(other, 2, looks)) {
				t.Errorf("that few came by door %d can be read", door)
			}
		}
		w.doorsAgree((len(said) - len(looks)))
	})
}

// readRecord is what the public events say, look by look, of the sums of the batches
// and of the doors, as [rule.read] says it.
func (w *town) readRecord(looks []int) (said []int16) {
	w.t.Helper()
	leaves := map[int][]int16{}
	all, err := w.Doors(w.ctx, ed)
	w.ok(err)
	if events := w.events("priority.doors"); len(events) != len(all) {
		w.t.Fatalf("%d leaves, %d kept", len(events), len(all))
	}
	for _, d := range all {
		for _, c := range d.Doors {
			leaves[d.All()] = append(leaves[d.All()], int16(c.Came))
		}
	}
	for _, at := range looks {
		if leaf, ok := leaves[at]; ok {
			said = append(said, leaf...)
		} else {
			said = append(said, silence)
		}
	}
	return said
}

// published are the official words of the contest whose name begins so.
func (w *town) published(begins string) (words []string) {
	w.t.Helper()
	w.ok(w.Officials(w.ctx, func(o glosa.Official) error {
		if strings.HasPrefix(o.What, begins) {
			words = append(words, o.What+" "+o.Word)
		}
		return nil
	}))
	return words
}
