package record

import (
	"bytes"
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// walk is one passage over a whole record: every leaf once, in order, with no
// more in memory than the tree's edge and one line for each commitment.
type walk struct {
	*Report
	src    source
	opts   *Options
	kinds  *KindSet
	claims claims
	ledger ledger
	edge   edge
	saved  map[int64][]savedRoot // by size
	wrong  []mismatch            // entries and tiles that contradict each other
	before int64                 // size of the record before the texts were read
	seen   struct{ rows [][]byte }
}

// savedRoot is what somebody was once told of the tree at a size.
type savedRoot struct {
	root  tlog.Hash
	where string
}

// mismatch is a tile that is not what the entries make it.
type mismatch struct {
	tile tlog.Tile
	at   int   // position of the hash in the tile; -1: the whole tile
	leaf int64 // for level 0, which leaf
	err  error // the tile could not be read
}

func verifyRecord(ctx context.Context, target string, src source, opts Options, kinds *KindSet) (*Report, error) {
	w := &walk{Report: &Report{Target: target}, src: src, opts: &opts, kinds: kinds, saved: map[int64][]savedRoot{}}
	w.claims.init()
	w.ledger.init(w)
	text, err := w.policyText(ctx)
	if err != nil {
		return nil, err
	}
	policy, err := ParsePolicy(text)
	if err != nil {
		w.say(Failure, "policy", "%v", err)
		return w.Report, nil
	}
	if cp, ok := w.checkpoint(ctx, policy); ok {
		w.before = cp.Size
	} else {
		return w.Report, nil
	}
	if w.claims.silent = opts.Bare; !opts.Bare {
		w.readTexts(ctx)
		w.readOfficials(ctx)
	}
	if opts.wait > 0 {
		sleep(ctx, nil, opts.wait)
	}
	cp, ok := w.checkpoint(ctx, policy) // newer than the texts, so that it knows their tombstones
	if !ok {
		return w.Report, nil
	}
	w.Origin, w.Size, w.Root = cp.Origin, cp.Size, cp.Root
	w.witnessed(ctx, policy)
	w.readSaved(policy)
	if err := w.leaves(ctx); err != nil {
		return nil, err
	}
	w.root(ctx, cp)
	w.claims.conclude(w)
	if w.edge.size == w.Size { // leaves that could not be read say nothing
		w.ledger.conclude()
		w.beyond(ctx)
	}
	return w.Report, nil
}

func (w *walk) policyText(ctx context.Context) ([]byte, error) {
	if len(w.opts.Policy) > 0 {
		return w.opts.Policy, nil
	}
	text, err := w.src.get(ctx, "policy")
	if err != nil {
		return nil, fmt.Errorf("no saved policy was given, and the target shows none: %w", err)
	}
	w.say(Warning, "policy", "the keys were asked of the target itself: save its policy and give it next time")
	return text, nil
}

// checkpoint reads the newest checkpoint and checks the log's own signature.
func (w *walk) checkpoint(ctx context.Context, p *Policy) (Checkpoint, bool) {
	raw, err := w.src.get(ctx, "checkpoint")
	if err == nil {
		var cp Checkpoint
		if cp, err = p.logOnly(raw); err == nil {
			return cp, true
		}
	}
	w.say(Failure, "checkpoint", "%v", err)
	return Checkpoint{}, false
}

// witnessed looks for the checkpoint that meets the policy's quorum.
func (w *walk) witnessed(ctx context.Context, p *Policy) {
	if !p.Witnessed() {
		w.say(Warning, "checkpoint", "nobody outside the host has attested this record yet (quorum none)")
		return
	}
	raw, err := w.src.get(ctx, "checkpoint.witnessed")
	if err == nil {
		var cp Checkpoint
		if cp, err = p.Checkpoint(raw); err == nil {
			w.expect(cp.Size, cp.Root, "the witnessed checkpoint")
			return
		}
	}
	w.say(Failure, "checkpoint", "witnessed: %v", err)
}

// expect notes a root that the record must have had at a size.
func (w *walk) expect(size int64, root tlog.Hash, where string) {
	w.saved[size] = append(w.saved[size], savedRoot{root, where})
	if size > w.Size {
		w.say(Failure, "saved", "%s saw %d leaves; the record now has only %d", where, size, w.Size)
	}
}

// readSaved takes in what was kept from earlier: checkpoints, receipts, promises.
func (w *walk) readSaved(p *Policy) {
	for i, raw := range w.opts.Saved {
		where := fmt.Sprintf("saved file %d", i+1)
		if cp, err := p.logOnly(raw); err == nil {
			w.expect(cp.Size, cp.Root, where)
			continue
		}
		r, err := ParseReceipt(raw)
		if err != nil {
			w.say(Failure, "saved", "%s is neither a checkpoint of this log nor a receipt: %v", where, err)
			continue
		}
		proven, err := CheckReceipt(r, p, w.kinds)
		if err != nil {
			w.say(Failure, "receipt", "%s: %v", where, err)
			continue
		}
		if proven.Checkpoint != nil {
			w.expect(proven.Checkpoint.Size, proven.Checkpoint.Root, where)
		}
		if proven.Promise != nil {
			w.expect(proven.Promise.After, proven.Promise.Root, "the promise in "+where)
			w.claims.promises = append(w.claims.promises, *proven.Promise)
		}
	}
}

// logOnly checks the log's signature alone.
func (p *Policy) logOnly(raw []byte) (Checkpoint, error) {
	own := Policy{Logs: append([]note.Verifier(nil), p.Logs...), none: true}
	return own.Checkpoint(raw)
}

// leaves walks over every entry: its place, its form, the tree above it, the
// table beside it, what it says of other leaves.
func (w *walk) leaves(ctx context.Context) error {
	w.roots()
	for n := int64(0); n*tileWidth < w.Size; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		t := tlog.Tile{H: tileHeight, L: entryLevel, N: n, W: widthAt(w.Size, 0, n)}
		bundle, err := w.src.tile(ctx, t)
		var list [][]byte
		if err == nil {
			list, err = entries(bundle)
		}
		if err == nil && len(list) != t.W {
			err = fmt.Errorf("%d entries, want %d", len(list), t.W)
		}
		if err != nil {
			w.say(Failure, "entry", "%s: %v: nothing after leaf %d can be checked", tilePath(t), err, n*tileWidth)
			return nil
		}
		w.readRows(ctx, n*tileWidth, t.W)
		for i, leaf := range list {
			w.leaf(ctx, n*tileWidth+int64(i), leaf)
		}
	}
	w.edge.partial(func(t tlog.Tile, data []byte) { w.compare(ctx, t, data) })
	return nil
}

func (w *walk) leaf(ctx context.Context, n int64, data []byte) {
	if i := int(n % tileWidth); i < len(w.seen.rows) && !bytes.Equal(w.seen.rows[i], data) {
		w.say(Failure, "row", "row %d of record_leaf is not the leaf that was sealed (first difference at byte %d)", n, differ(w.seen.rows[i], data))
	}
	w.edge.add(data, func(t tlog.Tile, made []byte) { w.compare(ctx, t, made) })
	w.roots()
	l, err := w.kinds.Parse(data)
	if err != nil {
		w.say(Failure, "leaf", "leaf %d: %v", n, err)
		return
	}
	if l.N != n {
		w.say(Failure, "index", "the leaf at index %d says it is number %d", n, l.N)
	}
	w.claims.leaf(w, l)
	w.ledger.fold(l)
}

// beyond looks at rows of the table that no checkpoint covers. The newest few
// wait for the next one; older ones should have been sealed long ago.
func (w *walk) beyond(ctx context.Context) {
	if w.opts.Rows == nil {
		return
	}
	waiting := 0
	for n := w.Size; ; {
		rows, err := w.opts.Rows(ctx, n, tileWidth)
		if err != nil {
			w.say(Failure, "row", "rows of record_leaf from %d: %v", n, err)
		}
		if err != nil || len(rows) == 0 {
			break
		}
		for i, row := range rows {
			l, err := w.kinds.Parse(row)
			switch {
			case err != nil:
				w.say(Failure, "row", "row %d of record_leaf, which no checkpoint covers: %v", n+int64(i), err)
			case w.opts.Now.Sub(l.At) > MergeWithin:
				w.say(Failure, "row", "row %d of record_leaf (%s %s) is dated %s and no checkpoint covers it", n+int64(i), l.Kind, l.ID, l.At.Format(toSecond))
			default:
				waiting++
			}
		}
		n += int64(len(rows))
	}
	if waiting > 0 {
		w.say(Note, "row", "%d rows of record_leaf wait for the next checkpoint", waiting)
	}
}

// readRows reads the table's rows beside one bundle.
func (w *walk) readRows(ctx context.Context, from int64, count int) {
	w.seen.rows = nil
	if w.opts.Rows == nil {
		return
	}
	rows, err := w.opts.Rows(ctx, from, count)
	if err != nil {
		w.say(Failure, "row", "rows of record_leaf from %d: %v", from, err)
		return
	}
	if len(rows) < count {
		w.say(Failure, "row", "record_leaf ends before row %d; the record has %d leaves", from+int64(len(rows)), w.Size)
	}
	w.seen.rows = rows
}

// roots compares the root with what was saved of this size.
func (w *walk) roots() {
	for _, s := range w.saved[w.edge.size] {
		root, err := w.edge.root()
		if err != nil || root != s.root {
			w.say(Failure, "saved", "%s saw another history: at %d leaves its root is %s, here it is %s", s.where, w.edge.size, s.root, root)
		}
	}
}

// compare holds a tile made from the entries against the one that is served.
func (w *walk) compare(ctx context.Context, t tlog.Tile, made []byte) {
	if t.L == entryLevel {
		return // the entries themselves were read from it
	}
	have, err := w.src.tile(ctx, t)
	if err == nil && len(have) != len(made) {
		err = fmt.Errorf("%d bytes, want %d", len(have), len(made))
	}
	if err != nil {
		w.wrong = append(w.wrong, mismatch{tile: t, at: -1, err: err})
		return
	}
	for i := 0; i < len(made) && len(w.wrong) < keptFindings; i += tlog.HashSize {
		if !bytes.Equal(have[i:i+tlog.HashSize], made[i:i+tlog.HashSize]) {
			k := i / tlog.HashSize
			w.wrong = append(w.wrong, mismatch{tile: t, at: k, leaf: t.N*tileWidth + int64(k)})
		}
	}
}

// root decides who is right where entries and tiles disagree: whoever leads to
// the root that was signed.
func (w *walk) root(ctx context.Context, cp Checkpoint) {
	if w.edge.size != cp.Size {
		return // said already
	}
	root, err := w.edge.root()
	if err == nil && root == cp.Root {
		for _, m := range w.wrong {
			w.say(Failure, "tile", "%s", m.tileText())
		}
		return
	}
	tiles, err := tlog.TreeHash(cp.Size, hashReader(ctx, cp.Size, w.src))
	if err != nil || tiles != cp.Root {
		w.say(Failure, "checkpoint", "neither entries nor tiles lead to the signed root %s of %d leaves", cp.Root, cp.Size)
	}
	blamed := false
	for _, m := range w.wrong {
		if m.tile.L == 0 && m.at >= 0 {
			blamed = true
			e := tlog.Tile{H: tileHeight, L: entryLevel, N: m.tile.N, W: widthAt(w.Size, 0, m.tile.N)}
			w.say(Failure, "entry", "leaf %d in %s is not the leaf that was signed", m.leaf, tilePath(e))
		}
	}
	if !blamed {
		w.say(Failure, "entry", "the entries lead to root %s, the checkpoint says %s", root, cp.Root)
	}
}

func (m mismatch) tileText() string {
	if m.err != nil {
		return fmt.Sprintf("%s: %v", tilePath(m.tile), m.err)
	}
	return fmt.Sprintf("%s: hash %d (bytes %d to %d) is not what the entries make it", tilePath(m.tile), m.at,
		m.at*tlog.HashSize, (m.at+1)*tlog.HashSize-1)
}

func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
