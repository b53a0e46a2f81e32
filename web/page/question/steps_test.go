package question_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/edition"
	civic "glosa/civic/question"
	"glosa/web/page/question"
	"glosa/web/text"
)

// rawKey is the name of a text where its words should stand.
var rawKey = regexp.MustCompile(`\b(qt|lk|st|q|ak|mo|rk)\.[a-z_]+`)

// TestEveryStepHasWords: whatever can happen in public to a question is told in
// words, on its page and in its feeds, in each language and whatever it says.
func TestEveryStepHasWords(t *testing.T) {
	words := map[string][]glosa.Code{
		"question.needs_edit": civic.EditReasons(), "question.overdue": append(civic.Holders()[1:], "route", "assign"), "question.rated": {civic.Yes, civic.Partly, civic.No},
		"question.admitted": {"one", "no_agreement", "no_second", "appeal", "held"}, "question.withdrawn_by_two": civic.ErasureLaws(),
		"question.merge_dropped": {"objection", "moved_on"}, "question.text_added": {"translated", "attachment"}, "seal.opened": civic.UnsealReasons(),
	}
	grounds := slices.Concat(edition.Grounds(), civic.ErasureGrounds())
	words["question.refused"], words["question.upheld"], words["text.erased"] = grounds, grounds, grounds
	ask := map[string]string{"question.translation_late": "yua"}
	for _, lang := range text.Langs() {
		s := question.Speaker{Words: text.For(lang), Edition: edition.Edition{Zone: time.UTC}}
		for _, k := range civic.Kinds() {
			if !k.Public {
				continue
			}
			for _, word := range append(words[k.Name], "") {
				if word == "" && words[k.Name] != nil {
					continue
				}
				for _, n := range []int{1, 2} {
					x := s.Happened("demo26", civic.Step{Kind: glosa.Code(k.Name), By: "post:sesa-titular", Word: word, Other: ask[k.Name], Number: n})
					said := x.Bold + " " + x.Rest
					if x.Link != nil {
						said += " " + x.Link.Text
					}
					if raw := rawKey.FindString(said); raw != "" || strings.TrimSpace(x.Bold) == "" {
						t.Errorf("%s: %s with %q and %d is told as %q", lang, k.Name, word, n, said)
					}
				}
			}
		}
	}
}
