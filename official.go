package glosa

import (
	"encoding/json"
	"io"
	"strconv"
	"time"
)

// Official is one thing that a room publishes and that leaves of the record
// decide: a word (a state, a number, a place), an official text, or a file.
// Exactly one of Word, Text and File is set. What is private is in no list.
type Official struct {
	Of   string `json:"of"`             // sort of object: "question"
	ID   string `json:"id"`             // the object
	What string `json:"what"`           // "state", "answer.2"
	Word string `json:"word,omitempty"` // as it stands now
	Text string `json:"text,omitempty"` // in full: a leaf holds the SHA-256 of these bytes
	File string `json:"file,omitempty"` // where the site serves the bytes whose SHA-256 a leaf holds

	// Open reads the bytes of File where they lie; it is not sent.
	Open func() (io.ReadCloser, error) `json:"-"`
}

// Ledger is what a room's fold writes while it reads public events in order:
// what the room's tables must say after each of them. A thing is named by the
// sort of object, the object, and what of it; a name that begins with a dot is
// the fold's own note and is compared with nothing.
type Ledger interface {
	Say(of, id, what, word string)            // from now on it is this word; "" ends it
	SayText(of, id, what string, digest Hash) // from now on it is the text, or file, of this SHA-256; zero ends it
	Word(of, id, what string) string          // the word it is now; "" when there is none
	Move(of, id, what, toID, toWhat string)   // gives it to another name; what is not there moves nothing
	Drop(of, id, begins string)               // ends everything of an object whose name begins so
	Text(commit Hash, state string)           // a committed text must be "sealed" or "opened" from now on, until it is erased
	Fault(why string)                         // the leaf says what the rules of the room forbid
}

// Sheet gathers what is official of one object. What is empty is left out.
type Sheet struct {
	Of, ID string
	List   []Official
}

// Word adds a state, a name of a closed list, an id.
func (s *Sheet) Word(what, word string) {
	if word != "" {
		s.List = append(s.List, Official{Of: s.Of, ID: s.ID, What: what, Word: word})
	}
}

// Number adds a number; zero is left out.
func (s *Sheet) Number(what string, n int) { s.Word(what, NumberWord(n)) }

// Text adds an official text in full.
func (s *Sheet) Text(what, text string) {
	if text != "" {
		s.List = append(s.List, Official{Of: s.Of, ID: s.ID, What: what, Text: text})
	}
}

// NumberWord is a number as lists of what is official have it: "" for zero.
func NumberWord(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// TimeWord is an instant as they have it: as in leaves, "" for none.
func TimeWord(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05Z")
}

// BodyOf reads the body of an event. A leaf has 64-bit numbers as strings, so a
// type that reads leaves says so.
func BodyOf[T any](e Event) (body T, err error) {
	err = json.Unmarshal(e.Body, &body)
	return body, err
}
