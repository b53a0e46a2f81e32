package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"glosa"
	"glosa/civic/question"
	"glosa/web/api/problem"
	"glosa/web/door"
)

// operation is one address with one method: what the document says of it, and
// the function that answers.
type operation struct {
	id, method, path string
	summary, detail  string
	params           []*param
	in, out          any    // zero values: their types are the schemas; in nil takes no body
	optional         bool   // the body may be left out
	media            string // of the answer; "" is JSON
	status           int    // of success; 0 is 200
	fails            []int
	device           bool // takes a device's token
	do               func(*call) (any, error)
}

// call is one request on its way through an operation.
type call struct {
	*http.Request
	op     *operation
	header http.Header // of the answer
	body   fields
}

// param is one parameter of the document.
type param = huma.Param

// ask is a query parameter; "" when it is not given.
func (c *call) ask(name string) string { return c.URL.Query().Get(name) }

// edition is the edition that the path names.
func (c *call) edition() glosa.EditionID { return glosa.EditionID(c.PathValue("edition")) }

// folio is the question that the path names, however it is typed. NotFound.
func (c *call) folio() (glosa.QuestionID, error) { return question.ParseFolio(c.PathValue("folio")) }

// plain is an answer that is not JSON.
type plain []byte

// hang writes an operation into the document and onto the router.
func (a *api) hang(doc huma.API, op operation) {
	if op.status == 0 {
		op.status = http.StatusOK
	}
	if op.media == "" {
		op.media = "application/json"
	}
	h := &huma.Operation{OperationID: op.id, Method: op.method, Path: op.path, Summary: op.summary, Description: op.detail,
		Parameters: append(pathParams(op.path), op.params...), Responses: map[string]*huma.Response{}}
	schemas := doc.OpenAPI().Components.Schemas
	content := func(media string, v any) map[string]*huma.MediaType {
		return map[string]*huma.MediaType{media: {Schema: schemas.Schema(reflect.TypeOf(v), true, op.id)}}
	}
	h.Responses[strconv.Itoa(op.status)] = &huma.Response{Description: http.StatusText(op.status), Content: content(op.media, op.out)}
	for _, status := range append(op.fails, anywhere()...) {
		h.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status), Content: content(problem.Type, problem.Details{})}
	}
	if op.in != nil {
		h.RequestBody = &huma.RequestBody{Required: !op.optional, Content: content("application/json", op.in)}
	}
	if op.device {
		h.Security = []map[string][]string{{"device": {}}, {}}
	}
	doc.OpenAPI().AddOperation(h)
	doc.Adapter().Handle(h, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		a.answer(w, &call{Request: r, op: &op, header: w.Header()})
	})
}

// pathParams describes the wildcards of a path.
func pathParams(path string) (all []*param) {
	for part := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(part, "{") {
			all = append(all, &param{Name: strings.Trim(part, "{}"), In: "path", Required: true, Schema: &huma.Schema{Type: "string"}})
		}
	}
	return all
}

// query describes one query parameter.
func query(name, words string, among ...any) *param {
	return &param{Name: name, In: "query", Description: words, Schema: &huma.Schema{Type: "string", Enum: among}}
}

// answer runs an operation and sends what it gave.
func (a *api) answer(w http.ResponseWriter, c *call) {
	reads := c.op.method == http.MethodGet
	var err error
	if !reads {
		if c.body, err = c.read(w); err != nil {
			a.fail(w, c, err)
			return
		}
	}
	out, err := c.op.do(c)
	if to := a.canonical(c, err); to != "" {
		http.Redirect(w, c.Request, to, http.StatusPermanentRedirect)
		return
	}
	if err != nil {
		a.fail(w, c, err)
		return
	}
	var b bytes.Buffer
	if text, ok := out.(plain); ok {
		b.Write(text)
	} else if err := json.NewEncoder(&b).Encode(out); err != nil {
		a.fail(w, c, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", c.op.media)
	if !reads {
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(c.op.status)
		w.Write(b.Bytes())
		return
	}
	sendPublic(w, c.Request, b.Bytes())
}

// canonical is the address of what was asked for under an edition's code, or with
// other capitals, when no edition has that id; "" otherwise.
func (a *api) canonical(c *call, err error) string {
	typed := string(c.edition())
	if err == nil || typed == "" || glosa.KindOf(err) != glosa.NotFound {
		return ""
	}
	all, err := a.Edition.List(c.Context(), "")
	if err != nil {
		return ""
	}
	for _, e := range all {
		if id := string(e.ID); id != typed && (strings.EqualFold(id, typed) || strings.EqualFold(e.Code, typed)) {
			u := url.URL{Path: strings.Replace(c.URL.Path, "/"+typed, "/"+id, 1), RawQuery: c.URL.RawQuery}
			return u.String()
		}
	}
	return ""
}

// sendPublic sends what is the same for everyone: it may be kept, and read by
// pages of other sites, which get nothing that a stranger would not get. It is
// asked for again each time, so that what was erased is gone at once.
func sendPublic(w http.ResponseWriter, r *http.Request, body []byte) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, no-cache")
	h.Set("Vary", "Accept-Encoding")
	sum := sha256.Sum256(body)
	etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h.Set("ETag", "W/"+etag) // weak: the same words, packed or not
	if match := r.Header.Get("If-None-Match"); match == "*" || strings.Contains(match, etag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if len(body) >= worthPacking && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = packed(body)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// worthPacking is the size from which an answer is compressed: below it fits a packet.
const worthPacking = 1200

var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level exists
	return z
}}

func packed(body []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(body) / 3)
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&b)
	z.Write(body) // to memory: cannot fail
	z.Close()
	return b.Bytes()
}

// unfit is a request that no desk hears of, with the status that says why.
type unfit struct {
	status int
	why    *glosa.Error
}

func (u unfit) Error() string { return u.why.Error() }

// fail sends an error under the status of its kind. Whatever is our fault is
// logged under an incident number, which is all that the caller learns of it.
func (a *api) fail(w http.ResponseWriter, c *call, err error) {
	if c.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // the caller has left
	}
	status := door.Status(err)
	var u unfit
	if errors.As(err, &u) {
		status, err = u.status, u.why
	}
	if glosa.KindOf(err) == glosa.Internal {
		err = glosa.Refuse(glosa.Internal, "e.500", "id", a.incident(c, err))
	}
	problem.Write(w, c.Request, status, err, a.Clock.Now(), c.locate)
}

// incident logs a fault of ours and gives its number.
func (a *api) incident(c *call, err error) (id string) {
	id = strings.ToLower(rand.Text()[:8])
	a.Log.Error("incident", "id", id, "route", c.op.method+" "+c.op.path, "err", err)
	return id
}

// locate tells where a desk's field stands in the request.
func (c *call) locate(field string) string {
	switch {
	case field == "idempotency_key":
		return "header.Idempotency-Key"
	case c.op.method == http.MethodGet:
		return "query." + field
	case field == "question":
		return "path.folio"
	}
	return problem.InBody(field)
}

// serveDocument serves the OpenAPI document, made once.
func (a *api) serveDocument(doc huma.API) {
	for _, s := range doc.OpenAPI().Components.Schemas.Map() {
		for _, p := range s.Properties {
			p.Nullable = p.Nullable && p.Items == nil // a list that is empty is [], never null
		}
	}
	js, err := json.MarshalIndent(doc.OpenAPI(), "", "  ")
	if err != nil {
		panic("api: the document: " + err.Error()) // its parts are ours
	}
	a.mux.HandleFunc("GET /api/v1/openapi.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		sendPublic(w, r, js)
	})
}

// anywhere lists what may befall any operation.
func anywhere() []int {
	return []int{http.StatusForbidden, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusInsufficientStorage}
}
