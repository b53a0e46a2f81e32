package question

import (
	"context"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Block is one block of folio numbers and how many of them were used. The rest
// was never issued: no number is given twice, none is lost.
type Block struct {
	Number   int
	Desk     string // "" the open door, "follow" follow-ups, else a desk that prints folios
	First    int
	Last     int
	Used     int
	Unissued int
	Closed   time.Time // when its account entered the record; zero while numbers are drawn
}

// Account says of every number of every opened block whether it was used.
func (d *Desk) Account(ctx context.Context, ed glosa.EditionID) (out []Block, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		out, err = accountOf(tx, ed)
		return err
	})
	return out, err
}

func accountOf(tx *db.Tx, ed glosa.EditionID) ([]Block, error) {
	all, err := selectAccount(tx, ed)
	for i := range all {
		b := &all[i]
		b.First, b.Last, b.Unissued = b.Number*blockSize+1, (b.Number+1)*blockSize, blockSize-b.Used
	}
	return all, err
}

// closeAccounts puts into the record, once the intake is sealed, how many numbers
// of each block were used: a question dropped later leaves a hole that shows. A
// desk that prints folios accounts for its own when its paper is in ([CloseNumbers]).
func closeAccounts(tx *db.Tx, by glosa.Actor) (done int, err error) {
	open, err := selectUnaccounted(tx)
	if err != nil {
		return 0, err
	}
	for _, id := range open {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return done, err
		}
		if ed.Sealed.IsZero() {
			continue
		}
		blocks, err := accountOf(tx, id)
		if err != nil {
			return done, err
		}
		for _, b := range blocks {
			if !b.Closed.IsZero() || b.Desk != openDoor {
				continue
			}
			if err := closeBlock(tx, id, b.Number); err != nil {
				return done, err
			}
			body := numbersBody{First: b.First, Last: b.Last, Used: b.Used, Unissued: b.Unissued}
			if err := tx.Leave(kNumbers.Event(by, id, string(id), body)); err != nil {
				return done, err
			}
			done++
		}
	}
	return done, nil
}
