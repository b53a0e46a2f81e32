package people

import (
	"slices"
	"testing"
	"time"

	"glosa"
)

func TestWhen(t *testing.T) {
	for _, c := range []struct {
		text        string
		first, last Day
	}{
		{"2025-03-20", "2025-03-20", "2025-03-20"},
		{"2024-10", "2024-10-01", "2024-10-31"},
		{"2024-02", "2024-02-01", "2024-02-29"},
		{"2025", "2025-01-01", "2025-12-31"},
		{"2025-03-19/2025-03-20", "2025-03-19", "2025-03-20"},
		{"2020-12-08/..", "2020-12-08", lastDay},
		{"../2020", firstDay, "2020-12-31"},
		{"../..", firstDay, lastDay},
	} {
		w, err := ParseWhen(c.text)
		if first, last := w.Span(); err != nil || first != c.first || last != c.last {
			t.Errorf("%s: %s to %s (%v), want %s to %s", c.text, first, last, err, c.first, c.last)
		}
	}
	for _, bad := range []string{"..", "2025-13", "2025-02-30", "25", "2025/", "/2025", "2025/2024", "2025-1-1", "ayer", "2025/../2026", "2025-03-20T10:00"} {
		if w, err := ParseWhen(bad); glosa.KindOf(err) != glosa.Invalid || err == nil {
			t.Errorf("%q was read as %q", bad, w)
		}
	}
}

func TestLifeOn(t *testing.T) {
	for _, c := range []struct {
		name string
		life Life
		day  Day
		want Held
	}{
		{"AlwaysAsFarAsAnybodyKnows", Life{}, "1999-01-01", Yes},
		{"OnTheFirstDay", Life{Since: "2025-03-20"}, "2025-03-20", Yes},
		{"TheDayBefore", Life{Since: "2025-03-20"}, "2025-03-19", No},
		{"TheDayItEndsItIsOver", Life{Until: "2025-03-21"}, "2025-03-21", No},
		{"TheDayBeforeItEnds", Life{Until: "2025-03-21"}, "2025-03-20", Yes},
		{"InAYearNobodyMakesMoreExact", Life{Since: "2025"}, "2025-06-01", Perhaps},
		{"AfterThatYear", Life{Since: "2025"}, "2026-01-01", Yes},
		{"OnItsLastDayItHasBegun", Life{Since: "2025"}, "2025-12-31", Yes},
		{"AChangeNoSourceDates", Life{Until: Unknown}, "2019-01-01", Perhaps},
		{"SeenSoLastThen", Life{Until: "2020-12-08/.."}, "2020-12-07", Yes},
		{"AfterItWasLastSeen", Life{Until: "2020-12-08/.."}, "2026-01-01", Perhaps},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.life.On(c.day); got != c.want {
				t.Errorf("%v on %s: %d, want %d", c.life, c.day, got, c.want)
			}
		})
	}
}

// TestDayOfIsLocal: at nine in the evening in Cancún it is already tomorrow in UTC.
func TestDayOfIsLocal(t *testing.T) {
	cancun := time.FixedZone("America/Cancun", -5*3600)
	at := time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC)
	if DayOf(at) != "2026-03-03" || DayOf(at.In(cancun)) != "2026-03-02" {
		t.Errorf("%s %s", DayOf(at), DayOf(at.In(cancun)))
	}
}

func FuzzWhen(f *testing.F) {
	for _, s := range []string{"", "2025", "2024-02", "2025-03-19/2025-03-20", "../..", "2020/..", "x/y", "2025-02-31"} {
		f.Add(s, "2025-06-01")
	}
	f.Fuzz(func(t *testing.T, s, d string) {
		w, err := ParseWhen(s)
		if err != nil || !Day(d).Valid() {
			return
		}
		first, last := w.Span()
		if first > last || !first.Valid() && first != firstDay || !last.Valid() && last != lastDay {
			t.Fatalf("%q spans %s to %s", s, first, last)
		}
		// Who ends when another begins: never both for sure, never neither.
		older, newer := Life{Until: w}.On(Day(d)), Life{Since: w}.On(Day(d))
		if w != "" && (older == Yes && newer == Yes || older == No && newer == No) {
			t.Fatalf("%q on %s: before %d, after %d", s, d, older, newer)
		}
	})
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{"  José María  Morelos ": "jose maria morelos", "X-Ka’an": "x-ka'an", "Xkaʼan": "xka'an", "Año": "año"} {
		if got := Fold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		a, b, c, d Day
		want       bool
	}{
		{"2026-01-01", "", "2027-01-01", "", true},
		{"2026-01-01", "2026-01-31", "2026-02-01", "", false},
		{"2026-01-01", "2026-01-31", "2026-01-31", "", true},
		{"2026-03-01", "", "2026-01-01", "2026-02-28", false},
	} {
		if overlap(c.a, c.b, c.c, c.d) != c.want || overlap(c.c, c.d, c.a, c.b) != c.want {
			t.Errorf("%+v", c)
		}
	}
}

func TestKindsNameNobody(t *testing.T) {
	seen := []string{}
	for _, k := range Kinds() {
		if slices.Contains(seen, k.Name) {
			t.Errorf("%s stands twice", k.Name)
		}
		seen = append(seen, k.Name)
	}
}
