package people

import (
	"errors"
	"fmt"
	"log/slog"
)

// Private is a name or a contact of a private person. It refuses to be printed,
// logged or marshalled: every such way gives "[private]" or an error. The words
// stand behind a pointer, so that a struct that holds a Private in a private
// field prints an address and not the name. [Private.Reveal] is the only way out.
type Private struct{ words *string }

// hidden is what every printing of a Private shows.
const hidden = "[private]"

var errPrivate = errors.New("people: private data is not marshalled")

// NewPrivate takes a name or a contact out of sight.
func NewPrivate(words string) Private { return Private{words: &words} }

// Reveal gives the words: to the person's own page, to their own mailbox, to
// nobody else.
func (p Private) Reveal() string {
	if p.words == nil {
		return ""
	}
	return *p.words
}

// IsEmpty tells whether there are no words.
func (p Private) IsEmpty() bool { return p.words == nil || *p.words == "" }

func (p Private) String() string   { return hidden }
func (p Private) GoString() string { return hidden }

// Format shows "[private]" for every verb.
func (p Private) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue shows "[private]".
func (p Private) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON refuses.
func (p Private) MarshalJSON() ([]byte, error) { return nil, errPrivate }

// MarshalText refuses, and with it XML, CSV writers and map keys.
func (p Private) MarshalText() ([]byte, error) { return nil, errPrivate }

// MarshalBinary refuses.
func (p Private) MarshalBinary() ([]byte, error) { return nil, errPrivate }

// MarshalYAML refuses.
func (p Private) MarshalYAML() (any, error) { return nil, errPrivate }

// GobEncode refuses.
func (p Private) GobEncode() ([]byte, error) { return nil, errPrivate }
