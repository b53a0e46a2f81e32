package main

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"glosa"
	"glosa/civic/people/voter"
	"glosa/web/text"
)

// codesCmd is what an issuer of codes does, away from the server.
type codesCmd struct {
	Draw drawCodesCmd `cmd:"" help:"Draw codes for sealed envelopes: writes the sheets, and the public list of digests."`
}

type drawCodesCmd struct {
	Edition string `help:"The edition the codes are for." required:"" placeholder:"ID"`
	Issuer  string `help:"Your institution's key in the register." required:"" placeholder:"KEY"`
	Count   int    `help:"How many." required:""`
	Choices int    `help:"How many questions one ballot holds, as the edition's protocol says; printed on the sheets." required:""`
	Site    string `help:"The address of the site, printed on the sheets." placeholder:"URL"`
	Out     string `help:"A folder that does not exist yet." required:"" placeholder:"DIR"`
	Lang    string `help:"Language of the sheets." enum:"es,en" default:"es"`
}

// sheets is what is printed, cut and put into envelopes: one code each.
var sheets = template.Must(template.New("sheets").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Title}}</title>
<style>body{font:12pt/1.4 sans-serif;margin:1cm}article{border:1px dashed #000;padding:8mm;margin:0 0 6mm;break-inside:avoid}
b{font:700 18pt/1.6 monospace;letter-spacing:.06em}</style></head><body>
{{range .Codes}}<article><p>{{$.Title}}</p><p><b>{{.}}</b></p><p>{{$.How}}</p></article>
{{end}}</body></html>
`))

// Run draws. The sheets hold the codes in the order of the draw and the list their
// digests in order: neither says which envelope holds which.
func (d drawCodesCmd) Run(c *console) error {
	if d.Count < 1 || d.Count > voter.MostCodes {
		return wrong("--count must be from 1 to %d", voter.MostCodes)
	}
	if d.Choices < 1 {
		return wrong("--choices must be at least 1")
	}
	l := voter.List{Edition: glosa.EditionID(d.Edition), Issuer: glosa.InstitutionKey(d.Issuer)}
	codes := make([]string, d.Count)
	for i := range codes {
		codes[i] = voter.DrawCode()
		tidy, _ := voter.Tidy(codes[i])
		l.Hashes = append(l.Hashes, voter.CodeHash(l.Edition, tidy))
	}
	l.Hashes = voter.Distinct(l.Hashes)
	var list, pages bytes.Buffer
	if _, err := l.WriteTo(&list); err != nil {
		return err
	}
	if _, err := voter.ReadList(bytes.NewReader(list.Bytes())); err != nil {
		return wrong("--edition and --issuer are words of letters, digits and hyphens, as the site has them")
	}
	w := text.For(d.Lang)
	site := strings.TrimSuffix(d.Site, "/") + "/" + d.Lang + "/ediciones/" + d.Edition + "/mi-puerta/sobre"
	if err := sheets.Execute(&pages, map[string]any{"Lang": d.Lang, "Codes": codes, "Title": w.T("vo.sheet.title", "edition", d.Edition),
		"How": w.T("vo.sheet.how", "url", site, "choices", w.T("vo.sheet.choices", "n", w.N(d.Choices)))}); err != nil {
		return err
	}
	if err := os.Mkdir(d.Out, 0o700); errors.Is(err, fs.ErrExist) {
		return wrong("%s exists already: codes are drawn into a new folder", d.Out)
	} else if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(d.Out, "sheets.html"), pages.Bytes(), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(d.Out, "codes.txt"), list.Bytes(), 0o644); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.out, "%d codes for %s\nroot %s\n", d.Count, d.Edition, l.Root())
	return err
}
