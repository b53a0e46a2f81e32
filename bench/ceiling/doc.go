// Package ceiling holds the tiny programs that Glosa's figures are measured
// against, in the same run on the same machine:
//
//   - (a) [Same]: net/http sending the same, already compressed bytes under the
//     same headers. No page can be served faster by this server.
//   - (b) [List]: a list of fifty rendered by html/template from SQLite on every
//     request, as most sites do it.
//   - (c) [Ballots]: bare ballots inserted in SQLite (WAL, synchronous=FULL,
//     group commit up to 256) behind net/http: durable, and nothing else.
//
// They know nothing of Glosa; a ratio against them says what Glosa's promises cost.
package ceiling
