// Package site puts a whole house together: it opens the database, brings it
// to the schema of this program, hands each room what it asks of the others,
// and runs the followers.
//
// Why it exists: knowledge flows down by wiring, not by import. What an earlier
// room must ask of a later one (a gate, a due, which commitments are open) is a
// function that takes the same transaction; this is the one place that knows
// them all. The command line, the demonstration, the whole-year test and the
// benchmarks stand on the same wiring.
//
// The folder it keeps (docs/operator.md):
//
//	<data>/glosa.db   the database, unless it is PostgreSQL
//	<data>/record/    the public record, a pure function of the database
//	<data>/files/     reports and evidence, by the hash of their bytes
//	<data>/keys/      keys, mode 0600, in no backup of the database
//
// What it never does: decide anything. Start reading at [Open], then [Site.Run].
package site
