package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// entry is one rendered page, ready to send. Its headers are made once and
// shared by every response.
type entry struct {
	key    string
	head   int64 // the line's number before its rows were read
	tags   []string
	until  time.Time
	born   time.Time // by the machine's clock: paces renders
	status int
	loose  bool   // not to be kept
	goTo   string // leads elsewhere
	weight int

	kind, disposition, etag []string
	plain                   []byte // nil when only the compressed form is kept
	packed                  atomic.Pointer[packed]
	used                    atomic.Bool
	small                   atomic.Bool // compressed well, or about to be
	seen                    atomic.Int64
}

// packed is a page compressed, with its length as a header.
type packed struct {
	bytes  []byte
	length []string
}

var (
	vary     = []string{"Accept-Encoding"}
	revisit  = []string{"no-cache"} // may be kept by a browser, but is asked for again each time
	notKept  = []string{"no-store"}
	gzipped  = []string{"gzip"}
	boxedIn  = []string{"default-src 'none'; sandbox"} // of a download: opened in place, it can do nothing
	quickZip = sync.Pool{New: func() any {
		z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
		return z
	}}
)

// newEntry makes a page ready to be sent once; [entry.zip] makes it ready to be
// kept. Pages without tags could never be found stale, so they are not kept; nor
// are errors and pages that hold a code.
func newEntry(key string, head int64, p page) *entry {
	e := &entry{key: key, head: head, tags: p.tags, until: p.until, born: time.Now(), status: p.status, goTo: p.goTo,
		loose: p.noStore || len(p.tags) == 0 || p.status != http.StatusOK, kind: []string{p.kind}, plain: p.body}
	if p.disposition != "" {
		e.disposition = []string{p.disposition}
	}
	sum := sha256.Sum256(p.body)
	e.etag = []string{`W/"` + hex.EncodeToString(sum[:9]) + `"`}
	e.seen.Store(-1)
	return e
}

// zip compresses the page, fast, unless it has been; it is the page itself.
func (e *entry) zip() *entry {
	if e.packed.Load() == nil {
		z := quickZip.Get().(*gzip.Writer)
		e.pack(z, e.plain)
		quickZip.Put(z)
	}
	return e
}

func (e *entry) pack(z *gzip.Writer, body []byte) {
	var b bytes.Buffer
	z.Reset(&b)
	z.Write(body) // to memory: cannot fail
	z.Close()
	e.packed.Store(&packed{b.Bytes(), []string{strconv.Itoa(b.Len())}})
}

// shrink compresses again, as well as can be.
func (e *entry) shrink() {
	body := e.body()
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestCompression)
	e.pack(z, body)
}

// body is the page uncompressed.
func (e *entry) body() []byte {
	if e.plain != nil {
		return e.plain
	}
	z, err := gzip.NewReader(bytes.NewReader(e.packed.Load().bytes))
	if err != nil {
		return nil // packed by pack: cannot fail
	}
	body, _ := io.ReadAll(z)
	return body
}

// heft is what keeping the page costs, with its names and headers.
func (e *entry) heft() int {
	return len(e.plain) + len(e.packed.Load().bytes) + len(e.key) + 512
}

// send writes the page, or that it has not changed.
func (e *entry) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Vary"] = vary
	h["Cache-Control"] = revisit
	if e.loose {
		h["Cache-Control"] = notKept
	} else {
		h["Etag"] = e.etag
		if match := r.Header["If-None-Match"]; len(match) > 0 && matches(match[0], e.etag[0]) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h["Content-Type"] = e.kind
	if e.disposition != nil {
		h["Content-Disposition"] = e.disposition
		h["Content-Security-Policy"] = boxedIn
	}
	var body []byte
	if accept := r.Header["Accept-Encoding"]; len(accept) > 0 && strings.Contains(accept[0], "gzip") {
		z := e.zip().packed.Load()
		h["Content-Encoding"] = gzipped
		h["Content-Length"] = z.length
		body = z.bytes
	} else {
		body = e.body()
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	w.WriteHeader(e.status)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// matches compares weakly, as If-None-Match asks.
func matches(header, etag string) bool {
	return header == etag || header == "*" || strings.Contains(header, strings.TrimPrefix(etag, "W/"))
}
