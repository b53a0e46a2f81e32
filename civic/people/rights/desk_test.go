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

// room is a desk whose question room is played by a list: what is tried here is
// the request; the whole of it is tried in the house (site).
type room struct {
	*Desk
	t     *testing.T
	clock *glosa.FakeClock
	words map[glosa.QuestionID]int // words for erasing
	names map[glosa.QuestionID]string
}

var (
	facilitator = glosa.Actor{Human: "h-fac", Side: glosa.Civil, Seat: 1, Edition: ed, Roles: []glosa.Role{glosa.Facilitator, glosa.IntakeDesk}}
	civil       = glosa.Actor{Human: "h-civ", Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}
)

func each(t *testing.T, body func(r room)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{edition.Schema(), people.Schema(), Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		r := room{t: t, clock: clock, words: map[glosa.QuestionID]int{}, names: map[glosa.QuestionID]string{"DEMO26-0427-K": "Mal escrito"}}
		safe := people.NewSafe([32]byte{5})
		r.Desk = &Desk{DB: d, Safe: safe, Rooms: Rooms{
			Author: func(_ *db.Tx, folio, key string) (glosa.QuestionID, glosa.EditionID, error) {
				if key != "llave" {
					return "", "", glosa.WrongField("key", "q.badkey")
				}
				return glosa.QuestionID(folio), ed, nil
			},
			Held: func(_ *db.Tx, id glosa.QuestionID) (any, error) { return map[string]string{"folio": string(id)}, nil },
			Erase: func(_ *db.Tx, _ glosa.Actor, id glosa.QuestionID) (bool, error) {
				r.words[id]++
				return r.words[id] > 1, nil
			},
			Rename: func(_ *db.Tx, _ glosa.Actor, id glosa.QuestionID, _ people.Sealed) error {
				r.names[id] = "otro"
				return nil
			},
			Unname: func(_ *db.Tx, _ glosa.Actor, id glosa.QuestionID) error { delete(r.names, id); return nil },
		}}
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

func (r room) asks(k Kind, byKey bool) Receipt {
	r.t.Helper()
	a := Ask{Edition: ed, Kind: k, Text: "Palabras canarias", Contact: "canaria@example.org"}
	if byKey {
		a.Folio, a.Key, a.Name = "DEMO26-0427-K", "llave", "Bien Escrito"
	}
	rc, err := r.Ask(r.t.Context(), glosa.Citizen(), a)
	r.ok(err)
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

// TestAccessByKeyIsReadyAtOnce: the copy holds what was asked and what is held.
func TestAccessByKeyIsReadyAtOnce(t *testing.T) {
	each(t, func(r room) {
		rc := r.asks(Access, true)
		r.is(rc, Executed)
		c, err := r.Copy(t.Context(), glosa.Citizen(), rc.ID, strings.ToLower(rc.Code))
		if r.ok(err); len(c.Held) != 1 || c.Contact != "canaria@example.org" {
			t.Errorf("%+v", c)
		}
		_, err = r.Copy(t.Context(), glosa.Citizen(), rc.ID, "0000-0000-0000-0000")
		r.want(glosa.Invalid, err)
		_, err = r.Own(t.Context(), glosa.Citizen(), "DP-00000000", rc.Code)
		r.want(glosa.Invalid, err) // no folio and no code are told apart by nothing
		_, err = r.Ask(t.Context(), glosa.Citizen(), Ask{Edition: ed, Kind: Access, Folio: "DEMO26-0427-K", Key: "otra"})
		r.want(glosa.Invalid, err)
	})
}

// TestInPerson: a document is seen at a desk; the term, its one extension and
// what is owed after it run by working days.
func TestInPerson(t *testing.T) {
	each(t, func(r room) {
		rc := r.asks(Rectification, false)
		before := r.is(rc, Received)
		r.want(glosa.Conflict, r.Resolve(t.Context(), civil, rc.ID, Granted, ""))
		r.ok(r.Identify(t.Context(), facilitator, rc.ID))
		r.want(glosa.Conflict, r.Identify(t.Context(), facilitator, rc.ID))
		r.ok(r.Extend(t.Context(), facilitator, rc.ID, "search"))
		after := r.is(rc, Extended)
		if !after.Sum.Due.After(before.Sum.Due) || len(after.Sum.Steps) <= 2 {
			t.Errorf("due %s, extended %s", before.Sum.Due, after.Sum.Due)
		}
		r.want(glosa.Conflict, r.Extend(t.Context(), facilitator, rc.ID, "search"))
		r.want(glosa.Invalid, r.Extend(t.Context(), facilitator, rc.ID, "tired"))
	})
}

// TestTwoPersonsRefuseOrErase: one side alone does neither.
func TestTwoPersonsRefuseOrErase(t *testing.T) {
	each(t, func(r room) {
		rc := r.asks(Cancellation, true)
		dbtest.Exec(t, r.DB, "insert into human (id, made) values ('h-civ', 0), ('h-gov', 0)")
		err := r.Resolve(t.Context(), glosa.Actor{Side: glosa.Civil, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Moderator}}, rc.ID, Granted, "")
		r.want(glosa.Denied, err) // nobody in particular
		r.want(glosa.Invalid, r.Resolve(t.Context(), civil, rc.ID, Denied, "because"))
		r.want(glosa.Denied, r.Resolve(t.Context(), facilitator, rc.ID, Granted, ""))
		r.is(rc, InProcess)
	})
}

func TestCountsAndDesk(t *testing.T) {
	each(t, func(r room) {
		r.asks(Access, true)
		r.asks(Opposition, true)
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

// TestNothingOfTheWordsIsOutsideTheBox: rows and events hold none; an old box is emptied.
func TestNothingOfTheWordsIsOutsideTheBox(t *testing.T) {
	each(t, func(r room) {
		rc := r.asks(Access, true)
		r.ok(r.DB.Read(t.Context(), func(tx *db.Tx) error {
			x, err := selectOne(tx, rc.ID)
			if strings.Contains(string(x.box), "canari") {
				t.Error("the box shows the words")
			}
			return err
		}))
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
		if c := r.is(rc, Executed); c.Text != "" || c.Questions != nil {
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
