package priority

import (
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/method/cell"
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
	Minutes     int             `json:"minutes"`      // of the whole agenda: of all mesas together
	Mesas       int             `json:"mesas"`        // that share it
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
		Minutes: s.Minutes * max(1, ed.Protocol.Seats.Mesas), Mesas: max(1, ed.Protocol.Seats.Mesas), PerQuestion: s.PerQuestion, Choices: s.Choices,
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

// Counts tells whether ballots of a door decide.
func (c Criteria) Counts(door glosa.Code) bool { return slices.Contains(c.Counting, door) }

// Takes tells whether ballots of a door are taken at all.
func (c Criteria) Takes(door glosa.Code) bool {
	return c.Counts(door) || slices.Contains(c.Apart, door)
}

// outside is what is public of the ballots that stand and have no row in the
// published file. How many they are together anybody computes: Σ new − Σ withdrawn
// of the batches, less the rows. How many of them came by doors that stand apart
// is told from [doorLeast] on, so that silence does not say that they are
// few; nor are the others then, who would give it away (docs/decisions/0016).
type outside struct {
	all, void, apart int // void and apart: [cell.Hidden] where they are not told
}

func (o outside) told() bool { return o.void != cell.Hidden }

func (c Criteria) outside(void, apart int) outside {
	if len(c.Apart) > 0 && void+apart > 0 && apart < doorLeast {
		return outside{void + apart, cell.Hidden, cell.Hidden}
	}
	return outside{void + apart, void, apart}
}

// Object is what a ballot's commitment commits to.
type Object struct {
	Choices []glosa.QuestionID `json:"choices"` // as the person chose them, sorted
	Contest glosa.ContestID    `json:"contest"`
	Kind    glosa.Code         `json:"kind"` // "ballot"
	Lock    glosa.Hash         `json:"lock"` // SHA-256 of the opener
	V       int                `json:"v"`
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
	Batch      int // that told the record of it; 0 while none has
	Promise    []byte
	MergeBy    time.Time
	New        bool // this act made it, and no ballot of the credential came before
}

// Object is what the receipt's commitment commits to.
func (r Receipt) Object() Object {
	return Object{Choices: r.Choices, Contest: r.Contest, Kind: "ballot", Lock: r.Lock, V: 1}
}
