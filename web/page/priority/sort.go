package priority

import (
	"slices"
	"strings"

	"glosa/web/page/leaf"
)

func sortItems(items []leaf.Item) {
	slices.SortFunc(items, func(a, b leaf.Item) int { return strings.Compare(a.Code, b.Code) })
}
