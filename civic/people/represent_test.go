package people

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"testing"

	"glosa/publishedtest"

	"pgregory.net/rapid"

	"glosa"
)

func quintanaRoo(t testing.TB) Reference {
	t.Helper()
	ref, err := ShippedReference("23")
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// municipalities in code order 001…011, as the facts print their rows.
func municipalities(t testing.TB) []Territory {
	var out []Territory
	for _, m := range quintanaRoo(t).Territories {
		if m.Parent == "23" {
			out = append(out, m)
		}
	}
	return out
}

// TestSainteLagueReproducesThePrintedRows: the rows printed in the facts.
func TestSainteLagueReproducesThePrintedRows(t *testing.T) {
	places := municipalities(t)
	for _, c := range []struct {
		name    string
		measure string
		seats   int
		floor   int
		want    []int
	}{
		{"20 by population", "total", 20, 0, []int{1, 1, 0, 3, 10, 0, 0, 4, 1, 0, 0}},
		{"40 by population", "total", 40, 0, []int{2, 2, 0, 5, 19, 1, 1, 7, 1, 1, 1}},
		{"40 by speakers", "speakers3", 40, 0, []int{1, 10, 0, 2, 12, 4, 2, 5, 2, 2, 0}},
		{"100 by population", "total", 100, 0, []int{5, 4, 1, 13, 49, 2, 2, 18, 3, 2, 1}},
		{"100 by speakers", "speakers3", 100, 0, []int{3, 23, 1, 6, 30, 9, 5, 13, 5, 4, 1}},
		{"20 with a floor of one", "total", 20, 1, []int{1, 1, 1, 2, 7, 1, 1, 3, 1, 1, 1}},
		{"11 with a floor of one", "total", 11, 1, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := SainteLague(Weights(places, c.measure), c.seats, c.floor)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %v %v, want %v", got, err, c.want)
			}
		})
	}
}

func TestSainteLagueRefuses(t *testing.T) {
	for name, f := range map[string]func() ([]int, error){
		"FewerSeatsThanFloor": func() ([]int, error) { return SainteLague([]int64{1, 1}, 1, 1) },
		"NegativeWeight":      func() ([]int, error) { return SainteLague([]int64{1, -1}, 3, 0) },
		"NoWeight":            func() ([]int, error) { return SainteLague([]int64{0, 0}, 3, 0) },
		"NegativeFloor":       func() ([]int, error) { return SainteLague([]int64{1}, 3, -1) },
	} {
		if got, err := f(); glosa.KindOf(err) != glosa.Invalid || err == nil {
			t.Errorf("%s: got %v %v, want Invalid", name, got, err)
		}
	}
}

// TestSainteLagueProperties: all seats are given; the floor holds; more weight
// never gets fewer seats; one seat more takes nothing from anybody.
func TestSainteLagueProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(1, 1<<40), 1, 12).Draw(t, "weights")
		floor := rapid.IntRange(0, 2).Draw(t, "floor")
		seats := floor*len(weights) + rapid.IntRange(0, 60).Draw(t, "more")
		got, err := SainteLague(weights, seats, floor)
		if err != nil {
			t.Fatal(err)
		}
		next, err := SainteLague(weights, seats+1, floor)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for i, n := range got {
			sum += n
			if n < floor || next[i] < n {
				t.Fatalf("place %d: %d seats of %d, floor %d, %d with one more", i, n, seats, floor, next[i])
			}
			for j, m := range got {
				if weights[i] > weights[j] && n < m {
					t.Fatalf("%d weighs more than %d and has fewer seats", i, j)
				}
			}
		}
		if sum != seats {
			t.Fatalf("%d seats given of %d", sum, seats)
		}
	})
}

func TestRepresent(t *testing.T) {
	places := municipalities(t)
	got := Represent(places, "total", map[glosa.TerritoryCode]int{"23005": 250, "23002": 9, "23008": 120, "23004": 40, "99": 7})
	want := map[glosa.TerritoryCode]struct {
		expected, ratio int
		reach           Reach
	}{
		"23005": {20556, 122, Fair}, // 419 × 911,503 ÷ 1,857,985
		"23002": {1894, 48, Absent}, // 56 % speak an indigenous language, and hardly anybody asked
		"23008": {7528, 159, Above}, //
		"23004": {5269, 76, Below},  //
		"23003": {512, 0, Absent},   // 5.12 expected, none came
		"23011": {607, 0, Absent},   //
		"23001": {1999, 0, Absent},  //
		"23006": {883, 0, Absent},   //
		"23007": {658, 0, Absent},   //
		"23009": {1054, 0, Absent},  //
		"23010": {942, 0, Absent},   //
	}
	for _, s := range got {
		w := want[s.Territory]
		if s.Expected != w.expected || s.Ratio != w.ratio || s.Reach != w.reach {
			t.Errorf("%s: expected %d, ratio %d, %s; want %+v", s.Territory, s.Expected, s.Ratio, s.Reach, w)
		}
	}
	for _, s := range Represent(places, "total", map[glosa.TerritoryCode]int{"23005": 40}) {
		if s.Territory == "23003" && s.Reach != Few {
			t.Errorf("0.49 expected has no word, got %s", s.Reach)
		}
	}
	for _, s := range Represent(places, "total", nil) {
		if s.Ratio != -1 || s.Reach != Few {
			t.Errorf("before anybody asked there is no ratio: %+v", s)
		}
	}
}

// TestReachLimits: 0.5, 0.8 and 1.25 belong to the class above them.
func TestReachLimits(t *testing.T) {
	for _, c := range []struct {
		received, expected int64
		want               Reach
	}{{49, 100, Absent}, {50, 100, Below}, {79, 100, Below}, {80, 100, Fair}, {124, 100, Fair}, {125, 100, Above}, {7999, 10000, Below}} {
		if got := reachOf(c.received, c.expected); got != c.want {
			t.Errorf("%d of %d: %s, want %s", c.received, c.expected, got, c.want)
		}
	}
}

// TestCensusAddsUp: municipal columns sum to the state's.
func TestCensusAddsUp(t *testing.T) {
	ref := quintanaRoo(t)
	var state Territory
	for _, p := range ref.Territories {
		if p.Code == "23" {
			state = p
		}
	}
	places := municipalities(t)
	if len(places) != 11 {
		t.Fatalf("%d municipalities", len(places))
	}
	for _, m := range Measures(places) {
		var sum int64
		for _, p := range places {
			sum += p.Census[m]
		}
		if sum != state.Census[m] {
			t.Errorf("%s: %d in municipalities, %d in the state", m, sum, state.Census[m])
		}
	}
	for measure, want := range map[string]int64{"total": 1857985, "men": 936779, "women": 921206, "speakers3": 204949, "afro": 52265, "adults": 1293235} {
		if state.Census[measure] != want {
			t.Errorf("%s: %d, want %d", measure, state.Census[measure], want)
		}
	}
	var ages int64
	for _, m := range []string{"age0_11", "age12_17", "age18_24", "age25_29", "age30_34", "age35_39", "age40_44", "age45_49", "age50_54", "age55_59", "age60_64", "age65", "age_unknown"} {
		n := state.Census[m+"_women"] + state.Census[m+"_men"]
		if n != state.Census[m] {
			t.Errorf("%s: %d by sex, %d in all", m, n, state.Census[m])
		}
		ages += n
	}
	if ages != 1857985 {
		t.Errorf("ages sum to %d", ages)
	}
}

// TestCensusIsINEGI compares the shipped table with the census file itself.
func TestCensusIsINEGI(t *testing.T) {
	f, err := os.Open(publishedtest.Path(t, "mx-geo-census", "censo2020_quintana_roo_municipios.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	at := map[glosa.TerritoryCode]Territory{}
	for _, p := range quintanaRoo(t).Territories {
		at[p.Code] = p
	}
	for _, row := range rows[1:] {
		code := row[column("cve_ent")]
		if mun := row[column("cve_mun")]; mun != "000" {
			code += mun
		}
		place, ok := at[glosa.TerritoryCode(code)]
		if !ok {
			t.Errorf("%s is missing", code)
			continue
		}
		for measure, col := range map[string]string{"total": "pobtot", "women": "pobfem", "men": "pobmas", "adults": "p_18ymas",
			"adults_women": "p_18ymas_f", "adults_men": "p_18ymas_m", "speakers3": "p3ym_hli", "afro": "pob_afro", "age60": "p_60ymas"} {
			want, err := strconv.ParseInt(row[column(col)], 10, 64)
			if err != nil || place.Census[measure] != want {
				t.Errorf("%s %s: %d, the census says %d (%v)", code, measure, place.Census[measure], want, err)
			}
		}
	}
}
