package office

import (
	"strings"
	"testing"

	civic "glosa/civic/question"
)

func TestEvidenceIsReadAsItIsWritten(t *testing.T) {
	for line, want := range map[string]civic.Evidence{
		"https://example.org/a":                  {URL: "https://example.org/a"},
		"Aviso / https://example.org/a":          {Title: "Aviso", URL: "https://example.org/a"},
		"Obras 1/2 / https://example.org/a?b=/c": {Title: "Obras 1/2", URL: "https://example.org/a?b=/c"},
		"sin dirección":                          {Title: "sin dirección"},
	} {
		got := civic.ParseEvidence(line)
		if got != want {
			t.Errorf("%q was read as %+v", line, got)
		}
		if got.URL == "" {
			continue
		}
		if back := civic.ParseEvidence(strings.TrimSuffix(civic.EvidenceLines([]civic.Evidence{got}), "\n")); back != got {
			t.Errorf("%q came back as %+v", line, back)
		}
	}
}
