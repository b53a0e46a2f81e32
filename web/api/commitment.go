package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"glosa"
	"glosa/civic/commitment"
)

type CommitmentItem struct {
	ID         string   `json:"id"`
	Edition    string   `json:"edition" doc:"Where it was born."`
	State      string   `json:"state"`
	Documented bool     `json:"documented" doc:"A real promise of the past, as its sources state it."`
	Synthetic  bool     `json:"synthetic"`
	Title      string   `json:"title"`
	Restated   bool     `json:"restated" doc:"The title is our paraphrase of a source, not its words."`
	Leads      string   `json:"leads,omitempty" doc:"The institution that answers for it."`
	With       string   `json:"with,omitempty" doc:"Its counterpart of civil society."`
	Targets    []string `json:"targets" doc:"SDG targets."`
	Government *verdict `json:"government,omitempty" doc:"The implementer's word."`
	Observed   *verdict `json:"observed,omitempty" doc:"The Observatory's word."`
	Gap        *int     `json:"gap,omitempty" doc:"Steps between both words; left out when it cannot be computed."`
	Ends       string   `json:"ends,omitempty" format:"date"`
	Wordings   int      `json:"wordings"`
	Milestones counts   `json:"milestones"`
	Stale      int      `json:"stale_days,omitempty" doc:"Days without an update, when it owes one."`
}

type counts struct {
	Total    int `json:"total"`
	Verified int `json:"verified"`
	Overdue  int `json:"overdue"`
}

type verdict struct {
	Status  string    `json:"status,omitempty" doc:"no_evidence, not_started, limited, substantial, complete; left out when the statement has a word of its own."`
	Own     *words    `json:"own,omitempty" doc:"The statement's own word."`
	Note    *words    `json:"note,omitempty"`
	Sources []string  `json:"sources,omitempty" doc:"Addresses."`
	IDs     []string  `json:"source_ids,omitempty" doc:"The same by the ids that the record has."`
	At      time.Time `json:"at,omitzero"`
	By      string    `json:"by,omitempty"`
}

type commitmentThing struct {
	CommitmentItem
	Territory    string              `json:"territory,omitempty"`
	Mesa         string              `json:"mesa,omitempty"`
	Question     string              `json:"question,omitempty" doc:"The question it comes from."`
	Accepted     time.Time           `json:"accepted,omitzero" doc:"When both sides had accepted."`
	Reason       string              `json:"reason,omitempty" doc:"Of a declined, suspended or abandoned one."`
	ReasonBy     string              `json:"reason_by,omitempty"`
	Versions     []wording           `json:"versions" doc:"Every wording, oldest first."`
	Owners       []owner             `json:"owners"`
	Rationales   map[string]string   `json:"rationales" doc:"By target: why it serves it."`
	Steps        []milestone         `json:"steps" doc:"Its milestones."`
	Links        []commitmentLink    `json:"links"`
	Evidence     []commitmentExhibit `json:"evidence" doc:"Without what citizens brought and nobody has reviewed."`
	Unseen       int                 `json:"evidence_unreviewed"`
	Updates      []update            `json:"updates"`
	Assessments  []assessment        `json:"assessments"`
	Dispositions []disposition       `json:"dispositions" doc:"What later editions said of it."`
}

type wording struct {
	Version     int         `json:"version"`
	Title       string      `json:"title"`
	Problem     string      `json:"problem,omitempty"`
	StatusQuo   string      `json:"status_quo,omitempty"`
	Deliverable string      `json:"deliverable,omitempty"`
	Result      string      `json:"result,omitempty"`
	Indicator   string      `json:"indicator,omitempty"`
	Population  string      `json:"population,omitempty"`
	Starts      string      `json:"starts,omitempty" format:"date"`
	Ends        string      `json:"ends,omitempty" format:"date"`
	Budget      *budget     `json:"budget,omitempty"`
	Date        string      `json:"date,omitempty" doc:"As its source gives it."`
	When        string      `json:"when,omitempty" doc:"The same in EDTF, no more exact than the source: 2021-07, 2021, 2021-07/2022-07."`
	Restated    bool        `json:"restated"`
	Stated      bool        `json:"stated" doc:"By sources, not agreed here."`
	Sources     []string    `json:"sources,omitempty" doc:"Addresses."`
	Reason      string      `json:"reason,omitempty" doc:"Why it was amended."`
	Digest      string      `json:"digest"`
	InForce     time.Time   `json:"in_force,omitzero"`
	Signed      []signature `json:"signed,omitempty"`
}

type budget struct {
	Declared string `json:"declared" enum:"line,none"`
	Line     string `json:"line,omitempty"`
	Cents    int64  `json:"cents,omitempty" doc:"Hundredths of the currency's unit."`
	Currency string `json:"currency,omitempty"`
}

type signature struct {
	Side string    `json:"side"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

type owner struct {
	Side        string `json:"side"`
	Institution string `json:"institution"`
	Part        string `json:"part" enum:"supervises,leads,coordinates,supports"`
}

type milestone struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Due      time.Time `json:"due,omitzero"`
	Progress string    `json:"progress"`
	Changed  time.Time `json:"changed,omitzero"`
	Note     string    `json:"note,omitempty"`
}

type commitmentLink struct {
	Way     string   `json:"way" doc:"earlier, later or ogp."`
	To      string   `json:"to,omitempty"`
	Basis   string   `json:"basis" doc:"documented, inferred or none."`
	Sources []string `json:"sources" doc:"Addresses."`
	IDs     []string `json:"source_ids" doc:"The same by the ids that the record has."`
}

type commitmentExhibit struct {
	ID        string    `json:"id"`
	Milestone string    `json:"milestone,omitempty"`
	Title     string    `json:"title"`
	File      string    `json:"file,omitempty" doc:"SHA-256 of the bytes, in hexadecimal."`
	Size      int64     `json:"size,omitempty"`
	URL       string    `json:"url,omitempty"`
	State     string    `json:"state"`
	Review    string    `json:"review,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Next      string    `json:"next,omitempty" doc:"What superseded it."`
	Erased    *erasure  `json:"erased,omitempty" doc:"When and by whom it was erased; then title, file and address are gone and its commitment stays."`
}

type erasure struct {
	At     time.Time `json:"at"`
	Ground string    `json:"ground"`
	Law    string    `json:"law"`
	Posts  []string  `json:"posts" doc:"The two posts, of different sides, that said so."`
}

type update struct {
	Number   int       `json:"number"`
	Status   string    `json:"status"`
	Percent  int       `json:"percent"`
	Text     string    `json:"text"`
	Blockers string    `json:"blockers,omitempty"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

type assessment struct {
	Number     int       `json:"number"`
	Criterion  string    `json:"criterion"`
	Status     string    `json:"status"`
	Rationale  string    `json:"rationale"`
	Considered []string  `json:"considered"`
	Closing    bool      `json:"closing"`
	Phase      string    `json:"phase" enum:"draft,right_of_reply,final"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
	ReplyUntil time.Time `json:"reply_until,omitzero"`
	Reply      string    `json:"reply,omitempty"`
	ReplyBy    string    `json:"reply_by,omitempty"`
	Final      time.Time `json:"final,omitzero"`
}

type disposition struct {
	Edition string    `json:"edition"`
	Outcome string    `json:"outcome"`
	Reason  string    `json:"reason,omitempty"`
	Into    []string  `json:"into,omitempty"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

func (a *api) commitments() []operation {
	return []operation{
		{id: "list-commitments", method: http.MethodGet, path: "/api/v1/commitments", summary: "Commitments, the widest difference first",
			params: []*param{query("series", "Only of this series."), query("edition", "Only those born in this edition."),
				query("institution", "Only those it owns, under this or any other of its names."), query("state", "Only in this state."),
				query("target", "Only with this SDG target: 16.7."), query("goal", "Only with a target of this goal: 16."), query("open", "true: only those that are open.", "true", "false")},
			out: list[CommitmentItem]{}, fails: []int{http.StatusUnprocessableEntity}, do: a.listCommitments},
		{id: "get-commitment", method: http.MethodGet, path: "/api/v1/commitments/{id}", summary: "One commitment",
			out: commitmentThing{}, fails: []int{http.StatusNotFound}, do: a.getCommitment},
	}
}

func (a *api) listCommitments(c *call) (any, error) {
	f := commitment.Filter{Series: glosa.SeriesID(c.ask("series")), Edition: glosa.EditionID(c.ask("edition")), Owner: glosa.InstitutionKey(c.ask("institution")),
		State: commitment.State(c.ask("state")), Target: glosa.TargetCode(c.ask("target"))}
	var wrong []glosa.Field
	if s := c.ask("goal"); s != "" {
		n, err := strconv.Atoi(s)
		if f.Goal = n; err != nil || n < 1 || n > 17 {
			wrong = append(wrong, glosa.Field{Name: "goal", Key: "api.choice"})
		}
	}
	open := c.ask("open")
	if f.Open = open == "true"; !slices.Contains([]string{"", "true", "false"}, open) {
		wrong = append(wrong, glosa.Field{Name: "open", Key: "api.choice"})
	}
	if len(wrong) > 0 {
		return nil, glosa.Wrong(wrong...)
	}
	b, err := a.Commitment.Board(c.Context(), f)
	if glosa.KindOf(err) == glosa.NotFound && err != nil {
		return whole[CommitmentItem](nil), nil // an institution that nobody knows owns nothing
	}
	if err != nil {
		return nil, err
	}
	at, err := a.addresses(c)
	return whole(each(b.Rows, func(r commitment.Row) CommitmentItem { return commitmentItemOf(r, at) })), err
}

func commitmentItemOf(r commitment.Row, at addresses) CommitmentItem {
	i := CommitmentItem{ID: string(r.ID), Edition: string(r.Edition), State: string(r.State), Documented: r.Documented, Synthetic: r.Synthetic,
		Title: r.Title, Restated: r.Restated, Leads: string(r.Leads), With: string(r.With), Targets: text(r.Targets), Government: verdictOf(r.Government, at),
		Observed: verdictOf(r.Observed, at), Ends: day(r.Ends, nil), Wordings: r.Wordings, Milestones: counts{r.Milestones, r.Verified, r.Overdue}, Stale: r.Stale}
	if r.Computable {
		i.Gap = &r.Gap
	}
	return i
}

func verdictOf(v commitment.Verdict, at addresses) *verdict {
	if !v.Said() {
		return nil
	}
	out := &verdict{Status: string(v.Status), Sources: at.of(v.Sources), IDs: text(v.Sources), At: second(v.At), By: v.By}
	if v.Own != "" {
		out.Own = &words{v.Own, v.OwnEn}
	}
	if v.Note != "" {
		out.Note = &words{v.Note, v.NoteEn}
	}
	return out
}

func (a *api) getCommitment(c *call) (any, error) {
	card, err := a.Commitment.Card(c.Context(), c.PathValue("id"))
	if err != nil {
		return nil, err
	}
	at, err := a.addresses(c)
	if err != nil {
		return nil, err
	}
	v := card.Current()
	head := commitment.Row{ID: card.ID, Edition: card.Edition, State: card.State, Documented: card.Documented(), Synthetic: card.Synthetic,
		Title: card.Name(), Restated: v.Restated, Leads: card.Leader(glosa.Government), With: card.Leader(glosa.Civil), Government: card.Government,
		Observed: card.Observed, Gap: card.Gap, Computable: card.Computable, Ends: card.Ends, Wordings: len(card.Versions),
		Milestones: len(card.Milestones), Stale: card.StaleDays}
	out := commitmentThing{Territory: string(card.Territory), Mesa: string(card.Mesa), Question: string(card.Question), Accepted: second(card.Accepted),
		Reason: card.Reason, ReasonBy: card.ReasonBy, Versions: each(card.Versions, func(v commitment.Version) wording { return wordingOf(v, at) }), Rationales: map[string]string{},
		Owners:   each(card.Owners, func(o commitment.Owner) owner { return owner{string(o.Side), string(o.Institution), string(o.Part)} }),
		Links:    each(card.Links, func(l commitment.Link) commitmentLink { return linkOf(l, at) }),
		Evidence: each(card.Evidence, exhibitOf), Unseen: card.Unseen, Updates: each(card.Updates, updateOf),
		Assessments: each(card.Assessments, assessmentOf), Dispositions: each(card.Fates, dispositionOf)}
	for _, t := range card.Targets {
		head.Targets = append(head.Targets, t.Code)
		out.Rationales[string(t.Code)] = t.Rationale
	}
	out.Steps = each(card.Milestones, func(m commitment.Milestone) milestone {
		switch m.Progress {
		case commitment.Checked:
			head.Verified++
		case commitment.Overdue:
			head.Overdue++
		}
		return milestone{string(m.ID), m.Title, second(m.Due), string(m.Progress), second(m.Changed), m.Note}
	})
	out.CommitmentItem = commitmentItemOf(head, at)
	return out, nil
}

func wordingOf(v commitment.Version, at addresses) wording {
	w := v.Wording
	out := wording{Version: v.Number, Title: w.Title, Problem: w.Problem, StatusQuo: w.StatusQuo, Deliverable: w.Deliverable, Result: w.Result,
		Indicator: w.Indicator, Population: w.Population, Starts: day(w.Starts, nil), Ends: day(w.Ends, nil), Date: v.DateText, When: v.When, Restated: v.Restated,
		Stated: v.Stated, Sources: at.of(v.Sources), Reason: v.Reason, Digest: v.Digest.String(),
		Signed: each(v.Signed, func(s commitment.Signature) signature { return signature{string(s.Side), s.By, second(s.At)} })}
	if !v.Stated { // of a stated one the source gives no moment, and often no day
		out.InForce = second(v.InForce)
	}
	if b := w.Budget; b.Declared != "" {
		out.Budget = &budget{string(b.Declared), b.Line, b.Cents, string(b.Currency)}
	}
	return out
}

func linkOf(l commitment.Link, at addresses) commitmentLink {
	return commitmentLink{string(l.Way), l.To, string(l.Basis), at.of(l.Sources), text(l.Sources)}
}

func exhibitOf(e commitment.Evidence) commitmentExhibit {
	x := commitmentExhibit{ID: string(e.ID), Milestone: string(e.Milestone), Title: e.Title, File: string(e.File), Size: e.Size, URL: e.URL,
		State: string(e.State), Review: string(e.Review), Reason: e.Reason, By: e.By, At: told(glosa.Code(e.By), e.At), Next: string(e.Next)}
	if e.State == commitment.Gone {
		x.Erased = &erasure{At: second(e.Erased.At), Ground: string(e.Erased.Ground), Law: string(e.Erased.Law), Posts: text(e.Erased.Posts[:])}
	}
	return x
}

func updateOf(u commitment.Update) update {
	return update{u.Number, string(u.Status), u.Percent, u.Text, u.Blockers, u.By, second(u.At)}
}

func assessmentOf(s commitment.Assessment) assessment {
	return assessment{Number: s.Number, Criterion: s.Criterion, Status: string(s.Status), Rationale: s.Rationale, Considered: text(s.Considered),
		Closing: s.Closing, Phase: string(s.Phase), By: s.By, At: second(s.At), ReplyUntil: second(s.ReplyUntil), Reply: s.Reply,
		ReplyBy: s.ReplyBy, Final: second(s.FinalAt)}
}

func dispositionOf(d commitment.Disposition) disposition {
	return disposition{string(d.Edition), string(d.Outcome), d.Reason, text(d.Into), d.By, second(d.At)}
}
