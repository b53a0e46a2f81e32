package main

import (
	"fmt"
	"strings"

	"glosa"
	"glosa/auth"
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

type inviteCmd struct {
	place
	Edition     string   `help:"Edition of the seat, such as qroo-10; none means every edition." placeholder:"ID"`
	Role        []string `help:"What they will do: facilitator, moderator, liaison, signatory, chair, clerk, rapporteur, panelist, selector, evaluator, convenor, overview." required:""`
	Side        string   `help:"government, civil or observatory." required:"" enum:"government,civil,observatory"`
	Seat        int      `help:"Number of the seat on that side; or give a post." placeholder:"N"`
	Post        string   `help:"Key of the post held, such as sesa-titular." placeholder:"KEY"`
	Institution string   `help:"Key of the post's institution, such as SESA." placeholder:"KEY"`
	Human       string   `help:"Somebody who was invited before: a further way to act for the same person." placeholder:"ID"`
	Reason      string   `help:"Why; it goes into the public record." required:""`
}

// Run prints a one-time code, good for 72 hours.
func (i *inviteCmd) Run(c *console) error {
	conf, err := i.config(c)
	if err != nil {
		return err
	}
	s, err := site.Open(c, conf)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Auth.Announce(c, "invite", i.Reason); err != nil {
		return err
	}
	human := glosa.HumanID(i.Human)
	if human == "" {
		if human, err = s.People.Enrol(c, glosa.Admin()); err != nil {
			return err
		}
	}
	g := auth.Grant{Human: human, Edition: glosa.EditionID(i.Edition), Side: glosa.Side(i.Side), Seat: i.Seat,
		Post: glosa.PostKey(i.Post), Institution: glosa.InstitutionKey(i.Institution)}
	for _, r := range i.Role {
		g.Roles = append(g.Roles, glosa.Role(strings.TrimSpace(r)))
	}
	code, made, err := s.Auth.Invite(c, glosa.Admin(), g)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "code   %s\nhuman  %s\nType the code at /es/entrar within 72 hours. It is not shown again.\n", code, made.Human)
	return nil
}
