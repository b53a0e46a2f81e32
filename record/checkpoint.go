package record

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is a signed tree head (C2SP tlog-checkpoint), its signature checked.
// It holds no time: the same tree gives the same bytes on every node.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
	Note   []byte // as signed, with all its signatures
}

func (c Checkpoint) text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

func signCheckpoint(s note.Signer, size int64, root tlog.Hash) (Checkpoint, error) {
	c := Checkpoint{Origin: s.Name(), Size: size, Root: root}
	var err error
	c.Note, err = note.Sign(&note.Note{Text: c.text()}, s)
	return c, err
}

// maxNote is more than any checkpoint with many witnesses needs.
const maxNote = 64 << 10

// OpenCheckpoint checks a checkpoint's signature by the log's key and reads it.
// The key's name must be the checkpoint's origin. Text after the root (an
// extension) is refused: this log writes none.
func OpenCheckpoint(raw []byte, log note.Verifier) (Checkpoint, error) {
	if len(raw) > maxNote {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d bytes", len(raw))
	}
	n, err := note.Open(raw, note.VerifierList(log))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return c, err
	}
	if c.Origin != log.Name() {
		return Checkpoint{}, fmt.Errorf("checkpoint of %q signed by the key of %q", c.Origin, log.Name())
	}
	c.Note = bytes.Clone(raw)
	return c, nil
}

func parseCheckpoint(text string) (Checkpoint, error) {
	var c log.Checkpoint
	if _, err := c.Unmarshal([]byte(text)); err != nil {
		return Checkpoint{}, err
	}
	if len(c.Hash) != tlog.HashSize || c.Size > 1<<62 {
		return Checkpoint{}, fmt.Errorf("checkpoint of size %d with a root of %d bytes", c.Size, len(c.Hash))
	}
	out := Checkpoint{Origin: c.Origin, Size: int64(c.Size), Root: tlog.Hash(c.Hash)}
	if out.text() != text {
		return Checkpoint{}, fmt.Errorf("checkpoint is not written as it should be")
	}
	return out, nil
}
