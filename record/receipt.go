package record

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/tlog"

	"glosa"
)

// Receipt is what somebody keeps of an act: shareable (position, leaf, promise:
// nobody's identity) or private (also the salt's parts and what was committed).
// Reading one proves nothing yet: see [CheckReceipt].
type Receipt struct {
	Proof   *proof.TLogProof // nil while the commitment is only promised
	Leaf    []byte           // from Proof's extra data
	Promise []byte           // signed note; may be empty on a shareable receipt
	Private *Private         // nil on a shareable receipt
}

// Private is the part of a receipt that opens the commitment. Whoever has it can
// show what was asked; so it stays with its owner.
type Private struct {
	Object     json.RawMessage // what was committed, canonical
	SaltDevice [16]byte        // zeros without script
	SaltServer [32]byte
}

const (
	receiptHeader = "glosa.receipt/v1"
	privateFormat = "glosa.private-receipt/v1"
	maxReceipt    = 256 << 10
)

// Shareable writes a receipt for a leaf as C2SP tlog-proof text.
func Shareable(n int64, leaf []byte, path tlog.RecordProof, checkpoint, promise []byte) []byte {
	p := proof.TLogProof{Index: uint64(n), Checkpoint: checkpoint,
		ExtraData: []byte(receiptHeader + "\n" + string(leaf) + "\n" + string(promise))}
	for _, h := range path {
		p.Hashes = append(p.Hashes, h)
	}
	return p.Marshal()
}

type privateFile struct {
	Format     string          `json:"format"`
	Object     json.RawMessage `json:"object"`
	Promise    string          `json:"promise"`
	Proof      string          `json:"proof"` // shareable receipt, or empty
	SaltDevice string          `json:"salt_device"`
	SaltServer string          `json:"salt_server"`
}

// Write is a private receipt as a file. shareable is empty while the commitment
// is only promised.
func (p Private) Write(promise, shareable []byte) ([]byte, error) {
	object, err := glosa.CanonicalJSON(p.Object)
	if err != nil {
		return nil, err
	}
	b, err := json.MarshalIndent(privateFile{privateFormat, object, string(promise), string(shareable),
		base64.StdEncoding.EncodeToString(p.SaltDevice[:]), base64.StdEncoding.EncodeToString(p.SaltServer[:])}, "", "  ")
	return append(b, '\n'), err
}

// Commit is the commitment that the receipt opens.
func (p Private) Commit() (glosa.Hash, error) {
	return glosa.Commit(glosa.Salt(p.SaltServer, p.SaltDevice), p.Object)
}

// ParseReceipt reads a receipt of either sort.
func ParseReceipt(data []byte) (*Receipt, error) {
	if len(data) > maxReceipt {
		return nil, fmt.Errorf("receipt of %d bytes", len(data))
	}
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return parseShareable(data)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var f privateFile
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("private receipt: %w", err)
	}
	if f.Format != privateFormat || dec.More() || len(f.Object) == 0 {
		return nil, fmt.Errorf("private receipt: not of format %s", privateFormat)
	}
	r := &Receipt{}
	if f.Proof != "" {
		var err error
		if r, err = parseShareable([]byte(f.Proof)); err != nil {
			return nil, err
		}
		if len(r.Promise) > 0 && string(r.Promise) != f.Promise {
			return nil, fmt.Errorf("private receipt: two different promises")
		}
	}
	r.Promise, r.Private = []byte(f.Promise), &Private{Object: f.Object}
	if err := fixed(r.Private.SaltServer[:], f.SaltServer); err != nil {
		return nil, fmt.Errorf("private receipt: salt_server: %w", err)
	}
	if err := fixed(r.Private.SaltDevice[:], f.SaltDevice); err != nil {
		return nil, fmt.Errorf("private receipt: salt_device: %w", err)
	}
	return r, nil
}

func fixed(dst []byte, b64 string) error {
	b, err := base64.StdEncoding.Strict().DecodeString(b64)
	if err != nil || len(b) != len(dst) {
		return fmt.Errorf("not %d bytes in base64", len(dst))
	}
	copy(dst, b)
	return nil
}

func parseShareable(data []byte) (*Receipt, error) {
	var p proof.TLogProof
	if err := p.Unmarshal(data); err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	if !bytes.Equal(p.Marshal(), data) {
		return nil, fmt.Errorf("receipt: not written as C2SP tlog-proof asks")
	}
	rest, ok := strings.CutPrefix(string(p.ExtraData), receiptHeader+"\n")
	leaf, promise, two := strings.Cut(rest, "\n")
	if !ok || !two {
		return nil, fmt.Errorf("receipt: its extra data is not of format %s", receiptHeader)
	}
	if p.Index > 1<<62 || len(p.Hashes) > 64 {
		return nil, fmt.Errorf("receipt: index %d with %d hashes", p.Index, len(p.Hashes))
	}
	return &Receipt{Proof: &p, Leaf: []byte(leaf), Promise: []byte(promise)}, nil
}

// Proven is what a receipt proves under a policy.
type Proven struct {
	Leaf       *Leaf       // nil while only promised
	Checkpoint *Checkpoint // nil while only promised
	Promise    *Promise    // nil if the receipt holds none
	Opened     bool        // the private part opens the commitment
}

// CheckReceipt checks a receipt offline: the log's signature (and quorum), the
// leaf's inclusion at its index, the leaf's form, the promise's signature and
// that the leaf keeps it, and that the private part opens the commitment.
func CheckReceipt(r *Receipt, p *Policy, k *KindSet) (Proven, error) {
	var out Proven
	if len(r.Promise) > 0 {
		if p.Promise == nil {
			return out, fmt.Errorf("the policy names no promise key, so the promise cannot be checked")
		}
		promise, err := OpenPromise(r.Promise, p.Promise)
		if err != nil {
			return out, err
		}
		out.Promise = &promise
	}
	if r.Proof != nil {
		if err := checkIncluded(r, p, k, &out); err != nil {
			return out, err
		}
	} else if out.Promise == nil {
		return out, fmt.Errorf("the receipt holds neither a proof nor a promise")
	}
	if out.Promise != nil && out.Leaf != nil {
		if err := keeps(*out.Leaf, *out.Promise); err != nil {
			return out, err
		}
	}
	return out, checkOpens(r, &out)
}

func checkIncluded(r *Receipt, p *Policy, k *KindSet, out *Proven) error {
	cp, err := p.Checkpoint(r.Proof.Checkpoint)
	if err != nil {
		return err
	}
	path := make(tlog.RecordProof, len(r.Proof.Hashes))
	for i, h := range r.Proof.Hashes {
		path[i] = h
	}
	n := int64(r.Proof.Index)
	if n >= cp.Size {
		return fmt.Errorf("the receipt's index %d is beyond the checkpoint's size %d", n, cp.Size)
	}
	if err := tlog.CheckRecord(path, cp.Size, cp.Root, n, tlog.RecordHash(r.Leaf)); err != nil {
		return fmt.Errorf("the leaf is not at index %d of the signed tree: %w", n, err)
	}
	leaf, err := k.Parse(r.Leaf)
	if err != nil {
		return err
	}
	if leaf.N != n {
		return fmt.Errorf("the leaf says it is number %d, its index is %d", leaf.N, n)
	}
	out.Leaf, out.Checkpoint = &leaf, &cp
	return nil
}

// keeps tells whether a leaf keeps a promise.
func keeps(l Leaf, p Promise) error {
	// A ballot is promised as cast and recorded in a batch: the room must agree, the verb need not.
	if room, _, _ := strings.Cut(p.Kind, "."); !strings.HasPrefix(l.Kind, room+".") {
		return fmt.Errorf("the promise is of %s, leaf %d is of %s", p.Kind, l.N, l.Kind)
	}
	if l.N < p.After {
		return fmt.Errorf("leaf %d was there before the promise, given after %d leaves", l.N, p.After)
	}
	for _, c := range l.Commits {
		if c == p.Commit {
			return nil
		}
	}
	return fmt.Errorf("leaf %d does not hold the promised commitment", l.N)
}

func checkOpens(r *Receipt, out *Proven) error {
	if r.Private == nil {
		return nil
	}
	c, err := r.Private.Commit()
	if err != nil {
		return err
	}
	if out.Promise != nil && out.Promise.Commit != c {
		return fmt.Errorf("the private part does not open the promised commitment")
	}
	if out.Leaf != nil {
		found := false
		for _, have := range out.Leaf.Commits {
			found = found || have == c
		}
		if !found {
			return fmt.Errorf("the private part does not open the leaf's commitment")
		}
	}
	out.Opened = true
	return nil
}

// Standing says in one word where a receipt stands at a time: "recorded",
// "promised" or "overdue".
func (p Proven) Standing(now time.Time) string {
	switch {
	case p.Leaf != nil:
		return "recorded"
	case p.Promise != nil && now.After(p.Promise.MergeBy):
		return "overdue"
	}
	return "promised"
}
