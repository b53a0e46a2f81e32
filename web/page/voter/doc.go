// Package voter is the pages of the doors by which supports count: by which one
// this browser's supports stand and whether they count; showing a mailbox by a
// mailed code, the code of an envelope, or an account (web/account); the public
// lists of codes; and the desk where two people of two sides bring and close them.
//
// Nothing of a door is ever in an address of ours: codes are posted, tokens lie in
// cookies that no script reads. An issuer of accounts sends people back with a code
// in the address, which is used up at once and led away from. What a page says never depends on whether a mailbox is
// known. All of it works without script.
//
// Start at [Pages.Mount].
package voter

//go:generate go tool -modfile=../../../tools/go.mod templ generate
