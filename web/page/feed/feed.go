package feed

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"strings"
	"time"
	"unicode/utf8"

	"glosa/web/door"
)

// CSV is a table as a download. Every cell is guarded.
func CSV(name string, header []string, rows [][]string) *door.File {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	_ = w.Write(header) // to memory: cannot fail
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = Guard(cell)
		}
		_ = w.Write(safe)
	}
	w.Flush()
	return &door.File{Name: name + ".csv", Type: "text/csv; charset=utf-8", Bytes: b.Bytes()}
}

// Guard puts an apostrophe before a cell that a spreadsheet would take for a
// formula (trust.md §7, line 20).
func Guard(cell string) string {
	if first, _ := utf8.DecodeRuneInString(cell); strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}

// JSON is a value as people's programs read it.
func JSON(name string, v any) (*door.File, error) {
	js, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, err
	}
	return &door.File{Name: name + ".json", Type: "application/json; charset=utf-8", Bytes: append(js, '\n')}, nil
}

// Entry is one thing of an Atom feed. Path is its page, with its language.
type Entry struct {
	Title    string
	Path     string
	Summary  string
	Updated  time.Time
	Invented bool // it never happened: its title says so
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Summary string   `xml:"summary,omitempty"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

// Atom is a feed of the visited address: title and entries, newest first. page
// is the page that the feed stands next to, with its language. What was invented
// is marked, and so is a feed that holds nothing else.
func Atom(r *door.Request, title, page string, entries []Entry) (*door.File, error) {
	origin := r.Site.Origin
	if origin == "" {
		origin = "http://" + r.HTTP.Host
	}
	f := atomFeed{Lang: r.Lang, ID: origin + r.HTTP.URL.Path, Title: title, Author: "Glosa",
		Links: []atomLink{{Rel: "self", Href: origin + r.HTTP.URL.Path}, {Rel: "alternate", Href: origin + page}}}
	newest, invented := time.Unix(0, 0), len(entries) > 0
	for _, e := range entries {
		invented = invented && e.Invented
		if e.Updated.After(newest) {
			newest = e.Updated
		}
		f.Entries = append(f.Entries, atomEntry{ID: origin + e.Path, Title: Marked(r.Words, e.Invented, e.Title), Updated: e.Updated.UTC().Format(time.RFC3339),
			Link: atomLink{Href: origin + e.Path}, Summary: e.Summary})
	}
	f.Title = Marked(r.Words, invented, title)
	f.Updated = newest.UTC().Format(time.RFC3339)
	out, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, err
	}
	return &door.File{Type: "application/atom+xml; charset=utf-8", Bytes: append([]byte(xml.Header), out...)}, nil
}
