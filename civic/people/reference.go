package people

import (
	"bytes"
	"context"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"glosa"
	"glosa/db"
)

//go:embed data
var shipped embed.FS

// Reference is the reference data of one territory: what [Desk.Load] writes.
type Reference struct {
	Territory    glosa.TerritoryCode
	Territories  []Territory
	Aliases      []Alias
	Institutions []Institution
	Posts        []Post
	Digest       glosa.Hash // of the files it was read from
}

// Loads are the territories whose reference data was loaded, with its digest.
func (d *Desk) Loads(ctx context.Context) (all map[glosa.TerritoryCode]glosa.Hash, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = selectLoads(tx)
		return err
	})
	return all, err
}

// Known is nil when the house knows the human. NotFound.
func (d *Desk) Known(ctx context.Context, human glosa.HumanID) error {
	return d.DB.Read(ctx, func(tx *db.Tx) error { return knownHuman(tx, human) })
}

// Shipped lists the territories whose reference data comes with the program.
func Shipped() []glosa.TerritoryCode {
	dirs, err := shipped.ReadDir("data")
	if err != nil {
		panic("people: " + err.Error()) // embedded at build
	}
	var codes []glosa.TerritoryCode
	for _, d := range dirs {
		codes = append(codes, glosa.TerritoryCode(d.Name()))
	}
	return codes
}

// ShippedReference is the reference data that comes with the program. NotFound.
func ShippedReference(code glosa.TerritoryCode) (Reference, error) {
	dir, err := fs.Sub(shipped, "data/"+string(code))
	if err == nil && slices.Contains(Shipped(), code) {
		return ReadReference(code, dir)
	}
	return Reference{}, glosa.Missing("territory", string(code))
}

// maxReference bounds each file of reference data.
const maxReference = 4 << 20

// ReadReference reads territory.yaml, institutions.yaml and census.csv of one
// folder. Without a code, the territory is the first one of territory.yaml.
// Invalid names the file and the line.
func ReadReference(code glosa.TerritoryCode, dir fs.FS) (Reference, error) {
	ref := Reference{Territory: code}
	var all bytes.Buffer
	for _, part := range []struct {
		file string
		read func([]byte, *Reference) error
	}{{"territory.yaml", readTerritories}, {"institutions.yaml", readInstitutions}, {"census.csv", readCensus}} {
		text, err := readFile(dir, part.file)
		if err == nil {
			err = part.read(text, &ref)
		}
		if err != nil {
			return Reference{}, wrongFile(part.file, err)
		}
		fmt.Fprintf(&all, "%s %d\n", part.file, len(text))
		all.Write(text)
	}
	ref.Digest = glosa.Digest(all.Bytes())
	return ref, nil
}

// onLine is something wrong with a line of a file.
type onLine struct {
	line int
	what string
}

func (e *onLine) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.what) }

// wrongFile is Invalid, and names the file and the line; 0 when there is no such file.
func wrongFile(file string, err error) error {
	at := onLine{what: err.Error()}
	var own *onLine
	var y yaml.Error
	var row *csv.ParseError
	switch {
	case errors.As(err, &own):
		at = *own
	case errors.As(err, &y):
		at = onLine{1, y.GetMessage()}
		if t := y.GetToken(); t != nil && t.Position != nil {
			at.line = t.Position.Line
		}
	case errors.As(err, &row):
		at = onLine{row.Line, row.Err.Error()}
	}
	return &glosa.Error{Kind: glosa.Invalid, Key: "pe.reference", Err: fmt.Errorf("%s:%d: %s", file, at.line, at.what),
		Args: map[string]string{"file": file, "line": strconv.Itoa(at.line), "problem": at.what}}
}

// rowsOf reads a YAML file into a struct, and says on which line a row of it begins.
func rowsOf(text []byte, into any) (line func(list string, i int) int, err error) {
	defer func() { // the YAML library has been seen to panic on broken input
		if r := recover(); r != nil {
			line, err = nil, &onLine{1, "this is not YAML that can be read"}
		}
	}()
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, err
	}
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		return nil, err
	}
	return func(list string, i int) int {
		path, err := yaml.PathString(fmt.Sprintf("$.%s[%d]", list, i))
		if err != nil {
			return 1
		}
		n, err := path.FilterFile(file)
		if err != nil || n == nil {
			return 1
		}
		if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
			return m.Values[0].Key.GetToken().Position.Line
		}
		return n.GetToken().Position.Line
	}, nil
}

func readFile(dir fs.FS, name string) ([]byte, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxReference+1))
	if err == nil && len(text) > maxReference {
		err = errors.New("the file is too large")
	}
	return text, err
}

type nameLine struct {
	Words   string   `yaml:"words"`
	Note    string   `yaml:"note"`
	Since   string   `yaml:"since"`
	Until   string   `yaml:"until"`
	Sources []string `yaml:"sources"`
}

type territoryFile struct {
	Territories []struct {
		Code   string     `yaml:"code"`
		Parent string     `yaml:"parent"`
		Level  string     `yaml:"level"`
		Row    int        `yaml:"row"`
		Column int        `yaml:"column"`
		Names  []nameLine `yaml:"names"`
	} `yaml:"territories"`
	Aliases []struct {
		Territory string `yaml:"territory"`
		Words     string `yaml:"words"`
		Source    string `yaml:"source"`
	} `yaml:"aliases"`
}

// readTerritories reads territory.yaml.
func readTerritories(text []byte, ref *Reference) error {
	var file territoryFile
	at, err := rowsOf(text, &file)
	if err != nil {
		return err
	}
	known := map[glosa.TerritoryCode]bool{}
	for row, line := range file.Territories {
		bad := func(err error) error {
			return &onLine{at("territories", row), fmt.Sprintf("territory %q: %v", line.Code, err)}
		}
		t := Territory{Code: glosa.TerritoryCode(line.Code), Parent: glosa.TerritoryCode(line.Parent), Level: Level(line.Level),
			Row: line.Row, Column: line.Column, Census: map[string]int64{}}
		for _, n := range line.Names {
			life, err := lifeOf(n.Since, n.Until)
			if err != nil {
				return bad(err)
			}
			t.Names = append(t.Names, Name{Words: n.Words, Note: n.Note, Life: life, Sources: n.Sources})
		}
		if err := checkTerritory(t, known); err != nil {
			return bad(err)
		}
		known[t.Code] = true
		ref.Territories = append(ref.Territories, t)
	}
	if ref.Territory == "" && len(ref.Territories) > 0 {
		ref.Territory = ref.Territories[0].Code
	}
	if !known[ref.Territory] {
		return &onLine{1, fmt.Sprintf("territory %q itself is missing", ref.Territory)}
	}
	for row, a := range file.Aliases {
		if !known[glosa.TerritoryCode(a.Territory)] || a.Words == "" || !isAddress(a.Source) {
			return &onLine{at("aliases", row), fmt.Sprintf("alias %q: it needs a known territory and the address of its source", a.Words)}
		}
		ref.Aliases = append(ref.Aliases, Alias{Territory: glosa.TerritoryCode(a.Territory), Words: a.Words, Source: a.Source})
	}
	return nil
}

func checkTerritory(t Territory, known map[glosa.TerritoryCode]bool) error {
	switch {
	case !validKey(string(t.Code)) || known[t.Code]:
		return errors.New("a code of letters and digits, once")
	case t.Level != State && t.Level != Municipality:
		return fmt.Errorf("unknown level %q", t.Level)
	case t.Parent != "" && !known[t.Parent]:
		return fmt.Errorf("its parent %q stands after it, or nowhere", t.Parent)
	case len(t.Names) == 0:
		return errors.New("it has no name")
	case t.Row < 0 || t.Column < 0 || t.Row > 40 || t.Column > 40:
		return errors.New("its tile lies outside the grid")
	}
	for _, n := range t.Names {
		if n.Words == "" || !sourced(n.Sources) {
			return fmt.Errorf("name %q: it needs words and the address of a source", n.Words)
		}
	}
	return nil
}

type institutionFile struct {
	Cabinet      []string `yaml:"cabinet"` // addresses that many rows share, by anchor
	Institutions []struct {
		Key       string   `yaml:"key"`
		Territory *string  `yaml:"territory"` // the file's own where left out; "" for the Federation
		Name      string   `yaml:"name"`
		Note      string   `yaml:"note"`
		Side      string   `yaml:"side"`
		Sector    string   `yaml:"sector"`
		Since     string   `yaml:"since"`
		Until     string   `yaml:"until"`
		Next      string   `yaml:"next"`
		NextBy    string   `yaml:"next_by"`
		Head      string   `yaml:"head"` // key of the post of whoever heads it
		Sources   []string `yaml:"sources"`
	} `yaml:"institutions"`
	Posts []struct { // other posts than those of heads: liaisons, secretaries
		Key         string   `yaml:"key"`
		Institution string   `yaml:"institution"`
		Title       string   `yaml:"title"`
		TitleEN     string   `yaml:"title_en"`
		Roles       []string `yaml:"roles"`
		Since       string   `yaml:"since"`
		Until       string   `yaml:"until"`
		Sources     []string `yaml:"sources"`
	} `yaml:"posts"`
}

// readInstitutions reads institutions.yaml, and makes the post of each head.
func readInstitutions(text []byte, ref *Reference) error {
	var file institutionFile
	at, err := rowsOf(text, &file)
	if err != nil {
		return err
	}
	for row, line := range file.Institutions {
		bad := func(err error) error {
			return &onLine{at("institutions", row), fmt.Sprintf("institution %q: %s", line.Key, plainly(err))}
		}
		life, err := lifeOf(line.Since, line.Until)
		if err != nil {
			return bad(err)
		}
		i := Institution{Key: glosa.InstitutionKey(line.Key), Territory: ref.Territory, Name: line.Name, Note: line.Note,
			Side: glosa.Side(line.Side), Sector: Sector(line.Sector), Life: life,
			Next: glosa.InstitutionKey(line.Next), NextBy: Link(line.NextBy), Sources: line.Sources}
		if line.Territory != nil {
			i.Territory = glosa.TerritoryCode(*line.Territory)
		}
		if err := checkInstitution(i); err != nil {
			return bad(err)
		}
		if !sourced(i.Sources) {
			return bad(errors.New("it needs the address of a source"))
		}
		ref.Institutions = append(ref.Institutions, i)
		if line.Head != "" {
			ref.Posts = append(ref.Posts, headOf(i, glosa.PostKey(line.Head)))
		}
	}
	if n, err := brokenLink(ref.Institutions); err != nil {
		return &onLine{at("institutions", n), err.Error()}
	}
	return readPosts(file, at, ref)
}

// readPosts reads the posts that head nothing.
func readPosts(file institutionFile, at func(string, int) int, ref *Reference) error {
	for row, line := range file.Posts {
		bad := func(err error) error {
			return &onLine{at("posts", row), fmt.Sprintf("post %q: %s", line.Key, plainly(err))}
		}
		life, err := lifeOf(line.Since, line.Until)
		if err != nil {
			return bad(err)
		}
		n := slices.IndexFunc(ref.Institutions, func(i Institution) bool { return string(i.Key) == line.Institution })
		if n < 0 {
			return bad(fmt.Errorf("its institution %q is not in this file", line.Institution))
		}
		if slices.ContainsFunc(ref.Posts, func(p Post) bool { return string(p.Key) == line.Key }) {
			return bad(errors.New("it stands twice"))
		}
		p := Post{Key: glosa.PostKey(line.Key), Institution: ref.Institutions[n].Key, Title: Words{ES: line.Title, EN: line.TitleEN},
			Side: ref.Institutions[n].Side, Life: life, Sources: line.Sources}
		for _, r := range line.Roles {
			p.Roles = append(p.Roles, glosa.Role(r))
		}
		if err := checkPost(p); err != nil {
			return bad(err)
		}
		ref.Posts = append(ref.Posts, p)
	}
	return nil
}

// plainly names the wrong fields of a row, for whoever writes the file.
func plainly(err error) string {
	var e *glosa.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err.Error()
	}
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Name)
	}
	return "wrong or missing: " + strings.Join(names, ", ")
}

// headOf is the post of whoever heads an institution: the one whose holder signs.
// Its life is the institution's whole line, not one name's, so it is left open.
func headOf(i Institution, key glosa.PostKey) Post {
	return Post{Key: key, Institution: i.Key, Title: Words{ES: "Titular", EN: "Head"}, Side: i.Side,
		Roles: []glosa.Role{glosa.Signatory}, Sources: i.Sources}
}

func checkLinks(list []Institution) error {
	_, err := brokenLink(list)
	return err
}

// brokenLink finds the first institution that stands twice, or whose successors
// lead nowhere or back to it.
func brokenLink(list []Institution) (at int, err error) {
	next := map[glosa.InstitutionKey]glosa.InstitutionKey{}
	for n, i := range list {
		if _, twice := next[i.Key]; twice {
			return n, fmt.Errorf("institution %q stands twice", i.Key)
		}
		next[i.Key] = i.Next
	}
	for n, i := range list {
		if _, known := next[i.Next]; i.Next != "" && !known {
			return n, fmt.Errorf("institution %q: %q, which comes after it, is unknown", i.Key, i.Next)
		}
		steps := 0
		for k := i.Next; k != ""; k = next[k] {
			if steps++; steps > len(list) {
				return n, fmt.Errorf("institution %q comes after itself", i.Key)
			}
		}
	}
	return 0, nil
}

// readCensus reads census.csv: code, measure, amount. An error names the line.
func readCensus(text []byte, ref *Reference) error {
	at := map[glosa.TerritoryCode]map[string]int64{}
	for _, t := range ref.Territories {
		at[t.Code] = t.Census
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = 3
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		if first {
			if !slices.Equal(row, []string{"code", "measure", "amount"}) {
				return &onLine{line, "want the columns code, measure, amount"}
			}
			continue
		}
		n, err := strconv.ParseInt(row[2], 10, 64)
		place, known := at[glosa.TerritoryCode(row[0])]
		if err != nil || n < 0 || !known || !validKey(row[1]) {
			return &onLine{line, "want a known code, a measure and a count"}
		}
		if _, twice := place[row[1]]; twice {
			return &onLine{line, fmt.Sprintf("%s of %s stands twice", row[1], row[0])}
		}
		place[row[1]] = n
	}
}

func lifeOf(since, until string) (Life, error) {
	s, err := ParseWhen(since)
	if err != nil {
		return Life{}, fmt.Errorf("since: no date: %q", since)
	}
	u, err := ParseWhen(until)
	if err != nil {
		return Life{}, fmt.Errorf("until: no date: %q", until)
	}
	return Life{Since: s, Until: u}, nil
}

func sourced(list []string) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(s string) bool { return !isAddress(s) })
}

func isAddress(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	return ok && rest != "" && len(s) <= 500 && !strings.ContainsAny(s, " \t\r\n<>\"")
}
