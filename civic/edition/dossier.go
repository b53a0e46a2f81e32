package edition

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"glosa"
	"glosa/db"
)

// Source is one address that facts come from (exercise.md §3.3).
type Source struct {
	ID        glosa.SourceID `json:"id"`
	URL       string         `json:"url"`
	Publisher string         `json:"publisher"`
	Note      Words          `json:"note,omitzero"`
	Reopen    bool           `json:"reopen,omitempty"` // kept short when read: open it again before quoting
}

// Finding is one fact of a series that belongs to no one edition: a count with
// its denominator, a law, a voice, or something looked for and not found.
type Finding struct {
	ID       string           `json:"id"`
	Topic    glosa.Code       `json:"topic"`
	Kind     glosa.Code       `json:"kind,omitempty"`  // count, gap; "" is a plain fact
	About    string           `json:"about,omitempty"` // a commitment or an edition, if it is about one
	Date     Words            `json:"date,omitzero"`
	Text     Words            `json:"text"`
	Tally    *Tally           `json:"tally,omitempty"`
	Goals    []int            `json:"goals,omitempty"` // Sustainable Development Goals the exercise was registered with, the main one first
	Sources  []glosa.SourceID `json:"sources,omitempty"`
	Conflict *Clash           `json:"conflict,omitempty"`
}

// Tally is figures that ought to add up, kept as the source gives them. Pages
// add them and show both numbers.
type Tally struct {
	Total int     `json:"total"`
	Unit  Words   `json:"unit"`
	Parts []Count `json:"parts"`
}

// Count is one part of a tally.
type Count struct {
	N     int   `json:"n"`
	Label Words `json:"label"`
}

// Adds is what the parts really add up to.
func (t Tally) Adds() (n int) {
	for _, p := range t.Parts {
		n += p.N
	}
	return n
}

// Clash is what another source says against a finding.
type Clash struct {
	Says    Words            `json:"says"`
	Sources []glosa.SourceID `json:"sources"`
}

// Dossier is everything a series' sources say beside its editions.
type Dossier struct {
	Sources  []Source
	Findings []Finding
}

// Aims is the finding that ties the exercise to goals; ok is false without one.
// It ties the exercise, not what was promised in it.
func (d Dossier) Aims() (f Finding, ok bool) {
	for _, f := range d.Findings {
		if len(f.Goals) > 0 {
			return f, true
		}
	}
	return f, false
}

// Source finds a source by its id.
func (d Dossier) Source(id glosa.SourceID) (Source, bool) {
	for _, s := range d.Sources {
		if s.ID == id {
			return s, true
		}
	}
	return Source{}, false
}

// Compile enters a series' dossier, or replaces it. Denied; Invalid naming the
// source or finding: an address that is none, a text in no language, a source
// that is not listed.
func (d *Desk) Compile(ctx context.Context, by glosa.Actor, series glosa.SeriesID, dossier Dossier) error {
	if err := by.May("edition.document"); err != nil {
		return err
	}
	if err := dossier.check(); err != nil {
		return err
	}
	js, err := dossier.canonical()
	if err != nil {
		return err
	}
	return d.DB.Act(ctx, func(tx *db.Tx) error {
		if err := replaceDossier(tx, series, dossier); err != nil {
			return err
		}
		return tx.Leave(compiledKind.Event(by, "", string(series), compiledBody{Series: series,
			Sources: len(dossier.Sources), Findings: len(dossier.Findings), Digest: glosa.Digest(js)}, "editions", "sources"))
	})
}

func (d Dossier) check() error {
	var wrong []glosa.Field
	for i, s := range d.Sources {
		u, err := url.Parse(s.URL)
		if s.ID == "" || err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			wrong = append(wrong, glosa.Field{Name: "sources." + strconv.Itoa(i), Key: "ed.no_source"})
		}
	}
	listed := func(ids []glosa.SourceID) bool {
		for _, id := range ids {
			if _, ok := d.Source(id); !ok {
				return false
			}
		}
		return true
	}
	for i, f := range d.Findings {
		if f.ID == "" || f.Text.Es == "" || !listed(f.Sources) || f.Conflict != nil && !listed(f.Conflict.Sources) {
			wrong = append(wrong, glosa.Field{Name: "findings." + strconv.Itoa(i), Key: "ed.no_source"})
		}
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

// Dossier reads a series' dossier; an empty one when there is none.
func (d *Desk) Dossier(ctx context.Context, series glosa.SeriesID) (Dossier, error) {
	shared, err := d.dossiers.Read(ctx, d.DB, series, ours, func(tx *db.Tx) (dossier Dossier, err error) {
		if dossier.Sources, err = selectDossier[Source](tx, selectSources, series); err != nil {
			return dossier, err
		}
		dossier.Findings, err = selectDossier[Finding](tx, selectFindings, series)
		return dossier, err
	})
	return Dossier{Sources: slices.Clone(shared.Sources), Findings: slices.Clone(shared.Findings)}, err
}
