package priority_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/method/shares"
)

// TestAnomalies: a burst (what a batch brought, less what went in it) and a set that many share are told, largest first; what
// is usual is not, and fewer than ten of one set never are.
func TestAnomalies(t *testing.T) {
	in := &shares.Instance{Budget: 16, Items: []shares.Item{{ID: "A", Cost: 8}, {ID: "B", Cost: 8}, {ID: "C", Cost: 8}}}
	row := func(choices ...int32) {
		in.Ballots = append(in.Ballots, shares.Ballot{ID: fmt.Sprintf("%064d", len(in.Ballots)), Choices: choices})
	}
	for range 40 {
		row(0)
	}
	for range 12 {
		row(0, 1)
	}
	for range 11 {
		row(2, 0)
	}
	for range 9 {
		row(0, 1, 2)
	}
	var file bytes.Buffer
	if err := shares.Write(&file, in); err != nil {
		t.Fatal(err)
	}
	batches := []voter.Batch{{N: 1, New: 8}, {N: 2, New: 40}, {N: 3, New: 10}, {N: 4, New: 400, Withdrawn: 400}, {N: 8, New: 60, Withdrawn: 55}, {N: 5, New: 29}, {N: 6, New: 58, Withdrawn: 3}, {N: 7, New: 9}}
	a, err := priority.AnomaliesOf(file.Bytes(), batches)
	if err != nil {
		t.Fatal(err)
	}
	if a.Median != 10 || len(a.Bursts) != 2 || a.Bursts[0].Batch != 6 || a.Bursts[0].More != 55 || a.Bursts[1].Batch != 2 {
		t.Errorf("bursts %+v of a median of %d", a.Bursts, a.Median)
	}
	if len(a.Sets) != 2 || a.Sets[0].Ballots != 12 || !slices.Equal(a.Sets[1].Questions, []string{"A", "C"}) || a.Ballots != 72 {
		t.Errorf("sets %+v", a.Sets)
	}
	if a, err := priority.AnomaliesOf(nil, nil); err != nil || a.Sets == nil || a.Bursts == nil {
		t.Errorf("of nothing: %+v %v", a, err)
	}
	if _, err := priority.AnomaliesOf([]byte("META\n"), nil); err == nil {
		t.Error("half a file is read")
	}
}
