package shares

import "math/big"

// buy charges an item to its supporters and moves them to their new classes.
func (s *spending) buy(item int) {
	q, _ := s.quote(item)
	q.poor = append([]entry(nil), q.poor...)
	num := q.num
	if num == nil {
		num = s.numerator(&q)
	}
	it := s.items[item]
	m := Round{ID: it.ID, Cost: it.Cost, Supporters: s.count[item]}
	for _, e := range q.poor {
		m.Rest += e.heads
	}
	if m.Rest > 0 {
		var poor, k big.Int
		poor.Mul(s.den, k.SetInt64(it.Cost)).Sub(&poor, num)
		m.RestPaid = ratio(&poor, s.den)
	}
	price := s.settle(num, q.rich)
	m.Price, m.Rho = price.RatString(), new(big.Rat).Quo(price, new(big.Rat).SetInt64(s.unit[item])).RatString()
	if s.points != nil {
		m.Points = q.rich
	}
	s.gone[item] = true
	s.bought = append(s.bought, item)
	m.Full = s.move(item, q.poor) - m.Rest
	s.marks = append(s.marks, m)
}

// settle keeps a price of num/(parts·den) and widens the common denominator if it must.
func (s *spending) settle(num *big.Int, parts int64) *big.Rat {
	p, widen := reduce(num, parts)
	if widen.Cmp(one) != 0 {
		s.den.Mul(s.den, widen)
		s.share.Mul(s.share, widen)
		for _, p := range s.paid {
			p.Mul(p, widen)
		}
	}
	s.paid = append(s.paid, p)
	return new(big.Rat).SetFrac(p, s.den)
}

// move puts each supporter who had money into the class after this payment, and counts them.
func (s *spending) move(item int, poor []entry) (heads int64) {
	s.gather(item)
	defer s.clear()
	round := int32(len(s.paid) - 1)
	next := make([]int32, len(s.touch)) // place in touch → class after paying
	for _, e := range poor {
		next[*s.place(e.class, e.points)-1] = exhausted
	}
	price := near64(s.paid[round], s.den)
	for k, e := range s.touch {
		heads += e.heads
		if next[k] == exhausted {
			continue
		}
		n := int32(len(s.left))
		s.left = append(s.left, max(0, s.left[e.class]-float64(price*float64(e.points))))
		s.parent = append(s.parent, e.class)
		s.last = append(s.last, round)
		s.gave = append(s.gave, e.points)
		s.slot = append(s.slot, 0)
		next[k] = n
		// Whoever paid to the last coin is exhausted: nearly nothing is asked exactly.
		if s.left[n] <= s.blur()*2 && s.exactLeft(n).Sign() == 0 {
			next[k] = exhausted
		}
	}
	for k, g := range s.sup[item] {
		if c := s.class[g]; c != exhausted {
			s.class[g] = next[*s.place(c, s.pointsOf(item, k))-1]
		}
	}
	return heads
}

// remaining is what an item's supporters have left together.
func (s *spending) remaining(item int) *big.Rat {
	s.gather(item)
	defer s.clear()
	return new(big.Rat).SetFrac(s.together(s.touch), s.den)
}

// cost is what the items bought cost together.
func (s *spending) cost() int64 { return s.costOf(s.bought) }
