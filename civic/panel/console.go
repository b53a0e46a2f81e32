package panel

import (
	"context"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/question"
	"glosa/db"
)

// Beat is what a console sends with each of its acts.
type Beat struct {
	Seen int       // number of the last act this console has seen; 0: not compared
	At   time.Time // when it happened, for acts kept while offline; zero: now
}

// console opens a console's act: the session must be in one of the states, and
// no other console may have acted unseen. It returns when the act happened.
func console(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.MesaID, b Beat, states ...State) (Mesa, edition.Edition, time.Time, error) {
	m, ed, err := enter(tx, by, act, id)
	if err != nil {
		return m, ed, time.Time{}, err
	}
	if !slices.Contains(states, m.State) {
		return m, ed, time.Time{}, glosa.Refuse(glosa.Conflict, "pa.session", "state", string(m.State))
	}
	if b.Seen != 0 && b.Seen != m.Acts {
		return m, ed, time.Time{}, glosa.Refuse(glosa.Conflict, "e.409")
	}
	at := tx.Now
	if !b.At.IsZero() {
		if b.At.After(tx.Now) || b.At.Before(m.Opened) {
			return m, ed, at, glosa.WrongField("at", "pa.at")
		}
		at = b.At.UTC()
	}
	m.Acts, err = countAct(tx, id)
	return m, ed, at, err
}

// Open begins a mesa's session: chairs of both sides and an order of the day
// must be there. video is where it is streamed or recorded, if anywhere.
// Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) Open(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, video string) error {
	const act = "panel.open"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, _, err := console(tx, by, act, mesa, Beat{}, Ready)
		if err != nil {
			return err
		}
		if ed.Stage != edition.InSession {
			return glosa.Refuse(glosa.Closed, "s.closed")
		}
		lacks, err := unready(tx, m)
		if err != nil {
			return err
		}
		if len(lacks) > 0 {
			return glosa.Refuse(glosa.Conflict, lacks[0])
		}
		m.State, m.Opened, m.Video = Live, tx.Now, strings.TrimSpace(video)
		return moveSession(tx, by, ed, m)
	})
}

func moveSession(tx *db.Tx, by glosa.Actor, ed edition.Edition, m Mesa) error {
	if err := updateSession(tx, m); err != nil {
		return err
	}
	return tx.Leave(evSession.Event(by, ed.ID, string(m.ID), sessionBody{State: glosa.Code(m.State)}))
}

// Pause stops the session; a turn under way must have ended. Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) Pause(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, b Beat) error {
	return d.switchTo(ctx, by, mesa, b, Live, Paused)
}

// Resume goes on after a pause. Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) Resume(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, b Beat) error {
	return d.switchTo(ctx, by, mesa, b, Paused, Live)
}

func (d *Desk) switchTo(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, b Beat, from, to State) error {
	const act = "panel.turn"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, _, err := console(tx, by, act, mesa, b, from)
		if err != nil {
			return err
		}
		if run, _, err := running(tx, mesa); err != nil || run != nil {
			return orElse(err, glosa.Refuse(glosa.Conflict, "pa.running"))
		}
		m.State = to
		return moveSession(tx, by, ed, m)
	})
}

func orElse(err error, other *glosa.Error) error {
	if err != nil {
		return err
	}
	return other
}

// running is the turn under way, if any, and the number of the last turn.
func running(tx *db.Tx, mesa glosa.MesaID) (*Turn, int, error) {
	turns, err := selectTurns(tx, mesa)
	if err != nil || len(turns) == 0 {
		return nil, 0, err
	}
	last := turns[len(turns)-1]
	if last.Running() {
		return &last, last.Number, nil
	}
	return nil, last.Number, nil
}

// StartTurn gives somebody the floor. Starting another question settles the one
// before. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) StartTurn(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, b Beat, kind Kind, chair Chair, q glosa.QuestionID) error {
	const act = "panel.turn"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, at, err := console(tx, by, act, mesa, b, Live)
		if err != nil {
			return err
		}
		run, last, err := running(tx, mesa)
		if err != nil {
			return err
		}
		items, err := selectItems(tx, mesa)
		if err != nil {
			return err
		}
		if err := MayStart(kind, q, items, run); err != nil {
			return err
		}
		p, err := selectPlace(tx, mesa, chair)
		if err != nil {
			return err
		}
		if p.State != Present {
			return glosa.WrongField("chair", "pa.notpresent")
		}
		if now, _ := Current(items); now != nil && now.Question != q {
			if err := settle(tx, by, ed, m, items, now.Question); err != nil {
				return err
			}
		}
		return startTurn(tx, by, ed, m, items, Turn{ID: tx.NewID(), Mesa: mesa, Number: last + 1, Kind: kind, Chair: chair,
			Question: q, Started: at, Limit: limitOf(ed, kind, p.Duty), Second: VideoSecond(m.Opened, at)})
	})
}

func startTurn(tx *db.Tx, by glosa.Actor, ed edition.Edition, m Mesa, items []Item, t Turn) error {
	if err := insertTurn(tx, t); err != nil {
		return err
	}
	was := mark{number: m.Acts, what: "turn", subject: t.ID, question: t.Question}
	if i := itemOf(items, t.Question); i != nil {
		was.outcome, was.second = i.Outcome, i.Second
		if i.Outcome == Waiting {
			i.Outcome = Asking
			if err := updateItem(tx, *i); err != nil {
				return err
			}
		}
	}
	return marked(tx, by, ed, m, was)
}

func itemOf(items []Item, q glosa.QuestionID) *Item {
	i := slices.IndexFunc(items, func(it Item) bool { return it.Question == q })
	if q == "" || i < 0 {
		return nil
	}
	return &items[i]
}

// marked remembers an act that may be undone and moves the live pages.
func marked(tx *db.Tx, by glosa.Actor, ed edition.Edition, m Mesa, was mark) error {
	if err := insertMark(tx, m.ID, was); err != nil {
		return err
	}
	return tx.Leave(evConsole.Event(by, ed.ID, string(m.ID), consoleBody{Act: m.Acts}))
}

// EndTurn takes the floor back. The end of an answer is the answer's mark: the
// second of the video is where that turn began. Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) EndTurn(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, b Beat) error {
	const act = "panel.turn"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, at, err := console(tx, by, act, mesa, b, Live)
		if err != nil {
			return err
		}
		run, _, err := running(tx, mesa)
		if err != nil || run == nil {
			return orElse(err, glosa.Refuse(glosa.Conflict, "pa.noturn"))
		}
		if at.Before(run.Started) {
			return glosa.WrongField("at", "pa.at")
		}
		items, err := selectItems(tx, mesa)
		if err != nil {
			return err
		}
		if err := updateTurnEnd(tx, run.ID, at); err != nil {
			return err
		}
		was := mark{number: m.Acts, what: "end", subject: run.ID, question: run.Question}
		if i := itemOf(items, run.Question); i != nil {
			was.outcome, was.second = i.Outcome, i.Second
			if run.Kind == Answer && i.Outcome == Asking {
				i.Outcome, i.Second = Answered, run.Second
				if err := updateItem(tx, *i); err != nil {
					return err
				}
			}
		}
		return marked(tx, by, ed, m, was)
	})
}

// HandOff sends a question of the order to a written answer: there was no time,
// the chair was empty, or it was answered only in part.
// Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) HandOff(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, b Beat, q glosa.QuestionID, reason glosa.Code) error {
	const act = "panel.handoff"
	if err := by.May(act); err != nil {
		return err
	}
	if !KnownHandOff(reason) {
		return glosa.WrongField("reason", "pa.reason")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, _, err := console(tx, by, act, mesa, b, Live, Paused)
		if err != nil {
			return err
		}
		run, _, err := running(tx, mesa)
		if err != nil {
			return err
		}
		if run != nil && run.Question == q {
			return glosa.Refuse(glosa.Conflict, "pa.running")
		}
		items, err := selectItems(tx, mesa)
		if err != nil {
			return err
		}
		i := itemOf(items, q)
		if i == nil {
			return glosa.WrongField("question", "pa.notinorder")
		}
		if i.Settled || i.Outcome == Written {
			return glosa.Refuse(glosa.Conflict, "pa.settled", "question", string(q))
		}
		was := mark{number: m.Acts, what: "hand", question: q, outcome: i.Outcome, second: i.Second}
		i.Outcome, i.Reason = Written, reason
		if err := updateItem(tx, *i); err != nil {
			return err
		}
		return marked(tx, by, ed, m, was)
	})
}

// Jot notes an agreement or a disagreement as it is reached. Kinds: Invalid,
// Denied, Closed, Conflict, NotFound.
func (d *Desk) Jot(ctx context.Context, by glosa.Actor, b Beat, n Note) error {
	const act = "panel.note"
	if err := by.May(act); err != nil {
		return err
	}
	n.Text, n.Government, n.Civil = strings.TrimSpace(n.Text), strings.TrimSpace(n.Government), strings.TrimSpace(n.Civil)
	if n.Text == "" || len([]rune(n.Text+n.Government+n.Civil)) > 4000 {
		return glosa.WrongField("text", "pa.empty")
	}
	if n.Agreement != (n.Government == "" && n.Civil == "") || !n.Agreement && (n.Government == "" || n.Civil == "") {
		return glosa.WrongField("government", "pa.bothwords")
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, at, err := console(tx, by, act, n.Mesa, b, Live, Paused)
		if err != nil {
			return err
		}
		note := n
		note.ID, note.By, note.At = tx.NewID(), by.By(), at
		if err := insertNote(tx, note); err != nil {
			return err
		}
		return marked(tx, by, ed, m, mark{number: m.Acts, what: "note", subject: note.ID})
	})
}

// Undo takes back the console's last act, unless it has settled.
// Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) Undo(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, b Beat) error {
	const act = "panel.undo"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, _, err := console(tx, by, act, mesa, b, Live, Paused)
		if err != nil {
			return err
		}
		was, err := takeMark(tx, mesa)
		if err != nil {
			if glosa.KindOf(err) == glosa.NotFound {
				return glosa.Refuse(glosa.Conflict, "pa.public")
			}
			return err
		}
		if err := undo(tx, mesa, was); err != nil {
			return err
		}
		return tx.Leave(evConsole.Event(by, ed.ID, string(mesa), consoleBody{Act: m.Acts}))
	})
}

func undo(tx *db.Tx, mesa glosa.MesaID, was mark) (err error) {
	switch was.what {
	case "turn":
		err = deleteTurn(tx, was.subject)
	case "end":
		err = updateTurnEnd(tx, was.subject, time.Time{})
	case "note":
		err = deleteNote(tx, was.subject)
	}
	if err != nil || was.question == "" {
		return err
	}
	items, err := selectItems(tx, mesa)
	if err != nil {
		return err
	}
	if i := itemOf(items, was.question); i != nil {
		i.Outcome, i.Second, i.Reason = was.outcome, was.second, ""
		return updateItem(tx, *i)
	}
	return nil
}

// End closes a mesa's session: no turn may run and every question of the order
// must have its outcome. Whatever was not settled settles now.
// Kinds: Denied, Closed, Conflict, NotFound.
func (d *Desk) End(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, b Beat) error {
	const act = "panel.turn"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, at, err := console(tx, by, act, mesa, b, Live, Paused)
		if err != nil {
			return err
		}
		if run, _, err := running(tx, mesa); err != nil || run != nil {
			return orElse(err, glosa.Refuse(glosa.Conflict, "pa.running"))
		}
		items, err := selectItems(tx, mesa)
		if err != nil {
			return err
		}
		if open := Pending(items); len(open) > 0 {
			return glosa.Refuse(glosa.Conflict, "pa.pending", "question", string(open[0]))
		}
		if err := settle(tx, by, ed, m, items, ""); err != nil {
			return err
		}
		m.State, m.Ended = Ended, at
		return moveSession(tx, by, ed, m)
	})
}

// settle makes public what the console did: each question with an outcome is
// told to its own room, and the marks go, so that nothing of it can be undone.
// A question that was asked and left without an answer must be dealt with first:
// asked names the one that the console is leaving, if it is leaving one.
func settle(tx *db.Tx, by glosa.Actor, ed edition.Edition, m Mesa, items []Item, asked glosa.QuestionID) error {
	if i := itemOf(items, asked); i != nil && i.Outcome == Asking {
		return glosa.Refuse(glosa.Conflict, "pa.pending", "question", string(asked))
	}
	turns, err := selectTurns(tx, m.ID)
	if err != nil {
		return err
	}
	for k := range items {
		i := &items[k]
		if i.Settled || i.Outcome != Answered && i.Outcome != Written {
			continue
		}
		heard := slices.ContainsFunc(turns, func(t Turn) bool { return t.Question == i.Question })
		if err := tell(tx, by, m, *i, heard); err != nil && glosa.KindOf(err) != glosa.Conflict {
			return err // a Conflict: its author withdrew it meanwhile, and it keeps that end
		}
		i.Settled = true
		if err := updateItem(tx, *i); err != nil {
			return err
		}
		body := itemBody{Question: i.Question, Outcome: glosa.Code(i.Outcome), Second: i.Second, Reason: i.Reason}
		if err := tx.Leave(evItem.Event(by, ed.ID, string(m.ID), body, "question:"+string(i.Question))); err != nil {
			return err
		}
	}
	if err := settleTurns(tx, m.ID); err != nil {
		return err
	}
	return deleteMarks(tx, m.ID)
}

// tell moves one question in its own room. heard: it was put in the room.
func tell(tx *db.Tx, by glosa.Actor, m Mesa, i Item, heard bool) error {
	if heard {
		if err := question.Asked(tx, by, i.Question, m.ID); err != nil {
			return err
		}
	}
	if i.Outcome == Answered {
		return question.AnsweredOral(tx, by, i.Question, i.Second)
	}
	return question.ToWriting(tx, by, i.Question, i.Reason)
}
