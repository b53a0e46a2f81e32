package auth

import "glosa"

// Invited is left when somebody is given a way to act. It names the post or
// the seat, never the human.
type Invited struct {
	By      glosa.Code      `json:"by"` // side of whoever invited, or "admin"
	Edition glosa.EditionID `json:"edition"`
	Post    glosa.PostKey   `json:"post,omitempty"`
	Role    []glosa.Role    `json:"roles"`
	Seat    int             `json:"seat,omitempty"`
	Side    glosa.Side      `json:"side"`
}

// Announced is left by a command of the server's keeper before its effect.
type Announced struct {
	Command glosa.Code      `json:"command"`
	Reason  glosa.Hash      `json:"reason"` // digest of the reason given; the text is on the record's page
	Posts   []glosa.PostKey `json:"posts"`
}

var (
	kindInvited   = glosa.EventKind{Name: "auth.invited", Public: true, Body: Invited{}}
	kindRevoked   = glosa.EventKind{Name: "auth.revoked", Public: true, Body: Invited{}}
	kindAnnounced = glosa.EventKind{Name: "admin.act", Public: true, Body: Announced{}}
)

// Kinds lists what this room tells the world.
func Kinds() []glosa.EventKind {
	return []glosa.EventKind{kindInvited, kindRevoked, kindAnnounced}
}
