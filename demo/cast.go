package demo

import (
	"context"
	"slices"
	"strconv"

	"glosa"
	"glosa/civic/people"
	"glosa/site"
)

// Cast are the members of one edition's cast: roles, never names.
type Cast map[string]glosa.Actor

// part is one seat of the cast.
type part struct {
	key    string
	side   glosa.Side
	seat   int
	sector people.Sector
	roles  []glosa.Role
}

// parts are the seats that both demonstration editions have; the first of each
// side names the others. Two persons of different sides stand behind every
// two-person act.
var parts = []part{
	{"facilitator", glosa.Civil, 1, "cso", []glosa.Role{glosa.Facilitator, glosa.Convenor}},
	{"moderator-civil", glosa.Civil, 2, "cso", []glosa.Role{glosa.Moderator}},
	{"moderator-civil-2", glosa.Civil, 3, "academia", []glosa.Role{glosa.Moderator}},
	{"chair", glosa.Civil, 4, "academia", []glosa.Role{glosa.Chair}},
	{"rapporteur", glosa.Civil, 5, "academia", []glosa.Role{glosa.Rapporteur}},
	{"panelist-1", glosa.Civil, 6, "cso", []glosa.Role{glosa.Panelist}},
	{"panelist-2", glosa.Civil, 7, "cso", []glosa.Role{glosa.Panelist}},
	{"panelist-3", glosa.Civil, 8, "business", []glosa.Role{glosa.Panelist}},
	{"panelist-4", glosa.Civil, 9, "academia", []glosa.Role{glosa.Panelist}},
	{"overview", glosa.Government, 5, "executive", []glosa.Role{glosa.Overview}},
	{"moderator-gov", glosa.Government, 1, "executive", []glosa.Role{glosa.Moderator}},
	{"moderator-gov-2", glosa.Government, 2, "executive", []glosa.Role{glosa.Moderator}},
	{"convenor-gov", glosa.Government, 3, "executive", []glosa.Role{glosa.Convenor}},
	{"clerk", glosa.Government, 4, "executive", []glosa.Role{glosa.Clerk}},
	{"intake-gov", glosa.Government, 6, "executive", []glosa.Role{glosa.IntakeDesk}},
	{"selector", glosa.Observatory, 1, "academia", []glosa.Role{glosa.Selector}},
	{"evaluator", glosa.Observatory, 2, "academia", []glosa.Role{glosa.Evaluator}},
}

// ministries answer questions in the demonstration. Each has a signatory, the
// holder of its head's post, and a liaison.
var ministries = []glosa.InstitutionKey{
	"SEGOB", "SEMUJERES", "SEFIPLAN", "SABGOB", "SSC", "SEBIEN", "SEQ", "SESA", "SEDETUR", "SEDE",
	"SEDARPE", "SEMA", "SEDETUS", "SEOP", "STYPS", "CAPA",
}

// offices enrols who holds the ministries' posts, once for both editions: the
// keeper of the server writes down, in public, what the government's own
// appointments say.
func offices(ctx context.Context, s *site.Site, from people.Day, doc people.Document) (Cast, error) {
	cast := Cast{}
	admin := glosa.Admin()
	if err := s.Auth.Announce(ctx, "invite", "Alta de titulares y enlaces según sus nombramientos (SINTÉTICO)"); err != nil {
		return nil, err
	}
	for _, key := range append([]glosa.InstitutionKey{"GUBERNATURA"}, ministries...) {
		for _, kind := range officeKinds {
			if kind.only != "" && kind.only != key {
				continue
			}
			post := people.Post{Key: postOf(key, kind.suffix), Institution: key, Title: kind.title,
				Side: glosa.Government, Roles: []glosa.Role{kind.role}, Sources: []string{demoSource}}
			if err := s.People.RegisterPost(ctx, admin, post); err != nil {
				return nil, err
			}
			human, err := s.People.Enrol(ctx, admin)
			if err != nil {
				return nil, err
			}
			if _, err := s.People.Grant(ctx, admin, people.Tenure{Post: post.Key, Human: human, From: from, Document: doc}); err != nil {
				return nil, err
			}
			_, g, err := s.Auth.InviteToPost(ctx, admin, "", post.Key)
			if err != nil {
				return nil, err
			}
			cast[string(post.Key)] = g.Actor()
		}
	}
	return cast, nil
}

// officeKinds are the posts of each office; one office alone translates.
var officeKinds = []struct {
	suffix string
	title  people.Words
	role   glosa.Role
	only   glosa.InstitutionKey
}{
	{"titular", people.Words{ES: "Titular", EN: "Head"}, glosa.Signatory, ""},
	{"enlace", people.Words{ES: "Enlace", EN: "Liaison"}, glosa.Liaison, ""},
	{"traduccion", people.Words{ES: "Traducción", EN: "Translation"}, glosa.Translator, "SEQ"},
}

// demoSource marks posts made for the demonstration.
const demoSource = "https://example.org/sintetico"

func postOf(i glosa.InstitutionKey, suffix string) glosa.PostKey {
	return glosa.PostKey(lower(string(i)) + "-" + suffix)
}

// lower is for keys of ASCII capitals.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// seats fills the seats of one edition and lets their holders in. The keeper of
// the server lets in the first of each side, and says so first; then each side
// names its own. The holders are the same humans in both editions when before is
// not nil.
func seats(ctx context.Context, s *site.Site, ed glosa.EditionID, from people.Day, doc people.Document, before Cast) (Cast, error) {
	cast := Cast{}
	for _, p := range parts {
		by, ok := cast[namers[p.side]]
		if !ok || p.key == namers[p.side] {
			by = glosa.Admin()
			if err := s.Auth.Announce(ctx, "invite", "Entra la primera persona de una de las partes (SINTÉTICO)"); err != nil {
				return nil, err
			}
		}
		human := before[p.key].Human
		if human == "" {
			var err error
			if human, err = s.People.Enrol(ctx, by); err != nil {
				return nil, err
			}
		}
		seat := people.Seat{Edition: ed, Side: p.side, Number: p.seat, Roles: p.roles, Sector: p.sector,
			Delegable: !slices.Contains(p.roles, glosa.Selector) && !slices.Contains(p.roles, glosa.Evaluator)}
		id, err := s.People.Seat(ctx, by, seat)
		if err != nil {
			return nil, err
		}
		if _, err := s.People.Sit(ctx, by, ed, people.Sitting{Seat: id, Human: human, From: from, Document: doc}); err != nil {
			return nil, err
		}
		_, g, err := s.Auth.InviteToSeat(ctx, by, ed, id)
		if err != nil {
			return nil, err
		}
		cast[p.key] = g.Actor()
	}
	return cast, nil
}

// namers are who names the people of each side.
var namers = map[glosa.Side]string{glosa.Civil: "facilitator", glosa.Observatory: "facilitator", glosa.Government: "overview"}

// declare leaves the interests of everybody who must declare them.
func declare(ctx context.Context, s *site.Site, ed glosa.EditionID, cast Cast) error {
	for i, key := range []string{"evaluator", "selector", "moderator-civil", "moderator-civil-2", "moderator-gov", "moderator-gov-2",
		"rapporteur", "facilitator", "convenor-gov", "panelist-1", "panelist-2", "panelist-3", "panelist-4"} {
		text := "Declaro que no tengo contratos con las instituciones a las que este ejercicio pregunta."
		if key == "facilitator" {
			text = "Declaro que la organización a la que pertenezco convoca el ejercicio y también negocia compromisos."
		}
		interest := people.Interest("none")
		if key == "facilitator" {
			interest = "declared"
		}
		if err := s.People.Declare(ctx, cast[key], ed, interest, text); err != nil {
			return wrap("declaration "+strconv.Itoa(i), err)
		}
	}
	return nil
}
