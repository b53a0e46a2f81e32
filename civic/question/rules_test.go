package question

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"glosa"
	"glosa/civic/edition"
)

//go:embed testdata/*.txt
var tables embed.FS

// table reads the rows of a text table: columns parted by blanks, # for remarks.
func table(t *testing.T, name string, columns int) (rows [][]string) {
	t.Helper()
	b, err := tables.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(bytes.NewReader(b))
	for n := 1; sc.Scan(); n++ {
		f := strings.Fields(strings.SplitN(sc.Text(), "#", 2)[0])
		if len(f) == 0 {
			continue
		}
		if len(f) != columns {
			t.Fatalf("%s:%d: %d columns, want %d", name, n, len(f), columns)
		}
		rows = append(rows, f)
	}
	return rows
}

func TestStates(t *testing.T) {
	said := map[string]bool{}
	for _, r := range table(t, "states.txt", 3) {
		said[r[0]+" "+r[1]] = true
		to, err := State(r[0]).next(Verb(r[1]))
		if err != nil || to != State(r[2]) {
			t.Errorf("%s, %s: stands %q (%v), want %q", r[0], r[1], to, err, r[2])
		}
	}
	for from, verbs := range moves {
		for v := range verbs {
			if !said[string(from)+" "+string(v)] {
				t.Errorf("%s, %s happens, and the table does not say so", from, v)
			}
		}
	}
	for _, s := range States() {
		if _, ok := moves[s]; !ok {
			t.Errorf("%s is in no table", s)
		}
		if _, err := s.next("nonsense"); glosa.KindOf(err) != glosa.Conflict {
			t.Errorf("%s lets nonsense happen: %v", s, err)
		}
	}
}

func TestVerdicts(t *testing.T) {
	word := func(s string) glosa.Code { return glosa.Code(strings.TrimPrefix(s, "-")) }
	for _, r := range table(t, "verdicts.txt", 5) {
		if got := verdict(r[0], word(r[1]), word(r[2]), word(r[3])); got != glosa.Code(r[4]) {
			t.Errorf("%s: %s and %s come to %s, want %s", r[0], r[1], r[2], got, r[4])
		}
	}
	for _, g := range edition.Grounds() {
		if out := verdict(kindRefuse, g, "", ""); out == outRefused {
			t.Errorf("one person alone refuses on %s", g)
		}
	}
}

func TestAgenda(t *testing.T) {
	for _, c := range []struct {
		from, to Agenda
		ok       bool
	}{
		{NoAgenda, OnAgenda, true}, {NoAgenda, OffAgenda, true}, {NoAgenda, InRoom, false},
		{OnAgenda, InRoom, true}, {OnAgenda, SentWriting, true}, {OnAgenda, OffAgenda, false},
		{InRoom, SaidInRoom, true}, {InRoom, SentWriting, true}, {OffAgenda, InRoom, false}, {SaidInRoom, SentWriting, false},
	} {
		if _, err := c.from.next(c.to); (err == nil) != c.ok {
			t.Errorf("%q to %q: %v", c.from, c.to, err)
		}
	}
}

// TestBalance: whatever the states are, the parts sum to the whole.
func TestBalance(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		by, total := map[State]int{}, 0
		for _, s := range States() {
			by[s] = rapid.IntRange(0, 1000).Draw(rt, string(s))
			total += by[s]
		}
		b := balance(by)
		if b.Received != total || b.Received != b.Admitted+b.Refused+b.Merged+b.Withdrawn+b.Waiting {
			rt.Fatalf("%+v of %d", b, total)
		}
	})
}

func TestFolio(t *testing.T) {
	for _, r := range table(t, "folios.txt", 2) {
		got, err := ParseFolio(strings.ReplaceAll(r[0], "_", " "))
		switch {
		case r[1] == "-" && glosa.KindOf(err) != glosa.NotFound:
			t.Errorf("%s is read as %s (%v)", r[0], got, err)
		case r[1] != "-" && (err != nil || got != glosa.QuestionID(r[1])):
			t.Errorf("%s is read as %q (%v), want %s", r[0], got, err, r[1])
		}
	}
}

// TestFolio/CatchesSlips: one wrong digit and two exchanged neighbours never pass.
func TestFolioSlips(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		n := 1 + rnd.IntN(99_999)
		good := string(FolioOf("DEMO26", n))
		if id, err := ParseFolio(good); err != nil || string(id) != good {
			t.Fatalf("%s is read as %q (%v)", good, id, err)
		}
		from, to := len("DEMO26-"), len(good)-2
		for i := from; i < to; i++ {
			for digit := byte('0'); digit <= '9'; digit++ {
				b := []byte(good)
				if b[i] == digit {
					continue
				}
				b[i] = digit
				if id, err := ParseFolio(string(b)); err == nil && id != glosa.QuestionID(good) {
					t.Fatalf("%s passes for %s", b, good)
				}
			}
			if i+1 < to && good[i] != good[i+1] {
				b := []byte(good)
				b[i], b[i+1] = b[i+1], b[i]
				if id, err := ParseFolio(string(b)); err == nil {
					t.Fatalf("%s passes as %s for %s", b, id, good)
				}
			}
		}
	}
}

func FuzzFolio(f *testing.F) {
	for _, s := range []string{"DEMO26-0427-S", "qr26 12345 k", "", "-", "OOOOOOOOO", "ñandú"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		id, err := ParseFolio(typed)
		if err != nil {
			if glosa.KindOf(err) != glosa.NotFound {
				t.Fatal(err)
			}
			return
		}
		again, err := ParseFolio(string(id))
		if err != nil || again != id {
			t.Fatalf("%q is read as %q, and that as %q (%v)", typed, id, again, err)
		}
	})
}

func TestKey(t *testing.T) {
	k := Key{0x7f, 0x00, 0x00, 0x01, 0x3f, 0x54, 0xdc, 0xc1, 0, 0, 0xff, 0xff}
	const words = "lusab-babad-gutih-tugad-babab-zuzuz" // the first four from the proquint paper: 127.0.0.1 and 63.84.220.193
	if k.String() != words {
		t.Errorf("written %s, want %s", k, words)
	}
	for _, typed := range []string{words, strings.ToUpper(words), strings.ReplaceAll(words, "-", " "), " " + strings.ReplaceAll(words, "-", "") + "\n"} {
		if got, err := ParseKey(typed); err != nil || got != k {
			t.Errorf("%q is read as %v (%v)", typed, got, err)
		}
	}
	for _, typed := range []string{"", "lusab", words + "a", strings.Replace(words, "l", "x", 1), strings.Replace(words, "u", "e", 1)} {
		if _, err := ParseKey(typed); glosa.KindOf(err) != glosa.Invalid || err == nil {
			t.Errorf("%q is read: %v", typed, err)
		}
	}
	auth := k.Auth()
	if !opens(auth, glosa.Digest(auth[:])) || opens(k.Lock(), glosa.Digest(auth[:])) || opens(glosa.Hash{}, glosa.Hash{}) {
		t.Error("a secret opens what is not its own, or not its own")
	}
}

func FuzzKey(f *testing.F) {
	f.Add("lusab-babad-gutih-tugad-babab-zuzuz")
	f.Add("ZZZZZ")
	f.Fuzz(func(t *testing.T, typed string) {
		k, err := ParseKey(typed)
		if err != nil {
			return
		}
		if again, err := ParseKey(k.String()); err != nil || again != k {
			t.Fatalf("%q gives %s, which gives %s (%v)", typed, k, again, err)
		}
	})
}

func TestAskShape(t *testing.T) {
	good := Ask{Text: "¿Cuándo abre el centro de salud?", Municipality: "23005"}
	for name, c := range map[string]struct {
		change func(a *Ask)
		want   string // fields and keys, in order
	}{
		"Good":            {func(*Ask) {}, ""},
		"Empty":           {func(a *Ask) { a.Text = " \u200b\n" }, "text a.empty"},
		"NoMunicipality":  {func(a *Ask) { a.Municipality = "" }, "municipality a.mun"},
		"BothAtOnce":      {func(a *Ask) { a.Text, a.Municipality = "", "" }, "text a.empty, municipality a.mun"},
		"TooLong":         {func(a *Ask) { a.Text = strings.Repeat("ñ", 303) }, "text a.long 3"},
		"LongContext":     {func(a *Ask) { a.Context = strings.Repeat("x", 1001) }, "context a.long 1"},
		"LettersNotBytes": {func(a *Ask) { a.Text = strings.Repeat("ñ", 300) }, ""},
		"HTMLIsText":      {func(a *Ask) { a.Text = "<script>alert(1)</script>" }, ""},
		"Control":         {func(a *Ask) { a.Text = "a\x07b" }, "text a.chars"},
		"BadUTF8":         {func(a *Ask) { a.Text = "a\xffb" }, "text a.chars"},
		"TurnsAround":     {func(a *Ask) { a.Context = "a\u202eb" }, "context a.chars"},
		"Lines":           {func(a *Ask) { a.Text = "a\r\nb\tc" }, ""},
		"Language":        {func(a *Ask) { a.Language = "xx" }, "language a.language"},
		"NoName":          {func(a *Ask) { a.NamePolicy = Named }, "name a.noname"},
		"NameForgotten":   {func(a *Ask) { a.Name = "x\x01" }, ""}, // anonymous: the name is dropped, not judged
		"Policy":          {func(a *Ask) { a.NamePolicy = "initials" }, "name_policy a.policy"},
		"HalfAKey":        {func(a *Ask) { a.Auth = glosa.Hash{1} }, "lock a.lock"},
		"Everything": {func(a *Ask) {
			*a = Ask{Text: strings.Repeat("x", 301), Municipality: "../../etc", Institution: "a b", NamePolicy: Named}
		}, "municipality a.mun, institution a.institution, name a.noname, text a.long 1"},
	} {
		t.Run(name, func(t *testing.T) {
			a := good
			c.change(&a)
			a = a.tidy()
			var got []string
			for _, f := range append(a.shape(), a.within(limits{text: 300, context: 1000, languages: []glosa.Code{"es", "yua"}})...) {
				got = append(got, strings.TrimSpace(fmt.Sprint(f.Name, " ", f.Key, " ", f.Args["n"])))
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("%q, want %q", s, c.want)
			}
		})
	}
}

func FuzzAsk(f *testing.F) {
	f.Add("¿Cuándo?", "23005", "es", "name", "Nombre")
	f.Add("\x00", "", "\xff", "", "\u202e")
	f.Fuzz(func(t *testing.T, text, municipality, lang, policy, name string) {
		a := Ask{Text: text, Municipality: glosa.TerritoryCode(municipality), Language: glosa.Code(lang),
			NamePolicy: glosa.Code(policy), Name: name}.tidy()
		if len(a.shape()) > 0 {
			return
		}
		js, err := glosa.JCS(Object{Text: a.Text, V: 1})
		if err != nil {
			t.Fatal(err)
		}
		if object := string(js); objectOf(&object).Text != a.Text {
			t.Fatalf("%q is kept as %q", a.Text, objectOf(&object).Text)
		}
	})
}
