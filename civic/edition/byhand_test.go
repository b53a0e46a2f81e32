package edition

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// handmade is a year as somebody wrote it down: each day that is worked, in order.
type handmade struct {
	text  string
	parts []string // "name --\nbody"
	work  []time.Time
}

var weekdays = [...]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}

var months = [...]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
	"octubre", "noviembre", "diciembre"}

func readYear(t *testing.T, year int, zone *time.Location) handmade {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("testdata/year-%d.txt", year))
	if err != nil {
		t.Fatal(err)
	}
	h := handmade{text: string(text), parts: strings.Split("\n"+string(text), "\n-- ")[1:]}
	for _, part := range h.parts {
		name, body, _ := strings.Cut(part, " --\n")
		m := slices.Index(months[:], name)
		if m < 0 {
			continue
		}
		for l := range strings.Lines(body) {
			for _, f := range strings.Fields(l) {
				var day int
				if _, err := fmt.Sscanf(f, "%d", &day); err == nil && !strings.HasPrefix(l, "=") {
					h.work = append(h.work, time.Date(year, time.Month(m+1), day, 0, 0, 0, 0, zone))
				}
			}
		}
	}
	return h
}

// TestCalendarsByHand: four years as they were written out day by day, with the
// days of rest by name and what each month has, are what the calendar computes.
func TestCalendarsByHand(t *testing.T) {
	ed := under(template(t, "glosa-qroo"))
	cal, _ := ed.Protocol.Calendar(ed.Territory)
	for _, year := range []int{2019, 2024, 2025, 2026} {
		h := readYear(t, year, ed.Zone)
		got := writeYear(cal, year)
		_, byHand, _ := strings.Cut(h.text, "\n\n") // without the remarks
		if !strings.HasPrefix(byHand, got+"\n\n") {
			t.Errorf("%d by hand:\n%s\ncomputed:\n%s", year, byHand, got)
		}
	}
}

// writeYear writes a calendar's year as the files have it.
func writeYear(cal Calendar, year int) string {
	var rest, grid strings.Builder
	total := 0
	for m := time.January; m <= time.December; m++ {
		n := 0
		fmt.Fprintf(&grid, "-- %s --\nlu ma mi ju vi sá do\n", months[m-1])
		var row []string
		for d := 1; d <= daysIn(year, m); d++ {
			day := time.Date(year, m, d, 0, 0, 0, 0, time.UTC)
			place := (int(day.Weekday()) + 6) % 7
			for len(row) < place {
				row = append(row, "  ")
			}
			name, holiday := cal.Holiday(day)
			if holiday {
				fmt.Fprintf(&rest, "%s %s %s\n", day.Format(time.DateOnly), weekdays[day.Weekday()], name.Es)
			}
			switch {
			case cal.Rests(day):
				row = append(row, "--")
			case holiday:
				row = append(row, "**")
			case cal.Works(day):
				row = append(row, fmt.Sprintf("%2d", d))
				n++
			}
			if place == 6 || d == daysIn(year, m) {
				grid.WriteString(strings.Join(row, " ") + "\n")
				row = nil
			}
		}
		fmt.Fprintf(&grid, "= %d\n\n", n)
		total += n
	}
	return fmt.Sprintf("-- rest --\n%s\n%s-- year --\n= %d", rest.String(), grid.String(), total)
}

// TestDeadlinesOnCalendarsByHand: from every hour at which a day of these years
// begins, ends and stands in the middle, a term of working days ends where
// counting in the grid ends.
func TestDeadlinesOnCalendarsByHand(t *testing.T) {
	ed := under(template(t, "glosa-qroo"))
	years := [][]int{{2019}, {2024, 2025, 2026}}
	tried := 0
	for _, run := range years {
		var work []time.Time
		for _, y := range run {
			work = append(work, readYear(t, y, ed.Zone).work...)
		}
		last := time.Date(run[len(run)-1]+1, 1, 1, 0, 0, 0, 0, ed.Zone)
		for day := time.Date(run[0], 1, 1, 0, 0, 0, 0, ed.Zone); day.Before(last); day = nextDay(day) {
			after, _ := slices.BinarySearchFunc(work, nextDay(day), func(a, b time.Time) int { return a.Compare(b) })
			for _, n := range []int{1, 2, 3, 5, 10, 15, 20, 60} {
				if after+n > len(work) {
					continue
				}
				want := nextDay(work[after+n-1]).Add(-time.Second)
				for _, at := range []time.Duration{0, 12 * time.Hour, 24*time.Hour - time.Second} {
					tried++
					if sum := ed.Deadline(day.Add(at), Term{n, WorkingDays}, nil, nil); !sum.Due.Equal(want) {
						t.Fatalf("%d working days from %s: %s, by hand %s", n, day.Add(at), sum.Due, want)
					}
				}
			}
		}
	}
	if tried < 30_000 {
		t.Errorf("only %d were tried", tried)
	}
}

// TestExamplesByHand: the worked examples of the four years, each day counted, each
// explained. What is explained is what a page prints.
func TestExamplesByHand(t *testing.T) {
	ed := under(template(t, "glosa-qroo"))
	worked := map[string]bool{}
	for _, y := range []int{2019, 2024, 2025, 2026} {
		for _, day := range readYear(t, y, ed.Zone).work {
			worked[day.Format(time.DateOnly)] = true
		}
	}
	n := 0
	for _, y := range []int{2019, 2024, 2025, 2026} {
		for _, part := range readYear(t, y, ed.Zone).parts {
			name, body, _ := strings.Cut(part, " --\n")
			if !strings.Contains(body, "due: ") {
				continue
			}
			n++
			t.Run(fmt.Sprint(y, " ", name), func(t *testing.T) {
				want := strings.TrimSpace(withoutRemarks(body))
				counted(t, want, worked)
				if got := replay(t, ed, want); got != withoutCounted(want) {
					t.Errorf("got:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
	if n < 12 {
		t.Errorf("only %d examples were read", n)
	}
}

// counted checks the days that an example counts: numbered without a gap, each
// named as it is, each worked where working days are counted, the last one due.
func counted(t *testing.T, example string, worked map[string]bool) {
	t.Helper()
	n, last := 0, ""
	for l := range strings.Lines(example) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(l), "counted: ")
		if !ok {
			continue
		}
		f := strings.Fields(rest)
		day, err := time.Parse(time.DateOnly, f[1])
		n++
		if err != nil || f[0] != fmt.Sprint(n) || f[1] <= last || f[2] != weekdays[day.Weekday()] ||
			strings.Contains(example, "working day") && !worked[f[1]] {
			t.Errorf("the %dth counted day is %q", n, rest)
		}
		last = f[1]
	}
	if !strings.Contains(example, "due: "+last+" 23:59:59") {
		t.Errorf("the last counted day is %s", last)
	}
}

func withoutCounted(s string) string {
	var keep []string
	for _, l := range strings.Split(s, "\n") {
		if !strings.HasPrefix(l, "counted: ") {
			keep = append(keep, l)
		}
	}
	return strings.Join(keep, "\n")
}

// explained writes the lines of a sum.
func explained(sum Sum, zone *time.Location) (out []string) {
	day := func(at time.Time) string { return at.In(zone).Format(time.DateOnly) }
	for _, s := range sum.Steps {
		line := string(s.Kind) + " " + day(s.Date)
		switch s.Kind {
		case StepTerm:
			line = "term " + Term{s.N, s.Unit}.String()
		case StepSkipped:
			line += " " + s.Name.Es
		case StepPause:
			line += fmt.Sprintf(" to %s: %d", day(s.To), s.N)
		case StepExtension:
			line = fmt.Sprintf("extension %d by %s", s.N, s.By)
		case StepDue:
			line += " " + weekdays[s.Date.In(zone).Weekday()]
		}
		out = append(out, "explained: "+line)
	}
	return out
}
