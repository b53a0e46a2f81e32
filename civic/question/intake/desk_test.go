package intake

import (
	"fmt"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
)

// TestPaper: a printed sheet becomes a question under its own folio, whose author
// acts with the key of the stub, and no leaf tells that it was paper.
func TestPaper(t *testing.T) {
	each(t, func(s *stage) {
		id := s.open(Paper)
		sheets := s.print(id, 3)
		slip, err := s.d.SheetOf(s.ctx, sheets[0].Folio)
		s.ok(err)
		if slip.State != Issued || slip.Desk.ID != id {
			t.Errorf("before it is captured: %+v", slip)
		}
		rc := s.enter(id, sheets[0].Folio, "¿Cuándo abre la clínica?")
		if rc.ID != sheets[0].Folio || rc.Key != "" || len(rc.Promise) == 0 || rc.MergeBy.IsZero() {
			t.Errorf("receipt %+v", rc)
		}
		leaf := s.events("question.received")
		if len(leaf) != 1 || leaf[0]["by"] != "citizen" || leaf[0]["lock_by"] != "server" {
			t.Errorf("the leaf says %v", leaf)
		}
		if l := s.table(id).Ledger; l != (Ledger{Issued: 3, Captured: 1, Missing: 2}) || !l.Closes() {
			t.Errorf("ledger %+v", l)
		}
		s.ok(s.q.Withdraw(s.ctx, glosa.Citizen(), rc.ID, question.Proof{Key: sheets[0].Key})) // the author's own act
		s.kind(s.q.Withdraw(s.ctx, glosa.Citizen(), rc.ID, question.Proof{Key: sheets[1].Key}), glosa.Invalid)
	})
}

func TestPaperTwice(t *testing.T) {
	each(t, func(s *stage) {
		id, other := s.open(Paper), s.open(Paper)
		sheets := s.print(id, 4)
		s.enter(id, sheets[0].Folio, "¿Cuándo?")
		again, err := s.d.Enter(s.ctx, s.desk, id, Form{Folio: " " + string(sheets[0].Folio) + " ", Text: "¿Cuándo?"})
		s.ok(err)
		if !again.Repeated || len(s.events("question.received")) != 1 {
			t.Errorf("the same sheet in the same words: %+v", again)
		}
		_, err = s.d.Enter(s.ctx, s.desk, id, Form{Folio: string(sheets[0].Folio), Text: "¿Dónde?"})
		s.field(err, "folio", "it.captured")
		_, err = s.d.Enter(s.ctx, s.desk, other, Form{Folio: string(sheets[1].Folio), Text: "¿Dónde?"})
		s.field(err, "folio", "it.folio.notours")
		_, err = s.d.Enter(s.ctx, s.desk, id, Form{Folio: "DEMO26-9999-A", Text: ""})
		s.field(err, "folio", "it.folio.wrong")
		s.field(err, "text", "a.empty") // every wrong field at once
		_, err = s.d.Enter(s.ctx, s.desk, id, Form{Folio: string(sheets[1].Folio), Text: "¿?", AskedOn: "2031-01-01"})
		s.field(err, "asked_on", "it.date.future")

		s.ok(s.d.Void(s.ctx, s.desk, id, string(sheets[2].Folio), "spoilt"))
		s.ok(s.d.Void(s.ctx, s.desk, id, string(sheets[2].Folio), "spoilt"))
		_, err = s.d.Enter(s.ctx, s.desk, id, Form{Folio: string(sheets[2].Folio), Text: "¿Dónde?"})
		s.field(err, "folio", "it.folio.void")
		s.field(s.d.Void(s.ctx, s.desk, id, string(sheets[0].Folio), "spoilt"), "void_folio", "it.captured")
		s.field(s.d.Void(s.ctx, s.desk, id, string(sheets[3].Folio), "just so"), "reason", "it.reason.wrong")
		_, err = s.d.Print(s.ctx, s.desk, id, 2, "run 0")
		s.kind(err, glosa.Conflict) // the keys of that printing are nowhere
	})
}

// TestPrintNumbers: sheets go on where the last printing stopped, out of blocks
// that nobody else draws from.
func TestPrintNumbers(t *testing.T) {
	each(t, func(s *stage) {
		a, b := s.open(Paper), s.open(Paper)
		seen := map[glosa.QuestionID]bool{}
		for _, sheets := range [][]Leaflet{s.print(a, 300), s.print(b, 10), s.print(a, 300)} {
			for _, x := range sheets {
				if id, err := question.ParseFolio(string(x.Folio)); err != nil || seen[id] {
					t.Fatalf("%s: %v", x.Folio, err)
				}
				seen[x.Folio] = true
			}
		}
		for range 20 {
			rc, err := s.q.Submit(s.ctx, glosa.Citizen(), s.id, question.Ask{Text: "¿Cuándo?", Municipality: "23005"})
			s.ok(err)
			if seen[rc.ID] {
				t.Fatalf("%s was printed and drawn", rc.ID)
			}
		}
		if n := s.table(a).Ledger.Issued; n != 600 {
			t.Errorf("%d issued", n)
		}
	})
}

// TestOtherDoors: an assembly and a telephone hand in without a sheet; a kiosk
// takes what people type; the door is told from five questions on.
func TestOtherDoors(t *testing.T) {
	each(t, func(s *stage) {
		phone, kiosk := s.open(Phone), s.open(Kiosk)
		rc, err := s.d.Enter(s.ctx, s.desk, phone, Form{Text: "¿Cuándo?", Language: "yua", Name: "Ana May"})
		s.ok(err)
		if rc.Key == "" || len(rc.Promise) == 0 {
			t.Errorf("by telephone: %+v", rc)
		}
		_, err = s.d.Ask(s.ctx, glosa.Citizen(), phone, "", Form{Text: "¿?"})
		s.kind(err, glosa.NotFound) // nobody hands in for themselves by another's telephone
		_, err = s.d.Enter(s.ctx, s.desk, kiosk, Form{Text: "¿?"})
		s.kind(err, glosa.NotFound)
		_, err = s.d.Enter(s.ctx, s.moderator, phone, Form{Text: "¿?"})
		s.kind(err, glosa.Denied)
		for i := range 5 {
			if _, ok, err := s.d.Came(s.ctx, rc.ID); err != nil || ok != (i == 4) {
				t.Errorf("with %d questions the door is told: %v %v", i+1, ok, err)
			}
			if i < 4 {
				_, err := s.d.Enter(s.ctx, s.desk, phone, Form{Text: fmt.Sprint("¿Cuándo?", i)})
				s.ok(err)
			}
		}
		device := s.unlock(kiosk)
		for range 7 {
			_, err := s.d.Ask(s.ctx, glosa.Citizen(), kiosk, device, Form{Text: "¿Cuándo?"})
			s.ok(err)
		}
		p, err := s.d.Public(s.ctx, s.id)
		s.ok(err)
		if want := []Count{{"web", 0}, {Paper, 0}, {Assembly, 0}, {Phone, 5}, {Kiosk, 7}}; fmt.Sprint(p.Counts) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", p.Counts, want)
		}
		other := s.desk
		other.Edition = "demo25"
		_, err = s.d.Enter(s.ctx, other, phone, Form{Text: "¿?"})
		s.kind(err, glosa.NotFound) // another edition's desk is not there
	})
}

func TestCounts(t *testing.T) {
	for name, c := range map[string]struct {
		received int
		desks    []Table
		want     string
	}{
		"AllDesksAreLarge":  {20, desks(Paper, 8), "[{web 12} {paper 8} {assembly 0} {phone 0} {kiosk 0}]"},
		"TheWebIsTheRest":   {20, desks(Paper, 3), "[{web -1} {paper -1} {assembly 0} {phone 0} {kiosk 0}]"},
		"ALargeDeskShows":   {30, desks(Paper, 3, Phone, 6), "[{web -1} {paper -1} {assembly 0} {phone 6} {kiosk 0}]"},
		"TwoSmallOnes":      {30, desks(Paper, 3, Phone, 2), "[{web -1} {paper -1} {assembly 0} {phone -1} {kiosk 0}]"},
		"OneAndOne":         {22, desks(Paper, 1, Phone, 1, Kiosk, 20), "[{web -1} {paper -1} {assembly 0} {phone -1} {kiosk 20}]"},
		"NoneIsSmall":       {20, desks(Paper, 0), "[{web -1} {paper -1} {assembly 0} {phone 0} {kiosk 0}]"},
		"ALargeAndASmall":   {30, desks(Paper, 8, Paper, 1), "[{web -1} {paper -1} {assembly 0} {phone 0} {kiosk 0}]"},
		"SmallOnesTogether": {30, desks(Paper, 3, Paper, 4), "[{web 23} {paper 7} {assembly 0} {phone 0} {kiosk 0}]"},
		"UntilItIsEnough":   {9, desks(Paper, 3, Paper, 4, Phone, 1), "[{web -1} {paper -1} {assembly 0} {phone -1} {kiosk 0}]"},
	} {
		if got := fmt.Sprint(counts(c.received, c.desks)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// desks are tables of a kind and so many questions each.
func desks(of ...any) (out []Table) {
	for i := 0; i < len(of); i += 2 {
		out = append(out, Table{Kind: of[i].(glosa.Code), Questions: of[i+1].(int)})
	}
	return out
}

// TestNobodyComputesADoor: a reader knows the rules, all questions and what large
// desks took in, and thinks of every edition that would look the same. Of a hidden
// door nothing is certain while more than one question is not accounted for.
func TestNobodyComputesADoor(t *testing.T) {
	const most = 12
	alike := map[string][][3]int{}
	for web := range most {
		for paper := range fewest {
			for phone := range fewest {
				d := desks(Paper, paper, Phone, phone, Kiosk, 20)
				got := counts(web+paper+phone+20, d)
				seen := fmt.Sprint(web+paper+phone, got)
				alike[seen] = append(alike[seen], [3]int{web, paper, phone})
				if got[0].N != Hidden || got[1].N != Hidden || got[3].N != Hidden || got[4].N != 20 {
					t.Fatalf("%v is told of %d, %d, %d", got, web, paper, phone)
				}
			}
		}
	}
	for seen, all := range alike {
		for i := range 3 {
			can := map[int]bool{}
			for _, w := range all {
				can[w[i]] = true
			}
			if sum := all[0][0] + all[0][1] + all[0][2]; len(can) < min(2, sum+1) && sum < most {
				t.Errorf("%s: door %d is certain: %v", seen, i, all)
			}
		}
	}
}

// TestCount: paper that was counted at closing comes in afterwards, and none
// beyond; then every number of the desk's blocks is accounted for.
func TestCount(t *testing.T) {
	each(t, func(s *stage) {
		id, silent := s.open(Paper), s.open(Paper)
		sheets := s.print(id, 10)
		s.print(silent, 2)
		s.enter(id, sheets[0].Folio, "¿Cuándo?")
		s.ok(s.d.Void(s.ctx, s.desk, id, string(sheets[9].Folio), "spoilt"))
		s.tick(s.edition().Plan.On(edition.IntakeClosed).Add(time.Minute))
		_, err := s.d.Enter(s.ctx, s.desk, id, Form{Folio: string(sheets[1].Folio), Text: "¿Dónde?"})
		s.kind(err, glosa.Closed) // the count comes first
		s.field(s.d.Count(s.ctx, s.desk, id, Tally{Waiting: 9}), "waiting", "it.count.most")
		s.field(s.d.Count(s.ctx, s.desk, id, Tally{Waiting: 2, Missing: 3}), "missing", "it.count.fails")
		s.ok(s.d.Count(s.ctx, s.desk, id, Tally{Waiting: 2, Missing: 6}))
		s.kind(s.d.Count(s.ctx, s.desk, id, Tally{}), glosa.Conflict)
		_, err = s.d.Print(s.ctx, s.desk, id, 1, "late")
		s.kind(err, glosa.Closed)

		s.tick(s.clock.Now().Add(2 * time.Hour)) // sealed
		s.tick(s.clock.Now())
		if s.edition().Sealed.IsZero() {
			t.Fatal("not sealed")
		}
		for i := 1; i <= 2; i++ {
			if missing := s.gate(); len(missing) != 1 || missing[0].Args["n"] != fmt.Sprint(3-i) {
				t.Errorf("with paper to capture the selection lacks %v", missing)
			}
			s.enter(id, sheets[i].Folio, "¿Dónde?")
		}
		if missing := s.gate(); len(missing) != 0 {
			t.Errorf("with all paper in, the selection lacks %v", missing)
		}
		_, err = s.d.Enter(s.ctx, s.desk, id, Form{Folio: string(sheets[3].Folio), Text: "¿Dónde?"})
		s.field(err, "folio", "it.count.over")
		if l := s.table(id).Ledger; l != (Ledger{Issued: 10, Captured: 3, Void: 1, Missing: 6}) || !l.Closes() {
			t.Errorf("ledger %+v", l)
		}
		s.accounts()
	})
}

// accounts: every desk's count and every number of its blocks is told, once.
func (s *stage) accounts() {
	s.Helper()
	s.tick(s.clock.Now().Add(time.Minute))
	counted := s.events("intake.counted")
	if len(counted) != 2 || counted[0]["waiting"] != 2.0 || counted[1]["waiting"] != 0.0 || counted[1]["missing"] != 2.0 || counted[1]["by"] != "system" {
		s.Errorf("counts %v", counted)
	}
	paper := 0
	for _, b := range s.events("question.numbers") {
		sum := 0.0
		for _, what := range []string{"used", "void", "lost", "unissued"} {
			n, _ := b[what].(float64)
			sum += n
		}
		if sum != 500 {
			s.Errorf("numbers that do not add up: %v", b)
		}
		if b["lost"] != nil {
			paper++
		}
	}
	s.tick(s.clock.Now().Add(time.Minute))
	if n := len(s.events("intake.counted")); n != 2 || paper != 2 {
		s.Errorf("%d counts, %d accounts of paper after another tick", n, paper)
	}
}

// TestErrands: an answer is carried back once, and anew when it was corrected.
func TestErrands(t *testing.T) {
	each(t, func(s *stage) {
		id := s.open(Assembly)
		var folios []glosa.QuestionID
		for i := range 5 {
			rc, err := s.d.Enter(s.ctx, s.desk, id, Form{Text: fmt.Sprint("¿Cuándo abre?", i)})
			s.ok(err)
			folios = append(folios, rc.ID)
		}
		s.kind(s.d.Deliver(s.ctx, s.desk, id, folios[0], "", "in_hand"), glosa.Conflict) // there is no answer
		s.answer(folios[0])
		_, all, err := s.d.Errands(s.ctx, s.desk, id)
		s.ok(err)
		if len(all) != 1 || all[0].Says.Short != "Abre el lunes." || all[0].Taken() {
			t.Fatalf("errands %+v", all)
		}
		s.field(s.d.Deliver(s.ctx, s.desk, id, folios[0], "", "by pigeon"), "how", "it.how.wrong")
		s.ok(s.d.Deliver(s.ctx, s.desk, id, folios[0], "", "in_hand"))
		came, ok, err := s.d.Came(s.ctx, folios[0])
		s.ok(err)
		if !ok || came.How != "in_hand" || came.Version != 1 || came.DeliveredAt.IsZero() {
			t.Errorf("came %+v", came)
		}
		r, err := s.d.At(s.ctx, s.desk, id)
		s.ok(err)
		if r.ToTake != 0 {
			t.Errorf("%d still to take", r.ToTake)
		}
		for _, kind := range []string{"intake.delivered", "intake.entered", "intake.printed"} {
			for _, b := range s.events(kind) {
				if b["public"] != false {
					t.Errorf("%s is public: %v", kind, b)
				}
			}
		}
	})
}

// TestOfficials: what is published is what the leaves say.
func TestOfficials(t *testing.T) {
	each(t, func(s *stage) {
		id := s.open(Paper)
		s.print(id, 4)
		s.ok(s.d.Count(s.ctx, s.desk, id, Tally{Waiting: 1, Missing: 3}))
		said := map[string]string{}
		s.ok(s.d.Officials(s.ctx, func(o glosa.Official) error {
			said[o.What] = o.Word + o.Text
			return nil
		}))
		if said["kind"] != "paper" || said["waiting"] != "1" || said["issued"] != "4" || said["words"] == "" {
			t.Errorf("officials %v", said)
		}
	})
}
