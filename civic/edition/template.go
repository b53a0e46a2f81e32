package edition

import (
	"embed"
	"io/fs"
	"path"
	"strings"

	"glosa"
)

//go:embed protocol/*.yaml
var templateFiles embed.FS

// Templates are the names of the protocols that ship: "glosa-qroo", "glosa-90"
// (the same exercise in ninety days), "pregunta-jalisco", and the two of the
// demonstration, "demo25" and "demo26", which count devices and say so.
func Templates() []string {
	files, err := fs.Glob(templateFiles, "protocol/*.yaml")
	if err != nil {
		panic("edition: " + err.Error()) // the pattern is ours
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	return names
}

// Template is the text of a protocol that ships. NotFound.
func Template(name string) ([]byte, error) {
	text, err := templateFiles.ReadFile("protocol/" + name + ".yaml")
	if err != nil {
		return nil, glosa.Missing("protocol", name)
	}
	return text, nil
}
