package api

import (
	"net/http"
	"time"

	"glosa"
	"glosa/civic/edition"
	"glosa/civic/people"
)

type EditionItem struct {
	ID         string    `json:"id"`
	Series     string    `json:"series" doc:"Editions that follow one another share it."`
	Number     int       `json:"number" doc:"Of the series, from 1."`
	Name       string    `json:"name,omitempty"`
	Code       string    `json:"code" doc:"Prefix of its folios."`
	Territory  string    `json:"territory" doc:"INEGI code."`
	Zone       string    `json:"zone" doc:"IANA name of its time zone."`
	Stage      string    `json:"stage" enum:"draft,called,report_published,intake_open,intake_closed,selected,in_preparation,in_session,minutes_pending,agreed,follow_up,evaluated,closed,postponed,cancelled"`
	Since      time.Time `json:"since,omitzero" doc:"When it entered the stage."`
	Session    string    `json:"session,omitempty" format:"date" doc:"The day it meets or met."`
	Documented bool      `json:"documented" doc:"A real edition of the past, known from sources."`
	Synthetic  bool      `json:"synthetic" doc:"A demonstration: nothing in it happened."`
	Open       bool      `json:"open" doc:"Whether questions are taken now."`
	Closes     time.Time `json:"closes,omitzero" doc:"When questions stop being taken."`
}

type editionThing struct {
	EditionItem
	Plan           []stageDate `json:"plan,omitempty"`
	Protocol       *protocol   `json:"protocol,omitempty"`
	Municipalities []place     `json:"municipalities" doc:"Where people may ask from, with the codes that a question names."`
	Known          *sourced    `json:"known,omitempty" doc:"What sources say of a documented edition."`
	Facts          []fact      `json:"facts,omitempty" doc:"Statements with their sources; one that contradicts the one before says conflict."`
}

type stageDate struct {
	Stage    string    `json:"stage"`
	Planned  time.Time `json:"planned,omitzero"`
	First    time.Time `json:"first,omitzero" doc:"The first plan, when it was moved."`
	Happened time.Time `json:"happened,omitzero"`
}

type protocol struct {
	Key             string    `json:"key"`
	Version         int       `json:"version"`
	Digest          string    `json:"digest" doc:"SHA-256 of its text, in base64."`
	Frozen          time.Time `json:"frozen,omitzero"`
	QuestionLetters int       `json:"question_letters" doc:"Most Unicode characters of a question."`
	ContextLetters  int       `json:"context_letters" doc:"Most Unicode characters of its context."`
	Languages       []string  `json:"languages"`
	Choices         int       `json:"choices" doc:"Most questions that one device supports."`
}

type place struct {
	ID   string `json:"id" doc:"INEGI code."`
	Name string `json:"name" doc:"Today's name."`
}

type sourced struct {
	Date    *words `json:"date,omitempty"`
	Place   *words `json:"place,omitempty"`
	Who     *words `json:"who,omitempty"`
	Topics  *words `json:"topics,omitempty"`
	Nothing bool   `json:"nothing" doc:"No public page was located at all."`
}

type fact struct {
	Field    string   `json:"field" enum:"date,place,who,topics"`
	Value    words    `json:"value"`
	Sources  []string `json:"sources" doc:"Addresses."`
	IDs      []string `json:"source_ids" doc:"The same by the ids that the official text has."`
	Conflict bool     `json:"conflict"`
}

type balance struct {
	ID        string `json:"id" doc:"The edition."`
	Synthetic bool   `json:"synthetic"`
	Received  int    `json:"received" doc:"The sum of all below but held."`
	Admitted  int    `json:"admitted"`
	Refused   int    `json:"refused"`
	Merged    int    `json:"merged"`
	Withdrawn int    `json:"withdrawn"`
	Waiting   int    `json:"waiting"`
	Held      int    `json:"held" doc:"Part of waiting: no agreement about personal data or illegal content."`
}

func (a *api) editions() []operation {
	return []operation{
		{id: "list-editions", method: http.MethodGet, path: "/api/v1/editions", summary: "Editions, newest first",
			params: []*param{query("series", "Only this series.")}, out: list[EditionItem]{}, do: a.listEditions},
		{id: "get-edition", method: http.MethodGet, path: "/api/v1/editions/{edition}", summary: "One edition",
			out: editionThing{}, fails: []int{http.StatusNotFound}, do: a.getEdition},
		{id: "get-balance", method: http.MethodGet, path: "/api/v1/editions/{edition}/balance", summary: "What became of every question received",
			out: balance{}, fails: []int{http.StatusNotFound}, do: a.getBalance},
	}
}

func (a *api) listEditions(c *call) (any, error) {
	all, err := a.Edition.List(c.Context(), glosa.SeriesID(c.ask("series")))
	if err != nil {
		return nil, err
	}
	return whole(each(all, a.EditionItem)), nil
}

func (a *api) EditionItem(e edition.Edition) EditionItem {
	i := EditionItem{ID: string(e.ID), Series: string(e.Series), Number: e.Number, Name: e.Name, Code: e.Code, Territory: string(e.Territory),
		Stage: string(e.Stage), Since: second(e.Since), Session: day(e.Session, e.Zone), Documented: e.Documented, Synthetic: e.Synthetic}
	if e.Zone != nil {
		i.Zone = e.Zone.String()
	}
	if e.Documented { // its date only orders lists: what sources say stands in known
		i.Session, i.Since = "", time.Time{}
		return i
	}
	var until time.Time
	if until, i.Open = e.Accepts(a.Clock.Now()); i.Open {
		i.Closes = second(until)
	}
	return i
}

func (a *api) getEdition(c *call) (any, error) {
	e, err := a.Edition.Get(c.Context(), c.edition())
	if err != nil {
		return nil, err
	}
	out := editionThing{EditionItem: a.EditionItem(e), Municipalities: []place{}}
	for _, d := range e.Plan.Dates {
		out.Plan = append(out.Plan, stageDate{Stage: string(d.Stage), Planned: second(d.Planned), First: second(d.First), Happened: second(d.Happened)})
	}
	if p := e.Protocol; p != nil {
		out.Protocol = &protocol{Key: string(p.Key), Version: p.Version, Digest: e.Digest.String(), Frozen: second(e.Frozen),
			QuestionLetters: p.Limits.QuestionLetters, ContextLetters: p.Limits.ContextLetters, Languages: p.Languages, Choices: p.Selection.Choices}
	}
	_, parts, err := a.People.Places(c.Context(), e.Territory, a.Clock.Now().In(zoneOf(e)))
	if err != nil && glosa.KindOf(err) != glosa.NotFound {
		return nil, err
	}
	out.Municipalities = each(parts, func(t people.Territory) place { return place{ID: string(t.Code), Name: t.Name} })
	if !e.Documented {
		return out, nil
	}
	k := e.Known
	out.Known = &sourced{Date: wordsOf(k.Date), Place: wordsOf(k.Place), Who: wordsOf(k.Who), Topics: wordsOf(k.Topics), Nothing: k.Nothing}
	facts, err := a.Edition.Facts(c.Context(), e.ID)
	if err != nil {
		return nil, err
	}
	at, err := a.addresses(c)
	out.Facts = each(facts, func(f edition.Fact) fact {
		return fact{Field: string(f.Field), Value: words{f.Value.Es, f.Value.En}, Sources: at.of(f.Sources), IDs: text(f.Sources), Conflict: f.Conflict}
	})
	return out, err
}

func zoneOf(e edition.Edition) *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

func (a *api) getBalance(c *call) (any, error) {
	e, err := a.Edition.Get(c.Context(), c.edition())
	if err != nil {
		return nil, err
	}
	b, err := a.Question.Balance(c.Context(), e.ID)
	return balance{ID: string(e.ID), Synthetic: e.Synthetic, Received: b.Received, Admitted: b.Admitted, Refused: b.Refused,
		Merged: b.Merged, Withdrawn: b.Withdrawn, Waiting: b.Waiting, Held: b.Held}, err
}
