package demo

import (
	"context"
	"math/rand/v2"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/report"
	"glosa/site"
)

const (
	series = glosa.SeriesID("demo")
	whole  = glosa.EditionID("demo25")
	opened = glosa.EditionID("demo26")
)

// yearBefore: DEMO25 met 52 weeks before DEMO26 will, the same weekday.
const yearBefore = 364 * 24 * time.Hour

// sessionDay is when DEMO26 meets. Dates are counted back from it, so that its
// questions are open for eight to ten more days whenever the demonstration is
// made; it falls on no weekend.
func sessionDay(now time.Time) time.Time {
	day := now.Add(54 * 24 * time.Hour)
	switch day.Weekday() {
	case time.Saturday:
		return day.Add(-24 * time.Hour)
	case time.Sunday:
		return day.Add(24 * time.Hour)
	}
	return day
}

// Fill makes the demonstration in an empty folder as of now and closes it. The
// caller opens the folder again with the clock on the wall. Nothing is synced
// to disk while it is filled: who loses power then starts again.
func Fill(ctx context.Context, c site.Config, now time.Time) (err error) {
	clock := glosa.NewFakeClock(sessionDay(now).Add(-yearBefore - 200*24*time.Hour))
	c.Clock, c.NoSync = clock, true
	s, err := site.Open(ctx, c)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := s.Close(); err == nil {
			err = cerr
		}
	}()
	if err := Register(ctx, s); err != nil {
		return err
	}
	if err := play(ctx, s, clock, now); err != nil {
		return err
	}
	if err := Facts(ctx, s); err != nil {
		return err
	}
	return s.DB.Durable(ctx)
}

func play(ctx context.Context, s *site.Site, clock *glosa.FakeClock, now time.Time) error {
	posts, err := offices(ctx, s, dayBefore(clock.Now()), document("Nombramiento (SINTÉTICO)"))
	if err != nil {
		return err
	}
	y := &year{ctx: ctx, s: s, clock: clock, id: whole, offices: posts, chance: rand.New(rand.NewPCG(25, 1))}
	if err := y.play25(sessionDay(now).Add(-yearBefore)); err != nil {
		return err
	}
	next := &year{ctx: ctx, s: s, clock: clock, id: opened, offices: posts, chance: rand.New(rand.NewPCG(26, 1))}
	return next.play26(now, y.cast)
}

// play25 is the whole year.
func (y *year) play25(session time.Time) error {
	protocol, err := edition.Template("demo25")
	if err != nil {
		return err
	}
	lines, err := questions("demo25.txt")
	if err != nil {
		return err
	}
	err = y.found(edition.Founding{ID: y.id, Series: series, Number: 1, Name: "Edición de demostración, año completo", Code: "DEMO25",
		Protocol: protocol, Session: session, Place: place, Synthetic: true}, nil)
	if err != nil {
		return err
	}
	var ids []glosa.CommitmentID
	steps := []func() error{
		y.call,
		func() error { return y.envelopes(180) },
		func() error { return y.volunteer(96) },
		func() error { return y.report("informe25.md") },
		func() error { return y.intake(lines, 11*24*time.Hour) },
		func() error { return y.support(180) },
		y.choose,
		y.destroyed,
		y.lot,
		y.prepare,
		y.answer,
		func() error { return y.opine(3*24*time.Hour, [3]int{22, 17, 14}) },
		y.session,
		y.counted,
		y.answer,
		y.rate,
		func() (err error) { ids, err = y.promise(); return err },
		func() error { return y.follow(ids) },
		func() error { return y.evaluate() },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// evaluate waits for the rights of reply to end and closes the evaluation.
func (y *year) evaluate() error {
	if err := y.later(20 * 24 * time.Hour); err != nil {
		return err
	}
	_, err := y.s.Edition.Advance(y.ctx, y.cast["facilitator"], y.id)
	return y.ok("evaluated", err)
}

// place is where the synthetic sessions are held: nowhere real.
var place = edition.Place{Venue: "Auditorio de demostración (SINTÉTICO)", City: "Quintana Roo",
	Access: "Rampa, baño accesible, intérprete de LSM y de maya, subtítulos en pantalla",
	Sides:  []edition.Host{{Side: glosa.Government, Who: "Gobierno del Estado (SINTÉTICO)"}, {Side: glosa.Civil, Who: "Organización convocante (SINTÉTICO)"}}}

// report writes and publishes the government's report, and calls it published.
func (y *year) report(file string) error {
	md, err := data.ReadFile("data/" + file)
	if err != nil {
		return err
	}
	text := report.Text{Title: "Informe de gobierno (SINTÉTICO)", Markdown: string(md)}
	if err := y.ok("write report", y.s.Report.Write(y.ctx, y.offices["gubernatura-enlace"], y.id, text)); err != nil {
		return err
	}
	ed, err := y.edition()
	if err != nil {
		return err
	}
	if err := y.at(ed.Plan.On(edition.ReportPublished).Add(-2 * time.Hour)); err != nil {
		return err
	}
	err = y.s.Report.Publish(y.ctx, y.offices["gubernatura-titular"], y.id, report.DigestOf(text), "")
	if err := y.ok("publish report", err); err != nil {
		return err
	}
	return y.advance(edition.ReportPublished)
}

// play26 takes the second edition to an open intake, today.
func (y *year) play26(now time.Time, before Cast) error {
	protocol, err := edition.Template("demo26")
	if err != nil {
		return err
	}
	lines, err := questions("demo26.txt")
	if err != nil {
		return err
	}
	waiting, err := proposed()
	if err != nil {
		return err
	}
	if err := y.at(now.Add(-38 * 24 * time.Hour)); err != nil {
		return err
	}
	err = y.found(edition.Founding{ID: y.id, Series: series, Number: 2, Name: "Edición de demostración, preguntas abiertas", Code: "DEMO26",
		Protocol: protocol, Session: sessionDay(now), Place: place, Synthetic: true}, before)
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		y.call,
		func() error { return y.envelopes(60) },
		func() error { return y.volunteer(72) },
		func() error { return y.report("informe26.md") },
		y.desks,
		func() error { return y.intake(lines, 5*24*time.Hour) },
		func() error { return y.support(60) },
		y.papers,
		func() error { return y.opine(20*24*time.Hour, [3]int{8, 5, 3}) },
		func() error { return y.proposals(waiting...) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return y.at(now)
}
