package commitment

import (
	"bufio"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"glosa"
)

func table(t *testing.T, name string, columns int) (rows [][]string) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		line, _, _ := strings.Cut(sc.Text(), "#")
		if cols := strings.Fields(line); len(cols) == columns {
			rows = append(rows, cols)
		} else if len(cols) > 0 {
			t.Fatalf("%s: %d columns, want %d: %s", name, len(cols), columns, line)
		}
	}
	if len(rows) == 0 {
		t.Fatal(name + " is empty")
	}
	return rows
}

// TestStates: the machine in the code and the one people read are the same.
func TestStates(t *testing.T) {
	written := map[string]string{}
	for _, r := range table(t, "states.txt", 3) {
		written[r[0]+" "+r[1]] = r[2]
	}
	coded := map[string]string{}
	for from, acts := range steps {
		for act, to := range acts {
			coded[string(from)+" "+act] = string(to)
		}
	}
	for k, to := range coded {
		if written[k] != to {
			t.Errorf("%s leads to %s, testdata/states.txt says %q", k, to, written[k])
		}
	}
	for k, to := range written {
		if coded[k] != to {
			t.Errorf("testdata/states.txt: %s leads to %s, the code says %q", k, to, coded[k])
		}
	}
}

// TestOpenStatesCanBeDisposed: whatever the gate asks about can be answered.
func TestOpenStatesCanBeDisposed(t *testing.T) {
	for s := range steps {
		for _, act := range []string{"continue", "merge", "split", "abandon"} {
			if _, err := s.Step(act); s.Open() && err != nil {
				t.Errorf("%s is open and cannot %s", s, act)
			} else if !s.Open() && err == nil {
				t.Errorf("%s is not open and can %s", s, act)
			}
		}
	}
}

func TestGap(t *testing.T) {
	word := func(s string) Status { return Status(strings.TrimPrefix(s, "-")) }
	for _, r := range table(t, "gap.txt", 3) {
		for _, pair := range [][2]string{{r[0], r[1]}, {r[1], r[0]}} {
			n, ok := Gap(word(pair[0]), word(pair[1]))
			got := strconv.Itoa(n)
			if !ok {
				got = "-"
			}
			if got != r[2] {
				t.Errorf("%s and %s: %s, want %s", pair[0], pair[1], got, r[2])
			}
		}
	}
}

func TestGapTotalKeepsItsDenominator(t *testing.T) {
	var g GapTotal
	g.Add(Complete, Limited)
	g.Add(Complete, NoWord)
	g.Add(Substantial, Substantial)
	if g != (GapTotal{Steps: 2, Computable: 2, Of: 3}) {
		t.Errorf("%+v", g)
	}
}

func TestMilestones(t *testing.T) {
	for _, r := range table(t, "milestones.txt", 3) {
		if got := Progress(r[0]).May(Progress(r[1])); got != (r[2] == "yes") {
			t.Errorf("%s to %s: %v, want %s", r[0], r[1], got, r[2])
		}
	}
}

var day = time.Date(2026, 10, 1, 5, 0, 0, 0, time.UTC)

func whole() Draft {
	return Draft{
		Wording: Wording{Title: "Padrón de escuelas con agua", Problem: "No se sabe cuáles no tienen.", Deliverable: "Un padrón público y descargable.",
			Indicator: "Escuelas con dato entre escuelas en total.", Starts: day, Ends: day.AddDate(1, 0, 0), Budget: Budget{Declared: "none"}},
		Owners:     []Owner{{glosa.Government, "SEQ", Leads}, {glosa.Civil, "OBS", Leads}, {glosa.Government, "CAPA", Supports}},
		Targets:    []Target{{"6.1", "El padrón dice dónde falta el agua potable."}},
		Milestones: []Step{{"Levantamiento", day.AddDate(0, 3, 0)}, {"Publicación", day.AddDate(0, 9, 0)}},
	}
}

// taken are the ways in which testdata/gate.txt spoils a whole card.
var taken = map[string]func(*Draft){
	"nothing":           func(*Draft) {},
	"title":             func(d *Draft) { d.Wording.Title = " " },
	"problem":           func(d *Draft) { d.Wording.Problem = "" },
	"deliverable":       func(d *Draft) { d.Wording.Deliverable = "" },
	"indicator":         func(d *Draft) { d.Wording.Indicator = "" },
	"government_leader": func(d *Draft) { d.Owners[0].Part = Coordinates },
	"civil_leader":      func(d *Draft) { d.Owners = d.Owners[:1] },
	"two_leaders":       func(d *Draft) { d.Owners[2].Part = Leads },
	"start":             func(d *Draft) { d.Wording.Starts = time.Time{} },
	"end_before_start":  func(d *Draft) { d.Wording.Ends = d.Wording.Starts.AddDate(0, 0, -1) },
	"budget":            func(d *Draft) { d.Wording.Budget = Budget{} },
	"line_without_name": func(d *Draft) { d.Wording.Budget = Budget{Declared: "line", Cents: 100} },
	"none_with_money":   func(d *Draft) { d.Wording.Budget = Budget{Declared: "none", Cents: 100} },
	"no_targets":        func(d *Draft) { d.Targets = nil },
	"four_targets": func(d *Draft) {
		d.Targets = append(d.Targets, Target{"6.2", "r"}, Target{"6.3", "r"}, Target{"6.4", "r"})
	},
	"unknown_target":     func(d *Draft) { d.Targets[0].Code = "6.99" },
	"no_rationale":       func(d *Draft) { d.Targets[0].Rationale = "agua" },
	"one_milestone":      func(d *Draft) { d.Milestones = d.Milestones[:1] },
	"milestone_too_late": func(d *Draft) { d.Milestones[1].Due = day.AddDate(2, 0, 0) },
	"milestone_untitled": func(d *Draft) { d.Milestones[1].Title = "" },
	"everything":         func(d *Draft) { *d = Draft{} },
}

func TestGateOutOfDraft(t *testing.T) {
	for _, r := range table(t, "gate.txt", 2) {
		t.Run(r[0], func(t *testing.T) {
			spoil, ok := taken[r[0]]
			if !ok {
				t.Fatal("the test does not know how to take this away")
			}
			d := whole()
			spoil(&d)
			var names []string
			for _, l := range d.Lacks() {
				names = append(names, l.Name)
			}
			if got := strings.Join(names, ","); got != strings.TrimPrefix(r[1], "-") {
				t.Errorf("lacks %q, want %q", got, r[1])
			}
		})
	}
}

func TestRestatedWordsCarryNoQuotationMarks(t *testing.T) {
	for _, mark := range quotes {
		w := Wording{Title: "Acceso " + string(mark) + "abierto"}
		if w.Check(true) == nil {
			t.Errorf("%c passed", mark)
		}
		if err := w.Check(false); err != nil {
			t.Errorf("%c: our own wording may quote: %v", mark, err)
		}
	}
}

func TestParseID(t *testing.T) {
	for in, want := range map[string]string{
		"QROO-2018-03": "QROO-2018-03", " demo-2026-07 ": "DEMO-2026-07", "DEMO-2026-107": "DEMO-2026-107",
		"QROO-2018-3": "", "QROO-2018-00": "", "QROO-2018-003": "", "QROO2018-03": "", "QROO-18-03": "", "-2018-03": "", "Q RO-2018-03": "",
		"QROO-2018-03-h1": "", "": "", "QROO-2018-+3": "", "QROO-99999-03": "",
	} {
		n, err := ParseID(in)
		if got := string(n.ID()); err == nil && got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %s, %v; want %q", in, got, err, want)
		}
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// FuzzParseID: what is read is written the same, but for capitals and blanks around it.
func FuzzParseID(f *testing.F) {
	f.Add("QROO-2018-03")
	f.Add("demo-2026-107")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseID(s)
		if err != nil {
			return
		}
		id := string(n.ID())
		if id != strings.ToUpper(strings.TrimSpace(s)) {
			t.Errorf("%q was read as %s", s, id)
		}
		if again, err := ParseID(id); err != nil || again != n {
			t.Errorf("%s is not read as it was written: %v", id, err)
		}
	})
}

func TestDispositionCheck(t *testing.T) {
	for name, c := range map[string]struct {
		d     Disposition
		obs   Status
		field string
	}{
		"Continues":             {Disposition{Outcome: Continues}, NoWord, ""},
		"Unknown":               {Disposition{Outcome: Unknown}, NoWord, ""},
		"AbandonedNeedsReason":  {Disposition{Outcome: Abandons, Reason: " "}, NoWord, "reason"},
		"Abandoned":             {Disposition{Outcome: Abandons, Reason: "La norma cambió."}, NoWord, ""},
		"FulfilledUnverified":   {Disposition{Outcome: Fulfilled}, Substantial, "reason"},
		"FulfilledVerified":     {Disposition{Outcome: Fulfilled}, Complete, ""},
		"MergeNamesOne":         {Disposition{Outcome: Merges}, NoWord, "into"},
		"Merge":                 {Disposition{Outcome: Merges, Into: []glosa.CommitmentID{"B"}}, NoWord, ""},
		"MergeIntoItself":       {Disposition{Outcome: Merges, Commitment: "B", Into: []glosa.CommitmentID{"B"}}, NoWord, "into"},
		"SplitNamesTwo":         {Disposition{Outcome: Splits, Into: []glosa.CommitmentID{"B"}}, NoWord, "into"},
		"ContinueNamesNone":     {Disposition{Outcome: Continues, Into: []glosa.CommitmentID{"B"}}, NoWord, "into"},
		"NothingElseIsAnAnswer": {Disposition{Outcome: "forgotten"}, NoWord, "outcome"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.d.Check(c.obs)
			e, _ := err.(*glosa.Error)
			if (err == nil) != (c.field == "") || e != nil && e.Fields[0].Name != c.field {
				t.Errorf("%v, want %q", err, c.field)
			}
		})
	}
}

func TestAfterAssessment(t *testing.T) {
	for _, c := range []struct {
		from    State
		status  Status
		closing bool
		to      State
	}{
		{Claimed, Complete, false, Verified}, {Claimed, Substantial, false, Disputed}, {Active, Limited, false, Active},
		{Active, Limited, true, Evaluated}, {Claimed, Limited, true, Evaluated}, {Disputed, Complete, false, Verified},
		{Verified, NoEvidence, false, Disputed}, {AsStated, Limited, true, AsStated}, {Merged, Complete, false, ""}, {Proposed, Complete, false, ""},
	} {
		to, err := c.from.after(c.status, c.closing)
		if err != nil {
			to = ""
		}
		if to != c.to {
			t.Errorf("%s, %s, closing %v: %s, want %s", c.from, c.status, c.closing, to, c.to)
		}
	}
}

func TestStale(t *testing.T) {
	c := Commitment{State: Active, Accepted: day}
	if n := c.Stale(day.AddDate(0, 0, 44)); n != 0 {
		t.Errorf("stale after 44 days: %d", n)
	}
	if n := c.Stale(day.AddDate(0, 0, 46)); n != 46 {
		t.Errorf("%d, want 46 days since it was accepted", n)
	}
	c.Updated = day.AddDate(0, 0, 40)
	if n := c.Stale(day.AddDate(0, 0, 46)); n != 0 {
		t.Errorf("stale six days after an update: %d", n)
	}
	c.State = Verified
	if n := c.Stale(day.AddDate(2, 0, 0)); n != 0 {
		t.Errorf("what is verified owes no update: %d", n)
	}
}

func TestTimelineIsInOrderOfTime(t *testing.T) {
	c := Commitment{Versions: []Version{{Stated: true}}}
	entries := []Entry{{DateText: "2023", At: day.AddDate(-3, 0, 0), Kind: "event", Text: "b"}, {DateText: "2018", At: day.AddDate(-8, 0, 0), Kind: "event", Text: "a"}}
	line := Timeline(c, entries, nil, nil, []Disposition{{At: day, Outcome: Continues}})
	var order []string
	for _, e := range line {
		order = append(order, e.Text+e.Key)
	}
	if !slices.Equal(order, []string{"a", "b", "cm.t.fate"}) {
		t.Errorf("%v", order)
	}
}

func TestLinkCheck(t *testing.T) {
	for name, c := range map[string]struct {
		l  Link
		ok bool
	}{
		"Documented":         {Link{Way: OGP, To: "MXROO0002", Basis: OnRecord, Sources: []glosa.SourceID{"S1"}}, true},
		"DocumentedUnsaid":   {Link{Way: OGP, To: "MXROO0002", Basis: OnRecord}, false},
		"Inferred":           {Link{Way: OGP, To: "MXROO0003", Basis: Inferred}, true},
		"NoneIsSaid":         {Link{Way: Later, Basis: NoBasis}, true},
		"NoneNamesNothing":   {Link{Way: Later, To: "QROO-2019-01", Basis: NoBasis}, false},
		"SomethingNamesSome": {Link{Way: Later, Basis: Inferred}, false},
		"NotItself":          {Link{From: "A", Way: Later, To: "A", Basis: Inferred}, false},
	} {
		if err := c.l.Check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
