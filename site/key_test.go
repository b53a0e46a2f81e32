package site_test

import (
	"testing"

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
