package year

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/priority"
	"glosa/civic/report"
)

// What moves an edition, in people's verbs.

// Series is the series of the play's editions.
const Series = glosa.SeriesID("ensayo")

// Founds begins an edition; from then on it is the one on stage.
func (p person) Founds(id glosa.EditionID, number int, code string, session time.Time) {
	p.y.T.Helper()
	protocol, err := edition.Template("demo25")
	p.y.must(err)
	err = p.y.Site.Edition.Found(p.y.ctx, p.by, edition.Founding{ID: id, Series: Series, Number: number, Name: "Edición de ensayo (SINTÉTICO)",
		Code: code, Protocol: protocol, Session: session, Synthetic: true,
		Place: edition.Place{Venue: "Auditorio (SINTÉTICO)", City: "Quintana Roo", Access: "Rampa, intérprete de LSM y de maya"}})
	p.y.ed = id
	p.tell("founds "+string(id), err)
}

// Advances moves the edition on stage to its next stage.
func (p person) Advances(want edition.Stage) {
	p.y.T.Helper()
	got, err := p.y.Site.Edition.Advance(p.y.ctx, p.by, p.y.ed)
	p.tell("moves to "+string(want), err)
	if err == nil && got != want {
		p.y.T.Fatalf("the edition is %s, want %s", got, want)
	}
}

// Freezes ends the changes of the rules, and of the agenda's criteria with them.
func (p person) Freezes() {
	p.y.T.Helper()
	p.tell("freezes the protocol", p.y.Site.Edition.Freeze(p.y.ctx, p.by, p.y.ed))
	_, err := p.y.Site.Priority.Freeze(p.y.ctx, p.by, p.y.ed)
	p.tell("freezes the criteria", err)
}

func (p person) ChangesTheSession(to time.Time) {
	p.y.T.Helper()
	_, err := p.y.Site.Edition.Plan(p.y.ctx, p.by, p.y.ed, to, nil)
	p.tell("changes the session", err)
}

// ProposesToWaive is the first half of a waiver; another side confirms it.
func (p person) ProposesToWaive(gate glosa.Code, reason string) int {
	p.y.T.Helper()
	n, err := p.y.Site.Edition.Waive(p.y.ctx, p.by, p.y.ed, gate, reason)
	p.tell("proposes to waive "+string(gate), err)
	return n
}

func (p person) ConfirmsTheWaiver(n int) {
	p.y.T.Helper()
	p.tell("confirms the waiver", p.y.Site.Edition.ConfirmWaiver(p.y.ctx, p.by, p.y.ed, n))
}

func (p person) ExtendsTheIntake(days int, reason string) {
	p.y.T.Helper()
	p.tell("keeps the intake open longer", p.y.Site.Edition.Extend(p.y.ctx, p.by, p.y.ed, edition.IntakeClosed, days, reason))
}

func (p person) Postpones(reason string) {
	p.y.T.Helper()
	p.tell("postpones", p.y.Site.Edition.Postpone(p.y.ctx, p.by, p.y.ed, reason, "", time.Time{}))
}

func (p person) Resumes(reason string, session time.Time) {
	p.y.T.Helper()
	p.tell("resumes", p.y.Site.Edition.Resume(p.y.ctx, p.by, p.y.ed, reason, session))
}

func (p person) WritesTheReport(markdown string) {
	p.y.T.Helper()
	p.tell("writes the report", p.y.Site.Report.Write(p.y.ctx, p.by, p.y.ed, reportOf(markdown)))
}

func (p person) PublishesTheReport(markdown string) {
	p.y.T.Helper()
	p.tell("publishes the report", p.y.Site.Report.Publish(p.y.ctx, p.by, p.y.ed, report.DigestOf(reportOf(markdown)), ""))
}

func reportOf(markdown string) report.Text {
	return report.Text{Title: "Informe de gobierno (SINTÉTICO)", Markdown: markdown}
}

// StatesOf says in the report where an earlier promise stands.
func (p person) StatesOf(c glosa.CommitmentID, status report.Status, text string) {
	p.y.T.Helper()
	p.tell("states where "+string(c)+" stands", p.y.Site.Report.State(p.y.ctx, p.by, p.y.ed,
		report.Statement{Commitment: c, Status: status, Text: text}))
}

// Selects lets the frozen rule make the agenda.
func (p person) Selects() (a priority.Agenda) {
	p.y.T.Helper()
	a, err := p.y.Site.Priority.Select(p.y.ctx, p.by, p.y.ed)
	p.tell("lets the rule choose", err)
	return a
}
