package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"glosa"
	"glosa/auth"
	"glosa/civic/people"
	"glosa/db"
	"glosa/site"
)

type inviteCmd struct {
	place
	Edition     string   `help:"Edition of the seat, such as qroo-10; none means every edition." placeholder:"ID"`
	Role        []string `help:"What they will do: facilitator, moderator, liaison, signatory, chair, clerk, rapporteur, panelist, selector, evaluator, convenor, overview. A post or seat of the register says it itself."`
	Side        string   `help:"government, civil or observatory." placeholder:"SIDE"`
	Seat        int      `help:"Number of the seat on that side; or give a post." placeholder:"N"`
	Sector      string   `help:"Of a seat that the edition does not have yet: executive, legislature, judiciary, municipality, autonomous, cso, academia, business, media, observer." placeholder:"SECTOR"`
	Post        string   `help:"Key of the post held, such as sesa-titular." placeholder:"KEY"`
	Institution string   `help:"Key of the post's institution, such as SESA, if the register does not know the post." placeholder:"KEY"`
	Human       string   `help:"Somebody who was invited before: a further way to act for the same person." placeholder:"ID"`
	Document    string   `help:"The paper that gives an empty post or seat to somebody; the record keeps its SHA-256." placeholder:"FILE" type:"path"`
	Title       string   `help:"Title and date of that paper, without names of persons." placeholder:"TEXT"`
	Reason      string   `help:"Why; it goes into the public record." required:""`
}

// Run prints a one-time code, good for 72 hours. Each side names its own people
// at its desk; the keeper lets in the first facilitator and the governor's
// office, and whoever needs a place on both sides. What it does is announced first.
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
	code, made, err := i.invite(c, s)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "code   %s\nhuman  %s\nType the code at /es/entrar within 72 hours. It is not shown again.\n", code, made.Human)
	return nil
}

// invite gives a place of the register where there is one: a post it knows, a
// seat of an edition. Anything else rests on this command alone.
func (i *inviteCmd) invite(c *console, s *site.Site) (code string, g auth.Grant, err error) {
	ed := glosa.EditionID(i.Edition)
	if i.Post == "" && i.Edition != "" && i.Sector != "" {
		if err := i.makeSeat(c, s); err != nil {
			return "", g, err
		}
	}
	chairs, err := s.Auth.Chairs(c, glosa.Admin(), ed)
	if err != nil {
		return "", g, err
	}
	at := slices.IndexFunc(chairs, i.is)
	if at < 0 {
		return i.outside(c, s)
	}
	chair := chairs[at]
	switch {
	case !chair.Held:
		if err := i.fill(c, s, chair); err != nil {
			return "", g, err
		}
	case i.Document != "" || i.Human != "" && chair.Post.Key == "":
		return "", g, wrong("somebody has that place already: leave out --human and --document to invite them")
	case i.Human != "": // a deputy: the code opens while something of the post is delegated to them
		p := chair.Post
		return s.Auth.Invite(c, glosa.Admin(), auth.Grant{Human: glosa.HumanID(i.Human), Edition: ed, Roles: p.Roles, Side: p.Side, Post: p.Key, Institution: p.Institution})
	}
	if chair.Post.Key != "" {
		return s.Auth.InviteToPost(c, glosa.Admin(), ed, chair.Post.Key)
	}
	return s.Auth.InviteToSeat(c, glosa.Admin(), ed, chair.Seat.ID)
}

// is tells whether a place of the register is the one on the command line.
func (i *inviteCmd) is(c auth.Chair) bool {
	if c.Post.Key != "" {
		return string(c.Post.Key) == i.Post
	}
	return i.Post == "" && string(c.Seat.Side) == i.Side && c.Seat.Number == i.Seat
}

func (i *inviteCmd) roles() (out []glosa.Role) {
	for _, r := range i.Role {
		out = append(out, glosa.Role(strings.TrimSpace(r)))
	}
	return out
}

func (i *inviteCmd) makeSeat(c *console, s *site.Site) error {
	_, err := s.People.Seat(c, glosa.Admin(), people.Seat{Edition: glosa.EditionID(i.Edition), Side: glosa.Side(i.Side), Number: i.Seat,
		Roles: i.roles(), Sector: people.Sector(i.Sector), Institution: glosa.InstitutionKey(i.Institution)})
	return err
}

func (i *inviteCmd) human(c *console, s *site.Site) (glosa.HumanID, error) {
	if i.Human != "" {
		return glosa.HumanID(i.Human), nil
	}
	return s.People.Enrol(c, glosa.Admin())
}

// fill gives an empty place to somebody from today on, by its document.
func (i *inviteCmd) fill(c *console, s *site.Site, chair auth.Chair) error {
	doc, err := i.document()
	if err != nil {
		return err
	}
	var today people.Day
	err = s.DB.Read(c, func(tx *db.Tx) (err error) {
		today, err = people.Today(tx, glosa.EditionID(i.Edition))
		return err
	})
	if err != nil {
		return err
	}
	human, err := i.human(c, s)
	if err != nil {
		return err
	}
	if chair.Post.Key != "" {
		_, err = s.People.Grant(c, glosa.Admin(), people.Tenure{Post: chair.Post.Key, Human: human, From: today, Document: doc})
		return err
	}
	_, err = s.People.Sit(c, glosa.Admin(), chair.Seat.Edition, people.Sitting{Seat: chair.Seat.ID, Human: human, From: today, Document: doc})
	return err
}

func (i *inviteCmd) document() (people.Document, error) {
	if i.Document == "" || i.Title == "" {
		return people.Document{}, wrong("that place is empty: --document and --title say which paper gives it to somebody")
	}
	f, err := os.Open(i.Document)
	if err != nil {
		return people.Document{}, wrong("--document: %v", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return people.Document{}, err
	}
	return people.Document{Digest: glosa.Hash(h.Sum(nil)), Title: i.Title}, nil
}

// outside gives a way to act that the register does not know: the first
// facilitator's, before there is an edition to sit in.
func (i *inviteCmd) outside(c *console, s *site.Site) (string, auth.Grant, error) {
	human, err := i.human(c, s)
	if err != nil {
		return "", auth.Grant{}, err
	}
	return s.Auth.Invite(c, glosa.Admin(), auth.Grant{Human: human, Edition: glosa.EditionID(i.Edition), Roles: i.roles(),
		Side: glosa.Side(i.Side), Seat: i.Seat, Post: glosa.PostKey(i.Post), Institution: glosa.InstitutionKey(i.Institution)})
}
