package leaf

import (
	"cmp"
	"crypto/rand"

	"glosa/web/door"
)

// Pass is what a form carries to pass the gate ([door.Gate]): a question, a
// statement, whatever anybody may send without an account.
type Pass struct {
	Once  string     // the form's own mark
	Held  *door.Held // many send at once: how it may pass; nil otherwise
	Knock door.Knock // how it may pass already, while something else is mended
	Send  string     // what its button says
	File  bool       // a file came with it, and must be chosen again
}

// PassOf is the pass of a form as it came, or of a fresh one under a mark of its own.
func PassOf(r *door.Request, send string) Pass {
	return Pass{Once: cmp.Or(r.Value("once"), rand.Text()), Knock: r.Knock(), Send: send, File: len(r.Files) > 0}
}

// Wait holds the form of a page back: a device with script does a little work and
// sends it again by itself.
func (p *Page) Wait(pass *Pass, held *door.Held) {
	pass.Held = held
	p.Scripts = append(p.Scripts, "pow.js")
}

// how tells the script whether to send by itself: a file must be chosen again first.
func (p Pass) how() string {
	if p.File {
		return "file"
	}
	return "send"
}
