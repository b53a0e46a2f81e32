package priority_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/civic/question/intake"
	"glosa/db"
)

var (
	first    = glosa.Actor{Human: "h-p1", Side: glosa.Civil, Roles: []glosa.Role{glosa.IntakeDesk}}
	second   = glosa.Actor{Human: "h-p2", Side: glosa.Government, Roles: []glosa.Role{glosa.IntakeDesk}}
	third    = glosa.Actor{Human: "h-p3", Side: glosa.Observatory, Roles: []glosa.Role{glosa.IntakeDesk}}
	sameSide = glosa.Actor{Human: "h-p4", Side: glosa.Civil, Roles: []glosa.Role{glosa.IntakeDesk}}
	twoRoles = glosa.Actor{Human: "h-p1", Side: glosa.Government, Roles: []glosa.Role{glosa.IntakeDesk}}
)

// precinct is a town with a desk of paper and envelopes.
type precinct struct {
	*town
	desk  intake.DeskID
	codes []string
	q     []glosa.QuestionID
}

func (w *town) precinct(envelopes, questions int) *precinct {
	w.t.Helper()
	return w.precinctBy(doors("code", "device"), envelopes, questions)
}

// precinctBy is one where a protocol was changed first.
func (w *town) precinctBy(protocol func(string) string, envelopes, questions int) *precinct {
	w.t.Helper()
	p := &precinct{town: w}
	w.voter.DB = w.db
	ref, err := people.ShippedReference("23")
	w.ok(err)
	i := slices.IndexFunc(ref.Institutions, func(i people.Institution) bool { return i.Side != glosa.Government })
	l := voter.List{Edition: ed, Issuer: ref.Institutions[i].Key}
	for range envelopes {
		code := voter.DrawCode()
		tidy, _ := voter.Tidy(code)
		p.codes, l.Hashes = append(p.codes, code), append(l.Hashes, voter.CodeHash(ed, tidy))
	}
	l.Hashes = voter.Distinct(l.Hashes)
	w.protocol(protocol)
	w.openIntake()
	for _, side := range []glosa.Side{glosa.Civil, glosa.Government} {
		_, err := w.voter.BringCodes(w.ctx, glosa.Actor{Human: glosa.HumanID("h-" + string(side)), Side: side, Roles: []glosa.Role{glosa.Moderator}}, ed, l)
		w.ok(err)
	}
	p.desk, err = (&intake.Desk{DB: w.db, Questions: w.question}).Open(w.ctx, facilitator, ed,
		intake.Opening{Kind: intake.Paper, Name: "Mesa de prueba", Place: "Calle 1", Municipality: "23005"})
	w.ok(err)
	p.q = w.asked(questions)
	return p
}

func (p *precinct) types(by glosa.Actor, code string, ids ...glosa.QuestionID) (priority.Entered, error) {
	folios := make([]string, len(ids))
	for i, id := range ids {
		folios[i] = strings.ToLower(string(id))
	}
	return p.EnterPaper(p.ctx, by, ed, priority.Paper{Desk: p.desk, Code: code, Folios: folios})
}

// cast is a ballot that two people typed alike.
func (p *precinct) cast(code string, ids ...glosa.QuestionID) priority.Receipt {
	p.t.Helper()
	p.state(priority.PaperWaiting)(p.types(first, code, ids...))
	back := slices.Clone(ids)
	slices.Reverse(back)
	return p.state(priority.PaperCast)(p.types(second, code, back...)).Receipt
}

func (p *precinct) state(want priority.PaperState) func(priority.Entered, error) priority.Entered {
	return func(e priority.Entered, err error) priority.Entered {
		p.t.Helper()
		if p.ok(err); e.State != want {
			p.t.Fatalf("it is %s, want %s", e.State, want)
		}
		return e
	}
}

func (p *precinct) pile(by glosa.Actor) priority.Pile {
	p.t.Helper()
	pile, err := p.Pile(p.ctx, by, ed)
	p.ok(err)
	return pile
}

// envelope is the credential of whoever types a code in a browser.
func (p *precinct) envelope(code string) voter.Credential {
	p.t.Helper()
	token, err := p.voter.ShowCode(p.ctx, glosa.Citizen(), ed, "n", code)
	p.ok(err)
	v, err := p.voter.Read(voter.Code, ed, token)
	p.ok(err)
	return v
}

// count asks the database for a number.
func (p *precinct) count(sql string, args ...any) (n int) {
	p.t.Helper()
	p.ok(p.db.Read(p.ctx, func(tx *db.Tx) error { return tx.Row(sql, args...).Scan(&n) }))
	return n
}

// TestPaperIsCastByTwoPeople: typed alike by two sides a sheet is the ballot of its
// code, counted like any other; the house keeps nothing of the sheet.
func TestPaperIsCastByTwoPeople(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		p := w.precinct(3, 4)
		p.state(priority.PaperWaiting)(p.types(first, p.codes[0], p.q[0], p.q[1]))
		if one, two := p.pile(first), p.pile(second); len(one.Mine) != 1 || one.Wait != 0 || len(two.Mine) != 0 || two.Wait != 1 {
			t.Errorf("the piles: %+v, %+v", one, two)
		}
		if own, err := p.Own(p.ctx, p.envelope(p.codes[0]), ed); err != nil || len(own.Choices) != 0 {
			t.Fatalf("one person cast it: %v %v", own.Choices, err)
		}
		e := p.state(priority.PaperCast)(p.types(second, strings.ToLower(p.codes[0]), p.q[1], p.q[0]))
		if len(e.Receipt.Promise) == 0 || len(e.Receipt.Choices) != 2 {
			t.Fatalf("%+v", e)
		}
		if own, err := p.Own(p.ctx, p.envelope(p.codes[0]), ed); err != nil || own.Commit != e.Receipt.Commit {
			t.Errorf("the code finds another ballot: %v", err)
		}
		if p.count(`select count(*) from priority_paper where code is not null or first_choices <> '' or second_choices <> ''`) != 0 {
			t.Error("a cast sheet is not emptied")
		}
		if again := p.state(priority.PaperCast)(p.types(third, p.codes[0], p.q[0], p.q[1])); !again.Again {
			t.Error("the sheet came back to the pile and was not known")
		}
		p.cast(p.codes[1], p.q[2])
		if fresh, changed, gone := p.batched(); fresh != 2 || changed != 0 || gone != 0 {
			t.Errorf("%d new, %d changed, %d withdrawn", fresh, changed, gone)
		}
		p.chosenBy(2, 0)
	})
}

// TestPaperOpensTheFormerLock: a ballot that its voter cast at a browser and changed
// on paper is opened in public, and the sums of the batches hold.
func TestPaperOpensTheFormerLock(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		p := w.precinct(1, 3)
		former := p.support(p.envelope(p.codes[0]), p.q[0])
		p.batched()
		now := p.cast(p.codes[0], p.q[2])
		if fresh, changed, gone := p.batched(); fresh != 1 || changed != 1 || gone != 0 || now.Commit == former.Commit {
			t.Errorf("%d new, %d changed, %d withdrawn", fresh, changed, gone)
		}
		if !p.opened(former) {
			t.Error("the former lock is closed")
		}
		p.chosenBy(1, 0)
	})
}

// TestUnlikeEntriesAreNotCast: both see both, and either types it again.
func TestUnlikeEntriesAreNotCast(t *testing.T) {
	for name, last := range map[string]glosa.Actor{"TheFirstCorrects": first, "TheSecondCorrects": second} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				p := w.precinct(1, 3)
				p.state(priority.PaperWaiting)(p.types(first, p.codes[0], p.q[0]))
				p.state(priority.PaperDiffers)(p.types(second, p.codes[0], p.q[1]))
				for by, want := range map[*glosa.Actor][2]glosa.QuestionID{&first: {p.q[0], p.q[1]}, &second: {p.q[1], p.q[0]}} {
					m := p.pile(*by).Mine
					if len(m) != 1 || m[0].State != priority.PaperDiffers || m[0].Own[0] != want[0] || m[0].Theirs[0] != want[1] {
						t.Errorf("%s sees %+v", by.Human, m)
					}
				}
				if x := p.pile(third); len(x.Mine) != 0 || x.Wait != 0 {
					t.Errorf("a third sees %+v", x)
				}
				_, err := p.types(third, p.codes[0], p.q[0])
				p.is(glosa.Conflict, err)
				right := p.q[1]
				if last.Human == second.Human {
					right = p.q[0]
				}
				p.state(priority.PaperCast)(p.types(last, p.codes[0], right))
				p.chosenBy(1, 0)
			})
		})
	}
}

// TestOnePersonIsNotTwo: neither the same human with two roles nor somebody of the
// same side is the second, by the desk and by the database.
func TestOnePersonIsNotTwo(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		p := w.precinct(1, 2)
		p.state(priority.PaperWaiting)(p.types(first, p.codes[0], p.q[0]))
		for _, by := range []glosa.Actor{twoRoles, sameSide} {
			_, err := p.types(by, p.codes[0], p.q[0])
			p.is(glosa.Conflict, err)
		}
		p.state(priority.PaperWaiting)(p.types(first, p.codes[0], p.q[1])) // corrects their own
		for _, set := range []string{"second_human = 'h-p1', second_side = 'government'", "second_human = 'h-p4', second_side = 'civil'", "second_human = ''"} {
			err := p.db.Act(p.ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(`update priority_paper set state = 'cast', code = null, first_choices = '', second_choices = '', ` + set)
				return err
			})
			if err == nil {
				t.Errorf("the database takes %s", set)
			}
		}
		if err := p.db.Act(p.ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`update priority_paper set state = 'cast', second_human = 'h-p2', second_side = 'government'`)
			return err
		}); err == nil {
			t.Error("the database keeps the folios of a cast sheet")
		}
	})
}

// TestTwoTypeTheSecondEntryAtOnce: one casts it and the other is told that it stands.
func TestTwoTypeTheSecondEntryAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		p := w.precinct(12, 2)
		for _, code := range p.codes {
			p.state(priority.PaperWaiting)(p.types(first, code, p.q[0]))
		}
		var all sync.WaitGroup
		for _, code := range p.codes {
			for _, by := range []glosa.Actor{second, third} {
				all.Go(func() {
					if e, err := p.types(by, code, p.q[0]); err != nil || e.State != priority.PaperCast {
						t.Errorf("%s: %s %v", by.Human, e.State, err)
					}
				})
			}
		}
		all.Wait()
		if n := p.count(`select count(*) from priority_paper where state <> 'cast'`); n != 0 {
			t.Errorf("%d sheets wait", n)
		}
		if fresh, changed, gone := p.batched(); fresh != 12 || changed != 0 || gone != 0 {
			t.Errorf("%d new, %d changed, %d withdrawn", fresh, changed, gone)
		}
		p.chosenBy(12, 0)
	})
}

// TestEveryWrongBoxIsTold: at once, beside its box.
func TestEveryWrongBoxIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		p := w.precinct(1, 12)
		many := make([]string, 11)
		for i := range many {
			many[i] = string(p.q[i])
		}
		other := voter.DrawCode()
		for name, c := range map[string]struct {
			code   string
			folios []string
			want   []string
		}{
			"UnknownCode": {other, []string{string(p.q[0])}, []string{"code"}},
			"NoCode":      {"", []string{string(p.q[0])}, []string{"code"}},
			"Folios":      {"x", []string{string(p.q[0]), "", "DEMO26-9999-X", string(p.q[0])}, []string{"code", "folio3", "folio4"}},
			"Nothing":     {p.codes[0], []string{"", ""}, []string{"folio1"}},
			"TooMany":     {p.codes[0], many, []string{"folio11"}},
		} {
			_, err := p.EnterPaper(p.ctx, first, ed, priority.Paper{Desk: p.desk, Code: c.code, Folios: c.folios})
			p.is(glosa.Invalid, err)
			var got []string
			var e *glosa.Error
			if errors.As(err, &e) {
				for _, f := range e.Fields {
					got = append(got, f.Name)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		_, err := p.EnterPaper(p.ctx, first, ed, priority.Paper{Desk: "demo26-d9", Code: p.codes[0], Folios: many[:1]})
		p.is(glosa.NotFound, err)
	})
}

// TestPaperAfterTheWindow: only what was typed once before its end, within a day;
// then, or when the agenda is made, the rest is forgotten.
func TestPaperAfterTheWindow(t *testing.T) {
	for name, agenda := range map[string]bool{"ADayLater": false, "TheAgendaIsMade": true} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				p := w.precinct(14, 2)
				for _, code := range p.codes[:12] {
					p.state(priority.PaperWaiting)(p.types(first, code, p.q[0]))
				}
				p.closeIntake()
				end := p.now().SupportCloses()
				p.at(end)
				_, err := p.types(first, p.codes[12], p.q[0])
				p.is(glosa.Closed, err)
				p.state(priority.PaperCast)(p.types(second, p.codes[0], p.q[0]))
				if evs := p.events("priority.paper_closed"); len(evs) != 0 && !strings.Contains(string(evs[0].Body), `"count":12`) {
					t.Errorf("%s", evs[0].Body)
				}
				if !agenda {
					p.at(end.Add(priority.PaperLasts))
					_, err = p.types(second, p.codes[1], p.q[0])
					p.is(glosa.Closed, err)
					p.at(end.Add(priority.PaperLasts + 16*time.Minute))
				}
				a, err := p.Select(p.ctx, selector, ed)
				p.ok(err)
				_, err = p.types(second, p.codes[2], p.q[0])
				p.is(glosa.Closed, err)
				if n := p.count(`select count(*) from priority_paper where state <> 'cast'`); n != 0 || a.Ballots != 1 {
					t.Errorf("%d sheets are kept, %d ballots", n, a.Ballots)
				}
				paperTold(t, p)
			})
		})
	}
}

// paperTold: each desk's paper is told once, in public, as its table has it.
func paperTold(t *testing.T, p *precinct) {
	t.Helper()
	evs := p.events("priority.paper_closed")
	if len(evs) != 1 || !evs[0].Public || !strings.Contains(string(evs[0].Body), `"count":12`) {
		t.Fatalf("%d events", len(evs))
	}
	said, found := book{}, 0
	p.ok(priority.Fold(said, evs[0]))
	p.ok(p.Officials(p.ctx, func(o glosa.Official) error {
		if strings.HasPrefix(o.What, "paper.") {
			if found++; o.Word != said.Word(o.Of, o.ID, o.What) {
				t.Errorf("%s is %q in the table", o.What, o.Word)
			}
		}
		return nil
	}))
	if found != 1 {
		t.Errorf("%d lines are official", found)
	}
}

// TestFewPapersAreNotTold: below ten a desk's count says nothing.
func TestFewPapersAreNotTold(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		p := w.precinct(9, 1)
		for _, code := range p.codes {
			p.state(priority.PaperWaiting)(p.types(first, code, p.q[0]))
		}
		p.closeIntake()
		p.at(p.now().SupportCloses().Add(16 * time.Minute))
		if evs := p.events("priority.paper_closed"); len(evs) != 1 || !strings.Contains(string(evs[0].Body), `"count":0`) {
			t.Fatalf("%d events, or they count", len(evs))
		}
	})
}

// TestPaperIsTakenBack: by whoever typed it and nobody else; the other's part waits.
func TestPaperIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		p := w.precinct(1, 2)
		p.state(priority.PaperWaiting)(p.types(first, p.codes[0], p.q[0]))
		p.state(priority.PaperDiffers)(p.types(second, p.codes[0], p.q[1]))
		id := p.pile(first).Mine[0].ID
		p.is(glosa.NotFound, p.WithdrawPaper(p.ctx, third, ed, p.desk, id))
		p.ok(p.WithdrawPaper(p.ctx, first, ed, p.desk, id))
		if x := p.pile(first); len(x.Mine) != 0 || x.Wait != 1 {
			t.Errorf("%+v", x)
		}
		p.state(priority.PaperCast)(p.types(third, p.codes[0], p.q[1]))
		p.is(glosa.NotFound, p.WithdrawPaper(p.ctx, second, ed, p.desk, id))
		p.chosenBy(1, 0)
	})
}

// TestNoPaperWhereCodesDoNotVote: a contest of devices takes no envelope.
func TestNoPaperWhereCodesDoNotVote(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.openIntake()
		desk, err := (&intake.Desk{DB: w.db, Questions: w.question}).Open(w.ctx, facilitator, ed,
			intake.Opening{Kind: intake.Paper, Name: "Mesa de prueba", Place: "Calle 1", Municipality: "23005"})
		w.ok(err)
		_, err = w.EnterPaper(w.ctx, first, ed, priority.Paper{Desk: desk, Code: voter.DrawCode(), Folios: []string{"x"}})
		w.is(glosa.Denied, err)
		if e := w.now(); e.StageAt(w.clock.Now()) != edition.IntakeOpen {
			t.Fatal("it is closed anyway")
		}
	})
}
