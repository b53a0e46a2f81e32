package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"

	"glosa/method/alike"
	"glosa/method/cell"
)

// alike is groups and pairs of published proposals and comments.
func (p *printer) alike() error {
	most := 1200
	if p.large {
		most = 1 << 30
	}
	places := alike.NewPlaces(map[string]string{"Gran Vía": "1", "Retiro": "2", "Vallecas": "3", "Lavapiés": "4", "Madrid Río": "5"})
	for _, of := range []struct{ file, column string }{
		{"argrecsys_proposals_2015-2019.csv", "title"},
		{"argrecsys_proposals_2015-2019.csv", "summary"},
		{"argrecsys_comments_2015-2019.csv", "text"},
	} {
		texts, err := open(filepath.Join(p.data, "decide-madrid", of.file), func(in io.Reader) ([]string, error) { return column(in, of.column) })
		if err != nil {
			return err
		}
		texts = texts[:min(len(texts), most)]
		read := alike.ReadAll(texts, places)
		for _, threshold := range []float64{0.8, 0.5, 0.25} {
			var file []byte
			found, err := alike.Group(read, threshold)
			if err == nil {
				file, err = json.Marshal([]any{found.Of, slices.Collect(found.Pairs())})
			}
			p.line(fmt.Sprintf("alike, %s of %s, %d texts, %v", of.column, of.file, len(texts), threshold), file, err)
		}
		index := &alike.Index{}
		for i, t := range read {
			index.Add(fmt.Sprint(i), t)
		}
		var hints [][]alike.Match
		for i := 0; i < len(read); i += 10 {
			hints = append(hints, index.Query(read[i], 5))
		}
		file, err := json.Marshal(hints)
		p.line(fmt.Sprintf("alike, hints on %s of %s", of.column, of.file), file, err)
	}
	return nil
}

func column(in io.Reader, name string) (out []string, err error) {
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return nil, err
	}
	at := slices.Index(rows[0], name)
	if at < 0 {
		return nil, fmt.Errorf("no column %s", name)
	}
	for _, row := range rows[1:] {
		out = append(out, row[at])
	}
	return out, nil
}

// cell is which cells of made tables are hidden.
func (p *printer) cell() error {
	rnd := rand.New(rand.NewPCG(3, 4))
	var shown []int
	for range 500 {
		rows := make([][]*cell.Cell, 2+rnd.IntN(5))
		var lines []cell.Line
		width := 2 + rnd.IntN(5)
		for r := range rows {
			for range width {
				c := cell.New(rnd.IntN(1+rnd.IntN(60)), cell.Few)
				rows[r] = append(rows[r], &c)
			}
			lines = append(lines, cell.Line{Cells: rows[r], Known: rnd.IntN(2) == 0})
		}
		for c := range width {
			var of []*cell.Cell
			for r := range rows {
				of = append(of, rows[r][c])
			}
			lines = append(lines, cell.Line{Cells: of})
		}
		cell.Hide(lines)
		for _, row := range rows {
			for _, c := range row {
				shown = append(shown, c.Figure())
			}
		}
	}
	file, err := json.Marshal(shown)
	p.line("cell, 500 made tables", file, err)
	return nil
}
