package api

import (
	"net/http"

	"glosa/civic/question"
)

type typed struct {
	Text string `json:"text" doc:"What was typed so far. It is compared and forgotten: kept nowhere, logged nowhere."`
}

type similar struct {
	Folio string  `json:"folio" doc:"The question that stands for it: the one to join."`
	Text  string  `json:"text"`
	State string  `json:"state"`
	Score float64 `json:"score" doc:"Share of the words that carry meaning, above 0.5 and at most 1. Where a number or a place differs there is no hint."`
	URL   string  `json:"url" doc:"Its page, relative to this site."`
}

func (a *api) similars() []operation {
	return []operation{
		{id: "similar-questions", method: http.MethodPost, path: "/api/v1/editions/{edition}/similar", summary: "Public questions that a text is near to, while it is typed",
			detail: "A reading, sent by POST because what is typed belongs in no address. At most three, the nearest first.",
			in:     typed{}, out: list[similar]{}, do: a.similar,
			fails: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}},
	}
}

func (a *api) similar(c *call) (any, error) {
	found, err := a.Question.Similar(c.Context(), c.edition(), c.body["text"], 3)
	return list[similar]{Items: each(found, func(s question.Similar) similar {
		return similar{Folio: string(s.ID), Text: s.Text, State: string(s.State), Score: s.Score, URL: "/preguntas/" + string(s.ID)}
	})}, err
}
