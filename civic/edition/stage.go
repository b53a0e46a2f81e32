package edition

import "slices"

// Stage is where an edition stands. The thirteen of [Stages] follow one another;
// postponed and cancelled stand beside them.
type Stage string

const (
	Draft           Stage = "draft"
	Called          Stage = "called"
	ReportPublished Stage = "report_published"
	IntakeOpen      Stage = "intake_open"
	IntakeClosed    Stage = "intake_closed"
	Selected        Stage = "selected"
	InPreparation   Stage = "in_preparation"
	InSession       Stage = "in_session"
	MinutesPending  Stage = "minutes_pending"
	Agreed          Stage = "agreed"
	FollowUp        Stage = "follow_up"
	Evaluated       Stage = "evaluated"
	Closed          Stage = "closed"

	Postponed Stage = "postponed"
	Cancelled Stage = "cancelled"
)

// line is the only order in which an edition moves.
var line = []Stage{Draft, Called, ReportPublished, IntakeOpen, IntakeClosed, Selected, InPreparation,
	InSession, MinutesPending, Agreed, FollowUp, Evaluated, Closed}

// Stages are the thirteen stages in their order. The slice is the caller's own.
func Stages() []Stage { return slices.Clone(line) }

// Known tells whether s is one of the fifteen words.
func (s Stage) Known() bool { return s.place() >= 0 || s == Postponed || s == Cancelled }

// place is the stage's number on the line, from 0; -1 beside it.
func (s Stage) place() int { return slices.Index(line, s) }

// Next is the stage that follows; ok is false at the end and beside the line.
func (s Stage) Next() (next Stage, ok bool) {
	i := s.place()
	if i < 0 || i+1 >= len(line) {
		return "", false
	}
	return line[i+1], true
}

// Before tells whether s comes earlier than other. Postponed and cancelled are
// before nothing: ask [Edition.Reached] where an edition may be postponed.
func (s Stage) Before(other Stage) bool {
	i, j := s.place(), other.place()
	return i >= 0 && j >= 0 && i < j
}

// Link is the place of a stage on the six links of the chain: 0 before the chain
// begins and beside it, 1 Informe, 2 Preguntas, 3 Agenda, 4 Sesión, 5 Compromisos,
// 6 Seguimiento.
func Link(s Stage) int {
	switch s {
	case ReportPublished:
		return 1
	case IntakeOpen, IntakeClosed:
		return 2
	case Selected:
		return 3
	case InPreparation, InSession, MinutesPending:
		return 4
	case Agreed:
		return 5
	case FollowUp, Evaluated, Closed:
		return 6
	}
	return 0
}
