package priority

import (
	"strconv"
	"strings"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
)

// made is the edition and its agenda, once it stands; NotFound before.
func (p *Pages) made(r *door.Request) (v agendaPage, tags []string, err error) {
	ed, err := p.edition(r)
	if err != nil {
		return v, nil, err
	}
	if v, _, err = p.read(r, ed); err != nil {
		return v, nil, err
	}
	if !v.Decided {
		return v, nil, glosa.Missing("agenda", string(ed.ID))
	}
	return v, chain.Tags(ed), nil
}

// file is the published .pb file: the bytes that the result was computed from.
func (p *Pages) file(r *door.Request) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	raw, err := p.Priority.File(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: &door.File{Name: fileName(ed.ID), Type: "text/plain; charset=utf-8", Bytes: raw}, Tags: chain.Tags(ed)}, nil
}

// result is the outcome, byte for byte as its digest in the record has it.
func (p *Pages) result(r *door.Request) (door.View, error) {
	ed, err := p.edition(r)
	if err != nil {
		return door.View{}, err
	}
	raw, err := p.Priority.Result(r.Context(), ed.ID)
	if err != nil {
		return door.View{}, err
	}
	return door.View{File: &door.File{Name: resultName(ed.ID), Type: "application/json; charset=utf-8", Bytes: raw}, Tags: chain.Tags(ed)}, nil
}

// table is the agenda as a spreadsheet: what got in, then what did not.
func (p *Pages) table(r *door.Request) (door.View, error) {
	v, tags, err := p.made(r)
	if err != nil {
		return door.View{}, err
	}
	mark := feed.Word(r.Words, v.Edition.Synthetic)
	var rows [][]string
	for i, c := range v.Agenda.Chosen {
		rows = append(rows, []string{strconv.Itoa(c.N), string(c.Question), v.Chosen[i].Text, strconv.Itoa(c.Minutes), strconv.Itoa(c.Supporters),
			c.Price, strconv.Itoa(c.Full), strconv.Itoa(c.Rest), c.RestPaid, "", "", mark})
	}
	for i, m := range v.Agenda.Missed {
		rows = append(rows, []string{"", string(m.Question), v.Missed[i].Text, strconv.Itoa(m.Minutes), strconv.Itoa(m.Supporters),
			"", "", "", "", string(m.Reason), strconv.Itoa(m.Short), mark})
	}
	head := []string{"place", "question", "text", "minutes", "supporters", "price", "paid_full", "paid_rest", "rest_paid", "reason", "minutes_short", "mark"}
	return door.View{File: feed.CSV(string(v.Edition.ID)+"-agenda", head, rows), Tags: tags}, nil
}

// rows is a table of what stands, with the mark of what was invented.
func (p *Pages) rows(r *door.Request, name string, head []string, cells func(v agendaPage, row func(...string))) (door.View, error) {
	v, tags, err := p.made(r)
	if err != nil {
		return door.View{}, err
	}
	mark := feed.Word(r.Words, v.Edition.Synthetic)
	var rows [][]string
	cells(v, func(row ...string) { rows = append(rows, append(row, mark)) })
	return door.View{File: feed.CSV(string(v.Edition.ID)+"-"+name, append(head, "mark"), rows), Tags: tags}, nil
}

func (p *Pages) chosenTable(r *door.Request) (door.View, error) {
	return p.rows(r, "elegidas", []string{"place", "question", "text", "minutes", "supporters", "filled"}, func(v agendaPage, row func(...string)) {
		for i, c := range v.Agenda.Chosen {
			row(strconv.Itoa(c.N), string(c.Question), v.Chosen[i].Text, strconv.Itoa(c.Minutes), strconv.Itoa(c.Supporters), strconv.FormatBool(v.Chosen[i].Filled))
		}
	})
}

func (p *Pages) missedTable(r *door.Request) (door.View, error) {
	return p.rows(r, "fuera", []string{"question", "text", "minutes", "supporters", "reason", "left", "minutes_short"}, func(v agendaPage, row func(...string)) {
		for i, m := range v.Agenda.Missed {
			row(string(m.Question), v.Missed[i].Text, strconv.Itoa(m.Minutes), strconv.Itoa(m.Supporters), string(m.Reason), m.Left, strconv.Itoa(m.Short))
		}
	})
}

// priceTable is the price system: minutes = paid_full × price + rest_paid.
func (p *Pages) priceTable(r *door.Request) (door.View, error) {
	return p.rows(r, "precios", []string{"place", "question", "minutes", "supporters", "paid_full", "price", "paid_rest", "rest_paid"}, func(v agendaPage, row func(...string)) {
		for _, c := range v.Agenda.Chosen {
			if c.Paid {
				row(strconv.Itoa(c.N), string(c.Question), strconv.Itoa(c.Minutes), strconv.Itoa(c.Supporters), strconv.Itoa(c.Full), c.Price, strconv.Itoa(c.Rest), c.RestPaid)
			}
		}
	})
}

// coverTable is the figures of the picture, and by which way each question is in.
func (p *Pages) coverTable(r *door.Request) (door.View, error) {
	return p.rows(r, "cobertura", []string{"way", "ballots_with_one_chosen", "ballots", "questions"}, func(v agendaPage, row func(...string)) {
		for _, x := range []struct {
			way string
			n   int
			ids []glosa.QuestionID
		}{{"rule", v.Cover.Rule, chosenIDs(v.Agenda)}, {"raw_count", v.Cover.Raw, v.Account.Raw}} {
			row(x.way, strconv.Itoa(x.n), strconv.Itoa(v.Cover.Of), strings.ReplaceAll(spelled(x.ids), ",", ""))
		}
	})
}

func (p *Pages) feed(r *door.Request) (door.View, error) {
	v, tags, err := p.made(r)
	if err != nil {
		return door.View{}, err
	}
	var entries []feed.Entry
	for _, c := range v.Chosen {
		entries = append(entries, feed.Entry{Invented: v.Edition.Synthetic, Title: strconv.Itoa(c.N) + ". " + c.Text, Path: c.Href, Summary: c.Minutes + ". " + c.Note, Updated: v.Agenda.At})
	}
	f, err := feed.Atom(r, v.Title+" · "+chain.Name(r.Words, v.Edition), r.To("/ediciones", string(v.Edition.ID), "agenda"), entries)
	return door.View{File: f, Tags: tags}, err
}

func (p *Pages) batches(r *door.Request) (door.View, error) {
	ed, all, err := p.all(r)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.Batches(feed.Word(r.Words, ed.Synthetic), all)
	return door.View{File: f, Tags: chain.Tags(ed)}, err
}

// batch lists the commitments of one batch.
func (p *Pages) batch(r *door.Request) (door.View, error) {
	ed, all, err := p.all(r)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.Batch(feed.Word(r.Words, ed.Synthetic), r.Path("n"), all, func(contest glosa.ContestID, n int) ([]glosa.Hash, error) {
		return p.Priority.Batch(r.Context(), contest, n)
	})
	return door.View{File: f, Tags: chain.Tags(ed)}, err
}

func (p *Pages) all(r *door.Request) (ed edition.Edition, all []voter.Batch, err error) {
	if ed, err = p.edition(r); err == nil {
		all, err = p.Priority.Batches(r.Context(), priority.ContestOf(ed.ID))
	}
	return ed, all, err
}
