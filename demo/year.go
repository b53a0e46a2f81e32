package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel/draw"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/site"
)

// year plays one edition: the house, its clock, and who acts in it.
type year struct {
	ctx     context.Context
	s       *site.Site
	clock   *glosa.FakeClock
	id      glosa.EditionID
	cast    Cast // seats of this edition
	offices Cast // posts, by their key
	chance  *rand.Rand

	asked []asked
	kept  map[string]glosa.QuestionID // the first of each group

	desk   intake.DeskID // where paper is taken in
	sheets []intake.Leaflet
	codes  glosa.Code // the list of its envelopes

	volunteers []draw.Receipt // of the panel's draw
}

// asked is a question that was submitted, with what its author kept.
type asked struct {
	line
	id  glosa.QuestionID
	key string
}

// found is one thing everybody asks: "not a mistake of ours" or the error.
func (y *year) ok(what string, err error) error {
	if err == nil {
		return nil
	}
	var e *glosa.Error
	if errors.As(err, &e) {
		return fmt.Errorf("demo: %s: %s %s at %s: %w", y.id, what, e.Key, y.clock.Now().Format(time.DateTime), err)
	}
	return fmt.Errorf("demo: %s: %s: %w", y.id, what, err)
}

// at moves the clock and lets it do what is due.
func (y *year) at(t time.Time) error {
	if t.After(y.clock.Now()) {
		y.clock.Set(t)
	}
	_, err := y.s.Edition.Tick(y.ctx)
	return y.ok("clock", err)
}

// later moves the clock by d and lets it do what is due.
func (y *year) later(d time.Duration) error { return y.at(y.clock.Now().Add(d)) }

func (y *year) edition() (edition.Edition, error) { return y.s.Edition.Get(y.ctx, y.id) }

// advance moves the edition one stage on, at the date its plan gives or now.
func (y *year) advance(to edition.Stage) error {
	ed, err := y.edition()
	if err != nil {
		return err
	}
	if err := y.at(ed.Plan.On(to)); err != nil {
		return err
	}
	if ed, err = y.edition(); err != nil || ed.Stage == to {
		return err // the clock did it
	}
	got, err := y.s.Edition.Advance(y.ctx, y.cast["facilitator"], y.id)
	if err != nil {
		return y.ok("advance to "+string(to), err)
	}
	if got != to {
		return fmt.Errorf("demo: %s: at %s, not %s", y.id, got, to)
	}
	return nil
}

// found makes the edition and fills its seats.
func (y *year) found(f edition.Founding, before Cast) error {
	if err := y.s.Edition.Found(y.ctx, glosa.Admin(), f); err != nil {
		return y.ok("found", err)
	}
	letter := document("Oficio de designación (SINTÉTICO)")
	var err error
	if y.cast, err = seats(y.ctx, y.s, y.id, dayBefore(y.clock.Now()), letter, before); err != nil {
		return y.ok("seats", err)
	}
	return y.ok("declarations", declare(y.ctx, y.s, y.id, y.cast))
}

// dayBefore is a day that has begun at every place on earth: whoever was named
// from then on has their place now.
func dayBefore(now time.Time) people.Day { return people.DayOf(now.UTC().AddDate(0, 0, -1)) }

// document is a synthetic official document.
func document(title string) people.Document {
	return people.Document{Title: title, Digest: glosa.Digest([]byte(title))}
}

// call freezes the rules and calls.
func (y *year) call() error {
	if err := y.advance(edition.Called); err != nil {
		return err
	}
	if err := y.ok("freeze", y.s.Edition.Freeze(y.ctx, y.cast["facilitator"], y.id)); err != nil {
		return err
	}
	_, err := y.s.Priority.Freeze(y.ctx, y.cast["facilitator"], y.id)
	return y.ok("criteria", err)
}

// intake waits for the clock to open the intake; then people ask for a while,
// and moderators decide what came in every day or so.
func (y *year) intake(lines []line, while time.Duration) error {
	if err := y.advance(edition.IntakeOpen); err != nil {
		return err
	}
	const batch = 12
	from, step := y.clock.Now(), while/time.Duration(len(lines)+1)
	for i := range lines {
		if err := y.at(from.Add(step * time.Duration(i+1))); err != nil {
			return err
		}
		if err := y.ask(lines[i], i); err != nil {
			return err
		}
		if i%batch == batch-1 || i == len(lines)-1 {
			if err := y.moderate(y.asked[i/batch*batch:]); err != nil {
				return err
			}
		}
	}
	return y.merge()
}

// ask submits one question. One in three does not know whom to ask.
func (y *year) ask(q line, i int) error {
	a := question.Ask{Text: q.text, Municipality: q.municipality, Language: q.language}
	if i%3 != 0 {
		a.Institution = q.institution
	}
	if len(y.sheets) > 0 && i%onPaper == 0 {
		return y.capture(q)
	}
	r, err := y.s.Question.Submit(y.ctx, glosa.Citizen(), y.id, a)
	if err != nil {
		return y.ok("submit "+q.text, err)
	}
	y.asked = append(y.asked, asked{line: q, id: r.ID, key: r.Key})
	return nil
}
