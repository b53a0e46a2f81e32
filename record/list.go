package record

import (
	"bytes"
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"glosa"
	"glosa/db"
)

// Entry is a leaf as it stands in the table: read, and as the bytes that are hashed.
type Entry struct {
	Leaf
	Raw    []byte
	Sealed bool // in the newest checkpoint
}

// Entry reads leaf n with its bytes. NotFound when there is none; Internal when it is damaged.
func (l *Log) Entry(ctx context.Context, n int64) (Entry, error) {
	leaf, raw, err := l.leaf(ctx, n)
	return Entry{Leaf: leaf, Raw: []byte(raw), Sealed: n < l.tip().Size}, err
}

// Before lists the leaves with numbers below n, the newest first; n below 1 asks
// for the newest of all.
func (l *Log) Before(ctx context.Context, n int64, limit int) ([]Entry, error) {
	var raw [][]byte
	var from int64
	err := l.conf.DB.Read(ctx, func(tx *db.Tx) error {
		newest, _, err := last(tx)
		if err != nil {
			return err
		}
		if n < 1 || n > newest+1 {
			n = newest + 1
		}
		from = max(0, n-int64(limit))
		raw, err = leavesFrom(tx, from, int(n-from))
		return err
	})
	if err != nil {
		return nil, err
	}
	size := l.tip().Size
	out := make([]Entry, 0, len(raw))
	for i := len(raw) - 1; i >= 0; i-- {
		leaf, err := l.kinds.Parse(raw[i])
		if err != nil {
			return nil, err
		}
		out = append(out, Entry{Leaf: leaf, Raw: raw[i], Sealed: leaf.N < size})
	}
	return out, nil
}

// searched bounds how many leaves one question for a commitment may walk over.
const searched = 20_000

// Kept finds the leaf that keeps a promise, among those that followed it: by the
// thing that it speaks of, where a room knows that, else by walking. ok is false
// when there is none yet, or, of what no room knows, none among the first twenty
// thousand.
func (l *Log) Kept(ctx context.Context, p Promise) (e Entry, ok bool, err error) {
	if l.conf.Subject != nil {
		if e, ok, err = l.keptAbout(ctx, p); ok || err != nil {
			return e, ok, err
		}
	}
	return l.keptAmong(ctx, p)
}

// keptAbout looks at the leaves about the promise's own subject alone. An index
// of every commitment would halve the speed of the follower; the rooms have one.
func (l *Log) keptAbout(ctx context.Context, p Promise) (e Entry, ok bool, err error) {
	subject, err := l.conf.Subject(ctx, p.Commit)
	if err != nil || subject == "" {
		return e, false, err
	}
	var raw []string
	err = l.conf.DB.Read(ctx, func(tx *db.Tx) (err error) {
		raw, err = leavesAbout(tx, subject)
		return err
	})
	for _, r := range raw {
		leaf, err := l.kinds.Parse([]byte(r))
		if err != nil {
			return e, false, err
		}
		if keeps(leaf, p) == nil {
			return Entry{Leaf: leaf, Raw: []byte(r), Sealed: leaf.N < l.tip().Size}, true, nil
		}
	}
	return e, false, err
}

// keptAmong walks over the leaves after the promise.
func (l *Log) keptAmong(ctx context.Context, p Promise) (e Entry, ok bool, err error) {
	needle := []byte(p.Commit.String())
	late := p.MergeBy.Add(MergeWithin) // a leaf's time is rounded, and a late host may still come
	for at := p.After; at < p.After+searched; {
		var raw [][]byte
		err := l.conf.DB.Read(ctx, func(tx *db.Tx) (err error) {
			raw, err = leavesFrom(tx, at, 1000)
			return err
		})
		if err != nil || len(raw) == 0 {
			return e, false, err
		}
		for _, r := range raw {
			if !bytes.Contains(r, needle) {
				continue
			}
			leaf, err := l.kinds.Parse(r)
			if err != nil {
				return e, false, err
			}
			if keeps(leaf, p) == nil {
				return Entry{Leaf: leaf, Raw: r, Sealed: leaf.N < l.tip().Size}, true, nil
			}
		}
		at += int64(len(raw))
		if newest, err := l.kinds.Parse(raw[len(raw)-1]); err == nil && newest.At.After(late) {
			break
		}
	}
	return e, false, nil
}

// CheckOwn checks a receipt as one of this log: under its own policy, offline,
// and then against the leaf that stands in the table today. bad says what does
// not agree; err is for what went wrong on our side.
func (l *Log) CheckOwn(ctx context.Context, r *Receipt) (p Proven, bad, err error) {
	policy, err := ParsePolicy(l.policy)
	if err != nil {
		return p, nil, err
	}
	if p, bad = CheckReceipt(r, policy, l.kinds); bad != nil || p.Leaf == nil {
		return p, bad, nil
	}
	today, err := l.Entry(ctx, p.Leaf.N)
	if glosa.KindOf(err) == glosa.NotFound || err == nil && !bytes.Equal(today.Raw, r.Leaf) {
		return p, fmt.Errorf("the receipt is signed, and leaf %d of the record is not the one it shows", p.Leaf.N), nil
	}
	return p, nil, err
}

// VerifierKeys are the verifier keys of the log and of its promises, as served.
func (l *Log) VerifierKeys() (log, promise string) { return l.keys.LogKey, l.keys.PromiseKey }

// LeafHash is the hash of a leaf as it stands in the tree: SHA-256(0x00 ‖ leaf).
func LeafHash(leaf []byte) glosa.Hash { return glosa.Hash(tlog.RecordHash(leaf)) }
