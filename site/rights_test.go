package site_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/rights"
	"glosa/civic/question"
	"glosa/db"
	"glosa/db/dbtest"
)

// Whoever resolves requests, of each side.
var (
	civil       = glosa.Actor{Human: "h-civ", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	civil2      = glosa.Actor{Human: "h-civ2", Side: glosa.Civil, Seat: 3, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	government  = glosa.Actor{Human: "h-gov", Side: glosa.Government, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	facilitator = glosa.Actor{Human: "h-fac", Side: glosa.Civil, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Facilitator}}
	twice       = glosa.Actor{Human: "h-civ", Side: glosa.Government, Seat: 4, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
)

const asked = "Soy quien firma como Persona Canaria"

func (o *over) want(kind glosa.Kind, err error) {
	o.t.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		o.t.Errorf("got %v, want %s", err, kind)
	}
}

// requests asks by folio and key of the signed question.
func (o *over) requests(k rights.Kind, name string) rights.Receipt {
	o.t.Helper()
	rc, err := o.site.Rights.Ask(o.t.Context(), glosa.Citizen(), rights.Ask{Kind: k, Text: asked, Contact: "canaria@example.org", Name: name,
		Folio: string(o.signed.ID), Key: strings.ToUpper(o.signed.Key)})
	o.ok(err)
	return rc
}

// stands reads a request as the person does, and fails unless it is in the state.
func (o *over) stands(rc rights.Receipt, want rights.State) rights.Card {
	o.t.Helper()
	c, err := o.site.Rights.Own(o.t.Context(), glosa.Citizen(), rc.ID, rc.Code)
	if o.ok(err); c.State != want {
		o.t.Errorf("%s is %s, want %s", c.Kind, c.State, want)
	}
	return c
}

func (o *over) resolve(by glosa.Actor, rc rights.Receipt, outcome rights.Outcome, ground glosa.Code) error {
	return o.site.Rights.Resolve(o.t.Context(), by, rc.ID, outcome, ground)
}

// page is the signed question once names are shown.
func (o *over) page() question.Page {
	o.t.Helper()
	o.clock.Advance(25 * time.Hour)
	p, err := o.site.Question.Page(o.t.Context(), o.signed.ID)
	o.ok(err)
	return p
}

func houses(t *testing.T, body func(o *over)) {
	t.Helper()
	dbtest.Configs(t, func(t *testing.T, c db.Config) { body(live(t, c)) })
}

// TestAccessByKeyIsReadyAtOnce: the copy holds what was asked and everything that
// is held; without the key there is none.
func TestAccessByKeyIsReadyAtOnce(t *testing.T) {
	houses(t, func(o *over) {
		rc := o.requests(rights.Access, "")
		o.stands(rc, rights.Executed)
		c, err := o.site.Rights.Copy(t.Context(), glosa.Citizen(), rc.ID, strings.ToLower(rc.Code))
		o.ok(err)
		held, is := c.Held[string(o.signed.ID)].(question.OwnData)
		if !is || held.Name != "Persona Canaria" || len(held.Texts) != 1 || held.Texts[0].Words.Text != "¿Cuándo abre el archivo?" ||
			held.Municipality != "23005" || c.Contact != "canaria@example.org" || c.Text != asked {
			t.Errorf("%+v", c)
		}
		_, err = o.site.Rights.Copy(t.Context(), glosa.Citizen(), rc.ID, "0000-0000-0000-0000")
		o.want(glosa.Invalid, err)
		for _, wrong := range []rights.Ask{{Kind: rights.Access, Folio: string(o.signed.ID), Key: rc.Code}, {Kind: rights.Access, Folio: "DEMO26-9999-A", Key: o.signed.Key}} {
			_, err = o.site.Rights.Ask(t.Context(), glosa.Citizen(), wrong)
			o.want(glosa.Invalid, err)
		}
	})
}

// TestErasureByRightTakesTwoPersons: one word erases nothing; a word that differs
// puts the first one back; two of two sides erase, and what was asked goes with it.
func TestErasureByRightTakesTwoPersons(t *testing.T) {
	houses(t, func(o *over) {
		rc := o.requests(rights.Cancellation, "")
		o.ok(o.resolve(civil, rc, rights.Granted, ""))
		if c := o.stands(rc, rights.InProcess); c.Said != civil.By() || c.SaidWhat == "" {
			t.Errorf("the first word is not told: %+v", c)
		}
		for _, by := range []glosa.Actor{civil, civil2, twice} {
			o.want(glosa.Denied, o.resolve(by, rc, rights.Granted, ""))
		}
		if p := o.page(); p.Erased || p.Text == "" {
			t.Fatal("one side erased it")
		}
		o.ok(o.resolve(government, rc, rights.Denied, "legal_duty")) // differs: now this one waits
		o.stands(rc, rights.InProcess)
		o.ok(o.resolve(civil, rc, rights.Denied, "legal_duty"))
		if c := o.stands(rc, rights.Resolved); c.Outcome != rights.Denied || c.Ground != "legal_duty" {
			t.Errorf("%+v", c)
		}
		o.want(glosa.Conflict, o.resolve(government, rc, rights.Granted, ""))

		again := o.requests(rights.Cancellation, "")
		o.ok(o.resolve(government, again, rights.Granted, ""))
		o.ok(o.resolve(civil, again, rights.Granted, ""))
		if c := o.stands(again, rights.Executed); c.Text != "" || len(c.Questions) > 0 || c.Done[0].What != rights.Erased {
			t.Errorf("what was asked is still kept: %+v", c)
		}
		if p := o.page(); !p.Erased || p.Text != "" || !p.Name.IsEmpty() {
			t.Errorf("it is not erased: %+v", p.Brief)
		}
		if o.left("text.erased") != 1 || o.count(keptNames) != 0 {
			t.Errorf("%d tombstones, %d names", o.left("text.erased"), o.count(keptNames))
		}
		third := o.requests(rights.Cancellation, "") // the key still opens its folio: already done
		o.ok(o.resolve(government, third, rights.Granted, ""))
		o.ok(o.resolve(civil, third, rights.Granted, ""))
		if c := o.stands(third, rights.Executed); c.Done[0].What != rights.WasErased {
			t.Errorf("%+v", c.Done)
		}
	})
}

// TestADisagreementNeverBlocks: nobody is held to a word that the other side
// answered with another, no word alone opens anything in the question's room, and
// the person sees that the sides disagree. Then facilitators may say a word too.
func TestADisagreementNeverBlocks(t *testing.T) {
	houses(t, func(o *over) {
		for name, words := range map[string][]word{
			"each comes round":       {{government, rights.Granted}, {civil, rights.Denied}, {government, rights.Granted}, {civil, rights.Granted}},
			"one side thinks better": {{government, rights.Granted}, {civil, rights.Denied}, {civil2, rights.Granted}, {government, rights.Granted}},
			"another desk settles":   {{civil, rights.Granted}, {government, rights.Denied}, {facilitator, rights.Granted}, {government, rights.Granted}},
		} {
			rc := o.requests(rights.Cancellation, "")
			o.want(glosa.Denied, o.resolve(facilitator, rc, rights.Granted, ""))
			for i, w := range words {
				if n := o.count(openErasures); n != 0 {
					t.Errorf("%s: after %d words %d erasures wait in the question's room", name, i, n)
				}
				if c := o.stands(rc, rights.InProcess); c.Disputed != (i > 1) {
					t.Errorf("%s: after %d words disputed is %v", name, i, c.Disputed)
				}
				ground := glosa.Code("")
				if w.outcome == rights.Denied {
					ground = "legal_duty"
				}
				o.ok(o.resolve(w.by, rc, w.outcome, ground))
			}
			if c := o.stands(rc, rights.Executed); c.Outcome != rights.Granted || c.Disputed || len(c.Done) != 1 {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if !o.page().Erased || o.left("text.erased") != 1 {
			t.Errorf("both sides granted it, and there are %d tombstones", o.left("text.erased"))
		}
	})
}

type word struct {
	by      glosa.Actor
	outcome rights.Outcome
}

const openErasures = `select count(*) from question_ruling where kind = 'erase' and closed_at = 0`

// TestAnErasureThatWaitsIsOverWithTheRequest: moderation had proposed one of its own.
func TestAnErasureThatWaitsIsOverWithTheRequest(t *testing.T) {
	houses(t, func(o *over) {
		o.ok(o.site.Question.Erase(t.Context(), government, o.signed.ID, "third_party_data", "third_party_rights"))
		rc := o.requests(rights.Cancellation, "")
		o.ok(o.resolve(civil, rc, rights.Granted, ""))
		if n := o.count(openErasures); n != 1 {
			t.Errorf("%d erasures wait: a word on a request is not a word on another erasure", n)
		}
		o.ok(o.resolve(government, rc, rights.Granted, ""))
		if c := o.stands(rc, rights.Executed); c.Done[0] != (rights.Done{Question: o.signed.ID, What: rights.Erased}) || o.count(openErasures) != 0 {
			t.Errorf("%+v", c.Done)
		}
	})
}

// comes asks without a key, as whoever then comes to a desk.
func (o *over) comes(k rights.Kind, check glosa.Code, folios ...string) rights.Receipt {
	o.t.Helper()
	rc, err := o.site.Rights.Ask(o.t.Context(), glosa.Citizen(), rights.Ask{Edition: ed, Kind: k, Text: asked, Contact: "canaria@example.org", Language: "en"})
	o.ok(err)
	o.stands(rc, rights.Received)
	o.want(glosa.Conflict, o.resolve(civil, rc, rights.Granted, ""))
	o.want(glosa.Invalid, o.site.Rights.Identify(o.t.Context(), facilitator, rc.ID, rights.Seen{Check: check, Folios: []string{"DEMO26-9999-A"}}))
	seen := rights.Seen{Check: check, Folios: append(folios, strings.ToLower(folios[0]))} // twice is once
	if k == rights.Rectification {
		o.want(glosa.Invalid, o.site.Rights.Identify(o.t.Context(), facilitator, rc.ID, seen)) // which name?
		seen.Name = " Persona  Corregida "
	}
	o.ok(o.site.Rights.Identify(o.t.Context(), facilitator, rc.ID, seen))
	o.want(glosa.Conflict, o.site.Rights.Identify(o.t.Context(), facilitator, rc.ID, seen))
	if c := o.stands(rc, rights.InProcess); c.Check != check || len(c.Questions) != len(folios) || c.Text != asked {
		o.t.Errorf("%+v", c)
	}
	return rc
}

// done executes what was granted, and reads what each question's room reported.
func (o *over) done(rc rights.Receipt, want ...rights.Done) {
	o.t.Helper()
	c := o.stands(rc, rights.Resolved)
	if len(c.Done) > 0 {
		o.t.Errorf("%s: nothing is done yet, and it says %+v", c.Kind, c.Done)
	}
	o.ok(o.site.Rights.Execute(o.t.Context(), civil, rc.ID))
	o.want(glosa.Conflict, o.site.Rights.Execute(o.t.Context(), civil, rc.ID))
	if c = o.stands(rc, rights.Executed); !slices.Equal(c.Done, want) {
		o.t.Errorf("%s: %+v, want %+v", c.Kind, c.Done, want)
	}
}

// asks is one more question, without a name.
func (o *over) asks() string {
	o.t.Helper()
	rc, err := o.site.Question.Submit(o.t.Context(), glosa.Citizen(), ed, question.Ask{Text: "¿Quién cuida el archivo de noche?", Municipality: "23005", Language: "es"})
	o.ok(err)
	return string(rc.ID)
}

// grant is what two sides say of whoever came in person.
func (o *over) grant(rc rights.Receipt) {
	o.t.Helper()
	for _, by := range []glosa.Actor{civil, government} {
		o.ok(o.resolve(by, rc, rights.Granted, ""))
	}
}

// TestWhatIsProvenInPersonIsDone: the desk says which questions are whose; what is
// granted is done to them, and the page says what was done to each. Whoever saw the
// person does not grant alone, and nothing is said to be done that is not.
func TestWhatIsProvenInPersonIsDone(t *testing.T) {
	houses(t, func(o *over) {
		signed, plain := string(o.signed.ID), o.asks()
		rc := o.comes(rights.Access, "document", signed, plain)
		saw := facilitator
		saw.Roles = []glosa.Role{glosa.Moderator}
		o.want(glosa.Denied, o.resolve(saw, rc, rights.Granted, ""))
		o.ok(o.resolve(government, rc, rights.Granted, ""))
		otherGov := government
		otherGov.Human = "h-another"
		o.want(glosa.Denied, o.resolve(otherGov, rc, rights.Granted, "")) // one side alone opens nobody's question
		o.stands(rc, rights.InProcess)
		o.ok(o.resolve(civil, rc, rights.Granted, ""))
		_, err := o.site.Rights.Copy(t.Context(), glosa.Citizen(), rc.ID, rc.Code)
		o.want(glosa.Conflict, err)
		o.done(rc, rights.Done{Question: o.signed.ID, What: rights.Copied}, rights.Done{Question: glosa.QuestionID(plain), What: rights.Copied})
		copied, err := o.site.Rights.Copy(t.Context(), glosa.Citizen(), rc.ID, rc.Code)
		if o.ok(err); len(copied.Held) != 2 || copied.Held[signed].(question.OwnData).Name != "Persona Canaria" {
			t.Errorf("%+v", copied.Held)
		}

		rc = o.comes(rights.Rectification, "receipt", signed)
		o.grant(rc)
		o.done(rc, rights.Done{Question: o.signed.ID, What: rights.Renamed})
		if p := o.page(); p.Name.Reveal() != "Persona Corregida" {
			t.Errorf("it is signed %q", p.Name.Reveal())
		}

		rc = o.comes(rights.Opposition, "representative", signed, plain)
		o.grant(rc)
		o.done(rc, rights.Done{Question: o.signed.ID, What: rights.Unnamed}, rights.Done{Question: glosa.QuestionID(plain), What: rights.WasUnnamed})

		rc = o.comes(rights.Rectification, "document", signed)
		o.grant(rc)
		o.want(glosa.Conflict, o.site.Rights.Execute(t.Context(), civil, rc.ID)) // it bears none any more
		o.stands(rc, rights.Resolved)

		rc = o.comes(rights.Cancellation, "document", signed, plain)
		for _, by := range []glosa.Actor{civil, government} {
			if o.page().Erased {
				t.Fatal("one side erased it")
			}
			o.ok(o.resolve(by, rc, rights.Granted, ""))
		}
		o.done(rc, rights.Done{Question: o.signed.ID, What: rights.Erased}, rights.Done{Question: glosa.QuestionID(plain), What: rights.Erased})
		if p := o.page(); !p.Erased || o.left("text.erased") != 2 || o.count(keptNames) != 0 {
			t.Errorf("%+v, %d tombstones", p.Brief, o.left("text.erased"))
		}
	})
}

// TestTheTermRunsInPerson: the term, its one extension and what is owed after it
// run by working days.
func TestTheTermRunsInPerson(t *testing.T) {
	houses(t, func(o *over) {
		rc := o.comes(rights.Opposition, "document", string(o.signed.ID))
		before := o.stands(rc, rights.InProcess)
		o.ok(o.site.Rights.Extend(t.Context(), facilitator, rc.ID, "search"))
		after := o.stands(rc, rights.Extended)
		if !after.Sum.Due.After(before.Sum.Due) || len(after.Sum.Steps) <= 2 {
			t.Errorf("due %s, extended %s", before.Sum.Due, after.Sum.Due)
		}
		o.want(glosa.Conflict, o.site.Rights.Extend(t.Context(), facilitator, rc.ID, "search"))
		o.want(glosa.Invalid, o.site.Rights.Extend(t.Context(), facilitator, rc.ID, "tired"))
	})
}

// TestHowToReachSomebodyIsKeptUntilTheyAreTold, and not a moment longer; whoever
// can be told by no mail is forgotten when it is done. What was done is kept for
// ninety days.
func TestHowToReachSomebodyIsKeptUntilTheyAreTold(t *testing.T) {
	houses(t, func(o *over) {
		reach := func(id rights.ID) (to people.Private, lang glosa.Code, err error) {
			err = o.site.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
				to, lang, err = o.site.Rights.Reach(tx, id)
				return err
			})
			return to, lang, err
		}
		given := func() rights.Receipt {
			rc := o.comes(rights.Opposition, "document", string(o.signed.ID))
			_, _, err := reach(rc.ID)
			o.want(glosa.NotFound, err) // there is nothing to tell yet
			o.grant(rc)
			o.ok(o.site.Rights.Execute(t.Context(), civil, rc.ID))
			return rc
		}
		o.site.Rights.Mail = true
		rc := given()
		if to, lang, err := reach(rc.ID); err != nil || to.Reveal() != "canaria@example.org" || lang != "en" {
			t.Errorf("%s, %v", lang, err)
		}
		told := func(by glosa.Actor) error {
			return o.site.DB.Act(t.Context(), func(tx *db.Tx) error { return o.site.Rights.Told(tx, by, rc.ID) })
		}
		o.want(glosa.Denied, told(civil))
		o.ok(told(glosa.System()))
		o.ok(told(glosa.System()))
		_, _, err := reach(rc.ID)
		o.want(glosa.NotFound, err)

		o.site.Rights.Mail = false
		silent := given()
		_, _, err = reach(silent.ID)
		o.want(glosa.NotFound, err)
		if c := o.stands(silent, rights.Executed); len(c.Done) != 1 || c.Text != "" || len(c.Questions) != 0 {
			t.Errorf("%+v", c)
		}
		o.at(o.clock.Now().Add(91 * 24 * time.Hour))
		if c := o.stands(silent, rights.Executed); len(c.Done) != 0 || o.count(`select count(*) from right_request where box_id <> ''`) != 0 {
			t.Errorf("a box is kept: %+v", c)
		}
	})
}

// TestRectificationPutsTheRightName: the wrong one is forgotten, nothing else moves.
func TestRectificationPutsTheRightName(t *testing.T) {
	houses(t, func(o *over) {
		rc := o.requests(rights.Rectification, "Persona Corregida")
		o.want(glosa.Denied, o.resolve(glosa.Citizen(), rc, rights.Granted, ""))
		o.ok(o.resolve(civil, rc, rights.Granted, ""))
		if c := o.stands(rc, rights.Executed); c.Name != "" || c.Text != "" {
			t.Errorf("the box is not emptied: %+v", c)
		}
		if p := o.page(); p.Name.Reveal() != "Persona Corregida" || p.Text != "¿Cuándo abre el archivo?" {
			t.Errorf("it is signed %q", p.Name.Reveal())
		}
		if n := o.count(keptNames); n != 2 {
			t.Errorf("%d rows with a name, want the person's and the question's", n)
		}
	})
}

// TestOppositionTakesTheNameOff, and a question without a name has none to correct.
func TestOppositionTakesTheNameOff(t *testing.T) {
	houses(t, func(o *over) {
		o.ok(o.resolve(government, o.requests(rights.Opposition, ""), rights.Granted, ""))
		if p := o.page(); !p.Name.IsEmpty() || p.Erased || p.Text == "" || o.left("question.unnamed") != 1 || o.count(keptNames) != 0 {
			t.Errorf("it is signed %q, %d names are kept", p.Name.Reveal(), o.count(keptNames))
		}
		o.want(glosa.Conflict, o.resolve(civil, o.requests(rights.Rectification, "Otra Persona"), rights.Granted, ""))
	})
}

// TestALateAnswerIsToldInPublic: once, on the day, of the edition and the right
// alone; an extension moves the day.
func TestALateAnswerIsToldInPublic(t *testing.T) {
	houses(t, func(o *over) {
		o.requests(rights.Access, "") // answered
		moved, rc := o.requests(rights.Opposition, ""), o.requests(rights.Cancellation, "")
		o.ok(o.site.Rights.Extend(t.Context(), facilitator, moved.ID, "search"))
		o.at(rc.Due.Add(-time.Second))
		if n := o.left("rights.late"); n != 0 {
			t.Errorf("told %d times before it is late", n)
		}
		next, err := o.site.Edition.Next(t.Context())
		if o.ok(err); next.After(rc.Due) {
			t.Errorf("the clock looks next at %s, want %s", next, rc.Due)
		}
		o.at(rc.Due.Add(time.Second))
		if n := o.left("rights.late"); n != 1 {
			t.Fatalf("told %d times, want once", n)
		}
		for _, e := range dbtest.Events(t, o.site.DB) {
			if e.Kind != "rights.late" {
				continue
			}
			body, err := glosa.BodyOf[rights.Late](e)
			if o.ok(err); !e.Public || e.Subject != string(ed) || body.Kind != "cancellation" || !body.Due.Equal(rc.Due) || strings.Contains(string(e.Body), string(rc.ID)) {
				t.Errorf("%+v %s", e, e.Body)
			}
		}
		counts, err := o.site.Rights.Counts(t.Context(), ed, o.clock.Now())
		if o.ok(err); counts[0].InTime != 1 || counts[2].Late != 1 || counts[3].Open != 1 {
			t.Errorf("%+v", counts)
		}
		o.ok(o.resolve(civil, rc, rights.Granted, ""))
		o.at(o.stands(moved, rights.Extended).Sum.Due.Add(time.Second))
		if n := o.left("rights.late"); n != 2 {
			t.Errorf("told %d times, want once of each", n)
		}
	})
}
