package question

import (
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/db"
)

// looked is what a search of the stage's edition finds, as the first letters of texts.
func (s *stage) looked(f Filter) (found []string) {
	s.Helper()
	f.Edition = s.id
	for after := ""; ; {
		some, next, err := s.d.List(s.ctx, f, after, 2)
		s.ok(err)
		for _, b := range some {
			found = append(found, strings.Fields(b.Text)[0])
		}
		if after = next; next == "" {
			return found
		}
	}
}

// Words are found in Spanish and in the languages of the peninsula, the same on both engines.
func TestFind(t *testing.T) {
	each(t, func(s *stage) {
		for _, text := range []string{
			"uno: ¿Cuántas enfermeras hay en el hospital de Bacalar?",
			"dos: ¿Cuándo abren las plazas de ENFERMERÍA del Hospital General?",
			"tres: Ba’ax k’iin ku káajal le meyajo’?",
			"cuatro: ¿Qué pasó con la educación de niñas y niños en años pasados?",
			"cinco: ¿Por qué no hay camiones de noche en Bacalar ni educaciones técnicas?",
			"seis: ¿Cuánto costó el hospital que nunca abrió, y la general?",
		} {
			s.admitted(text)
			s.clock.Advance(time.Minute)
		}
		s.ask("siete: ¿Hay hospital?") // waits: nobody finds it by its words
		for typed, want := range map[string]string{
			"":                       "seis cinco cuatro tres dos uno",
			"¿?":                     "seis cinco cuatro tres dos uno",
			"de la":                  "seis cinco cuatro tres dos uno",
			"hospital":               "seis dos uno",
			"HOSPITALES":             "seis dos uno",
			"hosp":                   "seis dos uno",
			"enfermería":             "dos uno",
			"enfermera":              "dos uno",
			"hospital enfermeria":    "dos uno",
			"bacalar hospital":       "uno",
			"de el hospital Bacalar": "uno",
			"bacalar escuela":        "",
			"k'iin":                  "tres",
			"kʼiin":                  "tres",
			"kiin káajal":            "tres",
			"KAAJAL":                 "tres",
			"educacion":              "cinco cuatro",
			"educación":              "cinco cuatro",
			"nina":                   "cuatro",
			"año":                    "cuatro",
			`"hospital general"`:     "dos",
			`“Hospital General”`:     "dos",
			`«hospital de bacalar»`:  "uno",
			`general hospital`:       "seis dos",
			`"hospital general`:      "seis dos", // never closed: two words
			"xyzzy":                  "",
			"%":                      "seis cinco cuatro tres dos uno",
			"hospital' or 1=1 --":    "",
		} {
			if got := strings.ReplaceAll(strings.Join(s.looked(Filter{Words: typed}), " "), ":", ""); got != want {
				t.Errorf("%q finds %q, want %q", typed, got, want)
			}
		}
		if got := s.looked(Filter{Words: "hospital", Municipality: "23001"}); len(got) != 0 {
			t.Errorf("nobody asked from there: %v", got)
		}
		if got := s.looked(Filter{Words: "hospital", Language: "es", States: []State{Admitted, Routed}}); len(got) != 3 {
			t.Errorf("with a language and states: %v", got)
		}
	})
}

// A folio finds its question, one that waits too; its number alone finds the public ones.
func TestFindByFolio(t *testing.T) {
	each(t, func(s *stage) {
		waits, public := s.ask("uno").ID, s.admitted("dos").ID
		for _, id := range []glosa.QuestionID{waits, public} {
			some, next, err := s.d.List(s.ctx, Filter{Edition: s.id, Words: " " + strings.ToLower(string(id))}, "", 10)
			s.ok(err)
			if len(some) != 1 || some[0].ID != id || next != "" || (id == waits) != (some[0].Text == "") {
				t.Errorf("%s finds %+v", id, some)
			}
		}
		if got := s.looked(Filter{Words: strings.Split(string(public), "-")[1]}); !slices.Equal(got, []string{"dos"}) {
			t.Errorf("the number finds %v", got)
		}
	})
}

// What is erased is in no index, and what was published before there was one is found.
func TestTheIndexFollowsTheText(t *testing.T) {
	each(t, func(s *stage) {
		terms := func(word string) (n int) {
			s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
				n, err = countTerm(tx, s.id, stem(word), "")
				return err
			}))
			return n
		}
		rc := s.admitted("¿Y el canario zopilote?")
		if terms("zopilotes") != 1 {
			t.Fatal("a public word is not in the index")
		}
		s.ok(s.tx(func(tx *db.Tx) error { return deleteTerms(tx, rc.ID) })) // as if it were older
		s.ok(s.d.Index(s.ctx))
		if got := s.looked(Filter{Words: "zopilote"}); len(got) != 1 {
			t.Errorf("after indexing what was there: %v", got)
		}
		s.ok(s.d.Index(s.ctx)) // nothing to do
		s.ok(s.d.EraseOwn(s.ctx, glosa.Citizen(), rc.ID, Proof{Key: rc.Key}))
		if terms("zopilotes") != 0 || terms("canario") != 0 || len(s.looked(Filter{Words: "zopilote"})) != 0 {
			t.Error("erased words are still in the index")
		}
		s.ok(s.d.Index(s.ctx))
		if terms("zopilotes") != 0 {
			t.Error("indexing brings erased words back")
		}
	})
}

func FuzzSought(f *testing.F) {
	for _, s := range []string{"", "hospital", `"hospital general" baca`, "«k’iin»", "DEMO26-0427-S", `"`, `""""`, "ñandú ŉ İ ẞ \xff", strings.Repeat("a ", 300),
		strings.Repeat("á", 300), "educación educaciones", "a\u0301o\u0303"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		s := parseSought(typed)
		if len(s.stems) > mostWords || len(s.phrases) > mostWords || s.folio != "" && (len(s.stems) > 0 || s.start != "") {
			t.Fatalf("%q looks for %+v", typed, s)
		}
		for _, p := range s.phrases {
			if !s.holds(strings.Join(p, " ")) && len(s.phrases) == 1 {
				t.Fatalf("%q does not find itself: %+v", typed, s)
			}
		}
		terms := termsOf(typed)
		for _, w := range foldWords(typed) { // whatever is in a text is found by it
			if again := foldWords(w); len(again) != 1 || again[0] != w {
				t.Fatalf("%q folds to %q", w, again)
			}
			for _, x := range parseSought(w).stems {
				if _, err := ParseFolio(w); err != nil && !slices.Contains(terms, x) {
					t.Fatalf("%q is not found by its word %q: %q is not in %q", typed, w, x, terms)
				}
			}
		}
	})
}
