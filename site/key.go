package site

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"glosa"
	"glosa/civic/people/voter"
)

// keyring keeps keys of 32 bytes as files of their own, mode 0600, outside the
// database and its backups. A key is made when it is first asked for.
type keyring struct {
	dir  string
	read bool // makes no key: one that is missing is NotFound

	mu   sync.Mutex
	kept map[string][32]byte
}

// ReadKeys reads the keys of a data folder, for an audit, and makes none.
func ReadKeys(data string) voter.Keys {
	return &keyring{dir: Config{Data: data}.Keys(), read: true, kept: map[string][32]byte{}}
}

// EditionKey is the key under which an edition's credentials and ballots are
// hidden. It is destroyed 90 days after the evaluation.
func (k *keyring) EditionKey(ed glosa.EditionID) ([32]byte, error) {
	return k.key(editionKey(ed))
}

func editionKey(ed glosa.EditionID) string { return "edition-" + string(ed) }

// Destroy overwrites an edition's key and removes it. What is left is a file that
// says so, since a key is made when it is asked for, and this one must not be.
func (k *keyring) Destroy(ed glosa.EditionID) error {
	name := editionKey(ed)
	if strings.ContainsAny(name, `/\.`) {
		return glosa.Missing("key", name)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, name)
	path := filepath.Join(k.dir, name+".key")
	if err := os.WriteFile(filepath.Join(k.dir, name+gone), nil, 0o600); err != nil {
		return fmt.Errorf("key %s: %w", name, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		_, err = f.Write(make([]byte, 32))
		err = errors.Join(err, f.Sync(), f.Close(), os.Remove(path))
	}
	if err != nil {
		return fmt.Errorf("key %s: %w", name, err)
	}
	return nil
}

// gone ends the name of the file that stands for a destroyed key.
const gone = ".destroyed"

func (k *keyring) key(name string) (key [32]byte, err error) {
	if strings.ContainsAny(name, `/\.`) {
		return key, glosa.Missing("key", name)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, ok := k.kept[name]; ok {
		return key, nil
	}
	if _, err := os.Stat(filepath.Join(k.dir, name+gone)); err == nil {
		return key, glosa.Missing("key", name)
	}
	path := filepath.Join(k.dir, name+".key")
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if k.read {
			return key, glosa.Missing("key", name)
		}
		raw, err = makeKey(path)
	}
	if err != nil {
		return key, fmt.Errorf("key %s: %w", name, err)
	}
	if len(raw) != len(key) {
		return key, fmt.Errorf("key %s: %d bytes, want %d", name, len(raw), len(key))
	}
	copy(key[:], raw)
	k.kept[name] = key
	return key, nil
}

// makeKey writes a new key so that a crash leaves the whole of it or nothing.
func makeKey(path string) ([]byte, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if _, err = f.Write(raw); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	return raw, err
}
