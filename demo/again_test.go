package demo_test

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"glosa/civic/commitment"
	"glosa/demo"
	"glosa/record"
	"glosa/site"
)

// TestErasedEvidenceIsErasedAgain: a backup that does not know of an erasure
// forgets what the record says was erased, and says by whom.
func TestErasedEvidenceIsErasedAgain(t *testing.T) {
	c := site.Config{Data: filepath.Join(t.TempDir(), "data"), Origin: "glosa.test", Software: "glosa-test", Log: slog.New(slog.DiscardHandler)}
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	if err := demo.Fill(t.Context(), c, now); err != nil {
		t.Fatal(err)
	}
	c.NoSync = true
	s, err := site.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	kept, err := s.Commitment.Kept(t.Context(), "", 1)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%d pieces of evidence, %v", len(kept), err)
	}
	body, err := json.Marshal(map[string]any{"target": kept[0].Commit, "ground": "third_party_data", "law": "minor", "posts": []string{"seat:civil:1", "seat:government:1"}})
	if err != nil {
		t.Fatal(err)
	}
	var lost record.Leaf
	lost.Kind, lost.By, lost.At, lost.Body = "text.erased", "seat:civil:1", now, body
	if n, err := site.Again(t.Context(), s.DB, []record.Leaf{lost}, nil); err != nil || n != 1 {
		t.Fatalf("%d erased again, %v", n, err)
	}
	kept, err = s.Commitment.Kept(t.Context(), "", 1)
	if err != nil || !kept[0].Erased || kept[0].Opened {
		t.Errorf("%+v, %v", kept, err)
	}
	board, err := s.Commitment.Board(t.Context(), commitment.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	gone := 0
	for _, r := range board.Rows {
		card, err := s.Commitment.Card(t.Context(), string(r.ID))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range card.Evidence {
			if e.State == commitment.Gone && e.Erased.Posts[1] == "seat:government:1" && e.Erased.At.Equal(now) {
				gone++
			}
		}
	}
	if gone != 1 {
		t.Errorf("%d pages say that it was erased", gone)
	}
}
