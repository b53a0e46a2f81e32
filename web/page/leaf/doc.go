// Package leaf is the look of every page: the leaf of a minute book, with its
// margin, its double rule, its ledger, and the parts that stand on it. Rooms
// of web/page fill in a [Page] and write their content as sections:
//
//	templ list(p leaf.Page, rows []row) {
//		@leaf.Leaf(p) {
//			@leaf.Section(p.Words, leaf.Part{Title: "…", Margin: leaf.Margin{Head: "…"}}) {
//				…
//			}
//		}
//	}
//
// Leaf puts things in the one order that the screen brief sets: skip link,
// brand, menu, margin, h1, one sentence of state, clock, primary action, chain,
// content, downloads. Every part is a plain class of leaf.css and parts.css.
// Nothing here reads a desk, and nothing uses a style attribute (the content
// security policy refuses them). Start reading at [Page]; [Sheet] shows every part.
package leaf

//go:generate go tool -modfile=../../../tools/go.mod templ generate
