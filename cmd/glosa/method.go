package main

import (
	"fmt"
	"io"
	"strings"

	"glosa/method/shares"
)

type methodCmd struct {
	Shares    sharesCmd    `cmd:"" help:"Proportional selection from a .pb file: what a published agenda is computed with."`
	Cluster   clusterCmd   `cmd:"" help:"Groups of opinion in a file of votes: who votes alike, what sets them apart, what all agree on."`
	Sortition sortitionCmd `cmd:"" help:"A panel's lottery from quotas and a pool: who sits on it with what chance, and whether the quotas can be met."`
	Draw      drawCmd      `cmd:"" help:"The panel that a public seed draws from a lottery, step by step."`
	Alike     alikeCmd     `cmd:"" help:"Texts of a CSV file that ask the same: what is suggested to moderators."`
}

type sharesCmd struct {
	File         string `arg:"" help:"A .pb file (Pabulib), or - for standard input."`
	Rule         string `help:"equal-shares or greedy." default:"equal-shares" enum:"equal-shares,greedy"`
	Satisfaction string `help:"cardinality or cost." default:"cardinality" enum:"cardinality,cost"`
	Completion   string `help:"none, add1, add1u or utilitarian; default add1u for equal shares, none for greedy." default:"" enum:",none,add1,add1u,utilitarian"`
	Budget       int64  `help:"Another budget than the file's." placeholder:"N"`
	JSON         bool   `help:"Write JSON." name:"json"`
}

// Run computes the outcome and writes it with its prices.
func (m *sharesCmd) Run(c *console) error {
	var inst *shares.Instance
	err := c.reading(m.File, func(in io.Reader) (err error) {
		inst, err = shares.Parse(in)
		return err
	})
	if err != nil {
		return err
	}
	if m.Budget > 0 {
		inst.Budget = m.Budget
	}
	completion := m.Completion
	if completion == "" {
		completion = "add1u"
		if m.Rule == "greedy" {
			completion = "none"
		}
	}
	rule := shares.Rule{Kind: m.Rule, Satisfaction: m.Satisfaction, Completion: completion}
	result, err := shares.Run(inst, rule)
	if err != nil {
		return wrong("%s: %w", m.File, err)
	}
	if m.JSON {
		raw, err := result.File()
		if err == nil {
			_, err = c.out.Write(raw)
		}
		return err
	}
	fmt.Fprintf(c.out, "%d chosen, cost %d of %d\n", len(result.Selected), result.Cost, result.Budget)
	fmt.Fprintln(c.out, strings.Join(result.Selected, "\n"))
	return nil
}
