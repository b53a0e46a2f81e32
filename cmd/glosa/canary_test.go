package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/civic/people/notice"
	"glosa/civic/people/portrait"
	"glosa/civic/people/rights"
	"glosa/civic/people/voter"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/db/dbtest"
	"glosa/site"
)

// A trace is where this house keeps words of a person. leave is the act that
// leaves "canari" and the trace's name there, which nothing else says. A new
// place where words are kept is a line of [traces].
type trace struct {
	name   string
	plain  bool // they lie open in the database until they are erased
	public bool // a page shows them
	leave  func(c *someone, words string)
}

// traces are all places where words of people are kept.
var traces = []trace{
	{"texto", true, true, func(c *someone, words string) {
		c.admitted(question.Ask{Text: "¿Quién paga la medicina de mi hermana " + words + "?"})
	}},
	{"contexto", true, true, func(c *someone, words string) {
		c.admitted(question.Ask{Text: "¿Quién barre aquí?", Context: "Vive en la calle " + words + "."})
	}},
	{"nombre", false, true, func(c *someone, words string) {
		c.admitted(question.Ask{Text: "¿Quién poda los árboles?", NamePolicy: question.Named, Name: "Persona " + words})
		c.clock.Advance(25 * time.Hour) // it is shown from now on
	}},
	{"enmendado", true, false, func(c *someone, words string) {
		rc := c.asked(question.Ask{Text: "¿Quién mandó a " + words + "?"})
		c.ok(c.s.Question.AskEdit(c.t.Context(), c.civil, rc.ID, question.EditReasons()[0]))
		_, err := c.s.Question.Edit(c.t.Context(), glosa.Citizen(), rc.ID, question.Proof{Key: rc.Key}, "¿Quién lo mandó?", "", [16]byte{})
		c.ok(err)
		c.ok(c.s.Question.Admit(c.t.Context(), c.civil, rc.ID))
	}},
	{"rechazado", true, false, func(c *someone, words string) {
		rc := c.asked(question.Ask{Text: "¿Quién vota por " + words + "?"})
		c.ok(c.s.Question.Refuse(c.t.Context(), c.civil, rc.ID, "propaganda", ""))
		c.ok(c.s.Question.Refuse(c.t.Context(), c.government, rc.ID, "propaganda", ""))
	}},
	{"espera", true, false, func(c *someone, words string) { c.asked(question.Ask{Text: "¿Quién espera a " + words + "?"}) }},
	{"traducido", true, true, func(c *someone, words string) {
		rc := c.asked(question.Ask{Text: "Ba'ax k'iin ku je'ebel?", Language: "yua"})
		c.ok(c.s.Question.Translate(c.t.Context(), c.translator, rc.ID, 1, "¿Cuándo abre "+words+"?", "", false))
		c.ok(c.s.Question.Admit(c.t.Context(), c.civil, rc.ID))
	}},
	{"documento", false, false, func(c *someone, words string) {
		rc := c.admitted(question.Ask{Text: "¿Quién firmó este oficio?", File: []byte("%PDF-1.4\n" + words + "\n%%EOF\n")})
		if held := c.copied(rc, ""); len(held.Files) != 1 || len(held.Texts) != 1 {
			c.t.Errorf("the copy of what is held: %+v", held)
		}
	}},
	{"voz", false, true, func(c *someone, words string) {
		c.admitted(question.Ask{Text: "¿Quién contesta este audio?", File: []byte("OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead" + words), FileShown: true})
	}},
	{"transcrito", true, true, func(c *someone, words string) {
		rc := c.asked(question.Ask{File: []byte("OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead")})
		c.ok(c.s.Question.Transcribe(c.t.Context(), c.civil, rc.ID, "¿Dónde está "+words+"?"))
		c.ok(c.s.Question.Admit(c.t.Context(), c.civil, rc.ID))
	}},
	{"tachado", false, false, func(c *someone, words string) {
		rc := c.admitted(question.Ask{Text: "¿Qué dijo " + words + " del agua?"})
		c.strikes(rc.ID, words)
	}},
	{"unido", true, true, func(c *someone, words string) {
		one, two := c.admitted(question.Ask{Text: "¿Hay pediatra de noche?"}), c.admitted(question.Ask{Text: "¿Hay pediatra con " + words + "?"})
		_, err := c.s.Question.ProposeMerge(c.t.Context(), c.civil, one.ID, two.ID, one.ID)
		c.ok(err)
		for _, rc := range []question.Receipt{one, two} {
			c.ok(c.s.Question.ConsentMerge(c.t.Context(), glosa.Citizen(), rc.ID, question.Proof{Key: rc.Key}))
		}
	}},
	{"seguimiento", true, true, func(c *someone, words string) {
		rc := c.routed("¿Cuándo llega el pediatra?")
		c.answers(rc.ID, "Llega el lunes.")
		more, err := c.s.Question.FollowUp(c.t.Context(), glosa.Citizen(), rc.ID, question.Proof{Key: rc.Key}, "¿Cuál lunes, "+words+"?", "", [16]byte{})
		c.ok(err)
		more.Key = rc.Key
		c.receipts = append(c.receipts, more)
		c.ok(c.s.Question.Admit(c.t.Context(), c.civil, more.ID))
		if held := c.copied(rc, ""); held.FollowedBy == nil || !strings.Contains(held.FollowedBy.Texts[0].Words.Text, words) {
			c.t.Errorf("the copy of what is held: %+v", held)
		}
	}},
	{"borrador", true, false, func(c *someone, words string) {
		rc := c.routed("¿Cuántas camas hay?")
		c.ok(c.s.Question.Draft(c.t.Context(), c.liaison, rc.ID, question.Answer{Kind: question.Said, Short: "Dice usted: " + words + "."}))
	}},
	{"devuelto", true, false, func(c *someone, words string) {
		rc := c.routed("¿Cuántas sillas hay?")
		c.ok(c.s.Question.Draft(c.t.Context(), c.liaison, rc.ID, question.Answer{Kind: question.Said, Short: "Hay diez."}))
		c.ok(c.s.Question.SendToSign(c.t.Context(), c.liaison, rc.ID))
		c.ok(c.s.Question.Return(c.t.Context(), c.minister, rc.ID, "Falta contestar lo de "+words+"."))
	}},
	{"papel", true, true, func(c *someone, words string) { c.paper("¿Quién cuida a "+words+"?", true) }},
	{"archivo", true, false, func(c *someone, words string) { c.paper("¿Quién vio a "+words+"?", false) }}, // goes with the other of its desk
	{"aviso", false, false, func(c *someone, words string) {
		rc := c.admitted(question.Ask{Text: "¿Quién avisa?"})
		box, err := notice.Address(words + "@example.org")
		c.ok(err)
		thing := notice.Thing{Sort: notice.Question, ID: string(rc.ID)}
		c.ok(c.s.Notice.Subscribe(c.t.Context(), glosa.Citizen(), notice.Wish{Thing: thing, Address: box, Language: "es", Pace: notice.Daily}))
		for _, e := range dbtest.Events(c.t, c.s.DB) {
			if e.Kind == notice.Asked {
				_, err := c.s.Notice.Confirm(c.t.Context(), glosa.Citizen(), c.s.Notice.Key.Seal(notice.Confirming, e.Subject))
				c.ok(err)
			}
		}
		c.clock.Advance(time.Minute)
		c.ok(c.s.Question.Route(c.t.Context(), c.civil, rc.ID, "SESA", "salud")) // a digest begins to be written
	}},
	{"buzon", false, false, func(c *someone, words string) { // the mail is not sent: the letter waits for its ten minutes
		box, err := people.Mailbox(words + "@example.org")
		c.ok(err)
		_, err = c.s.Voter.SendCode(c.t.Context(), glosa.Citizen(), voter.Showing{Mailbox: box, Language: "es", Edition: ed, Caller: "n"})
		c.ok(err)
	}},
	{"solicitud", false, false, func(c *someone, words string) {
		c.copied(c.admitted(question.Ask{Text: "¿Quién guarda mis datos?"}), words)
	}},
	{"retrato", false, false, func(c *someone, _ string) { // there is no box for words
		c.ok(c.s.Portrait.Answer(c.t.Context(), glosa.Citizen(), ed, c.s.Portrait.Permit(ed), portrait.Answer{Sex: "woman", Municipality: "23005"}))
	}},
}

const ed = glosa.EditionID("demo26")

// someone is a person who leaves words in every place of a house, and those who
// work there.
type someone struct {
	t     *testing.T
	s     *site.Site
	clock *glosa.FakeClock
	desk  intake.DeskID // of paper; "" until there is one

	receipts []question.Receipt // of every question they asked

	civil, government, translator, liaison, minister, facilitator glosa.Actor
}

func (c *someone) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// inhabit puts a house together with an edition whose intake is open.
func inhabit(t *testing.T, s *site.Site, clock *glosa.FakeClock) *someone {
	t.Helper()
	c := &someone{t: t, s: s, clock: clock, facilitator: editiontest.Facilitator()}
	moderator := func(side glosa.Side, n int) glosa.Actor {
		return glosa.Actor{Human: glosa.HumanID(fmt.Sprint("h-", side)), Side: side, Seat: n, Edition: ed, Roles: []glosa.Role{glosa.Moderator, glosa.Convenor}}
	}
	c.civil, c.government = moderator(glosa.Civil, 2), moderator(glosa.Government, 1)
	office := func(human glosa.HumanID, post glosa.PostKey, role glosa.Role) glosa.Actor {
		return glosa.Actor{Human: human, Post: post, Institution: "SESA", Side: glosa.Government, Roles: []glosa.Role{role}}
	}
	ref, err := people.ShippedReference("23")
	c.ok(err)
	c.ok(s.People.Load(t.Context(), glosa.Admin(), ref))
	human, err := s.People.Enrol(t.Context(), glosa.Admin())
	c.ok(err)
	_, err = s.People.Grant(t.Context(), glosa.Admin(), people.Tenure{Post: "sesa-titular", Human: human, From: "2026-01-01",
		Document: people.Document{Digest: glosa.Digest([]byte("x")), Title: "Nombramiento"}})
	c.ok(err)
	c.translator, c.liaison, c.minister = office("h-t", "sesa-traduccion", glosa.Translator), office("h-l", "sesa-enlace", glosa.Liaison), office(human, "sesa-titular", glosa.Signatory)
	walker := &edition.Desk{DB: s.DB}
	f := editiontest.Founding(ed, clock.Now())
	f.Protocol = bytes.Replace(f.Protocol, []byte("counting_doors: [device, code]"), []byte("counting_doors: [device, contact]"), 1)
	c.ok(walker.Found(t.Context(), c.facilitator, f))
	editiontest.Walk(t, walker, clock, ed, edition.ReportPublished)
	_, err = s.Priority.Freeze(t.Context(), c.facilitator, ed)
	c.ok(err)
	editiontest.Walk(t, walker, clock, ed, edition.IntakeOpen)
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil} {
		key, err := question.NewSealPrivate()
		c.ok(err)
		for _, by := range []glosa.Actor{c.government, c.civil} {
			c.ok(s.Question.EnrolKey(t.Context(), by, ed, side, key.Public().String()))
		}
	}
	return c
}

func (c *someone) asked(a question.Ask) question.Receipt {
	c.t.Helper()
	a.Municipality = "23005"
	rc, err := c.s.Question.Submit(c.t.Context(), glosa.Citizen(), ed, a)
	c.ok(err)
	c.receipts = append(c.receipts, rc)
	return rc
}

func (c *someone) admitted(a question.Ask) question.Receipt {
	c.t.Helper()
	rc := c.asked(a)
	c.ok(c.s.Question.Admit(c.t.Context(), c.civil, rc.ID))
	return rc
}

func (c *someone) routed(text string) question.Receipt {
	c.t.Helper()
	rc := c.admitted(question.Ask{Text: text})
	c.ok(c.s.Question.Route(c.t.Context(), c.civil, rc.ID, "SESA", "salud"))
	return rc
}

func (c *someone) answers(id glosa.QuestionID, short string) {
	c.t.Helper()
	a := question.Answer{Kind: question.Said, Short: short}
	c.ok(c.s.Question.Draft(c.t.Context(), c.liaison, id, a))
	c.ok(c.s.Question.SendToSign(c.t.Context(), c.liaison, id))
	read, err := a.Hash()
	c.ok(err)
	c.ok(c.s.Question.Sign(c.t.Context(), c.minister, id, read))
}

// strikes is two people of two sides taking words out of a question.
func (c *someone) strikes(id glosa.QuestionID, words string) {
	c.t.Helper()
	p, err := c.s.Question.Page(c.t.Context(), id)
	c.ok(err)
	c.ok(c.s.Question.ProposeStrike(c.t.Context(), c.government, id, 1, question.SpansOf(p.Text, p.Context, words, "name")))
	c.ok(c.s.Question.Strike(c.t.Context(), c.civil, id))
}

// paper is one sheet that comes back in a file, which is imported or left lying.
func (c *someone) paper(text string, imported bool) {
	c.t.Helper()
	if c.desk == "" {
		var err error
		c.desk, err = c.s.Intake.Open(c.t.Context(), c.facilitator, ed, intake.Opening{Kind: intake.Paper, Name: "Casa de la Cultura", Place: "Calle 67", Municipality: "23002"})
		c.ok(err)
	}
	sheets, err := c.s.Intake.Print(c.t.Context(), c.facilitator, c.desk, 1, fmt.Sprint(len(c.receipts)))
	c.ok(err)
	raw := fmt.Sprintf("folio,pregunta,municipio\n%s,%s,%s\n,%s,canariada\n", sheets[0].Folio, text, "23002", text) // the second line is wrong
	b, err := c.s.Intake.Preview(c.t.Context(), c.facilitator, c.desk, []byte(raw))
	c.ok(err)
	if !imported {
		return
	}
	b, err = c.s.Intake.Import(c.t.Context(), c.facilitator, c.desk, b.ID, false, 10)
	if c.ok(err); b.Taken != 1 || b.Refused != 1 {
		c.t.Fatalf("the import: %+v", b)
	}
	c.receipts = append(c.receipts, question.Receipt{ID: sheets[0].Folio, Key: sheets[0].Key})
	c.ok(c.s.Question.Admit(c.t.Context(), c.civil, sheets[0].Folio))
}

// copied asks for the copy of what is held by the key of a question; words stand
// in what is asked and in how to reach the person.
func (c *someone) copied(rc question.Receipt, words string) question.OwnData {
	c.t.Helper()
	a := rights.Ask{Kind: rights.Access, Text: "Soy " + words + ".", Contact: words + "@example.org", Folio: string(rc.ID), Key: rc.Key}
	asked, err := c.s.Rights.Ask(c.t.Context(), glosa.Citizen(), a)
	c.ok(err)
	copied, err := c.s.Rights.Copy(c.t.Context(), glosa.Citizen(), asked.ID, asked.Code)
	c.ok(err)
	held, is := copied.Held[string(rc.ID)].(question.OwnData)
	if !is || copied.Text != a.Text {
		c.t.Errorf("the copy of what is held: %+v", copied)
	}
	return held
}
