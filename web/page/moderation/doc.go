// Package moderation is the moderators' desk: the queue of one edition, the next
// question before everything else, and what two people of different sides decide
// about it on listed grounds only.
//
// In come the desks of [chain.Desks] and the queue of the question room, which
// holds no name, no contact, no municipality and not the first person's ground;
// so this page cannot show them. Out go one desk page and the receivers of its
// forms. Everything works without script; moderation.js adds keys.
//
// Start reading at [Pages.Mount], then [Pages.queue]. It decides nothing: the
// question room asks may.txt and the sides of whoever acts.
package moderation

//go:generate go tool -modfile=../../../tools/go.mod templ generate
