package moderation

import "testing"

func TestShare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool // alike enough to be shown
	}{
		{"¿Cuándo habrá insulina en las clínicas?", "¿Cuando habra insulinas en la clinica?", true},
		{"¿Cuándo habrá insulina en las clínicas?", "¿Por qué no hay agua en Bacalar?", false},
		{"", "", false},
		{"¿?", "¿Cuándo?", false},
	} {
		got := share(wordsOf(c.a), wordsOf(c.b))
		if got >= enough != c.want || got < 0 || got > 1 {
			t.Errorf("%q and %q: %.2f", c.a, c.b, got)
		}
		if back := share(wordsOf(c.b), wordsOf(c.a)); back != got {
			t.Errorf("%q and %q are %.2f one way, %.2f the other", c.a, c.b, got, back)
		}
	}
}
