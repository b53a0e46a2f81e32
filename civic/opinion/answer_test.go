package opinion_test

import (
	"strings"
	"testing"

	"glosa"
	"glosa/civic/opinion"
	"glosa/civic/people"
	"glosa/civic/question"
)

// answered is a question that an institution answered under signature.
func (h *hall) answered(text string) glosa.QuestionID {
	h.t.Helper()
	p := &people.Desk{DB: h.db}
	human, err := p.Enrol(h.ctx, glosa.Admin())
	h.ok(err)
	_, err = p.Grant(h.ctx, glosa.Admin(), people.Tenure{Post: "sesa-titular", Human: human, From: "2026-01-01",
		Document: people.Document{Digest: glosa.Digest([]byte("sesa")), Title: "Nombramiento"}})
	h.ok(err)
	minister := glosa.Actor{Human: human, Post: "sesa-titular", Institution: "SESA", Side: glosa.Government, Roles: []glosa.Role{glosa.Signatory}}
	liaison := glosa.Actor{Human: "h-liaison", Post: "sesa-enlace", Institution: "SESA", Side: glosa.Government, Roles: []glosa.Role{glosa.Liaison}}
	rc, err := h.question.Submit(h.ctx, citizen, ed, question.Ask{Text: text, Municipality: "23005"})
	h.ok(err)
	h.ok(h.question.Admit(h.ctx, civil, rc.ID))
	h.ok(h.question.Route(h.ctx, civil, rc.ID, "SESA", "salud"))
	h.is(glosa.Invalid, h.Include(h.ctx, facilitator, ed, opinion.Answered, rc.ID)) // not answered yet
	h.ok(h.question.Draft(h.ctx, liaison, rc.ID, question.Answer{Kind: question.Said, Short: "Abre el lunes."}))
	h.ok(h.question.SendToSign(h.ctx, liaison, rc.ID))
	h.is(glosa.Invalid, h.Include(h.ctx, facilitator, ed, opinion.Answered, rc.ID)) // a draft is no answer
	f, err := h.question.Folder(h.ctx, minister, rc.ID)
	h.ok(err)
	read, err := f.Draft.Hash()
	h.ok(err)
	h.ok(h.question.Sign(h.ctx, minister, rc.ID, read))
	return rc.ID
}

// TestThatAnAnswerSatisfiesIsVotedOn: put to the vote once it is signed, beside the
// statement that its question should be asked; voted on, counted, and shown.
func TestThatAnAnswerSatisfiesIsVotedOn(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.open(6)
		id := h.answered("¿Cuándo abre el centro de salud?")
		h.ok(h.Include(h.ctx, facilitator, ed, opinion.Asked, id))
		h.ok(h.Include(h.ctx, facilitator, ed, opinion.Answered, id))
		h.is(glosa.Conflict, h.Include(h.ctx, facilitator, ed, opinion.Answered, id))
		all, err := h.Statements(h.ctx, ed)
		h.ok(err)
		last := all[len(all)-1]
		if last.Sort != opinion.Answered || last.Question != id || last.Text != "¿Cuándo abre el centro de salud?" || !last.Votable() {
			t.Fatalf("%+v", last)
		}
		h.camps(18, 16) // all agree with the last
		h.at(h.board().Until)
		all, err = h.Statements(h.ctx, ed)
		h.ok(err)
		if told := all[len(all)-1].Told; told.Agree < 25 || told.Disagree >= 0 {
			t.Errorf("told %+v", told)
		}
		shared := false
		for _, s := range h.board().Picture.Shared {
			shared = shared || s.N == last.N && s.Agrees
		}
		if !shared {
			t.Errorf("what all share: %+v", h.board().Picture.Shared)
		}
		said := ""
		h.ok(h.Officials(h.ctx, func(o glosa.Official) error {
			if strings.HasPrefix(o.What, "statement.8") {
				said = o.Word
			}
			return nil
		}))
		if said != "answer "+string(id) {
			t.Errorf("the tables say %q", said)
		}
	})
}
