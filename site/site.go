package site

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"glosa"
	"glosa/auth"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/opinion"
	"glosa/civic/panel"
	"glosa/civic/panel/draw"
	"glosa/civic/people"
	"glosa/civic/people/notice"
	"glosa/civic/people/portrait"
	"glosa/civic/people/rights"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/civic/question/intake"
	"glosa/civic/report"
	"glosa/db"
	"glosa/job"
	"glosa/notify"
	"glosa/record"
)

// Config says where a site lives and how it is seen.
type Config struct {
	Data     string // the folder; made if missing
	Database string // postgres://…; "" is SQLite in Data
	Origin   string // the record's name for ever: "glosa.example.org"
	Software string // name and version of this program, kept with each result
	Clock    glosa.Clock
	Mail     bool // a mail server is set up: addresses are taken
	NoSync   bool // seeding only: nothing survives a power cut until [db.DB.Durable]
	Log      *slog.Logger
}

// Site is a whole house, put together.
type Site struct {
	Config

	DB         *db.DB
	Edition    *edition.Desk
	People     *people.Desk
	Portrait   *portrait.Desk
	Rights     *rights.Desk
	Report     *report.Desk
	Question   *question.Desk
	Intake     *intake.Desk
	Voter      *voter.Desk
	Opinion    *opinion.Desk
	Priority   *priority.Desk
	Panel      *panel.Desk
	Draw       *draw.Desk
	Commitment *commitment.Desk
	Notice     *notice.Desk
	Notify     *notify.Desk
	Auth       *auth.Desk
	Record     *record.Log
	Files      *report.Folder

	// Gate signs the tickets of people who wait and the puzzles of their devices
	// ([web.Config.GateKey]); every node has the same.
	Gate [32]byte
	// Trip seals what a browser keeps while somebody shows an account elsewhere
	// (web/account); every node has the same.
	Trip [32]byte

	keys *keyring
}

// Schemas are the rooms' schemas in the order of the civic calendar.
func Schemas() []db.Schema {
	return []db.Schema{
		edition.Schema(), people.Schema(), notice.Schema(), voter.Schema(), report.Schema(), question.Schema(), intake.Schema(), opinion.Schema(), priority.Schema(),
		portrait.Schema(), rights.Schema(),
		panel.Schema(), draw.Schema(), commitment.Schema(), auth.Schema(), job.Schema(), notify.Schema(), record.Schema(),
	}
}

// Kinds are all the kinds of events this program leaves.
func Kinds() []glosa.EventKind {
	var all []glosa.EventKind
	for _, room := range [][]glosa.EventKind{
		edition.Kinds(), people.Kinds(), notice.Kinds(), voter.Kinds(), report.Kinds(), question.Kinds(), intake.Kinds(), opinion.Kinds(), priority.Kinds(),
		portrait.Kinds(), rights.Kinds(),
		panel.Kinds(), draw.Kinds(), commitment.Kinds(), auth.Kinds(), record.Kinds(),
	} {
		all = append(all, room...)
	}
	return all
}

// Open opens the database, brings it to this program's schema and puts the
// rooms together. It starts nothing; [Site.Run] does. Close it when done.
func Open(ctx context.Context, c Config) (*Site, error) {
	if c.Clock == nil {
		c.Clock = glosa.WallClock{}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &Site{Config: c, keys: &keyring{dir: c.Keys(), kept: map[string][32]byte{}}}
	for _, dir := range []string{c.Data, c.Keys(), c.files()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	var err error
	s.DB, err = db.Open(ctx, c.Store())
	if err != nil {
		return nil, err
	}
	if err := s.wire(ctx); err != nil {
		s.DB.Close()
		return nil, err
	}
	return s, nil
}

// Migrate brings the database to this program's schema. It is announced as an act
// of the server's keeper before it changes anything; in a database without tables
// there is nowhere to announce it, nor anything published that could change. asked
// says that the keeper asked for it: then it is announced in any case, in such a
// database as soon as there is a record.
func Migrate(ctx context.Context, d *db.DB, reason string, asked bool) error {
	pending, fresh, err := d.Pending(ctx, Schemas()...)
	if err != nil {
		return err
	}
	keeper := &auth.Desk{DB: d}
	if !fresh && (pending || asked) {
		if err := keeper.Announce(ctx, "migrate", reason); err != nil {
			return err
		}
	}
	if err := d.Migrate(ctx, Schemas()...); err != nil || !fresh || !asked {
		return err
	}
	return keeper.Announce(ctx, "migrate", reason)
}

// Store is where the database is: the folder, unless it is PostgreSQL.
func (c Config) Store() db.Config {
	store := db.Config{Dir: c.Data, Clock: c.Clock, NoSync: c.NoSync, Log: c.Log}
	if c.Database != "" {
		store.Dir, store.URL = "", c.Database
	}
	return store
}

// Keys is the folder of keys.
func (c Config) Keys() string { return filepath.Join(c.Data, "keys") }

// RecordFolder is the folder of tiles and checkpoints.
func (c Config) RecordFolder() string { return filepath.Join(c.Data, "record") }

func (c Config) files() string { return filepath.Join(c.Data, "files") }

func (s *Site) wire(ctx context.Context) (err error) {
	if err := Migrate(ctx, s.DB, "the schema of "+s.Software, false); err != nil {
		return err
	}
	s.Record, err = record.New(record.Config{DB: s.DB, Folder: s.RecordFolder(), Keys: s.Keys(), Origin: s.Origin,
		Kinds: Kinds(), Texts: TextsOf(s.DB), Officials: OfficialsOf(s.DB, nil), Log: s.Log, Subject: subjectOf(s.DB)})
	if err != nil {
		return err
	}
	if err := s.Record.Sound(ctx); err != nil {
		return err
	}
	names, err := s.keys.key("names")
	if err != nil {
		return err
	}
	seals, err := s.keys.key("notices")
	if err != nil {
		return err
	}
	permits, err := s.keys.key("permits")
	if err != nil {
		return err
	}
	if s.Gate, err = s.keys.key("limits"); err != nil {
		return err
	}
	if s.Trip, err = s.keys.key("trips"); err != nil {
		return err
	}
	if s.Files, err = report.NewFolder(s.files()); err != nil {
		return err
	}
	s.Edition = &edition.Desk{DB: s.DB, Log: s.Log}
	s.People = &people.Desk{DB: s.DB}
	s.Notice = &notice.Desk{DB: s.DB, Safe: people.NewSafe(names), Key: seals, On: s.Mail}
	s.Portrait = &portrait.Desk{DB: s.DB, Key: permits, Safe: people.NewSafe(names)}
	s.Report = &report.Desk{DB: s.DB, Files: s.Files, Earlier: commitment.OpenIDs, Owned: commitment.OwnedBy}
	s.Question = &question.Desk{DB: s.DB, Promise: s.Record.Promise, Safe: people.NewSafe(names), Supporters: priority.SupportersOf, Files: s.Files, Promised: commitment.Exists, Elsewhere: intake.Forget}
	s.Intake = &intake.Desk{DB: s.DB, Questions: s.Question}
	s.Notify = &notify.Desk{DB: s.DB, Notice: s.Notice, Question: s.Question, People: s.People, Log: s.Log}
	s.Voter = &voter.Desk{DB: s.DB, Keys: s.keys, Safe: people.NewSafe(names), Mail: s.Mail}
	s.Opinion = &opinion.Desk{DB: s.DB, Keys: s.keys, Promise: s.Record.Promise, Software: glosa.Code(s.Software), Log: s.Log}
	s.Priority = &priority.Desk{DB: s.DB, Keys: s.keys, Promise: s.Record.Promise, Software: glosa.Code(s.Software)}
	s.Panel = &panel.Desk{DB: s.DB}
	s.Draw = &draw.Desk{DB: s.DB, Safe: people.NewSafe(names), Keys: s.keys, Software: glosa.Code(s.Software), Prove: s.Mail}
	s.Commitment = &commitment.Desk{DB: s.DB, Files: s.Files}
	s.Auth = &auth.Desk{DB: s.DB, Entropy: rand.Reader}
	s.Voter.Uses = []voter.Use{priority.Uses, opinion.Uses, s.Draw.Uses}
	s.Edition.Gates = []edition.Gate{people.Gate, s.Report.Gate, question.Gate, intake.Gate, priority.Gate, panel.Gate, commitment.Gate}
	s.Edition.Dues = []edition.Due{s.Question.Due(), intake.Due(), opinion.Due(), s.Opinion.Destruction(), priority.Due(), s.Priority.Destruction(), panel.Due(), commitment.Due(), notice.Due(), s.Voter.Due()}
	s.Rights = &rights.Desk{DB: s.DB, Safe: people.NewSafe(names), Rooms: s.rightsRooms()}
	s.Rights.Mail, s.Notify.Rights, s.Notify.Voter = s.Mail, s.Rights, s.Voter
	s.Edition.Dues = append(s.Edition.Dues, s.Portrait.Due(), s.Rights.Due(), s.Draw.Due())
	s.Edition.Redue = []edition.Redue{question.Redue, panel.Redue, commitment.Redue}
	return nil
}

// subjectOf tells of which thing a commitment speaks: questions, whose promises
// people keep, have an index of theirs.
func subjectOf(d *db.DB) func(ctx context.Context, commit glosa.Hash) (string, error) {
	questions := &question.Desk{DB: d}
	return func(ctx context.Context, commit glosa.Hash) (string, error) {
		id, err := questions.Committed(ctx, commit)
		if glosa.KindOf(err) == glosa.NotFound {
			return "", nil
		}
		return string(id), err
	}
}

// TextsOf tells what the rooms publish of each commitment in the record: opened
// texts with their salts, and those that are sealed or erased.
func TextsOf(d *db.DB) func(ctx context.Context, emit func(record.Text) error) error {
	questions, ballots, promises := &question.Desk{DB: d}, &priority.Desk{DB: d}, &commitment.Desk{DB: d}
	opinions := &opinion.Desk{DB: d}
	return func(ctx context.Context, emit func(record.Text) error) error {
		if err := questionTexts(ctx, questions, emit); err != nil {
			return err
		}
		if err := evidenceTexts(ctx, promises, emit); err != nil {
			return err
		}
		if err := statementTexts(ctx, opinions, emit); err != nil {
			return err
		}
		sealed := func(ballot glosa.Hash) error { return emit(record.Text{Commit: ballot, State: record.Sealed}) }
		if err := opinions.Commitments(ctx, sealed); err != nil {
			return err
		}
		return ballots.Commitments(ctx, sealed)
	}
}

func questionTexts(ctx context.Context, desk *question.Desk, emit func(record.Text) error) error {
	const page = 500
	var after glosa.QuestionID
	version := 0
	for {
		some, err := desk.Texts(ctx, after, version, page)
		if err != nil {
			return err
		}
		for _, x := range some {
			t := record.Text{Commit: x.Commit, State: record.TextState(x.State)}
			if x.State == question.Opened {
				if t, err = record.OpenedText(x.Commit, x.Salt, x.Object); err != nil {
					return err
				}
			}
			if err := emit(t); err != nil {
				return err
			}
			after, version = x.Question, x.Version
		}
		if len(some) < page {
			return nil
		}
	}
}

func evidenceTexts(ctx context.Context, desk *commitment.Desk, emit func(record.Text) error) error {
	const page = 500
	var after glosa.EvidenceID
	for {
		some, err := desk.Kept(ctx, after, page)
		if err != nil {
			return err
		}
		for _, k := range some {
			t := record.Text{Commit: k.Commit, State: record.Sealed}
			if k.Erased {
				t.State = record.Gone
			}
			if k.Opened {
				if t, err = record.OpenedText(k.Commit, k.Salt, k.Object); err != nil {
					return err
				}
			}
			if err := emit(t); err != nil {
				return err
			}
			after = k.Evidence
		}
		if len(some) < page {
			return nil
		}
	}
}

func statementTexts(ctx context.Context, desk *opinion.Desk, emit func(record.Text) error) error {
	const page = 500
	var after glosa.ContestID
	n := 0
	for {
		some, err := desk.Texts(ctx, after, n, page)
		if err != nil {
			return err
		}
		for _, x := range some {
			t := record.Text{Commit: x.Commit, State: record.Sealed}
			if x.Erased {
				t.State = record.Gone
			}
			if x.Opened {
				if t, err = record.OpenedText(x.Commit, x.Salt, x.Object); err != nil {
					return err
				}
			}
			if err := emit(t); err != nil {
				return err
			}
			after, n = x.Contest, x.N
		}
		if len(some) < page {
			return nil
		}
	}
}

// Run runs the followers until ctx ends: the record, the clock, the sweeping of
// what is over, the notices and their jobs, and more. The first that fails stops
// them all, and its error is returned; a stop from outside is no error.
func (s *Site) Run(ctx context.Context, more ...func(context.Context) error) error {
	jobs := &job.Runner{DB: s.DB, Log: s.Log, Work: s.Notify.Jobs()}
	all := append([]func(context.Context) error{s.Record.Follow, s.Edition.Clock, s.Question.FollowSimilar, s.Question.Index, s.Opinion.Follow, s.sweep, s.purge, s.Notify.Follow, jobs.Run}, more...)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	failed := make(chan error, len(all))
	for _, f := range all {
		go func() {
			err := f(ctx)
			if ctx.Err() != nil {
				err = nil
			}
			failed <- err
		}()
	}
	var first error
	for range all {
		if err := <-failed; err != nil && first == nil {
			first = err
			stop()
		}
	}
	return first
}

// Close closes the database. Call it after Run has returned.
func (s *Site) Close() error { return s.DB.Close() }
