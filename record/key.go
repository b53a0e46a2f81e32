package record

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Keys are the log's and the promises' keys: two Ed25519 keys in two files,
// outside the database and its backups. Whoever loses them loses the log: it
// cannot be continued under its name.
type Keys struct {
	Origin      string
	LogKey      string // verifier keys, in C2SP signed-note form: public
	PromiseKey  string
	log         note.Signer
	promise     note.Signer
	logVerifier note.Verifier
}

const (
	logKeyFile     = "log.key"
	promiseKeyFile = "promise.key"
)

// LoadKeys reads the keys of an origin. If neither is there and make is set it
// makes both, mode 0600. It refuses keys of another origin, and files that
// others may read.
func LoadKeys(dir, origin string, make bool) (*Keys, error) {
	if !isOrigin(origin) {
		return nil, fmt.Errorf("record: origin %q: a host and a path, without blanks and plus signs", origin)
	}
	if make {
		if err := makeKeys(dir, origin); err != nil {
			return nil, err
		}
	}
	k := &Keys{Origin: origin}
	var err error
	if k.log, k.LogKey, err = loadKey(filepath.Join(dir, logKeyFile), origin); err != nil {
		return nil, err
	}
	if k.promise, k.PromiseKey, err = loadKey(filepath.Join(dir, promiseKeyFile), origin+promiseSuffix); err != nil {
		return nil, err
	}
	k.logVerifier, err = note.NewVerifier(k.LogKey)
	return k, err
}

// OriginOf is the origin whose key a folder holds; "" if it holds none.
func OriginOf(dir string) (string, error) {
	path := filepath.Join(dir, logKeyFile)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	_, vkey, _ := strings.Cut(strings.TrimSpace(string(raw)), "\n")
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return "", fmt.Errorf("record: %s: %w", path, errors.New("not a verifier key")) // never the key itself
	}
	return v.Name(), nil
}

const promiseSuffix = "/promise"

func isOrigin(s string) bool {
	return isWord([]byte(s)) && len(s) <= 120 && !strings.Contains(s, "+") && !strings.HasSuffix(s, "/")
}

func makeKeys(dir, origin string) error {
	_, logErr := os.Stat(filepath.Join(dir, logKeyFile))
	_, promiseErr := os.Stat(filepath.Join(dir, promiseKeyFile))
	if !errors.Is(logErr, fs.ErrNotExist) || !errors.Is(promiseErr, fs.ErrNotExist) {
		return nil // loading says what is wrong, if anything is
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, k := range [...]struct{ file, name string }{{promiseKeyFile, origin + promiseSuffix}, {logKeyFile, origin}} {
		skey, vkey, err := note.GenerateKey(rand.Reader, k.name)
		if err != nil {
			return err
		}
		if err := writeNew(filepath.Join(dir, k.file), []byte(skey+"\n"+vkey+"\n")); err != nil {
			return err
		}
	}
	return syncDir(dir)
}

// writeNew writes a file that must not exist, readable by its owner only.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// loadKey reads a key file: the signer key, a newline, the verifier key, a newline.
func loadKey(path, name string) (note.Signer, string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, "", fmt.Errorf("record: %w: without its keys the log cannot go on; restore them from their own backup", err)
	}
	if os.PathSeparator == '/' && info.Mode().Perm()&0o077 != 0 {
		return nil, "", fmt.Errorf("record: %s can be read by others (mode %o): chmod 600", path, info.Mode().Perm())
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, "", err
	}
	skey, vkey, _ := strings.Cut(strings.TrimSpace(string(raw)), "\n")
	s, err := note.NewSigner(skey)
	if err != nil {
		return nil, "", fmt.Errorf("record: %s: %w", path, errors.New("not a signer key")) // never the key itself
	}
	v, err := note.NewVerifier(vkey)
	if err != nil || v.KeyHash() != s.KeyHash() || v.Name() != s.Name() {
		return nil, "", fmt.Errorf("record: %s: the verifier key does not belong to the signer key", path)
	}
	if s.Name() != name {
		return nil, "", fmt.Errorf("record: %s is the key of %q, not of %q", path, s.Name(), name)
	}
	return s, vkey, nil
}
