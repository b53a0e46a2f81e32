package question

import (
	"context"

	"glosa"
	"glosa/db"
)

// Borne is what institutions owe and have answered: how many of each kind, and
// the first of them.
type Borne struct {
	Late, Waiting, Answered    []Brief // the longest due first; the newest answers first
	LateN, WaitingN, AnsweredN int
}

// borne are the parts of [Borne], each with its order.
var borne = [3]struct{ part, order string }{
	{"q.state = 'overdue'", "q.due_at, q.id"},
	{"q.state = 'routed'", "q.due_at, q.id"},
	{"q.answered_at > 0 and q.state not in ('overdue', 'routed')", "q.answered_at desc, q.id"},
}

// Borne reads what the institutions of some keys hold or held, at most limit of
// each kind: an institution's page shows twenty, however many there are.
func (d *Desk) Borne(ctx context.Context, keys []glosa.InstitutionKey, limit int) (b Borne, err error) {
	if len(keys) == 0 {
		return b, nil
	}
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		n, err := countBorne(tx, args)
		if err != nil {
			return err
		}
		b = Borne{LateN: n[0], WaitingN: n[1], AnsweredN: n[2]}
		for i, into := range []*[]Brief{&b.Late, &b.Waiting, &b.Answered} {
			if n[i] == 0 {
				continue
			}
			if *into, err = selectBorne(tx, args, borne[i].part, borne[i].order, limit); err != nil {
				return err
			}
		}
		return nil
	})
	return b, err
}
