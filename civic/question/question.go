package question

import (
	"glosa"
	"glosa/civic/edition"
)

// State is where the text of a question stands.
type State string

const (
	Received    State = "received"      // waits for a moderator
	Second      State = "second"        // one moderator proposes refusal; waits for one of the other side
	NeedsEdit   State = "needs_edit"    // waits for the author, 72 hours
	Held        State = "held"          // personal data or illegal content without agreement
	Admitted    State = "admitted"      // public; nobody holds it yet
	Refused     State = "refused"       // by two people of different sides, on one listed ground
	Appealed    State = "appealed"      // refused, and the author asked for other eyes
	Merged      State = "merged"        // joined to another that asks the same; keeps folio and author
	Routed      State = "routed"        // an institution owes a written answer
	Overdue     State = "overdue"       // nobody answered, or routed it, in time, publicly
	Spoken      State = "answered_oral" // answered in the session
	Answered    State = "answered"      // answered in writing, or said with its basis that it cannot be
	Transferred State = "transferred"   // not of this government's competence; where to go is said
	Finished    State = "closed"        // the asker said whether it was answered
	Withdrawn   State = "withdrawn"     // by its author
)

// States lists every state in the order a question meets them.
func States() []State {
	return []State{Received, Second, NeedsEdit, Held, Admitted, Refused, Appealed, Merged, Routed,
		Overdue, Spoken, Answered, Transferred, Finished, Withdrawn}
}

// Verb is what moves a question from one state to another.
type Verb string

const (
	vAdmit    Verb = "admit"
	vPropose  Verb = "propose"
	vAgree    Verb = "agree"
	vDisagree Verb = "disagree"
	vKeep     Verb = "keep"
	vAskEdit  Verb = "ask_edit"
	vEdit     Verb = "edit"
	vLapse    Verb = "lapse"
	vAppeal   Verb = "appeal"
	vUphold   Verb = "uphold"
	vOverturn Verb = "overturn"
	vMerge    Verb = "merge"
	vRoute    Verb = "route"
	vRefer    Verb = "refer"
	vExtend   Verb = "extend"
	vOral     Verb = "oral"
	vAnswer   Verb = "answer"
	vTransfer Verb = "transfer"
	vCorrect  Verb = "correct"
	vRate     Verb = "rate"
	vWithdraw Verb = "withdraw"
)

// moves is the whole machine. What is not written here cannot happen
// (testdata/states.txt says the same in words a facilitator can check). A merge
// is undone to the state before it, which the row remembers, so it has no line.
var moves = map[State]map[Verb]State{
	Received:    {vAdmit: Admitted, vPropose: Second, vAskEdit: NeedsEdit, vWithdraw: Withdrawn},
	Second:      {vAgree: Refused, vDisagree: Admitted, vKeep: Held, vLapse: Admitted, vWithdraw: Withdrawn},
	NeedsEdit:   {vEdit: Received, vLapse: Received, vWithdraw: Withdrawn},
	Held:        {vAdmit: Admitted, vAgree: Refused, vKeep: Held, vWithdraw: Withdrawn},
	Admitted:    {vMerge: Merged, vRoute: Routed, vLapse: Overdue, vOral: Spoken, vWithdraw: Withdrawn},
	Refused:     {vAppeal: Appealed},
	Appealed:    {vUphold: Refused, vOverturn: Admitted, vKeep: Held, vWithdraw: Withdrawn},
	Merged:      {vWithdraw: Withdrawn},
	Routed:      {vRefer: Routed, vExtend: Routed, vLapse: Overdue, vOral: Spoken, vAnswer: Answered, vTransfer: Transferred, vMerge: Merged, vWithdraw: Withdrawn},
	Overdue:     {vRoute: Routed, vRefer: Overdue, vLapse: Overdue, vOral: Spoken, vAnswer: Answered, vTransfer: Transferred, vMerge: Merged, vWithdraw: Withdrawn},
	Spoken:      {vAnswer: Answered, vRate: Finished},
	Answered:    {vCorrect: Answered, vRate: Finished},
	Transferred: {vCorrect: Transferred, vRate: Finished},
	Finished:    {vCorrect: Answered}, // a corrected answer may be rated anew
	Withdrawn:   {},
}

// next is the state after v, or a Conflict error when v cannot happen in s.
func (s State) next(v Verb) (State, error) {
	to, ok := moves[s][v]
	if !ok {
		return s, glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(s), "verb", string(v))
	}
	return to, nil
}

// Can tells whether v may happen in s: pages ask it before they offer a button.
func (s State) Can(v Verb) bool { _, ok := moves[s][v]; return ok }

// Place is where a state counts in the balance.
type Place string

const (
	InAdmitted  Place = "admitted"
	InRefused   Place = "refused"
	InMerged    Place = "merged"
	InWithdrawn Place = "withdrawn"
	InWaiting   Place = "waiting"
)

// Counts says in which part of the balance a state stands. Every state stands in exactly one.
func (s State) Counts() Place {
	switch s {
	case Refused:
		return InRefused
	case Merged:
		return InMerged
	case Withdrawn:
		return InWithdrawn
	case Received, Second, NeedsEdit, Held, Appealed:
		return InWaiting
	}
	return InAdmitted
}

// TextIsPublic tells whether a question in this state shows its words.
func (s State) TextIsPublic() bool { return s.Counts() == InAdmitted || s == Merged }

// Agenda is where a question stands on the way to the session.
type Agenda string

const (
	NoAgenda    Agenda = ""
	OnAgenda    Agenda = "selected"
	OffAgenda   Agenda = "not_selected"
	InRoom      Agenda = "asked"
	SaidInRoom  Agenda = "answered_oral"
	SentWriting Agenda = "to_writing"
)

var agendaMoves = map[Agenda][]Agenda{
	NoAgenda:  {OnAgenda, OffAgenda},
	OnAgenda:  {InRoom, SentWriting},
	InRoom:    {SaidInRoom, SentWriting},
	OffAgenda: {},
}

// next is to when the agenda may go there, else a Conflict error.
func (a Agenda) next(to Agenda) (Agenda, error) {
	for _, ok := range agendaMoves[a] {
		if ok == to {
			return to, nil
		}
	}
	return a, glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(a), "verb", string(to))
}

// Balance is what became of everything received in an edition. Follow-up
// questions are not in it: they belong to a question that is.
type Balance struct {
	Received, Admitted, Refused, Merged, Withdrawn, Waiting int
	Held                                                    int // part of Waiting, shown apart: no agreement on personal data or illegal content
}

// balance sums the questions by state.
func balance(by map[State]int) Balance {
	var b Balance
	for s, n := range by {
		b.Received += n
		switch s.Counts() {
		case InAdmitted:
			b.Admitted += n
		case InRefused:
			b.Refused += n
		case InMerged:
			b.Merged += n
		case InWithdrawn:
			b.Withdrawn += n
		case InWaiting:
			b.Waiting += n
		}
		if s == Held {
			b.Held += n
		}
	}
	return b
}

// HoldsBack tells whether a ground keeps a text held when there is no agreement.
// The list of grounds is edition's ([edition.Grounds]); nothing else is refused,
// and everything alike is merged.
func HoldsBack(ground glosa.Code) bool {
	return ground == edition.ThirdPartyData || ground == edition.Illegal
}
