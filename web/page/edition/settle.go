package edition

import (
	"strings"

	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// settle writes where the session happens; who convenes is not changed here.
func (p *Pages) settle(r *door.Request) (door.View, error) {
	return p.act(r, "settle", func(ed edition.Edition) error {
		place := ed.Place
		for name, at := range placed(&place) {
			*at = strings.TrimSpace(r.Value("settle_" + name))
		}
		return p.Edition.Settle(r.Context(), r.Actor, ed.ID, place)
	})
}

// placed are the fields of the form of a place, by their name in it.
func placed(p *edition.Place) map[string]*string {
	return map[string]*string{"venue": &p.Venue, "address": &p.Address, "city": &p.City, "access": &p.Access, "stream": &p.Stream}
}

// settling tells whether the form of the place was sent, and came back.
func (b bench) settling() bool { return b.Typed("settle_form") != "" }

// at is one field of the place: what was typed, or what stands there.
func (b bench) at(name, label, hint string) leaf.Field {
	place := b.Edition.Place
	f := leaf.Field{Name: "settle_" + name, Label: label, Hint: hint, Value: *placed(&place)[name], Error: b.Problems.For("settle_" + name), Max: 500}
	if b.settling() {
		f.Value = b.Typed(f.Name)
	}
	return f
}

// stream is the address of the video, typed as an address.
func (b bench) stream() leaf.Field {
	f := b.at("stream", b.Words.T("ep.stream"), b.Words.T("ep.stream.how"))
	f.Type = "url"
	return f
}
