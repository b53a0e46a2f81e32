// Package draw is where the people of a panel are drawn by lot: who volunteers,
// which mirror of the population is asked for, the lottery that everybody can see
// before anybody can know its outcome, and the seats, refusals and substitutes
// that follow from it.
//
// # States
//
//	(none) ──Announce──► announced ──Open──► open ──Freeze──► frozen ──Seed × 2──► drawn
//	             │  ▲ again            │ Move, Relax
//	             └──┘                  └──► open
//
//	chairs (unsaid) ──Reserve──► said, all at once, any time from announced on
//	seat   invited ──Answer──► accepted │ declined
//	          └──Vacate × 2──► vacated        declined, vacated, withdrawn: Next is invited
//
// Everything that decides is told before it can be known: seats, quotas, rule,
// where the seed comes from and at which instant, when registration closes
// ([Terms]). Nobody registers before that is public, nothing of it is changed in
// silence afterwards, and the pool is frozen an hour or more before the seed
// exists ([Lead]). The leaves go one way, each step once, and say the dates: the
// record's check names a step that is repeated, left out, or taken at another time
// ([Fold]); one that a restore lost is taken anew. Quotas that volunteers cannot meet give way by the smallest
// change that method/sortition finds, within the limits announced, and in public.
//
// # The pool
//
// A volunteer gives the features that the quotas ask for, how to be reached, and a
// word of their household if they like; they declare to be of age. All of it lies
// in one sealed box; outside it are a random id, a lock of their key, a mark of
// the contact under the edition's key, and no time. What comes in leaves no event;
// what is taken back leaves one that only its own key explains (draw.taken_back), so
// that a restored backup forgets it again. A seat of somebody who is gone is given on
// again, too, to whom the record says ([Desk.Repeat]).
//
// Where mail goes out, whoever registers has shown a mailbox at its door
// ([voter.Contact]); the mark is the row key of what was shown in a contest of its own ([ContestOf]), and
// each mailbox registers once. How to be reached is what they type, proven or not.
//
// At the freeze each gets a number drawn for this draw alone, and a commitment
// ([glosa.Commit]) under a salt of its own to
//
//	{"draw":"demo26","features":{"sex":"woman",…},"household":"","kind":"volunteer","number":7,"v":1}
//
// # Files
//
//	quotas.csv     category,feature,min,max,min_flex,max_flex (method/sortition)
//	pool.csv       number,commitment: nothing of anybody
//	lottery.json   what glosa method sortition writes: panels of numbers, weights, chances
//	draw.json      what glosa method draw writes: panel and transcript
//	order.csv      place,number,digest: in which order substitutes are asked for
//
// The digest of each is in the record before the seed (the last two: with it).
// "glosa method draw --json lottery.json --seed=TEXT" gives draw.json to the byte. What
// the lottery was computed from, features by number with their salts, goes to the
// Observatory alone, as an act of the record ([Desk.Audit]); it recomputes
// lottery.json to the byte (docs/decisions/0015).
//
// # Substitutes
//
// order.csv lists every number that was not drawn by SHA-256("glosa/draw/next/v1" ‖
// 0 ‖ SHA-256 of lottery.json in hexadecimal ‖ 0 ‖ seed ‖ 0 ‖ number), ascending.
// For an empty seat, of those who still stand and were not asked yet, the one is
// asked with whom the panel is least far from its quotas, and among these the
// first in that order ([Next]). Far is the number of people that quotas lack or
// have too many. Nobody chooses, and the auditors replay it.
//
// # Chairs
//
// Which chairs of the table are for whoever is drawn is public; who sits in which is
// not, since whoever sees a person at the table would know their number, and with it
// what chances and panels tell about it ([Desk.Reserve], [Desk.Chair]). The person
// sees it by key, the auditors' file has it, and it is destroyed with the rest.
//
// # Weak at the door
//
// Dates tell what numbers do not: if one person alone leaves the table on the day on
// which one number gives a seat back, or alone takes a chair after one number
// accepted, the two are one. A panel that sits down on one day tells nothing.
//
// Features are what people say of themselves. A mailbox is not a person: whoever owns
// a domain has as many as they like. Where no mail goes out contacts are proven by
// nobody: one person may then be in the pool as often as they register. The form, the
// desk and the page of the draw say so, and the leaf of the freeze says of how many
// registrations it is so; whether such a panel decides anything is for its edition to
// say. To count a typed contact once would stop
// nobody who invents contacts, would tell whoever types a neighbour's that the
// neighbour is in, and would let them keep the neighbour out; the desk is told how many
// share one ([Look.Shared]). Whoever was drawn twice is seen at the desk that looks at
// papers. The mark of a typed contact can be tried by root while the edition's key
// lives. Chances and panels by number
// tell a reader who is like whom, not what they are; whoever knows a rare
// volunteer may guess their number from a chance of its own. Two persons of two
// sides who type another seed than the source gave are caught by whoever looks at
// the source, not by the program.
//
// Start reading at draw.go, then pool.go and next.go, then desk.go.
package draw
