package intake

import (
	"context"

	"glosa"
	"glosa/db"
)

// sortDesk is how lists of what is official name this room's objects.
const sortDesk = "intake"

// Officials hands out what this room publishes of every desk and a leaf decides:
// its door, its town, its name and place, and the count of its folios.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	var all []glosa.Official
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		tables, err := selectEvery(tx)
		for _, t := range tables {
			words, err := wordsOf(t.Name, t.Place)
			if err != nil {
				return err
			}
			s := &glosa.Sheet{Of: sortDesk, ID: string(t.ID)}
			s.Word("kind", string(t.Kind))
			s.Word("municipality", string(t.Municipality))
			s.Text("words", words)
			if !t.Counted.IsZero() {
				for _, n := range counted(t.Logged) {
					s.Number(n.what, n.n)
				}
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

type figure struct {
	what string
	n    int
}

func counted(l Ledger) []figure {
	return []figure{{"issued", l.Issued}, {"captured", l.Captured}, {"void", l.Void}, {"waiting", l.Waiting}, {"missing", l.Missing}}
}

// wordsOf is a desk's name and place as its leaf commits to them.
func wordsOf(name, place string) (string, error) {
	js, err := glosa.JCS(map[string]string{"name": name, "place": place})
	return string(js), err
}

// Fold reads one public event and says what the tables must have after it.
func Fold(l glosa.Ledger, e glosa.Event) error {
	switch e.Kind {
	case kOpened.Name:
		b, err := glosa.BodyOf[openedBody](e)
		if err != nil {
			return err
		}
		l.Say(sortDesk, e.Subject, "kind", string(b.Kind))
		l.Say(sortDesk, e.Subject, "municipality", string(b.Municipality))
		l.SayText(sortDesk, e.Subject, "words", b.Words)
	case kCounted.Name:
		b, err := glosa.BodyOf[countedBody](e)
		if err != nil {
			return err
		}
		for _, n := range counted(Ledger(b)) {
			l.Say(sortDesk, e.Subject, n.what, glosa.NumberWord(n.n))
		}
	}
	return nil
}

// PaperToldOf tells whether the leaves so far opened a desk of paper of this id.
func PaperToldOf(l glosa.Ledger, id DeskID) bool {
	return l.Word(sortDesk, string(id), "kind") == string(Paper)
}
