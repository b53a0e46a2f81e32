package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"glosa/method/shares"
)

type methodCmd struct {
	Shares    sharesCmd    `cmd:"" help:"Proportional selection from a .pb or .abc.yaml file: what a published agenda is computed with."`
	Cluster   clusterCmd   `cmd:"" help:"Groups of opinion in a file of votes: who votes alike, what sets them apart, what all agree on."`
	Sortition sortitionCmd `cmd:"" help:"A panel's lottery from quotas and a pool: who sits on it with what chance, and whether the quotas can be met."`
	Draw      drawCmd      `cmd:"" help:"The panel that a public seed draws from a lottery, step by step."`
	Alike     alikeCmd     `cmd:"" help:"Texts of a CSV file that ask the same: what is suggested to moderators."`
}

type sharesCmd struct {
	File         string `arg:"" help:"A .pb file (Pabulib) or an .abc.yaml file (abcvoting), or - for standard input."`
	Rule         string `help:"${enum}." default:"equal-shares" enum:"equal-shares,seq-phragmen,greedy,seq-pav"`
	Satisfaction string `help:"cardinality or cost." default:"cardinality" enum:"cardinality,cost"`
	Completion   string `help:"none, add1, add1u, utilitarian, phragmen or approval; default add1u for equal shares, none for the others." default:"" enum:",none,add1,add1u,utilitarian,phragmen,approval"`
	Budget       *int64 `help:"Another budget than the file's." placeholder:"N"`
	Increment    int64  `help:"add1: so much more for each voter at each step, where steps of one unit are too small." placeholder:"N"`
	AllTies      bool   `help:"Every outcome that some tie-breaking returns."`
	JSON         bool   `help:"Write JSON." name:"json"`
}

// Run computes the outcome and writes it with its prices.
func (m *sharesCmd) Run(c *console) error {
	var inst *shares.Instance
	err := c.reading(m.File, func(in io.Reader) (err error) {
		inst, err = election(m.File, in)
		return err
	})
	if err != nil {
		return err
	}
	if m.Budget != nil {
		inst.Budget = *m.Budget
	}
	rule := shares.Rule{Kind: m.Rule, Satisfaction: m.Satisfaction, Completion: m.Completion, Increment: m.Increment}
	switch {
	case m.Completion == "" && m.Rule == shares.EqualShares:
		rule.Completion = shares.Add1U
	case m.Completion == "":
		rule.Completion = shares.None
	}
	write := m.one
	if m.AllTies {
		write = m.all
	}
	err = write(c, inst, rule)
	switch {
	case c.Err() != nil:
		return c.Err()
	case err != nil:
		return wrong("%s: %w", m.File, err)
	}
	return nil
}

func (m *sharesCmd) one(c *console, inst *shares.Instance, rule shares.Rule) error {
	result, err := shares.Decide(c, inst, rule, c.progress())
	if err != nil {
		return err
	}
	if m.JSON {
		raw, err := result.File()
		if err == nil {
			_, err = c.out.Write(raw)
		}
		return err
	}
	_, err = fmt.Fprintf(c.out, "%d chosen, cost %d of %d\n%s\n", len(result.Selected), result.Cost, result.Budget, strings.Join(result.Selected, "\n"))
	return err
}

func (m *sharesCmd) all(c *console, inst *shares.Instance, rule shares.Rule) error {
	outcomes, err := shares.AllTies(c, inst, rule, c.progress())
	if err != nil {
		return err
	}
	if m.JSON {
		enc := json.NewEncoder(c.out)
		enc.SetEscapeHTML(false)
		return enc.Encode(map[string][][]string{"outcomes": outcomes})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d outcomes\n", len(outcomes))
	for _, o := range outcomes {
		fmt.Fprintln(&b, strings.Join(o, " "))
	}
	_, err = io.WriteString(c.out, b.String())
	return err
}

// election reads a .pb or an .abc.yaml file: by its name, or by how it begins.
func election(name string, in io.Reader) (*shares.Instance, error) {
	b := bufio.NewReader(in)
	committee := strings.HasSuffix(name, ".yaml")
	if name == "-" {
		begin, _ := b.Peek(len("committeesize:"))
		for _, key := range []string{"description:", "profile:", "num_cand:", "committeesize:"} {
			committee = committee || bytes.HasPrefix(begin, []byte(key))
		}
	}
	if committee {
		return shares.ParseABC(b)
	}
	return shares.Parse(b)
}

// progress says where long work stands, once in a while. Short work says nothing.
func (c *console) progress() func(string) {
	last := c.clock.Now()
	return func(stands string) {
		if now := c.clock.Now(); now.Sub(last) >= quiet {
			fmt.Fprintln(c.err, "glosa:", stands)
			last = now
		}
	}
}
