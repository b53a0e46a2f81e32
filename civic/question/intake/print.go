package intake

import (
	"context"
	"crypto/rand"

	"glosa"
	"glosa/civic/question"
	"glosa/db"
)

// MostSheets is how many sheets one printing has: what a printer takes at once.
const MostSheets = 500

// Leaflet is one printed sheet as the printer gets it: the only place where its
// key ever stands.
type Leaflet struct {
	Folio glosa.QuestionID
	Key   string
}

// run is one printing.
type run struct {
	id     string
	desk   DeskID
	once   string
	sheets int
	who    string
}

// sheet is one printed folio as the ledger keeps it.
type sheet struct {
	folio      glosa.QuestionID
	desk       DeskID
	run        string
	number     int
	auth, lock glosa.Hash
	state      SheetState
	reason     glosa.Code
}

// Print issues n folios of a paper desk, each with a key for its stub. The keys
// are in the reply and nowhere else, so a printing cannot be repeated: once names
// it, and a second time is a Conflict. Sheets that were lost on the way are void,
// and new ones are printed.
// Errors: Denied; Closed; NotFound; Invalid (n); Conflict.
func (d *Desk) Print(ctx context.Context, by glosa.Actor, id DeskID, n int, once string) ([]Leaflet, error) {
	if err := by.May(actPrint); err != nil {
		return nil, err
	}
	if n < 1 || n > MostSheets {
		return nil, glosa.WrongField("sheets", "it.sheets.wrong")
	}
	keys := make([]question.Key, n)
	for i := range keys {
		_, _ = rand.Read(keys[i][:]) // crypto/rand never fails on a working machine
	}
	var all []sheet
	err := d.at(ctx, by, actPrint, id, func(t *turn) error {
		if t.t.Kind != Paper {
			return glosa.Refuse(glosa.Conflict, "it.not.paper")
		}
		if !t.t.Counted.IsZero() {
			return glosa.Refuse(glosa.Conflict, "it.count.twice")
		}
		r := run{id: t.tx.NewID(), desk: id, once: once, sheets: n, who: by.By()}
		fresh, err := insertRun(t.tx, r)
		if err != nil {
			return err
		}
		if !fresh {
			return glosa.Refuse(glosa.Conflict, "it.printed")
		}
		if all, err = t.number(r, keys); err != nil {
			return err
		}
		if err := insertSheets(t.tx, all); err != nil {
			return err
		}
		return t.leave(kPrinted, printedBody{n})
	})
	if err != nil {
		return nil, err
	}
	out := make([]Leaflet, n)
	for i, s := range all {
		out[i] = Leaflet{s.folio, keys[i].String()}
	}
	return out, nil
}

// number gives each sheet of a printing the desk's next number, in its newest
// block and then in new ones.
func (t *turn) number(r run, keys []question.Key) (all []sheet, err error) {
	block, err := question.NewestNumbers(t.tx, t.ed.ID, string(t.t.ID))
	if err != nil {
		return nil, err
	}
	next := block.First
	if block.Last > 0 {
		last, err := highest(t.tx, t.t.ID, block.First, block.Last)
		if err != nil {
			return nil, err
		}
		next = max(next, last+1)
	}
	for _, k := range keys {
		if block.Last == 0 || next > block.Last {
			if block, err = question.OpenNumbers(t.tx, t.ed.ID, string(t.t.ID)); err != nil {
				return nil, err
			}
			next = block.First
		}
		auth, lock := k.Auth(), k.Lock()
		all = append(all, sheet{folio: question.FolioOf(t.ed.Code, next), desk: t.t.ID, run: r.id, number: next,
			auth: glosa.Digest(auth[:]), lock: glosa.Digest(lock[:])})
		next++
	}
	return all, nil
}

// Slip is a printed folio as its page shows it.
type Slip struct {
	Edition glosa.EditionID
	State   SheetState
	Reason  glosa.Code // why it is void
	Desk    Table
}

// SheetOf reads a printed folio that has no question yet. NotFound.
func (d *Desk) SheetOf(ctx context.Context, id glosa.QuestionID) (s Slip, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		x, err := selectSheet(tx, id)
		if err != nil {
			return err
		}
		t, err := load(tx, x.desk)
		s = Slip{Edition: t.Edition, State: x.state, Reason: x.reason, Desk: t}
		return err
	})
	return s, err
}
