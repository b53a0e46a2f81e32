// Package web is the front desk: it takes visits in, keeps rendered pages until
// the event line moves them, and sends everything out under one set of headers.
//
// In come the pages of web/page/* (hung up on a [door.Router]), the API and the
// record (as handlers), the event line, and a [Sessions] that tells who is
// asking. Out goes HTTP. A visit passes, in this order:
//
//	headers → page cache → text check → origin check → limits → router → room → page
//	              └── a kept page is sent from here; nothing else is asked
//
// The page cache (cache.go) follows the event line: a page is kept with the
// number the line had before its rows were read, its tags, and the instant at
// which it changes by the clock. Start reading at [New], then [Server.ServeHTTP].
//
// It never logs an address, a query string or a body, never decides who may do
// what (desks do), and never reads the database.
package web
