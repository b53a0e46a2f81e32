package problem

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"glosa"
	"glosa/web/door"
	"glosa/web/text"
)

// Type is the media type of problem details.
const Type = "application/problem+json"

// Details is one problem.
type Details struct {
	Type   string    `json:"type" doc:"Always about:blank: the status says which problem it is."`
	Title  string    `json:"title" doc:"The status in words, in English."`
	Status int       `json:"status" doc:"The HTTP status."`
	Detail string    `json:"detail" doc:"One sentence for people, in the language asked for: es or en."`
	Errors []Wrong   `json:"errors,omitempty" doc:"The places of the input that are wrong."`
	Rule   string    `json:"rule,omitempty" doc:"The act that is not allowed, or not now."`
	Until  time.Time `json:"until,omitzero" doc:"When it opens (423) or when to come back (429), if that is known."`
}

// Wrong is one place of the input that is wrong.
type Wrong struct {
	Location string `json:"location" doc:"Where it is: body.text, query.cursor, header.Idempotency-Key, path.folio, body."`
	Field    string `json:"field" doc:"The name of the field alone."`
	Code     string `json:"code" doc:"A word for programs that does not change with the language."`
	Message  string `json:"message" doc:"What is wrong, for people."`
}

// Locate tells where a field of the input stands: "body.text".
type Locate func(field string) string

// InBody is where fields stand unless somebody knows better.
func InBody(field string) string { return "body." + field }

// Of puts an error of the house into words.
func Of(e *glosa.Error, status int, lang string, at Locate) Details {
	words := text.For(lang)
	d := Details{Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: words.Say(door.Sentence(e), e.Args), Rule: e.Args["rule"]}
	for _, f := range e.Fields {
		location := f.Name
		if f.Name != "body" {
			location = at(f.Name)
		}
		d.Errors = append(d.Errors, Wrong{Location: location, Field: f.Name, Code: f.Key, Message: words.Say(f.Key, f.Args)})
	}
	if e.Kind == glosa.Closed || e.Kind == glosa.Busy {
		d.Until = e.Until.UTC()
	}
	return d
}

// Write sends an error under a status. now is when Retry-After counts from.
func Write(w http.ResponseWriter, r *http.Request, status int, err error, now time.Time, at Locate) {
	var e *glosa.Error
	if !errors.As(err, &e) {
		e = glosa.Refuse(glosa.Internal, "e.500", "id", "")
	}
	h := w.Header()
	h.Set("Content-Type", Type)
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language")
	lang := Lang(r)
	h.Set("Content-Language", lang)
	if seconds := door.RetryAfter(e, now); seconds > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds))
		if e.Key == "e.429" {
			e = &glosa.Error{Kind: e.Kind, Key: e.Key, Until: e.Until, Args: map[string]string{"n": text.For(lang).N(seconds)}}
		}
	}
	d := Of(e, status, lang, at)
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		json.NewEncoder(w).Encode(d) // the caller may have left: nothing to do about it
	}
}

// Lang is the language that a caller prefers among those spoken here; Spanish when
// none is named.
func Lang(r *http.Request) string {
	lang, best := text.Langs()[0], 0.0
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Language"), ","), ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64) // what is no number weighs nothing
		}
		if text.Speaks(base) && weight > best && weight <= 1 {
			lang, best = base, weight
		}
	}
	return lang
}
