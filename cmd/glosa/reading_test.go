package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
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
