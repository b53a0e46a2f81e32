package auth_test

import (
	"crypto/rand"
	"testing"
	"time"

	"glosa"
	"glosa/auth"
	"glosa/civic/edition"
	"glosa/civic/edition/editiontest"
	"glosa/civic/people"
	"glosa/db"
	"glosa/db/dbtest"
)

const ed = glosa.EditionID("demo26")

var (
	facilitator = glosa.Actor{Human: "h-facilitator", Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Facilitator}}
	office      = glosa.Actor{Human: "h-office", Side: glosa.Government, Seat: 1, Roles: []glosa.Role{glosa.Overview}} // the governor's
)

// house is a register with a seat on each side, and a post, each with its holder.
type house struct {
	*auth.Desk
	t          *testing.T
	people     *people.Desk
	clock      *glosa.FakeClock
	civil, gov string // seats
	sits       string // in the civil seat
	tenure     string
	citizen    glosa.HumanID // in the civil seat
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) want(kind glosa.Kind, err error) {
	h.t.Helper()
	if err == nil || glosa.KindOf(err) != kind {
		h.t.Errorf("got %v, want %s", err, kind)
	}
}

func paper() people.Document {
	return people.Document{Digest: glosa.Digest([]byte("p")), Title: "Oficio"}
}

func (h *house) today() people.Day { return h.day(0) }

func (h *house) day(n int) people.Day {
	zone, err := time.LoadLocation("America/Cancun")
	h.ok(err)
	return people.DayOf(h.clock.Now().In(zone).AddDate(0, 0, n))
}

func (h *house) human() glosa.HumanID {
	id, err := h.people.Enrol(h.t.Context(), glosa.Admin())
	h.ok(err)
	return id
}

func (h *house) seat(by glosa.Actor, side glosa.Side) (seat, sits string, who glosa.HumanID) {
	seat, err := h.people.Seat(h.t.Context(), by, people.Seat{Edition: ed, Side: side, Number: 2, Roles: []glosa.Role{glosa.Moderator}, Sector: "academia", Delegable: true})
	h.ok(err)
	who = h.human()
	sits, err = h.people.Sit(h.t.Context(), by, ed, people.Sitting{Seat: seat, Human: who, From: h.day(-30), Document: paper()})
	h.ok(err)
	return seat, sits, who
}

func eachHouse(t *testing.T, body func(h *house)) {
	dbtest.Each(t, []db.Schema{edition.Schema(), people.Schema(), auth.Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		h := &house{Desk: &auth.Desk{DB: d, Entropy: rand.Reader}, t: t, people: &people.Desk{DB: d}, clock: clock}
		ref, err := people.ShippedReference("23")
		h.ok(err)
		h.ok(h.people.Load(t.Context(), glosa.Admin(), ref))
		h.ok((&edition.Desk{DB: d}).Found(t.Context(), facilitator, editiontest.Founding(ed, clock.Now())))
		h.gov, _, _ = h.seat(office, glosa.Government)
		h.civil, h.sits, h.citizen = h.seat(facilitator, glosa.Civil)
		h.tenure, err = h.people.Grant(t.Context(), office, people.Tenure{Post: "sesa-titular", Human: h.human(), From: h.day(-30), Document: paper()})
		h.ok(err)
		body(h)
	})
}

// enter lets whoever was invited in.
func (h *house) enter(code string, _ auth.Grant, err error) string {
	h.t.Helper()
	h.ok(err)
	token, _, err := h.Redeem(h.t.Context(), "a", code)
	h.ok(err)
	return token
}

// acts tells whether whoever holds the session may act at all.
func (h *house) acts(token string) bool {
	h.t.Helper()
	s, err := h.Resume(h.t.Context(), token)
	h.ok(err)
	may := s.Actor.May("question.admit") == nil || s.Actor.May("question.answer") == nil
	if may == s.Ended {
		h.t.Errorf("may act: %v, ended: %v", may, s.Ended)
	}
	return may
}

// TestEachSideInvitesItsOwn: nobody makes, renews or revokes a way to act of the
// other side, and nobody is shown its places.
func TestEachSideInvitesItsOwn(t *testing.T) {
	eachHouse(t, func(h *house) {
		ctx := h.t.Context()
		_, _, err := h.InviteToSeat(ctx, facilitator, ed, h.gov)
		h.want(glosa.Denied, err)
		_, _, err = h.InviteToPost(ctx, facilitator, ed, "sesa-titular")
		h.want(glosa.Denied, err)
		_, _, err = h.InviteToSeat(ctx, office, ed, h.civil)
		h.want(glosa.Denied, err)
		_, theirs, err := h.InviteToSeat(ctx, office, ed, h.gov)
		h.ok(err)
		_, ours, err := h.InviteToSeat(ctx, facilitator, ed, h.civil)
		h.ok(err)
		h.want(glosa.Denied, h.Revoke(ctx, facilitator, theirs.ID))
		h.want(glosa.Denied, h.Revoke(ctx, office, ours.ID))
		for by, of := range map[*glosa.Actor]glosa.Side{&facilitator: glosa.Civil, &office: glosa.Government} {
			all, err := h.Chairs(ctx, *by, ed)
			h.ok(err)
			for _, c := range all {
				if side := cmpSide(c); people.Namer(side) != of {
					h.t.Errorf("%s is shown a place of %s", of, side)
				}
			}
			if len(all) == 0 {
				h.t.Errorf("%s is shown nothing", of)
			}
		}
		elsewhere := facilitator
		elsewhere.Edition = "demo25"
		_, _, err = h.InviteToSeat(ctx, elsewhere, ed, h.civil)
		h.want(glosa.Denied, err)
	})
}

func cmpSide(c auth.Chair) glosa.Side {
	if c.Post.Key != "" {
		return c.Post.Side
	}
	return c.Seat.Side
}

// TestACodeOpensOneSide: whoever also acts on the other side is invited by the
// keeper, whose commands are public: the code would open their other seat too.
func TestACodeOpensOneSide(t *testing.T) {
	eachHouse(t, func(h *house) {
		ctx := h.t.Context()
		_, _, err := h.Invite(ctx, glosa.Admin(), auth.Grant{Human: h.citizen, Roles: []glosa.Role{glosa.Liaison}, Side: glosa.Government, Post: "sesa-enlace"})
		h.ok(err)
		_, _, err = h.InviteToSeat(ctx, facilitator, ed, h.civil)
		h.want(glosa.Denied, err)
		_, _, err = h.InviteToSeat(ctx, glosa.Admin(), ed, h.civil)
		h.ok(err)
	})
}

// TestWhoLeftActsNoMore: a session outlives the seat by not one act; the
// substitute takes over; the post likewise.
func TestWhoLeftActsNoMore(t *testing.T) {
	eachHouse(t, func(h *house) {
		ctx := h.t.Context()
		holder := h.enter(h.InviteToSeat(ctx, facilitator, ed, h.civil))
		minister := h.enter(h.InviteToPost(ctx, office, ed, "sesa-titular"))
		if !h.acts(holder) || !h.acts(minister) {
			h.t.Fatal("whoever sits does not act")
		}
		_, err := h.people.Sit(ctx, facilitator, ed, people.Sitting{Seat: h.civil, Human: h.human(), Substitute: true, From: h.today(), To: h.day(9), Document: paper()})
		h.ok(err)
		h.ok(h.people.Rise(ctx, facilitator, ed, h.civil, h.sits, h.day(-1)))
		h.ok(h.people.Leave(ctx, office, h.tenure, h.day(-1)))
		if h.acts(holder) || h.acts(minister) {
			h.t.Error("who left yesterday acts today")
		}
		s, err := h.Resume(ctx, holder)
		h.ok(err)
		if all, err := h.Grants(ctx, s); err != nil || len(all) != 0 {
			h.t.Errorf("ways to act of who left: %d, %v", len(all), err)
		}
		if _, _, err := h.Switch(ctx, holder, s.Grant.ID); glosa.KindOf(err) != glosa.NotFound {
			h.t.Errorf("back to the seat left: %v", err)
		}
		if substitute := h.enter(h.InviteToSeat(ctx, facilitator, ed, h.civil)); !h.acts(substitute) {
			h.t.Error("the substitute does not act")
		}
		_, _, err = h.InviteToPost(ctx, office, ed, "sesa-titular")
		h.want(glosa.Conflict, err) // it stands empty
	})
}

// TestTheCodeOfWhoLeft opens nothing, and neither does one for a day to come.
func TestTheCodeOfWhoLeft(t *testing.T) {
	eachHouse(t, func(h *house) {
		ctx := h.t.Context()
		code, _, err := h.InviteToSeat(ctx, facilitator, ed, h.civil)
		h.ok(err)
		h.ok(h.people.Rise(ctx, facilitator, ed, h.civil, h.sits, h.day(-1)))
		if _, _, err := h.Redeem(ctx, "a", code); glosa.KindOf(err) != glosa.NotFound {
			h.t.Errorf("the code of who left: %v", err)
		}
		next := h.human()
		_, err = h.people.Sit(ctx, facilitator, ed, people.Sitting{Seat: h.civil, Human: next, From: h.day(1), Document: paper()})
		h.ok(err)
		code, _, err = h.Invite(ctx, glosa.Admin(), auth.Grant{Human: next, Edition: ed, Roles: []glosa.Role{glosa.Moderator}, Side: glosa.Civil, Seat: 2})
		h.ok(err)
		if _, _, err := h.Redeem(ctx, "a", code); glosa.KindOf(err) != glosa.NotFound {
			h.t.Errorf("a code before the first day: %v", err)
		}
		h.clock.Advance(24 * time.Hour)
		if !h.acts(h.enter(code, auth.Grant{}, nil)) {
			h.t.Error("on the first day the seat is not theirs")
		}
	})
}
