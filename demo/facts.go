package demo

import (
	"context"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/site"
)

const (
	realSeries = glosa.SeriesID("qroo")
	territory  = glosa.TerritoryCode("23")
	zone       = "America/Cancun"
)

// Register enters the territory's institutions, posts and municipalities by date.
func Register(ctx context.Context, s *site.Site) error {
	ref, err := people.ShippedReference(territory)
	if err != nil {
		return wrap("register", err)
	}
	return wrap("register", s.People.Load(ctx, glosa.Admin(), ref))
}

// Facts enters what is real: the dossier, the nine editions and the
// commitments, each with its sources. The record says that they were entered
// today, which is true.
func Facts(ctx context.Context, s *site.Site) error {
	admin := glosa.Admin()
	dossier, err := compile()
	if err != nil {
		return wrap("dossier", err)
	}
	if err := s.Edition.Compile(ctx, admin, realSeries, dossier); err != nil {
		return wrap("dossier", err)
	}
	editions, err := read[[]realEdition]("editions.yaml")
	if err != nil {
		return err
	}
	for _, e := range editions {
		doc, err := e.documented()
		if err == nil {
			err = s.Edition.Document(ctx, admin, doc)
		}
		if err == nil && len(e.People) > 0 {
			err = s.People.Document(ctx, admin, e.ID, e.participants(dossier))
		}
		if err != nil {
			return wrap(string(e.ID), err)
		}
	}
	promises, err := read[[]realCommitment]("commitments.yaml")
	if err != nil {
		return err
	}
	for _, c := range promises {
		account, err := c.account()
		if err == nil {
			err = s.Commitment.Document(ctx, admin, account)
		}
		if err != nil {
			return wrap(string(c.ID), err)
		}
	}
	return nil
}

// compile makes the dossier: the sources, the facts, and what is said about
// each commitment as a whole.
func compile() (d edition.Dossier, err error) {
	sources, err := read[[]source]("sources.yaml")
	if err != nil {
		return d, err
	}
	for _, s := range sources {
		d.Sources = append(d.Sources, edition.Source{ID: s.ID, URL: s.URL, Publisher: s.Publisher,
			Note: edition.Words{Es: s.NoteES, En: s.NoteEN}, Reopen: s.Reopen})
	}
	facts, err := read[[]fact]("facts.yaml")
	if err != nil {
		return d, err
	}
	for _, f := range facts {
		d.Findings = append(d.Findings, f.finding())
	}
	promises, err := read[[]realCommitment]("commitments.yaml")
	if err != nil {
		return d, err
	}
	for _, c := range promises {
		about := func(kind glosa.Code, w *told) {
			if w != nil {
				d.Findings = append(d.Findings, edition.Finding{ID: string(kind) + "-" + string(c.ID), Topic: "commitment",
					Kind: kind, About: string(c.ID), Text: edition.Words{Es: w.ES, En: w.EN}, Sources: w.Sources})
			}
		}
		about("summary", c.Summary)
		about("last", c.Last)
		about("after", c.After)
		about("lesson", c.Lesson)
	}
	return d, nil
}

// participants are an edition's people with the addresses that name them.
func (e realEdition) participants(d edition.Dossier) (list []people.Participant) {
	for _, p := range e.People {
		x := people.Participant{Name: p.Name, Capacity: p.Capacity, Institution: p.Institution, Side: p.Side}
		for _, id := range p.Sources {
			s, _ := d.Source(id) // a source that is not listed leaves none, and Document refuses
			x.Sources = append(x.Sources, s.URL)
		}
		list = append(list, x)
	}
	return list
}

func (f fact) finding() edition.Finding {
	x := edition.Finding{ID: f.ID, Topic: f.Topic, About: f.About, Kind: f.Kind, Date: f.Date.civic(), Text: f.Text.civic(),
		Goals: f.Goals, Sources: f.Sources, Conflict: f.Conflict.civic()}
	if f.Sum != nil {
		x.Tally = &edition.Tally{Total: f.Sum.Total, Unit: f.Sum.Unit.civic()}
		for _, p := range f.Sum.Parts {
			x.Tally.Parts = append(x.Tally.Parts, edition.Count{N: p.N, Label: p.Label.civic()})
		}
	}
	return x
}

func (w Words) civic() edition.Words { return edition.Words{Es: w.ES, En: w.EN} }

func (c *clash) civic() *edition.Clash {
	if c == nil {
		return nil
	}
	return &edition.Clash{Says: c.Says.civic(), Sources: c.Sources}
}

// documented is the row as edition takes it: each statement followed by those
// that contradict it.
func (e realEdition) documented() (doc edition.Documented, err error) {
	sort, err := day(e.Sort)
	if err != nil {
		return doc, err
	}
	doc = edition.Documented{ID: e.ID, Series: realSeries, Number: e.Number, Territory: territory, Zone: zone,
		Sort: sort, City: e.City, Nothing: e.Nothing}
	if e.Nothing {
		return doc, nil
	}
	place := Words{}
	if e.Place != nil {
		place = *e.Place
	}
	for _, f := range []struct {
		field string
		value Words
	}{{"date", e.Date}, {"place", place}, {"who", e.Who}, {"topics", e.Topics}} {
		if f.value.ES == "" {
			continue
		}
		doc.Facts = append(doc.Facts, edition.Fact{Field: glosa.Code(f.field), Value: f.value.civic(), Sources: e.Sources[f.field]})
		for _, c := range e.Conflicts {
			if c.Field == f.field {
				doc.Facts = append(doc.Facts, edition.Fact{Field: glosa.Code(f.field), Value: c.Says.civic(), Sources: c.Sources, Conflict: true})
			}
		}
	}
	return doc, nil
}

// eras name the administrations by the bands that the timeline shows.
var eras = map[string]glosa.Code{"joaquin": "2016-2022", "lezama": "2022-2027"}

// account is the row as commitment takes it.
func (c realCommitment) account() (a commitment.Account, err error) {
	a = commitment.Account{ID: c.ID, Edition: c.Edition}
	for _, s := range c.Timeline {
		at, err := day(s.Sort)
		if err != nil {
			return a, err
		}
		e := commitment.Entry{DateText: s.Date.ES, At: at, Kind: s.Kind, Text: s.Text.ES, Note: s.Note.ES, Sources: s.Sources, OGP: s.OGP,
			Era: eras[s.Era], Edition: s.Edition, Basis: commitment.Basis(s.Lineage),
			En: commitment.Said{DateText: s.Date.EN, Text: s.Text.EN, Note: s.Note.EN}}
		if s.Kind == "wording" {
			a.Versions = append(a.Versions, commitment.Version{Number: len(a.Versions) + 1, At: at, DateText: s.Date.ES, When: s.When,
				Restated: true, Stated: true, Sources: s.Sources, Wording: commitment.Wording{Title: s.Text.ES}})
			e.Version = len(a.Versions)
		}
		if s.Conflict != nil {
			e.Conflict, e.En.Conflict, e.Disputing = s.Conflict.Says.ES, s.Conflict.Says.EN, s.Conflict.Sources
		}
		a.Entries = append(a.Entries, e)
		if s.OGP != "" {
			a.Links = append(a.Links, commitment.Link{From: c.ID, Way: commitment.OGP, To: s.OGP, Basis: commitment.Basis(s.Lineage), Sources: s.Sources})
		}
	}
	if c.Lineage == "none" {
		a.Links = append(a.Links, commitment.Link{From: c.ID, Way: commitment.Later, Basis: commitment.NoBasis})
	}
	if c.Government != nil {
		a.Government = commitment.Verdict{Own: c.Government.Word.ES, OwnEn: c.Government.Word.EN, Note: c.Government.Note.ES,
			NoteEn: c.Government.Note.EN, Sources: c.Government.Sources}
	}
	return a, nil
}
