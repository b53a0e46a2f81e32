package question

import (
	"errors"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Handed is a question that a desk hands in for its author: on paper, by
// telephone, in an assembly. It is received as anybody's is: same checks, same
// promise, same leaf, which tells no door and names nobody but a citizen.
type Handed struct{ p *prepared }

// Hand does everything that needs no transaction: it tidies the words, commits to
// them and signs the promise. With Auth and Lock the author holds a key that was
// made before, on the stub of a printed folio; without, a key is made now. In both
// cases a server made it, and the leaf says so. The transaction that receives the
// question asks may.txt.
func (d *Desk) Hand(ed glosa.EditionID, a Ask) (*Handed, error) {
	p, err := d.prepare(ed, a, kReceived)
	if err != nil {
		return nil, err
	}
	p.lockBy = "server"
	return &Handed{p}, nil
}

// Receive writes the question in the act of the desk. printed is the folio on its
// sheet; "" draws one as for everybody.
// Errors: Invalid naming every wrong field at once; Conflict when the printed
// folio has its question already.
func (h *Handed) Receive(tx *db.Tx, e edition.Edition, printed glosa.QuestionID) (Receipt, error) {
	p := *h.p // the act may run again
	if p.printed = printed; p.ask.Once != "" {
		if again, found, err := repeated(tx, e.ID, &p); found || err != nil {
			return again, err
		}
	}
	if err := p.check(tx, e); err != nil {
		return Receipt{}, err
	}
	rc, err := p.write(tx, glosa.Citizen(), e)
	if errors.Is(err, errRace) {
		err = glosa.Refuse(glosa.Busy, "e.busy")
	}
	return rc, err
}

// takePrinted gives a question the number of its sheet.
func (p *prepared) takePrinted(tx *db.Tx, r *row) error {
	r.id, r.number = p.printed, numberOf(p.printed)
	r.root = r.id
	done, err := insert(tx, r, p.note)
	if err == nil && !done {
		err = glosa.Refuse(glosa.Conflict, "it.captured", "folio", string(p.printed))
	}
	return err
}

// Wrong lists everything that would be wrong with a question if it were handed in now.
func Wrong(tx *db.Tx, e edition.Edition, a Ask) ([]glosa.Field, error) {
	p := &prepared{ask: a.tidy()}
	p.wrong = p.ask.shape()
	err := p.check(tx, e)
	var no *glosa.Error
	if errors.As(err, &no) && no.Kind == glosa.Invalid {
		return no.Fields, nil
	}
	return nil, err
}

// SaysTheSame tells whether a question was asked in these words: so that the same
// sheet, entered twice, is one question. One whose words were erased says nothing
// else. NotFound.
func SaysTheSame(tx *db.Tx, id glosa.QuestionID, a Ask) (bool, error) {
	if _, err := load(tx, id); err != nil {
		return false, err
	}
	all, err := selectWords(tx, id)
	if err != nil || len(all) == 0 || all[0].object == nil {
		return err == nil, err
	}
	a = a.tidy()
	if a.Language == "" {
		a.Language = "es"
	}
	x := objectOf(all[0].object)
	return x.Text == a.Text && x.Context == a.Context && x.Municipality == a.Municipality && x.Language == a.Language, nil
}

// Numbers is one block of folio numbers that a desk prints from.
type Numbers struct{ First, Last int }

// OpenNumbers opens the edition's next block of numbers for a desk.
func OpenNumbers(tx *db.Tx, ed glosa.EditionID, desk string) (Numbers, error) {
	all, err := selectBlocks(tx, ed)
	if err != nil {
		return Numbers{}, err
	}
	return numbersOf(len(all)), openBlock(tx, ed, len(all), desk)
}

// NewestNumbers is the last block that a desk opened; zero when it has none.
func NewestNumbers(tx *db.Tx, ed glosa.EditionID, desk string) (n Numbers, err error) {
	all, err := selectBlocks(tx, ed)
	for _, b := range all {
		if b.Desk == desk {
			n = numbersOf(b.Number)
		}
	}
	return n, err
}

func numbersOf(block int) Numbers {
	return Numbers{First: block*blockSize + 1, Last: (block + 1) * blockSize}
}

// CloseNumbers puts into the record what became of every number of a desk's
// blocks: used, void, not returned, never printed. spoilt tells the second and
// the third of the numbers between two. What is accounted for stays so.
func CloseNumbers(tx *db.Tx, by glosa.Actor, ed glosa.EditionID, desk string, spoilt func(first, last int) (void, lost int, err error)) error {
	blocks, err := accountOf(tx, ed)
	if err != nil {
		return err
	}
	for _, b := range blocks {
		if b.Desk != desk || !b.Closed.IsZero() {
			continue
		}
		void, lost, err := spoilt(b.First, b.Last)
		if err != nil {
			return err
		}
		if err := closeBlock(tx, ed, b.Number); err != nil {
			return err
		}
		body := numbersBody{First: b.First, Last: b.Last, Used: b.Used, Void: void, Lost: lost, Unissued: b.Unissued - void - lost}
		if err := tx.Leave(kNumbers.Event(by, ed, string(ed), body)); err != nil {
			return err
		}
	}
	return nil
}

// Stands is what a desk that hands answers back may know of a question: what
// everybody may.
type Stands struct {
	Page  Brief
	State State    // of the common question, if it was merged
	Says  *Version // the answer that stands, of the common question if it was merged; nil while there is none
}

// StandsOn reads some questions as they stand, in the order given.
func StandsOn(tx *db.Tx, ids []glosa.QuestionID) (out []Stands, err error) {
	for _, id := range ids {
		b, err := selectBrief(tx, id)
		if err != nil {
			return nil, err
		}
		s := Stands{Page: b, State: b.State}
		if b.Canonical != id {
			common, err := selectBrief(tx, b.Canonical)
			if err != nil {
				return nil, err
			}
			s.State = common.State
		}
		answers, err := selectAnswers(tx, b.Canonical)
		if err != nil {
			return nil, err
		}
		for _, v := range answers {
			if v.State == Published {
				s.Says = &v
				break
			}
		}
		out = append(out, s)
	}
	return out, nil
}
