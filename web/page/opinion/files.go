package opinion

import (
	"bytes"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people/voter"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/page/feed"
)

// comments are the statements as Polis writes comments.csv, without times and
// authors: counts in fives, empty where they are small.
func (p *Pages) comments(r *door.Request) (door.View, error) {
	s, err := p.scene(r)
	if err != nil {
		return door.View{}, err
	}
	mark := feed.Word(r.Words, s.ed.Synthetic)
	out := map[int]bool{}
	for _, n := range s.board.Picture.Out {
		out[n] = true
	}
	var rows [][]string
	for _, x := range s.all {
		moderated := "1"
		switch {
		case x.State == opinion.Waiting || x.State == opinion.Second || x.State == opinion.Lapsed:
			moderated = "0"
		case s.board.Status == opinion.Counted && out[x.N], s.board.Status != opinion.Counted && !x.Votable(), x.State == opinion.Refused:
			moderated = "-1"
		}
		rows = append(rows, []string{strconv.Itoa(x.N), plain(x.Told.Agree), plain(x.Told.Disagree), plain(x.Told.Pass), moderated, string(x.Sort), string(x.Question), x.Text, mark})
	}
	head := []string{"comment-id", "agrees", "disagrees", "passes", "moderated", "sort", "question", "comment-body", "mark"}
	return door.View{File: feed.CSV("comments", head, rows), Tags: chain.Tags(s.ed)}, nil
}

func plain(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// data is the picture as programs read it.
func (p *Pages) data(r *door.Request) (door.View, error) {
	s, err := p.scene(r)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.JSON(string(s.ed.ID)+"-opinion", struct {
		Note     string           `json:"note,omitempty"`
		Edition  glosa.EditionID  `json:"edition"`
		Status   opinion.Status   `json:"status"`
		Settings opinion.Settings `json:"settings"`
		Until    *time.Time       `json:"until,omitempty"`
		Input    *glosa.Hash      `json:"input,omitempty"`
		Result   *glosa.Hash      `json:"result,omitempty"`
		Wide     int              `json:"wide"`
		High     int              `json:"high"`
		Picture  opinion.Picture  `json:"picture"`
	}{feed.Word(r.Words, s.ed.Synthetic), s.ed.ID, s.board.Status, s.board.Settings, given(s.board.Until), sum(s.board.Input), sum(s.board.Result),
		opinion.Wide, opinion.High, s.board.Picture})
	return door.View{File: f, Tags: chain.Tags(s.ed), Until: s.board.Until}, err
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func sum(h glosa.Hash) *glosa.Hash {
	if h.IsZero() {
		return nil
	}
	return &h
}

// publicRows is the file of the count, where the settings froze it public.
func (p *Pages) publicRows(r *door.Request) (door.View, error) {
	return p.rowsFile(r, false, func(id glosa.EditionID) ([]byte, error) { return p.Opinion.PublicRows(r.Context(), id) })
}

func (p *Pages) publicVotes(r *door.Request) (door.View, error) {
	return p.rowsFile(r, true, func(id glosa.EditionID) ([]byte, error) { return p.Opinion.PublicRows(r.Context(), id) })
}

// rows is the same for auditors.
func (p *Pages) rows(r *door.Request) (door.View, error) {
	return p.rowsFile(r, false, func(id glosa.EditionID) ([]byte, error) { return p.Opinion.Rows(r.Context(), r.Actor, id) })
}

func (p *Pages) votes(r *door.Request) (door.View, error) {
	return p.rowsFile(r, true, func(id glosa.EditionID) ([]byte, error) { return p.Opinion.Rows(r.Context(), r.Actor, id) })
}

// rowsFile is the rows byte for byte as their digest in the record has them, or a
// line for each vote. Every cell is a number or hexadecimal: no sheet takes one for
// a formula.
func (p *Pages) rowsFile(r *door.Request, long bool, read func(glosa.EditionID) ([]byte, error)) (door.View, error) {
	id := glosa.EditionID(r.Path("edition"))
	raw, err := read(id)
	if err != nil {
		return door.View{}, err
	}
	f := &door.File{Name: "participants-votes.csv", Type: "text/csv; charset=utf-8", Bytes: raw}
	if long {
		var b bytes.Buffer
		if err := opinion.Votes(&b, raw); err != nil {
			return door.View{}, err
		}
		f.Name, f.Bytes = "votes.csv", b.Bytes()
	}
	return door.View{File: f, Tags: []string{"edition:" + string(id), "editions"}}, nil
}

func (p *Pages) batches(r *door.Request) (door.View, error) {
	s, all, err := p.allBatches(r)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.Batches(feed.Word(r.Words, s.ed.Synthetic), all)
	return door.View{File: f, Tags: chain.Tags(s.ed)}, err
}

// batch lists the commitments of one batch.
func (p *Pages) batch(r *door.Request) (door.View, error) {
	s, all, err := p.allBatches(r)
	if err != nil {
		return door.View{}, err
	}
	f, err := feed.Batch(feed.Word(r.Words, s.ed.Synthetic), r.Path("n"), all, func(contest glosa.ContestID, n int) ([]glosa.Hash, error) {
		return p.Opinion.Batch(r.Context(), contest, n)
	})
	return door.View{File: f, Tags: chain.Tags(s.ed)}, err
}

func (p *Pages) allBatches(r *door.Request) (s scene, all []voter.Batch, err error) {
	if s, err = p.scene(r); err == nil {
		all, err = p.Opinion.Batches(r.Context(), s.board.Contest)
	}
	return s, all, err
}
