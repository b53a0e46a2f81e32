package question

import (
	"crypto/hmac"
	"crypto/sha256"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"glosa"
)

// Ask is a question as it is handed in. Only Text and Municipality must be given.
type Ask struct {
	Text         string               // one question; limit by the protocol
	Context      string               // what it is about, if the question alone does not say
	Municipality glosa.TerritoryCode  // where the person asks from
	Institution  glosa.InstitutionKey // whom it is meant for; "" leaves it to the moderators
	Language     glosa.Code           // "" is the first language of the protocol
	NamePolicy   glosa.Code           // Anonymous (default) or Named
	Name         string               // only with Named; kept in people, in no list, feed or record
	Passage      glosa.PassageID      // the paragraph of the report it is about
	Commitment   glosa.CommitmentID   // the promise it is about
	File         []byte               // what comes with it; sound or film may stand for the text
	FileShown    bool                 // the asker wants a voice or a face published

	Auth glosa.Hash // SHA-256 of HMAC(key,"auth"), when the device made the key
	Lock glosa.Hash // SHA-256 of HMAC(key,"lock"), likewise; of a follow-up HMAC(key,"lock/follow")
	Salt [16]byte   // the device's part of the salt; zeros without script

	Caller string // the token or cookie of whoever calls; "" for all who have none
	Once   string // idempotency key; "" when the caller gives none

	Pace glosa.Code // what moderators should know of how it came: "burst", "same_text" or ""

	spoken bool // the file is sound or film
}

// Name policies.
const (
	Anonymous glosa.Code = "anonymous"
	Named     glosa.Code = "name"
)

// Sizes beyond which a text is not even counted. The protocol's limits are far below.
const (
	maxBytes     = 64 << 10
	maxNameRunes = 120
	maxOnceBytes = 200
)

// limits are what a protocol allows.
type limits struct {
	text, context int // in letters: Unicode characters
	languages     []glosa.Code
	files         int
	fileBytes     int64
	media         []string // types of file
}

// tidy gives the words as they will be kept: line ends as \n, no blanks at the
// ends. Nothing else is changed: HTML is text.
func (a Ask) tidy() Ask {
	a.Text, a.Context, a.Name = tidyText(a.Text), tidyText(a.Context), strings.Join(strings.Fields(a.Name), " ")
	if a.NamePolicy == "" {
		a.NamePolicy = Anonymous
	}
	if a.NamePolicy == Anonymous {
		a.Name = ""
	}
	return a
}

func tidyText(s string) string {
	return strings.TrimFunc(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), unicode.IsSpace)
}

// shape lists every field that is wrong whatever the edition's rules are.
func (a Ask) shape() (wrong []glosa.Field) {
	add := func(name, key string) { wrong = append(wrong, glosa.Field{Name: name, Key: key}) }
	for _, f := range []struct{ name, text string }{{"text", a.Text}, {"context", a.Context}, {"name", a.Name}} {
		if !clean(f.text, f.name != "name") {
			add(f.name, "a.chars")
		}
	}
	if strings.TrimFunc(a.Text, blank) == "" && !a.spoken {
		add("text", "a.empty")
	}
	if a.Municipality == "" || !plainWord(string(a.Municipality)) {
		add("municipality", "a.mun")
	}
	if !plainWord(string(a.Institution)) {
		add("institution", "a.institution")
	}
	if !plainWord(string(a.Language)) {
		add("language", "a.language")
	}
	if !plainWord(string(a.Passage)) {
		add("passage", "a.passage")
	}
	if !plainWord(string(a.Commitment)) {
		add("commitment", "ak.commitment")
	}
	switch {
	case a.NamePolicy != Anonymous && a.NamePolicy != Named:
		add("name_policy", "a.policy")
	case a.NamePolicy == Named && (a.Name == "" || utf8.RuneCountInString(a.Name) > maxNameRunes):
		add("name", "a.noname")
	}
	if a.Auth.IsZero() != a.Lock.IsZero() {
		add("lock", "a.lock")
	}
	if len(a.Once) > maxOnceBytes || !clean(a.Once, false) {
		add("idempotency_key", "a.once")
	}
	return wrong
}

// within lists the fields that break the edition's own limits.
func (a Ask) within(l limits) (wrong []glosa.Field) {
	for _, f := range []struct {
		name, text string
		most       int
	}{{"text", a.Text, l.text}, {"context", a.Context, l.context}} {
		if over := utf8.RuneCountInString(f.text) - f.most; over > 0 {
			wrong = append(wrong, glosa.Field{Name: f.name, Key: "a.long", Args: map[string]string{"n": strconv.Itoa(over)}})
		}
	}
	if a.Language != "" && !oneOf(a.Language, l.languages) {
		wrong = append(wrong, glosa.Field{Name: "language", Key: "a.language"})
	}
	return wrong
}

func oneOf(c glosa.Code, list []glosa.Code) bool {
	for _, l := range list {
		if l == c {
			return true
		}
	}
	return false
}

// clean tells whether a text may be kept: valid UTF-8, not absurdly long, no
// control characters but line end and tab, and none of the marks that turn the
// direction of the text that follows, which can make a page say what is not there.
func clean(s string, lines bool) bool {
	if len(s) > maxBytes || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		switch {
		case lines && (r == '\n' || r == '\t'):
		case unicode.IsControl(r), r == '\ufffe', r == '\uffff', r == '\u2028', r == '\u2029':
			return false
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return false
		}
	}
	return true
}

// blank tells whether a character shows nothing.
func blank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// plainWord tells whether a code or key is made of letters, digits, hyphens and the like.
func plainWord(s string) bool {
	if len(s) > 80 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.' && r != ':'
	})
}

// Object is what a question's commitment commits to. Its canonical JSON is kept
// as it was hashed; once admitted it is public together with the salt.
type Object struct {
	Commitment   glosa.CommitmentID   `json:"commitment,omitempty"`
	Context      string               `json:"context,omitempty"`
	Edition      glosa.EditionID      `json:"edition"`
	Institution  glosa.InstitutionKey `json:"institution,omitempty"`
	Kind         glosa.Code           `json:"kind"` // "question", or "transcript" when an office wrote down what was said
	Language     glosa.Code           `json:"language"`
	Municipality glosa.TerritoryCode  `json:"municipality"`
	Passage      glosa.PassageID      `json:"passage,omitempty"`
	Text         string               `json:"text"`
	V            int                  `json:"v"`
}

// once are the two hashes under which a submission is remembered: which call it
// was, and what it said. Both are keyed with the caller's own words, so that
// the table tells nobody who called or what was asked.
func (a Ask) once(ed glosa.EditionID, follows glosa.QuestionID) (call, body glosa.Hash) {
	m := hmac.New(sha256.New, []byte(a.Once))
	for _, s := range []string{"call", a.Caller, string(ed), string(follows)} {
		m.Write([]byte(s + "\x00"))
	}
	call = glosa.Hash(m.Sum(nil))
	said := map[string]any{"text": a.Text, "context": a.Context, "municipality": a.Municipality,
		"institution": a.Institution, "language": a.Language, "policy": a.NamePolicy, "name": a.Name,
		"passage": a.Passage, "auth": a.Auth, "lock": a.Lock, "salt": glosa.Hash(sha256.Sum256(a.Salt[:]))}
	if a.Commitment != "" {
		said["commitment"] = a.Commitment
	}
	if len(a.File) > 0 {
		said["file"], said["file_shown"] = glosa.Digest(a.File), a.FileShown
	}
	js, err := glosa.JCS(said)
	if err != nil {
		panic("question: " + err.Error()) // strings and hashes are always JSON
	}
	m = hmac.New(sha256.New, []byte(a.Once))
	m.Write([]byte("body\x00"))
	m.Write(js)
	return call, glosa.Hash(m.Sum(nil))
}
