package glosa

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Event is what an act leaves on the line. Readers see a dense, strictly
// ordered sequence. It carries ids, codes, numbers and commitments; never free
// text, never a contact.
type Event struct {
	Seq     int64     // place on the line, from 1, without gaps
	ID      string    // made in Go, sorts by time
	Room    string    // "question": the part of Kind before the dot
	Kind    string    // "question.received"
	Subject string    // id of the thing it is about
	Edition EditionID // "" when it belongs to none
	At      time.Time // UTC
	By      string    // [Actor.By]
	Public  bool      // false unless its kind says public
	Body    json.RawMessage
	Tags    []string // what cached pages it moves: "question:ID", "edition:ID", …
}

// EventKind declares one kind of event. Each room exports its list; the public
// ones enter the record as leaves with exactly the fields of Body.
type EventKind struct {
	Name   string // "question.received"
	Public bool
	Body   any // zero value of the closed struct; every field an id, a Code, a number, a time or a Hash
}

// Event makes an event of this kind. It panics when body is not of the declared
// type: that is a mistake in the code, not in the input. db fills Seq, ID and At.
func (k EventKind) Event(by Actor, ed EditionID, subject string, body any, tags ...string) Event {
	if fmt.Sprintf("%T", body) != fmt.Sprintf("%T", k.Body) {
		panic(fmt.Sprintf("glosa: %s carries %T, not %T", k.Name, k.Body, body))
	}
	js, err := JCS(body)
	if err != nil {
		panic(fmt.Sprintf("glosa: %s: %v", k.Name, err))
	}
	room, _, _ := strings.Cut(k.Name, ".")
	all := []string{room + ":" + subject}
	if ed != "" {
		all = append(all, "edition:"+string(ed))
	}
	return Event{Room: room, Kind: k.Name, Subject: subject, Edition: ed, By: by.By(),
		Public: k.Public, Body: js, Tags: append(all, tags...)}
}

// Line is the event line as followers and live pages read it.
type Line interface {
	// After returns at most limit events with Seq > seq, in order.
	After(ctx context.Context, seq int64, limit int) ([]Event, error)
	// Head is the highest Seq on the line; 0 when it is empty.
	Head(ctx context.Context) (int64, error)
	// Wait returns when there is an event with Seq > seq, or with ctx's error.
	Wait(ctx context.Context, seq int64) error
}
