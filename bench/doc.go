// Bench measures Glosa beside what could be reached at best on the same machine
// in the same minute, and prints one line for each thing measured: what, result,
// ceiling or peer, ratio, target, and whether the target was met.
//
//	make bench            the default run, under four minutes
//	go run ./bench -long  also 100,000 questions, a million ballots, a million events
//	go run ./bench -only ballots -profile DIR
//
// Why ratios: absolute times on a shared machine mean little. So every figure
// stands beside one of the tiny programs of bench/ceiling, and the two are
// measured in turns, a second each.
//
// How: the program that people run is built and started as they start it
// (`glosa serve`), on a data folder that was filled by the same acts that people
// use; each ceiling is a process of its own too, and this process only sends
// requests over 64 connections. What has no door to the outside (a desk alone,
// the record's follower, a method) is called here. GLOSA_TEST_POSTGRES adds the
// lines of PostgreSQL.
//
// With -profile, every line that misses its target is measured once more with
// the CPU profile of the process that did the work written to that folder, for
// `go tool pprof`.
//
// What it never does: fail because something was slow. It ends with an error
// only when something could not be measured at all. Start reading at main, then
// [run] in run.go.
package main
