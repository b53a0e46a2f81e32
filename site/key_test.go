package site_test

import (
	"os"
	"testing"

	"glosa"
	"glosa/db/dbtest"
	"glosa/site"
)

// TestTheGateKeyOutlivesTheProcess: nodes that share keys/ know each other's tickets.
func TestTheGateKeyOutlivesTheProcess(t *testing.T) {
	dir := t.TempDir()
	open := func() [32]byte {
		s, err := site.Open(t.Context(), site.Config{Data: dir, Origin: "glosa.test", Software: "glosa-test", Log: dbtest.Log(t), NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		return s.Gate
	}
	if first, again := open(), open(); first != again || first == [32]byte{} {
		t.Errorf("%x, then %x", first, again)
	}
}

// An audit that reads a folder's keys makes none, and reads those that are there.
func TestReadKeysMakesNone(t *testing.T) {
	data := t.TempDir()
	if _, err := site.ReadKeys(data).EditionKey("demo26"); glosa.KindOf(err) != glosa.NotFound {
		t.Errorf("a key that is not there: %v", err)
	}
	if left, _ := os.ReadDir(data); len(left) != 0 {
		t.Errorf("left %v", left)
	}
	s, err := site.Open(t.Context(), site.Config{Data: data, Origin: "glosa.test", Software: "glosa-test", Log: dbtest.Log(t), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want, err := s.Voter.Keys.EditionKey("demo26")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := site.ReadKeys(data).EditionKey("demo26"); err != nil || got != want {
		t.Errorf("%x %v, want %x", got, err, want)
	}
}
