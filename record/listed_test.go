package record

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"glosa"
	"glosa/db"
	"glosa/db/dbtest"
)

// TestListed: each of a thousand commitments is found in the leaf that lists it,
// and nothing that is listed nowhere, or under another subject.
func TestListed(t *testing.T) {
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB, clock *glosa.FakeClock) {
		h := newHost(t, d, clock)
		var all []glosa.Hash
		for i := range 1000 {
			all = append(all, glosa.Digest(fmt.Append(nil, i)))
		}
		slices.SortFunc(all, func(a, b glosa.Hash) int { return bytes.Compare(a[:], b[:]) })
		n := 0
		for part := range slices.Chunk(all, 30) {
			n++
			h.act(kListed.Event(glosa.System(), "demo26", "a.1", listedBody{part}))
			h.act(kListed.Event(glosa.System(), "demo26", "a.2", listedBody{[]glosa.Hash{glosa.Digest(fmt.Append(nil, "other", n))}}))
		}
		h.follow()
		h.waitSize(int64(2 * n))
		for i, c := range all {
			l, ok, err := h.log.Listed(t.Context(), "a.1", c)
			if want := int64(2 * (i / 30)); err != nil || !ok || l.N != want || l.ID != "a.1" {
				t.Fatalf("commitment %d: leaf %d (%v, %v), want %d", i, l.N, ok, err, want)
			}
		}
		for subject, c := range map[string]glosa.Hash{"a.1": glosa.Digest([]byte("none")), "a.2": all[7], "a.3": all[7]} {
			if l, ok, err := h.log.Listed(t.Context(), subject, c); ok || err != nil {
				t.Errorf("%s: leaf %d, %v", subject, l.N, err)
			}
		}
	})
}
