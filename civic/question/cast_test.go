package question

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/report"
	"glosa/db"
	"glosa/db/dbtest"
)

// stage is a house with one edition whose intake is open, and everybody in it.
type stage struct {
	*testing.T
	d     *Desk
	ed    *edition.Desk
	id    glosa.EditionID
	clock *glosa.FakeClock
	ctx   context.Context

	facilitator, modGov, modCivil, modGov2, modCivil2, convGov, convCivil glosa.Actor
	liaison, minister, otherLiaison, otherMinister, office, stranger      glosa.Actor
}

var schemas = []db.Schema{edition.Schema(), people.Schema(), report.Schema(), Schema()}

// each plays a test on both engines.
func each(t *testing.T, play func(s *stage)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) { play(open(t, d, clock)) })
}

// testPromise signs with a key of the test's own: a real signature over the
// three things a promise must bind.
func testPromise() Promise {
	_, key, _ := ed25519.GenerateKey(nil)
	return func(kind glosa.Code, commit glosa.Hash, received time.Time) ([]byte, time.Time, error) {
		by := received.Add(time.Hour)
		text := fmt.Sprintf("%s\n%s\n%s\n%s\n", kind, commit, received.Format(time.RFC3339), by.Format(time.RFC3339))
		return append([]byte(text), ed25519.Sign(key, []byte(text))...), by, nil
	}
}

func files(t *testing.T) *report.Folder {
	f, err := report.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func open(t *testing.T, d *db.DB, clock *glosa.FakeClock) *stage {
	t.Helper()
	s := &stage{T: t, clock: clock, id: "demo26", ctx: context.Background()}
	s.d = &Desk{DB: d, Promise: testPromise(), Safe: people.NewSafe([32]byte{1}), Files: files(t),
		Promised: func(_ *db.Tx, id glosa.CommitmentID) (bool, error) { return id == "DEMO-2025-01", nil }}
	s.ed = &edition.Desk{DB: d, Gates: []edition.Gate{Gate}, Dues: []edition.Due{s.d.Due()}}
	s.facilitator = glosa.Actor{Human: "h-fac", Side: glosa.Civil, Seat: 9, Roles: []glosa.Role{glosa.Facilitator}}
	mod := func(n int, side glosa.Side, role glosa.Role) glosa.Actor {
		return glosa.Actor{Human: glosa.HumanID(fmt.Sprintf("h-%s-%d", side, n)), Side: side, Seat: n, Roles: []glosa.Role{role}, Edition: s.id}
	}
	s.modGov, s.modCivil = mod(1, glosa.Government, glosa.Moderator), mod(1, glosa.Civil, glosa.Moderator)
	s.modGov2, s.modCivil2 = mod(2, glosa.Government, glosa.Moderator), mod(2, glosa.Civil, glosa.Moderator)
	s.convGov, s.convCivil = mod(3, glosa.Government, glosa.Convenor), mod(3, glosa.Civil, glosa.Convenor)
	s.office = mod(4, glosa.Government, glosa.Overview)
	s.stranger = glosa.Actor{Human: "h-x", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Moderator}, Edition: "demo25"}

	people := &people.Desk{DB: d}
	s.populate(people)
	s.found()
	return s
}

func (s *stage) populate(p *people.Desk) {
	ref, err := people.ShippedReference("23")
	s.ok(err)
	s.ok(p.Load(s.ctx, glosa.Admin(), ref))
	holder := func(post glosa.PostKey, institution glosa.InstitutionKey, role glosa.Role) glosa.Actor {
		human, err := p.Enrol(s.ctx, glosa.Admin())
		s.ok(err)
		_, err = p.Grant(s.ctx, glosa.Admin(), people.Tenure{Post: post, Human: human, From: "2026-01-01",
			Document: people.Document{Digest: glosa.Digest([]byte(post)), Title: "Nombramiento"}})
		s.ok(err)
		return glosa.Actor{Human: human, Post: post, Institution: institution, Side: glosa.Government, Roles: []glosa.Role{role}}
	}
	s.minister, s.otherMinister = holder("sesa-titular", "SESA", glosa.Signatory), holder("seq-titular", "SEQ", glosa.Signatory)
	s.liaison = glosa.Actor{Human: "h-liaison", Post: "sesa-enlace", Institution: "SESA", Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
	s.otherLiaison = glosa.Actor{Human: "h-liaison-2", Post: "seq-enlace", Institution: "SEQ", Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
}

// found makes the edition and brings it to its open intake by its own acts.
func (s *stage) found() {
	text, err := edition.Template("glosa-90")
	s.ok(err)
	s.ok(s.ed.Found(s.ctx, s.facilitator, edition.Founding{ID: s.id, Series: "demo", Number: 26, Name: "Demo 26",
		Code: "DEMO26", Protocol: text, Session: s.clock.Now().AddDate(0, 0, 65), Synthetic: true}))
	s.advance()
	s.ok(s.ed.Freeze(s.ctx, s.facilitator, s.id))
	s.advance()
	s.clock.Set(s.edition().Plan.On(edition.IntakeOpen).Add(time.Hour))
	s.advance()
}

func (s *stage) advance() {
	s.Helper()
	if _, err := s.ed.Advance(s.ctx, s.facilitator, s.id); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) edition() (ed edition.Edition) {
	s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
		ed, err = edition.Load(tx, s.id)
		return err
	}))
	return ed
}

func (s *stage) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// kind fails unless the error is of the kind.
func (s *stage) kind(err error, want glosa.Kind) {
	s.Helper()
	if err == nil || glosa.KindOf(err) != want {
		s.Fatalf("%v, want %s", err, want)
	}
}

// ask hands in a question and gives its receipt.
func (s *stage) ask(text string) Receipt {
	s.Helper()
	rc, err := s.d.Submit(s.ctx, glosa.Citizen(), s.id, Ask{Text: text, Municipality: "23005"})
	s.ok(err)
	return rc
}

// admitted asks and admits.
func (s *stage) admitted(text string) Receipt {
	s.Helper()
	rc := s.ask(text)
	s.ok(s.d.Admit(s.ctx, s.modCivil, rc.ID))
	return rc
}

// routed asks, admits and routes to Salud.
func (s *stage) routed(text string) Receipt {
	s.Helper()
	rc := s.admitted(text)
	s.ok(s.d.Route(s.ctx, s.modCivil, rc.ID, "SESA", "salud"))
	return rc
}

// answered goes all the way to a signed answer.
func (s *stage) answered(text string) Receipt {
	s.Helper()
	rc := s.ask(text)
	s.answer(rc.ID)
	return rc
}

// answer admits a question, routes it to Salud and has it answered and signed.
func (s *stage) answer(id glosa.QuestionID) {
	s.Helper()
	s.ok(s.d.Admit(s.ctx, s.modCivil, id))
	s.ok(s.d.Route(s.ctx, s.modCivil, id, "SESA", "salud"))
	s.ok(s.d.Draft(s.ctx, s.liaison, id, Answer{Kind: Said, Short: "Abre el lunes."}))
	s.ok(s.d.SendToSign(s.ctx, s.liaison, id))
	s.ok(s.sign(id))
}

// sign signs what anybody who signs for Salud reads now.
func (s *stage) sign(id glosa.QuestionID) error {
	s.Helper()
	f, err := s.d.Folder(s.ctx, s.minister, id)
	if err != nil {
		return err
	}
	return s.d.Sign(s.ctx, s.minister, id, s.waiting(f))
}

// waiting is the hash of the draft in a folder; zero when there is none.
func (s *stage) waiting(f Folder) (h glosa.Hash) {
	s.Helper()
	if f.Draft == nil {
		return h
	}
	h, err := f.Draft.Hash()
	s.ok(err)
	return h
}

func (s *stage) page(id glosa.QuestionID) Page {
	s.Helper()
	p, err := s.d.Page(s.ctx, id)
	s.ok(err)
	return p
}

func (s *stage) stands(id glosa.QuestionID, want State) {
	s.Helper()
	if p := s.page(id); p.State != want {
		s.Fatalf("%s stands %s, want %s", id, p.State, want)
	}
}

// tick moves the clock to t and does what is due.
func (s *stage) tick(t time.Time) {
	s.Helper()
	s.clock.Set(t)
	if _, err := s.ed.Tick(s.ctx); err != nil {
		s.Fatal(err)
	}
}

// events are the events of one kind about one question, with their bodies.
func (s *stage) events(kind string, id glosa.QuestionID) (bodies []map[string]any) {
	s.Helper()
	for _, e := range dbtest.Events(s.T, s.d.DB) {
		if e.Kind == kind && e.Subject == string(id) {
			var body map[string]any
			s.ok(json.Unmarshal(e.Body, &body))
			bodies = append(bodies, body)
		}
	}
	return bodies
}
