package demo

import (
	"fmt"
	"time"

	"glosa"
	"glosa/civic/question"
)

// replies are the synthetic short answers, by theme: what is done, what is
// lacking, and what can be looked up. %d are figures made up per question.
var replies = map[glosa.Code][]string{
	"salud": {
		"De %d unidades, %d tienen hoy el abasto completo. Las demás lo recibirán antes del 31 de marzo.",
		"Este año se atendieron %d casos; quedan %d en lista. La lista se publica cada mes.",
	},
	"agua": {
		"Se hicieron %d análisis este año y %d salieron fuera de la norma. Los resultados están en la página de la Secretaría.",
		"Hay %d obras programadas y %d en marcha. El calendario se publica por localidad.",
	},
	"seguridad": {
		"Hay %d elementos por turno y %d unidades en servicio. El tiempo de respuesta se publicará cada trimestre.",
		"Se recibieron %d reportes y %d siguen abiertos. El detalle por municipio está en el anexo.",
	},
	"gasto": {
		"Se contrataron %d obras y %d siguen sin terminar. La lista, con costo y responsable, está en el anexo.",
		"El gasto se repartió en %d programas; %d se publican ya por beneficiario y municipio.",
	},
	"educacion": {
		"De %d escuelas, %d siguen pendientes. El orden de atención se publica con su criterio.",
		"Hay %d plazas autorizadas y %d vacantes. La convocatoria sale antes del próximo ciclo.",
	},
}

// answer lets the liaisons draft and the heads of the institutions sign, in
// writing, what the hour did not answer. Some ask for more time, one cannot
// answer, and some let their time pass: those become publicly overdue.
func (y *year) answer() error {
	n := 0
	for _, q := range y.asked {
		card, err := y.s.Question.Page(y.ctx, q.id)
		if err != nil {
			return y.ok("page", err)
		}
		if card.State != question.Routed || card.Agenda == question.OnAgenda || n%23 == 22 {
			n++
			continue
		}
		n++
		if n%10 == 0 {
			if err := y.later(6 * time.Hour); err != nil {
				return err
			}
		}
		if err := y.write(q, n); err != nil {
			return err
		}
	}
	return nil
}

// write drafts and signs one answer.
func (y *year) write(q asked, n int) error {
	liaison, head := y.offices[string(postOf(q.institution, "enlace"))], y.offices[string(postOf(q.institution, "titular"))]
	some := replies[q.theme]
	whole := 12 + y.chance.IntN(60)
	a := question.Answer{Kind: question.Said, Short: fmt.Sprintf(some[n%len(some)], whole, y.chance.IntN(whole)),
		Detail:   "La información se toma del sistema de seguimiento de la institución, al corte del mes anterior. (SINTÉTICO)",
		Evidence: []question.Evidence{{Title: "Anexo con el detalle por municipio (SINTÉTICO)", URL: "https://example.org/anexo"}}}
	if n%31 == 7 {
		a = question.Answer{Kind: question.Cannot, Short: "No puede contestarse: el expediente está en trámite.",
			Basis: "Reserva de expedientes en trámite, según la ley de transparencia del protocolo (SINTÉTICO)"}
	}
	if err := y.ok("draft answer "+string(q.id), y.s.Question.Draft(y.ctx, liaison, q.id, a)); err != nil {
		return err
	}
	if err := y.ok("send to sign", y.s.Question.SendToSign(y.ctx, liaison, q.id)); err != nil {
		return err
	}
	if n%17 == 5 {
		if err := y.ok("extend", y.s.Question.Extend(y.ctx, head, q.id, 3, "Falta el dato de dos municipios.")); err != nil {
			return err
		}
	}
	f, err := y.s.Question.Folder(y.ctx, head, q.id)
	if err != nil {
		return y.ok("read answer "+string(q.id), err)
	}
	words, err := f.Draft.Hash()
	if err != nil {
		return err
	}
	return y.ok("sign answer "+string(q.id), y.s.Question.Sign(y.ctx, head, q.id, words))
}

// rate lets the askers say whether they were answered.
func (y *year) rate() error {
	words := []glosa.Code{question.Yes, question.Partly, question.No, question.Yes}
	for i, q := range y.asked {
		card, err := y.s.Question.Page(y.ctx, q.id)
		if err != nil {
			return y.ok("page", err)
		}
		if i%2 == 1 || card.State != question.Answered && card.State != question.Spoken {
			continue
		}
		if err := y.ok("rate "+string(q.id), y.s.Question.Rate(y.ctx, glosa.Citizen(), q.id, question.Proof{Key: q.key}, words[i/2%4])); err != nil {
			return err
		}
	}
	return nil
}
