package people

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"log/slog"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// secret is a string no output may hold.
const secret = "canario-8f31c0"

type openHolder struct{ Who Private }
type closedHolder struct {
	id  int
	who Private
}

// TestPrivateIsNotPrinted tries every way the house has of writing a value down.
func TestPrivateIsNotPrinted(t *testing.T) {
	p := NewPrivate(secret)
	values := map[string]any{"value": p, "pointer": &p, "open field": openHolder{p}, "pointer to open field": &openHolder{p},
		"closed field": closedHolder{1, p}, "slice": []Private{p}, "map": map[string]Private{"a": p}, "any": []any{p}}
	ways := map[string]func(any) string{
		"gob": func(v any) string {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return fmt.Sprint(b.String(), err)
		},
		"json": func(v any) string { b, err := json.Marshal(v); return fmt.Sprint(string(b), err) },
		"xml":  func(v any) string { b, err := xml.Marshal(v); return fmt.Sprint(string(b), err) },
		"yaml": func(v any) string { b, err := yaml.Marshal(v); return fmt.Sprint(string(b), err) },
		"slog text": func(v any) string {
			var b bytes.Buffer
			slog.New(slog.NewTextHandler(&b, nil)).Info("x", "who", v)
			return b.String()
		},
		"slog json": func(v any) string {
			var b bytes.Buffer
			slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "who", v)
			return b.String()
		},
		"template": func(v any) string {
			var b bytes.Buffer
			err := template.Must(template.New("x").Parse("{{.}}")).Execute(&b, v)
			return fmt.Sprint(b.String(), err)
		},
		"error": func(v any) string { return fmt.Errorf("who: %v %w", v, fmt.Errorf("%s", v)).Error() },
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s", "%T %v"} {
		ways["fmt "+verb] = func(v any) string {
			if verb == "%T %v" {
				return fmt.Sprintf(verb, v, v)
			}
			return fmt.Sprintf(verb, v)
		}
	}
	hexed := fmt.Sprintf("%x", secret)
	for way, write := range ways {
		for what, v := range values {
			t.Run(way+"/"+what, func(t *testing.T) {
				out := write(v)
				if strings.Contains(out, secret) || strings.Contains(strings.ToLower(out), hexed) {
					t.Errorf("it shows: %s", out)
				}
			})
		}
	}
}

func TestPrivateRefusesToMarshal(t *testing.T) {
	p := NewPrivate(secret)
	if _, err := json.Marshal(openHolder{p}); err == nil {
		t.Error("JSON went through")
	}
	if _, err := xml.Marshal(openHolder{p}); err == nil {
		t.Error("XML went through")
	}
	if _, err := yaml.Marshal(openHolder{p}); err == nil {
		t.Error("YAML went through")
	}
	if err := gob.NewEncoder(&bytes.Buffer{}).Encode(openHolder{p}); err == nil {
		t.Error("gob went through")
	}
	if _, err := p.MarshalText(); err == nil {
		t.Error("text went through")
	}
	if _, err := p.MarshalBinary(); err == nil {
		t.Error("binary went through")
	}
	if p.Reveal() != secret || p.String() != hidden || !(Private{}).IsEmpty() {
		t.Error("Reveal is the way out, and the only one")
	}
}

func TestSafe(t *testing.T) {
	key := [32]byte{1}
	safe := NewSafe(key)
	sealed, err := safe.Seal(AuthorName, NewPrivate(secret))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed.box, []byte(secret)) || strings.Contains(fmt.Sprintf("%+v", sealed), secret) {
		t.Error("the box shows its words")
	}
	again, _ := safe.Seal(AuthorName, NewPrivate(secret))
	if again.id == sealed.id || bytes.Equal(again.box, sealed.box) {
		t.Error("the same name twice gives the same row: people could be joined by it")
	}
	other := NewSafe([32]byte{2})
	for name, open := range map[string]func() (Private, error){
		"OtherKey":  func() (Private, error) { return other.open(sealed.id, sealed.kind, sealed.box) },
		"OtherRow":  func() (Private, error) { return safe.open(again.id, sealed.kind, sealed.box) },
		"OtherKind": func() (Private, error) { return safe.open(sealed.id, Contact, sealed.box) },
		"Cut":       func() (Private, error) { return safe.open(sealed.id, sealed.kind, sealed.box[:5]) },
		"Flipped": func() (Private, error) {
			b := bytes.Clone(sealed.box)
			b[len(b)-1] ^= 1
			return safe.open(sealed.id, sealed.kind, b)
		},
	} {
		if p, err := open(); err == nil {
			t.Errorf("%s: it opened: %d bytes", name, len(p.Reveal()))
		}
	}
	if _, err := safe.Seal(AuthorName, NewPrivate("")); err == nil {
		t.Error("nothing was sealed")
	}
	if _, err := safe.Seal(AuthorName, NewPrivate(strings.Repeat("a", 501))); err == nil {
		t.Error("a name of 501 bytes was sealed")
	}
}
