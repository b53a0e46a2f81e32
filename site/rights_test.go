package site_test

import (
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/people/rights"
	"glosa/civic/question"
	"glosa/db"
	"glosa/db/dbtest"
)

// Whoever resolves requests, of each side.
var (
	civil      = glosa.Actor{Human: "h-civ", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	civil2     = glosa.Actor{Human: "h-civ2", Side: glosa.Civil, Seat: 3, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	government = glosa.Actor{Human: "h-gov", Side: glosa.Government, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	twice      = glosa.Actor{Human: "h-civ", Side: glosa.Government, Seat: 4, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
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
		if c := o.stands(again, rights.Executed); c.Text != "" || len(c.Questions) > 0 {
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
		o.stands(third, rights.Executed)
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
		facilitator := glosa.Actor{Human: "h-fac", Side: glosa.Civil, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Facilitator}}
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
