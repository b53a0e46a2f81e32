package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"glosa"
	"glosa/civic/question"
	"glosa/web/door"
)

type submission struct {
	Text         string `json:"text" doc:"One question. The edition's protocol says how long it may be."`
	Context      string `json:"context,omitempty" doc:"What it is about, if the question alone does not say."`
	Municipality string `json:"municipality" doc:"Where it is asked from: a code of the edition's municipalities."`
	Institution  string `json:"institution,omitempty" doc:"Whom it is meant for."`
	Language     string `json:"language,omitempty" doc:"A language of the protocol; es if it is left out."`
	NamePolicy   string `json:"name_policy,omitempty" enum:"anonymous,name" doc:"anonymous if it is left out."`
	Name         string `json:"name,omitempty" doc:"Only with name_policy name. It appears a day after admission, on the question's page alone, never here."`
	Auth         string `json:"auth,omitempty" doc:"SHA-256 of HMAC-SHA-256(key, \"auth\") in base64, when the device made the key."`
	Lock         string `json:"lock,omitempty" doc:"SHA-256 of HMAC-SHA-256(key, \"lock\") in base64, likewise."`
	Salt         string `json:"salt,omitempty" doc:"The device's 16 random bytes of the salt, in base64."`
}

type accepted struct {
	Folio      string `json:"folio"`
	Key        string `json:"key,omitempty" doc:"What its author proves to be the author with. Only when the server made it, and only once: keep it."`
	Promise    string `json:"promise" doc:"A signed note: this commitment will be in the public record by the time it names."`
	ReceiptURL string `json:"receipt_url" doc:"Where the shareable receipt is, relative to this site."`
	StatusURL  string `json:"status_url" doc:"Where its state is, relative to this site."`
}

func (a *api) asking() []operation {
	return []operation{
		{id: "submit-question", method: http.MethodPost, path: "/api/v1/editions/{edition}/questions", summary: "Ask a question, without an account",
			detail: "The same Idempotency-Key with the same body gives the same folio, promise and addresses, and never the key again; with another body it is a conflict. Keys of callers with different tokens or cookies are different; all callers without one are one. A network that asks very often gets 429 with Retry-After and a Glosa-Ticket header: sent again with the same Idempotency-Key and that header after the wait, the question passes.",
			params: []*param{{Name: "Idempotency-Key", In: "header", Description: "Any text up to 200 bytes that the caller makes up for this question.", Schema: idempotencySchema()},
				{Name: door.TicketHeader, In: "header", Description: "The ticket of a 429, once its wait is over.", Schema: idempotencySchema()}},
			in: submission{}, out: accepted{}, status: http.StatusCreated, do: a.submit,
			fails: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge,
				http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusLocked}},
	}
}

// submit hands a question in. The desk checks it whole and names every wrong field.
func (a *api) submit(c *call) (any, error) {
	b := c.body
	ask := question.Ask{Text: b["text"], Context: b["context"], Municipality: glosa.TerritoryCode(b["municipality"]),
		Institution: glosa.InstitutionKey(b["institution"]), Language: glosa.Code(b["language"]), NamePolicy: glosa.Code(b["name_policy"]),
		Name: b["name"], Caller: a.caller(c.Request), Once: c.Header.Get("Idempotency-Key")}
	var wrong []glosa.Field
	for _, part := range []struct {
		name string
		into []byte
	}{{"auth", ask.Auth[:]}, {"lock", ask.Lock[:]}, {"salt", ask.Salt[:]}} {
		name, into := part.name, part.into
		raw, ok := bytesOf(b[name], len(into))
		if !ok {
			wrong = append(wrong, glosa.Field{Name: name, Key: "api.bytes"})
			continue
		}
		copy(into, raw)
	}
	if len(wrong) > 0 {
		return nil, glosa.Wrong(wrong...)
	}
	gate := door.GateOf(c.Context())
	sent, err := a.Question.Sent(c.Context(), c.edition(), ask)
	if err != nil {
		return nil, err
	}
	if sent { // only its receipt is asked for
		return a.take(c, ask, gate)
	}
	if held := gate.Ask(door.Knock{Once: ask.Once, Ticket: c.Header.Get(door.TicketHeader)}); held != nil {
		if c.header.Set(door.TicketHeader, held.Ticket); held.Ticket == "" {
			c.header.Del(door.TicketHeader)
		}
		return nil, &glosa.Error{Kind: glosa.Busy, Key: "e.429", Until: a.Clock.Now().Add(held.Wait), Args: map[string]string{"n": strconv.Itoa(held.Seconds())}}
	}
	ask.Pace = gate.Pace(ask.Text)
	return a.take(c, ask, gate)
}

// take receives a question that the gate let pass.
func (a *api) take(c *call, ask question.Ask, gate door.Gate) (any, error) {
	rc, err := a.Question.Submit(c.Context(), glosa.Citizen(), c.edition(), ask)
	if err != nil {
		gate.Back()
		return nil, err
	}
	at := "/api/v1/questions/" + url.PathEscape(string(rc.ID))
	return accepted{Folio: string(rc.ID), Key: rc.Key, Promise: string(rc.Promise), ReceiptURL: at + "/receipt", StatusURL: at}, nil
}

// caller is who idempotency keys belong to: a token, else a cookie; "" for all
// who have neither.
func (a *api) caller(r *http.Request) string {
	if token := bearer(r); token != "" {
		return token
	}
	for _, name := range []string{door.DeviceCookie, door.SessionCookie} {
		if c, err := r.Cookie(door.CookieName(name, a.Secure)); err == nil && c.Value != "" {
			return c.Value
		}
	}
	return ""
}

// bearer is the token of the Authorization header; "" when there is none.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func idempotencySchema() *huma.Schema {
	most := 200
	return &huma.Schema{Type: "string", MaxLength: &most}
}
