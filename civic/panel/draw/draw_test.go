package draw

import (
	"strings"
	"testing"

	"glosa/method/sortition"
)

// TestNextIsTheFirstOfTheNearest: a worked example. Two women and a man are wanted;
// a woman and a man sit. A woman is asked, the first of the order, unless she lives
// with somebody who sits; where no woman is left, the first man.
func TestNextIsTheFirstOfTheNearest(t *testing.T) {
	quotas := []sortition.Quota{{Category: "sex", Feature: "woman", Min: 2, Max: 2}, {Category: "sex", Feature: "man", Min: 1, Max: 1}}
	one := func(n int, sex, home string) Someone { return Someone{n, map[string]string{"sex": sex}, home} }
	seated := []Someone{one(1, "woman", "h1"), one(2, "man", "")}
	for _, c := range []struct {
		name    string
		waiting []Someone
		want    int
	}{
		{"InOrder", []Someone{one(9, "woman", ""), one(3, "woman", "")}, 9},
		{"NearestFirst", []Someone{one(9, "man", ""), one(3, "woman", "")}, 3},
		{"NotOfTheSameHome", []Someone{one(9, "woman", "h1"), one(3, "woman", "h2")}, 3},
		{"AsFarAsPossible", []Someone{one(9, "man", ""), one(3, "man", "")}, 9},
		{"NobodyIsLeft", []Someone{one(9, "woman", "h1")}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Next(quotas, true, seated, c.waiting); got != c.want {
				t.Errorf("%d is asked, want %d", got, c.want)
			}
		})
	}
}

// FuzzParseTicket: what is read is what was made, however it was typed; nothing else
// is read, and nothing panics.
func FuzzParseTicket(f *testing.F) {
	for _, s := range []string{"SV-4F7K2M9Q", "sv4f7k2m9q", " sv 4f7k 2m9q ", "SV-OOOOIIII", "DP-4F7K2M9Q", "SV-", "SV-4F7K2M9", "SV-4F7K2M9Ñ", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		id, ok := ParseTicket(typed)
		if !ok {
			return
		}
		if again, same := ParseTicket(strings.ToLower(string(id))); !same || again != id || len(id) != 11 {
			t.Errorf("%q is %q, which is %q", typed, id, again)
		}
	})
}

// FuzzTerms: quotas that anybody types are refused, or written in one form that is
// read to the same.
func FuzzTerms(f *testing.F) {
	f.Add(quotas)
	f.Add("category,feature,min,max\nsex,woman,1,1\n")
	f.Add("category,name,min,max\nmunicipality,23005,0,6\n\"sex\",woman,6,6")
	f.Fuzz(func(t *testing.T, typed string) {
		x := Terms{Seats: 6, Quotas: typed}
		if x.checkQuotas([]string{"23005"}) != nil {
			return
		}
		y := x
		if wrong := y.checkQuotas([]string{"23005"}); wrong != nil || y.Quotas != x.Quotas {
			t.Errorf("%q becomes %q, then %q: %v", typed, x.Quotas, y.Quotas, wrong)
		}
	})
}
