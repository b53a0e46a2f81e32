package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

// Sheet is everything the public may see of one edition's report. Before it is
// published there are only its lateness and what was said of earlier promises.
type Sheet struct {
	Edition    edition.Edition
	Report     Report    // without its draft; the zero Report before publication
	Due        time.Time // the last instant at which it was on time
	Late       int       // whole days: as counted at publication, or up to now
	Passages   []Passage
	Files      []Attached
	Versions   []Version
	Statements []Statement          // the last word on each earlier promise
	Unstated   []glosa.CommitmentID // open promises on which nothing was said
}

// ours is what the memo of this room is read from; earlier promises are the
// commitment room's.
var ours = []string{"report", "edition", "commitment"}

// Sheet reads one edition's report as its page shows it. NotFound when there is
// no such edition.
func (d *Desk) Sheet(ctx context.Context, id glosa.EditionID) (Sheet, error) {
	s, err := d.sheets.Read(ctx, d.DB, id, ours, func(tx *db.Tx) (Sheet, error) { return d.sheet(tx, id) })
	if err != nil {
		return Sheet{}, err
	}
	if s.Report.State != Published {
		s.Late = lateness(s.Edition, d.DB.Clock().Now())
	}
	s.Passages, s.Files, s.Versions = slices.Clone(s.Passages), slices.Clone(s.Files), slices.Clone(s.Versions)
	s.Statements, s.Unstated = slices.Clone(s.Statements), slices.Clone(s.Unstated)
	return s, nil
}

func (d *Desk) sheet(tx *db.Tx, id glosa.EditionID) (s Sheet, err error) {
	if s.Edition, err = edition.Load(tx, id); err != nil {
		return s, err
	}
	s.Due = s.Edition.ReportDue()
	if s.Statements, err = Statements(tx, id); err != nil {
		return s, err
	}
	if s.Unstated, err = d.Unstated(tx, s.Edition); err != nil {
		return s, err
	}
	rep, err := Of(tx, id)
	if glosa.KindOf(err) == glosa.NotFound && err != nil || err == nil && rep.State != Published {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	rep.Draft = Text{}
	s.Report, s.Late = rep, rep.Late
	return s, s.body(tx, id)
}

func (s *Sheet) body(tx *db.Tx, id glosa.EditionID) (err error) {
	if s.Passages, err = Passages(tx, id); err != nil {
		return err
	}
	if s.Files, err = FilesOf(tx, id); err != nil {
		return err
	}
	s.Versions, err = Versions(tx, id)
	return err
}

// Workbench is what a ministry sees while it writes.
type Workbench struct {
	Writes     bool   // the actor's institution convenes: the report is theirs
	Report     Report // draft included; the zero Report before anybody wrote, and for who does not write it
	Digest     glosa.Hash
	Preview    []Passage // as it would be published
	Files      []Attached
	Statements []Statement
	Unstated   []glosa.CommitmentID
	Due        time.Time
	Late       int
}

// Workbench reads the draft and all that goes with it; another ministry than the
// one that convenes sees only what is said of earlier promises. Denied unless the
// actor may write, publish or state; NotFound when there is no such edition.
func (d *Desk) Workbench(ctx context.Context, by glosa.Actor, id glosa.EditionID) (w Workbench, err error) {
	if err := mayWork(by, id); err != nil {
		return w, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		w = Workbench{}
		ed, err := edition.Load(tx, id)
		if err != nil {
			return err
		}
		w.Due = ed.ReportDue()
		if w.Late, err = Lateness(tx, ed); err != nil {
			return err
		}
		if w.Statements, err = Statements(tx, id); err != nil {
			return err
		}
		if w.Unstated, err = d.Unstated(tx, ed); err != nil {
			return err
		}
		w.Writes = writes(ed, by, "report.draft") == nil
		if !w.Writes {
			return d.onlyOwn(tx, ed, by, &w)
		}
		w.Report, err = Of(tx, id)
		if err != nil {
			if glosa.KindOf(err) == glosa.NotFound {
				return nil
			}
			return err
		}
		w.Digest = DigestOf(w.Report.Draft)
		if w.Preview, err = Preview(tx, id); err != nil {
			return err
		}
		w.Files, err = FilesOf(tx, id)
		return err
	})
	return w, err
}

// onlyOwn leaves a ministry that does not write the report the earlier commitments
// that are its own.
func (d *Desk) onlyOwn(tx *db.Tx, ed edition.Edition, by glosa.Actor, w *Workbench) (err error) {
	other := func(id glosa.CommitmentID) bool {
		own, e := d.states(tx, ed, by, id)
		err = cmp.Or(err, e)
		return !own
	}
	w.Unstated = slices.DeleteFunc(w.Unstated, other)
	w.Statements = slices.DeleteFunc(w.Statements, func(s Statement) bool { return other(s.Commitment) })
	return err
}

// mayWork is nil when the actor may do any of the three acts of a report.
func mayWork(by glosa.Actor, id glosa.EditionID) error {
	err := by.MayIn("report.draft", id)
	if err != nil && by.MayIn("report.publish", id) == nil {
		return nil
	}
	return err
}

// FileOf is one attached file of a published report, for whoever downloads it.
// NotFound until the report is published.
func (d *Desk) FileOf(ctx context.Context, id glosa.EditionID, file glosa.FileID) (a Attached, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		rep, err := Of(tx, id)
		if err != nil {
			return err
		}
		all, err := FilesOf(tx, id)
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.File == file && rep.State == Published {
				a = x
				return nil
			}
		}
		return glosa.Missing("file", string(file))
	})
	return a, err
}

// Passage is [Read] as a reading of its own: what a question asks about. NotFound.
func (d *Desk) Passage(ctx context.Context, ed glosa.EditionID, id glosa.PassageID) (p Passage, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = Read(tx, ed, id)
		return err
	})
	return p, err
}
