package edition

import (
	"slices"
	"time"

	"glosa"
)

// Words is one text in the languages people read; Es is always there, En may be
// empty, and then the page shows Es and says so.
type Words struct {
	Es string `yaml:"es" json:"es"`
	En string `yaml:"en,omitempty" json:"en,omitempty"`
}

// In is the text in a language, or in Spanish when there is none.
func (w Words) In(lang string) string {
	if lang == "en" && w.En != "" {
		return w.En
	}
	return w.Es
}

// IsZero tells whether nothing was written.
func (w Words) IsZero() bool { return w == Words{} }

// Edition is one year of the exercise, as it stands. It is a snapshot: nothing in
// it changes after [Load], and Protocol is shared, so callers only read it.
type Edition struct {
	ID         glosa.EditionID
	Series     glosa.SeriesID
	Number     int
	Name       string // "Glosa 2026"; empty when the sources give none
	Code       string // prefix of the folios: "QR26"
	Territory  glosa.TerritoryCode
	Zone       *time.Location
	Stage      Stage
	Held       Stage     // the stage it stood in when it was postponed or cancelled
	Since      time.Time // when it entered Stage
	Session    time.Time // the session day at midnight in Zone; zero when not planned or not known
	Documented bool      // a real edition known from sources, outside the stage machine
	Synthetic  bool      // a demonstration: SINTÉTICO on every page and export

	Protocol    *Protocol  // nil for documented editions
	Digest      glosa.Hash // of the protocol's text
	Frozen      time.Time  // when the protocol was frozen; zero while it can change
	Sealed      time.Time  // when the intake was sealed, an hour after it closed
	Plan        Plan       // planned and true dates of each stage
	Place       Place      // where and how one gets in
	Suspensions []Pause    // intervals in which every deadline of the edition stands still
	Known       Known      // what sources say of a documented edition
	Founded     time.Time  // when the row was made
}

// Place is where the session happens and how people take part in it.
type Place struct {
	Venue   string `json:"venue,omitempty"`
	Address string `json:"address,omitempty"`
	City    string `json:"city,omitempty"`
	Access  string `json:"access,omitempty"` // accessibility of the venue, as people read it
	Stream  string `json:"stream,omitempty"` // https address of the video, if any
	Sides   []Host `json:"sides,omitempty"`  // who convenes, side by side
}

// Host is who sits on one side of the exercise.
type Host struct {
	Side glosa.Side `json:"side"`
	Who  string     `json:"who"`
}

// Reached tells whether the edition stands in stage s or has passed it. A
// postponed or cancelled edition has reached what it had reached before.
func (e Edition) Reached(s Stage) bool {
	at := e.Stage
	if at == Postponed || at == Cancelled {
		at = e.Held
	}
	return at == s || s.Before(at)
}

// StageAt is the stage that counts at an instant: an intake whose published end
// has passed is closed, even in the second before the clock writes it down.
func (e Edition) StageAt(now time.Time) Stage {
	if end := e.Plan.On(IntakeClosed); e.Stage == IntakeOpen && !end.IsZero() && !now.Before(end) {
		return IntakeClosed
	}
	return e.Stage
}

// In tells whether the edition stands in one of the stages.
func (e Edition) In(stages ...Stage) bool { return slices.Contains(stages, e.Stage) }

// Accepts tells whether questions are being taken at an instant, and until when.
func (e Edition) Accepts(now time.Time) (until time.Time, open bool) {
	return e.Plan.On(IntakeClosed), e.StageAt(now) == IntakeOpen
}

// Missing is one thing that keeps an edition from its next stage.
type Missing struct {
	Gate  glosa.Code        // "notice", "report", "dispositions": a word of the protocol's gates
	Key   string            // a key of web/text; empty when the gate's own name says it all
	Args  map[string]string // what the sentence names
	Until time.Time         // when it will be satisfied by waiting; zero if waiting does not help
	Firm  bool              // no waiver can pass it
}

// Blocked is the cause inside the Conflict or Closed error of [Desk.Advance]:
// errors.As gives the list.
type Blocked struct {
	To   Stage
	List []Missing
}

func (b *Blocked) Error() string {
	s := "to " + string(b.To) + " missing:"
	for _, m := range b.List {
		s += " " + string(m.Gate)
	}
	return s
}
