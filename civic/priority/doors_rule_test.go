package priority_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"glosa/civic/people/voter"
	"glosa/civic/priority"
)

// rule is a way to tell doors: small is what nobody may be sure of, least is from
// how many on a door is told.
type rule struct{ least, small int }

// read is what a reader has of the leaves when ballots come in this order, by door,
// and it is looked after so many: for each look what was told, or silence.
func (r rule) read(order []int, doors int, looks []int) (said []int16) {
	came, told := make([]int, doors), make([]int, doors)
	n := 0
	for _, at := range looks {
		for ; n < at; n++ {
			came[order[n]]++
		}
		if !priority.TellsDoors(came, told, r.least, r.small) {
			said = append(said, silence)
			continue
		}
		copy(told, came)
		for _, c := range came {
			said = append(said, int16(c))
		}
	}
	return said
}

const silence = -1

// everyOf are looks after every so many of some ballots.
func everyOf(every, ballots int) (looks []int) {
	for at := every; at <= ballots; at += every {
		looks = append(looks, at)
	}
	return looks
}

// sure counts the small cells that a reader is sure of: it goes through all orders
// in which ballots can come by doors, and keeps of those that read alike the most
// that can have come by each door until each ballot. The batches tell each ballot.
func (r rule) sure(ballots, doors, every int) (cells, leaves int) {
	most := map[[64]int16][]byte{} // by what is read, then by ballot and door
	order, looks := make([]int, ballots), everyOf(every, ballots)
	for {
		var said [64]int16
		copy(said[:], r.read(order, doors, looks))
		m, known := most[said]
		if !known {
			m = make([]byte, ballots*doors)
			most[said] = m
		}
		came := make([]byte, doors)
		for i, d := range order {
			came[d]++
			for x, n := range came {
				m[i*doors+x] = max(m[i*doors+x], n)
			}
		}
		i := slices.IndexFunc(order, func(d int) bool { return d < doors-1 })
		if i < 0 {
			break
		}
		order[i]++
		clear(order[:i])
	}
	for said, m := range most {
		if slices.ContainsFunc(said[:], func(n int16) bool { return n > 0 }) {
			leaves++
		}
		for i, n := range m {
			if int(n) < min(r.small, i/doors+1) { // fewer than that came, and fewer than came by all
				cells++
			}
		}
	}
	return cells, leaves
}

// TestNoOrderGivesASmallDoorAway goes through every order in which a few ballots
// can come by a few doors. Told from twice the least on, no reader is ever sure
// that fewer than the least came by a door; told from the least on, they are.
func TestNoOrderGivesASmallDoorAway(t *testing.T) {
	for _, c := range []struct{ doors, ballots, small int }{{2, 14, 2}, {2, 18, 3}, {3, 13, 2}} {
		for every := 1; every <= 3; every++ {
			t.Run(fmt.Sprintf("%dDoors%dBallotsLeast%dEvery%d", c.doors, c.ballots, c.small, every), func(t *testing.T) {
				cells, leaves := rule{2 * c.small, c.small}.sure(c.ballots, c.doors, every)
				if cells > 0 || leaves == 0 {
					t.Errorf("from %d on: %d small cells are sure, of %d readings with a leaf", 2*c.small, cells, leaves)
				}
				naive, _ := rule{c.small, c.small}.sure(c.ballots, c.doors, every)
				if naive == 0 {
					t.Errorf("from %d on no small cell is sure: the reader is blind", c.small)
				}
				t.Logf("from %d on: %d cells; from %d on: %d cells in %d readings", c.small, naive, 2*c.small, cells, leaves)
			})
		}
	}
}

// another is the same ballots in another order of doors: by one door there came,
// from the first ballot on, at least small or all of them, and the ballots of the
// others as much later, in their order. Whoever reads the same of both orders can
// never be sure that fewer came by that door.
func another(order []int, door, small int) (out []int) {
	var others []int
	for _, d := range order {
		if d != door {
			others = append(others, d)
		}
	}
	came, moved := 0, 0
	for i, d := range order {
		if d == door {
			came++
		}
		if moved < max(came, min(small, i+1)) {
			out, moved = append(out, door), moved+1
		} else {
			out, others = append(out, others[0]), others[1:]
		}
	}
	return out
}

// TestAThousandPeopleByFourDoors: in each of many years a thousand people come by
// four doors, some of which few use, over four weeks, and a reader keeps every leaf
// and every batch. For each door there is another year that reads alike, in which
// never fewer than ten came by it. Told from ten on, there is none.
func TestAThousandPeopleByFourDoors(t *testing.T) {
	house, naive := rule{priority.DoorLeast, voter.Step}, rule{voter.Step, voter.Step}
	given, told := 0, 0
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 17))
		rare := 10 + rnd.IntN(60) // of a thousand, by each of the two strongest doors
		var order, looks []int
		for at := 0; at < 1000; {
			at = min(1000, at+5+rnd.IntN(70))
			looks = append(looks, at)
		}
		for range 1000 {
			switch x := rnd.IntN(1000); {
			case x < rare:
				order = append(order, 3)
			case x < 2*rare:
				order = append(order, 2)
			default:
				order = append(order, rnd.IntN(2))
			}
		}
		said := house.read(order, 4, looks)
		if len(said) > len(looks) {
			told++
		}
		for door := range 4 {
			if other := another(order, door, voter.Step); !slices.Equal(said, house.read(other, 4, looks)) {
				t.Errorf("seed %d: that few came by door %d can be read", seed, door)
			}
			if !slices.Equal(naive.read(order, 4, looks), naive.read(another(order, door, voter.Step), 4, looks)) {
				given++
			}
		}
	}
	if told < 100 {
		t.Errorf("in %d of 200 years the doors are told: the rule hides too much", told)
	}
	if given == 0 {
		t.Error("told from ten on nothing is given away: the test is blind")
	}
	t.Logf("told in %d years of 200; told from ten on, %d doors are given away", told, given)
}
