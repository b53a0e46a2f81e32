package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"glosa"
)

// TestLongReading says how far it has come, and ends when it is told to.
func TestLongReading(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var said bytes.Buffer
	long := strings.Repeat("x", 2*manyBytes+5)
	c := &console{Context: ctx, in: strings.NewReader(long), err: &said}
	all := func(in io.Reader) error {
		_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, in, make([]byte, 1<<20))
		return err
	}
	if err := c.reading("-", all); err != nil {
		t.Fatal(err)
	}
	if want := "glosa: -: 32 MiB read\nglosa: -: 64 MiB read\n"; said.String() != want {
		t.Errorf("said %q, want %q", said.String(), want)
	}
	c.in = strings.NewReader(long)
	err := c.reading("-", func(in io.Reader) error {
		_, err := in.Read(make([]byte, 10))
		cancel()
		return errors.Join(err, all(in))
	})
	if !errors.Is(err, context.Canceled) || exitCode(err) == 2 {
		t.Errorf("%v, exit code %d", err, exitCode(err))
	}
}

// TestCancelledSharesWriteNothing: whoever interrupts a long computation gets no half of it.
func TestCancelledSharesWriteNothing(t *testing.T) {
	const agenda = "META\nkey;value\nbudget;8\nvote_type;approval\nPROJECTS\nproject_id;cost\nA;8\nVOTES\nvoter_id;vote\n1;A\n"
	for _, all := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		var out, said bytes.Buffer
		c := &console{Context: ctx, clock: glosa.WallClock{}, in: &interrupted{strings.NewReader(agenda), cancel}, out: &out, err: &said}
		err := (&sharesCmd{File: "-", Rule: "equal-shares", Satisfaction: "cost", AllTies: all, JSON: true}).Run(c)
		if !errors.Is(err, context.Canceled) || exitCode(err) == 2 || out.Len() > 0 || said.Len() > 0 {
			t.Errorf("%v, exit code %d, wrote %q and %q", err, exitCode(err), out.String(), said.String())
		}
	}
}

// interrupted is a file at whose end somebody presses the keys.
type interrupted struct {
	io.Reader
	cancel func()
}

func (r *interrupted) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF {
		r.cancel()
	}
	return n, err
}
