package panel

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/panel"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// minutesPage is everything the page of the minutes shows.
type minutesPage struct {
	leaf.Page
	scene
	Minutes      panel.Minutes
	Shown        panel.Version
	Paragraphs   []string
	Agreements   []note
	Disputes     []note
	Signatures   []signature
	Versions     []version
	Remarks      []remark
	Diff         []panel.Span
	Older, Newer int
	Mesas        map[glosa.MesaID]string
	Empty        string
	When         string
}

// signature is one side's box: who signed, or that it is missing.
type signature struct {
	Side, By, When string
	Missing        bool
}

type version struct {
	Number                 string
	Word, By, When, Reason string
	Digest                 string
	Signed                 []signature
	Compare                string // address of the differences with the one before
	Shape                  leaf.Shape
}

type remark struct{ By, When, Text, Version string }

func (p *Pages) minutes(r *door.Request) (door.View, error) {
	v, until, err := p.minutesOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.View{Body: minutesBody(v), Tags: chain.Tags(v.Edition), Until: until}, nil
}

func (p *Pages) minutesOf(r *door.Request) (v minutesPage, until time.Time, err error) {
	if v.scene, err = p.scene(r, glosa.EditionID(r.Path("edition"))); err != nil {
		return v, until, err
	}
	if v.Page, until, err = p.frame(r, v.scene, r.Words.T("mi.title")); err != nil {
		return v, until, err
	}
	v.Minutes, err = p.Panel.Minutes(r.Context(), v.Edition.ID)
	if err != nil {
		if glosa.KindOf(err) != glosa.NotFound {
			return v, until, err
		}
		v.none(r)
		return v, until, nil
	}
	if err := v.fill(p, r); err != nil {
		return v, until, err
	}
	if v.Minutes.Stage == panel.Comment {
		until = earlier(until, v.Minutes.Until)
	}
	stamp, soon, err := p.Seal(r, v.Edition, string(v.Minutes.ID), "panel.minutes_published")
	v.Stamp = stamp
	here := r.To("/ediciones", string(v.Edition.ID), "minutas")
	v.Margin.Cite = p.Cite(r, v.Zone, v.Title+": "+v.State, "", here)
	v.Downloads = []leaf.Link{{Text: "Atom", Href: here + ".atom"}, {Text: "JSON", Href: here + ".json"}}
	return v, earlier(until, soon), err
}

// none is the page before anything was written.
func (v *minutesPage) none(r *door.Request) {
	w := r.Words
	v.State = w.T("mi.none")
	v.Empty, v.When = w.T("mi.none"), w.T("mi.none.when")
	if v.Edition.Documented {
		v.State, v.Empty, v.When = w.T("c.nodata")+".", w.T("c.nodata")+".", w.T("mi.documented")
		return
	}
	if on := v.Edition.Plan.On(edition.Agreed); !on.IsZero() && !v.Edition.Reached(edition.Agreed) {
		v.When = w.T("mi.none.by", "date", w.Date(on.In(v.Zone)))
	}
}

// fill reads the version that is in force, or the newest while none is.
func (v *minutesPage) fill(p *Pages, r *door.Request) error {
	w, m := r.Words, v.Minutes
	v.Shown = m.Last()
	if x, ok := m.InForce(); ok {
		v.Shown = x
	}
	mesas, err := p.Panel.Mesas(r.Context(), v.Edition.ID)
	if err != nil {
		return err
	}
	v.Mesas = map[glosa.MesaID]string{}
	for _, x := range mesas {
		v.Mesas[x.ID] = w.T("se.mesa", "n", itoa(x.Number), "theme", x.Theme)
	}
	v.Paragraphs = paragraphs(v.Shown.Text.Body)
	for _, a := range v.Shown.Text.Agreements {
		n := note{Text: a.Text}
		if a.Question != "" {
			n.Question, n.Href = string(a.Question), r.To("/preguntas", string(a.Question))
		}
		v.Agreements = append(v.Agreements, n)
	}
	for _, d := range v.Shown.Text.Disagreements {
		v.Disputes = append(v.Disputes, note{Text: d.Subject, Government: d.Government, Civil: d.Civil})
	}
	v.Signatures = v.signed(w, v.Shown)
	for _, x := range slices.Backward(m.Versions) {
		v.Versions = append(v.Versions, v.version(r, x))
	}
	for _, c := range m.Comments {
		v.Remarks = append(v.Remarks, remark{By: v.Names.By(c.By), When: w.Stamp(c.At.In(v.Zone)), Text: c.Text, Version: w.T("mi.version", "n", itoa(c.Version))})
	}
	v.compare(r)
	v.say(r)
	return nil
}

// say is the state of the minutes in one sentence, signatures first.
func (v *minutesPage) say(r *door.Request) {
	w, m := r.Words, v.Minutes
	v.State = stageWord(w, m.Stage)
	lacks := m.Last().Lacks()
	switch {
	case m.Stage == panel.Published:
		v.Shape, v.More = leaf.Done, w.T("mi.bothsigned", "date", w.Date(v.Shown.Published.In(v.Zone)))
	case m.Stage == panel.Comment:
		v.Clock = leaf.Working(w, max(0, v.Edition.WorkingDays(r.Now, m.Until)), m.Until.In(v.Zone))
		v.Clock.Rest = w.T("mi.comment.clock") + " " + v.Clock.Rest
	case len(lacks) == 1:
		v.More = w.T("mi.lacks", "side", v.Names.Side(lacks[0]))
	case len(lacks) == 2:
		v.More = w.T("mi.lacks.both")
	}
	if len(m.Versions) > 1 {
		v.Action = &leaf.Action{Text: w.T("mi.compare"), Href: "#diferencias"}
	}
}

// signed is one box for each side of a version.
func (s *scene) signed(w *text.Words, x panel.Version) (out []signature) {
	for _, side := range []glosa.Side{glosa.Government, glosa.Civil} {
		one := signature{Side: s.Names.Side(side), Missing: true}
		for _, g := range x.Signed {
			if g.Side == side {
				one = signature{Side: s.Names.Side(side), By: s.Names.By(g.By), When: w.Stamp(g.At.In(s.Zone))}
			}
		}
		out = append(out, one)
	}
	return out
}

func (v *minutesPage) version(r *door.Request, x panel.Version) version {
	w := r.Words
	out := version{Number: itoa(x.Number), By: v.Names.By(x.By), When: w.Stamp(x.Written.In(v.Zone)), Reason: x.Reason,
		Digest: hex.EncodeToString(x.Digest[:]), Shape: leaf.Open, Word: w.T("mi.v.draft")}
	switch {
	case !x.Published.IsZero():
		out.Shape, out.Word = leaf.Done, w.T("mi.v.published", "date", w.Day(x.Published.In(v.Zone)))
	case x.Annex:
		out.Word = w.T("mi.v.annex")
	case x.Number < v.Minutes.Last().Number:
		out.Shape, out.Word = leaf.Sent, w.T("mi.v.replaced")
	}
	if x.Number > 1 {
		out.Compare = r.To("/ediciones", string(v.Edition.ID), "minutas") + "?de=" + itoa(x.Number-1) + "&a=" + itoa(x.Number) + "#diferencias"
	}
	return out
}

// compare lays two versions side by side: those asked for, or the last two.
func (v *minutesPage) compare(r *door.Request) {
	n := len(v.Minutes.Versions)
	if n < 2 {
		return
	}
	from, err1 := strconv.Atoi(r.Query("de"))
	to, err2 := strconv.Atoi(r.Query("a"))
	if err1 != nil || err2 != nil || from < 1 || to < 1 || from > n || to > n {
		from, to = n-1, n
	}
	if spans, ok := v.Minutes.Compare(from, to); ok {
		v.Diff, v.Older, v.Newer = spans, from, to
	}
}

// paragraphs cuts a text at its empty lines and line ends.
func paragraphs(body string) (out []string) {
	for s := range strings.SplitSeq(body, "\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
