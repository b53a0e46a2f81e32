package panel

import (
	"strconv"
	"strings"
	"time"

	"glosa"
)

// Stage is how far the minutes have come.
type Stage string

const (
	Draft     Stage = "draft"
	Comment   Stage = "comment"
	ToSign    Stage = "to_sign"
	Published Stage = "published"
	Annexing  Stage = "annexing" // published, with an annex that awaits signatures
)

// Minutes is the account of one edition's session, in versions.
type Minutes struct {
	ID       glosa.MinutesID
	Edition  glosa.EditionID
	Stage    Stage
	Since    time.Time // when comments opened
	Until    time.Time // when comments close
	Versions []Version // oldest first; none is ever lost
	Comments []Remark
}

// Last is the newest version.
func (m Minutes) Last() Version { return m.Versions[len(m.Versions)-1] }

// InForce is the newest published version; ok is false while there is none.
func (m Minutes) InForce() (v Version, ok bool) {
	for _, x := range m.Versions {
		if !x.Published.IsZero() {
			v, ok = x, true
		}
	}
	return v, ok
}

// Version is one state of the text. A published one never changes.
type Version struct {
	Number    int
	Annex     bool   // made after publication, with a reason
	Reason    string // why it was rectified
	Text      Text
	Digest    glosa.Hash // of the text in its canonical form, see [Text.Digest]
	Written   time.Time
	By        string
	Signed    []Signature // at most one per side
	Published time.Time
}

// Signature is one side's agreement to one version. Until passkeys exist it is
// an act recorded under the post or seat, and pages say so.
type Signature struct {
	Side glosa.Side
	By   string // [glosa.Actor.By]
	At   time.Time
}

// Text is what the minutes say.
type Text struct {
	Body           string // what happened, in paragraphs
	Agreements     []Agreement
	Disagreements  []Disagreement
	NoAgreements   bool // said, not left out
	NoDisagreement bool // said, not left out
}

// Agreement is what both sides accept to do or to hold.
type Agreement struct {
	Mesa     glosa.MesaID
	Question glosa.QuestionID // the question it comes from, if any
	Text     string
}

// Disagreement keeps each side's words, side by side.
type Disagreement struct {
	Mesa       glosa.MesaID
	Subject    string
	Government string
	Civil      string
}

// Remark is a comment on the draft, under the post or seat that makes it.
type Remark struct {
	ID      string
	Version int
	By      string
	Side    glosa.Side
	Text    string
	At      time.Time
}

// Check finds what minutes lack: a body, agreements or the statement that there
// were none, disagreements or the same statement, and both sides' words in each
// disagreement. Kinds: Invalid.
func (t Text) Check() error {
	var wrong []glosa.Field
	add := func(name, key string) { wrong = append(wrong, glosa.Field{Name: name, Key: key}) }
	if n := len([]rune(strings.TrimSpace(t.Body))); n == 0 || n > 60000 {
		add("body", "pa.body")
	}
	if (len(t.Agreements) > 0) == t.NoAgreements {
		add("agreements", "pa.agreements")
	}
	if (len(t.Disagreements) > 0) == t.NoDisagreement {
		add("disagreements", "pa.disagreements")
	}
	for i, a := range t.Agreements {
		if strings.TrimSpace(a.Text) == "" {
			add("agreements."+strconv.Itoa(i+1), "pa.empty")
		}
	}
	for i, d := range t.Disagreements {
		if strings.TrimSpace(d.Subject) == "" || strings.TrimSpace(d.Government) == "" || strings.TrimSpace(d.Civil) == "" {
			add("disagreements."+strconv.Itoa(i+1), "pa.bothwords")
		}
	}
	if wrong != nil {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// Plain is the text as people compare it: body, then agreements, then
// disagreements, one paragraph each. It is a pure function of the text, so two
// versions can be laid side by side.
func (t Text) Plain() string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(t.Body))
	for _, a := range t.Agreements {
		b.WriteString("\n\n" + strings.TrimSpace(a.Text))
	}
	for _, d := range t.Disagreements {
		b.WriteString("\n\n" + strings.TrimSpace(d.Subject))
		b.WriteString("\n" + strings.TrimSpace(d.Government))
		b.WriteString("\n" + strings.TrimSpace(d.Civil))
	}
	return b.String()
}

// Digest is the SHA-256 of the text's canonical JSON: what the record holds of
// minutes, and what anybody recomputes from the published page.
func (t Text) Digest() (glosa.Hash, error) {
	js, err := glosa.JCS(t)
	if err != nil {
		return glosa.Hash{}, err
	}
	return glosa.Digest(js), nil
}

// Complete tells whether both sides have signed, as two different people. The
// people are compared by the desk and by the database; here only the sides are seen.
func (v Version) Complete() bool {
	gov, civil := false, false
	for _, s := range v.Signed {
		gov = gov || s.Side == glosa.Government
		civil = civil || s.Side == glosa.Civil
	}
	return gov && civil
}

// Lacks lists the sides whose signature is missing.
func (v Version) Lacks() (sides []glosa.Side) {
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil} {
		found := false
		for _, s := range v.Signed {
			found = found || s.Side == side
		}
		if !found {
			sides = append(sides, side)
		}
	}
	return sides
}

// MayWrite tells whether a new version may be written at this stage: before
// publication as a draft, after it as an annex.
func (s Stage) MayWrite(annex bool) bool {
	if annex {
		return s == Published || s == Annexing
	}
	return s == "" || s == Draft || s == Comment || s == ToSign
}

// MaySign tells whether a signature counts at this stage.
func (s Stage) MaySign() bool { return s == ToSign || s == Annexing }
