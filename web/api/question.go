package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
	"glosa/civic/question"
)

type holder struct {
	Who         string `json:"who" doc:"Who has to move now: moderators, convenors, author, institution, deputy, minister, governor, public, session, canonical, nobody."`
	Institution string `json:"institution,omitempty"`
}

type QuestionItem struct {
	ID           string    `json:"id" doc:"The folio."`
	Edition      string    `json:"edition"`
	Synthetic    bool      `json:"synthetic"`
	State        string    `json:"state"`
	Agenda       string    `json:"agenda,omitempty" doc:"Where it stands on the way to the session."`
	Holder       holder    `json:"holder"`
	Due          time.Time `json:"due,omitzero" doc:"Of the present clock."`
	Admitted     time.Time `json:"admitted,omitzero"`
	Answered     time.Time `json:"answered,omitzero"`
	Language     string    `json:"language,omitempty"`
	Municipality string    `json:"municipality,omitempty" doc:"Once the text is public."`
	Theme        string    `json:"theme,omitempty"`
	Addressed    string    `json:"addressed,omitempty" doc:"The institution that the author named."`
	Institution  string    `json:"institution,omitempty" doc:"The institution that owes the answer."`
	Canonical    string    `json:"canonical,omitempty" doc:"The common question, when it was merged into one."`
	Merged       int       `json:"merged,omitempty" doc:"How many questions stand behind it."`
	Supporters   int       `json:"supporters,omitempty" doc:"Moves in steps of ten; left out below ten."`
	Ground       string    `json:"ground,omitempty" doc:"Why it was refused."`
	Place        string    `json:"place,omitempty" doc:"Who can help, when it was refused as out of scope."`
	Rating       string    `json:"rating,omitempty" doc:"Whether the asker was answered: yes, partly, no."`
	Erased       bool      `json:"erased,omitempty" doc:"Its text was erased; its commitment stays."`
	Carried      string    `json:"carried_to,omitempty" doc:"The edition in which it goes on, when nobody answered it in its own."`
	Text         string    `json:"text,omitempty" doc:"Once it is public; plain text."`
}

type questionThing struct {
	QuestionItem
	Received   string         `json:"received" format:"date"`
	Context    string         `json:"context,omitempty"`
	Passage    string         `json:"passage,omitempty"`
	Follows    string         `json:"follows,omitempty"`
	FollowedBy string         `json:"followed_by,omitempty"`
	Contest    string         `json:"contest,omitempty"`
	Seat       int            `json:"agenda_place,omitempty"`
	Short      int            `json:"minutes_short,omitempty" doc:"By how many minutes it missed the agenda."`
	Mesa       string         `json:"mesa,omitempty"`
	Video      int            `json:"video_second,omitempty"`
	Originals  []original     `json:"originals,omitempty" doc:"The questions merged into it."`
	Ratings    map[string]int `json:"ratings,omitempty"`
	Answers    []answer       `json:"answers,omitempty" doc:"Signed ones, newest first."`
	Decisions  []decision     `json:"decisions,omitempty"`
	Notes      []note         `json:"notes,omitempty" doc:"Public reasons of extensions and corrections."`
	Steps      []step         `json:"steps" doc:"What happened, in order."`
	Texts      []commitText   `json:"texts" doc:"Every version's commitment in the record; opened ones with what opens them."`
}

type original struct {
	ID           string `json:"id"`
	Text         string `json:"text,omitempty"`
	Context      string `json:"context,omitempty"`
	Municipality string `json:"municipality,omitempty"`
	Language     string `json:"language,omitempty"`
	Rating       string `json:"rating,omitempty"`
	Erased       bool   `json:"erased,omitempty"`
}

// answerAbsence is a document that lets a substitute sign.
type answerAbsence struct {
	Title    string `json:"title"`
	Document string `json:"document" doc:"Its SHA-256."`
}

type answer struct {
	Version     int             `json:"version"`
	Kind        string          `json:"kind" doc:"answer, cannot or transfer."`
	Short       string          `json:"short"`
	Detail      string          `json:"detail,omitempty"`
	Basis       string          `json:"basis,omitempty"`
	Place       string          `json:"place,omitempty"`
	Next        string          `json:"next,omitempty" doc:"A date that was promised."`
	Evidence    []answerExhibit `json:"evidence,omitempty"`
	Institution string          `json:"institution,omitempty"`
	Post        string          `json:"post" doc:"The office it is recorded under."`
	Absence     *answerAbsence  `json:"absence,omitempty" doc:"The document by which a substitute signed."`
	At          time.Time       `json:"at"`
	Digest      string          `json:"digest" doc:"As the record holds it."`
	Reason      string          `json:"reason,omitempty" doc:"Why it was corrected."`
}

type answerExhibit struct {
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
	File  string `json:"file,omitempty" doc:"SHA-256 of the bytes, in hexadecimal."`
}

type decision struct {
	Kind    string    `json:"kind"`
	Outcome string    `json:"outcome"`
	Words   []string  `json:"words"`
	Posts   []string  `json:"posts"`
	At      time.Time `json:"at"`
}

type note struct {
	Kind  string    `json:"kind"`
	Post  string    `json:"post"`
	Days  int       `json:"days,omitempty"`
	Words string    `json:"words"`
	At    time.Time `json:"at"`
}

type step struct {
	Kind   string    `json:"kind" doc:"The event's name."`
	By     string    `json:"by"`
	Word   string    `json:"word,omitempty"`
	Other  string    `json:"other,omitempty"`
	Number int       `json:"number,omitempty"`
	At     time.Time `json:"at" doc:"A citizen's to the minute."`
}

type commitText struct {
	Version int             `json:"version"`
	Kind    string          `json:"kind" enum:"asked,redacted,translated,attachment" doc:"What was committed: the words, the words with marks, a translation, a file."`
	Lang    string          `json:"language,omitempty" doc:"Of a translation."`
	Commit  string          `json:"commit" doc:"SHA-256, in base64."`
	State   string          `json:"state" enum:"sealed,opened,erased"`
	Salt    string          `json:"salt,omitempty" doc:"Of an opened one, in base64."`
	Object  json.RawMessage `json:"object,omitempty" doc:"Of an opened one: what was committed."`
}

func (a *api) questions() []operation {
	var states []any
	for _, s := range question.States() {
		states = append(states, string(s))
	}
	return []operation{
		{id: "list-questions", method: http.MethodGet, path: "/api/v1/editions/{edition}/questions", summary: "Every question of the balance: the decided and the withdrawn, newest first, then those that wait",
			detail: "Follow-ups are listed too, and are in no balance. A question that was never published has state, clock and holder, and no text, language or municipality. Those that wait come last, by folio; a list by anything but their state has none of them.",
			params: []*param{query("cursor", "The next of the page before."), query("state", "Only in this state.", states...),
				query("institution", "Only those this institution owes."), query("municipality", "Only those asked from here."),
				query("theme", "Only those of this theme."), query("language", "Only those asked in this language."),
				query("q", "Only those with all these words, in any form and without regard to accents; the last may be begun only. Words between quotation marks stand side by side.")},
			out: list[QuestionItem]{}, fails: []int{http.StatusNotFound, http.StatusUnprocessableEntity}, do: a.listQuestions},
		{id: "get-question", method: http.MethodGet, path: "/api/v1/questions/{folio}", summary: "One question",
			detail: "Before it is admitted: state, clock and holder, never the text.",
			out:    questionThing{}, fails: []int{http.StatusNotFound}, do: a.getQuestion},
		{id: "get-receipt", method: http.MethodGet, path: "/api/v1/questions/{folio}/receipt", summary: "The shareable receipt of a question",
			detail: "A C2SP tlog-proof of its place in the public record; it names nobody. 429 while it is being sealed.",
			media:  "text/plain; charset=utf-8", out: "", fails: []int{http.StatusNotFound}, do: a.getReceipt},
	}
}

func (a *api) listQuestions(c *call) (any, error) {
	e, err := a.Edition.Get(c.Context(), c.edition())
	if err != nil {
		return nil, err
	}
	f := question.Filter{Edition: e.ID, Waiting: true, Institution: glosa.InstitutionKey(c.ask("institution")), Municipality: glosa.TerritoryCode(c.ask("municipality")),
		Theme: glosa.Code(c.ask("theme")), Language: glosa.Code(c.ask("language")), Words: c.ask("q")}
	if s := question.State(c.ask("state")); s != "" {
		if !slices.Contains(question.States(), s) {
			return nil, glosa.WrongField("state", "api.choice")
		}
		f.States = []question.State{s}
	}
	if err := a.unknown(c, e, f); err != nil {
		return nil, err
	}
	some, next, err := a.Question.List(c.Context(), f, c.ask("cursor"), 0)
	if err != nil {
		return nil, err
	}
	supporters, err := a.Priority.Supporters(c.Context(), e.ID)
	if err != nil {
		return nil, err
	}
	out := list[QuestionItem]{Next: next, Items: each(some, func(b question.Brief) QuestionItem {
		return questionItemOf(b, e, supporters)
	})}
	return out, nil
}

// unknown names the filters that hold nothing which could be looked for: an
// empty list would say that nobody asked from there. Invalid.
func (a *api) unknown(c *call, e edition.Edition, f question.Filter) error {
	var wrong []glosa.Field
	if f.Institution != "" {
		all, err := a.People.Everybody(c.Context())
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(i people.Institution) bool { return i.Key == f.Institution }) {
			wrong = append(wrong, glosa.Field{Name: "institution", Key: "api.choice"})
		}
	}
	if f.Municipality != "" {
		_, parts, err := a.People.Places(c.Context(), e.Territory, a.Clock.Now().In(zoneOf(e)))
		if err != nil && glosa.KindOf(err) != glosa.NotFound {
			return err
		}
		if !slices.ContainsFunc(parts, func(t people.Territory) bool { return t.Code == f.Municipality }) {
			wrong = append(wrong, glosa.Field{Name: "municipality", Key: "api.choice"})
		}
	}
	if len(wrong) > 0 {
		return glosa.Wrong(wrong...)
	}
	return nil
}

func questionItemOf(b question.Brief, e edition.Edition, supporters map[glosa.QuestionID]int) QuestionItem {
	i := QuestionItem{ID: string(b.ID), Edition: string(b.Edition), Synthetic: e.Synthetic, State: string(b.State), Agenda: string(b.Agenda),
		Holder: holder{string(b.Holder.Who), string(b.Holder.Institution)}, Due: second(b.Due).Truncate(time.Minute), Admitted: second(b.Admitted),
		Answered: second(b.Answered), Language: string(b.Language), Municipality: string(b.Municipality), Theme: string(b.Theme),
		Addressed: string(b.Addressed), Institution: string(b.Institution), Merged: b.Merged, Supporters: supporters[b.ID],
		Ground: string(b.Ground), Place: string(b.Place), Rating: string(b.Rating), Erased: b.Erased, Carried: string(b.Carried), Text: b.Text}
	if b.Canonical != b.ID {
		i.Canonical = string(b.Canonical)
	}
	return i
}

func (a *api) getQuestion(c *call) (any, error) {
	id, err := c.folio()
	if err != nil {
		return nil, err
	}
	p, err := a.Question.Page(c.Context(), id)
	if err != nil {
		return nil, err
	}
	e, err := a.Edition.Get(c.Context(), p.Edition)
	if err != nil {
		return nil, err
	}
	supporters, err := a.Priority.Supporters(c.Context(), p.Edition)
	if err != nil {
		return nil, err
	}
	out := questionThing{QuestionItem: questionItemOf(p.Brief, e, supporters), Received: day(p.Received, e.Zone), Context: p.Context,
		Passage: string(p.Passage), Follows: string(p.Follows), FollowedBy: string(p.FollowedBy), Contest: string(p.Contest), Seat: p.AgendaPlace,
		Short: p.MinutesShort, Mesa: string(p.Mesa), Video: p.VideoSecond, Originals: each(p.Originals, originalOf), Ratings: map[string]int{},
		Answers: each(p.Answers, answerOf), Decisions: each(p.Decisions, decisionOf), Steps: each(p.Steps, stepOf), Texts: each(p.Texts, textOf)}
	for word, n := range p.Ratings {
		out.Ratings[string(word)] = n
	}
	for _, n := range p.Notes {
		out.Notes = append(out.Notes, note{string(n.Kind), string(n.Post), n.Days, n.Words, second(n.At)})
	}
	return out, nil
}

func originalOf(o question.Original) original {
	return original{string(o.ID), o.Text, o.Context, string(o.Municipality), string(o.Language), string(o.Rating), o.Erased}
}

func answerOf(v question.Version) answer {
	var absence *answerAbsence
	if v.Absence != nil {
		absence = &answerAbsence{v.Absence.Title, v.Absence.Document.String()}
	}
	return answer{Version: v.Number, Kind: string(v.Kind), Short: v.Short, Detail: v.Detail, Basis: v.Basis, Place: v.Place, Next: v.Next,
		Evidence:    each(v.Evidence, func(x question.Evidence) answerExhibit { return answerExhibit{x.Title, x.URL, string(x.File)} }),
		Institution: string(v.Institution), Post: string(v.Post), Absence: absence, At: second(v.SignedAt), Digest: v.Digest.String(), Reason: v.Reason}
}

func decisionOf(d question.Decision) decision {
	return decision{string(d.Kind), string(d.Outcome), text(d.Words), text(d.Posts), second(d.At)}
}

func stepOf(s question.Step) step {
	return step{string(s.Kind), string(s.By), string(s.Word), s.Other, s.Number, told(s.By, s.At)}
}

func textOf(t question.Text) commitText {
	out := commitText{Version: t.Version, Kind: string(t.Kind), Lang: string(t.Language), Commit: t.Commit.String(), State: string(t.State), Object: t.Object}
	if t.State == question.Opened {
		out.Salt = t.Salt.String()
	}
	return out
}

// sealing is how long a receipt waits for its leaf, which takes a tenth of a second.
const sealing = time.Second

// getReceipt proves where in the record a question was received. The promise is
// left out: it says the second, and its owner has it. NotFound; Busy until the
// leaf is sealed.
func (a *api) getReceipt(c *call) (any, error) {
	id, err := c.folio()
	if err != nil {
		return nil, err
	}
	if _, err := a.Question.PromiseOf(c.Context(), id); err != nil {
		return nil, err
	}
	tick := time.NewTicker(sealing / 20)
	defer tick.Stop()
	for range 20 {
		leaves, err := a.Record.About(c.Context(), string(id))
		if err != nil {
			return nil, err
		}
		if len(leaves) > 0 && strings.HasPrefix(leaves[0].Kind, "question.") && leaves[0].N < a.Record.Size() {
			proof, err := a.Record.Receipt(c.Context(), leaves[0].N, nil)
			return plain(proof), err
		}
		select {
		case <-tick.C:
		case <-c.Context().Done():
			return nil, c.Context().Err()
		}
	}
	e := glosa.Refuse(glosa.Busy, "api.sealing")
	e.Until = a.Clock.Now().Add(sealing)
	return nil, e
}
