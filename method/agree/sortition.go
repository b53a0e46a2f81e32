package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"glosa/method/sortition"
)

// sortition is lotteries of made pools by both rules, with households and without,
// conflicts where quotas cannot be met, and draws.
func (p *printer) sortition() error {
	sizes := [][2]int{{12, 3}, {40, 8}, {80, 12}, {150, 22}}
	if p.large {
		sizes = append(sizes, [2]int{360, 30})
	}
	for _, of := range sizes {
		for _, tight := range []int{0, 1, 2} {
			for _, households := range []bool{false, true} {
				if of[0] > 150 && (households || tight == 0) {
					continue
				}
				in := volunteers(of[0], of[1], tight, households)
				for _, rule := range []string{sortition.Maximin, sortition.Leximin} {
					name := fmt.Sprintf("sortition, %s, %d of %d, slack %d, households %v", rule, of[1], of[0], tight, households)
					if err := p.lottery(name, in, rule); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

func (p *printer) lottery(name string, in *sortition.Instance, rule string) error {
	var file []byte
	res, err := sortition.Solve(context.Background(), in, rule, nil)
	var unmet *sortition.Infeasible
	if errors.As(err, &unmet) {
		file, err = unmet.File()
		p.line(name+", unmet", file, err)
		return nil
	}
	if err == nil {
		file, err = res.File()
	}
	p.line(name, file, err)
	if err != nil {
		return nil
	}
	for _, seed := range []string{"Melate 4123", "Melate 4124", "Melate 4125"} {
		drawn, err := sortition.Draw(res, seed)
		if err == nil {
			file, err = drawn.File()
		}
		p.line(name+", drawn by "+seed, file, err)
	}
	return nil
}

// volunteers are a pool of people in four categories, of which some volunteer more
// readily than others, and quotas of equal parts, give or take slack.
func volunteers(people, size, slack int, households bool) *sortition.Instance {
	rnd := rand.New(rand.NewPCG(uint64(people), uint64(size)))
	in := &sortition.Instance{Pool: &sortition.Pool{IDColumn: "id"}, Size: size, Households: households}
	features := []int{2, 3, 3, 4}
	for c, n := range features {
		in.Pool.Categories = append(in.Pool.Categories, fmt.Sprintf("c%d", c))
		for f := range n {
			q := sortition.Quota{Category: fmt.Sprintf("c%d", c), Feature: fmt.Sprintf("f%d", f),
				Min: max(0, size/n-slack), Max: size/n + slack, MinFlex: sortition.NoLimit, MaxFlex: sortition.NoLimit}
			in.Quotas = append(in.Quotas, q)
		}
	}
	for i := range people {
		who := sortition.Person{ID: fmt.Sprintf("p%03d", i), Household: fmt.Sprint(rnd.IntN(people))}
		for _, n := range features {
			who.Features = append(who.Features, fmt.Sprintf("f%d", min(rnd.IntN(n), rnd.IntN(n+1))))
		}
		in.Pool.People = append(in.Pool.People, who)
	}
	return in
}
