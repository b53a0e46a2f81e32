package cluster

import (
	"cmp"
	"math"
	"slices"
)

const (
	significant = 1.2816 // z at 90 %, one-sided
	mostShown   = 5
)

// Representative is a statement on which a group differs from the others. The
// names are those of Polis' own results.
type Representative struct {
	Statement  string  `json:"tid"`
	Success    int     `json:"n-success"` // members who agree, or disagree
	Trials     int     `json:"n-trials"`  // members who voted on it, passes too
	Share      float64 `json:"p-success"` // (success+1)/(trials+2)
	Test       float64 `json:"p-test"`    // z of the share against one half
	Ratio      float64 `json:"repness"`   // share ÷ the same share among the others
	RatioTest  float64 `json:"repness-test"`
	For        string  `json:"repful-for"`           // agree or disagree
	BestAgreed bool    `json:"best-agree,omitempty"` // what the group agrees on most, always shown
	Agreed     *int    `json:"n-agree,omitempty"`    // with BestAgreed: members who agree
}

// Consensus is what all participants agree on, or disagree with, the clearest first.
type Consensus struct {
	Agree    []Agreed `json:"agree"`
	Disagree []Agreed `json:"disagree"`
}

// Agreed is a statement that most participants see alike.
type Agreed struct {
	Statement string  `json:"tid"`
	Success   int     `json:"n-success"`
	Trials    int     `json:"n-trials"`
	Share     float64 `json:"p-success"`
	Test      float64 `json:"p-test"`
}

// stance is one side of a comparison: those who agree, or those who disagree.
type stance struct {
	success         int
	share, test     float64
	ratio, twoShare float64 // against the others; 0 where there is nobody to compare with
}

func share(success, trials int) float64 { return float64(success+1) / float64(trials+2) }

// shareTest is how far a share is from one half, in standard errors.
func shareTest(success, trials int) float64 {
	n := float64(trials + 1)
	return float64(2 * float64(math.Sqrt(n)*(float64(success+1)/n-0.5)))
}

// twoShareTest is how far two shares are from each other, in standard errors.
func twoShareTest(success, trials, otherSuccess, otherTrials int) float64 {
	s, n, t, m := float64(success+1), float64(trials+1), float64(otherSuccess+1), float64(otherTrials+1)
	pooled := (s + t) / (n + m)
	if pooled == 1 {
		return 0
	}
	return (s/n - t/m) / math.Sqrt(float64(float64(pooled*(1-pooled))*(1/n+1/m)))
}

func side(in, others sum, agree bool) stance {
	success, other := in.agree, others.agree
	if !agree {
		success, other = in.disagree, others.disagree
	}
	s := stance{success: success, share: share(success, in.votes), test: shareTest(success, in.votes)}
	s.ratio = s.share / share(other, others.votes)
	s.twoShare = twoShareTest(success, in.votes, other, others.votes)
	return s
}

func (s stance) passes() bool { return s.twoShare > significant && s.test > significant }

// agreed is by how much people agree at all, and differs by how much they do so
// more than others.
func (s stance) agreed() float64  { return float64(s.share * s.test) }
func (s stance) differs() float64 { return float64(float64(s.ratio*s.twoShare) * s.agreed()) }

// comparison is a statement as one group sees it beside the others.
type comparison struct {
	id              string
	votes           sum
	agree, disagree stance
}

func (c comparison) shown() Representative {
	s, for_ := c.disagree, "disagree"
	if c.agree.twoShare > c.disagree.twoShare {
		s, for_ = c.agree, "agree"
	}
	return Representative{Statement: c.id, Success: s.success, Trials: c.votes.votes, Share: s.share, Test: s.test,
		Ratio: s.ratio, RatioTest: s.twoShare, For: for_}
}

// better tells whether what c's group agrees on is better said by c than by the
// best so far: by how much they differ, once the best differs at all.
func (c comparison) better(best *comparison) bool {
	switch {
	case c.votes.agree == 0 && c.votes.disagree == 0:
		return false
	case best == nil:
		return c.agree.test > significant || c.agree.ratio > 1 && c.agree.share > 0.5
	case best.agree.ratio > 1:
		return c.agree.differs() > best.agree.differs()
	}
	return c.agree.agreed() > best.agree.agreed()
}

// representative chooses at most five of the statements (by id) as Polis does:
// those that pass both tests, the most telling first, led by the one the group
// agrees on most; where none passes, that one alone, or else the one that differs
// most. Agreement is told before disagreement.
func representative(all []comparison) []Representative {
	var best, bestAgreed *comparison
	var passing []comparison
	for i := range all {
		c := &all[i]
		if c.agree.passes() || c.disagree.passes() {
			passing = append(passing, *c)
		}
		if best == nil || max(c.agree.twoShare, c.disagree.twoShare) > max(best.agree.twoShare, best.disagree.twoShare) {
			best = c
		}
		if c.better(bestAgreed) {
			bestAgreed = c
		}
	}
	shown := []Representative{}
	switch {
	case bestAgreed != nil:
		first, agreed := bestAgreed.shown(), bestAgreed.votes.agree
		first.BestAgreed, first.Agreed = true, &agreed
		shown = append(shown, first)
		passing = slices.DeleteFunc(passing, func(c comparison) bool { return c.id == bestAgreed.id })
	case best != nil && len(passing) == 0:
		shown = append(shown, best.shown())
	}
	rest := make([]Representative, len(passing))
	for i, c := range passing {
		rest[i] = c.shown()
	}
	telling := func(r Representative) float64 {
		return float64(float64(r.Ratio*r.RatioTest) * float64(r.Share*r.Test))
	}
	slices.SortStableFunc(rest, func(a, b Representative) int { return cmp.Compare(telling(b), telling(a)) })
	shown = append(shown, rest...)
	shown = shown[:min(mostShown, len(shown))]
	slices.SortStableFunc(shown, func(a, b Representative) int { return cmp.Compare(a.For, b.For) })
	return shown
}

// consensus is the statements that more than half agree on, significantly, at
// most five, or disagree with.
func consensus(ids []string, votes []sum, agree bool) []Agreed {
	found := []Agreed{}
	for i, v := range votes {
		success := v.agree
		if !agree {
			success = v.disagree
		}
		a := Agreed{ids[i], success, v.votes, share(success, v.votes), shareTest(success, v.votes)}
		if a.Share > 0.5 && a.Test > significant {
			found = append(found, a)
		}
	}
	slices.SortStableFunc(found, func(a, b Agreed) int {
		return cmp.Compare(float64(b.Share*b.Test), float64(a.Share*a.Test))
	})
	return found[:min(mostShown, len(found))]
}

// tell fills in what the groups think.
func (m *matrix) tell(res *Result, who, of []int) {
	numbers := slices.Compact(slices.Sorted(slices.Values(of)))
	res.K, res.Groups = len(numbers), make([]Group, len(numbers))
	at := map[int]int{}
	for i, g := range numbers {
		at[g], res.Groups[i] = i, Group{ID: g, Votes: map[string]Tally{}}
	}
	n := len(m.order)
	said := make([][3]int, len(numbers)*n) // by group and statement: how many said -1, 0 and 1
	for i, p := range who {
		g := at[of[i]]
		res.Groups[g].Size++
		by := said[g*n:][:n]
		for _, c := range m.rows[m.people[p]] {
			by[c.statement][c.vote+1]++
		}
	}
	votes, all := make([]sum, len(said)), make([]sum, n) // by group and place; of all groups together
	for i, s := range said {
		place := int(m.place[i%n])
		votes[i-i%n+place] = sum{s[0] + s[1] + s[2], s[2], s[0]}
		all[place].votes += s[0] + s[1] + s[2]
		all[place].agree += s[2]
		all[place].disagree += s[0]
	}
	res.GroupAwareConsensus = make(map[string]float64, n)
	for g := range res.Groups {
		var compared []comparison
		for i, id := range m.ids {
			in := votes[g*n+i]
			res.Groups[g].Votes[id] = Tally{in.agree, in.disagree, in.votes}
			if g == 0 {
				res.GroupAwareConsensus[id] = 1
			}
			res.GroupAwareConsensus[id] *= share(in.agree, in.votes)
			if !m.out[i] {
				others := sum{all[i].votes - in.votes, all[i].agree - in.agree, all[i].disagree - in.disagree}
				compared = append(compared, comparison{id, in, side(in, others, true), side(in, others, false)})
			}
		}
		res.Groups[g].Representative = representative(compared)
	}
	var ids []string
	var opinions []sum
	for i, id := range m.ids {
		if !m.out[i] {
			ids, opinions = append(ids, id), append(opinions, m.sums[m.order[i]])
		}
	}
	res.Consensus = Consensus{consensus(ids, opinions, true), consensus(ids, opinions, false)}
}
