package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"glosa"
	"glosa/job"
	"glosa/notify"
	"glosa/site"
	"glosa/web/text"
)

// mailbag is how mail leaves; without a server none does, and pages offer feeds.
type mailbag struct {
	SMTP         string `name:"smtp" help:"Mail server that takes our mail, by STARTTLS (465: TLS at once); without it no mail is sent and pages offer Atom." placeholder:"HOST:PORT"`
	SMTPUser     string `name:"smtp-user" help:"User of the mail server." placeholder:"NAME"`
	SMTPPassword string `name:"smtp-password-file" help:"File that holds its password, mode 0600." placeholder:"FILE"`
	SMTPPlain    bool   `name:"smtp-plain" help:"Without TLS: to a relay on this machine only."`
	MailFrom     string `name:"mail-from" help:"Mailbox that notices come from." placeholder:"ADDRESS"`
	MailBounces  string `name:"mail-bounces" help:"Mailbox that failures come back to; {} says of which mail, such as avisos+{}@glosa.example.org. A pipe hands them to glosa bounces." placeholder:"ADDRESS"`
}

// post is the mail server; nil when none is given.
func (m mailbag) post(place string) (*notify.Post, error) {
	if m.SMTP == "" {
		if m.MailFrom != "" || m.SMTPUser != "" {
			return nil, wrong("--smtp HOST:PORT is missing")
		}
		return nil, nil
	}
	p := &notify.Post{Server: m.SMTP, User: m.SMTPUser, From: m.MailFrom, Name: "Glosa, " + place, Bounces: m.MailBounces, Plain: m.SMTPPlain}
	if m.SMTPPassword != "" {
		raw, err := os.ReadFile(m.SMTPPassword)
		if err != nil {
			return nil, wrong("password of the mail server: %w", err)
		}
		p.Password = strings.TrimSpace(string(raw))
	}
	if err := p.Check(); err != nil {
		return nil, wrong("%w", err)
	}
	return p, nil
}

// courier takes the notices of a site to a mail server, in the words of web/text.
func courier(s *site.Site, post notify.Post, place, url string, demo bool) *notify.Courier {
	return &notify.Courier{Desk: s.Notify, Post: post, Voice: notify.Voice{URL: url, Place: place, Demo: demo,
		Say: func(lang, key string, args ...string) string { return text.For(lang).T(key, args...) },
		Day: func(lang string, t time.Time) string { return text.For(lang).Date(t) },
		Checkpoint: func() (int64, string) {
			cp := s.Record.Checkpoint()
			return cp.Size, cp.Root.String()
		}}}
}

type jobsCmd struct {
	place
	Again  bool   `help:"Let what was given up run once more."`
	Resend bool   `help:"Send again the mails of which nobody knows whether they left: whoever got one gets a copy."`
	Reason string `help:"Why, with --again or --resend; it goes into the public record." default:"what was given up is tried once more"`
}

// Help is said by glosa jobs --help.
func (jobsCmd) Help() string {
	return `Tells what waits to be done, what was given up after ten tries, and how the mails stand. Nothing here
names a person. "unsure" are mails that the process had in hand when it was killed: they count as
sent, since a second copy is worse than a line here; --resend decides otherwise.`
}

// Run tells of jobs and mails.
func (j *jobsCmd) Run(c *console) error {
	conf, err := j.config(c)
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
	if j.Again || j.Resend {
		if err := s.Auth.Announce(c, "jobs", j.Reason); err != nil {
			return err
		}
	}
	if j.Again {
		n, err := job.Again(c, s.DB)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%d jobs run once more\n", n)
	}
	if j.Resend {
		n, err := notify.Resend(c, s.DB)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%d mails go out again\n", n)
	}
	return tell(c, s)
}

// tell prints how jobs and mails stand.
func tell(c *console, s *site.Site) error {
	all, err := job.Standings(c, s.DB)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintln(c.out, "jobs: none waits")
	}
	for _, q := range all {
		fmt.Fprintf(c.out, "jobs %s: %d wait, %d given up\n", q.Queue, q.Waiting, q.Dead)
	}
	dead, err := job.DeadOnes(c, s.DB)
	if err != nil {
		return err
	}
	for _, d := range dead {
		fmt.Fprintf(c.out, "  given up: %s %s at %q, %s, left %s\n", d.Queue, d.Subject, d.Place, d.Failed, d.Made.Format(time.RFC3339))
	}
	n, err := notify.Counts(c, s.DB)
	if err != nil {
		return err
	}
	contacts, err := s.Notice.Contacts(context.WithoutCancel(c))
	fmt.Fprintf(c.out, "mails: %d wait, %d sent, %d unsure, %d refused, %d dropped; %d addresses\n", n[notify.Waiting]+n[notify.Claimed]+n[notify.Handed],
		n[notify.Sent], n[notify.Unsure], n[notify.Refused], n[notify.Dropped], contacts)
	return err
}

type bouncesCmd struct {
	place
	Recipient string `help:"Address that the report came to, if the mail server says it apart (Postfix: $ORIGINAL_RECIPIENT)." placeholder:"ADDRESS"`
}

// Help is said by glosa bounces --help.
func (bouncesCmd) Help() string {
	return `Reads one delivery report (RFC 3464) from standard input, as a mail server pipes it, and forgets an address
that does not exist. A report about no mail of this house changes nothing. In Postfix's aliases:

  avisos: "|/usr/local/bin/glosa bounces --data /var/lib/glosa"`
}

// Run reads one report.
func (b *bouncesCmd) Run(c *console) error {
	rep, err := notify.ReadReport(c.in, b.Recipient)
	if err != nil {
		return wrong("%w", err)
	}
	conf, err := b.config(c)
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
	forgotten, err := s.Notify.Bounce(c, glosa.Admin(), rep)
	switch {
	case err != nil:
		return err
	case forgotten:
		fmt.Fprintln(c.out, "the address does not exist: it is forgotten")
	default:
		fmt.Fprintln(c.out, "nothing to do")
	}
	return nil
}
