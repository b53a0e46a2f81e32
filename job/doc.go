// Package job is work done later, once, even after a crash: what an act or a
// follower must not wait for, such as finding out whom a piece of news concerns.
//
//	act ─► Enqueue(tx) ─► job row ─► Runner ─► Work(tx): a step and its place, in one act ─► row gone
//	                                   └─ fails ─► later, later still … ─► dead: seen by the keeper
//
// In: a queue's name and an id, inside whatever transaction the work belongs to:
// if the act is undone, so is the job. Out: Work, called with a transaction of
// its own. A long job is done in steps; each tells where the next begins, and
// that place moves in the same act as what the step wrote.
//
// # What is promised
//
// A step's rows are written exactly once: the step and the job's place are one
// act. What Work does outside tx may happen twice, so it does nothing there: what
// must leave the house (a mail) is written as a row, and sent from there by
// whoever knows what sending twice means (notify).
//
// A step that fails is undone and tried again after a second, then four times as
// long, up to an hour; after the tenth failure the job is dead. It is not
// deleted: metrics count it, `glosa jobs` lists it, and `glosa jobs --again` lets it
// run once more.
//
// # What it never holds
//
// Words, names, addresses: a job is a queue, an id, a place and the kind of the
// last error. [Enqueue] refuses an id that could be anything else.
//
// Why not a library's table: docs/decisions/0011. Start with job.go, then run.go.
package job
