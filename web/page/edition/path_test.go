package edition

import (
	"testing"

	"glosa/civic/edition"
	"glosa/web/text"
)

// A difference between two protocols is said in words where there are words.
func TestDifferencesInWords(t *testing.T) {
	w := text.For("es")
	for _, c := range []struct {
		in   edition.Change
		want change
	}{
		{edition.Change{Path: "limits.context_letters", Was: "600", Is: "1000"}, change{Where: "Límites · Letras del contexto, a lo más", Was: "600", Is: "1000"}},
		{edition.Change{Path: "stages[intake_closed].at", Was: "T-48 days at 23:59", Is: "T-45 days at 23:59"},
			change{Where: "Etapas · Cierran las preguntas", Was: "48 días antes, a las 23:59", Is: "45 días antes, a las 23:59"}},
		{edition.Change{Path: "deadlines.answer", Was: "15 working days", Is: "1 working day"}, change{Where: "Plazos · Respuesta por escrito, desde que se turna", Was: "15 días hábiles", Is: "1 día hábil"}},
		{edition.Change{Path: "moderation.grounds[off_scope].name.es", Is: "x"}, change{Where: "Moderación", Key: "grounds[off_scope].name.es", Is: "x"}},
		{edition.Change{Path: "key", Was: "a", Is: "b"}, change{Where: "Clave", Was: "a", Is: "b"}},
	} {
		if got := changeOf(w, c.in); got != c.want {
			t.Errorf("%s: %+v", c.in.Path, got)
		}
	}
	for path, key := range ruleWords {
		for _, lang := range text.Langs() {
			if !text.For(lang).Has(key) {
				t.Errorf("%s: %s is not written in %s", path, key, lang)
			}
		}
	}
}
