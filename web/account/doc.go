// Package account speaks to one issuer of accounts by OpenID Connect, so that a
// state's word may open the door "oidc" of supports. It exists so that nothing but
// a pairwise subject ever comes out of it: no name, no number of a person, no
// token of access.
//
// # The way there and back
//
//	POST in this house ──► sealed cookie + a page with a plain link
//	link ──► the issuer, who asks whom it must
//	GET of [ReturnPath] ◄── code and state ──► token, by PKCE ──► subject
//
// The cookie is AES-256-GCM under a key of the house, good for [TripLasts]:
//
//	{"edition", "lang", "state", "nonce", "verifier", "until"}
//
// It is of this browser and made by a form of this house; without it, and without
// the state that it holds, what comes back is nobody's. That is why the return may
// act although it is a GET: another site can lead a browser there, but cannot give
// it the cookie, so nobody is signed in to somebody else's account. It is
// SameSite=Lax since browsers send no Strict cookie on the way back.
//
// There is a plain link, and no form or redirect to the issuer, so that form-action
// stays 'self': Chromium holds the redirects of a form to it too.
//
// # What is demanded of the issuer
//
// Its name as configured, in discovery, in the token and, where it says it, in the
// answer; https; RS256 or ES256; this house as the token's only audience; our nonce;
// a token that is not over; pairwise subjects. Discovery is tried until it works,
// and the site does not wait for it.
//
// No code, state or token is logged: what went wrong is a word of a closed list.
//
// Start at [Issuer].
package account
