package question

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// dice draws one of n.
type dice func(label string, n int) int

func pick[T any](d dice, label string, list []T) T { return list[d(label, len(list))] }

// walk is a random life of the room: everybody acts, wisely or not.
type walk struct {
	*stage
	keys     map[glosa.QuestionID]string
	ids      []glosa.QuestionID
	received int
	pace     time.Duration                  // of one act of time
	reach    int                            // how many of the newest acts meet
	before   map[glosa.QuestionID]string    // bytes of those that are merged, see bytesOf
	joined   map[glosa.QuestionID]time.Time // when
	done     int                            // acts that went through
	late     int
	undone   int // merges
}

// TestInvariants: whatever people do, in whatever order, the balance holds after
// each act, words are public exactly when the state says so, nobody causes an
// internal error, and in the end nothing waits for ever.
func TestInvariants(t *testing.T) {
	each(t, func(s *stage) {
		w := &walk{stage: s, keys: map[glosa.QuestionID]string{}, before: map[glosa.QuestionID]string{}, joined: map[glosa.QuestionID]time.Time{}, pace: 90 * time.Minute, reach: 6}
		most := 20
		if s.d.DB.Engine() == db.Postgres {
			most = 6 // the rules are the same; a transaction each takes longer
		}
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(most/4, most).Draw(rt, "acts") {
				if err := w.live(func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(rt, label) }); err != nil {
					rt.Fatal(err)
				}
			}
		})
		w.words(t)
		s.tick(s.clock.Now().AddDate(1, 0, 0))
		for range 8 { // each rung of the ladder is an act of its own
			s.tick(s.clock.Now().AddDate(0, 1, 0))
		}
		for _, id := range w.ids {
			switch st := s.row(id); st.state {
			case Second, NeedsEdit, Appealed:
				t.Errorf("%s stands %s for ever", id, st.state)
			case Routed: // only while the session owes it a word, and then the gate knows
				if st.agenda != OnAgenda && st.agenda != InRoom {
					t.Errorf("%s stands %s for ever", id, st.state)
				}
			case Overdue:
				if st.level != len(ladder)-1 {
					t.Errorf("%s is overdue and %s still holds it", id, ladder[st.level])
				}
			}
		}
		if b, _ := w.d.Balance(s.ctx, s.id); b.Admitted == 0 || b.Merged == 0 || b.Withdrawn == 0 {
			t.Errorf("a walk that met nobody proves nothing: %+v", b)
		}
		w.unmergeAll(t)
		told, _ := w.d.Balance(s.ctx, s.id)
		if told.Held = 0; told != w.recorded() {
			t.Errorf("the desk says %+v, the record %+v", told, w.recorded())
		}
	})
}

// balance is what holds after every act, read from the tables.
func (w *walk) balance(act string) error {
	var b Balance
	err := w.d.DB.Read(w.ctx, func(tx *db.Tx) (err error) {
		b, err = BalanceOf(tx, w.id)
		return err
	})
	if err == nil && (b.Received != w.received || b.Received != b.Admitted+b.Refused+b.Merged+b.Withdrawn+b.Waiting) {
		err = fmt.Errorf("after %s: %+v of %d", act, b, w.received)
	}
	return err
}

// words: public exactly when the state says so, and never again once erased.
func (w *walk) words(t *testing.T) {
	state := map[glosa.QuestionID]TextState{}
	for _, x := range w.texts() {
		state[x.Question] = x.State // the last version counts
	}
	for _, id := range w.ids {
		r := w.row(id)
		switch {
		case r.erased && state[id] != Erased, !r.erased && state[id] == Erased,
			!r.erased && r.state.TextIsPublic() && state[id] != Opened,
			!r.erased && !r.state.TextIsPublic() && r.admitted.IsZero() && state[id] != Sealed:
			t.Errorf("%s stands %s, erased %v, and its text is %s", id, r.state, r.erased, state[id])
		}
	}
}

// unmergeAll: every merge can be undone; then each stands for itself.
func (w *walk) unmergeAll(t *testing.T) {
	for _, id := range w.ids {
		if w.row(id).state == Merged {
			w.ok(w.d.Unmerge(w.ctx, w.modGov, id))
		}
	}
	for _, id := range w.ids {
		r := w.row(id)
		if r.state != Withdrawn && (r.root != id || r.into != "") {
			t.Errorf("%s stands %s, still below %s", id, r.state, r.root)
		}
	}
}

// act does one random thing and says what.
func (w *walk) act(d dice) (string, error) {
	kinds := []string{"submit", "submit", "submit", "submit", "submit", "admit", "admit", "refuse", "refuse", "held", "edit_ask", "edit", "appeal", "appealed",
		"merge", "merge", "propose", "consent", "unmerge", "object", "route", "route", "refer", "assign", "draft", "send", "sign", "correct", "extend",
		"rate", "follow", "to_route", "to_route", "to_answer", "to_answer", "withdraw", "erase", "erase_own", "select", "not_selected", "asked", "oral", "writing", "time"}
	kind := pick(d, "act", kinds)
	if kind == "submit" || len(w.ids) == 0 {
		rc, err := w.d.Submit(w.ctx, glosa.Citizen(), w.id, Ask{Text: "¿Cuándo?", Municipality: "23005"})
		if err == nil {
			w.ids, w.keys[rc.ID] = append(w.ids, rc.ID), rc.Key
			w.received++
		}
		return kind, err
	}
	recent := w.ids[max(0, len(w.ids)-w.reach):] // so that acts meet
	if w.reach > 6 && d("old", 4) == 0 {
		recent = w.ids
	}
	id := pick(d, "id", recent)
	other := pick(d, "other", recent)
	if name, err, done := w.decide(d, kind, id, other); done {
		return name, err
	}
	return w.rest(d, kind, id)
}

func (w *walk) decide(d dice, kind string, id, other glosa.QuestionID) (string, error, bool) {
	mod := pick(d, "mod", []glosa.Actor{w.modGov, w.modCivil, w.modGov2, w.modCivil2})
	ground := pick(d, "ground", []glosa.Code{edition.Propaganda, edition.Illegal})
	proof := Proof{Key: w.keys[id]}
	var err error
	switch kind {
	case "admit":
		err = w.d.Admit(w.ctx, mod, id)
	case "refuse":
		err = w.d.Refuse(w.ctx, mod, id, ground, "")
	case "held":
		by := pick(d, "conv", []glosa.Actor{w.convGov, w.convCivil})
		err = w.d.DecideHeld(w.ctx, by, id, pick(d, "word", []glosa.Code{"", ground}), "")
	case "edit_ask":
		err = w.d.AskEdit(w.ctx, mod, id, "unclear")
	case "edit":
		_, err = w.d.Edit(w.ctx, glosa.Citizen(), id, proof, "¿Mejor?", "", [16]byte{})
	case "appeal":
		err = w.d.Appeal(w.ctx, glosa.Citizen(), id, proof)
	case "appealed":
		err = w.d.DecideAppeal(w.ctx, mod, id, d("uphold", 2) == 0)
	case "merge":
		err = w.merge(id, other)
	case "propose":
		_, err = w.d.ProposeMerge(w.ctx, mod, id, other, "")
	case "consent":
		err = w.d.ConsentMerge(w.ctx, glosa.Citizen(), id, proof)
	case "unmerge":
		err = w.undo(id, func() error { return w.d.Unmerge(w.ctx, mod, id) })
	case "object":
		err = w.undo(id, func() error { return w.d.Object(w.ctx, glosa.Citizen(), id, proof) })
	case "erase":
		err = w.d.Erase(w.ctx, mod, id, pick(d, "erased", ErasureGrounds()), "minor")
	default:
		return "", nil, false
	}
	return kind, err, true
}

func (w *walk) rest(d dice, kind string, id glosa.QuestionID) (string, error) {
	proof, citizen := Proof{Key: w.keys[id]}, glosa.Citizen()
	answer := Answer{Kind: pick(d, "kind", []glosa.Code{Said, Elsewhere}), Short: "Ya.", Basis: "Ley", Place: "Allá"}
	later := func(fn func(tx *db.Tx) error) error { return w.tx(fn) }
	by := glosa.System()
	switch kind {
	case "route":
		return kind, w.d.Route(w.ctx, w.modGov, id, "SESA", "")
	case "to_route":
		return kind, errors.Join(w.d.Admit(w.ctx, w.modGov, id), w.d.Route(w.ctx, w.modGov, id, "SESA", ""))
	case "to_answer":
		return kind, errors.Join(w.d.Draft(w.ctx, w.liaison, id, answer), w.d.SendToSign(w.ctx, w.liaison, id), w.sign(id))
	case "refer":
		return kind, w.d.Refer(w.ctx, w.liaison, id, "SEQ", "competence")
	case "assign":
		return kind, w.d.Assign(w.ctx, w.office, id, "SESA")
	case "draft":
		return kind, w.d.Draft(w.ctx, w.liaison, id, answer)
	case "send":
		return kind, w.d.SendToSign(w.ctx, w.liaison, id)
	case "sign":
		return kind, w.sign(id)
	case "correct":
		return kind, w.d.Correct(w.ctx, w.minister, id, answer, "Error")
	case "extend":
		return kind, w.d.Extend(w.ctx, w.minister, id, 2, "Falta")
	case "rate":
		return kind, w.d.Rate(w.ctx, citizen, id, proof, Yes)
	case "follow":
		rc, err := w.d.FollowUp(w.ctx, citizen, id, proof, "¿Y?", "", [16]byte{})
		if err == nil {
			w.ids, w.keys[rc.ID] = append(w.ids, rc.ID), w.keys[id]
		}
		return kind, err
	case "withdraw":
		return kind, w.d.Withdraw(w.ctx, citizen, id, proof)
	case "erase_own":
		return kind, w.d.EraseOwn(w.ctx, citizen, id, proof)
	case "select":
		return kind, later(func(tx *db.Tx) error { return Selected(tx, by, id, "c1", 1) })
	case "not_selected":
		return kind, later(func(tx *db.Tx) error { return NotSelected(tx, by, id, "minutes", 1) })
	case "asked":
		return kind, later(func(tx *db.Tx) error { return Asked(tx, by, id, "m1") })
	case "oral":
		return kind, later(func(tx *db.Tx) error { return AnsweredOral(tx, by, id, 1) })
	case "writing":
		return kind, later(func(tx *db.Tx) error { return ToWriting(tx, by, id, "no_time") })
	}
	w.clock.Advance(w.pace)
	_, err := w.ed.Tick(w.ctx)
	return kind, err
}

// merge keeps what a question was, so that undoing can be compared with it.
func (w *walk) merge(into, id glosa.QuestionID) error {
	was := w.row(id)
	bytes := w.bytesOf(id, was.state)
	err := w.stage.merge(into, id)
	if err != nil {
		return err
	}
	if now := w.row(id); was.state == Received { // admitted by the same act
		bytes = w.bytesOf(id, now.before)
	}
	w.before[id], w.joined[id] = bytes, w.row(id).since
	return nil
}

// undo takes a question out of a merge and compares it with what it was.
func (w *walk) undo(id glosa.QuestionID, part func() error) error {
	was := w.row(id)
	if err := part(); err != nil {
		return err
	}
	w.undone++
	if now := w.bytesOf(id, w.row(id).state); !was.erased && was.since.Equal(w.joined[id]) && w.before[id] != now {
		return fmt.Errorf("internal: %s was\n%s\nand came back as\n%s", id, w.before[id], now)
	}
	return nil
}
