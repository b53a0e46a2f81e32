package api

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/record"
	"glosa/web/page/feed"
)

type event struct {
	ID        string          `json:"id" doc:"Its number in the public record, from 0."`
	Kind      string          `json:"kind"`
	Subject   string          `json:"subject" doc:"The id of the thing it is about."`
	Edition   string          `json:"edition,omitempty"`
	Synthetic bool            `json:"synthetic"`
	At        time.Time       `json:"at" doc:"A citizen's to the minute."`
	By        string          `json:"by" doc:"A post, a seat, system, admin or citizen: never a person."`
	Body      json.RawMessage `json:"body" doc:"Ids, codes, numbers and commitments, as the record holds them."`
}

func (a *api) events() []operation {
	return []operation{{id: "list-events", method: http.MethodGet, path: "/api/v1/events", summary: "What happened in public, oldest first",
		detail: "These are the sealed leaves of the public record, in its order. The list grows: to hear what is new, ask again with the cursor that gave the last page.",
		params: []*param{query("cursor", "The next of the page before.")}, out: list[event]{}, fails: []int{http.StatusUnprocessableEntity}, do: a.listEvents}}
}

// eventsPage is how many events one page holds.
const eventsPage = 100

// listEvents reads the record, not the line: what is private never becomes a
// leaf, so a place among leaves shows no gap.
func (a *api) listEvents(c *call) (any, error) {
	from, ok := readCursor(c.ask("cursor"))
	if !ok {
		return nil, glosa.WrongField("cursor", "api.cursor")
	}
	leaves, err := a.Record.Leaves(c.Context(), from, eventsPage+1)
	if err != nil {
		return nil, err
	}
	all, err := a.Edition.List(c.Context(), "")
	if err != nil {
		return nil, err
	}
	marks := feed.MarksOf(a.Demo, all)
	next := ""
	if len(leaves) > eventsPage {
		leaves, next = leaves[:eventsPage], writeCursor(leaves[eventsPage].N)
	}
	return list[event]{Next: next, Items: each(leaves, func(l record.Leaf) event {
		return event{ID: strconv.FormatInt(l.N, 10), Kind: l.Kind, Subject: l.ID, Edition: string(l.Edition), Synthetic: marks.OfAct(l.Kind, l.Edition),
			At: l.At, By: l.By, Body: l.Body}
	})}, nil
}

// cursorMark tells our cursors from other texts, and lets their form change later.
const cursorMark = "e1."

func writeCursor(n int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorMark + strconv.FormatInt(n, 36)))
}

// readCursor reads what writeCursor wrote; "" is the beginning.
func readCursor(s string) (n int64, ok bool) {
	if s == "" {
		return 0, true
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	digits, mine := strings.CutPrefix(string(b), cursorMark)
	if err != nil || !mine {
		return 0, false
	}
	n, err = strconv.ParseInt(digits, 36, 64)
	return n, err == nil && n >= 0 && writeCursor(n) == s
}
