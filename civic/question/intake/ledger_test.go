package intake

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
)

// TestPeopleWithoutAPhoneAreToldWhyThereIsNoAnswer: what was not admitted, with its
// ground, and what is overdue go back on paper too, each once, and then the answer.
func TestPeopleWithoutAPhoneAreToldWhyThereIsNoAnswer(t *testing.T) {
	each(t, func(s *stage) {
		id := s.open(Assembly)
		ask := func(text string) glosa.QuestionID {
			rc, err := s.d.Enter(s.ctx, s.desk, id, Form{Text: text})
			s.ok(err)
			return rc.ID
		}
		refused, late, waiting := ask("¿Votan por nosotros?"), ask("¿Cuándo abre?"), ask("¿Dónde?")
		government := glosa.Actor{Human: "h-gov", Side: glosa.Government, Seat: 2, Roles: []glosa.Role{glosa.Moderator}, Edition: s.id}
		s.ok(s.q.Refuse(s.ctx, s.moderator, refused, edition.Propaganda, ""))
		s.kind(s.d.Deliver(s.ctx, s.desk, id, refused, "", "in_hand"), glosa.Conflict) // one person refuses nothing
		s.ok(s.q.Refuse(s.ctx, government, refused, edition.Propaganda, ""))
		s.ok(s.q.Admit(s.ctx, s.moderator, late))
		s.ok(s.q.Route(s.ctx, s.moderator, late, "SESA", "salud"))
		s.tick(s.clock.Now().AddDate(0, 2, 0))
		news := func() map[glosa.QuestionID]int {
			_, all, err := s.d.Errands(s.ctx, s.desk, id)
			s.ok(err)
			out := map[glosa.QuestionID]int{}
			for _, e := range all {
				if !e.Taken() {
					out[e.ID] = e.News()
				}
				if e.News() == NewsRefused && e.Page.Ground != edition.Propaganda {
					s.Errorf("no ground: %+v", e.Page)
				}
			}
			return out
		}
		if got := news(); got[refused] != NewsRefused || got[late] != NewsLate {
			t.Fatalf("to carry: %v; %s is not decided on", got, waiting)
		}
		for _, folio := range []glosa.QuestionID{refused, late} {
			s.ok(s.d.Deliver(s.ctx, s.desk, id, folio, "", "in_hand"))
		}
		if got := news(); got[refused] != 0 || got[late] != 0 {
			t.Errorf("told, and still to carry: %v", got)
		}
	})
}

// TestTheLedgerClosesWhateverIsDone: after any acts in any order, what everybody sees
// of a desk adds up: issued = captured + void + waiting + not returned, and is what
// was done.
func TestTheLedgerClosesWhateverIsDone(t *testing.T) {
	each(t, func(s *stage) {
		for round := range uint64(3) {
			rnd := rand.New(rand.NewPCG(round, 7))
			id := s.open(Paper)
			var free []glosa.QuestionID
			var want Ledger
			for i := range 40 {
				k := 0
				if len(free) > 0 {
					k = rnd.IntN(len(free))
				}
				switch act := rnd.IntN(5); {
				case act == 0 || len(free) == 0:
					sheets, err := s.d.Print(s.ctx, s.desk, id, 1+rnd.IntN(4), fmt.Sprint("run ", round, i))
					s.ok(err)
					for _, x := range sheets {
						free = append(free, x.Folio)
					}
					want.Issued += len(sheets)
				case act == 1:
					s.ok(s.d.Void(s.ctx, s.desk, id, string(free[k]), VoidReasons()[rnd.IntN(4)]))
					s.ok(s.d.Void(s.ctx, s.desk, id, string(free[k]), "lost")) // pressed twice
					free = append(free[:k], free[k+1:]...)
					want.Void++
				case act == 2:
					_, err := s.d.Enter(s.ctx, s.desk, id, Form{Folio: string(free[k])})
					s.kind(err, glosa.Invalid) // moves nothing
				default:
					s.enter(id, free[k], "¿Cuándo?")
					s.enter(id, free[k], "¿Cuándo?")
					free = append(free[:k], free[k+1:]...)
					want.Captured++
				}
				want.Missing = len(free)
				if l := s.table(id).Ledger; l != want || !l.Closes() {
					t.Fatalf("round %d, act %d: %+v, want %+v", round, i, l, want)
				}
			}
			waiting := rnd.IntN(len(free) + 1)
			s.ok(s.d.Count(s.ctx, s.desk, id, Tally{Waiting: waiting, Missing: len(free) - waiting}))
			want.Waiting, want.Missing = waiting, len(free)-waiting
			p, err := s.d.Public(s.ctx, s.id)
			s.ok(err)
			if l := p.Tables[round].Ledger; l != want || !l.Closes() {
				t.Errorf("round %d, counted: %+v, want %+v", round, l, want)
			}
			for i := range waiting {
				s.clock.Advance(time.Second)
				s.enter(id, free[i], "¿Cuándo?")
				if l := s.table(id).Ledger; !l.Closes() || l.Captured != want.Captured+i+1 {
					t.Errorf("round %d, %d after the count: %+v", round, i+1, l)
				}
			}
		}
	})
}
