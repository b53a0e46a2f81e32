// Package record keeps the public record: a log that can only grow, in a form
// that other people's tools can check.
package record
