package draw

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/method/sortition"
)

// turn is one place of the order in which substitutes are asked.
type turn struct {
	number int
	digest string
}

// order lists the numbers that were not drawn in the order in which they are asked:
// by the SHA-256 of each with the lottery and the seed.
func order(lottery glosa.Hash, seed string, res *sortition.Result, panel []int) []turn {
	var out []turn
	for id := range res.Probabilities {
		n, err := strconv.Atoi(id)
		if err != nil || slices.Contains(panel, n) {
			continue
		}
		sum := sha256.Sum256([]byte("glosa/draw/next/v1\x00" + hex.EncodeToString(lottery[:]) + "\x00" + seed + "\x00" + id))
		out = append(out, turn{n, hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(out, func(a, b turn) int { return strings.Compare(a.digest, b.digest) })
	return out
}

// orderFile is the order as a file.
func orderFile(turns []turn) ([]byte, error) {
	table := [][]string{{"place", "number", "digest"}}
	for i, t := range turns {
		table = append(table, []string{strconv.Itoa(i + 1), strconv.Itoa(t.number), t.digest})
	}
	return sheet(table)
}

// Someone is what the rule of substitutes looks at.
type Someone struct {
	Number    int
	Features  map[string]string
	Household string
}

// Next is the number to ask for an empty seat: of the waiting, in the order in
// which they are asked, the first of those with whom the panel is least far from
// the quotas. Whoever lives with somebody who sits is passed over where households
// have one seat. 0 when nobody is left.
func Next(quotas []sortition.Quota, households bool, seated, waiting []Someone) int {
	best, least := 0, 0
	for _, w := range waiting {
		if households && w.Household != "" && slices.ContainsFunc(seated, func(s Someone) bool { return s.Household == w.Household }) {
			continue
		}
		if far := Far(quotas, append(slices.Clip(seated), w)); best == 0 || far < least {
			best, least = w.Number, far
		}
	}
	return best
}

// Far is how many people quotas lack, or have too many, in a panel.
func Far(quotas []sortition.Quota, panel []Someone) (far int) {
	for _, q := range quotas {
		n := 0
		for _, p := range panel {
			if p.Features[q.Category] == q.Feature {
				n++
			}
		}
		far += max(0, q.Min-n) + max(0, n-q.Max)
	}
	return far
}
