// Package edition is the pages of an edition as a whole: the list of all, one
// edition's front page (ours, or a real one of the past as its sources know it),
// its calendar with every sum explained, its protocol in people's words, and the
// desk from which a facilitator moves it.
//
// list.go, show.go, documented.go, calendar.go and protocol.go are public and
// cached; desk.go and act.go are for signed-in people. Which act is allowed is
// decided by the desk of civic/edition. Start reading at [Pages.Mount].
package edition

//go:generate go tool -modfile=../../../tools/go.mod templ generate
