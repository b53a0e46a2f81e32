package priority

import (
	"encoding/hex"
	"strings"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/leaf"
	"glosa/web/text"
)

// before is the page until the agenda is made: where it stands, the date and the
// frozen rule.
func (p *Pages) before(r *door.Request, v *agendaPage) error {
	w, a := r.Words, v.Agenda
	how := &leaf.Link{Text: w.T("ag.how"), Href: r.To("/como-se-elige")}
	if stage := v.Edition.StageAt(r.Now); stage == edition.Postponed || stage == edition.Cancelled {
		x, err := p.Edition.Exceptions(r.Context(), v.Edition.ID)
		v.State, v.More = chain.Sentence(w, v.Edition, x.Halts, r.Now)
		v.Shape, v.Empty = leaf.Paused, w.T("ag.held")
		if stage == edition.Cancelled {
			v.Shape, v.Empty = leaf.Barred, w.T("ag.held.cancelled")
		}
		return err
	}
	on := v.Edition.Plan.On(edition.Selected)
	switch {
	case a.Status == priority.Unfrozen:
		v.State, v.More = w.T("ag.unfrozen"), w.T("ag.unfrozen.more")
	case on.IsZero():
		v.State = w.T("ag.nodate")
	default:
		v.State = w.T("g.empty", "date", w.Date(on.In(v.Zone))) + "."
	}
	if a.Status == priority.Ended {
		v.More = w.T("ag.ended")
	}
	if a.Status == priority.Open && !a.Closes.IsZero() {
		whole, _, err := p.People.Places(r.Context(), v.Edition.Territory, r.Now)
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		days := chain.DaysTo(r.Now, a.Closes, v.Zone)
		v.More = w.T("ag.open")
		bold, rest := w.Split("cn.clock.support", "n", w.N(days), "date", w.DayMonth(a.Closes.In(v.Zone)), "time", w.Hour(a.Closes.In(v.Zone)), "territory", whole.Name)
		if days > 0 {
			v.Clock = &leaf.Clock{Bold: bold, Rest: rest + "."}
		}
		v.Action = &leaf.Action{Text: w.T("ag.support"), Href: r.To("/ediciones", string(v.Edition.ID), "preguntas"), Note: how}
	}
	return nil
}

// rule writes the criteria down, with the leaf that froze them.
func (p *Pages) rule(r *door.Request, v *agendaPage) error {
	w, a := r.Words, v.Agenda
	if a.Status == priority.Unfrozen {
		return nil
	}
	v.Digest = hex.EncodeToString(a.Digest[:])
	v.Rule = ruleRows(w, a)
	if !a.FrozenAt.IsZero() {
		v.Rule = append(v.Rule, leaf.Row{Label: w.T("ag.r.frozen"), Value: w.Date(a.FrozenAt.In(v.Zone))})
	}
	if v.Edition.Protocol != nil {
		v.Note = v.Edition.Protocol.Selection.DoorsNote.In(w.Lang)
	}
	stamp, _, err := p.Seal(r, v.Edition, string(a.Contest), "priority.frozen")
	if stamp != nil && stamp.Href != "" {
		v.Rule = append(v.Rule, leaf.Row{Label: w.T("ag.frozen.leaf"), Value: w.T("ag.run.leaf.n", "n", w.N(int(stamp.N))), Href: stamp.Href})
	}
	return err
}

// ruleRows are the criteria in words.
func ruleRows(w *text.Words, a priority.Agenda) []leaf.Row {
	c := a.Criteria
	rows := []leaf.Row{
		{Label: w.T("ag.r.rule"), Value: w.T("ag.rule." + string(c.Rule))},
		{Label: w.T("ag.r.minutes"), Value: w.T("ag.r.minutes.v", "n", w.N(c.Minutes), "each", w.N(c.PerQuestion), "fit", w.N(c.Minutes/max(1, c.PerQuestion)))},
		{Label: w.T("ag.r.choices"), Value: w.T("ag.r.choices.v", "n", w.N(c.Choices))},
		{Label: w.T("ag.r.doors"), Value: doors(w, c.Counting)},
	}
	if len(c.Apart) > 0 {
		rows = append(rows, leaf.Row{Label: w.T("ag.r.apart"), Value: doors(w, c.Apart)})
	}
	if len(c.Ties) > 0 {
		rows = append(rows, leaf.Row{Label: w.T("ag.r.ties"), Value: ties(w, c.Ties)})
	}
	return rows
}

// doors are the words of doors, in the order of the criteria.
func doors(w *text.Words, codes []glosa.Code) string {
	var out []string
	for _, c := range codes {
		out = append(out, w.T("ag.door."+string(c)))
	}
	return strings.Join(out, ", ")
}

// ties are the words of what decides between equals, in their order.
func ties(w *text.Words, codes []glosa.Code) string {
	var out []string
	for _, c := range codes {
		out = append(out, w.T("ag.tie."+string(c)))
	}
	return strings.Join(out, ", ")
}
