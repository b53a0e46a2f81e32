package account

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"glosa"
)

// TripLasts is how long somebody may take at the issuer's.
const TripLasts = 10 * time.Minute

// tripMark binds a seal to what it is for.
const tripMark = "glosa/account/v1"

// Trip is from where somebody went to the issuer, and where they come back to.
type Trip struct {
	Edition glosa.EditionID `json:"edition"`
	Lang    string          `json:"lang"`
	Back    string          `json:"back,omitempty"` // what they wanted to do, as a word of the pages
}

// secret is what this browser alone keeps of a trip, sealed.
type secret struct {
	Trip
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Until    int64  `json:"until"` // seconds
}

// Leave begins a trip: the link to the issuer, and what the browser keeps of it.
// Closed while the issuer is not known.
func (i *Issuer) Leave(t Trip) (link, sealed string, err error) {
	k := i.known.Load()
	if k == nil {
		return "", "", glosa.Refuse(glosa.Closed, "vo.account.away")
	}
	s := secret{Trip: t, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Until: i.Clock.Now().Add(TripLasts).Unix()}
	js, err := json.Marshal(s)
	if err != nil {
		return "", "", err
	}
	box, err := i.box()
	if err != nil {
		return "", "", err
	}
	sealed = base64.RawURLEncoding.EncodeToString(box.Seal(nil, nil, js, []byte(tripMark)))
	return k.way.AuthCodeURL(s.State, oidc.Nonce(s.Nonce), oauth2.S256ChallengeOption(s.Verifier)), sealed, nil
}

func (i *Issuer) box() (cipher.AEAD, error) {
	block, err := aes.NewCipher(i.Key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// open reads a seal of ours that is not over.
func (i *Issuer) open(sealed string) (s secret, ok bool) {
	box, err := i.box()
	if err != nil {
		return s, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return s, false
	}
	js, err := box.Open(nil, nil, raw, []byte(tripMark))
	if err != nil || json.Unmarshal(js, &s) != nil {
		return secret{}, false
	}
	return s, i.Clock.Now().Unix() < s.Until
}

// Answer is what the issuer sent somebody back with.
type Answer struct {
	State, Code string
	Issuer      string // as RFC 9207 has it; "" where it does not say
}

// Back takes what somebody came back with and gives the subject that the issuer
// vouches for. The trip is told also with an error, if the seal was ours.
//
// Errors: Denied, whatever was wrong; Closed while the issuer is not known; Busy.
func (i *Issuer) Back(ctx context.Context, sealed string, a Answer) (t Trip, subject string, err error) {
	s, ok := i.open(sealed)
	k := i.known.Load()
	switch {
	case !ok:
		return s.Trip, "", refused()
	case k == nil:
		return s.Trip, "", glosa.Refuse(glosa.Closed, "vo.account.away")
	case a.Code == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(s.State)) != 1 || a.Issuer != "" && a.Issuer != i.Issuer:
		return s.Trip, "", refused()
	}
	select {
	case i.busy <- struct{}{}:
		defer func() { <-i.busy }()
	default:
		return s.Trip, "", glosa.Refuse(glosa.Busy, "e.busy")
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	subject, why := k.subject(oidc.ClientContext(ctx, i.client), i.Config, s, a.Code)
	if why != "" {
		i.Log.Warn("an account was not taken", "why", why)
		return s.Trip, "", refused()
	}
	return s.Trip, subject, nil
}

// subject changes a code into a token, checks it and keeps of it the subject alone.
// why is a word of a closed list: what an issuer or a visitor writes is not logged.
func (k *known) subject(ctx context.Context, c Config, s secret, code string) (subject, why string) {
	tokens, err := k.way.Exchange(ctx, code, oauth2.VerifierOption(s.Verifier))
	if err != nil {
		return "", refusal(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	tok, err := k.check.Verify(ctx, raw)
	var over *oidc.TokenExpiredError
	switch {
	case errors.As(err, &over):
		return "", "token is over: is a clock wrong?"
	case err != nil:
		return "", "token is not the issuer's, or not for this house"
	case tok.Issuer != c.Issuer || len(tok.Audience) != 1:
		return "", "token is for others too"
	case subtle.ConstantTimeCompare([]byte(tok.Nonce), []byte(s.Nonce)) != 1:
		return "", "nonce"
	case tok.Subject == "" || len(tok.Subject) > mostSub:
		return "", "subject"
	}
	return tok.Subject, ""
}

// refusal is why an issuer gave no token, in the words of RFC 6749.
func refusal(err error) string {
	var no *oauth2.RetrieveError
	if !errors.As(err, &no) {
		return "issuer does not answer"
	}
	if slices.Contains([]string{"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type"}, no.ErrorCode) {
		return no.ErrorCode
	}
	return "issuer refuses"
}

func refused() error { return glosa.Refuse(glosa.Denied, "vo.account.refused") }
