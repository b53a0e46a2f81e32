package opinion

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"glosa"
	"glosa/civic/people/voter"
)

// PromiseCast is the kind of the promises of ballots: of the room whose leaves
// keep them.
const PromiseCast glosa.Code = "opinion.cast"

// Again is a ballot's promise anew, for a receipt that is asked for later: no
// promise is kept. It is worth as much as the first one until the record is told
// of the ballot; then the leaf itself is proof.
func (d *Desk) Again(rc Receipt) (Receipt, error) {
	var err error
	rc.Promise, rc.MergeBy, err = d.Promise(PromiseCast, rc.Commit, d.DB.Clock().Now())
	return rc, err
}

// Where a ballot stands, as its receipt, the record and the rows of the count say
// together. Those marked are proof against the host.
const (
	OwnWaiting  glosa.Code = "waiting"  // the record was not told of it; whether that is late, its promise says
	OwnTold     glosa.Code = "told"     // the record was told of it; there is no count, or its rows are not at hand
	OwnCounted  glosa.Code = "counted"  // its row says what the receipt does
	OwnChanged  glosa.Code = "changed"  // its lock was opened: it was changed or taken back
	OwnUnlocked glosa.Code = "unlocked" // its lock was opened by what does not open it: proof
	OwnUntold   glosa.Code = "untold"   // the vote ended, and the record was never told of it: proof
	OwnMissing  glosa.Code = "missing"  // it has no row: proof
	OwnDiffers  glosa.Code = "differs"  // its row says something else: proof
)

// Own is what a receipt proves of one ballot.
type Own struct {
	State   glosa.Code
	Tracker string
	Proof   bool
}

// Own judges a ballot by the private part of its receipt, which whoever calls has
// checked; rows is the file of the count, nil when it is not at hand. Invalid when
// the object is no ballot, or the file is not the one that the record names.
func (t *Trail) Own(o Object, salt glosa.Hash, rows []byte) (Own, error) {
	said, ok := parseVotes(o.Votes)
	commit, err := glosa.Commit(salt, o)
	if err != nil || !ok || o.Kind != "opinion" {
		return Own{}, glosa.WrongField("receipt", "g.noballot")
	}
	own := Own{State: OwnTold, Tracker: voter.Tracker(salt)}
	c := t.of(o.Contest)
	_, listed := c.Commits[commit]
	switch opener, over := c.Opened[commit]; {
	case over && glosa.Digest(opener[:]) == o.Lock:
		own.State = OwnChanged
	case over:
		own.State, own.Proof = OwnUnlocked, true
	case !listed && c.End == "":
		own.State = OwnWaiting
	case !listed: // nothing comes after the end, and it was promised that this would
		own.State, own.Proof = OwnUntold, true
	case c.counted == nil || rows == nil:
	case glosa.Digest(rows) != c.counted.Input:
		return own, glosa.WrongField("ballots", "g.otherfile")
	default:
		switch row, there := rowSays(rows, own.Tracker); {
		case !there:
			own.State, own.Proof = OwnMissing, true
		case row != said.String():
			own.State, own.Proof = OwnDiffers, true
		default:
			own.State = OwnCounted
		}
	}
	return own, nil
}

// rowSays is what a row of the count's file says, as [votes.String] writes it.
func rowSays(rows []byte, tracker string) (string, bool) {
	all, _ := csv.NewReader(bytes.NewReader(rows)).ReadAll() // its digest is the record's: we wrote it
	for _, line := range all {
		if line[0] != tracker {
			continue
		}
		var said []string
		for i := 6; i < len(line); i++ { // after n-disagree
			if line[i] != "" {
				said = append(said, all[0][i]+":"+line[i])
			}
		}
		return strings.Join(said, ","), true
	}
	return "", false
}

// Sentence says it in English, for the command line.
func (o Own) Sentence() string {
	switch o.State {
	case OwnWaiting:
		return "the record was not told of this ballot yet"
	case OwnTold:
		return "the record was told of this ballot"
	case OwnCounted:
		return fmt.Sprintf("row %s of the count says what the receipt does", o.Tracker)
	case OwnChanged:
		return "its lock was opened: it was changed or taken back; a later receipt stands in its place"
	case OwnUnlocked:
		return "the record says that it was changed or taken back, and what it shows does not open the receipt's lock: nobody asked for that"
	case OwnUntold:
		return "the vote ended, and the record was never told of this ballot"
	case OwnMissing:
		return fmt.Sprintf("row %s is missing in the rows of the count", o.Tracker)
	}
	return fmt.Sprintf("row %s of the count says something else than the receipt", o.Tracker)
}

// Salt is the salt of the receipt's commitment, of both its parts.
func (r Receipt) Salt() glosa.Hash { return glosa.Salt(r.SaltServer, r.SaltDevice) }
