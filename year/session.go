package year

import (
	"glosa"
	"glosa/civic/panel"
)

// What happens at the table and in the minutes, in people's verbs. The play has
// one mesa.

func (y *Play) mesa() glosa.MesaID       { return panel.MesaIDOf(y.ed, 1) }
func (y *Play) minutes() glosa.MinutesID { return panel.MinutesIDOf(y.ed) }

// SetsTheMesa makes the mesa and seats those who act at it.
func (p person) SetsTheMesa(theme string, at map[Part]panel.Duty) {
	p.y.T.Helper()
	_, err := p.y.Site.Panel.SetMesa(p.y.ctx, p.by, p.y.ed, 1, theme, 60)
	p.tell("sets the mesa", err)
	for part, duty := range at {
		p.tell("seats "+string(part), p.y.Site.Panel.Seat(p.y.ctx, p.by, p.y.mesa(), panel.ChairOf(p.y.cast[part]), duty))
	}
}

func (p person) Orders(qs ...glosa.QuestionID) {
	p.y.T.Helper()
	p.tell("writes the order of the day", p.y.Site.Panel.SetOrder(p.y.ctx, p.by, p.y.mesa(), qs))
}

func (p person) RecordsArrival(parts ...Part) {
	p.y.T.Helper()
	for _, part := range parts {
		p.tell("records that "+string(part)+" is here", p.y.Site.Panel.Arrive(p.y.ctx, p.by, p.y.mesa(), panel.ChairOf(p.y.cast[part]), false, ""))
	}
}

func (p person) RecordsAbsence(part Part, why panel.Absence) {
	p.y.T.Helper()
	p.tell("records an empty chair", p.y.Site.Panel.Absent(p.y.ctx, p.by, p.y.mesa(), panel.ChairOf(p.y.cast[part]), why))
}

// Disputes is the person's own word on what the clerk recorded.
func (p person) Disputes(words string) {
	p.y.T.Helper()
	p.tell("disputes the attendance", p.y.Site.Panel.Say(p.y.ctx, p.by, p.y.mesa(), panel.Disputed, words))
}

func (p person) OpensTheSession() {
	p.y.T.Helper()
	p.tell("opens the session", p.y.Site.Panel.Open(p.y.ctx, p.by, p.y.mesa(), ""))
}

// GivesTheFloor starts a turn; the clerk ends it with TakesTheFloorBack.
func (p person) GivesTheFloor(to Part, kind panel.Kind, q glosa.QuestionID) {
	p.y.T.Helper()
	p.tell("gives the floor to "+string(to), p.y.Site.Panel.StartTurn(p.y.ctx, p.by, p.y.mesa(), panel.Beat{}, kind, panel.ChairOf(p.y.cast[to]), q))
}

func (p person) TakesTheFloorBack() {
	p.y.T.Helper()
	p.tell("ends the turn", p.y.Site.Panel.EndTurn(p.y.ctx, p.by, p.y.mesa(), panel.Beat{}))
}

func (p person) HandsOffToWriting(q glosa.QuestionID, reason glosa.Code) {
	p.y.T.Helper()
	p.tell("hands "+string(q)+" off to writing", p.y.Site.Panel.HandOff(p.y.ctx, p.by, p.y.mesa(), panel.Beat{}, q, reason))
}

func (p person) NotesAgreement(q glosa.QuestionID, text string) {
	p.y.T.Helper()
	p.tell("notes an agreement", p.y.Site.Panel.Jot(p.y.ctx, p.by, panel.Beat{}, panel.Note{Mesa: p.y.mesa(), Question: q, Agreement: true, Text: text}))
}

func (p person) NotesDisagreement(subject, government, civil string) {
	p.y.T.Helper()
	p.tell("notes a disagreement", p.y.Site.Panel.Jot(p.y.ctx, p.by, panel.Beat{},
		panel.Note{Mesa: p.y.mesa(), Text: subject, Government: government, Civil: civil}))
}

func (p person) EndsTheSession() {
	p.y.T.Helper()
	p.tell("ends the session", p.y.Site.Panel.End(p.y.ctx, p.by, p.y.mesa(), panel.Beat{}))
}

// textOfMinutes is what the notes say, with a body.
func (y *Play) textOfMinutes(body string) panel.Text {
	y.T.Helper()
	notes, err := y.Site.Panel.Notes(y.ctx, y.ed)
	y.must(err)
	text := panel.FromNotes(notes)
	text.Body = body
	return text
}

func (p person) DraftsTheMinutes(body string) {
	p.y.T.Helper()
	p.tell("drafts the minutes", p.y.Site.Panel.Draft(p.y.ctx, p.by, p.y.ed, p.y.textOfMinutes(body)))
}

func (p person) CirculatesTheMinutes() {
	p.y.T.Helper()
	p.tell("circulates the minutes", p.y.Site.Panel.Circulate(p.y.ctx, p.by, p.y.minutes()))
}

func (p person) Remarks(text string) {
	p.y.T.Helper()
	p.tell("comments on the minutes", p.y.Site.Panel.Remark(p.y.ctx, p.by, p.y.minutes(), text))
}

func (p person) SignsTheMinutes() {
	p.y.T.Helper()
	p.tell("signs the minutes", p.y.Site.Panel.Sign(p.y.ctx, p.by, p.y.minutes(), p.y.Minutes().Last().Number))
}

func (p person) Rectifies(reason, body string) {
	p.y.T.Helper()
	p.tell("writes an annex", p.y.Site.Panel.Rectify(p.y.ctx, p.by, p.y.minutes(), reason, p.y.textOfMinutes(body)))
}

func (p person) SignsTheAnnex() {
	p.y.T.Helper()
	p.tell("signs the annex", p.y.Site.Panel.SignAnnex(p.y.ctx, p.by, p.y.minutes(), p.y.Minutes().Last().Number))
}

// Minutes are the minutes of the edition on stage.
func (y *Play) Minutes() panel.Minutes {
	y.T.Helper()
	m, err := y.Site.Panel.Minutes(y.ctx, y.ed)
	y.must(err)
	return m
}
