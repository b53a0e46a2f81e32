package leaf

import "github.com/a-h/templ"

// Entry is one line of a timeline, or a band between lines.
type Entry struct {
	Band  string // a government; then nothing else
	When  string // "jul 2021"
	Text  string
	Added string          // what is new in this wording, underlined
	Body  templ.Component // instead of Text
	Note  string
	Links []Link // sources
}

// Item is one row of a list. With a Code, the code is the link; otherwise the text is.
type Item struct {
	Code  string // "DEMO26-0427-K"
	Text  string
	Href  string
	Lang  string // of Text, when it is not the page's
	Shape Shape
	Word  string   // of the state
	Notes []string // who holds it, from where, how many supported it
	Late  string   // "Vencida hace 3 días hábiles"
}
