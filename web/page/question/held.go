package question

import (
	"net/http"

	"glosa/web/door"
	"glosa/web/page/leaf"
)

// waitHere is the form with what was typed and the way to pass: a device with
// script sends it again by itself, once it has done a little work.
func (p *Pages) waitHere(r *door.Request, held *door.Held) (door.View, error) {
	f, err := p.formAgain(r, leaf.Problems{}, nil)
	if err != nil {
		return door.View{}, err
	}
	f.held, f.refile = held, len(r.Files) > 0
	f.Scripts = append(f.Scripts, "pow.js")
	return door.View{Body: askPage(f), Status: http.StatusTooManyRequests, RetryAfter: held.Seconds(), Ticket: held.Ticket}, nil
}

// heldHow tells the script whether to send by itself: a file must be chosen again first.
func (f sheetOfAsking) heldHow() string {
	if f.refile {
		return "file"
	}
	return "send"
}
