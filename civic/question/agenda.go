package question

import (
	"math/bits"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// What later rooms do to a question inside their own acts. Each leaves this
// room's event and asks nothing of may.txt: the act of the later room did.

// change loads a question, does fn and saves it.
func change(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, fn func(t *turn) error) error {
	r, err := load(tx, id)
	if err != nil {
		return err
	}
	ed, err := edition.Load(tx, r.edition)
	if err != nil {
		return err
	}
	if err := fn(&turn{tx: tx, ed: ed, by: by, row: &r}); err != nil {
		return err
	}
	return save(tx, &r)
}

func (t *turn) toAgenda(to Agenda) (err error) {
	if t.row.state.Counts() != InAdmitted {
		return glosa.Refuse(glosa.Conflict, "q.moved_on", "state", string(t.row.state), "verb", string(to))
	}
	t.row.agenda, err = t.row.agenda.next(to)
	return err
}

// pause stops the written clock while the question waits for the session.
func (t *turn) pause() {
	if t.row.paused.IsZero() && (t.row.state == Routed || t.row.state == Admitted) {
		t.row.paused = t.tx.Now
	}
}

// resume lets the written clock run on.
func (t *turn) resume() error {
	if t.row.paused.IsZero() {
		return nil
	}
	if err := insertPause(t.tx, t.row.id, t.row.paused, t.tx.Now, "agenda"); err != nil {
		return err
	}
	t.row.paused = noTime
	return nil
}

// running tells whether the written answer is owed now.
func (t *turn) running() bool {
	return t.row.state == Admitted || t.row.state == Routed || t.row.state == Overdue
}

// Selected puts a question on the agenda of a contest, in a place from 1. Its
// written clock, if it ran, stands still until the session. NotFound; Conflict.
func Selected(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, contest glosa.ContestID, place int) error {
	return change(tx, by, id, func(t *turn) error {
		if err := t.toAgenda(OnAgenda); err != nil {
			return err
		}
		t.row.contest, t.row.seat = contest, place
		t.pause()
		if t.running() {
			if err := t.retime(); err != nil {
				return err
			}
		}
		return t.leave(kSelected, selectedBody{Contest: contest, Place: place}, Step{Other: string(contest), Number: place})
	})
}

// NotSelected says why a question missed the agenda, and by how many minutes.
// It is answered in writing. NotFound; Conflict.
func NotSelected(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, reason glosa.Code, minutesShort int) error {
	return change(tx, by, id, func(t *turn) error {
		if err := t.toAgenda(OffAgenda); err != nil {
			return err
		}
		t.row.agendaWord, t.row.short = reason, minutesShort
		return t.leave(kNotSelected, notSelectedBody{Reason: reason, Minutes: minutesShort}, Step{Word: reason, Number: minutesShort})
	})
}

// Asked marks that the question was put in the room. NotFound; Conflict.
func Asked(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, mesa glosa.MesaID) error {
	return change(tx, by, id, func(t *turn) error {
		if err := t.toAgenda(InRoom); err != nil {
			return err
		}
		t.row.mesa = mesa
		return t.leave(kAsked, askedBody{Mesa: mesa}, Step{Other: string(mesa)})
	})
}

// AnsweredOral marks the second of the video at which it was answered. The
// written clock ends. NotFound; Conflict.
func AnsweredOral(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, second int) error {
	return change(tx, by, id, func(t *turn) error {
		if err := t.toAgenda(SaidInRoom); err != nil {
			return err
		}
		if err := t.resume(); err != nil {
			return err
		}
		t.row.video = second
		if t.row.state.Can(vOral) { // a written answer may have come first; it stands
			if err := t.move(vOral); err != nil {
				return err
			}
			t.row.answered, t.row.next = t.tx.Now, noTime
		}
		return t.leave(kOral, oralBody{Second: second}, Step{Number: second})
	})
}

// ToWriting hands a question that the session did not answer to writing: its
// clock runs on, or starts when it is routed. NotFound; Conflict.
func ToWriting(tx *db.Tx, by glosa.Actor, id glosa.QuestionID, reason glosa.Code) error {
	return change(tx, by, id, func(t *turn) error {
		if err := t.toAgenda(SentWriting); err != nil {
			return err
		}
		if err := t.resume(); err != nil {
			return err
		}
		t.row.agendaWord = reason
		if t.running() {
			if err := t.retime(); err != nil {
				return err
			}
		}
		return t.leave(kToWriting, reasonedBody{Reason: reason}, Step{Word: reason})
	})
}

// Candidate is an admitted question that may go on the agenda, with how many
// questions it stands for.
type Candidate struct {
	ID           glosa.QuestionID
	Text         string
	Institution  glosa.InstitutionKey // who must answer, or whom it was meant for; may be empty
	Municipality glosa.TerritoryCode
	Theme        glosa.Code
	Language     glosa.Code
	Admitted     time.Time
	Group        []glosa.QuestionID // itself first, then those merged into it
}

// Candidates lists the canonical questions of an edition that are admitted, not
// answered and not yet decided for the agenda, by folio.
func Candidates(tx *db.Tx, ed glosa.EditionID) ([]Candidate, error) {
	return selectCandidates(tx, ed)
}

// BalanceOf is what became of everything received in an edition, at this instant.
func BalanceOf(tx *db.Tx, ed glosa.EditionID) (Balance, error) {
	by, err := selectStates(tx, ed)
	return balance(by), err
}

// Gates this room hands to edition, as protocols name them.
const (
	GateModeration glosa.Code = "questions_waiting"    // before selected: no question waits for a decision
	GateAnswers    glosa.Code = "questions_unanswered" // before evaluated: answered, said to belong elsewhere, or publicly overdue
)

// Gate keeps an edition from the agenda while a question waits for a decision
// (an appeal does not keep it: upheld later it goes to writing), and from its
// evaluation while an admitted question, its own or inherited, is neither
// answered, said to belong elsewhere nor publicly overdue. A follow-up keeps it
// from nothing: it is carried with its clock.
func Gate(tx *db.Tx, ed edition.Edition, to edition.Stage) ([]edition.Missing, error) {
	if to != edition.Selected && to != edition.Evaluated {
		return nil, nil
	}
	by, err := selectStates(tx, ed.ID)
	if err != nil {
		return nil, err
	}
	gate, key, n := GateModeration, "fa.waiting", by[Received]+by[Second]+by[NeedsEdit]+by[Held]
	if to == edition.Evaluated {
		gate, key, n = GateAnswers, "fa.unanswered", by[Admitted]+by[Routed]
	}
	if to == edition.Evaluated {
		left, err := countInherited(tx, ed.ID)
		if err != nil {
			return nil, err
		}
		n += left
	}
	if n == 0 {
		return nil, nil
	}
	return []edition.Missing{{Gate: gate, Key: key, Args: map[string]string{"n": itoa(n)}}}, nil
}

// Unanswered lists the admitted questions of an edition without an answer, by
// folio: what the next edition inherits.
func Unanswered(tx *db.Tx, ed glosa.EditionID) ([]glosa.QuestionID, error) {
	return selectUnanswered(tx, ed)
}

// Known is what later rooms may know of a question.
type Known struct {
	ID          glosa.QuestionID
	Edition     glosa.EditionID
	State       State
	Agenda      Agenda
	Canonical   glosa.QuestionID
	Institution glosa.InstitutionKey
	Contest     glosa.ContestID
	Admitted    time.Time
}

// Find is what later rooms may know of one question. NotFound.
func Find(tx *db.Tx, id glosa.QuestionID) (Known, error) {
	found, err := FindAll(tx, []glosa.QuestionID{id})
	if err == nil && len(found) == 0 {
		err = glosa.Missing("question", string(id))
	}
	return found[id], err
}

// FindAll is what later rooms may know of some questions, which may repeat; those
// that are not there are missing from the map.
func FindAll(tx *db.Tx, ids []glosa.QuestionID) (map[glosa.QuestionID]Known, error) {
	found := make(map[glosa.QuestionID]Known, len(ids))
	for part := range slices.Chunk(ids, 256) {
		args := make([]any, 0, 256)
		for _, id := range part {
			args = append(args, id)
		}
		for bits.OnesCount(uint(len(args))) > 1 { // nine statements are kept prepared, not 256
			args = append(args, part[0])
		}
		all, err := selectKnown(tx, args)
		if err != nil {
			return nil, err
		}
		for _, k := range all {
			found[k.ID] = k
		}
	}
	return found, nil
}
