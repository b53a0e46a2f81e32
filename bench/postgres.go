package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"

	_ "glosa/db" // its driver, under the name pgx
)

// postgres measures the acts on PostgreSQL, when a server is there for tests.
func (r *run) postgres(ctx context.Context) error {
	server := os.Getenv("GLOSA_TEST_POSTGRES")
	if server == "" {
		fmt.Fprintln(r.out, "PostgreSQL: not measured; db/dbtest/postgres.sh make bench does")
		return nil
	}
	ours, drop, err := freshDatabase(ctx, server)
	if err != nil {
		return err
	}
	defer drop()
	theirs, dropTheirs, err := freshDatabase(ctx, server)
	if err != nil {
		return err
	}
	defer dropTheirs()
	at, err := r.seed(ctx, "postgres", ours, 2_000)
	if err != nil {
		return err
	}
	ceil, err := r.ceiling(ctx, "ballots-postgres", r.dir, "-database", theirs)
	if err != nil {
		return err
	}
	defer ceil.stop()
	return r.through(ctx, at, ceil, " on PostgreSQL", "(c')")
}

// freshDatabase makes an empty database on a server; drop removes it.
func freshDatabase(ctx context.Context, server string) (address string, drop func(), err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, fmt.Errorf("GLOSA_TEST_POSTGRES is not a URL")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return "", nil, err
	}
	name := "glosa_bench_" + strings.ToLower(rand.Text()[:8])
	if _, err := admin.ExecContext(ctx, "create database "+name+" template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"); err != nil {
		admin.Close()
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() {
		admin.ExecContext(context.WithoutCancel(ctx), "drop database "+name+" with (force)")
		admin.Close()
	}, nil
}
