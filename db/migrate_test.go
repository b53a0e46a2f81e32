package db_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

func room(views string, versions ...string) db.Schema {
	files := fstest.MapFS{}
	for i, sql := range versions {
		files["schema/000"+string(rune('1'+i))+".sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + sql + "\n")}
	}
	return db.Schema{Room: "house", FS: files, Views: views}
}

const (
	houseV1 = "CREATE TABLE house (id TEXT PRIMARY KEY, old BOOLEAN NOT NULL);"
	houseV2 = "ALTER TABLE house ADD COLUMN colour TEXT NOT NULL DEFAULT 'white';"
	viewV1  = "create view house_all as select id from house;\ncreate view house_old as select all_.id from house_all as all_;\n"
	viewV2  = "create view house_all as select colour, id from house;"
)

func TestMigrate(t *testing.T) {
	dbtest.Configs(t, func(t *testing.T, c db.Config) {
		ctx := t.Context()
		d := dbtest.Open(t, c, room(viewV1, houseV1))
		must(t, d.Act(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec("insert into house (id, old) values ($1, $2)", "h", true)
			return err
		}))
		if count(t, d, "select count(*) from house_old") != 1 {
			t.Error("a view on a view is missing")
		}
		must(t, d.Migrate(ctx, room(viewV1, houseV1))) // nothing to do
		must(t, d.Migrate(ctx, room(viewV2, houseV1, houseV2)))
		if count(t, d, "select count(*) from house_all where colour = 'white'") != 1 {
			t.Error("the view was not made anew")
		}
		wantKind(t, "the dropped view", d.Read(ctx, func(tx *db.Tx) error {
			return tx.Row("select count(*) from house_old").Scan(new(int))
		}), glosa.Internal)

		err := d.Migrate(ctx, room(viewV1, houseV1))
		wantKind(t, "an older program", err, glosa.Internal)
		if err == nil || !strings.Contains(err.Error(), "version 2 of the house tables") {
			t.Error("does not say what is newer:", err)
		}
		if count(t, d, "select count(*) from house_all where colour = 'white'") != 1 {
			t.Error("a refused migration changed something")
		}
		err = d.Migrate(ctx, room(viewV2, strings.Replace(houseV1, "old", "older", 1), houseV2))
		wantKind(t, "an edited migration", err, glosa.Internal)
		if err == nil || !strings.Contains(err.Error(), "the house tables were made by other migrations") {
			t.Error("does not say what differs:", err)
		}
		wantKind(t, "a bad name", d.Migrate(ctx, db.Schema{Room: "x", FS: fstest.MapFS{"schema/one.sql": {}}}), glosa.Internal)
		wantKind(t, "bad SQL", d.Migrate(ctx, room("", houseV1, houseV2, "CREATE NONSENSE;")), glosa.Internal)
	})
}

func TestADamagedFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	d := dbtest.Open(t, db.Config{Dir: dir}, notes)
	for i := range 300 {
		must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, strings.Repeat("x", 200)+string(rune('a'+i)), i) }))
	}
	must(t, d.Check(t.Context()))
	must(t, d.Close())
	f, err := os.OpenFile(filepath.Join(dir, "glosa.db"), os.O_RDWR, 0)
	must(t, err)
	size, err := f.Seek(0, 2)
	must(t, err)
	for at := size / 2; at < size; at += 4096 {
		if _, err := f.WriteAt([]byte("something else entirely"), at/4096*4096); err != nil {
			t.Fatal(err)
		}
	}
	must(t, f.Close())
	_, err = db.Open(t.Context(), db.Config{Dir: dir})
	wantKind(t, "a damaged file", err, glosa.Internal)
	if err == nil || !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), "restore") {
		t.Error("does not say what to do:", err)
	}
}

func TestBackupOpensAsADatabase(t *testing.T) {
	d := dbtest.Open(t, db.Config{Dir: t.TempDir()}, notes)
	must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, "a", 1) }))
	dir := t.TempDir()
	dest := filepath.Join(dir, "glosa.db")
	must(t, d.Backup(t.Context(), dest))
	wantKind(t, "over another file", d.Backup(t.Context(), dest), glosa.Conflict)
	info, err := os.Stat(dest)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Error("others may read the copy:", info.Mode())
	}
	copied := dbtest.Open(t, db.Config{Dir: dir}, notes)
	if evs := lineOf(t, copied); len(evs) != 1 || count(t, copied, "select count(*) from note") != 1 {
		t.Error("the copy is not whole:", evs)
	}
}

func TestDumpIsWritten(t *testing.T) {
	d := dbtest.Open(t, db.Config{URL: dbtest.FreshPostgres(t), Log: dbtest.Log(t)}, notes)
	dest := filepath.Join(t.TempDir(), "glosa.dump")
	must(t, d.Backup(t.Context(), dest))
	b, err := os.ReadFile(dest)
	must(t, err)
	if !strings.HasPrefix(string(b), "PGDMP") {
		t.Error("not pg_dump's custom format")
	}
}

func TestDurableAfterSeeding(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *glosa.FakeClock) { // each opens with NoSync
		must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, "a", 1) }))
		must(t, d.Durable(t.Context()))
		must(t, d.Act(t.Context(), func(tx *db.Tx) error { return keep(tx, "b", 1) }))
		if len(lineOf(t, d)) != 2 {
			t.Error("events missing")
		}
		must(t, d.Check(t.Context()))
	})
}

func TestURLHasPassword(t *testing.T) {
	for url, want := range map[string]bool{
		"postgres://glosa@localhost/glosa":                 false,
		"postgres://glosa:secret@localhost/glosa":          true,
		"postgres://localhost/glosa?password=secret":       true,
		"postgres:///glosa?host=/run/postgresql&user=ines": false,
		"postgres://%zz": true,
	} {
		if db.URLHasPassword(url) != want {
			t.Errorf("%s: %v", url, !want)
		}
	}
}
