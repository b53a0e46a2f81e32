package main

import (
	"os"
	"strings"

	"glosa/site"
	"glosa/web/account"
	"glosa/web/door"
)

// accounts is who vouches for accounts; without an issuer none are taken.
type accounts struct {
	Issuer string `name:"oidc-issuer" help:"Issuer of accounts by which people may support where the protocol says oidc (OpenID Connect, pairwise subjects); needs --behind-proxy." placeholder:"https://…"`
	Client string `name:"oidc-client" help:"Our name at that issuer, with the return address https://ORIGIN/es/cuenta/vuelta." placeholder:"NAME"`
	Secret string `name:"oidc-secret-file" help:"File that holds our secret there, mode 0600; none for a client that proves itself by PKCE alone." placeholder:"FILE"`
}

// issuer is the issuer of accounts; nil when none is given.
func (a accounts) issuer(tls bool) (*account.Config, error) {
	if a.Issuer == "" {
		if a.Client != "" || a.Secret != "" {
			return nil, wrong("--oidc-issuer https://… is missing")
		}
		return nil, nil
	}
	c := &account.Config{Issuer: a.Issuer, Client: a.Client}
	if err := c.Check(); err != nil {
		return nil, wrong("%w", err)
	}
	if !tls {
		return nil, wrong("--oidc-issuer needs --behind-proxy: an issuer sends people back to https alone")
	}
	if a.Secret == "" {
		return c, nil
	}
	info, err := os.Stat(a.Secret)
	if err != nil {
		return nil, wrong("secret at the issuer of accounts: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, wrong("secret at the issuer of accounts: others can read %s (mode %o): chmod 600", a.Secret, info.Mode().Perm())
	}
	raw, err := os.ReadFile(a.Secret)
	if err != nil {
		return nil, wrong("secret at the issuer of accounts: %w", err)
	}
	if c.Secret = strings.TrimSpace(string(raw)); c.Secret == "" {
		return nil, wrong("secret at the issuer of accounts: %s is empty", a.Secret)
	}
	return c, nil
}

// at gives an issuer of accounts what it needs of the site it comes back to.
func at(c account.Config, s *site.Site) account.Config {
	c.Key, c.Clock, c.Log = s.Trip, s.Clock, s.Log
	c.Return = "https://" + s.Origin + door.Address("es", account.ReturnPath)
	return c
}
