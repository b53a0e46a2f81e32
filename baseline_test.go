package glosa

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// baselineRow is a line of the table in SECURITY.md: its number, what it asks,
// and the tests that hold it, as folder.TestName.
var baselineRow = regexp.MustCompile(`(?m)^\| (\d+) \| ([^|]+) \| ([^|]+) \|$`)

// TestEveryLineOfTheBaselineHasItsTest: the table in SECURITY.md names for each
// line of the web baseline the tests that hold it, and each of them is there.
func TestEveryLineOfTheBaselineHasItsTest(t *testing.T) {
	text, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := baselineRow.FindAllStringSubmatch(string(text), -1)
	if len(rows) < 19 {
		t.Fatalf("SECURITY.md has %d lines of the baseline", len(rows))
	}
	for _, row := range rows {
		tests := regexp.MustCompile("`([a-z/]+)\\.(Test\\w+)`").FindAllStringSubmatch(row[3], -1)
		if len(tests) == 0 && !strings.HasPrefix(row[3], "waits") {
			t.Errorf("line %s (%s) has no test", row[1], row[2])
		}
		for _, x := range tests {
			if !declares(t, x[1], x[2]) {
				t.Errorf("line %s: there is no %s in %s", row[1], x[2], x[1])
			}
		}
	}
}

func declares(t *testing.T, folder, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		code, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(code), "\nfunc "+test+"(t *testing.T)") {
			return true
		}
	}
	return false
}
