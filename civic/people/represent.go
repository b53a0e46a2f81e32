package people

import (
	"math/bits"
	"slices"

	"glosa"
)

// SainteLague shares seats among weights by the method of Sainte-Laguë (odd
// divisors), after giving each the floor; seats of the floor count as won, so
// that the floor helps only those whom the method would leave below it. Equal
// quotients go to whoever stands first. The sums are exact.
// Invalid when a weight or the floor is negative, when everything weighs
// nothing, or when there are fewer seats than the floor asks for.
func SainteLague(weights []int64, seats, floor int) ([]int, error) {
	var all int64
	for _, w := range weights {
		if w < 0 {
			return nil, glosa.WrongField("weights", "pe.weights")
		}
		all |= w
	}
	if floor < 0 || seats < floor*len(weights) || seats > 0 && all == 0 {
		return nil, glosa.WrongField("seats", "pe.seats")
	}
	won := make([]int, len(weights))
	for i := range won {
		won[i] = floor
	}
	for range seats - floor*len(weights) {
		best := 0
		for i := 1; i < len(weights); i++ {
			if quotientLess(weights[best], won[best], weights[i], won[i]) {
				best = i
			}
		}
		won[best]++
	}
	return won, nil
}

// quotientLess tells whether a/(2m+1) < b/(2n+1), in 128 bits.
func quotientLess(a int64, m int, b int64, n int) bool {
	hi1, lo1 := bits.Mul64(uint64(a), uint64(2*n+1))
	hi2, lo2 := bits.Mul64(uint64(b), uint64(2*m+1))
	return hi1 < hi2 || hi1 == hi2 && lo1 < lo2
}

// Reach is how much of its share of the population a place has: the words of the tile map.
type Reach string

const (
	Few    Reach = "few"    // fewer than five expected: no word
	Absent Reach = "absent" // below 0.5
	Below  Reach = "below"  // 0.5 to 0.79
	Fair   Reach = "fair"   // 0.8 to 1.24
	Above  Reach = "above"  // 1.25 and more
)

// Share is one row of the representation meter.
type Share struct {
	Territory glosa.TerritoryCode
	Amount    int64 // its people, by the measure asked
	PerMille  int   // of all people, rounded half up
	Received  int
	Expected  int   // hundredths of a question: 4.91 is 491, rounded half up
	Ratio     int   // hundredths: received ÷ expected, rounded half up; -1 when nothing is expected
	Reach     Reach // Few when fewer than five are expected
}

// Represent compares what each place sent with what it would have sent by its
// share of the people (a measure of the census: "total", "adults", "speakers3").
// Places in the order given; received codes of no place are counted for nobody.
func Represent(places []Territory, measure string, received map[glosa.TerritoryCode]int) []Share {
	var people, questions int64
	for _, t := range places {
		people += t.Census[measure]
		questions += int64(received[t.Code])
	}
	out := make([]Share, 0, len(places))
	for _, t := range places {
		s := Share{Territory: t.Code, Amount: t.Census[measure], Received: received[t.Code], Ratio: -1, Reach: Few}
		if people > 0 {
			s.PerMille = int(half(1000*s.Amount, people))
			s.Expected = int(half(100*s.Amount*questions, people))
		}
		if expected := s.Amount * questions; expected > 0 {
			s.Ratio = int(half(100*int64(s.Received)*people, expected))
			if expected >= 5*people {
				s.Reach = reachOf(int64(s.Received)*people, expected)
			}
		}
		out = append(out, s)
	}
	return out
}

// reachOf puts the exact ratio into its class: the limits are of the ratio, not of its rounding.
func reachOf(received, expected int64) Reach {
	switch {
	case 2*received < expected:
		return Absent
	case 10*received < 8*expected:
		return Below
	case 100*received < 125*expected:
		return Fair
	}
	return Above
}

// half divides and rounds half up.
func half(a, b int64) int64 { return (2*a + b) / (2 * b) }

// Weights lists a measure of the census in the order of the places.
func Weights(places []Territory, measure string) []int64 {
	out := make([]int64, len(places))
	for i, t := range places {
		out[i] = t.Census[measure]
	}
	return out
}

// Measures lists what the census of these places counts for every one of them.
func Measures(places []Territory) []string {
	times := map[string]int{}
	for _, t := range places {
		for m := range t.Census {
			times[m]++
		}
	}
	var out []string
	for m, n := range times {
		if n == len(places) {
			out = append(out, m)
		}
	}
	slices.Sort(out)
	return out
}
