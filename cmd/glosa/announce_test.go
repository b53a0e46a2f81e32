package main

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"glosa"
	"glosa/auth"
	"glosa/db"
	"glosa/db/dbtest"
)

// A restore is in the record of the copy before the copy stands for the
// installation: a crash in between leaves nothing that would be served without it.
func TestARestoreIsAnnouncedInTheCopy(t *testing.T) {
	st := settle(t)
	st.types("load", "--data", st.dir)
	st.settled()
	copied := filepath.Join(t.TempDir(), "copy")
	st.types("backup", "--data", st.dir, "--to", copied)
	c := &console{Context: context.WithoutCancel(t.Context()), out: io.Discard, err: io.Discard, log: dbtest.Log(t), clock: st.clock}
	r := &restoreCmd{place: place{Data: st.dir, Origin: "localhost"}, From: copied, NoCheckpoint: true, Reason: "disk lost"}
	conf, err := r.config(c)
	if err != nil {
		t.Fatal(err)
	}
	aside, err := r.aside(conf)
	if err != nil {
		t.Fatal(err)
	}
	store := conf.Store()
	store.Dir = aside
	if _, err := r.ready(c, store, conf, nil); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(c, store)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	said, err := (&auth.Desk{DB: d}).Announcements(c, 10)
	if err != nil || !slices.ContainsFunc(said, func(a auth.Announcement) bool { return a.Command == "restore" && a.Reason == "disk lost" }) {
		t.Errorf("the copy does not say that it is restored: %v %v", said, err)
	}
	all, err := d.Line().After(c, 0, 1000)
	if err != nil || !slices.ContainsFunc(all, func(e glosa.Event) bool { return e.Kind == "record.restored" }) {
		t.Errorf("the copy holds no entry of what it was checked against: %v", err)
	}
}
