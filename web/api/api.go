package api

import (
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"glosa"
	"glosa/civic/commitment"
	"glosa/civic/edition"
	"glosa/civic/opinion"
	"glosa/civic/people"
	"glosa/civic/people/voter"
	"glosa/civic/priority"
	"glosa/civic/question"
	"glosa/record"
	"glosa/web/api/problem"
)

// Config is what cmd/glosa hands in; all of it is needed.
type Config struct {
	Edition    *edition.Desk
	People     *people.Desk
	Question   *question.Desk
	Voter      *voter.Desk
	Priority   *priority.Desk
	Opinion    *opinion.Desk
	Commitment *commitment.Desk
	Record     *record.Log
	Clock      glosa.Clock
	Log        *slog.Logger
	Demo       bool // a demonstration: what belongs to no edition was invented too
	Secure     bool // visitors come by TLS: their cookies carry the __Host- names
}

// api answers operations.
type api struct {
	Config
	mux *http.ServeMux
}

// New makes the handler of everything under /api/. It panics when two operations
// have one address: that is a mistake in the code, found by the first test.
func New(c Config) http.Handler {
	a := &api{Config: c, mux: http.NewServeMux()}
	doc := humago.New(a.mux, describe())
	for _, part := range [][]operation{a.editions(), a.questions(), a.asking(), a.similars(), a.supports(), a.doors(), a.commitments(), a.institutions(), a.events()} {
		for _, op := range part {
			a.hang(doc, op)
		}
	}
	a.serveDocument(doc)
	a.mux.HandleFunc("/", a.nowhere)
	return a.mux
}

// describe is the head of the document. There is neither a page of huma's nor a
// route for schemas, and no hook that would add $schema to what is sent.
func describe() huma.Config {
	return huma.Config{OpenAPI: &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Glosa", Version: "1",
			Description: "The Open Government Accountability Exercise, for programs: read editions, questions, commitments, institutions and the public record's events; ask and support questions without an account. Lists come as {items, next}: hand next back as cursor until it is empty. Everything of a synthetic (demonstration) edition says synthetic: true."},
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"device": {Type: "http", Scheme: "bearer", Description: "A token of POST /api/v1/devices, or of a stronger door (/api/v1/editions/{edition}/doors/…). The cookies of the site's forms do as well."},
			},
		},
	}}
}

// nowhere answers what no operation takes.
func (a *api) nowhere(w http.ResponseWriter, r *http.Request) {
	allowed := ""
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(probe); pattern != "/" && pattern != "" {
			if allowed != "" {
				allowed += ", "
			}
			allowed += method
		}
	}
	if allowed != "" {
		w.Header().Set("Allow", allowed)
		problem.Write(w, r, http.StatusMethodNotAllowed, glosa.Refuse(glosa.Invalid, "e.405"), a.Clock.Now(), problem.InBody)
		return
	}
	problem.Write(w, r, http.StatusNotFound, glosa.Refuse(glosa.NotFound, "e.page"), a.Clock.Now(), problem.InBody)
}
