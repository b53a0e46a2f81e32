package year

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/civic/question"
)

// The two editions of the play.
const (
	FirstEdition  = glosa.EditionID("ensayo-1")
	SecondEdition = glosa.EditionID("ensayo-2")
)

// asked are the questions of the first edition, as the script calls them.
type asked struct {
	medicine, water, pipes, lagoon, bus glosa.QuestionID
	insult, split, silent, private      glosa.QuestionID
	held, several, named, regretted     glosa.QuestionID
}

// promised are the commitments of the first edition.
type promised struct{ medicine, water, declined glosa.CommitmentID }

// Whole plays everything, from the mandate of the first edition to the end of
// the second.
func (y *Play) Whole() {
	y.T.Helper()
	y.theMandate()
	y.ends("mandate")
	y.theCall()
	y.theDrawIsAnnounced()
	y.ends("call")
	y.theReport()
	y.ends("report")
	q := y.theQuestions()
	y.theVolunteers()
	y.ends("questions")
	y.theModeration(&q)
	y.ends("moderation")
	y.theAppeals(q)
	y.theLot()
	y.theEndOfTheIntake(q)
	y.ends("intake-closed")
	y.theAgenda(q)
	y.ends("agenda")
	y.theWrittenAnswers(q)
	y.ends("answers")
	y.thePostponement(q)
	y.theSession(q)
	y.theMinutes()
	y.ends("minutes")
	c := y.thePromises(q)
	y.ends("promises")
	y.theAnswersAfterTheSession(q)
	y.theFollowUp(c)
	y.ends("follow-up")
	y.theEvaluation(c, q)
	y.ends("evaluation")
	y.theSecondEdition(c)
}

func (y *Play) theMandate() {
	y.theKeeperOpensTheHouse()
	session := time.Date(2026, 6, 12, 15, 0, 0, 0, time.UTC)
	y.As(Citizen).InVain(glosa.Denied).Founds(FirstEdition, 1, "ENS1", session)
	y.As(Facilitator).Founds(FirstEdition, 1, "ENS1", session.AddDate(0, 0, 7))
	y.As(Facilitator).ChangesTheSession(session)
	y.theSeatsAreFilled()
	y.StageIs(edition.Draft)
	y.As(Citizen).InVain(glosa.Closed).Asks("¿Puedo preguntar ya?", "")
}

// The call goes out two days late: the gate of the notice is waived by two
// sides, in public, or not at all.
func (y *Play) theCall() {
	y.Until(edition.Called)
	y.Later(2 * day)
	y.As(Facilitator).InVain(glosa.Conflict).Advances(edition.Called)
	y.As(Citizen).InVain(glosa.Denied).ProposesToWaive("notice", "Porque sí.")
	n := y.As(Facilitator).ProposesToWaive("notice", "La imprenta entregó tarde la convocatoria en maya.")
	y.As(Facilitator).InVain(glosa.Denied).ConfirmsTheWaiver(n)
	y.As(ModeratorCivil).InVain(glosa.Denied).ConfirmsTheWaiver(n)
	y.As(Facilitator).InVain(glosa.Conflict).Advances(edition.Called)
	y.As(ConvenorGov).ConfirmsTheWaiver(n)
	y.As(ModeratorCivil).InVain(glosa.Denied).Advances(edition.Called)
	y.As(Facilitator).Advances(edition.Called)
	y.As(Citizen).InVain(glosa.Denied).Freezes()
	y.As(Facilitator).Freezes()
	y.As(Facilitator).InVain(glosa.Conflict).Freezes()
}

const reportText = "# Salud\n\nSe abrieron 12 centros de salud. (SINTÉTICO)\n\n# Agua\n\nSe repararon 40 pozos. (SINTÉTICO)\n"

func (y *Play) theReport() {
	y.BlockedBy("report", 1)
	y.As(HealthMinister).InVain(glosa.Denied).WritesTheReport(reportText)
	y.As(ReportLiaison).WritesTheReport(reportText)
	y.As(ReportLiaison).InVain(glosa.Denied).PublishesTheReport(reportText)
	y.As(Governor).PublishesTheReport(reportText)
	y.As(Facilitator).Advances(edition.ReportPublished)
	y.As(Citizen).InVain(glosa.Closed).Asks("¿Y ahora ya puedo preguntar?", "")
}

// The questions open by the clock, not by anybody's hand.
func (y *Play) theQuestions() (q asked) {
	y.Until(edition.IntakeOpen)
	y.StageIs(edition.IntakeOpen)
	citizen := y.As(Citizen)
	q.medicine = citizen.Asks("¿Qué centros de salud no tienen insulina hoy?", "SESA")
	y.Later(3 * time.Hour)
	q.water = citizen.Asks("¿Cuándo habrá agua todos los días en mi colonia?", "CAPA")
	q.pipes = citizen.Asks("¿Cuándo van a cambiar las tuberías viejas del centro?", "")
	q.lagoon = citizen.Asks("¿Quién revisa el agua de la laguna y dónde lo publica?", "SEMA")
	q.bus = citizen.Asks("¿Cuántos camiones nuevos habrá este año?", "SEMA")
	q.insult = citizen.Asks("¿Por qué son tan ineptos con los cenotes?", "SEMA")
	q.split = citizen.Asks("¿El secretario dejará el cargo si no cumple?", "SESA")
	q.silent = citizen.Asks("¿Van a usar el programa para pedir el voto?", "")
	q.private = citizen.Asks("¿Por qué la vecina de la calle Zapote 14 recibe apoyo si tiene dos casas?", "")
	q.held = citizen.Asks("¿Por qué el médico del turno de noche de la clínica 4 no atiende?", "SESA")
	q.several = citizen.Asks("¿Y las calles? ¿Y la luz? ¿Y las escuelas?", "")
	q.named = citizen.AsksByName("¿Cuándo se abre el archivo histórico de mi pueblo?", "Una Persona Que Firma", "")
	q.regretted = citizen.Asks("¿Puede decirse aquí lo de mi herencia en disputa?", "")
	if _, err := y.Site.Question.Page(y.ctx, question.FolioOf("ENS1", 0)); glosa.KindOf(err) != glosa.NotFound && err == nil {
		y.T.Fatal("a folio that nobody was given has a page")
	}
	citizen.InVain(glosa.Invalid).Asks("", "SESA")
	return q
}

// One person of one side alone never refuses; two people of different sides do;
// disagreement and silence admit.
func (y *Play) theModeration(q *asked) {
	gov, civil := y.As(ModeratorGov), y.As(ModeratorCivil)
	y.As(Citizen).InVain(glosa.Denied).Admits(q.medicine)
	y.As(HealthMinister).InVain(glosa.Denied).Refuses(q.medicine, "propaganda")
	civil.Admits(q.medicine, q.water, q.pipes)
	gov.Admits(q.lagoon, q.bus, q.named)

	gov.InVain(glosa.Invalid).Refuses(q.insult, "no_me_gusta") // not a listed ground
	gov.Refuses(q.insult, "personal_attack")
	gov.InVain(glosa.Denied).Refuses(q.insult, "personal_attack")                      // the same person
	y.As(OtherGov).InVain(glosa.Denied).Refuses(q.insult, "personal_attack")           // the same side
	y.As(ModeratorTwoChairs).InVain(glosa.Denied).Refuses(q.insult, "personal_attack") // the same human, from another chair
	y.Sees(q.insult, question.Second)
	civil.Refuses(q.insult, "personal_attack")
	y.Sees(q.insult, question.Refused)

	gov.Refuses(q.split, "personal_attack")
	civil.Admits(q.split) // disagreement admits
	y.Sees(q.split, question.Admitted)
	gov.Refuses(q.silent, "propaganda") // and nobody answers: silence will admit

	gov.Refuses(q.private, "third_party_data")
	civil.Refuses(q.private, "third_party_data")

	gov.Refuses(q.held, "third_party_data")
	civil.Admits(q.held) // no agreement on personal data: held, and shown as held
	y.Sees(q.held, question.Held)
	y.As(Facilitator).SaysOfHeld(q.held, "")
	y.As(ConvenorGov).SaysOfHeld(q.held, "")
	y.Sees(q.held, question.Admitted)

	civil.AsksToMend(q.several, "several_questions")
	y.As(Citizen).Mends(q.several, "¿Cuándo se reparan las calles de mi colonia?")
	civil.Admits(q.several)
	y.Reads(q.several, "calles de mi colonia")

	y.As(Citizen).InVain(glosa.Invalid).WithdrawsWithTheKeyOf(q.regretted, q.water)
	y.As(Citizen).Withdraws(q.regretted) // by the author's own lock
	y.Sees(q.regretted, question.Withdrawn)
	y.As(ModeratorCivil).InVain(glosa.Conflict).Admits(q.regretted)
}

// An appeal is decided by people who did not refuse; what is not another's to
// read is erased by two sides; a merge is undone.
func (y *Play) theAppeals(q asked) {
	y.As(Citizen).Appeals(q.insult)
	y.As(ModeratorGov).InVain(glosa.Denied).Overturns(q.insult)
	y.As(OtherGov).Overturns(q.insult)
	y.As(ModeratorTwoChairs).InVain(glosa.Denied).Upholds(q.insult)
	y.As(OtherCivil).Overturns(q.insult)
	y.Sees(q.insult, question.Admitted)

	y.As(OtherGov).Erases(q.private, "third_party_data", "third_party_rights")
	y.As(ModeratorGov).InVain(glosa.Denied).Erases(q.private, "third_party_data", "third_party_rights")
	y.As(ModeratorCivil).Erases(q.private, "third_party_data", "third_party_rights")
	if page := y.Sees(q.private, question.Refused); !page.Erased {
		y.T.Fatal("two sides erased a text, and it is there")
	}

	y.As(ModeratorCivil).Merges(q.water, q.pipes, q.lagoon)
	y.Sees(q.lagoon, question.Merged)
	y.As(ModeratorGov).Unmerges(q.lagoon) // the lagoon is not the taps
	y.Sees(q.lagoon, question.Admitted)
	if page := y.Sees(q.pipes, question.Merged); page.Canonical != q.water {
		y.T.Fatalf("%s stands for %s", page.Canonical, q.pipes)
	}

	y.Later(3*day + time.Hour)
	y.Sees(q.silent, question.Admitted) // silence admitted it
}

func (y *Play) theEndOfTheIntake(q asked) {
	y.As(Citizen).InVain(glosa.Denied).ExtendsTheIntake(3, "Quiero más tiempo.")
	was := y.Edition().Plan.On(edition.IntakeClosed)
	y.As(Facilitator).ExtendsTheIntake(3, "Dos días sin luz en el sur del estado.")
	if is := y.Edition().Plan.On(edition.IntakeClosed); !is.Equal(was.AddDate(0, 0, 3)) {
		y.T.Fatalf("extended from %s to %s", was, is)
	}
	y.As(Citizen).Supports(4, q.medicine)
	y.As(Citizen).Supports(3, q.water, q.pipes) // merged: each supporter counts once
	y.As(Citizen).Supports(1, q.insult)
	y.At(was.Add(time.Hour))
	y.StageIs(edition.IntakeOpen)
	y.Until(edition.IntakeClosed)
	y.StageIs(edition.IntakeClosed)
	y.As(Citizen).InVain(glosa.Closed).Asks("¿Todavía puedo preguntar?", "")
	y.Later(time.Hour)
	if y.Edition().Sealed.IsZero() {
		y.T.Fatal("an hour after the intake closed, it is not sealed")
	}
}

func (y *Play) theAgenda(q asked) {
	y.As(Selector).InVain(glosa.Closed).Selects() // people may still support
	y.At(y.Edition().SupportCloses().Add(time.Hour))
	y.As(Facilitator).InVain(glosa.Denied).Selects()
	y.As(GovernorsOffice).InVain(glosa.Denied).Selects()
	y.BlockedBy("agenda", 1)
	a := y.As(Selector).Selects()
	if len(a.Chosen) == 0 || a.Chosen[0].Question != q.medicine {
		y.T.Fatalf("the rule chose %+v", a.Chosen)
	}
	y.As(Selector).InVain(glosa.Conflict).Selects()
	y.As(Facilitator).Advances(edition.Selected)
	y.As(OtherCivil).Routes(q.medicine, "SESA")
	y.As(OtherCivil).Routes(q.water, "CAPA")
	y.As(OtherCivil).Routes(q.lagoon, "SEMA")
	y.As(OtherCivil).Routes(q.bus, "SEMA")
	y.As(OtherCivil).Routes(q.split, "SESA")
	y.As(OtherCivil).InVain(glosa.Invalid).Routes(q.several, "SECRETARIA-QUE-NO-EXISTE")
}

// A referral never restarts the clock; whoever lets it run out is publicly late.
func (y *Play) theWrittenAnswers(q asked) {
	due := y.Sees(q.lagoon, question.Routed).Due
	y.days(3)
	y.As(HealthLiaison).InVain(glosa.Denied).Refers(q.lagoon, "CAPA")
	y.As(EnvLiaison).Refers(q.lagoon, "CAPA")
	y.As(WaterLiaison).Refers(q.lagoon, "SEMA")
	y.As(WaterLiaison).InVain(glosa.Denied).Refers(q.lagoon, "SEMA")
	y.As(GovernorsOffice).Assigns(q.lagoon, "SEMA")
	if page := y.Sees(q.lagoon, question.Routed); !page.Due.Equal(due) || page.Referrals != 2 {
		y.T.Fatalf("due %s after %d referrals, was %s", page.Due, page.Referrals, due)
	}
	y.As(EnvMinister).InVain(glosa.Invalid).ExtendsAnswer(q.lagoon, 30, "Un mes más.")
	y.As(EnvMinister).ExtendsAnswer(q.lagoon, 3, "Falta el análisis de un laboratorio.")
	y.As(EnvMinister).InVain(glosa.Conflict).ExtendsAnswer(q.lagoon, 3, "Y otro poco.")
	if page := y.Sees(q.lagoon, question.Routed); !page.Due.After(due) {
		y.T.Fatal("an extension gave no time")
	}
	y.As(EnvLiaison).Drafts(q.lagoon, "La revisa la Secretaría cada mes; los análisis están en su página. (SINTÉTICO)")
	y.As(EnvLiaison).InVain(glosa.Denied).SignsAnswer(q.lagoon)
	y.As(HealthMinister).InVain(glosa.Denied).SignsAnswer(q.lagoon)
	y.As(EnvMinister).SignsAnswer(q.lagoon)
	y.As(Citizen).Rates(q.lagoon, question.Partly)
	again := y.As(Citizen).FollowsUp(q.lagoon, "¿En qué página exactamente?")
	y.As(ModeratorCivil).Admits(again)
	y.Sees(again, question.Routed)

	// The minister of health changes: who held the post when it was asked signs nothing.
	y.As(HealthLiaison).Drafts(q.split, "El secretario responde ante el Congreso. (SINTÉTICO)")
	y.theMinisterChanges()
	y.As(HealthMinister).InVain(glosa.Denied).SignsAnswer(q.split)
	y.As(NewMinister).SignsAnswer(q.split)

	y.At(y.Sees(q.bus, question.Routed).Due.Add(time.Minute))
	if page := y.Sees(q.bus, question.Overdue); page.Level != 1 {
		y.T.Fatalf("nobody answered %s: level %d", q.bus, page.Level)
	}
}

// A storm postpones the session; while it does, nothing of the edition moves.
func (y *Play) thePostponement(q asked) {
	y.As(Facilitator).SetsTheMesa("Salud y agua", map[Part]panel.Duty{Chair: panel.Chairs, Clerk: panel.Keeps, Rapporteur: panel.Reports,
		Panelist: panel.Speaks, Evaluator: panel.Observes, NewMinister: panel.Answers, WaterHead: panel.Answers})
	y.As(Facilitator).InVain(glosa.Invalid).Orders(q.lagoon) // the rule did not choose it
	y.As(Facilitator).Advances(edition.InPreparation)
	y.BlockedBy("mesas", 2) // no order of the day
	y.As(Facilitator).Orders(q.medicine, q.water, q.insult)
	y.As(ConvenorGov).InVain(glosa.Denied).Postpones("No nos conviene.")
	y.As(Facilitator).Postpones("Huracán: los municipios del norte están en alerta.")
	y.StageIs(edition.Postponed)
	y.ends("postponed")
	y.As(Facilitator).InVain(glosa.Closed).Orders(q.water, q.medicine, q.insult)
	y.As(Facilitator).InVain(glosa.Closed).Advances(edition.InSession)
	y.days(7)
	y.As(Facilitator).Resumes("Pasó la alerta.", y.Clock.Now().AddDate(0, 0, 12))
	y.StageIs(edition.InPreparation)
	y.As(Facilitator).InVain(glosa.Closed).Advances(edition.InSession) // the new day has not come
}

func (y *Play) theSession(q asked) {
	y.As(Chair).InVain(glosa.Closed).OpensTheSession()
	y.Until(edition.InSession)
	y.As(Facilitator).Advances(edition.InSession)
	y.As(Clerk).RecordsArrival(Chair, Clerk, Rapporteur, Panelist, NewMinister)
	y.As(Clerk).RecordsAbsence(WaterHead, panel.NoNotice)
	y.As(WaterHead).Disputes("Avisé por oficio que llegaba tarde.")
	y.As(Clerk).InVain(glosa.Denied).OpensTheSession()
	y.As(Chair).OpensTheSession()

	y.As(Chair).GivesTheFloor(Panelist, panel.Question, q.medicine)
	y.As(Chair).InVain(glosa.Conflict).GivesTheFloor(NewMinister, panel.Answer, q.medicine) // somebody speaks
	y.Later(90 * time.Second)
	y.As(Clerk).TakesTheFloorBack()
	y.As(Chair).GivesTheFloor(NewMinister, panel.Answer, q.medicine)
	y.ends("session")
	y.Later(4 * time.Minute)
	y.As(Clerk).TakesTheFloorBack()
	y.As(Rapporteur).NotesAgreement(q.medicine, "Publicar cada mes qué medicinas faltan en cada centro de salud.")
	y.As(Chair).InVain(glosa.Conflict).EndsTheSession() // two questions have no outcome
	y.As(Clerk).HandsOffToWriting(q.water, "absent")
	y.As(Clerk).HandsOffToWriting(q.insult, "no_time")
	y.As(Rapporteur).NotesDisagreement("Plazo del saneamiento", "Tres años, según presupuesto.", "Un año, con metas trimestrales.")
	y.BlockedBy("session_ended", 1)
	y.As(Chair).EndsTheSession()
	page := y.Sees(q.medicine, question.Spoken)
	if page.VideoSecond != 90 {
		y.T.Fatalf("answered at second %d of the video", page.VideoSecond)
	}
	y.As(Facilitator).Advances(edition.MinutesPending)
}

func (y *Play) theMinutes() {
	y.BlockedBy("minutes_signed", 1)
	y.As(Panelist).InVain(glosa.Denied).DraftsTheMinutes("Todo salió bien.")
	y.As(Rapporteur).DraftsTheMinutes("Se abrió la sesión. Dos preguntas pasaron a respuesta escrita.")
	y.As(Rapporteur).CirculatesTheMinutes()
	y.As(Panelist).Remarks("Falta decir que la silla de agua quedó vacía.")
	y.ends("comments")
	y.As(Governor).InVain(glosa.Closed).SignsTheMinutes() // comments are open
	y.As(Rapporteur).DraftsTheMinutes("Se abrió la sesión. La silla de agua quedó vacía. Dos preguntas pasaron a respuesta escrita.")
	y.days(10)
	y.As(Panelist).InVain(glosa.Closed).Remarks("Y otra cosa.")
	y.As(Governor).SignsTheMinutes()
	y.As(NewMinister).InVain(glosa.Conflict).SignsTheMinutes() // that side has signed
	y.BlockedBy("minutes_signed", 1)
	y.As(Panelist).SignsTheMinutes()
	m := y.Minutes()
	if m.Stage != panel.Published || len(m.Last().Text.Disagreements) != 1 || len(m.Last().Text.Agreements) != 1 {
		y.T.Fatalf("minutes %s: %+v", m.Stage, m.Last().Text)
	}
	y.As(Rapporteur).InVain(glosa.Conflict).DraftsTheMinutes("Otra versión.") // published minutes never change
	y.As(Rapporteur).Rectifies("La silla de agua avisó por oficio.", "Se abrió la sesión. La silla de agua quedó vacía, con aviso. Dos preguntas pasaron a respuesta escrita.")
	y.As(Governor).SignsTheAnnex()
	y.As(Panelist).SignsTheAnnex()
	m = y.Minutes()
	if v, ok := m.InForce(); !ok || !v.Annex || v.Number != 3 {
		y.T.Fatalf("in force: %+v", v)
	}
	if spans, ok := m.Compare(2, 3); !ok || len(spans) < 2 {
		y.T.Fatal("the annex shows no difference")
	}
}

// ErasedWords are words that were said in the play and erased: by two sides, by
// an author's lock, or because nobody ever read them before they were taken back.
var ErasedWords = []string{"vecina de la calle Zapote", "mi herencia en disputa", "archivo histórico de mi pueblo", "Una Persona Que Firma",
	"mi vecina Refugio", "receta-de-refugio", "Lista de pacientes", "Paciente Que No Debía Salir"}
