package record

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"glosa"
)

// Options of [Verify].
type Options struct {
	Kinds  []glosa.EventKind // the closed list of leaves
	Policy []byte            // saved earlier; empty: asked of the target itself, with a warning
	Saved  [][]byte          // checkpoints and receipts saved earlier: the record must still hold them
	Now    time.Time         // decides which promises are overdue
	Client *http.Client      // nil: one that waits 30 seconds

	// Of a data folder:
	Rows  func(ctx context.Context, from int64, limit int) ([][]byte, error) // the table; see [Rows]
	Texts func(ctx context.Context, emit func(Text) error) error             // as in [Config]
	// Officials is as in [Config]; the bytes of files are read where they lie.
	Officials func(ctx context.Context, emit func(glosa.Official) error) error

	// Fold lets the rooms read each leaf in order and say what their published
	// texts and states must be after it; an error means that a leaf cannot be
	// read. nil: they are not compared, and the report says so.
	Fold func(l glosa.Ledger, e glosa.Event) error

	// Leaves is handed each leaf in order, for what somebody wants to know of the
	// record alone; a second look begins with the first leaf again. nil: nothing.
	Leaves func(e glosa.Event) error

	// Bare looks at leaves, tiles, checkpoints and what was saved, and at nothing
	// else that the site publishes: enough for one receipt, and offline on a copy
	// of the record's folder.
	Bare bool

	// Pages reads what the pages of a site show of the same texts and states.
	// nil, or a data folder: they are not compared.
	Pages *Pages

	// Settle is how long a site may take to seal what it just did, when what it
	// shows and its leaves do not agree. 0: two seconds; below 0: no second look.
	Settle time.Duration

	// Shown compares an opened text with what pages or the API show; an error is
	// a failure of the site. nil: not compared.
	Shown func(ctx context.Context, t Text) error

	wait time.Duration // between reading the site and the checkpoint: of the second look
}

// Pages reads what a site's pages show, beside the list that it publishes: a
// host could keep the list true and the pages false.
type Pages struct {
	// Shows tells which texts and states the pages show: those must be there.
	Shows func(of, what string) bool
	// Keeps tells which texts of the list Read wants to look at.
	Keeps func(of, what string) bool
	// Read asks the site about the objects of its own list and hands on what it
	// shows of them, as the list does.
	Read func(all []Object, s Seen) error
}

// Seen is a site as [Pages] reads it.
type Seen struct {
	Get   func(path string) ([]byte, error)
	Kept  func(of, id, what string) string // a text of the site's list
	Emit  func(glosa.Official) error
	Fault func(format string, args ...any) // what cannot be right, whatever leaves say
}

// Object is one thing that a site's list speaks of.
type Object struct{ Of, ID string }

// Grade is the weight of a finding.
type Grade string

const (
	Failure Grade = "FAILURE"
	Warning Grade = "warning"
	Note    Grade = "note"
)

// Finding is one thing that verification has to say.
type Finding struct {
	Grade Grade
	What  string // checkpoint, policy, tile, entry, leaf, row, text, published, page, file, rule, promise, receipt, saved, intake, lock, posts
	Text  string
}

// Report is what verification found.
type Report struct {
	Target string
	Origin string
	Size   int64
	Root   tlog.Hash

	Opened, Sealed, Erased, Missing int64 // commitments
	Lost                            int64 // of those missing: in a restore, as its leaf says
	Kept, Waiting, Broken           int64 // promises that were handed in
	Texts, States, Shown            int64 // official texts and states that agree with the leaves; of both, those that pages show alike

	Findings []Finding
	Failures int // all of them; Findings holds the first hundred
	again    bool
}

// OK tells whether nothing failed.
func (r *Report) OK() bool { return r.Failures == 0 }

const keptFindings = 100

func (r *Report) say(g Grade, what, format string, args ...any) {
	if g == Failure {
		r.Failures++
	}
	if len(r.Findings) < keptFindings {
		r.Findings = append(r.Findings, Finding{g, what, fmt.Sprintf(format, args...)})
	}
}

// Lines is the report to be read by a person.
func (r *Report) Lines() []string {
	out := []string{"target      " + r.Target}
	if r.Origin != "" {
		out = append(out, "origin      "+r.Origin, fmt.Sprintf("record      %d leaves, root %s", r.Size, r.Root),
			fmt.Sprintf("commitments %d opened, %d sealed, %d erased, %d MISSING", r.Opened, r.Sealed, r.Erased, r.Missing))
		if r.Lost > 0 {
			out[len(out)-1] += fmt.Sprintf(", %d of them lost in a restore", r.Lost)
		}
	}
	if r.Texts+r.States > 0 {
		out = append(out, fmt.Sprintf("published   official texts %d agree; states %d agree", r.Texts, r.States))
	}
	if r.Shown > 0 {
		out = append(out, fmt.Sprintf("pages       %d texts and states agree", r.Shown))
	}
	if r.Kept+r.Waiting+r.Broken > 0 {
		out = append(out, fmt.Sprintf("promises    %d kept, %d waiting, %d BROKEN", r.Kept, r.Waiting, r.Broken))
	}
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%-11s %s: %s", f.Grade, f.What, f.Text))
	}
	if r.Failures > len(r.Findings) {
		out = append(out, fmt.Sprintf("%d failures in all", r.Failures))
	}
	if r.OK() {
		return append(out, "VERIFIED")
	}
	return append(out, "NOT VERIFIED")
}

// Verify checks a record from outside: the address of a site, a data folder, or
// a receipt's file. What it finds is in the report; an error means that it could
// not look (no such target, no policy for a receipt).
func Verify(ctx context.Context, target string, opts Options) (*Report, error) {
	kinds, err := NewKindSet(opts.Kinds)
	if err != nil {
		return nil, err
	}
	if opts.Now.IsZero() {
		opts.Now = time.Now()
	}
	if opts.Settle == 0 {
		opts.Settle = 2 * time.Second
	}
	if opts.Client == nil {
		opts.Client = &http.Client{Timeout: 30 * time.Second}
	}
	var src source
	if strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") {
		src = newSite(target, opts.Client)
	} else {
		info, err := os.Stat(target)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return verifyReceipt(target, opts, kinds)
		}
		src = newDisk(target, &opts)
	}
	r, err := verifyRecord(ctx, target, src, opts, kinds)
	if err == nil && r.again && opts.Settle > 0 {
		opts.wait = opts.Settle
		r, err = verifyRecord(ctx, target, src, opts, kinds)
	}
	return r, err
}

func verifyReceipt(target string, opts Options, kinds *KindSet) (*Report, error) {
	r := &Report{Target: target}
	if len(opts.Policy) == 0 {
		return nil, errors.New("a receipt is checked under a saved policy (/record/policy): none was given")
	}
	policy, err := ParsePolicy(opts.Policy)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(target)
	if err != nil {
		return nil, err
	}
	receipt, err := ParseReceipt(raw)
	if err != nil {
		r.say(Failure, "receipt", "%v", err)
		return r, nil
	}
	proven, err := CheckReceipt(receipt, policy, kinds)
	if err != nil {
		r.say(Failure, "receipt", "%v", err)
		return r, nil
	}
	r.describe(proven, opts.Now)
	return r, nil
}

func (r *Report) describe(p Proven, now time.Time) {
	if l := p.Leaf; l != nil {
		r.Origin, r.Size, r.Root = p.Checkpoint.Origin, p.Checkpoint.Size, p.Checkpoint.Root
		r.say(Note, "receipt", "%s %s is leaf %d of the record, dated %s", l.Kind, l.ID, l.N, l.At.Format(toSecond))
	}
	if p.Promise != nil {
		r.promised(*p.Promise, p.Leaf != nil, now)
	}
	if p.Opened {
		r.say(Note, "receipt", "its private part opens the commitment")
	}
}

// promised counts a promise. Absence is only told of a record that was looked at
// as a whole, or of a receipt that was never completed.
func (r *Report) promised(p Promise, kept bool, now time.Time) {
	switch {
	case kept:
		r.Kept++
	case now.After(p.MergeBy):
		r.Broken++
		r.say(Failure, "promise", "commitment %s of %s, received %s, was to be in the record by %s and is not",
			p.Commit, p.Kind, p.Received.Format(toSecond), p.MergeBy.Format(toSecond))
	default:
		r.Waiting++
		r.say(Note, "promise", "commitment %s is promised for %s", p.Commit, p.MergeBy.Format(toSecond))
	}
}
