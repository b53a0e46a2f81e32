package site

import (
	"context"
	"encoding/json"
	"fmt"

	"glosa"
	"glosa/civic/question"
	"glosa/db"
	"glosa/record"
)

// Again does in a restored database what the record says and its backup does not
// know: texts and names that were erased since are erased, and what lay under
// them is overwritten. erased counts the commitments that are gone by it.
func Again(ctx context.Context, d *db.DB, lost []record.Leaf) (erased int, err error) {
	var t question.Trace
	for _, l := range lost {
		id := glosa.QuestionID(l.ID)
		switch l.Kind {
		case "text.erased":
			var body struct {
				Target glosa.Hash `json:"target"`
				Ground glosa.Code `json:"ground"`
			}
			if err := json.Unmarshal(l.Body, &body); err != nil {
				return 0, fmt.Errorf("leaf %d: %w", l.N, err)
			}
			t.Erased = append(t.Erased, question.ErasedText{Target: body.Target, Ground: body.Ground, By: glosa.Code(l.By)})
		case "question.withdrawn", "question.unnamed":
			t.Unnamed = append(t.Unnamed, id)
		case "question.received", "question.followed":
			t.Taken = append(t.Taken, question.Folio{Edition: l.Edition, ID: id, Follow: l.Kind == "question.followed"})
		}
	}
	if erased, err = (&question.Desk{DB: d}).Repeat(ctx, glosa.Admin(), t); err != nil {
		return 0, err
	}
	return erased, d.Purge(ctx)
}
