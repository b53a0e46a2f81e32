package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"glosa"
	"glosa/civic/people"
	"glosa/site"
)

type loadCmd struct {
	place
	Folder    string `arg:"" optional:"" help:"A folder of one's own with territory.yaml, institutions.yaml and census.csv; without it, what comes with the program." type:"path"`
	Territory string `help:"Code of the territory: one that comes with the program (23 is Quintana Roo, the default), or the one to take out of the folder." placeholder:"CODE"`
	Reason    string `help:"Why; it goes into the public record." default:"reference data of the territory"`
}

// Help is said by glosa load --help.
func (loadCmd) Help() string {
	return `Loads the municipalities, their census, the institutions and their posts, each with its source:
what an edition needs before it can be called. Loading the same data again changes nothing; loading
corrected data corrects it, and leaves alone what the desks registered under other keys.

  glosa load --data /var/lib/glosa                      Quintana Roo, as it ships
  glosa load --data /var/lib/glosa my-state             a folder of your own

A folder of your own begins as a copy of civic/people/data/23 of the source code. A fault in it is
named by its file and line, and nothing is loaded.`
}

// Run reads all of it before anything is announced or written.
func (l *loadCmd) Run(c *console) error {
	ref, err := l.read()
	if err != nil {
		return err
	}
	conf, err := l.config(c)
	if err != nil {
		return err
	}
	if err := there(conf); err != nil {
		return err
	}
	s, err := site.Open(c, conf)
	if err != nil {
		return err
	}
	defer s.Close()
	loaded, err := s.People.Loads(c)
	if err != nil {
		return err
	}
	if loaded[ref.Territory] == ref.Digest {
		fmt.Fprintf(c.out, "territory %s is loaded already, with these very data: nothing changed\n", ref.Territory)
		return nil
	}
	if err := s.Auth.Announce(c, "load", l.Reason); err != nil {
		return err
	}
	if err := s.People.Load(c, glosa.Admin(), ref); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "territory %s loaded: %d places, %d institutions, %d posts\n", ref.Territory, len(ref.Territories), len(ref.Institutions), len(ref.Posts))
	return nil
}

func (l *loadCmd) read() (people.Reference, error) {
	if l.Folder == "" {
		code := glosa.TerritoryCode(l.Territory)
		if code == "" {
			code = "23"
		}
		ref, err := people.ShippedReference(code)
		if err != nil {
			return ref, wrong("nothing comes with the program for the territory %q, only for %v: give a folder", code, people.Shipped())
		}
		return ref, nil
	}
	if info, err := os.Stat(l.Folder); err != nil || !info.IsDir() {
		return people.Reference{}, wrong("%s is no folder", l.Folder)
	}
	ref, err := people.ReadReference(glosa.TerritoryCode(l.Territory), os.DirFS(l.Folder))
	var e *glosa.Error
	if errors.As(err, &e) && e.Args["line"] == "0" {
		return ref, wrong("%s cannot be read: a folder has territory.yaml, institutions.yaml and census.csv", filepath.Join(l.Folder, e.Args["file"]))
	}
	if errors.As(err, &e) && e.Args["file"] != "" {
		return ref, wrong("%s:%s: %s", filepath.Join(l.Folder, e.Args["file"]), e.Args["line"], e.Args["problem"])
	}
	return ref, err
}

// next says what an empty installation needs before anybody can use it.
func next(c *console, s *site.Site, data string) error {
	loaded, err := s.People.Loads(c)
	if err != nil {
		return err
	}
	editions, err := s.Edition.List(c, "")
	if err != nil || len(editions) > 0 {
		return err
	}
	fmt.Fprintln(c.out, "There is no edition here yet. What comes next, in another terminal (docs/operator.md, «Tu primera edición»):")
	if len(loaded) == 0 {
		fmt.Fprintf(c.out, "  glosa load --data %s\n", data)
	}
	fmt.Fprintf(c.out, "  glosa invite --data %s --role facilitator --side civil --seat 1 --reason \"first facilitator\"\n", data)
	fmt.Fprintf(c.out, "  glosa invite --data %s --role overview --side government --seat 1 --reason \"governor's office\"\n", data)
	fmt.Fprintln(c.out, "Their codes are typed at /es/entrar; the facilitator founds the edition at /es/mesa/edicion.")
	return nil
}
