package edition

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"glosa"
)

func TestTemplates(t *testing.T) {
	want := []string{"glosa-90", "glosa-qroo", "pregunta-jalisco"}
	if got := Templates(); !slices.Equal(got, want) {
		t.Fatalf("templates %v, want %v: the demonstration's are not offered", got, want)
	}
	for _, name := range append(want, Rehearsals()...) {
		p := template(t, name)
		if offered := slices.Contains(want, name); (len(p.Seats.Chairs) > 0) != offered {
			t.Errorf("%s: a template that is offered says its places, and a rehearsal makes its own", name)
		}
		if string(p.Key) != name {
			t.Errorf("%s calls itself %s", name, p.Key)
		}
		for _, w := range [][]Words{{p.Name, p.About}, {p.Selection.DoorsNote}} {
			for _, x := range w {
				if (x.Es == "") != (x.En == "") {
					t.Errorf("%s: %+v is in one language only", name, x)
				}
			}
		}
		demo := strings.HasPrefix(name, "demo")
		if p.Selection.Counts("device") != demo || demo && !strings.Contains(p.Selection.DoorsNote.Es, "demostración") {
			t.Errorf("%s: the device door counts in demonstrations only, and they say so", name)
		}
		if !demo && !slices.Equal(p.Selection.Counting, []glosa.Code{"contact", "code", "oidc"}) {
			t.Errorf("%s counts %v", name, p.Selection.Counting)
		}
		if len(p.Moderation.Grounds) != len(Grounds()) {
			t.Errorf("%s lists %d grounds", name, len(p.Moderation.Grounds))
		}
	}
	if _, err := Template("../schema/0001"); glosa.KindOf(err) != glosa.NotFound {
		t.Errorf("a template outside the folder: %v", err)
	}
}

func TestGlosaQuintanaRoo(t *testing.T) {
	p := template(t, "glosa-qroo")
	got := fmt.Sprint(p.Limits.QuestionLetters, p.Limits.ContextLetters, p.Moderation.Decide, p.Moderation.Appeal, p.Deadlines.Answer,
		p.Deadlines.AnswerExtension, p.Deadlines.MinutesDraft, p.Deadlines.MinutesComment, p.Deadlines.MinutesSign, p.Deadlines.RightOfReply,
		p.Timers.AnswerHead, p.Timers.Answer, p.Timers.Requestion, p.Timers.Session, p.Notice, " ", p.Selection.SupportWindow.String()+"/"+string(p.Regime))
	want := "300 1000 72 hours 5 working days 15 working days 5 working days 3 working days 5 working days 10 working days 10 days " +
		"3m0s 5m0s 1m0s 2h30m0s 15 days 5 working days/LGPDPPSO"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// What sources say of 2017: six days, five themes, an outside selector, three on stage.
func TestPreguntaCiudadana(t *testing.T) {
	p := template(t, "pregunta-jalisco")
	plan := Lay(p, time.Date(2027, 2, 11, 12, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	open, shut := plan.On(IntakeOpen), plan.On(IntakeClosed)
	if days := daysBetween(open, shut) + 1; days != 6 || open.Day() != 1 {
		t.Errorf("the window is %d days from %s", days, open)
	}
	if p.Themes != 5 || p.Selection.OnStage != 3 || p.Selection.Rule != "outside_selector" || p.Selection.Rest != "written" ||
		!slices.Equal(p.Selection.Selector, []glosa.Side{glosa.Observatory}) || p.Territory != "14" {
		t.Errorf("not the exercise of Jalisco: %+v", p.Selection)
	}
	for _, n := range p.Notes {
		if n.Basis == "documented" && !strings.Contains(n.Source, "cabecera.mx") && !strings.Contains(n.Source, "informador.mx") {
			t.Errorf("%s: a source that the facts do not name: %s", n.About, n.Source)
		}
	}
}

func TestNinetyDays(t *testing.T) {
	p := template(t, "glosa-90")
	session := time.Date(2026, 12, 9, 0, 0, 0, 0, p.Location())
	plan := Lay(p, session, session.AddDate(0, 0, -90))
	if days := daysBetween(plan.On(Draft), session); days != 90 {
		t.Errorf("the mandate is %d days before the session", days)
	}
	if len(plan.Missing) != 0 {
		t.Errorf("ninety days are not enough: %+v", plan.Missing)
	}
}

// faults are changes of a template with one thing wrong each.
var faults = []struct{ name, old, new, says string }{
	{"unknown field", "  question_letters: 300", "  question_leters: 300", "unknown field"},
	{"a word for a number", "themes: 4", "themes: many", "int"},
	{"number out of range", "  choices: 10", "  choices: 11", "between 1 and 10"},
	{"not a term", "  answer: 15 working days", "  answer: 15 wrking days", "not a unit"},
	{"not an offset", "{stage: selected, at: T-33 days at 12:00", "{stage: selected, at: 33 days before", "not a place"},
	{"not a day", "{on: third monday of march", "{on: third monday of marzo", "not a day"},
	{"a length of time", "  answer_head: 3m", "  answer_head: -3m", "between 1s and 12h"},
	{"an unknown ground", "    - code: repeat", "    - code: too_critical", "not one of"},
	{"silence of propaganda is held", "    - code: propaganda", "    - code: propaganda\n      held: true", "stay held"},
	{"off scope without help", "      help: true\n", "", "where they can help"},
	{"a stage out of order", "{stage: selected, at: T-33 days at 12:00, by: desk}", "{stage: agreed, at: T-33 days at 12:00, by: desk}", "belongs"},
	{"dates out of order", "at: T-33 days at 12:00", "at: T-31 days at 12:00", "before selected"},
	{"too far away", "at: T-120 days", "at: T-1200 days", "three years"},
	{"too short a notice", "at: T-75 days at 09:00", "at: T-70 days at 09:00", "less than the notice"},
	{"supports cut short", "at: T-33 days at 12:00", "at: T-39 days at 12:00", "before supports close"},
	{"the desk closes the intake", "{stage: intake_closed, at: T-45 days at 23:59, by: clock}", "{stage: intake_closed, at: T-45 days at 23:59, by: desk}", "close it early"},
	{"the government selects", "selector: [civil, observatory]", "selector: [civil, government]", "never the government"},
	{"an open tie", "ties: [more_supporters, fewer_minutes, id]", "ties: [more_supporters, fewer_minutes]", "tie could stay open"},
	{"devices in silence", "counting_doors: [contact, code, oidc]\n  apart_doors: [device]", "counting_doors: [contact, device]\n  apart_doors: [code]", "must say so"},
	{"regime of another host", "regime: LGPDPPSO", "regime: LFPDPPP", "stands under"},
	{"no such zone", "zone: America/Cancun", "zone: America/Cancún", "not a time zone"},
	{"no calendar", "  - territory: \"23\"", "  - territory: \"31\"", "no calendar"},
	{"fewer seats for citizens", "{side: civil, each: 5}", "{side: civil, each: 3}", "no fewer"},
	{"a place twice", "number: 3, roles: [convenor]", "number: 2, roles: [convenor]", "stands twice"},
	{"a range backwards", "{side: civil, number: 4, to: 7,", "{side: civil, number: 4, to: 3,", "between 4 and 500"},
	{"no such role", "roles: [clerk]", "roles: [scribe]", "not a role"},
	{"the government's evaluator", "roles: [clerk]", "roles: [evaluator]", "does not do it"},
	{"a place from nowhere", "roles: [clerk], sector: executive", "roles: [clerk], sector: moon", "not one of"},
	{"nobody may stand in", "not_delegable: [selector,", "not_delegable: [selecter,", "not a role"},
	{"documented without a source", "{about: themes, basis: proposed", "{about: themes, basis: documented", "address of its source"},
	{"an anchor", "themes: 4", "themes: &n 4", "not used"},
	{"an SVG", "image/webp", "image/svg+xml", "may be attached"},
	{"a tab", "themes: 4", "themes:\t\t- 4\n\t- 5", ""},
	{"nobody writes the report", "report_by: GUBERNATURA", "report_by: la gubernatura", "not the key of an institution"},
}

// A protocol with one thing wrong names the line where it stands.
func TestFaultsNameTheLine(t *testing.T) {
	good, err := Template("glosa-qroo")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range faults {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(string(good), c.old, c.new, 1)
			if text == string(good) {
				t.Fatalf("%q is not in the template", c.old)
			}
			line := 1 + strings.Count(text[:strings.Index(text, strings.SplitN(c.new, "\n", 2)[0])], "\n")
			_, err := ParseProtocol([]byte(text))
			var e *glosa.Error
			if !errors.As(err, &e) || e.Kind != glosa.Invalid || len(e.Fields) == 0 {
				t.Fatalf("accepted, or another error: %v", err)
			}
			at := e.Fields[0].Args["line"]
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, want %q", err, c.says)
			}
			if c.new != "" && !nearby(c.name, at, line) {
				t.Errorf("names line %s, the fault is on line %d: %v", at, line, err)
			}
		})
	}
}

// nearby: a fault of a whole list or block is named at its head; all others on their line.
func nearby(name, at string, line int) bool {
	blocks := map[string]int{"no calendar": 1, "fewer seats for citizens": 2, "devices in silence": 0, "a tab": 1,
		"too short a notice": 0, "dates out of order": 1, "silence of propaganda is held": 1}
	for off := -blocks[name]; off <= blocks[name]; off++ {
		if at == fmt.Sprint(line+off) {
			return true
		}
	}
	return false
}

func TestBrokenYAMLNamesTheLine(t *testing.T) {
	for text, line := range map[string]string{
		"":                             "1",
		"key: [a\nversion: 1":          "2",
		"key: a\nkey: b\n":             "2",
		"key: a\nversion: {":           "2",
		"- a\n- b\n":                   "1",
		"key: a\n---\nkey: b\n":        "1",
		"key: a\nversion: !!float 1":   "2",
		"key: \xff\n":                  "1",
		"a: &a [x]\nb: *a\n":           "1",
		strings.Repeat("# x\n", 60000): "1",
	} {
		_, err := ParseProtocol([]byte(text))
		var e *glosa.Error
		if !errors.As(err, &e) || e.Kind != glosa.Invalid || len(e.Fields) == 0 {
			t.Errorf("%.20q: %v", text, err)
			continue
		}
		if got := e.Fields[0].Args["line"]; got != line {
			t.Errorf("%.20q: line %s, want %s: %v", text, got, line, err)
		}
	}
}

func FuzzParseProtocol(f *testing.F) {
	for _, name := range append(Templates(), Rehearsals()...) {
		text, err := Template(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("stages:\n- {stage: draft, at: T-9999999 months}\n"))
	f.Add([]byte("calendars: [{holidays: [{on: last sunday of may, every: -3}]}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := ParseProtocol(text)
		if err != nil {
			var e *glosa.Error
			if !errors.As(err, &e) || e.Kind != glosa.Invalid || len(e.Fields) == 0 || e.Fields[0].Args["line"] == "" {
				t.Fatalf("an error without a line: %v", err)
			}
			return
		}
		if again, err := ParseProtocol([]byte(p.Text)); err != nil || again.Digest != p.Digest || len(Diff(p, again)) != 0 {
			t.Fatalf("read twice, it differs: %v", err)
		}
		// Whatever was accepted must lay a calendar in order and end every deadline.
		plan := Lay(p, time.Date(2026, 12, 9, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		ed := under(p)
		ed.Plan = plan
		if ed.SupportCloses().IsZero() || len(plan.Dates) != len(Stages()) {
			t.Fatalf("accepted, but no calendar comes of it: %+v", plan)
		}
	})
}

func TestTermsAndOffsetsReadWhatTheyWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		term := Term{rapid.IntRange(0, maxTerm).Draw(t, "n"), rapid.SampledFrom([]Unit{WorkingDays, Days, Months, Hours}).Draw(t, "unit")}
		if got, err := ParseTerm(term.String()); err != nil || got != term {
			t.Fatalf("%v read as %v: %v", term, got, err)
		}
		o := Offset{rapid.IntRange(-maxTerm, maxTerm).Draw(t, "off"), rapid.SampledFrom([]Unit{WorkingDays, Days, Months}).Draw(t, "ou"), rapid.IntRange(0, 1439).Draw(t, "m")}
		if o.N == 0 {
			o.Unit = Days
		}
		if got, err := ParseOffset(o.String()); err != nil || got != o {
			t.Fatalf("%v read as %v: %v", o, got, err)
		}
		r := DayRule{Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month")), Nth: rapid.SampledFrom([]int{-1, 1, 2, 3, 4}).Draw(t, "nth"), Weekday: time.Weekday(rapid.IntRange(0, 6).Draw(t, "w"))}
		got, err := ParseDayRule(r.String())
		if err != nil || got != r {
			t.Fatalf("%v read as %v: %v", r, got, err)
		}
		y := rapid.IntRange(2020, 2060).Draw(t, "year")
		day := time.Date(y, r.Month, r.In(y), 0, 0, 0, 0, time.UTC)
		if day.Weekday() != r.Weekday || day.Month() != r.Month {
			t.Fatalf("%v of %d is %s", r, y, day)
		}
	})
	for _, bad := range []string{"", "T", "15", "days", "15 fortnights", "-1 days", "4001 days", "1e3 days"} {
		if v, err := ParseTerm(bad); err == nil {
			t.Errorf("%q was read as %v", bad, v)
		}
	}
	for _, bad := range []string{"", "15 days", "T 15 days", "T-15", "T--15 days", "T-15 hours", "T at 25:00", "T-15 days at noon", "t-1 day"} {
		if v, err := ParseOffset(bad); err == nil {
			t.Errorf("%q was read as %v", bad, v)
		}
	}
}

func TestDiff(t *testing.T) {
	var paths []string
	for _, c := range Diff(template(t, "demo25"), template(t, "demo26")) {
		if c.Was == c.Is {
			t.Errorf("%s did not change", c.Path)
		}
		paths = append(paths, c.Path)
	}
	want := []string{"key", "name.es", "name.en", "stages[intake_closed].at", "limits.context_letters", "selection.minutes"}
	if !slices.Equal(paths, want) {
		t.Errorf("changed %v, want %v", paths, want)
	}
	a, b := template(t, "glosa-qroo"), *template(t, "glosa-qroo")
	if n := len(Diff(a, &b)); n != 0 {
		t.Errorf("a protocol differs from itself in %d places", n)
	}
	b.Moderation.Grounds = slices.Delete(slices.Clone(b.Moderation.Grounds), 1, 2)
	gone := Diff(a, &b)
	for _, c := range gone {
		if !strings.HasPrefix(c.Path, "moderation.grounds[personal_attack]") || c.Is != "" || c.Section() != "moderation" {
			t.Errorf("taking one ground out shows %+v", c)
		}
	}
	if len(gone) == 0 {
		t.Error("taking a ground out is not seen")
	}
}

func TestLay(t *testing.T) {
	p := template(t, "glosa-qroo")
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	plan := Lay(p, time.Date(2026, 12, 9, 18, 0, 0, 0, time.UTC), now)
	for s, want := range map[Stage]string{
		Draft: "2026-08-11 00:00", Called: "2026-09-25 09:00", IntakeOpen: "2026-10-10 09:00", IntakeClosed: "2026-10-25 23:59",
		InSession: "2026-12-09 08:00", Agreed: "2026-12-31 18:00", Evaluated: "2027-10-09 18:00",
	} {
		if got := plan.On(s).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%s on %s, want %s", s, got, want)
		}
	}
	if got := plan.Earliest.Format(time.DateOnly); got != "2026-10-15" || len(plan.Missing) != 0 {
		t.Errorf("earliest %s, want 2026-10-15 (75 days from 1 August); missing %v", got, plan.Missing)
	}
	late := Lay(p, time.Date(2026, 9, 1, 0, 0, 0, 0, p.Location()), now)
	if len(late.Missing) == 0 || late.Missing[0].Gate != GateSession || late.Missing[0].Args["date"] != "2026-10-15" {
		t.Errorf("a session too soon is told as %+v", late.Missing)
	}
}

func TestLateness(t *testing.T) {
	p := template(t, "glosa-qroo")
	ed := under(p)
	ed.Session = time.Date(2026, 12, 9, 0, 0, 0, 0, p.Location())
	ed.Plan = Lay(p, ed.Session, ed.Session.AddDate(0, 0, -100))
	due := ed.ReportDue()
	if got := due.Format(time.DateTime); got != "2026-10-09 23:59:59" {
		t.Errorf("the report is due %s", got)
	}
	for wait, want := range map[time.Duration]int{-time.Hour: 0, time.Second: 1, 23 * time.Hour: 1, 49 * time.Hour: 3} {
		if got := ed.Lateness(due.Add(wait)); got != want {
			t.Errorf("%s after it is due: %d days late, want %d", wait, got, want)
		}
	}
	ed.Plan.Dates = happened(ed.Plan.Dates, ReportPublished, due.Add(-time.Hour))
	if got := ed.Lateness(due.AddDate(0, 1, 0)); got != 0 {
		t.Errorf("published in time and yet %d days late", got)
	}
}

func TestLink(t *testing.T) {
	want := []int{0, 0, 1, 2, 2, 3, 4, 4, 4, 5, 6, 6, 6}
	for i, s := range Stages() {
		if Link(s) != want[i] {
			t.Errorf("%s is link %d, want %d", s, Link(s), want[i])
		}
		if next, ok := s.Next(); ok != (i < 12) || ok && next != Stages()[i+1] {
			t.Errorf("after %s comes %s", s, next)
		}
	}
	if Link(Postponed)+Link(Cancelled) != 0 || Postponed.Before(Closed) || Draft.Before(Cancelled) {
		t.Error("postponed and cancelled stand beside the line")
	}
}

// What leaves the room is closed: ids, codes, digests, numbers, dates.
func TestEventsCarryNoText(t *testing.T) {
	var closed func(reflect.Type) bool
	closed = func(x reflect.Type) bool {
		switch {
		case x == reflect.TypeFor[time.Time]() || x == reflect.TypeFor[glosa.Hash]():
			return true
		case x.Kind() == reflect.String:
			return x.PkgPath() == "glosa"
		case x.Kind() == reflect.Slice:
			return closed(x.Elem())
		case x.Kind() == reflect.Struct:
			for i := range x.NumField() {
				if !closed(x.Field(i).Type) {
					return false
				}
			}
			return true
		}
		return x.Kind() == reflect.Int || x.Kind() == reflect.Bool
	}
	seen := map[string]bool{}
	for _, k := range Kinds() {
		if !closed(reflect.TypeOf(k.Body)) {
			t.Errorf("%s can carry text", k.Name)
		}
		if seen[k.Name] || !strings.HasPrefix(k.Name, "edition.") {
			t.Errorf("%s stands twice or in the wrong room", k.Name)
		}
		seen[k.Name] = true
	}
}
