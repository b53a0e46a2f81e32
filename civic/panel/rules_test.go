package panel

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"

	"glosa"
)

// table reads the rows of a testdata table: # for remarks, columns parted by blanks.
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

func TestMayStart(t *testing.T) {
	for _, r := range table(t, "turns.txt", 5) {
		t.Run(strings.Join(r, "_"), func(t *testing.T) {
			items := []Item{{Question: "Q-1", Outcome: Outcome(r[1]), Settled: r[2] == "yes"}}
			q := glosa.QuestionID("Q-1")
			switch r[1] {
			case "none":
				q = ""
			case "other":
				items[0].Question = "Q-2"
			}
			var running *Turn
			if r[3] == "yes" {
				running = &Turn{}
			}
			err := MayStart(Kind(r[0]), q, items, running)
			got := "yes"
			if err != nil {
				got = glosa.KindOf(err).String()
			}
			if got != r[4] {
				t.Errorf("%s, want %s (%v)", got, r[4], err)
			}
		})
	}
}

func TestPresence(t *testing.T) {
	for _, r := range table(t, "presence.txt", 3) {
		if got := Presence(r[0]).Move(Presence(r[1])); got != (r[2] == "yes") {
			t.Errorf("%s to %s: %v, want %s", r[0], r[1], got, r[2])
		}
	}
}

func marks(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.Op {
		case Same:
			b.WriteString(s.Text)
		case Added:
			b.WriteString("{+" + s.Text + "+}")
		case Removed:
			b.WriteString("[-" + s.Text + "-]")
		}
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	text, err := os.ReadFile("testdata/diff.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]map[string]string{}
	for _, chunk := range strings.Split("\n"+string(text), "\n-- ")[1:] {
		head, data, _ := strings.Cut(chunk, " --\n")
		name, part, _ := strings.Cut(head, "/")
		if cases[name] == nil {
			cases[name] = map[string]string{}
		}
		cases[name][part] = strings.TrimSpace(data)
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := marks(Diff(c["old"], c["new"])); strings.TrimSpace(got) != c["want"] {
				t.Errorf("got\n%s\nwant\n%s", got, c["want"])
			}
		})
	}
}

func TestDiffOfALongMiddleIsReplacedWhole(t *testing.T) {
	old := "inicio " + strings.Repeat("a ", 3000) + "fin"
	now := "inicio " + strings.Repeat("b ", 3000) + "fin"
	spans := Diff(old, now)
	if len(spans) != 4 || spans[0].Op != Same || spans[1].Op != Removed || spans[2].Op != Added || spans[3].Text != "fin" {
		t.Errorf("%d spans, want same, removed, added, same", len(spans))
	}
}

// FuzzDiff: what stays and what was added is the new text, byte for byte; the
// words of what stays and what was removed are the words of the old one.
func FuzzDiff(f *testing.F) {
	f.Add("a b c", "a x c")
	f.Add("", " uno\ndos ")
	f.Add("uno dos", "")
	f.Fuzz(func(t *testing.T, old, now string) {
		if len(old)+len(now) > 4000 {
			return
		}
		var left, right strings.Builder
		for _, s := range Diff(old, now) {
			if s.Op != Removed {
				right.WriteString(s.Text)
			}
			if s.Op != Added {
				left.WriteString(s.Text + " ")
			}
		}
		if right.String() != now {
			t.Errorf("same and added give %q, want %q", right.String(), now)
		}
		if got, want := strings.Join(strings.Fields(left.String()), " "), strings.Join(strings.Fields(old), " "); got != want {
			t.Errorf("same and removed give %q, want %q", got, want)
		}
	})
}

// FuzzParseChair: a key that is read is written the same.
func FuzzParseChair(f *testing.F) {
	f.Add("seat:civil:3", "civil")
	f.Add("post:sesa-titular", "government")
	f.Add("seat:civil:03", "")
	f.Fuzz(func(t *testing.T, key, side string) {
		c, err := ParseChair(key, glosa.Side(side))
		if err == nil && (c.Key() != key || !c.Valid()) {
			t.Errorf("%q was read as %+v, written %q", key, c, c.Key())
		}
	})
}

func TestTextCheck(t *testing.T) {
	whole := Text{Body: "Sesión de la mesa.", Agreements: []Agreement{{Text: "Publicar el padrón."}},
		Disagreements: []Disagreement{{Subject: "El plazo", Government: "Junio.", Civil: "Marzo."}}}
	none := Text{Body: "Sesión.", NoAgreements: true, NoDisagreement: true}
	for name, c := range map[string]struct {
		text  Text
		field string
	}{
		"Whole":               {whole, ""},
		"NoneButSaid":         {none, ""},
		"DisagreementsUnsaid": {Text{Body: "Sesión.", NoAgreements: true}, "disagreements"},
		"AgreementsUnsaid":    {Text{Body: "Sesión.", NoDisagreement: true}, "agreements"},
		"SaidNoneButThereAre": {Text{Body: "Sesión.", Agreements: whole.Agreements, NoAgreements: true, NoDisagreement: true}, "agreements"},
		"OneSideOnly": {Text{Body: "Sesión.", NoAgreements: true,
			Disagreements: []Disagreement{{Subject: "El plazo", Government: "Junio."}}}, "disagreements.1"},
		"Empty": {Text{NoAgreements: true, NoDisagreement: true}, "body"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.text.Check()
			if c.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e, ok := err.(*glosa.Error)
			if !ok || e.Kind != glosa.Invalid || e.Fields[0].Name != c.field {
				t.Errorf("%v, want %s", err, c.field)
			}
		})
	}
}

func TestDigestMovesWithEveryWord(t *testing.T) {
	a := Text{Body: "Sesión.", NoAgreements: true, NoDisagreement: true}
	b := a
	b.Body = "Sesion."
	da, err := a.Digest()
	if err != nil {
		t.Fatal(err)
	}
	db, err := b.Digest()
	if err != nil || da == db {
		t.Errorf("one letter changed and the digest did not (%v)", err)
	}
}

func TestTurnClock(t *testing.T) {
	start := time.Date(2026, 9, 20, 15, 0, 0, 0, time.UTC)
	turn := Turn{Started: start, Limit: 3 * time.Minute}
	if left := turn.Left(start.Add(time.Minute)); left != 2*time.Minute {
		t.Errorf("left %v after one minute of three", left)
	}
	if over := turn.Over(start.Add(4 * time.Minute)); over != time.Minute {
		t.Errorf("over %v after four minutes of three", over)
	}
	turn.Ended = start.Add(3*time.Minute + time.Second)
	if over := turn.Over(start.Add(time.Hour)); over != time.Second {
		t.Errorf("over %v, an ended turn's clock stands", over)
	}
}

func TestAllotFillsTheEmptiestTable(t *testing.T) {
	mesas := []Mesa{{ID: "m1", Minutes: 20}, {ID: "m2", Minutes: 10}}
	order, left := Allot([]glosa.QuestionID{"a", "b", "c", "d"}, 10, mesas)
	if len(order["m1"]) != 2 || len(order["m2"]) != 1 || len(left) != 1 || left[0] != "d" || order["m1"][0] != "a" {
		t.Errorf("order %v, left %v", order, left)
	}
}

func TestFromNotesSaysNoneWhereThereIsNone(t *testing.T) {
	text := FromNotes([]Note{{Agreement: true, Text: "Publicar"}})
	text.Body = "Sesión."
	if err := text.Check(); err != nil || !text.NoDisagreement || text.NoAgreements {
		t.Errorf("%+v: %v", text, err)
	}
}
