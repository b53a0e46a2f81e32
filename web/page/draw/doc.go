// Package draw is the pages of a panel's draw: what was announced, the lottery
// before its seed, the draw anybody can repeat, the seats; a volunteer's form and
// their own page; and the desk of those who announce, freeze and type the seed.
// Folio and key are sent by POST only. The files are served as they are kept, byte
// by byte: their digests are in the record.
//
// Start reading at [Pages.Mount], then public.go.
package draw

//go:generate go tool -modfile=../../../tools/go.mod templ generate
