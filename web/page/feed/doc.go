// Package feed writes what stands next to every list and thing: CSV, JSON and
// Atom. A CSV cell that a spreadsheet would read as a formula gets an
// apostrophe before it; JSON is lossless; Atom carries addresses and dates.
//
// Pages hand it rows; it decides one thing, which of them carry the mark of what
// was invented ([Marks]).
package feed
