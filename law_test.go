package glosa_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDependenciesHaveReasons: every direct dependency of go.mod is in
// docs/dependencies.md, and nothing that is gone still stands there.
func TestDependenciesHaveReasons(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := os.ReadFile(filepath.Join("docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for line := range strings.Lines(string(mod)) {
		f := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(f) < 2 || !strings.HasPrefix(f[1], "v") || strings.Contains(line, "// indirect") {
			continue
		}
		direct[f[0]] = true
		if !strings.Contains(string(reasons), "| "+f[0]+" |") {
			t.Errorf("%s has no reason in docs/dependencies.md", f[0])
		}
	}
	for line := range strings.Lines(string(reasons)) {
		name, ok := strings.CutPrefix(line, "| ")
		name, _, _ = strings.Cut(name, " |")
		if ok && strings.Contains(name, ".") && strings.Contains(name, "/") && !direct[name] {
			t.Errorf("docs/dependencies.md gives a reason for %s, which go.mod does not require directly", name)
		}
	}
}

// TestLawCatches plants one breach of each law in a small house and sees it found.
func TestLawCatches(t *testing.T) {
	const door = "// Package x is a room.\npackage x\n"
	cases := []struct{ law, path, text string }{
		{"Imports", "civic/edition/edition.go", door + `import _ "glosa/civic/question"`},
		{"Imports", "method/shares/shares.go", door + `import _ "glosa/db"`},
		{"Imports", "web/page.go", door + `import _ "glosa/db"`},
		{"ThirdParties", "civic/question/x.go", door + `import _ "net/http"`},
		{"SQLOnlyInSQL", "civic/question/desk.go", door + "const q = `select id from question where id = $1`"},
		{"PackageComments", "civic/question/x.go", "package x\n"},
		{"Names", "civic/util/x.go", "// Package util says nothing.\npackage util\n"},
		{"Lengths", "db/x.go", door + strings.Repeat("// long\n", maxFileLines)},
		{"Lengths", "db/x.go", door + "func F() {\n" + strings.Repeat("\t_ = 1\n", maxFuncLines) + "}\n"},
		{"ActsAuthorise", "civic/question/desk.go", door + "import (\"context\"; \"glosa\")\ntype Desk struct{ DB db }\ntype db struct{}\nfunc (db) Act(context.Context, func() error) error { return nil }\nfunc (d *Desk) Admit(ctx context.Context, by glosa.Actor) error { return d.DB.Act(ctx, func() error { return by.May(\"x\") }) }\n"},
		{"NoInit", "db/x.go", door + "func init() {}\n"},
	}
	for _, c := range cases {
		t.Run(c.law+"/"+filepath.Base(filepath.Dir(c.path)), func(t *testing.T) {
			root := t.TempDir()
			file := filepath.Join(root, filepath.FromSlash(c.path))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			if len(laws[c.law](load(t, root))) == 0 {
				t.Errorf("the law %s let this pass:\n%s", c.law, c.text)
			}
		})
	}
}
