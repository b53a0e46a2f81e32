package demo

import (
	"strings"
	"time"

	"glosa"
	"glosa/civic/question"
)

// places are where a question that is not the state's can be asked.
const helpPlace = glosa.Code("sre")

// moderate decides every question submitted so far, and merges those alike.
func (y *year) moderate() error {
	y.kept = map[string]glosa.QuestionID{}
	joined := map[string][]glosa.QuestionID{}
	for i, q := range y.asked {
		if i%12 == 0 {
			if err := y.later(20 * time.Minute); err != nil {
				return err
			}
		}
		admitted, err := y.decide(q)
		if err != nil {
			return err
		}
		if !admitted || q.group == "" {
			continue
		}
		if _, first := y.kept[q.group]; !first {
			y.kept[q.group] = q.id
			continue
		}
		joined[q.group] = append(joined[q.group], q.id)
	}
	for group, ids := range joined {
		if err := y.ok("merge "+group, y.s.Question.Merge(y.ctx, y.cast["moderator-civil"], y.kept[group], ids...)); err != nil {
			return err
		}
	}
	return nil
}

// decide takes one question to its fate. It tells whether it was admitted.
func (y *year) decide(q asked) (admitted bool, err error) {
	desk := y.s.Question
	one, other := y.cast["moderator-civil"], y.cast["moderator-gov"]
	ground, refused := strings.CutPrefix(q.fate, "no:")
	switch {
	case q.fate == "wait":
		return false, nil
	case q.fate == "out":
		if err := desk.Admit(y.ctx, one, q.id); err != nil {
			return false, y.ok("admit", err)
		}
		return false, y.ok("withdraw", desk.Withdraw(y.ctx, glosa.Citizen(), q.id, question.Proof{Key: q.key}))
	case q.fate == "split":
		if err := desk.Refuse(y.ctx, other, q.id, "personal_attack", ""); err != nil {
			return false, y.ok("propose refusal", err)
		}
		return true, y.ok("disagree", desk.Admit(y.ctx, one, q.id))
	case refused:
		place := glosa.Code("")
		if ground == "off_scope" {
			place = helpPlace
		}
		if err := desk.Refuse(y.ctx, one, q.id, glosa.Code(ground), place); err != nil {
			return false, y.ok("propose refusal", err)
		}
		return false, y.ok("second refusal", desk.Refuse(y.ctx, other, q.id, glosa.Code(ground), place))
	}
	return true, y.ok("admit "+string(q.id), desk.Admit(y.ctx, one, q.id))
}

// support lets devices support what was admitted: a popular group, and a long
// tail that equal shares is fair to.
func (y *year) support(devices int) error {
	var open []asked
	for _, q := range y.asked {
		if q.fate == "ok" || q.fate == "split" {
			open = append(open, q)
		}
	}
	for d := range devices {
		token, err := y.s.Priority.NewDevice()
		if err != nil {
			return err
		}
		dev, err := y.s.Priority.DeviceOf(token)
		if err != nil {
			return err
		}
		for range 1 + y.chance.IntN(5) {
			q := open[y.chance.IntN(len(open))]
			if d%3 == 0 { // a third of the people care about one theme above all
				for range 20 {
					if q = open[y.chance.IntN(len(open))]; q.theme == themes[d%4].code {
						break
					}
				}
			}
			_, err := y.s.Priority.Support(y.ctx, glosa.Citizen(), dev, q.id, [16]byte{byte(d), byte(d >> 8)})
			if err != nil && glosa.KindOf(err) != glosa.Conflict {
				return y.ok("support "+string(q.id), err)
			}
		}
	}
	return nil
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
