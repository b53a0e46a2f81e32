package question

import (
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/db"
)

func (w *walk) mod(d dice) glosa.Actor {
	return pick(d, "mod", w.modGov, w.modCivil, w.modGov2, w.modCivil2)
}

// other is somebody of the other side than the first, and not one of some people.
func (w *walk) other(d dice, first glosa.Side, not ...glosa.HumanID) glosa.Actor {
	all := []glosa.Actor{w.modGov, w.modCivil, w.modGov2, w.modCivil2}
	all = slices.DeleteFunc(all, func(a glosa.Actor) bool { return a.Side == first || slices.Contains(not, a.Human) })
	if len(all) == 0 {
		return w.mod(d)
	}
	return pick(d, "other", all...)
}

func (w *walk) proof(r row) Proof { return Proof{Key: w.keys[r.id]} }

// first is the word that an open ruling waits for the second of; and the humans of
// the ruling that the question was refused by.
func (w *walk) first(r row, kind string) (v voice, two []glosa.HumanID) {
	w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) error {
		all, err := selectRulings(tx, r.id)
		for _, x := range all {
			if x.kind == kind && x.closed.IsZero() {
				v = x.first
			}
			if r.ruling != nil && x.id == *r.ruling {
				two = []glosa.HumanID{x.first.human}
				if x.second != nil {
					two = append(two, x.second.human)
				}
			}
		}
		return err
	}))
	return v, two
}

func (w *walk) submit(a Ask) (Receipt, error) {
	w.said++
	if a.Municipality = "23005"; len(a.File) == 0 {
		a.Text = "¿Cuándo viene Juana a la clínica " + itoa(w.said) + "?"
	}
	rc, err := w.d.Submit(w.ctx, glosa.Citizen(), w.id, a)
	if err == nil && !rc.Repeated {
		w.ids, w.keys[rc.ID] = append(w.ids, rc.ID), rc.Key
		w.received++
	}
	return rc, err
}

func asking() []deed {
	ask := func(a Ask) func(*walk, dice, row) error {
		return func(w *walk, _ dice, _ row) error { _, err := w.submit(a); return err }
	}
	return []deed{
		{"ask", 14, "", ask(Ask{})},
		{"ask in Maya", 5, "", ask(Ask{Language: "yua"})},
		{"ask by voice", 2, "", ask(Ask{File: spokenNote})},
		{"ask by name", 3, "", ask(Ask{NamePolicy: Named, Name: "Ana Ejemplo"})},
		{"hand in twice", 2, "", askTwice},
		{"print sheets", 1, "", printSheets},
		{"enter a batch of paper", 2, "", enterPaper},
	}
}

func askTwice(w *walk, _ dice, _ row) error {
	a := Ask{Text: "¿Y esto, Juana?", Municipality: "23005", Once: itoa(w.said), Caller: "phone"}
	w.said++
	first, err := w.d.Submit(w.ctx, glosa.Citizen(), w.id, a)
	if err != nil {
		return err
	}
	w.ids, w.keys[first.ID], w.received = append(w.ids, first.ID), first.Key, w.received+1
	again, err := w.d.Submit(w.ctx, glosa.Citizen(), w.id, a)
	if err == nil && (again.ID != first.ID || !again.Repeated) {
		w.Errorf("handed in twice: %s and %s", first.ID, again.ID)
	}
	return err
}

func printSheets(w *walk, _ dice, _ row) error {
	var n Numbers
	err := w.tx(func(tx *db.Tx) (err error) { n, err = OpenNumbers(tx, w.id, "desk"); return err })
	for i := n.First; err == nil && i < n.First+60; i++ {
		w.printed = append(w.printed, FolioOf("DEMO26", i))
	}
	return err
}

// enterPaper takes what came back on sheets: two in one act.
func enterPaper(w *walk, d dice, _ row) error {
	if len(w.printed) < 2 {
		return printSheets(w, d, row{})
	}
	got := map[glosa.QuestionID]string{}
	var sheets []*Handed
	for range 2 {
		w.said++
		h, err := w.d.Hand(w.id, Ask{Text: "¿En papel, Juana " + itoa(w.said) + "?", Municipality: "23004"})
		if err != nil {
			return err
		}
		sheets = append(sheets, h)
	}
	err := w.tx(func(tx *db.Tx) error {
		ed, err := edition.Enter(tx, glosa.Citizen(), actSubmit, w.id)
		for i := 0; err == nil && i < len(sheets); i++ {
			var rc Receipt
			if rc, err = sheets[i].Receive(tx, ed, w.printed[i]); err == nil {
				got[rc.ID] = rc.Key
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range w.printed[:2] {
		w.ids, w.keys[id] = append(w.ids, id), got[id]
	}
	w.printed, w.received = w.printed[2:], w.received+2
	return nil
}

func deciding() []deed {
	return []deed{
		{"admit", 14, `state = 'received' and follows = '' and not QUIET`, func(w *walk, d dice, r row) error { return w.d.Admit(w.ctx, w.mod(d), r.id) }},
		{"admit a follow-up", 3, `state = 'received' and follows <> ''`, func(w *walk, d dice, r row) error { return w.d.Admit(w.ctx, w.mod(d), r.id) }},
		{"propose a refusal", 5, `state = 'received' and READ`, func(w *walk, d dice, r row) error {
			return w.d.Refuse(w.ctx, w.mod(d), r.id, pick(d, "ground", edition.Propaganda, edition.Illegal, edition.ThirdPartyData), "")
		}},
		{"give the second word", 6, `state = 'second' and READ`, secondWord},
		{"give a word on what is held", 4, `state = 'held' and READ`, heldWord},
		{"ask the author to mend it", 3, `state = 'received' and edits = 0 and READ`, func(w *walk, d dice, r row) error {
			return w.d.AskEdit(w.ctx, w.mod(d), r.id, pick(d, "reason", EditReasons()...))
		}},
		{"mend it", 2, `state = 'needs_edit'`, func(w *walk, _ dice, r row) error {
			w.said++
			_, err := w.d.Edit(w.ctx, glosa.Citizen(), r.id, w.proof(r), "¿Mejor, Juana "+itoa(w.said)+"?", "", [16]byte{})
			return err
		}},
		{"appeal", 4, `state = 'refused' and not erased and due_at > NOW`, func(w *walk, _ dice, r row) error {
			return w.d.Appeal(w.ctx, glosa.Citizen(), r.id, w.proof(r))
		}},
		{"give a word on an appeal", 6, `state = 'appealed' and READ`, func(w *walk, d dice, r row) error {
			v, two := w.first(r, kindAppeal)
			return w.d.DecideAppeal(w.ctx, w.other(d, v.side, append(two, v.human)...), r.id, d("uphold", 3) > 0)
		}},
		{"write down what was said", 4, `QUIET and state not in ('refused', 'withdrawn')`, func(w *walk, d dice, r row) error {
			w.said++
			return w.d.Transcribe(w.ctx, w.mod(d), r.id, "¿Lo dijo Juana "+itoa(w.said)+"?")
		}},
		{"correct what was written down", 3, `state not in ('refused', 'withdrawn') and not erased and exists (select 1 from question_step s
			where s.question = question.id and s.kind = 'question.transcribed') and not exists (select 1 from question_text x
			where x.question = question.id and x.kind = 'redacted' and x.replaced_by = 0) and edits = 0`, func(w *walk, d dice, r row) error {
			w.said++
			return w.d.CorrectTranscript(w.ctx, w.mod(d), r.id, "¿Lo dijo mejor Juana "+itoa(w.said)+"?")
		}},
	}
}

func secondWord(w *walk, d dice, r row) error {
	v, _ := w.first(r, kindRefuse)
	by := w.other(d, v.side)
	word := d("word", 4)
	if len(w.find(d, `id = '`+string(r.id)+`' and QUIET`, 1)) > 0 {
		word = max(word, 1) // nobody could read what is admitted
	}
	switch word {
	case 0:
		return w.d.Admit(w.ctx, by, r.id)
	case 1:
		return w.d.Refuse(w.ctx, by, r.id, edition.Repeat, "")
	}
	return w.d.Refuse(w.ctx, by, r.id, v.word, v.place)
}

func heldWord(w *walk, d dice, r row) error {
	v, _ := w.first(r, kindHeld)
	by := w.convGov
	if v.side == glosa.Government {
		by = w.convCivil
	}
	word := pick(d, "ground", "", edition.Illegal)
	if v.word != "" && d("agrees", 4) > 0 {
		if word = v.word; word == wordAdmit {
			word = ""
		}
	}
	return w.d.DecideHeld(w.ctx, by, r.id, word, "")
}

func answering() []deed {
	const drafted = `(state in ('routed', 'overdue') and exists (select 1 from question_answer a where a.question = question.id
		and a.version = question.answer + 1 and a.state = `
	return []deed{
		{"route", 12, `state = 'admitted'`, func(w *walk, d dice, r row) error {
			return w.d.Route(w.ctx, w.mod(d), r.id, pick[glosa.InstitutionKey](d, "to", "SESA", "SESA", "SESA", "SEQ"), pick[glosa.Code](d, "theme", "", "salud"))
		}},
		{"refer", 6, `state = 'routed' and institution <> '' and referrals < 2 and since_at > NOW - 172800000000`, func(w *walk, _ dice, r row) error {
			by, to := w.office2(r)
			return w.d.Refer(w.ctx, by, r.id, to, "competence")
		}},
		{"assign", 5, `state in ('routed', 'overdue') and institution = ''`, func(w *walk, d dice, r row) error {
			return w.d.Assign(w.ctx, w.office, r.id, pick[glosa.InstitutionKey](d, "to", "SESA", "SEQ"))
		}},
		{"draft", 8, `state in ('routed', 'overdue') and institution <> '' and not exists (select 1 from question_answer a
			where a.question = question.id and a.version = question.answer + 1 and a.state = 'in_review')`, func(w *walk, d dice, r row) error {
			by, _ := w.office2(r)
			return w.d.Draft(w.ctx, by, r.id, w.says(d))
		}},
		{"send to sign", 7, drafted + `'draft'))`, func(w *walk, _ dice, r row) error {
			by, _ := w.office2(r)
			return w.d.SendToSign(w.ctx, by, r.id)
		}},
		{"return", 3, drafted + `'in_review'))`, func(w *walk, _ dice, r row) error { return w.d.Return(w.ctx, w.signer(r), r.id, "Falta la fecha.") }},
		{"sign", 9, drafted + `'in_review'))`, func(w *walk, _ dice, r row) error {
			f, err := w.d.Folder(w.ctx, w.signer(r), r.id)
			if err != nil {
				return err
			}
			return w.d.Sign(w.ctx, w.signer(r), r.id, w.waiting(f))
		}},
		{"answer several at once", 1, `state = 'routed' and institution = 'SESA' and not exists (select 1 from question_answer a
			where a.question = question.id and a.state in ('draft', 'in_review'))`, answerSeveral},
		{"fill in the sheet", 1, `state in ('routed', 'overdue') and institution = 'SESA'`, fillSheet},
		{"correct an answer", 2, `state in ('answered', 'transferred', 'closed') and answer > 0`, func(w *walk, d dice, r row) error {
			return w.d.Correct(w.ctx, w.signer(r), r.id, w.says(d), "Había un error.")
		}},
		{"extend", 3, `state = 'routed' and extended = 0 and due_at > NOW and institution <> ''`, func(w *walk, _ dice, r row) error {
			return w.d.Extend(w.ctx, w.signer(r), r.id, 2, "Falta un dato.")
		}},
		{"rate", 4, `state in ('answered_oral', 'answered', 'transferred') and (rating = '' or rated_answer <> answer)`, rate},
		{"rate the common answer", 7, `state = 'merged' and rating = '' and exists (select 1 from question c where c.id = question.root
			and (c.state in ('answered', 'transferred', 'answered_oral', 'closed') or c.state in ('routed', 'overdue') and c.institution <> ''))`, rateCommon},
		{"follow up", 3, `state in ('answered_oral', 'answered', 'transferred', 'closed') and follows = ''
			and not exists (select 1 from question f where f.follows = question.id)`, func(w *walk, _ dice, r row) error {
			rc, err := w.d.FollowUp(w.ctx, glosa.Citizen(), r.id, w.proof(r), "¿Y entonces, Juana?", "", [16]byte{})
			if err == nil {
				w.ids, w.keys[rc.ID] = append(w.ids, rc.ID), w.keys[r.id]
			}
			return err
		}},
	}
}

func rate(w *walk, d dice, r row) error {
	return w.d.Rate(w.ctx, glosa.Citizen(), r.id, w.proof(r), pick(d, "word", Yes, Partly, No))
}

// rateCommon rates the answer of the question that one was merged into, which is
// answered first where it is not yet.
func rateCommon(w *walk, d dice, r row) error {
	if root := w.row(r.root); root.state == Routed || root.state == Overdue {
		by, _ := w.office2(root)
		a := w.says(d)
		if err := w.d.DraftAll(w.ctx, by, []glosa.QuestionID{root.id}, a, true); err != nil {
			return err
		}
		read, err := a.Hash()
		w.ok(err)
		if err := w.d.Sign(w.ctx, w.signer(root), root.id, read); err != nil {
			return err
		}
	}
	return rate(w, d, r)
}

// office2 is the liaison of who holds a question, and another institution.
func (w *walk) office2(r row) (by glosa.Actor, to glosa.InstitutionKey) {
	if r.institution == "SEQ" {
		return w.otherLiaison, "SESA"
	}
	return w.liaison, "SEQ"
}

func (w *walk) signer(r row) glosa.Actor {
	if r.institution == "SEQ" {
		return w.otherMinister
	}
	return w.minister
}

func (w *walk) says(d dice) Answer {
	w.said++
	return Answer{Kind: pick(d, "kind", Said, Said, Elsewhere, Cannot), Short: "Ya está, " + itoa(w.said) + ".", Basis: "Ley", Place: "El municipio"}
}

func answerSeveral(w *walk, d dice, r row) error {
	ids := []glosa.QuestionID{r.id}
	for _, x := range w.find(d, `state = 'routed' and institution = 'SESA' and not exists (select 1 from question_answer a
		where a.question = question.id and a.state in ('draft', 'in_review'))`, 3) {
		ids = append(ids, x.id)
	}
	a := w.says(d)
	if err := w.d.DraftAll(w.ctx, w.liaison, ids, a, true); err != nil {
		return err
	}
	read, err := a.Hash()
	w.ok(err)
	return w.d.SignAll(w.ctx, w.minister, ids, read)
}

// fillSheet takes the sheet of drafts home and brings it back as it was, with one
// line of its own.
func fillSheet(w *walk, d dice, r row) error {
	if err := w.d.Draft(w.ctx, w.liaison, r.id, w.says(d)); err != nil && glosa.KindOf(err) != glosa.Conflict {
		return err
	}
	b, err := w.d.ExportDrafts(w.ctx, w.liaison, "salud", sheetEs())
	if err != nil {
		return err
	}
	lines, err := w.d.ImportDrafts(w.ctx, w.liaison, b, []SheetWords{sheetEs()})
	for _, l := range lines {
		if l.Outcome != LineSame && l.Outcome != LineEmpty {
			w.Errorf("a sheet that nobody wrote in came back as %+v", l)
		}
	}
	return err
}

func leaving() []deed {
	return []deed{
		{"withdraw", 2, `state in ('received', 'second', 'needs_edit', 'held', 'admitted', 'appealed', 'merged', 'routed', 'overdue')`,
			func(w *walk, _ dice, r row) error { return w.d.Withdraw(w.ctx, glosa.Citizen(), r.id, w.proof(r)) }},
		{"erase one's own", 1, `not erased`, func(w *walk, _ dice, r row) error { return w.d.EraseOwn(w.ctx, glosa.Citizen(), r.id, w.proof(r)) }},
		{"take one's name off", 1, `signed`, func(w *walk, _ dice, r row) error { return w.d.Unname(w.ctx, glosa.Citizen(), r.id, w.proof(r)) }},
		{"have one's name taken off", 1, `signed`, func(w *walk, _ dice, r row) error {
			return w.tx(func(tx *db.Tx) error { _, err := UnnameAsked(tx, w.convGov, r.id); return err })
		}},
		{"have one's name changed", 2, `signed`, func(w *walk, _ dice, r row) error {
			name, err := w.d.Safe.Seal(people.AuthorName, people.NewPrivate("Ana Otra"))
			w.ok(err)
			return w.tx(func(tx *db.Tx) error { return RenameAsked(tx, w.convGov, r.id, name) })
		}},
		{"ask for an erasure", 2, `not erased and not exists (select 1 from question_ruling u where u.question = question.id and u.kind = 'erase' and u.closed_at = 0)`,
			func(w *walk, d dice, r row) error {
				return w.d.Erase(w.ctx, w.mod(d), r.id, pick(d, "erased", ErasureGrounds()...), "minor")
			}},
		{"confirm an erasure", 2, `not erased and exists (select 1 from question_ruling u where u.question = question.id and u.kind = 'erase' and u.closed_at = 0)`,
			func(w *walk, d dice, r row) error {
				v, _ := w.first(r, kindErase)
				if d("agrees", 4) == 0 {
					return w.d.Erase(w.ctx, w.other(d, v.side), r.id, "illegal", "court_order")
				}
				ground, law := splitWord(v.word)
				return w.d.Erase(w.ctx, w.other(d, v.side), r.id, ground, law)
			}},
		{"have it erased by right", 1, `not erased`, eraseByRight},
		{"have what waits erased by right", 2, `not erased and state in ('received', 'second', 'needs_edit', 'held', 'appealed')`, eraseByRight},
	}
}

// eraseByRight is a request over one's own data, granted by both sides.
func eraseByRight(w *walk, _ dice, r row) error {
	return w.tx(func(tx *db.Tx) error {
		var two [2]people.Voice
		for i, by := range []glosa.Actor{w.modGov, w.modCivil} {
			two[i] = people.Voice{Human: by.Human, Side: by.Side, Post: glosa.Code(by.By()), At: tx.Now}
		}
		_, err := w.d.EraseAsked(tx, w.modCivil, two, r.id)
		return err
	})
}

// seating is the way to the session, and the clock.
func seating() []deed {
	by := glosa.System()
	later := func(fn func(tx *db.Tx, r row) error) func(*walk, dice, row) error {
		return func(w *walk, _ dice, r row) error { return w.tx(func(tx *db.Tx) error { return fn(tx, r) }) }
	}
	const open = `state in ('admitted', 'routed', 'overdue') and root = id and follows = '' and `
	return []deed{
		{"put on the agenda", 4, open + `agenda = ''`, later(func(tx *db.Tx, r row) error { return Selected(tx, by, r.id, "c1", 1) })},
		{"leave out of the agenda", 2, open + `agenda = ''`, later(func(tx *db.Tx, r row) error { return NotSelected(tx, by, r.id, "minutes", 1) })},
		{"ask in the room", 3, open + `agenda = 'selected'`, later(func(tx *db.Tx, r row) error { return Asked(tx, by, r.id, "m1") })},
		{"answer in the room", 2, open + `agenda = 'asked'`, later(func(tx *db.Tx, r row) error { return AnsweredOral(tx, by, r.id, 1) })},
		{"hand to writing", 3, open + `agenda in ('selected', 'asked')`, later(func(tx *db.Tx, r row) error { return ToWriting(tx, by, r.id, "no_time") })},
		{"suspend the edition", 3, `state = 'overdue' and level < 3 and carried_to = '' and due_at > NOW - 864000000000`, suspend},
		{"let time pass", 8, "", passTime},
	}
}

// suspend stands the edition still for days that are to come, or that passed while
// an answer grew late.
func suspend(w *walk, _ dice, r row) error {
	w.stood++
	w.before = map[glosa.QuestionID]*reading{} // every clock moves
	from, to := w.clock.Now().AddDate(0, 0, 1), w.clock.Now().AddDate(0, 0, 3)
	if w.stood > 1 {
		from = r.due.AddDate(0, 0, -1)
	}
	return w.ed.Suspend(w.ctx, w.facilitator, w.id, from, to, "Se suspendieron los plazos.", "https://example.org/acuerdo")
}

func passTime(w *walk, d dice, _ row) error {
	now := w.clock.Now()
	to := now.Add(w.pace)
	if w.when != nil {
		to = w.when()
	}
	if !to.After(now) {
		to = now.Add(time.Minute)
	}
	w.clock.Set(to)
	var due []proposal
	w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) (err error) { due, err = selectProposalsDue(tx, to, 100); return err }))
	var ids, into []glosa.QuestionID
	for _, p := range due {
		ids, into = append(ids, p.question), append(into, p.target)
	}
	err := w.watch(ids, into, func() error { _, err := w.ed.Tick(w.ctx); return err })
	w.now = w.edition().StageAt(to)
	return err
}
