package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"glosa"
	"glosa/db"
)

// What SQLite reports is tried on a real database in act_test.go.
func TestWhatErrorsMean(t *testing.T) {
	pg := func(code string) error { return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code}) }
	cases := []struct {
		err  error
		kind glosa.Kind
		key  string
	}{
		{pg("23505"), glosa.Conflict, "e.409"},
		{pg("23514"), glosa.Conflict, "e.409"},
		{pg("23503"), glosa.Conflict, "e.409"},
		{pg("23502"), glosa.Internal, "e.500"},
		{pg("40001"), glosa.Busy, "e.busy"},
		{pg("40P01"), glosa.Busy, "e.busy"},
		{pg("53100"), glosa.Busy, "e.disk"},
		{pg("53300"), glosa.Busy, "e.busy"},
		{pg("57P01"), glosa.Busy, "e.busy"},
		{pg("08006"), glosa.Busy, "e.busy"},
		{pg("XX001"), glosa.Internal, "e.damaged"},
		{pg("42P01"), glosa.Internal, "e.500"},
		{sql.ErrNoRows, glosa.NotFound, "e.404"},
		{context.Canceled, glosa.Busy, "e.busy"},
		{context.DeadlineExceeded, glosa.Busy, "e.busy"},
		{errors.New("anything else"), glosa.Internal, "e.500"},
		{glosa.Refuse(glosa.Closed, "s.closed"), glosa.Closed, "s.closed"},
	}
	for _, c := range cases {
		var e *glosa.Error
		if got := db.Meaning(c.err); !errors.As(got, &e) || e.Kind != c.kind || e.Key != c.key || !errors.Is(got, c.err) {
			t.Errorf("%v: %v, want %v %s", c.err, got, c.kind, c.key)
		}
	}
	if db.Meaning(nil) != nil {
		t.Error("no error became one")
	}
}

func TestADatabaseThatSortsByLanguageIsRefused(t *testing.T) {
	server := os.Getenv("GLOSA_TEST_POSTGRES")
	if server == "" && os.Getenv("CI") == "true" {
		t.Fatal("GLOSA_TEST_POSTGRES is not set: run the tests under db/dbtest/postgres.sh")
	}
	if server == "" {
		t.Skip("GLOSA_TEST_POSTGRES is not set: db/dbtest/postgres.sh starts a server")
	}
	conn, err := pgx.Connect(t.Context(), server)
	must(t, err)
	defer conn.Close(context.Background())
	exec := func(statement string) error { _, err := conn.Exec(context.Background(), statement); return err }
	must(t, exec("drop database if exists glosa_test_spanish"))
	if err := exec("create database glosa_test_spanish template template0 encoding 'UTF8' locale_provider icu icu_locale 'es-MX'"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("a server with ICU is needed: ", err)
		}
		t.Skip("the server was built without ICU: ", err)
	}
	defer exec("drop database glosa_test_spanish with (force)")
	_, err = db.Open(t.Context(), db.Config{URL: strings.Replace(server, "/postgres", "/glosa_test_spanish", 1)})
	wantKind(t, "Open", err, glosa.Internal)
	if err == nil || !strings.Contains(err.Error(), "lc_collate 'C'") {
		t.Error("does not say how to make it right:", err)
	}
}
