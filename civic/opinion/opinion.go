package opinion

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
)

// Settings are the rules of a statement set, frozen and public before anybody
// votes. Their canonical JSON is what the event's digest is of.
type Settings struct {
	Contest   glosa.ContestID `json:"contest"`
	Edition   glosa.EditionID `json:"edition"`
	Proposals bool            `json:"proposals"` // citizens may propose statements
	Rows      glosa.Code      `json:"rows"`      // who gets the rows of votes after the end
	Doors     []glosa.Code    `json:"doors"`     // by which people vote
	Seed      glosa.Hash      `json:"seed"`      // of the order in which statements are shown
	Protocol  glosa.Hash      `json:"protocol"`  // the protocol's text they were taken from
}

// Who gets the rows.
const (
	ForAuditors glosa.Code = "auditors"
	ForAll      glosa.Code = "public"
)

// ContestOf is the statement set of an edition.
func ContestOf(ed glosa.EditionID) glosa.ContestID { return glosa.ContestID(ed + "-opinion") }

// SettingsOf takes the settings from a protocol; what it does not say is narrow.
func SettingsOf(ed edition.Edition) Settings {
	s := Settings{Contest: ContestOf(ed.ID), Edition: ed.ID, Rows: ForAuditors, Doors: voter.Doors(), Protocol: ed.Digest}
	if p := ed.Protocol; p != nil {
		s.Proposals, s.Rows = p.Opinion.Proposals, cmp.Or(p.Opinion.Rows, ForAuditors)
		if len(p.Opinion.Doors) > 0 {
			s.Doors = slices.Clone(p.Opinion.Doors)
		}
	}
	s.Seed = seedOf(s.Contest, ed.Digest)
	return s
}

// seedOf is SHA-256("glosa/opinion/v1" ‖ 0 ‖ contest ‖ 0 ‖ digest of the protocol):
// nobody draws it, so nobody chooses it.
func seedOf(contest glosa.ContestID, protocol glosa.Hash) glosa.Hash {
	return sha256.Sum256(slices.Concat([]byte("glosa/opinion/v1\x00"), []byte(contest), []byte{0}, protocol[:]))
}

func (s Settings) takes(door glosa.Code) bool { return slices.Contains(s.Doors, door) }

// Status is where a statement set stands.
type Status string

const (
	Unfrozen Status = "unfrozen"
	Frozen   Status = "frozen"  // the settings are public; statements may come in
	Open     Status = "open"    // votes are taken
	Ended    Status = "closed"  // votes are not taken any more, the count is not made
	Counted  Status = "counted" // the groups stand
)

// Sort is what a statement says.
type Sort glosa.Code

const (
	Asked    Sort = "question"  // "this should be asked", of a question of the edition
	Answered Sort = "answer"    // "this answer satisfies", of a question that was answered
	Plain    Sort = "statement" // in words of its own
)

// State is where a statement stands.
type State string

const (
	Waiting  State = "waiting"
	Second   State = "second" // one side proposes refusal; waits for the other
	Admitted State = "admitted"
	Refused  State = "refused" // by two sides, on one listed ground
	Lapsed   State = "lapsed"  // the vote ended before anybody decided on it
	Erased   State = "erased"  // words and salt are gone
)

// Says is a vote.
type Says int8

const (
	Disagree Says = -1
	Pass     Says = 0
	Agree    Says = 1
)

// votes are what one credential said, by the number of the statement; the last
// word on each.
type votes map[int]Says

// String writes votes as their row keeps them: "1:1,3:0,12:-1", by number.
func (v votes) String() string {
	var b strings.Builder
	for i, n := range v.numbers() {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(n) + ":" + strconv.Itoa(int(v[n])))
	}
	return b.String()
}

func (v votes) numbers() []int {
	list := make([]int, 0, len(v))
	for n := range v {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// parseVotes reads what String wrote; ok is false for anything else.
func parseVotes(s string) (v votes, ok bool) {
	v = votes{}
	if s == "" {
		return v, true
	}
	last := 0
	for one := range strings.SplitSeq(s, ",") {
		num, say, _ := strings.Cut(one, ":")
		n, err := strconv.Atoi(num)
		if err != nil || n <= last || strconv.Itoa(n) != num || say != "1" && say != "0" && say != "-1" {
			return nil, false
		}
		last = n
		v[n] = map[string]Says{"1": Agree, "0": Pass, "-1": Disagree}[say]
	}
	return v, true
}

// Object is what a ballot's commitment commits to.
type Object struct {
	Contest glosa.ContestID `json:"contest"`
	Kind    glosa.Code      `json:"kind"` // "opinion"
	Lock    glosa.Hash      `json:"lock"` // SHA-256 of the opener
	V       int             `json:"v"`
	Votes   string          `json:"votes"` // "1:1,3:0,12:-1"
}

// ballot is one version of what a credential said, as the database keeps it.
type ballot struct {
	key        glosa.Hash
	contest    glosa.ContestID
	door       glosa.Code
	fresh      bool // no ballot of this key stood before
	state      string
	withdrawn  bool // it no longer stands, and nothing came in its place
	batch      int  // 0: not in a batch yet
	commit     glosa.Hash
	saltServer glosa.Hash
	saltDevice [16]byte
	opener     glosa.Hash
	votes      votes
}

// standing is the state of the version that counts; the others are "replaced".
const standing = "standing"

func (b *ballot) salt() glosa.Hash { return glosa.Salt(b.saltServer, b.saltDevice) }

func (b *ballot) object() Object {
	return Object{Contest: b.contest, Kind: "opinion", Lock: glosa.Digest(b.opener[:]), V: 1, Votes: b.votes.String()}
}

// seal commits to the votes. Everything random was drawn before the act.
func (b *ballot) seal() (err error) {
	b.commit, err = glosa.Commit(b.salt(), b.object())
	return err
}

// Receipt is what a voter takes home: private, since it shows the votes.
type Receipt struct {
	Object     Object
	Commit     glosa.Hash
	SaltServer glosa.Hash
	SaltDevice [16]byte
	LockBy     glosa.Code // "server"
	Tracker    string
	Batch      int        // that told the record of it; 0 while none has
	Position   glosa.Hash // by which the order of statements is drawn, see [Next]
	Promise    []byte
	MergeBy    time.Time
}

func (b *ballot) receipt() Receipt {
	return Receipt{Object: b.object(), Commit: b.commit, SaltServer: b.saltServer, SaltDevice: b.saltDevice,
		LockBy: "server", Tracker: voter.Tracker(b.salt()), Batch: b.batch}
}

// Next is which statement a voter is shown: of those not voted on, the one whose
// ticket times (10 + the votes shown of it) is least; of equal ones the first.
// The ticket is the first 8 bytes of SHA-256(seed ‖ position ‖ number in 8 bytes).
// So a statement that came late, with few votes, comes before nearly all others
// until it has caught up, and otherwise everybody has an order of their own. No
// time enters. The second result is false when nothing is left.
func Next(seed, position glosa.Hash, open []Statement, voted func(n int) bool) (next Statement, ok bool) {
	var least [2]uint64
	for _, s := range open {
		if voted(s.N) {
			continue
		}
		var number [8]byte
		binary.BigEndian.PutUint64(number[:], uint64(s.N))
		h := sha256.Sum256(slices.Concat(seed[:], position[:], number[:]))
		hi, lo := bits.Mul64(binary.BigEndian.Uint64(h[:8]), uint64(10+max(0, s.Told.Votes)))
		if at := [2]uint64{hi, lo}; !ok || slices.Compare(at[:], least[:]) < 0 {
			next, least, ok = s, at, true
		}
	}
	return next, ok
}

// Told is what is public of the votes on a statement.
type Told struct {
	Votes    int // the sum of what is shown
	Agree    int // in fives, or [cell.Hidden]
	Disagree int
	Pass     int
}

// Statement is one that people vote on, as everybody may see it.
type Statement struct {
	N        int
	Sort     Sort
	State    State
	Citizen  bool // a citizen proposed it
	Question glosa.QuestionID
	Text     string // its words, or the question's; "" when they are not public
	Language glosa.Code
	Ground   glosa.Code // of a refusal
	Admitted time.Time
	Told     Told
}

// Votable tells whether people are asked about it.
func (s Statement) Votable() bool { return s.State == Admitted && s.Text != "" }
