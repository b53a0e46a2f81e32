// Package intake is the pages of the other doors: the public page of an edition's
// doors (/ediciones/{edition}/puertas), the kiosk, and the desks of those who take
// questions on paper, by telephone and in assemblies (/mesa/captura), where two
// people of two sides type the ballots on paper, too.
//
// In come the desks of [chain.Desks]; out go pages, printed sheets whose QR leads
// to the page of their folio, templates and reports of batches. A key is shown in
// the answer to the act that made it and nowhere else: on the sheets of a
// printing, or once to whoever asked by telephone, in an assembly or at a kiosk.
//
// Start reading at [Pages.Mount]. The package decides nothing: the room of intake
// asks may.txt, the ledger of folios and the rules of the edition.
package intake

//go:generate go tool -modfile=../../../tools/go.mod templ generate
