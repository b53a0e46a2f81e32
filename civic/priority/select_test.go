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
	"glosa/civic/question"
	"glosa/db"
	"glosa/method/shares"
)

func TestSelect(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q := w.asked(70) // 60 fit into 480 minutes
		var last priority.Receipt
		for i := range 90 {
			dev := w.device()
			for k := range 3 {
				last = w.support(dev, q[(i*k+i)%65])
			}
		}
		w.merge(q[0], q[1])
		w.closeIntake()
		w.at(w.now().SupportCloses())
		government := selector
		government.Side = glosa.Government
		_, err := w.Select(w.ctx, government, ed)
		w.is(glosa.Denied, err)
		a, err := w.Select(w.ctx, selector, ed)
		w.ok(err)
		if a.Status != priority.Decided || len(a.Chosen) != 60 || a.Used != 480 || len(a.Chosen)+len(a.Missed) != 69 {
			t.Errorf("%d chosen, %d missed, %d minutes", len(a.Chosen), len(a.Missed), a.Used)
		}
		if !a.Fair || a.Coverage.Of != 90 || a.Coverage.Rule < a.Coverage.Raw {
			t.Errorf("fair %v, coverage %+v", a.Fair, a.Coverage)
		}
		replay(t, w, a, last)
		moved(t, w, a)
		_, err = w.Select(w.ctx, selector, ed)
		w.is(glosa.Conflict, err)
		w.advance()
		if len(w.events("priority.selected")) != 1 || len(w.events("question.selected")) != 60 {
			t.Error("the events do not tell the agenda")
		}
		w.ok(w.db.Read(w.ctx, func(tx *db.Tx) error {
			s, err := priority.SelectionOf(tx, a.Contest)
			if len(s.Chosen) != 60 || s.Chosen[0] != a.Chosen[0].Question || s.Minutes != 8 {
				t.Errorf("selection %+v", s)
			}
			return err
		}))
	})
}

// replay does what a stranger does with the published file.
func replay(t *testing.T, w *town, a priority.Agenda, rc priority.Receipt) {
	t.Helper()
	file, err := w.File(w.ctx, ed)
	w.ok(err)
	if glosa.Digest(file) != a.Input {
		t.Error("the file is not the one the record names")
	}
	in, err := shares.Parse(bytes.NewReader(file))
	w.ok(err)
	res, err := shares.Run(in, shares.Default())
	w.ok(err)
	js, err := res.File()
	w.ok(err)
	kept, err := w.Result(w.ctx, ed)
	w.ok(err)
	if glosa.Digest(js) != a.Result || !bytes.Equal(js, kept) {
		t.Error("the result cannot be replayed from the file")
	}
	row := rc.Tracker + ";"
	at := strings.Index(string(file), row)
	if at < 0 {
		t.Fatal("the last voter's row is missing")
	}
	line, _, _ := strings.Cut(string(file[at+len(row):]), "\n")
	if strings.Count(line, ",")+1 > len(rc.Choices) {
		t.Errorf("row %q for choices %v", line, rc.Choices)
	}
	if strings.Contains(string(file), "Pregunta de prueba") {
		t.Error("the file holds words of questions, which could never be erased")
	}
	if !slices.IsSortedFunc(in.Ballots, func(a, b shares.Ballot) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the rows are not sorted by tracker")
	}
}

// moved checks that the questions know where they stand.
func moved(t *testing.T, w *town, a priority.Agenda) {
	t.Helper()
	w.ok(w.db.Read(w.ctx, func(tx *db.Tx) error {
		for _, c := range a.Chosen {
			if q, err := question.Find(tx, c.Question); err != nil || q.Agenda != question.OnAgenda || q.Contest != a.Contest {
				t.Errorf("%s: %+v %v", c.Question, q, err)
			}
		}
		for _, m := range a.Missed {
			if q, err := question.Find(tx, m.Question); err != nil || q.Agenda != question.OffAgenda || a.Computed && m.Short < 1 {
				t.Errorf("%s: %+v %v", m.Question, q, err)
			}
		}
		return nil
	}))
}

// TestNobodySupported: without a ballot that counts nothing is chosen, everything
// goes to writing, and the edition can go on.
func TestNobodySupported(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"no ballot": func(text string) string { return text },
		"a door that does not count": func(text string) string {
			return strings.Replace(text, "counting_doors: [device]", "counting_doors: [contact]\n  apart_doors: [device]", 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				w.protocol(change)
				w.openIntake()
				q := w.asked(2)
				if name != "no ballot" {
					w.support(w.device(), q[0])
				}
				w.closeIntake()
				w.at(w.now().SupportCloses())
				a, err := w.Select(w.ctx, selector, ed)
				w.ok(err)
				if len(a.Chosen) != 0 || len(a.Missed) != 2 || a.Missed[0].Reason != "no-support" || a.Ballots != 0 {
					t.Errorf("agenda %+v", a)
				}
				if want := map[bool]int{true: 0, false: 1}[name == "no ballot"]; a.Outside != want || want == 0 && a.Apart != 0 {
					t.Errorf("%d ballots have no row, want %d", a.Outside, want)
				}
				moved(t, w, a)
				w.advance()
			})
		})
	}
}

// TestPostponedTakesNoBallots: a held edition holds its ballots too.
func TestPostponedTakesNoBallots(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		q, dev := w.asked(1), w.device()
		w.ok(w.edition.Postpone(w.ctx, facilitator, ed, "Huracán anunciado para esa semana", "La sesión se mueve.", time.Time{}))
		_, err := w.Support(w.ctx, glosa.Citizen(), dev, q[0], [16]byte{})
		w.is(glosa.Closed, err)
	})
}

// TestOutsideSelector: where the protocol says so, the selector picks, within the minutes.
func TestOutsideSelector(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.protocol(func(text string) string {
			return strings.Replace(text, "rule: equal_shares", "rule: outside_selector", 1)
		})
		w.openIntake()
		q := w.asked(4)
		w.support(w.device(), q[0])
		w.closeIntake()
		w.at(w.now().SupportCloses())
		_, err := w.Select(w.ctx, selector, ed)
		w.is(glosa.Conflict, err)
		for name, bad := range map[string][]glosa.QuestionID{"none": nil, "twice": {q[1], q[1]}, "unknown": {"DEMO26-0000-X"}} {
			if _, err := w.Pick(w.ctx, selector, ed, bad); glosa.KindOf(err) != glosa.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		a, err := w.Pick(w.ctx, selector, ed, []glosa.QuestionID{q[2], q[0]})
		w.ok(err)
		if a.Computed || a.Fair || len(a.Missed) != 2 || a.Used != 16 || a.Chosen[0].Question != q[2] || a.Chosen[1].Supporters != 1 {
			t.Errorf("agenda %+v", a)
		}
		moved(t, w, a)
	})
}

// TestFewBallotsApartAreNotTold: how many came by doors that do not count is told
// from twenty on. All ballots that have no row are told together always, and the
// record, the audit and the page agree.
func TestFewBallotsApartAreNotTold(t *testing.T) {
	for name, c := range map[string]struct{ apart, wantApart, wantVoid int }{
		"Three": {3, -1, -1}, "Nineteen": {19, -1, -1}, "Twenty": {20, 20, 1},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				w.protocol(doors("oidc", "device"))
				w.openIntake()
				q := w.asked(2)
				w.support(w.account("1"), q[0])
				w.support(w.account("2"), q[1])
				for range c.apart {
					w.support(w.device(), q[0])
				}
				w.ok(w.question.Withdraw(w.ctx, glosa.Citizen(), q[1], question.Proof{Key: w.opens[q[1]]}))
				w.closeIntake()
				w.at(w.now().SupportCloses())
				a, err := w.Select(w.ctx, selector, ed)
				w.ok(err)
				if a.Ballots != 1 || a.Outside != c.apart+1 || a.Apart != c.wantApart || a.Void != c.wantVoid {
					t.Errorf("%d rows, %d outside: %d void, %d apart", a.Ballots, a.Outside, a.Void, a.Apart)
				}
				for _, e := range w.events("priority.selected") {
					if want := fmt.Sprintf(`"apart":%d,`, c.wantApart); !strings.Contains(string(e.Body), want) {
						t.Errorf("the leaf says %s, want %s", e.Body, want)
					}
				}
				if found := w.audit(); !found.OK() {
					t.Errorf("the audit finds %+v", found.Findings)
				}
				agreeing(t, w)
			})
		})
	}
}

// agreeing: the leaves fold to what is official, in every line about ballots, and
// the sum of the batches holds.
func agreeing(t *testing.T, w *town) {
	t.Helper()
	said := book{}
	for _, e := range w.public() {
		w.ok(priority.Fold(said, e))
	}
	if said["fault"] != "" {
		t.Error(said["fault"])
	}
	n := 0
	w.ok(w.Officials(w.ctx, func(o glosa.Official) error {
		if o.What == "ballots" {
			n++
			if want := said.Word(o.Of, o.ID, o.What); o.Word != want {
				t.Errorf("published %q, told %q", o.Word, want)
			}
		}
		return nil
	}))
	if n != 1 {
		t.Errorf("%d lines tell of ballots", n)
	}
}
