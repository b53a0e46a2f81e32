package demo

import (
	"fmt"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel"
)

// choose closes the intake, computes the agenda by the frozen rule and routes
// every question to its institution.
func (y *year) choose() error {
	if err := y.advance(edition.IntakeClosed); err != nil {
		return err
	}
	if err := y.later(time.Hour); err != nil { // the intake is sealed within the hour
		return err
	}
	ed, err := y.edition()
	if err != nil {
		return err
	}
	if err := y.at(ed.SupportCloses().Add(time.Hour)); err != nil {
		return err
	}
	if _, err := y.s.Priority.Select(y.ctx, y.cast["selector"], y.id); err != nil {
		return y.ok("select", err)
	}
	if err := y.advance(edition.Selected); err != nil {
		return err
	}
	for _, q := range y.asked {
		if q.fate != "ok" && q.fate != "split" || y.kept[q.group] != q.id && q.group != "" {
			continue
		}
		if err := y.s.Question.Route(y.ctx, y.cast["moderator-civil-2"], q.id, q.institution, q.theme); err != nil {
			return y.ok("route "+string(q.id), err)
		}
	}
	return nil
}

// chairs of every mesa: who may sit, and for what.
func (y *year) chairs(mesa glosa.MesaID, n int) error {
	seat := func(c panel.Chair, duty panel.Duty) error {
		return y.ok("chair "+c.Key(), y.s.Panel.Seat(y.ctx, y.cast["facilitator"], mesa, c, duty))
	}
	for _, c := range []struct {
		chair panel.Chair
		duty  panel.Duty
	}{
		{panel.Chair{Side: glosa.Civil, Seat: 4}, panel.Chairs},
		{panel.Chair{Side: glosa.Government, Seat: 4}, panel.Keeps},
		{panel.Chair{Side: glosa.Civil, Seat: 5}, panel.Reports},
		{panel.Chair{Side: glosa.Civil, Seat: 6 + n}, panel.Speaks},
		{panel.Chair{Side: glosa.Observatory, Seat: 2}, panel.Observes},
	} {
		if err := seat(c.chair, c.duty); err != nil {
			return err
		}
	}
	for _, i := range answering[n] {
		if err := seat(panel.Chair{Post: postOf(i, "titular"), Side: glosa.Government}, panel.Answers); err != nil {
			return err
		}
	}
	return nil
}

// answering are the institutions that sit at each mesa.
var answering = [][]glosa.InstitutionKey{
	{"SESA"}, {"SEMA", "CAPA", "SEDARPE"}, {"SSC", "SEGOB", "SEMUJERES"},
	{"SEOP", "SEFIPLAN", "SABGOB", "SEDETUS", "SEQ", "STYPS", "SEBIEN", "SEDETUR", "SEDE"},
}

// prepare sets the mesas and their order of the day.
func (y *year) prepare() error {
	agenda, err := y.s.Priority.Agenda(y.ctx, y.id)
	if err != nil {
		return err
	}
	for n, t := range themes {
		var order []glosa.QuestionID
		minutes := 30
		for _, p := range agenda.Chosen {
			if y.mesaOf(p.Question) == n {
				order = append(order, p.Question)
				minutes += p.Minutes
			}
		}
		mesa, err := y.s.Panel.SetMesa(y.ctx, y.cast["facilitator"], y.id, n+1, t.title, minutes)
		if err != nil {
			return y.ok("mesa", err)
		}
		if err := y.chairs(mesa, n); err != nil {
			return err
		}
		if err := y.ok("order", y.s.Panel.SetOrder(y.ctx, y.cast["facilitator"], mesa, order)); err != nil {
			return err
		}
	}
	return y.advance(edition.InPreparation)
}

// find is the question with a folio.
func (y *year) find(id glosa.QuestionID) asked {
	return y.asked[slices.IndexFunc(y.asked, func(q asked) bool { return q.id == id })]
}

func (y *year) mesaOf(id glosa.QuestionID) int {
	q := y.find(id)
	for n, some := range answering {
		if slices.Contains(some, q.institution) {
			return n
		}
	}
	return len(answering) - 1
}

// hour runs one mesa: each question is asked and answered, but the last, for
// which there was no time.
func (y *year) hour(n int) error {
	mesa := panel.MesaIDOf(y.id, n+1)
	day, err := y.s.Panel.Session(y.ctx, mesa)
	if err != nil || len(day.Items) == 0 {
		return err
	}
	for _, p := range day.Places {
		if err := y.ok("arrive", y.s.Panel.Arrive(y.ctx, y.cast["clerk"], mesa, p.Chair, false, "")); err != nil {
			return err
		}
	}
	if err := y.ok("open", y.s.Panel.Open(y.ctx, y.cast["chair"], mesa, "")); err != nil {
		return err
	}
	asker := panel.Chair{Side: glosa.Civil, Seat: 6 + n}
	for i, item := range day.Items {
		if i > 0 && i == len(day.Items)-1 {
			err := y.s.Panel.HandOff(y.ctx, y.cast["clerk"], mesa, panel.Beat{}, item.Question, "no_time")
			if err := y.ok("hand off", err); err != nil {
				return err
			}
			continue
		}
		minister := panel.Chair{Post: postOf(y.find(item.Question).institution, "titular"), Side: glosa.Government}
		for _, turn := range []struct {
			kind panel.Kind
			who  panel.Chair
			long time.Duration
		}{{panel.Question, asker, 80 * time.Second}, {panel.Answer, minister, 4 * time.Minute}} {
			if err := y.ok("turn", y.s.Panel.StartTurn(y.ctx, y.cast["chair"], mesa, panel.Beat{}, turn.kind, turn.who, item.Question)); err != nil {
				return err
			}
			if err := y.later(turn.long); err != nil {
				return err
			}
			if err := y.ok("end of turn", y.s.Panel.EndTurn(y.ctx, y.cast["clerk"], mesa, panel.Beat{})); err != nil {
				return err
			}
		}
		if y.find(item.Question).group == promises[n].group {
			note := panel.Note{Mesa: mesa, Question: item.Question, Agreement: true, Text: promises[n].agreement}
			if err := y.ok("note", y.s.Panel.Jot(y.ctx, y.cast["rapporteur"], panel.Beat{}, note)); err != nil {
				return err
			}
		}
	}
	return y.ok("end", y.s.Panel.End(y.ctx, y.cast["chair"], mesa, panel.Beat{}))
}

// session is the day itself, then the minutes and both signatures.
func (y *year) session() error {
	if err := y.advance(edition.InSession); err != nil {
		return err
	}
	if err := y.later(2 * time.Hour); err != nil {
		return err
	}
	for n := range themes {
		if err := y.hour(n); err != nil {
			return err
		}
	}
	if err := y.advance(edition.MinutesPending); err != nil {
		return err
	}
	return y.minutes()
}

func (y *year) minutes() error {
	notes, err := y.s.Panel.Notes(y.ctx, y.id)
	if err != nil {
		return err
	}
	text := panel.FromNotes(notes)
	text.Body = "Se abrió la sesión con las cuatro mesas. Cada institución respondió en el orden del día publicado. Lo que no alcanzó tiempo pasó a respuesta por escrito."
	text.NoDisagreement = false
	text.Disagreements = append(text.Disagreements, panel.Disagreement{Mesa: panel.MesaIDOf(y.id, 2), Subject: "Plazo para el saneamiento de la laguna",
		Government: "Tres años, sujeto a presupuesto.", Civil: "Un año, con metas trimestrales."})
	if err := y.later(24 * time.Hour); err != nil {
		return err
	}
	if err := y.ok("draft minutes", y.s.Panel.Draft(y.ctx, y.cast["rapporteur"], y.id, text)); err != nil {
		return err
	}
	id := panel.MinutesIDOf(y.id)
	if err := y.ok("circulate", y.s.Panel.Circulate(y.ctx, y.cast["rapporteur"], id)); err != nil {
		return err
	}
	if err := y.later(48 * time.Hour); err != nil {
		return err
	}
	if err := y.ok("remark", y.s.Panel.Remark(y.ctx, y.cast["panelist-2"], id, "Falta decir quién publicará los análisis.")); err != nil {
		return err
	}
	text.Body += " La publicación de los análisis queda a cargo de la secretaría del ramo."
	if err := y.ok("second draft", y.s.Panel.Draft(y.ctx, y.cast["rapporteur"], y.id, text)); err != nil {
		return err
	}
	if err := y.later(10 * 24 * time.Hour); err != nil { // comments have closed by then
		return err
	}
	m, err := y.s.Panel.Minutes(y.ctx, y.id)
	if err != nil {
		return err
	}
	for _, who := range []glosa.Actor{y.offices["gubernatura-titular"], y.cast["panelist-1"]} {
		if err := y.ok("sign minutes", y.s.Panel.Sign(y.ctx, who, id, m.Last().Number)); err != nil {
			return err
		}
	}
	m, err = y.s.Panel.Minutes(y.ctx, y.id)
	if err == nil && m.Stage != panel.Published {
		err = fmt.Errorf("demo: %s: minutes are %s", y.id, m.Stage)
	}
	return err
}
