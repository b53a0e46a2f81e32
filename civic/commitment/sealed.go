package commitment

import (
	"context"

	"glosa"
	"glosa/db"
)

// Kept is what this room publishes of one commitment in the record: the salt
// and the object of evidence that anybody may see, nothing of what the
// Observatory has not reviewed yet.
type Kept struct {
	Evidence glosa.EvidenceID
	Commit   glosa.Hash
	Opened   bool
	Erased   bool              // a tombstone says by whom and why
	Salt     glosa.Hash        // only when opened
	Object   map[string]string // only when opened
}

// Kept pages over the evidence that has entered the record, by id, after one.
func (d *Desk) Kept(ctx context.Context, after glosa.EvidenceID, limit int) (out []Kept, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := selectEvidenceAfter(tx, after, limit)
		if err != nil {
			return err
		}
		out = make([]Kept, len(rows))
		for i, e := range rows {
			k := Kept{Evidence: e.ID, Commit: e.sealed, Erased: e.State == Gone, Opened: e.State != Gone && e.Public()}
			if k.Erased {
				out[i] = k
				continue
			}
			if k.Commit, err = glosa.Commit(glosa.Hash(e.salt), e.object()); err != nil {
				return err
			}
			if k.Opened {
				k.Salt, k.Object = glosa.Hash(e.salt), e.object()
			}
			out[i] = k
		}
		return nil
	})
	return out, err
}

// Public tells whether anybody may see the evidence: what a citizen brings is
// shown once the Observatory has reviewed it. Of erased evidence anybody may see
// that it was erased.
func (e Evidence) Public() bool {
	return e.By != glosa.Citizen().By() || e.Review != Unreviewed || e.State == Gone
}
