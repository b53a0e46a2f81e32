package question

import (
	"net/http"
	"time"

	"glosa/web/door"
	"glosa/web/page/leaf"
)

// knocked is what came with the form to show that it may pass.
func knocked(r *door.Request) door.Knock {
	return door.Knock{Once: r.Value("once"), Ticket: r.Value("ticket"), Puzzle: r.Value("puzzle"), Solution: r.Value("solution"),
		Trap: r.Value("website") != ""}
}

// waitHere is the form with what was typed and the way to pass: a device with
// script sends it again by itself, once it has done a little work.
func (p *Pages) waitHere(r *door.Request, held *door.Held) (door.View, error) {
	f, err := p.formAgain(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	f.held, f.refile = held, len(r.Files) > 0
	f.Scripts = append(f.Scripts, "pow.js")
	return door.View{Body: askPage(f), Status: http.StatusTooManyRequests, RetryAfter: f.seconds()}, nil
}

// seconds is how long the ticket waits, rounded up.
func (f sheetOfAsking) seconds() int {
	return int((f.held.Wait + time.Second - 1) / time.Second)
}

// heldHow tells the script whether to send by itself: a file must be chosen again first.
func (f sheetOfAsking) heldHow() string {
	if f.refile {
		return "file"
	}
	return "send"
}
