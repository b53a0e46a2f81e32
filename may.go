package glosa

import (
	"bufio"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed testdata/may.txt
var mayText string

// Permission is one line of testdata/may.txt: who may do an act, and in which
// stages of an edition. What no line allows is denied.
type Permission struct {
	Act    Act
	Roles  []Role
	Sides  []Side   // empty: any side
	Stages []string // empty: any stage; checked by edition inside the act's transaction
}

// mayLaw is the parsed table. It is read once and never changes.
var mayLaw = sync.OnceValue(func() map[Act][]Permission {
	law, err := ParseMay(mayText)
	if err != nil {
		panic("glosa: testdata/may.txt: " + err.Error()) // a broken law must not serve
	}
	return law
})

// ParseMay reads a permission table: one act a line, four columns parted by
// blanks (act, roles, sides, stages), lists parted by commas, "any" for every
// side or stage, # for remarks. An act may have several lines. An error names the line.
func ParseMay(text string) (map[Act][]Permission, error) {
	law := map[Act][]Permission{}
	sc := bufio.NewScanner(strings.NewReader(text))
	for n := 1; sc.Scan(); n++ {
		line, _, _ := strings.Cut(sc.Text(), "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if len(f) != 4 {
			return nil, fmt.Errorf("line %d: %d columns, want 4: act, roles, sides, stages", n, len(f))
		}
		p := Permission{Act: Act(f[0])}
		for r := range strings.SplitSeq(f[1], ",") {
			p.Roles = append(p.Roles, Role(r))
		}
		if f[2] != "any" {
			for s := range strings.SplitSeq(f[2], ",") {
				p.Sides = append(p.Sides, Side(s))
			}
		}
		if f[3] != "any" {
			p.Stages = strings.Split(f[3], ",")
		}
		law[p.Act] = append(law[p.Act], p)
	}
	return law, sc.Err()
}

// May is nil when a line of may.txt lets the actor do the act, by role and side;
// otherwise a Denied error naming the act. A deputy ([Actor.Only]) may do what was
// delegated and no more. Every desk method asks it before any SQL.
func (a Actor) May(act Act) error {
	if a.Only != nil && !slices.Contains(a.Only, act) {
		return Refuse(Denied, "e.403", "rule", string(act))
	}
	for _, p := range mayLaw()[act] {
		if a.allowed(p) {
			return nil
		}
	}
	return Refuse(Denied, "e.403", "rule", string(act))
}

// MayIn is May for an act of one edition: a seat or post granted in another edition is denied.
func (a Actor) MayIn(act Act, ed EditionID) error {
	if a.Edition != "" && a.Edition != ed {
		return Refuse(Denied, "e.403", "rule", string(act))
	}
	return a.May(act)
}

func (a Actor) allowed(p Permission) bool {
	if len(p.Sides) > 0 && !slices.Contains(p.Sides, a.Side) {
		return false
	}
	return slices.ContainsFunc(p.Roles, a.Has)
}

// OpenStages lists the stages in which the actor may do the act. all is true
// when the table names none, that is, any stage will do.
func (a Actor) OpenStages(act Act) (stages []string, all bool) {
	for _, p := range mayLaw()[act] {
		if !a.allowed(p) {
			continue
		}
		if len(p.Stages) == 0 {
			return nil, true
		}
		stages = append(stages, p.Stages...)
	}
	return stages, false
}

// Acts lists every act of the table, sorted.
func Acts() []Act {
	acts := make([]Act, 0, len(mayLaw()))
	for a := range mayLaw() {
		acts = append(acts, a)
	}
	slices.Sort(acts)
	return acts
}
