package question

import (
	"context"
	"maps"
	"slices"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/db"
)

const actOverview glosa.Act = "question.overview"

// Themes lists the themes that an edition's questions were given, by code.
func (d *Desk) Themes(ctx context.Context, ed glosa.EditionID) ([]glosa.Code, error) {
	all, err := d.themes.Read(ctx, d.DB, ed, ours, func(tx *db.Tx) ([]glosa.Code, error) { return selectThemes(tx, ed) })
	return slices.Clone(all), err
}

// Folder is one question before the institution that holds it: everything public,
// the version in hand and the notes with which it came back.
type Folder struct {
	Page
	Draft    *Version  // nil when nobody began
	Returned []Note    // private to the institution, newest last
	Dropped  time.Time // a redaction dropped the draft and its notes; zero when none did
	Longest  int       // letters that the detail of an answer may have; 0 for the house's limit
	MoreDays int       // working days that an extension may have
	Extended bool      // there was one already
	ReferBy  edition.Sum
}

// Folder opens one question for those who draft or sign its answer.
// Errors: Denied; NotFound when another institution holds it.
func (d *Desk) Folder(ctx context.Context, by glosa.Actor, id glosa.QuestionID) (f Folder, err error) {
	if err := by.May(actInbox); err != nil {
		return Folder{}, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		f = Folder{}
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		t := &turn{tx: tx, by: by, row: &r}
		err = t.owes()
		if err == nil {
			if err = by.MayIn(actInbox, r.edition); err != nil && r.carried != "" {
				err = by.MayIn(actInbox, r.carried)
			}
		}
		if err != nil && glosa.KindOf(err) == glosa.Denied {
			return glosa.Missing("question", string(id)) // not theirs to know of
		} else if err != nil {
			return err
		}
		if f.Page, err = d.page(tx, id); err != nil {
			return err
		}
		return f.open(tx, &r)
	})
	return f, err
}

// open adds what only the institution sees.
func (f *Folder) open(tx *db.Tx, r *row) error {
	ed, err := edition.Load(tx, r.edition)
	if err != nil {
		return err
	}
	f.Longest, f.MoreDays, f.Extended = protocol(ed).Limits.AnswerLetters, protocol(ed).Deadlines.AnswerExtension.N, r.extended > 0
	if f.ReferBy, err = referBy(tx, ed, r); err != nil {
		return err
	}
	v, err := selectAnswer(tx, r.id, r.answer+1)
	switch {
	case err == nil:
		f.Draft = &v
	case glosa.KindOf(err) != glosa.Conflict:
		return err
	}
	notes, err := selectNotes(tx, r.id)
	for _, n := range notes {
		switch {
		case n.Kind == noteReturn && n.Words == "":
			f.Dropped = n.At
		case n.Kind == noteReturn:
			f.Returned = append(f.Returned, n)
		}
	}
	return err
}

// Load is how much one institution owes in an edition.
type Load struct {
	Institution glosa.InstitutionKey // "" when nobody holds them: the governor's office assigns
	Pending     int
	Overdue     int
	Oldest      time.Time // the earliest date among them
}

// Overview is what every institution owes in an edition, what it inherited among it, the most overdue first:
// counts and dates, nothing that is not public.
// Errors: Denied.
func (d *Desk) Overview(ctx context.Context, by glosa.Actor, ed glosa.EditionID) (out []Load, err error) {
	if err := by.MayIn(actOverview, ed); err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		f := Filter{Edition: ed, States: []State{Routed, Overdue}}
		owed, err := selectList(tx, f, cursor{}, maxOwed)
		if err != nil {
			return err
		}
		f.Inherited = true
		left, err := selectList(tx, f, cursor{}, maxOwed)
		out = loads(append(owed, left...))
		return err
	})
	return out, err
}

// maxOwed bounds what an overview adds up: far more than an edition can owe.
const maxOwed = 20_000

func loads(owed []Brief) []Load {
	by := map[glosa.InstitutionKey]*Load{}
	for _, b := range owed {
		if b.Unrouted() {
			continue // no office's
		}
		l := by[b.Institution]
		if l == nil {
			l = &Load{Institution: b.Institution}
			by[b.Institution] = l
		}
		l.Pending++
		if b.State == Overdue {
			l.Overdue++
		}
		if !b.Due.IsZero() && (l.Oldest.IsZero() || b.Due.Before(l.Oldest)) {
			l.Oldest = b.Due
		}
	}
	out := make([]Load, 0, len(by))
	for _, key := range slices.Sorted(maps.Keys(by)) {
		out = append(out, *by[key])
	}
	slices.SortStableFunc(out, func(a, b Load) int { return b.Overdue - a.Overdue })
	return out
}

// Holding is one stretch of time in which an institution held a question.
type Holding struct {
	Institution glosa.InstitutionKey // "" while the governor's office had to assign it
	From        time.Time
	To          time.Time // zero while it still does
}

// Holdings reads out of a page's steps who held the question, oldest first.
func (p Page) Holdings() (out []Holding) {
	end := func(at time.Time) {
		if n := len(out); n > 0 && out[n-1].To.IsZero() {
			out[n-1].To = at
		}
	}
	for _, s := range p.Steps {
		switch string(s.Kind) {
		case kRouted.Name, kReferred.Name:
			end(s.At)
			out = append(out, Holding{Institution: glosa.InstitutionKey(s.Other), From: s.At})
		case kAnswered.Name, kOral.Name, kWithdrawn.Name, kMerged.Name:
			end(s.At)
		}
	}
	return out
}

// ObjectOf reads what a commitment commits to from its canonical JSON; the zero
// Object when the words are gone.
func ObjectOf(js []byte) Object {
	if len(js) == 0 {
		return Object{}
	}
	s := string(js)
	return objectOf(&s)
}
