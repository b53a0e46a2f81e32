package demo

import (
	"glosa/civic/question/intake"
)

// onPaper: one question in so many comes on a printed sheet, where a desk has any.
const onPaper = 8

// desks opens two of the other doors: a paper desk with its sheets, some of them
// spoilt, and a telephone.
func (y *year) desks() error {
	who := y.cast["facilitator"]
	id, err := y.s.Intake.Open(y.ctx, who, y.id, intake.Opening{Kind: intake.Paper, Name: "Casa de la Cultura (SINTÉTICO)",
		Place: "Plaza central, lunes a viernes de 9 a 14 h (SINTÉTICO)", Municipality: "23002"})
	if err != nil {
		return y.ok("open a desk", err)
	}
	if y.sheets, err = y.s.Intake.Print(y.ctx, who, id, 20, "demo"); err != nil {
		return y.ok("print sheets", err)
	}
	y.desk = id
	last := y.sheets[len(y.sheets)-1]
	y.sheets = y.sheets[:len(y.sheets)-1]
	if err := y.s.Intake.Void(y.ctx, who, id, string(last.Folio), "printing"); err != nil {
		return y.ok("void a sheet", err)
	}
	_, err = y.s.Intake.Open(y.ctx, who, y.id, intake.Opening{Kind: intake.Phone, Name: "Línea para preguntar (SINTÉTICO)",
		Place: "Sin número: es un ejemplo (SINTÉTICO)", Municipality: "23005"})
	return y.ok("open a telephone", err)
}

// capture enters one question from the next sheet; its author has the stub's key.
func (y *year) capture(q line) error {
	next := y.sheets[0]
	y.sheets = y.sheets[1:]
	rc, err := y.s.Intake.Enter(y.ctx, y.cast["facilitator"], y.desk, intake.Form{Folio: string(next.Folio), Text: q.text,
		Municipality: q.municipality, Language: q.language})
	if err != nil {
		return y.ok("capture "+q.text, err)
	}
	y.asked = append(y.asked, asked{line: q, id: rc.ID, key: next.Key})
	return nil
}
