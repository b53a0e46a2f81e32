package priority_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/priority"
	"glosa/db/dbtest"
)

// by lets so many devices support over a network.
func (w *town) by(network string, n int, q glosa.QuestionID) {
	w.t.Helper()
	for range n {
		w.CameBy(network, w.support(w.device(), q))
	}
}

// TestBusyNetworksAreCountedWithoutNames: the agenda leaves ten counts at most, in
// steps of ten, a network of two days twice, and no name anywhere; a change is no
// new ballot, nor is one that comes again, and fewer than ten are none.
func TestBusyNetworksAreCountedWithoutNames(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q := w.asked(2)
		since := w.clock.Now().UTC().Format(time.DateOnly)
		w.by("word-a-1", 25, q[0])
		w.by("word-b-1", 9, q[0])
		w.by("", 30, q[0]) // paper, or whoever has no network
		dev := w.device()
		w.CameBy("word-b-1", w.support(dev, q[0]))
		for range 20 { // one ballot, changed again and again
			rc, err := w.Unsupport(w.ctx, glosa.Citizen(), dev, q[1], [16]byte{})
			w.ok(err)
			w.CameBy("word-b-1", rc)
			w.CameBy("word-b-1", w.support(dev, q[1]))
		}
		for i := range 20 { // one credential that goes and comes again: it makes no crowd
			for _, id := range q {
				w.gone(dev, id)
			}
			if i%2 == 0 {
				w.batched()
			}
			w.CameBy("word-b-1", w.support(dev, q[0], q[1]))
		}
		w.at(w.clock.Now().AddDate(0, 0, 1))
		w.by("word-a-2", 19, q[1])
		w.by("word-c-2", 9, q[1])
		w.closeIntake()
		w.at(w.now().SupportCloses())
		_, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		a, err := w.Anomalies(w.ctx, ed)
		w.ok(err)
		if !slices.Equal(a.Networks.Counts, []int{20, 10, 10}) || string(a.Networks.Since) != since {
			t.Errorf("%+v, since %s", a.Networks, since)
		}
		want := fmt.Sprintf("networks since=%s [20 10 10]", since)
		if words := w.published("networks"); !slices.Equal(words, []string{want}) || w.folded("networks") != want {
			t.Errorf("published %q, told %q", words, w.folded("networks"))
		}
		for _, e := range dbtest.Events(t, w.db) {
			if bytes.Contains(e.Body, []byte("word-")) {
				t.Errorf("%s names a network: %s", e.Kind, e.Body)
			}
		}
		w.doorsAgree(2)
	})
}

// folded is what the leaves say of one thing of the contest.
func (w *town) folded(what string) string {
	w.t.Helper()
	said := book{}
	for _, e := range dbtest.Events(w.t, w.db) {
		if strings.HasPrefix(e.Kind, "priority.") && e.Public {
			w.ok(priority.Fold(said, e))
		}
	}
	if said["fault"] != "" {
		w.t.Error(said["fault"])
	}
	return what + " " + said.Word("contest", string(priority.ContestOf(ed)), what)
}

// TestARestartLosesTheCountOfNetworks, and what is published says since when there is
// one, or that there is none.
func TestARestartLosesTheCountOfNetworks(t *testing.T) {
	for name, after := range map[string]int{"Some": 12, "None": 0} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				w.openIntake()
				q := w.asked(1)
				w.by("word-a", 40, q[0])
				was := w.Desk
				w.Desk = &priority.Desk{DB: was.DB, Keys: was.Keys, Promise: was.Promise, Software: was.Software}
				w.at(w.clock.Now().AddDate(0, 0, 2))
				since := w.clock.Now().UTC().Format(time.DateOnly)
				w.by("word-b", after, q[0])
				w.closeIntake()
				w.at(w.now().SupportCloses())
				_, err := w.Select(w.ctx, selector, ed)
				w.ok(err)
				a, err := w.Anomalies(w.ctx, ed)
				w.ok(err)
				switch leaves := len(w.events("priority.networks")); {
				case after == 0 && (a.Networks.Since != "" || len(a.Networks.Counts) > 0 || leaves > 0):
					t.Errorf("nothing was counted: %+v, %d leaves", a.Networks, leaves)
				case after > 0 && (string(a.Networks.Since) != since || !slices.Equal(a.Networks.Counts, []int{10}) || leaves != 1):
					t.Errorf("%+v since %s, %d leaves", a.Networks, since, leaves)
				}
			})
		})
	}
}

// TestTenNetworksAtMost: the largest ten of many, and what forbids a leaf.
func TestTenNetworksAtMost(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q := w.asked(1)
		for i := range 13 {
			w.by(fmt.Sprint("word-", i), 10+i%3*10, q[0])
		}
		w.closeIntake()
		w.at(w.now().SupportCloses())
		_, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		a, err := w.Anomalies(w.ctx, ed)
		w.ok(err)
		if !slices.Equal(a.Networks.Counts, []int{30, 30, 30, 30, 20, 20, 20, 20, 10, 10}) {
			t.Errorf("%v", a.Networks.Counts)
		}
		for _, counts := range []string{"[9]", "[11]", "[10,10,10,10,10,10,10,10,10,10,10]"} {
			said := book{}
			w.ok(priority.Fold(said, glosa.Event{Kind: "priority.networks", Subject: "x", Body: []byte(`{"counts":` + counts + `,"since":"2026-01-01T00:00:00Z"}`)}))
			if !strings.Contains(said["fault"], "networks") {
				t.Errorf("%s is taken", counts)
			}
		}
	})
}
