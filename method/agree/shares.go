package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"glosa/method/shares"
)

// shares is every rule, satisfaction and completion on every published election,
// and every outcome of ties among committees.
func (p *printer) shares() error {
	for _, pattern := range []string{"pabulib-mes/*.pb", "pabulib-mes/*/*.pb"} {
		names, err := p.files(pattern)
		if err != nil {
			return err
		}
		for _, name := range names {
			in, err := open(name, shares.Parse)
			if err != nil {
				return err
			}
			for _, rule := range rules() {
				steps := rule.Completion == shares.Add1 || rule.Completion == shares.Add1U
				if steps && slices.Contains(long, filepath.Base(name)) && !p.large {
					continue
				}
				p.decided(short(name), in, rule)
			}
		}
	}
	names, err := p.files("abc-instances/*.abc.yaml")
	if err != nil {
		return err
	}
	for i, name := range names {
		if i%10 != 0 && !p.large {
			continue
		}
		in, err := open(name, shares.ParseABC)
		if err != nil {
			return err
		}
		for _, rule := range rules() {
			if rule.Satisfaction == shares.Cardinality { // all items cost the same
				p.decided(short(name), in, rule)
			}
		}
	}
	return nil
}

// long are elections on which add1 takes thousands of steps.
var long = []string{"hungary_budapest_2024.pb", "poland_warszawa_2021_bielany.pb"}

// decided is one election by one rule. Committees' ties are all followed.
func (p *printer) decided(name string, in *shares.Instance, rule shares.Rule) {
	what := fmt.Sprintf("shares, %s by %s, %s %s", rule.Kind, rule.Satisfaction, rule.Completion, name)
	var file []byte
	res, err := shares.Run(in, rule)
	if err == nil {
		file, err = res.File()
	}
	p.line(what, file, err)
	if in.Committee {
		all, err := shares.AllTies(context.Background(), in, rule, nil)
		if err == nil {
			file, err = json.Marshal(all)
		}
		p.line("all ties, "+what, file, err)
	}
}

// rules are all that there are.
func rules() (all []shares.Rule) {
	for _, satisfaction := range []string{shares.Cost, shares.Cardinality} {
		for _, kind := range []string{shares.SeqPhragmen, shares.Greedy, shares.SeqPAV} {
			all = append(all, shares.Rule{Kind: kind, Satisfaction: satisfaction, Completion: shares.None})
		}
		for _, completion := range []string{shares.None, shares.Add1, shares.Add1U, shares.Utilitarian, shares.Phragmen, shares.Approval} {
			all = append(all, shares.Rule{Kind: shares.EqualShares, Satisfaction: satisfaction, Completion: completion})
		}
	}
	return all
}
