package edition

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func template(t testing.TB, name string) *Protocol {
	t.Helper()
	text, err := Template(name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ParseProtocol(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func under(p *Protocol) Edition {
	return Edition{ID: "demo26", Territory: p.Territory, Zone: p.zone, Protocol: p}
}

func TestDeadlines(t *testing.T) {
	text, err := os.ReadFile("testdata/deadlines.txt")
	if err != nil {
		t.Fatal(err)
	}
	ed := under(template(t, "glosa-qroo"))
	cases := strings.Split("\n"+string(text), "\n-- ")[1:]
	if len(cases) < 15 {
		t.Fatalf("only %d cases were read", len(cases))
	}
	for _, c := range cases {
		name, body, _ := strings.Cut(c, " --\n")
		t.Run(name, func(t *testing.T) {
			want := strings.TrimSpace(withoutRemarks(body))
			if got := replay(t, ed, want); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func withoutRemarks(s string) string {
	var keep []string
	for l := range strings.Lines(s) {
		if !strings.HasPrefix(l, "#") {
			keep = append(keep, strings.TrimRight(l, "\n"))
		}
	}
	return strings.Join(keep, "\n")
}

// replay reads the givens of a case, computes, and writes the case again.
func replay(t *testing.T, ed Edition, want string) string {
	var out []string
	var start time.Time
	var rule Term
	var ext []Extension
	var pauses []Pause
	at := func(s string) time.Time {
		if s == "-" {
			return time.Time{}
		}
		v, err := time.ParseInLocation("2006-01-02 15:04", s, ed.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, l := range strings.Split(want, "\n") {
		key, val, _ := strings.Cut(l, ": ")
		f := strings.Fields(val)
		switch key {
		case "start":
			start = at(val)
		case "term":
			var err error
			if rule, err = ParseTerm(val); err != nil {
				t.Fatal(err)
			}
		case "extend":
			x := Extension{By: f[1], At: start}
			if _, err := fmt.Sscan(f[0], &x.N); err != nil {
				t.Fatal(err)
			}
			ext = append(ext, x)
		case "pause":
			p := Pause{From: at(f[0] + " " + f[1]), Reason: "ejemplo"}
			if f[2] != "-" {
				p.To = at(f[2] + " " + f[3])
			}
			pauses = append(pauses, p)
		default:
			continue
		}
		out = append(out, l)
	}
	sum := ed.Deadline(start, rule, ext, pauses)
	if strings.Contains(want, "explained: ") {
		out = append(out, explained(sum, ed.Zone)...)
		return strings.Join(append(out, "due: "+sum.Due.In(ed.Zone).Format(time.DateTime)), "\n")
	}
	out = append(out, brief(sum, strings.Contains(want, "paused: "))...)
	if sum.Standing {
		return strings.Join(append(out, "standing: true"), "\n")
	}
	return strings.Join(append(out, "due: "+sum.Due.In(ed.Zone).Format(time.DateTime)), "\n")
}

// brief are the lines of a sum that most cases ask for.
func brief(sum Sum, pauses bool) (out []string) {
	for _, s := range sum.Steps {
		switch {
		case s.Kind == StepSkipped:
			out = append(out, "skipped: "+s.Date.Format(time.DateOnly)+" "+s.Name.Es)
		case s.Kind == StepPause && pauses:
			out = append(out, fmt.Sprintf("paused: %d", s.N))
		}
	}
	return out
}

func TestSumExplainsItself(t *testing.T) {
	ed := under(template(t, "glosa-qroo"))
	start := time.Date(2026, 12, 14, 16, 0, 0, 0, time.UTC)
	granted := Extension{N: 5, By: "post:sesa-titular", At: start.AddDate(0, 0, 10), Reason: "faltan datos de tres hospitales"}
	sum := ed.Deadline(start, Term{15, WorkingDays}, []Extension{granted}, nil)
	var kinds []StepKind
	for _, s := range sum.Steps {
		kinds = append(kinds, s.Kind)
	}
	want := []StepKind{StepStart, StepTerm, StepSkipped, StepSkipped, StepExtension, StepDue}
	if !slices.Equal(kinds, want) {
		t.Errorf("steps %v, want %v", kinds, want)
	}
	if x := sum.Steps[4]; x.By != granted.By || x.Reason != granted.Reason || x.N != 5 || x.Unit != WorkingDays {
		t.Errorf("the extension is told as %+v", x)
	}
	if sum.Calendar != "23 v1" || len(sum.Skipped()) != 2 {
		t.Errorf("calendar %q, %d days skipped", sum.Calendar, len(sum.Skipped()))
	}
	if sum.Overdue(sum.Due) || !sum.Overdue(sum.Due.Add(time.Second)) {
		t.Error("the last second of the due day is in time, the next is not")
	}
}

func TestSuspensionsOfTheEditionStandEveryDeadlineStill(t *testing.T) {
	ed := under(template(t, "glosa-qroo"))
	ed.Suspensions = []Pause{{From: time.Date(2026, 3, 3, 0, 0, 0, 0, ed.Zone), To: time.Date(2026, 3, 10, 0, 0, 0, 0, ed.Zone), Reason: "contingencia"}}
	sum := ed.Deadline(time.Date(2026, 3, 2, 9, 0, 0, 0, ed.Zone), Term{2, WorkingDays}, nil, nil)
	if got := sum.Due.Format(time.DateOnly); got != "2026-03-11" {
		t.Errorf("due %s, want 2026-03-11", got)
	}
}

// Properties: a working-day deadline ends on a working day, with exactly the
// term's working days after the start; longer terms never end earlier; a pause
// never shortens.
func TestDeadlineProperties(t *testing.T) {
	ed := under(template(t, "glosa-qroo"))
	cal, _ := ed.Protocol.Calendar("23")
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2025, 1, 1, 0, 0, 0, 0, ed.Zone).Add(time.Duration(rapid.IntRange(0, 6*365*24*60).Draw(t, "minute")) * time.Minute)
		n := rapid.IntRange(1, 60).Draw(t, "n")
		sum := ed.Deadline(start, Term{n, WorkingDays}, nil, nil)
		if !cal.Works(sum.Due) {
			t.Fatalf("due on %s, a day of rest", sum.Due)
		}
		if got := ed.WorkingDays(start, sum.Due); got != n {
			t.Fatalf("%d working days from %s to %s, want %d", got, start, sum.Due, n)
		}
		if got := ed.WorkingDays(sum.Due, start); got != -n {
			t.Fatalf("backwards %d, want %d", got, -n)
		}
		if more := ed.Deadline(start, Term{n + 1, WorkingDays}, nil, nil); !more.Due.After(sum.Due) {
			t.Fatalf("%d days end %s, %d end %s", n+1, more.Due, n, sum.Due)
		}
		from := start.Add(time.Duration(rapid.IntRange(-100, 2000).Draw(t, "from")) * time.Hour)
		pause := Pause{From: from, To: from.Add(time.Duration(rapid.IntRange(1, 900).Draw(t, "for")) * time.Hour)}
		for _, unit := range []Unit{WorkingDays, Days, Hours, Months} {
			plain := ed.Deadline(start, Term{n, unit}, nil, nil)
			held := ed.Deadline(start, Term{n, unit}, nil, []Pause{pause})
			if held.Due.Before(plain.Due) {
				t.Fatalf("%d %s: a pause shortened %s to %s", n, unit, plain.Due, held.Due)
			}
		}
	})
}
