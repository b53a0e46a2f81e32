package shares

import "math/big"

// buy charges an item to its supporters and moves them to their new classes.
func (s *spending) buy(item int) {
	q, _ := s.quote(item)
	q.poor = append([]int32(nil), q.poor...)
	num := q.num
	if num == nil {
		num = s.numerator(&q)
	}
	round := int32(len(s.paid))
	rest, owed := int64(0), new(big.Rat)
	for _, w := range s.weigh(&q) {
		rest += w
	}
	if rest > 0 {
		var poor big.Int
		poor.Mul(s.den, big.NewInt(s.items[item].Cost)).Sub(&poor, num)
		owed.SetFrac(&poor, s.den)
	}
	price := s.settle(num, q.rich)
	s.gone[item] = true
	s.bought = append(s.bought, item)
	s.marks = append(s.marks, Round{ID: s.items[item].ID, Cost: s.items[item].Cost, Supporters: s.count[item],
		Price: price.RatString(), Rho: new(big.Rat).Quo(price, new(big.Rat).SetInt64(s.unit[item])).RatString(),
		Full: q.rich, Rest: rest})
	if rest > 0 {
		s.marks[round].RestPaid = owed.RatString()
	}
	s.move(item, q.poor, round)
}

// settle keeps a price of num/(rich·den) and widens the common denominator if it must.
func (s *spending) settle(num *big.Int, rich int64) *big.Rat {
	var k, r, g big.Int
	k.SetInt64(rich)
	g.GCD(nil, nil, &k, r.Mod(num, &k))
	widen := new(big.Int).Quo(&k, &g)
	if widen.Cmp(big.NewInt(1)) != 0 {
		s.den.Mul(s.den, widen)
		s.share.Mul(s.share, widen)
		for _, p := range s.paid {
			p.Mul(p, widen)
		}
	}
	p := new(big.Int).Quo(num, &g) // num/(rich·den) = (num/g)/(widen·den)
	s.paid = append(s.paid, p)
	return new(big.Rat).SetFrac(p, s.den)
}

// move puts each supporter into the class after this payment.
func (s *spending) move(item int, poor []int32, round int32) {
	s.gather(item)
	s.clear()
	for _, c := range s.touch {
		s.child[c] = 0
	}
	for _, c := range poor {
		s.child[c] = exhausted
	}
	price := near64(s.paid[round], s.den)
	for _, c := range s.touch {
		if s.child[c] == exhausted {
			continue
		}
		n := int32(len(s.left))
		s.left = append(s.left, max(0, s.left[c]-price))
		s.parent = append(s.parent, c)
		s.last = append(s.last, round)
		s.weight = append(s.weight, 0)
		s.child = append(s.child, 0)
		s.child[c] = n
		// Whoever paid to the last coin is exhausted: nearly nothing is asked exactly.
		if s.left[n] <= s.blur()*2 && s.exactLeft(n).Sign() == 0 {
			s.child[c] = exhausted
		}
	}
	for _, g := range s.sup[item] {
		if c := s.class[g]; c != exhausted {
			s.class[g] = s.child[c]
		}
	}
}

// remaining is what an item's supporters have left together.
func (s *spending) remaining(item int) *big.Rat {
	s.gather(item)
	defer s.clear()
	var sum, k big.Int
	for _, c := range s.touch {
		sum.Add(&sum, new(big.Int).Mul(s.exactLeft(c), k.SetInt64(s.weight[c])))
	}
	return new(big.Rat).SetFrac(&sum, s.den)
}

// cost is what the items bought cost together.
func (s *spending) cost() (sum int64) {
	for _, i := range s.bought {
		sum += s.items[i].Cost
	}
	return sum
}
