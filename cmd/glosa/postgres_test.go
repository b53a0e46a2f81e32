package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glosa/db/dbtest"
)

// command runs a command line as people type it.
func command(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	var out bytes.Buffer
	code = run(t.Context(), args, &out, &out)
	return code, out.String()
}

// sealed serves an installation until its record holds everything, and keeps a
// checkpoint of it.
func sealed(t *testing.T, leaves string, place []string, keep string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	var out bytes.Buffer
	go func() {
		ended <- run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, place...), &out, &out)
	}()
	checkpoint := filepath.Join(place[1], "record", "checkpoint")
	for wait := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		raw, _ := os.ReadFile(checkpoint)
		if lines := strings.Split(string(raw), "\n"); len(lines) > 2 && lines[1] == leaves {
			if err := os.WriteFile(keep, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			break
		}
		if time.Now().After(wait) {
			stop()
			<-ended
			t.Fatalf("%s leaves were not sealed: %q\n%s", leaves, raw, out.String())
		}
	}
	stop()
	if code := <-ended; code != 0 {
		t.Fatalf("serve ended with %d\n%s", code, out.String())
	}
}

// TestPostgresIsRestoredByTheSameRules: the copy's dump is put back with
// pg_restore; then restore refuses what is older than a saved checkpoint.
func TestPostgresIsRestoredByTheSameRules(t *testing.T) {
	lived, put, mended := dbtest.FreshPostgres(t), dbtest.FreshPostgres(t), dbtest.FreshPostgres(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	place := []string{"--data", at("site"), "--database", lived}
	invite := append([]string{"invite", "--role", "moderator", "--side", "civil", "--seat", "2", "--reason", "Convocatoria"}, place...)
	must := func(args ...string) {
		t.Helper()
		if code, said := command(t, args...); code != 0 {
			t.Fatalf("%v: %d\n%s", args, code, said)
		}
	}
	must(append([]string{"migrate"}, place...)...)
	must(invite...)
	sealed(t, "4", place, at("older")) // two admin.act, the invitation, software.started
	must(append([]string{"backup", "--to", at("copy")}, place...)...)
	must(invite...)
	sealed(t, "8", place, at("newer"))
	must(append([]string{"verify", at("site"), "--saved", at("older"), "--saved", at("newer")}, place[2:]...)...)

	for _, fresh := range []string{put, mended} {
		if out, err := exec.CommandContext(t.Context(), "pg_restore", "--no-owner", "--exit-on-error", "--dbname", fresh, at("copy/glosa.dump")).CombinedOutput(); err != nil {
			t.Fatalf("pg_restore: %v\n%s", err, out)
		}
	}
	if err := copyTree(at("site/keys"), at("new/keys")); err != nil { // keys are kept apart, mode 0600
		t.Fatal(err)
	}
	again := []string{"--data", at("new"), "--database", put}
	restore := append([]string{"restore", "--from", at("copy"), "--reason", "disco perdido"}, again...)
	if code, said := command(t, append(restore, "--checkpoint", at("newer"))...); code != 1 || !strings.Contains(said, "older than the record") {
		t.Errorf("an older copy beside a newer checkpoint: %d %s", code, said)
	}
	if code, said := command(t, restore...); code != 2 || !strings.Contains(said, "--no-checkpoint") {
		t.Errorf("with nothing to hold it against: %d %s", code, said)
	}
	must(append(restore, "--checkpoint", at("older"))...)
	sealed(t, "8", again, at("after")) // the backup's and the restore's admin.act, record.restored, software.started
	must(append([]string{"verify", at("new"), "--saved", at("older")}, again[2:]...)...)

	// The same copy with what is left of the lost disk: the record goes on from there.
	if err := copyTree(at("site/keys"), at("third/keys")); err != nil {
		t.Fatal(err)
	}
	third := []string{"--data", at("third"), "--database", mended}
	must(append([]string{"restore", "--from", at("copy"), "--reason", "disco perdido", "--checkpoint", at("newer"), "--from-mirror", at("site/record")}, third...)...)
	sealed(t, "11", third, at("further")) // the restore's admin.act, record.restored, software.started
	must(append([]string{"verify", at("third"), "--saved", at("older"), "--saved", at("newer")}, third[2:]...)...)
}
