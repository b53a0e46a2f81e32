package people

import (
	"net/url"
	"time"

	"glosa/web/text"
)

// dayOf is a day, a month or a year in words.
func dayOf(w *text.Words, part string) string {
	switch len(part) {
	case len("2006"):
		return part
	case len("2006-01"):
		if t, err := time.Parse("2006-01", part); err == nil {
			return w.Month(t)
		}
	}
	if t, err := time.Parse(time.DateOnly, part); err == nil {
		return w.Day(t)
	}
	return part
}

// hostOf is who stands behind an address, for a link's text.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}
