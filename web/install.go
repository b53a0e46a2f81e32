package web

import (
	"encoding/json"
	"net/http"

	"glosa/web/static"
	"glosa/web/text"
)

// worker is the service worker: its address is the root's, since what it serves
// offline, the form for asking, stands under every language.
func worker(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(static.Script("sw.js"))
}

// icon is one picture of the manifest.
type icon struct {
	Src   string `json:"src"`
	Sizes string `json:"sizes"`
	Type  string `json:"type"`
}

// manifest lets a device put the site among its programs. It opens at the form for
// asking, which works offline.
func (s *Server) manifest(w http.ResponseWriter, _ *http.Request) {
	name := "Glosa"
	if s.cfg.Site.Place != "" {
		name += " · " + s.cfg.Site.Place
	}
	js, err := json.Marshal(map[string]any{"id": "/", "name": name, "short_name": "Glosa", "description": text.For("es").T("c.about"), "lang": "es",
		"start_url": "/es/preguntar", "scope": "/", "display": "standalone", "background_color": "#fdfbf6", "theme_color": "#fdfbf6",
		"icons": []icon{{static.URL("icon.svg"), "any", "image/svg+xml"}, {static.URL("icon-192.png"), "192x192", "image/png"},
			{static.URL("icon-512.png"), "512x512", "image/png"}}})
	if err != nil {
		panic("web: " + err.Error()) // texts are always JSON
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(js)
}
