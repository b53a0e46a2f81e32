package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"glosa/method/alike"
)

// alike measures the search for questions that ask the same: all of them at
// once by the command, and one while it is typed.
func (r *run) alike(ctx context.Context) error {
	if err := r.grouped(ctx, askedTexts(100_000)); err != nil {
		return err
	}
	r.hinted(askedTexts(50_000))
	return nil
}

// grouped runs the command as anybody would.
func (r *run) grouped(ctx context.Context, texts []string) error {
	dir, err := r.folder("alike")
	if err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "asked.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	w := csv.NewWriter(f)
	for _, t := range append([]string{"text"}, texts...) {
		_ = w.Write([]string{t}) // Error below tells
	}
	if w.Flush(); w.Error() != nil {
		return w.Error()
	}
	cmd := exec.CommandContext(ctx, r.glosa, "method", "alike", f.Name(), "--column", "text", "--json")
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return err
	}
	took := time.Since(began)
	peak := int64(0)
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = usage.Maxrss >> 10 // Linux counts in KiB
	}
	r.print(line{what: fmt.Sprintf("alike: %s texts grouped", count(len(texts))), result: fmt.Sprintf("%.1f s, peak %d MiB", took.Seconds(), peak),
		target: "< 60 s and < 1 GiB", ok: took < time.Minute && peak < 1024})
	return nil
}

// hinted asks for each text as it is when half of it is typed.
func (r *run) hinted(texts []string) {
	var x alike.Index
	for i, t := range alike.ReadAll(texts, nil) {
		x.Add(fmt.Sprintf("Q%06d", i), t)
	}
	var took []time.Duration
	for i := 0; i < len(texts); i += len(texts) / 2000 {
		half := strings.ToValidUTF8(texts[i][:len(texts[i])/2], "")
		began := time.Now()
		x.Query(alike.Read(half, nil), 5)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	p99 := took[len(took)*99/100]
	r.print(line{what: fmt.Sprintf("alike: hint at %s", count(len(texts))), result: fmt.Sprintf("p50 %.1f p99 %.1f ms", ms(took[len(took)/2]), ms(p99)),
		target: "p99 < 20 ms", ok: p99 < 20*time.Millisecond})
}

// askedTexts are questions as an edition gets them: few words are in most of
// them, one of ten follows a template about some town, three of ten are another
// one with a word or two changed.
func askedTexts(n int) []string {
	rnd := rand.New(rand.NewPCG(3, 5))
	syllables := strings.Fields("ca men tor li pa sue gra vi don tes mar ño bu che sal ud")
	words := make([]string, 20_000)
	for i := range words {
		for range 2 + rnd.IntN(3) {
			words[i] += syllables[rnd.IntN(len(syllables))]
		}
	}
	word := func() string { return words[int(float64(len(words))*rnd.Float64()*rnd.Float64()*rnd.Float64())] }
	out := make([]string, 0, n)
	for len(out) < n {
		var text []string
		switch k := rnd.IntN(10); {
		case k < 6 || len(out) == 0:
			for range 6 + rnd.IntN(50) {
				text = append(text, word())
			}
		case k < 7:
			text = strings.Fields("¿Cuándo llegará el agua potable todos los días de la semana a la colonia de Ciudad " +
				word() + " en el municipio de " + word() + " que lleva meses sin servicio?")
		default:
			text = strings.Fields(out[rnd.IntN(len(out))])
			for range 1 + rnd.IntN(2) {
				text[rnd.IntN(len(text))] = word()
			}
		}
		out = append(out, strings.Join(text, " "))
	}
	return out
}
