// Package problem says what went wrong to programs, as problem details of RFC
// 9457, in the language that the caller asks for. It exists so that the API and
// the server around it answer in one voice, whoever of them refuses.
//
// In comes an error of the house and the status of its kind; out goes JSON with
// one sentence for people, and for programs the places that are wrong, the rule
// that denies, and when to come back. It never shows a cause: that is for the log.
// Start reading at [Write].
package problem
