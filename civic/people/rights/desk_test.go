package rights

import (
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/db"
	"glosa/db/dbtest"
)

const ed = glosa.EditionID("demo26")

// room is a desk with what it knows of: no question room. What a request does to
// a question is tried in the whole house (site).
type room struct {
	*Desk
	t     *testing.T
	clock *glosa.FakeClock
}

var (
	facilitator = glosa.Actor{Human: "h-fac", Side: glosa.Civil, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Facilitator, glosa.IntakeDesk}}
	civil       = glosa.Actor{Human: "h-civ", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
	government  = glosa.Actor{Human: "h-gov", Side: glosa.Government, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
)

func each(t *testing.T, body func(r room)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{edition.Schema(), people.Schema(), Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		r := room{t: t, clock: clock, Desk: &Desk{DB: d, Safe: people.NewSafe([32]byte{5}), Mail: true}}
		years := &edition.Desk{DB: d}
		ref, err := people.ShippedReference("23")
		r.ok(err)
		r.ok((&people.Desk{DB: d}).Load(t.Context(), glosa.Admin(), ref))
		editiontest.At(t, years, clock, ed, edition.IntakeOpen)
		body(r)
	})
}

func (r room) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r room) want(kind glosa.Kind, err error) {
	r.t.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		r.t.Errorf("got %v, want %s", err, kind)
	}
}

// asks hands a request in as at a desk: without a key.
func (r room) asks(k Kind) Receipt {
	r.t.Helper()
	rc, err := r.Ask(r.t.Context(), glosa.Citizen(), Ask{Edition: ed, Kind: k, Text: "Palabras canarias", Contact: "canaria@example.org", Language: "en"})
	r.ok(err)
	return rc
}

// denied is refused by two persons of two sides.
func (r room) denied(k Kind) Receipt {
	r.t.Helper()
	rc := r.asks(k)
	for _, by := range []glosa.Actor{civil, government} {
		r.ok(r.Resolve(r.t.Context(), by, rc.ID, Denied, "identity"))
	}
	r.is(rc, Resolved)
	return rc
}

func (r room) is(rc Receipt, want State) Card {
	r.t.Helper()
	c, err := r.Own(r.t.Context(), glosa.Citizen(), rc.ID, rc.Code)
	r.ok(err)
	if c.State != want {
		r.t.Errorf("%s is %s, want %s", c.Kind, c.State, want)
	}
	return c
}

// TestOnlyItsCodeOpensARequest: no folio and no code are told apart by nothing.
func TestOnlyItsCodeOpensARequest(t *testing.T) {
	each(t, func(r room) {
		rc := r.asks(Access)
		if c := r.is(rc, Received); c.Text != "Palabras canarias" {
			t.Errorf("%+v", c)
		}
		_, err := r.Own(t.Context(), glosa.Citizen(), rc.ID, "0000-0000-0000-0000")
		r.want(glosa.Invalid, err)
		_, err = r.Own(t.Context(), glosa.Citizen(), "DP-00000000", rc.Code)
		r.want(glosa.Invalid, err)
		_, err = r.Copy(t.Context(), glosa.Citizen(), rc.ID, strings.ToLower(rc.Code))
		r.want(glosa.Conflict, err) // nothing is granted yet
	})
}

// TestADeskSaysHowAndWhat: somebody who came is identified by a listed check and
// with their folios; without, nothing can be granted and nothing is executed.
func TestADeskSaysHowAndWhat(t *testing.T) {
	each(t, func(r room) {
		rc := r.asks(Cancellation)
		r.want(glosa.Invalid, r.Identify(t.Context(), facilitator, rc.ID, Seen{Check: "document"}))
		r.want(glosa.Invalid, r.Identify(t.Context(), facilitator, rc.ID, Seen{Check: "passport", Folios: []string{"DEMO26-0427-K"}}))
		r.want(glosa.Denied, r.Identify(t.Context(), glosa.Citizen(), rc.ID, Seen{Check: "document", Folios: []string{"DEMO26-0427-K"}}))
		r.is(rc, Received)
		// as requests were identified before folios were asked for
		dbtest.Exec(t, r.DB, "update right_request set state = 'in_process', proof = 'shown'")
		r.want(glosa.Conflict, r.Resolve(t.Context(), civil, rc.ID, Granted, ""))
		dbtest.Exec(t, r.DB, "update right_request set state = 'resolved', outcome = 'granted', resolved = 1")
		r.want(glosa.Conflict, r.Execute(t.Context(), civil, rc.ID))
		if c := r.is(rc, Resolved); !c.Executed.IsZero() || !c.Unnamed() {
			t.Errorf("%+v", c)
		}
	})
}

// TestTwoPersonsRefuse: one side alone does not, nor nobody in particular.
func TestTwoPersonsRefuse(t *testing.T) {
	each(t, func(r room) {
		rc := r.asks(Opposition)
		err := r.Resolve(t.Context(), glosa.Actor{Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}, rc.ID, Denied, "identity")
		r.want(glosa.Denied, err)
		r.want(glosa.Invalid, r.Resolve(t.Context(), civil, rc.ID, Denied, "because"))
		r.want(glosa.Denied, r.Resolve(t.Context(), facilitator, rc.ID, Denied, "identity"))
		r.ok(r.Resolve(t.Context(), civil, rc.ID, Denied, "identity"))
		r.want(glosa.Denied, r.Resolve(t.Context(), civil, rc.ID, Denied, "identity"))
		r.is(rc, Received)
		r.ok(r.Resolve(t.Context(), government, rc.ID, Denied, "identity"))
		if c := r.is(rc, Resolved); c.Outcome != Denied || c.Ground != "identity" {
			t.Errorf("%+v", c)
		}
	})
}

func TestCountsAndDesk(t *testing.T) {
	each(t, func(r room) {
		r.denied(Access)
		r.asks(Opposition)
		list, err := r.Queue(t.Context(), facilitator, ed)
		r.ok(err)
		if len(list) != 2 || list[0].Kind != Opposition {
			t.Errorf("%+v", list)
		}
		_, err = r.Queue(t.Context(), glosa.Citizen(), ed)
		r.want(glosa.Denied, err)
		counts, err := r.Counts(t.Context(), ed, r.clock.Now())
		r.ok(err)
		late, err := r.Counts(t.Context(), ed, r.clock.Now().Add(90*24*time.Hour))
		r.ok(err)
		if counts[0].InTime != 1 || counts[3].Open != 1 || late[3].Late != 1 {
			t.Errorf("%+v\n%+v", counts, late)
		}
	})
}

// row reads a request as it is kept.
func (r room) row(id ID) (x row, w words) {
	r.t.Helper()
	r.ok(r.DB.Read(r.t.Context(), func(tx *db.Tx) (err error) {
		if x, err = selectOne(tx, id); err == nil {
			w, err = r.unseal(x)
		}
		return err
	}))
	return x, w
}

// TestNothingOfTheWordsIsOutsideTheBox: rows and events hold none; an old box is emptied.
func TestNothingOfTheWordsIsOutsideTheBox(t *testing.T) {
	each(t, func(r room) {
		rc := r.denied(Access)
		if x, w := r.row(rc.ID); strings.Contains(string(x.box), "canari") || w.Text == "" {
			t.Error("the box shows the words, or has none")
		}
		for _, e := range dbtest.Events(t, r.DB) {
			if e.Public && strings.HasPrefix(e.Kind, "rights.") {
				t.Errorf("%s is public", e.Kind)
			}
		}
		r.clock.Set(r.clock.Now().Add(boxesLast + time.Hour))
		r.ok(r.DB.Act(t.Context(), func(tx *db.Tx) error {
			n, err := r.Due().Run(tx, tx.Now, 10)
			if n != 1 {
				t.Errorf("%d boxes emptied", n)
			}
			return err
		}))
		if c := r.is(rc, Resolved); c.Text != "" || c.Questions != nil {
			t.Errorf("an emptied box says %+v", c)
		}
	})
}

func FuzzParseID(f *testing.F) {
	id, code := draw()
	f.Add(string(id))
	f.Add(code)
	f.Add("dp-oil")
	f.Fuzz(func(t *testing.T, typed string) {
		id, err := ParseID(typed)
		if err != nil {
			return
		}
		if again, err := ParseID(string(id)); err != nil || again != id {
			t.Errorf("%q is %q, then %q", typed, id, again)
		}
	})
}
