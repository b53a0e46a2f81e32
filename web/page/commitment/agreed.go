package commitment

import (
	"errors"
	"slices"
	"strings"

	"glosa"
	"glosa/civic/commitment"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// after is what a desk can do with a promise that both sides have agreed.
type after struct {
	Amend      *draftForm // to propose another wording
	Pending    *amendment // the one that waits for the other side
	MayAgree   bool
	MaySuspend bool
	MayResume  bool
	Links      []link
	MayLink    bool
	Ways       []leaf.Option
	Bases      []leaf.Option
	Sources    []leaf.Option // of the series' dossier
}

// amendment is a wording that one side has proposed and the other has not agreed to.
type amendment struct {
	Number  int
	Reason  string
	By      string // who proposed it
	Changes []change
}

// change is one part of the wording in force beside the proposed one.
type change struct{ Label, Was, Is string }

// afterwards fills in what the state of the promise and the visitor's post allow.
func (p *Pages) afterwards(r *door.Request, v *draftPage) (err error) {
	v.after = after{}
	c := v.Card
	if !c.State.Agreed() {
		return nil
	}
	running := c.State.Running() || c.State == commitment.Accepted
	last, waits := c.Pending()
	if waits {
		v.Pending = pendingOf(v.desk, c, last)
		signed := slices.ContainsFunc(last.Signed, func(s commitment.Signature) bool { return s.Side == r.Actor.Side })
		v.MayAgree = running && !signed && v.may(r.Actor, actAmend)
	}
	if running && v.may(r.Actor, actAmend) {
		if v.Amend, err = p.form(r, v.desk, c.Draft(), "amend"); err != nil {
			return err
		}
	}
	_, stops := c.State.Step("suspend")
	_, goes := c.State.Step("resume")
	v.MaySuspend, v.MayResume = stops == nil && v.may(r.Actor, actSuspend), goes == nil && v.may(r.Actor, actSuspend)
	dossier, err := p.Edition.Dossier(r.Context(), c.Series)
	if err != nil {
		return err
	}
	v.Links = links(r, dossier, c)
	if v.MayLink = v.may(r.Actor, actLink); !v.MayLink {
		return nil
	}
	w := r.Words
	for _, x := range []commitment.Way{commitment.Earlier, commitment.Later, commitment.OGP} {
		v.Ways = append(v.Ways, leaf.Option{Value: string(x), Text: w.T("cb.way." + string(x))})
	}
	for _, x := range []commitment.Basis{commitment.OnRecord, commitment.Inferred, commitment.NoBasis} {
		v.Bases = append(v.Bases, leaf.Option{Value: string(x), Text: w.T("cb.basis." + string(x))})
	}
	v.Sources = []leaf.Option{{Value: "", Text: w.T("dk.choose")}}
	for _, s := range dossier.Sources {
		v.Sources = append(v.Sources, leaf.Option{Value: string(s.ID), Text: string(s.ID) + " " + s.Publisher})
	}
	return nil
}

// pendingOf lays what the amendment changes beside what is in force.
func pendingOf(d desk, c commitment.Card, last commitment.Version) *amendment {
	x := &amendment{Number: last.Number, Reason: last.Reason}
	if len(last.Signed) > 0 {
		x.By = d.Names.By(last.Signed[0].By)
	}
	now := c.Draft()
	now.Wording = c.Current().Wording
	was, is := termsOf(d, now), termsOf(d, c.Draft())
	value := func(rows []leaf.Row, label string) string {
		for _, row := range rows {
			if row.Label == label {
				return row.Value
			}
		}
		return d.Words.T("dk.amend.nothing")
	}
	for _, row := range is {
		if before := value(was, row.Label); before != row.Value {
			x.Changes = append(x.Changes, change{row.Label, before, row.Value})
		}
	}
	for _, row := range was {
		if value(is, row.Label) == d.Words.T("dk.amend.nothing") {
			x.Changes = append(x.Changes, change{row.Label, row.Value, d.Words.T("dk.amend.nothing")})
		}
	}
	return x
}

// change does one act on a promise that both sides have agreed.
func (p *Pages) change(r *door.Request, d desk, c commitment.Card) error {
	ctx, by, id := r.Context(), r.Actor, c.ID
	switch r.Value("do") {
	case "amend":
		_, err := p.Commitment.Amend(ctx, by, id, r.Value("reason"), wordingFrom(r, d, c.Draft().Wording))
		return err
	case "agree":
		return p.Commitment.AgreeAmendment(ctx, by, id, number(r.Value("version")), r.Hash("read"))
	case "suspend":
		return p.Commitment.Suspend(ctx, by, id, r.Value("reason"))
	case "resume":
		return p.Commitment.Resume(ctx, by, id, r.Value("reason"))
	case "link":
		return p.link(r, c)
	}
	return glosa.Missing("act", r.Value("do"))
}

// link ties a promise to another one, or says that none was found.
func (p *Pages) link(r *door.Request, c commitment.Card) error {
	l := commitment.Link{From: c.ID, Way: commitment.Way(r.Value("way")), To: strings.ToUpper(r.Value("link")), Basis: commitment.Basis(r.Value("basis"))}
	dossier, err := p.Edition.Dossier(r.Context(), c.Series)
	if err != nil {
		return err
	}
	for _, s := range r.Form["source"] {
		id := glosa.SourceID(s)
		if _, known := dossier.Source(id); s != "" && !known {
			return glosa.WrongField("sources", "cm.source")
		}
		if s != "" && !slices.Contains(l.Sources, id) {
			l.Sources = append(l.Sources, id)
		}
	}
	err = p.Commitment.Link(r.Context(), r.Actor, l)
	var e *glosa.Error
	if errors.As(err, &e) && e.Kind == glosa.NotFound && l.Way != commitment.OGP {
		return glosa.WrongField("link", "cm.link.unknown", "id", l.To)
	}
	return err
}

// here is where the forms of this desk are sent.
func (v draftPage) here() string {
	return v.To("/mesa/compromisos", string(v.Edition.ID), string(v.Card.ID))
}

// inPlace tells whether what is wrong is told beside its own form.
func (v draftPage) inPlace() bool {
	return v.Did == "revise" && v.Form != nil || v.Did == "amend" && v.Amend != nil
}

// sourceField is one of the boxes for the sources of a link.
func (v draftPage) sourceField(i int) leaf.Field {
	f := leaf.Field{Form: "link" + itoa(i), Name: "source", Label: v.Words.T("dk.link.source"), Options: v.Sources}
	if i > 0 {
		f.Label = v.Words.T("dk.link.source.more")
	}
	if v.Did == "link" {
		if list := v.Typed["source"]; i < len(list) {
			f.Value = list[i]
		}
		if i == 0 {
			f.Error = v.Problems.For("sources")
		}
	}
	return f
}
