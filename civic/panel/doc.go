// Package panel is the room of the session: who sits at which table, what is
// asked in which order, who answered at which second of the video, and the
// minutes that both sides sign.
//
// # Why
//
// A dialogue nobody can replay is worth what its host says it was worth. This
// room keeps the hour as it went: turns with their clock, seats with their
// empty chairs, agreements and, with the same care, disagreements. Whatever
// the hour leaves unanswered goes to writing; nothing stays in the room.
//
// # States
//
//	session  ready ──Open──► live ⇄ paused ──End──► ended
//	                 (no End while a turn runs or a question has no outcome)
//
//	place    expected ──Arrive──► present ──Leave──► left
//	            └──Absent(note)──► empty chair
//	         each then confirmed or disputed by the person who sits there
//
//	minutes  draft ──Circulate──► comment ──(window closes)──► to_sign
//	            ──Sign by government and by civil society──► published
//	         published ──Rectify──► annex (a version with its reason),
//	            published when both sides have signed it; no version is lost
//
// # Until it is public
//
// What the console notes (turns, answers, hand-offs, agreements) may be undone
// until the next question starts or the session ends: then it settles, the
// questions are told, and the record hears of it.
//
// # In and out
//
// In: seats and posts from people, the agenda from priority, the protocol's
// timers from edition. Out: question.Asked, AnsweredOral and ToWriting inside
// this room's own acts; [Said] for commitment and opendata; [Gate] for edition,
// which lets no session end unanswered and no edition agree without signed
// minutes.
//
// What it does not do yet: official acts are recorded under the post («registrada
// por el puesto»); a signature here is a decision by a signed-in person, not a
// cryptographic one.
//
// Start reading at panel.go (the words), then session.go and minutes.go (the
// rules), then desk.go.
package panel
