package year_test

import (
	"html"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"glosa/year"
)

var drawCommand = regexp.MustCompile(`<code>(glosa method draw [^<]*)</code>`)

// redraws does what the page of a draw says: it downloads the lottery, gives the
// command the seed, and gets the published panel to the byte. Another seed gives
// another transcript. Nothing in the published files tells what anybody said.
func (v *visitor) redraws() {
	at := "/es/ediciones/" + string(year.FirstEdition) + "/sorteo"
	_, page, _ := v.gets(at)
	said := drawCommand.FindStringSubmatch(page)
	if said == nil || !strings.Contains(html.UnescapeString(page), year.LotSeed) {
		v.t.Fatal("the page does not say how to draw again")
	}
	dir, published := v.t.TempDir(), map[string]string{}
	for _, name := range []string{"quotas.csv", "pool.csv", "lottery.json", "draw.json", "order.csv", "chances.csv"} {
		status, body, _ := v.gets(at + "/" + name)
		if status != http.StatusOK {
			v.t.Fatalf("%s: %d", name, status)
		}
		published[name] = body
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			v.t.Fatal(err)
		}
		for _, feature := range []string{"woman", "indigenous"} {
			if name != "quotas.csv" && strings.Contains(body, feature) {
				v.t.Errorf("%s tells of somebody that they are %s", name, feature)
			}
		}
	}
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "glosa"), "glosa/cmd/glosa").CombinedOutput(); err != nil {
		v.t.Fatalf("build: %v\n%s", err, out)
	}
	again := func(command string) string {
		run := exec.CommandContext(v.t.Context(), "sh", "-c", "./"+command) // as the page quotes it
		run.Dir = dir
		out, err := run.Output()
		if err != nil {
			v.t.Fatalf("%s: %v", command, err)
		}
		return string(out)
	}
	command := html.UnescapeString(said[1])
	if got := again(command); got != published["draw.json"] {
		v.t.Errorf("%s gives\n%s\nand the house published\n%s", command, got, published["draw.json"])
	}
	if other := again(strings.Replace(command, "31415", "31416", 1)); other == published["draw.json"] {
		v.t.Error("another seed gives the same draw")
	}
}
