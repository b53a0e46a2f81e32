package edition

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"glosa"
	"glosa/db"
)

// How lists of what is official name this room's objects.
const (
	sortEdition = "edition"
	sortSeries  = "series"
)

// Officials hands out what this room publishes of every edition and series, as
// the tables have it: what [Fold] says of the leaves must be the same.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	var out []glosa.Official
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		out = nil
		all, err := selectRaw(tx)
		if err != nil {
			return err
		}
		for _, x := range all {
			some, err := x.officials(tx)
			if err != nil {
				return err
			}
			out = append(out, some...)
		}
		some, err := dossiers(tx)
		out = append(out, some...)
		return err
	})
	for i := 0; i < len(out) && err == nil; i++ {
		err = emit(out[i])
	}
	return err
}

// raw is an edition as its row has it, nothing read into it.
type raw struct {
	row
	protocol, place, known string
}

func (x raw) officials(tx *db.Tx) ([]glosa.Official, error) {
	e := x.ed
	s := &glosa.Sheet{Of: sortEdition, ID: string(e.ID)}
	s.Word("founded", FoundedWord(e.Series, e.Number, e.Synthetic))
	s.Word("stage", string(e.Stage))
	s.Text("name", e.Name)
	if e.Documented {
		facts, err := selectFacts(tx, e.ID)
		if err != nil {
			return nil, err
		}
		js, err := FactsText(facts)
		s.Text("facts", string(js))
		s.Text("known", x.knownText())
		return s.List, err
	}
	s.Word("code", e.Code)
	s.Text("protocol", x.protocol)
	if x.place != "{}" {
		s.Text("place", x.place)
	}
	if !e.Frozen.IsZero() {
		s.Word("frozen", "yes")
	}
	if !e.Sealed.IsZero() {
		s.Word("sealed", "yes")
	}
	s.Word("session", glosa.TimeWord(e.Session))
	for _, d := range e.Plan.Dates {
		s.Word("date."+string(d.Stage), glosa.TimeWord(d.Planned))
	}
	return s.List, x.acts(tx, s)
}

// acts adds the reasons that the edition's own acts gave.
func (x raw) acts(tx *db.Tx, s *glosa.Sheet) error {
	halts, err := selectHalts(tx, x.ed.ID)
	if err != nil {
		return err
	}
	for _, h := range halts {
		s.Text("halt."+strconv.Itoa(h.N), h.Reason+"\n"+h.Note)
		s.Word("halt."+strconv.Itoa(h.N)+".kind", haltWord(string(h.Kind), glosa.TimeWord(h.Session)))
	}
	pauses, err := selectSuspensions(tx, x.ed.ID)
	if err != nil {
		return err
	}
	for _, p := range pauses {
		s.Text("suspension."+strconv.Itoa(p.N), p.Reason+"\n"+p.Document)
		s.Word("suspension."+strconv.Itoa(p.N)+".days", glosa.TimeWord(p.From)+" "+glosa.TimeWord(p.To))
	}
	moved, err := selectExtensions(tx, x.ed.ID)
	if err != nil {
		return err
	}
	for _, m := range moved {
		s.Text("extension."+strconv.Itoa(m.N), m.Reason)
		s.Word("extension."+strconv.Itoa(m.N)+".days", extensionWord(string(m.Stage), m.Days, glosa.TimeWord(m.Is)))
	}
	waivers, err := selectWaivers(tx, x.ed.ID)
	for _, w := range waivers {
		if w.SecondAt.IsZero() {
			continue // half a waiver is nobody's business yet
		}
		s.Text("waiver."+strconv.Itoa(w.N), w.Reason)
		s.Word("waiver."+strconv.Itoa(w.N)+".gate", waiverWord(w.Gate, string(w.To), w.By, w.Second))
	}
	return err
}

// FoundedWord is an edition's place in one line, as lists of what is official have it.
func FoundedWord(series glosa.SeriesID, number int, synthetic bool) string {
	return fmt.Sprintf("%s %d synthetic=%t", series, number, synthetic)
}

func haltWord(kind, session string) string { return kind + " " + session }

func extensionWord(stage string, days int, is string) string {
	return fmt.Sprintf("%s %d %s", stage, days, is)
}

func waiverWord(gate glosa.Code, to, by, second string) string {
	return fmt.Sprintf("%s %s %s %s", gate, to, by, second)
}

// FactsText is what sources say of a documented edition, as it is hashed.
func FactsText(facts []Fact) ([]byte, error) {
	facts = slices.Clone(facts)
	for i := range facts {
		if len(facts[i].Sources) == 0 {
			facts[i].Sources = nil
		}
	}
	if len(facts) == 0 {
		facts = nil
	}
	return json.Marshal(facts)
}

// knownText is all that a documented edition's row says, in one text.
func (x raw) knownText() string {
	return fmt.Sprintf("%s\n%s\n%s\n%s", x.ed.zone(), glosa.TimeWord(x.ed.Session), x.place, x.known)
}

// knownDigest is what the record holds of [raw.knownText].
func knownDigest(e Edition) (glosa.Hash, error) {
	_, place, known, err := e.texts()
	return glosa.Digest([]byte(raw{row: row{ed: e}, place: place, known: known}.knownText())), err
}

// dossiers lists what sources say of each series.
func dossiers(tx *db.Tx) (out []glosa.Official, err error) {
	all, err := selectDossiers(tx)
	for i := 0; i < len(all) && err == nil; i++ {
		var d Dossier
		if d.Sources, err = selectDossier[Source](tx, selectSources, all[i]); err != nil {
			break
		}
		if d.Findings, err = selectDossier[Finding](tx, selectFindings, all[i]); err != nil {
			break
		}
		var js []byte
		js, err = d.canonical()
		s := &glosa.Sheet{Of: sortSeries, ID: string(all[i])}
		s.Text("dossier", string(js))
		out = append(out, s.List...)
	}
	return out, err
}

// canonical is the dossier as it is hashed: an empty list is no list.
func (d Dossier) canonical() ([]byte, error) {
	if len(d.Sources) == 0 {
		d.Sources = nil
	}
	if len(d.Findings) == 0 {
		d.Findings = nil
	}
	return glosa.JCS(d)
}

// Fold reads one public event and says what the tables must have after it.
func Fold(l glosa.Ledger, e glosa.Event) error {
	switch e.Kind {
	case foundedKind.Name, documentedKind.Name:
		return foldFounding(l, e)
	case plannedKind.Name:
		b, err := glosa.BodyOf[plannedBody](e)
		l.Say(sortEdition, e.Subject, "session", glosa.TimeWord(b.Session))
		l.SayText(sortEdition, e.Subject, "protocol", b.Protocol)
		for _, d := range b.Dates {
			l.Say(sortEdition, e.Subject, "date."+string(d.Stage), glosa.TimeWord(d.At))
		}
		return err
	case placedKind.Name:
		b, err := glosa.BodyOf[placedBody](e)
		l.SayText(sortEdition, e.Subject, "place", placeOrNone(b.Place))
		return err
	case frozenKind.Name:
		b, err := glosa.BodyOf[frozenBody](e)
		l.SayText(sortEdition, e.Subject, "protocol", b.Protocol)
		l.Say(sortEdition, e.Subject, "frozen", "yes")
		return err
	case advancedKind.Name:
		b, err := glosa.BodyOf[advancedBody](e)
		l.Say(sortEdition, e.Subject, "stage", string(b.To))
		return err
	case sealedKind.Name:
		l.Say(sortEdition, e.Subject, "sealed", "yes")
	case compiledKind.Name:
		b, err := glosa.BodyOf[compiledBody](e)
		l.SayText(sortSeries, e.Subject, "dossier", b.Digest)
		return err
	case waivedKind.Name:
		b, err := glosa.BodyOf[waivedBody](e)
		l.SayText(sortEdition, e.Subject, "waiver."+strconv.Itoa(b.N), b.Reason)
		l.Say(sortEdition, e.Subject, "waiver."+strconv.Itoa(b.N)+".gate", waiverWord(b.Gate, string(b.To), string(b.Proposed), e.By))
		return err
	}
	return foldHalts(l, e)
}

// placeOrNone: an empty place is no text.
func placeOrNone(h glosa.Hash) glosa.Hash {
	if h == glosa.Digest([]byte("{}")) {
		return glosa.Hash{}
	}
	return h
}

func foldFounding(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		foundedBody
		Facts glosa.Hash `json:"facts"`
		Known glosa.Hash `json:"known"`
	}](e)
	if err != nil {
		return err
	}
	l.Say(sortEdition, e.Subject, "founded", FoundedWord(b.Series, b.Number, b.Synthetic))
	l.SayText(sortEdition, e.Subject, "name", b.Name)
	if e.Kind == documentedKind.Name {
		l.Say(sortEdition, e.Subject, "stage", string(Closed))
		l.SayText(sortEdition, e.Subject, "facts", b.Facts)
		l.SayText(sortEdition, e.Subject, "known", b.Known)
		return nil
	}
	l.Say(sortEdition, e.Subject, "stage", string(Draft))
	l.Say(sortEdition, e.Subject, "code", string(b.Code))
	l.SayText(sortEdition, e.Subject, "protocol", b.Protocol)
	l.SayText(sortEdition, e.Subject, "place", placeOrNone(b.Place))
	return nil
}

// foldHalts reads the acts that stop an edition, or its clocks, for a while.
func foldHalts(l glosa.Ledger, e glosa.Event) error {
	say := func(what, word string) { l.Say(sortEdition, e.Subject, what, word) }
	switch e.Kind {
	case postponedKind.Name, resumedKind.Name, cancelledKind.Name:
		b, err := glosa.BodyOf[haltedBody](e)
		kind, stage := "resumed", l.Word(sortEdition, e.Subject, ".held")
		if e.Kind != resumedKind.Name {
			if b.From != glosa.Code(Postponed) {
				say(".held", string(b.From))
			}
			kind = map[string]string{postponedKind.Name: string(Postponed), cancelledKind.Name: string(Cancelled)}[e.Kind]
			stage = kind
		}
		say("stage", stage)
		say("halt."+strconv.Itoa(b.N)+".kind", haltWord(kind, glosa.TimeWord(b.Session)))
		l.SayText(sortEdition, e.Subject, "halt."+strconv.Itoa(b.N), b.Reason)
		return err
	case suspendedKind.Name:
		b, err := glosa.BodyOf[suspendedBody](e)
		l.SayText(sortEdition, e.Subject, "suspension."+strconv.Itoa(b.N), b.Reason)
		say("suspension."+strconv.Itoa(b.N)+".days", glosa.TimeWord(b.From)+" "+glosa.TimeWord(b.To))
		return err
	case extendedKind.Name:
		b, err := glosa.BodyOf[extendedBody](e)
		l.SayText(sortEdition, e.Subject, "extension."+strconv.Itoa(b.N), b.Reason)
		say("extension."+strconv.Itoa(b.N)+".days", extensionWord(string(b.Stage), b.Days, glosa.TimeWord(b.Is)))
		say("date."+string(b.Stage), glosa.TimeWord(b.Is))
		return err
	}
	return nil
}
