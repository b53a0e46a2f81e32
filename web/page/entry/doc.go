// Package entry is the way in and out of the desks: the one-time code, what a
// signed-in person finds waiting, acting under another of one's own posts, and
// the invitations that each side hands out to its own people.
//
//	/entrar                       the code, typed; sent by POST, answered alike whatever was wrong with it
//	/entrar/reparto               the demonstration only: enter as any member of the cast
//	/salir                        POST: the session ends
//	/mesa                         the desks this session may use, with what waits at each
//	/mesa/invitaciones/{edition}  the places of one's own side, who was invited to them; a code is shown once
//	/mesa/invitaciones/{edition}/lugar  POST: a new seat of one's own side
//
//	/mesa/lugares/{edition}       the places of the protocol, substitutes, posts and what is delegated of them
//
// A code stands in no address, no log and no stored page. Who may do what is
// asked of the desks; these pages only list. Start reading at [Pages.Mount].
package entry

//go:generate go tool -modfile=../../../tools/go.mod templ generate
