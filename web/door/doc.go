// Package door is what a page's room and the web server agree on: the visit
// ([Request]), what comes back ([View]), and where things are ([Router]).
// Rooms of web/page import it; package web imports the rooms; so nothing goes
// round in a circle.
//
// A room hangs its pages up like this:
//
//	func Mount(r *door.Router, d Desks) {
//		h := pages{d}
//		r.Page("/ediciones/{edition}/preguntas", h.list, "tema", "pagina")
//		r.Act("/ediciones/{edition}/preguntar", h.ask)
//		r.Desk("/moderacion/{edition}", h.queue)
//	}
//
// Paths carry no language: the router hangs each page up under /es and /en. A
// Page is public, the same for everyone, and cached until one of the tags of
// its View moves on the event line; it never sees a session. A Desk page and an
// Act see who is asking and are never cached or stored.
//
// The package sends nothing, keeps nothing and knows no room.
package door
