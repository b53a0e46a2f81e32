package record

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"glosa"
)

// Text is what a site publishes about one commitment. Opened: salt and object,
// so that anyone can recompute the commitment. Sealed: it exists and is not
// public (not yet moderated, redacted). Erased: gone, and a tombstone leaf says why.
type Text struct {
	Commit glosa.Hash      `json:"commit"`
	State  TextState       `json:"state"`
	Salt   *glosa.Hash     `json:"salt,omitempty"`
	Object json.RawMessage `json:"object,omitempty"`
}

// TextState is what became of a commitment.
type TextState string

const (
	Opened TextState = "opened"
	Sealed TextState = "sealed"
	Gone   TextState = "erased"
)

// OpenedText is the published form of a text whose salt is shown.
func OpenedText(commit, salt glosa.Hash, object any) (Text, error) {
	js, err := glosa.JCS(object)
	return Text{Commit: commit, State: Opened, Salt: &salt, Object: js}, err
}

const (
	plainText  = "text/plain; charset=utf-8"
	forEver    = "public, max-age=31536000, immutable"
	notForLong = "public, max-age=5"
)

// Handler serves everything under /record/: a closed list of paths, to be read
// only. Anything else is 404.
func (l *Log) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "read only", http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Access-Control-Allow-Origin", "*") // public, for verifiers that run in a page
		path, ok := strings.CutPrefix(r.URL.Path, "/record/")
		switch {
		case !ok:
			http.NotFound(w, r)
		case path == "checkpoint":
			send(w, plainText, "no-cache", l.tip().Note)
		case path == "checkpoint.witnessed":
			http.Error(w, "no checkpoint has the quorum of /record/policy yet", http.StatusNotFound)
		case path == "key":
			send(w, plainText, notForLong, []byte(l.keys.LogKey+"\n"))
		case path == "promise-key":
			send(w, plainText, notForLong, []byte(l.keys.PromiseKey+"\n"))
		case path == "policy":
			send(w, plainText, notForLong, l.policy)
		case path == "texts":
			serveLines(l, w, r, l.conf.Texts)
		case path == "official":
			serveLines(l, w, r, l.conf.Officials)
		default:
			l.serveTile(w, r, path)
		}
	})
}

func send(w http.ResponseWriter, kind, cache string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", cache)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// serveTile serves what belongs to the newest checkpoint, or to any smaller one:
// a partial tile is cut out of whatever is there, so every size stays provable.
func (l *Log) serveTile(w http.ResponseWriter, r *http.Request, path string) {
	t, err := parseTilePath(path)
	if err != nil || t.W > widthAt(l.tip().Size, t.L, t.N) {
		http.NotFound(w, r)
		return
	}
	data, err := l.f.tile(r.Context(), t)
	for try := 0; errors.Is(err, fs.ErrNotExist) && try < 3; try++ {
		data, err = l.f.tile(r.Context(), t) // a wider one was just taking its place
	}
	if err != nil {
		l.conf.Log.Error("record: tile not served", "path", path, "err", err)
		http.Error(w, "this part of the record cannot be read", http.StatusInternalServerError)
		return
	}
	send(w, "application/octet-stream", forEver, data)
}

// serveLines streams what the rooms publish, one JSON object a line.
func serveLines[T any](l *Log, w http.ResponseWriter, r *http.Request, list func(context.Context, func(T) error) error) {
	w.Header().Set("Content-Type", "application/jsonl; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	if list == nil || r.Method == http.MethodHead {
		return
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	err := list(r.Context(), func(t T) error { return enc.Encode(t) })
	if err != nil && !errors.Is(err, context.Canceled) {
		l.conf.Log.Error("record: a list was not served to the end", "path", r.URL.Path, "err", err)
		panic(http.ErrAbortHandler) // a list cut short must not look whole
	}
}
