package draw

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"glosa"
	"glosa/civic/people"
	"glosa/db/dbtest"
)

// table makes chairs 6 to 12 of the civil side, the last of an institution, and
// hands out the others.
func (r *room) table() (free []Chair) {
	r.t.Helper()
	register := &people.Desk{DB: r.DB}
	for n := 6; n <= 12; n++ {
		s := people.Seat{Edition: ed, Side: glosa.Civil, Number: n, Roles: []glosa.Role{glosa.Panelist}, Sector: "cso"}
		if n == 12 {
			s.Institution = "SESA"
		} else {
			free = append(free, Chair{glosa.Civil, n})
		}
		_, err := register.Seat(r.t.Context(), glosa.Admin(), s)
		r.ok(err)
	}
	return free
}

func (r *room) answers(number int, comes bool) {
	r.t.Helper()
	rc := r.receipt(number)
	r.ok(r.Answer(r.t.Context(), glosa.Citizen(), rc.Ticket, rc.Key, comes))
}

// public is all that anybody can read of the draw.
func (r *room) public() string {
	r.t.Helper()
	var out bytes.Buffer
	for _, e := range dbtest.Events(r.t, r.DB) {
		if e.Room == "draw" && e.Public {
			fmt.Fprintf(&out, "%s %s %s %s %v\n", e.Kind, e.Subject, e.By, e.Body, e.Tags)
		}
	}
	r.ok(r.Officials(r.t.Context(), func(o glosa.Official) error {
		fmt.Fprintln(&out, o.Of, o.ID, o.What, o.Word, o.Text)
		return nil
	}))
	for _, name := range []string{QuotasFile, PoolFile, LotteryFile, DrawFile, OrderFile, ChancesFile} {
		out.Write(r.file(name))
	}
	fmt.Fprintf(&out, "%+v", r.view())
	return out.String()
}

// TestNobodyReadsWhoSitsWhere: whoever sees a person in a chair cannot learn their
// number from anything that is public. Giving chairs, and giving them otherwise,
// changes no public word; the person, the desk and the auditors know.
func TestNobodyReadsWhoSitsWhere(t *testing.T) {
	each(t, func(r *room) {
		ctx, v := t.Context(), r.drawn(24)
		free := r.table()
		r.ok(r.Reserve(ctx, facilitator, ed, free))
		a, b := v.Panel[0], v.Panel[1]
		r.answers(a, true)
		r.answers(b, true)
		before := r.public()
		for _, give := range [][2]Chair{{free[0], free[1]}, {free[2], free[0]}, {free[1], free[0]}} {
			r.ok(r.Chair(ctx, facilitator, ed, a, give[0]))
			r.ok(r.Chair(ctx, facilitator, ed, b, give[1]))
			if now := r.public(); now != before {
				t.Errorf("chairs %v are public:\n%s\n%s", give, before, now)
			}
		}
		c, err := r.Own(ctx, glosa.Citizen(), r.holder(a), r.key(a))
		r.ok(err)
		seated, err := r.Seated(ctx, facilitator, ed)
		r.ok(err)
		if c.Chair != free[1] || len(seated) != 2 || seated[a] != free[1] || seated[b] != free[0] {
			t.Errorf("%+v %v", c.Chair, seated)
		}
		_, err = r.Seated(ctx, government, ed)
		r.want(glosa.Denied, "", err)
		file, err := r.Audit(ctx, auditor, ed)
		r.ok(err)
		for _, p := range audited(t, file) {
			want := map[string]string{fmt.Sprint(a): "civil:7", fmt.Sprint(b): "civil:6"}[p["number"]]
			if p["chair"] != want {
				t.Errorf("the auditors read that %s sits in %q", p["number"], p["chair"])
			}
		}
		r.answers(a, false)
		if seated, err = r.Seated(ctx, facilitator, ed); err != nil || len(seated) != 1 {
			t.Errorf("%v %v", seated, err)
		}
		r.ok(r.Repeat(ctx, glosa.Admin(), Trace{Destroyed: []glosa.EditionID{ed}}))
		if seated, err = r.Seated(ctx, facilitator, ed); err != nil || len(seated) != 0 {
			t.Errorf("after everything was destroyed: %v %v", seated, err)
		}
	})
}

// TestChairsAndContacts: the chairs of those who are drawn are as many as the seats,
// at the table, of no institution, and said all at once; who accepted gets one of
// them; a desk reads how to reach those who hold a seat and nobody else.
func TestChairsAndContacts(t *testing.T) {
	each(t, func(r *room) {
		ctx, v := t.Context(), r.drawn(20)
		free := r.table()
		n := v.Panel[0]
		r.want(glosa.Invalid, "dw.unreserved", r.Chair(ctx, facilitator, ed, n, free[0]))
		r.want(glosa.Denied, "", r.Reserve(ctx, government, ed, free))
		for _, few := range [][]Chair{nil, free[:5], {free[0], free[0], free[1], free[2], free[3], free[4]}} {
			r.want(glosa.Invalid, "dw.bad.chairs", r.Reserve(ctx, facilitator, ed, few))
		}
		for _, c := range []Chair{{glosa.Civil, 12}, {glosa.Civil, 13}, {glosa.Government, 6}} {
			r.want(glosa.Invalid, "dw.nochair", r.Reserve(ctx, facilitator, ed, append([]Chair{c}, free[1:]...)))
		}
		if v := r.view(); len(v.Others) != 7 || v.Chairs != nil {
			t.Errorf("%+v", v.Others)
		}
		r.ok(r.Reserve(ctx, facilitator, ed, []Chair{free[3], free[1], free[2], free[0], free[5], free[4]}))
		if v := r.view(); len(v.Others) != 1 || v.Others[0].Institution != "SESA" || !slices.Equal(v.Chairs, free) {
			t.Errorf("%+v %v", v.Others, v.Chairs)
		}
		r.want(glosa.Conflict, "dw.noseat", r.Chair(ctx, facilitator, ed, n, free[0]))
		r.answers(n, true)
		r.want(glosa.Invalid, "dw.unreserved", r.Chair(ctx, facilitator, ed, n, Chair{glosa.Civil, 12}))
		r.ok(r.Chair(ctx, facilitator, ed, n, free[0]))
		r.answers(v.Panel[1], true)
		r.want(glosa.Invalid, "dw.taken", r.Chair(ctx, facilitator, ed, v.Panel[1], free[0]))
		_, err := (&people.Desk{DB: r.DB}).Seat(ctx, glosa.Admin(), people.Seat{Edition: ed, Side: glosa.Civil, Number: 13, Roles: []glosa.Role{glosa.Panelist}, Sector: "cso"})
		r.ok(err)
		r.want(glosa.Invalid, "dw.taken", r.Reserve(ctx, facilitator, ed, append([]Chair{{glosa.Civil, 13}}, free[1:]...)))
		r.ok(r.Reserve(ctx, facilitator, ed, append([]Chair{{glosa.Civil, 13}}, free[:5]...)))

		contact, lang, err := r.Reach(ctx, facilitator, ed, n)
		r.ok(err)
		if !strings.HasPrefix(contact.Reveal(), "canaria") || lang != "es" {
			t.Errorf("%q %q", contact.Reveal(), lang)
		}
		_, _, err = r.Reach(ctx, government, ed, n)
		r.want(glosa.Denied, "", err)
		r.answers(n, false)
		_, _, err = r.Reach(ctx, facilitator, ed, n)
		r.want(glosa.Conflict, "dw.noseat", err)
	})
}
