package commitment

import (
	"strings"
	"testing"

	"glosa/civic/panel"
)

// marked writes what is new between brackets.
func marked(spans []panel.Span) string {
	var b strings.Builder
	for _, s := range spans {
		text := strings.TrimRight(s.Text, " ")
		if s.Op == panel.Added {
			b.WriteString("[" + text + "]")
		} else {
			b.WriteString(text)
		}
		b.WriteString(s.Text[len(text):])
	}
	return b.String()
}

func TestGistShowsWhatIsNew(t *testing.T) {
	for _, c := range []struct{ old, want string }{
		{"Planeación estratégica de largo plazo", "Plan estratégico [con diversificación económica]"},
		{"Plan estratégico con diversificación económica", "Plan [mediante la reforma a la Ley de Planeación]"},
		{"Plan mediante la reforma a la Ley de Planeación", "[Iniciativa ciudadana] para reformar la Ley de Planeación"},
		{"Iniciativa ciudadana para reformar la Ley de Planeación", "[Cocrear el plan PEDSQROO 2050]"},
		{"", "[Todo es nuevo]"},
		{"Nada cambia", "Nada cambia"},
	} {
		plain := strings.NewReplacer("[", "", "]", "").Replace(c.want)
		spans := Gist(c.old, plain)
		if got := marked(spans); got != c.want {
			t.Errorf("after %q: %s, want %s", c.old, got, c.want)
		}
		var whole strings.Builder
		for _, s := range spans {
			whole.WriteString(s.Text)
		}
		if whole.String() != plain {
			t.Errorf("spans join to %q, not %q", whole.String(), plain)
		}
	}
}
