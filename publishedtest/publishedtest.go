// Package publishedtest finds other people's published data, against which results
// are checked. It is no part of this repository: tests read it where it lies. For
// tests only.
package publishedtest

import (
	"os"
	"path/filepath"
	"testing"
)

// Path is a file or folder below the folder that GLOSA_TEST_DATA names, by default
// ../shared/data from the module's root. Where it is missing the test is skipped,
// or fails when GLOSA_TEST_DATA promised it, and under CI.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	data := os.Getenv("GLOSA_TEST_DATA")
	promised := data != ""
	if !promised {
		data = filepath.Join("..", "shared", "data")
	}
	if !filepath.IsAbs(data) {
		data = filepath.Join(root(t), data)
	}
	path := filepath.Join(append([]string{data}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		if promised || os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skipf("no published data (set GLOSA_TEST_DATA): %v", err)
	}
	return path
}

// root is the module's: a test runs in its package's folder, somewhere below it.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above this package")
		}
		dir = filepath.Dir(dir)
	}
}
