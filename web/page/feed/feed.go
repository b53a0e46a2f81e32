package feed

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"glosa/web/door"
)

// CSV is a table as a download. Every cell is guarded.
func CSV(name string, header []string, rows [][]string) *door.File {
	f := Table(name, header, func(row func([]string) error) error {
		for _, cells := range rows {
			_ = row(cells) // to memory: cannot fail
		}
		return nil
	})
	var b bytes.Buffer
	_ = f.Write(&b)
	f.Bytes, f.Write = b.Bytes(), nil
	return f
}

// Table is a table that is written row by row, for a route that streams. Every
// cell is guarded; rows calls row for each.
func Table(name string, header []string, rows func(row func(cells []string) error) error) *door.File {
	return &door.File{Name: name + ".csv", Type: "text/csv; charset=utf-8", Write: func(to io.Writer) error {
		w := csv.NewWriter(to)
		w.UseCRLF = true
		safe := make([]string, len(header))
		if err := w.Write(header); err != nil {
			return err
		}
		err := rows(func(cells []string) error {
			safe = safe[:0]
			for _, c := range cells {
				safe = append(safe, Guard(c))
			}
			return w.Write(safe)
		})
		w.Flush()
		return errors.Join(err, w.Error())
	}}
}

// Items is {"items": […], "next": ""} written item by item, for a route that
// streams: the same bytes that [JSON] gives for the whole.
func Items(name string, items func(item func(v any) error) error) *door.File {
	return &door.File{Name: name + ".json", Type: "application/json; charset=utf-8", Write: func(to io.Writer) error {
		if _, err := io.WriteString(to, "{\n  \"items\": ["); err != nil {
			return err
		}
		between, end := "\n    ", ""
		err := items(func(v any) error {
			js, err := json.MarshalIndent(v, "    ", "  ")
			if err != nil {
				return err
			}
			_, err = to.Write(append([]byte(between), js...))
			between, end = ",\n    ", "\n  "
			return err
		})
		if err != nil {
			return err
		}
		_, err = io.WriteString(to, end+"],\n  \"next\": \"\"\n}\n")
		return err
	}}
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
	Step     string // which of several things that happened to it: ids are unique in a feed; "" when the entry is the thing itself
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

// id is the entry's own for ever: a thing's address, and which step of it.
func (e Entry) id(origin string) string {
	switch {
	case e.Step == "":
		return origin + e.Path
	case strings.Contains(e.Path, "#"):
		return origin + e.Path + "-" + e.Step
	}
	return origin + e.Path + "#" + e.Step
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
		f.Entries = append(f.Entries, atomEntry{ID: e.id(origin), Title: Marked(r.Words, e.Invented, e.Title), Updated: e.Updated.UTC().Format(time.RFC3339),
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
