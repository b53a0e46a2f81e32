package opinion

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/db"
)

// sortOpinion is how lists of what is official name this room's objects.
const sortOpinion = "opinion"

// Officials hands out what this room publishes of every statement set, as the
// tables have it: settings, dates, statements, batches, which ballots stand, the
// count. What [Fold] says of the leaves must be the same. A ballot is named by the
// commitment that its row gives when it is made again.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	var sets []keptSet
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		sets, err = selectSets(tx)
		return err
	})
	for i := 0; i < len(sets) && err == nil; i++ {
		err = d.officials(ctx, sets[i], emit)
	}
	return err
}

func (d *Desk) officials(ctx context.Context, k keptSet, emit func(glosa.Official) error) error {
	s := &glosa.Sheet{Of: sortOpinion, ID: k.id}
	var commits []glosa.Hash
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		s.List = nil
		s.Text("settings", k.text)
		s.Word("until", glosa.TimeWord(k.until))
		if !k.shut.IsZero() {
			s.Word("closed", closedWord(k.early))
		}
		if !k.destroyed.IsZero() {
			s.Word("rows", "gone")
		}
		all, err := selectStatements(tx, k.contest())
		if err != nil {
			return err
		}
		for _, x := range all {
			s.Word("statement."+strconv.Itoa(x.N), x.word())
		}
		batches, err := selectBatches(tx, k.contest())
		if err != nil {
			return err
		}
		for _, b := range batches {
			s.Word("batch."+strconv.Itoa(b.N), batchWord(b.New, b.Changed, b.Withdrawn, b.Root))
		}
		if err := d.counted(ctx, tx, k, s); err != nil {
			return err
		}
		commits, err = selectMade(tx, k.contest(), !k.shut.IsZero())
		return err
	})
	for i := 0; i < len(s.List) && err == nil; i++ {
		err = emit(s.List[i])
	}
	for i := 0; i < len(commits) && err == nil; i++ {
		err = emit(glosa.Official{Of: sortOpinion, ID: k.id, What: "ballot." + commits[i].String(), Word: "stands"})
	}
	return err
}

// counted adds the count, if there is one. Rows that are everybody's are a file;
// of others their digest is.
func (d *Desk) counted(ctx context.Context, tx *db.Tx, k keptSet, s *glosa.Sheet) error {
	r, err := selectResult(tx, k.contest())
	if err != nil {
		if glosa.KindOf(err) == glosa.NotFound {
			err = nil
		}
		return err
	}
	s.Word("count", countWord(r.ballots, r.groups, r.input, r.digest))
	s.Word("software", string(r.software))
	s.Text("picture", r.picture)
	if k.settings.Rows == ForAll {
		s.List = append(s.List, glosa.Official{Of: sortOpinion, ID: k.id, What: "rows", File: "/es/ediciones/" + k.edition + "/opinion/participants-votes.csv",
			Open: func() (io.ReadCloser, error) {
				raw, err := d.file(ctx, glosa.EditionID(k.edition))
				return io.NopCloser(bytes.NewReader(raw)), err
			}})
	}
	return nil
}

// word is a statement in one line: where it stands, and of which question or ground.
func (s keptStatement) word() string {
	switch {
	case s.Sort != Plain:
		return string(s.Sort) + " " + string(s.Question)
	case s.State == Refused:
		return "refused " + string(s.Ground)
	}
	return string(s.State)
}

func closedWord(early bool) string {
	if early {
		return "early"
	}
	return "on time"
}

func batchWord(fresh, changed, withdrawn int, root glosa.Hash) string {
	return fmt.Sprintf("new=%d changed=%d withdrawn=%d root=%s", fresh, changed, withdrawn, root)
}

func countWord(ballots, groups int, input, result glosa.Hash) string {
	return fmt.Sprintf("ballots=%d groups=%d input=%s result=%s", ballots, groups, input, result)
}

// leafErased is the tombstone of every erasure, whichever room kept the words.
const leafErased = "text.erased"

// Fold reads one public event and says what the tables must have after it. Once
// the vote is closed nothing may be added to its ballots, and their number is what
// the batches told.
func Fold(l glosa.Ledger, e glosa.Event) error {
	f := fold{l, e}
	switch e.Kind {
	case kFrozen.Name:
		return f.frozen()
	case kOpened.Name:
		b, err := glosa.BodyOf[openedBody](e)
		if f.first("opened", openedTwice) {
			f.say("until", glosa.TimeWord(b.Until))
		}
		return err
	case kClosed.Name:
		return f.closed()
	case kReceived.Name, kIncluded.Name, kProposed.Name, kAdmitted.Name, kRefused.Name, kLapsed.Name, leafErased:
		return f.statement()
	case kBatch.Name, kBatched.Name, kUnlocked.Name:
		return f.ballots()
	case kCounted.Name:
		return f.counted()
	case kRowsGone.Name:
		l.Drop(sortOpinion, e.Subject, "ballot.")
		f.say("rows", "gone")
	}
	return nil
}

// statementTold is what leaves say of a statement, whichever kind they are.
type statementTold struct {
	Commit   glosa.Hash       `json:"commit"`
	Ground   glosa.Code       `json:"ground"`
	N        int              `json:"number"`
	Question glosa.QuestionID `json:"question"`
	Sort     glosa.Code       `json:"sort"`
	Target   glosa.Hash       `json:"target"`
}

type fold struct {
	l glosa.Ledger
	e glosa.Event
}

func (f fold) word(what string) string { return f.l.Word(sortOpinion, f.e.Subject, what) }
func (f fold) say(what, word string)   { f.l.Say(sortOpinion, f.e.Subject, what, word) }

// first tells whether nothing of this sort was told of the set before.
func (f fold) first(what, again string) bool {
	return voter.FirstTold(f.l, f.e, sortOpinion, what, again)
}

// The words for what is told a second time, or too late, in fold and audit alike.
const (
	frozenTwice  = "the settings of a statement set are frozen twice"
	frozenLate   = "the settings of a statement set are frozen after its vote began"
	openedTwice  = "the vote on statements is opened twice"
	closedTwice  = "the vote on statements is closed twice"
	countedTwice = "the votes on statements are counted twice"
)

// frozen: settings are frozen once, before the vote is opened and before any ballot.
func (f fold) frozen() error {
	b, err := glosa.BodyOf[frozenBody](f.e)
	if err != nil || !f.first("frozen", frozenTwice) {
		return err
	}
	if f.word("until") != "" || f.word(".stand") != "" {
		f.l.Fault(frozenLate)
	}
	f.l.SayText(sortOpinion, f.e.Subject, "settings", b.Digest)
	f.say(".rows", string(b.Rows))
	return nil
}

// closed: nothing waits any more of which no leaf says what became of it.
func (f fold) closed() error {
	b, err := glosa.BodyOf[closedBody](f.e)
	if err != nil || !f.first("closed", closedTwice) {
		return err
	}
	f.say("closed", closedWord(b.Early))
	last, _ := strconv.Atoi(f.word(".last")) // none: nobody brought any
	for n := 1; n <= last; n++ {
		if is := State(f.word("statement." + strconv.Itoa(n))); is == Waiting || is == Second {
			f.l.Fault(fmt.Sprintf("closes the vote while statement %d waits", n))
		}
	}
	return err
}

func (f fold) statement() error {
	b, err := glosa.BodyOf[statementTold](f.e)
	if err != nil {
		return err
	}
	if f.word("closed") != "" && f.e.Kind != leafErased {
		f.l.Fault(fmt.Sprintf("statement %d moves after the vote was closed", b.N))
	}
	what := "statement." + strconv.Itoa(b.N)
	commit := func() (c glosa.Hash, ok bool) {
		return c, c.UnmarshalText([]byte(f.word("."+what))) == nil
	}
	switch f.e.Kind {
	case kReceived.Name:
		f.say(what, string(Waiting))
		f.say("."+what, b.Commit.String())
		f.say(".of."+b.Commit.String(), what)
		f.say(".last", strconv.Itoa(b.N))
		f.l.Text(b.Commit, "sealed")
	case kIncluded.Name:
		f.say(what, string(b.Sort)+" "+string(b.Question))
	case kProposed.Name:
		f.say(what, string(Second))
	case kAdmitted.Name:
		f.say(what, string(Admitted))
		if c, ok := commit(); ok {
			f.l.Text(c, "opened")
		}
	case kRefused.Name:
		f.say(what, "refused "+string(b.Ground))
	case kLapsed.Name:
		f.say(what, string(Lapsed))
	case leafErased:
		if of := f.word(".of." + b.Target.String()); of != "" {
			f.say(of, string(Erased))
		}
	}
	return nil
}

func (f fold) ballots() error {
	b, err := glosa.BodyOf[struct {
		voter.BatchTold
		Commits []glosa.Hash    `json:"commits"`
		Opened  []voter.Opening `json:"opened"`
	}](f.e)
	if err != nil {
		return err
	}
	f.e.Subject = string(b.Contest) // a list's own subject is its batch
	if f.word("closed") != "" {
		f.l.Fault("votes after the vote was closed")
	}
	switch f.e.Kind {
	case kBatch.Name:
		f.say("batch."+strconv.Itoa(b.N), batchWord(b.New, b.Changed, b.Withdrawn, b.Root))
		if stand, err := strconv.Atoi(f.word(".stand")); err == nil || b.N == 1 {
			f.say(".stand", strconv.Itoa(stand+b.New-b.Withdrawn))
		}
	case kBatched.Name:
		for _, c := range b.Commits {
			f.say("ballot."+c.String(), "stands")
		}
	case kUnlocked.Name:
		for _, o := range b.Opened {
			if f.word("ballot."+o.Former.String()) == "" {
				f.l.Fault("opens ballot " + o.Former.String() + ", which did not stand")
			}
			f.say("ballot."+o.Former.String(), "")
		}
	}
	return nil
}

func (f fold) counted() error {
	b, err := glosa.BodyOf[countedBody](f.e)
	if err != nil || !f.first("counted", countedTwice) {
		return err
	}
	// Where a restore lost batches nobody knows the sum any more.
	if stand, err := strconv.Atoi(f.word(".stand")); err == nil && stand != b.Ballots {
		f.l.Fault(fmt.Sprintf("counts %d ballots; the batches tell of %d", b.Ballots, stand))
	}
	f.say("count", countWord(b.Ballots, b.Groups, b.Input, b.Result))
	f.say("software", string(b.Software))
	f.l.SayText(sortOpinion, f.e.Subject, "picture", b.Picture)
	if f.word(".rows") == string(ForAll) {
		f.l.SayText(sortOpinion, f.e.Subject, "rows", b.Input)
	}
	return nil
}

// Text is what this room publishes of a statement's commitment.
type Text struct {
	Contest glosa.ContestID
	N       int
	Commit  glosa.Hash
	Opened  bool
	Erased  bool
	Salt    glosa.Hash        // only when opened
	Object  map[string]string // only when opened
}

// Texts pages over the statements with words of their own: admitted ones are
// opened, others sealed or erased.
func (d *Desk) Texts(ctx context.Context, after glosa.ContestID, n, limit int) (out []Text, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := selectStatementsAfter(tx, after, n, limit)
		if err != nil {
			return err
		}
		out = make([]Text, len(all))
		for i, s := range all {
			out[i] = Text{Contest: s.contest, N: s.N, Commit: glosa.Hash(s.commit), Opened: s.State == Admitted, Erased: s.State == Erased}
			if !out[i].Opened {
				continue
			}
			if err := s.seal(); err != nil { // what the row says now is what must have been committed
				return err
			}
			out[i].Commit, out[i].Salt, out[i].Object = glosa.Hash(s.commit), glosa.Hash(s.salt), objectOf(s)
		}
		return nil
	})
	return out, err
}
