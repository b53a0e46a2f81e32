package commitment

import (
	"strings"

	"glosa"
	"glosa/civic/commitment"
	"glosa/web/door"
	"glosa/web/page/leaf"
)

// fatesPage is the first item of an edition's order: what becomes of each open
// commitment of the ones before.
type fatesPage struct {
	desk
	Tasks    []task
	Outcomes []leaf.Option
	Left     int
}

// task is one commitment with its two words and the fate it has or lacks.
type task struct {
	fate
	Row  row
	Open bool // it has none, or «unknown», which may be decided again
}

func (p *Pages) dispositions(r *door.Request) (door.View, error) {
	v, err := p.fatesOf(r)
	if err != nil {
		return door.View{}, err
	}
	return door.Show(fatesBody(v))
}

func (p *Pages) fatesOf(r *door.Request) (v fatesPage, err error) {
	id := glosa.EditionID(r.Path("edition"))
	if err = allowed(r.Actor, id, actDispose); err != nil {
		return v, err
	}
	w := r.Words
	if v.desk, err = p.deskOf(r, id, w.T("cb.earlier")); err != nil {
		return v, err
	}
	tasks, left, err := p.Commitment.Worklist(r.Context(), id)
	if err != nil {
		return v, err
	}
	v.Left = left
	v.State = w.T("cb.earlier.left", "n", w.N(left))
	if left == 0 {
		v.State = w.T("dk.fates.done")
	}
	for _, t := range tasks {
		v.Tasks = append(v.Tasks, task{fate: fateOf(r, v.Names, t), Row: rowOf(r, v.Names, t.Row, v.Zone),
			Open: t.Fate == nil || t.Fate.Outcome == commitment.Unknown})
	}
	for _, o := range []commitment.Outcome{commitment.Continues, commitment.Merges, commitment.Splits, commitment.Fulfilled, commitment.Abandons, commitment.Unknown} {
		v.Outcomes = append(v.Outcomes, leaf.Option{Value: string(o), Text: outcome(w, o)})
	}
	return v, nil
}

// dispose is the edition's word on one open commitment.
func (p *Pages) dispose(r *door.Request) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	if err := allowed(r.Actor, id, actDispose); err != nil {
		return door.View{}, err
	}
	_, about, _ := strings.Cut(r.Value("do"), ".")
	d := commitment.Disposition{Commitment: glosa.CommitmentID(about), Edition: id, Outcome: commitment.Outcome(r.Value("outcome")), Reason: r.Value("reason")}
	for _, into := range strings.FieldsFunc(strings.ToUpper(r.Value("into")), func(c rune) bool { return c == ',' || c == ' ' || c == '\n' || c == '\r' }) {
		d.Into = append(d.Into, glosa.CommitmentID(into))
	}
	if err := p.Commitment.Dispose(r.Context(), r.Actor, d); err != nil {
		v, verr := p.fatesOf(r)
		if verr != nil || !v.back(r, err) {
			return door.View{}, orElse(verr, err)
		}
		return door.Redo(fatesBody(v))
	}
	return door.Done(r.To("/mesa/disposiciones", string(id)), "edition:"+string(id), "commitment:"+about)
}
