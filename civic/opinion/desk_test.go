package opinion_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/opinion"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/db"
	"glosa/db/dbtest"
)

var schemas = []db.Schema{edition.Schema(), people.Schema(), question.Schema(), voter.Schema(), opinion.Schema()}

const ed glosa.EditionID = "demo26"

var (
	facilitator = editiontest.Facilitator()
	civil       = glosa.Actor{Human: "h-civil", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	government  = glosa.Actor{Human: "h-government", Side: glosa.Government, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	evaluator   = glosa.Actor{Human: "h-evaluator", Side: glosa.Observatory, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Evaluator}}
	citizen     = glosa.Citizen()
)

// ring is an edition's keys, made from its name: tests only.
type ring struct{ gone map[glosa.EditionID]bool }

func (r ring) EditionKey(id glosa.EditionID) ([32]byte, error) {
	if r.gone[id] {
		return [32]byte{}, glosa.Missing("key", string(id))
	}
	return sha256.Sum256([]byte(id)), nil
}

func (r ring) Destroy(id glosa.EditionID) error { r.gone[id] = true; return nil }

// hall is a house with an edition in it whose intake is open.
type hall struct {
	t        testing.TB
	ctx      context.Context
	db       *db.DB
	clock    *glosa.FakeClock
	edition  *edition.Desk
	question *question.Desk
	voter    *voter.Desk
	keys     ring
	*opinion.Desk
}

func newHall(t testing.TB, d *db.DB, clock *glosa.FakeClock) *hall {
	promise := func(kind glosa.Code, commit glosa.Hash, at time.Time) ([]byte, time.Time, error) {
		return []byte(string(kind) + " " + commit.String()), at.Add(time.Hour), nil
	}
	keys := ring{map[glosa.EditionID]bool{}}
	h := &hall{t: t, ctx: t.Context(), db: d, clock: clock, keys: keys, voter: &voter.Desk{Keys: keys},
		question: &question.Desk{DB: d, Promise: promise, Safe: people.NewSafe([32]byte{1})},
		Desk:     &opinion.Desk{DB: d, Keys: keys, Promise: promise, Software: "glosa-test"}}
	h.edition = &edition.Desk{DB: d, Dues: []edition.Due{opinion.Due(), h.Destruction()}}
	ref, err := people.ShippedReference("23")
	h.ok(err)
	h.ok((&people.Desk{DB: d}).Load(h.ctx, glosa.Admin(), ref))
	editiontest.At(t, h.edition, clock, ed, edition.IntakeOpen)
	return h
}

func each(t *testing.T, body func(t *testing.T, h *hall)) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) { body(t, newHall(t, d, clock)) })
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%v (%T)", err, err)
	}
}

func (h *hall) is(kind glosa.Kind, err error) {
	h.t.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		h.t.Fatalf("error %v, want %v", err, kind)
	}
}

// at moves the clock and lets it do what is due, and what is to be counted.
func (h *hall) at(when time.Time) {
	h.t.Helper()
	h.clock.Set(when)
	_, err := h.edition.Tick(h.ctx)
	h.ok(err)
	h.ok(h.Count(h.ctx))
}

func (h *hall) later(d time.Duration) { h.t.Helper(); h.at(h.clock.Now().Add(d)) }

func (h *hall) board() opinion.Board {
	h.t.Helper()
	b, err := h.Board(h.ctx, ed)
	h.ok(err)
	return b
}

// statements writes n statements at the desk and admits them.
func (h *hall) statements(n int) {
	h.t.Helper()
	for i := range n {
		rc, err := h.Write(h.ctx, facilitator, ed, fmt.Sprintf("Afirmación de prueba %d (SINTÉTICO)", i+1), "es")
		h.ok(err)
		h.ok(h.Admit(h.ctx, civil, ed, rc.N))
	}
}

// open freezes, writes n statements and opens for ten days.
func (h *hall) open(n int) {
	h.t.Helper()
	_, err := h.Freeze(h.ctx, facilitator, ed)
	h.ok(err)
	h.statements(n)
	h.ok(h.Open(h.ctx, facilitator, ed, h.clock.Now().AddDate(0, 0, 10)))
}

func (h *hall) device() voter.Credential {
	h.t.Helper()
	token, err := h.voter.NewDevice()
	h.ok(err)
	v, err := h.voter.DeviceOf(token)
	h.ok(err)
	return v
}

func (h *hall) vote(v voter.Credential, n int, says opinion.Says) opinion.Receipt {
	h.t.Helper()
	rc, err := h.Vote(h.ctx, citizen, v, ed, n, says, [16]byte{})
	h.ok(err)
	return rc
}

// camps has people of several camps vote on every statement: each camp agrees with
// its own third of the statements, disagrees with the others', and all agree with
// the last. Every fifth answer is a pass.
func (h *hall) camps(sizes ...int) (all []voter.Credential) {
	h.t.Helper()
	list, err := h.Statements(h.ctx, ed)
	h.ok(err)
	for camp, size := range sizes {
		for i := range size {
			v := h.device()
			all = append(all, v)
			for j, s := range list {
				says := opinion.Disagree
				switch {
				case j == len(list)-1, j%len(sizes) == camp:
					says = opinion.Agree
				case (i+j)%5 == 0:
					says = opinion.Pass
				}
				h.vote(v, s.N, says)
			}
		}
	}
	return all
}

func (h *hall) events(kind string) (all []glosa.Event) {
	h.t.Helper()
	for _, e := range dbtest.Events(h.t, h.db) {
		if e.Kind == kind {
			all = append(all, e)
		}
	}
	return all
}

func TestASetInItsStates(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		if b := h.board(); b.Status != opinion.Unfrozen || b.Settings.Rows != opinion.ForAuditors || !b.Settings.Proposals {
			t.Fatalf("%+v", b)
		}
		_, err := h.Write(h.ctx, facilitator, ed, "Antes de tiempo", "es")
		h.is(glosa.Conflict, err)
		_, err = h.Freeze(h.ctx, civil, ed)
		h.is(glosa.Denied, err)
		s, err := h.Freeze(h.ctx, facilitator, ed)
		h.ok(err)
		_, err = h.Freeze(h.ctx, facilitator, ed)
		h.is(glosa.Conflict, err)
		if b := h.board(); b.Status != opinion.Frozen || b.Digest.IsZero() || b.Settings.Seed != s.Seed {
			t.Fatalf("%+v", b)
		}
		until := h.clock.Now().AddDate(0, 0, 10)
		h.is(glosa.Conflict, h.Open(h.ctx, facilitator, ed, until)) // nothing to vote on
		h.statements(2)
		h.is(glosa.Invalid, h.Open(h.ctx, facilitator, ed, h.clock.Now()))
		h.is(glosa.Invalid, h.Open(h.ctx, facilitator, ed, h.clock.Now().AddDate(2, 0, 0)))
		_, err = h.Vote(h.ctx, citizen, h.device(), ed, 1, opinion.Agree, [16]byte{})
		h.is(glosa.Closed, err)
		h.is(glosa.Conflict, h.Close(h.ctx, facilitator, ed))
		h.ok(h.Open(h.ctx, facilitator, ed, until))
		h.is(glosa.Conflict, h.Open(h.ctx, facilitator, ed, until))
		h.vote(h.device(), 1, opinion.Agree)
		h.clock.Set(until) // the second of the end, before the clock follower comes
		_, err = h.Vote(h.ctx, citizen, h.device(), ed, 1, opinion.Agree, [16]byte{})
		h.is(glosa.Closed, err)
		if b := h.board(); b.Status != opinion.Ended {
			t.Fatalf("%s at its end", b.Status)
		}
		h.at(until)
		b := h.board()
		if b.Status != opinion.Counted || b.Early || b.Ballots != 1 || b.Picture.Why != opinion.WhyFew || len(b.Picture.Groups)+len(b.Picture.Dots) > 0 {
			t.Fatalf("%+v", b)
		}
		_, err = h.Write(h.ctx, facilitator, ed, "Demasiado tarde", "es")
		h.is(glosa.Closed, err)
		h.later(time.Hour)
		if n := len(h.events("opinion.counted")); n != 1 {
			t.Errorf("counted %d times", n)
		}
	})
}

func TestClosingEarlyIsSaid(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(1)
		h.vote(h.device(), 1, opinion.Agree)
		h.is(glosa.Denied, h.Close(h.ctx, civil, ed))
		h.ok(h.Close(h.ctx, facilitator, ed))
		h.later(time.Second)
		if b := h.board(); !b.Early || b.Status != opinion.Counted || b.Ballots != 1 {
			t.Errorf("%+v", b)
		}
	})
}

// TestAnEvaluatedEditionClosesIt: nobody has to remember.
func TestAnEvaluatedEditionClosesIt(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Freeze(h.ctx, facilitator, ed)
		h.ok(err)
		h.statements(1)
		h.ok(h.Open(h.ctx, facilitator, ed, h.clock.Now().AddDate(0, 0, 360)))
		h.ok(h.edition.Cancel(h.ctx, facilitator, ed, "Se suspendió (SINTÉTICO)", "Oficio (SINTÉTICO)"))
		h.later(time.Hour)
		if b := h.board(); b.Status != opinion.Counted || !b.Early {
			t.Errorf("%s", b.Status)
		}
	})
}

func TestStatementsAreModeratedByTwo(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Freeze(h.ctx, facilitator, ed)
		h.ok(err)
		for text, kind := range map[string]glosa.Kind{" ": glosa.Invalid, string(make([]rune, 201)): glosa.Invalid} {
			_, err := h.Propose(h.ctx, citizen, ed, text, "es")
			h.is(kind, err)
		}
		_, err = h.Propose(h.ctx, citizen, ed, "Algo", "xx")
		h.is(glosa.Invalid, err)
		var n [4]int
		for i := range n {
			rc, err := h.Propose(h.ctx, citizen, ed, fmt.Sprintf("Propuesta %d", i), "es")
			h.ok(err)
			n[i] = rc.N
		}
		_, err = h.Propose(h.ctx, citizen, ed, "Propuesta   1", "es") // the same words
		h.is(glosa.Conflict, err)
		own, err := h.Write(h.ctx, civil, ed, "De la mesa", "es")
		h.ok(err)
		h.is(glosa.Denied, h.Admit(h.ctx, civil, ed, own.N))
		h.ok(h.Admit(h.ctx, government, ed, own.N))
		h.is(glosa.Conflict, h.Admit(h.ctx, government, ed, own.N))
		h.is(glosa.Invalid, h.Refuse(h.ctx, civil, ed, n[0], "no_such_ground"))
		h.ok(h.Refuse(h.ctx, civil, ed, n[0], "propaganda"))
		h.is(glosa.Denied, h.Refuse(h.ctx, civil, ed, n[0], "propaganda"))
		sameHuman := government
		sameHuman.Human = civil.Human
		h.is(glosa.Denied, h.Refuse(h.ctx, sameHuman, ed, n[0], "propaganda"))
		queue, err := h.Queue(h.ctx, government, ed)
		h.ok(err)
		if q := queue[0]; q.N != n[0] || q.Asked != glosa.Civil || q.Mine || q.Ground != "" {
			t.Fatalf("the other side sees %+v", q)
		}
		h.ok(h.Refuse(h.ctx, government, ed, n[0], "propaganda"))
		h.ok(h.Refuse(h.ctx, civil, ed, n[1], "propaganda"))
		h.ok(h.Refuse(h.ctx, government, ed, n[1], "off_scope")) // no agreement
		h.ok(h.Refuse(h.ctx, civil, ed, n[2], "propaganda"))
		h.later(73 * time.Hour) // silence
		h.later(24 * time.Hour)
		want := map[int]opinion.State{n[0]: opinion.Refused, n[1]: opinion.Admitted, n[2]: opinion.Admitted, n[3]: opinion.Waiting, own.N: opinion.Admitted}
		all, err := h.Statements(h.ctx, ed)
		h.ok(err)
		for _, s := range all {
			if s.State != want[s.N] || (s.Text != "") != (s.State == opinion.Admitted) {
				t.Errorf("%d is %s: %q", s.N, s.State, s.Text)
			}
		}
	})
}

// TestQuestionsAndAnswersAreStatements: their words stay in the room of questions,
// and go with them.
func TestQuestionsAndAnswersAreStatements(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Freeze(h.ctx, facilitator, ed)
		h.ok(err)
		rc, err := h.question.Submit(h.ctx, citizen, ed, question.Ask{Text: "¿Cuántos pozos hay?", Municipality: "23005"})
		h.ok(err)
		h.is(glosa.Invalid, h.Include(h.ctx, facilitator, ed, opinion.Asked, rc.ID)) // not admitted
		h.ok(h.question.Admit(h.ctx, civil, rc.ID))
		h.is(glosa.Invalid, h.Include(h.ctx, facilitator, ed, opinion.Plain, rc.ID))
		h.is(glosa.Invalid, h.Include(h.ctx, facilitator, ed, opinion.Answered, rc.ID))
		h.is(glosa.Invalid, h.Include(h.ctx, facilitator, ed, opinion.Asked, "DEMO26-9999-Z"))
		h.ok(h.Include(h.ctx, facilitator, ed, opinion.Asked, rc.ID))
		h.is(glosa.Conflict, h.Include(h.ctx, facilitator, ed, opinion.Asked, rc.ID))
		all, err := h.Statements(h.ctx, ed)
		h.ok(err)
		if len(all) != 1 || all[0].Text != "¿Cuántos pozos hay?" || !all[0].Votable() {
			t.Fatalf("%+v", all)
		}
		h.ok(h.question.Withdraw(h.ctx, citizen, rc.ID, question.Proof{Key: rc.Key}))
		all, err = h.Statements(h.ctx, ed)
		h.ok(err)
		if all[0].Text != "" || all[0].Votable() {
			t.Errorf("still asked about: %+v", all[0])
		}
	})
}

func TestWordsAreErased(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(2)
		mine, err := h.Propose(h.ctx, citizen, ed, "Palabras canarias uno", "es")
		h.ok(err)
		other, err := h.Propose(h.ctx, citizen, ed, "Palabras canarias dos", "es")
		h.ok(err)
		h.ok(h.Admit(h.ctx, civil, ed, other.N))
		h.vote(h.device(), other.N, opinion.Agree)
		h.is(glosa.Invalid, h.Withdraw(h.ctx, citizen, ed, mine.N, other.Key))
		h.is(glosa.Invalid, h.Withdraw(h.ctx, citizen, ed, 99, mine.Key))
		h.is(glosa.Invalid, h.Withdraw(h.ctx, citizen, ed, mine.N, "nada"))
		h.ok(h.Withdraw(h.ctx, citizen, ed, mine.N, mine.Key))
		h.is(glosa.Conflict, h.Withdraw(h.ctx, citizen, ed, mine.N, mine.Key))
		h.is(glosa.Invalid, h.Erase(h.ctx, civil, ed, other.N, "boring", "minor"))
		h.ok(h.Erase(h.ctx, civil, ed, other.N, "third_party_data", "minor"))
		h.is(glosa.Denied, h.Erase(h.ctx, civil, ed, other.N, "third_party_data", "minor"))
		h.ok(h.Erase(h.ctx, government, ed, other.N, "illegal", "minor")) // no agreement
		h.ok(h.Erase(h.ctx, government, ed, other.N, "third_party_data", "minor"))
		h.ok(h.Erase(h.ctx, civil, ed, other.N, "third_party_data", "minor"))
		if n := len(h.events("text.erased")); n != 2 {
			t.Errorf("%d tombstones", n)
		}
		texts, err := h.Texts(h.ctx, "", 0, 100)
		h.ok(err)
		erased := 0
		for _, x := range texts {
			if x.Erased {
				erased++
			}
			if x.Erased && (len(x.Object) > 0 || !x.Salt.IsZero()) {
				t.Errorf("%+v", x)
			}
		}
		var left int
		h.ok(h.db.Read(h.ctx, func(tx *db.Tx) error {
			return tx.Row(`select count(*) from opinion_statement where body = 'Palabras canarias uno' or body = 'Palabras canarias dos'`).Scan(&left)
		}))
		if erased != 2 || left != 0 {
			t.Errorf("%d erased, %d texts left", erased, left)
		}
		_, err = h.Vote(h.ctx, citizen, h.device(), ed, other.N, opinion.Agree, [16]byte{})
		h.is(glosa.Invalid, err)
		h.later(11 * 24 * time.Hour) // what was erased shapes nothing
		if b := h.board(); b.Status != opinion.Counted || len(b.Picture.Out) != 2 {
			t.Errorf("out: %v", b.Picture.Out)
		}
		if n, err := h.Repeat(h.ctx, glosa.Admin(), []glosa.Hash{mine.Commit}, nil); err != nil || n != 0 {
			t.Errorf("erased again: %d, %v", n, err)
		}
	})
}
