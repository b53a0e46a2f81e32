package priority

import (
	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/web/door"
	"glosa/web/page/chain"
)

// Pages are the pages of the agenda.
type Pages struct{ chain.Desks }

// Mount hangs up the pages and the receivers of their forms.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/ediciones/{edition}/agenda", p.agenda)
	r.Page("/ediciones/{edition}/agenda.csv", p.table)
	r.Page("/ediciones/{edition}/agenda.json", p.result)
	r.Page("/ediciones/{edition}/agenda.pb", p.file)
	r.Page("/ediciones/{edition}/agenda/cuentas", p.accounts)
	r.Page("/ediciones/{edition}/agenda/elegidas.csv", p.chosenTable)
	r.Page("/ediciones/{edition}/agenda/fuera.csv", p.missedTable)
	r.Page("/ediciones/{edition}/agenda/precios.csv", p.priceTable)
	r.Page("/ediciones/{edition}/agenda/cobertura.csv", p.coverTable)
	r.Page("/ediciones/{edition}/agenda.atom", p.feed)
	r.Page("/como-se-elige", p.how)
	r.Page("/como-se-elige.pb", p.howFile)
	r.Page("/ediciones/{edition}/agenda/puertas.json", p.cameData)
	r.Page("/ediciones/{edition}/agenda/lotes.json", p.batches)
	r.Page("/ediciones/{edition}/agenda/lotes/{n}", p.batch)
	r.Page("/ediciones/{edition}/agenda/anomalias", p.anomalies)
	r.Page("/ediciones/{edition}/agenda/anomalias.json", p.anomalyData)
	r.Private("/ediciones/{edition}/mi-boleta", p.mine)
	r.Private("/ediciones/{edition}/mi-boleta/comprobante", p.mineReceipt)
	r.Desk("/mesa/seleccion/{edition}", p.desk)
	r.Act("/mesa/seleccion/{edition}", p.choose)
	r.Act("/mesa/seleccion/{edition}/fijar", p.freeze)
	r.Desk("/mesa/exclusion/{edition}", p.classes)
	r.Act("/mesa/exclusion/{edition}", p.exclude)
	r.Act("/mesa/exclusion/{edition}/respuesta", p.answerClass)
}

// edition is the edition of the visit's path.
func (p *Pages) edition(r *door.Request) (edition.Edition, error) {
	return p.Edition.Get(r.Context(), glosa.EditionID(r.Path("edition")))
}

// texts are the words of an edition's questions, as far as they are public.
func (p *Pages) texts(r *door.Request, ed glosa.EditionID) (map[glosa.QuestionID]question.Brief, error) {
	out := map[glosa.QuestionID]question.Brief{}
	after := ""
	for {
		some, next, err := p.Question.List(r.Context(), question.Filter{Edition: ed}, after, 200)
		if err != nil {
			return nil, err
		}
		for _, q := range some {
			out[q.ID] = q
		}
		if next == "" {
			return out, nil
		}
		after = next
	}
}
