package record

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"glosa"
)

// MergeWithin is how long the host gives itself to put a promised commitment in the record.
const MergeWithin = time.Hour

// Promise is the host's signed word, given in the same reply as the folio: this
// commitment will be in the record by MergeBy. With a later checkpoint in which
// it is absent, the promise is proof against the host.
type Promise struct {
	Origin   string
	Kind     string
	Received time.Time // to the second
	MergeBy  time.Time
	Commit   glosa.Hash
	After    int64 // size of the record when the promise was given
	Root     tlog.Hash
	Note     []byte // as signed
}

const promiseHeader = "glosa.promise/v1"

func (p Promise) text() string {
	return promiseHeader + "\n" + p.Origin + "\n" + p.Kind + "\nreceived " + p.Received.UTC().Format(toSecond) +
		"\nmerge-by " + p.MergeBy.UTC().Format(toSecond) + "\ncommit " + p.Commit.String() +
		"\nafter " + strconv.FormatInt(p.After, 10) + " " + p.Root.String() + "\n"
}

func (p *Promise) sign(s note.Signer) (err error) {
	p.Note, err = note.Sign(&note.Note{Text: p.text()}, s)
	return err
}

// OpenPromise checks a promise's signature by the promise key and reads it.
// The key must be named <origin>/promise.
func OpenPromise(raw []byte, key note.Verifier) (Promise, error) {
	if len(raw) > maxNote {
		return Promise{}, fmt.Errorf("promise of %d bytes", len(raw))
	}
	n, err := note.Open(raw, note.VerifierList(key))
	if err != nil {
		return Promise{}, fmt.Errorf("promise: %w", err)
	}
	p, err := parsePromise(n.Text)
	if err != nil {
		return p, err
	}
	if p.Origin+promiseSuffix != key.Name() {
		return Promise{}, fmt.Errorf("promise of %q signed by the key %q", p.Origin, key.Name())
	}
	p.Note = raw
	return p, nil
}

// parsePromise reads a promise's text. Only the one spelling that text() writes is accepted.
func parsePromise(text string) (Promise, error) {
	var p Promise
	lines := strings.Split(text, "\n")
	if len(lines) != 8 || lines[0] != promiseHeader || lines[7] != "" {
		return p, fmt.Errorf("promise: not seven lines of %s", promiseHeader)
	}
	p.Origin, p.Kind = lines[1], lines[2]
	var err error
	if p.Received, err = promiseTime(lines[3], "received "); err != nil {
		return p, err
	}
	if p.MergeBy, err = promiseTime(lines[4], "merge-by "); err != nil {
		return p, err
	}
	if err := p.Commit.UnmarshalText([]byte(strings.TrimPrefix(lines[5], "commit "))); err != nil {
		return p, fmt.Errorf("promise: commit: %w", err)
	}
	size, root, _ := strings.Cut(strings.TrimPrefix(lines[6], "after "), " ")
	if p.After, err = decimal(size); err != nil {
		return p, fmt.Errorf("promise: after: %w", err)
	}
	if p.Root, err = tlog.ParseHash(root); err != nil {
		return p, fmt.Errorf("promise: after: %w", err)
	}
	if p.text() != text || !isOrigin(p.Origin) || !isWord([]byte(p.Kind)) {
		return p, fmt.Errorf("promise is not written as it should be")
	}
	return p, nil
}

func promiseTime(line, prefix string) (time.Time, error) {
	t, err := time.Parse(toSecond, strings.TrimPrefix(line, prefix))
	if err != nil {
		return t, fmt.Errorf("promise: %q is not a time to the second", line)
	}
	return t, nil
}

// Promise signs a promise for a commitment received now: the note, and the time
// by which it must be kept. The act that stores the text follows it, so a promise
// may be given and the act then fail; the promise is only handed over when it did not.
func (l *Log) Promise(kind glosa.Code, commit glosa.Hash, received time.Time) ([]byte, time.Time, error) {
	if commit.IsZero() || !isWord([]byte(kind)) {
		return nil, time.Time{}, fmt.Errorf("record: promise of nothing: kind %q, commit %s", kind, commit)
	}
	tip := l.tip()
	p := Promise{Origin: l.keys.Origin, Kind: string(kind), Received: received.UTC().Truncate(time.Second),
		Commit: commit, After: tip.Size, Root: tip.Root}
	p.MergeBy = p.Received.Add(MergeWithin)
	err := p.sign(l.keys.promise)
	return p.Note, p.MergeBy, err
}
