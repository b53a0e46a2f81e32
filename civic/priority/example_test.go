package priority

import (
	"fmt"
	"testing"
)

// TestWorkedExample: worked by hand. With 8 ÷ 3 minutes each, A costs its two
// people 2 each and nothing else can be paid. Raised by thirds of a minute, at 3
// each C can be: the first person has 1 left, the third 3. The share goes on up to
// 11/3, since at 4 each B could be paid too and the hour would not hold it. There C
// takes the 5/3 that the first person has left, and 7/3 of the third's. B is left
// out; the raw count, where all three are even, would have taken it for C.
func TestWorkedExample(t *testing.T) {
	x, err := WorkedExample()
	if err != nil {
		t.Fatal(err)
	}
	a := x.Agenda
	var rounds []string
	for _, c := range a.Chosen {
		rounds = append(rounds, fmt.Sprintf("%s %s×%d+%s", c.Question, c.Price, c.Full, c.RestPaid))
	}
	got := fmt.Sprintln(rounds, a.Share, a.Used, a.Fair, a.Coverage, x.Account.Raw, a.Missed[0].Question, a.Missed[0].Short)
	want := "[A 2×2+ C 7/3×1+5/3] 11/3 8 true {3 3 2} [A B] B 3\n"
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
