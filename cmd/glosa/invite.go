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
	if err := there(conf); err != nil {
		return err
	}
	s, err := site.Open(c, conf)
	if err != nil {
		return err
	}
	defer s.Close()
	do, err := i.plan(c, s)
	if err != nil {
		return err
	}
	if err := s.Auth.Announce(c, "invite", i.Reason); err != nil {
		return err
	}
	code, made, err := do()
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "code   %s\nhuman  %s\nType the code at /es/entrar within 72 hours. It is not shown again.\n", code, made.Human)
	return nil
}

// deed is what is done once it is announced.
type deed func() (code string, g auth.Grant, err error)

// plan checks everything before anything is announced or written. There is a
// place of the register where it knows the post or the seat; anything else rests
// on this command alone.
func (i *inviteCmd) plan(c *console, s *site.Site) (deed, error) {
	ed := glosa.EditionID(i.Edition)
	if i.Post == "" && i.Seat < 1 {
		return nil, wrong("say which place: --seat N on the side, or --post KEY")
	}
	if i.Human != "" && s.People.Known(c, glosa.HumanID(i.Human)) != nil {
		return nil, wrong("--human: nobody was invited under that id; it is what the first invitation printed")
	}
	if ed != "" {
		if _, err := s.Edition.Get(c, ed); err != nil {
			return nil, err
		}
	}
	chairs, err := s.Auth.Chairs(c, glosa.Admin(), ed)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(chairs, i.is)
	if at < 0 && i.Sector != "" && i.Post == "" && ed != "" {
		return i.planSeat(c, s)
	}
	if at < 0 {
		g := i.grant()
		return func() (string, auth.Grant, error) { return s.Auth.Invite(c, glosa.Admin(), g) }, g.Check()
	}
	if chairs[at].Held && (i.Human != "" || i.Document != "") {
		return nil, wrong("somebody has that place already: leave out --human and --document to invite them")
	}
	if i.Side != "" && string(chairs[at].Post.Side+chairs[at].Seat.Side) != i.Side {
		return nil, wrong("the register has %s on another side than %s", i.Post, i.Side)
	}
	return i.planPlace(c, s, chairs[at])
}

// planPlace invites whoever has a place of the register, and first gives it to
// somebody, by the document, if it is empty.
func (i *inviteCmd) planPlace(c *console, s *site.Site, chair auth.Chair) (deed, error) {
	var doc people.Document
	if !chair.Held {
		var err error
		if doc, err = i.document(); err != nil {
			return nil, err
		}
	}
	return func() (string, auth.Grant, error) {
		if !chair.Held {
			if err := i.fill(c, s, chair, doc); err != nil {
				return "", auth.Grant{}, err
			}
		}
		if chair.Post.Key != "" {
			return s.Auth.InviteToPost(c, glosa.Admin(), glosa.EditionID(i.Edition), chair.Post.Key)
		}
		return s.Auth.InviteToSeat(c, glosa.Admin(), glosa.EditionID(i.Edition), chair.Seat.ID)
	}, nil
}

// planSeat makes a seat that the edition does not have yet, and gives it to somebody.
func (i *inviteCmd) planSeat(c *console, s *site.Site) (deed, error) {
	if err := i.grant().Check(); err != nil {
		return nil, err
	}
	if !slices.Contains(people.Sectors(), people.Sector(i.Sector)) {
		return nil, wrong("--sector: there is no such sector; there are %v", people.Sectors())
	}
	seat := people.Seat{Edition: glosa.EditionID(i.Edition), Side: glosa.Side(i.Side), Number: i.Seat,
		Roles: i.roles(), Sector: people.Sector(i.Sector), Institution: glosa.InstitutionKey(i.Institution)}
	do, err := i.planPlace(c, s, auth.Chair{Seat: seat})
	if err != nil {
		return nil, err
	}
	return func() (string, auth.Grant, error) {
		id, err := s.People.Seat(c, glosa.Admin(), seat)
		if err != nil {
			return "", auth.Grant{}, err
		}
		seat.ID = id
		if do, err = i.planPlace(c, s, auth.Chair{Seat: seat}); err != nil {
			return "", auth.Grant{}, err
		}
		return do()
	}, nil
}

// grant is a way to act that the register does not know: the first
// facilitator's, before there is an edition to sit in.
func (i *inviteCmd) grant() auth.Grant {
	return auth.Grant{Human: glosa.HumanID(i.Human), Edition: glosa.EditionID(i.Edition), Roles: i.roles(),
		Side: glosa.Side(i.Side), Seat: i.Seat, Post: glosa.PostKey(i.Post), Institution: glosa.InstitutionKey(i.Institution)}
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

func (i *inviteCmd) human(c *console, s *site.Site) (glosa.HumanID, error) {
	if i.Human != "" {
		return glosa.HumanID(i.Human), nil
	}
	return s.People.Enrol(c, glosa.Admin())
}

// fill gives an empty place to somebody from today on, by its document.
func (i *inviteCmd) fill(c *console, s *site.Site, chair auth.Chair, doc people.Document) error {
	var today people.Day
	err := s.DB.Read(c, func(tx *db.Tx) (err error) {
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
