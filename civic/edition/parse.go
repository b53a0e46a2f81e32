package edition

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	_ "time/tzdata" // a small host may have no zones of its own
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"glosa"
)

// maxProtocol bounds the text of a protocol: ours are near ten thousand bytes.
const maxProtocol = 128 << 10

// ParseProtocol reads a protocol strictly: an unknown field, a value out of its
// list, a rule that contradicts another. Invalid, with one field per fault, each
// naming its line ("line", "at", "what").
func ParseProtocol(text []byte) (p *Protocol, err error) {
	if len(text) > maxProtocol || !utf8.Valid(text) {
		return nil, faulty(fault{line: 1, what: fmt.Sprintf("the text must be UTF-8 of at most %d bytes", maxProtocol)})
	}
	defer func() { // the YAML library has been seen to panic on broken input
		if r := recover(); r != nil {
			p, err = nil, faulty(fault{line: 1, what: "this is not YAML that can be read"})
		}
	}()
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, faulty(yamlFault(err))
	}
	if f, ok := refused(file); ok {
		return nil, faulty(f)
	}
	p = &Protocol{Text: string(text), Digest: glosa.Digest(text)}
	dec := yaml.NewDecoder(strings.NewReader(p.Text), yaml.Strict())
	if err := dec.Decode(p); err != nil {
		return nil, faulty(yamlFault(err))
	}
	if faults := check(p); len(faults) > 0 {
		for i := range faults {
			faults[i].line = lineOf(file, faults[i].at)
		}
		return nil, faulty(faults...)
	}
	return p, nil
}

// fault is one thing wrong with a protocol.
type fault struct {
	line int
	at   string // a path: "deadlines.answer", "stages[3].at"
	what string
}

func faulty(faults ...fault) error {
	var fields []glosa.Field
	var lines []string
	for _, f := range faults {
		fields = append(fields, glosa.Field{Name: "protocol", Key: "ed.line", Args: map[string]string{
			"line": strconv.Itoa(f.line), "at": f.at, "what": f.what}})
		lines = append(lines, fmt.Sprintf("line %d: %s", f.line, strings.TrimSpace(f.at+" "+f.what)))
	}
	e := glosa.Wrong(fields...)
	e.Err = errors.New(strings.Join(lines, "; "))
	return e
}

// kinds is how the library says that a value is of another kind: in the words of
// our program, which are not the author's.
var kinds = regexp.MustCompile(`^cannot unmarshal (\S+) into Go (?:struct field \S+|value) of type (\S+).*$`)

func yamlFault(err error) fault {
	f := fault{line: 1, what: err.Error()}
	var y yaml.Error
	if errors.As(err, &y) {
		f.what = kinds.ReplaceAllString(y.GetMessage(), "this is of the kind $1, and $2 is expected here")
		if t := y.GetToken(); t != nil && t.Position != nil {
			f.line = t.Position.Line
		}
	}
	var own *nodeFault
	if errors.As(err, &own) {
		f.line, f.what = own.line, own.what
	}
	return f
}

// refused finds what a protocol has no use for: anchors and aliases (they can
// blow a small text up), tags, and more than one document.
func refused(file *ast.File) (fault, bool) {
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return fault{line: 1, what: "a protocol is one YAML document"}, true
	}
	v := &finder{}
	ast.Walk(v, file.Docs[0].Body)
	if v.found != nil {
		return fault{line: v.found.GetToken().Position.Line, what: "anchors, aliases, merge keys and tags are not used in a protocol"}, true
	}
	return fault{}, false
}

type finder struct{ found ast.Node }

func (v *finder) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode, *ast.TagNode:
		if v.found == nil {
			v.found = n
		}
	}
	return v
}

// lineOf is the line of a path, or of its nearest parent that is written.
func lineOf(file *ast.File, at string) int {
	for at != "" {
		if path, err := yaml.PathString("$." + at); err == nil {
			if n, err := path.FilterFile(file); err == nil && n != nil && n.GetToken() != nil {
				return startOf(n)
			}
		}
		cut := max(strings.LastIndexByte(at, '.'), strings.LastIndexByte(at, '['))
		at = at[:max(cut, 0)]
	}
	return 1
}

// startOf is the line on which a value begins. A mapping's own token is the
// colon of its first entry, which stands on the right line too.
func startOf(n ast.Node) int {
	if s, ok := n.(*ast.SequenceNode); ok && len(s.Values) > 0 {
		return s.Start.Position.Line
	}
	return n.GetToken().Position.Line
}

// nodeFault carries the line of a value that one of our own types refused.
type nodeFault struct {
	line int
	what string
}

func (f *nodeFault) Error() string { return fmt.Sprintf("line %d: %s", f.line, f.what) }

// word reads a scalar with parse, and names the line when it is wrong.
func word[T any](n ast.Node, into *T, parse func(string) (T, error)) error {
	s, ok := n.(ast.ScalarNode)
	if !ok {
		return &nodeFault{n.GetToken().Position.Line, "one word or sentence is expected here"}
	}
	v, err := parse(fmt.Sprint(s.GetValue()))
	if err != nil {
		return &nodeFault{n.GetToken().Position.Line, err.Error()}
	}
	*into = v
	return nil
}

// UnmarshalYAML reads "15 working days".
func (t *Term) UnmarshalYAML(n ast.Node) error { return word(n, t, ParseTerm) }

// UnmarshalYAML reads "T-45 days at 09:00".
func (o *Offset) UnmarshalYAML(n ast.Node) error { return word(n, o, ParseOffset) }

// UnmarshalYAML reads "first monday of february".
func (r *DayRule) UnmarshalYAML(n ast.Node) error { return word(n, r, ParseDayRule) }
