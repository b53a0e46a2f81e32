package commitment

import (
	"context"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/question"
	"glosa/civic/report"
	"glosa/db"
)

// Erasure is what is left to say of evidence that two sides erased.
type Erasure struct {
	At     time.Time
	Ground glosa.Code // what was in it: [question.ErasureGrounds]
	Law    glosa.Code // under which right: [question.ErasureLaws]
	Posts  [2]glosa.Code
}

// word is the ground and the law as one code.
func (e Erasure) word() glosa.Code { return e.Ground + "/" + e.Law }

// voice is one person's word on an erasure. The human stays in this room.
type voice struct {
	human glosa.HumanID
	side  glosa.Side
	post  glosa.Code
	word  glosa.Code // "third_party_data/third_party_rights"
	at    time.Time
}

// erasureRow is one round about a piece of evidence.
type erasureRow struct {
	of            glosa.EvidenceID
	round         int
	first, second voice
	outcome       glosa.Code // "", erased or nothing
	closed        time.Time
}

const (
	outErased  glosa.Code = "erased"
	outNothing glosa.Code = "nothing" // the two did not say the same
)

// never is an instant after every file was put.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// splitWord parts a word into its ground and its law.
func splitWord(word glosa.Code) (ground, law glosa.Code) {
	a, b, _ := strings.Cut(string(word), "/")
	return glosa.Code(a), glosa.Code(b)
}

// Erase is one person's word for erasing a piece of evidence, on a ground and
// under a law. The second person, of another side, must say the same without
// having seen the first word; then title, address, salt and the bytes of the file
// are gone, a tombstone stands in the record, and nobody can bring the same bytes
// again. Bytes that another piece or a report names stay with those. A moderator
// of any edition of the series may say it: rights do not end with an edition.
// Kinds: Invalid, Denied, Conflict, NotFound.
func (d *Desk) Erase(ctx context.Context, by glosa.Actor, id glosa.EvidenceID, ground, law glosa.Code) error {
	if err := by.May(actErase); err != nil {
		return err
	}
	if !slices.Contains(question.ErasureGrounds(), ground) {
		return glosa.WrongField("ground", "mo.ground")
	}
	if !slices.Contains(question.ErasureLaws(), law) {
		return glosa.WrongField("law", "mo.law")
	}
	var file glosa.FileID
	err := d.DB.Act(ctx, func(tx *db.Tx) error {
		file = ""
		e, err := selectOneEvidence(tx, id)
		if err != nil {
			return err
		}
		c, err := enterSeries(tx, by, actErase, e.Commitment)
		if err != nil {
			return err
		}
		if e.State == Gone {
			return glosa.Refuse(glosa.Conflict, "cm.erased")
		}
		round, err := sayErase(tx, by, e, ground+"/"+law)
		if err != nil || round.outcome != outErased {
			return err
		}
		file = e.File
		return erase(tx, by, c, e, round)
	})
	if err != nil || file == "" {
		return err
	}
	return d.drop(ctx, file)
}

// enterSeries opens an act on a commitment for whoever sits in any edition of its series.
func enterSeries(tx *db.Tx, by glosa.Actor, act glosa.Act, id glosa.CommitmentID) (Commitment, error) {
	c, _, err := load(tx, id)
	if err != nil {
		return c, err
	}
	at := c.Edition
	if by.Edition != "" {
		own, err := edition.Load(tx, by.Edition)
		if err != nil {
			return c, err
		}
		if own.Series == c.Series {
			at = own.ID
		}
	}
	_, err = edition.Enter(tx, by, act, at)
	return c, err
}

// sayErase keeps the first word, or closes the round with the second.
func sayErase(tx *db.Tx, by glosa.Actor, e evidenceRow, word glosa.Code) (erasureRow, error) {
	v := voice{human: by.Human, side: by.Side, post: glosa.Code(by.By()), word: word, at: tx.Now}
	refused := glosa.Refuse(glosa.Denied, "mo.second", "rule", "two sides")
	if !by.OneOfTwo() {
		return erasureRow{}, refused
	}
	zone, err := edition.Here(tx, by.Edition)
	if err != nil {
		return erasureRow{}, err
	}
	if err := people.MayActHere(tx, by, actErase, tx.Now.In(zone)); err != nil {
		return erasureRow{}, err
	}
	rounds, err := selectErasures(tx, e.ID)
	if err != nil {
		return erasureRow{}, err
	}
	open := slices.IndexFunc(rounds, func(x erasureRow) bool { return x.closed.IsZero() })
	if open < 0 {
		x := erasureRow{of: e.ID, round: len(rounds) + 1, first: v}
		return x, insertErasure(tx, x) // nothing is said in public before both sides agree
	}
	x := rounds[open]
	if !by.SecondTo(x.first.human, x.first.side) {
		return x, refused
	}
	x.second, x.closed, x.outcome = v, tx.Now, outNothing
	if x.first.word == v.word {
		x.outcome = outErased
	}
	return x, closeErasure(tx, x)
}

// erase does what two sides agreed on.
func erase(tx *db.Tx, by glosa.Actor, c Commitment, e evidenceRow, x erasureRow) error {
	gone := Erasure{At: tx.Now, Posts: [2]glosa.Code{x.first.post, x.second.post}}
	gone.Ground, gone.Law = splitWord(x.first.word)
	if err := eraseEvidence(tx, e.ID, gone); err != nil {
		return err
	}
	tags := append(tagsOf(c), "commitment:"+string(c.ID)) // the event's room is "text": the page must move all the same
	return tx.Leave(question.ErasedByTwo(by, c.Edition, string(c.ID), e.sealed, gone.Ground, gone.Law, gone.Posts[:], tags...))
}

// Tombstone is one erasure as its leaf in the record tells it.
type Tombstone struct {
	Target glosa.Hash
	Erasure
}

// Repeat erases again in a restored database what the record says was erased and
// the backup does not know. It leaves no event: the record has each of these acts
// already. What is not evidence, or is gone, needs nothing. erased counts the
// pieces. Kinds: Denied.
func (d *Desk) Repeat(ctx context.Context, by glosa.Actor, tombs []Tombstone) (erased int, err error) {
	if err := by.May("commitment.repeat"); err != nil {
		return 0, err
	}
	var files []glosa.FileID
	err = d.DB.Act(ctx, func(tx *db.Tx) error {
		erased, files = 0, nil
		for _, t := range tombs {
			rows, err := selectSealed(tx, t.Target)
			if err != nil {
				return err
			}
			for _, e := range rows {
				if e.State == Gone {
					continue
				}
				if err := eraseEvidence(tx, e.ID, t.Erasure); err != nil {
					return err
				}
				erased, files = erased+1, append(files, e.File)
			}
		}
		return nil
	})
	for _, f := range files {
		if err == nil && f != "" && d.Files != nil { // without them, the sweep does it
			err = d.drop(ctx, f)
		}
	}
	return erased, err
}

// drop removes the bytes of erased evidence, unless something else names them.
// It comes after the act: what it may leave behind is swept.
func (d *Desk) drop(ctx context.Context, file glosa.FileID) error {
	reports := &report.Desk{DB: d.DB}
	for _, named := range []func(context.Context) ([]glosa.FileID, error){d.FilesNamed, reports.Named} {
		ids, err := named(ctx)
		if err != nil || slices.Contains(ids, file) {
			return err
		}
	}
	return d.Files.Drop(ctx, file, never)
}

// Erasable is a piece of evidence as those see it who may erase it. What the first
// person said is not told: the second says it without having seen it.
type Erasable struct {
	Evidence
	Name  string     // of the commitment
	Asked glosa.Side // the side that has said its word and waits for the other; "" when none has
	Mine  bool       // it is this person's own side that waits
	Split bool       // the last time the two did not say the same
}

// Erasables lists the evidence of an edition's series, what citizens brought and
// nobody has reviewed among it, those that wait for a second word first.
// Kinds: Denied, NotFound.
func (d *Desk) Erasables(ctx context.Context, by glosa.Actor, id glosa.EditionID) (out []Erasable, err error) {
	if err := by.MayIn(actErase, id); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ed, err := edition.Load(tx, id)
		if err != nil {
			return err
		}
		names := map[glosa.CommitmentID]string{}
		all, _, err := loadAll(tx, scope{series: ed.Series})
		if err != nil {
			return err
		}
		for _, c := range all {
			names[c.ID] = c.Name()
		}
		rows, err := selectEvidence(tx, scope{series: ed.Series})
		if err != nil {
			return err
		}
		rounds, err := selectErasures(tx, "")
		if err != nil {
			return err
		}
		last := map[glosa.EvidenceID]erasureRow{}
		for _, x := range rounds {
			last[x.of] = x
		}
		out = nil
		for _, e := range rows {
			x := Erasable{Evidence: e.Evidence, Name: names[e.Commitment]}
			if r, asked := last[e.ID]; asked && r.closed.IsZero() {
				x.Asked, x.Mine = r.first.side, r.first.side == by.Side
			} else if asked {
				x.Split = r.outcome == outNothing
			}
			out = append(out, x)
		}
		slices.SortStableFunc(out, func(a, b Erasable) int { return a.rank() - b.rank() })
		return nil
	})
	return out, err
}

// rank puts what waits for this person first, and what is done last.
func (x Erasable) rank() int {
	switch {
	case x.Asked != "" && !x.Mine:
		return 0
	case x.Asked != "":
		return 1
	case x.State == Gone:
		return 3
	}
	return 2
}
