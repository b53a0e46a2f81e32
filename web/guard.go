package web

import (
	"bytes"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"glosa"
	"glosa/web/door"
)

// headers are those of every response (trust.md §7, lines 1 and 2).
func headers(secure bool) [][2]string {
	h := [][2]string{
		{"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
	}
	if secure {
		h = append(h, [2]string{"Strict-Transport-Security", "max-age=31536000; includeSubDomains"})
	}
	return h
}

// check refuses what no room should see: a form sent from another site, an
// address with control characters or without end.
func (s *Server) check(w http.ResponseWriter, r *http.Request) error {
	if len(r.URL.Path)+len(r.URL.RawQuery) > maxURL {
		return glosa.Refuse(glosa.Invalid, "e.413", "most", door.Most(maxURL))
	}
	if !cleanLine(r.URL.Path) {
		return glosa.Refuse(glosa.Invalid, "e.chars")
	}
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !door.Clean(name) {
			return glosa.Refuse(glosa.Invalid, "e.chars")
		}
		if !door.Clean(strings.Join(query[name], "")) {
			return &glosa.Error{Kind: glosa.Invalid, Key: "e.chars", Fields: []glosa.Field{{Name: name, Key: "a.chars"}}}
		}
	}
	if err := s.origin.Check(r); err != nil {
		return glosa.Refuse(glosa.Denied, "e.origin")
	}
	return nil
}

// cleanLine tells whether a text is clean and of one line.
func cleanLine(s string) bool { return door.Clean(s) && !strings.ContainsAny(s, "\t\r\n") }

// readForm reads a posted form and checks every text of it. A route with files
// takes multipart. On an error, status is the one to answer with.
func readForm(v *door.Request, route door.Route) (status int, err error) {
	r, files := v.HTTP, route.MaxBody > 0
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "application/x-www-form-urlencoded", kind == "" && r.ContentLength == 0:
		err = r.ParseForm()
	case kind == "multipart/form-data" && files:
		err = r.ParseMultipartForm(1 << 20)
	default:
		return http.StatusUnsupportedMediaType, glosa.Refuse(glosa.Invalid, "e.415")
	}
	if most, over := tooLarge(err); over {
		return http.StatusRequestEntityTooLarge, glosa.Refuse(glosa.Invalid, "e.413", "most", most)
	}
	if err != nil {
		return http.StatusBadRequest, glosa.Refuse(glosa.Invalid, "e.chars")
	}
	v.Form = r.PostForm
	if soiled, kept := cleanForm(v.Form); len(soiled) > 0 {
		if v.Soiled = soiled; !route.Mends {
			return http.StatusBadRequest, &glosa.Error{Kind: glosa.Invalid, Key: "e.chars", Fields: kept}
		}
	}
	if r.MultipartForm == nil {
		return 0, nil
	}
	for _, list := range r.MultipartForm.File {
		for _, f := range list {
			if !cleanLine(f.Filename) {
				return http.StatusBadRequest, glosa.Refuse(glosa.Invalid, "e.chars")
			}
		}
	}
	v.Files = r.MultipartForm.File
	return 0, nil
}

// cleanForm takes out of a form what cannot be kept. soiled are the fields that
// held it; kept gives their texts back, so that nobody writes them anew.
func cleanForm(form url.Values) (soiled, kept []glosa.Field) {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if !door.Clean(name) {
			delete(form, name)
			soiled = append(soiled, glosa.Field{Name: "body", Key: "a.chars"})
			continue
		}
		for i, x := range form[name] {
			if door.Clean(x) {
				continue
			}
			form[name][i] = door.Cleaned(x)
			soiled = append(soiled, glosa.Field{Name: name, Key: "a.chars"})
			if name != "key" && name != "code" { // secrets are not shown
				kept = append(kept, glosa.Field{Name: name, Key: "e.chars.kept", Args: map[string]string{"text": form[name][i]}})
			}
		}
	}
	return soiled, kept
}

func removeFiles(r *http.Request) {
	if r.MultipartForm != nil {
		r.MultipartForm.RemoveAll()
	}
}

// checkBody reads a body and refuses it before anybody parses it when it is not
// UTF-8, or holds control characters, plain or escaped as JSON does. Multipart
// bodies are files and pass. On an error, status is the one to answer with.
func checkBody(r *http.Request) (status int, err error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		return 0, nil
	}
	body, err := io.ReadAll(r.Body)
	if most, over := tooLarge(err); over {
		return http.StatusRequestEntityTooLarge, glosa.Refuse(glosa.Invalid, "e.413", "most", most)
	}
	if err != nil {
		return http.StatusBadRequest, glosa.Refuse(glosa.Invalid, "e.chars")
	}
	if soiled := door.SoiledJSON(body); soiled != nil {
		return http.StatusBadRequest, &glosa.Error{Kind: glosa.Invalid, Key: "e.chars", Fields: soiled}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return 0, nil
}
