package rights

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
)

// ID names a request. It is drawn at random and says nothing.
type ID string

// Kind is one of the four rights.
type Kind glosa.Code

const (
	Access        Kind = "access"
	Rectification Kind = "rectification"
	Cancellation  Kind = "cancellation"
	Opposition    Kind = "opposition"
)

// AllKinds lists them in the order of the law.
func AllKinds() []Kind { return []Kind{Access, Rectification, Cancellation, Opposition} }

// State is where a request stands.
type State glosa.Code

const (
	Received  State = "received" // identity is not shown yet
	InProcess State = "in_process"
	Extended  State = "extended"
	Resolved  State = "resolved"
	Executed  State = "executed"
)

// open tells whether an answer is owed.
func (s State) open() bool { return s == Received || s == InProcess || s == Extended }

// Outcome is how a request was resolved.
type Outcome glosa.Code

const (
	Granted Outcome = "granted"
	Denied  Outcome = "denied"
)

// Grounds lists why a request may be denied. Nothing else is a ground.
func Grounds() []glosa.Code {
	return []glosa.Code{"identity", "not_held", "third_party", "legal_duty", "already_done"}
}

// Reasons lists why the term may be extended, once.
func Reasons() []glosa.Code { return []glosa.Code{"search", "volume", "other_party"} }

// Proof is how somebody showed who they are.
type Proof glosa.Code

const (
	NotYet Proof = ""
	ByKey  Proof = "key"   // folio and key of a question
	Shown  Proof = "shown" // in person at a desk, uncopied
)

// Terms are the clocks of a legal regime.
type Terms struct {
	Regime                     glosa.Code
	Answer, Extension, Execute edition.Term
	Sourced                    bool // whether a source gives answer and extension; the time to execute is to be confirmed in every regime
}

// TermsOf gives the clocks of a regime. Twenty working days and ten more are those
// of a public procedure (facts §4.3); for a private host no source gathered gives
// any, and the same values stand as a template. Fifteen to execute are to be
// confirmed by counsel.
func TermsOf(regime glosa.Code) Terms {
	return Terms{Regime: regime, Sourced: regime == "LGPDPPSO",
		Answer: edition.Term{N: 20, Unit: edition.WorkingDays}, Extension: edition.Term{N: 10, Unit: edition.WorkingDays},
		Execute: edition.Term{N: 15, Unit: edition.WorkingDays}}
}

// words are what lies in a request's box.
type words struct {
	Text      string             `json:"text,omitempty"`
	Contact   string             `json:"contact,omitempty"`
	Language  glosa.Code         `json:"language,omitempty"` // in which they are told
	Name      string             `json:"name,omitempty"`     // of a rectification: the right one
	Questions []glosa.QuestionID `json:"questions,omitempty"`
	Done      []Done             `json:"done,omitempty"`
}

// Done is what was done to one question, as its room reported it.
type Done struct {
	Question glosa.QuestionID `json:"question"`
	What     glosa.Code       `json:"what"`
}

// What can be done to a question.
const (
	Copied     glosa.Code = "copied" // its author may take the copy
	Renamed    glosa.Code = "renamed"
	Erased     glosa.Code = "erased"
	WasErased  glosa.Code = "was_erased" // before
	Unnamed    glosa.Code = "unnamed"
	WasUnnamed glosa.Code = "was_unnamed" // it bore no name
)

// Checks lists how a desk sees that a question is somebody's.
func Checks() []glosa.Code { return []glosa.Code{"document", "receipt", "representative"} }

// Seen is what a desk writes down of somebody who came in person. What they showed
// is neither copied nor described.
type Seen struct {
	Folios []string   // of the questions that are theirs, as typed; at least one
	Check  glosa.Code // one of [Checks]
	Name   string     // the right one, of a rectification that came without it
}

// mostFolios is far more than anybody asks in an edition.
const mostFolios = 20

func (s *Seen) check() error {
	s.Name = strings.Join(strings.Fields(s.Name), " ")
	var wrong []glosa.Field
	if len(s.Folios) == 0 || len(s.Folios) > mostFolios {
		wrong = append(wrong, glosa.Field{Name: "folios", Key: "ar.folios"})
	}
	if !oneOf(s.Check, Checks()) {
		wrong = append(wrong, glosa.Field{Name: "check", Key: "ar.check"})
	}
	if len([]rune(s.Name)) > mostLine {
		wrong = append(wrong, glosa.Field{Name: "name", Key: "ar.noname"})
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// Ask is a request as it is handed in.
type Ask struct {
	Edition    glosa.EditionID
	Kind       Kind
	Text       string
	Contact    string     // "" for whoever will come back with folio and code
	Language   glosa.Code // in which they read
	Name       string     // of a rectification
	Folio, Key string     // of the question that it is about; "" for whoever comes to a desk
}

const (
	mostText = 2000
	mostLine = 120
)

// check lists every field that is wrong.
func (a *Ask) check() error {
	a.Text, a.Contact, a.Name = strings.TrimSpace(a.Text), strings.TrimSpace(a.Contact), strings.Join(strings.Fields(a.Name), " ")
	var wrong []glosa.Field
	add := func(name, key string) { wrong = append(wrong, glosa.Field{Name: name, Key: key}) }
	known := false
	for _, k := range AllKinds() {
		known = known || k == a.Kind
	}
	if !known {
		add("kind", "ar.kind")
	}
	if len([]rune(a.Text)) > mostText {
		add("text", "ar.long")
	}
	if len([]rune(a.Contact)) > mostLine || strings.ContainsAny(a.Contact, "\r\n\t") {
		add("contact", "ar.contact.bad")
	}
	if len([]rune(a.Name)) > mostLine {
		add("name", "ar.noname")
	}
	if a.Folio == "" && a.Text == "" {
		add("text", "ar.about")
	}
	if a.Kind == Rectification && a.Folio != "" && a.Name == "" {
		add("name", "ar.noname")
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// Receipt is what whoever asks takes home: folio and code open the request.
type Receipt struct {
	ID    ID
	Code  string
	Due   time.Time
	State State
}

// alphabet is Crockford's: what is dictated is not mistaken.
var alphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// draw makes a folio of 40 bits and a code of 80.
func draw() (id ID, code string) {
	var raw [15]byte
	_, _ = rand.Read(raw[:]) // crypto/rand never fails on a working machine
	id = ID("DP-" + alphabet.EncodeToString(raw[:5]))
	s := alphabet.EncodeToString(raw[5:])
	return id, s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// plain is a folio or a code as it was made, however it was typed.
func plain(typed string) string {
	return strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
}

// ParseID reads a folio as people type it. NotFound otherwise.
func ParseID(typed string) (ID, error) {
	s, ok := strings.CutPrefix(plain(typed), "DP")
	if !ok || len(s) != 8 {
		return "", glosa.Missing("right", "")
	}
	return ID("DP-" + s), nil
}

// lock is what is kept of a code.
func lock(code string) glosa.Hash {
	return sha256.Sum256([]byte("glosa/right/code/v1\x00" + plain(code)))
}

// Card is one request as its own page and the desk show it.
type Card struct {
	ID        ID
	Edition   glosa.EditionID
	Kind      Kind
	State     State
	Proof     Proof
	Outcome   Outcome
	Ground    glosa.Code
	Received  time.Time
	Resolved  time.Time
	Executed  time.Time
	Sum       edition.Sum // when the answer is due, and how that was counted
	Execute   edition.Sum // after it was granted
	Terms     Terms
	Text      string // what was asked; "" once the box is emptied
	Name      string // of a rectification
	Questions []glosa.QuestionID
	Check     glosa.Code // how a desk saw who it is; "" by key
	Done      []Done     // once it is executed
	Disputed  bool       // the two sides said different words, and have not agreed since
	Said      string     // who said the word that waits for a second, as the record names them; "" for nobody
	SaidWhat  Outcome    // and what
	Mine      bool       // of whoever reads: the second word cannot be theirs
}

// Unnamed tells whether a desk has still to say which questions it is about:
// nobody can grant it, or do it, before.
func (c Card) Unnamed() bool {
	return c.State == Received || c.Proof == Shown && len(c.Questions) == 0 && c.State != Executed && c.Outcome != Denied
}

// Late tells whether the answer came late, or has not come in time.
func (c Card) Late(now time.Time) bool {
	if c.State.open() {
		return c.Sum.Overdue(now)
	}
	return c.Sum.Overdue(c.Resolved)
}
