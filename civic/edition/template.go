package edition

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"

	"glosa"
)

//go:embed protocol/*.yaml
var templateFiles embed.FS

// Templates are the names of the protocols that ship for real editions:
// "glosa-90" (the exercise in ninety days), "glosa-qroo" and "pregunta-jalisco".
func Templates() []string {
	return slices.DeleteFunc(shelved(), func(name string) bool { return slices.Contains(Rehearsals(), name) })
}

// Rehearsals are the protocols of the demonstration: they count devices, the
// weakest door, and say so. A real edition is not offered them.
func Rehearsals() []string { return []string{"demo25", "demo26"} }

func shelved() []string {
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
