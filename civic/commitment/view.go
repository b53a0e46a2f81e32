package commitment

import (
	"cmp"
	"context"
	"slices"
	"time"

	"glosa"
	"glosa/db"
)

// Filter narrows a board. Empty fields do not.
type Filter struct {
	Series  glosa.SeriesID
	Edition glosa.EditionID
	Owner   glosa.InstitutionKey // under this name or one it bore before or after
	State   State
	Target  glosa.TargetCode
	Goal    int // 16: any target of that goal
	Open    bool
	Drafts  bool // with what is still on the parking list, was declined or awaits a yes
}

// Row is one commitment as a board shows it.
type Row struct {
	ID         glosa.CommitmentID
	Edition    glosa.EditionID
	State      State
	Documented bool
	Synthetic  bool
	Title      string
	Restated   bool
	Leads      glosa.InstitutionKey // on the government's side
	With       glosa.InstitutionKey // its counterpart
	Targets    []glosa.TargetCode
	Goal       int // of a documented one without targets
	Government Verdict
	Observed   Verdict
	Gap        int
	Computable bool // false: one of the two words is missing or on no ladder
	Ends       time.Time
	WasEnds    time.Time // as first agreed, where an amendment moved it; zero otherwise
	Wordings   int
	Milestones int       // all of them
	Verified   int       // of them
	Overdue    int       // of them
	Stale      int       // days without an update, when it owes one
	Changed    time.Time // when either side last said anything, or it was agreed
}

// Board is a list of commitments with its totals and their denominators.
type Board struct {
	Rows   []Row
	Gap    GapTotal
	Matrix Matrix
	States map[State]int
	At     time.Time
	Until  time.Time // when what is shown next changes by the clock; zero: never
}

// Board lists commitments, those with the widest computable gap first, then by id.
func (d *Desk) Board(ctx context.Context, f Filter) (b Board, err error) {
	key := boardKey{scope{edition: f.Edition, series: f.Series}, f.Owner}
	h, err := d.kept.boards.Read(ctx, d.DB, key, ours, func(tx *db.Tx) (heads, error) { return boardOf(tx, key) })
	if err != nil {
		return b, err
	}
	b = Board{States: map[State]int{}, At: d.DB.Clock().Now(), Until: h.next}
	for _, c := range h.list {
		if f.takes(c, h.names) {
			b.add(c, b.At)
		}
	}
	slices.SortStableFunc(b.Rows, func(x, y Row) int { return cmp.Compare(y.Gap, x.Gap) })
	return b, nil
}

func (f Filter) takes(c Commitment, names []glosa.InstitutionKey) bool {
	if f.State != "" && c.State != f.State || f.Open && !c.State.Open() {
		return false
	}
	if !f.Drafts && f.State == "" && !c.State.Agreed() {
		return false
	}
	if f.Owner != "" && !slices.ContainsFunc(c.Owners, func(o Owner) bool { return slices.Contains(names, o.Institution) }) {
		return false
	}
	if f.Target == "" && (f.Goal == 0 || f.Goal == c.Goal) {
		return true
	}
	return slices.ContainsFunc(c.Targets, func(t Target) bool {
		return (f.Target == "" || t.Code == f.Target) && (f.Goal == 0 || goalOf(t.Code) == f.Goal)
	})
}

// goalOf is the number of a target's goal: "16.7" is of 16.
func goalOf(code glosa.TargetCode) (n int) {
	for _, r := range code {
		if r < '0' || r > '9' {
			break
		}
		n = n*10 + int(r-'0')
	}
	return n
}

func (b *Board) add(c Commitment, now time.Time) {
	r := rowOf(c, now)
	b.Rows = append(b.Rows, r)
	b.Gap.Add(c.Government.Status, c.Observed.Status)
	b.Matrix.Add(c.Government.Status, c.Observed.Status)
	b.States[c.State]++
}

func rowOf(c Commitment, now time.Time) Row {
	v := c.Current()
	r := Row{ID: c.ID, Edition: c.Edition, State: c.State, Documented: c.Documented(), Synthetic: c.Synthetic, Title: c.Name(), Changed: c.changed(),
		Restated: v.Restated, Leads: c.Leader(glosa.Government), With: c.Leader(glosa.Civil), Goal: c.Goal, Government: c.Government, Observed: c.Observed,
		Ends: c.Ends, Wordings: len(c.Versions), Milestones: len(c.Milestones), Stale: c.Stale(now)}
	r.Gap, r.Computable = Gap(c.Government.Status, c.Observed.Status)
	if first := c.Original(); !first.Stated && !first.InForce.IsZero() && !first.Wording.Ends.Equal(c.Ends) {
		r.WasEnds = first.Wording.Ends
	}
	for _, t := range c.Targets {
		r.Targets = append(r.Targets, t.Code)
	}
	for _, m := range c.Milestones {
		switch m.Progress {
		case Checked:
			r.Verified++
		case Overdue:
			r.Overdue++
		}
	}
	return r
}

// Card is everything a page shows of one commitment.
type Card struct {
	Commitment
	Gap         int
	Computable  bool
	StaleDays   int
	Drift       []Drift
	Timeline    []Entry
	Links       []Link
	Evidence    []Evidence // without what citizens brought and nobody has reviewed
	Unseen      int        // how much of that there is
	Updates     []Update
	Assessments []Assessment
	Fates       []Disposition
	Pauses      []Pause
	Lacks       []Lack // of one that is still a draft
	At          time.Time
	Until       time.Time
}

// Card reads one commitment. The id may be typed as people do. Kinds: NotFound.
func (d *Desk) Card(ctx context.Context, id string) (card Card, err error) {
	n, err := ParseID(id)
	if err != nil {
		return card, err
	}
	card, err = d.kept.cards.Read(ctx, d.DB, n.ID(), ours, func(tx *db.Tx) (Card, error) { return cardOf(tx, n.ID()) })
	card.At = d.DB.Clock().Now()
	card.StaleDays = card.Stale(card.At)
	return card.own(), err
}

func cardOf(tx *db.Tx, id glosa.CommitmentID) (card Card, err error) {
	c, _, err := load(tx, id)
	if err != nil {
		return card, err
	}
	card = Card{Commitment: c, StaleDays: c.Stale(tx.Now), Drift: drift(c.Versions), At: tx.Now}
	card.Gap, card.Computable = Gap(c.Government.Status, c.Observed.Status)
	if !c.State.Agreed() {
		card.Lacks = c.Draft().Lacks()
	}
	if card.Links, err = selectLinks(tx, id); err != nil {
		return card, err
	}
	rows, err := selectEvidence(tx, scope{id: id})
	if err != nil {
		return card, err
	}
	for _, e := range rows {
		if !e.Public() {
			card.Unseen++
			continue
		}
		card.Evidence = append(card.Evidence, e.Evidence)
	}
	if card.Updates, err = selectUpdates(tx, id); err != nil {
		return card, err
	}
	if card.Assessments, err = selectAssessments(tx, id); err != nil {
		return card, err
	}
	if card.Fates, err = selectFates(tx, id, ""); err != nil {
		return card, err
	}
	if card.Pauses, err = selectPauses(tx, id); err != nil {
		return card, err
	}
	entries, err := selectEntries(tx, id)
	if err != nil {
		return card, err
	}
	card.Timeline = Timeline(c, entries, card.Updates, card.Assessments, card.Fates, card.Pauses...)
	card.Until, err = selectNext(tx)
	return card, err
}

// OfQuestion lists the commitments that came from a question.
func (d *Desk) OfQuestion(ctx context.Context, q glosa.QuestionID) (out []Row, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		ids, err := selectOfQuestion(tx, q) // most questions have none, and are shown often
		out = nil
		for _, id := range ids {
			c, _, err := load(tx, id)
			if err != nil {
				return err
			}
			out = append(out, rowOf(c, tx.Now))
		}
		return err
	})
	return out, err
}

// Task is one line of the disposition worklist.
type Task struct {
	Row
	Fate *Disposition // nil while the edition has not said
}

// Worklist is what an edition must say of the commitments of earlier ones, and
// what it has said: the first item of its order. left counts what is missing.
func (d *Desk) Worklist(ctx context.Context, id glosa.EditionID) (out []Task, left int, err error) {
	h, err := d.kept.tasks.Read(ctx, d.DB, id, ours, func(tx *db.Tx) (heads, error) { return tasksOf(tx, id) })
	now := d.DB.Clock().Now()
	for n, c := range h.list {
		i := slices.IndexFunc(h.fates, func(f Disposition) bool { return f.Commitment == c.ID })
		switch {
		case i >= 0:
			fate := h.fates[i]
			out = append(out, Task{Row: rowOf(c, now), Fate: &fate})
		case h.open[n]:
			out = append(out, Task{Row: rowOf(c, now)})
			left++
		}
	}
	return out, left, err
}

// Desktop is the evaluator's work, oldest first.
type Desktop struct {
	Claimed    []Row       // said to be fulfilled, waiting for a verdict
	Milestones []Milestone // claimed done
	Evidence   []Evidence  // not reviewed, what citizens brought among it
	Replies    []Assessment
	Unassessed []Row // running, without a word of the Observatory
}

// Evaluator reads the work of whoever evaluates. Kinds: Denied.
func (d *Desk) Evaluator(ctx context.Context, by glosa.Actor, series glosa.SeriesID) (w Desktop, err error) {
	if err := by.May(actReview); err != nil {
		return w, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		list, _, err := loadAll(tx, scope{series: series})
		if err != nil {
			return err
		}
		w = Desktop{}
		mine := map[glosa.CommitmentID]bool{}
		for _, c := range list {
			mine[c.ID] = true
			switch {
			case c.State == Claimed:
				w.Claimed = append(w.Claimed, rowOf(c, tx.Now))
			case c.State.Running() && !c.Observed.Said():
				w.Unassessed = append(w.Unassessed, rowOf(c, tx.Now))
			}
			for _, m := range c.Milestones {
				if m.Progress == Done {
					w.Milestones = append(w.Milestones, m)
				}
			}
		}
		pending, err := selectUnreviewed(tx, 500)
		if err != nil {
			return err
		}
		for _, e := range pending {
			if mine[e.Commitment] {
				w.Evidence = append(w.Evidence, e.Evidence)
			}
		}
		w.Replies, err = selectReplying(tx)
		w.Replies = slices.DeleteFunc(w.Replies, func(a Assessment) bool { return !mine[a.Commitment] })
		return err
	})
	return w, err
}
