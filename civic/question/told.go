package question

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"glosa"
	"glosa/db"
)

// sortQuestion is how lists of what is official name this room's objects.
const sortQuestion = "question"

// Officials hands out what this room publishes of every question beside its
// text, as the tables have it, in the order of folios: what [Fold] says of the
// leaves must be the same.
func (d *Desk) Officials(ctx context.Context, emit func(glosa.Official) error) error {
	const page = 200
	var after glosa.QuestionID
	for {
		var out []glosa.Official
		n := 0
		err := d.DB.Read(ctx, func(tx *db.Tx) error {
			rows, err := selectAfter(tx, after, page)
			out, n = nil, len(rows)
			for i := 0; i < n && err == nil; i++ {
				var some []glosa.Official
				some, err = rows[i].officials(tx)
				out, after = append(out, some...), rows[i].id
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, o := range out {
			if err := emit(o); err != nil {
				return err
			}
		}
		if n < page {
			return d.officialKeys(ctx, emit)
		}
	}
}

// officials is what is official of one question.
func (r *row) officials(tx *db.Tx) ([]glosa.Official, error) {
	o := &glosa.Sheet{Of: sortQuestion, ID: string(r.id)}
	o.Word("state", string(r.state))
	o.Word("follows", string(r.follows))
	o.Word("agenda", string(r.agenda))
	o.Word("agenda_word", string(r.agendaWord))
	o.Number("minutes_short", r.short)
	if r.contest != "" {
		o.Word("seat", seatOf(r.contest, r.seat))
	}
	o.Word("mesa", string(r.mesa))
	o.Number("video", r.video)
	o.Word("institution", string(r.institution))
	o.Word("into", string(r.into))
	o.Number("level", r.level)
	o.Word("carried", string(r.carried))
	if r.state == Refused || r.state == Appealed {
		o.Word("ground", string(r.ground))
		o.Word("place", string(r.place))
	}
	if r.rating != "" {
		o.Word("rating", ratingOf(r.ratedAnswer, r.rating))
	}
	if err := r.committed(tx, o); err != nil {
		return nil, err
	}
	if err := r.closed(tx, o); err != nil {
		return nil, err
	}
	if err := r.decided(tx, o); err != nil {
		return nil, err
	}
	notes, err := selectNotes(tx, r.id)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		switch n.Kind {
		case noteExtension:
			o.Text("extension", n.Words)
			o.Number("extension.days", n.Days)
		case noteCorrection:
			o.Text("correction."+itoa(n.Days), n.Words)
		}
	}
	answers, err := selectAnswers(tx, r.id)
	for _, v := range answers {
		if v.State == Published || v.State == Corrected {
			js, err := glosa.JCS(v.Signed(r.id))
			if err != nil {
				return nil, err
			}
			o.Text("answer."+itoa(v.Number), string(js))
		}
	}
	return o.List, err
}

// committed adds the commitment of each version, and what became of it. What
// pages show beside the words was committed with them; where it is not the same,
// no leaf ever said it.
func (r *row) committed(tx *db.Tx, o *glosa.Sheet) error {
	all, err := selectWords(tx, r.id)
	if err != nil {
		return err
	}
	for _, w := range all {
		o.Word("text."+itoa(w.version), TextWord(w.commit, w.state))
		if !w.kind.Words() || w.state != Opened || w.object == nil {
			continue
		}
		x := objectOf(w.object)
		if x.Municipality != r.municipality || x.Language != r.lang || x.Institution != r.addressed || x.Passage != r.passage || x.Edition != r.edition {
			o.Word("asked", fmt.Sprintf("from %s, in %s, to %s, about %s: not as its text says", r.municipality, r.lang, r.addressed, r.passage))
		}
	}
	return nil
}

// decided adds what moderators decided, and what they propose.
func (r *row) decided(tx *db.Tx, o *glosa.Sheet) error {
	rulings, err := selectRulings(tx, r.id)
	if err != nil {
		return err
	}
	decisions(o, rulings)
	return r.joining(tx, o)
}

// joining is what the question is proposed to be merged into.
func (r *row) joining(tx *db.Tx, o *glosa.Sheet) error {
	open, err := selectProposalsOf(tx, r.id)
	for _, p := range open {
		if p.question == r.id {
			o.Word("joining", string(p.target))
		}
	}
	return err
}

// decisions lists the decisions that are over, each kind counted by itself.
func decisions(o *glosa.Sheet, all []ruling) {
	n := map[string]int{}
	for _, x := range all {
		if x.closed.IsZero() || x.outcome == outNothing {
			continue
		}
		n[x.kind]++
		words, posts := []glosa.Code{x.first.word}, []glosa.Code{x.first.post}
		if x.second != nil {
			words, posts = append(words, x.second.word), append(posts, x.second.post)
		}
		o.Word("decision."+x.kind+"."+itoa(n[x.kind]), DecisionWord(x.outcome, words, posts))
	}
}

// DecisionWord is a decision in one line, as lists of what is official have it.
func DecisionWord(outcome glosa.Code, words, posts []glosa.Code) string {
	line := []string{string(outcome)}
	for _, list := range [][]glosa.Code{words, posts} {
		for _, w := range list {
			if w != "" {
				line = append(line, string(w))
			}
		}
	}
	return strings.Join(line, " ")
}

// TextWord is a version of a text in one line, as lists of what is official have it.
func TextWord(commit glosa.Hash, state TextState) string {
	return commit.String() + " " + string(state)
}

func seatOf(c glosa.ContestID, place int) string { return string(c) + " " + itoa(place) }

func ratingOf(version int, word glosa.Code) string { return itoa(version) + " " + string(word) }

// Fold reads one public event and says what the tables must have after it.
func Fold(l glosa.Ledger, e glosa.Event) error {
	f := fold{l, e.Subject}
	switch e.Kind {
	case kReceived.Name, kFollowed.Name, kEdited.Name, kAdded.Name, kTranscribed.Name, kRetranscribed.Name:
		return f.words(e)
	case kRouted.Name, kReferred.Name, kExtended.Name, kOverdue.Name, kRedated.Name, kAnswered.Name, kCorrected.Name, kRated.Name, kCarried.Name:
		return f.answering(e)
	case kSelected.Name, kNotSelected.Name, kAsked.Name, kOral.Name, kToWriting.Name:
		return f.agenda(e)
	case kMerged.Name, kUnmerged.Name:
		return f.merging(e)
	case kMergeProposed.Name, kMergeDropped.Name:
		return f.proposing(e)
	case kMergeConsented.Name:
		return nil // who agreed is among the steps alone
	case kRedacted.Name, kKeyEnrolled.Name, kUnsealed.Name, kTranslationLate.Name:
		return f.closing(e)
	}
	return f.moderation(e)
}

// fold reads the events of one question.
type fold struct {
	l  glosa.Ledger
	id string
}

func (f fold) word(what string) string        { return f.l.Word(sortQuestion, f.id, what) }
func (f fold) say(what, word string)          { f.l.Say(sortQuestion, f.id, what, word) }
func (f fold) text(what string, h glosa.Hash) { f.l.SayText(sortQuestion, f.id, what, h) }
func (f fold) state() State                   { return State(f.word("state")) }

// words: a text is committed to.
func (f fold) words(e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		Commit   glosa.Hash       `json:"commit"`
		Version  int              `json:"version"`
		To       glosa.QuestionID `json:"to"`
		What     TextKind         `json:"what"`
		Language glosa.Code       `json:"language"`
	}](e)
	if err != nil {
		return err
	}
	if e.Kind == kAdded.Name {
		f.adds(b.Version, b.Commit, b.What, b.Language)
		return nil
	}
	if e.Kind == kTranscribed.Name || e.Kind == kRetranscribed.Name {
		f.adds(b.Version, b.Commit, TextAsked, "")
		return nil
	}
	f.say("state", string(Received))
	f.adds(max(1, b.Version), b.Commit, TextAsked, "")
	if b.To != "" {
		f.say("follows", string(b.To))
	}
	return nil
}

// moderation: who decides what becomes public.
func (f fold) moderation(e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		decidedBody
		Ground glosa.Code   `json:"ground"`
		Place  glosa.Code   `json:"place"`
		Posts  []glosa.Code `json:"posts"`
		Target glosa.Hash   `json:"target"`
	}](e)
	if err != nil {
		return err
	}
	to := State("")
	outcome := glosa.Code("")
	switch e.Kind {
	case kAdmitted.Name:
		to, outcome = Admitted, outAdmitted
		f.open()
	case kProposed.Name:
		if f.state() == Received {
			to = Second
		}
	case kHeld.Name:
		to, outcome = Held, outHeld
	case kRefused.Name:
		to, outcome = Refused, outRefused
	case kUpheld.Name:
		to, outcome = Refused, outUpheld
	case kNeedsEdit.Name:
		to = NeedsEdit
	case kEditLapsed.Name:
		to = Received
	case kAppealed.Name:
		to = Appealed
	case kWithdrawn.Name, kTakenBack.Name:
		to = Withdrawn
	case kErased.Name:
		outcome = outErased
		f.l.Drop(sortQuestion, f.id, "sealed.")
		if n := f.word(".of." + b.Target.String()); n != "" {
			f.say("text."+n, TextWord(b.Target, Erased))
		}
	}
	if to != "" {
		f.say("state", string(to))
	}
	switch {
	case to == Refused:
		f.say("ground", string(b.Ground))
		f.say("place", string(b.Place))
	case to != "" && to != Appealed:
		f.say("ground", "")
		f.say("place", "")
	}
	f.decided(b.decidedBody, outcome, b.Posts)
	return nil
}

// decided counts a ruling. An erasure leaves one leaf for each version, and one
// ruling; one that ends a waiting question has its ruling in the tombstones.
func (f fold) decided(b decidedBody, outcome glosa.Code, posts []glosa.Code) {
	if b.Ruling == "" || outcome == "" {
		return
	}
	line := DecisionWord(outcome, b.Words, posts)
	counter := ".n." + string(b.Ruling)
	n, _ := strconv.Atoi(f.word(counter))
	if outcome == outErased && n > 0 {
		return
	}
	f.say(counter, itoa(n+1))
	f.say("decision."+string(b.Ruling)+"."+itoa(n+1), line)
}

// answering: who owes the answer, and what it says.
func (f fold) answering(e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		Institution glosa.InstitutionKey `json:"institution"`
		To          glosa.InstitutionKey `json:"to"`
		Level       int                  `json:"level"`
		Days        int                  `json:"days"`
		Reason      json.RawMessage      `json:"reason"`
		Digest      glosa.Hash           `json:"digest"`
		Kind        glosa.Code           `json:"kind"`
		Version     int                  `json:"version"`
		Word        glosa.Code           `json:"word"`
		Owed        glosa.Code           `json:"owed"`
	}](e)
	if err != nil {
		return err
	}
	var reason glosa.Hash
	if e.Kind == kExtended.Name || e.Kind == kCorrected.Name {
		if err := json.Unmarshal(b.Reason, &reason); err != nil {
			return err
		}
	}
	was := f.state()
	switch e.Kind {
	case kRouted.Name:
		f.routed(was, b.Institution)
	case kReferred.Name:
		f.say("institution", string(b.To))
	case kExtended.Name:
		f.text("extension", reason)
		f.say("extension.days", itoa(b.Days))
	case kOverdue.Name:
		f.move(was, vLapse)
		f.say("level", itoa(b.Level))
	case kRedated.Name:
		if f.say("state", string(Routed)); b.Owed == "route" {
			f.say("state", string(Admitted))
		}
		f.say("level", "")
	case kAnswered.Name:
		f.text("answer."+itoa(b.Version), b.Digest)
		if b.Kind == Elsewhere && was.Can(vTransfer) {
			f.move(was, vTransfer)
		} else {
			f.move(was, vAnswer)
		}
	case kCorrected.Name:
		f.text("answer."+itoa(b.Version), b.Digest)
		f.text("correction."+itoa(b.Version), reason)
		f.move(was, vCorrect)
	case kCarried.Name:
		f.say("carried", string(b.To)) // an edition's id
	case kRated.Name:
		f.say("rating", ratingOf(b.Version, b.Word))
		f.move(was, vRate)
	}
	return nil
}

// routed gives the question to an institution. What was routed before is assigned, and
// its clock runs on.
func (f fold) routed(was State, to glosa.InstitutionKey) {
	f.say("institution", string(to))
	if f.word(".routed") == "" {
		f.say(".routed", "1")
		f.say("level", "")
		f.move(was, vRoute)
	}
}

// move follows the machine; what cannot happen in a state leaves it as it is, as
// the desk does where an act may come in more than one.
func (f fold) move(was State, v Verb) {
	if to, err := was.next(v); err == nil {
		f.say("state", string(to))
	}
}

// agenda: the way to the session.
func (f fold) agenda(e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		Contest glosa.ContestID `json:"contest"`
		Place   int             `json:"place"`
		Reason  glosa.Code      `json:"reason"`
		Minutes int             `json:"minutes_short"`
		Mesa    glosa.MesaID    `json:"mesa"`
		Second  int             `json:"second"`
	}](e)
	if err != nil {
		return err
	}
	switch e.Kind {
	case kSelected.Name:
		f.say("agenda", string(OnAgenda))
		f.say("seat", seatOf(b.Contest, b.Place))
	case kNotSelected.Name:
		f.say("agenda", string(OffAgenda))
		f.say("agenda_word", string(b.Reason))
		f.say("minutes_short", glosa.NumberWord(b.Minutes))
	case kAsked.Name:
		f.say("agenda", string(InRoom))
		f.say("mesa", string(b.Mesa))
	case kOral.Name:
		f.say("agenda", string(SaidInRoom))
		f.say("video", glosa.NumberWord(b.Second))
		f.move(f.state(), vOral)
	case kToWriting.Name:
		f.say("agenda", string(SentWriting))
		f.say("agenda_word", string(b.Reason))
	}
	return nil
}

// inherited is what a question takes over with another's place.
var inherited = []string{"state", "agenda", "seat", "agenda_word", "minutes_short", "mesa", "video", "institution", "level", "carried", ".routed"}

// proposing: one is on its way to stand for another.
func (f fold) proposing(e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		Into glosa.QuestionID `json:"into"`
	}](e)
	if err != nil {
		return err
	}
	if e.Kind == kMergeDropped.Name {
		b.Into = ""
	}
	f.say("joining", string(b.Into))
	return nil
}

// merging: one stands for others, and its place may go to one of them.
func (f fold) merging(e glosa.Event) error {
	b, err := glosa.BodyOf[struct {
		Into  glosa.QuestionID `json:"into"`
		Takes glosa.QuestionID `json:"takes"`
	}](e)
	if err != nil {
		return err
	}
	if e.Kind == kMerged.Name {
		f.say("joining", "")
		root := fold{f.l, string(b.Into)}
		f.say(".before", f.word("state"))
		f.say("state", string(Merged))
		f.say("into", string(b.Into))
		root.say(".below", strings.TrimSpace(root.word(".below")+" "+f.id))
		return nil
	}
	parent := fold{f.l, f.word("into")}
	below := func(of fold) []string {
		return slices.DeleteFunc(strings.Fields(of.word(".below")), func(id string) bool { return id == f.id })
	}
	parent.say(".below", strings.Join(below(parent), " "))
	f.say("into", "")
	if b.Takes == "" {
		f.say("state", f.word(".before"))
		return nil
	}
	root := fold{f.l, string(b.Takes)} // which may be further up than the one it was merged into
	for _, what := range inherited {
		f.say(what, root.word(what))
	}
	for _, what := range []string{"extension", "extension.days"} { // its own were of its own clock
		f.say(what, "")
		f.l.Move(sortQuestion, root.id, what, f.id, what)
	}
	heirs := below(root)
	for _, id := range heirs {
		fold{f.l, id}.say("into", f.id)
	}
	f.say(".below", strings.TrimSpace(f.word(".below")+" "+strings.Join(heirs, " ")))
	root.say(".below", "")
	return nil
}
