package record

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"glosa"
)

// lines of /record/official, and whether they say one thing.
var officialLines = map[string]bool{
	`{"of":"question","id":"QR26-0427-K","what":"state","word":"answered"}`:                    true,
	`{"of":"question","id":"QR26-0427-K","what":"answer.1","text":"{\"short\":\"Sí\"}"}`:       true,
	`{"of":"report","id":"qroo-10-informe","what":"file.ab","file":"/es/ediciones/qroo-10/f"}`: true,
	`{"of":"question","id":"QR26-0427-K","what":"state"}`:                                      false,
	`{"of":"question","id":"QR26-0427-K","what":"state","word":"a","text":"b"}`:                false,
	`{"of":"question","id":"QR26-0427-K","what":".state","word":"a"}`:                          false,
	`{"of":"question","id":"","what":"state","word":"a"}`:                                      false,
	`{"of":"question","id":"Q","what":"state","word":"\u0000a"}`:                               false,
	`{"of":"question","id":"Q","what":"state","word":"a","more":1}`:                            false,
	`{"of":"question","id":"Q","what":"state","word":"a"}{}`:                                   false,
	`{"of":"report","id":"R","what":"file","file":"https://elsewhere.example/f"}`:              false,
	`{"of":"report","id":"R","what":"file","file":"//elsewhere.example/f"}`:                    false,
	`{"of":"report","id":"R","what":"file","file":"/f?x=1"}`:                                   false,
	`[]`: false,
	``:   false,
}

func TestOfficialLines(t *testing.T) {
	for line, good := range officialLines {
		if _, err := parseOfficial([]byte(line)); (err == nil) != good {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// FuzzOfficial: whatever a site sends, a line that is taken says one thing, and
// says it again when it is written.
func FuzzOfficial(f *testing.F) {
	for line := range officialLines {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		o, err := parseOfficial(line)
		if err != nil {
			return
		}
		js, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseOfficial(js)
		if err != nil || again.Of != o.Of || again.ID != o.ID || again.What != o.What || again.Word != o.Word || again.Text != o.Text || again.File != o.File {
			t.Errorf("%q is read as %+v and then as %+v, %v", line, o, again, err)
		}
		if o.File != "" && (!strings.HasPrefix(o.File, "/") || strings.HasPrefix(o.File, "//")) {
			t.Errorf("%q leads away from the site", o.File)
		}
		if bytes.Contains(js, []byte("\n")) {
			t.Errorf("%q is more than a line", js)
		}
	})
}

// TestLostActs: what a restore lost, as its leaf says, is held against nothing,
// until it is said again.
func TestLostActs(t *testing.T) {
	w := &walk{Report: &Report{}, opts: &Options{}, before: 100}
	w.ledger.init(w)
	w.opts.Fold = func(l glosa.Ledger, e glosa.Event) error {
		if e.Kind == "state" {
			l.Say("thing", e.Subject, "state", e.By)
		}
		return nil
	}
	l := &w.ledger
	for n, say := range []string{"a one", "b one", "a two", "b two", "", "b three"} {
		leaf := Leaf{N: int64(n), Kind: "state"}
		leaf.ID, leaf.By, _ = strings.Cut(say, " ")
		if say == "" { // leaves 2 and 3 are of acts that the tables never heard of
			leaf.Kind, leaf.Body = kindRestored.Name, json.RawMessage(`{"size":"2","lost":"2"}`)
		}
		l.fold(leaf)
	}
	l.read[byList] = true
	l.at(point{"thing", "a", "state"}).shown[byList] = "one"
	l.at(point{"thing", "b", "state"}).shown[byList] = "two"
	l.conclude()
	got := strings.Join(w.Lines(), "\n")
	if w.Failures != 1 || !strings.Contains(got, `thing b state is published as "two"; leaf 5 says as "three"`) || !strings.Contains(got, "1 official texts and states of acts that a restore lost") {
		t.Error(got)
	}
}
