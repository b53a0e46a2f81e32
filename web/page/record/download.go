package record

import (
	"encoding/json"
	"strconv"
	"time"

	"glosa/record"
	"glosa/web/door"
	"glosa/web/page/feed"
	"glosa/web/page/who"
)

// latest are the leaves that downloads hold: sealed ones only, so that every
// one of them can be proven.
func (p *Pages) latest(r *door.Request) ([]record.Entry, error) {
	if p.Log.Size() == 0 {
		return nil, nil
	}
	return p.Log.Before(r.Context(), p.Log.Size(), inFeed)
}

// file is a download that moves with the record.
func file(r *door.Request, f *door.File, err error) (door.View, error) {
	return door.View{File: f, Tags: []string{"*"}, Until: r.Now.Add(sealing)}, err
}

func (p *Pages) csv(r *door.Request) (door.View, error) {
	entries, err := p.latest(r)
	if err != nil {
		return door.View{}, err
	}
	marks, err := p.marks(r)
	if err != nil {
		return door.View{}, err
	}
	var rows [][]string
	for _, e := range entries {
		rows = append(rows, []string{strconv.FormatInt(e.N, 10), e.At.UTC().Format(time.RFC3339), e.Kind, kindWord(r.Words, e.Kind), e.By,
			string(e.Edition), e.ID, record.LeafHash(e.Raw).String(), strconv.FormatBool(marks.OfAct(e.Kind, e.Edition)), feed.Word(r.Words, marks.OfAct(e.Kind, e.Edition))})
	}
	return file(r, feed.CSV("glosa-registro", []string{"n", "at", "kind", "words", "by", "edition", "about", "leaf_hash", "synthetic", "mark"}, rows), nil)
}

func (p *Pages) json(r *door.Request) (door.View, error) {
	entries, err := p.latest(r)
	if err != nil {
		return door.View{}, err
	}
	items := make([]json.RawMessage, len(entries))
	for i, e := range entries {
		items[i] = e.Raw
	}
	s := p.Log.Status()
	f, err := feed.JSON("glosa-registro", map[string]any{"origin": s.Origin, "size": s.Size, "root": s.Root.String(), "demonstration": r.Site.Demo, "synthetic": r.Site.Demo, "items": items})
	return file(r, f, err)
}

func (p *Pages) atom(r *door.Request) (door.View, error) {
	entries, err := p.latest(r)
	if err != nil {
		return door.View{}, err
	}
	names, err := who.Read(r.Context(), p.People, r.Words)
	if err != nil {
		return door.View{}, err
	}
	marks, err := p.marks(r)
	if err != nil {
		return door.View{}, err
	}
	var list []feed.Entry
	for _, e := range entries[:min(len(entries), 50)] {
		title := kindWord(r.Words, e.Kind)
		if e.ID != "" {
			title += ": " + e.ID
		}
		list = append(list, feed.Entry{Invented: marks.OfAct(e.Kind, e.Edition), Title: title, Path: r.To("/registro", strconv.FormatInt(e.N, 10)), Summary: names.By(e.By), Updated: e.At})
	}
	f, err := feed.Atom(r, r.Words.T("rg.title"), r.To("/registro"), list)
	return file(r, f, err)
}
