package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/panel/draw"
	"glosa/civic/people/rights"
	"glosa/record"
	"glosa/site"
)

// volunteers opens a draw and registers some people for it.
func (o *over) volunteers(n int) (out []draw.Receipt) {
	o.t.Helper()
	now := o.clock.Now()
	o.ok(o.site.Draw.Announce(o.t.Context(), facilitator, ed, draw.Terms{Seats: 2, Rule: draw.Rules()[0], Quotas: "category,feature,min,max\nsex,woman,1,1\nsex,man,1,1\n",
		Source: "Sorteo de prueba (SINTÉTICO)", Closes: now.Add(24 * time.Hour), SeedAt: now.Add(72 * time.Hour), Reply: 3}))
	o.ok(o.site.Draw.Open(o.t.Context(), facilitator, ed))
	for i := range n {
		rc, err := o.site.Draw.Register(o.t.Context(), glosa.Citizen(), ed, draw.Form{Features: map[string]string{"sex": []string{"woman", "man"}[i%2]},
			Contact: fmt.Sprintf("voluntaria%d@example.org", i), Language: "es", Adult: true})
		o.ok(err)
		out = append(out, rc)
	}
	return out
}

// TestRightsReachADraw: whoever registered sees what is held by folio and key, and
// has it erased by two persons of two sides, or in person at a desk.
func TestRightsReachADraw(t *testing.T) {
	houses(t, func(o *over) {
		all := o.volunteers(6)
		ask := func(k rights.Kind, r draw.Receipt) rights.Receipt {
			rc, err := o.site.Rights.Ask(t.Context(), glosa.Citizen(), rights.Ask{Kind: k, Text: "Mis datos", Folio: strings.ToLower(string(r.Ticket)), Key: r.Key})
			o.ok(err)
			return rc
		}
		rc := ask(rights.Access, all[0])
		c, err := o.site.Rights.Copy(t.Context(), glosa.Citizen(), rc.ID, rc.Code)
		o.ok(err)
		held, is := c.Held[string(all[0].Ticket)].(draw.Held)
		if !is || held.Contact != "voluntaria0@example.org" || held.Features["sex"] != "woman" {
			t.Errorf("%+v", c.Held)
		}
		_, err = o.site.Rights.Ask(t.Context(), glosa.Citizen(), rights.Ask{Kind: rights.Access, Text: "x", Folio: string(all[0].Ticket), Key: all[1].Key})
		o.want(glosa.Invalid, err)

		rc = ask(rights.Cancellation, all[0])
		o.ok(o.resolve(civil, rc, rights.Granted, ""))
		if _, err := o.site.Draw.Own(t.Context(), glosa.Citizen(), all[0].Ticket, all[0].Key); err != nil {
			t.Fatal("one side erased it")
		}
		o.ok(o.resolve(government, rc, rights.Granted, ""))
		if c := o.stands(rc, rights.Executed); c.Done[0].What != rights.Erased {
			t.Errorf("%+v", c.Done)
		}
		_, err = o.site.Draw.Own(t.Context(), glosa.Citizen(), all[0].Ticket, all[0].Key)
		o.want(glosa.Invalid, err)

		rc = o.comesFor(all[1])
		o.ok(o.resolve(government, rc, rights.Granted, ""))
		o.ok(o.resolve(civil, rc, rights.Granted, ""))
		o.ok(o.site.Rights.Execute(t.Context(), civil, rc.ID))
		_, err = o.site.Draw.Own(t.Context(), glosa.Citizen(), all[1].Ticket, all[1].Key)
		o.want(glosa.Invalid, err)
		if n := o.count("select count(*) from draw_volunteer"); n != 4 {
			t.Errorf("%d registrations are left", n)
		}
	})
}

// comesFor is a request of somebody without a key, identified at a desk.
func (o *over) comesFor(r draw.Receipt) rights.Receipt {
	o.t.Helper()
	rc, err := o.site.Rights.Ask(o.t.Context(), glosa.Citizen(), rights.Ask{Edition: ed, Kind: rights.Cancellation, Text: "Mis datos"})
	o.ok(err)
	o.want(glosa.Invalid, o.site.Rights.Identify(o.t.Context(), facilitator, rc.ID, rights.Seen{Check: "document", Folios: []string{"SV-00000000"}}))
	o.ok(o.site.Rights.Identify(o.t.Context(), facilitator, rc.ID, rights.Seen{Check: "document", Folios: []string{string(r.Ticket)}}))
	return rc
}

// TestSeatsOfTheGoneArePassedOnInARestore: by leaves that the backup does not know.
func TestSeatsOfTheGoneArePassedOnInARestore(t *testing.T) {
	houses(t, func(o *over) {
		o.volunteers(8)
		ctx := t.Context()
		o.clock.Advance(25 * time.Hour)
		o.ok(o.site.Draw.Freeze(ctx, facilitator, ed))
		o.clock.Advance(48 * time.Hour)
		for _, side := range []glosa.Side{glosa.Civil, glosa.Government} {
			_, err := o.site.Draw.Seed(ctx, glosa.Actor{Human: glosa.HumanID("h-" + string(side)), Side: side, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Convenor}}, ed, "Premio 04127")
			o.ok(err)
		}
		v, err := o.site.Draw.View(ctx, ed)
		o.ok(err)
		gone, next := v.Panel[0], 1
		for slices.Contains(v.Panel, next) {
			next++
		}
		at := o.clock.Now().Add(-time.Hour)
		var lost []record.Leaf
		tell := func(kind, body string) {
			var l record.Leaf
			l.Kind, l.Edition, l.At, l.Body = kind, ed, at, []byte(body)
			lost = append(lost, l)
		}
		tell("draw.gone", fmt.Sprintf(`{"number":%d}`, gone))
		tell("draw.seat", fmt.Sprintf(`{"for":0,"number":%d,"state":"withdrawn"}`, gone))
		tell("draw.seat", fmt.Sprintf(`{"for":%d,"number":%d,"state":"invited"}`, gone, next))
		_, err = site.Again(ctx, o.site.DB, lost, nil)
		o.ok(err)
		v, err = o.site.Draw.View(ctx, ed)
		o.ok(err)
		is := map[int]draw.Standing{}
		for _, s := range v.Seats {
			is[s.Number] = s
		}
		if is[gone].Seat != draw.Withdrawn || is[next].Seat != draw.Invited || is[next].For != gone || !is[next].Until.Equal(at.AddDate(0, 0, 3)) || len(is) != 3 {
			t.Errorf("%+v", v.Seats)
		}
	})
}
