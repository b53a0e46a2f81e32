package priority

import (
	"encoding/hex"
	"fmt"

	"glosa"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// replay is how to compute it again, with what everybody has: the published file,
// its digest, and the one command that gives the result's own bytes.
type replay struct {
	PB, JSON      string // addresses
	Input, Result string // hexadecimal SHA-256
	Check, Again  string // what anybody types: whole lines
	PBSize        int64
	JSONSize      int64
	Why           string // why there is no command
}

type batchRow struct {
	N, New, Changed, Withdrawn, At, Root, Href string
}

// mesas is how the minutes of one contest came to lie at the tables.
type mesas struct {
	Head, Lead string
	Ledger     *leaf.Ledger // nil until the tables are set
}

// replay gathers what somebody needs to compute the agenda again, and who set
// it off.
func (v *agendaPage) replay(w *text.Words) {
	a := v.Agenda
	here := v.To("/ediciones", string(v.Edition.ID), "agenda")
	x := &replay{PB: here + ".pb", JSON: here + ".json",
		Input: hex.EncodeToString(a.Input[:]), Result: hex.EncodeToString(a.Result[:]), PBSize: a.FileSize, JSONSize: a.ResultSize}
	name := fileName(v.Edition.ID)
	x.Check = "echo \"" + x.Input + "  " + name + "\" | sha256sum --check"
	x.Again = a.Command(name) + " | cmp - " + resultName(v.Edition.ID)
	switch {
	case !a.Computed:
		x.Why = w.T("ag.replay.picked")
	case a.Ballots == 0:
		x.Why = w.T("ag.replay.none")
	}
	v.Replay = x
	free := w.T("ag.run.free.unasked")
	if a.FreeOn != "" {
		free = w.T("ag.run.free.no", "date", w.Date(a.FreeOn.Time()))
	}
	v.Run = []leaf.Row{
		{Label: w.T("ag.run.who"), Value: v.Names.By(a.By)},
		{Label: w.T("ag.run.side"), Value: w.T("who.side." + string(a.Side))},
		{Label: w.T("ag.run.free"), Value: free},
		{Label: w.T("ag.run.when"), Value: w.Stamp(a.At.In(v.Zone))},
		{Label: w.T("ag.r.rule"), Value: w.T("ag.rule." + string(a.Criteria.Rule))},
		{Label: w.T("ag.run.ballots"), Value: ballots(w, a)},
		{Label: w.T("ag.replay.software"), Value: string(a.Software)},
	}
}

// ballots says how many have a row, and why the others have none; where few came
// by doors that stand apart it does not say how many.
func ballots(w *text.Words, a priority.Agenda) string {
	if a.Apart < 0 {
		return w.T("ag.run.ballots.few", "n", w.N(a.Ballots), "outside", w.N(a.Outside))
	}
	return w.T("ag.run.ballots.v", "n", w.N(a.Ballots), "void", w.N(a.Void), "apart", w.N(a.Apart))
}

// fileName and resultName are what a browser calls the downloads.
func fileName(id glosa.EditionID) string { return string(id) + ".pb" }

func resultName(id glosa.EditionID) string { return string(id) + "-resultado.json" }

// mesas says how the tables share the minutes, once they are set.
func (p *Pages) mesas(r *door.Request, v *agendaPage) error {
	w, a := r.Words, v.Agenda
	n := a.Criteria.Mesas
	if n == 0 && v.Edition.Protocol != nil { // frozen before the criteria said it
		n = v.Edition.Protocol.Seats.Mesas
	}
	n = max(1, n)
	v.Mesas = mesas{Head: w.T("ag.mesas.margin", "n", w.N(n)), Lead: w.T("ag.mesas.lead", "mesas", w.N(n), "each", w.N(a.Criteria.Minutes/n), "minutes", w.N(a.Criteria.Minutes))}
	days, err := p.Panel.Days(r.Context(), v.Edition.ID)
	if err != nil || len(days) == 0 {
		return err
	}
	left := map[glosa.QuestionID]int{} // on the agenda, at no table
	for _, c := range a.Chosen {
		left[c.Question] = c.Minutes
	}
	l := leaf.Ledger{Caption: w.T("ag.mesas")}
	row := func(label string, n, sum int) leaf.Row {
		return leaf.Row{Label: label, Value: w.T("ag.mesas.value", "n", w.N(n), "minutes", w.T("ag.minutes", "n", w.N(sum)))}
	}
	for _, d := range days {
		some, sum := 0, 0
		for _, it := range d.Items {
			if minutes, on := left[it.Question]; on {
				some, sum = some+1, sum+minutes
				delete(left, it.Question)
			}
		}
		l.Rows = append(l.Rows, row(w.T("ag.mesas.row", "n", w.N(d.Mesa.Number), "theme", d.Mesa.Theme), some, sum))
	}
	if len(left) > 0 {
		sum := 0
		for _, minutes := range left {
			sum += minutes
		}
		l.Rows = append(l.Rows, row(w.T("ag.mesas.none"), len(left), sum))
	}
	total := row(w.T("ag.mesas.total"), len(a.Chosen), a.Used)
	l.Total, v.Mesas.Ledger = &total, &l
	return nil
}

// batchRows are the batches of ballots that entered the record.
func (p *Pages) batchRows(r *door.Request, v agendaPage) (rows []batchRow, err error) {
	if v.Agenda.Status == priority.Unfrozen {
		return nil, nil
	}
	all, err := p.Priority.Batches(r.Context(), v.Agenda.Contest)
	w := r.Words
	for _, b := range all {
		rows = append(rows, batchRow{N: w.N(b.N), New: w.N(b.New), Changed: w.N(b.Changed), Withdrawn: w.N(b.Withdrawn),
			At: w.Stamp(b.At.In(v.Zone)), Root: hex.EncodeToString(b.Root[:]), Href: r.To("/ediciones", string(v.Edition.ID), "agenda", "lotes") + "/" + fmt.Sprint(b.N)})
	}
	return rows, err
}
