package priority

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/shares"
)

// promiseKind is what a promise says of a ballot: whether it decides. Without
// that, a host could explain a missing row by a door that does not count.
func promiseKind(apart bool) glosa.Code {
	if apart {
		return PromiseApart
	}
	return PromiseCast
}

// The kinds of promises: of a ballot that decides, and of one by a door that does not count.
const (
	PromiseCast  glosa.Code = "priority.cast"
	PromiseApart glosa.Code = "priority.cast_apart"
)

// Again is a ballot's promise anew, for a receipt that is asked for later: the
// answer to the act that made the ballot may be lost, and no promise is kept. It
// is worth as much as the first one until the record is told of the ballot; then
// the leaf itself is proof.
func (d *Desk) Again(ctx context.Context, ed glosa.EditionID, who voter.Credential, rc Receipt) (Receipt, error) {
	var c Criteria
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		c, err = selectContest(tx, ed)
		return err
	})
	if err == nil {
		rc.Promise, rc.MergeBy, err = d.Promise(promiseKind(!c.Counts(who.Door())), rc.Commit, d.DB.Clock().Now())
	}
	return rc, err
}

// Where a voter's ballot stands, as its receipt, the record and the published
// file say together. The last three are proof against the host.
const (
	OwnWaiting glosa.Code = "waiting" // the record was not told of it; whether that is late, its promise says
	OwnTold    glosa.Code = "told"    // the record was told of it, and there is no agenda yet
	OwnCounted glosa.Code = "counted" // its row is in the published file, with its choices
	OwnVoid    glosa.Code = "void"    // none of its questions could be chosen, so it has no row
	OwnApart   glosa.Code = "apart"   // by a door that does not count, as its promise says
	OwnChanged glosa.Code = "changed" // its lock was opened: it was changed or taken back

	OwnUnlocked glosa.Code = "unlocked" // its lock was opened by what does not open it: nobody asked for that
	// OwnExcluded: it has no row, and both sides excluded a class of ballots to which it
	// may belong: its row is in the file of all ballots, under [WholeTracker].
	OwnExcluded glosa.Code = "excluded"

	OwnMissing glosa.Code = "missing" // it has no row
	OwnDiffers glosa.Code = "differs" // its row says something else
)

// Own is what a receipt proves of one ballot.
type Own struct {
	State   glosa.Code
	Tracker string
	Want    []glosa.QuestionID // what its row must say
	Row     []glosa.QuestionID // what it says
	Proof   bool               // whoever shows receipt, record and file proves that the host did wrong
}

// Sheet is a published .pb file that was read once, so that many look into it.
type Sheet struct {
	digest glosa.Hash
	items  map[glosa.QuestionID]bool
	rows   map[string][]glosa.QuestionID
}

// ReadSheet reads a published .pb file. Invalid when it is none.
func ReadSheet(file []byte) (*Sheet, error) {
	s := &Sheet{digest: glosa.Digest(file), items: map[glosa.QuestionID]bool{}, rows: map[string][]glosa.QuestionID{}}
	if len(file) == 0 {
		return s, nil
	}
	in, err := shares.Parse(bytes.NewReader(file))
	if err != nil {
		return nil, &glosa.Error{Kind: glosa.Invalid, Key: "g.badfile", Err: err}
	}
	for _, it := range in.Items {
		s.items[glosa.QuestionID(it.ID)] = true
	}
	for _, b := range in.Ballots {
		var ids []glosa.QuestionID
		for _, c := range b.Choices {
			ids = append(ids, glosa.QuestionID(in.Items[c].ID))
		}
		slices.Sort(ids)
		s.rows[b.ID] = ids
	}
	return s, nil
}

// Row is what a row of the file says; ok is false when there is none of that name.
func (s *Sheet) Row(tracker string) (ids []string, ok bool) {
	row, ok := s.rows[tracker]
	for _, q := range row {
		ids = append(ids, string(q))
	}
	return ids, ok
}

// Own judges a ballot by its receipt: o and salt are of its private part, promise
// is the kind of its promise ("" when it holds none: then a missing row proves
// nothing, since the door may not count), and file is the published one; nil while
// there is none. Whoever calls has checked the receipt: that its parts open the
// promised commitment. Invalid when the object is no
// ballot, or the file is not the one that the record names.
func (t *Told) Own(o Object, salt glosa.Hash, promise glosa.Code, file *Sheet) (Own, error) {
	commit, err := glosa.Commit(salt, o)
	if err != nil || o.Kind != "ballot" {
		return Own{}, glosa.WrongField("receipt", "g.noballot")
	}
	c, own := t.of(o.Contest), Own{Tracker: voter.Tracker(salt)}
	if opener, over := c.Opened[commit]; over {
		if own.State = OwnChanged; glosa.Digest(opener[:]) != o.Lock {
			own.State, own.Proof = OwnUnlocked, true
		}
		return own, nil
	}
	switch _, listed := c.Commits[commit]; {
	case !listed && c.selected == nil:
		own.State = OwnWaiting
		return own, nil
	case c.selected == nil:
		own.State = OwnTold
		return own, nil
	case promise == PromiseApart:
		own.State = OwnApart
		return own, nil
	case file == nil:
		return own, glosa.WrongField("ballots", "g.nofile")
	case file.digest != c.selected.Input:
		return own, glosa.WrongField("ballots", "g.otherfile")
	}
	for _, q := range o.Choices {
		if root := t.root(q); file.items[root] && !slices.Contains(own.Want, root) {
			own.Want = append(own.Want, root)
		}
	}
	slices.Sort(own.Want)
	row, there := file.rows[own.Tracker]
	own.Row = row
	switch {
	case len(own.Want) == 0 && !there:
		own.State = OwnVoid
	case !there && c.excluded != nil && (c.excluded.Class.Batch == 0 || c.excluded.Class.Batch == c.Commits[commit]):
		own.State = OwnExcluded
	case !there:
		own.State, own.Proof = OwnMissing, promise != ""
	case !slices.Equal(own.Want, row):
		own.State, own.Proof = OwnDiffers, true
	default:
		own.State = OwnCounted
	}
	return own, nil
}

// Sentence says it in English, for the command line.
func (o Own) Sentence() string {
	switch o.State {
	case OwnWaiting:
		return "the record was not told of this ballot yet"
	case OwnTold:
		return "the record was told of this ballot; the agenda is not made yet"
	case OwnCounted:
		return fmt.Sprintf("row %s of the published file says %v, as the receipt does", o.Tracker, o.Row)
	case OwnVoid:
		return "none of its questions could be chosen, so it has no row"
	case OwnExcluded:
		return "it has no row; both sides excluded a class of ballots to which it may belong, see the agenda's page"
	case OwnApart:
		return "it came by a door that does not count, as its promise says, so it has no row"
	case OwnChanged:
		return "its lock was opened: it was changed or taken back; a later receipt stands in its place"
	case OwnUnlocked:
		return "the record says that it was changed or taken back, and what it shows does not open the receipt's lock: nobody asked for that"
	case OwnMissing:
		return fmt.Sprintf("row %s is missing in the published file; it must say %v", o.Tracker, o.Want)
	}
	return fmt.Sprintf("row %s of the published file says %v; it must say %v", o.Tracker, o.Row, o.Want)
}

// Selected tells whether the record says that a contest's agenda is made.
func (t *Told) Selected(c glosa.ContestID) bool { return t.of(c).selected != nil }

// Salt is the salt of the receipt's commitment, of both its parts.
func (r Receipt) Salt() glosa.Hash { return glosa.Salt(r.SaltServer, r.SaltDevice) }
