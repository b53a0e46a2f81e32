package year

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"glosa"
	"glosa/auth"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/opinion"
	"glosa/civic/panel"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/civic/report"
	"glosa/record"
	"glosa/site"
)

// method is one method of a desk that takes an actor, and the act it asks
// may.txt for, as its own refusal names it.
type method struct {
	name string
	call reflect.Value
	act  glosa.Act
}

var (
	contextType = reflect.TypeFor[context.Context]()
	actorType   = reflect.TypeFor[glosa.Actor]()
)

// methods finds every method of every desk that takes an actor. Calling one as
// nobody tells which act it asks for.
func (y *Play) methods(t *testing.T) (all []method) {
	s := y.Site
	for room, desk := range map[string]any{"portrait": s.Portrait, "voter": s.Voter, "rights": s.Rights, "opinion": s.Opinion,
		"edition": s.Edition, "people": s.People, "notice": s.Notice, "report": s.Report, "question": s.Question, "intake": s.Intake,
		"priority": s.Priority, "panel": s.Panel, "draw": s.Draw, "commitment": s.Commitment, "auth": s.Auth, "record": &record.Desk{DB: s.DB}} {
		v := reflect.ValueOf(desk)
		for i := range v.NumMethod() {
			m := method{name: room + "." + v.Type().Method(i).Name, call: v.Method(i)}
			in := m.call.Type()
			if in.NumIn() < 2 || in.In(0) != contextType || in.In(1) != actorType {
				continue
			}
			err := m.try(y, glosa.Actor{Human: "h-nobody"})
			var e *glosa.Error
			if !errors.As(err, &e) || e.Kind != glosa.Denied || !slices.Contains(glosa.Acts(), glosa.Act(e.Args["rule"])) {
				t.Errorf("%s lets nobody in particular try: %v", m.name, err)
				continue
			}
			m.act = glosa.Act(e.Args["rule"])
			all = append(all, m)
		}
	}
	if len(all) < 80 {
		t.Fatalf("only %d methods take an actor", len(all))
	}
	return all
}

// try calls the method as an actor, about the things of the first edition.
func (m method) try(y *Play, by glosa.Actor) error {
	in := m.call.Type()
	args := []reflect.Value{reflect.ValueOf(y.ctx), reflect.ValueOf(by)}
	for i := 2; i < in.NumIn(); i++ {
		args = append(args, y.about(in.In(i)))
	}
	if in.IsVariadic() {
		args = args[:len(args)-1]
	}
	out := m.call.Call(args)
	err, _ := out[len(out)-1].Interface().(error)
	return err
}

// about is a value of a type that names something of the first edition, or nothing.
func (y *Play) about(typ reflect.Type) reflect.Value {
	v := reflect.New(typ).Elem()
	switch typ {
	case reflect.TypeFor[glosa.EditionID]():
		v.SetString(string(FirstEdition))
	case reflect.TypeFor[glosa.QuestionID]():
		v.SetString(string(slices.Min(slices.Collect(maps.Keys(y.Receipts)))))
	case reflect.TypeFor[glosa.MesaID]():
		v.SetString(string(panel.MesaIDOf(FirstEdition, 1)))
	case reflect.TypeFor[glosa.MinutesID]():
		v.SetString(string(panel.MinutesIDOf(FirstEdition)))
	case reflect.TypeFor[glosa.CommitmentID]():
		v.SetString("ENSAYO-2026-01")
	case reflect.TypeFor[string]():
		v.SetString("palabras")
	case reflect.TypeFor[glosa.Code]():
		v.SetString("personal_attack")
	case reflect.TypeFor[glosa.InstitutionKey]():
		v.SetString("SESA")
	case reflect.TypeFor[int]():
		v.SetInt(1)
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(y.Clock.Now().AddDate(0, 6, 0)))
	default:
		if sample, ok := samples[typ]; ok {
			v.Set(reflect.ValueOf(sample))
		}
	}
	if typ.Kind() == reflect.Struct {
		if f := v.FieldByName("Edition"); f.IsValid() && f.Type() == reflect.TypeFor[glosa.EditionID]() {
			f.SetString(string(FirstEdition))
		}
	}
	return v
}

// samples are inputs that nothing is wrong with, so that a method comes to look
// at the stage.
var samples = map[reflect.Type]any{
	reflect.TypeFor[report.Text]():        reportOf(reportText),
	reflect.TypeFor[report.Statement]():   report.Statement{Edition: FirstEdition, Commitment: "ENSAYO-2026-01", Status: report.Limited, Text: "Avanza."},
	reflect.TypeFor[panel.Text]():         panel.Text{Body: "Se abrió la sesión.", NoAgreements: true, NoDisagreement: true},
	reflect.TypeFor[panel.Chair]():        panel.Chair{Side: glosa.Civil, Seat: 6},
	reflect.TypeFor[panel.Duty]():         panel.Speaks,
	reflect.TypeFor[panel.Kind]():         panel.Question,
	reflect.TypeFor[panel.Absence]():      panel.NoNotice,
	reflect.TypeFor[opinion.Sort]():       opinion.Asked,
	reflect.TypeFor[panel.Note]():         panel.Note{Mesa: panel.MesaIDOf(FirstEdition, 1), Agreement: true, Text: "Publicar la lista."},
	reflect.TypeFor[commitment.Draft]():   commitment.Draft{Wording: commitment.Wording{Title: "Una promesa"}},
	reflect.TypeFor[intake.Opening]():     intake.Opening{Kind: intake.Paper, Name: "Casa de cultura", Place: "Calle 1", Municipality: "23005"},
	reflect.TypeFor[question.Ask]():       question.Ask{Text: "¿Se puede?", Municipality: "23005"},
	reflect.TypeFor[question.Answer]():    question.Answer{Kind: question.Said, Short: "Sí."},
	reflect.TypeFor[[]glosa.QuestionID](): []glosa.QuestionID{"ENS1-0001-A"},
}

// alsoBy are methods that ask for a second act when the first is denied.
var alsoBy = map[string]glosa.Act{"commitment.Revise": "commitment.propose", "report.Workbench": "report.publish", "question.FileFor": "question.inbox"}

// readers read at a desk, in any stage.
var readers = []string{"report.Workbench"}

var allRoles = []glosa.Role{glosa.CitizenRole, glosa.SystemRole, glosa.AdminRole, glosa.Convenor, glosa.Facilitator, glosa.IntakeDesk, glosa.Moderator,
	glosa.Selector, glosa.Liaison, glosa.Signatory, glosa.Chair, glosa.Clerk, glosa.Rapporteur, glosa.Panelist, glosa.Evaluator, glosa.Overview}

var allSides = []glosa.Side{glosa.NoSide, glosa.Government, glosa.Civil, glosa.Observatory}

// TestWhatMayTxtOmitsIsDenied: every desk method × role × side that no line of
// may.txt allows is Denied before anything is read or written; every method ×
// stage that no line allows leaves nothing behind, and says that it is closed.
func TestWhatMayTxtOmitsIsDenied(t *testing.T) {
	each(t, func(t *testing.T, c site.Config) {
		y := Open(t, c)
		y.Whole()
		y.Settle()
		all := y.methods(t)
		asked := map[glosa.Act]bool{"question.overdue": true, "question.carry": true, "question.merge": true, "question.decide_follow": true, // of the clock; of a follow-up, instead of admit and refuse
			"rights.resolve": true, "rights.told": true} // of the word that settle lets in first; inside the act of who carries mail
		for _, m := range all {
			asked[m.act], asked[alsoBy[m.name]] = true, true
		}
		for _, act := range glosa.Acts() {
			if !asked[act] {
				t.Errorf("no method of any desk asks for %s", act)
			}
		}
		t.Run("ByRoleAndSide", func(t *testing.T) { y.deniedByRole(t, all) })
		t.Run("ByAnotherEditionsSeat", func(t *testing.T) { y.deniedElsewhere(t, all) })
		t.Run("ByTheOtherSide", func(t *testing.T) { y.deniedAcross(t) })
		t.Run("ByStage", func(t *testing.T) { y.closedByStage(t, all) })
	})
}

func (y *Play) head(t *testing.T) int64 {
	t.Helper()
	n, err := y.Site.DB.Settled(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (y *Play) deniedByRole(t *testing.T, all []method) {
	before, tried := y.head(t), 0
	for _, m := range all {
		for _, role := range allRoles {
			for _, side := range allSides {
				by := glosa.Actor{Human: "h-some", Post: "some-post", Side: side, Seat: 1, Roles: []glosa.Role{role}}
				if by.May(m.act) == nil || by.May(alsoBy[m.name]) == nil {
					continue
				}
				tried++
				if err := m.try(y, by); glosa.KindOf(err) != glosa.Denied {
					t.Errorf("%s (%s) by a %s of %q: %v", m.name, m.act, role, side, err)
				}
			}
		}
	}
	if after := y.head(t); after != before {
		t.Errorf("denied acts left %d events", after-before)
	}
	t.Logf("%d methods, %d tries", len(all), tried)
}

// deniedElsewhere: a seat of another edition allows nothing in this one.
func (y *Play) deniedElsewhere(t *testing.T, all []method) {
	of, denied := 0, 0
	for _, m := range all {
		p := permitted(m.act)
		if p == nil || !m.ofAnEdition() {
			continue
		}
		of++
		by := *p
		by.Edition = "another-edition"
		switch err := m.try(y, by); {
		case err == nil:
			t.Errorf("%s answers a seat of another edition", m.name)
		case glosa.KindOf(err) == glosa.Denied:
			denied++
		case glosa.KindOf(err) == glosa.Internal:
			t.Errorf("%s: %v", m.name, err)
		}
	}
	if denied < of*2/3 {
		t.Errorf("%d of %d are Denied", denied, of)
	}
	t.Logf("%d of %d are Denied, the others found something else wrong first", denied, of)
}

// deniedAcross: each side names its own people. The facilitator may not make,
// fill, empty or open a place of the government, a moderator's first of all, nor
// the governor's office one of civil society.
func (y *Play) deniedAcross(t *testing.T) {
	title, moderates := people.Words{ES: "Moderación"}, []glosa.Role{glosa.Moderator}
	civil := people.Post{Key: "cxt-modera", Institution: "CXT", Title: title, Side: glosa.Civil, Roles: moderates}
	y.must(y.Site.People.RegisterPost(t.Context(), y.cast[Facilitator], civil))
	for namer, post := range map[Part]people.Post{
		Facilitator:     {Key: "sesa-titular", Institution: "SESA", Title: title, Side: glosa.Government, Roles: moderates},
		GovernorsOffice: civil,
	} {
		before := y.head(t)
		for name, try := range y.naming(t, y.cast[namer], post) {
			if err := try(); glosa.KindOf(err) != glosa.Denied {
				t.Errorf("%s: %s for %s: %v, want Denied", namer, name, post.Side, err)
			}
		}
		if after := y.head(t); after != before {
			t.Errorf("%s left %d events about people of %s", namer, after-before, post.Side)
		}
	}
}

// naming is every way to name somebody of a post's side, tried by somebody.
func (y *Play) naming(t *testing.T, by glosa.Actor, post people.Post) map[string]func() error {
	ctx, p, a, day, doc := t.Context(), y.Site.People, y.Site.Auth, y.today(), letter("Oficio (SINTÉTICO)")
	seat := fmt.Sprintf("%s-%s-2", FirstEdition, post.Side) // a moderator's
	someone, err := p.Enrol(ctx, glosa.Admin())
	y.must(err)
	all, err := a.Cast(ctx, FirstEdition)
	y.must(err)
	grant := all[slices.IndexFunc(all, func(g auth.Grant) bool { return g.Side == post.Side })].ID
	return map[string]func() error{
		"RegisterInstitution": func() error {
			return p.RegisterInstitution(ctx, by, people.Institution{Key: "NUEVA", Territory: "23", Name: "Nueva", Side: post.Side, Sector: "executive"})
		},
		"RegisterPost": func() error { return p.RegisterPost(ctx, by, post) },
		"Grant": func() error {
			_, err := p.Grant(ctx, by, people.Tenure{Post: post.Key, Human: someone, From: "2020-01-01", To: "2020-01-02", Document: doc})
			return err
		},
		"Delegate": func() error {
			_, err := p.Delegate(ctx, by, people.Delegation{Post: post.Key, Human: someone, Acts: []glosa.Act{"question.answer"}, From: day, To: day, Document: doc})
			return err
		},
		"Seat": func() error {
			_, err := p.Seat(ctx, by, people.Seat{Edition: FirstEdition, Side: post.Side, Number: 99, Roles: post.Roles, Sector: "executive"})
			return err
		},
		"Sit": func() error {
			_, err := p.Sit(ctx, by, FirstEdition, people.Sitting{Seat: seat, Human: someone, From: "2020-01-01", To: "2020-01-02", Document: doc})
			return err
		},
		"Rise":         func() error { return p.Rise(ctx, by, FirstEdition, seat, "whoever", day) },
		"InviteToSeat": func() error { _, _, err := a.InviteToSeat(ctx, by, FirstEdition, seat); return err },
		"InviteToPost": func() error { _, _, err := a.InviteToPost(ctx, by, FirstEdition, post.Key); return err },
		"Invite": func() error {
			_, _, err := a.Invite(ctx, by, auth.Grant{Human: someone, Edition: FirstEdition, Roles: post.Roles, Side: post.Side, Seat: 2})
			return err
		},
		"Revoke": func() error { return a.Revoke(ctx, by, grant) },
	}
}

// ofAnEdition tells whether the method is about something of one edition.
func (m method) ofAnEdition() bool {
	for i := 2; i < m.call.Type().NumIn(); i++ {
		switch typ := m.call.Type().In(i); typ {
		case reflect.TypeFor[glosa.EditionID](), reflect.TypeFor[glosa.QuestionID](), reflect.TypeFor[glosa.MesaID](),
			reflect.TypeFor[glosa.MinutesID](), reflect.TypeFor[glosa.CommitmentID]():
			return true
		default:
			if typ.Kind() == reflect.Struct {
				if f, ok := typ.FieldByName("Edition"); ok && f.Type == reflect.TypeFor[glosa.EditionID]() {
					return true
				}
			}
		}
	}
	return false
}

// permitted is an actor whom some line allows the act; nil when nobody has a role.
func permitted(act glosa.Act) *glosa.Actor {
	for _, role := range allRoles {
		for _, side := range allSides {
			by := glosa.Actor{Human: "h-some", Post: "some-post", Institution: "SESA", Side: side, Seat: 1, Roles: []glosa.Role{role}}
			if by.May(act) == nil {
				return &by
			}
		}
	}
	return nil
}

func (y *Play) closedByStage(t *testing.T, all []method) {
	tried, closed := 0, map[string]int{}
	for _, stage := range append(edition.Stages(), edition.Postponed, edition.Cancelled) {
		y.root(t, "update edition set stage = $1 where id = $2", string(stage), string(FirstEdition))
		before := y.head(t)
		for _, m := range all {
			by := permitted(m.act)
			if by == nil {
				continue
			}
			stages, any := by.OpenStages(m.act)
			if any || slices.Contains(stages, string(stage)) || slices.Contains(readers, m.name) {
				continue
			}
			tried++
			err := m.try(y, *by)
			switch kind := glosa.KindOf(err); {
			case err == nil:
				t.Errorf("%s (%s) went through while the edition is %s", m.name, m.act, stage)
			case kind == glosa.Closed:
				closed[m.name]++
			case kind == glosa.Internal || kind == glosa.Busy:
				t.Errorf("%s while %s: %v", m.name, stage, err)
			}
		}
		if after := y.head(t); after != before {
			t.Errorf("while %s, closed acts left %d events", stage, after-before)
		}
	}
	if len(closed) < 25 {
		t.Errorf("only %d methods say that the stage is closed: %v", len(closed), closed)
	}
	t.Logf("%d tries; %d methods say closed", tried, len(closed))
}
