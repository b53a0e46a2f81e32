package alike

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"glosa/publishedtest"

	"pgregory.net/rapid"
)

var territory = NewPlaces(map[string]string{"Bacalar": "010", "Tulum": "009", "Benito Juárez": "005", "Cancún": "005",
	"José María Morelos": "006", "Felipe Carrillo Puerto": "002", "Carrillo Puerto": "002", "Jo'sé Ma. Morelos": "006"})

func compare(a, b string) Parts { return Compare(Read(a, territory), Read(b, territory)) }

func TestNormalised(t *testing.T) {
	for _, c := range [][2]string{
		{"¿Cuándo abrirá la clínica?", "CUANDO   ABRIRA LA CLINICA"},
		{"educación", "EDUCACIONES"},
		{"Ba'ax k'iin", "ba’ax kʼiin"},
		{"Ba'ax k'iin", "baax kiin"},
		{"el año", "el ano"}, // many keyboards have no ñ
		{"1,200 pesos", "1200 pesos"},
		{"cu\u0301ando", "cúando"}, // an accent written apart
		{"dos patrullas", "2 patrullas"},
		{"Ｃａｎｃúｎ", "cancun"},
	} {
		if p := compare(c[0], c[1]); p.Score != 1 {
			t.Errorf("%q and %q: %+v", c[0], c[1], p)
		}
	}
}

func TestWorkedExample(t *testing.T) {
	if p := compare("¿Cuándo abrirá la clínica?", "Cuando abrira la clinica"); p.Score != 1 || !p.Letters {
		t.Errorf("%+v", p)
	}
	p := compare("¿Cuándo abrirá la clínica de Tulum?", "¿Cuándo abrirá la clínica de Bacalar?")
	if p.Score != 0.5 || p.Shingles != 22.0/32 || p.Places || !p.Numbers {
		t.Errorf("%+v", p)
	}
}

func TestPlaces(t *testing.T) {
	for text, want := range map[string]string{
		"en Cancún y en benito juarez":      "005",
		"de jose maria morelos a Tulum":     "006 009",
		"Felipe Carrillo Puerto":            "002",
		"José Ma. Morelos, Bacalar":         "006 010",
		"Bacalar; Bacalar; BACALAR, bacala": "010",
		"":                                  "",
	} {
		if got := strings.Join(Read(text, territory).places, " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"46 % de 1,200.50 y 1,5":          "1.5 1200.50 46",
		"el 1º, las 08:30 y 2025-2026":    "1 2025 2026 30 8",
		"tres veces, 0 casos, 007 y 0.5.": "0 0.5 3 7",
		"sin":                             "",
	} {
		if got := strings.Join(Read(text, nil).numbers, " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// long is a template in which one town for another leaves 0.88 of the shingles.
const long = "¿Qué acciones concretas y con qué presupuesto va a realizar la secretaría durante el próximo año para que el agua potable llegue " +
	"todos los días de la semana a las colonias populares de %s sin que las familias tengan que comprar pipas cada mes a precios que nadie controla?"

func TestOneTemplateTwoTowns(t *testing.T) {
	for name, c := range map[string]struct{ a, b string }{
		"listed":            {fmt.Sprintf(long, "Tulum"), fmt.Sprintf(long, "Bacalar")},
		"listed, in haste":  {strings.ToLower(fmt.Sprintf(long, "Tulum")), strings.ToLower(fmt.Sprintf(long, "Bacalar"))},
		"one of two words":  {fmt.Sprintf(long, "José María Morelos"), fmt.Sprintf(long, "Tulum")},
		"one without":       {fmt.Sprintf(long, "Tulum"), fmt.Sprintf(long, "siempre")},
		"in no list":        {fmt.Sprintf(long, "Mahahual"), fmt.Sprintf(long, "Xcalak")},
		"numbers":           {fmt.Sprintf(long, "la ruta 5"), fmt.Sprintf(long, "la ruta 7")},
		"numbers as a word": {fmt.Sprintf(long, "tres rutas"), fmt.Sprintf(long, "cinco rutas")},
	} {
		t.Run(name, func(t *testing.T) {
			p := compare(c.a, c.b)
			if p.Score != Cap || p.Near != Cap || p.Shingles < 0.8 {
				t.Errorf("%+v", p)
			}
			var x Index
			x.Add("a", Read(c.a, territory))
			if hits := x.Query(Read(c.b, territory), 5); len(hits) > 0 {
				t.Errorf("suggested: %+v", hits)
			}
		})
	}
	if p := compare(fmt.Sprintf(long, "Cancún"), fmt.Sprintf(long, "Benito Juárez")); !p.Places {
		t.Errorf("two names of one place: %+v", p)
	}
	if p := compare(fmt.Sprintf(long, "Tulum"), strings.Replace(fmt.Sprintf(long, "Tulum"), "secretaría", "Secretaría", 1)); p.Score != 1 {
		t.Errorf("a capital more: %+v", p)
	}
}

func TestHintsWhileTyping(t *testing.T) {
	var x Index
	for id, text := range map[string]string{
		"agua":     "¿Cuándo llegará el agua potable a la colonia Miraflores, que lleva seis meses sin servicio?",
		"insulina": "¿Cuándo habrá insulina suficiente en los centros de salud para las personas con diabetes?",
		"camino":   "¿Qué pasó con el dinero para pavimentar el camino a la escuela?",
		"copia":    "¿Cuándo habrá insulina suficiente en los centros de salud para las personas con diabetes?",
	} {
		x.Add(id, Read(text, territory))
	}
	for typed, want := range map[string]string{
		"cuando habra insulina en los centros de salud": "copia insulina",
		"dinero pavimentar camino":                      "camino",
		"¿Cuándo":                                       "",
		"":                                              "",
		"¿Por qué suben las tarifas del transporte?": "",
	} {
		var got []string
		for _, m := range x.Query(Read(typed, territory), 3) {
			got = append(got, m.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	x.Remove("copia")
	x.Remove("copia")
	x.Add("insulina", Read("otra cosa", nil))
	if got := x.Query(Read("insulina en centros de salud", nil), 3); len(got) > 0 || x.Len() != 3 {
		t.Errorf("%d texts, %+v", x.Len(), got)
	}
	if m := x.Query(Read("dinero pavimentar camino", nil), 1); len(m) != 1 || strings.Join(m[0].Shared, " ") != "diner paviment camin" {
		t.Errorf("%+v", m)
	}
	if m := x.Query(Read("dinero pavimentar camino", nil), 0); len(m) != 0 {
		t.Errorf("asked for none: %+v", m)
	}
}

// anyText draws texts that look like questions: near copies, towns, numbers, noise.
func anyText(t *rapid.T, name string) string {
	words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 30).Draw(t, name)
	return strings.Join(words, " ")
}

var vocabulary = strings.Fields("¿Cuándo agua potable clínica Tulum Bacalar Cancún 2025 3 tres escuela camino la el de para obras, presupuesto? " +
	"Secretaría salud. seguridad patrullas colonia k'iin k’iin ESCUELA, dinero Mahahual Xcalak ñandú ¡Ya! no")

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, two := anyText(t, "one"), anyText(t, "two")
		a, b := Read(one, territory), Read(two, territory)
		ab, ba := Compare(a, b), Compare(b, a)
		if ab != ba {
			t.Fatalf("%+v and %+v", ab, ba)
		}
		if self := Compare(a, Read(one, territory)); self.Score != 1 {
			t.Fatalf("itself: %+v", self)
		}
		for _, s := range []float64{ab.Score, ab.Near, ab.Shingles, ab.Words} {
			if s < 0 || s > 1 {
				t.Fatalf("%+v", ab)
			}
		}
		if !ab.Same() && (ab.Score > Cap || ab.Near > Cap) {
			t.Fatalf("not capped: %+v", ab)
		}
	})
}

func TestGroupIsOrderIndependent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return anyText(t, "text") }), 0, 20).Draw(t, "texts")
		all = append(all, all...)
		threshold := rapid.SampledFrom([]float64{0.2, 0.5, 0.8, 1}).Draw(t, "threshold")
		order := rapid.Permutation(indices(len(all))).Draw(t, "order")
		mixed := make([]string, len(all))
		for i, from := range order {
			mixed[i] = all[from]
		}
		was, is := pairs(t, all, threshold), pairs(t, mixed, threshold)
		back := map[[2]int]float64{}
		for p, s := range is {
			a, b := order[p[0]], order[p[1]]
			back[[2]int{min(a, b), max(a, b)}] = s
		}
		if fmt.Sprint(was) != fmt.Sprint(back) {
			t.Fatalf("%v\n%v", was, back)
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func readAll(texts []string) []Text { return ReadAll(texts, territory) }

func pairs(t interface{ Fatal(...any) }, texts []string, threshold float64) map[[2]int]float64 {
	g, err := Group(readAll(texts), threshold)
	if err != nil {
		t.Fatal(err)
	}
	out := map[[2]int]float64{}
	last := Pair{A: -1}
	for p := range g.Pairs() {
		if p.A >= p.B || p.A < last.A || p.A == last.A && p.B <= last.B {
			t.Fatal("out of order", last, p)
		}
		last, out[[2]int{p.A, p.B}] = p, p.Score
	}
	return out
}

// against compares the pairs and groups with brute force at the same threshold.
func against(t *testing.T, texts []string, threshold float64) {
	t.Helper()
	all := readAll(texts)
	for i := range all {
		all[i].letters = all[i].inLetters() // once, not for each pair
	}
	found := pairs(t, texts, threshold)
	want, hit, compared := 0, 0, 0
	for a := range all {
		for b := a + 1; b < len(all); b++ {
			if !reach(all[a], all[b], threshold) {
				continue // and if Group has the pair, it is counted as one too many below
			}
			compared++
			s := Compare(all[a], all[b]).Score
			got, in := found[[2]int{a, b}]
			if in && got != s {
				t.Fatalf("%d and %d: %v, want %v", a, b, got, s)
			}
			if s >= threshold {
				want++
				if in {
					hit++
				}
			} else if in {
				t.Fatalf("%d and %d score %v, below %v", a, b, s, threshold)
			}
		}
	}
	if len(found) > hit {
		t.Errorf("%d pairs found, %d of them right", len(found), hit)
	}
	recall := 1.0
	if want > 0 {
		recall = float64(hit) / float64(want)
	}
	t.Logf("threshold %v: %d texts, %d pairs, recall %.4f, precision 1 (%d compared)", threshold, len(texts), want, recall, compared)
	if want == 0 || recall < 0.98 {
		t.Errorf("recall %.4f of %d pairs", recall, want)
	}
}

// reach tells whether sets of these sizes can reach the threshold at all.
func reach(a, b Text, threshold float64) bool {
	x, y := len(a.shingles), len(b.shingles)
	if a.count < short || b.count < short {
		x, y = len(a.letters), len(b.letters)
	}
	return float64(min(x, y)) >= threshold*float64(max(x, y))
}

func TestRecallOnDecideMadrid(t *testing.T) {
	texts := column(t, "argrecsys_comments_2015-2019.csv", "text")
	against(t, texts, 0.8)
	against(t, texts[:1500], 0.3)
}

func TestRecallOnGeneratedTexts(t *testing.T) {
	texts := generated(1500)
	for _, threshold := range []float64{0.8, 0.5, 0.25} {
		against(t, texts, threshold)
	}
}

// column reads one column of other people's data.
func column(t testing.TB, file, name string) (out []string) {
	t.Helper()
	f, err := os.Open(publishedtest.Path(t, "decide-madrid", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], name)
	for _, r := range rows[1:] {
		out = append(out, r[at])
	}
	return out
}

// generated are texts of an edition: templates about towns, copies with a word
// changed, added or dropped, and questions of their own.
func generated(n int) []string {
	rnd := rand.New(rand.NewPCG(7, 11))
	syllables := []string{"ca", "men", "tor", "li", "pa", "sue", "gra", "vi", "don", "tes", "mar", "ño", "bu", "che"}
	word := func() string {
		w := ""
		for range 2 + rnd.IntN(3) {
			w += syllables[rnd.IntN(len(syllables))]
		}
		return w
	}
	towns := []string{"Tulum", "Bacalar", "Cancún", "Mahahual", "Xcalak", "José María Morelos"}
	out := make([]string, 0, n)
	for len(out) < n {
		switch k := rnd.IntN(10); {
		case k < 5 || len(out) == 0:
			words := make([]string, 4+rnd.IntN(40))
			for i := range words {
				words[i] = word()
			}
			out = append(out, "¿"+strings.Join(words, " ")+"?")
		case k < 6:
			out = append(out, fmt.Sprintf(long, towns[rnd.IntN(len(towns))]))
		default:
			words := strings.Fields(out[max(0, len(out)-1-rnd.IntN(200))])
			for range 1 + rnd.IntN(3) {
				switch i := rnd.IntN(len(words)); rnd.IntN(3) {
				case 0:
					words[i] = word()
				case 1:
					words = slices.Insert(words, i, word())
				case 2:
					if len(words) > 3 {
						words = slices.Delete(words, i, i+1)
					}
				}
			}
			out = append(out, strings.Join(words, " "))
		}
	}
	return out
}

func TestGroupRefuses(t *testing.T) {
	for _, threshold := range []float64{0, -1, 1.01, nan()} {
		if _, err := Group(nil, threshold); err == nil {
			t.Errorf("threshold %v taken", threshold)
		}
	}
	if g, err := Group(nil, 0.8); err != nil || len(g.Of) > 0 {
		t.Error(g, err)
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestGroupsAreComponents(t *testing.T) {
	texts := []string{"agua potable para la colonia", "nada que ver aquí", "agua potable para la colonia", "Agua potable para la colonia."}
	g, err := Group(readAll(texts), 0.8)
	if err != nil || fmt.Sprint(g.Of) != "[[0 2 3]]" {
		t.Error(g.Of, err)
	}
	n := 0
	for range g.Pairs() {
		n++
	}
	if n != 3 {
		t.Errorf("%d pairs", n)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "¿Cuándo?", "k'iin ’ʼ", "1,234.5 00 0.", "\xff\xfe a\u0301", "ión ción on", "ａＢ", strings.Repeat("a", 300), "aría ándoselas yéndome"} {
		f.Add(s, s+" x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := Read(a, territory), Read(b, territory)
		if Compare(x, y) != Compare(y, x) || Compare(x, x).Score != 1 {
			t.Fatalf("%q %q", a, b)
		}
		Shared(x, y)
	})
}

func BenchmarkGroup(b *testing.B) {
	texts := readAll(generated(20_000))
	for b.Loop() {
		if _, err := Group(texts, 0.8); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	texts := generated(1000)
	for b.Loop() {
		readAll(texts)
	}
}

func BenchmarkQuery(b *testing.B) {
	texts := generated(50_000)
	var x Index
	for i, t := range texts {
		x.Add(fmt.Sprintf("Q%06d", i), Read(t, territory))
	}
	b.ResetTimer()
	i := 0
	for b.Loop() {
		x.Query(Read(texts[i%len(texts)], territory), 5)
		i++
	}
}
