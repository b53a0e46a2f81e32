package year

import (
	"strings"

	"glosa"
	"glosa/civic/priority"
	"glosa/civic/question"
)

// What happens to questions, in people's verbs. A citizen keeps the key of each
// question asked; the play remembers it for them.

// Asks hands in a question for an institution ("" leaves it to the moderators).
func (p person) Asks(text string, to glosa.InstitutionKey) glosa.QuestionID {
	p.y.T.Helper()
	return p.asks(question.Ask{Text: text, Municipality: "23005", Institution: to})
}

// AsksByName hands in a question that its author signs.
func (p person) AsksByName(text, name string, to glosa.InstitutionKey) glosa.QuestionID {
	p.y.T.Helper()
	p.y.secret("a name", name)
	return p.asks(question.Ask{Text: text, Municipality: "23004", Institution: to, NamePolicy: question.Named, Name: name})
}

func (p person) asks(a question.Ask) glosa.QuestionID {
	p.y.T.Helper()
	r, err := p.y.Site.Question.Submit(p.y.ctx, p.by, p.y.ed, a)
	p.tell("asks: "+a.Text, err)
	if err == nil {
		p.y.keys[r.ID], p.y.Receipts[r.ID] = r.Key, r
		p.y.secret("a key", r.Key)
		p.y.secret("a question", a.Text)
	}
	return r.ID
}

func (y *Play) proof(q glosa.QuestionID) question.Proof { return question.Proof{Key: y.keys[q]} }

func (p person) Admits(qs ...glosa.QuestionID) {
	p.y.T.Helper()
	for _, q := range qs {
		p.tell("admits "+string(q), p.y.Site.Question.Admit(p.y.ctx, p.by, q))
	}
}

// Refuses is one person's word for a refusal; place says where they can help.
func (p person) Refuses(q glosa.QuestionID, ground glosa.Code, place ...glosa.Code) {
	p.y.T.Helper()
	where := glosa.Code("")
	if len(place) > 0 {
		where = place[0]
	}
	p.tell("refuses "+string(q), p.y.Site.Question.Refuse(p.y.ctx, p.by, q, ground, where))
}

// SaysOfHeld is one convenor's word on a held text; "" admits.
func (p person) SaysOfHeld(q glosa.QuestionID, ground glosa.Code) {
	p.y.T.Helper()
	p.tell("decides on held "+string(q), p.y.Site.Question.DecideHeld(p.y.ctx, p.by, q, ground, ""))
}

func (p person) AsksToMend(q glosa.QuestionID, reason glosa.Code) {
	p.y.T.Helper()
	p.tell("asks to mend "+string(q), p.y.Site.Question.AskEdit(p.y.ctx, p.by, q, reason))
}

func (p person) Mends(q glosa.QuestionID, text string) {
	p.y.T.Helper()
	_, err := p.y.Site.Question.Edit(p.y.ctx, p.by, q, p.y.proof(q), text, "", [16]byte{})
	p.tell("mends "+string(q), err)
	p.y.secret("a question", text)
}

func (p person) Appeals(q glosa.QuestionID) {
	p.y.T.Helper()
	p.tell("appeals "+string(q), p.y.Site.Question.Appeal(p.y.ctx, p.by, q, p.y.proof(q)))
}

func (p person) Upholds(q glosa.QuestionID) {
	p.y.T.Helper()
	p.tell("upholds "+string(q), p.y.Site.Question.DecideAppeal(p.y.ctx, p.by, q, true))
}

func (p person) Overturns(q glosa.QuestionID) {
	p.y.T.Helper()
	p.tell("overturns "+string(q), p.y.Site.Question.DecideAppeal(p.y.ctx, p.by, q, false))
}

func (p person) Merges(into glosa.QuestionID, others ...glosa.QuestionID) {
	p.y.T.Helper()
	for i, q := range others { // all authors consent: nobody waits for the time to object
		_, err := p.y.Site.Question.ProposeMerge(p.y.ctx, p.by, q, into, into)
		p.tell("proposes to merge "+string(q)+" into "+string(into), err)
		for _, id := range append([]glosa.QuestionID{into}, others[:i+1]...) {
			p.tell("consents for "+string(id), p.y.Site.Question.ConsentMerge(p.y.ctx, glosa.Citizen(), id, p.y.proof(id)))
		}
	}
}

func (p person) Unmerges(q glosa.QuestionID) {
	p.y.T.Helper()
	p.tell("undoes the merge of "+string(q), p.y.Site.Question.Unmerge(p.y.ctx, p.by, q))
}

func (p person) Routes(q glosa.QuestionID, to glosa.InstitutionKey) {
	p.y.T.Helper()
	p.tell("routes "+string(q), p.y.Site.Question.Route(p.y.ctx, p.by, q, to, ""))
}

func (p person) Refers(q glosa.QuestionID, to glosa.InstitutionKey) {
	p.y.T.Helper()
	p.tell("refers "+string(q), p.y.Site.Question.Refer(p.y.ctx, p.by, q, to, "not_ours"))
}

func (p person) Assigns(q glosa.QuestionID, to glosa.InstitutionKey) {
	p.y.T.Helper()
	p.tell("assigns "+string(q), p.y.Site.Question.Assign(p.y.ctx, p.by, q, to))
}

// Drafts writes an answer and puts it before whoever signs.
func (p person) Drafts(q glosa.QuestionID, short string) {
	p.y.T.Helper()
	a := question.Answer{Kind: question.Said, Short: short, Evidence: []question.Evidence{{Title: "Anexo (SINTÉTICO)", URL: "https://example.org/anexo"}}}
	p.tell("drafts an answer to "+string(q), p.y.Site.Question.Draft(p.y.ctx, p.by, q, a))
	if p.want == nil {
		p.tell("sends it to sign", p.y.Site.Question.SendToSign(p.y.ctx, p.by, q))
	}
}

func (p person) SignsAnswer(q glosa.QuestionID) {
	p.y.T.Helper()
	var words glosa.Hash // none, for whoever may not read the draft
	if f, err := p.y.Site.Question.Folder(p.y.ctx, p.by, q); err == nil && f.Draft != nil {
		words, err = f.Draft.Hash()
		p.y.must(err)
	}
	p.tell("signs the answer to "+string(q), p.y.Site.Question.Sign(p.y.ctx, p.by, q, words))
}

func (p person) ExtendsAnswer(q glosa.QuestionID, days int, reason string) {
	p.y.T.Helper()
	p.tell("asks for more time for "+string(q), p.y.Site.Question.Extend(p.y.ctx, p.by, q, days, reason))
}

func (p person) Rates(q glosa.QuestionID, word glosa.Code) {
	p.y.T.Helper()
	p.tell("rates "+string(q), p.y.Site.Question.Rate(p.y.ctx, p.by, q, p.y.proof(q), word))
}

// Withdraws opens the author's lock.
func (p person) Withdraws(q glosa.QuestionID) {
	p.y.T.Helper()
	p.tell("withdraws "+string(q), p.y.Site.Question.Withdraw(p.y.ctx, p.by, q, p.y.proof(q)))
}

// WithdrawsWithTheKeyOf tries it with somebody else's key.
func (p person) WithdrawsWithTheKeyOf(q, other glosa.QuestionID) {
	p.y.T.Helper()
	p.tell("withdraws "+string(q), p.y.Site.Question.Withdraw(p.y.ctx, p.by, q, p.y.proof(other)))
}

func (p person) ErasesOwn(q glosa.QuestionID) {
	p.y.T.Helper()
	p.tell("erases their own "+string(q), p.y.Site.Question.EraseOwn(p.y.ctx, p.by, q, p.y.proof(q)))
}

// Erases is one person's word for erasing a text.
func (p person) Erases(q glosa.QuestionID, ground, law glosa.Code) {
	p.y.T.Helper()
	p.tell("erases "+string(q), p.y.Site.Question.Erase(p.y.ctx, p.by, q, ground, law))
}

func (p person) FollowsUp(q glosa.QuestionID, text string) glosa.QuestionID {
	p.y.T.Helper()
	r, err := p.y.Site.Question.FollowUp(p.y.ctx, p.by, q, p.y.proof(q), text, "", [16]byte{})
	p.tell("follows up "+string(q), err)
	p.y.keys[r.ID] = p.y.keys[q]
	p.y.secret("a question", text)
	return r.ID
}

// Supports lets so many devices support questions, one each.
func (p person) Supports(devices int, qs ...glosa.QuestionID) {
	p.y.T.Helper()
	for range devices {
		token, err := p.y.Site.Voter.NewDevice()
		p.y.must(err)
		p.y.secret("a device", token)
		dev, err := p.y.Site.Voter.DeviceOf(token)
		p.y.must(err)
		var rc priority.Receipt
		for _, q := range qs {
			rc, err = p.y.Site.Priority.Support(p.y.ctx, p.by, dev, q, [16]byte{})
			p.tell("supports "+string(q), err)
		}
		p.y.Ballots = append(p.y.Ballots, rc)
	}
}

// Sees is what anybody sees of a question.
func (y *Play) Sees(q glosa.QuestionID, want question.State) question.Page {
	y.T.Helper()
	page, err := y.Site.Question.Page(y.ctx, q)
	y.must(err)
	if page.State != want {
		y.T.Fatalf("%s is %s, want %s", q, page.State, want)
	}
	if shown := page.Text != ""; shown && (!want.TextIsPublic() && want != question.Withdrawn || page.Erased) {
		y.T.Fatalf("%s is %s, and its page shows the words", q, want)
	}
	return page
}

// Reads fails unless the question's page holds the words.
func (y *Play) Reads(q glosa.QuestionID, words string) {
	y.T.Helper()
	page, err := y.Site.Question.Page(y.ctx, q)
	y.must(err)
	if !strings.Contains(page.Text, words) {
		y.T.Fatalf("%s reads %q, want %q in it", q, page.Text, words)
	}
}
