package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/civic/report"
	"glosa/db"
	"glosa/db/dbtest"
)

// stage is a house with one edition whose intake is open, and everybody in it.
type stage struct {
	*testing.T
	d     *Desk
	q     *question.Desk
	ed    *edition.Desk
	id    glosa.EditionID
	clock *glosa.FakeClock
	ctx   context.Context

	facilitator, desk, moderator, liaison, minister glosa.Actor
}

var schemas = []db.Schema{edition.Schema(), people.Schema(), report.Schema(), question.Schema(), Schema()}

// each plays a test on both engines.
func each(t *testing.T, play func(s *stage)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) { play(open(t, d, clock)) })
}

func open(t *testing.T, d *db.DB, clock *glosa.FakeClock) *stage {
	t.Helper()
	s := &stage{T: t, clock: clock, id: "demo26", ctx: context.Background()}
	promise := func(kind glosa.Code, commit glosa.Hash, at time.Time) ([]byte, time.Time, error) {
		return fmt.Appendf(nil, "%s %s %s", kind, commit, at), at.Add(time.Hour), nil
	}
	s.q = &question.Desk{DB: d, Promise: promise, Safe: people.NewSafe([32]byte{1})}
	s.d = &Desk{DB: d, Questions: s.q}
	s.ed = &edition.Desk{DB: d, Gates: []edition.Gate{question.Gate, Gate}, Dues: []edition.Due{s.q.Due(), Due()}}
	s.facilitator = glosa.Actor{Human: "h-fac", Side: glosa.Civil, Seat: 9, Roles: []glosa.Role{glosa.Facilitator}}
	s.desk = glosa.Actor{Human: "h-desk", Side: glosa.Civil, Seat: 10, Roles: []glosa.Role{glosa.IntakeDesk}, Edition: s.id}
	s.moderator = glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Moderator}, Edition: s.id}
	p := &people.Desk{DB: d}
	ref, err := people.ShippedReference("23")
	s.ok(err)
	s.ok(p.Load(s.ctx, glosa.Admin(), ref))
	human, err := p.Enrol(s.ctx, glosa.Admin())
	s.ok(err)
	_, err = p.Grant(s.ctx, glosa.Admin(), people.Tenure{Post: "sesa-titular", Human: human, From: "2026-01-01",
		Document: people.Document{Digest: glosa.Digest([]byte("x")), Title: "Nombramiento"}})
	s.ok(err)
	s.minister = glosa.Actor{Human: human, Post: "sesa-titular", Institution: "SESA", Side: glosa.Government, Roles: []glosa.Role{glosa.Signatory}}
	s.liaison = glosa.Actor{Human: "h-l", Post: "sesa-enlace", Institution: "SESA", Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
	text, err := edition.Template("glosa-90")
	s.ok(err)
	s.ok(s.ed.Found(s.ctx, s.facilitator, edition.Founding{ID: s.id, Series: "demo", Number: 26, Name: "Demo 26",
		Code: "DEMO26", Protocol: text, Session: clock.Now().AddDate(0, 0, 65), Synthetic: true}))
	s.advance()
	s.ok(s.ed.Freeze(s.ctx, s.facilitator, s.id))
	s.advance()
	clock.Set(s.edition().Plan.On(edition.IntakeOpen).Add(time.Hour))
	s.advance()
	return s
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

// field fails unless the error is Invalid with that field and key.
func (s *stage) field(err error, name, key string) {
	s.Helper()
	for _, f := range fieldsOf(err) {
		if f.Name == name && f.Key == key {
			return
		}
	}
	s.Fatalf("%v, want %s: %s", err, name, key)
}

func (s *stage) open(kind glosa.Code) DeskID {
	s.Helper()
	id, err := s.d.Open(s.ctx, s.facilitator, s.id, Opening{Kind: kind, Name: "Casa de la Cultura", Place: "Calle 67, de 9 a 14 h", Municipality: "23002"})
	s.ok(err)
	return id
}

func (s *stage) print(id DeskID, n int) []Leaflet {
	s.Helper()
	all, err := s.d.Print(s.ctx, s.desk, id, n, fmt.Sprint("run ", s.table(id).Ledger.Issued))
	s.ok(err)
	return all
}

func (s *stage) enter(id DeskID, folio glosa.QuestionID, text string) question.Receipt {
	s.Helper()
	rc, err := s.d.Enter(s.ctx, s.desk, id, Form{Folio: string(folio), Text: text})
	s.ok(err)
	return rc
}

func (s *stage) table(id DeskID) Table {
	s.Helper()
	r, err := s.d.At(s.ctx, s.facilitator, id)
	s.ok(err)
	return r.Table
}

func (s *stage) tick(t time.Time) {
	s.Helper()
	s.clock.Set(t)
	if _, err := s.ed.Tick(s.ctx); err != nil {
		s.Fatal(err)
	}
}

// answer admits a question, routes it and has it answered.
func (s *stage) answer(id glosa.QuestionID) {
	s.Helper()
	s.ok(s.q.Admit(s.ctx, s.moderator, id))
	s.ok(s.q.Route(s.ctx, s.moderator, id, "SESA", "salud"))
	s.ok(s.q.Draft(s.ctx, s.liaison, id, question.Answer{Kind: question.Said, Short: "Abre el lunes."}))
	s.ok(s.q.SendToSign(s.ctx, s.liaison, id))
	f, err := s.q.Folder(s.ctx, s.minister, id)
	s.ok(err)
	h, err := f.Draft.Hash()
	s.ok(err)
	s.ok(s.q.Sign(s.ctx, s.minister, id, h))
}

// events are the bodies of one kind of event, with their tags in "tags".
func (s *stage) events(kind string) (bodies []map[string]any) {
	s.Helper()
	for _, e := range dbtest.Events(s.T, s.d.DB) {
		if e.Kind == kind {
			var body map[string]any
			s.ok(json.Unmarshal(e.Body, &body))
			body["subject"], body["by"], body["public"] = e.Subject, e.By, e.Public
			bodies = append(bodies, body)
		}
	}
	return bodies
}

// gate is what this room holds against the selection.
func (s *stage) gate() (missing []edition.Missing) {
	s.Helper()
	s.ok(s.d.DB.Read(s.ctx, func(tx *db.Tx) (err error) {
		ed, err := edition.Load(tx, s.id)
		if err == nil {
			missing, err = Gate(tx, ed, edition.Selected)
		}
		return err
	}))
	return missing
}
