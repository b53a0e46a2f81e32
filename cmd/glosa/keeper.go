package main

import (
	"fmt"

	"glosa/site"
)

type migrateCmd struct{ place }

// Run brings the database to this program's schema. It changes no data.
func (m *migrateCmd) Run(c *console) error {
	conf, err := m.config(c)
	if err != nil {
		return err
	}
	s, err := site.Open(c, conf) // opening migrates
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, "the schema is that of", software())
	return s.Close()
}
