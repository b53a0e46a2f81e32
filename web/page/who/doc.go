// Package who says in people's words who acted: the office behind "post:KEY",
// the chair behind "seat:SIDE:N", the institution behind its key. Names of
// persons do not exist here; the public record names offices and seats only.
//
// Start reading at [Read].
package who
