// Package panel is the pages of the session and its minutes: who sits where,
// what is asked in which order, who speaks now, what became of each question,
// and the text that both sides sign; and the desks of those who prepare the
// session, run it and write it down.
//
// In come the panel room's days and minutes; names come from the register, the
// words of questions from the question room. Every form works without script.
//
//	/ediciones/{edition}/sesion  /ediciones/{edition}/minutas
//	/mesa/preparacion/{edition}  /mesa/conduccion/{mesa}  /mesa/minutas/{edition}
//
// Start reading at [Pages.Mount], then session.go and minutes.go.
package panel

//go:generate go tool -modfile=../../../tools/go.mod templ generate
