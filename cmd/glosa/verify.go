package main

import (
	"fmt"
	"os"
	"strings"

	"glosa/db"
	"glosa/record"
	"glosa/site"
	"glosa/web/api"
)

type verifyCmd struct {
	Target string `arg:"" optional:"" help:"The site's address, its data folder, or a receipt file."`
	Policy string `help:"Policy saved earlier; without it the target's own is asked, with a warning." placeholder:"FILE"`
	store
	Receipt string   `help:"A ballot's private receipt: is it in the record, and is its row in the published file? With --policy." placeholder:"FILE"`
	Ballots string   `help:"The published .pb file, for --receipt; without it the site is asked. Of votes on statements: participants-votes.csv, where one has it." placeholder:"FILE"`
	Saved   []string `help:"Checkpoints and receipts saved earlier: the record must still hold them." placeholder:"FILE"`
}

// Run checks the target and says what it found; exit code 1 if anything failed.
func (v *verifyCmd) Run(c *console) error {
	if v.Target == "" {
		return wrong("say what to verify: the address of a site, a data folder, or a receipt with --policy FILE")
	}
	opts := record.Options{Kinds: site.Kinds(), Fold: site.Fold, Pages: api.Shown(), Now: c.clock.Now()}
	if v.Policy != "" {
		raw, err := os.ReadFile(v.Policy)
		if err != nil {
			return wrong("%w", err)
		}
		opts.Policy = raw
	}
	for _, path := range v.Saved {
		raw, err := os.ReadFile(path)
		if err != nil {
			return wrong("%w", err)
		}
		opts.Saved = append(opts.Saved, raw)
	}
	if v.Receipt != "" {
		return v.own(c, opts)
	}
	target := v.Target
	if info, err := os.Stat(target); err == nil && info.IsDir() && !strings.Contains(target, "://") {
		_, done, err := v.openFolder(c, target, &opts)
		if err != nil {
			return err
		}
		defer done()
	}
	if info, err := os.Stat(target); err == nil && info.Mode().IsRegular() && len(opts.Policy) == 0 {
		return wrong("a receipt is checked under a policy: save the site's /record/policy once and give it with --policy FILE")
	}
	report, err := record.Verify(c, target, opts)
	if err != nil {
		return err
	}
	for _, line := range report.Lines() {
		fmt.Fprintln(c.out, line)
	}
	if !report.OK() {
		return errFound
	}
	return nil
}

// openFolder looks for damage in the database of a data folder, and reads its
// table and the texts it publishes.
func (v *verifyCmd) openFolder(c *console, dir string, opts *record.Options) (d *db.DB, done func(), err error) {
	url, err := v.store.address(c)
	if err != nil {
		return nil, nil, err
	}
	conf := site.Config{Data: dir, Database: url, Log: c.log}
	if err := there(conf); err != nil {
		return nil, nil, err
	}
	d, err = db.Open(c, conf.Store())
	if err != nil {
		return nil, nil, err
	}
	if err := d.Check(c); err != nil {
		d.Close()
		return nil, nil, err
	}
	opts.Rows = record.Rows(d)
	opts.Texts = site.TextsOf(d)
	opts.Officials = site.OfficialsOf(d, site.Lying(conf))
	return d, func() { d.Close() }, nil
}
