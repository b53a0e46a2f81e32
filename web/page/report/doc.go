// Package report is the government's report as people read it, passage by
// passage, each with its own address and a way to ask about it; the files that go
// with it; what the government says of each earlier promise; and the desk where
// a liaison writes it and a signatory publishes it.
//
// show.go is public and cached; desk.go is for signed-in people, and a draft is
// seen nowhere else. Which act is allowed is decided by the desk of
// civic/report. Start reading at [Pages.Mount].
package report

//go:generate go tool -modfile=../../../tools/go.mod templ generate
