// Package office is the desks of those who answer: the liaison who drafts
// (/mesa/enlace), the office that signs (/mesa/firma), and the governor's office
// that reads everything (/mesa/gubernatura).
//
// In come the desks of [chain.Desks]; out go desk pages and the receivers of
// their forms. What is about to become public is shown as the public will read
// it, and under which post, before it is done: [question.Answer] draws both. An
// official act is registered by the post, not signed with a key of the person's.
//
// Start reading at [Pages.Mount]. The package decides nothing: the question room
// asks may.txt, the institution that holds the question, and who holds the post.
package office

//go:generate go tool -modfile=../../../tools/go.mod templ generate
