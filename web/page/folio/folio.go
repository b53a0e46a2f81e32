package folio

import (
	"regexp"
	"strings"

	"glosa"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// Mount hangs up /folio.
func Mount(r *door.Router) { r.Page("/folio", find, "folio") }

func find(r *door.Request) (door.View, error) {
	typed := r.Query("folio")
	if f, ok := Canonical(typed); ok {
		return door.View{Go: r.To("/preguntas", string(f))}, nil
	}
	p := leaf.From(r, r.Words.T("f.title"))
	if typed == "" {
		return door.Show(page(p, leaf.Problems{}, ""), "site")
	}
	problems, _ := leaf.ProblemsOf(r.Words, glosa.WrongField("folio", "f.bad"))
	return door.View{Body: page(p, problems, typed), Status: 422}, nil
}

var shape = regexp.MustCompile(`^([A-Z]{2,5}[0-9]{2})-?([0-9]{4,5})-?([A-Z])$`)

// Canonical is a folio as it is written, with its hyphens: QR26-0427-K. It
// judges the form only; the question's page knows whether there is such a folio.
func Canonical(typed string) (glosa.QuestionID, bool) {
	s := strings.ToUpper(strings.Join(strings.Fields(typed), ""))
	s = strings.NewReplacer("–", "-", "—", "-", "‑", "-", "_", "-").Replace(s)
	m := shape.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	return glosa.QuestionID(m[1] + "-" + m[2] + "-" + m[3]), true
}
