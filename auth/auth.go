package auth

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/people"
)

// How long things live (trust.md §7, line 5).
const (
	SessionLife  = 8 * time.Hour
	SessionIdle  = 30 * time.Minute
	InviteLife   = 72 * time.Hour
	tries        = 5
	touchAfter   = time.Minute // a session's last use is written at most this often
	codeBytes    = 10          // 80 bits
	sessionBytes = 16          // 128 bits
)

// Grant is one way to act, given to one human.
type Grant struct {
	ID          string
	Human       glosa.HumanID
	Edition     glosa.EditionID // "" for every edition
	Roles       []glosa.Role
	Side        glosa.Side
	Seat        int // number on that side, from 1; 0 for a post
	Post        glosa.PostKey
	Institution glosa.InstitutionKey
	From, Until time.Time // Until zero: no end
}

// Actor is the actor of the grant.
func (g Grant) Actor() glosa.Actor {
	return glosa.Actor{Human: g.Human, Post: g.Post, Institution: g.Institution, Side: g.Side,
		Seat: g.Seat, Roles: slices.Clone(g.Roles), Edition: g.Edition}
}

// holds tells whether the grant is in force at t.
func (g Grant) holds(t time.Time) bool {
	return !t.Before(g.From) && (g.Until.IsZero() || t.Before(g.Until))
}

// Check says what a grant lacks, before anything is announced or written. Invalid.
func (g Grant) Check() error { return g.check() }

func (g Grant) check() error {
	known := []glosa.Role{glosa.Convenor, glosa.Facilitator, glosa.IntakeDesk, glosa.Moderator, glosa.Translator, glosa.Selector,
		glosa.Liaison, glosa.Signatory, glosa.Chair, glosa.Clerk, glosa.Rapporteur, glosa.Panelist, glosa.Evaluator, glosa.Overview}
	switch {
	case len(g.Roles) == 0:
		return glosa.WrongField("role", "in.role")
	case slices.ContainsFunc(g.Roles, func(r glosa.Role) bool { return !slices.Contains(known, r) }):
		return glosa.WrongField("role", "in.role")
	case g.Side != glosa.Government && g.Side != glosa.Civil && g.Side != glosa.Observatory:
		return glosa.WrongField("side", "in.side")
	case g.Post == "" && g.Seat < 1:
		return glosa.WrongField("post", "in.post")
	case g.Side == glosa.Government && slices.Contains(g.Roles, glosa.Selector):
		return glosa.WrongField("role", "in.selector") // the selector holds no post in government
	case slices.ContainsFunc(g.Roles, func(r glosa.Role) bool { return !people.Fits(r, g.Side) }):
		return glosa.WrongField("role", "pe.misfit")
	}
	return nil
}

// Session is an open session.
type Session struct {
	Grant   Grant
	Actor   glosa.Actor
	Opened  time.Time
	Used    time.Time
	Expires time.Time
	Others  int  // how many other grants this human holds
	Ended   bool // whoever acts has left, or not yet taken, the place of the grant: the actor has no role
}

// Code is a one-time code as people type it: four groups of four, without the
// letters and digits that look alike.
func newCode(entropy io.Reader) (string, error) {
	b := make([]byte, codeBytes)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return "", err
	}
	s := codeLetters.EncodeToString(b)
	return s[0:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:16], nil
}

// codeLetters leaves out I, L, O and U (as Crockford's base 32 does).
var codeLetters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// tidyCode reads a code as people write it: any case, with or without hyphens
// and blanks, O for 0, I and L for 1.
func tidyCode(s string) string {
	s = strings.ToUpper(s)
	return strings.Map(func(r rune) rune {
		switch r {
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		case '-', ' ', '\t':
			return -1
		}
		return r
	}, s)
}

func newToken(entropy io.Reader) (string, error) {
	b := make([]byte, sessionBytes)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// hidden is what is kept of a code or a token.
func hidden(kind, secret string) []byte {
	h := sha256.Sum256([]byte("glosa/" + kind + "/v1\x00" + secret))
	return h[:]
}

// Announcement is one command of the server's keeper. Its reason is an official
// text, public as it was given; the record holds its digest.
type Announcement struct {
	At      time.Time
	Command glosa.Code
	Reason  string
}
