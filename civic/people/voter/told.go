package voter

import (
	"context"
	"fmt"

	"glosa"
	"glosa/db"
)

// sortCodes is how lists of what is official name this room's objects.
const sortCodes = "codes"

// Officials hands out what this room publishes of every list of codes: its root is
// computed from the rows, so that a code that was added is another list.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	var all []glosa.Official
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		lists, err := selectEveryList(tx)
		for _, i := range lists {
			hashes, err := selectHashes(tx, i.ID)
			if err != nil {
				return err
			}
			s := &glosa.Sheet{Of: sortCodes, ID: string(i.ID)}
			s.Word("list", listWord(i.Issuer, len(hashes), Merkle(hashes)))
			if i.State == Closed {
				s.Word("closed", closedWord(i.over()))
			}
			all = append(all, s.List...)
		}
		return err
	})
	for i := 0; i < len(all) && err == nil; i++ {
		err = emit(all[i])
	}
	return err
}

func listWord(issuer glosa.InstitutionKey, count int, root glosa.Hash) string {
	return fmt.Sprintf("issuer=%s count=%d root=%s", issuer, count, root)
}

func closedWord(b closedBody) string {
	return fmt.Sprintf("issued=%d used=%d destroyed=%d", b.Issued, b.Used, b.Destroyed)
}

// Fold reads one public event and says what the tables must have after it.
func Fold(l glosa.Ledger, e glosa.Event) error {
	switch e.Kind {
	case kLoaded.Name:
		b, err := glosa.BodyOf[loadedBody](e)
		if l.Word(sortCodes, e.Subject, "list") != "" {
			l.Fault("a list of codes is loaded twice")
		}
		l.Say(sortCodes, e.Subject, "list", listWord(b.Issuer, b.Count, b.Root))
		l.Say(sortCodes, e.Subject, ".count", fmt.Sprint(b.Count))
		return err
	case kClosed.Name:
		b, err := glosa.BodyOf[closedBody](e)
		if fmt.Sprint(b.Issued) != l.Word(sortCodes, e.Subject, ".count") || b.Used+b.Destroyed > b.Issued || b.Used != 0 && !(Issue{Codes: b.Issued, Used: b.Used}).Tells() {
			l.Fault("the codes do not add up: " + closedWord(b))
		}
		l.Say(sortCodes, e.Subject, "closed", closedWord(b))
		return err
	}
	return nil
}
