// Package notice knows who wants to be told of what, and where to write to them.
//
//	asked ──confirmed by the link in the mail, within 72 hours──► subscribed ──stop──► gone
//	  └──72 hours──► gone                                                  ▲
//	        the last one of an address gone (its question was erased, say), or the address refused for good: the address is forgotten
//
// It exists so that a person hears of an answer without an account, and so that
// nobody else hears that they asked. In: an address left at a receipt, a
// question, an edition, an institution or a theme ([Desk.Subscribe]); the links
// of mails ([Desk.Confirm], [Desk.Stop]). Out: to notify, who listens to a thing
// ([Audience]) and where a contact is reached ([Reach]); to whoever answers a
// person's rights, everything held ([Desk.Held]) and its erasure ([Forget]).
//
// # What is kept
//
// An address is sealed by [people.Safe] in the one table of private words; here
// it is a random id, found again by an HMAC of the address under a key that is
// kept outside the database. A subscription says a thing and a pace. It does not
// say who asked the question: whoever follows one closely looks the same. Whoever
// has the disk learns nothing; whoever has the disk *and* the keys can join
// addresses to questions, as /registro says of the host.
//
// # What never happens
//
// No reply tells whether an address is known, was confirmed, or gets too many
// mails. Nobody is subscribed without the click of who reads that mailbox, and a
// GET changes nothing: scanners of mail open links. No event and no job carries an
// address. Links carry an id and its seal, never an address. A seal is of one use:
// what confirms does not stop, and what reports a bounce does neither.
//
// Start with notice.go, then desk.go.
package notice
