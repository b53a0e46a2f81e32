// Package edition holds the years of the exercise: their rules, their calendar
// and where each of them stands. Every other civic room asks it first whether an
// act may happen now ([Enter]) and by when something is due ([Edition.Deadline]).
//
// # States
//
//	draft → called → report_published → intake_open → intake_closed → selected
//	      → in_preparation → in_session → minutes_pending → agreed → follow_up
//	      → evaluated → closed
//
//	called … minutes_pending ⇄ postponed        draft … follow_up → cancelled
//
// No stage is skipped. [Desk.Advance] goes to the next one only when every gate
// is satisfied or waived; a waiver is proposed by one person and confirmed by
// another of the other side, and is public with its reason. Real editions of the
// past enter as documented: they have a date "as known", sources and conflicts,
// and stand outside this machine.
//
// # In and out
//
// In: a protocol (YAML, see [ParseProtocol]), the session's date, the acts of the
// facilitator, and gates and dues that later rooms hand in ([Desk.Gates],
// [Desk.Dues]). Out: events "edition.*" (ids, codes, digests and dates only), and
// for people the reasons behind each sum ([Sum]) and each exception
// ([Desk.Exceptions]).
//
// The room never decides what a gate of a later room means, never sends anything,
// and never reads the clock of the machine: time is tx.Now.
//
// # Weak at the door
//
// A protocol's calendar is data that its authors keep: pages say "according to
// the calendar of this protocol". The memo of parsed protocols (shelf.go) is the
// only thing kept between calls; it holds values that never change.
//
// Start reading at edition.go, then deadline.go, then desk.go.
package edition
