package priority

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/method/shares"
)

// Criteria is the rule of a contest, frozen and public before the intake opens.
// Its canonical JSON is what the event's digest is of.
type Criteria struct {
	Contest     glosa.ContestID `json:"contest"`
	Edition     glosa.EditionID `json:"edition"`
	Rule        glosa.Code      `json:"rule"`
	Utility     glosa.Code      `json:"utility"`
	Completions []glosa.Code    `json:"completions"`
	Ties        []glosa.Code    `json:"ties"`
	Minutes     int             `json:"minutes"`      // of the whole agenda
	PerQuestion int             `json:"per_question"` // minutes that one question takes
	Choices     int             `json:"choices"`      // most questions on a ballot
	Counting    []glosa.Code    `json:"counting"`     // doors whose ballots decide
	Apart       []glosa.Code    `json:"apart"`        // doors shown beside
	Protocol    glosa.Hash      `json:"protocol"`     // the protocol's text they were taken from
}

// The words of a protocol's selection that this room understands.
const (
	ruleEqualShares glosa.Code = "equal_shares"     // computed
	ruleOutside     glosa.Code = "outside_selector" // picked by the selector, see [Desk.Pick]
	DeviceDoor      glosa.Code = "device"
)

// ties is the only tie rule that method/shares has.
var ties = []glosa.Code{"more_supporters", "fewer_minutes", "id"}

// ContestOf is the contest of an edition's agenda.
func ContestOf(ed glosa.EditionID) glosa.ContestID { return glosa.ContestID(ed + "-agenda") }

// criteriaOf takes the criteria from a protocol. Invalid, naming the place in the
// protocol, when it asks for what cannot be computed here.
func criteriaOf(ed edition.Edition) (Criteria, error) {
	s := ed.Protocol.Selection
	c := Criteria{Contest: ContestOf(ed.ID), Edition: ed.ID, Rule: s.Rule, Utility: s.Utility,
		Completions: append([]glosa.Code{}, s.Completions...), Ties: append([]glosa.Code{}, s.Ties...),
		Minutes: s.Minutes * max(1, ed.Protocol.Seats.Mesas), PerQuestion: s.PerQuestion, Choices: s.Choices,
		Counting: append([]glosa.Code{}, s.Counting...), Apart: append([]glosa.Code{}, s.Apart...), Protocol: ed.Digest}
	var wrong []glosa.Field
	if _, err := c.rule(); err != nil && c.computed() {
		wrong = append(wrong, glosa.Field{Name: "selection.rule", Key: "g.badrule"})
	}
	if c.computed() && !slices.Equal(c.Ties, ties) {
		wrong = append(wrong, glosa.Field{Name: "selection.ties", Key: "g.badrule"})
	}
	for name, n := range map[string]int{"selection.minutes": c.Minutes, "selection.minutes_per_question": c.PerQuestion, "selection.choices": c.Choices} {
		if n <= 0 {
			wrong = append(wrong, glosa.Field{Name: name, Key: "g.badrule"})
		}
	}
	if len(wrong) > 0 {
		slices.SortFunc(wrong, func(a, b glosa.Field) int { return strings.Compare(a.Name, b.Name) })
		return Criteria{}, glosa.Wrong(wrong...)
	}
	return c, nil
}

// rule is the criteria in the words of method/shares.
func (c Criteria) rule() (shares.Rule, error) {
	r := shares.Rule{Satisfaction: string(c.Utility), Completion: shares.None}
	if c.Rule == ruleEqualShares {
		r.Kind = shares.EqualShares
	}
	for _, done := range c.Completions {
		switch {
		case r.Completion == shares.None:
			r.Completion = string(done)
		case done == shares.Utilitarian && (r.Completion == shares.Add1 || r.Completion == shares.Add1U):
			r.Completion = shares.Add1U // add1, then utilitarian
		default:
			r.Kind = "" // no such sequence
		}
	}
	return r, r.Check()
}

// computed tells whether the agenda follows from the ballots; else the selector picks it.
func (c Criteria) computed() bool { return c.Rule != ruleOutside }

// counts tells whether ballots of a door decide.
func (c Criteria) counts(door glosa.Code) bool { return slices.Contains(c.Counting, door) }

// takes tells whether ballots of a door are taken at all.
func (c Criteria) takes(door glosa.Code) bool {
	return c.counts(door) || slices.Contains(c.Apart, door)
}

// Keys hands out the 32 random bytes of an edition. They lie in files outside
// the database and its backups and are destroyed 90 days after the evaluation.
// Under the name "doors" lies the key that signs device tokens.
type Keys interface {
	// EditionKey is an edition's key. NotFound when it was destroyed.
	EditionKey(ed glosa.EditionID) ([32]byte, error)
	// Destroy destroys it for good; twice is no error.
	Destroy(ed glosa.EditionID) error
}

// doorKey names the key of device tokens among the edition keys.
const doorKey glosa.EditionID = "doors"

// Device is a browser that holds a token of ours. It says nothing of a person.
type Device struct{ id [16]byte }

// deviceLetters writes tokens in lower case without padding.
var deviceLetters = base32.StdEncoding.WithPadding(base32.NoPadding)

// token is the id and 16 bytes of its HMAC: nobody invents one.
func (v Device) token(key [32]byte) string {
	return strings.ToLower(deviceLetters.EncodeToString(append(v.id[:], v.seal(key)...)))
}

func (v Device) seal(key [32]byte) []byte { return mac(key[:], "device", string(v.id[:]))[:16] }

// parseDevice reads a token. ok is false when it is not one of ours.
func parseDevice(token string, key [32]byte) (v Device, ok bool) {
	b, err := deviceLetters.DecodeString(strings.ToUpper(token))
	if err != nil || len(b) != 32 {
		return Device{}, false
	}
	copy(v.id[:], b)
	return v, hmac.Equal(v.seal(key), b[16:])
}

// mac is HMAC-SHA-256 over parts with a zero byte between them.
func mac(key []byte, parts ...string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(strings.Join(parts, "\x00")))
	return m.Sum(nil)
}

// rowKey is where a credential's ballot of a contest lies.
func rowKey(key [32]byte, contest glosa.ContestID, door glosa.Code, identifier []byte) glosa.Hash {
	cred := mac(key[:], "cred", string(door), string(identifier))
	return glosa.Hash(mac(key[:], "ballot", string(contest), string(cred)))
}

// Object is what a ballot's commitment commits to.
type Object struct {
	Choices []glosa.QuestionID `json:"choices"` // as the person chose them, sorted
	Contest glosa.ContestID    `json:"contest"`
	Kind    glosa.Code         `json:"kind"` // "ballot"
	Lock    glosa.Hash         `json:"lock"` // SHA-256 of the opener
	V       int                `json:"v"`
}

// Tracker is the name of a ballot's row in the published file:
// SHA-256("glosa/tracker/v1" ‖ 0x00 ‖ salt) in hexadecimal.
func Tracker(salt glosa.Hash) string {
	h := sha256.Sum256(append([]byte("glosa/tracker/v1\x00"), salt[:]...))
	return hex.EncodeToString(h[:])
}

// DeviceSalt makes the device's part of a salt out of a word that a voter types
// where there is no script; the empty word gives zeros.
func DeviceSalt(word string) (salt [16]byte) {
	if word != "" {
		h := sha256.Sum256([]byte("glosa/word/v1\x00" + word))
		copy(salt[:], h[:])
	}
	return salt
}

// Receipt is what a voter takes home: private, since it shows the choices.
type Receipt struct {
	Contest    glosa.ContestID
	Choices    []glosa.QuestionID // empty when the ballot was withdrawn; then nothing below is set
	Commit     glosa.Hash
	SaltServer glosa.Hash
	SaltDevice [16]byte
	Lock       glosa.Hash
	LockBy     glosa.Code // "server"
	Tracker    string
	Promise    []byte
	MergeBy    time.Time
}

// Object is what the receipt's commitment commits to.
func (r Receipt) Object() Object {
	return Object{Choices: r.Choices, Contest: r.Contest, Kind: "ballot", Lock: r.Lock, V: 1}
}

// Merkle is the root of RFC 6962 over sorted distinct commitments:
// leaves SHA-256(0x00 ‖ commitment), nodes SHA-256(0x01 ‖ left ‖ right), the left
// part being the largest power of two below the number; of nothing, SHA-256("").
func Merkle(commits []glosa.Hash) glosa.Hash {
	switch n := len(commits); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, commits[0][:]...))
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		left, right := Merkle(commits[:k]), Merkle(commits[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
	}
}

// distinct sorts commitments and drops repetitions.
func distinct(commits []glosa.Hash) []glosa.Hash {
	slices.SortFunc(commits, func(a, b glosa.Hash) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(commits)
}

// step is the least by which a public count moves.
const step = 10

// moved is the count to show when it is n and was shown as was: it follows only
// in steps of ten or more, and nothing is shown below ten.
func moved(was, n int) int {
	if n-was >= step || was-n >= step {
		if n < step {
			return 0
		}
		return n
	}
	return was
}
