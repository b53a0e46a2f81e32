package opinion

import (
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/opinion"
	"glosa/web/door"
	"glosa/web/page/chain"
	"glosa/web/text"
)

// Pages are the pages of the vote on statements.
type Pages struct {
	chain.Desks
	Opinion *opinion.Desk
}

// Mount hangs up the pages and the receivers of their forms.
func (p *Pages) Mount(r *door.Router) {
	r.Page("/ediciones/{edition}/opinion", p.show)
	r.Page("/ediciones/{edition}/opinion.csv", p.comments)
	r.Page("/ediciones/{edition}/opinion.json", p.data)
	r.Page("/ediciones/{edition}/opinion/comments.csv", p.comments)
	r.Page("/ediciones/{edition}/opinion/participants-votes.csv", p.publicRows)
	r.Page("/ediciones/{edition}/opinion/votes.csv", p.publicVotes)
	r.Page("/ediciones/{edition}/opinion/lotes.json", p.batches)
	r.Page("/ediciones/{edition}/opinion/lotes/{n}", p.batch)
	r.Private("/ediciones/{edition}/opinion/votar", p.ballot, "n")
	r.Act("/ediciones/{edition}/opinion/votar", p.vote)
	r.Private("/ediciones/{edition}/opinion/mio", p.own)
	r.Act("/ediciones/{edition}/opinion/mio/retirar", p.unvote)
	r.Private("/ediciones/{edition}/opinion/mio.json", p.receipt)
	r.Private("/ediciones/{edition}/opinion/proponer", p.proposal)
	r.Act("/ediciones/{edition}/opinion/proponer", p.propose)
	r.Act("/ediciones/{edition}/opinion/retirar", p.withdraw)
	r.Desk("/mesa/opinion/{edition}", p.desk)
	r.Desk("/mesa/opinion/{edition}/participants-votes.csv", p.rows)
	r.Desk("/mesa/opinion/{edition}/votes.csv", p.votes)
	r.Act("/mesa/opinion/{edition}", p.act)
}

// scene is what every page of the room needs.
type scene struct {
	ed    edition.Edition
	board opinion.Board
	all   []opinion.Statement
	zone  *time.Location
}

func (p *Pages) scene(r *door.Request) (s scene, err error) {
	if s.ed, err = p.Edition.Get(r.Context(), glosa.EditionID(r.Path("edition"))); err != nil {
		return s, err
	}
	if s.zone = s.ed.Zone; s.zone == nil {
		s.zone = time.UTC
	}
	if s.board, err = p.Opinion.Board(r.Context(), s.ed.ID); err != nil {
		return s, err
	}
	s.all, err = p.Opinion.Statements(r.Context(), s.ed.ID)
	return s, err
}

// here is an address of the room.
func (s scene) here(r *door.Request, more ...string) string {
	return r.To("/ediciones", append([]string{string(s.ed.ID), "opinion"}, more...)...)
}

// votable counts the statements that people are asked about.
func (s scene) votable() (n int) {
	for _, x := range s.all {
		if x.Votable() {
			n++
		}
	}
	return n
}

// open tells whether votes are taken now.
func (s scene) open() bool { return s.board.Status == opinion.Open && !s.board.Paused }

// words are what a statement says, with what is asked about a question before it.
func words(w *text.Words, s opinion.Statement) string {
	switch {
	case s.Text == "" && s.State == opinion.Refused:
		return w.T("op.st.refused")
	case s.Text == "":
		return w.T("op.st.gone")
	case s.Sort == opinion.Asked:
		return w.T("op.st.asked", "q", s.Text)
	case s.Sort == opinion.Answered:
		return w.T("op.st.answered", "q", s.Text)
	}
	return s.Text
}

func lang(s opinion.Statement) string {
	if s.Text == "" || s.Language == "" {
		return ""
	}
	return string(s.Language)
}
