package who

import (
	"slices"
	"strings"

	"glosa"
	"glosa/civic/people"
)

// sortByName orders keys by the name people read, accents aside.
func sortByName(keys []glosa.InstitutionKey, name func(glosa.InstitutionKey) string) {
	slices.SortFunc(keys, func(a, b glosa.InstitutionKey) int {
		if c := strings.Compare(people.Fold(name(a)), people.Fold(name(b))); c != 0 {
			return c
		}
		return strings.Compare(string(a), string(b))
	})
}
