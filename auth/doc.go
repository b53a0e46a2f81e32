// Package auth knows who is asking: invitations, sessions and what they may
// act as.
//
// Why it exists: civic decides by a [glosa.Actor] and must not know how anybody
// signs in. auth keeps the way from a cookie to that actor, and nothing else.
//
// The states of an invitation:
//
//	made ──► redeemed (a session opens)
//	  ├────► expired (72 hours passed)
//	  └────► void    (a new code was made for the same way to act)
//
// Who types five wrong codes waits ten minutes; a code is not spent by guessing.
//
// and of a session:
//
//	open ──► idle (30 minutes unused) · over (8 hours) · closed (signed out) · revoked
//
// What comes in: a code typed in a form; a token in a cookie. What goes out: an
// actor, or nothing. Codes and tokens are kept as SHA-256 only, are 80 and 128
// random bits, and appear in no address, no event and no log.
//
// Each side invites its own people to the places of the register, and only there
// (civic/people). Outside the register the keeper of the server alone lets people
// in: the first facilitator, the governor's office.
//
// A grant is no right to the place: [Desk.Resume] asks the register every time
// whether the human still has the post or the seat that day. Who left has no role
// any more, and goes on only by another way to act of theirs.
//
// A grant is one way to act: a role on a side, in a seat or a post. A person
// may hold several grants and acts under one at a time; two-person rules
// compare the human, so two posts do not make two persons.
//
// Every command that changes something leaves an admin.act event before its
// effect ([Desk.Announce]).
//
// What it never does: keep a name, an address or a contact; people does that.
// Passkeys and signed acts come later; until then an official act is recorded
// under the post, and pages say so.
//
// Start reading at [Desk.Invite], then [Desk.Redeem] and [Desk.Resume].
package auth
