package notify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people/notice"
	"glosa/db/dbtest"
)

// merge proposes that questions be joined to a common one, and lets the time pass in
// which somebody may object.
func (o *office) merge(by glosa.Actor, into glosa.QuestionID, below ...glosa.QuestionID) {
	o.Helper()
	for _, id := range below {
		_, err := o.courier.Question.ProposeMerge(o.Context(), by, id, into, into)
		must(o, err)
	}
	o.clock.Advance(6 * 24 * time.Hour)
	_, err := (&edition.Desk{DB: o.d, Dues: []edition.Due{o.courier.Question.Due()}}).Tick(o.Context())
	must(o, err)
	p, err := o.courier.Question.Page(o.Context(), into)
	must(o, err)
	if p.Merged != len(below) {
		o.Fatalf("%d questions stand behind the common one, want %d", p.Merged, len(below))
	}
}

// TestBothAreToldOfAProposal: whoever follows the one or the other, or one that was
// merged into either, hears that they may be merged, and with which.
func TestBothAreToldOfAProposal(t *testing.T) {
	each(t, func(o *office) {
		by := glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
		one, common, below := o.ask("¿Cuándo abre?"), o.ask("¿Cuándo abren?"), o.ask("¿Cuándo abrirá?")
		for _, id := range []glosa.QuestionID{one, common, below} {
			o.admit(id)
		}
		o.merge(by, common, below)
		o.deliver()
		follows := map[string]glosa.QuestionID{"uno@correo.example": one, "comun@correo.example": common, "abajo@correo.example": below}
		for address, id := range follows {
			o.confirmed(address, "es", notice.Thing{Sort: notice.Question, ID: string(id)}, notice.Each)
		}
		_, err := o.courier.Question.ProposeMerge(t.Context(), by, one, common, common)
		must(t, err)
		if n := o.deliver(); n != 3 {
			t.Errorf("%d mails, want one each", n)
		}
		for address := range follows {
			if mail := o.server.one(t, address); !strings.Contains(mail, "ml.join.s|folio|"+string(one)) || !strings.Contains(mail, "other|"+string(common)) {
				t.Errorf("%s reads\n%s", address, mail)
			}
		}
	})
}

// TestWhoFollowsHearsThatItGoesOn: an unanswered question goes on in the next
// edition, and whoever follows it, or one merged into it, hears of it once.
func TestWhoFollowsHearsThatItGoesOn(t *testing.T) {
	each(t, func(o *office) {
		by := glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
		common, below := o.ask("¿Cuándo abre?"), o.ask("¿Cuándo abrirá?")
		o.admit(common)
		o.admit(below)
		must(t, o.courier.Question.Route(t.Context(), by, common, "SESA", ""))
		o.merge(by, common, below)
		o.deliver()
		for address, id := range map[string]glosa.QuestionID{"comun@correo.example": common, "abajo@correo.example": below} {
			o.confirmed(address, "es", notice.Thing{Sort: notice.Question, ID: string(id)}, notice.Each)
		}
		desk := &edition.Desk{DB: o.d, Dues: []edition.Due{o.courier.Question.Due()}}
		next := editiontest.Founding("demo27", o.clock.Now())
		next.Number, next.Code, next.Name = 27, "DEMO27", "La siguiente"
		must(t, desk.Found(t.Context(), editiontest.Facilitator(), next))
		dbtest.Exec(t, o.d, `update edition set stage = $2 where id = $1`, ed, edition.Evaluated)
		dbtest.Exec(t, o.d, `update edition set stage = $2 where id = $1`, "demo27", edition.Called)
		for range 2 { // once
			_, err := desk.Tick(t.Context())
			must(t, err)
			o.clock.Advance(time.Minute)
		}
		if n := o.deliver(); n != 2 {
			t.Errorf("%d mails, want one each", n)
		}
		for _, address := range []string{"comun@correo.example", "abajo@correo.example"} {
			if mail := o.server.one(t, address); !strings.Contains(mail, "ml.next.s|folio|"+string(common)) {
				t.Errorf("%s reads\n%s", address, mail)
			}
		}
	})
}

// TestAllThatWereMergedAreTold: however many questions stand behind the common one,
// whoever follows any of them hears that its answer is late, and once.
func TestAllThatWereMergedAreTold(t *testing.T) {
	each(t, func(o *office) {
		by := glosa.Actor{Human: "h-mod", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
		common := o.ask("¿Cuándo abre?")
		o.admit(common)
		must(t, o.courier.Question.Route(t.Context(), by, common, "SESA", ""))
		var below []glosa.QuestionID
		for i := range perLook + 60 {
			id := o.ask(fmt.Sprintf("¿Cuándo abrirá la ventanilla %d?", i))
			o.admit(id)
			below = append(below, id)
		}
		o.merge(by, common, below...)
		o.deliver()
		thing := func(id glosa.QuestionID) notice.Thing { return notice.Thing{Sort: notice.Question, ID: string(id)} }
		follows := map[string]notice.Thing{"todo@correo.example": everything}
		slices.Sort(below)
		for i := 0; i < len(below); i += 50 {
			follows[fmt.Sprintf("p%d@correo.example", i)] = thing(below[i])
		}
		for address, what := range follows {
			o.confirmed(address, "es", what, notice.Each)
		}
		o.confirmed("todo@correo.example", "es", thing(below[len(below)-1]), notice.Each) // and in the last step again
		page, err := o.courier.Question.Page(t.Context(), common)
		must(t, err)
		o.clock.Set(page.Clock.Due.Add(time.Minute))
		_, err = (&edition.Desk{DB: o.d, Dues: []edition.Due{o.courier.Question.Due()}}).Tick(t.Context())
		must(t, err)
		if n := o.deliver() + o.deliver(); n != len(follows) {
			t.Errorf("%d mails to %d people", n, len(follows))
		}
		for address := range follows {
			if mail := o.server.one(t, address); !strings.Contains(mail, "ml.late.s|folio|"+string(common)) {
				t.Errorf("%s reads\n%s", address, mail)
			}
		}
	})
}

func TestSpot(t *testing.T) {
	var all []notice.Thing
	for i := range 2*perLook + 1 {
		all = append(all, notice.Thing{Sort: notice.Question, ID: fmt.Sprintf("demo26/%04d", i)})
	}
	at, seen := spotOf("c01"), 0
	for more := true; more; {
		var now []notice.Thing
		now, more = at.rest(all)
		seen += len(now)
		if at = spotOf(spot{keyOf(now[len(now)-1]), "c02"}.String()); at.contact != "c02" {
			t.Errorf("%+v", at)
		}
	}
	if seen != len(all) {
		t.Errorf("%d of %d things are looked up", seen, len(all))
	}
}
