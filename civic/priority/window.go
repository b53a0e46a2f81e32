package priority

import (
	"fmt"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/question/intake"
	"glosa/db"
)

// When the window is over, the record is told how much paper each desk had, and
// then which batch is the window's last: the first one that is written after the end.
// From then on nothing comes but what waits on paper, so whatever a later batch tells
// of is held against those counts: of a desk that told none, against nine.

// windowBody tells with which batch the window ended. 0: no ballot came.
type windowBody struct {
	Batch int `json:"batch"`
}

// tellBatch writes a batch, and closes the window when it is over.
func tellBatch(tx *db.Tx, c dueContest, now time.Time, agenda bool) error {
	if err := batch(tx, c); err != nil {
		return err
	}
	return closePaper(tx, c, now, agenda)
}

// nextBatch is when the next batch is due: at the window's end at the latest, so that
// nothing has a quarter of an hour to come late.
func nextBatch(tx *db.Tx, c dueContest, now time.Time) (time.Time, error) {
	ed, err := edition.Load(tx, c.edition)
	next := now.Add(voter.BatchEvery)
	if end := ed.SupportCloses(); err == nil && end.After(now) && end.Before(next) {
		next = end
	}
	return next, err
}

// tellWindow tells the record that the window is over, and with which batch.
func tellWindow(tx *db.Tx, c dueContest) error {
	last, _, err := selectSums(tx, c.contest)
	if err != nil {
		return err
	}
	if err := updateLastBatch(tx, c.contest, last); err != nil {
		return err
	}
	return tx.Leave(kWindow.Event(glosa.System(), c.edition, string(c.contest), windowBody{Batch: last}))
}

// stillOpen refuses a ballot of a window that the record was told is closed, whatever
// another node's clock says, and whichever date was moved since.
func stillOpen(tx *db.Tx, ed edition.Edition, contest glosa.ContestID) error {
	told, _, err := selectPaperClock(tx, contest)
	if err == nil && !told.IsZero() {
		err = glosa.Refuse(glosa.Closed, "s.closed", "edition", string(ed.ID), "stage", string(ed.Stage), "rule", string(actSupport))
	}
	return err
}

// mostPaper is how many ballots a desk's count allows: below ten it is not told.
func mostPaper(b paperClosedBody) int {
	if b.Count == 0 {
		return voter.Step - 1
	}
	return b.Count
}

func windowWord(batch int) string { return "batch=" + itoa(batch) }

// What no batch, paper or window may say, in fold and audit alike.
const (
	windowTwice = "the window of ballots is closed twice"
	windowNever = "an agenda is made, and the record was never told that the window is closed"
	paperLate   = "the paper of a desk is counted after the window was closed"
)

func lateWhy(late, most int) string {
	return fmt.Sprintf("%d ballots came after the window was closed; its desks had paper for %d at most", late, most)
}

func lateGone(n int) string {
	return fmt.Sprintf("%d ballots were taken back after the window was closed", n)
}

// foldBatch says what the tables must have after a batch.
func foldBatch(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[voter.BatchTold](e)
	if err != nil {
		return err
	}
	say := func(what, word string) { l.Say(sortContest, e.Subject, what, word) }
	note := func(what string) (n int, ok bool) {
		n, err := strconv.Atoi(l.Word(sortContest, e.Subject, what))
		return n, err == nil
	}
	if l.Word(sortContest, e.Subject, "ballots") != "" {
		l.Fault("a batch of ballots after the agenda was made")
	}
	if l.Word(sortContest, e.Subject, "window") != "" {
		late, _ := note(".late")
		most, _ := note(".paper")
		if late += b.New + b.Changed; late > most {
			l.Fault(lateWhy(late, most))
		}
		if b.Withdrawn > 0 {
			l.Fault(lateGone(b.Withdrawn))
		}
		say(".late", itoa(late))
	}
	say("batch."+strconv.Itoa(b.N), batchWord(b.New, b.Changed, b.Withdrawn, b.Root))
	say(".last", itoa(b.N))
	if stand, ok := note(".stand"); ok || b.N == 1 {
		say(".stand", strconv.Itoa(stand+b.New-b.Withdrawn))
	}
	if came, ok := note(".came"); ok || b.N == 1 {
		say(".came", strconv.Itoa(came+b.New))
	}
	return nil
}

// foldPaper says what the tables must have of a desk's paper: a desk of paper, once,
// before the window is closed, since later ballots are held against it.
func foldPaper(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[paperClosedBody](e)
	if err != nil {
		return err
	}
	what := "paper." + string(b.Desk)
	if !voter.FirstTold(l, e, sortContest, what, "the paper of a desk is counted twice") {
		return nil
	}
	if l.Word(sortContest, e.Subject, "window") != "" {
		l.Fault(paperLate)
	}
	if !intake.PaperToldOf(l, intake.DeskID(b.Desk)) {
		l.Fault("counts the paper of " + string(b.Desk) + ", which is no desk of paper")
	}
	sum, _ := strconv.Atoi(l.Word(sortContest, e.Subject, ".paper"))
	l.Say(sortContest, e.Subject, ".paper", itoa(sum+mostPaper(b)))
	l.Say(sortContest, e.Subject, what, glosa.NumberWord(b.Count))
	return nil
}

// foldWindow says what the tables must have once the window is over.
func foldWindow(l glosa.Ledger, e glosa.Event) error {
	b, err := glosa.BodyOf[windowBody](e)
	if err != nil || !voter.FirstTold(l, e, sortContest, "window", windowTwice) {
		return err
	}
	// Where a restore lost the last batch nobody knows its number any more.
	if last := l.Word(sortContest, e.Subject, ".last"); last != "" && last != itoa(b.Batch) {
		l.Fault(fmt.Sprintf("closes the window with batch %d; the last one is %s", b.Batch, last))
	}
	l.Say(sortContest, e.Subject, "window", windowWord(b.Batch))
	return nil
}

// batched takes in a batch, and holds what is late against the paper of the desks.
func (o *toldOf) batched(e glosa.Event) error {
	if err := o.Batch(e); err != nil {
		return err
	}
	if !o.Told(kBatch.Name) { // the first that stands: a restore may lose it
		o.First(e, kBatch.Name, voter.LookBatches, "")
	}
	b := o.Batches[len(o.Batches)-1]
	o.at[b.N] = e.At
	if o.window == nil {
		return nil
	}
	if o.late += b.New + b.Changed; o.late > o.paper {
		o.Find(voter.LookBatches, lateWhy(o.late, o.paper))
	}
	if b.Withdrawn > 0 {
		o.Find(voter.LookBatches, lateGone(b.Withdrawn))
	}
	return nil
}

// paperCounted takes in the paper of a desk.
func (o *toldOf) paperCounted(e glosa.Event) error {
	b, err := glosa.BodyOf[paperClosedBody](e)
	if err != nil || !o.First(e, kPaperClosed.Name+"."+string(b.Desk), voter.LookBatches, "the paper of a desk is counted twice") {
		return err
	}
	if o.window != nil {
		o.Find(voter.LookBatches, paperLate)
	}
	o.paper += mostPaper(b)
	return nil
}

// windowClosed takes in the end of the window.
func (o *toldOf) windowClosed(e glosa.Event) error {
	b, err := glosa.BodyOf[windowBody](e)
	if err == nil && o.First(e, kWindow.Name, voter.LookBatches, windowTwice) {
		o.window = &b
	}
	return err
}

// inTime: what is told as the window's last batch is the first one after its end, and
// what came later came on paper, which has a code.
func (a *auditor) inTime() {
	w := a.told.window
	if w == nil {
		if a.Counted {
			a.Look(voter.LookBatches, nil, windowNever)
		}
		return
	}
	why, after := "", 0
	for _, b := range a.Leaves.Batches {
		if at := a.told.at[b.N]; b.N <= w.Batch && !a.end.IsZero() && !at.Before(a.end) {
			if after++; after > 1 {
				why = fmt.Sprintf("batch %d is told as of the window, and an earlier one came after its end", b.N)
			}
		}
	}
	a.Look(voter.LookBatches, nil, why)
	for _, b := range a.standing {
		if b.batch > w.Batch && b.door != voter.Code {
			r := a.row(b)
			a.Look(voter.LookOnce, &r, "it came after the window was closed, and not on paper")
		}
	}
}
