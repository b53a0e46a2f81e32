package question

import (
	"slices"

	"glosa"
	"glosa/db"
)

const (
	striking   = `exists (select 1 from question_accord c where c.about = question.id and c.kind = 'strike' and c.closed_at = 0)`
	unsealing  = `exists (select 1 from question_accord c where c.about = question.id and c.kind = 'unseal' and c.closed_at = 0)`
	proposedTo = `state <> 'merged' and exists (select 1 from question_merge m where m.closed_at = 0 and (m.question = question.id or m.target = question.id))`
)

// joining is how questions that ask the same become one, and are parted again.
func joining() []deed {
	return []deed{
		{"merge", 2, `FREE`, func(w *walk, d dice, r row) error {
			return w.withOther(d, r, func(other glosa.QuestionID) error {
				return w.watch([]glosa.QuestionID{r.id}, []glosa.QuestionID{other}, func() error { return w.stage.merge(other, r.id) })
			})
		}},
		{"propose a merge", 5, `FREE or state = 'received' and follows = '' and not kept_apart and not QUIET`, func(w *walk, d dice, r row) error {
			return w.withOther(d, r, func(other glosa.QuestionID) error {
				_, err := w.d.ProposeMerge(w.ctx, w.mod(d), r.id, other, pick(d, "keep", "", r.id, other))
				return err
			})
		}},
		{"consent to a merge", 9, `state in ('admitted', 'routed', 'overdue', 'merged') and exists (select 1 from question_merge m where m.closed_at = 0
			and (m.question = question.root or m.target = question.root) and not exists (select 1 from question_consent c where c.merge = m.id and c.question = question.id))`, consent},
		{"keep apart what is proposed", 2, proposedTo, func(w *walk, _ dice, r row) error {
			return w.d.Object(w.ctx, glosa.Citizen(), r.id, w.proof(r))
		}},
		{"keep apart what is merged", 1, `state = 'merged'`, func(w *walk, _ dice, r row) error {
			return w.undo(r, func() error { return w.d.Object(w.ctx, glosa.Citizen(), r.id, w.proof(r)) })
		}},
		{"undo a merge", 3, `state = 'merged'`, func(w *walk, d dice, r row) error {
			return w.undo(r, func() error { return w.d.Unmerge(w.ctx, w.mod(d), r.id) })
		}},
	}
}

// withOther finds a second question that may be merged with the first; without one
// nobody would have begun.
func (w *walk) withOther(d dice, r row, fn func(other glosa.QuestionID) error) error {
	for _, x := range w.find(d, `FREE`, 2) {
		if x.id != r.id {
			return fn(x.id)
		}
	}
	return glosa.Refuse(glosa.Conflict, "mo.joined", "id", string(r.id))
}

// consent says yes to every proposal in which a question stands.
func consent(w *walk, _ dice, r row) error {
	open := func() (all []proposal) {
		w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) (err error) { all, err = selectProposalsOf(tx, r.root); return err }))
		return all
	}
	var ids, into []glosa.QuestionID
	for _, p := range open() {
		ids, into = append(ids, p.question), append(into, p.target)
	}
	err := w.watch(ids, into, func() error { return w.d.ConsentMerge(w.ctx, glosa.Citizen(), r.id, w.proof(r)) })
	if err != nil {
		return err
	}
	for _, p := range open() {
		w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) error {
			said, err := selectConsents(tx, p.id)
			if !slices.Contains(said, r.id) {
				w.Errorf("%s consented, and its yes to %s is not kept", r.id, p.id)
			}
			return err
		}))
	}
	return nil
}

// wording is what happens to words: another language, marks, a sealed original.
func wording() []deed {
	return []deed{
		{"translate", 2, `exists (select 1 from question_translation x where x.question = question.id and x.done_at = 0) and not erased
			and state not in ('refused', 'withdrawn')`, translate},
		{"correct a translation", 2, `lang <> 'es' and READ and not erased and state not in ('refused', 'withdrawn')`, translate},
		{"declare what one reads", 1, "", func(w *walk, d dice, _ row) error {
			return w.d.DeclareReads(w.ctx, w.modCivil, w.id, pick(d, "reads", []glosa.Code{"yua"}, nil))
		}},
		{"propose a redaction", 3, `not erased and READ and not QUIET and state not in ('refused', 'withdrawn') and not ` + striking + `
			and not exists (select 1 from question_text x where x.question = question.id and x.kind = 'redacted' and x.replaced_by = 0)`, proposeStrike},
		{"confirm a redaction", 4, `not erased and READ and state not in ('refused', 'withdrawn') and ` + striking, func(w *walk, d dice, r row) error {
			return w.d.Strike(w.ctx, w.other(d, w.accord(r, accordStrike).first.side), r.id)
		}},
		{"refuse a redaction", 2, striking, func(w *walk, d dice, r row) error {
			return w.d.Drop(w.ctx, w.mod(d), w.accord(r, accordStrike).id)
		}},
		{"ask for a sealed original", 2, `exists (select 1 from question_sealed x where x.question = question.id and x.bundle is not null) and not ` + unsealing,
			func(w *walk, d dice, r row) error { return w.d.Unseal(w.ctx, w.mod(d), r.id, "audit") }},
		{"open a sealed original", 3, unsealing, openSealed},
		{"change a side's key", 1, "", func(w *walk, d dice, _ row) error {
			side := pick(d, "side", glosa.Government, glosa.Civil)
			key, err := NewSealPrivate()
			w.ok(err)
			for _, by := range []glosa.Actor{w.convGov, w.convCivil} {
				if err := w.d.EnrolKey(w.ctx, by, w.id, side, key.Public().String()); err != nil {
					return err
				}
			}
			w.seals = append(w.seals, key)
			return nil
		}},
	}
}

func translate(w *walk, d dice, r row) error {
	return w.d.Translate(w.ctx, w.translator(), r.id, r.version, "¿Qué dice Juana?", "", d("machine", 2) == 0)
}

// accord is the open one of a kind about a question.
func (w *walk) accord(r row, kind accordKind) (a accord) {
	w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) (err error) {
		a, _, err = openAccord(tx, r.edition, kind, string(r.id))
		return err
	}))
	return a
}

func proposeStrike(w *walk, d dice, r row) error {
	var o Object
	w.ok(w.d.DB.Read(w.ctx, func(tx *db.Tx) error {
		all, err := selectWords(tx, r.id)
		o = objectOf(present(all, r.version).object)
		return err
	}))
	return w.d.ProposeStrike(w.ctx, w.mod(d), r.id, r.version, SpansOf(o.Text, o.Context, "Juana", "name"))
}

// openSealed is the second side's word; then the keys of both open what was sealed.
func openSealed(w *walk, d dice, r row) error {
	w.clock.Advance(1000) // what was sealed in this instant was not agreed on
	by := w.other(d, w.accord(r, accordUnseal).first.side)
	if err := w.d.Unseal(w.ctx, by, r.id, "audit"); err != nil {
		return err
	}
	got, err := w.d.Bundles(w.ctx, by, r.id)
	w.ok(err)
	if len(got) == 0 {
		w.Errorf("%s was unsealed and nothing is handed out", r.id)
	}
	for _, js := range got {
		b, err := ParseBundle(js)
		w.ok(err)
		var shares [][]byte
		for _, key := range w.seals {
			if share, err := b.Share(key); err == nil {
				shares = append(shares, share)
			}
		}
		if len(shares) != 2 {
			w.Fatalf("%d shares of the sealed original of %s", len(shares), r.id)
		}
		_, err = b.Open(shares[0], shares[1])
		w.ok(err)
	}
	return nil
}

// forbidden is what nobody may do.
func forbidden() []deed {
	wrong := Proof{Key: Key{7}.String()}
	paper := func(w *walk, _ dice, r row) error {
		h, err := w.d.Hand(w.id, Ask{Text: "¿Otra vez?", Municipality: "23004"})
		w.ok(err)
		return w.tx(func(tx *db.Tx) error { _, err := h.Receive(tx, w.edition(), r.id); return err })
	}
	act := func(fn func(w *walk, r row) error) func(*walk, dice, row) error {
		return func(w *walk, _ dice, r row) error { return fn(w, r) }
	}
	return slices.Concat(forbiddenWords(), []deed{
		{"a citizen admits", 1, `state = 'received'`, act(func(w *walk, r row) error { return w.d.Admit(w.ctx, glosa.Citizen(), r.id) })},
		{"a moderator of another edition undoes", 1, `state = 'merged'`, act(func(w *walk, r row) error { return w.d.Unmerge(w.ctx, w.stranger, r.id) })},
		{"with another key withdraws", 1, `id <> ''`, act(func(w *walk, r row) error { return w.d.Withdraw(w.ctx, glosa.Citizen(), r.id, wrong) })},
		{"with another key objects", 1, proposedTo, act(func(w *walk, r row) error { return w.d.Object(w.ctx, glosa.Citizen(), r.id, wrong) })},
		{"with another key consents", 1, proposedTo, act(func(w *walk, r row) error { return w.d.ConsentMerge(w.ctx, glosa.Citizen(), r.id, wrong) })},
		{"the wrong office drafts", 1, `institution = 'SESA'`, act(func(w *walk, r row) error {
			return w.d.Draft(w.ctx, w.otherLiaison, r.id, Answer{Kind: Said, Short: "No."})
		})},
		{"who drafts signs", 1, `institution = 'SESA'`, act(func(w *walk, r row) error { return w.d.Sign(w.ctx, w.liaison, r.id, glosa.Hash{}) })},
		{"signs what nobody drafted", 1, `state = 'answered'`, act(func(w *walk, r row) error { return w.d.Sign(w.ctx, w.signer(r), r.id, glosa.Hash{}) })},
		{"a moderator assigns", 1, `institution = ''`, act(func(w *walk, r row) error { return w.d.Assign(w.ctx, w.modGov, r.id, "SESA") })},
		{"refers a third time", 1, `referrals = 2 and institution = 'SESA'`, act(func(w *walk, r row) error { return w.d.Refer(w.ctx, w.liaison, r.id, "SEQ", "competence") })},
		{"extends twice", 1, `extended > 0 and institution = 'SESA'`, act(func(w *walk, r row) error { return w.d.Extend(w.ctx, w.minister, r.id, 1, "Más.") })},
		{"routes to nobody", 1, `state = 'admitted'`, act(func(w *walk, r row) error { return w.d.Route(w.ctx, w.modGov, r.id, "NADIE", "") })},
		{"routes again", 1, `state in ('routed', 'answered')`, act(func(w *walk, r row) error { return w.d.Route(w.ctx, w.modGov, r.id, "SEQ", "") })},
		{"rates again", 1, `rating <> '' and rated_answer = answer and state = 'closed'`, act(func(w *walk, r row) error { return w.d.Rate(w.ctx, glosa.Citizen(), r.id, w.proof(r), No) })},
		{"seats what is decided", 1, `state in ('merged', 'refused', 'withdrawn', 'received')`, act(func(w *walk, r row) error {
			return w.tx(func(tx *db.Tx) error { return Selected(tx, glosa.System(), r.id, "c1", 1) })
		})},
		{"merges into itself", 1, `FREE`, act(func(w *walk, r row) error { return w.stage.merge(r.id, r.id) })},
		{"merges what was answered", 1, `state in ('answered', 'closed', 'refused')`, act(func(w *walk, r row) error { return w.stage.merge(w.ids[0], r.id) })},
		{"proposes what is proposed", 1, proposedTo, func(w *walk, d dice, r row) error {
			return w.withOther(d, r, func(o glosa.QuestionID) error {
				_, err := w.d.ProposeMerge(w.ctx, w.stranger, r.id, o, "")
				return err
			})
		}},
		{"proposes what is kept apart", 1, `kept_apart and state in ('admitted', 'routed')`, func(w *walk, d dice, r row) error {
			return w.withOther(d, r, func(o glosa.QuestionID) error {
				_, err := w.d.ProposeMerge(w.ctx, w.modGov, r.id, o, "")
				return err
			})
		}},
		{"enters paper under a folio that is taken", 1, `id <> ''`, paper},
	})
}

// forbiddenWords is what nobody may do to words and decisions.
func forbiddenWords() []deed {
	return []deed{
		{"the same side says the second word", 1, `state = 'second'`, func(w *walk, d dice, r row) error {
			v, _ := w.first(r, kindRefuse)
			return w.d.Refuse(w.ctx, w.sameSide(v.side), r.id, v.word, v.place)
		}},
		{"admits what is decided", 1, `state not in ('received', 'second', 'held')`, func(w *walk, d dice, r row) error { return w.d.Admit(w.ctx, w.mod(d), r.id) }},
		{"refuses on no ground", 1, `state = 'received'`, func(w *walk, d dice, r row) error { return w.d.Refuse(w.ctx, w.mod(d), r.id, "dull", "") }},
		{"refuses what one cannot read", 1, `state = 'received' and not READ`, func(w *walk, d dice, r row) error {
			return w.d.Refuse(w.ctx, w.modGov2, r.id, "propaganda", "")
		}},
		{"admits what nobody wrote down", 1, `state = 'received' and QUIET`, func(w *walk, d dice, r row) error { return w.d.Admit(w.ctx, w.mod(d), r.id) }},
		{"appeals too late", 1, `state = 'refused' and due_at <= NOW`, func(w *walk, d dice, r row) error { return w.d.Appeal(w.ctx, glosa.Citizen(), r.id, w.proof(r)) }},
		{"a moderator translates", 1, `lang <> 'es'`, func(w *walk, d dice, r row) error {
			return w.d.Translate(w.ctx, w.mod(d), r.id, r.version, "¿Qué?", "", false)
		}},
		{"translates other words", 1, `lang <> 'es'`, func(w *walk, d dice, r row) error {
			return w.d.Translate(w.ctx, w.translator(), r.id, 99, "¿Qué?", "", false)
		}},
		{"the same side confirms a redaction", 1, striking, func(w *walk, d dice, r row) error {
			return w.d.Strike(w.ctx, w.sameSide(w.accord(r, accordStrike).first.side), r.id)
		}},
		{"a liaison redacts", 1, `not erased`, func(w *walk, d dice, r row) error {
			return w.d.ProposeStrike(w.ctx, w.liaison, r.id, r.version, []Span{{Field: "text", From: 0, To: 1, Ground: "name"}})
		}},
		{"redacts nothing", 1, `not erased`, func(w *walk, d dice, r row) error { return w.d.ProposeStrike(w.ctx, w.mod(d), r.id, r.version, nil) }},
		{"the same side opens what is sealed", 1, unsealing, func(w *walk, d dice, r row) error {
			return w.d.Unseal(w.ctx, w.sameSide(w.accord(r, accordUnseal).first.side), r.id, "audit")
		}},
		{"erases what is gone", 1, `erased`, func(w *walk, d dice, r row) error { return w.d.Erase(w.ctx, w.mod(d), r.id, "illegal", "minor") }},
		{"a citizen erases another's", 1, `not erased`, func(w *walk, d dice, r row) error {
			return w.d.EraseOwn(w.ctx, glosa.Citizen(), r.id, Proof{Key: Key{9}.String()})
		}},
	}
}

// sameSide is a moderator of a side.
func (w *walk) sameSide(side glosa.Side) glosa.Actor {
	if side == glosa.Government {
		return w.modGov2
	}
	return w.modCivil2
}
