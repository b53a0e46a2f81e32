package demo

import (
	"strings"
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/panel"
)

// promise is one synthetic commitment of the whole edition.
type promise struct {
	mesa        int
	group       string // of the question it comes from
	agreement   string // as noted at the mesa
	government  glosa.InstitutionKey
	civil       glosa.InstitutionKey
	title       string
	problem     string
	deliverable string
	indicator   string
	result      string
	target      glosa.TargetCode
	why         string
	line        string // budget line; "" declares that there is none
	pesos       int64
	says        commitment.Status // the government's word in the end
	finds       commitment.Status // the Observatory's
}

var promises = []promise{
	{0, "insulina", "Publicar cada mes qué medicinas para la diabetes faltan en cada centro de salud.", "SESA", "CXT", "Abasto de medicinas para la diabetes, a la vista", "Nadie sabe qué centro de salud tiene medicinas hoy.",
		"Una lista pública, cada mes, de qué medicinas para la diabetes hay y faltan en cada centro de salud.",
		"Centros de salud con dato del mes entre centros de salud en total.", "Que quien necesita insulina sepa a dónde ir.",
		"3.8", "El abasto de medicinas esenciales es parte de la cobertura de salud.", "Abasto de medicamentos", 42_000_000,
		commitment.Complete, commitment.Limited},
	{1, "laguna", "Publicar los análisis de agua de lagunas y cenotes en una sola página, con fecha y laboratorio.", "SEMA", "BIOS", "Análisis del agua de lagunas y cenotes en una sola página", "Los análisis existen y no se publican juntos.",
		"Una página con cada análisis, su fecha, su laboratorio y su norma.",
		"Cuerpos de agua con análisis publicado en el trimestre entre los vigilados.", "Que se vea a tiempo qué agua está enferma.",
		"6.3", "Publicar los análisis permite vigilar la contaminación del agua.", "", 0,
		commitment.Substantial, commitment.Substantial},
	{2, "patrullas", "Publicar cada trimestre el tiempo de respuesta al 911 por región.", "SSC", "CPC", "Tiempo de respuesta al 911, por región", "Se llama y no se sabe cuánto tardarán.",
		"Un informe trimestral del tiempo de respuesta por región y turno, con su método.",
		"Regiones con dato del trimestre entre regiones en total.", "Que las patrullas estén donde más tardan.",
		"16.6", "Medir y publicar la respuesta rinde cuentas de una institución.", "", 0,
		commitment.Complete, commitment.Complete},
	{3, "obras", "Publicar la lista de obras sin terminar con su costo y su responsable.", "SEOP", "COPARMEX", "Obras sin terminar: costo y responsable", "Hay obras pagadas que nadie terminó.",
		"La lista de obras sin terminar con su costo, su contrato y quién responde, actualizada cada mes.",
		"Obras con los cuatro datos entre obras sin terminar.", "Que ninguna obra quede sin quien responda.",
		"16.5", "Decir cuánto se pagó y quién responde estorba a la corrupción.", "Obra pública estatal", 118_500_000,
		commitment.Limited, commitment.NotStarted},
}

// promise proposes, negotiates and accepts the four commitments, and agrees the edition.
func (y *year) promise() (ids []glosa.CommitmentID, err error) {
	for _, p := range promises {
		id, err := y.s.Commitment.Propose(y.ctx, y.cast["rapporteur"], y.id, y.draft(p))
		if err != nil {
			return nil, y.ok("propose "+p.title, err)
		}
		head := y.offices[string(postOf(p.government, "titular"))]
		if err := y.ok("negotiate", y.s.Commitment.Negotiate(y.ctx, y.cast["panelist-1"], id)); err != nil {
			return nil, err
		}
		for _, who := range []glosa.Actor{head, y.cast["panelist-1"]} {
			if err := y.accept(who, id); err != nil {
				return nil, err
			}
		}
		ids = append(ids, id)
	}
	if err := y.advance(edition.Agreed); err != nil {
		return nil, err
	}
	return ids, y.advance(edition.FollowUp)
}

// accept is one side's yes to what the commitment says.
func (y *year) accept(who glosa.Actor, id glosa.CommitmentID) error {
	c, err := y.s.Commitment.Card(y.ctx, string(id))
	if err != nil {
		return y.ok("read", err)
	}
	words, err := c.Draft().Digest()
	if err != nil {
		return err
	}
	return y.ok("accept", y.s.Commitment.Accept(y.ctx, who, id, words))
}

func (y *year) draft(p promise) commitment.Draft {
	now := y.clock.Now()
	budget := commitment.Budget{Declared: "none"}
	if p.line != "" {
		budget = commitment.Budget{Declared: "line", Line: p.line + " (SINTÉTICO)", Cents: p.pesos * 100, Currency: "MXN"}
	}
	mesa := panel.MesaIDOf(y.id, p.mesa+1)
	d := commitment.Draft{
		Wording: commitment.Wording{Title: p.title, Problem: p.problem, Deliverable: p.deliverable, Indicator: p.indicator,
			Result: p.result, Population: "Toda la población del estado", Starts: now.AddDate(0, 0, 20), Ends: now.AddDate(1, 0, 0), Budget: budget},
		Owners: []commitment.Owner{{Side: glosa.Government, Institution: p.government, Part: commitment.Leads},
			{Side: glosa.Civil, Institution: p.civil, Part: commitment.Leads}},
		Targets:    []commitment.Target{{Code: p.target, Rationale: p.why}},
		Milestones: []commitment.Step{{Title: "Método y formato publicados", Due: now.AddDate(0, 3, 0)}, {Title: "Primera publicación completa", Due: now.AddDate(0, 6, 0)}},
		Territory:  territory, Mesa: mesa,
	}
	d.Question = y.kept[p.group]
	return d
}

// follow reports, brings evidence, checks milestones and assesses, over the months.
func (y *year) follow(ids []glosa.CommitmentID) error {
	if err := y.later(25 * 24 * time.Hour); err != nil {
		return err
	}
	for month := range 3 {
		for i, id := range ids {
			liaison := y.offices[string(postOf(promises[i].government, "enlace"))]
			u := commitment.Update{Status: commitment.Limited, Percent: 20 + 20*month, Text: "Se trabaja en el método y en el formato. (SINTÉTICO)"}
			if err := y.ok("report", y.s.Commitment.Report(y.ctx, liaison, id, u)); err != nil {
				return err
			}
		}
		if err := y.later(40 * 24 * time.Hour); err != nil {
			return err
		}
	}
	for i, id := range ids {
		if err := y.conclude(id, promises[i]); err != nil {
			return err
		}
	}
	return nil
}

// conclude brings evidence for one commitment, gives both words and the reply.
func (y *year) conclude(id glosa.CommitmentID, p promise) error {
	desk, evaluator := y.s.Commitment, y.cast["evaluator"]
	liaison, head := y.offices[string(postOf(p.government, "enlace"))], y.offices[string(postOf(p.government, "titular"))]
	first := commitment.MilestoneIDOf(id, 1)
	for _, to := range []commitment.Progress{commitment.InProgress, commitment.Done} {
		if err := y.ok("milestone", desk.Progress(y.ctx, liaison, first, to)); err != nil {
			return err
		}
	}
	e, err := desk.Bring(y.ctx, liaison, id, commitment.Brought{Milestone: first, Title: "Método publicado (SINTÉTICO)",
		File: strings.NewReader("unidad,dato,fecha\nuna,completo,2026-05-04\notra,falta,2026-05-04\n")})
	if err != nil {
		return y.ok("evidence", err)
	}
	if err := y.ok("review", desk.Review(y.ctx, evaluator, e.ID, commitment.Admissible, "El método es público y se puede repetir.")); err != nil {
		return err
	}
	if err := y.ok("check milestone", desk.Check(y.ctx, evaluator, first, true, "Publicado con fecha y responsable.")); err != nil {
		return err
	}
	say := commitment.Update{Status: p.says, Percent: 100 * p.says.Boxes() / 3, Text: "Estado que informa la institución responsable. (SINTÉTICO)"}
	if err := y.ok("last report", desk.Report(y.ctx, liaison, id, say)); err != nil {
		return err
	}
	a := commitment.Assessment{Status: p.finds, Rationale: "Se comparó lo publicado con el indicador acordado. (SINTÉTICO)",
		Considered: []glosa.EvidenceID{e.ID}, Closing: p.finds == commitment.Complete}
	if err := y.ok("assess", desk.Assess(y.ctx, evaluator, id, a)); err != nil {
		return err
	}
	if p.says != p.finds {
		if err := y.ok("reply", desk.Reply(y.ctx, head, id, 1, "La institución completará lo que falta y lo publicará. (SINTÉTICO)")); err != nil {
			return err
		}
		return y.ok("conclude", desk.Conclude(y.ctx, evaluator, id, 1))
	}
	return nil
}
