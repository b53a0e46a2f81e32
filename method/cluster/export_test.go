package cluster

import (
	"encoding/csv"
	"strconv"
	"testing"
)

// exports are the published conversations, with the adjusted Rand index of our
// groups and those that Polis exported. Polis' followed its own history and chance, so
// they are a reference, not the truth: in the last three they are not the groups that
// are apart from each other on the plane, by Polis' own measure.
var exports = map[string]float64{
	"15-per-hour-seattle": 0.88, "brexit-consensus": 0.87, "vtaiwan.uberx": 0.67,
	"scoop-hivemind.freshwater": 0.13, "scoop-hivemind.ubi": 0.16, "london.youth.policing": 0.10,
}

// rows are a file of an export, with its header.
func rows(t *testing.T, name string) (header map[string]int, all [][]string) {
	t.Helper()
	read, err := csv.NewReader(published(t, "polis-open-data/"+name)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	header = map[string]int{}
	for i, h := range read[0] {
		header[h] = i
	}
	return header, read[1:]
}

// TestExportedGroups: with Polis' own groups given, every cell of the counts is the
// export's. For as many groups as Polis had, ours agree with them as far as is known,
// and are never wider apart inside.
func TestExportedGroups(t *testing.T) {
	for name, least := range exports {
		t.Run(name, func(t *testing.T) {
			v, err := Read(published(t, "polis-open-data/"+name+"/votes.csv"))
			if err != nil {
				t.Fatal(err)
			}
			rule := Rule{}
			if rule.Statements, err = ReadStatements(published(t, "polis-open-data/"+name+"/comments.csv")); err != nil {
				t.Fatal(err)
			}
			assign, want := exported(t, name)
			rule.Assign = assign
			theirs, err := v.Groups(t.Context(), rule)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range theirs.Groups {
				for s, have := range g.Votes {
					if have != want[[2]string{strconv.Itoa(g.ID), s}] {
						t.Errorf("group %d voted %v on %s, the export has %v", g.ID, have, s, want[[2]string{strconv.Itoa(g.ID), s}])
					}
				}
			}
			ours, err := v.Groups(t.Context(), Rule{Statements: rule.Statements, K: theirs.K})
			if err != nil {
				t.Fatal(err)
			}
			free, err := v.Groups(t.Context(), Rule{Statements: rule.Statements})
			if err != nil {
				t.Fatal(err)
			}
			index := adjustedRand(ours, theirs)
			t.Logf("%d groups: adjusted Rand index %.3f; by silhouette %d groups, %.3f", theirs.K, index, free.K, adjustedRand(free, theirs))
			if index < least {
				t.Errorf("adjusted Rand index %.3f, want %.2f at least", index, least)
			}
			if a, b := width(ours, theirs), width(theirs, ours); a > b {
				t.Errorf("squares within our groups sum to %.1f, within theirs to %.1f", a, b)
			}
		})
	}
}

// exported is an export's groups, and how each voted.
func exported(t *testing.T, name string) (assign map[string]int, votes map[[2]string]Tally) {
	t.Helper()
	assign, votes = map[string]int{}, map[[2]string]Tally{}
	at, all := rows(t, name+"/participants-votes.csv")
	for _, row := range all {
		group := row[at["group-id"]]
		g, err := strconv.Atoi(group)
		if err != nil {
			continue // in none
		}
		assign[row[at["participant"]]] = g
		for s, column := range at {
			if _, err := strconv.Atoi(s); err != nil || row[column] == "" {
				continue // no statement, or not seen
			}
			tally := votes[[2]string{group, s}]
			tally.Seen++
			switch row[column] {
			case "1":
				tally.Agree++
			case "-1":
				tally.Disagree++
			}
			votes[[2]string{group, s}] = tally
		}
	}
	return assign, votes
}

// width is the sum of squared distances to the middle of the groups of a, of those
// who are in a group of b too.
func width(a, b *Result) float64 {
	var points []point
	var of []int32
	for i, p := range a.Participants {
		if p.Group != nil && b.Participants[i].Group != nil {
			points, of = append(points, point{p.X, p.Y, 1}), append(of, int32(*p.Group))
		}
	}
	return partition{of, a.K}.spread(points)
}

// adjustedRand is the adjusted Rand index of two groupings, over those who are in a group of
// both (Hubert and Arabie, "Comparing Partitions", Journal of Classification 1985).
func adjustedRand(a, b *Result) float64 {
	in := map[string]int{}
	for _, p := range b.Participants {
		if p.Group != nil {
			in[p.ID] = *p.Group
		}
	}
	both, as, bs, n := map[[2]int]int{}, map[int]int{}, map[int]int{}, 0
	for _, p := range a.Participants {
		if g, ok := in[p.ID]; ok && p.Group != nil {
			both[[2]int{*p.Group, g}]++
			as[*p.Group]++
			bs[g]++
			n++
		}
	}
	pairs := func(n int) float64 { return float64(n*(n-1)) / 2 }
	var together, inA, inB float64
	for _, k := range both {
		together += pairs(k)
	}
	for _, k := range as {
		inA += pairs(k)
	}
	for _, k := range bs {
		inB += pairs(k)
	}
	chance := inA * inB / pairs(n)
	return (together - chance) / ((inA+inB)/2 - chance)
}

// TestCommentsCountEveryVote: the counts beside the statements of an export are over
// all votes ever cast, the changed ones too, and so another rule than that of the
// groups, on purpose. It is what tells that no vote of the list is read wrong.
func TestCommentsCountEveryVote(t *testing.T) {
	for name := range exports {
		at, votes := rows(t, name+"/votes.csv")
		cast := map[[2]string]int{}
		for _, row := range votes {
			cast[[2]string{row[at["comment-id"]], row[at["vote"]]}]++
		}
		at, statements := rows(t, name+"/comments.csv")
		for _, row := range statements {
			id := row[at["comment-id"]]
			if have := [2]string{strconv.Itoa(cast[[2]string{id, "1"}]), strconv.Itoa(cast[[2]string{id, "-1"}])}; have != [2]string{row[at["agrees"]], row[at["disagrees"]]} {
				t.Errorf("%s, statement %s: %v cast, the export says %s and %s", name, id, have, row[at["agrees"]], row[at["disagrees"]])
			}
		}
	}
}

// TestNewVotesUpdate: as votes come in and results are asked for again and again, each
// is to the last byte the one from nothing, on both ways to the axes.
func TestNewVotesUpdate(t *testing.T) {
	counted := map[bool]int{}
	for name := range exports {
		at, all := rows(t, name+"/votes.csv")
		step := len(all)/4 + 1
		kept := &Votes{}
		for i, row := range all {
			says, _ := strconv.Atoi(row[at["vote"]])
			when, _ := strconv.ParseInt(row[at["timestamp"]], 10, 64)
			if err := kept.Cast(Vote{row[at["voter-id"]], row[at["comment-id"]], says, when}); err != nil {
				t.Fatal(err)
			}
			if (i+1)%step != 0 && i+1 < len(all) {
				continue
			}
			fresh := &Votes{}
			for p, votes := range kept.rows {
				for _, c := range votes {
					if err := fresh.Cast(Vote{kept.people.id[p], kept.statements.id[c.statement], int(c.vote), c.at}); err != nil {
						t.Fatal(err)
					}
				}
			}
			if file(t, kept, Rule{}) != file(t, fresh, Rule{}) {
				t.Errorf("%s: after %d votes the result is not the one from nothing", name, i+1)
			}
			counted[fresh.pairs.counted]++
		}
	}
	if counted[true] == 0 || counted[false] == 0 {
		t.Errorf("ways to the axes: %v", counted)
	}
}
