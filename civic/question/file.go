package question

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/question/attachment"
	"glosa/db"
)

// Vault keeps bytes under their own SHA-256 ([glosa/civic/report.Folder]). What it
// is given was sealed before, so it learns nothing, and two files are never one.
type Vault interface {
	Keep(ctx context.Context, sealed []byte) (glosa.FileID, error)
	Get(ctx context.Context, id glosa.FileID) (io.ReadSeekCloser, error)
	Drop(ctx context.Context, id glosa.FileID, before time.Time) error
}

// FileObject is what the commitment of an attachment commits to: the file as we
// keep it, and whether everybody may have it.
type FileObject struct {
	Bytes  int             `json:"bytes"`
	Digest glosa.Hash      `json:"digest"`
	Kind   glosa.Code      `json:"kind"` // "attachment"
	Media  string          `json:"media"`
	Public bool            `json:"public"` // false: those who moderate have it; [Attached.ForOffice] says who else
	What   attachment.Kind `json:"what"`
	V      int             `json:"v"`
}

// Attached is one attachment as pages speak of it.
type Attached struct {
	FileObject
	Version int
	commit  glosa.Hash
}

// ForOffice tells whether whoever owes the answer may have the file too: a voice or
// a face that its owner did not want published would tell the office that is
// questioned who asks, so it gets what was written down instead.
func (a Attached) ForOffice() bool { return a.Public || !a.What.Spoken() }

// read fills in what was committed to; nothing when it was erased.
func (a *Attached) read(object *string) {
	if object != nil {
		_ = json.Unmarshal([]byte(*object), &a.FileObject) // we wrote it
	}
}

// Name is the file's public name. It is drawn from the commitment, so it tells
// nothing of the name that the file had on somebody's phone.
func (a Attached) Name(id glosa.QuestionID) string {
	return string(id) + "-" + hex.EncodeToString(a.commit[:6]) + attachment.Extension(a.Media)
}

// Files are the attachments of a question whose words are public.
func (p Page) Files() (out []Attached) {
	for _, t := range p.Texts {
		if t.Kind == TextAttachment && t.State == Opened {
			a := Attached{Version: t.Version, commit: t.Commit}
			s := string(t.Object)
			a.read(&s)
			out = append(out, a)
		}
	}
	return out
}

// Unwritten tells whether a public question was asked by sound or film alone and
// nobody has written down yet what it says.
func (p Page) Unwritten() bool {
	return p.Text == "" && slices.ContainsFunc(p.Files(), func(a Attached) bool { return a.What.Spoken() })
}

// examine looks into the file of a question and lists what is wrong with it. One
// file is examined at a time: an image may take a hundred megabytes.
func (d *Desk) examine(p *prepared) error {
	if len(p.ask.File) == 0 {
		return nil
	}
	d.examining.Lock()
	defer d.examining.Unlock()
	f, err := attachment.Read(p.ask.File)
	var no *glosa.Error
	if errors.As(err, &no) && no.Kind == glosa.Invalid {
		p.wrong = append(p.wrong, no.Fields...)
		return nil
	}
	if err != nil {
		return err
	}
	p.file, p.ask.spoken = &f, f.Kind.Spoken()
	return nil
}

// open tells whether everybody may have the file: an image is drawn anew, a voice
// or a face is the asker's to show, and what a PDF hides cannot be seen.
func (p *prepared) open() bool {
	return p.file.Kind == attachment.Image || p.file.Kind.Spoken() && p.ask.FileShown
}

// commitFile commits to the attachment beside the words.
func (d *Desk) commitFile(p *prepared) error {
	if p.file == nil {
		return nil
	}
	f, err := d.further(TextAttachment, "", p.ask.Salt, FileObject{Bytes: len(p.file.Bytes), Digest: glosa.Digest(p.file.Bytes),
		Kind: "attachment", Media: p.file.Media, Public: p.open(), What: p.file.Kind, V: 1})
	p.further = append(p.further, f)
	return err
}

// layDown seals the attachment and puts it where files lie, before the act that
// names it; what no act names in the end is swept.
func (d *Desk) layDown(ctx context.Context, p *prepared) error {
	if p.file == nil || len(p.wrong) > 0 {
		return nil
	}
	if d.Files == nil {
		return errors.New("question: there is no place for files")
	}
	key := seed()
	seal, err := cipherOf(key[:])
	if err != nil {
		return err
	}
	nonce := make([]byte, seal.NonceSize(), seal.NonceSize()+len(p.file.Bytes)+seal.Overhead())
	_, _ = rand.Read(nonce) // crypto/rand never fails on a working machine
	id, err := d.Files.Keep(ctx, seal.Seal(nonce, nonce, p.file.Bytes, nil))
	p.lies = lying{file: id, key: key[:]}
	return err
}

func cipherOf(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// withinFile lists what the edition's own limits say against the file.
func (p *prepared) withinFile(l limits) []glosa.Field {
	most := strconv.FormatInt(l.fileBytes>>20, 10)
	switch n := len(p.ask.File); {
	case n == 0:
		return nil
	case l.files == 0:
		return []glosa.Field{{Name: "file", Key: "ak.nofiles"}}
	case int64(n) > l.fileBytes, p.file != nil && !slices.Contains(l.media, p.file.Sent):
		return []glosa.Field{{Name: "file", Key: "a.file", Args: map[string]string{"n": most}}}
	}
	return nil
}

// File is an attachment that everybody may have. NotFound when there is none, its
// question is not public, or it is kept for those who moderate and answer.
func (d *Desk) File(ctx context.Context, id glosa.QuestionID) (Attached, []byte, error) {
	return d.file(ctx, id, func(_ *db.Tx, _ *row, a Attached, state TextState) bool { return state == Opened && a.Public })
}

// FileFor is an attachment before those who decide on the question, public or not,
// or owe its answer ([Attached.ForOffice]). Denied; NotFound for everybody else.
func (d *Desk) FileFor(ctx context.Context, by glosa.Actor, id glosa.QuestionID) (Attached, []byte, error) {
	if err := errors.Join(by.May(actQueue), by.May(actInbox)); by.May(actQueue) != nil && by.May(actInbox) != nil {
		var no *glosa.Error
		errors.As(err, &no)
		return Attached{}, nil, no
	}
	return d.file(ctx, id, func(tx *db.Tx, r *row, a Attached, _ TextState) bool {
		if by.MayIn(actQueue, r.edition) == nil {
			return true
		}
		t := &turn{tx: tx, by: by, row: r}
		return a.ForOffice() && by.MayIn(actInbox, r.edition) == nil && t.owes() == nil
	})
}

func (d *Desk) file(ctx context.Context, id glosa.QuestionID, may func(*db.Tx, *row, Attached, TextState) bool) (a Attached, b []byte, err error) {
	missing := glosa.Missing("file", string(id))
	var at lying
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		all, err := selectWords(tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(w words) bool { return w.kind == TextAttachment && w.state != Erased })
		if i < 0 {
			return missing
		}
		a = Attached{Version: all[i].version, commit: all[i].commit}
		a.read(all[i].object)
		where, err := selectFile(tx, id, a.Version)
		if err != nil || len(where) == 0 || !may(tx, &r, a, all[i].state) {
			return errors.Join(err, missing)
		}
		at = where[0]
		return nil
	})
	if err != nil {
		return Attached{}, nil, err
	}
	b, err = d.takeUp(ctx, at)
	if err == nil && glosa.Digest(b) != a.Digest {
		err = fmt.Errorf("question: the file of %s is not the one that was sent", id)
	}
	return a, b, err
}

// takeUp opens a sealed file.
func (d *Desk) takeUp(ctx context.Context, at lying) ([]byte, error) {
	r, err := d.Files.Get(ctx, at.file)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	sealed, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	seal, err := cipherOf(at.key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < seal.NonceSize() {
		return nil, errors.New("question: a file is cut short")
	}
	return seal.Open(nil, sealed[:seal.NonceSize()], sealed[seal.NonceSize():], nil)
}

// FilesNamed lists the files that questions name: all others may be swept.
func (d *Desk) FilesNamed(ctx context.Context) (out []glosa.FileID, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = selectFilesNamed(tx)
		return err
	})
	return out, err
}

// DropErased removes the files of erased questions. It is called after every
// erasure and when the house opens, so a crash in between leaves none behind.
func (d *Desk) DropErased(ctx context.Context) error {
	var gone []glosa.FileID
	err := d.DB.Read(ctx, func(tx *db.Tx) (err error) {
		gone, err = selectFilesGone(tx)
		return err
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	whenever := time.Unix(1<<40, 0) // nobody else can have put these bytes
	for _, id := range gone {
		if err := d.Files.Drop(ctx, id, whenever); err != nil {
			return err
		}
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		for _, id := range gone {
			if err := deleteFile(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}
