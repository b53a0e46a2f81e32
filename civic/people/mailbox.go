package people

import (
	"net/mail"
	"strings"

	"glosa"
)

// longestAddress is what RFC 5321 lets a path hold.
const longestAddress = 254

// Mailbox reads a mailbox as people type it. Invalid, field "mail", when it is
// none: line ends, names, several addresses, letters that many servers refuse.
func Mailbox(typed string) (Private, error) {
	wrong := glosa.WrongField("mail", "nt.mail.bad")
	typed = strings.TrimSpace(typed)
	if typed == "" || len(typed) > longestAddress {
		return Private{}, wrong
	}
	for _, c := range []byte(typed) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`<>()[]\,;:"`, c) >= 0 {
			return Private{}, wrong
		}
	}
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Name != "" || a.Address != typed {
		return Private{}, wrong
	}
	local, domain, _ := strings.Cut(typed, "@")
	if len(local) > 64 || !strings.Contains(domain, ".") || strings.Contains(domain, "..") ||
		strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.HasPrefix(domain, "-") {
		return Private{}, wrong
	}
	return NewPrivate(typed), nil
}

// Canonical is a mailbox by one spelling, so that it counts once: in lower case,
// without what stands behind a plus, and without dots where a provider ignores them.
// Whoever owns a whole domain still has as many mailboxes as they like.
func Canonical(mailbox Private) Private {
	local, domain, _ := strings.Cut(strings.ToLower(mailbox.Reveal()), "@")
	if base, _, tagged := strings.Cut(local, "+"); tagged && base != "" {
		local = base
	}
	if domain == "googlemail.com" {
		domain = "gmail.com"
	}
	if domain == "gmail.com" {
		local = strings.ReplaceAll(local, ".", "")
	}
	return NewPrivate(local + "@" + domain)
}
