package edition

import (
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/edition"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/page/who"
	"glosa/web/text"
)

// paper bounds a form with a protocol: the text itself is at most 128 KiB.
const paper = 1 << 20

// own is the answer of the founding form that means "our own protocol".
const own = "propio"

// brought is a protocol that somebody typed, or sent as a file.
type brought struct {
	Text    string
	Faults  []flaw
	Base    string   // what it is compared with
	Changes []change // differences from it
	Digest  string   // of the text whose differences the page shows; "" when it shows none
	parsed  *edition.Protocol
	words   *text.Words
}

// flaw is one thing wrong, with the line it stands on.
type flaw struct{ Line, At, What, There string }

// textOf is the protocol of a form: the file that came, else what was typed.
// Browsers send line ends of their own; the text has the same digest either way.
func textOf(r *door.Request) (string, error) {
	typed := r.Form.Get("text")
	if files := r.Files["file"]; len(files) > 0 && files[0].Size > 0 {
		f, err := files[0].Open()
		if err != nil {
			return "", err
		}
		defer f.Close()
		raw, err := io.ReadAll(io.LimitReader(f, paper))
		if err != nil {
			return "", err
		}
		typed = string(raw)
	}
	typed = strings.TrimLeft(strings.TrimPrefix(strings.ReplaceAll(typed, "\r\n", "\n"), "\ufeff"), "\n")
	if typed = strings.TrimRight(typed, " \t\n"); typed != "" {
		typed += "\n"
	}
	return typed, nil
}

// bring reads the protocol of a form, and compares it with base, or with the
// template it is nearest to. Its faults are no error: the form shows them.
func bring(r *door.Request, base *edition.Protocol, name string) (b brought, err error) {
	b.words = r.Words
	if b.Text, err = textOf(r); err != nil {
		return b, err
	}
	if b.Text == "" {
		b.Faults = []flaw{{What: r.Words.T("ep.own.empty")}}
		return b, nil
	}
	if !door.Clean(b.Text) {
		b.Faults = []flaw{{What: r.Words.T("ep.own.chars")}}
		b.Text = ""
		return b, nil
	}
	if b.parsed, err = edition.ParseProtocol([]byte(b.Text)); err != nil {
		b.Faults = flaws(b.Text, err)
		return b, nil
	}
	if base == nil {
		if base, name, err = nearest(b.parsed, r.Lang); err != nil {
			return b, err
		}
	}
	b.Base, b.Digest = name, hex.EncodeToString(b.parsed.Digest[:])
	for _, c := range edition.Diff(base, b.parsed) {
		b.Changes = append(b.Changes, changeOf(r.Words, c))
	}
	return b, nil
}

// shown tells whether the form that came back had shown the differences of this very text.
func (b brought) shown(r *door.Request) bool {
	return b.parsed != nil && r.Value("seen") == b.Digest
}

// flaws are the faults of a protocol with the lines on which they stand.
func flaws(source string, err error) (out []flaw) {
	var e *glosa.Error
	if !errors.As(err, &e) {
		return []flaw{{What: err.Error()}}
	}
	lines := strings.Split(source, "\n")
	for _, f := range e.Fields {
		x := flaw{Line: f.Args["line"], At: f.Args["at"], What: f.Args["what"]}
		if n, err := strconv.Atoi(x.Line); err == nil && n >= 1 && n <= len(lines) {
			x.There = strings.TrimSpace(lines[n-1])
		}
		out = append(out, x)
	}
	return out
}

// problem is what the form says beside its box, as one wrong field.
func (b brought) problem() error {
	if len(b.Faults) == 1 && b.Faults[0].Line == "" {
		return glosa.Wrong(glosa.Field{Name: "text", Key: "ep.own.is", Args: map[string]string{"what": b.Faults[0].What}})
	}
	lines := make([]string, len(b.Faults))
	for i, f := range b.Faults {
		lines[i] = f.Line
	}
	return glosa.Wrong(glosa.Field{Name: "text", Key: "ep.own.faults", Args: map[string]string{
		"n": strconv.Itoa(len(lines)), "lines": strings.Join(lines, ", ")}})
}

// nearest is the template from which a protocol differs least.
func nearest(p *edition.Protocol, lang string) (best *edition.Protocol, name string, err error) {
	least := -1
	for _, t := range edition.Templates() {
		raw, err := edition.Template(t)
		if err != nil {
			return nil, "", err
		}
		pr, err := edition.ParseProtocol(raw)
		if err != nil {
			return nil, "", err
		}
		if n := len(edition.Diff(pr, p)); least < 0 || n < least {
			best, name, least = pr, pr.Name.In(lang), n
		}
	}
	return best, name, nil
}

// swap is the page on which the protocol of a draft is replaced, until it is frozen.
type swap struct {
	leaf.Page
	Edition  edition.Edition
	Problems leaf.Problems
	Own      brought
	Session  string
	Post     string
	Open     bool // it may still be replaced
}

func (p *Pages) rulesDesk(r *door.Request) (door.View, error) {
	s, err := p.swapOf(r)
	if err != nil {
		return door.View{}, err
	}
	s.Own.Text = s.Edition.Protocol.Text
	return door.View{Body: swapPage(s)}, nil
}

// swapOf reads the page. Somebody who plans nothing here learns nothing of it: NotFound.
func (p *Pages) swapOf(r *door.Request) (s swap, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if r.Actor.MayIn("edition.plan", id) != nil {
		return s, glosa.Missing("edition", string(id))
	}
	if s.Edition, err = p.Edition.Get(r.Context(), id); err != nil {
		return s, err
	}
	if s.Edition.Protocol == nil {
		return s, glosa.Missing("edition", string(id))
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return s, err
	}
	s.Page = below(r, s.Edition, r.Words.T("ep.own.title", "name", chain.Name(r.Words, s.Edition)))
	s.Crumbs = append(s.Crumbs, leaf.Link{Text: r.Words.T("en.to.edicion"), Href: r.To("/mesa/edicion", string(id))})
	s.NoIndex, s.Post = true, names.Actor(r.Actor)
	s.Signed = s.Post
	s.Open = s.Edition.Frozen.IsZero() && s.Edition.In(edition.Draft, edition.Called, edition.ReportPublished)
	s.State, s.More = r.Words.T("ep.own.state"), r.Words.T("ep.own.more")
	if !s.Open {
		s.Shape, s.State, s.More = leaf.Done, r.Words.T("ep.own.shut"), ""
	}
	if !s.Edition.Session.IsZero() {
		s.Session = s.Edition.Session.In(s.Edition.Zone).Format("2006-01-02")
	}
	return s, nil
}

// replace shows what a new protocol changes, and on the second sending, of the
// same text, puts it in the place of the old one.
func (p *Pages) replace(r *door.Request) (door.View, error) {
	s, err := p.swapOf(r)
	if err != nil {
		return door.View{}, err
	}
	if s.Own, err = bring(r, s.Edition.Protocol, r.Words.T("ep.own.today")); err != nil {
		return door.View{}, err
	}
	s.Session = r.Value("session")
	if len(s.Own.Faults) > 0 {
		s.Problems, _ = leaf.ProblemsOf(r.Words, s.Own.problem())
		return door.Redo(swapPage(s))
	}
	if !s.Own.shown(r) {
		return door.View{Body: swapPage(s)}, nil
	}
	session, err := day(s.Session, "session", s.Own.parsed.Location())
	if err == nil {
		_, err = p.Edition.Plan(r.Context(), r.Actor, s.Edition.ID, session, []byte(s.Own.Text))
	}
	if err == nil {
		return door.Done(r.To("/mesa/edicion", string(s.Edition.ID)), chain.Tags(s.Edition)...)
	}
	problems, wrong := leaf.ProblemsOf(r.Words, err)
	if !wrong {
		return door.View{}, err
	}
	s.Problems = problems
	return door.Redo(swapPage(s))
}
