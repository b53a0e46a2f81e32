package report

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"glosa"
)

// Block is what a passage is.
type Block string

const (
	Heading   Block = "heading"
	Paragraph Block = "paragraph"
	List      Block = "list"
	Quote     Block = "quote"
	Table     Block = "table"
	Code      Block = "code"
)

// Passage is one addressable block of the report.
type Passage struct {
	Anchor string // "3-2"; in HTML the id is "p-3-2"
	Place  int    // order in the text, from 1; 0 for a passage that went away
	Kind   Block
	Level  int    // of a heading, 1 to 6; else 0
	Words  string // plain text, for searching and quoting
	HTML   string // sanitised; safe to show as it is
	Hash   glosa.Hash
	Gone   bool // no longer in the text; the number is not used again
}

// ElementID is the id of the passage's HTML element.
func (p Passage) ElementID() string { return "p-" + p.Anchor }

// Cut parses Markdown into passages, without numbers yet. Invalid when there are too
// many, or blocks lie too deep inside each other.
func Cut(markdown string) ([]Passage, error) {
	if line := tangled(markdown); line > 0 {
		return nil, glosa.WrongField("markdown", "rp.deep", "line", strconv.Itoa(line))
	}
	source := []byte(markdown)
	md := reader()
	doc := md.Parser().Parse(text.NewReader(source))
	washer := washing()
	var out []Passage
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		p := Passage{Kind: kindOf(n), Words: wordsOf(n, source)}
		if h, is := n.(*ast.Heading); is {
			p.Level = h.Level
			h.Level = min(h.Level+1, 6) // the page's own heading is the first
		}
		var html bytes.Buffer
		if err := md.Renderer().Render(&html, source, n); err != nil {
			return nil, &glosa.Error{Kind: glosa.Internal, Err: err}
		}
		p.HTML = strings.TrimSpace(washer.Sanitize(html.String()))
		if p.Words == "" || p.HTML == "" {
			continue // a ruled line, a link definition: nothing to point at
		}
		p.Hash = glosa.Digest([]byte(string(p.Kind) + "\x00" + p.Words))
		out = append(out, p)
		if len(out) > MaxPassages {
			return nil, glosa.WrongField("markdown", "rp.many", "most", strconv.Itoa(MaxPassages))
		}
	}
	if len(out) == 0 {
		return nil, glosa.WrongField("markdown", "rp.empty")
	}
	return out, nil
}

// reader is Markdown with tables. Raw HTML is text: shown as written, never run.
func reader() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough),
		goldmark.WithParserOptions(parser.WithInlineParsers()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(rawAsText{}, 100))))
}

// rawAsText shows HTML that somebody wrote into the Markdown as the text it is,
// and pictures as their description: nothing of others' is loaded.
type rawAsText struct{}

func (rawAsText) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<p>")
			_, _ = w.Write(util.EscapeHTML(rawOf(n.(*ast.HTMLBlock), source)))
			_, _ = w.WriteString("</p>\n")
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.Write(util.EscapeHTML(n.(*ast.RawHTML).Segments.Value(source)))
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindImage, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkContinue, nil // its children are the description
	})
}

// rawOf is an HTML block as written, its closing line included.
func rawOf(n *ast.HTMLBlock, source []byte) []byte {
	raw := n.Lines().Value(source)
	if n.HasClosure() {
		raw = append(bytes.Clone(raw), n.ClosureLine.Value(source)...)
	}
	return raw
}

// washing lets through what a report needs and nothing else.
func washing() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "ul", "ol", "li", "strong", "em", "del", "code", "pre", "blockquote",
		"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("align").Matching(bluemonday.CellAlign).OnElements("th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

func kindOf(n ast.Node) Block {
	switch n.(type) {
	case *ast.Heading:
		return Heading
	case *ast.List:
		return List
	case *ast.Blockquote:
		return Quote
	case *east.Table:
		return Table
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return Code
	}
	return Paragraph
}

// wordsOf is the plain text of a block: one blank between its parts.
func wordsOf(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			if n.Type() == ast.TypeBlock {
				b.WriteByte(' ')
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(n.Value(source)))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		case *ast.RawHTML:
			b.Write(n.Segments.Value(source))
		case *ast.HTMLBlock:
			b.Write(rawOf(n, source))
		case *ast.CodeBlock:
			b.Write(n.Lines().Value(source))
		case *ast.FencedCodeBlock:
			b.Write(n.Lines().Value(source))
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(strings.ToValidUTF8(b.String(), "")), " ")
}

// validAnchor: "0-1", "3", "3-2"; no leading zeros.
func validAnchor(s string) bool {
	section, part, has := strings.Cut(s, "-")
	return number(section) && (!has || number(part) && part != "0") && (has || section != "0")
}

func number(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 0 && n <= 1_000_000 && strconv.Itoa(n) == s
}

// Missing from the text: the passages of before that are not in now, marked as gone.
func gone(before, now []Passage) []Passage {
	var out []Passage
	for _, p := range before {
		if !slices.ContainsFunc(now, func(q Passage) bool { return q.Anchor == p.Anchor }) {
			p.Gone, p.Place = true, 0
			out = append(out, p)
		}
	}
	return out
}
