package main

import (
	"errors"
	"fmt"
	"os"

	"glosa/db"
	"glosa/site"
)

type migrateCmd struct {
	place
	Reason string `help:"Why; it goes into the public record." default:"the schema of this program"`
}

// Run brings the database to this program's schema. It changes no data. It is
// announced first; serve, invite and the others do the same when they find an
// older schema.
func (m *migrateCmd) Run(c *console) error {
	conf, err := m.config(c)
	if err != nil {
		return err
	}
	if conf.Database == "" {
		if err := os.MkdirAll(conf.Data, 0o700); err != nil {
			return wrong("%w", err)
		}
	}
	d, err := db.Open(c, conf.Store())
	if err != nil {
		return err
	}
	err = site.Migrate(c, d, m.Reason, true)
	if err := errors.Join(err, d.Close()); err != nil {
		return err
	}
	s, err := site.Open(c, conf) // a new house gets its keys and folders
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, "the schema is that of", software())
	return s.Close()
}
