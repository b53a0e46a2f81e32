package commitment

import (
	"slices"
	"strconv"
	"time"

	"glosa"
)

// Entry is one line of a commitment's timeline. A documented one says what its
// source says, in our own words; a running one is derived from acts.
type Entry struct {
	Number   int
	DateText string    // as the source gives it: «9 de diciembre de 2018», «Julio de 2021»
	At       time.Time // for the order only when DateText is vaguer than a day
	Kind     glosa.Code
	Text     string // a wording or what happened, in our own words
	Key      string // or a sentence of web/text
	Sources  []glosa.SourceID
	OGP      string     // the OGP commitment it speaks of, if any
	Era      glosa.Code // the administration's band: "2016-2022"
	Version  int        // the wording this entry brought, if it brought one
	Args     map[string]string

	// Of a documented entry:
	Edition   glosa.EditionID  // the edition in which it happened, if in one
	Basis     Basis            // how well it is tied to the promise: Inferred is our own reading
	Note      string           // what else the source says
	Conflict  string           // what another source says against it
	Disputing []glosa.SourceID // the sources of Conflict
	En        Said             // the same in English; empty where nobody has written it
}

// Said are the texts of a documented entry in another language than Spanish.
type Said struct{ DateText, Text, Note, Conflict string }

// entry kinds of documented timelines.
var entryKinds = []glosa.Code{"wording", "event", "status", "result", "warning"}

// Check finds what is wrong with a documented entry. Kinds: Invalid.
func (e Entry) Check() error {
	if !slices.Contains(entryKinds, e.Kind) || e.DateText == "" || (e.Text == "") == (e.Key == "") {
		return glosa.WrongField("timeline", "cm.entry")
	}
	if len(e.Sources) == 0 || (e.Conflict == "") != (len(e.Disputing) == 0) {
		return glosa.WrongField("sources", "cm.source")
	}
	return nil
}

// Timeline lays documented entries and what happened here in order of time;
// what has the same instant keeps its number.
func Timeline(c Commitment, documented []Entry, updates []Update, assessed []Assessment, fates []Disposition, pauses ...Pause) []Entry {
	all := slices.Clone(documented)
	add := func(at time.Time, kind glosa.Code, key string, args map[string]string) {
		if !at.IsZero() {
			all = append(all, Entry{At: at, Kind: kind, Key: key, Args: args})
		}
	}
	if !c.Documented() {
		add(c.Proposed, "event", "cm.t.proposed", nil)
		for _, v := range c.Versions {
			if !v.InForce.IsZero() {
				add(v.InForce, "wording", "cm.t.version", map[string]string{"n": strconv.Itoa(v.Number), "reason": v.Reason})
				all[len(all)-1].Version, all[len(all)-1].Text = v.Number, v.Wording.Title
			}
		}
	}
	for _, u := range updates {
		add(u.At, "status", "cm.t.update", map[string]string{"status": string(u.Status), "by": u.By})
	}
	for _, a := range assessed {
		add(a.FinalAt, "result", "cm.t.assessed", map[string]string{"status": string(a.Status), "by": a.By})
	}
	for _, p := range pauses {
		add(p.At, "event", "cm.t.suspended", map[string]string{"reason": p.Reason, "by": p.By})
		add(p.BackAt, "event", "cm.t.resumed", map[string]string{"reason": p.BackReason, "by": p.BackBy})
	}
	for _, d := range fates {
		add(d.At, "event", "cm.t.fate", map[string]string{"outcome": string(d.Outcome), "edition": string(d.Edition), "reason": d.Reason})
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return a.At.Compare(b.At) })
	return all
}
