package who

import (
	"context"
	"strings"

	"glosa"
	"glosa/civic/people"
	"glosa/web/text"
)

// Names are the offices and institutions of the register, in one language.
type Names struct {
	words    *text.Words
	register people.Register
}

// Read reads the register for a page.
func Read(ctx context.Context, desk *people.Desk, w *text.Words) (Names, error) {
	all, err := desk.Register(ctx)
	return Names{w, all}, err
}

// Institution is an institution's name; its key when nobody registered it.
func (n Names) Institution(key glosa.InstitutionKey) string {
	if i, ok := n.register.Institutions[key]; ok {
		return i.Name
	}
	return string(key)
}

// Knows tells whether an institution stands in the register.
func (n Names) Knows(key glosa.InstitutionKey) bool {
	_, ok := n.register.Institutions[key]
	return ok
}

// Post is an office with its institution: "Titular, Salud".
func (n Names) Post(key glosa.PostKey) string {
	p, ok := n.register.Posts[key]
	if !ok {
		return string(key)
	}
	return p.Title.In(n.words.Lang) + ", " + n.Institution(p.Institution)
}

// Side is a side of the table.
func (n Names) Side(s glosa.Side) string {
	if s == glosa.NoSide {
		return ""
	}
	return n.words.T("who.side." + string(s))
}

// Seat is a numbered chair of a side: "Sociedad civil, lugar 3".
func (n Names) Seat(s glosa.Side, number string) string {
	return n.words.T("who.seat", "side", n.Side(s), "number", number)
}

// By is whoever the record names: "post:KEY", "seat:SIDE:N", "citizen", "system", "admin".
func (n Names) By(by string) string {
	kind, rest, _ := strings.Cut(by, ":")
	switch kind {
	case "post":
		return n.Post(glosa.PostKey(rest))
	case "seat":
		side, number, _ := strings.Cut(rest, ":")
		return n.Seat(glosa.Side(side), number)
	case "citizen":
		return n.words.T("who.citizen")
	case "system":
		return n.words.T("who.system")
	case "admin":
		return n.words.T("who.admin")
	}
	return by
}

// Actor is the office or seat of whoever is signed in: what an act will be
// published under.
func (n Names) Actor(a glosa.Actor) string { return n.By(a.By()) }

// List is every institution of a side that a form may offer, by name's order in the register.
func (n Names) List(side glosa.Side) (keys []glosa.InstitutionKey) {
	for key, i := range n.register.Institutions {
		if i.Side == side && i.Next == "" {
			keys = append(keys, key)
		}
	}
	sortByName(keys, n.Institution)
	return keys
}
