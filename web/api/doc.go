// Package api is the door for programs: everything under /api/v1, as JSON.
//
// It exists so that anybody can build on the exercise, and check it, with the
// same rights as somebody at a page: the desks decide, the API only translates.
//
// # In and out
//
// In come requests; each is checked (UTF-8, no control characters, bounded,
// fields known by name) before a desk hears of it. Out go things that have an
// "id", lists as {"items":[…],"next":"…"} whose cursors are opaque, times as
// RFC 3339, and errors as problem details (package problem). What belongs to a
// synthetic edition says "synthetic": true.
//
//	GET    /api/v1/editions · /editions/{edition} · /editions/{edition}/balance
//	GET    /api/v1/editions/{edition}/questions · /questions/{folio} · /questions/{folio}/receipt
//	POST   /api/v1/editions/{edition}/questions
//	POST   /api/v1/devices
//	POST   /api/v1/editions/{edition}/doors/contact/code · /doors/contact · /doors/code · /doors/along
//	PUT    /api/v1/questions/{folio}/support   (and DELETE)
//	GET    /api/v1/commitments · /commitments/{id}
//	GET    /api/v1/institutions · /institutions/{key}
//	GET    /api/v1/events
//	GET    /api/v1/openapi.json
//
// # How it is made
//
// huma writes the OpenAPI 3.1 document from the types in this package and hangs
// the operations on net/http. Its own parsing, errors, documentation page and
// schema links are not used: they speak one language, name no fields as ours do,
// and load from outside. An operation (operation.go) is a row: address, words for
// the document, types, and the function that answers.
//
// # What it never does
//
// It never shows a name, the text of a question before it is admitted, when to
// the second somebody asked, or a key twice. It never acts for a signed-in desk:
// whoever calls is a citizen. It keeps nothing, and takes no secret in an address:
// codes, handles and tokens travel in bodies and in the Authorization header.
//
// Start reading at [New], then operation.go.
package api
