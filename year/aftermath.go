package year

import (
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/civic/question"
	"glosa/civic/report"
)

// The script goes on: from the promises of the first edition to the end of the second.

// medicines is a complete commitment of health.
func (y *Play) medicines(q asked) commitment.Draft {
	now := y.Clock.Now()
	return commitment.Draft{
		Wording: commitment.Wording{Title: "Abasto de medicinas, a la vista", Problem: "Nadie sabe qué centro de salud tiene medicinas hoy.",
			Deliverable: "Una lista pública cada mes.", Indicator: "Centros con dato del mes entre centros en total.", Result: "Que quien necesita insulina sepa a dónde ir.",
			Starts: now.AddDate(0, 0, 20), Ends: now.AddDate(1, 6, 0),
			Budget: commitment.Budget{Declared: "line", Line: "Abasto de medicamentos (SINTÉTICO)", Cents: 4_200_000_000, Currency: "MXN"}},
		Owners: []commitment.Owner{{Side: glosa.Government, Institution: "SESA", Part: commitment.Leads},
			{Side: glosa.Civil, Institution: "CXT", Part: commitment.Leads}},
		Targets: []commitment.Target{{Code: "3.8", Rationale: "El abasto es parte de la cobertura de salud."}},
		Milestones: []commitment.Step{{Title: "Formato publicado", Due: now.AddDate(0, 2, 0)},
			{Title: "Primera lista completa", Due: now.AddDate(0, 4, 0)}},
		Territory: "23", Mesa: y.mesa(), Question: q.medicine,
	}
}

// A promise without owner, date, deliverable or budget does not leave the
// parking list; two sides accept it, as two different people.
func (y *Play) thePromises(q asked) (c promised) {
	whole := y.medicines(q)
	c.medicine = y.As(Rapporteur).Proposes(commitment.Draft{Wording: commitment.Wording{Title: whole.Wording.Title}})
	y.As(Panelist).InVain(glosa.Invalid).Negotiates(c.medicine)
	if lacks := y.Card(c.medicine).Lacks; len(lacks) != 9 {
		y.T.Fatalf("a title alone lacks %v", lacks)
	}
	half := whole
	half.Owners = half.Owners[:1]
	y.As(Rapporteur).Revises(c.medicine, half)
	y.As(Panelist).InVain(glosa.Invalid).Negotiates(c.medicine)
	y.As(Rapporteur).Revises(c.medicine, whole)
	y.As(Panelist).Negotiates(c.medicine)
	y.BlockedBy("commitments", 1)
	y.As(HealthMinister).InVain(glosa.Denied).Accepts(c.medicine) // no longer holds the post
	y.As(NewMinister).Accepts(c.medicine)
	y.As(NewMinister).InVain(glosa.Conflict).Accepts(c.medicine)
	y.As(Panelist).Accepts(c.medicine)

	water := whole
	water.Wording.Title, water.Question = "Agua todos los días", q.water
	water.Owners = []commitment.Owner{{Side: glosa.Government, Institution: "CAPA", Part: commitment.Leads}, whole.Owners[1]}
	water.Targets = []commitment.Target{{Code: "6.1", Rationale: "El agua diaria es acceso al agua."}}
	c.water = y.As(Rapporteur).Proposes(water)
	y.As(Panelist).Negotiates(c.water)
	y.As(WaterHead).Accepts(c.water)
	y.As(Panelist).Accepts(c.water)

	grand := whole
	grand.Wording.Title = "Un hospital en cada municipio"
	c.declined = y.As(Rapporteur).Proposes(grand)
	y.As(Panelist).Negotiates(c.declined)
	y.As(NewMinister).Declines(c.declined, "No hay presupuesto ni terreno; se dice ahora y no dentro de un año.")

	y.As(Facilitator).Advances(edition.Agreed)
	y.As(Facilitator).Advances(edition.FollowUp)
	return c
}

func (y *Play) theAnswersAfterTheSession(q asked) {
	y.As(WaterLiaison).Drafts(q.water, "Habrá tandeo hasta que termine la obra; el calendario es público. (SINTÉTICO)")
	y.As(WaterHead).SignsAnswer(q.water)
	y.As(Citizen).Rates(q.pipes, question.No) // merged: each author rates with their own key
	y.As(Citizen).Rates(q.medicine, question.Yes)
	y.As(Citizen).ErasesOwn(q.named) // published words and name, by the author's lock
	page, err := y.Site.Question.Page(y.ctx, q.named)
	y.must(err)
	if !page.Erased || page.Text != "" {
		y.T.Fatal("an author erased their words, and they are there")
	}
}

func (y *Play) theFollowUp(c promised) {
	y.days(25)
	if s := y.Card(c.medicine).State; s != commitment.Active {
		y.T.Fatalf("its first day has come, and %s is %s", c.medicine, s)
	}
	y.As(WaterLiaison).InVain(glosa.Denied).Reports(c.medicine, commitment.Limited, 10, "No es nuestro.")
	y.As(HealthLiaison).Reports(c.medicine, commitment.Limited, 30, "El formato está en revisión. (SINTÉTICO)")
	y.As(HealthLiaison).InVain(glosa.Invalid).Reports(c.medicine, commitment.Complete, 100, "Listo.") // nothing to show for it
	y.days(60)
	if m := y.Card(c.medicine).Milestones[0]; m.Progress != commitment.Overdue {
		y.T.Fatalf("two months later the first milestone is %s", m.Progress)
	}
	y.As(HealthLiaison).Finishes(c.medicine, 1)
	e := y.As(HealthLiaison).BringsFile(c.medicine, "Formato publicado (SINTÉTICO)", "unidad,dato\nuna,completo\notra,falta\n")
	y.theEvidenceThatGoes(c)
	y.As(HealthLiaison).InVain(glosa.Denied).Reviews(e, commitment.Admissible, "Está bien.")
	y.As(Evaluator).Reviews(e, commitment.Admissible, "El formato es público y se puede repetir.")
	y.As(Evaluator).Checks(c.medicine, 1, "Publicado con fecha y responsable.")
	y.As(HealthLiaison).Reports(c.medicine, commitment.Complete, 100, "Cumplido. (SINTÉTICO)")
	y.As(HealthLiaison).InVain(glosa.Denied).Assesses(c.medicine, commitment.Complete, "Cumplido.")
	y.As(Evaluator).Assesses(c.medicine, commitment.Limited, "Falta el dato de la mitad de los centros.", e)
	y.As(Evaluator).InVain(glosa.Closed).Concludes(c.medicine) // the right of reply runs
	y.As(WaterHead).InVain(glosa.Denied).Replies(c.medicine, "Nosotros cumplimos.")
	y.As(NewMinister).Replies(c.medicine, "Los centros que faltan entregan su dato este mes.")
	y.As(Evaluator).Concludes(c.medicine)
	card := y.Card(c.medicine)
	if card.Government.Status != commitment.Complete || card.Observed.Status != commitment.Limited || card.Gap != 2 || card.State != commitment.Disputed {
		y.T.Fatalf("two words side by side: %s and %s, %d apart, %s", card.Government.Status, card.Observed.Status, card.Gap, card.State)
	}
}

// What names somebody else goes by the word of two sides: a citizen's link that
// nobody had reviewed, and a file with its bytes.
func (y *Play) theEvidenceThatGoes(c promised) {
	link := y.As(Citizen).BringsLink(c.medicine, "La receta de mi vecina Refugio", "https://example.org/receta-de-refugio")
	file := y.As(HealthLiaison).BringsFile(c.medicine, "Lista de pacientes (SINTÉTICO)", "paciente,folio\nPaciente Que No Debía Salir,1\n")
	for _, e := range []glosa.EvidenceID{link, file} {
		y.As(ModeratorGov).ErasesEvidence(e, "third_party_data", "third_party_rights")
		y.As(OtherGov).InVain(glosa.Denied).ErasesEvidence(e, "third_party_data", "third_party_rights") // the same side
		y.As(ModeratorCivil).ErasesEvidence(e, "third_party_data", "third_party_rights")
		y.As(ModeratorCivil).InVain(glosa.Conflict).ErasesEvidence(e, "third_party_data", "third_party_rights")
	}
	gone := 0
	for _, e := range y.Card(c.medicine).Evidence {
		if e.State == commitment.Gone && e.Title+e.URL+string(e.File) == "" {
			gone++
		}
	}
	if gone != 2 {
		y.T.Fatalf("two sides erased two pieces of evidence, and %d are gone", gone)
	}
}

func (y *Play) theEvaluation(c promised, q asked) {
	y.BlockedBy("verdicts", 1)
	y.Sees(q.several, question.Overdue) // nobody routed it: the clock said so in public
	for _, id := range []glosa.QuestionID{q.insult, q.held, q.several, q.silent} {
		y.As(OtherCivil).Routes(id, "SEMA")
	}
	y.BlockedBy("questions_unanswered", 1) // now somebody owes their answers
	y.As(Evaluator).Assesses(c.water, commitment.NotStarted, "No hay nada publicado.")
	y.days(35) // nobody replies and nobody answers: the clock says so in public
	y.Sees(q.several, question.Overdue)
	if card := y.Card(c.water); card.Observed.Status != commitment.NotStarted {
		y.T.Fatalf("the right of reply is over, and the verdict on %s is %q", c.water, card.Observed.Status)
	}
	y.As(Facilitator).Advances(edition.Evaluated)
}

// The second edition cannot come to agreements while a promise of the first has
// no word on its fate, and nobody can waive that.
func (y *Play) theSecondEdition(c promised) {
	y.As(Facilitator).Founds(SecondEdition, 2, "ENS2", y.Clock.Now().AddDate(0, 0, 140))
	y.theSeatsAreFilled()
	y.Until(edition.Called)
	y.As(Facilitator).Advances(edition.Called)
	y.As(Facilitator).Freezes()
	y.As(ReportLiaison).WritesTheReport(reportText)
	y.As(Governor).PublishesTheReport(reportText)
	y.As(ReportLiaison).StatesOf(c.medicine, report.Complete, "La lista se publica cada mes. (SINTÉTICO)")
	y.As(ReportLiaison).InVain(glosa.NotFound).StatesOf(c.declined, report.Complete, "No es de aquí.")
	y.As(Facilitator).Advances(edition.ReportPublished)
	y.Until(edition.IntakeOpen)
	q := y.As(Citizen).Asks("¿Qué pasó con la lista de medicinas?", "SESA")
	y.As(ModeratorCivil).Admits(q)
	y.As(Citizen).Supports(2, q)
	y.Until(edition.IntakeClosed)
	y.At(y.Edition().SupportCloses().Add(time.Hour))
	y.As(Selector).Selects()
	y.As(Facilitator).Advances(edition.Selected)
	y.As(ModeratorCivil).Routes(q, "SESA")
	y.As(Facilitator).SetsTheMesa("Salud", map[Part]panel.Duty{Chair: panel.Chairs, Clerk: panel.Keeps, Panelist: panel.Speaks, NewMinister: panel.Answers})
	y.As(Facilitator).Orders(q)
	y.As(Facilitator).Advances(edition.InPreparation)
	y.Until(edition.InSession)
	y.As(Facilitator).Advances(edition.InSession)
	y.As(Clerk).RecordsArrival(Panelist, NewMinister)
	y.As(Chair).OpensTheSession()
	y.As(Chair).GivesTheFloor(Panelist, panel.Question, q)
	y.As(Clerk).TakesTheFloorBack()
	y.As(Chair).GivesTheFloor(NewMinister, panel.Answer, q)
	y.As(Clerk).TakesTheFloorBack()
	y.As(Rapporteur).NotesAgreement(q, "Seguir publicando la lista.")
	y.As(Chair).EndsTheSession()
	y.As(Facilitator).Advances(edition.MinutesPending)
	y.As(Rapporteur).DraftsTheMinutes("Una pregunta, una respuesta.")
	y.As(Rapporteur).CirculatesTheMinutes()
	y.days(10)
	y.As(Panelist).SignsTheMinutes()
	y.As(Governor).SignsTheMinutes()
	y.theFates(c, q)
}

func (y *Play) theFates(c promised, q glosa.QuestionID) {
	y.BlockedBy("dispositions", 2)
	y.As(Facilitator).InVain(glosa.Conflict).ProposesToWaive("dispositions", "Ya no importa.")
	y.As(Facilitator).Disposes(c.medicine, commitment.Continues, "")
	y.BlockedBy("dispositions", 1)
	y.As(Facilitator).InVain(glosa.Invalid).Disposes(c.water, commitment.Abandons, "") // not in silence
	y.As(ConvenorGov).Disposes(c.water, commitment.Abandons, "La obra se detuvo por falta de recursos federales.")
	y.As(Facilitator).InVain(glosa.Conflict).Disposes(c.declined, commitment.Continues, "")
	y.As(Facilitator).Advances(edition.Agreed)
	y.As(Facilitator).Advances(edition.FollowUp)
	y.As(Citizen).Rates(q, question.Yes)
	y.As(Facilitator).Advances(edition.Evaluated)
	y.As(Facilitator).Advances(edition.Closed)
	y.As(Facilitator).InVain(glosa.Closed).Advances("")
}
