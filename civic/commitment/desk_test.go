package commitment_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/civic/people"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/civic/report"
	"glosa/db"
	"glosa/db/dbtest"
)

var schemas = []db.Schema{edition.Schema(), people.Schema(), report.Schema(), question.Schema(), priority.Schema(), panel.Schema(), commitment.Schema()}

func seat(human glosa.HumanID, side glosa.Side, n int, roles ...glosa.Role) glosa.Actor {
	return glosa.Actor{Human: human, Side: side, Seat: n, Roles: roles}
}

var (
	facilitator = seat("h-facilitator", glosa.Civil, 1, glosa.Facilitator, glosa.Convenor)
	rapporteur  = seat("h-rapporteur", glosa.Civil, 2, glosa.Rapporteur)
	civil       = seat("h-civil", glosa.Civil, 3, glosa.Panelist)
	bothHats    = seat("h-gov", glosa.Civil, 4, glosa.Panelist) // the same human as gov
	gov         = owner("h-gov", 1, "SEQ")
	otherOffice = owner("h-sesa", 2, "SESA")
)

func owner(human glosa.HumanID, n int, key glosa.InstitutionKey) glosa.Actor {
	a := seat(human, glosa.Government, n, glosa.Signatory, glosa.Liaison)
	a.Institution = key
	return a
}

// house is three editions of one series: demo24 is documented, demo25 agreed on
// commitments, demo26 comes after it.
type house struct {
	*testing.T
	ctx       context.Context
	db        *db.DB
	clock     *glosa.FakeClock
	edition   *edition.Desk
	evaluator glosa.Actor
	*commitment.Desk
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatalf("%v", err)
	}
}

func (h *house) is(kind glosa.Kind, err error) {
	h.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		h.Fatalf("error %v, want %v", err, kind)
	}
}

func (h *house) sql(query string, args ...any) error {
	return h.db.Act(h.ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}

func each(t *testing.T, body func(h *house)) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		files, err := report.NewFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		h := &house{T: t, ctx: t.Context(), db: d, clock: clock, Desk: &commitment.Desk{DB: d, Files: files},
			edition: &edition.Desk{DB: d, Gates: []edition.Gate{commitment.Gate}, Dues: []edition.Due{commitment.Due()}}}
		desk := &people.Desk{DB: d}
		ref, err := people.ShippedReference("23")
		h.ok(err)
		h.ok(desk.Load(h.ctx, glosa.Admin(), ref))
		protocol, err := edition.Template("demo25")
		h.ok(err)
		for i, id := range []glosa.EditionID{"demo24", "demo25", "demo26"} {
			h.ok(h.edition.Found(h.ctx, facilitator, edition.Founding{ID: id, Series: "demo", Number: i + 1, Name: "Demostración",
				Code: strings.ToUpper(string(id)), Protocol: protocol, Session: clock.Now().AddDate(i-1, 0, 100), Synthetic: true}))
		}
		h.ok(h.sql(`update edition set documented = true where id = 'demo24'`))
		h.ok(h.sql(`update edition set stage = 'minutes_pending' where id in ('demo25', 'demo26')`))
		human, err := desk.Enrol(h.ctx, glosa.Admin())
		h.ok(err)
		h.evaluator = seat(human, glosa.Observatory, 1, glosa.Evaluator)
		h.ok(desk.Declare(h.ctx, h.evaluator, "demo25", people.NoInterest, ""))
		body(h)
	})
}

func (h *house) draft() commitment.Draft {
	now := h.clock.Now()
	return commitment.Draft{
		Wording: commitment.Wording{Title: "Padrón de escuelas con agua", Problem: "No se sabe cuáles no tienen.",
			Deliverable: "Un padrón público y descargable.", Indicator: "Escuelas con dato entre escuelas en total.",
			Starts: now.AddDate(0, 0, 5), Ends: now.AddDate(1, 0, 0), Budget: commitment.Budget{Declared: "none"}},
		Owners:     []commitment.Owner{{Side: glosa.Government, Institution: "SEQ", Part: commitment.Leads}, {Side: glosa.Civil, Institution: "CXT", Part: commitment.Leads}},
		Targets:    []commitment.Target{{Code: "6.1", Rationale: "El padrón dice dónde falta el agua potable."}},
		Milestones: []commitment.Step{{Title: "Levantamiento", Due: now.AddDate(0, 3, 0)}, {Title: "Publicación", Due: now.AddDate(0, 9, 0)}},
	}
}

// accepted is a commitment of demo25 that both sides accepted.
func (h *house) accepted() glosa.CommitmentID {
	h.Helper()
	id, err := h.Propose(h.ctx, rapporteur, "demo25", h.draft())
	h.ok(err)
	h.ok(h.Negotiate(h.ctx, civil, id))
	h.ok(h.Accept(h.ctx, gov, id, h.words(id)))
	h.ok(h.Accept(h.ctx, civil, id, h.words(id)))
	return id
}

// active is one whose first day has come.
func (h *house) active() glosa.CommitmentID {
	h.Helper()
	id := h.accepted()
	h.clock.Advance(6 * 24 * time.Hour)
	h.tick()
	return id
}

func (h *house) tick() {
	h.Helper()
	h.ok(h.db.Act(h.ctx, func(tx *db.Tx) error {
		for {
			n, err := commitment.Due().Run(tx, tx.Now, 10)
			if err != nil || n == 0 {
				return err
			}
		}
	}))
}

func (h *house) card(id glosa.CommitmentID) commitment.Card {
	h.Helper()
	c, err := h.Card(h.ctx, strings.ToLower(string(id)))
	h.ok(err)
	return c
}

// words is the digest of what anybody reads of it now.
func (h *house) words(id glosa.CommitmentID) glosa.Hash {
	h.Helper()
	d, err := h.card(id).Draft().Digest()
	h.ok(err)
	return d
}

func (h *house) state(id glosa.CommitmentID, want commitment.State) commitment.Card {
	h.Helper()
	c := h.card(id)
	if c.State != want {
		h.Fatalf("%s is %s, want %s", id, c.State, want)
	}
	return c
}

func TestGateStandsBeforeNegotiation(t *testing.T) {
	each(t, func(h *house) {
		id, err := h.Propose(h.ctx, rapporteur, "demo25", commitment.Draft{Wording: commitment.Wording{Title: "Una aspiración"}})
		h.ok(err)
		if c := h.card(id); len(c.Lacks) != 9 {
			h.Errorf("lacks %v", c.Lacks)
		}
		err = h.Negotiate(h.ctx, civil, id)
		h.is(glosa.Invalid, err)
		if n := len(err.(*glosa.Error).Fields); n != 9 {
			h.Errorf("%d fields named, want 9", n)
		}
		h.is(glosa.Conflict, h.Accept(h.ctx, gov, id, h.words(id)))
		h.ok(h.Revise(h.ctx, civil, id, h.draft()))
		h.ok(h.Negotiate(h.ctx, civil, id))
		h.state(id, commitment.Negotiated)
	})
}

func TestAccept(t *testing.T) {
	each(t, func(h *house) {
		id, err := h.Propose(h.ctx, rapporteur, "demo25", h.draft())
		h.ok(err)
		second, err := h.Propose(h.ctx, rapporteur, "demo25", h.draft())
		h.ok(err)
		if !strings.HasPrefix(string(id), "DEMO-") || !strings.HasSuffix(string(id), "-01") || !strings.HasSuffix(string(second), "-02") {
			h.Errorf("ids %s and %s", id, second)
		}
		h.ok(h.Negotiate(h.ctx, civil, id))
		h.ok(h.Accept(h.ctx, gov, id, h.words(id)))
		h.state(id, commitment.Negotiated)
		h.is(glosa.Conflict, h.Accept(h.ctx, gov, id, h.words(id)))
		h.is(glosa.Denied, h.Accept(h.ctx, bothHats, id, h.words(id))) // one human is not two sides

		h.ok(h.Revise(h.ctx, rapporteur, id, h.draft())) // whoever had agreed agrees anew
		h.ok(h.Negotiate(h.ctx, civil, id))
		h.ok(h.Accept(h.ctx, civil, id, h.words(id)))
		h.state(id, commitment.Negotiated)
		h.ok(h.Accept(h.ctx, gov, id, h.words(id)))
		c := h.state(id, commitment.Accepted)
		if len(c.Versions) != 1 || len(c.Versions[0].Signed) != 2 || c.Versions[0].InForce.IsZero() {
			h.Errorf("version %+v", c.Versions[0])
		}
		if digest, err := c.Versions[0].Wording.Digest(); err != nil || digest != c.Versions[0].Digest {
			h.Errorf("the wording does not give its digest (%v)", err)
		}
		h.is(glosa.Conflict, h.Revise(h.ctx, rapporteur, id, h.draft())) // frozen
		h.clock.Advance(6 * 24 * time.Hour)
		h.tick()
		h.state(id, commitment.Active)
	})
}

// TestDatabaseRefuses: what the desk refuses, the tables refuse too.
func TestDatabaseRefuses(t *testing.T) {
	each(t, func(h *house) {
		h.accepted()
		for name, query := range map[string]string{
			"OneHumanBothSides": `update commitment_version set gov_human = 'h', civil_human = 'h'`,
			"InForceUnagreed":   `update commitment_version set in_force = 1, gov_human = ''`,
			"TwoLeaders":        `insert into commitment_owner (commitment, side, institution, part) select id, 'government', 'SESA', 'leads' from commitment`,
			"AbandonedUnsaid":   `insert into commitment_fate (commitment, edition, outcome, reason, into_ids, by_actor, at) select id, 'demo26', 'abandoned', '', '', 'x', 1 from commitment`,
		} {
			if h.sql(query) == nil {
				h.Errorf("%s: the table let it pass", name)
			}
		}
	})
}

func TestAmendKeepsEveryWording(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		w := h.card(id).Current().Wording
		_, err := h.Amend(h.ctx, gov, id, "Sin cambio.", w)
		h.is(glosa.Invalid, err)
		w.Deliverable = "Un padrón público, descargable y bilingüe."
		n, err := h.Amend(h.ctx, gov, id, "Lo pidió la mesa.", w)
		h.ok(err)
		if c := h.card(id); c.Current().Number != 1 {
			h.Errorf("version %d in force with one side's yes", c.Current().Number)
		}
		h.is(glosa.Denied, h.AgreeAmendment(h.ctx, bothHats, id, n, h.words(id)))
		h.ok(h.AgreeAmendment(h.ctx, civil, id, n, h.words(id)))
		c := h.state(id, commitment.Active)
		if c.Current().Number != 2 || len(c.Drift) != 2 {
			h.Fatalf("version %d of %d", c.Current().Number, len(c.Drift))
		}
		var added string
		for _, s := range c.Drift[1].Words {
			if s.Op == panel.Added {
				added += s.Text
			}
		}
		if !strings.Contains(added, "bilingüe") || strings.Contains(added, "Padrón de escuelas") {
			h.Errorf("added words %q", added)
		}
	})
}

func TestTwoWordsSideBySide(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		h.is(glosa.Denied, h.Report(h.ctx, otherOffice, id, commitment.Update{Status: commitment.Limited, Text: "x"}))
		h.is(glosa.Invalid, h.Report(h.ctx, gov, id, commitment.Update{Status: commitment.Complete, Text: "Listo."})) // no evidence
		h.ok(h.Report(h.ctx, gov, id, commitment.Update{Status: commitment.Substantial, Percent: 60, Text: "Van seis de diez."}))
		if c := h.card(id); c.Computable || c.Government.Status != commitment.Substantial {
			h.Errorf("gap %d computable %v with one word", c.Gap, c.Computable)
		}
		e, err := h.Bring(h.ctx, gov, id, commitment.Brought{Title: "Padrón", File: strings.NewReader("escuela,agua\nuna,sí\n")})
		h.ok(err)
		if e.State != commitment.Integral || len(e.File) != 64 {
			h.Errorf("evidence %+v", e)
		}
		h.ok(h.Report(h.ctx, gov, id, commitment.Update{Status: commitment.Complete, Percent: 100, Text: "Listo."}))
		h.state(id, commitment.Claimed)
		h.ok(h.Review(h.ctx, h.evaluator, e.ID, commitment.Insufficient, "Falta la mitad de las escuelas."))

		a := commitment.Assessment{Status: commitment.Limited, Rationale: "Hay dato de la mitad.", Considered: []glosa.EvidenceID{e.ID}}
		stranger := h.evaluator
		stranger.Human = "h-undeclared"
		h.is(glosa.Denied, h.Assess(h.ctx, stranger, id, a))
		h.ok(h.Assess(h.ctx, h.evaluator, id, a))
		h.is(glosa.Conflict, h.Assess(h.ctx, h.evaluator, id, a)) // one at a time
		c := h.state(id, commitment.Claimed)
		if c.Observed.Said() || c.Assessments[0].Criterion == "" || !c.Assessments[0].FixedAt.Before(c.Assessments[0].At) {
			h.Error("a verdict takes effect only when the right of reply is over, against a criterion fixed before")
		}
		h.is(glosa.Closed, h.Conclude(h.ctx, h.evaluator, id, 1))
		h.is(glosa.Denied, h.Reply(h.ctx, otherOffice, id, 1, "No es así."))
		h.ok(h.Reply(h.ctx, gov, id, 1, "El resto se publica en mayo."))
		h.ok(h.Conclude(h.ctx, h.evaluator, id, 1))
		c = h.state(id, commitment.Disputed)
		if !c.Computable || c.Gap != 2 || c.Government.Status != commitment.Complete || c.Observed.Status != commitment.Limited {
			h.Errorf("gap %d of %s and %s", c.Gap, c.Government.Status, c.Observed.Status)
		}
		b, err := h.Board(h.ctx, commitment.Filter{Series: "demo", Owner: "SEQ", Goal: 6})
		h.ok(err)
		if len(b.Rows) != 1 || b.Gap != (commitment.GapTotal{Steps: 2, Computable: 1, Of: 1}) || b.Matrix[4][2] != 1 {
			h.Errorf("board %+v %v", b.Gap, b.Matrix)
		}
		if b, _ := h.Board(h.ctx, commitment.Filter{Owner: "SESA"}); len(b.Rows) != 0 {
			h.Error("a board of an office that owes nothing")
		}
	})
}

func TestRightOfReplyEndsByTheClock(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		h.ok(h.Assess(h.ctx, h.evaluator, id, commitment.Assessment{Status: commitment.NoEvidence, Rationale: "No hay nada publicado."}))
		until := h.card(id).Assessments[0].ReplyUntil
		if days := until.Sub(h.clock.Now()); days < 10*24*time.Hour || days > 11*24*time.Hour { // demo25 gives ten days
			h.Errorf("ten days end in %v", days)
		}
		h.clock.Set(until.Add(time.Second))
		h.tick()
		if c := h.state(id, commitment.Active); c.Observed.Status != commitment.NoEvidence {
			h.Errorf("the Observatory's word is %q", c.Observed.Status)
		}
		h.is(glosa.Closed, h.Reply(h.ctx, gov, id, 1, "Tarde."))
	})
}

func TestMilestonesAndStaleness(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		first := commitment.MilestoneIDOf(id, 1)
		h.is(glosa.Denied, h.Progress(h.ctx, otherOffice, first, commitment.InProgress))
		h.is(glosa.Invalid, h.Progress(h.ctx, gov, first, commitment.Checked)) // nobody verifies their own
		h.clock.Advance(100 * 24 * time.Hour)
		h.tick()
		c := h.card(id)
		if c.Milestones[0].Progress != commitment.Overdue || c.Milestones[1].Progress != commitment.Pending || c.StaleDays != 106 {
			h.Errorf("milestones %s, %s; stale %d", c.Milestones[0].Progress, c.Milestones[1].Progress, c.StaleDays)
		}
		h.ok(h.Progress(h.ctx, gov, first, commitment.Done))
		h.is(glosa.Invalid, h.Check(h.ctx, h.evaluator, first, false, ""))
		h.ok(h.Check(h.ctx, h.evaluator, first, false, "No está publicado."))
		h.tick()
		if p := h.card(id).Milestones[0].Progress; p != commitment.Overdue {
			h.Errorf("rejected after its day it is %s, want overdue", p)
		}
		h.ok(h.Progress(h.ctx, gov, first, commitment.Done))
		h.ok(h.Check(h.ctx, h.evaluator, first, true, ""))
		work, err := h.Evaluator(h.ctx, h.evaluator, "demo")
		h.ok(err)
		if len(work.Unassessed) != 1 || len(work.Milestones) != 0 {
			h.Errorf("work %+v", work)
		}
	})
}

func TestCitizensEvidenceWaitsForReview(t *testing.T) {
	each(t, func(h *house) {
		id := h.active()
		for name, b := range map[string]commitment.Brought{
			"Script": {Title: "x", URL: "javascript:alert(1)"}, "Nothing": {Title: "x"}, "Untitled": {URL: "https://example.mx/"},
			"AFile": {Title: "x", File: strings.NewReader("escuela,agua\nuna,no\n")}, // it may say who made it
		} {
			if _, err := h.Bring(h.ctx, glosa.Citizen(), id, b); err == nil || glosa.KindOf(err) != glosa.Invalid {
				h.Errorf("%s: %v", name, err)
			}
		}
		e, err := h.Bring(h.ctx, glosa.Citizen(), id, commitment.Brought{Title: "Mi escuela no tiene agua", URL: "https://example.mx/foto"})
		h.ok(err)
		if c := h.card(id); len(c.Evidence) != 0 || c.Unseen != 1 {
			h.Errorf("%d shown, %d waiting", len(c.Evidence), c.Unseen)
		}
		h.ok(h.Review(h.ctx, h.evaluator, e.ID, commitment.Admissible, "Coincide con la visita."))
		c := h.card(id)
		if len(c.Evidence) != 1 || c.Unseen != 0 {
			h.Errorf("%d shown after review", len(c.Evidence))
		} else if at := c.Evidence[0].At; !at.Equal(at.Truncate(time.Minute)) {
			h.Errorf("a citizen's time is told to %v", at)
		}
		for _, ev := range dbtest.Events(h, h.db) {
			if strings.Contains(string(ev.Body), "escuela") || strings.Contains(string(ev.Body), "example") {
				h.Errorf("%s carries a citizen's words: %s", ev.Kind, ev.Body)
			}
		}
	})
}

func TestDeniedToCitizens(t *testing.T) {
	each(t, func(h *house) {
		c := glosa.Citizen()
		_, propose := h.Propose(h.ctx, c, "demo25", h.draft())
		_, amend := h.Amend(h.ctx, c, "x", "r", commitment.Wording{})
		_, work := h.Evaluator(h.ctx, c, "demo")
		_, repeat := h.Repeat(h.ctx, c, nil)
		_, erasables := h.Erasables(h.ctx, c, "demo25")
		for name, err := range map[string]error{"Propose": propose, "Amend": amend, "Evaluator": work,
			"Revise": h.Revise(h.ctx, c, "x", h.draft()), "Negotiate": h.Negotiate(h.ctx, c, "x"), "Accept": h.Accept(h.ctx, c, "x", glosa.Hash{}),
			"Decline": h.Decline(h.ctx, c, "x", glosa.Hash{}, "r"), "Suspend": h.Suspend(h.ctx, c, "x", "r"), "Resume": h.Resume(h.ctx, c, "x", "r"),
			"AgreeAmendment": h.AgreeAmendment(h.ctx, c, "x", 2, glosa.Hash{}), "Report": h.Report(h.ctx, c, "x", commitment.Update{}),
			"Progress": h.Progress(h.ctx, c, "x", commitment.Done), "Check": h.Check(h.ctx, c, "x", true, ""),
			"Review": h.Review(h.ctx, c, "x", commitment.Admissible, "r"), "Assess": h.Assess(h.ctx, c, "x", commitment.Assessment{}),
			"Reply": h.Reply(h.ctx, c, "x", 1, "r"), "Conclude": h.Conclude(h.ctx, c, "x", 1), "Link": h.Link(h.ctx, c, commitment.Link{}),
			"Erase": h.Erase(h.ctx, c, "x", "illegal", "court_order"), "Repeat": repeat, "Erasables": erasables,
			"Dispose": h.Dispose(h.ctx, c, commitment.Disposition{}), "Document": h.Document(h.ctx, c, account())} {
			if err == nil || glosa.KindOf(err) != glosa.Denied {
				h.Errorf("%s: %v", name, err)
			}
		}
	})
}
