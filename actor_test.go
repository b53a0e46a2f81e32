package glosa_test

import (
	"testing"

	"glosa"
)

// TestTwoPersons: an act of two persons takes two humans of two sides, and each of
// the two in person.
func TestTwoPersons(t *testing.T) {
	ana := glosa.Actor{Human: "h-ana", Side: glosa.Civil, Seat: 1}
	for name, c := range map[string]struct {
		by     glosa.Actor
		one    bool
		second bool // to ana
	}{
		"another human of the other side":  {glosa.Actor{Human: "h-luis", Side: glosa.Government, Post: "liaison"}, true, true},
		"the observatory":                  {glosa.Actor{Human: "h-luis", Side: glosa.Observatory, Seat: 1}, false, true},
		"the same human with another post": {glosa.Actor{Human: "h-ana", Side: glosa.Government, Post: "liaison"}, true, false},
		"another human of the same side":   {glosa.Actor{Human: "h-luis", Side: glosa.Civil, Seat: 2}, true, false},
		"herself":                          {ana, true, false},
		"nobody in person, of the other":   {glosa.Actor{Side: glosa.Government, Post: "liaison"}, false, false},
		"somebody of no side":              {glosa.Actor{Human: "h-luis", Roles: []glosa.Role{glosa.Clerk}}, false, false},
		"a citizen":                        {glosa.Citizen(), false, false},
		"the clock":                        {glosa.System(), false, false},
		"the keeper of the server":         {glosa.Admin(), false, false},
	} {
		if got := c.by.OneOfTwo(); got != c.one {
			t.Errorf("%s: one of two %v", name, got)
		}
		if got := c.by.SecondTo(ana.Human, ana.Side); got != c.second {
			t.Errorf("%s: second to her %v", name, got)
		}
	}
}
