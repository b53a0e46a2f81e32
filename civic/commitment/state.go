package commitment

import (
	"time"

	"glosa"
)

// State is where a commitment stands.
type State string

const (
	Proposed    State = "proposed"
	Negotiated  State = "negotiated"
	Accepted    State = "accepted"
	Declined    State = "declined"
	Active      State = "active"
	Suspended   State = "suspended"
	Claimed     State = "fulfilled_claimed"
	Verified    State = "verified"
	Disputed    State = "disputed"
	Evaluated   State = "evaluated"
	Abandoned   State = "abandoned"
	Merged      State = "merged"
	Split       State = "split"
	CarriedOver State = "carried_over"
	AsStated    State = "documented" // outside the machine, as its sources state it
)

// steps is the whole machine: which state an act leads to, from which. What is
// not here is refused. testdata/states.txt repeats it for people to read, and a
// test compares the two.
var steps = map[State]map[string]State{
	Proposed:    {"negotiate": Negotiated, "decline": Declined},
	Negotiated:  {"accept": Accepted, "decline": Declined, "revise": Proposed},
	Accepted:    {"begin": Active, "suspend": Suspended, "continue": CarriedOver, "merge": Merged, "split": Split, "abandon": Abandoned},
	Active:      {"claim": Claimed, "suspend": Suspended, "assess": Active, "continue": CarriedOver, "merge": Merged, "split": Split, "fulfil": Evaluated, "abandon": Abandoned, "close": Evaluated},
	CarriedOver: {"claim": Claimed, "suspend": Suspended, "assess": CarriedOver, "continue": CarriedOver, "merge": Merged, "split": Split, "fulfil": Evaluated, "abandon": Abandoned, "close": Evaluated},
	Suspended:   {"resume": Active, "assess": Suspended, "continue": CarriedOver, "merge": Merged, "split": Split, "abandon": Abandoned, "close": Evaluated},
	Claimed:     {"verify": Verified, "dispute": Disputed, "continue": Claimed, "merge": Merged, "split": Split, "fulfil": Evaluated, "abandon": Abandoned},
	Disputed:    {"claim": Claimed, "verify": Verified, "dispute": Disputed, "continue": CarriedOver, "merge": Merged, "split": Split, "fulfil": Evaluated, "abandon": Abandoned, "close": Evaluated},
	Verified:    {"dispute": Disputed, "verify": Verified, "close": Evaluated},
	AsStated:    {"assess": AsStated, "continue": AsStated, "merge": Merged, "split": Split, "fulfil": Evaluated, "abandon": Abandoned},
}

// Step is the state an act leads to. Kinds: Conflict, when the machine has no such step.
func (s State) Step(act string) (State, error) {
	if to, ok := steps[s][act]; ok {
		return to, nil
	}
	return s, glosa.Refuse(glosa.Conflict, "cm.state", "state", string(s), "act", act)
}

// Open tells whether a later edition must say what becomes of it. A proposal
// was never agreed; what is verified, evaluated, declined, abandoned, merged or
// split has its end. What was accepted or is documented stays open until then.
func (s State) Open() bool {
	switch s {
	case Accepted, Active, Suspended, Claimed, Disputed, CarriedOver, AsStated:
		return true
	}
	return false
}

// Running tells whether the implementer owes updates.
func (s State) Running() bool { return s == Active || s == CarriedOver || s == Disputed }

// Agreed tells whether both sides accepted it once.
func (s State) Agreed() bool { return s != Proposed && s != Negotiated && s != Declined }

// Pause is a time during which a commitment was suspended, and why.
type Pause struct {
	Reason     string
	By         string
	At         time.Time
	BackReason string // why it was taken up again; "" while it is suspended
	BackBy     string
	BackAt     time.Time
}

// Progress is the state of a milestone.
type Progress string

const (
	Pending    Progress = "pending"
	InProgress Progress = "in_progress"
	Done       Progress = "claimed_done"
	Checked    Progress = "verified"
	Rejected   Progress = "rejected"
	Overdue    Progress = "overdue"
)

// Milestone is one step towards the deliverable.
type Milestone struct {
	ID         glosa.MilestoneID
	Commitment glosa.CommitmentID
	Number     int
	Title      string
	Due        time.Time
	Progress   Progress
	Changed    time.Time
	Note       string // why it was rejected
}

// May is the rule of milestones: which progress follows which. A late one may
// still be done, and a rejected one tried again.
func (p Progress) May(to Progress) bool {
	switch to {
	case InProgress:
		return p == Pending || p == Overdue || p == Rejected
	case Done:
		return p == Pending || p == InProgress || p == Overdue || p == Rejected
	case Checked, Rejected:
		return p == Done
	case Overdue:
		return p == Pending || p == InProgress || p == Rejected
	}
	return false
}

// Outcome is what a later edition decides on an open commitment.
type Outcome string

const (
	Continues Outcome = "continue"
	Merges    Outcome = "merge"
	Splits    Outcome = "split"
	Fulfilled Outcome = "fulfilled"
	Abandons  Outcome = "abandoned"
	Unknown   Outcome = "unknown"
)

// act is the step of the machine that a disposition takes; "" when it takes none.
func (o Outcome) act() string {
	return map[Outcome]string{Continues: "continue", Merges: "merge", Splits: "split", Fulfilled: "fulfil", Abandons: "abandon"}[o]
}

// Disposition is a later edition's word on an open commitment.
type Disposition struct {
	Commitment glosa.CommitmentID
	Edition    glosa.EditionID // the one that decides
	Outcome    Outcome
	Reason     string
	Into       []glosa.CommitmentID // what it merged or split into
	By         string
	At         time.Time
}

// Check finds what a disposition misses: abandoning needs a reason and so does
// declaring fulfilled what the Observatory has not found complete; a merge names
// one commitment, a split two or more. Kinds: Invalid.
func (d Disposition) Check(observed Status) error {
	into := len(d.Into)
	for _, id := range d.Into {
		if id == d.Commitment {
			return glosa.WrongField("into", "cm.self")
		}
	}
	switch d.Outcome {
	case Continues, Unknown:
	case Fulfilled:
		if observed != Complete && !said(d.Reason) {
			return glosa.WrongField("reason", "cm.fulfilled")
		}
	case Abandons:
		if !said(d.Reason) {
			return glosa.WrongField("reason", "cm.reason")
		}
	case Merges:
		if into != 1 {
			return glosa.WrongField("into", "cm.merge")
		}
		return nil
	case Splits:
		if into < 2 {
			return glosa.WrongField("into", "cm.split")
		}
		return nil
	default:
		return glosa.WrongField("outcome", "cm.outcome")
	}
	if into != 0 {
		return glosa.WrongField("into", "cm.nointo")
	}
	return nil
}
