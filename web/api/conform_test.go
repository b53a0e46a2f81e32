package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// contract is the published openapi.json: every reply that a test sees is held
// against it, so that the document cannot say one thing and the API another.
type contract struct {
	Paths map[string]map[string]struct {
		Responses map[string]struct {
			Content map[string]struct{ Schema map[string]any }
		}
	}
	Components struct{ Schemas map[string]map[string]any }
}

func published(t testing.TB, h http.Handler) (c contract) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &c); err != nil || len(c.Paths) == 0 {
		t.Fatalf("openapi.json: %v in %.200s", err, w.Body)
	}
	return c
}

// judge says where a reply is not what the document promises; nothing of an
// address that the document does not know.
func (c contract) judge(method, path string, status int, kind string, body any) []string {
	path, _, _ = strings.Cut(path, "?")
	for pattern, ops := range c.Paths {
		op, ok := ops[strings.ToLower(method)]
		if !ok || !fits(pattern, path) {
			continue
		}
		r, ok := op.Responses[strconv.Itoa(status)]
		if !ok {
			if r, ok = op.Responses["default"]; !ok {
				return []string{fmt.Sprintf("%d is not in the document of %s", status, pattern)}
			}
		}
		content, ok := r.Content[kind]
		if !ok {
			return []string{fmt.Sprintf("%s is not in the document of %s, %d", kind, pattern, status)}
		}
		return c.conform(content.Schema, body, "body")
	}
	return nil
}

// fits tells whether a path is one of a pattern's; no other pattern is looked for
// when a part in braces could also be a fixed one, since the API has none such.
func fits(pattern, path string) bool {
	a, b := strings.Split(pattern, "/"), strings.Split(path, "/")
	return slices.EqualFunc(a, b, func(x, y string) bool { return x == y || strings.HasPrefix(x, "{") })
}

// conform checks the part of JSON Schema that the document uses.
func (c contract) conform(schema map[string]any, v any, at string) (wrong []string) {
	if ref, ok := schema["$ref"].(string); ok {
		return c.conform(c.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")], v, at)
	}
	if !typed(schema["type"], v) {
		return []string{fmt.Sprintf("%s: %T is no %v", at, v, schema["type"])}
	}
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, v) {
		wrong = append(wrong, fmt.Sprintf("%s: %v is not among %v", at, v, list))
	}
	switch v := v.(type) {
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i, x := range v {
			wrong = append(wrong, c.conform(items, x, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case map[string]any:
		wrong = append(wrong, c.fields(schema, v, at)...)
	}
	return wrong
}

func (c contract) fields(schema map[string]any, v map[string]any, at string) (wrong []string) {
	props, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := v[name.(string)]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s.%s is missing", at, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		sub, ok := props[name].(map[string]any)
		if !ok {
			if sub, ok = schema["additionalProperties"].(map[string]any); !ok {
				if schema["additionalProperties"] == false {
					wrong = append(wrong, fmt.Sprintf("%s.%s is not in the document", at, name))
				}
				continue
			}
		}
		wrong = append(wrong, c.conform(sub, v[name], at+"."+name)...)
	}
	return wrong
}

func typed(want, v any) bool {
	list, ok := want.([]any)
	if !ok {
		list = []any{want}
	}
	return slices.ContainsFunc(list, func(one any) bool {
		switch one {
		case nil:
			return true
		case "object":
			_, ok := v.(map[string]any)
			return ok
		case "array":
			_, ok := v.([]any)
			return ok
		case "string":
			_, ok := v.(string)
			return ok
		case "boolean":
			_, ok := v.(bool)
			return ok
		case "integer", "number":
			n, ok := v.(float64)
			return ok && (one == "number" || n == float64(int64(n)))
		case "null":
			return v == nil
		}
		return false
	})
}
