// Package voter knows by which door somebody supports, votes or rates, and what
// little is kept of it. It exists so that every contest counts alike: one ballot
// for each credential and contest, and no row of one contest that could be joined
// to a row of another.
//
// # What is kept
//
//	identifier ──HMAC──► cred ──HMAC──► row key
//
//	cred = HMAC-SHA-256(K_ed, "cred" ‖ 0 ‖ door ‖ 0 ‖ identifier)
//	row  = HMAC-SHA-256(K_ed, "ballot" ‖ 0 ‖ contest ‖ 0 ‖ cred)
//
// K_ed is 32 random bytes for each edition, outside the database and its backups
// ([Keys]), and destroyed 90 days after the evaluation: the tables alone say
// nothing about anybody, and afterwards nothing does. A [Credential] in hand
// refuses to print or marshal.
//
// # Doors
//
// A door is what somebody showed: the same browser (device), one mailbox or phone
// (contact), an issuer's envelope (code), a state's word (oidc). The protocol of an
// edition freezes which of them count. None of them proves that two doors are not
// one person; only the last two are strong ([Strong]).
//
// A device has a random id with its HMAC, and no row until it acts. Whoever
// showed more keeps a token of that door ([Desk.Read]), in a cookie, never in an
// address.
//
// # What every ballot box shares
//
// [Tracker] names a published row, [Merkle] is the root over a batch's commitments,
// [Moved] is by how much a public count may move.
//
// Start reading in voter.go. Source: trust.md §3 and §4.
package voter
