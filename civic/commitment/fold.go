package commitment

import (
	"strconv"
	"strings"

	"glosa"
)

// Fold reads one public event and says what the tables must have after it.
func Fold(l glosa.Ledger, e glosa.Event) error {
	f := fold{l, e}
	switch e.Kind {
	case evProposed.Name:
		f.say("state", string(Proposed))
	case evRevised.Name, evState.Name:
		b, err := glosa.BodyOf[stateBody](e)
		f.say("state", string(b.State))
		if e.Kind == evRevised.Name { // a draft again: whoever had agreed has not
			l.Drop(sortCommitment, e.Subject, "version.1")
			l.Drop(sortCommitment, e.Subject, "parts")
		}
		return err
	case evNegotiated.Name, evInForce.Name, evAmended.Name, evAgreed.Name:
		return f.wording()
	case evDeclined.Name, evSuspended.Name, evResumed.Name:
		return f.pause()
	case evReported.Name, evMilestone.Name:
		return f.report()
	case evEvidence.Name, evReviewed.Name, leafErased:
		return f.evidence()
	case evAssessed.Name, evReplied.Name, evFinal.Name:
		return f.assessment()
	case evLinked.Name, evFate.Name, evDocumented.Name:
		return f.later()
	}
	return nil
}

// leafErased is the tombstone of every erasure, whichever room kept the words.
const leafErased = "text.erased"

// fold reads one event.
type fold struct {
	l glosa.Ledger
	e glosa.Event
}

func (f fold) word(what string) string        { return f.l.Word(sortCommitment, f.e.Subject, what) }
func (f fold) say(what, word string)          { f.l.Say(sortCommitment, f.e.Subject, what, word) }
func (f fold) text(what string, h glosa.Hash) { f.l.SayText(sortCommitment, f.e.Subject, what, h) }

// wording: what is agreed, and by whom.
func (f fold) wording() error {
	b, err := glosa.BodyOf[struct {
		wordingBody
		Side glosa.Side `json:"side"`
	}](f.e)
	if err != nil {
		return err
	}
	what := "version." + strconv.Itoa(b.Version)
	f.text(what, b.Digest)
	if !b.Parts.IsZero() {
		f.text("parts", b.Parts)
	}
	switch f.e.Kind {
	case evNegotiated.Name:
		f.say("state", string(Negotiated))
	case evInForce.Name:
		f.say(what+".in_force", "yes")
		if f.word("state") == string(Negotiated) {
			f.say("state", string(Accepted))
		}
	case evAmended.Name:
		f.text(what+".reason", b.Reason)
	case evAgreed.Name:
		f.say(what+"."+string(b.Side), f.e.By)
	}
	return nil
}

// pause: why it is declined, or stands still, or goes on.
func (f fold) pause() error {
	b, err := glosa.BodyOf[reasonBody](f.e)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(f.word(".pauses"))
	switch f.e.Kind {
	case evDeclined.Name:
		f.say("state", string(Declined))
		f.text("reason", b.Reason)
	case evSuspended.Name:
		f.say("state", string(Suspended))
		f.text("reason", b.Reason)
		f.say(".pauses", strconv.Itoa(n+1))
		f.text("pause."+strconv.Itoa(n+1), b.Reason)
		f.say("pause."+strconv.Itoa(n+1)+".by", f.e.By)
	case evResumed.Name:
		f.say("state", string(Active))
		f.text("reason", glosa.Hash{})
		f.text("pause."+strconv.Itoa(n)+".back", b.Reason)
		f.say("pause."+strconv.Itoa(n)+".back_by", f.e.By)
	}
	return nil
}

// report: the implementer's word.
func (f fold) report() error {
	if f.e.Kind == evMilestone.Name {
		b, err := glosa.BodyOf[milestoneBody](f.e)
		f.say("milestone."+string(b.Milestone), string(b.Progress))
		f.text("milestone."+string(b.Milestone)+".note", b.Note)
		return err
	}
	b, err := glosa.BodyOf[updateBody](f.e)
	if err != nil {
		return err
	}
	what := "update." + strconv.Itoa(b.Number)
	f.text(what, b.Digest)
	f.say(what+".status", UpdateWord(b.Status, b.Percent, f.e.By))
	f.say(what+".next", glosa.TimeWord(b.Next))
	f.say("state", string(b.State))
	f.say("government", string(b.Status))
	f.text("government.said", glosa.Hash{})
	return nil
}

// evidence: what was brought, what the Observatory says of it, what was erased.
// Evidence that a citizen brought is sealed until somebody has looked at it.
func (f fold) evidence() error {
	b, err := glosa.BodyOf[struct {
		Evidence  glosa.EvidenceID  `json:"evidence"`
		Milestone glosa.MilestoneID `json:"milestone"`
		File      glosa.FileID      `json:"file"`
		Commit    glosa.Hash        `json:"commit"`
		Replaces  glosa.EvidenceID  `json:"replaces"`
		Review    glosa.Code        `json:"review"`
		Reason    glosa.Hash        `json:"reason"`
		Target    glosa.Hash        `json:"target"`
	}](f.e)
	if err != nil {
		return err
	}
	what := "evidence." + string(b.Evidence)
	switch f.e.Kind {
	case evEvidence.Name:
		state := Submitted
		if b.File != "" {
			state = Integral
		}
		f.say(what, string(state))
		f.say(what+".milestone", string(b.Milestone))
		f.say(".seal."+string(b.Evidence), b.Commit.String())
		f.text("."+what+".file", hashOf(b.File))
		f.l.Say(sortSeal, b.Commit.String(), ".of", string(b.Evidence))
		if b.Replaces != "" {
			f.say("evidence."+string(b.Replaces), ExhibitWord(string(Superseded), string(b.Evidence)))
		}
		f.l.Text(b.Commit, "sealed")
		if f.e.By != glosa.Citizen().By() {
			f.open(b.Evidence)
		}
	case evReviewed.Name:
		f.say(what, ExhibitWord(string(Reviewed), ""))
		f.say(what+".review", string(b.Review))
		f.text(what+".reason", b.Reason)
		f.open(b.Evidence)
	case leafErased:
		if id := f.l.Word(sortSeal, b.Target.String(), ".of"); id != "" {
			f.say("evidence."+id, ExhibitWord(string(Gone), f.next(id)))
			f.text("evidence."+id+".file", glosa.Hash{})
			f.text(".evidence."+id+".file", glosa.Hash{})
		}
	}
	return nil
}

// next is what superseded a piece, which stays said when it is erased.
func (f fold) next(id string) string {
	_, next, _ := strings.Cut(f.word("evidence."+id), " ")
	return next
}

// open: anybody may see it from now on.
func (f fold) open(id glosa.EvidenceID) {
	var h glosa.Hash
	if h.UnmarshalText([]byte(f.word(".seal."+string(id)))) == nil {
		f.l.Text(h, "opened")
	}
	f.l.Move(sortCommitment, f.e.Subject, ".evidence."+string(id)+".file", f.e.Subject, "evidence."+string(id)+".file")
}

// assessment: the Observatory's word, and the reply to it.
func (f fold) assessment() error {
	b, err := glosa.BodyOf[struct {
		assessBody
		State glosa.Code `json:"state"`
	}](f.e)
	if err != nil {
		return err
	}
	what := "assessment." + strconv.Itoa(b.Number)
	switch f.e.Kind {
	case evAssessed.Name:
		f.text(what, b.Digest)
		f.text(what+".criterion", b.Criterion)
		f.say(what+".status", AssessWord(b.Status, b.Closing, f.e.By, b.Considered))
		f.say(what+".phase", string(RightOfReply))
	case evReplied.Name:
		f.text(what+".reply", b.Digest)
		f.say(what+".reply_by", f.e.By)
	case evFinal.Name:
		f.say(what+".phase", string(Final))
		f.say("state", string(b.State))
		f.say("observed", string(b.Status))
		f.text("observed.said", glosa.Hash{})
	}
	return nil
}

// later: links, what another edition decides, and what sources state.
func (f fold) later() error {
	switch f.e.Kind {
	case evLinked.Name:
		b, err := glosa.BodyOf[linkBody](f.e)
		if b.Target != "" { // «none» gives way to one that was found
			f.say("link."+string(b.Way)+".", "")
		}
		f.say("link."+string(b.Way)+"."+string(b.Target), LinkWord(b.Basis, b.Source))
		return err
	case evFate.Name:
		b, err := glosa.BodyOf[fateBody](f.e)
		what := "fate." + string(b.Edition)
		f.say("state", string(b.State))
		f.say(what, FateWord(b.Outcome, f.e.By, b.Into))
		f.text(what+".reason", b.Reason)
		if b.Outcome == glosa.Code(Abandons) {
			f.text("reason", b.Reason)
		}
		return err
	}
	b, err := glosa.BodyOf[documentBody](f.e)
	f.say("state", string(AsStated))
	f.text("documented", b.Digest)
	f.text("government.said", b.Government)
	f.text("observed.said", b.Observed)
	return err
}
