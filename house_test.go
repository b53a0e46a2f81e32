package glosa_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The law of the house. Each law is a function from a tree of files to a list
// of breaches, so that TestLawCatches can plant a breach in a small tree of its
// own and see it found.

// calendar is the order of the civic rooms: a room knows its past, never its future.
var calendar = []string{"edition", "people", "sdg", "report", "question", "opinion", "priority", "panel", "commitment"}

// mayImport lists, for each room outside civic, the rooms of the house it may import.
// A trailing /* means everything below.
var mayImport = map[string][]string{
	"method":    {"method/*"},
	"":          {},
	"db":        {"", "db/*"},
	"record":    {"", "db", "db/*", "record/*"},
	"job":       {"", "db"},
	"auth":      {"", "db", "db/*", "civic/people", "auth/*"},
	"notify":    {"", "db", "job", "civic/*"},
	"opendata":  {"", "db", "civic/*"},
	"kit":       {"", "db", "record", "opendata", "civic/*"},
	"web":       {"", "auth", "civic/*", "record", "opendata", "web/*"},
	"demo":      {"", "db", "db/*", "auth", "civic/*", "record", "site", "demo/*"},
	"site":      {"", "db", "auth", "civic/*", "record", "job", "notify"}, // puts the rooms together
	"year":      {"*"},                                                    // the whole-year script plays every part
	"bench":     {"*"},                                                    // programs that measure the house from outside and inside
	"cmd":       {"*"},
	"tools":     {},
	"web/asset": {},
}

// boundTo lists third-party modules that belong to some rooms only.
var boundTo = map[string][]string{
	"modernc.org/sqlite":                  {"db", "bench"},
	"github.com/jackc/pgx":                {"db"},
	"github.com/pressly/goose":            {"db"},
	"golang.org/x/image":                  {"civic/question"},
	"golang.org/x/mod":                    {"record", "cmd", "bench"},
	"github.com/transparency-dev/formats": {"record"},
	"github.com/a-h/templ":                {"web"},
	"github.com/danielgtaylor/huma":       {"web"},
	"github.com/alecthomas/kong":          {"cmd"},
	"github.com/yuin/goldmark":            {"civic/report", "web"},
	"github.com/microcosm-cc/bluemonday":  {"civic/report", "web"},
	"github.com/evanw/esbuild":            {"web"},
	"github.com/prometheus/client_golang": {"web"},
	"github.com/chromedp/chromedp":        {"web", "year"},
	"github.com/xuri/excelize":            {"civic/question", "web"},
	"rsc.io/qr":                           {"web"},
	"gonum.org/v1/gonum":                  {"method"},
	"github.com/kljensen/snowball":        {"method/alike", "civic/question"},
	"github.com/rogpeppe/go-internal":     {"cmd", "record", "civic", "method", "web", "db"},
	"net/http":                            {"web", "record", "cmd", "year", "bench"}, // civic never hears of HTTP
	"github.com/coreos/go-oidc":           {"web/account"},
	"golang.org/x/oauth2":                 {"web/account"},
	"github.com/wneessen/go-mail":         {"notify"},
	"database/sql":                        {"db", "bench"},
}

// excusedLength lists files and functions longer than the law allows, with the reason.
var excusedLength = map[string]string{}

// forbiddenNames are package names that say nothing.
var forbiddenNames = []string{"util", "utils", "common", "base", "helper", "helpers", "model", "models", "types", "misc", "manager", "service", "services"}

const (
	maxFileLines = 500
	maxFuncLines = 60
)

type source struct {
	path string // relative, with slashes
	room string // folder of the file, "" for the hall
	test bool
	gen  bool // generated: its length is nobody's fault
	file *ast.File
	fset *token.FileSet
	text string
}

func load(t *testing.T, root string) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "tools" || name == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, text, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		room := filepath.ToSlash(filepath.Dir(rel))
		if room == "." {
			room = ""
		}
		all = append(all, source{path: rel, room: room, test: strings.HasSuffix(name, "_test.go"),
			gen: ast.IsGenerated(f), file: f, fset: fset, text: string(text)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestHouse(t *testing.T) {
	all := load(t, ".")
	for name, law := range laws {
		t.Run(name, func(t *testing.T) {
			for _, breach := range law(all) {
				t.Error(breach)
			}
		})
	}
}

var laws = map[string]func([]source) []string{
	"Imports":         imports,
	"ThirdParties":    thirdParties,
	"SQLOnlyInSQL":    sqlOnlyInSQL,
	"TableInOneRoom":  tableInOneRoom,
	"PackageComments": packageComments,
	"Names":           names,
	"Lengths":         lengths,
	"ActsAuthorise":   actsAuthorise,
	"NoInit":          noInit,
}

// imports: cmd → web → civic → method, db, and inside civic only the past.
func imports(all []source) (breaches []string) {
	for _, s := range all {
		for _, imp := range s.file.Imports {
			path, _ := strconv.Unquote(imp.Path.Value)
			if path != "glosa" && !strings.HasPrefix(path, "glosa/") {
				continue
			}
			to := strings.TrimPrefix(strings.TrimPrefix(path, "glosa"), "/")
			if to == s.room || mayKnow(s, to) {
				continue
			}
			breaches = append(breaches, fmt.Sprintf("%s imports %q: %s may not know it", s.path, path, roomName(s.room)))
		}
	}
	return breaches
}

func roomName(room string) string {
	if room == "" {
		return "the hall"
	}
	return room
}

func mayKnow(s source, to string) bool {
	if strings.HasPrefix(s.room, to+"/") {
		return true // a room below knows the one it stands in
	}
	if s.test && (to == "publishedtest" || strings.HasPrefix(to, "db/") || (s.room == "" || s.room == "auth") && strings.HasPrefix(to+"/", "civic/edition/")) {
		return true // tests stand on published data and real databases, and seats on editions
	}
	if (s.test && strings.HasPrefix(s.room, "web/") || s.room == "web/webtest") && (to == "site" || to == "demo" || strings.HasPrefix(to, "db/")) {
		return true // tests of pages and of the API stand on a whole house
	}
	if strings.HasSuffix(to, "test") && !s.test && !strings.HasSuffix(s.room, "test") && s.room != "year" {
		return false // what is for tests stays in tests
	}
	if room, in := strings.CutPrefix(s.room, "civic/"); in {
		room, _, _ = strings.Cut(room, "/")
		if to == "" || to == "db" || strings.HasPrefix(to, "method/") || strings.HasPrefix(to, s.room+"/") {
			return true
		}
		past, isCivic := strings.CutPrefix(to, "civic/")
		past, _, _ = strings.Cut(past, "/")
		return isCivic && slices.Index(calendar, past) < slices.Index(calendar, room)
	}
	top, _, _ := strings.Cut(s.room, "/")
	for _, allowed := range mayImport[top] {
		if allowed == "*" || allowed == to {
			return true
		}
		if under, ok := strings.CutSuffix(allowed, "/*"); ok && strings.HasPrefix(to, under+"/") {
			return true
		}
	}
	return false
}

// thirdParties: each library belongs to its rooms.
func thirdParties(all []source) (breaches []string) {
	for _, s := range all {
		if s.test {
			continue
		}
		for _, imp := range s.file.Imports {
			path, _ := strconv.Unquote(imp.Path.Value)
			for lib, rooms := range boundTo {
				if path != lib && !strings.HasPrefix(path, lib+"/") {
					continue
				}
				if !slices.ContainsFunc(rooms, func(r string) bool { return s.room == r || strings.HasPrefix(s.room, r+"/") }) {
					breaches = append(breaches, fmt.Sprintf("%s imports %s, which belongs to %s", s.path, path, strings.Join(rooms, ", ")))
				}
			}
		}
	}
	return breaches
}

var sqlWords = regexp.MustCompile(`(?is)^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index|view|unique)\s|with\s+\w+\s*(\([^)]*\))?\s+as\s*\()`)

// speaksSQL: a room's SQL stands in sql.go and, in a large room, in
// sql_THING.go beside it (docs/decisions/0010).
func speaksSQL(s source) bool {
	name := s.path[strings.LastIndex(s.path, "/")+1:]
	return name == "sql.go" || strings.HasPrefix(name, "sql_")
}

// sqlOnlyInSQL: a SQL string stands in a room's sql.go, or in db.
func sqlOnlyInSQL(all []source) (breaches []string) {
	for _, s := range all {
		if s.test || speaksSQL(s) || s.room == "db" || strings.HasPrefix(s.room, "db/") || strings.HasPrefix(s.room, "bench") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err == nil && sqlWords.MatchString(text) {
				breaches = append(breaches, fmt.Sprintf("%s: SQL outside sql.go and sql_THING.go", s.fset.Position(lit.Pos())))
			}
			return true
		})
	}
	return breaches
}

var (
	sqlTable  = regexp.MustCompile(`(?is)\b(?:from|join|into|update)\s+([a-z_][a-z0-9_]*)`)
	sqlCreate = regexp.MustCompile(`(?is)create\s+table\s+(?:if\s+not\s+exists\s+)?([a-z_][a-z0-9_]*)`)
)

// tableInOneRoom: a table belongs to the room whose schema makes it, and only
// that room's sql.go names it.
func tableInOneRoom(all []source) (breaches []string) {
	owner := map[string]string{}
	for _, s := range all {
		if !strings.HasSuffix(s.path, "sql.go") && !strings.HasSuffix(s.path, "schema.go") {
			continue
		}
		files, _ := filepath.Glob(filepath.Join(filepath.FromSlash(s.room), "schema", "*.sql"))
		for _, f := range files {
			text, _ := os.ReadFile(f)
			for _, m := range sqlCreate.FindAllStringSubmatch(string(text), -1) {
				if was, taken := owner[m[1]]; taken && was != s.room {
					breaches = append(breaches, fmt.Sprintf("table %s is made in %s and in %s", m[1], was, s.room))
				}
				owner[m[1]] = s.room
			}
		}
	}
	for _, s := range all {
		if s.test || !speaksSQL(s) {
			continue
		}
		for _, m := range sqlTable.FindAllStringSubmatch(s.text, -1) {
			if o, known := owner[strings.ToLower(m[1])]; known && o != s.room {
				breaches = append(breaches, fmt.Sprintf("%s names table %s of %s", s.path, m[1], o))
			}
		}
	}
	return breaches
}

// packageComments: every package has exactly one sentence at its door.
func packageComments(all []source) (breaches []string) {
	found := map[string][]string{}
	for _, s := range all {
		if s.test || s.gen {
			continue
		}
		if _, seen := found[s.room]; !seen {
			found[s.room] = nil
		}
		if s.file.Doc != nil && strings.TrimSpace(s.file.Doc.Text()) != "" {
			found[s.room] = append(found[s.room], s.path)
		}
	}
	for room, files := range found {
		if len(files) != 1 {
			breaches = append(breaches, fmt.Sprintf("package %s has %d package comments, want one: %v", roomName(room), len(files), files))
		}
	}
	slices.Sort(breaches)
	return breaches
}

func names(all []source) (breaches []string) {
	for _, s := range all {
		name := s.file.Name.Name
		if slices.Contains(forbiddenNames, strings.TrimSuffix(name, "_test")) {
			breaches = append(breaches, fmt.Sprintf("%s: package %s says nothing", s.path, name))
		}
		stem := strings.TrimSuffix(filepath.Base(s.path), ".go")
		if slices.Contains(forbiddenNames, stem) {
			breaches = append(breaches, fmt.Sprintf("%s: a file is named for the thing, never for its kind", s.path))
		}
	}
	return breaches
}

func lengths(all []source) (breaches []string) {
	for _, s := range all {
		if s.gen {
			continue
		}
		if n := strings.Count(s.text, "\n"); n > maxFileLines && excusedLength[s.path] == "" {
			breaches = append(breaches, fmt.Sprintf("%s: %d lines, the law allows %d", s.path, n, maxFileLines))
		}
		for _, d := range s.file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			from, to := s.fset.Position(fn.Pos()).Line, s.fset.Position(fn.End()).Line
			if to-from+1 > maxFuncLines && excusedLength[s.path+":"+fn.Name.Name] == "" {
				breaches = append(breaches, fmt.Sprintf("%s:%d: %s is %d lines, the law allows %d", s.path, from, fn.Name.Name, to-from+1, maxFuncLines))
			}
		}
	}
	return breaches
}

// actsAuthorise: a desk method that takes an actor asks may.txt (or hands the
// actor to edition.Enter, which does) before anything else touches the database.
func actsAuthorise(all []source) (breaches []string) {
	for _, s := range all {
		if s.test || !strings.HasPrefix(s.room, "civic/") {
			continue
		}
		for _, d := range s.file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil || fn.Recv == nil || !fn.Name.IsExported() || !onDesk(fn) {
				continue
			}
			actor := actorParam(fn)
			if actor == "" {
				continue
			}
			if !asksLaw(fn, actor) {
				breaches = append(breaches, fmt.Sprintf("%s: Desk.%s does not ask may.txt before it acts", s.fset.Position(fn.Pos()), fn.Name.Name))
			}
		}
	}
	return breaches
}

func onDesk(fn *ast.FuncDecl) bool {
	star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	id, ok := star.X.(*ast.Ident)
	return ok && id.Name == "Desk"
}

func actorParam(fn *ast.FuncDecl) string {
	for _, p := range fn.Type.Params.List {
		if sel, ok := p.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Actor" && len(p.Names) > 0 {
			return p.Names[0].Name
		}
	}
	return ""
}

// asksLaw: the first mention of May, MayIn, Enter or another method of the same
// desk that takes the actor comes before the first Act or Read on the database.
func asksLaw(fn *ast.FuncDecl, actor string) bool {
	asked := false
	touched := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || asked || touched {
			return !asked && !touched
		}
		name := ""
		switch f := call.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		switch name {
		case "May", "MayIn", "may", "mayIn":
			asked = true
		case "Act", "Read":
			touched = true
		default:
			for _, a := range call.Args {
				if id, ok := a.(*ast.Ident); ok && id.Name == actor && !strings.HasPrefix(name, "Enter") {
					asked = true // hands the actor to a function of the room that asks
				}
			}
		}
		return true
	})
	return asked
}

func noInit(all []source) (breaches []string) {
	for _, s := range all {
		for _, d := range s.file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" && !s.gen {
				breaches = append(breaches, fmt.Sprintf("%s: no init", s.path))
			}
		}
	}
	return breaches
}
