package panel_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/db"
	"glosa/db/dbtest"
)

const (
	ed   glosa.EditionID = "demo26"
	mesa glosa.MesaID    = "demo26-m1"
)

var schemas = []db.Schema{edition.Schema(), people.Schema(), question.Schema(), priority.Schema(), panel.Schema()}

func seat(human glosa.HumanID, side glosa.Side, n int, roles ...glosa.Role) glosa.Actor {
	return glosa.Actor{Human: human, Side: side, Seat: n, Roles: roles}
}

var (
	facilitator = seat("h-facilitator", glosa.Civil, 1, glosa.Facilitator)
	moderator   = seat("h-moderator", glosa.Civil, 2, glosa.Moderator)
	selector    = seat("h-selector", glosa.Observatory, 1, glosa.Selector)
	chair       = seat("h-chair", glosa.Civil, 3, glosa.Chair)
	clerk       = seat("h-clerk", glosa.Government, 1, glosa.Clerk)
	rapporteur  = seat("h-rapporteur", glosa.Civil, 4, glosa.Rapporteur)
	signGov     = seat("h-gov", glosa.Government, 2, glosa.Signatory)
	signCivil   = seat("h-civil", glosa.Civil, 5, glosa.Panelist)
	bothHats    = seat("h-gov", glosa.Civil, 5, glosa.Panelist) // the same human, on the other side
	minister    = panel.Chair{Side: glosa.Government, Seat: 2}
	panelist    = panel.Chair{Side: glosa.Civil, Seat: 5}
)

type keys struct{}

func (keys) EditionKey(id glosa.EditionID) ([32]byte, error) { return sha256.Sum256([]byte(id)), nil }
func (keys) Destroy(glosa.EditionID) error                   { return nil }

// hall is a house with an edition in its session, and the cast.
type hall struct {
	*testing.T
	ctx      context.Context
	db       *db.DB
	clock    *glosa.FakeClock
	edition  *edition.Desk
	question *question.Desk
	voter    *voter.Desk
	priority *priority.Desk
	people   *people.Desk
	asked    []glosa.QuestionID
	*panel.Desk
}

func (h *hall) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatalf("%v", err)
	}
}

func (h *hall) is(kind glosa.Kind, err error) {
	h.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		h.Fatalf("error %v, want %v", err, kind)
	}
}

func newHall(t *testing.T, d *db.DB, clock *glosa.FakeClock) *hall {
	promise := func(kind glosa.Code, commit glosa.Hash, at time.Time) ([]byte, time.Time, error) {
		return []byte(commit.String()), at.Add(time.Hour), nil
	}
	h := &hall{T: t, ctx: t.Context(), db: d, clock: clock, Desk: &panel.Desk{DB: d}, people: &people.Desk{DB: d},
		edition:  &edition.Desk{DB: d, Gates: []edition.Gate{panel.Gate}, Dues: []edition.Due{panel.Due()}},
		question: &question.Desk{DB: d, Promise: promise, Safe: people.NewSafe([32]byte{1})},
		voter:    &voter.Desk{Keys: keys{}},
		priority: &priority.Desk{DB: d, Keys: keys{}, Promise: promise, Software: "glosa-test"}}
	ref, err := people.ShippedReference("23")
	h.ok(err)
	h.ok(h.people.Load(h.ctx, glosa.Admin(), ref))
	protocol, err := edition.Template("demo26")
	h.ok(err)
	h.ok(h.edition.Found(h.ctx, facilitator, edition.Founding{ID: ed, Series: "demo", Number: 2, Name: "Demostración 2026",
		Code: "DEMO26", Protocol: protocol, Session: clock.Now().AddDate(0, 0, 90), Synthetic: true}))
	return h
}

func (h *hall) plan() edition.Plan {
	h.Helper()
	e, err := h.edition.Get(h.ctx, ed)
	h.ok(err)
	return e.Plan
}

func (h *hall) at(when time.Time) {
	h.Helper()
	h.clock.Set(when)
	_, err := h.edition.Tick(h.ctx)
	h.ok(err)
}

// stands puts the edition in a stage without its gates: they have tests of their own.
func (h *hall) stands(stage edition.Stage) {
	h.Helper()
	h.ok(h.db.Act(h.ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`update edition set stage = $1 where id = $2`, stage, ed)
		return err
	}))
}

// agenda asks n questions, supports them and lets the rule choose.
func (h *hall) agenda(n int) {
	h.Helper()
	h.stands(edition.Called)
	_, err := h.priority.Freeze(h.ctx, facilitator, ed)
	h.ok(err)
	h.stands(edition.IntakeOpen)
	h.clock.Set(h.plan().On(edition.IntakeOpen).Add(time.Minute))
	for i := range n {
		rc, err := h.question.Submit(h.ctx, glosa.Citizen(), ed, question.Ask{Text: fmt.Sprintf("¿Pregunta de prueba %d?", i), Municipality: "23005"})
		h.ok(err)
		h.ok(h.question.Admit(h.ctx, moderator, rc.ID))
		token, err := h.voter.NewDevice()
		h.ok(err)
		device, err := h.voter.DeviceOf(token)
		h.ok(err)
		_, err = h.priority.Support(h.ctx, glosa.Citizen(), device, rc.ID, [16]byte{})
		h.ok(err)
	}
	h.stands(edition.IntakeClosed)
	e, err := h.edition.Get(h.ctx, ed)
	h.ok(err)
	h.clock.Set(e.SupportCloses().Add(time.Hour))
	a, err := h.priority.Select(h.ctx, selector, ed)
	h.ok(err)
	for _, p := range a.Chosen {
		h.asked = append(h.asked, p.Question)
	}
	if len(h.asked) != n {
		h.Fatalf("%d questions chosen, want %d", len(h.asked), n)
	}
	h.stands(edition.InPreparation)
}

// session sets one mesa with two chairs and all questions, and opens it.
func (h *hall) session(n int) {
	h.Helper()
	h.agenda(n)
	_, err := h.SetMesa(h.ctx, facilitator, ed, 1, "Planeación", 60)
	h.ok(err)
	for _, s := range []people.Seat{
		{Edition: ed, Side: glosa.Government, Number: 2, Roles: []glosa.Role{glosa.Signatory}, Sector: "executive", Delegable: false},
		{Edition: ed, Side: glosa.Civil, Number: 5, Roles: []glosa.Role{glosa.Panelist}, Sector: "cso", Delegable: true}} {
		_, err := h.people.Seat(h.ctx, glosa.Admin(), s)
		h.ok(err)
	}
	h.ok(h.Seat(h.ctx, facilitator, mesa, minister, panel.Answers))
	h.ok(h.Seat(h.ctx, facilitator, mesa, panelist, panel.Speaks))
	h.ok(h.SetOrder(h.ctx, facilitator, mesa, h.asked))
	h.stands(edition.InSession)
	h.ok(h.Arrive(h.ctx, clerk, mesa, minister, false, ""))
	h.ok(h.Arrive(h.ctx, clerk, mesa, panelist, false, ""))
	h.ok(h.Open(h.ctx, chair, mesa, "https://video.example/sesion"))
}

func (h *hall) turn(kind panel.Kind, who panel.Chair, q glosa.QuestionID, length time.Duration) {
	h.Helper()
	h.ok(h.StartTurn(h.ctx, chair, mesa, panel.Beat{}, kind, who, q))
	h.clock.Advance(length)
	h.ok(h.EndTurn(h.ctx, clerk, mesa, panel.Beat{}))
}

func (h *hall) day() panel.Day {
	h.Helper()
	day, err := h.Session(h.ctx, mesa)
	h.ok(err)
	return day
}

func (h *hall) kinds() map[string]int {
	h.Helper()
	count := map[string]int{}
	for _, e := range dbtest.Events(h, h.db) {
		count[e.Kind]++
	}
	return count
}

func each(t *testing.T, body func(h *hall)) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) { body(newHall(t, d, clock)) })
}

func TestSession(t *testing.T) {
	each(t, func(h *hall) {
		h.session(3)
		a, b, c := h.asked[0], h.asked[1], h.asked[2]
		h.turn(panel.Opening, panelist, "", time.Minute)
		h.turn(panel.Question, panelist, a, 90*time.Second)
		h.is(glosa.Conflict, h.End(h.ctx, chair, mesa, panel.Beat{})) // nothing was answered
		h.turn(panel.Answer, minister, a, 3*time.Minute)
		if day := h.day(); day.Now == nil || day.Now.Question != a || day.Now.Second != 150 || len(day.Next) != 2 {
			h.Fatalf("now %+v, next %d", day.Now, len(day.Next))
		}
		if n := h.kinds()["question.answered_oral"]; n != 0 {
			h.Fatal("an answer that may still be undone is public already")
		}

		h.turn(panel.Question, panelist, b, time.Minute) // the first question settles
		if n := h.kinds()["panel.item_settled"]; n != 1 {
			h.Fatalf("%d questions settled, want 1", n)
		}
		h.is(glosa.Conflict, h.StartTurn(h.ctx, chair, mesa, panel.Beat{}, panel.Answer, minister, a)) // settled
		h.is(glosa.Conflict, h.StartTurn(h.ctx, chair, mesa, panel.Beat{}, panel.Question, panelist, c))
		h.ok(h.HandOff(h.ctx, clerk, mesa, panel.Beat{}, b, "needs_data"))
		h.is(glosa.Conflict, h.End(h.ctx, chair, mesa, panel.Beat{})) // c has no outcome
		h.is(glosa.Invalid, h.HandOff(h.ctx, clerk, mesa, panel.Beat{}, c, "boring"))
		h.ok(h.HandOff(h.ctx, clerk, mesa, panel.Beat{}, c, "no_time"))
		h.ok(h.End(h.ctx, chair, mesa, panel.Beat{}))

		said, err := h.Spoken(h.ctx, a)
		h.ok(err)
		if len(said) != 1 || said[0].Outcome != panel.Answered || said[0].Second != 150 || !said[0].Settled {
			h.Errorf("a: %+v", said)
		}
		k := h.kinds()
		if k["panel.item_settled"] != 3 || k["question.asked"] != 2 || k["question.to_writing"] != 2 {
			h.Errorf("events: %v", k)
		}
		h.is(glosa.Conflict, h.Undo(h.ctx, chair, mesa, panel.Beat{}))
	})
}

func TestUndo(t *testing.T) {
	each(t, func(h *hall) {
		h.session(2)
		a := h.asked[0]
		h.turn(panel.Question, panelist, a, time.Minute)
		h.turn(panel.Answer, minister, a, time.Minute)
		h.ok(h.Jot(h.ctx, clerk, panel.Beat{}, panel.Note{Mesa: mesa, Question: a, Agreement: true, Text: "Publicar el padrón."}))
		before := h.day()
		if len(before.Notes) != 1 || before.Undo != 5 {
			h.Fatalf("%d notes, %d acts to undo", len(before.Notes), before.Undo)
		}
		h.ok(h.Undo(h.ctx, chair, mesa, panel.Beat{})) // the note
		h.ok(h.Undo(h.ctx, chair, mesa, panel.Beat{})) // the end of the answer
		if day := h.day(); day.Turn == nil || day.Now.Outcome != panel.Asking || len(day.Notes) != 0 {
			h.Fatalf("turn %v, now %+v", day.Turn, day.Now)
		}
		for range 3 {
			h.ok(h.Undo(h.ctx, chair, mesa, panel.Beat{}))
		}
		if day := h.day(); day.Now != nil || len(day.Turns) != 0 {
			h.Errorf("now %+v, %d turns: nothing should have happened", day.Now, len(day.Turns))
		}
		h.is(glosa.Conflict, h.Undo(h.ctx, chair, mesa, panel.Beat{}))
	})
}

func TestTwoConsoles(t *testing.T) {
	each(t, func(h *hall) {
		h.session(1)
		seen := h.day().Mesa.Acts
		h.ok(h.StartTurn(h.ctx, chair, mesa, panel.Beat{Seen: seen}, panel.Question, panelist, h.asked[0]))
		h.is(glosa.Conflict, h.EndTurn(h.ctx, clerk, mesa, panel.Beat{Seen: seen}))
		h.ok(h.EndTurn(h.ctx, clerk, mesa, panel.Beat{Seen: seen + 1}))
	})
}

func TestOfflineActsKeepTheirTime(t *testing.T) {
	each(t, func(h *hall) {
		h.session(1)
		opened := h.day().Mesa.Opened
		h.clock.Advance(10 * time.Minute)
		h.is(glosa.Invalid, h.StartTurn(h.ctx, chair, mesa, panel.Beat{At: h.clock.Now().Add(time.Second)}, panel.Question, panelist, h.asked[0]))
		h.ok(h.StartTurn(h.ctx, chair, mesa, panel.Beat{At: opened.Add(30 * time.Second)}, panel.Question, panelist, h.asked[0]))
		if turn := h.day().Turn; turn.Second != 30 || !turn.Started.Equal(opened.Add(30*time.Second)) {
			h.Errorf("turn at second %d, %v", turn.Second, turn.Started)
		}
	})
}

func TestAttendance(t *testing.T) {
	each(t, func(h *hall) {
		h.session(1)
		h.ok(h.Leave(h.ctx, clerk, mesa, minister))
		h.is(glosa.Invalid, h.StartTurn(h.ctx, chair, mesa, panel.Beat{}, panel.Question, minister, h.asked[0]))
		h.is(glosa.Denied, h.Arrive(h.ctx, clerk, mesa, minister, true, "Oficio 12/2026")) // may not be delegated
		h.ok(h.Leave(h.ctx, clerk, mesa, panelist))
		h.ok(h.Arrive(h.ctx, clerk, mesa, panelist, true, "Oficio 13/2026"))
		h.is(glosa.Denied, h.Arrive(h.ctx, chair, mesa, minister, false, ""))

		h.ok(h.Say(h.ctx, signGov, mesa, panel.Disputed, "No salí de la mesa."))
		h.is(glosa.Invalid, h.Say(h.ctx, signGov, mesa, panel.Confirmed, "con motivo"))
		other := seat("h-other", glosa.Civil, 9, glosa.Panelist)
		h.is(glosa.NotFound, h.Say(h.ctx, other, mesa, panel.Confirmed, ""))
		var found bool
		for _, p := range h.day().Places {
			if p.Chair == minister {
				found = p.Word == panel.Disputed && p.Objection != ""
			}
		}
		if !found {
			h.Error("the objection is not kept")
		}
		h.ok(h.Arrive(h.ctx, clerk, mesa, minister, false, ""))
		for _, p := range h.day().Places {
			if p.Chair == minister && p.Word != panel.Unsaid {
				h.Error("a word about an older record stands beside a newer one")
			}
		}
	})
}

func text(body string) panel.Text {
	return panel.Text{Body: body, Agreements: []panel.Agreement{{Mesa: mesa, Text: "Publicar el padrón antes de junio."}},
		Disagreements: []panel.Disagreement{{Mesa: mesa, Subject: "El presupuesto", Government: "Basta con lo aprobado.", Civil: "Falta un millón."}}}
}

// minutes leads a hall to minutes whose comments have closed.
func (h *hall) minutes() glosa.MinutesID {
	h.Helper()
	h.stands(edition.MinutesPending)
	h.ok(h.Draft(h.ctx, rapporteur, ed, text("La sesión se celebró.")))
	id := panel.MinutesIDOf(ed)
	h.ok(h.Circulate(h.ctx, rapporteur, id))
	h.ok(h.Remark(h.ctx, signCivil, id, "Falta la hora de inicio."))
	h.ok(h.Draft(h.ctx, rapporteur, ed, text("La sesión se celebró a las diez.")))
	err := h.Sign(h.ctx, signGov, id, 2)
	h.is(glosa.Closed, err)
	until := err.(*glosa.Error).Until
	h.clock.Set(until.Add(time.Second))
	return id
}

func TestMinutes(t *testing.T) {
	each(t, func(h *hall) {
		id := h.minutes()
		h.is(glosa.Closed, h.Remark(h.ctx, signCivil, id, "Tarde."))
		h.is(glosa.Conflict, h.Sign(h.ctx, signGov, id, 1)) // not what the last version says
		h.ok(h.Sign(h.ctx, signGov, id, 2))
		h.is(glosa.Conflict, h.Sign(h.ctx, signGov, id, 2))
		h.is(glosa.Denied, h.Sign(h.ctx, bothHats, id, 2)) // the same human on both sides
		m, err := h.Minutes(h.ctx, ed)
		h.ok(err)
		if _, ok := m.InForce(); ok || len(m.Last().Lacks()) != 1 {
			h.Fatal("published with one signature")
		}
		h.ok(h.Sign(h.ctx, signCivil, id, 2))
		h.is(glosa.Conflict, h.Draft(h.ctx, rapporteur, ed, text("Otra cosa.")))

		fixed := text("La sesión se celebró a las once.")
		h.is(glosa.Invalid, h.Rectify(h.ctx, rapporteur, id, " ", fixed))
		h.ok(h.Rectify(h.ctx, rapporteur, id, "La hora era otra.", fixed))
		h.is(glosa.Conflict, h.Sign(h.ctx, signGov, id, 3)) // an annex has an act of its own
		h.ok(h.SignAnnex(h.ctx, signCivil, id, 3))
		m, err = h.Minutes(h.ctx, ed)
		h.ok(err)
		if v, _ := m.InForce(); v.Number != 2 {
			h.Fatalf("version %d in force while the annex lacks a signature", v.Number)
		}
		h.ok(h.SignAnnex(h.ctx, signGov, id, 3))
		m, err = h.Minutes(h.ctx, ed)
		h.ok(err)
		if v, _ := m.InForce(); v.Number != 3 || len(m.Versions) != 3 || len(m.Comments) != 1 {
			h.Fatalf("version %d of %d in force", v.Number, len(m.Versions))
		}
		spans, ok := m.Compare(2, 3)
		if !ok || len(spans) != 4 || strings.TrimSpace(spans[2].Text) != "once." {
			h.Errorf("difference %v", spans)
		}
		for _, v := range m.Versions {
			if digest, err := v.Text.Digest(); err != nil || digest != v.Digest {
				h.Errorf("version %d: its text does not give its digest (%v)", v.Number, err)
			}
		}
	})
}

// TestTwoHumansInTheDatabase: what the desk refuses, the table refuses too.
func TestTwoHumansInTheDatabase(t *testing.T) {
	each(t, func(h *hall) {
		h.minutes()
		for name, query := range map[string]string{
			"OneHumanBothSides": `update panel_version set gov_human = 'h', gov_by = 'a', civil_human = 'h', civil_by = 'b' where number = 2`,
			"PublishedUnsigned": `update panel_version set published = 1 where number = 2`,
		} {
			err := h.db.Act(h.ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(query)
				return err
			})
			if err == nil {
				h.Errorf("%s: the table let it pass", name)
			}
		}
	})
}

func TestCommentsCloseByTheClock(t *testing.T) {
	each(t, func(h *hall) {
		h.minutes()
		h.at(h.clock.Now())
		m, err := h.Minutes(h.ctx, ed)
		h.ok(err)
		if m.Stage != panel.ToSign || h.kinds()["panel.minutes_to_sign"] != 1 {
			h.Errorf("stage %s", m.Stage)
		}
	})
}

func TestGates(t *testing.T) {
	each(t, func(h *hall) {
		missing := func(to edition.Stage) (keys []string) {
			h.Helper()
			h.ok(h.db.Read(h.ctx, func(tx *db.Tx) error {
				e, err := edition.Load(tx, ed)
				if err != nil {
					return err
				}
				list, err := panel.Gate(tx, e, to)
				keys = nil
				for _, m := range list {
					keys = append(keys, m.Key)
				}
				return err
			}))
			return keys
		}
		want := func(to edition.Stage, keys ...string) {
			h.Helper()
			if got := strings.Join(missing(to), " "); got != strings.Join(keys, " ") {
				h.Errorf("to %s missing %q, want %q", to, got, keys)
			}
		}
		want(edition.InSession, "pa.need.mesas")
		want(edition.Agreed, "pa.need.minutes")
		h.session(1)
		want(edition.InSession)
		want(edition.MinutesPending, "pa.need.outcome")
		h.ok(h.HandOff(h.ctx, clerk, mesa, panel.Beat{}, h.asked[0], "absent"))
		want(edition.MinutesPending, "pa.need.end")
		h.ok(h.End(h.ctx, chair, mesa, panel.Beat{}))
		want(edition.MinutesPending)
		id := h.minutes()
		want(edition.Agreed, "pa.need.sign.government", "pa.need.sign.civil")
		h.ok(h.Sign(h.ctx, signCivil, id, 2))
		want(edition.Agreed, "pa.need.sign.government")
		h.ok(h.Sign(h.ctx, signGov, id, 2))
		want(edition.Agreed)
	})
}

// TestDenied: whoever may.txt does not name is refused before anything is read.
func TestDenied(t *testing.T) {
	each(t, func(h *hall) {
		citizen := glosa.Citizen()
		_, err := h.SetMesa(h.ctx, citizen, ed, 1, "Planeación", 60)
		for name, err := range map[string]error{
			"SetMesa": err, "Seat": h.Seat(h.ctx, citizen, mesa, minister, panel.Answers), "Open": h.Open(h.ctx, citizen, mesa, ""),
			"SetOrder": h.SetOrder(h.ctx, citizen, mesa, nil), "Undo": h.Undo(h.ctx, citizen, mesa, panel.Beat{}),
			"Draft": h.Draft(h.ctx, citizen, ed, text("x")), "Sign": h.Sign(h.ctx, citizen, "x", 1),
			"SignAnnex": h.SignAnnex(h.ctx, citizen, "x", 1), "Rectify": h.Rectify(h.ctx, citizen, "x", "y", text("x")),
			"End": h.End(h.ctx, citizen, mesa, panel.Beat{}), "Say": h.Say(h.ctx, citizen, mesa, panel.Confirmed, ""),
		} {
			if glosa.KindOf(err) != glosa.Denied || err == nil {
				h.Errorf("%s: %v", name, err)
			}
		}
	})
}
