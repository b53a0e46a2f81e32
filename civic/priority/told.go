package priority

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/db"
)

// sortContest is how lists of what is official name this room's objects.
const sortContest = "contest"

// Officials hands out what this room publishes of every contest, as the tables
// have it: criteria, batches, which ballots stand, the published file and the
// result. What [Fold] says of the leaves must be the same. A ballot is named by
// the commitment that its row gives when it is made again, so that a row changed
// in any part is another ballot. Ballots that no batch has told of yet are
// nobody's business; once there is an agenda there can be none.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	var all []kept
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = selectContests(tx)
		return err
	})
	for i := 0; i < len(all) && err == nil; i++ {
		err = d.officials(ctx, all[i], emit)
	}
	return err
}

// kept is a contest as its row has it.
type kept struct {
	id        glosa.ContestID
	edition   glosa.EditionID
	criteria  string
	destroyed bool
}

func (d *Desk) officials(ctx context.Context, k kept, emit func(glosa.Official) error) error {
	s := &glosa.Sheet{Of: sortContest, ID: string(k.id)}
	var commits []glosa.Hash
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		s.List = nil
		s.Text("criteria", k.criteria)
		if k.destroyed {
			s.Word("destroyed", "yes")
		}
		batches, err := selectBatches(tx, k.id)
		if err != nil {
			return err
		}
		for _, b := range batches {
			s.Word("batch."+strconv.Itoa(b.N), batchWord(b.New, b.Changed, b.Withdrawn, b.Root))
		}
		word, err := selectWindow(tx, k.id)
		if err != nil {
			return err
		}
		s.Word("window", word)
		papers, err := selectPaperCounts(tx, k.id)
		if err != nil {
			return err
		}
		for _, p := range papers {
			s.Number("paper."+string(p.desk), p.n)
		}
		done, err := selectionOf(tx, k, s)
		if done {
			s.List = append(s.List, d.files(ctx, k)...)
		}
		if err == nil {
			err = besideOfficials(tx, k.id, s)
		}
		if err == nil {
			err = doorOfficials(tx, k.id, s)
		}
		if err == nil {
			err = networkOfficials(tx, k.id, s)
		}
		if err == nil {
			err = exclusionOfficials(tx, k.id, s)
		}
		if err != nil {
			return err
		}
		commits, err = selectMade(tx, k.id, done)
		return err
	})
	for i := 0; i < len(s.List) && err == nil; i++ {
		err = emit(s.List[i])
	}
	for i := 0; i < len(commits) && err == nil; i++ {
		err = emit(glosa.Official{Of: sortContest, ID: string(k.id), What: "ballot." + commits[i].String(), Word: "stands"})
	}
	return err
}

// selectionOf adds the agenda, if there is one.
func selectionOf(tx *db.Tx, k kept, s *glosa.Sheet) (done bool, err error) {
	x, err := selectSelection(tx, k.id)
	if glosa.KindOf(err) == glosa.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	c, err := selectContest(tx, k.edition)
	if err != nil {
		return false, err
	}
	s.Word("ballots", ballotsWord(x.ballots, c.outside(x.void, x.apart), x.excluded))
	s.Word("covered", coveredWord(x.covered, x.coveredRaw))
	account, err := selectAccount(tx, k.id)
	if err != nil {
		return false, err
	}
	s.Word("account", glosa.Digest(account).String())
	s.Word("software", string(x.software))
	s.Word("by", x.by)
	s.Word("free_on", string(x.freeOn))
	return true, nil
}

// files are the published file and the result: their bytes are read when they are asked for.
func (d *Desk) files(ctx context.Context, k kept) []glosa.Official {
	here := "/es/ediciones/" + string(k.edition) + "/agenda"
	open := func(read func(tx *db.Tx) ([]byte, error)) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) {
			var raw []byte
			err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
				raw, err = read(tx)
				return err
			})
			return io.NopCloser(bytes.NewReader(raw)), err
		}
	}
	return []glosa.Official{
		{Of: sortContest, ID: string(k.id), What: "input", File: here + ".pb",
			Open: open(func(tx *db.Tx) ([]byte, error) { return selectFile(tx, k.id) })},
		{Of: sortContest, ID: string(k.id), What: "result", File: here + ".json",
			Open: open(func(tx *db.Tx) ([]byte, error) {
				x, err := selectSelection(tx, k.id)
				return x.result, err
			})},
	}
}

func batchWord(fresh, changed, withdrawn int, root glosa.Hash) string {
	return fmt.Sprintf("new=%d changed=%d withdrawn=%d root=%s", fresh, changed, withdrawn, root)
}

func ballotsWord(ballots int, o outside, excluded int) string {
	word := fmt.Sprintf("counted=%d outside=%d void=%d apart=%d", ballots, o.all, o.void, o.apart)
	if excluded > 0 {
		word += fmt.Sprintf(" excluded=%d", excluded)
	}
	return word
}

func coveredWord(covered, raw int) string { return fmt.Sprintf("rule=%d raw=%d", covered, raw) }

// Fold reads one public event and says what the tables must have after it. Once
// an agenda is made nothing may be added to its ballots, and their number is what
// the batches told: new less withdrawn.
func Fold(l glosa.Ledger, e glosa.Event) error {
	say := func(what, word string) { l.Say(sortContest, e.Subject, what, word) }
	switch e.Kind {
	case kFrozen.Name:
		return foldFrozen(l, e)
	case kBatch.Name:
		return foldBatch(l, e)
	case kBatched.Name:
		b, err := glosa.BodyOf[voter.CommitsTold](e)
		for _, c := range b.Commits {
			l.Say(sortContest, string(b.Contest), "ballot."+c.String(), "stands")
		}
		return err
	case kOpened.Name:
		b, err := glosa.BodyOf[voter.LocksTold](e)
		for _, o := range b.Opened {
			if l.Word(sortContest, e.Subject, "ballot."+o.Former.String()) == "" {
				l.Fault("opens ballot " + o.Former.String() + ", which did not stand")
			}
			say("ballot."+o.Former.String(), "")
		}
		return err
	case kPaperClosed.Name:
		return foldPaper(l, e)
	case kWindow.Name:
		return foldWindow(l, e)
	case kDoors.Name:
		return foldDoors(l, e)
	case kNetworks.Name:
		return foldNetworks(l, e)
	case kSelected.Name:
		return foldSelected(l, e)
	case kBeside.Name:
		return foldBeside(l, e)
	case kExclusion.Name, kExcluded.Name, kDeclined.Name:
		return foldExclusion(l, e)
	case kDestroyed.Name:
		l.Drop(sortContest, e.Subject, "ballot.")
		say("destroyed", "yes")
	}
	return nil
}

// The words for what is told a second time, or too late, in fold and audit alike.
const (
	rulesTwice    = "the rules of a contest are frozen twice"
	rulesLate     = "the rules of a contest are frozen after ballots came"
	agendaTwice   = "an agenda is made twice"
	besideTwice   = "another count of the same ballots is told twice"
	networksTwice = "the busiest networks are told twice"
)

// foldFrozen: the rules are frozen once, before the first ballot.
func foldFrozen(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[frozenBody](e)
	if err != nil || !voter.FirstTold(l, e, sortContest, "frozen", rulesTwice) {
		return err
	}
	if l.Word(sortContest, e.Subject, ".stand") != "" {
		l.Fault(rulesLate)
	}
	l.SayText(sortContest, e.Subject, "criteria", b.Digest)
	return nil
}

func foldSelected(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[selectedBody](e)
	if err != nil || !voter.FirstTold(l, e, sortContest, "agenda", agendaTwice) {
		return err
	}
	say := func(what, word string) { l.Say(sortContest, e.Subject, what, word) }
	if l.Word(sortContest, e.Subject, "window") == "" {
		l.Fault(windowNever)
	}
	// Where a restore lost batches nobody knows the sum any more.
	stand, err := strconv.Atoi(l.Word(sortContest, e.Subject, ".stand"))
	if rows := b.Ballots + b.Outside + b.Excluded; err == nil && stand != rows {
		l.Fault(fmt.Sprintf("counts %d ballots; the batches tell of %d", rows, stand))
	}
	if b.Excluded > 0 && l.Word(sortContest, e.Subject, ".excluded") == "" {
		l.Fault(fmt.Sprintf("excludes %d ballots, and two sides excluded none", b.Excluded))
	}
	o := outside{b.Outside, b.Void, b.Apart}
	if o.told() && o.void+o.apart != o.all {
		l.Fault(fmt.Sprintf("%d ballots have no row; %d and %d are named", o.all, o.void, o.apart))
	}
	l.SayText(sortContest, e.Subject, "input", b.Input)
	l.SayText(sortContest, e.Subject, "result", b.Result)
	say("ballots", ballotsWord(b.Ballots, o, b.Excluded))
	say("covered", coveredWord(b.Covered, b.CoveredRaw))
	say("account", b.Account.String())
	say("software", string(b.Software))
	say("by", e.By)
	say("free_on", freeWord(b.FreeOn))
	return nil
}

// freeWord is the day as the table has it; nothing in leaves from before it was asked.
func freeWord(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return string(people.DayOf(day.UTC()))
}
