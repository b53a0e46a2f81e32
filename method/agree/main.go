// Agree computes every method on published and on made data and prints a line for
// each result: the SHA-256 of its file, and its name. Machines that print the same
// lines come to the same results, to the last byte:
//
//	go run ./method/agree ../shared/data > here
//	diff here there
//
// In come the folders of published data that the tests read (see each SOURCE.md),
// and conversations, pools and tables made here from whole numbers alone, since the
// standard library's logarithms are not the same on every processor. What a rule
// refuses is a line too, with its reason. With -all the largest sets are among them.
//
// The test beside it builds this program for another processor, runs it there by
// emulation, with one and with more threads, and wants every line equal.
//
// It judges nothing: whether results are right is tested where they are computed.
// Start reading at [printer.all].
package main

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	large := flag.Bool("all", false, "also the largest sets")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "agree: want the folder of published data")
		os.Exit(2)
	}
	p := &printer{out: bufio.NewWriter(os.Stdout), data: flag.Arg(0), large: *large}
	if err := errors.Join(p.all(), p.out.Flush()); err != nil {
		fmt.Fprintln(os.Stderr, "agree:", err)
		os.Exit(1)
	}
}

type printer struct {
	out   *bufio.Writer
	data  string
	large bool
}

// all is every method: a new one joins here.
func (p *printer) all() error {
	return errors.Join(p.cluster(), p.shares(), p.sortition(), p.alike(), p.cell())
}

// line prints one result, or why there is none.
func (p *printer) line(name string, file []byte, err error) {
	if err != nil {
		fmt.Fprintf(p.out, "refused %s: %v\n", name, err)
		return
	}
	fmt.Fprintf(p.out, "%x %s\n", sha256.Sum256(file), name)
}

// files are those below the data's folder that match, in order of their names.
func (p *printer) files(pattern string) (names []string, err error) {
	found, err := filepath.Glob(filepath.Join(p.data, filepath.FromSlash(pattern)))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("no %s in %s", pattern, p.data)
	}
	return found, err
}

// open reads a file with what reads its kind.
func open[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(name)
	if err != nil {
		var none T
		return none, err
	}
	defer f.Close()
	got, err := read(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return got, err
}

// short is a file's name with its folder.
func short(name string) string {
	return filepath.ToSlash(filepath.Join(filepath.Base(filepath.Dir(name)), filepath.Base(name)))
}
