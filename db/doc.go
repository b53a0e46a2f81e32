// Package db is the ground floor: one SQL on two engines (SQLite, the embedded
// default, and PostgreSQL), acts that are durable or did not happen, and the
// event line that everything else follows.
package db
