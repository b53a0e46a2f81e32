package priority_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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

// seen is how many came until each act: by each door, and by all.
type seen [18][4]byte

const everybody = 3

// crowd is who comes: one act for each letter, in order. A dot is a stranger's, any
// other letter one of those whom the reader knows, who come by the first door, each
// time the same letter stands there.
type crowd struct {
	acts  string
	doors int
	again bool // strangers may go and come again, too
	each  bool // each time counts, as it did once: not each credential
}

// play is what a reader has of one way in which the strangers come, and how many of
// them came by each door until each act; false when somebody comes again who never came.
// A stranger's word is a door, or doors + a door for coming by it again.
func (r rule) play(c crowd, words, looks []int) (said [64]int16, strangers seen, ok bool) {
	var counted, before [3]int
	var others [4]byte
	came, told, n, at := counted[:c.doors], before[:c.doors], 0, 0
	for i, letter := range c.acts {
		switch {
		case letter != '.':
			if c.each || strings.IndexRune(c.acts, letter) == i {
				came[0]++
			}
		case words[at] < c.doors:
			came[words[at]]++
			others[words[at]]++
			others[everybody]++
			at++
		case others[words[at]-c.doors] == 0:
			return said, strangers, false
		default:
			if c.each {
				came[words[at]-c.doors]++
			}
			at++
		}
		strangers[i] = others
		if !slices.Contains(looks, i+1) {
			continue
		}
		if !priority.TellsDoors(came, told, r.least, r.small) {
			said[n], n = silence, n+1
			continue
		}
		copy(told, came)
		for _, x := range came {
			said[n], n = int16(x), n+1
		}
	}
	return said, strangers, true
}

// sure counts the small cells that a reader is sure of: it goes through all ways in
// which strangers can come, and keeps of those that read alike the most who can have
// come by each door, and by all, until each act. The batches tell each act.
func (r rule) sure(c crowd, every, small int) (cells, leaves int) {
	most := map[[64]int16]*seen{}
	words, looks := make([]int, strings.Count(c.acts, ".")), everyOf(every, len(c.acts))
	last := c.doors - 1
	if c.again {
		last += c.doors
	}
	for {
		if said, strangers, ok := r.play(c, words, looks); ok {
			m := most[said]
			if m == nil {
				m = &seen{}
				most[said] = m
			}
			for i, by := range strangers {
				for x, n := range by {
					m[i][x] = max(m[i][x], n)
				}
			}
		}
		i := slices.IndexFunc(words, func(w int) bool { return w < last })
		if i < 0 {
			break
		}
		words[i]++
		clear(words[:i])
	}
	for said, m := range most {
		if slices.ContainsFunc(said[:], func(n int16) bool { return n > 0 }) {
			leaves++
		}
		for _, by := range m {
			for _, n := range by[:c.doors] {
				if int(n) < min(small, int(by[everybody])) { // fewer than that came, and fewer than came by all
					cells++
				}
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
				who := crowd{acts: strings.Repeat(".", c.ballots), doors: c.doors}
				cells, leaves := rule{2 * c.small, c.small}.sure(who, every, c.small)
				if cells > 0 || leaves == 0 {
					t.Errorf("from %d on: %d small cells are sure, of %d readings with a leaf", 2*c.small, cells, leaves)
				}
				naive, _ := rule{c.small, c.small}.sure(who, every, c.small)
				if naive == 0 {
					t.Errorf("from %d on no small cell is sure: the reader is blind", c.small)
				}
				t.Logf("from %d on: %d cells; from %d on: %d cells in %d readings", c.small, naive, 2*c.small, cells, leaves)
			})
		}
	}
}

// TestNobodyFillsADoorAlone goes through every way in which strangers come, and come
// again, beside some whom the reader knows and who come as often as they like. Where
// each credential counts once, fewer of them than the least learn of no small door of
// strangers; where each time counts, one of them does. From the least on they lower
// what is safe: of strangers by their door then only so many fewer are hidden.
func TestNobodyFillsADoorAlone(t *testing.T) {
	house := rule{4, 2}
	for name, c := range map[string]struct {
		crowd
		small int  // what nobody is sure of
		more  bool // and of one more somebody is
	}{
		"StrangersComeAgain":    {crowd{acts: ".........", doors: 2, again: true}, 2, false},
		"OneComesAgain":         {crowd{acts: "a.a.a.a.......", doors: 2}, 2, false},
		"OneAmongThemWhoDo":     {crowd{acts: "a.a........", doors: 2, again: true}, 2, false},
		"OneOfThreeDoors":       {crowd{acts: "aaa............", doors: 3}, 2, false},
		"TwoComeAgain":          {crowd{acts: "ab.a.b.a.......", doors: 2}, 1, true},
		"ThreeKnowWhatIsSilent": {crowd{acts: "abc............", doors: 2}, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			for every := 1; every <= 3; every++ {
				cells, leaves := house.sure(c.crowd, every, c.small)
				if cells > 0 || leaves == 0 {
					t.Errorf("every %d: of fewer than %d strangers %d cells are sure, of %d readings with a leaf", every, c.small, cells, leaves)
				}
			}
			if cells, _ := house.sure(c.crowd, 1, c.small+1); c.more && cells == 0 {
				t.Errorf("of fewer than %d strangers nobody is sure either: more is hidden than is said", c.small+1)
			}
			c.each = true
			if cells, _ := house.sure(c.crowd, 1, c.small); cells == 0 && strings.Count(c.acts, "a") > 1 {
				t.Error("where each time counts no small cell is sure: the reader is blind")
			}
		})
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
