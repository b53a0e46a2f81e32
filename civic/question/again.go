package question

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Trace is what the public record tells of acts that a database put back from an
// older backup no longer knows.
type Trace struct {
	Erased  []ErasedText
	Unnamed []glosa.QuestionID // withdrawn or made anonymous: the name is to go
	Over    []glosa.EditionID  // whose authors' names were all to go
	Struck  []StruckText
	Taken   []Folio // folios that were given out: nobody may get them again
}

// ErasedText is one erasure as its leaf tells it.
type ErasedText struct {
	Target glosa.Hash // the commitment whose text and salt are to go
	Ground glosa.Code
	By     glosa.Code
}

// StruckText is one redaction as its leaf tells it. The backup holds the words as
// they were before; the bundle is lost with the rest, and so are the words that
// took their place, unless a copy of the record still publishes them.
type StruckText struct {
	ID       glosa.QuestionID
	Versions []int // whose words and salts left the database
	Version  int   // of the words that took their place
	Commit   glosa.Hash
	At       time.Time
	Salt     []byte // as published; the parts it was made of are not; nil when the words are lost
	Object   string // as published: Commit opens with it and Salt
}

// kWordsLost is the step of a question whose public words went with a restore.
const kWordsLost glosa.Code = "record.restored"

// Folio is a folio that the record holds and the database does not.
type Folio struct {
	Edition glosa.EditionID
	ID      glosa.QuestionID
	Follow  bool
}

// Repeat does again what a restored backup lacks and may not lack: texts, salts
// and names that were erased are erased, and folios that were given out are given
// to nobody else. It leaves no event: the record has each of these acts already.
// What a database does not hold needs nothing, so it can be repeated. erased
// counts the commitments. Denied.
func (d *Desk) Repeat(ctx context.Context, by glosa.Actor, t Trace) (erased int, err error) {
	if err := by.May("question.repeat"); err != nil {
		return 0, err
	}
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		erased = 0
		for _, tomb := range t.Erased {
			n, err := d.repeatErasure(tx, by, tomb)
			if err != nil {
				return err
			}
			erased += n
		}
		for _, id := range t.Unnamed {
			if err := repeatUnname(tx, by, id); err != nil {
				return err
			}
		}
		for _, ed := range t.Over {
			if err := repeatNamesGone(tx, ed); err != nil {
				return err
			}
		}
		for _, s := range t.Struck {
			if err := d.repeatStrike(tx, by, s); err != nil {
				return err
			}
		}
		return leaveOut(tx, t.Taken)
	})
	return erased, err
}

func (d *Desk) repeatErasure(tx *db.Tx, by glosa.Actor, tomb ErasedText) (int, error) {
	id, err := selectCommitted(tx, tomb.Target)
	if glosa.KindOf(err) == glosa.NotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	t, err := d.turnOn(tx, by, id)
	if err != nil || t.row.erased {
		return 1, err
	}
	if t.row.state.Counts() == InWaiting { // there is nothing left to decide on
		if err := t.closeRulings(); err != nil {
			return 0, err
		}
		t.row.state, t.row.since, t.row.ground, t.row.due, t.row.next = Withdrawn, tx.Now, tomb.Ground, noTime, noTime
		if t.row.listed.IsZero() {
			t.row.listed = tx.Now.Truncate(time.Minute)
		}
	}
	if err := t.forgetWords(); err != nil {
		return 0, err
	}
	if err := save(tx, t.row); err != nil {
		return 0, err
	}
	return 1, insertStep(tx, t.row, Step{Kind: glosa.Code(kErased.Name), By: tomb.By, Word: tomb.Ground})
}

func repeatUnname(tx *db.Tx, by glosa.Actor, id glosa.QuestionID) error {
	t, err := turnOn(tx, by, id)
	if glosa.KindOf(err) == glosa.NotFound {
		return nil
	}
	if err == nil {
		err = t.unname()
	}
	if err != nil {
		return err
	}
	return save(tx, t.row)
}

// repeatNamesGone forgets the names of all authors of an edition.
func repeatNamesGone(tx *db.Tx, ed glosa.EditionID) error {
	rows, err := selectSigned(tx, ed, math.MaxInt32)
	for i := 0; i < len(rows) && err == nil; i++ {
		t := &turn{tx: tx, row: &rows[i]}
		if err = t.unname(); err == nil {
			err = save(tx, t.row)
		}
	}
	return err
}

// repeatStrike takes struck words out again: out of the texts, out of the words
// under which the question is found, and what later rooms keep.
func (d *Desk) repeatStrike(tx *db.Tx, by glosa.Actor, s StruckText) error {
	t, err := d.turnOn(tx, by, s.ID)
	if glosa.KindOf(err) == glosa.NotFound {
		return nil
	}
	took := 0
	if s.Salt != nil {
		took = s.Version
	}
	for i := 0; i < len(s.Versions) && err == nil; i++ {
		err = sealWords(tx, s.ID, s.Versions[i], took)
	}
	if err == nil && !t.row.erased {
		err = t.standIn(s)
	}
	if err != nil {
		return err
	}
	if err := reindex(tx, t.row); err != nil {
		return err
	}
	return t.forgetElsewhere()
}

// standIn puts the words that took the place of struck ones back, as a copy of the
// record publishes them. Without such a copy the page says why there are none.
func (t *turn) standIn(s StruckText) error {
	all, err := selectWords(t.tx, s.ID)
	if err != nil || slices.ContainsFunc(all, func(w words) bool { return w.version == s.Version }) {
		return err
	}
	if s.Salt == nil {
		return insertStep(t.tx, t.row, Step{Kind: kWordsLost, By: glosa.Code(t.by.By()), Number: s.Version})
	}
	w := words{question: s.ID, version: s.Version, kind: TextRedacted, commit: s.Commit, server: s.Salt, device: []byte{}, object: &s.Object,
		state: Sealed, at: s.At, promise: []byte{}}
	if t.row.state.TextIsPublic() {
		w.state = Opened
	}
	if err := insertWords(t.tx, w); err != nil {
		return err
	}
	t.row.version = s.Version
	return save(t.tx, t.row)
}

// turnOn is a turn that repeats what the record tells, outside the stages.
func (d *Desk) turnOn(tx *db.Tx, by glosa.Actor, id glosa.QuestionID) (*turn, error) {
	t, err := turnOn(tx, by, id)
	if t != nil {
		t.elsewhere = d.Elsewhere
	}
	return t, err
}

func turnOn(tx *db.Tx, by glosa.Actor, id glosa.QuestionID) (*turn, error) {
	r, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	ed, err := edition.Load(tx, r.edition)
	return &turn{tx: tx, ed: ed, by: by, row: &r}, err
}

// leaveOut opens blocks of numbers beyond those that hold a lost folio: numbers
// are only drawn from a desk's two newest blocks.
func leaveOut(tx *db.Tx, taken []Folio) error {
	highest := map[glosa.EditionID]int{}
	desks := map[glosa.EditionID][]string{}
	for _, f := range taken {
		if _, err := load(tx, f.ID); glosa.KindOf(err) != glosa.NotFound {
			if err != nil {
				return err
			}
			continue // it is here
		}
		desk := ""
		if f.Follow {
			desk = followDesk
		}
		if held, err := heldBy(tx, f); err != nil {
			return err
		} else if held != "" {
			desk = held
		}
		if !slices.Contains(desks[f.Edition], desk) {
			desks[f.Edition] = append(desks[f.Edition], desk)
		}
		highest[f.Edition] = max(highest[f.Edition], (numberOf(f.ID)-1)/blockSize)
	}
	for ed, last := range highest {
		all, err := selectBlocks(tx, ed)
		if err != nil {
			return err
		}
		next := len(all)
		for ; next <= last; next++ {
			if err := openBlock(tx, ed, next, desks[ed][0]); err != nil {
				return err
			}
		}
		for _, desk := range desks[ed] {
			for range 2 {
				if err := openBlock(tx, ed, next, desk); err != nil {
					return err
				}
				next++
			}
		}
	}
	return nil
}

// heldBy is the desk that prints folios from the block of a lost one; "" when none does.
func heldBy(tx *db.Tx, f Folio) (string, error) {
	all, err := selectBlocks(tx, f.Edition)
	for _, b := range all {
		if b.Number == (numberOf(f.ID)-1)/blockSize && b.Desk != followDesk {
			return b.Desk, err
		}
	}
	return "", err
}

// numberOf is the number of a folio as we write it; 0 when it is none.
func numberOf(id glosa.QuestionID) int {
	part := strings.Split(string(id), "-")
	if len(part) != 3 {
		return 0
	}
	n, err := strconv.Atoi(part[1])
	if err != nil {
		return 0
	}
	return n
}
