// Package security serves /.well-known/security.txt (RFC 9116): whom to tell of
// a weakness. The address carries no language, so it is a handler beside the
// pages, not one of them; cmd hands it to the server. Without a contact there is
// no such file: an invented one would be worse than none.
package security
