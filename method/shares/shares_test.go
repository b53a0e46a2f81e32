package shares

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// data is the folder of other people's published results. It is no part of
// this repository: missing data is a failure only where GLOSA_TEST_DATA is set.
func data(t testing.TB, path ...string) string {
	t.Helper()
	dir := os.Getenv("GLOSA_TEST_DATA")
	if dir == "" {
		dir = "../shared/data"
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("../..", dir)
	}
	name := filepath.Join(append([]string{dir, "pabulib-mes"}, path...)...)
	if _, err := os.Stat(name); err != nil {
		if os.Getenv("GLOSA_TEST_DATA") != "" {
			t.Fatal(err)
		}
		t.Skipf("no published data: %v", err)
	}
	return name
}

func load(t testing.TB, path ...string) *Instance {
	t.Helper()
	f, err := os.Open(data(t, path...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := Parse(f)
	if err != nil {
		t.Fatalf("%v: %v", path, err)
	}
	return in
}

func TestKnownOutcomes(t *testing.T) {
	wieliczka := []string{"poland_wieliczka_2023_green-budget.pb"}
	for _, c := range []struct {
		name string
		file []string
		rule Rule
		n    int
		cost int64
	}{
		{"the real election of Wieliczka", wieliczka, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: Add1}, 30, 995079},
		{"Wieliczka without completion", wieliczka, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, 21, 450548},
		{"Wieliczka by cardinality", wieliczka, Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: None}, 0, 0},
		{"Wieliczka by cardinality and add1", wieliczka, Rule{Kind: EqualShares, Satisfaction: Cardinality, Completion: Add1}, 32, 966789},
		{"Bielany", []string{"pb", "poland_warszawa_2021_bielany.pb"}, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, 57, 3324920},
		{"Amsterdam West", []string{"pb", "netherlands_amsterdam_2022_west.pb"}, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, 26, 238373},
		{"Budapest", []string{"pb", "hungary_budapest_2024.pb"}, Rule{Kind: EqualShares, Satisfaction: Cost, Completion: None}, 18, 633000000},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := load(t, c.file...)
			res, err := Run(in, c.rule)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d items, %d, share %s, %d steps, ejr %v", len(res.Selected), res.Cost, res.Share, res.Steps, res.EJR.Holds)
			if c.n > 0 && (len(res.Selected) != c.n || res.Cost != c.cost) {
				t.Errorf("%d items for %d, want %d for %d", len(res.Selected), res.Cost, c.n, c.cost)
			}
		})
	}
}

var _ = fmt.Sprint
var _ = big.NewInt
var _ = rand.N[int]
var _ = json.Marshal
var _ = bytes.NewReader
var _ = slices.Sort[[]int]
var _ = strings.Join
