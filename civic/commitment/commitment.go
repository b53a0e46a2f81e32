package commitment

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"glosa"
)

// Commitment is one promise, for life.
type Commitment struct {
	ID      glosa.CommitmentID
	Edition glosa.EditionID // where it was born
	Series  glosa.SeriesID
	State   State

	Synthetic  bool
	Mesa       glosa.MesaID     // the table it comes from, if any
	Question   glosa.QuestionID // the question it comes from, if any
	Territory  glosa.TerritoryCode
	Versions   []Version // oldest first
	Owners     []Owner
	Targets    []Target
	Goal       int // the SDG that sources tie a documented one to, while no target is chosen; 0 otherwise
	Milestones []Milestone
	Government Verdict // the implementer's word
	Observed   Verdict // the Observatory's word
	Proposed   time.Time
	Accepted   time.Time // when both sides had accepted
	Updated    time.Time // the implementer's last update; staleness counts from here or from acceptance
	Starts     time.Time // of the wording in force
	Ends       time.Time
	Reason     string // of declined, suspended or abandoned
	ReasonBy   string // who: [glosa.Actor.By]
}

// Wording is what a version says. A restated wording is somebody's paraphrase of
// a source: it never carries quotation marks.
type Wording struct {
	Title       string
	Problem     string
	StatusQuo   string
	Deliverable string // the action, as something that can be seen and checked
	Result      string // what is expected to change
	Indicator   string // how anybody measures it
	Population  string // whom it serves
	LegalChange bool   // does it need one?
	Gender      string // the gender lens, if stated
	Values      []glosa.Code
	Starts      time.Time
	Ends        time.Time
	Budget      Budget
}

// Budget is a line of the budget, or the statement that there is none.
type Budget struct {
	Declared glosa.Code // "line", "none", or "" when nothing was said
	Line     string     // the line's key or name
	Cents    int64
	Currency glosa.Code // "MXN"
}

// Version is one wording with its day and its authority.
type Version struct {
	Number   int
	Wording  Wording
	At       time.Time // when it was written here, or its sortable date for a documented one
	DateText string    // how the source gives the date: "Julio de 2021"
	When     string    // the same in EDTF, no more exact than the source: "2021-07"; "" for one agreed here
	Restated bool      // a paraphrase: no quotation marks
	Stated   bool      // by sources, not agreed here
	Sources  []glosa.SourceID
	Reason   string     // why it was amended
	Digest   glosa.Hash // of the wording in canonical JSON
	Signed   []Signature
	InForce  time.Time // zero while one side has not agreed
}

// Signature is one side's agreement to a version, recorded under the post or seat.
type Signature struct {
	Side glosa.Side
	By   string
	At   time.Time
}

// Owner is an institution that answers for a commitment.
type Owner struct {
	Side        glosa.Side
	Institution glosa.InstitutionKey
	Part        Part
}

// Part is how an owner answers: exactly one leads on each side.
type Part string

const (
	Supervises  Part = "supervises"
	Leads       Part = "leads"
	Coordinates Part = "coordinates"
	Supports    Part = "supports"
)

// Known tells whether it is one of the four parts.
func (p Part) Known() bool {
	return p == Supervises || p == Leads || p == Coordinates || p == Supports
}

// Target is an SDG target with the reason why this commitment serves it.
type Target struct {
	Code      glosa.TargetCode
	Rationale string
}

// Draft is everything a commitment says before it is accepted.
type Draft struct {
	Wording    Wording
	Owners     []Owner
	Targets    []Target
	Milestones []Step
	Territory  glosa.TerritoryCode
	Mesa       glosa.MesaID
	Question   glosa.QuestionID
}

// Step is a milestone as it is proposed.
type Step struct {
	Title string
	Due   time.Time
}

// Current is the newest wording in force, or the newest of all while none is.
func (c Commitment) Current() Version {
	for i := len(c.Versions) - 1; i >= 0; i-- {
		if !c.Versions[i].InForce.IsZero() {
			return c.Versions[i]
		}
	}
	return c.Versions[len(c.Versions)-1]
}

// Pending is the wording that one side has proposed since and the other has not
// agreed to yet, if there is one.
func (c Commitment) Pending() (Version, bool) {
	last := c.Versions[len(c.Versions)-1]
	return last, last.Number > 1 && last.InForce.IsZero()
}

// Original is the first wording that both sides agreed to, or that sources state.
func (c Commitment) Original() Version { return c.Versions[0] }

// Name is the title people know it by: of a documented one the first promise,
// however it was worded later.
func (c Commitment) Name() string {
	if c.Documented() {
		return c.Versions[0].Wording.Title
	}
	return c.Current().Wording.Title
}

// changed is when either side last said anything of it, or it was agreed.
func (c Commitment) changed() (last time.Time) {
	for _, at := range []time.Time{c.Proposed, c.Accepted, c.Updated, c.Government.At, c.Observed.At} {
		if at.After(last) {
			last = at
		}
	}
	return last
}

// Documented tells whether the commitment stands outside the machine, as its
// sources state it.
func (c Commitment) Documented() bool {
	return len(c.Versions) > 0 && c.Versions[0].Stated
}

// Leader is the institution that leads on a side; "" when none does.
func (c Commitment) Leader(side glosa.Side) glosa.InstitutionKey {
	for _, o := range c.Owners {
		if o.Side == side && o.Part == Leads {
			return o.Institution
		}
	}
	return ""
}

// StaleAfter is how long a promise may go without a report before pages say so.
const StaleAfter = 45 * 24 * time.Hour

// Stale tells since how many days an implementer owed an update and gave none;
// zero when nothing is owed. Only running commitments owe updates.
func (c Commitment) Stale(now time.Time) (days int) {
	if !c.State.Running() {
		return 0
	}
	since := c.Updated
	if since.IsZero() {
		since = c.Accepted
	}
	if since.IsZero() || now.Sub(since) < StaleAfter {
		return 0
	}
	return int(now.Sub(since) / (24 * time.Hour))
}

// Digest is the SHA-256 of the wording's canonical JSON: what the record holds.
func (w Wording) Digest() (glosa.Hash, error) {
	js, err := w.canonical()
	if err != nil {
		return glosa.Hash{}, err
	}
	return glosa.Digest(js), nil
}

func (w Wording) canonical() ([]byte, error) {
	w.Starts, w.Ends = w.Starts.UTC(), w.Ends.UTC()
	return glosa.JCS(w)
}

// Digest is the SHA-256 of the canonical JSON of everything a draft says: wording,
// owners, targets, milestones. Whoever agrees hands in the one they have read.
func (d Draft) Digest() (glosa.Hash, error) {
	d.Wording.Starts, d.Wording.Ends = d.Wording.Starts.UTC(), d.Wording.Ends.UTC()
	steps := make([]Step, len(d.Milestones))
	for i, m := range d.Milestones {
		steps[i] = Step{Title: m.Title, Due: m.Due.UTC()}
	}
	d.Milestones = steps
	js, err := glosa.JCS(d)
	if err != nil {
		return glosa.Hash{}, err
	}
	return glosa.Digest(js), nil
}

// Plain is the wording as people compare it: title, then what is to be done,
// then what should change.
func (w Wording) Plain() string {
	var parts []string
	for _, p := range []string{w.Title, w.Problem, w.StatusQuo, w.Deliverable, w.Result, w.Indicator} {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "\n")
}

// Number is a commitment's id taken apart: QROO-2018-03 is series qroo, year
// 2018, the third of that year.
type Number struct {
	Prefix string // the series in capitals
	Year   int
	N      int
}

// ID writes the number: two digits at least, "DEMO-2026-07".
func (n Number) ID() glosa.CommitmentID {
	return glosa.CommitmentID(fmt.Sprintf("%s-%04d-%02d", n.Prefix, n.Year, n.N))
}

// PrefixOf is the prefix of a series' ids.
func PrefixOf(series glosa.SeriesID) string { return strings.ToUpper(string(series)) }

// ParseID reads an id as people type it: small letters and blanks around it are
// forgiven, anything else is not. Kinds: NotFound.
func ParseID(s string) (Number, error) {
	in := strings.ToUpper(strings.TrimSpace(s))
	missing := glosa.Missing("commitment", s)
	last := strings.LastIndexByte(in, '-')
	if last < 0 {
		return Number{}, missing
	}
	mid := strings.LastIndexByte(in[:last], '-')
	if mid < 1 {
		return Number{}, missing
	}
	prefix, year, n := in[:mid], in[mid+1:last], in[last+1:]
	if len(prefix) > 12 || strings.Trim(prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" || len(year) != 4 || len(n) < 2 || len(n) > 4 {
		return Number{}, missing
	}
	y, err1 := strconv.Atoi(year)
	k, err2 := strconv.Atoi(n)
	num := Number{Prefix: prefix, Year: y, N: k}
	if err1 != nil || err2 != nil || y < 1900 || k < 1 || string(num.ID()) != in {
		return Number{}, missing
	}
	return num, nil
}

// MilestoneIDOf is the id of a commitment's milestone by its number: "DEMO-2026-07-h2".
func MilestoneIDOf(id glosa.CommitmentID, number int) glosa.MilestoneID {
	return glosa.MilestoneID(string(id) + "-h" + strconv.Itoa(number))
}
