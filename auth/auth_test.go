package auth_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/auth"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
	"glosa/db/dbtest"
)

func each(t *testing.T, body func(t *testing.T, desk *auth.Desk, clock *glosa.FakeClock)) {
	dbtest.Each(t, []db.Schema{edition.Schema(), people.Schema(), auth.Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		body(t, &auth.Desk{DB: d, Entropy: rand.Reader}, clock)
	})
}

func moderator() auth.Grant {
	return auth.Grant{Edition: "demo26", Roles: []glosa.Role{glosa.Moderator}, Side: glosa.Civil, Seat: 2}
}

func TestInvitation(t *testing.T) {
	each(t, func(t *testing.T, desk *auth.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		code, g, err := desk.Invite(ctx, glosa.Admin(), moderator())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := desk.Redeem(ctx, "a", "0000-0000-0000-0000"); glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("a wrong code: %v", err)
		}
		typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
		token, s, err := desk.Redeem(ctx, "a", typed)
		if err != nil {
			t.Fatalf("the code as people type it: %v", err)
		}
		if s.Actor.By() != "seat:civil:2" || s.Actor.Human != g.Human || !s.Actor.Has(glosa.Moderator) {
			t.Errorf("actor %+v", s.Actor)
		}
		if _, _, err := desk.Redeem(ctx, "a", code); glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("a code worked twice: %v", err)
		}
		if strings.Contains(code, token) || len(token) < 20 {
			t.Errorf("token %q", token)
		}
		clock.Advance(auth.InviteLife)
		late, _, err := desk.Invite(ctx, glosa.Admin(), moderator())
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(auth.InviteLife + time.Second)
		if _, _, err := desk.Redeem(ctx, "b", late); glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("an expired code: %v", err)
		}
	})
}

func TestInviteRefuses(t *testing.T) {
	each(t, func(t *testing.T, desk *auth.Desk, _ *glosa.FakeClock) {
		cases := map[string]struct {
			by   glosa.Actor
			g    auth.Grant
			want glosa.Kind
		}{
			"ACitizen":                       {glosa.Citizen(), moderator(), glosa.Denied},
			"AModerator":                     {moderator().Actor(), moderator(), glosa.Denied},
			"AnotherEdition":                 {glosa.Actor{Roles: []glosa.Role{glosa.Facilitator}, Edition: "demo25"}, moderator(), glosa.Denied},
			"AFacilitatorOutsideTheRegister": {glosa.Actor{Side: glosa.Civil, Roles: []glosa.Role{glosa.Facilitator}}, moderator(), glosa.Denied},
			"AFacilitatorInGovernment":       {glosa.Admin(), auth.Grant{Roles: []glosa.Role{glosa.Facilitator}, Side: glosa.Government, Seat: 1}, glosa.Invalid},
			"NoRole":                         {glosa.Admin(), auth.Grant{Side: glosa.Civil, Seat: 1}, glosa.Invalid},
			"AnUnknownRole":                  {glosa.Admin(), auth.Grant{Roles: []glosa.Role{"boss"}, Side: glosa.Civil, Seat: 1}, glosa.Invalid},
			"TheAdmin":                       {glosa.Admin(), auth.Grant{Roles: []glosa.Role{glosa.AdminRole}, Side: glosa.Civil, Seat: 1}, glosa.Invalid},
			"NeitherPostNorSeat":             {glosa.Admin(), auth.Grant{Roles: []glosa.Role{glosa.Clerk}, Side: glosa.Civil}, glosa.Invalid},
			"ASelectorInGovernment":          {glosa.Admin(), auth.Grant{Roles: []glosa.Role{glosa.Selector}, Side: glosa.Government, Post: "x"}, glosa.Invalid},
		}
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				if _, _, err := desk.Invite(t.Context(), c.by, c.g); glosa.KindOf(err) != c.want {
					t.Errorf("got %v, want %v", err, c.want)
				}
			})
		}
	})
}

func TestSession(t *testing.T) {
	each(t, func(t *testing.T, desk *auth.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		begin := func() string {
			code, _, err := desk.Invite(ctx, glosa.Admin(), moderator())
			if err != nil {
				t.Fatal(err)
			}
			token, _, err := desk.Redeem(ctx, "a", code)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		over := func(token string) bool {
			_, err := desk.Resume(ctx, token)
			if err != nil && glosa.KindOf(err) != glosa.NotFound {
				t.Fatal(err)
			}
			return err != nil
		}
		idle := begin()
		clock.Advance(auth.SessionIdle + time.Second)
		if !over(idle) {
			t.Error("idle for more than 30 minutes and still open")
		}
		busy := begin()
		for range 15 { // used every half hour: lives, but not beyond 8 hours
			clock.Advance(auth.SessionIdle)
			if over(busy) {
				t.Fatal("used in time and yet over")
			}
		}
		clock.Advance(auth.SessionIdle)
		if !over(busy) {
			t.Error("older than 8 hours and still open")
		}
		gone := begin()
		if err := desk.SignOut(ctx, gone); err != nil {
			t.Fatal(err)
		}
		if !over(gone) {
			t.Error("signed out and still open")
		}
		if !over("nonsense") {
			t.Error("nonsense opened a session")
		}
	})
}

func TestRevokeEndsTheSessionToo(t *testing.T) {
	each(t, func(t *testing.T, desk *auth.Desk, _ *glosa.FakeClock) {
		ctx := t.Context()
		code, g, err := desk.Invite(ctx, glosa.Admin(), moderator())
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := desk.Redeem(ctx, "a", code)
		if err != nil {
			t.Fatal(err)
		}
		if err := desk.Revoke(ctx, glosa.Admin(), g.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := desk.Resume(ctx, token); glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("a revoked session: %v", err)
		}
	})
}

func TestTwoGrantsAreOneHuman(t *testing.T) {
	each(t, func(t *testing.T, desk *auth.Desk, _ *glosa.FakeClock) {
		ctx := t.Context()
		code, first, err := desk.Invite(ctx, glosa.Admin(), moderator())
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := desk.Redeem(ctx, "a", code)
		if err != nil {
			t.Fatal(err)
		}
		second := auth.Grant{Human: first.Human, Edition: "demo26", Roles: []glosa.Role{glosa.Liaison}, Side: glosa.Government, Post: "sesa-enlace"}
		if _, second, err = desk.Invite(ctx, glosa.Admin(), second); err != nil {
			t.Fatal(err)
		}
		token2, s, err := desk.Switch(ctx, token, second.ID)
		if err != nil {
			t.Fatal(err)
		}
		if s.Actor.Human != first.Human || s.Actor.By() != "post:sesa-enlace" {
			t.Errorf("switched to %+v", s.Actor)
		}
		if _, err := desk.Resume(ctx, token); glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("the old token lives: %v", err)
		}
		_, stranger, err := desk.Invite(ctx, glosa.Admin(), moderator())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := desk.Switch(ctx, token2, stranger.ID); glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("switched to a stranger's grant: %v", err)
		}
	})
}

func TestGuessingIsSlowed(t *testing.T) {
	each(t, func(t *testing.T, desk *auth.Desk, clock *glosa.FakeClock) {
		ctx := t.Context()
		for range 5 {
			desk.Redeem(ctx, "guesser", "0000-0000-0000-0000")
		}
		code, _, err := desk.Invite(ctx, glosa.Admin(), moderator())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := desk.Redeem(ctx, "guesser", code); glosa.KindOf(err) != glosa.Busy {
			t.Errorf("the sixth guess: %v", err)
		}
		if _, _, err := desk.Redeem(ctx, "somebody else", code); err != nil {
			t.Errorf("others wait for the guesser: %v", err)
		}
		clock.Advance(11 * time.Minute)
		if _, _, err := desk.Redeem(ctx, "guesser", "0000-0000-0000-0000"); glosa.KindOf(err) != glosa.NotFound {
			t.Errorf("after ten minutes: %v", err)
		}
	})
}

func TestAnnounceComesWithAReason(t *testing.T) {
	each(t, func(t *testing.T, desk *auth.Desk, _ *glosa.FakeClock) {
		if err := desk.Announce(t.Context(), "backup", ""); glosa.KindOf(err) != glosa.Invalid {
			t.Errorf("without a reason: %v", err)
		}
		if err := desk.Announce(t.Context(), "backup", "nightly copy"); err != nil {
			t.Fatal(err)
		}
		all, err := desk.Announcements(t.Context(), 10)
		if err != nil || len(all) != 1 || all[0].Reason != "nightly copy" {
			t.Errorf("announcements %+v, %v", all, err)
		}
	})
}
