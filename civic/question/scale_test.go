package question

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"glosa"
	"glosa/db"
)

var (
	scaleAbout = []string{"enfermería", "agua potable", "alumbrado público", "transporte nocturno", "la secundaria", "patrullas", "becas", "caminos rurales",
		"basura", "medicinas", "maestras de maya", "turismo", "sargazo", "vivienda", "predial", "internet"}
	scalePlaces = []string{"Bacalar", "Tulum", "Chetumal", "Cancún", "Tihosuco", "Cozumel", "Mahahual", "Playa del Carmen"}
	scaleThemes = []glosa.Code{"salud", "agua", "seguridad", "educacion", "transporte", "vivienda"}
	scaleStates = []State{Admitted, Admitted, Routed, Routed, Overdue, Answered, Finished, Withdrawn}
)

// crowded fills an edition with n listed questions by this room's own statements,
// many to an act.
func (s *stage) crowded(n int) {
	s.Helper()
	rnd := rand.New(rand.NewPCG(1, 2))
	for from := 0; from < n; from += 500 {
		s.ok(s.tx(func(tx *db.Tx) error {
			for i := from; i < min(n, from+500); i++ {
				if err := s.crowd(tx, rnd, i); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func (s *stage) crowd(tx *db.Tx, rnd *rand.Rand, i int) error {
	at := tx.Now.Add(time.Duration(i-1_000_000) * time.Second)
	r := &row{id: glosa.QuestionID("Q" + strconv.Itoa(1_000_000+i)), edition: s.id, number: 1_000_000 + i, received: at, since: at, admitted: at, listed: at,
		lang: "es", municipality: glosa.TerritoryCode(fmt.Sprintf("23%03d", 1+rnd.IntN(11))), lockBy: "server", mergeBy: at, version: 1,
		state: scaleStates[rnd.IntN(len(scaleStates))], theme: scaleThemes[rnd.IntN(len(scaleThemes))], institution: []glosa.InstitutionKey{"SESA", "SEQ", ""}[rnd.IntN(3)]}
	r.root = r.id
	if _, err := insert(tx, r, []byte("note")); err != nil {
		return err
	}
	js, err := glosa.JCS(Object{Text: fmt.Sprintf("¿Qué pasó con %s en %s, colonia %d, y cuándo se cumple lo que dice el informe sobre %s?", scaleAbout[rnd.IntN(len(scaleAbout))],
		scalePlaces[rnd.IntN(len(scalePlaces))], rnd.IntN(5000), scaleAbout[rnd.IntN(len(scaleAbout))]), Language: "es", Municipality: r.municipality, Kind: "question", V: 1})
	if err != nil {
		return err
	}
	object := string(js)
	w := words{question: r.id, version: 1, kind: TextAsked, commit: glosa.Digest([]byte(r.id)), server: make([]byte, 32), device: make([]byte, 16), object: &object, state: Opened, at: at}
	if err := insertWords(tx, w); err != nil {
		return err
	}
	return reindex(tx, r)
}

// TestListsAtScale shows how lists, searches and counts grow, on both engines:
// GLOSA_QUESTIONS=100000 go test -v -run ListsAtScale ./civic/question measures the
// size that is promised. Every row that an export gives is there once.
func TestListsAtScale(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("GLOSA_QUESTIONS"))
	if err != nil {
		n = 1_000
	}
	each(t, func(s *stage) {
		s.crowded(n)
		lists := map[string]Filter{
			"newest": {}, "state": {States: []State{Routed}}, "states": {States: []State{Admitted, Routed, Overdue}}, "rare states": {States: []State{Merged, Refused, Transferred, Spoken}},
			"place": {Municipality: "23005"}, "place and theme": {Municipality: "23005", Theme: "salud"}, "all": {Municipality: "23005", Theme: "salud", Institution: "SESA", States: []State{Overdue}},
			"words": {Words: "medicinas bacalar"}, "frequent words": {Words: "informe cumple"}, "rare word": {Words: "colonia 4711 "}, "begun": {Words: "medic"}, "phrase": {Words: `"agua potable"`},
			"nothing": {Words: "xyzzy"},
		}
		for _, name := range slices.Sorted(maps.Keys(lists)) {
			f := lists[name]
			f.Edition = s.id
			s.took(name, func(tx *db.Tx) (int, error) {
				some, err := f.found(tx, cursor{}, 51)
				return len(some), err
			})
		}
		s.took("balance", func(tx *db.Tx) (int, error) { b, err := BalanceOf(tx, s.id); return b.Received, err })
		s.took("themes", func(tx *db.Tx) (int, error) { all, err := selectThemes(tx, s.id); return len(all), err })
		s.took("facets", func(tx *db.Tx) (int, error) { f, err := selectFacets(tx, s.id); return len(f.Places), err })
		s.took("overdue", func(tx *db.Tx) (int, error) { return countOverdue(tx, s.id) })
		seen, begun := map[glosa.QuestionID]bool{}, time.Now()
		s.ok(s.d.Each(s.ctx, Filter{Edition: s.id}, func(b Brief) error { seen[b.ID] = true; return nil }))
		if s.Logf("%-16s %8.1f ms, %d", "export", float64(time.Since(begun).Microseconds())/1000, len(seen)); len(seen) != n {
			s.Errorf("an export of %d has %d rows", n, len(seen))
		}
	})
}

// took logs the middle of five times.
func (s *stage) took(name string, read func(tx *db.Tx) (int, error)) {
	s.Helper()
	var all []time.Duration
	found := 0
	for range 5 {
		begun := time.Now()
		s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
			found, err = read(tx)
			return err
		}))
		all = append(all, time.Since(begun))
	}
	slices.Sort(all)
	s.Logf("%-16s %8.1f ms, %d", name, float64(all[2].Microseconds())/1000, found)
}
