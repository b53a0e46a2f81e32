package priority

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/method/shares"
)

// What counts as unusual. It says nothing of anybody's intent: a school that votes
// on one afternoon is a burst too.
const (
	burstLeast = 30 // ballots more after a batch
	burstTimes = 4  // times the median batch
	setLeast   = 10 // ballots with one set of two questions or more
	longest    = 20 // rows of each table
)

// Anomalies is what is unusual about the ballots of a contest once its window is
// over, computed from the published file and the batches of the record alone, so
// that anybody computes the same; but for the networks, of which no name is kept.
type Anomalies struct {
	Edition glosa.EditionID `json:"edition"`
	Contest glosa.ContestID `json:"contest"`
	Ballots int             `json:"ballots"` // rows of the published file
	Batches int             `json:"batches"`
	Median  int             `json:"median"` // of the batches after which there were more
	Bursts  []Burst         `json:"bursts"` // largest first
	Sets    []SameSet       `json:"sets"`   // most ballots first

	Networks Networks `json:"networks"`
}

// Burst is a batch, a quarter of an hour, after which there were unusually many
// ballots more: its new ones less those withdrawn in it. Whoever goes and comes again
// adds nothing in one batch and one at most in another, so nobody makes one alone.
type Burst struct {
	Batch int       `json:"batch"`
	More  int       `json:"more"`
	At    time.Time `json:"at"`
}

// SameSet is a set of questions that many ballots hold, and nothing else.
type SameSet struct {
	Questions []string `json:"questions"`
	Ballots   int      `json:"ballots"`
}

// AnomaliesOf computes the report. Invalid when the file cannot be read.
func AnomaliesOf(file []byte, batches []voter.Batch) (Anomalies, error) {
	a := Anomalies{Batches: len(batches), Bursts: []Burst{}, Sets: []SameSet{}, Networks: Networks{Counts: []int{}}}
	var sizes []int
	for _, b := range batches {
		if more := b.New - b.Withdrawn; more > 0 {
			sizes = append(sizes, more)
		}
	}
	if slices.Sort(sizes); len(sizes) > 0 {
		a.Median = sizes[(len(sizes)-1)/2]
	}
	for _, b := range batches {
		if more := b.New - b.Withdrawn; more >= burstLeast && more >= burstTimes*a.Median {
			a.Bursts = append(a.Bursts, Burst{b.N, more, b.At})
		}
	}
	slices.SortStableFunc(a.Bursts, func(x, y Burst) int { return cmp.Compare(y.More, x.More) })
	a.Bursts = a.Bursts[:min(longest, len(a.Bursts))]
	if len(file) == 0 {
		return a, nil
	}
	in, err := shares.Parse(bytes.NewReader(file))
	if err != nil {
		return a, err // our own file: nobody who reads it can mend it
	}
	a.Ballots = len(in.Ballots)
	a.Sets = sameSets(in)
	return a, nil
}

// sameSets counts the sets of two questions or more.
func sameSets(in *shares.Instance) []SameSet {
	count := map[string]int{}
	for _, b := range in.Ballots {
		if len(b.Choices) < 2 {
			continue
		}
		ids := make([]string, len(b.Choices))
		for i, c := range b.Choices {
			ids[i] = in.Items[c].ID
		}
		slices.Sort(ids)
		count[strings.Join(ids, ",")]++
	}
	all := []SameSet{}
	for ids, n := range count {
		if n >= setLeast {
			all = append(all, SameSet{strings.Split(ids, ","), n})
		}
	}
	slices.SortFunc(all, func(x, y SameSet) int {
		return cmp.Or(cmp.Compare(y.Ballots, x.Ballots), slices.Compare(x.Questions, y.Questions))
	})
	return all[:min(longest, len(all))]
}

// Anomalies is the report of an edition's contest. NotFound until its agenda is made.
func (d *Desk) Anomalies(ctx context.Context, id glosa.EditionID) (a Anomalies, err error) {
	var file []byte
	var batches []voter.Batch
	var networks Networks
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if file, err = selectFile(tx, ContestOf(id)); err != nil {
			return err
		}
		if networks, err = selectNetworks(tx, ContestOf(id)); err != nil {
			return err
		}
		batches, err = selectBatches(tx, ContestOf(id))
		return err
	})
	if err != nil {
		return a, err
	}
	a, err = AnomaliesOf(file, batches)
	a.Edition, a.Contest, a.Networks = id, ContestOf(id), networks
	return a, err
}
