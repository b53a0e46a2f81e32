package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/db"
	"glosa/db/dbtest"
	"glosa/record"
	"glosa/site"
)

// ballotBox is a vote on statements in a house with a real record, by browsers that
// keep what they are given.
type ballotBox struct {
	*life
	*someone
	address string
	people  map[string]*http.Client
}

const opinionAt = "/es/ediciones/demo26/opinion/"

// does sends a form in the name of a person, each of whom has a browser.
func (b *ballotBox) does(who, path string, fields url.Values) {
	b.life.t.Helper()
	c := b.people[who]
	if c == nil {
		jar, err := cookiejar.New(nil)
		b.life.ok(err)
		c = &http.Client{Jar: jar}
		b.people[who] = c
	}
	res, err := c.PostForm(b.address+opinionAt+path, fields)
	b.life.ok(err)
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b.life.t.Fatalf("%s: %s", path, res.Status)
	}
}

func (b *ballotBox) votes(who string, n int, says string) {
	b.life.t.Helper()
	b.does(who, "votar", url.Values{"n": {fmt.Sprint(n)}, "voto": {says}})
}

// saves keeps a person's receipt as the page gives it, and says of which ballot it is.
func (b *ballotBox) saves(who, file string) glosa.Hash {
	b.life.t.Helper()
	res, err := b.people[who].Get(b.address + opinionAt + "mio.json")
	b.life.ok(err)
	defer res.Body.Close()
	var raw bytes.Buffer
	_, err = raw.ReadFrom(res.Body)
	b.life.ok(err)
	if res.StatusCode != http.StatusOK {
		b.life.t.Fatalf("the receipt of %s: %s", who, res.Status)
	}
	b.life.ok(os.WriteFile(b.at(file), raw.Bytes(), 0o600))
	private, proven, err := privateOf(raw.Bytes(), b.policy())
	if err != nil || proven == nil || !proven.Opened {
		b.life.t.Fatalf("the receipt of %s does not prove itself: %v", who, err)
	}
	commit, err := private.Commit()
	b.life.ok(err)
	return commit
}

// quarter lets a quarter of an hour pass, in which what came is told and sealed.
func (b *ballotBox) quarter() {
	b.life.t.Helper()
	had := len(b.told())
	b.life.clock.Advance(16 * time.Minute)
	b.until("a batch is told", func() bool { return len(b.told()) > had })
	b.sealed()
}

func (b *ballotBox) told() (all []glosa.Event) {
	for _, e := range dbtest.Events(b.life.t, b.s.DB) {
		if e.Kind == "opinion.batch" {
			all = append(all, e)
		}
	}
	return all
}

func (b *ballotBox) sealed() {
	b.life.t.Helper()
	last := int64(-1)
	for _, e := range dbtest.Events(b.life.t, b.s.DB) {
		if e.Public {
			last = e.Seq
		}
	}
	b.until("the record seals", func() bool {
		n, ok := b.s.Record.IndexOf(b.life.t.Context(), last)
		return ok && b.s.Record.Size() > n
	})
}

// root is what whoever keeps the server does to the rows.
func (b *ballotBox) root(statement string, args ...any) {
	b.life.t.Helper()
	b.life.ok(b.s.DB.Act(b.life.t.Context(), func(tx *db.Tx) error {
		n, err := tx.Exec(statement, args...)
		if err == nil && n != 1 {
			err = fmt.Errorf("%d rows: %s", n, statement)
		}
		return err
	}))
}

// opens puts seven statements to the vote for ten days.
func (b *ballotBox) opens() {
	b.life.t.Helper()
	ctx, d := b.life.t.Context(), b.s.Opinion
	_, err := d.Freeze(ctx, b.facilitator, ed)
	b.life.ok(err)
	for n := 1; n <= 7; n++ {
		_, err := d.Write(ctx, b.facilitator, ed, fmt.Sprintf("Afirmación %d (SINTÉTICO)", n), "es")
		b.life.ok(err)
		b.life.ok(d.Admit(ctx, b.civil, ed, n))
	}
	b.life.ok(d.Open(ctx, b.facilitator, ed, b.life.clock.Now().AddDate(0, 0, 10)))
}

// TestAHostThatLiesAboutVotesIsCaught: the audit of its folder names what it did to
// rows, and what the record should not say; and what eight people saved of their votes
// is held against a copy of the record, under the policy that they saved, with nobody
// left to ask: where each ballot stands, and the proof where the host did wrong.
func TestAHostThatLiesAboutVotesIsCaught(t *testing.T) {
	l := &life{t: t, clock: glosa.NewFakeClock(dbtest.Start), dir: t.TempDir()}
	l.on("data", "", func(s *site.Site, address string) {
		b := &ballotBox{life: l, someone: inhabit(t, s, l.clock), address: address, people: map[string]*http.Client{}}
		l.ok(os.WriteFile(l.at("policy"), s.Record.Policy(), 0o600))
		b.opens()
		b.plays(t)
		l.clock.Advance(2 * time.Hour) // every promise is due
	})
	l.audits(t)
	l.ok(os.CopyFS(l.at("copy"), os.DirFS(filepath.Join(l.at("data"), "record"))))
	l.ok(os.RemoveAll(l.at("data")))
	for _, c := range []struct {
		file string
		rows bool
		code int
		says string
	}{
		{"promised", false, 0, "its lock was opened: it was changed or taken back"},
		{"changed", false, 0, "the record was told of this ballot"},
		{"changed", true, 0, "of the count says what the receipt does"},
		{"kept", true, 0, "of the count says what the receipt does"},
		{"takenback", true, 0, "its lock was opened: it was changed or taken back"},
		{"edited", true, 1, "of the count says something else than the receipt"},
		{"edited", false, 0, "the record was told of this ballot"},
		{"dropped", true, 1, "is missing in the rows of the count"},
		{"forced", true, 1, "does not open the receipt's lock: nobody asked for that"},
		{"forced", false, 1, "does not open the receipt's lock: nobody asked for that"},
		{"robbed", true, 1, "does not open the receipt's lock: nobody asked for that"},
		{"untold", false, 1, "the vote ended, and the record was never told of this ballot"},
		{"untold", true, 1, "the vote ended, and the record was never told of this ballot"},
	} {
		t.Run(fmt.Sprint(c.file, c.rows), func(t *testing.T) { l.follows(t, c.file, c.rows, c.code, c.says) })
	}
	code, said := l.types("verify", l.at("copy"), "--policy", l.at("policy"), "--receipt", l.at("kept"), "--ballots", l.at("policy"))
	if code != 2 || strings.Contains(said, "PROOF") {
		t.Errorf("another file than the record names: %d\n%s", code, said)
	}
}

// plays lets eight people vote, save, change and take back, and the host do wrong to five of them.
func (b *ballotBox) plays(t *testing.T) {
	for _, who := range []string{"changed", "kept", "takenback", "edited", "dropped", "forced", "robbed"} {
		b.votes(who, 1, "1")
		b.votes(who, 2, "-1")
	}
	b.saves("changed", "promised")
	b.saves("changed", "waiting")
	b.follows(t, "waiting", false, 0, "the record was not told of this ballot yet")
	b.quarter()
	b.votes("changed", 2, "0")
	b.saves("takenback", "takenback")
	b.does("takenback", "mio/retirar", nil)
	b.quarter()
	b.saves("changed", "changed")
	b.saves("kept", "kept")
	edited, dropped, forced := b.saves("edited", "edited"), b.saves("dropped", "dropped"), b.saves("forced", "forced")
	b.root("update opinion_ballot set votes = '1:1,2:1' where committed = $1", edited)
	b.root("delete from opinion_ballot where committed = $1", dropped)
	b.root("update opinion_ballot set state = 'replaced', withdrawn = true, opener = $1 where committed = $2", glosa.Digest([]byte("a guess")), forced)
	b.votes("untold", 3, "1")
	b.root("delete from opinion_ballot where committed = $1", b.saves("untold", "untold"))
	d := b.s.Opinion
	b.life.ok(d.Close(t.Context(), b.facilitator, ed))
	b.life.ok(d.Count(t.Context()))
	rows, err := d.Rows(t.Context(), glosa.Actor{Human: "h-evaluator", Side: glosa.Observatory, Seat: 2, Edition: ed, Roles: []glosa.Role{glosa.Evaluator}}, ed)
	b.life.ok(err)
	b.life.ok(os.WriteFile(b.at("rows"), rows, 0o600))
	b.root(`insert into opinion_ballot (committed, key, contest, door, fresh, state, batch, salt_server, salt_device, opener, votes)
		select $1, $1, contest, door, true, state, batch, $1, salt_device, opener, votes from opinion_ballot where committed = $2`, glosa.Digest([]byte("added")), edited)
	contest, late := opinion.ContestOf(ed), glosa.Digest([]byte("late"))
	b.invents("opinion.batched", voter.Listed(contest, 9), voter.CommitsTold{Contest: contest, N: 9, Commits: []glosa.Hash{late}})
	b.invents("opinion.unlocked", string(contest), voter.LocksTold{Contest: contest, N: 9, LockBy: "server", Opened: []voter.Opening{{Former: b.saves("robbed", "robbed"), Opener: late}}})
	b.sealed()
}

// invents leaves an event that nothing the house does leaves.
func (b *ballotBox) invents(kind, subject string, body any) {
	b.life.t.Helper()
	js, err := glosa.JCS(body)
	b.life.ok(err)
	b.life.ok(b.s.DB.Act(b.life.t.Context(), func(tx *db.Tx) error {
		return tx.Leave(glosa.Event{Room: "opinion", Kind: kind, Subject: subject, Edition: ed, By: "system", Public: true, Body: js})
	}))
}

// audits is what the Observatory types; what it finds is signed, and anybody checks that.
func (l *life) audits(t *testing.T) {
	t.Helper()
	code, key := l.types("audit", "key", l.at("auditor"), "--name", "uni.example/auditor")
	l.ok(os.WriteFile(l.at("auditor.pub"), []byte(key), 0o600))
	if code != 0 {
		t.Fatal(key)
	}
	code, said := l.types("audit", "ballots", l.at("data"), "--contest", "demo26-opinion", "--policy", l.at("policy"), "--findings", l.at("found.json"), "--key", l.at("auditor"), "--out", l.at("note"))
	for _, want := range []string{
		"the row does not open its commitment: it was changed",                 // edited
		"never that it was changed or taken back: its row is missing",          // dropped
		"the record was not told of it, though its row names batch 1",          // added
		"its row is missing in the file",                                       // added after the count
		"batch 9 comes after the end of the vote",                              // late
		"the record opened its lock, so it no longer stands, and it has a row", // robbed
		"locks of batch 9 are opened after the end of the vote",
		"counts 4 ballots; the batches tell of 5",
		"NOT AGREED",
	} {
		if code != 1 || !strings.Contains(said, want) {
			t.Errorf("%d; the audit does not say %q:\n%s", code, want, said)
		}
	}
	code, said = l.types("audit", "check", l.at("note"), "--key-file", l.at("auditor.pub"), "--file", l.at("rows"), "--findings", l.at("found.json"))
	if code != 1 || strings.Contains(said, "FAILURE") || !strings.Contains(said, "contest     demo26-opinion: ") {
		t.Errorf("%d\n%s", code, said)
	}
}

// types runs a command under the clock of the house.
func (l *life) types(args ...string) (code int, said string) {
	var out bytes.Buffer
	code = runAt(l.t.Context(), l.clock, args, &out, &out)
	return code, out.String()
}

// follows types what somebody with a receipt types.
func (l *life) follows(t *testing.T, file string, rows bool, code int, says string) {
	t.Helper()
	from := "copy"
	if _, err := os.Stat(l.at(from)); err != nil {
		from = filepath.Join("data", "record")
	}
	args := []string{"verify", l.at(from), "--policy", l.at("policy"), "--receipt", l.at(file)}
	if rows {
		args = append(args, "--ballots", l.at("rows"))
	}
	got, said := l.types(args...)
	if got != code || !strings.Contains(said, says) || strings.Contains(said, "PROOF") != (code == 1) {
		t.Errorf("exit code %d, want %d; want %q:\n%s", got, code, says, said)
	}
}

// policy is what a receipt is checked under.
func (l *life) policy() record.Options {
	raw, err := os.ReadFile(l.at("policy"))
	l.ok(err)
	return record.Options{Kinds: site.Kinds(), Policy: raw}
}
