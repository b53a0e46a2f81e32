package commitment

import (
	"time"

	"glosa"
	"glosa/civic/commitment"
	"glosa/web/door"
)

// public is a commitment as programs read it: everything its page shows, in the
// words of the room, not of a language.
type public struct {
	ID          glosa.CommitmentID `json:"id"`
	Edition     glosa.EditionID    `json:"edition"`
	State       commitment.State   `json:"state"`
	Mark        string             `json:"mark,omitempty"`
	Government  oneSide            `json:"government"`
	Observatory oneSide            `json:"observatory"`
	Gap         *int               `json:"gap"`
	Question    glosa.QuestionID   `json:"question,omitempty"`
	Mesa        glosa.MesaID       `json:"mesa,omitempty"`
	Goal        int                `json:"goal,omitempty"`
	Owners      []publicOwner      `json:"owners"`
	Targets     []publicTarget     `json:"targets"`
	Wordings    []publicWording    `json:"wordings"`
	Milestones  []publicMilestone  `json:"milestones"`
	Evidence    []publicEvidence   `json:"evidence"`
	Assessments []publicVerdict    `json:"assessments"`
	Links       []publicLink       `json:"links"`
}

type publicOwner struct {
	Side        glosa.Side           `json:"side"`
	Institution glosa.InstitutionKey `json:"institution"`
	Part        commitment.Part      `json:"part"`
}

type publicTarget struct {
	Code      glosa.TargetCode `json:"code"`
	Rationale string           `json:"rationale"`
}

type publicWording struct {
	Number   int               `json:"number"`
	Date     string            `json:"date,omitempty"` // as its source gives it
	InForce  *time.Time        `json:"in_force,omitempty"`
	Restated bool              `json:"restated"`
	Wording  publicText        `json:"wording"`
	Reason   string            `json:"reason,omitempty"`
	Digest   glosa.Hash        `json:"digest"`
	Sources  []glosa.SourceID  `json:"sources,omitempty"`
	Agreed   []publicSignature `json:"agreed"` // recorded under the post or seat
}

type publicSignature struct {
	Side glosa.Side `json:"side"`
	By   string     `json:"by"`
	At   time.Time  `json:"at,omitzero"`
}

// publicText is what a commitment says.
type publicText struct {
	Title       string        `json:"title"`
	Problem     string        `json:"problem,omitempty"`
	StatusQuo   string        `json:"status_quo,omitempty"`
	Deliverable string        `json:"deliverable,omitempty"`
	Result      string        `json:"result,omitempty"`
	Indicator   string        `json:"indicator,omitempty"`
	Population  string        `json:"population,omitempty"`
	LegalChange bool          `json:"legal_change"`
	Gender      string        `json:"gender,omitempty"`
	Values      []glosa.Code  `json:"values,omitempty"`
	Starts      time.Time     `json:"starts,omitzero"`
	Ends        time.Time     `json:"ends,omitzero"`
	Budget      *publicBudget `json:"budget,omitempty"`
}

type publicBudget struct {
	Declared glosa.Code `json:"declared"` // line or none
	Line     string     `json:"line,omitempty"`
	Cents    int64      `json:"cents,omitempty"`
	Currency glosa.Code `json:"currency,omitempty"`
}

type publicMilestone struct {
	ID       glosa.MilestoneID   `json:"id"`
	Title    string              `json:"title"`
	Due      time.Time           `json:"due,omitzero"`
	Progress commitment.Progress `json:"progress"`
}

type publicEvidence struct {
	ID        glosa.EvidenceID  `json:"id"`
	Milestone glosa.MilestoneID `json:"milestone,omitempty"`
	Title     string            `json:"title"`
	SHA256    glosa.FileID      `json:"sha256,omitempty"`
	Media     string            `json:"media,omitempty"`
	Size      int64             `json:"size,omitempty"`
	URL       string            `json:"url,omitempty"`
	Review    commitment.Review `json:"review,omitempty"`
	Reason    string            `json:"reason,omitempty"`
	By        string            `json:"by"`
	At        time.Time         `json:"at"`
	Erased    *publicErasure    `json:"erased,omitempty"` // then title, address and file are gone
}

type publicErasure struct {
	At     time.Time     `json:"at"`
	Ground glosa.Code    `json:"ground"`
	Law    glosa.Code    `json:"law"`
	By     [2]glosa.Code `json:"by"`
}

type publicVerdict struct {
	Number     int                `json:"number"`
	Criterion  string             `json:"criterion"`
	Fixed      time.Time          `json:"criterion_fixed,omitzero"`
	Status     commitment.Status  `json:"status"`
	Rationale  string             `json:"rationale"`
	Phase      commitment.Phase   `json:"phase"`
	By         string             `json:"by"`
	At         time.Time          `json:"at"`
	Considered []glosa.EvidenceID `json:"evidence"`
	Reply      string             `json:"reply,omitempty"`
	ReplyBy    string             `json:"reply_by,omitempty"`
}

type publicLink struct {
	Way     commitment.Way   `json:"way"`
	To      string           `json:"to,omitempty"`
	Basis   commitment.Basis `json:"basis"`
	Sources []glosa.SourceID `json:"sources,omitempty"`
}

// each makes a list that is never null.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, x := range list {
		out[i] = f(x)
	}
	return out
}

func publicCard(r *door.Request, v cardPage) public {
	c := v.Card
	x := public{ID: c.ID, Edition: c.Edition, State: c.State, Government: oneSide{c.Government.Status, c.Government.Own},
		Observatory: oneSide{c.Observed.Status, c.Observed.Own}, Question: c.Question, Mesa: c.Mesa, Goal: c.Goal}
	if c.Synthetic {
		x.Mark = r.Words.T("c.synth.word")
	}
	if c.Computable {
		x.Gap = &c.Gap
	}
	x.Owners = each(c.Owners, func(o commitment.Owner) publicOwner { return publicOwner{o.Side, o.Institution, o.Part} })
	x.Targets = each(c.Targets, func(t commitment.Target) publicTarget { return publicTarget{t.Code, t.Rationale} })
	x.Wordings = each(c.Versions, wordingOf)
	x.Milestones = each(c.Milestones, func(m commitment.Milestone) publicMilestone {
		return publicMilestone{m.ID, m.Title, m.Due, m.Progress}
	})
	x.Evidence = each(c.Evidence, func(e commitment.Evidence) publicEvidence {
		x := publicEvidence{e.ID, e.Milestone, e.Title, e.File, string(e.Type), e.Size, e.URL, e.Review, e.Reason, e.By, e.At, nil}
		if e.State == commitment.Gone {
			x.Erased = &publicErasure{e.Erased.At, e.Erased.Ground, e.Erased.Law, e.Erased.Posts}
		}
		return x
	})
	x.Assessments = each(c.Assessments, func(a commitment.Assessment) publicVerdict {
		return publicVerdict{a.Number, a.Criterion, a.FixedAt, a.Status, a.Rationale, a.Phase, a.By, a.At, a.Considered, a.Reply, a.ReplyBy}
	})
	x.Links = each(c.Links, func(l commitment.Link) publicLink { return publicLink{l.Way, l.To, l.Basis, l.Sources} })
	return x
}

func wordingOf(v commitment.Version) publicWording {
	x := publicWording{Number: v.Number, Date: v.DateText, Restated: v.Restated, Wording: textOf(v.Wording), Reason: v.Reason, Digest: v.Digest,
		Sources: v.Sources, Agreed: each(v.Signed, func(s commitment.Signature) publicSignature { return publicSignature(s) })}
	if !v.InForce.IsZero() && !v.Stated {
		x.InForce = &v.InForce
	}
	return x
}

func textOf(w commitment.Wording) publicText {
	x := publicText{Title: w.Title, Problem: w.Problem, StatusQuo: w.StatusQuo, Deliverable: w.Deliverable, Result: w.Result, Indicator: w.Indicator,
		Population: w.Population, LegalChange: w.LegalChange, Gender: w.Gender, Values: w.Values, Starts: w.Starts, Ends: w.Ends}
	if w.Budget.Declared != "" {
		b := publicBudget(w.Budget)
		x.Budget = &b
	}
	return x
}
