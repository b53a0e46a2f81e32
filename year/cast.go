package year

import (
	"time"

	"glosa"
	"glosa/auth"
	"glosa/civic/people"
)

// Part is a member of the cast, by what they do.
type Part string

// The cast. Two persons of different sides stand behind every two-person act,
// and two more of each behind an appeal.
const (
	Keeper  Part = "the keeper of the server"
	Citizen Part = "a citizen"

	Facilitator        Part = "the facilitator"
	ModeratorGov       Part = "the government's moderator"
	ModeratorCivil     Part = "the civil moderator"
	OtherGov           Part = "the government's other moderator"
	OtherCivil         Part = "the other civil moderator"
	ConvenorGov        Part = "the government's convenor"
	Selector           Part = "the selector"
	Chair              Part = "the chair"
	Clerk              Part = "the clerk"
	Rapporteur         Part = "the rapporteur"
	Panelist           Part = "the panelist"
	Evaluator          Part = "the evaluator"
	GovernorsOffice    Part = "the governor's office"
	ModeratorTwoChairs Part = "the government's moderator, from a civil seat"

	ReportLiaison  Part = "who writes the report"
	Governor       Part = "the governor"
	HealthLiaison  Part = "the liaison of health"
	HealthMinister Part = "the minister of health"
	NewMinister    Part = "the next minister of health"
	WaterLiaison   Part = "the liaison of water"
	WaterHead      Part = "the head of water"
	EnvLiaison     Part = "the liaison of environment"
	EnvMinister    Part = "the minister of environment"
)

// chair is one seat of an edition.
type chair struct {
	part   Part
	side   glosa.Side
	number int
	sector people.Sector
	roles  []glosa.Role
	same   Part // held by the same human as this part
}

var chairs = []chair{
	{Facilitator, glosa.Civil, 1, "cso", []glosa.Role{glosa.Facilitator, glosa.Convenor}, Facilitator},
	{ModeratorCivil, glosa.Civil, 2, "cso", []glosa.Role{glosa.Moderator}, ""},
	{OtherCivil, glosa.Civil, 3, "academia", []glosa.Role{glosa.Moderator}, ""},
	{Chair, glosa.Civil, 4, "academia", []glosa.Role{glosa.Chair}, ""},
	{Rapporteur, glosa.Civil, 5, "academia", []glosa.Role{glosa.Rapporteur}, ""},
	{Panelist, glosa.Civil, 6, "cso", []glosa.Role{glosa.Panelist}, ""},
	{ModeratorGov, glosa.Government, 1, "executive", []glosa.Role{glosa.Moderator}, ""},
	{OtherGov, glosa.Government, 2, "executive", []glosa.Role{glosa.Moderator}, ""},
	{ConvenorGov, glosa.Government, 3, "executive", []glosa.Role{glosa.Convenor}, ""},
	{Clerk, glosa.Government, 4, "executive", []glosa.Role{glosa.Clerk}, ""},
	{GovernorsOffice, glosa.Government, 5, "executive", []glosa.Role{glosa.Overview}, GovernorsOffice},
	{Selector, glosa.Observatory, 1, "academia", []glosa.Role{glosa.Selector}, ""},
	{Evaluator, glosa.Observatory, 2, "academia", []glosa.Role{glosa.Evaluator}, ""},
	// One human on both sides: nobody may stand behind a two-person act alone.
	{ModeratorTwoChairs, glosa.Civil, 9, "cso", []glosa.Role{glosa.Moderator, glosa.Panelist, glosa.Convenor}, ModeratorGov},
}

// office is a post and who holds it.
type office struct {
	part        Part
	institution glosa.InstitutionKey
	post        glosa.PostKey
	role        glosa.Role
}

var offices = []office{
	{ReportLiaison, "GUBERNATURA", "gubernatura-enlace", glosa.Liaison},
	{Governor, "GUBERNATURA", "gubernatura-titular", glosa.Signatory},
	{HealthLiaison, "SESA", "sesa-enlace", glosa.Liaison},
	{HealthMinister, "SESA", "sesa-titular", glosa.Signatory},
	{WaterLiaison, "CAPA", "capa-enlace", glosa.Liaison},
	{WaterHead, "CAPA", "capa-titular", glosa.Signatory},
	{EnvLiaison, "SEMA", "sema-enlace", glosa.Liaison},
	{EnvMinister, "SEMA", "sema-titular", glosa.Signatory},
}

// letter is a synthetic official document.
func letter(title string) people.Document {
	return people.Document{Title: title, Digest: glosa.Digest([]byte(title))}
}

// today is the day at the place of the exercise.
func (y *Play) today() people.Day { return people.DayOf(y.Clock.Now().In(cancun)) }

// cancun keeps one hour all year.
var cancun = time.FixedZone("America/Cancun", -5*60*60)

func (y *Play) must(err error) {
	y.T.Helper()
	if err != nil {
		y.T.Fatalf("%v%s", err, why(err))
	}
}

// letIn lets somebody in by their code: the session's actor acts.
func (y *Play) letIn(part Part, code string, err error) {
	y.T.Helper()
	y.must(err)
	y.secret("an invitation", code)
	token, session, err := y.Site.Auth.Redeem(y.ctx, "192.0.2.44", code)
	y.must(err)
	y.secret("a session", token)
	y.cast[part], y.grants[part] = session.Actor, session.Grant.ID
}

// theKeeperOpensTheHouse loads the register of the territory and lets in the
// first person of each side, in public. From then on each side names its own: the
// governor's office appoints who holds the government's posts.
func (y *Play) theKeeperOpensTheHouse() {
	y.T.Helper()
	y.cast[Keeper], y.cast[Citizen] = glosa.Admin(), glosa.Citizen()
	ref, err := people.ShippedReference("23")
	y.must(err)
	y.must(y.Site.People.Load(y.ctx, glosa.Admin(), ref))
	for _, c := range chairs {
		if c.same != c.part {
			continue
		}
		human, err := y.Site.People.Enrol(y.ctx, glosa.Admin())
		y.must(err)
		y.must(y.Site.Auth.Announce(y.ctx, "invite", "Entra "+string(c.part)+" (SINTÉTICO)"))
		code, _, err := y.Site.Auth.Invite(y.ctx, glosa.Admin(), auth.Grant{Human: human, Roles: c.roles, Side: c.side, Seat: c.number})
		y.letIn(c.part, code, err)
	}
	for _, o := range offices {
		post := people.Post{Key: o.post, Institution: o.institution, Title: people.Words{ES: "Titular o enlace", EN: "Head or liaison"},
			Side: glosa.Government, Roles: []glosa.Role{o.role}, Sources: []string{"https://example.org/sintetico"}}
		y.must(y.Site.People.RegisterPost(y.ctx, y.cast[GovernorsOffice], post))
		y.appoint(o.part, post.Key)
	}
}

func (y *Play) appoint(part Part, post glosa.PostKey) {
	y.T.Helper()
	by := y.cast[GovernorsOffice]
	human, err := y.Site.People.Enrol(y.ctx, by)
	y.must(err)
	tenure, err := y.Site.People.Grant(y.ctx, by, people.Tenure{Post: post, Human: human, From: y.today(), Document: letter("Nombramiento (SINTÉTICO)")})
	y.must(err)
	y.tenures[post] = tenure
	code, _, err := y.Site.Auth.InviteToPost(y.ctx, by, "", post)
	y.letIn(part, code, err)
}

// theMinisterChanges ends one tenure yesterday and begins the next today.
func (y *Play) theMinisterChanges() {
	y.T.Helper()
	post := y.cast[HealthMinister].Post
	y.must(y.Site.People.Leave(y.ctx, y.cast[GovernorsOffice], y.tenures[post], people.DayOf(y.Clock.Now().In(cancun).AddDate(0, 0, -1))))
	y.appoint(NewMinister, post)
}

// namer is who names the holder of a chair: their own side, or the keeper, in
// public, where the human has a chair on the other side.
func (y *Play) namer(c chair) glosa.Actor {
	second := y.cast[ModeratorTwoChairs].Human != ""
	switch {
	case c.part == ModeratorTwoChairs, c.part == ModeratorGov && second:
		y.must(y.Site.Auth.Announce(y.ctx, "invite", "Una persona con lugar en las dos partes (SINTÉTICO)"))
		return y.cast[Keeper]
	case c.side == glosa.Government:
		return y.cast[GovernorsOffice]
	}
	return y.cast[Facilitator]
}

// theSeatsAreFilled fills the chairs of the edition on stage; who must declare
// their interests does. In a second edition the same people sit again.
func (y *Play) theSeatsAreFilled() {
	y.T.Helper()
	for _, c := range chairs {
		by, human := y.namer(c), y.cast[c.part].Human
		if c.same != "" {
			human = y.cast[c.same].Human
		}
		var err error
		if human == "" {
			human, err = y.Site.People.Enrol(y.ctx, by)
			y.must(err)
		}
		seat, err := y.Site.People.Seat(y.ctx, by, people.Seat{Edition: y.ed, Side: c.side, Number: c.number, Roles: c.roles, Sector: c.sector})
		y.must(err)
		_, err = y.Site.People.Sit(y.ctx, by, y.ed, people.Sitting{Seat: seat, Human: human, From: y.today(), Document: letter("Oficio (SINTÉTICO)")})
		y.must(err)
		if c.part != c.same { // those came in before, for every edition
			code, _, err := y.Site.Auth.InviteToSeat(y.ctx, by, y.ed, seat)
			y.letIn(c.part, code, err)
		}
	}
	for _, p := range []Part{Facilitator, ModeratorGov, ModeratorCivil, OtherGov, OtherCivil, Rapporteur, Panelist, Selector, Evaluator} {
		y.must(y.Site.People.Declare(y.ctx, y.cast[p], y.ed, "none", "Declaro que no tengo contratos con las instituciones a las que se pregunta."))
	}
}

// days lets nights pass, day by day, as the clock of a house would.
func (y *Play) days(n int) {
	y.T.Helper()
	for range n {
		y.Later(24 * time.Hour)
	}
}
