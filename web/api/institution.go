package api

import (
	"net/http"

	"glosa"
	"glosa/civic/people"
)

type InstitutionItem struct {
	ID        string   `json:"id"`
	Territory string   `json:"territory,omitempty"`
	Name      string   `json:"name" doc:"As its source writes it."`
	Note      string   `json:"note,omitempty"`
	Side      string   `json:"side" enum:"government,civil,observatory"`
	Sector    string   `json:"sector"`
	Since     string   `json:"since,omitempty" doc:"A date as exactly as its source gives it: 2025, 2024-10, 2025-03-20, or from/to where .. is open."`
	Until     string   `json:"until,omitempty" doc:"Likewise."`
	Next      string   `json:"next,omitempty" doc:"What came after it."`
	NextBy    string   `json:"next_by,omitempty" enum:"renamed,tasks" doc:"renamed: the same institution; tasks: another one."`
	Sources   []string `json:"sources"`
}

type institutionThing struct {
	InstitutionItem
	Today string            `json:"today,omitempty" doc:"The key it goes by today; left out when it is gone."`
	Names []InstitutionItem `json:"names" doc:"The same institution under all its names, oldest first."`
	Posts []post            `json:"posts"`
}

type post struct {
	ID    string   `json:"id"`
	Title words    `json:"title"`
	Roles []string `json:"roles"`
}

func (a *api) institutions() []operation {
	return []operation{
		{id: "list-institutions", method: http.MethodGet, path: "/api/v1/institutions", summary: "Every institution under every name it bore",
			out: list[InstitutionItem]{}, do: a.listInstitutions},
		{id: "get-institution", method: http.MethodGet, path: "/api/v1/institutions/{key}", summary: "One institution",
			out: institutionThing{}, fails: []int{http.StatusNotFound}, do: a.getInstitution},
	}
}

func (a *api) listInstitutions(c *call) (any, error) {
	all, err := a.People.Everybody(c.Context())
	return whole(each(all, institutionOf)), err
}

func institutionOf(i people.Institution) InstitutionItem {
	return InstitutionItem{ID: string(i.Key), Territory: string(i.Territory), Name: i.Name, Note: i.Note, Side: string(i.Side), Sector: string(i.Sector),
		Since: string(i.Since), Until: string(i.Until), Next: string(i.Next), NextBy: string(i.NextBy), Sources: text(i.Sources)}
}

func (a *api) getInstitution(c *call) (any, error) {
	b, err := a.People.Book(c.Context(), glosa.InstitutionKey(c.PathValue("key")), a.Clock.Now())
	if err != nil {
		return nil, err
	}
	out := institutionThing{InstitutionItem: institutionOf(b.Institution), Names: each(b.Names, institutionOf),
		Posts: each(b.Posts, func(p people.Post) post {
			return post{ID: string(p.Key), Title: words{p.Title.ES, p.Title.EN}, Roles: text(p.Roles)}
		})}
	if b.Today != nil {
		out.Today = string(b.Today.Key)
	}
	return out, nil
}
