package demo

import (
	"strings"

	"glosa"
	"glosa/civic/question"
)

// helpPlace is where a question that is not the state's can be asked.
const helpPlace = glosa.Code("sre")

// moderate decides the questions of a day.
func (y *year) moderate(some []asked) error {
	for _, q := range some {
		if err := y.decide(q); err != nil {
			return err
		}
	}
	return nil
}

// merge joins what asks the same: the first of each group is kept, and all
// authors consent.
func (y *year) merge() error {
	y.kept = map[string]glosa.QuestionID{}
	groups := map[string][]asked{}
	for _, q := range y.asked {
		if q.group == "" || q.fate != "ok" {
			continue
		}
		groups[q.group] = append(groups[q.group], q)
		first := groups[q.group][0]
		if y.kept[q.group] = first.id; first.id == q.id {
			continue
		}
		_, err := y.s.Question.ProposeMerge(y.ctx, y.cast["moderator-civil"], q.id, first.id, first.id)
		if err := y.ok("propose to merge "+q.group, err); err != nil {
			return err
		}
		for _, a := range groups[q.group] {
			if err := y.ok("consent "+q.group, y.s.Question.ConsentMerge(y.ctx, glosa.Citizen(), a.id, question.Proof{Key: a.key})); err != nil {
				return err
			}
		}
	}
	return nil
}

// decide takes one question to its fate.
func (y *year) decide(q asked) error {
	desk := y.s.Question
	one, other := y.cast["moderator-civil"], y.cast["moderator-gov"]
	ground, refused := strings.CutPrefix(q.fate, "no:")
	switch {
	case q.fate == "wait":
		return nil
	case q.fate == "out":
		if err := desk.Admit(y.ctx, one, q.id); err != nil {
			return y.ok("admit", err)
		}
		return y.ok("withdraw", desk.Withdraw(y.ctx, glosa.Citizen(), q.id, question.Proof{Key: q.key}))
	case q.fate == "split":
		if err := desk.Refuse(y.ctx, other, q.id, "personal_attack", ""); err != nil {
			return y.ok("propose refusal", err)
		}
		return y.ok("disagree", desk.Admit(y.ctx, one, q.id))
	case refused:
		place := glosa.Code("")
		if ground == "off_scope" {
			place = helpPlace
		}
		if err := desk.Refuse(y.ctx, one, q.id, glosa.Code(ground), place); err != nil {
			return y.ok("propose refusal", err)
		}
		return y.ok("second refusal", desk.Refuse(y.ctx, other, q.id, glosa.Code(ground), place))
	}
	return y.ok("admit "+string(q.id), desk.Admit(y.ctx, one, q.id))
}

// themes are the mesas of the demonstration.
var themes = []struct {
	code  glosa.Code
	title string
}{
	{"salud", "Salud"},
	{"agua", "Agua y ambiente"},
	{"seguridad", "Seguridad y justicia"},
	{"gasto", "Gasto, obras y escuelas"},
}
