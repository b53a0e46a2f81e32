// Package report is the government's report, cut into passages that a question
// can point at, with its files and its word on each earlier promise.
//
//	draft ──publish──► published(1) ──publish, with a reason──► published(2) …
//
// Each version stays. Publishing late is counted in days against the protocol's
// date and shown; it is never refused, for a late report is better than none.
//
// # Addresses that last
//
// A passage is one block of the Markdown: a heading, a paragraph, a list, a
// table. Its anchor is the number of its section and its number in it: "3" is
// the heading of the third section, "3-2" the second passage in it, "0-1" the
// first before any heading (in HTML: p-3-2; in the record: demo26-informe-3-2).
// A number is given once. When the text changes, a passage that reads the same
// keeps its number wherever it moved; one that was reworded in place keeps it
// too, if at least half of its words stayed; anything else gets the next
// unused number of its section, and the number of a passage that went away is
// never used again: its address says that it went away ([Number]).
//
// # Files
//
// Bytes live in [Files] under their own SHA-256, put there before the act; the
// type is told by content, not by name ([TypeOf]). What no row names is swept
// after a day ([Sweep]).
//
// In: Markdown and files of a liaison, statements of a signatory. Out: report.*
// events with digests only. Start with report.go, then passage.go.
package report
