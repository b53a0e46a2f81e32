package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestOutIsWhatTheSourcesGive(t *testing.T) {
	want, err := Press("..")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join("..", "out"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if want[e.Name()] == nil {
			t.Errorf("out/%s comes from no source", e.Name())
		}
	}
	for name, content := range want {
		got, err := os.ReadFile(filepath.Join("..", "out", name))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("out/%s is not what the sources give; run go generate ./web/static", name)
		}
	}
}
