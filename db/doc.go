// Package db is the ground floor: one SQL on two engines (SQLite, the embedded
// default, and PostgreSQL), acts that are durable or did not happen, and the
// event line that everything else follows.
//
//	          waiting acts                            committed events
//	desk ─► Act ─► SQLite: writer, ≤256 a commit ────────────────► event ─► Line, Follow
//	         └──► PostgreSQL: lane, ≤128 a commit ─► event_inbox ─► sequencer ─┘
//
// In: a room's statements (its sql.go) and its schema folder. Out: rows, and the
// events of [DB.Line]. It knows no room, and no room's statement is rewritten.
//
// # What is promised
//
//   - An act whose [DB.Act] returned nil is on disk with all its rows and events;
//     one that returned an error left nothing. The process may be killed at any
//     instruction; if it is killed before Act returns, the act is wholly there or
//     not at all.
//   - The machine may lose power, provided that the disk keeps what it says it has
//     synced. SQLite runs with WAL and synchronous=FULL, PostgreSQL with its usual
//     durability. A PostgreSQL that fails over to an asynchronous standby loses
//     acknowledged acts: nothing here can prevent that.
//   - Events are numbered 1, 2, 3 … without gaps, each committed event once, and
//     an event that was seen never changes its number. An act that began after
//     another had returned comes after it on the line.
//   - Acts are serializable: each runs as if alone. SQLite has one writer;
//     on PostgreSQL nodes take turns by a lock, and within a node acts run one
//     after the other. So a crowd waits, and nobody is sent away because somebody
//     else acted too.
//   - [DB.Read] sees one moment. On PostgreSQL that moment is a snapshot
//     (repeatable read), which may precede an act that is about to be acknowledged.
//   - A follower's fn and its place move in one act, so that what fn writes
//     through tx happens once per event ([DB.Follow]).
//   - One act's panic, error or cancelled caller undoes that act and no other,
//     even inside the same commit.
//   - Erased text is overwritten in SQLite's file (secure_delete) once the
//     write-ahead log has been folded in, which [DB.Purge], Close and every 16 MB
//     of log do. In PostgreSQL it stays in old pages until VACUUM, which Purge
//     does. On both it stays in backups, which live 35 days.
//
// # What is not
//
// When the connection to PostgreSQL breaks in the middle of a commit, or the disk
// fails in SQLite's, the caller gets an error that says so, and the act may be
// there after a restart. Callers who need to know ask under the key they gave it.
//
// [DB.Exclusive] on SQLite excludes within one process: a folder has one server.
// A command may act beside it; the server hears of its events within a second.
//
// A session pooler (PgBouncer in transaction mode) breaks the locks and the
// notifications: connect to PostgreSQL itself.
//
// # The law for statements
//
// Placeholders are $1, $2 …; the common subset of both engines; columns are TEXT,
// BIGINT (times as [glosa.Micros], money as cents), BOOLEAN and BYTEA; every
// subquery has a name; "where true" stands before "on conflict" in an
// insert-select; a conflict is asked for with "on conflict do nothing", never
// caught: after a failed statement the act is over on both engines. Rows are
// closed before anything else runs. Text sorts by bytes.
//
// # Tables of its own
//
// event (the line), event_inbox and act_turn (PostgreSQL only), follower_cursor, meta, and
// goose_<room> for each room's schema version. Nobody else names them.
//
// Start reading at db.go; then queue.go and writer.go for SQLite's group commit, lane.go,
// postgres.go and sequencer.go for the other engine, line.go and follow.go for what comes after.
package db
