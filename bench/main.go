package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

func main() {
	long := flag.Bool("long", false, "also the largest sizes; takes a quarter of an hour")
	only := flag.String("only", "", "regular expression: the groups to run ("+groupNames()+")")
	profiles := flag.String("profile", "", "folder for CPU profiles of what misses its target")
	data := flag.String("data", "../shared/data", "folder of the test data that the methods are measured on")
	keep := flag.Duration("for", 700*time.Millisecond, "how long one turn of a measure lasts")
	sizes := flag.String("sizes", "", "other numbers of questions than 2000,20000")
	role := flag.String("ceiling", "", "serve a ceiling (same, list, ballots) and nothing else")
	dir := flag.String("dir", "", "folder of the ceiling")
	size := flag.Int("n", 0, "size of the ceiling")
	url := flag.String("database", "", "PostgreSQL of the ceiling")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if *role != "" {
		err = serveCeiling(ctx, *role, *dir, *url, *size)
	} else {
		err = bench(ctx, *long, *only, *sizes, *profiles, *data, *keep)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func bench(ctx context.Context, long bool, only, sizes, profiles, data string, turn time.Duration) error {
	pick, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	if profiles != "" {
		if err := os.MkdirAll(profiles, 0o755); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "glosa-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := &run{dir: dir, sizes: sizes, long: long, profiles: profiles, data: data, turn: turn, pick: pick, out: os.Stdout}
	return r.all(ctx)
}
