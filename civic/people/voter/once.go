package voter

import (
	"encoding/json"

	"glosa"
)

// Once keeps by which leaf a contest was told what is told once, and what no leaf
// may say after those before it.
type Once struct {
	said     map[string]int64
	Findings []Finding
}

// First tells whether nothing of this sort was told before; else it is a finding,
// and what was told first holds.
func (o *Once) First(e glosa.Event, what string, look glosa.Code, again string) bool {
	if o.Told(what) {
		o.Find(look, again)
		return false
	}
	if o.said == nil {
		o.said = map[string]int64{}
	}
	o.said[what] = e.Seq
	return true
}

// Told tells whether something of this sort was told.
func (o *Once) Told(what string) bool { return o.said[what] > 0 }

// Find keeps what a leaf may not say.
func (o *Once) Find(look glosa.Code, why string) {
	o.Findings = append(o.Findings, Finding{What: look, Text: why})
}

// Restored lets be told again what a leaf record.restored says was lost: the leaves
// stand, and the house, which never heard of them, does the acts anew.
func (o *Once) Restored(e glosa.Event) {
	var lost struct { // as leaves write it
		Size int64 `json:"size,string"`
		Lost int64 `json:"lost,string"`
	}
	if json.Unmarshal(e.Body, &lost) != nil {
		return
	}
	for what, seq := range o.said {
		if n := seq - 1; n >= lost.Size && n < lost.Size+lost.Lost {
			delete(o.said, what)
		}
	}
}

// FirstTold is the same in a fold: a second time is a fault. What a restore lost
// the ledger forgets, so it is told anew.
func FirstTold(l glosa.Ledger, e glosa.Event, of, what, again string) bool {
	note := ".told." + what
	if l.Word(of, e.Subject, note) != "" {
		l.Fault(again)
		return false
	}
	l.Say(of, e.Subject, note, "yes")
	return true
}
