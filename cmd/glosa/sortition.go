package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"glosa/method/sortition"
)

type sortitionCmd struct {
	Categories string `help:"The quotas: category, feature, min, max; min_flex and max_flex where limits may give way. - for standard input." required:"" placeholder:"FILE.csv"`
	Pool       string `help:"Who may be drawn: a column for each category, and others. - for standard input." required:"" placeholder:"FILE.csv"`
	Size       int    `help:"Seats of the panel." required:"" placeholder:"N"`
	Rule       string `help:"maximin or leximin." default:"leximin" enum:"maximin,leximin"`
	Households string `help:"At most one person for each value of this column; empty ones count alone." placeholder:"COLUMN"`
	ID         string `help:"The column that holds ids, if it is called otherwise than usual. Without one people are numbered from 1." name:"id" placeholder:"COLUMN"`
	JSON       bool   `help:"Write JSON." name:"json"`
}

// quiet is how long the work goes on before it says where it stands.
const quiet = 2 * time.Second

// Run computes the lottery, or says which quotas are in conflict.
func (m *sortitionCmd) Run(c *console) error {
	in, err := m.instance(c)
	if err != nil {
		return err
	}
	res, err := sortition.Solve(c, in, m.Rule, c.progress())
	var unmet *sortition.Infeasible
	var unfinished *sortition.Unfinished
	switch {
	case errors.As(err, &unmet):
		if err := m.unmet(c, unmet); err != nil {
			return err
		}
		return unmet
	case c.Err() != nil:
		return c.Err()
	case errors.As(err, &unfinished):
		return err // nothing is wrong with the input
	case err != nil:
		return wrong("%w", err)
	}
	if m.JSON {
		raw, err := res.File()
		if err == nil {
			_, err = c.out.Write(raw)
		}
		return err
	}
	proved := "not proved to be the optimum"
	if res.Optimal {
		proved = "proved to be the optimum"
	}
	fmt.Fprintf(c.out, "%d people, %d seats, %d panels; everybody has a chance of at least %s (%s), %s\n",
		len(res.Probabilities), res.Size, len(res.Panels), res.Min.RatString(), res.Min.FloatString(4), proved)
	return nil
}

// instance reads both files.
func (m *sortitionCmd) instance(c *console) (*sortition.Instance, error) {
	if m.Categories == "-" && m.Pool == "-" {
		return nil, wrong("--categories and --pool: only one of them can be standard input")
	}
	in := &sortition.Instance{Size: m.Size, Households: m.Households != ""}
	err := c.reading(m.Categories, func(r io.Reader) (err error) {
		in.Quotas, err = sortition.ParseCategories(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = c.reading(m.Pool, func(r io.Reader) (err error) {
		in.Pool, err = sortition.ParsePool(r, in.Quotas, sortition.Columns{ID: m.ID, Household: m.Households})
		return err
	})
	return in, err
}

// unmet writes which quotas are in conflict and what would mend it.
func (m *sortitionCmd) unmet(c *console, why *sortition.Infeasible) error {
	if m.JSON {
		raw, err := why.File()
		if err == nil {
			_, err = c.out.Write(raw)
		}
		return err
	}
	for _, b := range why.Relaxation {
		fmt.Fprintf(c.out, "%s, %s: %s %d instead of %d\n", b.Category, b.Feature, b.Bound, b.To, b.From)
	}
	return nil
}

type drawCmd struct {
	Result string `arg:"" help:"What glosa method sortition --json wrote, or - for standard input."`
	Seed   string `help:"The public text that decides: agreed on how before, known only after the lottery was published." required:"" placeholder:"TEXT"`
	JSON   bool   `help:"Write JSON." name:"json"`
}

// Run draws the panel.
func (m *drawCmd) Run(c *console) error {
	var res *sortition.Result
	err := c.reading(m.Result, func(r io.Reader) (err error) {
		res, err = sortition.ParseResult(r)
		return err
	})
	if err != nil {
		return err
	}
	drawn, err := sortition.Draw(res, m.Seed)
	if err != nil {
		return wrong("%w", err)
	}
	if m.JSON {
		raw, err := drawn.File()
		if err == nil {
			_, err = c.out.Write(raw)
		}
		return err
	}
	_, err = fmt.Fprintln(c.out, strings.Join(drawn.Transcript, "\n"))
	return err
}
