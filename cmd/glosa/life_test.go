package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"glosa"
	"glosa/civic/question"
	"glosa/cmd/front"
	"glosa/db/dbtest"
	"glosa/site"
)

// life is an installation on one engine, opened again and again.
type life struct {
	t     *testing.T
	clock *glosa.FakeClock
	dir   string
}

func (l *life) at(name string) string { return filepath.Join(l.dir, name) }

func (l *life) ok(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *life) must(args ...string) string {
	l.t.Helper()
	code, said := command(l.t, args...)
	if code != 0 {
		l.t.Fatalf("%v: %d\n%s", args, code, said)
	}
	return said
}

// on opens a house, its followers and its front desk, and closes them when what
// happens there is sealed.
func (l *life) on(data, url string, do func(s *site.Site, address string)) {
	l.t.Helper()
	s, err := site.Open(l.t.Context(), site.Config{Data: l.at(data), Database: url, Origin: "localhost", Software: "glosa-test", Clock: l.clock, Mail: true, Log: dbtest.Log(l.t)})
	l.ok(err)
	ctx, stop := context.WithCancel(l.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	served := httptest.NewServer(front.New(s, front.House{Place: "Quintana Roo"}))
	do(s, served.URL)
	last := int64(-1)
	for _, e := range dbtest.Events(l.t, s.DB) {
		if e.Public {
			last = e.Seq
		}
	}
	l.until("the record seals", func() bool {
		n, ok := s.Record.IndexOf(l.t.Context(), last)
		return ok && s.Record.Size() > n
	})
	served.Close()
	stop()
	l.ok(<-ended)
	l.ok(s.Close())
}

// comes waits for followers, which work in their own time; false when they do not.
func (l *life) comes(done func() bool) bool {
	for wait := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(wait) {
			return false
		}
	}
	return true
}

func (l *life) until(what string, done func() bool) {
	l.t.Helper()
	if !l.comes(done) {
		l.t.Fatalf("it does not come about that %s", what)
	}
}

var (
	words   = regexp.MustCompile(`(?i)canari[a-z]+`)
	asBytes = regexp.MustCompile(`\\\\x(?:[0-9a-f]{2})+`) // a column of bytes in a dump
	local   = regexp.MustCompile(`(?:href|src|action)="(/[^"#]*)`)
)

// told gathers which canaries were found, and where first.
type told map[string]string

func (f told) look(where string, content []byte) {
	for _, w := range words.FindAll(content, -1) {
		if word := strings.ToLower(string(w)); f[word] == "" {
			f[word] = where
		}
	}
}

// files looks into every file of a folder.
func (f told) files(l *life, dir string) {
	l.t.Helper()
	l.ok(filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		f.look(strings.TrimPrefix(path, l.dir), content)
		return err
	}))
}

// kept looks into an installation's folder and database; on PostgreSQL into a dump.
func (l *life) kept(data, url string) told {
	l.t.Helper()
	f := told{}
	f.files(l, l.at(data))
	if url != "" {
		dump, err := exec.CommandContext(l.t.Context(), "pg_dump", url).Output()
		l.ok(err)
		f.look("pg_dump", asBytes.ReplaceAllFunc(dump, func(hexed []byte) []byte {
			raw, err := hex.DecodeString(string(hexed[3:]))
			l.ok(err)
			return raw
		}))
	}
	return f
}

// served looks at everything that the front desk gives to whoever follows its
// links from the first page and from what the API lists, those of before too.
func (l *life) served(c *someone, address string, before map[string]bool) (told, map[string]bool) {
	l.t.Helper()
	f, seen := told{}, map[string]bool{}
	next := []string{"/es", "/en", "/api/v1/editions", "/api/v1/editions/demo26/questions", "/record/checkpoint", "/es/ediciones/demo26/preguntas.atom"}
	for _, rc := range c.receipts {
		for _, more := range []string{"/es/preguntas/", "/en/preguntas/", "/api/v1/questions/"} {
			next = append(next, more+string(rc.ID))
		}
		for _, more := range []string{"/nombre", "/atom", "/json", "/solicitud", "/adjunto", "/sello", "/comprobante"} {
			next = append(next, "/es/preguntas/"+string(rc.ID)+more)
		}
	}
	for path := range before {
		next = append(next, path)
	}
	for len(next) > 0 {
		path := next[0]
		if next = next[1:]; seen[path] || len(seen) > 3000 {
			continue
		}
		seen[path] = true
		resp, err := http.Get(address + path)
		l.ok(err)
		body, err := io.ReadAll(resp.Body)
		l.ok(err)
		resp.Body.Close()
		f.look(path, body)
		if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			for _, m := range local.FindAllSubmatch(body, -1) {
				next = append(next, html.UnescapeString(string(m[1])))
			}
		}
	}
	return f, seen
}

// readers look at what desks hold in memory and read out: hints, the search, the
// queue, an institution's folders.
func (c *someone) readers() told {
	c.t.Helper()
	f := told{}
	look := func(where string, v any, err error) {
		c.t.Helper()
		c.ok(err)
		raw, err := json.Marshal(v)
		c.ok(err)
		f.look(where, raw)
	}
	for _, x := range traces {
		found, err := c.s.Question.Similar(c.t.Context(), ed, "¿Quién paga la medicina de mi hermana canari"+x.name+"?", 10)
		look("hints", found, err)
		list, _, err := c.s.Question.List(c.t.Context(), question.Filter{Edition: ed, Words: "canari" + x.name}, "", 10)
		if look("search", list, err); len(list) > 0 {
			f["canari"+x.name] = "search"
		}
	}
	for _, rc := range c.receipts {
		folder, err := c.s.Question.Folder(c.t.Context(), c.liaison, rc.ID)
		if glosa.KindOf(err) != glosa.NotFound || err == nil {
			look("folder", []any{folder.Draft, folder.Returned, folder.Text, folder.Context}, err)
		}
		p, err := c.s.Question.Page(c.t.Context(), rc.ID)
		look("page", p.Texts, err)
	}
	queue, err := c.s.Question.Queue(c.t.Context(), c.civil, ed, question.Part{}, 100)
	look("queue", queue, err)
	return f
}

// there checks, before anything is erased, that every word is where its trace says:
// else nothing would be tried. It tells what was served.
func (l *life) there(c *someone, address string, kept told) map[string]bool {
	l.t.Helper()
	shown, seen := l.served(c, address, nil)
	for _, x := range traces {
		word := "canari" + x.name
		if _, is := kept[word]; is != x.plain {
			l.t.Errorf("%s lies open before it is erased: %v %s", word, is, kept[word])
		}
		if _, is := shown[word]; is != x.public {
			l.t.Errorf("%s is shown before it is erased: %v %s", word, is, shown[word])
		}
	}
	if found := c.readers(); found["canaritexto"] == "" || found["canariborrador"] == "" || found["canariespera"] == "" {
		l.t.Errorf("the desks read out %v", found)
	}
	if lying(l, "site") == 0 {
		l.t.Error("no file lies there before it is erased")
	}
	return seen
}

// gone checks that nothing is served or read out any more.
func (l *life) gone(c *someone, address string, seen map[string]bool) {
	l.t.Helper()
	found, _ := l.served(c, address, seen)
	l.none("what is served", found)
	l.none("what desks read", c.readers())
	l.until("whoever listened to an erased question alone is forgotten", func() bool {
		n, err := c.s.Notice.Contacts(l.t.Context())
		l.ok(err)
		return n == 0
	})
}

func (l *life) none(where string, found told) {
	l.t.Helper()
	for word, at := range found {
		l.t.Errorf("%s: %s is left in %s", where, word, at)
	}
}

// lying is how many files of attachments an installation has.
func lying(l *life, data string) (n int) {
	l.t.Helper()
	l.ok(filepath.WalkDir(l.at(data+"/files"), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			n++
		}
		return err
	}))
	return n
}
