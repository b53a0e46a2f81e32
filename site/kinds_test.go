package site_test

import (
	"strings"
	"testing"

	"glosa"
	"glosa/civic/people"
	"glosa/record"
	"glosa/site"
)

// TestPublicEventsCarryNoPrivateType walks every kind of event that this
// program declares: what is public may hold ids, codes, numbers, times and
// hashes, and nothing that could carry a person or a text.
func TestPublicEventsCarryNoPrivateType(t *testing.T) {
	kinds := site.Kinds()
	if _, err := record.NewKindSet(kinds); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, k := range kinds {
		if seen[k.Name] {
			t.Errorf("%s is declared twice", k.Name)
		}
		seen[k.Name] = true
		if !strings.Contains(k.Name, ".") {
			t.Errorf("%s names no room", k.Name)
		}
	}
	for name, body := range map[string]any{
		"AText":        struct{ Text string }{},
		"APrivateWord": struct{ Name people.Private }{},
		"AnyValue":     struct{ Any any }{},
		"AMap":         struct{ M map[string]int }{},
	} {
		t.Run("Refuses"+name, func(t *testing.T) {
			if _, err := record.NewKindSet([]glosa.EventKind{{Name: "test.planted", Public: true, Body: body}}); err == nil {
				t.Errorf("a public event with %T was accepted", body)
			}
		})
	}
}
