package people

import (
	"testing"

	"glosa"
	"glosa/db"
)

// sides is one house with a seat, a post and who has them on each side.
type sides struct {
	room
	gov, civil       string // seats
	govSits, civSits string // sittings
	tenure           string // of sesa-titular
}

func eachSide(t *testing.T, body func(s sides)) {
	each(t, func(r room) {
		ctx := t.Context()
		s := sides{room: r}
		seat := func(by glosa.Actor, side glosa.Side) (seat, sits string) {
			id, err := r.Seat(ctx, by, Seat{Edition: ed, Side: side, Number: 2, Roles: []glosa.Role{glosa.Moderator}, Sector: "executive", Delegable: true})
			r.ok(err)
			sits, err = r.Sit(ctx, by, ed, Sitting{Seat: id, Human: r.human(), From: "2026-02-01", Document: paper("Oficio")})
			r.ok(err)
			return id, sits
		}
		s.gov, s.govSits = seat(office, glosa.Government)
		s.civil, s.civSits = seat(facilitator, glosa.Civil)
		var err error
		s.tenure, err = r.Grant(ctx, office, Tenure{Post: "sesa-titular", Human: r.human(), From: "2026-01-01", Document: paper("Nombramiento")})
		r.ok(err)
		body(s)
	})
}

// TestEachSideNamesItsOwn: whatever names somebody of the other side is Denied,
// and leaves nothing behind.
func TestEachSideNamesItsOwn(t *testing.T) {
	eachSide(t, func(s sides) {
		ctx, doc := s.t.Context(), paper("Oficio")
		someone := s.human()
		over := facilitator
		over.Side, over.Edition = glosa.Government, "" // a facilitator's role on the other side gives nothing
		ministry := Institution{Key: "NUEVA", Territory: "23", Name: "Nueva", Side: glosa.Government, Sector: "executive"}
		post := Post{Key: "nueva-enlace", Institution: "SESA", Title: Words{ES: "Enlace"}, Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
		seat := func(side glosa.Side, n int) Seat {
			return Seat{Edition: ed, Side: side, Number: n, Roles: []glosa.Role{glosa.Moderator}, Sector: "cso"}
		}
		drop := func(_ string, err error) error { return err }
		for name, tried := range map[string]func() error{
			"AnInstitution": func() error { return s.RegisterInstitution(ctx, facilitator, ministry) },
			"AnInstitutionTaken": func() error {
				return s.RegisterInstitution(ctx, facilitator, Institution{Key: "SESA", Territory: "23", Name: "Salud", Side: glosa.Civil, Sector: "cso"})
			},
			"APost": func() error { return s.RegisterPost(ctx, facilitator, post) },
			"APostTaken": func() error {
				return s.RegisterPost(ctx, facilitator, Post{Key: "sesa-titular", Institution: "CXT", Title: Words{ES: "Titular"}, Side: glosa.Civil, Roles: []glosa.Role{glosa.Panelist}})
			},
			"ATenure": func() error {
				return drop(s.Grant(ctx, facilitator, Tenure{Post: "seq-titular", Human: someone, From: "2026-02-01", Document: doc}))
			},
			"ATenuresEnd": func() error { return s.Leave(ctx, facilitator, s.tenure, "2026-03-01") },
			"ADelegation": func() error {
				return drop(s.Delegate(ctx, facilitator, Delegation{Post: "sesa-titular", Human: someone, Acts: []glosa.Act{"question.answer"}, From: "2026-02-01", To: "2026-02-09", Document: doc}))
			},
			"ASeat": func() error { return drop(s.Seat(ctx, facilitator, seat(glosa.Government, 9))) },
			"ASitting": func() error {
				return drop(s.Sit(ctx, facilitator, ed, Sitting{Seat: s.gov, Human: someone, Substitute: true, From: "2026-02-01", To: "2026-02-09", Document: doc}))
			},
			"ASittingsEnd":      func() error { return s.Rise(ctx, facilitator, ed, s.gov, s.govSits, "2026-03-01") },
			"AGovernmentsCivil": func() error { return drop(s.Seat(ctx, office, seat(glosa.Civil, 9))) },
			"AGovernmentsJudge": func() error { return drop(s.Seat(ctx, office, seat(glosa.Observatory, 9))) },
			"AGovernmentsSitting": func() error {
				return drop(s.Sit(ctx, office, ed, Sitting{Seat: s.civil, Human: someone, Substitute: true, From: "2026-02-01", To: "2026-02-09", Document: doc}))
			},
			"AGovernmentsEnd":  func() error { return s.Rise(ctx, office, ed, s.civil, s.civSits, "2026-03-01") },
			"FromTheOtherSide": func() error { return drop(s.Seat(ctx, over, seat(glosa.Government, 9))) },
		} {
			if err := tried(); glosa.KindOf(err) != glosa.Denied {
				s.t.Errorf("%s: %v, want Denied", name, err)
			}
		}
		_, err := s.Seat(ctx, facilitator, seat(glosa.Observatory, 1))
		s.ok(err)
		_, err = s.Seat(ctx, office, seat(glosa.Government, 3))
		s.ok(err)
		s.ok(s.RegisterPost(ctx, office, post))
		s.ok(s.Leave(ctx, office, s.tenure, "2026-03-01"))
	})
}

// TestRolesOfASide: nobody names a facilitator, or a judge of their own.
func TestRolesOfASide(t *testing.T) {
	each(t, func(r room) {
		for role, by := range map[glosa.Role]glosa.Actor{glosa.Facilitator: office, glosa.Selector: office, glosa.Evaluator: facilitator, glosa.Overview: facilitator} {
			_, err := r.Seat(r.t.Context(), by, Seat{Edition: ed, Side: by.Side, Number: 7, Roles: []glosa.Role{role}, Sector: "cso"})
			r.want(glosa.Invalid, err)
		}
		r.want(glosa.Invalid, r.RegisterPost(r.t.Context(), admin, Post{Key: "x-y", Institution: "SESA", Title: Words{ES: "Enlace"}, Side: glosa.Civil, Roles: []glosa.Role{glosa.Panelist}}))
		r.want(glosa.Conflict, r.RegisterInstitution(r.t.Context(), admin, Institution{Key: "SESA", Territory: "23", Name: "Salud", Side: glosa.Civil, Sector: "cso"}))
	})
}

// TestNobodyIsBroughtOver: a human with a place on one side is given one on the
// other by the keeper of the server alone, who says so first.
func TestNobodyIsBroughtOver(t *testing.T) {
	eachSide(t, func(s sides) {
		ctx, doc := s.t.Context(), paper("Oficio")
		var minister glosa.HumanID
		s.read(func(tx *db.Tx) (err error) {
			minister, err = HoldsOn(tx, "sesa-titular", "2026-02-10")
			return err
		})
		id, err := s.Seat(ctx, facilitator, Seat{Edition: ed, Side: glosa.Civil, Number: 4, Roles: []glosa.Role{glosa.Panelist}, Sector: "cso"})
		s.ok(err)
		over := Sitting{Seat: id, Human: minister, From: "2026-02-10", Document: doc}
		_, err = s.Sit(ctx, facilitator, ed, over)
		s.want(glosa.Denied, err)
		_, err = s.Sit(ctx, admin, ed, over)
		s.ok(err)
	})
}

// TestASeatIsOfItsEdition: whoever sits in one edition seats nobody in another.
func TestASeatIsOfItsEdition(t *testing.T) {
	each(t, func(r room) {
		by := facilitator
		by.Edition = "demo25"
		_, err := r.Seat(r.t.Context(), by, Seat{Edition: ed, Side: glosa.Civil, Number: 4, Roles: []glosa.Role{glosa.Panelist}, Sector: "cso"})
		r.want(glosa.Denied, err)
	})
}

// TestTheDatabaseKnowsTheSides: a row that the desk never wrote is refused too.
func TestTheDatabaseKnowsTheSides(t *testing.T) {
	eachSide(t, func(s sides) {
		someone := s.human()
		for name, write := range map[string]func(tx *db.Tx) error{
			"Tenure": func(tx *db.Tx) error {
				return insertTenure(tx, Tenure{ID: "x", Post: "seq-titular", Human: someone, From: "2026-02-01"}, glosa.Government, "civil")
			},
			"TenureLies": func(tx *db.Tx) error {
				return insertTenure(tx, Tenure{ID: "x", Post: "seq-titular", Human: someone, From: "2026-02-01"}, glosa.Civil, "civil")
			},
			"Sitting": func(tx *db.Tx) error {
				return insertSitting(tx, Sitting{ID: "x", Seat: s.gov, Human: someone, From: "2026-02-01"}, glosa.Government, "civil")
			},
			"SittingLies": func(tx *db.Tx) error {
				return insertSitting(tx, Sitting{ID: "x", Seat: s.gov, Human: someone, From: "2026-02-01"}, glosa.Civil, "civil")
			},
			"Delegation": func(tx *db.Tx) error {
				return insertDelegation(tx, Delegation{ID: "x", Post: "sesa-titular", Human: someone, Acts: []glosa.Act{"question.answer"}, From: "2026-02-01", To: "2026-02-02"}, glosa.Government, "civil")
			},
			"Seat": func(tx *db.Tx) error {
				_, err := insertSeat(tx, Seat{ID: "x", Edition: ed, Side: glosa.Government, Number: 9, Roles: []glosa.Role{glosa.Moderator}, Sector: "cso"}, "civil")
				return err
			},
			"Judge": func(tx *db.Tx) error {
				_, err := insertSeat(tx, Seat{ID: "x", Edition: ed, Side: glosa.Observatory, Number: 9, Roles: []glosa.Role{glosa.Evaluator}, Sector: "cso"}, "government")
				return err
			},
		} {
			if err := s.DB.Act(s.t.Context(), write); err == nil {
				s.t.Errorf("%s: the database took it", name)
			}
		}
	})
}

// TestStandsOn: a chair is one person's at a time, from its first day to its last.
func TestStandsOn(t *testing.T) {
	eachSide(t, func(s sides) {
		ctx, stand := s.t.Context(), s.human()
		var holder, minister glosa.HumanID
		s.read(func(tx *db.Tx) (err error) {
			if holder, err = SitsOn(tx, s.civil, "2026-02-10"); err == nil {
				minister, err = HoldsOn(tx, "sesa-titular", "2026-02-10")
			}
			return err
		})
		_, err := s.Sit(ctx, facilitator, ed, Sitting{Seat: s.civil, Human: stand, Substitute: true, From: "2026-03-01", To: "2026-03-09", Document: paper("Oficio")})
		s.ok(err)
		s.ok(s.Rise(ctx, facilitator, ed, s.civil, s.civSits, "2026-03-04"))
		s.ok(s.Leave(ctx, office, s.tenure, "2026-03-04"))
		deputy := s.human()
		lent, err := s.Delegate(ctx, office, Delegation{Post: "sesa-titular", Human: deputy, Acts: []glosa.Act{"question.answer"}, From: "2026-03-01", To: "2026-03-09", Document: paper("Suplencia")})
		s.ok(err)
		seat := func(h glosa.HumanID) glosa.Actor {
			return glosa.Actor{Human: h, Side: glosa.Civil, Seat: 2, Edition: ed}
		}
		post := func(h glosa.HumanID) glosa.Actor {
			return glosa.Actor{Human: h, Side: glosa.Government, Post: "sesa-titular"}
		}
		check := func(by glosa.Actor, day Day, want bool) {
			s.t.Helper()
			s.read(func(tx *db.Tx) error {
				if err := StandsOn(tx, by, day); (err == nil) != want || err != nil && glosa.KindOf(err) != glosa.Denied {
					s.t.Errorf("%s on %s: %v, want %v", by.By(), day, err, want)
				}
				return nil
			})
		}
		check(seat(holder), "2026-01-31", false) // not yet
		check(seat(holder), "2026-02-01", true)
		check(seat(stand), "2026-02-28", false)
		check(seat(holder), "2026-03-01", false) // the substitute sits
		check(seat(stand), "2026-03-01", true)
		check(seat(holder), "2026-03-05", false) // left yesterday
		check(seat(stand), "2026-03-05", true)
		check(seat(stand), "2026-03-10", false)
		check(seat(""), "2026-03-10", false)
		check(post(minister), "2026-03-04", true)
		check(post(minister), "2026-03-05", false)
		check(post(deputy), "2026-03-05", true)
		s.ok(s.EndDelegation(ctx, office, lent))
		check(post(deputy), "2026-03-05", false)
		check(glosa.Actor{Human: deputy, Side: glosa.Civil, Seat: 99, Edition: ed}, "2026-03-05", true) // not of the register: the keeper's
		_, err = s.Seat(ctx, facilitator, Seat{Edition: ed, Side: glosa.Civil, Number: 99, Roles: []glosa.Role{glosa.Moderator}, Sector: "cso"})
		s.ok(err)
		check(glosa.Actor{Human: deputy, Side: glosa.Civil, Seat: 99, Edition: ed}, "2026-03-05", true) // nobody was given it there
	})
}
