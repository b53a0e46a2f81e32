// Command press binds the style and the scripts of the site: it reads
// web/static/src and web/page/*/, minifies, and writes web/static/out. Run it by
//
//	go generate ./web/static
//
// It needs no network and no Node, and gives the same bytes each time.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"glosa/web/static"
)

func main() {
	out, err := Press(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "press:", err)
		os.Exit(1)
	}
	for name, content := range out {
		if err := os.WriteFile(filepath.Join("out", name), content, 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "press:", err)
			os.Exit(1)
		}
	}
}

// Press makes every file of out/, by name, from the folder web/static.
func Press(dir string) (map[string][]byte, error) {
	out := map[string][]byte{}
	style, err := bind(dir)
	if err != nil {
		return nil, err
	}
	if out["glosa.css"], err = minify("glosa.css", style, api.LoaderCSS); err != nil {
		return nil, err
	}
	for _, pattern := range []string{"src/*.js", "../page/*/*.js"} {
		scripts, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, err
		}
		for _, path := range scripts {
			raw, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			name := filepath.Base(path)
			if out[name] != nil {
				return nil, fmt.Errorf("two scripts are called %s", name)
			}
			source, err := whole(dir, string(raw))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if out[name], err = minify(name, source, api.LoaderJS); err != nil {
				return nil, err
			}
		}
	}
	icon, err := os.ReadFile(filepath.Join(dir, "src", "icon.svg"))
	if err != nil {
		return nil, err
	}
	out["icon.svg"] = icon
	for _, size := range []int{192, 512} {
		if out[fmt.Sprintf("icon-%d.png", size)], err = drawn(size); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// whole is a script with the part that its first line asks for, "// with NAME.js",
// out of src/part: what a page and the service worker both need.
func whole(dir, source string) (string, error) {
	first, _, _ := strings.Cut(source, "\n")
	name, ok := strings.CutPrefix(first, "// with ")
	if !ok {
		return source, nil
	}
	part, err := os.ReadFile(filepath.Join(dir, "src", "part", filepath.Base(name)))
	return string(part) + source, err
}

// bind puts all style into one text: the layers in order, the base, the parts of
// web/page/leaf, then each room's in the order of its name. "font:NAME" becomes
// the address of a font.
func bind(dir string) (string, error) {
	var b strings.Builder
	b.WriteString("@layer tokens, base, part, page;\n")
	base, err := filepath.Glob(filepath.Join(dir, "src", "*.css"))
	if err != nil {
		return "", err
	}
	rooms, err := filepath.Glob(filepath.Join(dir, "..", "page", "*", "*.css"))
	if err != nil {
		return "", err
	}
	slices.Sort(base)
	slices.Sort(rooms)
	for _, path := range append(base, rooms...) {
		raw, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		b.Write(raw)
		b.WriteByte('\n')
	}
	const font = "atkinson.woff2"
	raw, err := os.ReadFile(filepath.Join(dir, "font", font))
	if err != nil {
		return "", err
	}
	return strings.ReplaceAll(b.String(), "font:"+font, "/static/"+static.Hashed(font, raw)), nil
}

func minify(name, source string, loader api.Loader) ([]byte, error) {
	r := api.Transform(source, api.TransformOptions{Loader: loader, Sourcefile: name, Charset: api.CharsetUTF8,
		MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: loader == api.LoaderJS, LegalComments: api.LegalCommentsNone})
	if all := append(r.Errors, r.Warnings...); len(all) > 0 {
		m, where := all[0], ""
		if m.Location != nil {
			where = fmt.Sprintf(" (line %d: %s)", m.Location.Line, strings.TrimSpace(m.Location.LineText))
		}
		return nil, fmt.Errorf("%s: %s%s", name, m.Text, where)
	}
	return r.Code, nil
}
