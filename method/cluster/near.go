package cluster

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync/atomic"
)

const (
	mostBase   = 100 // more participants than this are first drawn together into this many base clusters
	baseRounds = 20  // of Lloyd's method for base clusters: they need not be at rest
	rounds     = 200 // the same for groups, which nearly always are at rest long before
	mostGroups = 5
)

// point is a place on the plane, with the number of participants at it.
type point struct {
	x, y float64
	many int
}

func apart(a, b point) float64 {
	dx, dy := a.x-b.x, a.y-b.y
	return float64(dx*dx) + float64(dy*dy)
}

// partition says for each point which of k clusters it is in.
type partition struct {
	of []int32
	k  int
}

// lloyd moves centres into the middle of the points nearest to them, until none
// moves or so many rounds are over. Of equally near centres the first counts.
// There may be fewer clusters than centres; none is empty.
func lloyd(ctx context.Context, points, centres []point, rounds int) (partition, error) {
	of := make([]int32, len(points))
	for range rounds {
		if err := ctx.Err(); err != nil {
			return partition{}, err
		}
		if !assignAll(of, points, centres) {
			break
		}
		centre(centres, of, points)
	}
	return partition{of, len(centres)}.packed(), nil
}

// farthestFirst is k starts: one point, then again and again the point farthest
// from those before, the first of equally far ones. There are fewer where fewer
// points differ.
func farthestFirst(points []point, k, first int) (starts []point) {
	nearest := make([]float64, len(points))
	for i := range nearest {
		nearest[i] = math.Inf(1)
	}
	for at := first; len(starts) < k && nearest[at] > 0; at = largest(nearest) {
		starts = append(starts, points[at])
		for i, p := range points {
			nearest[i] = min(nearest[i], apart(p, points[at]))
		}
	}
	return starts
}

// outermost is the point farthest from the middle of all.
func outermost(points []point) int {
	middle := make([]point, 1)
	centre(middle, make([]int32, len(points)), points)
	far := make([]float64, len(points))
	for i, p := range points {
		far[i] = apart(p, middle[0])
	}
	return largest(far)
}

// tightest is the k clusters with the least sum of squared distances to their
// centres, of all that follow when each point in turn is the first start; of
// equally tight ones the first.
func tightest(ctx context.Context, points []point, k int) (best partition, err error) {
	found, errs := make([]partition, len(points)), make([]error, len(points))
	together(func(part, parts int) {
		for first := part; first < len(points); first += parts {
			found[first], errs[first] = lloyd(ctx, points, farthestFirst(points, k, first), rounds)
		}
	})
	least := math.Inf(1)
	for first, p := range found {
		if errs[first] != nil {
			return partition{}, errs[first]
		}
		if s := p.spread(points); s < least {
			best, least = p, s
		}
	}
	return best, nil
}

func (p partition) spread(points []point) (sum float64) {
	centres := make([]point, p.k)
	centre(centres, p.of, points)
	for i, q := range points {
		sum += float64(float64(q.many) * apart(q, centres[p.of[i]]))
	}
	return sum
}

// assignAll is assign, shared among the processors where there are many points.
func assignAll(of []int32, points, centres []point) (moved bool) {
	if len(points) < 5000 { // sooner done than shared
		return assign(of, points, centres)
	}
	var any atomic.Bool
	together(func(part, parts int) {
		from, to := part*len(points)/parts, (part+1)*len(points)/parts
		if assign(of[from:to], points[from:to], centres) {
			any.Store(true)
		}
	})
	return any.Load()
}

// assign puts each point to its nearest centre, the first of equally near ones, and
// tells whether any moved.
func assign(of []int32, points, centres []point) (moved bool) {
	if len(centres) > mostGroups {
		return assignMany(of, points, centres)
	}
	for i, p := range points {
		best, least := int32(0), math.Inf(1)
		for c := range centres {
			if d := apart(p, centres[c]); d < least {
				best, least = int32(c), d
			}
		}
		if of[i] != best {
			of[i], moved = best, true
		}
	}
	return moved
}

// assignMany finds what assign finds. It looks from the centre the point had to the
// left and to the right, until the distance along x alone is more than the least
// found; a sum of squares is never rounded below one of them, so nothing nearer is
// missed.
func assignMany(of []int32, points, centres []point) (moved bool) {
	order, place := make([]int32, len(centres)), make([]int, len(centres))
	for c := range order {
		order[c] = int32(c)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(centres[a].x, centres[b].x) })
	for at, c := range order {
		place[c] = at
	}
	for i, p := range points {
		from := of[i] // as a rule it is the nearest still
		best, least := from, apart(p, centres[from])
		for at := place[from] - 1; at >= 0; at-- {
			c := order[at]
			if dx := p.x - centres[c].x; dx*dx > least {
				break
			}
			if d := apart(p, centres[c]); d < least || d == least && c < best {
				best, least = c, d
			}
		}
		for at := place[from] + 1; at < len(order); at++ {
			c := order[at]
			if dx := p.x - centres[c].x; dx*dx > least {
				break
			}
			if d := apart(p, centres[c]); d < least || d == least && c < best {
				best, least = c, d
			}
		}
		if from != best {
			of[i], moved = best, true
		}
	}
	return moved
}

// centre moves each centre into the middle of its participants; one without any stays.
func centre(centres []point, of []int32, points []point) {
	sums := make([]point, len(centres))
	for i, p := range points {
		s := &sums[of[i]]
		s.x += float64(float64(p.many) * p.x)
		s.y += float64(float64(p.many) * p.y)
		s.many += p.many
	}
	for c, s := range sums {
		if n := float64(s.many); n > 0 {
			centres[c] = point{s.x / n, s.y / n, s.many}
		}
	}
}

// packed drops empty clusters and numbers the others by their first point.
func (p partition) packed() partition {
	number := make([]int32, p.k)
	out := partition{of: make([]int32, len(p.of))}
	for i, c := range p.of {
		if number[c] == 0 {
			out.k++
			number[c] = int32(out.k)
		}
		out.of[i] = number[c] - 1
	}
	return out
}

// silhouette is the mean over all participants of (b−a)/max(a,b), a being the mean
// distance to the others of one's cluster and b that to the nearest other cluster;
// whoever is alone counts 0 (Rousseeuw 1987).
func silhouette(points []point, p partition) float64 {
	size := make([]float64, p.k)
	for i, c := range p.of {
		size[c] += float64(points[i].many)
	}
	total, all, sums := 0.0, 0.0, make([]float64, p.k)
	for i, from := range points {
		own := p.of[i]
		all += float64(from.many)
		if size[own] == 1 {
			continue
		}
		clear(sums)
		for j, to := range points {
			sums[p.of[j]] += float64(float64(to.many) * math.Sqrt(apart(from, to)))
		}
		a, b := sums[own]/(size[own]-1), math.Inf(1)
		for c, s := range sums {
			if int32(c) != own {
				b = min(b, s/size[c])
			}
		}
		if most := max(a, b); most > 0 {
			total += float64(float64(from.many) * ((b - a) / most))
		}
	}
	return total / all
}

// groups are the groups of the participants at these places. With k = 0 their
// number is the one from 2 to 5, but at most 2 and one more for every 12 points,
// with the best silhouette, the smaller of equal ones. Above 100 participants the
// points are base clusters, each with the weight of its members.
func groups(ctx context.Context, places []point, k int) (partition, error) {
	if len(places) == 0 {
		return partition{}, nil
	}
	base := partition{of: make([]int32, len(places)), k: len(places)}
	for i := range base.of {
		base.of[i] = int32(i)
	}
	points := places
	if len(places) > mostBase {
		var err error
		base, err = lloyd(ctx, places, farthestFirst(places, mostBase, outermost(places)), baseRounds)
		if err != nil {
			return partition{}, err
		}
		points = make([]point, base.k)
		centre(points, base.of, places)
	}
	best, err := bestOf(ctx, points, k)
	if err != nil {
		return partition{}, err
	}
	of := make([]int32, len(places))
	for i, b := range base.of {
		of[i] = best.of[b]
	}
	return partition{of, best.k}, nil
}

func bestOf(ctx context.Context, points []point, k int) (best partition, err error) {
	from, to := k, k
	if k == 0 {
		from, to = 2, min(mostGroups, 2+len(points)/12)
	}
	score := math.Inf(-1)
	for k := from; k <= to; k++ {
		p, err := tightest(ctx, points, k)
		if err != nil {
			return partition{}, err
		}
		if p.k == 1 {
			return p, nil // all at one place, or so asked
		}
		if s := silhouette(points, p); s > score {
			best, score = p, s
		}
	}
	return best, nil
}

// bySize renumbers clusters: the largest is 0, and of equal ones that with the
// first point.
func (p partition) bySize() partition {
	size, order := make([]int, p.k), make([]int32, p.k)
	for _, c := range p.of {
		size[c]++
	}
	for c := range order {
		order[c] = int32(c)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return size[b] - size[a] })
	number := make([]int32, p.k)
	for i, c := range order {
		number[c] = int32(i)
	}
	for i, c := range p.of {
		p.of[i] = number[c]
	}
	return p
}
