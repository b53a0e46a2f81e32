package feed

import (
	"encoding/xml"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"glosa/web/door"
)

func TestCellsAreNoFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		"":             "",
		"Salud":        "Salud",
		"=1+1":         "'=1+1",
		"+52":          "'+52",
		"-1":           "'-1",
		"@cmd":         "'@cmd",
		"\tx":          "'\tx",
		"\r\nx":        "'\r\nx",
		"＝1":           "'＝1",
		"a=1":          "a=1",
		"¿Por qué + ?": "¿Por qué + ?",
	} {
		if got := Guard(cell); got != want {
			t.Errorf("%q became %q, want %q", cell, got, want)
		}
	}
	f := CSV("x", []string{"a", "b"}, [][]string{{"=1", "dos, tres"}})
	if got := string(f.Bytes); got != "a,b\r\n'=1,\"dos, tres\"\r\n" || f.Name != "x.csv" {
		t.Errorf("%q named %s", got, f.Name)
	}
}

// A list that is written item by item is the list that is written whole.
func TestStreamedIsTheSame(t *testing.T) {
	type item struct {
		A string `json:"a"`
		B []int  `json:"b,omitempty"`
	}
	for _, all := range [][]item{{}, {{A: "<uno> & \"dos\""}}, {{A: "=1", B: []int{1, 2}}, {A: "\u2028"}, {}}} {
		whole, err := JSON("x", struct {
			Items []item `json:"items"`
			Next  string `json:"next"`
		}{Items: all})
		if err != nil {
			t.Fatal(err)
		}
		f := Items("x", func(one func(any) error) error {
			for _, i := range all {
				if err := one(i); err != nil {
					return err
				}
			}
			return nil
		})
		var b strings.Builder
		if err := f.Write(&b); err != nil || b.String() != string(whole.Bytes) || f.Name != whole.Name || f.Type != whole.Type {
			t.Errorf("%s %s: %v\n%s\nwant\n%s", f.Name, f.Type, err, b.String(), whole.Bytes)
		}
	}
}

func TestAtomIsWellFormed(t *testing.T) {
	r := door.NewRequest(httptest.NewRequest("GET", "/es/compromisos.atom", nil), "es", time.Now(), nil)
	r.Site.Origin = "https://glosa.example"
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	f, err := Atom(r, "Compromisos <x>", "/es/compromisos", []Entry{{Title: "Uno & dos", Path: "/es/compromisos/X-2026-01", Updated: at}})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Entries []struct {
			Title string `xml:"title"`
			ID    string `xml:"id"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(f.Bytes, &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != "https://glosa.example/es/compromisos.atom" || got.Updated != "2026-11-23T10:00:00Z" || len(got.Entries) != 1 ||
		got.Entries[0].Title != "Uno & dos" || !strings.HasSuffix(got.Entries[0].ID, "/es/compromisos/X-2026-01") {
		t.Errorf("%+v", got)
	}
}
