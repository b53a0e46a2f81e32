// Package record is the page of the public record: how it stands, its latest
// leaves, one leaf with its proof, and a place to check a receipt.
//
//	/registro                  state, latest leaves, how to check, what cannot be prevented
//	/registro                  POST: a receipt, pasted or as a file; the reply is stored nowhere
//	/registro/{n}              one leaf: what it says, its bytes, its inclusion proof
//	/registro/{n}/comprobante  its shareable receipt, a C2SP tlog-proof
//	/registro.csv .json .atom  the latest leaves for programs
//
// The record itself is served by package record under /record/, in the formats
// that other people's tools read; these pages are for eyes. What they say of a
// receipt is what [record.Log.CheckOwn] says. proof.js checks a receipt in the
// browser, where the browser can, without sending it. Start reading at [Pages.Mount].
package record

//go:generate go tool -modfile=../../../tools/go.mod templ generate
