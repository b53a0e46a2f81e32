package panel

import (
	"context"
	"slices"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/priority"
	"glosa/db"
)

// Allot lays the chosen questions on the mesas: each, in the order in which the
// agenda's rule chose them, on the mesa that has the most time left (the first of
// them where several have). left are those that fit nowhere. It is a proposal:
// the facilitator may lay them by theme.
func Allot(chosen []glosa.QuestionID, minutes int, mesas []Mesa) (order map[glosa.MesaID][]glosa.QuestionID, left []glosa.QuestionID) {
	order = map[glosa.MesaID][]glosa.QuestionID{}
	room := make([]int, len(mesas))
	for i, m := range mesas {
		room[i] = m.Minutes
	}
	for _, q := range chosen {
		best := -1
		for i := range mesas {
			if room[i] >= minutes && (best < 0 || room[i] > room[best]) {
				best = i
			}
		}
		if best < 0 {
			left = append(left, q)
			continue
		}
		room[best] -= minutes
		order[mesas[best].ID] = append(order[mesas[best].ID], q)
	}
	return order, left
}

// SetOrder writes a mesa's order of the day: questions that the agenda's rule
// chose, each on one mesa only, within the mesa's minutes. The order among them
// is the facilitator's. Kinds: Invalid, Denied, Closed, Conflict, NotFound.
func (d *Desk) SetOrder(ctx context.Context, by glosa.Actor, mesa glosa.MesaID, questions []glosa.QuestionID) error {
	const act = "panel.order"
	if err := by.May(act); err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		m, ed, err := enter(tx, by, act, mesa)
		if err != nil {
			return err
		}
		if m.State != Ready {
			return glosa.Refuse(glosa.Conflict, "pa.begun")
		}
		contest := priority.ContestOf(ed.ID)
		chosen, err := priority.SelectionOf(tx, contest)
		if err != nil {
			return err
		}
		said, err := selectItemsOf(tx, ed.ID)
		if err != nil {
			return err
		}
		items, err := itemsOf(m, questions, chosen, said)
		if err != nil {
			return err
		}
		if err := replaceItems(tx, mesa, items); err != nil {
			return err
		}
		if err := updateContest(tx, mesa, contest); err != nil {
			return err
		}
		body := orderBody{Contest: contest, Questions: append([]glosa.QuestionID{}, questions...)}
		return tx.Leave(evOrder.Event(by, ed.ID, string(mesa), body))
	})
}

// itemsOf checks an order of the day and makes its lines. Kinds: Invalid.
func itemsOf(m Mesa, questions []glosa.QuestionID, chosen priority.Selection, said []Item) ([]Item, error) {
	var items []Item
	for i, q := range questions {
		switch {
		case !slices.Contains(chosen.Chosen, q):
			return nil, glosa.WrongField("questions", "pa.notchosen", "question", string(q))
		case slices.Contains(questions[:i], q) || slices.ContainsFunc(said, func(s Item) bool { return s.Question == q && s.Mesa != m.ID }):
			return nil, glosa.WrongField("questions", "pa.twice", "question", string(q))
		}
		items = append(items, Item{Mesa: m.ID, Question: q, Place: i + 1, Minutes: chosen.Minutes, Outcome: Waiting})
	}
	if len(items)*chosen.Minutes > m.Minutes {
		return nil, glosa.WrongField("questions", "pa.toolong")
	}
	return items, nil
}

// Unplaced lists the chosen questions that no mesa's order of the day has yet.
// Kinds: NotFound, until the agenda is made.
func (d *Desk) Unplaced(ctx context.Context, ed glosa.EditionID) (out []glosa.QuestionID, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		out, err = unplaced(tx, ed)
		return err
	})
	return out, err
}

func unplaced(tx *db.Tx, ed glosa.EditionID) ([]glosa.QuestionID, error) {
	chosen, err := priority.SelectionOf(tx, priority.ContestOf(ed))
	if err != nil {
		return nil, err
	}
	said, err := selectItemsOf(tx, ed)
	return slices.DeleteFunc(chosen.Chosen, func(q glosa.QuestionID) bool {
		return slices.ContainsFunc(said, func(s Item) bool { return s.Question == q })
	}), err
}

// missingPlaces is the part of the gate that looks at the agenda: every chosen
// question stands in some mesa's order of the day.
func missingPlaces(tx *db.Tx, ed glosa.EditionID) ([]edition.Missing, error) {
	left, err := unplaced(tx, ed)
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return nil, err
	}
	if len(left) == 0 {
		return nil, nil
	}
	return []edition.Missing{{Gate: gateMesas, Key: "pa.need.placed", Args: map[string]string{"question": string(left[0])}}}, nil
}
