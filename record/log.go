package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"glosa"
	"glosa/db"
)

// Config is what a log needs.
type Config struct {
	DB     *db.DB
	Folder string // <data>/record: the log as it is served
	Keys   string // <data>/keys: outside the database and its backups
	Origin string // the log's name for ever, such as "glosa.example.mx/record"
	Kinds  []glosa.EventKind
	Texts  func(ctx context.Context, emit func(Text) error) error // what the rooms publish of each commitment; nil: nothing
	// Officials are the official texts and states that the rooms publish; nil: none.
	Officials func(ctx context.Context, emit func(glosa.Official) error) error
	Log       *slog.Logger // nil: slog.Default

	// Subject tells of which thing a commitment speaks, so that the leaf that keeps
	// a promise is looked up instead of searched for. "" when no room knows; nil:
	// none is asked.
	Subject func(ctx context.Context, commit glosa.Hash) (string, error)
}

// Log is the public record: the follower that fills it, and what reads it.
// It is safe for many goroutines.
type Log struct {
	conf   Config
	kinds  *KindSet
	keys   *Keys
	policy []byte
	f      *folder
	now    atomic.Pointer[Checkpoint]
	news   chan struct{} // the table has grown

	mu     sync.Mutex
	paused [2]pause // by stage
}

// The two stages of following, which pause apart.
const (
	filling = iota // events into the table
	sealing        // the table into tiles
)

type pause struct {
	reason string
	since  time.Time
}

// New opens a log. It makes the keys when there are none and nothing was ever
// sealed. It refuses kinds whose bodies could carry free text, missing or foreign
// keys, and key files that others may read. A damaged folder does not refuse:
// the record pauses, the site does not.
func New(c Config) (*Log, error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	kinds, err := NewKindSet(c.Kinds)
	if err != nil {
		return nil, err
	}
	_, err = os.Stat(filepath.Join(c.Folder, "checkpoint"))
	keys, err := LoadKeys(c.Keys, c.Origin, errors.Is(err, fs.ErrNotExist))
	if err != nil {
		return nil, err
	}
	l := &Log{conf: c, kinds: kinds, keys: keys, policy: writePolicy(keys), f: &folder{dir: c.Folder},
		news: make(chan struct{}, 1)}
	empty, err := tlog.TreeHash(0, nil)
	if err != nil {
		return nil, err
	}
	cp, err := signCheckpoint(keys.log, 0, empty)
	if err != nil {
		return nil, err
	}
	l.now.Store(&cp)
	if err := l.refresh(); err != nil {
		l.pause(sealing, err)
	}
	return l, nil
}

// refresh takes the tip from disk, as a node does that serves but does not seal.
func (l *Log) refresh() error {
	raw, err := l.f.checkpoint()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if string(raw) == string(l.tip().Note) {
		return nil
	}
	cp, err := OpenCheckpoint(raw, l.keys.logVerifier)
	if err != nil {
		return fmt.Errorf("the checkpoint on disk: %w", err)
	}
	l.now.Store(&cp)
	return nil
}

func (l *Log) tip() Checkpoint { return *l.now.Load() }

func (l *Log) pause(stage int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paused[stage].reason == err.Error() {
		return
	}
	since := l.paused[stage].since
	if since.IsZero() {
		since = l.conf.DB.Clock().Now()
	}
	l.paused[stage] = pause{err.Error(), since}
	l.conf.Log.Error("the record is paused; the site goes on", "err", err)
}

func (l *Log) resume(stage int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paused[stage].reason != "" {
		l.conf.Log.Info("the record goes on", "was", l.paused[stage].reason)
	}
	l.paused[stage] = pause{}
}

// Status is how the record stands.
type Status struct {
	Origin    string
	Size      int64     // leaves sealed
	Root      tlog.Hash // of the newest checkpoint
	Paused    bool      // sealing is paused: pages say so, /readyz says degraded
	Reason    string    // for the operator's eyes
	Since     time.Time // when it paused
	Witnesses int       // how many outside the host have cosigned the newest checkpoint
}

// Status tells how the record stands, from memory.
func (l *Log) Status() Status {
	tip := l.tip()
	s := Status{Origin: tip.Origin, Size: tip.Size, Root: tip.Root}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.paused {
		if p.reason != "" {
			s.Paused, s.Reason, s.Since = true, p.reason, p.since
			break
		}
	}
	return s
}

// Size is how many leaves are sealed.
func (l *Log) Size() int64 { return l.tip().Size }

// Checkpoint is the newest checkpoint.
func (l *Log) Checkpoint() Checkpoint { return l.tip() }

// Policy is the log's policy, as served.
func (l *Log) Policy() []byte { return l.policy }

// Kinds is the closed list of leaves.
func (l *Log) Kinds() *KindSet { return l.kinds }

// IndexOf tells which leaf an event became. ok is false while it is none.
func (l *Log) IndexOf(ctx context.Context, eventSeq int64) (n int64, ok bool) {
	err := l.conf.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = indexOf(tx, eventSeq)
		return err
	})
	if err != nil && !notFound(err) {
		l.conf.Log.Error("record: index of an event", "seq", eventSeq, "err", err)
	}
	return n, err == nil
}

// Leaf reads leaf n from the table. NotFound when there is none; Internal when it is damaged.
func (l *Log) Leaf(ctx context.Context, n int64) (Leaf, error) {
	leaf, _, err := l.leaf(ctx, n)
	return leaf, err
}

// Leaves reads at most limit sealed leaves from number from on. No number is
// missing among them: what is private never becomes a leaf.
func (l *Log) Leaves(ctx context.Context, from int64, limit int) ([]Leaf, error) {
	limit = int(min(int64(limit), l.Size()-from))
	if from < 0 || limit <= 0 {
		return nil, nil
	}
	var raw [][]byte
	err := l.conf.DB.Read(ctx, func(tx *db.Tx) (err error) {
		raw, err = leavesFrom(tx, from, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]Leaf, len(raw))
	for i, r := range raw {
		if out[i], err = l.kinds.Parse(r); err != nil {
			return nil, fmt.Errorf("record: leaf %d: %w", from+int64(i), err)
		}
	}
	return out, nil
}

func (l *Log) leaf(ctx context.Context, n int64) (leaf Leaf, raw string, err error) {
	err = l.conf.DB.Read(ctx, func(tx *db.Tx) (err error) {
		raw, err = leafAt(tx, n)
		return err
	})
	if notFound(err) {
		return leaf, raw, glosa.Missing("leaf", fmt.Sprint(n))
	}
	if err != nil {
		return leaf, raw, err
	}
	leaf, err = l.kinds.Parse([]byte(raw))
	return leaf, raw, err
}

// About reads the leaves that speak of a thing, in order: a question's page shows
// their numbers. Those from Size on are not sealed yet.
func (l *Log) About(ctx context.Context, subject string) ([]Leaf, error) {
	var raw []string
	err := l.conf.DB.Read(ctx, func(tx *db.Tx) (err error) {
		raw, err = leavesAbout(tx, subject)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]Leaf, len(raw))
	for i, r := range raw {
		if out[i], err = l.kinds.Parse([]byte(r)); err != nil {
			return nil, fmt.Errorf("record: leaf about %s: %w", subject, err)
		}
	}
	return out, nil
}

// Listed finds the leaf that holds a commitment among those about a thing which
// list commitments in ascending order, each leaf going on where the one before it
// ended. It looks by halving: of a thousand leaves it reads ten.
func (l *Log) Listed(ctx context.Context, subject string, commit glosa.Hash) (leaf Leaf, ok bool, err error) {
	err = l.conf.DB.Read(ctx, func(tx *db.Tx) error {
		about, err := numbersAbout(tx, subject)
		for err == nil && len(about) > 0 {
			half := len(about) / 2
			var raw string
			if raw, err = leafAt(tx, about[half]); err != nil {
				break
			}
			if leaf, err = l.kinds.Parse([]byte(raw)); err != nil {
				break
			}
			switch list := leaf.Commits; {
			case slices.Contains(list, commit):
				ok = true
				return nil
			case len(list) > 0 && bytes.Compare(list[0][:], commit[:]) < 0:
				about = about[half+1:]
			default:
				about = about[:half]
			}
		}
		return err
	})
	return leaf, ok, err
}

// Inclusion is a proof that leaf N is in the tree of Checkpoint.
type Inclusion struct {
	N          int64
	Path       tlog.RecordProof
	Checkpoint Checkpoint
}

// ProofFor proves leaf n against the newest checkpoint. NotFound until it is sealed.
func (l *Log) ProofFor(ctx context.Context, n int64) (Inclusion, error) {
	tip := l.tip()
	if n < 0 || n >= tip.Size {
		return Inclusion{}, glosa.Missing("leaf", fmt.Sprint(n))
	}
	path, err := tlog.ProveRecord(tip.Size, n, hashReader(ctx, tip.Size, l.f))
	if err != nil {
		return Inclusion{}, fmt.Errorf("record: proof for leaf %d: %w", n, err)
	}
	return Inclusion{n, path, tip}, nil
}

// Receipt is the shareable receipt of leaf n, with the promise if one is given.
// NotFound until the leaf is sealed.
func (l *Log) Receipt(ctx context.Context, n int64, promise []byte) ([]byte, error) {
	in, err := l.ProofFor(ctx, n)
	if err != nil {
		return nil, err
	}
	_, raw, err := l.leaf(ctx, n)
	if err != nil {
		return nil, err
	}
	if err := tlog.CheckRecord(in.Path, in.Checkpoint.Size, in.Checkpoint.Root, n, tlog.RecordHash([]byte(raw))); err != nil {
		return nil, fmt.Errorf("record: leaf %d of the table is not the one that was sealed: %w", n, err)
	}
	return Shareable(n, []byte(raw), in.Path, in.Checkpoint.Note, promise), nil
}
