package people

import (
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
	"glosa/db/dbtest"
)

var (
	admin       = glosa.Admin()
	facilitator = glosa.Actor{Side: glosa.Civil, Seat: 1, Roles: []glosa.Role{glosa.Facilitator}}
	office      = glosa.Actor{Side: glosa.Government, Seat: 1, Roles: []glosa.Role{glosa.Overview}} // the governor's
)

const ed = glosa.EditionID("demo26")

// room is a desk with the reference data of Quintana Roo and one edition.
type room struct {
	*Desk
	t     *testing.T
	clock *glosa.FakeClock
}

func each(t *testing.T, body func(r room)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{edition.Schema(), Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		r := room{&Desk{DB: d}, t, clock}
		r.ok(r.Load(t.Context(), admin, quintanaRoo(t)))
		protocol, err := edition.Template("demo26")
		r.ok(err)
		editions := &edition.Desk{DB: d}
		r.ok(editions.Found(t.Context(), facilitator, edition.Founding{ID: ed, Series: "demo", Number: 2, Name: "Demostración 2026", Code: "DEMO26", Protocol: protocol, Synthetic: true}))
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

func (r room) read(fn func(tx *db.Tx) error) {
	r.t.Helper()
	r.ok(r.DB.Read(r.t.Context(), fn))
}

func (r room) act(fn func(tx *db.Tx) error) {
	r.t.Helper()
	r.ok(r.DB.Act(r.t.Context(), fn))
}

func (r room) human() glosa.HumanID {
	r.t.Helper()
	id, err := r.Enrol(r.t.Context(), admin)
	r.ok(err)
	return id
}

func day(s Day) time.Time { return s.Time() }

func paper(title string) Document {
	return Document{Digest: glosa.Digest([]byte(title)), Title: title}
}

func TestInstitutionOn(t *testing.T) {
	each(t, func(r room) {
		for _, c := range []struct {
			key  glosa.InstitutionKey
			day  Day
			want glosa.InstitutionKey
			sure bool
		}{
			{"SABGOB", "2019-12-16", "SECOES", true},
			{"SECOES", "2019-12-16", "SECOES", true},
			{"SECOES", "2026-03-01", "SABGOB", true},
			{"SABGOB", "2025-02-10", "SECOES", true},
			{"SECOES", "2025-06-01", "SECOES", false}, // in 2025 the sources leave the day open
			{"SABGOB", "2025-06-01", "SABGOB", false},
			{"SEBIEN", "2020-12-07", "SEDESO", true}, // seen that day under the older name
			{"SEDESO", "2026-03-01", "SEDESO", false},
			{"SEBIEN", "2026-03-01", "SEBIEN", false},
			{"SSP", "2020-01-01", "SSP", false}, // no source dates the change
			{"SSC", "2020-01-01", "SSC", false},
			{"INAI", "2025-03-20", "INAI", true},
			{"IDAIPQROO", "2025-10-31", "IDAIPQROO", true},
			{"IDAIPQROO", "2025-11-15", "IDAIPQROO", false},
			{"SEMUJERES", "2024-12-01", "SEMUJERES", true},
			{"SESA", "1999-01-01", "SESA", true},
		} {
			r.read(func(tx *db.Tx) error {
				got, err := InstitutionOn(tx, c.key, day(c.day))
				if err != nil || got.Key != c.want || got.Sure != c.sure {
					r.t.Errorf("%s on %s: %s sure=%v (%v), want %s sure=%v", c.key, c.day, got.Key, got.Sure, err, c.want, c.sure)
				}
				return nil
			})
		}
		for _, c := range []struct {
			key glosa.InstitutionKey
			day Day
		}{{"INAI", "2025-03-21"}, {"IDAIPQROO", "2026-01-01"}, {"SEMUJERES", "2024-09-30"}, {"NADIE", "2026-01-01"}} {
			r.read(func(tx *db.Tx) error {
				_, err := InstitutionOn(tx, c.key, day(c.day))
				r.want(glosa.NotFound, err)
				return nil
			})
		}
	})
}

func TestLineage(t *testing.T) {
	each(t, func(r room) {
		for _, key := range []glosa.InstitutionKey{"SECOES", "SABGOB"} {
			r.read(func(tx *db.Tx) error {
				line, err := Lineage(tx, key)
				if err != nil || len(line) != 2 || line[0].Key != "SECOES" || line[1].Key != "SABGOB" {
					r.t.Errorf("%s: %v %v", key, line, err)
				}
				all, err := Institutions(tx, day("2026-03-01"))
				if err != nil {
					return err
				}
				for _, i := range all {
					if i.Key == "INAI" || i.Key == "IDAIPQROO" || i.Key == "SECOES" {
						r.t.Errorf("%s exists in 2026", i.Key)
					}
				}
				return nil
			})
		}
	})
}

func TestTerritoryKeepsItsCode(t *testing.T) {
	each(t, func(r room) {
		r.read(func(tx *db.Tx) error {
			for when, want := range map[Day]string{"2024-12-31": "Solidaridad", "2025-03-18": "Solidaridad", "2025-03-20": "Playa del Carmen", "2026-03-02": "Playa del Carmen"} {
				got, err := TerritoryOn(tx, "23008", day(when))
				if err != nil || got.Name != want || !got.Sure || got.Census["total"] != 333800 || len(got.Names) != 2 {
					r.t.Errorf("%s: %q sure=%v (%v), want %q", when, got.Name, got.Sure, err, want)
				}
			}
			if got, err := TerritoryOn(tx, "23008", day("2025-03-19")); err != nil || got.Sure {
				r.t.Errorf("the sources give two days for the decree: %+v %v", got.Name, err)
			}
			all, err := Municipalities(tx, "23", day("2026-03-02"))
			if err != nil || len(all) != 11 || all[7].Name != "Playa del Carmen" || all[0].Census["adults"] != 62371 {
				r.t.Errorf("%d municipalities, %v", len(all), err)
			}
			for code, want := range map[glosa.TerritoryCode]bool{"23008": true, "23012": false, "23": false, "31060": false, "": false} {
				if got, err := KnownMunicipality(tx, "23", code); got != want || err != nil {
					r.t.Errorf("%q known: %v %v", code, got, err)
				}
			}
			_, err = TerritoryOn(tx, "99", day("2026-03-02"))
			r.want(glosa.NotFound, err)
			return nil
		})
	})
}

func TestLoadTwiceChangesNothing(t *testing.T) {
	each(t, func(r room) {
		ctx := r.t.Context()
		r.ok(r.RegisterInstitution(ctx, admin, Institution{Key: "SESA", Territory: "23", Name: "Salud (corregido)", Side: glosa.Government, Sector: "executive"}))
		before := len(dbtest.Events(r.t, r.DB))
		r.ok(r.Load(ctx, admin, quintanaRoo(r.t)))
		if after := len(dbtest.Events(r.t, r.DB)); after != before {
			r.t.Errorf("%d events more", after-before)
		}
		r.read(func(tx *db.Tx) error {
			if i, err := Office(tx, "SESA"); err != nil || i.Name != "Salud (corregido)" {
				r.t.Errorf("a correction by hand was lost: %q %v", i.Name, err)
			}
			return nil
		})
		r.want(glosa.Denied, r.Load(ctx, facilitator, quintanaRoo(r.t)))
	})
}

func TestRegister(t *testing.T) {
	each(t, func(r room) {
		ctx := r.t.Context()
		good := Institution{Key: "CAP-EJ", Territory: "23", Name: "Comisión de ejemplo", Side: glosa.Government, Sector: "executive"}
		r.ok(r.RegisterInstitution(ctx, office, good))
		r.want(glosa.Denied, r.RegisterInstitution(ctx, glosa.Citizen(), good))
		bad := good
		bad.Next, bad.NextBy = "NADIE", Renamed
		r.want(glosa.Conflict, r.RegisterInstitution(ctx, office, bad))
		r.want(glosa.Invalid, r.RegisterInstitution(ctx, office, Institution{Key: "a b"}))
		post := Post{Key: "cap-enlace", Institution: "CAP-EJ", Title: Words{ES: "Enlace", EN: "Liaison"}, Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
		r.ok(r.RegisterPost(ctx, office, post))
		post.Roles = []glosa.Role{glosa.AdminRole}
		r.want(glosa.Invalid, r.RegisterPost(ctx, office, post))
		post.Roles, post.Institution = []glosa.Role{glosa.Liaison}, "NADIE"
		r.want(glosa.NotFound, r.RegisterPost(ctx, office, post))
		r.read(func(tx *db.Tx) error {
			p, err := PostOf(tx, "cap-enlace")
			if err != nil || p.Institution != "CAP-EJ" || p.Title.EN != "Liaison" || p.Roles[0] != glosa.Liaison {
				r.t.Errorf("%+v %v", p, err)
			}
			if _, err := PostOf(tx, "sabgob-titular"); err != nil {
				r.t.Errorf("the head's post of a shipped institution: %v", err)
			}
			return nil
		})
	})
}

func TestHolderOn(t *testing.T) {
	each(t, func(r room) {
		ctx := r.t.Context()
		one, two := r.human(), r.human()
		first, err := r.Grant(ctx, admin, Tenure{Post: "sesa-titular", Human: one, From: "2026-01-10", Document: paper("Nombramiento de enero")})
		r.ok(err)
		_, err = r.Grant(ctx, admin, Tenure{Post: "sesa-titular", Human: two, From: "2026-06-01", Document: paper("Nombramiento de junio")})
		r.want(glosa.Conflict, err)
		r.ok(r.Leave(ctx, admin, first, "2026-05-31"))
		r.want(glosa.Conflict, r.Leave(ctx, admin, first, "2026-05-31"))
		_, err = r.Grant(ctx, admin, Tenure{Post: "sesa-titular", Human: two, From: "2026-06-01", Document: paper("Nombramiento de junio")})
		r.ok(err)
		for _, c := range []struct {
			human glosa.HumanID
			day   Day
			holds bool
		}{{one, "2026-01-09", false}, {one, "2026-01-10", true}, {one, "2026-05-31", true}, {one, "2026-06-01", false},
			{two, "2026-05-31", false}, {two, "2026-06-01", true}, {two, "2030-01-01", true}, {"", "2026-03-01", false}} {
			r.read(func(tx *db.Tx) error {
				err := HolderOn(tx, "sesa-titular", c.human, day(c.day))
				if (err == nil) != c.holds || err != nil && glosa.KindOf(err) != glosa.Denied {
					r.t.Errorf("on %s: %v, want holds=%v", c.day, err, c.holds)
				}
				if HolderOn(tx, "seq-titular", c.human, day(c.day)) == nil {
					r.t.Error("holds a post nobody gave")
				}
				return nil
			})
		}
		_, err = r.Grant(ctx, admin, Tenure{Post: "sesa-titular", Human: "nadie", From: "2020-01-01", To: "2020-02-01", Document: paper("x")})
		r.want(glosa.NotFound, err)
		_, err = r.Grant(ctx, admin, Tenure{Post: "sesa-titular", Human: one, From: "2020-01-01", To: "2019-01-01", Document: paper("x")})
		r.want(glosa.Invalid, err)
		_, err = r.Grant(ctx, admin, Tenure{Post: "sesa-titular", Human: one, From: "2020-01-01", To: "2020-02-01"})
		r.want(glosa.Invalid, err)
		_, err = r.Grant(ctx, glosa.Citizen(), Tenure{Post: "sesa-titular", Human: one, From: "2020-01-01", To: "2020-02-01", Document: paper("x")})
		r.want(glosa.Denied, err)
	})
}

func TestDelegation(t *testing.T) {
	each(t, func(r room) {
		ctx := r.t.Context()
		head, deputy := r.human(), r.human()
		_, err := r.Grant(ctx, admin, Tenure{Post: "sesa-titular", Human: head, From: "2026-01-01", Document: paper("Nombramiento")})
		r.ok(err)
		signs := glosa.Actor{Human: head, Post: "sesa-titular", Institution: "SESA", Side: glosa.Government, Roles: []glosa.Role{glosa.Signatory}}
		grant := Delegation{Post: "sesa-titular", Human: deputy, Acts: []glosa.Act{"question.answer"}, From: "2026-03-01", To: "2026-03-31", Document: paper("Oficio de suplencia")}
		id, err := r.Delegate(ctx, signs, grant)
		r.ok(err)
		allowed := func(act glosa.Act, d Day) error {
			return r.DB.Read(ctx, func(tx *db.Tx) error { return MayActFor(tx, "sesa-titular", deputy, act, day(d)) })
		}
		r.ok(allowed("question.answer", "2026-03-01"))
		r.ok(allowed("question.answer", "2026-03-31"))
		r.want(glosa.Denied, allowed("question.answer", "2026-04-01"))
		r.want(glosa.Denied, allowed("question.answer", "2026-02-28"))
		r.want(glosa.Denied, allowed("report.publish", "2026-03-10"))
		r.read(func(tx *db.Tx) error {
			g, err := DelegatedOn(tx, "sesa-titular", deputy, "question.answer", day("2026-03-10"))
			if err != nil || g.Document.Title != "Oficio de suplencia" {
				r.t.Errorf("the delegation names its document: %+v %v", g, err)
			}
			return nil
		})
		for name, change := range map[string]func(*Delegation){
			"NeverDelegable": func(g *Delegation) { g.Acts = []glosa.Act{"people.delegate"} },
			"UnknownAct":     func(g *Delegation) { g.Acts = []glosa.Act{"question.invent"} },
			"NoAct":          func(g *Delegation) { g.Acts = nil },
			"NoEnd":          func(g *Delegation) { g.To = "" },
			"NoDocument":     func(g *Delegation) { g.Document = Document{} },
		} {
			g := grant
			change(&g)
			if _, err := r.Delegate(ctx, signs, g); glosa.KindOf(err) != glosa.Invalid {
				r.t.Errorf("%s: got %v, want Invalid", name, err)
			}
		}
		other := grant
		other.Post = "seq-titular"
		_, err = r.Delegate(ctx, signs, other)
		r.want(glosa.Denied, err)
		impostor := signs
		impostor.Human = deputy
		_, err = r.Delegate(ctx, impostor, grant)
		r.want(glosa.Denied, err)
		r.ok(r.EndDelegation(ctx, signs, id))
		r.want(glosa.Denied, allowed("question.answer", "2026-03-10"))
		r.want(glosa.Conflict, r.EndDelegation(ctx, signs, id))
	})
}

func TestSeats(t *testing.T) {
	each(t, func(r room) {
		ctx := r.t.Context()
		holder, stand := r.human(), r.human()
		seat := Seat{Edition: ed, Side: glosa.Civil, Number: 2, Roles: []glosa.Role{glosa.Moderator, glosa.Panelist}, Sector: "cso", Institution: "CXT", Delegable: true}
		id, err := r.Seat(ctx, facilitator, seat)
		r.ok(err)
		_, err = r.Seat(ctx, facilitator, seat)
		r.want(glosa.Conflict, err)
		far := seat
		far.Edition = "demo99"
		_, err = r.Seat(ctx, facilitator, far)
		r.want(glosa.NotFound, err)
		_, err = r.Sit(ctx, facilitator, ed, Sitting{Seat: id, Human: stand, Substitute: true, From: "2026-03-01", To: "2026-03-05", Document: paper("Oficio")})
		r.want(glosa.Conflict, err) // for nobody
		_, err = r.Sit(ctx, facilitator, ed, Sitting{Seat: id, Human: holder, From: "2026-02-01", Document: paper("Carta de la organización")})
		r.ok(err)
		_, err = r.Sit(ctx, facilitator, ed, Sitting{Seat: id, Human: stand, From: "2026-03-01", Document: paper("Otra carta")})
		r.want(glosa.Conflict, err)
		sub, err := r.Sit(ctx, facilitator, ed, Sitting{Seat: id, Human: stand, Substitute: true, From: "2026-03-01", To: "2026-03-05", Document: paper("Oficio")})
		r.ok(err)
		r.want(glosa.Conflict, r.Rise(ctx, facilitator, ed, id, sub, "2026-03-04"))
		r.read(func(tx *db.Tx) error {
			for d, want := range map[Day]int{"2026-02-28": 0, "2026-03-03": 1, "2026-03-06": 0} {
				hats, err := Hats(tx, stand, day(d))
				if err != nil || len(hats) != want {
					r.t.Errorf("on %s: %d hats, %v", d, len(hats), err)
				}
				if want == 1 && hats[0].Actor(stand).By() != "seat:civil:2" {
					r.t.Errorf("acts as %s", hats[0].Actor(stand).By())
				}
			}
			return nil
		})
		own := seat
		own.Number, own.Delegable = 3, false
		id, err = r.Seat(ctx, facilitator, own)
		r.ok(err)
		_, err = r.Sit(ctx, facilitator, ed, Sitting{Seat: id, Human: stand, Substitute: true, From: "2026-03-01", To: "2026-03-05", Document: paper("Oficio")})
		r.want(glosa.Denied, err)
	})
}

func TestDeclarations(t *testing.T) {
	each(t, func(r room) {
		ctx := r.t.Context()
		who := r.human()
		mod := glosa.Actor{Human: who, Side: glosa.Civil, Seat: 2, Roles: []glosa.Role{glosa.Moderator}, Edition: ed}
		r.want(glosa.Denied, r.DB.Read(ctx, func(tx *db.Tx) error { return HasDeclared(tx, ed, who) }))
		r.want(glosa.Invalid, r.Declare(ctx, mod, ed, HasInterest, "  "))
		r.want(glosa.Invalid, r.Declare(ctx, mod, ed, "maybe", "x"))
		r.want(glosa.Denied, r.Declare(ctx, mod, "demo25", NoInterest, ""))
		r.ok(r.Declare(ctx, mod, ed, HasInterest, "La organización recibe recursos de la dependencia"))
		r.ok(r.DB.Read(ctx, func(tx *db.Tx) error { return HasDeclared(tx, ed, who) }))
		r.read(func(tx *db.Tx) error {
			all, err := Declarations(tx, ed)
			if err != nil || len(all) != 1 || all[0].By != "seat:civil:2" || all[0].Interest != HasInterest || !all[0].At.Equal(tx.Now) {
				r.t.Errorf("%+v %v", all, err)
			}
			return nil
		})
	})
}

func TestDocumentReplaces(t *testing.T) {
	each(t, func(r room) {
		ctx := r.t.Context()
		one := Participant{Capacity: "Equipo impulsor", Side: glosa.Civil, Sources: []string{"https://example.org/nota"}}
		r.ok(r.Document(ctx, admin, ed, []Participant{one, one}))
		r.ok(r.Document(ctx, admin, ed, []Participant{one}))
		r.read(func(tx *db.Tx) error {
			all, err := Participants(tx, ed)
			if err != nil || len(all) != 1 || all[0].Capacity != "Equipo impulsor" || all[0].Name != "" {
				r.t.Errorf("%+v %v", all, err)
			}
			return nil
		})
		bare := one
		bare.Sources = nil
		r.want(glosa.Invalid, r.Document(ctx, admin, ed, []Participant{bare}))
		r.want(glosa.Denied, r.Document(ctx, facilitator, ed, []Participant{one}))
	})
}

// TestEventsNameNobody: after every act, no event holds a human's id.
func TestEventsNameNobody(t *testing.T) {
	each(t, func(r room) {
		ctx := r.t.Context()
		who := r.human()
		_, err := r.Grant(ctx, admin, Tenure{Post: "sesa-titular", Human: who, From: "2026-01-01", Document: paper("Nombramiento")})
		r.ok(err)
		_, err = r.Delegate(ctx, office, Delegation{Post: "sesa-titular", Human: who, Acts: []glosa.Act{"question.answer"}, From: "2026-03-01", To: "2026-03-31", Document: paper("Oficio")})
		r.ok(err)
		id, err := r.Seat(ctx, facilitator, Seat{Edition: ed, Side: glosa.Observatory, Number: 5, Roles: []glosa.Role{glosa.Evaluator}, Sector: "academia"})
		r.ok(err)
		_, err = r.Sit(ctx, admin, ed, Sitting{Seat: id, Human: who, From: "2026-03-01", Document: paper("Carta")}) // one human on two sides
		r.ok(err)
		r.ok(r.Declare(ctx, glosa.Actor{Human: who, Side: glosa.Observatory, Seat: 5, Roles: []glosa.Role{glosa.Evaluator}}, ed, NoInterest, ""))
		known := map[string]bool{}
		for _, k := range Kinds() {
			known[k.Name] = true
		}
		for _, e := range dbtest.Events(r.t, r.DB) {
			if e.Room != "people" {
				continue
			}
			if !known[e.Kind] {
				r.t.Errorf("%s is not declared", e.Kind)
			}
			all := e.Subject + e.By + string(e.Body) + strings.Join(e.Tags, " ")
			for _, private := range []string{string(who), "Nombramiento", "Oficio", "Carta"} {
				if strings.Contains(all, private) {
					r.t.Errorf("%s holds %q: %s", e.Kind, private, all)
				}
			}
		}
	})
}
