package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed out font/atkinson.woff2
var files embed.FS

// kinds are the only sorts of file there are; the machine's own table is not asked.
var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".png":   "image/png",
}

// asset is one file, ready to send.
type asset struct {
	name  string // "glosa.1a2b3c4d.css"
	kind  string
	plain []byte
	gz    []byte // nil for what is compressed already
}

var assets = sync.OnceValue(func() map[string]*asset {
	all := map[string]*asset{}
	for _, dir := range []string{"out", "font"} {
		entries, err := fs.ReadDir(files, dir)
		if err != nil {
			panic("static: " + err.Error()) // embedded: cannot fail
		}
		for _, e := range entries {
			raw, err := files.ReadFile(path.Join(dir, e.Name()))
			if err != nil {
				panic("static: " + err.Error())
			}
			a := newAsset(e.Name(), raw)
			all[e.Name()] = a
			all[a.name] = a
		}
	}
	return all
})

func newAsset(name string, raw []byte) *asset {
	ext := path.Ext(name)
	a := &asset{name: Hashed(name, raw), plain: raw, kind: kinds[ext]}
	if ext == ".woff2" || ext == ".png" {
		return a // compressed by nature
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	z.Write(raw)
	z.Close()
	a.gz = b.Bytes()
	return a
}

// Hashed is the name under which content is served: its hash before the extension.
func Hashed(name string, content []byte) string {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
}

// URL is the address of an asset by its plain name: URL("glosa.css"). It is
// empty for a name that does not exist, which the tests of pages notice.
func URL(name string) string {
	if a, ok := assets()[name]; ok {
		return "/static/" + a.name
	}
	return ""
}

// Script is the source of a script that has an address of its own, outside /static/.
func Script(name string) []byte { return assets()[name].plain }

// Handler serves /static/. Only the hashed names exist.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/static/")
		a, ok := assets()[name]
		if !ok || a.name != name {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		body := a.plain
		if a.gz != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = a.gz
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method != http.MethodHead {
			w.Write(body)
		}
	})
}
