// Package year is the whole exercise as one play: a cast takes an edition from
// its mandate to its evaluation, and then a second one, which must first say
// what becomes of the first one's promises.
//
// Why it exists: every room has tests of its own; none of them shows that the
// rooms together are the exercise. The script is meant to be read by somebody
// who knows the exercise and not the program: a lawyer, a facilitator. Each line
// is an act of a member of the cast, done through the same desks that pages and
// the API use; what may not happen is tried too, "in vain".
//
// In: a site on an empty database, under a clock that the play moves. Out: two
// editions with everything in them, to be looked at from outside. After every
// act the balance of questions is checked: received = admitted + refused +
// merged + withdrawn + waiting.
//
// It is for tests only; nobody in it has a name. Start reading at script.go, with
// [Play.Whole].
package year
