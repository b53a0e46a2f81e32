package leaf

import (
	"strings"

	"github.com/a-h/templ"

	"glosa/web/door"
	"glosa/web/text"
)

// Page is all that a leaf says outside its sections.
type Page struct {
	Words *text.Words
	Site  door.Site
	Path  string // address without language, "/compromisos"; for the other languages

	Title     string          // the h1
	Asked     bool            // the h1 is a question's own text
	TitleLang string          // of the h1, when it is not the page's
	State     string          // the one sentence of state; it also enters <title>
	Wrong     bool            // an error: <title> begins by saying so
	Shape     Shape           // drawn before State; "" for none
	More      string          // what follows the sentence of state, not bold
	Lead      templ.Component // instead of State and More, when the paragraph has a form of its own

	Crumbs []Link          // the way here, without this page
	Margin Margin          // beside the h1
	Clock  *Clock          // under the state
	Action *Action         // the one primary action; nil when there is none or it is closed
	Under  templ.Component // under the action: a form, the two words, who supports
	Side   templ.Component // the side column of the first section
	Stamp  *Stamp          // ends the side column
	Chain  *Chain          // the edition's six links

	Downloads []Link // Atom, CSV, JSON

	Synthetic    bool     // the band SINTÉTICO over the whole page
	NoIndex      bool     // keep out of search engines (synthetic pages are kept out anyway)
	Untranslated bool     // content is in Spanish, though the page's language is another
	Signed       string   // the post under which somebody is signed in, shown in the bar
	Scripts      []string // names of scripts in web/static/out beyond glosa.js
}

// From is a page for a visit: its words, site and address are set.
func From(r *door.Request, title string) Page {
	path := strings.TrimPrefix(r.HTTP.URL.Path, "/"+r.Lang)
	if path == "" {
		path = "/"
	}
	return Page{Words: r.Words, Site: r.Site, Path: path, Title: title}
}

// Heard is the content of <title>: what a screen reader says first.
func (p Page) Heard() string {
	state, title := strings.TrimRight(p.State, "."), p.Title
	if p.Wrong {
		title = p.Words.T("e.word") + " " + title
	}
	if state == "" {
		return title + " · Glosa"
	}
	return title + " · " + state + " · Glosa"
}

// To is the address of a page in this page's language.
func (p Page) To(path string, segments ...string) string {
	return door.Address(p.Words.Lang, path, segments...)
}

// Link is a text that may lead somewhere. Href "" is plain text.
type Link struct {
	Text string
	Href string
	Lang string // of what is behind it, when it is another language
	Said string // the language of Text, when it is not the page's
}

// Margin is what stands beside a section: one bold line, then plain ones.
type Margin struct {
	Head      string
	HeadLang  string // of Head, when it is not the page's
	Lines     []Link
	Synthetic bool  // the small mark SINTÉTICO
	Cite      *Cite // ends the margin
}

// Notes makes plain margin lines.
func Notes(lines ...string) []Link {
	var l []Link
	for _, s := range lines {
		if s != "" {
			l = append(l, Link{Text: s})
		}
	}
	return l
}

// Part is a section of a page: its heading, its margin, its side.
type Part struct {
	ID     string // anchor; "" for none
	Title  string // h2; "" when the content brings its own
	Margin Margin
	Broad  bool            // the text takes the side column too: chains, wide tables
	Side   templ.Component // nil for none
}

// Action is the primary action: a link, or a form's one button.
type Action struct {
	Text   string
	Href   string            // where a link leads; for Post, where the form is sent
	Post   bool              // sent by POST
	Hidden map[string]string // hidden fields of the form
	Note   *Link             // the other ways, under it
}

// Row is one line of a ledger: an entry and its figure.
type Row struct {
	Label string
	Value string
	Href  string // of the label
	Hash  bool   // Value is a long word of letters: it stands below its label and breaks anywhere
}

// Ledger closes as accountants close: single rule, total, double rule.
type Ledger struct {
	Caption string // heard, and shown when ShowCaption
	Rows    []Row
	Total   *Row // nil leaves the ledger open
	Small   bool
}

// Step is one link of a question's own chain.
type Step struct {
	Shape Shape
	Bold  string          // "Recibida"
	Rest  string          // "en papel, mesa de Felipe Carrillo Puerto"
	Link  *Link           // ends the line
	Body  templ.Component // instead of Rest and Link, when they do not do
	When  string          // "2 nov"
	Here  bool
}

// Stop is one of the six links of an edition's chain.
type Stop struct {
	Name  string // "" takes the name of its place: Informe, Preguntas, …
	Href  string
	Shape Shape
	Count string // "128"; "" is drawn as a dash
	Note  string // "cierra en 9 días"; where it stopped, the reason
	Here  bool
}

// Chain is the picture that recurs on every page of an edition.
type Chain struct {
	Stops  [6]Stop
	Margin Margin
}

// Cite is what somebody needs to quote a figure.
type Cite struct {
	Text        string // the figure in words
	Denominator string // of what
	Date        string // as of when
	Record      string // "registro n.º 912"; "" when it is not in the record
	URL         string // permanent
}

// titleLang is the language of the heading where it is not the page's own.
func (p Page) titleLang() string {
	if p.TitleLang == "" && p.Untranslated {
		return "es"
	}
	return p.TitleLang
}
