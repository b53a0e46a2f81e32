package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// rounds is how often ours and the ceiling take turns.
const rounds = 3

// side is a server and what to ask of it.
type side struct {
	*process
	next func(conn, i int) []byte
}

// turn measures a server for a while.
func (s side) turn(while time.Duration) rate {
	before := s.cpu()
	got := load(s.addr, while, s.next)
	got.cpu = (s.cpu() - before) / time.Duration(max(1, got.n))
	return got
}

// turns measures two servers in turns, so that a busy neighbour disturbs both
// alike, and gives the round whose ratio is in the middle.
func (r *run) turns(ours, theirs side) (our, their rate) {
	type round struct{ our, their rate }
	all := make([]round, rounds)
	load(ours.addr, r.turn/4, ours.next) // what is done once should not count
	load(theirs.addr, r.turn/4, theirs.next)
	for i := range all {
		all[i].our, all[i].their = ours.turn(r.turn), theirs.turn(r.turn)
	}
	slices.SortFunc(all, func(a, b round) int {
		switch d := a.our.perSecond*b.their.perSecond - b.our.perSecond*a.their.perSecond; {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	return all[rounds/2].our, all[rounds/2].their
}

var notName = regexp.MustCompile(`[^a-z0-9]+`)

// missed prints a line and, when it missed and profiles are wanted, measures
// again with a profile of the process that did the work.
func (r *run) missed(ctx context.Context, l line, again side) error {
	r.print(l)
	if l.ok || l.none || r.profiles == "" {
		return nil
	}
	const while = 3
	done := make(chan error, 1)
	file := filepath.Join(r.profiles, notName.ReplaceAllString(strings.ToLower(l.what), "-")+".pprof")
	go func() { done <- again.profile(ctx, file, while*time.Second) }()
	load(again.addr, (while+1)*time.Second, again.next)
	err := <-done
	fmt.Fprintf(r.out, "  profile: %s\n", file)
	return err
}
