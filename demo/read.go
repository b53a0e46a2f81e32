package demo

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"glosa"
)

//go:embed data
var data embed.FS

// Words is a sentence in both languages of the site.
type Words struct{ ES, EN string }

// source is one row of sources.yaml.
type source struct {
	ID        glosa.SourceID
	URL       string
	Publisher string
	NoteES    string `yaml:"note_es"`
	NoteEN    string `yaml:"note_en"`
	Reopen    bool
}

// clash is what another source says against a fact.
type clash struct {
	Field   string
	Says    Words
	Sources []glosa.SourceID
}

// fact is one row of facts.yaml.
type fact struct {
	ID    string
	About string
	Topic glosa.Code
	Kind  glosa.Code
	Date  Words
	Text  Words
	Sum   *struct {
		Total int
		Unit  Words
		Parts []struct {
			N     int
			Label Words
		}
	}
	Goals    []int
	Sources  []glosa.SourceID
	Conflict *clash
}

// realEdition is one row of editions.yaml.
type realEdition struct {
	ID        glosa.EditionID
	Number    int
	Sort      string
	Date      Words
	Place     *Words
	City      string
	Who       Words
	Topics    Words
	Nothing   bool
	Sources   map[string][]glosa.SourceID
	Conflicts []clash
	People    []participant
}

// participant is somebody whom sources place at an edition.
type participant struct {
	Name        string
	Capacity    string
	Institution string
	Side        glosa.Side
	Sources     []glosa.SourceID
}

// realCommitment is one row of commitments.yaml.
type realCommitment struct {
	ID          glosa.CommitmentID
	Edition     glosa.EditionID
	Title       Words
	Lineage     glosa.Code
	Summary     *told
	Last        *told
	After       *told
	Lesson      *told
	Government  *statement
	Observatory *statement
	Timeline    []step
}

// told is one thing said of a commitment as a whole, with where it comes from.
type told struct {
	ES, EN  string
	Sources []glosa.SourceID
}

type statement struct {
	Word    Words
	Note    Words
	Sources []glosa.SourceID
}

type step struct {
	Sort     string
	When     string // EDTF, as exactly as the source gives it
	Date     Words
	Era      string
	Kind     glosa.Code // wording, review, event, milestone, voice, gap
	Lineage  glosa.Code
	Edition  glosa.EditionID
	OGP      string
	Text     Words
	Note     Words
	Sources  []glosa.SourceID
	Conflict *clash
}

// read reads one file of data strictly: an unknown field is an error that names the line.
func read[T any](name string) (v T, err error) {
	raw, err := data.ReadFile("data/" + name)
	if err != nil {
		return v, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict())
	if err := dec.Decode(&v); err != nil {
		return v, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// line is one synthetic question.
type line struct {
	municipality glosa.TerritoryCode
	institution  glosa.InstitutionKey
	theme        glosa.Code
	group        string
	fate         string
	language     glosa.Code
	text         string
}

// questions reads the synthetic questions of one edition; an error names the line.
func questions(name string) (all []line, err error) {
	raw, err := data.ReadFile("data/" + name)
	if err != nil {
		return nil, err
	}
	sc := bufio.NewScanner(bytes.NewReader(raw))
	for n := 1; sc.Scan(); n++ {
		row := sc.Text()
		if row == "" || strings.HasPrefix(row, "#") {
			continue
		}
		f := strings.SplitN(row, "|", 6)
		if len(f) != 6 {
			return nil, fmt.Errorf("%s:%d: %d columns, want 6", name, n, len(f))
		}
		q := line{municipality: glosa.TerritoryCode(f[0]), institution: glosa.InstitutionKey(f[1]), theme: glosa.Code(f[2]),
			group: f[3], fate: f[4], language: "es", text: f[5]}
		if text, ok := strings.CutPrefix(q.text, "lang:en "); ok {
			q.language, q.text = "en", text
		}
		all = append(all, q)
	}
	return all, sc.Err()
}

// day reads a date of the data.
func day(s string) (time.Time, error) { return time.Parse(time.DateOnly, s) }

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("demo: %s: %w", what, err)
}
