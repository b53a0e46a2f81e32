// Package commitment is the room of what was promised: its wording in every
// version, who answers for it on each side, its milestones and evidence, and
// two words about it, the implementer's and the Observatory's, side by side.
//
// # Why
//
// In Quintana Roo one promise of 2018 became law in 2025 under two
// administrations and five wordings, and another left no trace after 2019. A
// promise fades in silence: here it cannot. It keeps one id for life, and an
// edition cannot reach its agreements while an open commitment of an earlier
// edition has no disposition.
//
// # States
//
//	proposed ──Negotiate (the gate: nothing may be missing)──► negotiated
//	negotiated ──Accept by government and by civil society──► accepted | Decline(reason)──► declined
//	accepted ──(its first day)──► active ──Amend, agreed by both──► active, version N
//	active ──Report complete, with evidence──► fulfilled_claimed
//	fulfilled_claimed ──final assessment──► verified | disputed ──closing assessment──► evaluated
//	active ⇄ suspended, each time with a reason that stays in its line
//	at a later edition (Dispose): continue ► carried_over · merge ► merged · split ► split
//	                              fulfilled ► evaluated · abandoned(reason, who) · unknown (stays open)
//	documented: a real commitment of before Glosa, outside the machine, as its sources state it
//
//	milestone   pending → in_progress → claimed_done → verified | rejected; overdue by the clock
//	evidence    submitted → integrity_checked → reviewed(accepted | insufficient | irrelevant) → superseded
//	            any of them → erased, by two sides: the words, the bytes and the salt go, the seal stands
//	assessment  draft → right_of_reply (10 working days) → final
//
// # Two words, never one
//
// Both sides use one ladder: no_evidence, not_started, limited, substantial,
// complete. [Gap] is the number of steps between them, or not computable when
// one word is missing or belongs to an older vocabulary. Nothing here averages.
//
// # In and out
//
// In: people's institutions, sdg's targets, panel's mesas and minutes, the
// question a promise came from. Out: [Gate] and [Due] for edition, [Known] and
// [OpenBefore] for any room by wiring, the board and the cards for pages.
//
// # What was read
//
// Whoever accepts, declines or agrees to an amendment hands in the digest of what
// they have read ([Draft.Digest]: words, owners, targets and milestones). When it
// says something else by then, nothing is recorded.
//
// Start reading at commitment.go (the words), then gate.go, verdict.go and
// state.go (the rules), then desk.go, amend.go and erase.go.
package commitment
